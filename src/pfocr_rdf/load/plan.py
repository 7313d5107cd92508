"""Which files of a release go into which graph, and what a store must have of them then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from pfocr_rdf.description import ALIGNMENT_GRAPH, FIGURES_GRAPH
from pfocr_rdf.errors import InputError
from pfocr_rdf.rdf_files import read_triples
from pfocr_rdf.release import ALIGNMENT_FILE, VOID_FILE, Release
from pfocr_rdf.terms import IRI, Literal, Subject
from pfocr_rdf.vocabulary import VOID
from pfocr_rdf.write.files import WrittenFile


class LoadOptions(NamedTuple):
    """What of a release is loaded, where to and how.

    `slice_size` is in bytes, before compression.
    """

    graph: IRI = FIGURES_GRAPH
    alignment_graph: IRI = ALIGNMENT_GRAPH
    alignment: bool = True
    void: bool = True
    replace: bool = False
    resume: bool = True
    slice_size: int = 16_000_000


class Part(NamedTuple):
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


class VoidCounts(NamedTuple):
    """What void.ttl says of a release.

    Attributes:
        properties: Triples of each property of the dump.
        own: Triples that void.ttl has and the dump has not: the numbers.
    """

    properties: Mapping[IRI, int]
    own: int


def plan(release: Release, options: LoadOptions) -> tuple[Part, ...]:
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
    figures = Part(
        options.graph,
        files,
        release.triples + (said.own if options.void else 0),
        void.triples - said.own if options.void else 0,
        release.class_counts,
        said.properties,
    )
    if not options.alignment:
        return (figures,)
    alignment = _listed(release, ALIGNMENT_FILE)
    return figures, Part(options.alignment_graph, (alignment,), alignment.triples, 0, {}, {})


def void_counts(release: Release) -> VoidCounts:
    """Return what void.ttl says.

    It repeats the two nodes of the data set that the dump has, and adds what it counts; all of
    that, and nothing of the dump, has a property of VoID.

    Raises:
        InputError: The file cannot be read.
    """
    names: dict[Subject, IRI] = {}
    numbers: dict[Subject, int] = {}
    own = 0
    for subject, predicate, value in read_triples(release.folder / VOID_FILE):
        own += predicate.startswith(VOID.base)
        if predicate == VOID.property and isinstance(value, str):
            names[subject] = IRI(value)
        elif predicate == VOID.triples and isinstance(value, Literal):
            numbers[subject] = int(value.lexical)
    return VoidCounts({name: numbers[part] for part, name in names.items()}, own)


def check_files(
    release: Release,
    parts: tuple[Part, ...],
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


_KEY_LENGTH: Final = 8
_STAGING: Final = "/loading-"


def staging_prefix(graph: IRI) -> str:
    """Return how the names of temporary graphs beside a graph begin."""
    return graph + _STAGING


def is_staging(graph: IRI) -> bool:
    """Say whether a graph has the name of a temporary one."""
    return _STAGING in graph


def staging_graph(graph: IRI, release: Release) -> IRI:
    """Return the temporary graph of a release that shall replace what is in a graph."""
    return IRI(staging_prefix(graph) + release.key[:_KEY_LENGTH])


def _listed(release: Release, name: str) -> WrittenFile:
    file = release.listed(name)
    if file is None:
        raise InputError(
            f"{release.folder}: expected {name} in the manifest, found none (export again)"
        )
    return file
