"""Full-text search and suggestions, from the index of a release.

What a user types is never syntax: every word of it is looked for as a phrase of its own, the
last also as the beginning of one.

Source: SQLite FTS5, https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple
from urllib.parse import quote

from pfocr_rdf.errors import InputError
from pfocr_rdf.query.index.names import Names
from pfocr_rdf.rdf import PAGED, Kind

_LONGEST: Final = 300  # characters of a search that are looked at
_MOST_WORDS: Final = 20
_MARKED: Final = re.compile("\x02([^\x03]*)\x03")  # as _SNIPPET marks what was found


class Hit(NamedTuple):
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

    hits: tuple[Hit, ...]
    totals: Mapping[Kind, int]


class Suggestion(NamedTuple):
    """An entity whose name is like what was typed.

    `matched` is that name: `label` itself, or another name, symbol or id of the entity.
    """

    kind: Kind
    iri: str
    label: str
    figures: int
    matched: str


class Search:
    """A read-only connection that threads may share.

    Args:
        path: `StorePlace.index`.

    Raises:
        InputError: It is no such file.
    """

    def __init__(self, path: Path) -> None:
        # Never locked: once built, the file is only replaced as a whole.
        address = f"file:{quote(str(path))}?mode=ro&immutable=1"
        try:
            self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
            self._db.execute("SELECT id FROM node LIMIT 1").fetchall()
        except sqlite3.Error as error:
            raise InputError(
                f"{path}: expected the index of a release, found: {error} (build it again)"
            ) from error
        self._names: Names | None = None
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def find(
        self, text: str, limit: int = 20, offset: int = 0, kind: Kind | str | None = None
    ) -> SearchPage:
        """Return figures, entities and papers that have all words of a text.

        Args:
            text: As a user typed it; case and accents do not matter.
            limit: Most hits of this page.
            offset: Hits to leave out, those of the pages before.
            kind: Only this kind; None for all.
        """
        asked = _expression(text)
        if not asked:
            return SearchPage((), {})
        counts = self._db.execute(_TOTALS, (asked,)).fetchall()
        totals = {Kind(name): count for name, count in counts}
        chosen = [Kind(kind)] if kind is not None else list(PAGED)
        marks = ", ".join("?" * len(chosen))
        rows = self._db.execute(
            _HITS.format(kinds=marks), (asked, *chosen, _clean(text).strip(), limit, offset)
        ).fetchall()
        return SearchPage(
            tuple(
                Hit(Kind(name), iri, title, self._snippet(asked, number), figures)
                for number, name, iri, title, figures in rows
            ),
            totals,
        )

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Return the entities whose names are most like a text, which may hold typing errors.

        Names that begin with it come first, then those that are similar; of equals the one
        in more figures.
        """
        found = self._loaded_names().like(_clean(text), limit)
        return [
            Suggestion(Kind(kind), iri, label, figures, matched)
            for matched, (kind, iri, label, figures) in (
                (matched, self._db.execute(_NODE, (number,)).fetchone())
                for number, matched in found
            )
        ]

    def _snippet(self, asked: str, number: int) -> tuple[tuple[str, bool], ...]:
        ((text,),) = self._db.execute(_SNIPPET, (asked, number)).fetchall()
        pieces: list[tuple[str, bool]] = []
        for place, piece in enumerate(_MARKED.split(text)):
            if piece:
                pieces.append((piece, place % 2 == 1))
        return tuple(pieces)

    def _loaded_names(self) -> Names:
        with self._lock:
            if self._names is None:
                self._names = Names(self._db.execute(_NAMES))
            return self._names


# The weights: title, names and ids, entities in a figure, caption, paper.
_TOTALS: Final = """
SELECT node.kind, COUNT(*) FROM document JOIN node ON node.id = document.rowid
WHERE document MATCH ? GROUP BY node.kind
"""
_HITS: Final = """
SELECT node.id, node.kind, node.iri, node.title, node.figures
FROM document JOIN node ON node.id = document.rowid
WHERE document MATCH ? AND node.kind IN ({kinds})
ORDER BY
    CASE WHEN node.title = ? COLLATE NOCASE THEN node.figures ELSE -1 END DESC,
    bm25(document, 10, 8, 3, 1, 2), node.figures DESC, node.id
LIMIT ? OFFSET ?
"""
_SNIPPET: Final = """
SELECT snippet(document, -1, char(2), char(3), '…', 30) FROM document
WHERE document MATCH ? AND rowid = ?
"""
_NODE: Final = "SELECT kind, iri, title, figures FROM node WHERE id = ?"
_NAMES: Final = (
    "SELECT name.text, name.node, node.figures FROM name JOIN node ON node.id = name.node"
)


def _clean(text: str) -> str:
    """Return a text without what SQLite cannot store or would take for an end."""
    text = text[:_LONGEST].encode("utf-8", "replace").decode()
    return "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)


def _expression(text: str) -> str:
    """Return the FTS5 query for all words of a text, "" when it has none."""
    words = [word for word in _clean(text).split()[:_MOST_WORDS] if any(map(str.isalnum, word))]
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    if not quoted:
        return ""
    # One letter begins half of all words, which takes long and helps nobody.
    return " ".join(quoted) + (" *" if len(words[-1]) > 1 else "")
