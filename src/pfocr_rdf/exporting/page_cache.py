"""The page cache of a release, `ledger.sqlite`: what became of each page, and where its bytes are.

A later run finds in it which pages have not changed, and copies their bytes instead of
parsing them. It is committed batch by batch, so a run that was killed leaves one as well, and
the next run goes on from there. All that it says carries a checksum, and what does not agree
with its own is as if it had never been said: the page is parsed again.
"""

from __future__ import annotations

import sqlite3
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, Self

from pfocr_rdf.exporting.entities import EntityVariants, StoredNode, Variant, id_of
from pfocr_rdf.rdf import IRI

_TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB, crc INTEGER) WITHOUT ROWID;
CREATE TABLE files (number INTEGER PRIMARY KEY, name BLOB, crc INTEGER);
CREATE TABLE figures (
    name TEXT UNIQUE, digest TEXT, size INTEGER, figid TEXT,
    places BLOB, tally BLOB, findings BLOB, entities BLOB, objects BLOB, crc INTEGER
);
CREATE TABLE nodes (subject TEXT, id INTEGER, said BLOB, UNIQUE (subject, id));
"""
_COLUMNS: Final = {
    "meta": "name, value, crc",
    "files": "number, name, crc",
    "figures": "name, digest, size, figid, places, tally, findings, entities, objects, crc",
    "nodes": "subject, id, said",
}


class CachedPage(NamedTuple):
    """What became of one page.

    `digest` is the SHA-256 of the page and its tables in hex, `size` their bytes; `figid` is "" when
    the page was skipped; `places` says where its pieces are; `tally`, `findings`, `entities`
    and `objects` are as the pipeline made them.
    """

    name: str
    digest: str
    size: int
    figid: str
    places: bytes
    tally: bytes
    findings: bytes
    entities: bytes
    objects: bytes


class PageCache:
    """One cache file, new (`create`) or of an earlier run (`open`).

    Attributes:
        path: The file.
        damaged: What was asked for and is not what was written: names of pages, and
            `node`, `file` or `value` with its own name.
    """

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self.path = path
        self.damaged: set[str] = set()

    @classmethod
    def create(cls, path: Path, key: bytes) -> Self:
        """Make a page cache.

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
        cache = cls(db, path)
        cache.set_meta("key", key)
        db.execute("BEGIN")
        return cache

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Open the cache of an earlier run to read it; None when there is none, or it is broken."""
        if not path.is_file():
            return None
        try:
            db = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error:  # it has gone meanwhile, or may not be opened
            return None
        try:
            db.execute("PRAGMA query_only=ON")
            for table, columns in _COLUMNS.items():
                db.execute(f"SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608 - ours
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
        """Return a remembered value, b"" when there is none, or it is damaged."""
        query = "SELECT coalesce(CAST(value AS BLOB), x'ff'), crc FROM meta WHERE name = ?"
        for value, crc in self._db.execute(query, (name,)).fetchall():
            if crc == _crc(name, value):
                return bytes(value)
            self.damaged.add(f"value {name}")
        return b""

    def set_meta(self, name: str, value: bytes) -> None:
        """Remember a value."""
        entry = (name, value, _crc(name, value))
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", entry)

    def files(self) -> dict[int, str]:
        """Return the names of the dumps that `places` speak of, by number."""
        found = {}
        query = "SELECT number, coalesce(CAST(name AS BLOB), x'ff'), crc FROM files"
        for number, name, crc in self._db.execute(query):
            if crc != _crc(number, name):
                self.damaged.add(f"file {number}")
            else:
                found[number] = name.decode()
        return found

    def add_file(self, number: int, name: str) -> None:
        """Note a dump."""
        said = name.encode()
        self._db.execute("INSERT INTO files VALUES (?, ?, ?)", (number, said, _crc(number, said)))

    def rows(self, names: Sequence[str]) -> dict[str, CachedPage]:
        """Return the rows of some pages, by name; those that are damaged are only noted."""
        try:
            return self._rows(names)
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.DatabaseError:
            # A text that is no UTF-8 any more, or an index that leads nowhere.
            if len(names) == 1:
                self.damaged.update(names)
                return {}
            return {name: row for one in names for name, row in self.rows([one]).items()}

    def _rows(self, names: Sequence[str]) -> dict[str, CachedPage]:
        marks = ",".join("?" * len(names))
        query = f"SELECT {_COLUMNS['figures']} FROM figures WHERE name IN ({marks})"  # noqa: S608 - ours
        found = {}
        for *said, crc in self._db.execute(query, names):
            row = CachedPage._make(said)
            try:
                whole = crc == _row_crc(row)
            except TypeError:  # values of another kind than ours
                whole = False
            if whole:
                found[row.name] = row
            else:
                self.damaged.add(str(row.name))
        return found

    def names(self) -> Iterator[str]:
        """Yield the names of all pages."""
        query = "SELECT iif(typeof(name) = 'text', CAST(name AS BLOB), x'ff') FROM figures"
        for (name,) in self._db.execute(query):
            try:
                yield name.decode()
            except UnicodeDecodeError:
                self.damaged.add(repr(name))

    def pages(self) -> int:
        """Return how many pages are noted, 0 when no dump is finished that has their bytes."""
        query = "SELECT COUNT(*) FROM figures WHERE EXISTS (SELECT 1 FROM files)"
        (count,) = self._db.execute(query).fetchone()
        return int(count)

    def add(self, rows: Iterable[CachedPage], nodes: Iterable[StoredNode]) -> None:
        """Add a batch of pages and the nodes they state; `commit` makes them last."""
        # Two names that are not UTF-8 may read the same; such a row is not used again.
        self._db.executemany(
            "INSERT OR IGNORE INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(*row, _row_crc(row)) for row in rows],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO nodes VALUES (?, ?, ?)",
            [(node.subject, node.id, node.said) for node in nodes],
        )

    def commit(self) -> None:
        """Make what was added outlive this process."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def take_nodes(self, other: PageCache) -> set[int]:
        """Add all nodes of another cache: pages that are reused from there state them.

        Returns:
            Their ids. A node that is not what its id says is left out.
        """
        # Python need not look into the texts, which may be none any more.
        nodes = other._db.execute(
            "SELECT coalesce(CAST(subject AS BLOB), x''), id, coalesce(CAST(said AS BLOB), x'') "
            "FROM nodes"
        )
        taken: set[int] = set()

        def whole() -> Iterator[tuple[bytes, int, bytes]]:
            for subject, id_, said in nodes:
                if id_ == id_of(subject, said):
                    taken.add(id_)
                    yield subject, id_, said
                else:
                    other.damaged.add(f"node {id_}")

        self._db.executemany("INSERT OR IGNORE INTO nodes VALUES (CAST(? AS TEXT), ?, ?)", whole())
        self.commit()
        return taken

    def drop_unstated(self, stated: Counter[int]) -> None:
        """Forget nodes that came with `take_nodes` and that no page of this run states."""
        nodes = self._db.execute("SELECT subject, id FROM nodes")
        unstated = [(subject, id_) for subject, id_ in nodes if stated[id_] <= 0]
        self._db.executemany("DELETE FROM nodes WHERE subject = ? AND id = ?", unstated)

    def entities(self, stated: Counter[int]) -> Iterator[EntityVariants]:
        """Yield each entity once, by IRI.

        Args:
            stated: How often each node is stated by the pages of this run; nodes that are
                not stated at all are left out.
        """
        rows = self._db.execute("SELECT subject, id, said FROM nodes ORDER BY subject, id")
        for subject, group in groupby(rows, key=lambda row: row[0]):
            variants = tuple(
                Variant(said, stated[id_]) for _, id_, said in group if stated[id_] > 0
            )
            if variants:
                yield EntityVariants(IRI(subject), variants)

    def subjects(self, stated: Counter[int], beginnings: tuple[str, ...]) -> Iterator[str]:
        """Yield the IRIs of stated entities that begin in one of some ways; an IRI may come twice.

        Args:
            stated: As for `entities`.
            beginnings: Of IRIs.
        """
        for beginning in beginnings:
            rows = self._db.execute(
                "SELECT subject, id FROM nodes WHERE subject >= ? AND subject < ?",
                (beginning, beginning + chr(sys.maxunicode)),
            )
            for subject, id_ in rows:
                if stated[id_] > 0:
                    yield subject

    def said_of(self, subject: str) -> bytes | None:
        """Return what one node says of an entity; any one, as all have the same class."""
        row = self._db.execute("SELECT said FROM nodes WHERE subject = ?", (subject,)).fetchone()
        return bytes(row[0]) if row else None

    def facts_of(self, subject: str) -> EntityVariants | None:
        """Return all that is said of an entity, without how often; None if nothing is."""
        query = "SELECT id, said FROM nodes WHERE subject = ? ORDER BY id"
        said = [Variant(said, 0) for _, said in self._db.execute(query, (subject,))]
        return EntityVariants(IRI(subject), tuple(said)) if said else None

    def seal(self) -> None:
        """Turn the cache into one plain file."""
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("PRAGMA journal_mode=DELETE")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _crc(name: str | int, value: bytes) -> int:
    return zlib.crc32(value, zlib.crc32(f"{name}".encode()))


def _row_crc(row: CachedPage) -> int:
    name, digest, size, figid, places, tally, findings, entities, objects = row
    lengths = f"{len(places)} {len(tally)} {len(findings)} {len(entities)}"
    texts = f"{name}\0{digest}\0{size}\0{figid}\0{lengths}".encode()
    return zlib.crc32(b"".join((texts, places, tally, findings, entities, objects)))
