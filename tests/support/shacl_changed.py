"""Mutations of the shipped shapes: shapes that nobody wrote, but like those that somebody did.

No mutation makes shapes ill-formed, or such that they refer to themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Final

from pfocr_rdf.rdf.terms import (
    IRI,
    XSD_DECIMAL,
    XSD_INTEGER,
    BlankNode,
    Literal,
    Subject,
    Term,
    Triple,
)
from pfocr_rdf.shacl.names import (
    PARAMETERS,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    SH,
    SH_AND,
    SH_CLASS,
    SH_IN,
    SH_NOT,
    SH_OR,
    TRUE,
)
from tests.support.shacl_real import (
    BOUNDS,
    DATATYPES,
    EX,
    Mutate,
    Mutation,
    Names,
    set_value,
    shipped,
)

_COUNTS: Final = (SH.minCount, SH.maxCount, SH.qualifiedMinCount, SH.qualifiedMaxCount)
_KINDS: Final = (SH.IRI, SH.Literal, SH.BlankNode, SH.IRIOrLiteral, SH.BlankNodeOrIRI)
_SEVERITIES: Final = (SH.Info, SH.Warning, SH.Violation, IRI(EX + "grave"))
_PATTERNS: Final = ("[0-9]", "^http", "a", "^$", "e$", "^[A-Z]")
_ALONE: Final = (
    *(SH.minCount, SH.maxCount, SH.datatype, SH_CLASS, SH.nodeKind, SH.pattern, SH.minLength),
    *(SH.minInclusive, SH.maxInclusive, SH_IN, SH_OR, SH.closed, SH.hasValue, SH.disjoint),
    *(SH.equals, SH.property, SH.targetClass),
)
"""What can be taken from a shape without leaving half a constraint."""


def _integer(number: int) -> Literal:
    return Literal(str(number), XSD_INTEGER)


def _places(triples: Sequence[Triple], names: Sequence[IRI]) -> list[int]:
    return [i for i, triple in enumerate(triples) if triple[1] in names]


def _shapes_of(shapes: Sequence[Triple]) -> list[Subject]:
    """Return all shapes, the nested ones without a name included."""
    return list(dict.fromkeys(s for s, name, _ in shapes if name in PARAMETERS or name == SH.path))


def _said(shapes: Sequence[Triple], shape: Subject, name: IRI) -> list[Term]:
    return [value for s, p, value in shapes if (s, p) == (shape, name)]


def _any_shape(random: Random, shapes: Sequence[Triple]) -> Subject:
    every = _shapes_of(shapes)
    nested: list[Subject] = [shape for shape in every if isinstance(shape, BlankNode)]
    return random.choice(nested if nested and random.random() < 0.4 else every)


def _replace_one(
    random: Random, shapes: list[Triple], names: Sequence[IRI], choose: Callable[[], Term]
) -> None:
    if places := _places(shapes, names):
        set_value(shapes, random.choice(places), choose())


def _count(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, _COUNTS, lambda: _integer(random.randint(0, 4)))


def _bound(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, BOUNDS, lambda: Literal(random.choice("0123"), XSD_DECIMAL))


def _other_datatype(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, (SH.datatype,), lambda: random.choice(DATATYPES))


def _class(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, (SH_CLASS,), lambda: random.choice(names.classes))


def _kind(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, (SH.nodeKind,), lambda: random.choice(_KINDS))


def _length(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, (SH.minLength,), lambda: _integer(random.randint(1, 20)))


def _pattern(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, (SH.pattern,), lambda: _any_pattern(random))


def _any_pattern(random: Random) -> Literal:
    if random.random() < 0.5:
        return Literal(random.choice(_PATTERNS))
    shipped_ones = (value for _, name, value in shipped() if name == SH.pattern)
    return random.choice([value for value in shipped_ones if isinstance(value, Literal)])


def _severity(random: Random, shapes: list[Triple], names: Names) -> None:
    place = random.choice(_places(shapes, (SH.severity,)))
    if random.random() < 0.3:
        shapes.pop(place)
    else:
        set_value(shapes, place, random.choice(_SEVERITIES))


def _target(random: Random, shapes: list[Triple], names: Names) -> None:
    shape = _any_shape(random, shapes)
    match random.choice(["other", "class", "subjects", "objects", "node"]):
        case "other":
            _replace_one(random, shapes, (SH.targetClass,), lambda: random.choice(names.classes))
        case "class":
            shapes.append((shape, SH.targetClass, random.choice(names.classes)))
        case "subjects":
            shapes.append((shape, SH.targetSubjectsOf, random.choice(names.predicates)))
        case "objects":
            shapes.append((shape, SH.targetObjectsOf, random.choice(names.predicates)))
        case _:
            shapes.append((shape, SH.targetNode, random.choice(names.nodes)))


def _listed(random: Random, shapes: list[Triple], names: Names) -> None:
    """Change a list of values: one less, one more, or another one."""
    place = random.choice(_places(shapes, (SH_IN, SH.ignoredProperties)))
    members = _members(shapes, shapes[place][2])
    is_in = shapes[place][1] == SH_IN
    new: Term = random.choice(names.nodes if is_in else names.predicates)
    match random.choice(["less", "more", "other"]):
        case "less" if members:
            members.pop(random.randrange(len(members)))
        case "other" if members:
            members[random.randrange(len(members))] = new
        case _:
            members.append(new)
    set_value(shapes, place, _list(shapes, members, random))


def _alternatives(random: Random, shapes: list[Triple], names: Names) -> None:
    """Change sh:or: one alternative less, or another way of joining them."""
    if not (places := _places(shapes, (SH_OR, SH_AND, SH.xone))):
        return
    place = random.choice(places)
    subject, _, head = shapes[place]
    members = _members(shapes, head)
    if len(members) > 1 and random.random() < 0.6:
        members.pop(random.randrange(len(members)))
        set_value(shapes, place, _list(shapes, members, random))
    else:
        shapes[place] = (subject, random.choice([SH_AND, SH.xone, SH_OR]), head)


def _members(shapes: Sequence[Triple], head: Term) -> list[Term]:
    first = {s: o for s, name, o in shapes if name == RDF_FIRST}
    rest = {s: o for s, name, o in shapes if name == RDF_REST}
    members = []
    while isinstance(head, BlankNode):
        members.append(first[head])
        head = rest[head]
    return members


def _list(shapes: list[Triple], members: Sequence[Term], random: Random) -> Term:
    head: Term = RDF_NIL
    for member in reversed(members):
        cell = _fresh(random)
        shapes += [(cell, RDF_FIRST, member), (cell, RDF_REST, head)]
        head = cell
    return head


def _fresh(random: Random) -> BlankNode:
    return BlankNode(f"m{random.getrandbits(64):x}")


def _less(random: Random, shapes: list[Triple], names: Names) -> None:
    """Take a constraint, a property or a target away."""
    if places := _places(shapes, _ALONE):
        shape, name, _ = shapes.pop(random.choice(places))
        if name == SH.closed:  # else pyshacl would stop, a known difference
            shapes[:] = [each for each in shapes if each[:2] != (shape, SH.ignoredProperties)]


def _more(random: Random, shapes: list[Triple], names: Names) -> None:
    """Add a constraint to a shape, nested or not."""
    shape = _any_shape(random, shapes)
    of_property = bool(_said(shapes, shape, SH.path))
    single: dict[IRI, Callable[[], Term]] = {
        SH.datatype: lambda: random.choice(DATATYPES),
        SH.nodeKind: lambda: random.choice(_KINDS),
        SH.minLength: lambda: _integer(random.randint(1, 20)),
        SH.maxLength: lambda: _integer(random.randint(0, 40)),
        SH.pattern: lambda: _any_pattern(random),
        SH.deactivated: lambda: TRUE,
        SH.closed: lambda: TRUE,
        SH_IN: lambda: _list(shapes, random.sample(names.nodes, 2), random),
        SH.languageIn: lambda: _list(shapes, [Literal("en")], random),
    }
    several: dict[IRI, Callable[[], Term]] = {
        SH_CLASS: lambda: random.choice(names.classes),
        SH.hasValue: lambda: random.choice(names.nodes),
        SH.equals: lambda: random.choice(names.predicates),
        SH.disjoint: lambda: random.choice(names.predicates),
    }
    if of_property:
        single[SH.minCount] = single[SH.maxCount] = lambda: _integer(random.randint(0, 3))
        single[SH.uniqueLang] = lambda: TRUE
    name = random.choice([*single, *several])
    if name in several:
        shapes.append((shape, name, several[name]()))
    elif not _said(shapes, shape, name):
        shapes.append((shape, name, single[name]()))


def _nest(random: Random, shapes: list[Triple], names: Names) -> None:
    """Ask for another shape that is there: sh:not takes any, others one with or without a path."""
    every = _shapes_of(shapes)
    outer = _any_shape(random, shapes)
    inner = random.choice(every)
    if not _leads_to(shapes, inner, outer):
        way = SH.property if _said(shapes, inner, SH.path) else SH.node
        shapes.append((outer, random.choice([way, way, SH_NOT]), inner))


def _leads_to(shapes: Sequence[Triple], start: Subject, end: Subject) -> bool:
    """Say whether a shape refers to another, by whatever way; shapes must not be circular."""
    following: dict[Term, list[Term]] = {}
    for subject, name, value in shapes:
        if name in PARAMETERS or name in (RDF_FIRST, RDF_REST):
            following.setdefault(subject, []).append(value)
    seen: set[Term] = {start}
    queue: list[Term] = [start]
    while queue:
        for value in following.get(queue.pop(), ()):
            if value not in seen:
                seen.add(value)
                queue.append(value)
    return end in seen


def _path(random: Random, shapes: list[Triple], names: Names) -> None:
    """Give a property shape another path, but for those whose values are compared."""
    compared = {subject for subject, name, _ in shapes if name in BOUNDS}
    places = [i for i in _places(shapes, (SH.path,)) if shapes[i][0] not in compared]
    place = random.choice(places)
    old, other = shapes[place][2], random.choice(names.predicates)
    node = _fresh(random)
    match random.choice(["other", "then", "or", "back", "many", "maybe"]):
        case "other":
            set_value(shapes, place, other)
            return
        case "then":
            set_value(shapes, place, _list(shapes, [old, other], random))
            return
        case "or":
            shapes.append((node, SH.alternativePath, _list(shapes, [old, other], random)))
        case "back":
            shapes.append((node, SH.inversePath, other))
        case "many":
            shapes.append((node, SH.zeroOrMorePath, old))
        case _:
            shapes.append((node, SH.zeroOrOnePath, old))
    set_value(shapes, place, node)


def _look(random: Random, shapes: list[Triple], names: Names) -> None:
    """Add to a nested shape what holds in the figure, but not by its own values alone."""
    said = {subject for subject, _, _ in names.figure}
    nested = [
        (shape, [value for _, p, value in names.figure if p == path and value in said])
        for shape, name, path in shapes
        if name == SH.path and isinstance(shape, BlankNode)
    ]
    if nested := [(shape, values) for shape, values in nested if values]:
        shape, values = random.choice(nested)
        value = random.choice(values)
        facts = [(p, o) for s, p, o in names.figure if s == value]
        predicate, known = random.choice(facts)
        if random.random() < 0.3:
            classes = [o for p, o in facts if p == RDF_TYPE]
            shapes.append((shape, SH_CLASS, random.choice(classes)))
            return
        if random.random() < 0.5:
            outer, shape = shape, _fresh(random)
            shapes.append((outer, SH.node, shape))
        inner = _fresh(random)
        shapes += [(shape, SH.property, inner), (inner, SH.path, predicate)]
        shapes.append((inner, SH.hasValue, known))


def _own(random: Random, shapes: list[Triple], names: Names) -> None:
    """Ask something of the focus node itself, where else its objects alone decide."""
    joined = [shape for shape, name, _ in shapes if name == SH_OR]
    shape = random.choice(joined) if joined else None
    if shape and not _said(shapes, shape, SH.path) and not _said(shapes, shape, SH.pattern):
        shapes.append((shape, SH.pattern, Literal(random.choice(["[0-9]$", "[0-7]$", "[a-f]$"]))))


SHAPE_MUTATIONS: Final[dict[str, Mutate]] = {
    "count": _count,
    "bound": _bound,
    "datatype": _other_datatype,
    "class": _class,
    "kind": _kind,
    "length": _length,
    "pattern": _pattern,
    "severity": _severity,
    "target": _target,
    "listed": _listed,
    "alternatives": _alternatives,
    "less": _less,
    "more": _more,
    "nest": _nest,
    "path": _path,
    "look": _look,
    "own": _own,
}


def changed(mutations: Iterable[Mutation], names: Names) -> list[Triple]:
    """Return the shipped shapes with mutations."""
    shapes = list(shipped())
    for place, (name, number) in enumerate(mutations):
        # Blank nodes are named by it, so that one mutation twice makes two of them.
        SHAPE_MUTATIONS[name](Random(f"{place} {number}"), shapes, names)
    return list(dict.fromkeys(shapes))
