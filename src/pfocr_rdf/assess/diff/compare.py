"""Compares two releases piece by piece, without holding either.

Three passes: the older dump is hashed; the newer one is read beside these hashes, and what differs
is put aside on disk; the older one is read again for what has gone or has changed. Only pieces
that differ as texts are parsed, so two releases that are nearly the same take little more than
reading them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import gettempdir
from typing import Final, NamedTuple

from pfocr_rdf.assess.diff.model import Change, ChangeKind, Linked, Renamed, Sink, Summary, Totals
from pfocr_rdf.errors import UsageError
from pfocr_rdf.files import database_as_file
from pfocr_rdf.rdf import (
    IRI,
    PFOCR,
    SCHEMA,
    Iris,
    Kind,
    Node,
    NodeView,
    Triple,
    classes_of,
    shown_name,
)
from pfocr_rdf.release import (
    ALIGNMENT_FILE,
    Piece,
    Reader,
    Release,
    dump_form,
    read_file,
    read_pieces,
)

_TABLES: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE before (subject TEXT PRIMARY KEY, digest BLOB) WITHOUT ROWID;
CREATE TABLE now (
    place INTEGER PRIMARY KEY, subject TEXT UNIQUE, known INTEGER, is_figure INTEGER, content BLOB
);
"""
_AT_ONCE: Final = 1000
_SAME: Final = b""  # a piece that both have is not kept


def compare(old: Release, new: Release, sink: Sink, alignment_graph: str = "") -> Summary:
    """Tell a sink what differs.

    Args:
        old: The older release.
        new: The newer release.
        sink: Takes the changes: those of the older dump in its order, then what is added, in the
            order of the newer one.
        alignment_graph: The named graph of `alignment.ttl`, to compare that as well; "" not to.

    Raises:
        InputError: A dump cannot be read.
        UsageError: The two spell their IRIs in different styles.
    """
    if old.iri_style != new.iri_style:
        raise UsageError(
            f"expected two releases of one IRI style, found {old.iri_style} and {new.iri_style} "
            "(export one of them again with --iri-style)"
        )
    tally = _CountedChanges(sink)
    counts = _Contents(old), _Contents(new)
    plain = dump_form(old) == dump_form(new)
    _compare(
        _Side(lambda: read_pieces(old), counts[0]),
        _Side(lambda: read_pieces(new), counts[1]),
        tally,
        plain=plain,
    )
    if alignment_graph:
        _compare(
            _Side(lambda: read_file(old.folder / ALIGNMENT_FILE), counts[0], counted=False),
            _Side(lambda: read_file(new.folder / ALIGNMENT_FILE), counts[1], counted=False),
            tally,
            plain=True,
            graph=alignment_graph,
        )
    summary = _summary(old, new, tally, *counts)
    sink.end(summary)
    return summary


