"""Whether a gene row's organism is one of the figure's.

NCBI files the genes of many organisms under a strain, and figures are said to be of the species:
`Saccharomyces cerevisiae S288C` is `Saccharomyces cerevisiae`. So two organisms are one here when
their taxon ids are equal, or the two words of their Latin names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pfocr_rdf.figures.map.entities import HUMAN_ORGANISM
from pfocr_rdf.figures.model import HUMAN, Figure, Mention, Organism
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import Kind

_SHOWN: Final = 5


class FigureSpecies:
    """The organisms of a figure and of its rows.

    Args:
        figure: The figure.
    """

    def __init__(self, figure: Figure) -> None:
        stated = _known((*figure.organisms, *figure.organisms_recognized))
        self._stated = {organism.name: None for organism in stated}
        self._of_figure = _keys(stated)
        # What the text names decides only where nobody has said what the figure is about.
        self._of_text = self._of_figure or _keys(_known(figure.organisms_in_text))
        self._of_rows = {HUMAN: HUMAN_ORGANISM} | {
            said: organism
            for organism in figure.organisms_of_rows
            for said in (organism.taxon_id, organism.name)
            if said
        }
        self._has: dict[str, bool] = {}

    def has(self, organism: str) -> bool:
        """Say whether a gene of an organism may be meant: always where no organism is known.

        Args:
            organism: A taxon id, or a name as rows state it; "" where they state none.
        """
        if organism not in self._has:
            keys = self._keys_of(organism)
            self._has[organism] = not self._of_text or not self._of_text.isdisjoint(keys)
        return self._has[organism]

    def findings(self, mentions: Iterable[Mention]) -> Iterator[Finding]:
        """Yield a finding for each organism of gene rows that is none of the figure's.

        There is none where no known species is curated or recognised.
        """
        if not self._of_figure:
            return
        rows: dict[str, int] = {}
        first: dict[str, Mention] = {}
        for mention in mentions:
            organism = mention.statement.organism
            if mention.statement.kind is Kind.GENE and organism:
                rows[organism] = rows.get(organism, 0) + mention.occurrences
                first.setdefault(organism, mention)
        for organism, count in rows.items():
            if self._of_figure.isdisjoint(self._keys_of(organism)):
                _, _, file, field = first[organism]
                named = self._of_rows.get(organism, Organism(organism, "")).name
                names = list(self._stated)
                more = ["others"] if len(names) > _SHOWN else []
                has = ", ".join((*names[:_SHOWN], *more))
                detail = f"{count} gene row{'s'[: count > 1]}; the figure has {has}"
                yield Finding("organism-not-of-figure", file, field, named, detail)

    def _keys_of(self, organism: str) -> set[str]:
        known = self._of_rows.get(organism)
        return _keys((known,)) if known else {organism} - {""}


def _known(organisms: Iterable[Organism]) -> list[Organism]:
    """Return those with a taxon id: "clinical samples" is no species, and against none."""
    return [organism for organism in organisms if organism.taxon_id]


def _keys(organisms: Iterable[Organism]) -> set[str]:
    keys = set()
    for organism in organisms:
        keys.add(organism.taxon_id or organism.name)
        keys.add(_species(organism.name))
    return keys


def _species(name: str) -> str:
    """Return genus and species of a Latin name; of anything else, such as a virus, the name."""
    genus, _, rest = name.partition(" ")
    species = rest.partition(" ")[0]
    if not species.isalpha() or not species.islower() or "virus" in name.lower():
        return name.casefold()
    return f"{genus} {species}".casefold()
