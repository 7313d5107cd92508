"""`pfocr-rdf validate`: RDF files or graphs against shapes, and what came of it.

Source: https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pfocr_rdf.errors import ShapesError, UsageError
from pfocr_rdf.rdf import IRI, BlankNode, Literal, Subject, Term, Triple, read_triples
from pfocr_rdf.shacl import (
    Result,
    Shapes,
    UnsupportedShapesError,
    compile_shapes,
    conforms,
    count_severities,
    index_triples,
)
from pfocr_rdf.shacl.names import SH_BASE
from pfocr_rdf.shipped import shipped_shapes

if TYPE_CHECKING:
    import rdflib


class Engine(StrEnum):
    """Who validates."""

    FAST = "fast"
    PYSHACL = "pyshacl"
    AUTO = "auto"
    """The fast engine where it can run the shapes, else pyshacl."""


@dataclass(frozen=True, slots=True)
class ValidationOutcome:
    """What a validation found.

    Attributes:
        results: In the order of the data; empty when it conforms.
        engine: The engine that ran, FAST or PYSHACL, never AUTO.
        files: The names of the files as given; empty for a graph.
        triples: How many triples the data graph has, duplicates counted once.
        focus_nodes: How many nodes the shapes applied to; None where the engine does not
            say. Data that conforms with 0 of them was not looked at at all.
    """

    results: tuple[Result, ...]
    engine: Engine
    files: tuple[str, ...]
    triples: int
    focus_nodes: int | None

    @property
    def conforms(self) -> bool:
        """Whether there is no result, of whatever severity."""
        return conforms(self.results)

    @property
    def severities(self) -> dict[IRI, int]:
        """How many results each severity has."""
        return count_severities(self.results)


def validate_files(
    paths: Sequence[Path],
    shapes_paths: Sequence[Path] | None = None,
    engine: Engine | str = Engine.FAST,
) -> ValidationOutcome:
    """Validate RDF files, taken together as one graph.

    Args:
        paths: Files in any syntax that `read_triples` knows.
        shapes_paths: Shapes, taken together; None: those that ship with pfocr-rdf.
        engine: An `Engine` or its name.

    Raises:
        InputError: A file cannot be read.
        ShapesError: The shapes are ill-formed, or the engine cannot run them.
        UsageError: There is no such engine, or no file.
    """
    if not paths:
        raise UsageError("validate: expected at least one RDF file, found none")
    used = _engine(engine)
    shapes = _read_shapes(shapes_paths)
    files = tuple(str(path) for path in paths)
    return _validate(_read_all(paths), shapes, used, files)


def validate(
    graph: rdflib.Graph | Iterable[Triple],
    shapes: rdflib.Graph | Iterable[Triple] | None = None,
    engine: Engine | str = Engine.FAST,
) -> ValidationOutcome:
    """Validate a graph that is in memory.

    Args:
        graph: An rdflib graph (of a dataset, all its graphs) or triples of ours.
        shapes: The same; None: the shapes that ship with pfocr-rdf.
        engine: An `Engine` or its name.

    Raises:
        InputError: The shipped shapes cannot be read.
        ShapesError: The shapes are ill-formed, or the engine cannot run them.
        UsageError: There is no such engine.

    Example:
        >>> outcome = validate([(IRI("http://example.org/a"), IRI("http://example.org/p"),
        ...     Literal("a triple no shape is about"))])
        >>> outcome.conforms, outcome.focus_nodes
        (True, 0)
    """
    given = _read_shapes(None) if shapes is None else _ShapesGraph(_triples(shapes), "shapes")
    return _validate(_triples(graph), given, _engine(engine), ())


def load_shapes(shapes_paths: Sequence[Path] | None = None) -> Shapes:
    """Return shapes from files, compiled by the fast engine; None: the shipped ones.

    Raises:
        InputError: A file cannot be read.
        ShapesError: The shapes are ill-formed, or more than the fast engine runs.
    """
    return _read_shapes(shapes_paths).compiled


def _engine(name: Engine | str) -> Engine:
    try:
        return Engine(name)
    except ValueError as error:
        known = ", ".join(Engine)
        raise UsageError(f"--engine: expected one of {known}, found {name}") from error


@dataclass(frozen=True)
class _ShapesGraph:
    """Shapes before an engine sees them; `name` is for messages."""

    triples: Sequence[Triple]
    name: str

    @cached_property
    def compiled(self) -> Shapes:
        try:
            return compile_shapes(self.triples, axioms=self.triples)
        except ShapesError as error:
            raise type(error)(f"{self.name}: {error}") from error


def _read_shapes(paths: Sequence[Path] | None) -> _ShapesGraph:
    files = shipped_shapes() if paths is None else paths
    return _read_once(tuple(files), tuple(map(_state, files)))


def _state(path: Path) -> tuple[int, ...]:
    """Return what tells a change of a file; nothing where there is none to read."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@lru_cache(maxsize=4)
def _read_once(files: tuple[Path, ...], _: tuple[tuple[int, ...], ...]) -> _ShapesGraph:
    """Read shapes, and keep them: they change less often than a graph is validated."""
    triples = tuple(_read_all(files, "shapes"))
    name = ", ".join(path.name for path in files)
    if not any(predicate.startswith(SH_BASE) for _, predicate, _ in triples):
        raise ShapesError(f"{name}: expected SHACL shapes, found none (is it a shapes file?)")
    return _ShapesGraph(triples, name)


def _read_all(paths: Sequence[Path], kind: str = "") -> Iterator[Triple]:
    """Yield the triples of all files; equal labels in two files are two blank nodes.

    Args:
        paths: The files.
        kind: Set the labels of shapes apart from those of the data they are for.
    """
    for number, path in enumerate(paths, start=1):
        if len(paths) == 1 and not kind:
            yield from read_triples(path)
        else:
            prefix = f"{kind or 'file'}{number}-"
            for subject, predicate, value in read_triples(path):
                yield _own_subject(subject, prefix), predicate, _own(value, prefix)


def _own_subject(term: Subject, prefix: str) -> Subject:
    return BlankNode(prefix + term.label) if isinstance(term, BlankNode) else term


def _own(term: Term, prefix: str) -> Term:
    return term if isinstance(term, Literal) else _own_subject(term, prefix)


def _triples(graph: rdflib.Graph | Iterable[Triple]) -> Sequence[Triple]:
    module = sys.modules.get("rdflib")  # who has an rdflib graph has imported rdflib
    if module is not None and isinstance(graph, module.Graph):
        from pfocr_rdf.shacl.rdflib_terms import from_rdflib  # noqa: PLC0415 - takes a second

        return list(from_rdflib(graph))
    return list(graph)  # type: ignore[arg-type]


def _validate(
    data: Iterable[Triple], shapes: _ShapesGraph, engine: Engine, files: tuple[str, ...]
) -> ValidationOutcome:
    if engine is not Engine.PYSHACL:
        try:
            compiled = shapes.compiled
        except UnsupportedShapesError:
            if engine is Engine.FAST:
                raise
        else:
            index = index_triples(data)
            results = compiled.validate(index)
            triples = sum(
                len(values) for properties in index.values() for values in properties.values()
            )
            focus = compiled.count_focus_nodes(index)
            return ValidationOutcome(tuple(results), Engine.FAST, files, triples, focus)
    from pfocr_rdf.shacl.reference import validate_with_pyshacl  # noqa: PLC0415 - takes a second

    given = list(dict.fromkeys(data))
    found = validate_with_pyshacl(given, shapes.triples, axioms=shapes.triples)
    return ValidationOutcome(tuple(found), Engine.PYSHACL, files, len(given), None)
