"""Writes the index of a site: what pages show of each other, in a SQLite file for a run.

Figures and entities have numbers in the order in which they are first seen. What is asked for
every page (kinds, years, hashes) is stored as columns, arrays that a worker process reads at
its start; the rest is read row by row. In memory stay a number for each IRI of an entity and
four bytes for each time that one is mentioned.
"""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import orjson

from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.site.gather import TIER_WORDS, EntityFacts, FigureFacts, Gathered, digest_of

KINDS: Final = tuple(Kind)
NO_KIND: Final = 255
NOTHING: Final = 0
"""The number of no figure and of no entity."""
SHARDS: Final = 4096
"""Into how many linksets figures are parted: by name, so that a new one moves no other."""

_SCHEMA: Final = """
CREATE TABLE figure(
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, title TEXT NOT NULL, number TEXT NOT NULL,
    paper INTEGER NOT NULL, image TEXT NOT NULL, license TEXT NOT NULL, creator TEXT NOT NULL,
    shard INTEGER NOT NULL, digest BLOB NOT NULL, mentioned BLOB NOT NULL, entities BLOB NOT NULL
);
CREATE TABLE entity(
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
    year TEXT NOT NULL, digest BLOB NOT NULL, entities BLOB NOT NULL, content BLOB NOT NULL
);
CREATE TABLE shown_in(
    entity INTEGER PRIMARY KEY, figures BLOB NOT NULL, tiers BLOB NOT NULL,
    candidate_in INTEGER NOT NULL
);
CREATE TABLE facts(name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
_ORDER: Final = (
    "CREATE UNIQUE INDEX entity_iri ON entity(iri)",
    "CREATE INDEX figure_shard ON figure(shard)",
)
# A run that is cut short throws its index away, so nothing needs to survive one.
_UNSAFE: Final = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;"
_ITEM: Final = 8
_DEPTH: Final = 2  # a figure's gene has an organism, its paper a journal; those refer no further


def write_index(path: Path, batches: Iterable[Gathered], on_figures: Callable[[int], None]) -> None:
    """Write the index of what was gathered.

    Args:
        path: A file that does not exist yet.
        batches: In the order of the dump.
        on_figures: Told how many figures each batch had.

    Raises:
        OSError: It cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.executescript(_UNSAFE + _SCHEMA)
            db.execute("BEGIN")
            writer = _Writer(db)
            for found in batches:
                writer.add(found)
                on_figures(len(found.figures))
            writer.finish()
    except sqlite3.Error as error:
        raise OSError(f"the index of the site: {error}") from error


