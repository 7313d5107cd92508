"""GMT: sets as PFOCR publishes them: genes, a file for each organism and tier; chemicals; diseases.

A line is a figure: its alias (`PMC4168338__F1`), its title, the NCBI Gene ids. Which organism a
gene is of stands with the gene, at the end of the dump, so the figures' genes wait in a file
until it has been read. Those who read PFOCR's files find them by name: the names are theirs, and
sort so that the first of an organism is the one that PFOCR publishes. The form of symbols has the
same sets of genes, each member by its symbol, for tools whose data are by symbol.

Source: the files `pfocr-DATE-gmt-Homo_sapiens.gmt` and `pfocr-DATE-chemical-gmt-Homo_sapiens.gmt`
of https://data.wikipathways.org/pfocr/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Self

import orjson

from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import TIERS, AlignedEntity, FigureFacts, numbers
from pfocr_rdf.rdf import SCHEMA, IriStyle, Kind, NodeView, classes_of, kind_of
from pfocr_rdf.release import DumpFile, WrittenFile
from pfocr_rdf.text import not_computed, one_line

_MEDIA_TYPE: Final = "text/tab-separated-values"
_OPEN_AT_ONCE: Final = 50
"""Organisms whose files are open at once; more are written in another pass over the genes."""
_UNKNOWN: Final = "unknown_organism"
_GENE: Final = "NCBIGene:"
_PUBLISHED: Final = len(TIERS) - 1
"""PFOCR's sets have genes of every tier; the names of the others say theirs."""
_OTHERS: Final = {
    "chemical": ("chemical-gmt-Homo_sapiens", ("CHEBI:", "MESH:")),
    # Not `disease-gmt-`: that sorts before the genes, and a reader that takes the first would err.
    "disease": ("gmt-disease-Homo_sapiens", ("DOID:", "MESH:")),
}
"""What files of other kinds are called, and whose ids their members are. The organism is PFOCR's,
which reads all figures as human; a chemical has none."""


