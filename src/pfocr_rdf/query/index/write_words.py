"""Writes the words of an index, for search and suggestions.

A figure is also found by the names of what it mentions and of its paper, which follow behind
the figures in a dump. Until they are known, its own words lie in a file without a name.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Iterable
from typing import IO, Final

import orjson

from pfocr_rdf.query.index.gather import EntityFacts, IndexedFigure
from pfocr_rdf.query.index.model import end_of
from pfocr_rdf.rdf import Kind

_SCHEMA: Final = """
CREATE TABLE node(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, iri TEXT NOT NULL, title TEXT NOT NULL,
    figures INTEGER NOT NULL, number INTEGER NOT NULL, about TEXT NOT NULL, organism TEXT NOT NULL
);
CREATE VIRTUAL TABLE document USING fts5(
    title, names, mentioned, caption, paper,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
"""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WordsWriter:
    """Takes in the words of figures, then of entities, in the order of the dump.

    Args:
        db: Of the index, whose table `figure` has all figures at the end.
        texts: An empty file for what has to wait.
    """

    def __init__(self, db: sqlite3.Connection, texts: IO[bytes]) -> None:
        self._db = db
        self._texts = texts
        self._titles: dict[int, str] = {}
        self._citations: dict[int, str] = {}
        self._nodes = 0
        for statement in _SCHEMA.split(";\n"):
            db.execute(statement)

    def add_figure(self, facts: IndexedFigure) -> None:
        """Take in a figure."""
        words = " ".join(dict.fromkeys(word for _, word in facts.words))
        texts = (_joined(facts.identifiers), _joined(facts.caption), words)
        self._texts.write(orjson.dumps(texts, option=orjson.OPT_APPEND_NEWLINE))

    def add_entity(
        self, number: int, facts: EntityFacts, figures: int, names: tuple[str, ...]
    ) -> None:
        """Take in an entity; it is found if it has a page.

        Args:
            number: In the index.
            facts: What was gathered.
            figures: In how many it is shown.
            names: All that it is called.
        """
        title = facts.name or end_of(facts.iri)
        self._titles[number] = title
        if facts.kind is None:
            return
        is_paper = facts.kind is Kind.PAPER
        if is_paper and facts.citation:
            self._citations[number] = facts.citation
        paper = (facts.citation, *facts.keywords) if is_paper else ()
        self._add(
            facts.kind, facts.iri, title, figures, number,
            names=names, caption=facts.descriptions, paper=filter(None, paper),
            about=next(iter(facts.descriptions), ""), organism=facts.organism,
        )  # fmt: skip

    def finish(self) -> None:
        """Write the words of figures; nothing can be added any more."""
        self._texts.seek(0)
        rows = self._db.execute("SELECT iri, title, paper, mentioned FROM figure ORDER BY id")
        for figure, (line, row) in enumerate(zip(self._texts, rows, strict=True), 1):
            iri, title, paper, mentioned = row
            names, caption, words = orjson.loads(line)
            of_paper = (self._titles.get(paper, ""), self._citations.get(paper, ""))
            self._add(
                Kind.FIGURE, iri, title or end_of(iri), 1, -figure,
                names=(names,),
                mentioned=(*(self._titles.get(each, "") for each in array("I", mentioned)), words),
                caption=(caption,),
                paper=filter(None, of_paper),
            )  # fmt: skip
        self._db.execute("CREATE INDEX node_number ON node(number)")

    def optimize(self) -> None:
        """Make searching quick, once all is committed."""
        self._db.execute("INSERT INTO document(document) VALUES ('optimize')")

    def _add(
        self,
        kind: Kind,
        iri: str,
        title: str,
        figures: int,
        number: int,
        *,
        names: Iterable[str],
        mentioned: Iterable[str] = (),
        caption: Iterable[str],
        paper: Iterable[str],
        about: str = "",
        organism: str = "",
    ) -> None:
        self._nodes += 1
        title = _plain(title)
        self._db.execute(
            "INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._nodes, kind, iri, title, figures, number, _plain(about), organism),
        )
        texts = [_plain(_joined(part)) for part in (names, mentioned, caption, paper)]
        self._db.execute(
            "INSERT INTO document(rowid, title, names, mentioned, caption, paper) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (self._nodes, title, *texts),
        )


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(texts)


def _plain(text: str) -> str:
    """Return a text without control characters, which mark what was found."""
    return _CONTROL.sub(" ", text)
