"""Reads the index of a site: names, lists of figures, who is shown where.

Each worker process has one of its own. What it keeps is bounded, save the columns of the
index, which have about forty bytes for each figure and entity.
"""

from __future__ import annotations

import heapq
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import orjson

from pfocr_rdf.rdf.terms import IRI, Node
from pfocr_rdf.release.reader import Piece, Reader
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.read_node import Name, end_of
from pfocr_rdf.web.pages.views import CountedRef, FigureItem, Ref
from pfocr_rdf.web.site.gather import DIGEST, TIER_WORDS
from pfocr_rdf.web.site.index import KINDS, NO_KIND

_Key = TypeVar("_Key", int, str)
_Value = TypeVar("_Value")
_ITEM: Final = 8
_KEPT: Final = 20_000


class ShownIn(NamedTuple):
    """The figures of an entity.

    Attributes:
        figures: Their numbers, in the order of the dump.
        tiers: Of each the place in `TIER_WORDS`.
        candidate_in: In how many figures a word may mean it.
    """

    figures: array[int]
    tiers: bytes
    candidate_in: int


class FigureRow(NamedTuple):
    """A figure as the index has it."""

    iri: str
    paper: int
    digest: bytes
    mentioned: array[int]
    entities: array[int]


_SHOWN_NOWHERE: Final = ShownIn(array("I"), b"", 0)


