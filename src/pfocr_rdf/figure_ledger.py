"""The ledger of a release, `ledger.sqlite`: what became of each page, and where its bytes are.

A later run finds in it which pages have not changed, and copies their bytes instead of
parsing them. It is committed batch by batch, so a run that was killed leaves one as well, and
the next run goes on from there.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, Self

from pfocr_rdf.entities import EntityFacts, Statement, StoredNode
from pfocr_rdf.terms import IRI

_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE files (number INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE figures (
    name TEXT UNIQUE, digest TEXT, size INTEGER, figid TEXT,
    places BLOB, tally BLOB, findings BLOB, entities BLOB
);
CREATE TABLE nodes (subject TEXT, id INTEGER, said BLOB, UNIQUE (subject, id));
"""
_COLUMNS: Final = {
    "meta": "name, value",
    "files": "number, name",
    "figures": "name, digest, size, figid, places, tally, findings, entities",
    "nodes": "subject, id, said",
}


class LedgerRow(NamedTuple):
    """What became of one page.

    `digest` is the SHA-256 of the page and its tables in hex, `size` their bytes; `figid` is "" when
    the page was skipped; `places` says where its pieces are; `tally`, `findings` and
    `entities` are as the pipeline made them.
    """

    name: str
    digest: str
    size: int
    figid: str
    places: bytes
    tally: bytes
    findings: bytes
    entities: bytes


class FigureLedger:
    """One ledger file, new (`create`) or of an earlier run (`open`)."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self.path = path

    @classmethod
    def create(cls, path: Path, key: bytes) -> Self:
        """Make a ledger.

        Args:
            path: A file that does not exist.
            key: Hash of all, other than the pages, that decides what the bytes are.
        """
        db = sqlite3.connect(path, isolation_level=None)
        # A killed process loses nothing that was committed in WAL mode; only a machine that
        # loses power could, and then the release would have to be made anew.
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-16000"):
            db.execute(f"PRAGMA {pragma}")
        db.executescript(_TABLES)
        db.execute("INSERT INTO meta VALUES ('key', ?)", (key,))
        db.execute("BEGIN")
        return cls(db, path)

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Open the ledger of an earlier run to read it; None when there is none, or it is broken."""
        if not path.is_file():
            return None
        db = sqlite3.connect(path, isolation_level=None)
        try:
            db.execute("PRAGMA query_only=ON")
            for table, columns in _COLUMNS.items():
                db.execute(f"SELECT {columns} FROM {table} LIMIT 1").fetchall()  # noqa: S608 - ours
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                db.close()
                return None
        except sqlite3.Error:
            db.close()
            return None
        return cls(db, path)

    def key(self) -> bytes:
        """Return the key it was made with."""
        return self.meta("key")

    def meta(self, name: str) -> bytes:
        """Return a remembered value, b"" when there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else b""

    def set_meta(self, name: str, value: bytes) -> None:
        """Remember a value."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def files(self) -> dict[int, str]:
        """Return the names of the dumps that `places` speak of, by number."""
        return dict(self._db.execute("SELECT number, name FROM files"))

    def add_file(self, number: int, name: str) -> None:
        """Note a dump."""
        self._db.execute("INSERT INTO files VALUES (?, ?)", (number, name))

    def rows(self, names: Sequence[str]) -> dict[str, LedgerRow]:
        """Return the rows of some pages, by name."""
        marks = ",".join("?" * len(names))
        query = f"SELECT {_COLUMNS['figures']} FROM figures WHERE name IN ({marks})"  # noqa: S608 - ours
        found = self._db.execute(query, names)
        return {row[0]: LedgerRow(*row) for row in found}

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield (page name, figid) of all pages."""
        # Not `yield from`: given up half-way, it would close the cursor of a closed file.
        for row in self._db.execute("SELECT name, figid FROM figures"):  # noqa: UP028
            yield row

    def add(self, rows: Iterable[LedgerRow], nodes: Iterable[StoredNode]) -> None:
        """Add a batch of pages and the nodes they state; `commit` makes them last."""
        # Two names that are not UTF-8 may read the same; such a row is not used again.
        self._db.executemany("INSERT OR IGNORE INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany(
            "INSERT OR IGNORE INTO nodes VALUES (?, ?, ?)",
            [(node.subject, node.id, node.said) for node in nodes],
        )

    def commit(self) -> None:
        """Make what was added outlive this process."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def take_nodes(self, other: FigureLedger) -> None:
        """Add all nodes of another ledger: pages that are reused from there state them."""
        nodes = other._db.execute("SELECT subject, id, said FROM nodes")
        self._db.executemany("INSERT OR IGNORE INTO nodes VALUES (?, ?, ?)", nodes)
        self.commit()

    def drop_unstated(self, stated: Counter[int]) -> None:
        """Forget nodes that came with `take_nodes` and that no page of this run states."""
        nodes = self._db.execute("SELECT subject, id FROM nodes")
        unstated = [(subject, id_) for subject, id_ in nodes if stated[id_] <= 0]
        self._db.executemany("DELETE FROM nodes WHERE subject = ? AND id = ?", unstated)

    def entities(self, stated: Counter[int]) -> Iterator[EntityFacts]:
        """Yield each entity once, by IRI.

        Args:
            stated: How often each node is stated by the pages of this run; nodes that are
                not stated at all are left out.
        """
        rows = self._db.execute("SELECT subject, id, said FROM nodes ORDER BY subject, id")
        for subject, group in groupby(rows, key=lambda row: row[0]):
            statements = tuple(
                Statement(said, stated[id_]) for _, id_, said in group if stated[id_] > 0
            )
            if statements:
                yield EntityFacts(IRI(subject), statements)

    def said_of(self, subject: str) -> bytes | None:
        """Return what one node says of an entity; any one, as all have the same class."""
        row = self._db.execute("SELECT said FROM nodes WHERE subject = ?", (subject,)).fetchone()
        return bytes(row[0]) if row else None

    def seal(self) -> None:
        """Turn the ledger into one plain file."""
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Close the file."""
        self._db.close()