def shard_of(iri: str) -> int:
    """Return the number of the linkset that a figure is in."""
    digest = hashlib.blake2b(iri.encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") % SHARDS


class _Writer:
    """Takes in what was gathered, in the order of the dump."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._numbers: dict[str, int] = {}
        self._figures = 0
        self._shown_in: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        self._tiers: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._candidate_in: Counter[int] = Counter()
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("tiers", "methods", "reasons")
        }

    def add(self, found: Gathered) -> None:
        """Take in figures and entities."""
        for name, counter in self._counts.items():
            counter.update(getattr(found, name))
        self._db.executemany(
            "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(self._figure, found.figures),
        )
        self._db.executemany(
            "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(self._entity, found.entities)
        )

    def finish(self) -> None:
        """Write what can only be known at the end; nothing can be added any more."""
        self._db.executemany("INSERT INTO shown_in VALUES (?, ?, ?, ?)", self._rows_shown_in())
        for statement in _ORDER:
            self._db.execute(statement)
        counts = {name: dict(counter) for name, counter in self._counts.items()}
        facts = {
            "counts": orjson.dumps(counts),
            "figures": str(self._figures).encode(),
            "ranks": self._ranks().tobytes(),
            "years": self._years().tobytes(),
            "items": b"".join(self._items()),
            "kinds": self._kinds(),
            "marks": b"".join(self._marks()),
            "figures_of": self._figures_of().tobytes(),
        }
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        self._db.execute("COMMIT")

    def _figure(self, facts: FigureFacts) -> tuple[object, ...]:
        self._figures += 1
        number, of = self._figures, self._number
        mentioned = array("I", map(of, facts.mentioned))
        for entity, tier in zip(mentioned, facts.tiers, strict=True):
            self._shown_in[entity].append(number)
            self._tiers[entity].append(tier)
        paper = of(facts.paper) if facts.paper else NOTHING
        for entity in (*map(of, facts.organisms), *((paper,) if paper else ())):
            self._shown_in[entity].append(number)
            self._tiers[entity].append(len(TIER_WORDS) - 1)
        self._candidate_in.update(map(of, facts.candidates))
        return (
            number, facts.iri, facts.title, facts.number, paper, facts.image, facts.license,
            facts.creator, shard_of(facts.iri), facts.digest, mentioned.tobytes(),
            array("I", map(of, facts.entities)).tobytes(),
        )  # fmt: skip

    def _entity(self, facts: EntityFacts) -> tuple[object, ...]:
        kind = NO_KIND if facts.kind is None else KINDS.index(facts.kind)
        entities = array("I", map(self._number, facts.entities)).tobytes()
        return (
            self._number(facts.iri), facts.iri, kind, facts.name, facts.year, facts.digest,
            entities, facts.content,
        )  # fmt: skip

    def _number(self, iri: str) -> int:
        return self._numbers.setdefault(iri, len(self._numbers) + 1)

    def _rows_shown_in(self) -> Iterator[tuple[int, bytes, bytes, int]]:
        for entity in sorted({*self._shown_in, *self._candidate_in}):
            yield (
                entity,
                self._shown_in[entity].tobytes(),
                bytes(self._tiers[entity]),
                self._candidate_in[entity],
            )

    def _ranks(self) -> array[int]:
        """Return the place of each figure in the order of IRIs."""
        ranks = array("I", bytes(4 * (self._figures + 1)))
        rows = self._db.execute("SELECT id FROM figure ORDER BY iri")
        for rank, (figure,) in enumerate(rows):
            ranks[figure] = rank
        return ranks

    def _years(self) -> array[int]:
        """Return the year of each figure, 0 where unknown or beyond all calendars."""
        years = array("i", bytes(4 * (self._figures + 1)))
        for figure, year in self._db.execute(
            "SELECT figure.id, year FROM figure JOIN entity ON entity.id = paper"
        ):
            years[figure] = int(year) if year.isdecimal() and len(year) < 9 else 0
        return years

    def _items(self) -> Iterator[bytes]:
        """Yield a hash of what lists show of each figure."""
        yield bytes(_ITEM)
        for _, *shown in self._db.execute(
            "SELECT figure.id, figure.iri, title, number, year, entity.name "
            "FROM figure LEFT JOIN entity ON entity.id = paper ORDER BY figure.id"
        ):
            yield digest_of(*(str(part or "").encode() for part in shown))[:_ITEM]

    def _kinds(self) -> bytes:
        """Return the kind of each entity; one that is only spoken of has none."""
        kinds = bytearray([NO_KIND]) * (len(self._numbers) + 1)
        for number, kind in self._db.execute("SELECT id, kind FROM entity"):
            kinds[number] = kind
        return bytes(kinds)

    def _marks(self) -> list[bytes]:
        """Return a hash of each entity with all that it refers to."""
        size = len(self._numbers) + 1
        nothing = digest_of()
        digests, refers = [nothing] * size, {}
        for number, digest, entities in self._db.execute("SELECT id, digest, entities FROM entity"):
            digests[number] = digest
            if entities:
                refers[number] = array("I", entities)
        marks = list(digests)
        for _ in range(_DEPTH):
            before = list(marks)
            for number, entities in refers.items():
                marks[number] = digest_of(digests[number], *(before[each] for each in entities))
        return marks

    def _figures_of(self) -> array[int]:
        """Return in how many figures each entity is shown."""
        counts = array("I", bytes(4 * (len(self._numbers) + 1)))
        for entity, figures in self._shown_in.items():
            counts[entity] = len(figures)
        return counts
