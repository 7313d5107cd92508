"""Which files of a release go into which graph, and what a store must have of them then.

Equal options give an equal plan, slice by slice: a load that was interrupted goes on by the
number of a slice.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.load.slices import Slice, slices_of
from pfocr_rdf.load.stores import DefaultGraph, Dialect
from pfocr_rdf.rdf import (
    ALIGNMENT_GRAPH,
    FIGURES_GRAPH,
    IRI,
    RDF,
    VOID,
    Literal,
    Subject,
    read_triples,
)
from pfocr_rdf.release import ALIGNMENT_FILE, VOID_FILE, Release, WrittenFile
from pfocr_rdf.release.description import is_in_dump

SMALLEST_SLICE: Final = 10_000


class LoadOptions(NamedTuple):
    """What of a release is loaded, where to and how.

    `slice_size` is in bytes, before compression. `remove_temporary` is for the temporary graphs
    of loads that this machine knows nothing of. `graph` may be `DEFAULT_GRAPH`.
    """

    graph: IRI = FIGURES_GRAPH
    alignment_graph: IRI = ALIGNMENT_GRAPH
    alignment: bool = True
    void: bool = True
    replace: bool = False
    resume: bool = True
    remove_temporary: bool = False
    slice_size: int = 16_000_000


class PlannedGraph(NamedTuple):
    """One graph.

    Attributes:
        graph: Its name.
        files: What goes into it, in this order.
        triples: How many it then has.
        repeated: How many triples two of the files have.
        classes: How many entities of each class it then has.
        properties: How many triples of each property it then has; empty where none are known.
    """

    graph: IRI
    files: tuple[WrittenFile, ...]
    triples: int
    repeated: int
    classes: Mapping[IRI, int]
    properties: Mapping[IRI, int]


class LoadPiece(NamedTuple):
    """A slice, and where it goes.

    Attributes:
        part: Number of its graph.
        first: Whether it is the first of that graph.
        slice: What is sent.
        done: Bytes of the release's files that have been read with it.
    """

    part: int
    first: bool
    slice: Slice
    done: int


class VoidCounts(NamedTuple):
    """What void.ttl says of a release.

    Attributes:
        properties: Triples of each property of the dump.
        own: Triples that void.ttl has and the dump has not, by property: numbers, files, the run.
        own_classes: How many of its nodes are of each class, and not in the dump.
    """

    properties: Mapping[IRI, int]
    own: Counter[IRI]
    own_classes: Counter[IRI]


def plan(release: Release, options: LoadOptions) -> tuple[PlannedGraph, ...]:
    """Return the graphs of a load.

    No two triples of a release become one in a store that writes numbers in its own way (0.50
    as 0.5): a node has at most one value of each property that is a number or a date, and
    texts are kept by all stores. So the counts must be equal.

    Raises:
        InputError: The release lacks a file.
    """
    void = _listed(release, VOID_FILE)
    said = void_counts(release)
    # void.ttl first: it is small, so that the one request which may remove triples, the PUT, is
    # over soon; and by it a graph that was left behind can be told.
    files = (void, *release.dump()) if options.void else release.dump()
    own = said.own.total() if options.void else 0
    figures = PlannedGraph(
        options.graph,
        files,
        release.triples + own,
        void.triples - own if options.void else 0,
        Counter(release.class_counts) + (said.own_classes if options.void else Counter()),
        Counter(said.properties) + (said.own if options.void else Counter()),
    )
    if not options.alignment:
        return (figures,)
    alignment = _listed(release, ALIGNMENT_FILE)
    return figures, PlannedGraph(
        options.alignment_graph, (alignment,), alignment.triples, 0, {}, {}
    )


def check_options(options: LoadOptions, dialect: Dialect) -> None:
    """Raise UsageError for options that a store cannot follow."""
    largest = dialect.largest
    if options.slice_size < SMALLEST_SLICE:
        raise UsageError(
            f"--slice-size: expected {SMALLEST_SLICE:,} bytes or more, found {options.slice_size:,}"
        )
    if largest and options.slice_size > largest:
        raise UsageError(
            f"--slice-size: expected {largest:,} bytes or fewer (this store hangs on larger "
            f"ones), found {options.slice_size:,}"
        )
    if options.alignment and options.graph == options.alignment_graph:
        raise UsageError(
            "--graph: expected another graph than that of the alignment (or leave it "
            "out with --no-alignment)"
        )
    if options.graph == DEFAULT_GRAPH and dialect.default_graph is DefaultGraph.NONE:
        raise UsageError(
            "--graph: expected an IRI, found default (this store is not known to have a default "
            "graph of its own; the questions work there in a named one)"
        )
    if options.replace and not dialect.moves:
        raise UsageError(
            "--replace: this store has no MOVE, so readers would see half a release (load into "
            "another --graph, or build a new index with --recipe)"
        )


def pieces_of(
    release: Release, parts: tuple[PlannedGraph, ...], size: int, *, opening: bool
) -> Iterator[LoadPiece]:
    """Yield the slices of all graphs in the order in which they are sent.

    Args:
        release: Whose files.
        parts: The graphs.
        size: Bytes that a slice has at most.
        opening: As `slices_of` has it.

    Raises:
        InputError: A file cannot be read.
    """
    done = 0
    for number, part in enumerate(parts):
        first = True
        for file in part.files:
            if not file.triples:
                continue
            for piece in slices_of(release.path(file), size, opening=opening):
                yield LoadPiece(number, first, piece, done + piece.read)
                first = False
            done += file.bytes


def void_counts(release: Release) -> VoidCounts:
    """Return what void.ttl says.

    Raises:
        InputError: The file cannot be read.
    """
    graphs: list[Subject] = []
    parts: defaultdict[Subject, list[str]] = defaultdict(list)
    names: dict[Subject, IRI] = {}
    numbers: dict[Subject, int] = {}
    own: Counter[IRI] = Counter()
    own_classes: Counter[IRI] = Counter()
    for subject, predicate, value in read_triples(release.folder / VOID_FILE):
        if not is_in_dump(str(subject), predicate):
            own[predicate] += 1
            if predicate == RDF.type:
                own_classes[IRI(str(value))] += 1
        if predicate == RDF.type and value == VOID.Dataset:
            graphs.append(subject)
        elif predicate == VOID.propertyPartition:
            parts[subject].append(str(value))
        elif predicate == VOID.property and isinstance(value, str):
            names[subject] = IRI(value)
        elif predicate == VOID.triples and isinstance(value, Literal):
            numbers[subject] = int(value.lexical)
    # Classes have partitions by property too.
    of_graph = [IRI(part) for graph in graphs for part in parts[graph]]
    properties = {names[part]: numbers[part] for part in of_graph}
    return VoidCounts(properties, own, own_classes)


def check_files(
    release: Release,
    parts: tuple[PlannedGraph, ...],
    on_bytes: Callable[[int], None] = lambda _: None,
) -> None:
    """See that every file is what the export wrote, before any of it is sent.

    Args:
        release: The release.
        parts: What will be sent.
        on_bytes: Told after each file how many bytes it has.

    Raises:
        InputError: A file is another, or cannot be read.
    """
    for part in parts:
        for file in part.files:
            path = release.path(file)
            try:
                with path.open("rb") as stream:
                    found = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as error:
                raise InputError(f"{path}: cannot be read: {error.strerror}") from error
            if found != file.sha256:
                raise InputError(
                    f"{path}: expected the file that the manifest lists (SHA-256 "
                    f"{file.sha256[:12]}…), found another ({found[:12]}…) (export again)"
                )
            on_bytes(file.bytes)


def _listed(release: Release, name: str) -> WrittenFile:
    file = release.listed(name)
    if file is None:
        raise InputError(
            f"{release.folder}: expected {name} in the manifest, found none (export again)"
        )
    return file
