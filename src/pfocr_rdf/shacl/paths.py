"""SHACL property paths: read from a shapes graph, compiled to closures, written back.

Source: https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.rdf import IRI, BlankNode, Literal, Term, Triple
from pfocr_rdf.shacl.graph import NOTHING, DataGraph, Index, rdf_list
from pfocr_rdf.shacl.names import RDF_FIRST, RDF_NIL, RDF_REST, SH, compact


@dataclass(frozen=True, slots=True)
class SequencePath:
    """`( first second ... )`: each step from the values of the step before."""

    steps: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class AlternativePath:
    """`[ sh:alternativePath ( ... ) ]`: the values of any of the choices."""

    choices: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class InversePath:
    """`[ sh:inversePath p ]`."""

    inner: Path


@dataclass(frozen=True, slots=True)
class ZeroOrMorePath:
    """`[ sh:zeroOrMorePath p ]`: the node itself, and all that `p` reaches from it."""

    inner: Path


@dataclass(frozen=True, slots=True)
class OneOrMorePath:
    """`[ sh:oneOrMorePath p ]`."""

    inner: Path


@dataclass(frozen=True, slots=True)
class ZeroOrOnePath:
    """`[ sh:zeroOrOnePath p ]`."""

    inner: Path


Path = (
    IRI
    | SequencePath
    | AlternativePath
    | InversePath
    | ZeroOrMorePath
    | OneOrMorePath
    | ZeroOrOnePath
)
Walk = Callable[[DataGraph, Term], Sequence[Term]]
"""A compiled path: the distinct nodes that it reaches from one node."""

_UNARY: dict[IRI, Callable[[Path], Path]] = {
    SH.inversePath: InversePath,
    SH.zeroOrMorePath: ZeroOrMorePath,
    SH.oneOrMorePath: OneOrMorePath,
    SH.zeroOrOnePath: ZeroOrOnePath,
}
_UNARY_NAME = {
    InversePath: SH.inversePath,
    ZeroOrMorePath: SH.zeroOrMorePath,
    OneOrMorePath: SH.oneOrMorePath,
    ZeroOrOnePath: SH.zeroOrOnePath,
}


def parse_path(index: Index, node: Term) -> Path:
    """Return the path that a node of the shapes graph describes.

    A node that is a list as well as something else is read as the list, as the W3C
    tests path-strange-001 and -002 have it.

    Raises:
        ShapesError: The node is not a well-formed path.
    """
    return _parse(index, node, frozenset())


def _parse(index: Index, node: Term, above: frozenset[Term]) -> Path:
    if isinstance(node, str):
        return node
    if isinstance(node, Literal):
        raise ShapesError(f'sh:path: expected an IRI or a blank node, found "{node.lexical}"')
    if node in above:
        raise ShapesError("sh:path: expected a finite path, found one that contains itself")
    above |= {node}
    properties = index.get(node, NOTHING)
    if RDF_FIRST in properties:
        return SequencePath(_parse_list(index, node, above, "a sequence path"))
    found = [name for name in (*_UNARY, SH.alternativePath) if name in properties]
    if len(found) != 1 or len(properties[found[0]]) != 1:
        names = ", ".join(map(compact, found)) or "nothing of the kind"
        raise ShapesError(f"sh:path: expected one path expression, found {names}")
    (inner,) = properties[found[0]]
    if found[0] == SH.alternativePath:
        return AlternativePath(_parse_list(index, inner, above, "sh:alternativePath"))
    path: Path = _UNARY[found[0]](_parse(index, inner, above))
    return path


def _parse_list(index: Index, head: Term, above: frozenset[Term], what: str) -> tuple[Path, ...]:
    members = rdf_list(index, head)
    if members is None or len(members) < 2:
        raise ShapesError(f"sh:path: {what}: expected a list of at least two paths")
    return tuple(_parse(index, member, above) for member in members)


def compile_path(path: Path) -> Walk:
    """Return the function that follows a path."""
    match path:
        case SequencePath(steps):
            return _sequence([compile_path(step) for step in steps])
        case AlternativePath(choices):
            return _alternative([compile_path(choice) for choice in choices])
        case InversePath(inner):
            return _inverse(inner)
        case ZeroOrMorePath(inner):
            return _closure(compile_path(inner), from_start=True)
        case OneOrMorePath(inner):
            return _closure(compile_path(inner), from_start=False)
        case ZeroOrOnePath(inner):
            return _optional(compile_path(inner))
        case _:
            return _predicate(path)


def _predicate(predicate: IRI) -> Walk:
    return lambda graph, node: graph.values(node, predicate)


def _inverse(inner: Path) -> Walk:
    """Push the inversion down to the predicates, where it is a look-up."""
    match inner:
        case SequencePath(steps):
            return _sequence([_inverse(step) for step in reversed(steps)])
        case AlternativePath(choices):
            return _alternative([_inverse(choice) for choice in choices])
        case InversePath(again):
            return compile_path(again)
        case ZeroOrMorePath(again):
            return _closure(_inverse(again), from_start=True)
        case OneOrMorePath(again):
            return _closure(_inverse(again), from_start=False)
        case ZeroOrOnePath(again):
            return _optional(_inverse(again))
        case _:
            return _inverse_predicate(inner)


def _inverse_predicate(predicate: IRI) -> Walk:
    return lambda graph, node: graph.subjects(predicate, node)


def _sequence(walks: Sequence[Walk]) -> Walk:
    def walk(graph: DataGraph, node: Term) -> Sequence[Term]:
        nodes: Iterable[Term] = (node,)
        for step in walks:
            nodes = dict.fromkeys(value for each in nodes for value in step(graph, each))
        return tuple(nodes)

    return walk


def _alternative(walks: Sequence[Walk]) -> Walk:
    def walk(graph: DataGraph, node: Term) -> Sequence[Term]:
        return tuple(dict.fromkeys(value for choice in walks for value in choice(graph, node)))

    return walk


def _optional(inner: Walk) -> Walk:
    def walk(graph: DataGraph, node: Term) -> Sequence[Term]:
        return tuple(dict.fromkeys((node, *inner(graph, node))))

    return walk


def _closure(inner: Walk, *, from_start: bool) -> Walk:
    def walk(graph: DataGraph, node: Term) -> Sequence[Term]:
        found: dict[Term, None] = {node: None} if from_start else {}
        queue = [node]
        while queue:
            for value in inner(graph, queue.pop()):
                if value not in found:
                    found[value] = None
                    queue.append(value)
        return tuple(found)

    return walk


def predicates_back(path: Path, *, backward: bool = False) -> Iterator[IRI]:
    """Yield the predicates that a path follows from object to subject."""
    match path:
        case SequencePath(inner) | AlternativePath(inner):
            for each in inner:
                yield from predicates_back(each, backward=backward)
        case InversePath(inner):
            yield from predicates_back(inner, backward=not backward)
        case ZeroOrMorePath(inner) | OneOrMorePath(inner) | ZeroOrOnePath(inner):
            yield from predicates_back(inner, backward=backward)
        case _:
            if backward:
                yield path


def path_triples(path: Path, fresh: Iterator[BlankNode]) -> tuple[Term, list[Triple]]:
    """Return a path as a node and the triples that describe it.

    Args:
        path: As parsed; a predicate path is its own node and needs no triples.
        fresh: Blank nodes that are used nowhere else in the graph.
    """
    match path:
        case SequencePath(steps):
            return _list_triples(steps, fresh)
        case AlternativePath(choices):
            node = next(fresh)
            head, triples = _list_triples(choices, fresh)
            return node, [(node, SH.alternativePath, head), *triples]
        case InversePath() | ZeroOrMorePath() | OneOrMorePath() | ZeroOrOnePath():
            node = next(fresh)
            inner, triples = path_triples(path.inner, fresh)
            return node, [(node, _UNARY_NAME[type(path)], inner), *triples]
        case _:
            return path, []


def _list_triples(members: Sequence[Path], fresh: Iterator[BlankNode]) -> tuple[Term, list[Triple]]:
    cells = [next(fresh) for _ in members]
    triples: list[Triple] = []
    following_cells: list[Term] = [*cells[1:], RDF_NIL]
    for cell, following, member in zip(cells, following_cells, members, strict=True):
        node, described = path_triples(member, fresh)
        triples += [(cell, RDF_FIRST, node), *described, (cell, RDF_REST, following)]
    return cells[0], triples


def show_path(path: Path, show: Callable[[IRI], str]) -> str:
    """Return a path in SPARQL's notation, such as `rdf:type/rdfs:subClassOf*`."""
    match path:
        case SequencePath(steps):
            return "/".join(_show_inner(step, show) for step in steps)
        case AlternativePath(choices):
            return "|".join(_show_inner(choice, show) for choice in choices)
        case InversePath(inner):
            return f"^{_show_inner(inner, show)}"
        case ZeroOrMorePath(inner):
            return f"{_show_inner(inner, show)}*"
        case OneOrMorePath(inner):
            return f"{_show_inner(inner, show)}+"
        case ZeroOrOnePath(inner):
            return f"{_show_inner(inner, show)}?"
        case _:
            return show(path)


def _show_inner(path: Path, show: Callable[[IRI], str]) -> str:
    text = show_path(path, show)
    return text if isinstance(path, str) else f"({text})"
