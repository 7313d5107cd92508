"""Genes, papers and all else that figures share: each kept once, on disk, until the end.

Figures come in a stream and their entities again and again. A temporary SQLite file is the
external sort that keeps memory flat: what is said of an entity is a row, and equal rows
count up.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.nodes import reconcile
from pfocr_rdf.terms import IRI, Literal, Node, Term
from pfocr_rdf.vocabulary import RDF

_RECENT: Final = 50_000


class Lost(NamedTuple):
    """A value that could not be kept because another one is, and how often it was stated."""

    subject: IRI
    predicate: IRI
    value: Term
    kept: Term
    stated: int


class EntityStore:
    """What figures say about entities. One use: fill it, then read it once, in order.

    Args:
        path: A file to be made; it is of no use afterwards.

    Raises:
        OSError: The disk is full, or fails. All methods may find so.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000"):
                self._db.execute(f"PRAGMA {pragma}")
            self._db.execute(
                "CREATE TABLE said (subject TEXT, predicate TEXT, value TEXT, datatype TEXT, "
                "stated INTEGER, PRIMARY KEY (subject, predicate, value, datatype)) WITHOUT ROWID"
            )
            self._db.execute("BEGIN")
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise _as_files_fail(error) from error
        self._recent: dict[IRI, Node] = {}

    def add(self, counted: Iterable[tuple[Node, int]]) -> None:
        """Add nodes, each with how often figures have stated it."""
        rows: list[tuple[str, str, str, str, int]] = []
        for node, stated in counted:
            if not _is_counted(node):
                if self._recent.get(node.subject) == node:
                    continue
                if len(self._recent) >= _RECENT:
                    self._recent.clear()
                self._recent[node.subject] = node
            for predicate, objects in node.properties:
                for term in objects:
                    if isinstance(term, Literal):
                        rows.append((node.subject, predicate, term.lexical, term.datatype, stated))
                    else:
                        rows.append((node.subject, predicate, str(term), "", stated))
        try:
            self._db.executemany(
                "INSERT INTO said VALUES (?, ?, ?, ?, ?) ON CONFLICT DO "
                "UPDATE SET stated = stated + excluded.stated",
                rows,
            )
        except sqlite3.DatabaseError as error:
            raise _as_files_fail(error) from error

    def types(self, subject: object) -> tuple[IRI, ...]:
        """Return the classes of an entity, for `sh:class` across entities."""
        try:
            rows = self._db.execute(
                "SELECT value FROM said WHERE subject = ? AND predicate = ?", (subject, RDF.type)
            )
            return tuple(IRI(value) for (value,) in rows)
        except sqlite3.DatabaseError as error:
            raise _as_files_fail(error) from error

    def nodes(self) -> Iterator[tuple[Node, tuple[Lost, ...]]]:
        """Yield each entity once, by IRI, with what was said of it but could not be kept."""
        for subject, said in groupby(self._rows(), key=lambda row: row[0]):
            facts: dict[IRI, list[Term]] = {}
            times: dict[tuple[IRI, Term], int] = {}
            for _, predicate, value, datatype, stated in said:
                term: Term = Literal(value, IRI(datatype)) if datatype else IRI(value)
                facts.setdefault(IRI(predicate), []).append(term)
                times[IRI(predicate), term] = stated
            node, lost = reconcile(IRI(subject), facts)
            kept = {predicate: objects[0] for predicate, objects in node.properties}
            yield (
                node,
                tuple(
                    Lost(node.subject, predicate, term, kept[predicate], times[predicate, term])
                    for predicate, term in lost
                ),
            )

    def _rows(self) -> Iterator[tuple[str, str, str, str, int]]:
        try:
            rows = self._db.execute(
                "SELECT subject, predicate, value, datatype, stated FROM said "
                "ORDER BY subject, predicate, value, datatype"
            )
            # Not `yield from`: given up half-way, it would close the cursor of a closed file.
            for row in rows:  # noqa: UP028
                yield row
        except sqlite3.DatabaseError as error:
            raise _as_files_fail(error) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _as_files_fail(error: sqlite3.DatabaseError) -> OSError:
    """Return what the same trouble with a plain file is: a full disk most of all."""
    return OSError(errno.EIO, str(error))


def _is_counted(node: Node) -> bool:
    """Say whether every statement counts: only a paper has values that may have to give way."""
    return node.subject.startswith("http://identifiers.org/pmc/")