class _CountedChanges:
    """Passes changes on, and counts them."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.kinds: Counter[tuple[bool, ChangeKind]] = Counter()
        self.removed = 0
        self.added = 0

    def change(self, change: Change) -> None:
        if not change.graph:
            self.kinds[change.is_figure, change.kind] += 1
            self.removed += len(change.removed)
            self.added += len(change.added)
        self._sink.change(change)


class _Contents:
    """How much a release has, what its genes are called, and how many figures show each."""

    def __init__(self, release: Release) -> None:
        self.reader = Reader(release.iri_style)
        iris = Iris(release.iri_style)
        self._starts = iris.gene(""), iris.hgnc("")
        self.pieces: Counter[bool] = Counter()
        self.figures: Counter[IRI] = Counter()
        self.names: dict[IRI, str] = {}

    def take(self, piece: Piece) -> None:
        self.pieces[piece.is_figure] += 1
        if piece.is_figure:
            self.figures.update(
                [entity for entity in self.reader.mentioned(piece) if self._is_gene(entity)]
            )
        elif self._is_gene(self.reader.subject(piece)):
            gene = self.reader.entity(piece)
            if Kind.GENE.of_class in classes_of(gene):
                self.names[gene.subject] = _label(gene)

    def _is_gene(self, entity: IRI) -> bool:
        return entity.startswith(self._starts)


class _Side(NamedTuple):
    """How one release is read, again and again."""

    pieces: Callable[[], Iterator[Piece]]
    contents: _Contents
    counted: bool = True

    def subjects(self) -> Iterator[tuple[IRI, Piece]]:
        for piece in self.pieces():
            yield self.contents.reader.subject(piece), piece

    def nodes(self, piece: Piece) -> tuple[Node, ...]:
        if piece.is_figure:
            figure = self.contents.reader.figure(piece)
            return (figure.figure, *figure.mentions)
        return (self.contents.reader.entity(piece),)


def _compare(
    old: _Side, new: _Side, tally: _CountedChanges, *, plain: bool, graph: str = ""
) -> None:
    """Compare all pieces; `plain`: equal texts say the same, so texts are hashed."""
    # A database without a name lies in TMPDIR without one, so that nothing of it can be left there.
    with (
        database_as_file(Path(gettempdir()), "a database in TMPDIR"),
        closing(sqlite3.connect("", isolation_level=None)) as db,
    ):
        db.executescript(_TABLES)
        db.execute("BEGIN")
        _note_old(db, old, plain=plain)
        forms = _note_new(db, new, plain=plain)
        _tell_old(db, old, new, forms, tally, graph)
        _tell_added(db, new, forms, tally, graph)


def _note_old(db: sqlite3.Connection, old: _Side, *, plain: bool) -> None:
    def rows() -> Iterator[tuple[str, bytes]]:
        for subject, piece in old.subjects():
            if old.counted:
                old.contents.take(piece)
            yield subject, _digest(old, piece, plain=plain)

    db.executemany("INSERT INTO before VALUES (?, ?)", rows())


def _note_new(db: sqlite3.Connection, new: _Side, *, plain: bool) -> str:
    """Put aside what differs; return the form of the newer pieces."""
    form = ""
    find = "SELECT digest FROM before WHERE subject = ?"

    def rows() -> Iterator[tuple[str, bool, bool, bytes]]:
        nonlocal form
        for subject, piece in new.subjects():
            form = piece.form
            if new.counted:
                new.contents.take(piece)
            known = db.execute(find, (subject,)).fetchone()
            same = known is not None and known[0] == _digest(new, piece, plain=plain)
            content = _SAME if same else piece.content
            yield subject, known is not None, piece.is_figure, content

    insert = "INSERT INTO now (subject, known, is_figure, content) VALUES (?, ?, ?, ?)"
    for some in _chunks(rows()):
        db.executemany(insert, some)
    return form


def _tell_old(
    db: sqlite3.Connection, old: _Side, new: _Side, form: str, tally: _CountedChanges, graph: str
) -> None:
    find = "SELECT is_figure, content FROM now WHERE subject = ?"
    for subject, piece in old.subjects():
        row = db.execute(find, (subject,)).fetchone()
        if row is None:
            nodes = old.nodes(piece)
            tally.change(
                Change(
                    subject,
                    ChangeKind.REMOVED,
                    piece.is_figure,
                    _label(nodes[0]),
                    tuple(_triples(nodes)),
                    (),
                    graph,
                )
            )
        elif row[1] != _SAME:
            before = old.nodes(piece)
            now = new.nodes(Piece(form, bool(row[0]), row[1]))
            had, has = set(_triples(before)), set(_triples(now))
            if had == has:
                continue  # the same, written otherwise
            tally.change(
                Change(
                    subject,
                    ChangeKind.CHANGED,
                    piece.is_figure,
                    _label(now[0]),
                    tuple(t for t in _triples(before) if t not in has),
                    tuple(t for t in _triples(now) if t not in had),
                    graph,
                )
            )


def _tell_added(
    db: sqlite3.Connection, new: _Side, form: str, tally: _CountedChanges, graph: str
) -> None:
    rows = db.execute("SELECT subject, is_figure, content FROM now WHERE NOT known ORDER BY place")
    for subject, is_figure, content in rows:
        nodes = new.nodes(Piece(form, bool(is_figure), content))
        added = tuple(_triples(nodes))
        label = _label(nodes[0])
        tally.change(
            Change(IRI(subject), ChangeKind.ADDED, bool(is_figure), label, (), added, graph)
        )


def _digest(side: _Side, piece: Piece, *, plain: bool) -> bytes:
    content = piece.content
    if not plain:
        content = repr(side.nodes(piece)).encode()
    return hashlib.blake2b(content, digest_size=16).digest()


def _triples(nodes: Iterable[Node]) -> Iterator[Triple]:
    for node in nodes:
        yield from node.triples()


def _label(node: Node) -> str:
    said = NodeView(node)
    return shown_name(said.text(SCHEMA.name), said.text(PFOCR.labelFromFigures), "")


def _chunks(
    rows: Iterator[tuple[str, bool, bool, bytes]],
) -> Iterator[list[tuple[str, bool, bool, bytes]]]:
    """Yield rows in lists: a cursor must not read while another one writes row by row."""
    some = []
    for row in rows:
        some.append(row)
        if len(some) == _AT_ONCE:
            yield some
            some = []
    yield some


def _summary(
    old: Release, new: Release, tally: _CountedChanges, before: _Contents, now: _Contents
) -> Summary:
    classes_before, classes_now = old.class_counts, new.class_counts
    both = before.names.keys() & now.names.keys()
    return Summary(
        (old.name, new.name),
        (old.key, new.key),
        Totals(old.triples, new.triples),
        tally.removed,
        tally.added,
        {kind: tally.kinds[True, kind] for kind in ChangeKind},
        {kind: tally.kinds[False, kind] for kind in ChangeKind},
        Totals(before.pieces[True], now.pieces[True]),
        Totals(before.pieces[False], now.pieces[False]),
        {
            name: Totals(classes_before.get(name, 0), classes_now.get(name, 0))
            for name in sorted(classes_before.keys() | classes_now.keys())
        },
        _linked(now, before),
        _linked(before, now),
        tuple(
            Renamed(gene, before.names[gene], now.names[gene])
            for gene in sorted(both)
            if before.names[gene] != now.names[gene]
        ),
    )


def _linked(here: _Contents, there: _Contents) -> tuple[Linked, ...]:
    """Return the genes that figures show here and not there, those of most figures first."""
    only = [gene for gene in here.figures if gene not in there.figures]
    only.sort(key=lambda gene: (-here.figures[gene], gene))
    return tuple(Linked(gene, here.names.get(gene, ""), here.figures[gene]) for gene in only)
