"""What a site holds, in a file inside it: the next run writes only what has changed.

A page is known by its mark, a hash of all that it shows and of the program that drew it. The
inventory is swapped into place with its site, so that neither is ever ahead of the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Self

INVENTORY: Final = ".pfocr-site.sqlite"
SUFFIXES: Final = (".html", ".ttl", ".jsonld", ".tsv", ".bib", ".ris")
"""The files that a page may have."""

_FORMAT: Final = "2"
_SCHEMA: Final = """
CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE page(
    path TEXT PRIMARY KEY, mark BLOB NOT NULL, day TEXT NOT NULL,
    html INTEGER NOT NULL, ttl INTEGER NOT NULL, jsonld INTEGER NOT NULL,
    tsv INTEGER NOT NULL, bib INTEGER NOT NULL, ris INTEGER NOT NULL
);
CREATE TABLE file(path TEXT PRIMARY KEY, size INTEGER NOT NULL);
"""
_UNSAFE: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"


class State(StrEnum):
    """What a run did to a page."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class PageRow(NamedTuple):
    """A page that is in its place.

    Attributes:
        path: From the site's folder, without suffix.
        mark: Hash of what it was made of.
        day: When it became what it is, as YYYY-MM-DD.
        sizes: In bytes, by the order of `SUFFIXES`; 0 for a file that it does not have.
        state: What this run did to it.
    """

    path: str
    mark: bytes
    day: str
    sizes: tuple[int, ...]
    state: State = State.SAME

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield the path and size of each of its files."""
        for suffix, size in zip(SUFFIXES, self.sizes, strict=True):
            if size:
                yield self.path + suffix, size


class Inventory:
    """The inventory of a finished site.

    Args:
        folder: Of the site.

    Attributes:
        stamp: Names all that the site was made of.
    """

    def __init__(self, folder: Path) -> None:
        path = (folder / INVENTORY).absolute()
        self._db = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            about = dict(self._db.execute("SELECT name, value FROM about"))
            if about.get("format") != _FORMAT:
                raise sqlite3.DatabaseError("another format")
        except sqlite3.Error:
            self._db.close()
            raise
        self.stamp: str = about["stamp"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def page(self, path: str) -> PageRow | None:
        """Return a page, None when there was none."""
        row = self._db.execute(
            "SELECT mark, day, html, ttl, jsonld, tsv, bib, ris FROM page WHERE path = ?", (path,)
        ).fetchone()
        return PageRow(path, row[0], row[1], row[2:]) if row else None

    def pages(self) -> Iterator[PageRow]:
        """Yield all pages in the order in which they were written."""
        rows = self._db.execute(
            "SELECT path, mark, day, html, ttl, jsonld, tsv, bib, ris FROM page ORDER BY rowid"
        )
        for path, mark, day, *sizes in rows:
            yield PageRow(path, mark, day, tuple(sizes))

    def files(self) -> Iterator[tuple[str, int]]:
        """Yield the path and size of every file of the site, save the inventory itself."""
        for page in self.pages():
            yield from page.files()
        yield from self._db.execute("SELECT path, size FROM file")

    def has(self, path: str) -> bool:
        """Say whether a file is of the site."""
        row = self.page(path.rpartition(".")[0])
        if row is not None and path in dict(row.files()):
            return True
        found = self._db.execute("SELECT 1 FROM file WHERE path = ?", (path,)).fetchone()
        return found is not None

    def count(self) -> int:
        """Return how many pages there are."""
        (count,) = self._db.execute("SELECT COUNT(*) FROM page").fetchone()
        return int(count)


def open_inventory(folder: Path) -> Inventory | None:
    """Return the inventory of a site, None when the folder has none that can be read."""
    try:
        return Inventory(folder)
    except sqlite3.Error:
        return None


class InventoryWriter:
    """Writes the inventory of a site that is being made; a context manager.

    Args:
        folder: Of the new site.
    """

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / INVENTORY, isolation_level=None)
        self._db.executescript(_UNSAFE + _SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add_pages(self, rows: Iterable[PageRow]) -> None:
        """Note pages; two of one path are a fault of ours."""
        self._db.executemany(
            "INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((row.path, row.mark, row.day, *row.sizes) for row in rows),
        )

    def add_file(self, path: str, size: int) -> None:
        """Note a file that is no page."""
        self._db.execute("INSERT INTO file VALUES (?, ?)", (path, size))

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield the path and day of each page so far, in the order they came."""
        yield from self._db.execute("SELECT path, day FROM page ORDER BY rowid")

    def finish(self, stamp: str) -> None:
        """Write what the site was made of; without it, the inventory is of no use."""
        about = (("format", _FORMAT), ("stamp", stamp))
        self._db.executemany("INSERT INTO about VALUES (?, ?)", about)
        self._db.execute("COMMIT")