class Lookup:
    """An index that is complete.

    Args:
        path: Of the index.
        reader: Of the release.
        form: Suffix of the dump that the release is read from.

    Attributes:
        years: Of figures by number, 0 where unknown.
        ranks: Of figures by number: their place in the order of IRIs.
        figures_of: How many figures show an entity, by number.
    """

    def __init__(self, path: Path, reader: Reader, form: str) -> None:
        self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        self._reader = reader
        self._form = form
        facts = dict(self._db.execute("SELECT name, value FROM facts"))
        self.counts: Mapping[str, Mapping[str, int]] = orjson.loads(facts["counts"])
        self.years = array("i", facts["years"])
        self.ranks = array("I", facts["ranks"])
        self.figures_of = array("I", facts["figures_of"])
        self._kinds: bytes = facts["kinds"]
        self._marks: bytes = facts["marks"]
        self._items: bytes = facts["items"]
        self._names: dict[str, Name] = {}
        self._labels: dict[int, tuple[str, str]] = {}
        self._nodes: dict[str, Node | None] = {}
        self._shown_in: dict[int, ShownIn] = {}
        self._mentioned: dict[int, array[int]] = {}

    def close(self) -> None:
        """Let go of the index."""
        self._db.close()

    def kind(self, entity: int) -> Kind | None:
        """Return the kind of page that an entity has, None without one."""
        number = self._kinds[entity]
        return None if number == NO_KIND else KINDS[number]

    def mark(self, entity: int) -> bytes:
        """Return the hash of an entity with all that it refers to."""
        return self._marks[entity * DIGEST : (entity + 1) * DIGEST]

    def item_mark(self, figure: int) -> bytes:
        """Return the hash of what lists show of a figure."""
        return self._items[figure * _ITEM : (figure + 1) * _ITEM]

    def figure(self, number: int) -> FigureRow:
        """Return a figure."""
        iri, paper, digest, mentioned, entities = self._db.execute(
            "SELECT iri, paper, digest, mentioned, entities FROM figure WHERE id = ?", (number,)
        ).fetchone()
        return FigureRow(iri, paper, digest, array("I", mentioned), array("I", entities))

    def mentioned(self, figure: int) -> array[int]:
        """Return the numbers of the entities that a figure mentions."""
        found = self._mentioned.get(figure)
        if found is None:
            (stored,) = self._db.execute(
                "SELECT mentioned FROM figure WHERE id = ?", (figure,)
            ).fetchone()
            found = _kept(self._mentioned, figure, array("I", stored))
        return found

    def shown_in(self, entity: int) -> ShownIn:
        """Return the figures of an entity."""
        found = self._shown_in.get(entity)
        if found is None:
            row = self._db.execute(
                "SELECT figures, tiers, candidate_in FROM shown_in WHERE entity = ?", (entity,)
            ).fetchone()
            found = ShownIn(array("I", row[0]), row[1], row[2]) if row else _SHOWN_NOWHERE
            _kept(self._shown_in, entity, found)
        return found

    def name(self, iri: str) -> Name:
        """Return what an entity is called; the end of its IRI where the release has no name."""
        found = self._names.get(iri)
        if found is None:
            row = self._db.execute("SELECT id, name FROM entity WHERE iri = ?", (iri,)).fetchone()
            label, kind = (row[1], self.kind(row[0])) if row else ("", None)
            found = _kept(self._names, iri, Name(label or end_of(iri), kind))
        return found

    def ref(self, entity: int, kind: Kind) -> Ref:
        """Return a link to an entity of a known number and kind."""
        found = self._labels.get(entity)
        if found is None:
            iri, name = self._db.execute(
                "SELECT iri, name FROM entity WHERE id = ?", (entity,)
            ).fetchone()
            found = _kept(self._labels, entity, (iri, name or end_of(iri)))
        return Ref(kind, *found)

    def entity(self, iri: IRI) -> Node | None:
        """Return all that the release says of an entity, None where it says nothing."""
        if iri not in self._nodes:
            row = self._db.execute("SELECT content FROM entity WHERE iri = ?", (iri,)).fetchone()
            _kept(self._nodes, str(iri), self._parsed(row[0]) if row else None)
        return self._nodes[iri]

    def content(self, entity: int) -> tuple[Node, bytes]:
        """Return an entity, and its text in the dump."""
        (content,) = self._db.execute(
            "SELECT content FROM entity WHERE id = ?", (entity,)
        ).fetchone()
        return self._parsed(content), content

    def numbers(self, kind: Kind) -> Iterator[int]:
        """Yield the entities of a kind in the order of their IRIs."""
        rows = self._db.execute(
            "SELECT id FROM entity WHERE kind = ? ORDER BY iri", (KINDS.index(kind),)
        )
        for (number,) in rows:
            yield number

    def most_shown(self, kind: Kind, limit: int) -> list[CountedRef]:
        """Return the entities of a kind in most figures, most first."""
        found = ((self.figures_of[number], number) for number in self.numbers(kind))
        # Equal ones stay in the order of their IRIs.
        most = heapq.nsmallest(limit, found, key=lambda each: -each[0])
        return [CountedRef(self.ref(number, kind), count) for count, number in most if count]

    def signs(self, shard: int) -> list[tuple[str, str, str, str]]:
        """Return the IRI, image, licence and creator of the figures of one linkset."""
        return self._db.execute(
            "SELECT iri, image, license, creator FROM figure WHERE shard = ? ORDER BY iri",
            (shard,),
        ).fetchall()

    def items(
        self,
        figures: Sequence[int],
        genes: Mapping[int, int] | None = None,
        notes: Mapping[int, str] | None = None,
    ) -> tuple[FigureItem, ...]:
        """Return list entries of figures, in the order given.

        Args:
            figures: Their numbers.
            genes: How many each shares or shows, by number.
            notes: To each, by number.
        """
        found: dict[int, FigureItem] = {}
        rows = self._db.execute(
            "SELECT figure.id, figure.iri, title, number, year, name "
            "FROM json_each(?) JOIN figure ON figure.id = value "
            "LEFT JOIN entity ON entity.id = paper",
            (orjson.dumps(list(figures)).decode(),),
        )
        for figure, iri, title, number, year, paper in rows:
            found[figure] = FigureItem(
                iri,
                title,
                number,
                year or "",
                paper or "",
                genes.get(figure, 0) if genes else 0,
                notes.get(figure, "") if notes else "",
            )
        return tuple(found[figure] for figure in figures)

    def order(self, figures: ShownIn) -> list[int]:
        """Return where in a list of an entity's figures each should stand.

        As on the pages of the server: the strictest tier first, in it the newest.
        """
        years, ranks, numbers, tiers = self.years, self.ranks, figures.figures, figures.tiers

        def key(place: int) -> tuple[int, int, int]:
            figure = numbers[place]
            return tiers[place], -years[figure], ranks[figure]

        return sorted(range(len(numbers)), key=key)

    def _parsed(self, content: bytes) -> Node:
        return self._reader.entity(Piece(self._form, is_figure=False, content=content))


def tiers_of(shown: ShownIn) -> list[str]:
    """Return the tier of each figure of a gene in words; none when no figure has one."""
    words = [TIER_WORDS[tier] for tier in shown.tiers]
    return words if any(word != TIER_WORDS[-1] for word in words) else []


def years_of(lookup: Lookup, figures: Iterable[int]) -> list[str]:
    """Return the years of figures, "" where unknown."""
    return [str(year) if (year := lookup.years[figure]) else "" for figure in figures]


def _kept(kept: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Keep a value for the next time, and return it."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
    return value
