"""What a text may mean: the entities and figures that it names, the surest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from pfocr_rdf.query.index.expression import cleaned, expression
from pfocr_rdf.query.index.folding import folded, key_of
from pfocr_rdf.query.index.known_names import HUMAN, common_name
from pfocr_rdf.query.index.model import NameIs
from pfocr_rdf.query.index.names import FittingName, How, Names
from pfocr_rdf.rdf import Kind

_MOST_WITH_WORDS: Final = 20


class Meaning(NamedTuple):
    """What a text may mean.

    Attributes:
        kind: What it is.
        iri: Its IRI.
        label: What it is called.
        figures: In how many it is shown.
        matched: The name of it that fits the text: `label` itself, or another name or id.
        about: Its longer name, "" without.
        organism: Of a gene that is not human, or shares its symbol with another; "" else.
        how: The name fits.
        said: What the name is to it.
        used: How many figures use the name as a word for it.
        score: How surely it is meant, among those that fit alike.
        number: Of the entity in the index; below zero of a figure.
    """

    kind: Kind
    iri: str
    label: str
    figures: int
    matched: str
    about: str
    organism: str
    how: How
    said: NameIs
    used: int
    score: float
    number: int

    @property
    def reason(self) -> str:
        """Why it was found, as a sentence without its full stop; "" where label or longer name do."""
        return self.why("{:,}".format)

    def why(self, number: Callable[[int], str]) -> str:
        """Return `reason`, with numbers as they are written where it is read.

        Args:
            number: Writes one.
        """
        name, label = self.matched, self.label
        if key_of(name) == key_of(label) or name == self.about:
            return ""
        match self.said:
            case NameIs.WORD:
                figures = "figure" if self.used == 1 else "figures"
                return f"{name} is a word for {label} in {number(self.used)} {figures}"
            case NameIs.ALIAS:
                return f"{name} is an alias of {label}"
            case NameIs.PREVIOUS:
                return f"{name} is a former name of {label}"
            case NameIs.IDENTIFIER:
                return f"{name} is an identifier of {label}"
            case NameIs.LONG:
                return f"{name} is the name of {label}"
            case _:
                return f"{name} is another name of {label}"


class NodeRow(NamedTuple):
    """A node as the index has it."""

    id: int
    kind: Kind
    iri: str
    title: str
    figures: int
    about: str
    organism: str


class Meanings:
    """Finds what is meant.

    Args:
        db: Of the index; threads may share it.
        names: Of the index.
    """

    def __init__(self, db: sqlite3.Connection, names: Names) -> None:
        self._db = db
        self._names = names
        self._ways = (names.just, names.beginning, self._having)

    def fitting(self, text: str, kind: Kind | None = None) -> Iterator[Meaning]:
        """Yield what has just a text as its name, then a name that begins so, then its words.

        Each comes once, and of each sort the surest first.
        """
        wanted = _wanted(text)
        if key_of(wanted):
            found = chain.from_iterable(find(wanted) for find in self._ways)
            yield from self._of_kind(found, kind)

    def just(self, text: str) -> list[FittingName]:
        """Return all names that are just a text, the surest first."""
        return self._names.just(_wanted(text))

    def of(self, found: FittingName) -> Meaning | None:
        """Return what a name means, None where it has no page."""
        row = self.node(found.node)
        return self._meaning(found, row) if row else None

    def like(self, text: str, kind: Kind | None = None) -> Iterator[Meaning]:
        """Yield what has a name like a text, then what fits it with each word corrected."""
        wanted = _wanted(text)
        yield from self._of_kind(chain.from_iterable(self._names.like(wanted)), kind)
        if corrected := self._names.corrected(wanted):
            found = chain.from_iterable(find(corrected) for find in self._ways)
            yield from self._of_kind((each._replace(how=How.LIKE) for each in found), kind)

    def _of_kind(self, found: Iterable[FittingName], kind: Kind | None) -> Iterator[Meaning]:
        seen: set[int] = set()
        for each in found:
            if each.node not in seen:
                seen.add(each.node)
                row = self.node(each.node)
                if row is not None and kind in (None, row.kind):
                    yield self._meaning(each, row)

    def _having(self, wanted: str) -> Iterator[FittingName]:
        """Yield the entities in whose names all words stand, those in most figures first."""
        if not (asked := expression(wanted)):
            return
        words = folded(wanted).split()
        rows = self._db.execute(
            _HAVING, (f"{{title names}} : ({asked})", _MOST_WITH_WORDS)
        ).fetchall()
        for node, title, figures in rows:
            names = [
                found
                for _, found in self._names.of_node(node)
                if all(word in folded(found.text) for word in words)
            ]
            best = min(names, key=lambda each: each.said, default=None)
            text, said = (best.text, best.said) if best else (title, NameIs.LABEL)
            yield FittingName(node, How.HAS_WORDS, figures, said, best.figures if best else 0, text)

    def node(self, number: int) -> NodeRow | None:
        """Return an entity, or below zero a figure; None when it has no page."""
        row = self._db.execute(_NODE, (number,)).fetchone()
        return NodeRow._make((*row[:1], Kind(row[1]), *row[2:])) if row else None

    def _meaning(self, found: FittingName, row: NodeRow) -> Meaning:
        kind = Kind(row.kind)
        return Meaning(
            kind, row.iri, row.title, row.figures, found.text, row.about,
            self.organism(row.title, row.organism) if kind is Kind.GENE else "",
            found.how, found.said, found.figures, found.score, found.node,
        )  # fmt: skip

    def organism(self, label: str, organism: str) -> str:
        """Return what the organism of a gene is called where it has to be said, else "".

        Args:
            label: Of the gene.
            organism: IRI, "" without.
        """
        common = common_name(organism)
        if common == HUMAN and len(self._names.named_so(key_of(label), NameIs.LABEL)) < 2:
            return ""
        if common or not organism:
            return common
        row = self._db.execute("SELECT name FROM entity WHERE iri = ?", (organism,)).fetchone()
        return str(row[0]) if row else ""


_NODE: Final = "SELECT id, kind, iri, title, figures, about, organism FROM node WHERE number = ?"
_HAVING: Final = """
SELECT node.number, node.title, node.figures
FROM document JOIN node ON node.id = document.rowid
WHERE document MATCH ? AND node.kind NOT IN ('figure', 'paper')
ORDER BY node.figures DESC, node.id LIMIT ?
"""


def _wanted(text: str) -> str:
    return cleaned(text).strip().strip('"')