class GmtMaker:
    """Makes what the writer sorts: figures with their genes, genes and organisms.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._curie = Curies(style).of

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, ...]:
        """Return [figid, alias, title, {gene: rank}, chemicals, diseases] of each figure, a line each."""
        lines = []
        for figure in figures:
            ranks = {
                curie.removeprefix(_GENE): rank
                for gene, rank in figure.entities("gene").items()
                if (curie := self._curie(gene)).startswith(_GENE)
            }
            others = [
                [id_ for prefix in prefixes for id_ in numbers(curies, prefix)]
                for kind, (_, prefixes) in _OTHERS.items()
                for curies in [[self._curie(iri) for iri in figure.entities(kind)]]
            ]
            if ranks or any(others):
                genes = dict(sorted(ranks.items(), key=lambda each: (len(each[0]), each[0])))
                alias, title = (
                    not_computed(one_line(each)) for each in (figure.alias, figure.title)
                )
                row = (figure.figid, alias, title, genes, *others)
                lines.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        return b"".join(lines), b""

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, ...]:
        """Return [gene, organisms, symbol] or [organism, name] of genes and organisms, a line each."""
        lines = []
        for entity, _, *_ in entities:
            kind = kind_of(classes_of(entity))
            said = NodeView(entity)
            if kind is Kind.GENE and (curie := self._curie(entity.subject)).startswith(_GENE):
                symbol = not_computed(one_line(said.first(SCHEMA.name)))
                row: tuple[object, ...] = (
                    curie.removeprefix(_GENE),
                    said.all(SCHEMA.taxonomicRange),
                    symbol,
                )
            elif kind is Kind.ORGANISM:
                row = (entity.subject, said.first(SCHEMA.name))
            else:
                continue
            lines.append(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        return b"", b"".join(lines)


class GmtWriter:
    """Writes the files, once all genes and organisms are known.

    Args:
        folder: Where the files go.
        date: Of the release, YYYY-MM-DD.
        symbols: Whether members are symbols of genes; of other kinds there are then no files.
    """

    def __init__(self, folder: Path, date: str, *, symbols: bool = False) -> None:
        self._folder = folder
        self._by_symbol = symbols
        self._symbols: dict[str, str] = {}
        self._date = date.replace("-", "")
        self._stack = ExitStack()
        self._waiting = self._stack.enter_context(TemporaryFile(dir=folder))  # noqa: SIM115 - it is
        self._organisms: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, str] = {}
        self._terms: set[str] = set()
        self._others: dict[str, DumpFile] = {}
        # Few combinations of organisms are shared by all genes.
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, pieces: Sequence[bytes]) -> None:
        """Keep a batch for later."""
        figures, entities = pieces
        for line in figures.splitlines():
            figid, alias, title, genes, *others = orjson.loads(line)
            # A name stands for one set; a second figure of an alias goes by its figid.
            term = alias if alias and alias not in self._terms else figid
            self._terms.add(term)
            if genes:
                row = orjson.dumps((term, title, genes), option=orjson.OPT_APPEND_NEWLINE)
                self._waiting.write(row)
            for (name, _), members in zip(_OTHERS.values(), others, strict=True):
                if members and not self._by_symbol:
                    self._other(name).write("\t".join((term, title, *members)).encode() + b"\n")
        for line in entities.splitlines():
            key, value, *symbol = orjson.loads(line)
            if isinstance(value, str):
                self._names[key] = value
            else:
                organisms = tuple(value)
                self._organisms[key] = self._shared.setdefault(organisms, organisms)
                if self._by_symbol and symbol[0]:
                    self._symbols[key] = symbol[0]

    def close(self) -> list[WrittenFile]:
        """Write a file for each organism and tier that has a set."""
        used = sorted({each for organisms in self._shared for each in organisms or ("",)})
        names = _file_names({organism: self._names.get(organism, "") for organism in used})
        written = [file.close() for file in self._others.values()]
        for start in range(0, len(used), _OPEN_AT_ONCE):
            written += self._write_some(used[start : start + _OPEN_AT_ONCE], names)
        return sorted(written)

    def _other(self, name: str) -> DumpFile:
        file = self._others.get(name)
        if file is None:
            file = DumpFile(self._folder, f"pfocr-{self._date}-{name}.gmt", _MEDIA_TYPE, None)
            self._others[name] = self._stack.enter_context(file)
        return file

    def _name(self, rank: int, organism: str) -> str:
        tier = "" if rank == _PUBLISHED else f"{TIERS[rank]}-"
        # Behind `gmt-…` in order, and no name that a reader of ids looks for.
        members = "symbols-" if self._by_symbol else ""
        return f"pfocr-{self._date}-{tier}{members}gmt-{organism}.gmt"

    def _members(self, genes: Iterable[str]) -> Iterable[str]:
        """Return what stands in a set for its genes."""
        if not self._by_symbol:
            return genes
        return sorted({self._symbols.get(gene, gene) for gene in genes})

    def _write_some(self, organisms: Sequence[str], names: Mapping[str, str]) -> list[WrittenFile]:
        wanted = frozenset(organisms)
        with ExitStack() as stack:
            files: dict[tuple[str, int], DumpFile] = {}
            for term, title, genes in self._rows():
                by_file: dict[tuple[str, int], list[str]] = {}
                for gene, of_gene in genes.items():
                    for organism in self._organisms.get(gene) or ("",):
                        if organism in wanted:
                            for rank in range(of_gene, len(TIERS)):
                                by_file.setdefault((organism, rank), []).append(gene)
                for key, members in by_file.items():
                    file = files.get(key)
                    if file is None:
                        name = self._name(key[1], names[key[0]])
                        file = DumpFile(self._folder, name, _MEDIA_TYPE, None)
                        files[key] = stack.enter_context(file)
                    file.write("\t".join((term, title, *self._members(members))).encode() + b"\n")
            return [file.close() for file in files.values()]

    def _rows(self) -> Iterator[tuple[str, str, dict[str, int]]]:
        self._waiting.seek(0)
        for line in self._waiting:
            yield orjson.loads(line)


def _file_names(organisms: Mapping[str, str]) -> dict[str, str]:
    """Return what files say of organisms: their names, with the id where two are the same."""
    slugs = {
        iri: re.sub("[^A-Za-z0-9]+", "_", name).strip("_") or _UNKNOWN
        for iri, name in organisms.items()
    }
    often = Counter(slug.lower() for slug in slugs.values())
    return {
        iri: slug if often[slug.lower()] == 1 else f"{slug}-{re.split('[/_]', iri)[-1] or 'x'}"
        for iri, slug in slugs.items()
    }
