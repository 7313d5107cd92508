"""Writes the index of a release: what pages show of each other, what search finds.

Figures and entities have numbers in the order in which they are first seen. What is asked for
every page (kinds, years, hashes) is stored as columns, arrays that a reader loads at its start;
the rest is read row by row. In memory stay a number for each IRI of an entity, four bytes for
each time that one is mentioned, and with words the names of entities.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import orjson

from pfocr_rdf.figures import HUMAN
from pfocr_rdf.processes import Pool, batched
from pfocr_rdf.query.index.columns import alphabet_columns, counted_columns
from pfocr_rdf.query.index.gather import EntityFacts, Gathered, IndexedFigure, digest_of, gather
from pfocr_rdf.query.index.model import NO_KIND, TIER_WORDS
from pfocr_rdf.query.index.set_sizes import (
    ALL_ORGANISMS,
    SIZES_SCHEMA,
    shown_rows,
    write_sizes,
)
from pfocr_rdf.query.index.totals import totals_of
from pfocr_rdf.query.index.write_names import NamesWriter
from pfocr_rdf.query.index.write_words import WordsWriter
from pfocr_rdf.rdf import CROSS_REFERENCES, PAGED, Iris, IriStyle, Kind, Prefixes
from pfocr_rdf.release import (
    ALIGNMENT_FILE,
    Reader,
    Release,
    dump_form,
    read_file,
    read_pieces,
)

NOTHING: Final = 0
"""The number of no figure and of no entity."""
SHARDS: Final = 4096
"""Into how many linksets figures are parted: by name, so that a new one moves no other."""
BATCH: Final = 64
"""Pieces of the dump that are gathered at once."""

_SCHEMA: Final = (
    """
