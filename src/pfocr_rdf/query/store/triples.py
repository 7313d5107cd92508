"""Loads a release into an Oxigraph store on disk, shard by shard, with flat memory.

The default graph is the dump with void.ttl and the shipped questions, where editors look for
examples and prefixes; the alignment, the ontology, the shapes and the questions stand in graphs
of their own, so that a query sees them only when it asks for them.

Source: https://pyoxigraph.readthedocs.io/en/stable/store.html;
https://github.com/sib-swiss/sparql-editor, what an endpoint should have
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

import pyoxigraph

from pfocr_rdf.errors import InputError, unread
from pfocr_rdf.files import BROKEN, decompressed
from pfocr_rdf.query.questions import as_rdf, load_questions
from pfocr_rdf.query.store.interruptible import run_interruptibly
from pfocr_rdf.query.store.steps import BuildStep
from pfocr_rdf.rdf import ALIGNMENT_GRAPH, IRI, OURS, documents
from pfocr_rdf.release import ALIGNMENT_FILE, BYTES, VOID_FILE, OnProgress, Progress, Release
from pfocr_rdf.shipped import ontology_file, shipped_shapes

VOCABULARY_GRAPH: Final = IRI(OURS + "graph/vocabulary")
SHAPES_GRAPH: Final = IRI(OURS + "graph/shapes")
QUESTIONS_GRAPH: Final = IRI(OURS + "graph/questions")

_BETWEEN_REPORTS: Final = 1 << 20  # bytes
_TO_BE_PARSED: Final = (
    pyoxigraph.RdfFormat.N_QUADS,
    pyoxigraph.RdfFormat.TRIG,
    pyoxigraph.RdfFormat.JSON_LD,
)
"""Syntaxes that the store cannot be handed: they name a graph of their own, or, JSON-LD, would be
held whole."""


class _Part(NamedTuple):
    path: Path
    bytes: int
    media_type: str
    graph: pyoxigraph.NamedNode | pyoxigraph.DefaultGraph


def load_triples(release: Release, folder: Path, on_progress: OnProgress) -> None:
    """Build the store of a release's triples in a folder that does not exist yet.

    Raises:
        InputError: A file of the release is broken.
        OSError: The store cannot be written.
    """
    try:
        _load_all(release, pyoxigraph.Store(folder), on_progress)
    except RuntimeError as error:  # RocksDB has found its own files corrupt
        raise OSError(str(error)) from error


def _load_all(release: Release, store: pyoxigraph.Store, on_progress: OnProgress) -> None:
    parts = _parts(release)
    total, before = sum(part.bytes for part in parts), 0
    for part in parts:
        done = before

        def read(position: int, done: int = done) -> None:
            on_progress(Progress(BuildStep.LOAD, done + position, total, BYTES))

        _load(store, part, read)
        before += part.bytes
    # At once: each load leaves files of its own, of which RocksDB opens only the first few early.
    store.bulk_extend(_shipped())
    on_progress(Progress(BuildStep.LOAD, total, total, BYTES))
    on_progress(Progress(BuildStep.OPTIMIZE))
    run_interruptibly(lambda: _settle(store))


def _settle(store: pyoxigraph.Store) -> None:
    try:
        store.optimize()
        store.flush()
    except RuntimeError as error:
        raise OSError(str(error)) from error


def _parts(release: Release) -> list[_Part]:
    default = pyoxigraph.DefaultGraph()
    files = [(file, default) for file in release.dump()]
    parts = [_Part(release.path(file), file.bytes, file.media_type, graph) for file, graph in files]
    for name, graph in (
        (VOID_FILE, default),
        (ALIGNMENT_FILE, pyoxigraph.NamedNode(ALIGNMENT_GRAPH)),
    ):
        if file := release.listed(name):
            parts.append(_Part(release.path(file), file.bytes, file.media_type, graph))
    return parts


def _shipped() -> Iterator[pyoxigraph.Quad]:
    """Yield what belongs to no release: ontology, shapes, questions; the last also without a graph."""
    turtle = pyoxigraph.RdfFormat.TURTLE
    files = [(ontology_file(), VOCABULARY_GRAPH)]
    files += [(path, SHAPES_GRAPH) for path in shipped_shapes()]
    for path, graph in files:
        yield from _within(
            graph, pyoxigraph.parse(path=path, format=turtle, rename_blank_nodes=True)
        )
    questions = list(pyoxigraph.parse(as_rdf(load_questions().values()), turtle))
    yield from questions
    yield from _within(QUESTIONS_GRAPH, questions)


def _within(graph: IRI, quads: Iterable[pyoxigraph.Quad]) -> Iterator[pyoxigraph.Quad]:
    name = pyoxigraph.NamedNode(graph)
    return (pyoxigraph.Quad(each.subject, each.predicate, each.object, name) for each in quads)


class _Stream:
    """The RDF of a file, that tells how far the file has been read.

    What goes wrong within a read passes through Rust, where it loses its type; `fault` keeps it.
    """

    def __init__(self, raw: IO[bytes], name: str, on_read: Callable[[int], None]) -> None:
        self._raw = raw
        self._content = decompressed(raw, name)
        self._on_read = on_read
        self._reported = 0
        self.fault: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes, before compression."""
        return self._watched(lambda: self._content.read(size))

    def __iter__(self) -> Iterator[bytes]:
        """Yield lines, before compression."""
        while line := self._watched(self._content.readline):
            yield line

    def _watched(self, read: Callable[[], bytes]) -> bytes:
        try:
            piece = read()
            position = self._raw.tell()
            if position - self._reported >= _BETWEEN_REPORTS:
                self._reported = position
                self._on_read(position)
        except BaseException as fault:
            self.fault = fault
            raise
        return piece


def _quads(stream: _Stream, syntax: pyoxigraph.RdfFormat) -> Iterator[pyoxigraph.Quad]:
    if syntax != pyoxigraph.RdfFormat.JSON_LD:
        yield from pyoxigraph.parse(cast("IO[bytes]", stream), syntax)
        return
    for document in documents(stream):
        yield from pyoxigraph.parse(document, syntax)


def _load(store: pyoxigraph.Store, part: _Part, on_read: Callable[[int], None]) -> None:
    syntax = pyoxigraph.RdfFormat.from_media_type(part.media_type)
    assert syntax is not None, f"{part.media_type} is a format of exports"
    try:
        with part.path.open("rb") as raw:
            stream = _Stream(raw, part.path.name, on_read)
            try:
                if syntax in _TO_BE_PARSED:
                    store.bulk_extend(
                        pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, part.graph)
                        for quad in _quads(stream, syntax)
                    )
                else:
                    source = cast("IO[bytes]", stream)
                    store.bulk_load(source, syntax, to_graph=part.graph)
            except (EOFError, OSError, RuntimeError, SyntaxError, ValueError) as error:
                raise (stream.fault or error) from None
    except SyntaxError as error:
        said = str(error).splitlines()[0]
        raise InputError(f"{part.path}: expected RDF as it was exported, found: {said}") from error
    except BROKEN as error:
        raise unread(part.path, error) from error
