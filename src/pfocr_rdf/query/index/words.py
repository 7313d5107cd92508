"""Search and suggestions, from the index of a release: what is meant, and what has the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.query.index.connection import connected, images_of
from pfocr_rdf.query.index.expression import cleaned, expression, is_phrase
from pfocr_rdf.query.index.folding import folded, key_of
from pfocr_rdf.query.index.known_names import HUMAN
from pfocr_rdf.query.index.meanings import Meaning, Meanings, NodeRow
from pfocr_rdf.query.index.model import NameIs
from pfocr_rdf.query.index.names import FittingName, How, Names
from pfocr_rdf.rdf import PAGED, Kind

_MARKED: Final = re.compile("\x02([^\x03]*)\x03")  # as _SNIPPET marks what was found
_MOST_MEANINGS: Final = 20
_MOST_OF: Final[Mapping[Kind | None, int]] = {Kind.FIGURE: 10, Kind.PAPER: 5, None: 5}
"""How much an overview shows of a kind, and under None of all others together."""
_MOST_SPELLINGS: Final = 8
_FEWEST: Final = 0.1  # of the surest meaning's score: what is less is no other meaning


class SearchHit(NamedTuple):
    """One result.

    Attributes:
        kind: What it is.
        iri: Its IRI.
        title: Of the figure or paper; the symbol or name of an entity.
        snippet: Text around the words that were found, in pieces, each with whether it is
            such a word. Plain text: the pieces hold whatever a caption held.
        figures: In how many figures it is; 1 for a figure.
    """

    kind: Kind
    iri: str
    title: str
    snippet: tuple[tuple[str, bool], ...]
    figures: int


class SearchPage(NamedTuple):
    """Some of what was found, best first, and how much there is of each kind.

    `totals` has all kinds, also where only one was asked for.
    """

    hits: tuple[SearchHit, ...]
    totals: Mapping[Kind, int]


class _SearchAsked(NamedTuple):
    """A search: its text, what it is to full-text search, and what has just this name."""

    text: str
    query: str
    named: list[NodeRow]


class Search:
    """A read-only connection that threads may share.

    Args:
        path: `StorePlace.index`.

    Raises:
        InputError: It is no such file.
    """

    def __init__(self, path: Path) -> None:
        self._db, _ = connected(path)
        self._names = Names(self._db)
        self._meanings = Meanings(self._db, self._names)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def images(self, figures: Iterable[str]) -> dict[str, str]:
        """Return the addresses of the images of figures, by IRI; see `images_of`."""
        return images_of(self._db, figures)

    def find(
        self, text: str, limit: int = 20, offset: int = 0, kind: Kind | str | None = None
    ) -> SearchPage:
        """Return what has a text as its name, then figures, papers and entities with its words.

        Args:
            text: As a user typed it; what is in quotes is a phrase.
            limit: Most hits of this page.
            offset: Hits to leave out, those of the pages before.
            kind: Only this kind; None for all.
        """
        asked = self._asked(text)
        if not asked.query:
            return SearchPage((), {})
        chosen = [Kind(kind)] if kind is not None else list(PAGED)
        first = [row for row in asked.named if row.kind in chosen]
        rows = first[offset : offset + limit]
        if len(rows) < limit:
            values = (
                asked.query, *chosen, *(row.id for row in first), asked.text.strip(),
                limit - len(rows), max(0, offset - len(first)),
            )  # fmt: skip
            statement = _HITS.format(kinds=_marks(chosen), others=_marks(first))
            rows += map(NodeRow._make, self._db.execute(statement, values))
        return SearchPage(self._hits(asked.query, rows), self._totals(asked))

    def overview(self, text: str, but: Sequence[Meaning] = ()) -> SearchPage:
        """Return the best figures, then papers, then entities that have all words of a text.

        Args:
            text: As a user typed it; what is in quotes is a phrase.
            but: What is shown already.
        """
        asked = self._asked(text)
        if not asked.query:
            return SearchPage((), {})
        shown = {each.iri for each in but}
        chosen: dict[Kind | None, list[NodeRow]] = {kind: [] for kind in _MOST_OF}
        totals: dict[Kind, int] = {}
        for total, *values in self._db.execute(_OVERVIEW, (asked.text.strip(), asked.query)):
            row = NodeRow._make(values)
            totals[Kind(row.kind)] = total
            part = chosen[row.kind if row.kind in chosen else None]
            if row.iri not in shown:
                part.append(row)
        rows = [row for kind, part in chosen.items() for row in part[: _MOST_OF[kind]]]
        return SearchPage(self._hits(asked.query, rows), self._with_named(asked, totals))

    def meanings(self, text: str, kind: Kind | None = None) -> list[Meaning]:
        """Return what a text may mean by itself, the surest first.

        What has just this name; else what has a name that begins so or has its words.

        Args:
            text: As a user typed it.
            kind: Only this kind; None for all.
        """
        found = self._meanings.fitting(text, kind)
        first = next(found, None)
        if first is None:
            return []
        if first.how is How.JUST:
            found = takewhile(lambda each: each.how is How.JUST, found)
        return [first, *islice(found, _MOST_MEANINGS - 1)]

    def near(self, text: str, kind: Kind | None = None, limit: int = 8) -> list[Meaning]:
        """Return what has names like a text, as a typing error would make of them, best first."""
        return list(islice(self._meanings.like(text, kind), limit))

    def sure(self, text: str, kind: Kind) -> list[Meaning]:
        """Return the meanings of just this name that weigh a tenth of the surest, or more.

        A gene is left out where a human one of the same symbol is meant as surely.
        """
        return surest([each for each in self.meanings(text, kind) if each.how is How.JUST])

    def named(self, text: str) -> list[FittingName]:
        """Return all that has just this name or id, of any kind, the surest first."""
        return self._meanings.just(text)

    def meaning(self, found: FittingName) -> Meaning | None:
        """Return what is meant by a name that was found, None for what has no page."""
        return self._meanings.of(found)

    def suggest(self, text: str, limit: int = 8) -> list[Meaning]:
        """Return what a text may mean or begin, which may hold typing errors, best first.

        What has just this name comes first, then names that begin with it, then those that
        have its words, then similar ones.
        """
        found: dict[str, Meaning] = {}
        for each in chain(self._meanings.fitting(text), self._meanings.like(text)):
            if len(found) == limit:
                break
            found.setdefault(each.iri, each)
        return list(found.values())

    def _asked(self, text: str) -> _SearchAsked:
        wanted = cleaned(text)
        just = [] if is_phrase(wanted) else self._names.just(wanted)
        spelled = dict.fromkeys(folded(each.text) for each in just if each.said is not NameIs.LONG)
        query = expression(wanted, islice(spelled, _MOST_SPELLINGS))
        named = [row for each in just[:_MOST_MEANINGS] if (row := self._meanings.node(each.node))]
        return _SearchAsked(wanted, query, named)

    def _totals(self, asked: _SearchAsked) -> dict[Kind, int]:
        """Return how much is found of each kind, by its words or by its name."""
        counts = self._db.execute(_TOTALS, (asked.query,))
        return self._with_named(asked, {Kind(name): count for name, count in counts})

    def _with_named(self, asked: _SearchAsked, totals: dict[Kind, int]) -> dict[Kind, int]:
        """Add to totals what has the name of a search but not its words."""
        ids = [row.id for row in asked.named]
        among = _AMONG.format(ids=_marks(ids))
        with_words = {number for (number,) in self._db.execute(among, (asked.query, *ids))}
        for row in asked.named:
            if row.id not in with_words:
                totals[row.kind] = totals.get(row.kind, 0) + 1
        return totals

    def _hits(self, query: str, rows: Iterable[NodeRow]) -> tuple[SearchHit, ...]:
        return tuple(
            SearchHit(Kind(row.kind), row.iri, row.title, self._snippet(query, row.id), row.figures)
            for row in list(rows)
        )

    def _snippet(self, asked: str, number: object) -> tuple[tuple[str, bool], ...]:
        row = self._db.execute(_SNIPPET, (asked, number)).fetchone()
        pieces: list[tuple[str, bool]] = []
        for place, piece in enumerate(_MARKED.split(row[0]) if row else ()):
            if piece:
                pieces.append((piece, place % 2 == 1))
        return tuple(pieces)


# The weights: title, names and ids, entities in a figure, caption, paper.
_TOTALS: Final = """
SELECT node.kind, COUNT(*) FROM document JOIN node ON node.id = document.rowid
WHERE document MATCH ? GROUP BY node.kind
"""
_HITS: Final = """
SELECT node.id, node.kind, node.iri, node.title, node.figures, node.about, node.organism
FROM document JOIN node ON node.id = document.rowid
WHERE document MATCH ? AND node.kind IN ({kinds}) AND node.id NOT IN ({others})
ORDER BY
    CASE node.kind WHEN 'figure' THEN 0 WHEN 'paper' THEN 1 ELSE 2 END,
    CASE WHEN node.title = ? COLLATE NOCASE THEN node.figures ELSE -1 END DESC,
    bm25(document, 10, 8, 3, 1, 2), node.figures DESC, node.id