CREATE TABLE figure(
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, title TEXT NOT NULL, number TEXT NOT NULL,
    paper INTEGER NOT NULL, image TEXT NOT NULL, license TEXT NOT NULL, creator TEXT NOT NULL,
    shard INTEGER NOT NULL, digest BLOB NOT NULL, mentioned BLOB NOT NULL, tiers BLOB NOT NULL,
    entities BLOB NOT NULL
);
CREATE TABLE entity(
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
    year TEXT NOT NULL, digest BLOB NOT NULL, entities BLOB NOT NULL, content BLOB NOT NULL,
    aligned BLOB NOT NULL
);
CREATE TABLE shown_in(
    entity INTEGER PRIMARY KEY, figures BLOB NOT NULL, tiers BLOB NOT NULL,
    certain BLOB NOT NULL, candidate_in INTEGER NOT NULL
);
CREATE TABLE facts(name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
    + SIZES_SCHEMA
    + ";"
)
_ORDER: Final = (
    "CREATE UNIQUE INDEX entity_iri ON entity(iri)",
    "CREATE INDEX figure_iri ON figure(iri)",
    "CREATE INDEX figure_shard ON figure(shard)",
)
_SHOWN: Final = "SELECT entity, figures, tiers, certain FROM shown_in"
# An index that is cut short is thrown away, so nothing needs to survive that.
_UNSAFE: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -65536;
"""
_FOUND_BY: Final = ("ENSEMBL", "UniProtKB")  # ids in these databases are looked for
_ITEM: Final = 8
_DEPTH: Final = 2  # a figure's gene has an organism, its paper a journal; those refer no further


def write_index(
    release: Release,
    path: Path,
    batches: Iterable[Gathered],
    on_done: Callable[[int, int], None],
    *,
    words: bool,
) -> None:
    """Write the index of a release.

    Args:
        release: Of which it is.
        path: A file that does not exist yet.
        batches: What was gathered, in the order of the dump.
        on_done: Told how many figures and how many entities each batch had.
        words: Whether it is also for search and suggestions.

    Raises:
        OSError: It cannot be written.
    """
    try:
        with (
            closing(sqlite3.connect(path, isolation_level=None)) as db,
            TemporaryFile(dir=path.parent) as texts,
        ):
            db.executescript(_UNSAFE + _SCHEMA)
            db.execute("BEGIN")
            writer = _Writer(db, WordsWriter(db, texts) if words else None)
            for found in batches:
                writer.add(found)
                on_done(len(found.figures), len(found.entities))
            writer.finish(release)
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


def gathered(release: Release, jobs: int = 1) -> Generator[Gathered]:
    """Yield what the index needs of a release, in the order of its dump.

    Args:
        release: Of which it is.
        jobs: How many processes read it; 1 is this one.
    """
    with Pool(partial(Reader, release.iri_style), jobs) as pool:
        for _, found in pool.in_order(gather, batched(read_pieces(release), BATCH)):
            yield found


def shard_of(iri: str) -> int:
    """Return the number of the linkset that a figure is in."""
    digest = hashlib.blake2b(iri.encode(), digest_size=2).digest()
    return int.from_bytes(digest, "big") % SHARDS


class _Writer:
    """Takes in what was gathered, in the order of the dump."""

    def __init__(self, db: sqlite3.Connection, words: WordsWriter | None) -> None:
        self._db = db
        self._words = words
        self._names = NamesWriter(db)
        self._numbers: dict[str, int] = {}
        self._figures = 0
        self._shown_in: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        self._tiers: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._certain: defaultdict[int, bytearray] = defaultdict(bytearray)
        self._papers = array("I", [NOTHING])
        self._organisms: dict[int, int] = {}
        self._journals: dict[int, int] = {}
        self._candidate_in: Counter[int] = Counter()
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("tiers", "methods", "reasons")
        }

    def add(self, found: Gathered) -> None:
        """Take in figures and entities."""
        for name, counter in self._counts.items():
            counter.update(getattr(found, name))
        first = self._figures + 1
        self._db.executemany(
            "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(self._figure, found.figures),
        )
        self._db.executemany(
            "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?, ?, x'')",
            map(self._entity, found.entities),
        )
        for figure_number, figure in enumerate(found.figures, first):
            self._names.add_figure(figure_number, figure)
            if self._words:
                self._words.add_figure(figure)
        for entity in found.entities:
            number = self._numbers[entity.iri]
            figures = len(self._shown_in.get(number, ()))
            has_page = entity.kind is not None
            names = self._names.add_entity(number, entity, figures) if has_page else ()
            if self._words:
                self._words.add_entity(number, entity, figures, names)

    def finish(self, release: Release) -> None:
        """Write what can only be known at the end; nothing can be added any more."""
        for statement in _ORDER:
            self._db.execute(statement)
        self._align(release)
        self._names.finish()
        ranks, years, figures_of = self._ranks(), self._years(), self._figures_of()
        rows = self._rows_shown_in(_newest_first(ranks, years))
        self._db.executemany("INSERT INTO shown_in VALUES (?, ?, ?, ?, ?)", rows)
        kinds, organisms = self._kinds(), self._column(self._organisms)
        self._write_sizes(release.iri_style, kinds, organisms)
        if self._words:
            self._words.finish()
        counts = {name: dict(counter) for name, counter in self._counts.items()}
        facts = {
            "style": release.iri_style.value.encode(),
            "form": dump_form(release).encode(),
            "totals": orjson.dumps(totals_of(release.class_counts, release.triples)),
            "counts": orjson.dumps(counts),
            "ranks": ranks.tobytes(),
            "years": years.tobytes(),
            "items": b"".join(self._items()),
            "kinds": kinds,
            "marks": b"".join(self._marks()),
            "figures_of": figures_of.tobytes(),
            "papers": self._papers.tobytes(),
            "organisms": organisms.tobytes(),
            "journals": self._column(self._journals).tobytes(),
        }
        shown = self._db.execute(_SHOWN)
        sizes = {"figure": self._figures + 1, "entity": len(self._numbers) + 1}
        facts |= counted_columns(shown, kinds)
        facts |= alphabet_columns(self._db, sizes)
        self._db.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
        self._db.execute("COMMIT")
        if self._words:
            self._words.optimize()

    def _write_sizes(self, style: IriStyle, kinds: bytes, organisms: array[int]) -> None:
        """Count the sets of genes that lists are compared with."""
        human = self._numbers.get(Iris(style).taxon(HUMAN), ALL_ORGANISMS)
        of_kind = [None if number == NO_KIND else PAGED[number] for number in kinds]
        members = list(shown_rows(self._db.execute(_SHOWN), of_kind, organisms))
        write_sizes(self._db, members, self._papers, human)

    def _align(self, release: Release) -> None:
        """Put what stands in the alignment beside each entity, whose pages show it."""
        if release.listed(ALIGNMENT_FILE) is None:
            return
        subject = Reader(release.iri_style).subject
        entries = _entries(release.iri_style)
        for piece in read_file(release.folder / ALIGNMENT_FILE):
            row = self._db.execute(
                "SELECT id, digest, kind FROM entity WHERE iri = ?", (subject(piece),)
            ).fetchone()
            if row is not None:
                if row[2] == PAGED.index(Kind.GENE):
                    found = [id_.decode() for id_ in entries.findall(piece.content)]
                    figures = len(self._shown_in.get(row[0], ()))
                    self._names.add_identifiers(row[0], found, figures)
                self._db.execute(
                    "UPDATE entity SET aligned = ?, digest = ? WHERE id = ?",
                    (piece.content, digest_of(row[1], piece.content), row[0]),
                )

    def _figure(self, facts: IndexedFigure) -> tuple[object, ...]:
        self._figures += 1
        number, of = self._figures, self._number
        mentioned = array("I", map(of, facts.mentioned))
        for entity, tier, certain in zip(mentioned, facts.tiers, facts.certain, strict=True):
            self._shown_in[entity].append(number)
            self._tiers[entity].append(tier)
            self._certain[entity].append(certain)
        paper = of(facts.paper) if facts.paper else NOTHING
        for entity in (*map(of, facts.organisms), *((paper,) if paper else ())):
            self._shown_in[entity].append(number)
            self._tiers[entity].append(len(TIER_WORDS) - 1)
            self._certain[entity].append(0)
        self._papers.append(paper)
        self._candidate_in.update(map(of, facts.candidates))
        return (
            number, facts.iri, facts.title, facts.number, paper, facts.image, facts.license,
            facts.creator, shard_of(facts.iri), facts.digest, mentioned.tobytes(), facts.tiers,
            array("I", map(of, facts.entities)).tobytes(),
        )  # fmt: skip

    def _entity(self, facts: EntityFacts) -> tuple[object, ...]:
        kind = NO_KIND if facts.kind is None else PAGED.index(facts.kind)
        entities = array("I", map(self._number, facts.entities)).tobytes()
        if facts.kind is Kind.GENE and facts.organism:
            self._organisms[self._number(facts.iri)] = self._number(facts.organism)
        if facts.journal:
            self._journals[self._number(facts.iri)] = self._number(facts.journal)
        return (
            self._number(facts.iri), facts.iri, kind, facts.name, facts.year, facts.digest,
            entities, facts.content,
        )  # fmt: skip

    def _number(self, iri: str) -> int:
        return self._numbers.setdefault(iri, len(self._numbers) + 1)

    def _rows_shown_in(self, newest: array[int]) -> Iterator[tuple[int, bytes, bytes, bytes, int]]:
        """Yield the figures of each entity as its pages list them: by tier, then the newest."""
        figure_at = array("I", bytes(4 * len(newest)))
        for figure, place in enumerate(newest):
            figure_at[place] = figure
        for entity in sorted({*self._shown_in, *self._candidate_in}):
            tiers = self._tiers[entity]
            order = sorted(
                (tier, newest[figure], certain)
                for tier, figure, certain in zip(
                    tiers, self._shown_in[entity], self._certain[entity], strict=True
                )
            )
            figures = array("I", [figure_at[place] for _, place, _ in order])
            yield (
                entity,
                figures.tobytes(),
                bytes([tier for tier, _, _ in order]),
                bytes([certain for _, _, certain in order]),
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
            "SELECT figure.id, figure.iri, title, number, year, entity.name, image "
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

    def _column(self, of: Mapping[int, int]) -> array[int]:
        """Return a number for each entity, `NOTHING` where none is given."""
        column = array("I", bytes(4 * (len(self._numbers) + 1)))
        for entity, number in of.items():
            column[entity] = number
        return column

    def _figures_of(self) -> array[int]:
        """Return in how many figures each entity is shown."""
        return self._column({each: len(figures) for each, figures in self._shown_in.items()})


def _entries(style: IriStyle) -> re.Pattern[bytes]:
    """Return what finds the Ensembl and UniProt ids in a gene's piece of the alignment."""
    spaces = [each.space(style) for each in CROSS_REFERENCES if each.prefix in _FOUND_BY]
    names = [name for name, space in Prefixes(Iris(style)).namespaces.items() if space in spaces]
    begins = (*(f"{name}:" for name in names), *(f"<{space}" for space in spaces))
    return re.compile(f"(?:{'|'.join(map(re.escape, begins))})([A-Za-z0-9]+)".encode())


def _newest_first(ranks: array[int], years: array[int]) -> array[int]:
    """Return the place of each figure in the order of years, the newest first, then of IRIs."""
    order = sorted(range(1, len(years)), key=lambda figure: (-years[figure], ranks[figure]))
    places = array("I", bytes(4 * len(years)))
    for place, figure in enumerate(order, 1):
        places[figure] = place
    return places
