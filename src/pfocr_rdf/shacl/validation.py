"""`validate`: RDF files, graphs, stores or triples against shapes, and what came of it.

Source: https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph

from pfocr_rdf.errors import InputError, ShapesError, UsageError
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.rdf import IRI, Subject, Triple, read_triples, triples_of
from pfocr_rdf.shacl import (
    Result,
    Shapes,
    UnsupportedShapesError,
    compile_shapes,
    conforms,
    count_severities,
    index_triples,
)
from pfocr_rdf.shacl.cut import PART, own_labels, text_size
from pfocr_rdf.shacl.in_parts import validate_in_parts
from pfocr_rdf.shacl.names import SH_BASE
from pfocr_rdf.shipped import shipped_shapes

if TYPE_CHECKING:
    import rdflib


Data: TypeAlias = (
    "str | Path | Sequence[str | Path] | rdflib.Graph | pyoxigraph.Store | pyoxigraph.Dataset"
    " | Iterable[pyoxigraph.Quad] | Iterable[pyoxigraph.Triple] | Iterable[Triple]"
)
"""RDF as others have it; see `validate`."""


class ShaclEngine(StrEnum):
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
        parts: In how many parts the data was read and validated.
        whole: Where there was more than one: the shapes that no part can answer, each with the
            reason. They were run on the whole graph.
    """

    results: tuple[Result, ...]
    engine: ShaclEngine
    files: tuple[str, ...]
    triples: int
    focus_nodes: int | None
    parts: int = 1
    whole: tuple[tuple[Subject, str], ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no result, of whatever severity."""
        return conforms(self.results)

    @property
    def severities(self) -> dict[IRI, int]:
        """How many results each severity has."""
        return count_severities(self.results)


def validate(
    data: Data,
    shapes: Data | None = None,
    engine: ShaclEngine | str = ShaclEngine.FAST,
    *,
    jobs: int | None = None,
) -> ValidationOutcome:
    """Validate RDF, in files or in memory.

    Args:
        data: The path of a file or a list of paths, in any syntax that `read_triples` knows; an
            rdflib graph (of a dataset, all its graphs); a store, dataset or quads of pyoxigraph
            (all graphs); or triples of ours. Several files are one graph.
        shapes: The same; None: the shapes that ship with pfocr-rdf. Their rdfs:subClassOf holds
            in the data as well.
        engine: An `ShaclEngine` or its name.
        jobs: How many processes validate large files, part by part; None: one a core. The
            results do not depend on it.

    Raises:
        InputError: A file cannot be read.
        ShapesError: The shapes are ill-formed, or the engine cannot run them.
        UsageError: There is no such engine, or no file.

    Example:
        >>> from pfocr_rdf.rdf import IRI, Literal
        >>> outcome = validate([(IRI("http://example.org/a"), IRI("http://example.org/p"),
        ...     Literal("a triple no shape is about"))])
        >>> outcome.conforms, outcome.focus_nodes
        (True, 0)
    """
    given = _given_shapes(shapes)
    if (paths := _paths(data)) is not None:
        return _validate_files(paths, given, _engine(engine), jobs)
    return _validate(_triples(data), given, _engine(engine), ())


def validate_files(
    paths: Sequence[Path],
    shapes_paths: Sequence[Path] | None = None,
    engine: ShaclEngine | str = ShaclEngine.FAST,
    *,
    jobs: int | None = None,
) -> ValidationOutcome:
    """Validate RDF files, taken together as one graph; see `validate`."""
    used = _engine(engine)
    return _validate_files(paths, _read_shapes(shapes_paths), used, jobs)


def _validate_files(
    paths: Sequence[Path], shapes: _ShapesGraph, engine: ShaclEngine, jobs: int | None
) -> ValidationOutcome:
    if not paths:
        raise UsageError("validate: expected at least one RDF file, found none")
    files = tuple(str(path) for path in paths)
    if (
        engine is not ShaclEngine.PYSHACL
        and text_size(paths) > PART
        and (compiled := _compiled(shapes, engine)) is not None
    ):
        labels = [""] if len(paths) == 1 else [f"file{n}-" for n in range(1, len(paths) + 1)]
        found = validate_in_parts(
            paths, labels, compiled, shapes.triples, jobs=jobs or default_jobs()
        )
        counts = found.triples, found.focus_nodes, found.parts
        whole = tuple(found.whole.items()) if found.parts > 1 else ()
        return ValidationOutcome(found.results, ShaclEngine.FAST, files, *counts, whole)
    return _validate(_read_all(paths), shapes, engine, files)


def load_shapes(shapes_paths: Sequence[Path] | None = None) -> Shapes:
    """Return shapes from files, compiled by the fast engine; None: the shipped ones.

    Raises:
        InputError: A file cannot be read.
        ShapesError: The shapes are ill-formed, or more than the fast engine runs.
    """
    return _read_shapes(shapes_paths).compiled


def _engine(name: ShaclEngine | str) -> ShaclEngine:
    try:
        return ShaclEngine(name)
    except ValueError as error:
        known = ", ".join(ShaclEngine)
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


def _given_shapes(given: Data | None) -> _ShapesGraph:
    if given is None:
        return _read_shapes(None)
    paths = _paths(given)
    return _ShapesGraph(_triples(given), "shapes") if paths is None else _read_shapes(paths)


def _paths(data: Data) -> Sequence[Path] | None:
    """Return the paths that data is; None where it is in memory."""
    if isinstance(data, (str, Path)):
        return [Path(data)]
    if isinstance(data, (list, tuple)) and all(isinstance(each, (str, Path)) for each in data):
        # No triples at all are no files either.
        return [Path(each) for each in data] or None
    return None


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
            yield from own_labels(read_triples(path), f"{kind or 'file'}{number}-")


def _triples(data: Data) -> Sequence[Triple]:
    module = sys.modules.get("rdflib")  # who has an rdflib graph has imported rdflib
    if module is not None and isinstance(data, module.Graph):
        from pfocr_rdf.shacl.rdflib_terms import from_rdflib  # noqa: PLC0415 - takes a second

        return list(from_rdflib(data))
    first, *rest = given if (given := list(data)) else (None,)  # type: ignore[arg-type]
    if isinstance(first, (pyoxigraph.Quad, pyoxigraph.Triple)):
        quads = [first, *rest]
        try:
            return list(triples_of(quads, lambda label, _: label))
        except ValueError as error:
            raise InputError(f"data: {error}") from error
    return given


def _compiled(shapes: _ShapesGraph, engine: ShaclEngine) -> Shapes | None:
    """Return the shapes as the fast engine takes them, None where pyshacl is to be asked.

    Raises:
        UnsupportedShapesError: The fast engine was asked for by name, and cannot take them.
    """
    if engine is ShaclEngine.PYSHACL:
        return None
    try:
        return shapes.compiled
    except UnsupportedShapesError:
        if engine is ShaclEngine.FAST:
            raise
        return None


def _validate(
    data: Iterable[Triple], shapes: _ShapesGraph, engine: ShaclEngine, files: tuple[str, ...]
) -> ValidationOutcome:
    compiled = _compiled(shapes, engine)
    if compiled is not None:
        index = index_triples(data)
        results = compiled.validate(index)
        triples = sum(
            len(values) for properties in index.values() for values in properties.values()
        )
        focus = compiled.count_focus_nodes(index)
        return ValidationOutcome(tuple(results), ShaclEngine.FAST, files, triples, focus)
    from pfocr_rdf.shacl.reference import validate_with_pyshacl  # noqa: PLC0415 - takes a second

    given = list(dict.fromkeys(data))
    found = validate_with_pyshacl(given, shapes.triples, axioms=shapes.triples)
    return ValidationOutcome(tuple(found), ShaclEngine.PYSHACL, files, len(given), None)