LIMIT ? OFFSET ?
"""
_OVERVIEW: Final = """
WITH found AS MATERIALIZED (
    SELECT node.id AS id, node.kind AS kind, node.figures AS figures,
        CASE WHEN node.title = ? COLLATE NOCASE THEN node.figures ELSE -1 END AS so_called,
        bm25(document, 10, 8, 3, 1, 2) AS rank
    FROM document JOIN node ON node.id = document.rowid WHERE document MATCH ?
), ranked AS (
    SELECT id, so_called, rank, COUNT(*) OVER (PARTITION BY kind) AS total, ROW_NUMBER() OVER (
        PARTITION BY kind ORDER BY so_called DESC, rank, figures DESC, id
    ) AS place FROM found
)
SELECT total, node.id, kind, iri, title, figures, about, organism
FROM ranked JOIN node ON node.id = ranked.id
WHERE place <= 20 ORDER BY so_called DESC, rank, figures DESC, node.id
"""
_SNIPPET: Final = """
SELECT snippet(document, -1, char(2), char(3), '…', 30) FROM document
WHERE document MATCH ? AND rowid = ?
"""
_AMONG: Final = "SELECT rowid FROM document WHERE document MATCH ? AND rowid IN ({ids})"


def surest(just: Sequence[Meaning]) -> list[Meaning]:
    """Return those of some meanings of one name that weigh a tenth of the surest, or more.

    Args:
        just: That have just this name, the surest first.
    """
    likely = [each for each in just if each.score >= _FEWEST * just[0].score]
    return [each for each in likely if not _is_like_human(each, likely)]


def _is_like_human(gene: Meaning, others: Iterable[Meaning]) -> bool:
    """Say whether a gene is of another organism, and a human one has its symbol."""
    return gene.organism != HUMAN and any(
        other.organism == HUMAN and key_of(other.label) == key_of(gene.label) for other in others
    )


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
