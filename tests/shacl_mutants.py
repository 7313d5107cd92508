"""Real figures and the shipped shapes, changed at random: what the fast engine is held against.

Both are lists of triples, and a mutation is a name and a number: the number decides on the
details, and a list of mutations shrinks to those that matter. What engines are known to judge
differently (docs/shacl.md) is taken out again by `within_agreement`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st
from pathway_pages import real_outcomes

from pfocr_rdf.mapping import FigureGraph
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
    SUBCLASS_OF,
    TRUE,
)
from pfocr_rdf.terms import (
    IRI,
    RDF_LANG_STRING,
    XSD,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_GYEAR,
    XSD_INTEGER,
    XSD_STRING,
    BlankNode,
    Literal,
    Node,
    Subject,
    Term,
    Triple,
)
from pfocr_rdf.validation import _read_shapes
from pfocr_rdf.vocabulary import OA, PFOCR, SCHEMA

EX: Final = "http://example.org/"
XSD_BOOLEAN: Final = IRI(XSD + "boolean")
MENTIONS: Final = 8
"""How many mentions of a figure are kept, each of another kind as far as there are kinds."""
_NUMBERS: Final = frozenset((XSD_INTEGER, XSD_DECIMAL))
_COUNTS: Final = (SH.minCount, SH.maxCount, SH.qualifiedMinCount, SH.qualifiedMaxCount)
_BOUNDS: Final = (SH.minInclusive, SH.maxInclusive)
_KINDS: Final = (SH.IRI, SH.Literal, SH.BlankNode, SH.IRIOrLiteral, SH.BlankNodeOrIRI)
_SEVERITIES: Final = (SH.Info, SH.Warning, SH.Violation, IRI(EX + "grave"))
_DATATYPES: Final = (
    *(XSD_STRING, XSD_INTEGER, XSD_DECIMAL, XSD_DATE, XSD_GYEAR, XSD_BOOLEAN),
    *(RDF_LANG_STRING, IRI(EX + "datatype")),
)
_PATTERNS: Final = ("[0-9]", "^http", "a", "^$", "e$", "^[A-Z]")
_ALONE: Final = (
    *(SH.minCount, SH.maxCount, SH.datatype, SH_CLASS, SH.nodeKind, SH.pattern, SH.minLength),
    *(SH.minInclusive, SH.maxInclusive, SH_IN, SH_OR, SH.closed, SH.hasValue, SH.disjoint),
    *(SH.equals, SH.property, SH.targetClass),
)
"""What can be taken from a shape without leaving half a constraint."""

Mutation = tuple[str, int]
Mutate = Callable[[Random, list[Triple], "Names"], None]


class Names(NamedTuple):
    """What mutations choose from, all of it said somewhere in the figure or the shapes."""

    predicates: tuple[IRI, ...]
    classes: tuple[IRI, ...]
    nodes: tuple[IRI, ...]


# ----------------------------------------------------------------------
# Where it starts


@lru_cache(maxsize=1)
def figures(root: Path) -> tuple[tuple[Triple, ...], ...]:
    """Return small graphs of real figures: of the seeds and, where it is, of the sample."""
    folders = [root / "seeds", root.parent / "shared" / "data" / "pfocr-sample"]
    graphs = []
    with TemporaryDirectory() as workspace:
        for folder in folders:
            if folder.is_dir():
                graphs += [real.graph for real in real_outcomes(folder, Path(workspace))]
    return tuple(tuple(_small(graph)) for graph in graphs)


def _small(graph: FigureGraph) -> list[Triple]:
    """Return a figure with a few mentions, and the entities that they and it refer to."""
    kinds: dict[tuple[object, ...], Node] = {}
    for mention in graph.mentions:
        said = dict(mention.properties)
        kind = [said.get(name) for name in (RDF_TYPE, PFOCR.identifiedBy, PFOCR.unresolvedReason)]
        kinds.setdefault((*kind, said.get(PFOCR.lexicon)), mention)
    mentions = list(dict.fromkeys((*kinds.values(), *graph.mentions)))[:MENTIONS]
    named = {value for mention in mentions for _, _, value in mention.triples()}
    lists = (SCHEMA.mentions, PFOCR.mentionsBySymbol, PFOCR.mentionsBySynonym)
    found: list[Triple] = [
        triple
        for node in (graph.figure, *mentions)
        for triple in node.triples()
        if triple[2] in named or triple[1] not in (*lists, PFOCR.mentionsByFamily)
    ]
    entities = {entity.subject: entity for entity in graph.entities}
    for _, _, value in found:  # which grows while it is read: entities refer to entities
        if isinstance(value, str) and (entity := entities.pop(value, None)) is not None:
            found += entity.triples()
    return found


@lru_cache(maxsize=1)
def shipped() -> tuple[Triple, ...]:
    """Return the shipped shapes as one graph."""
    return tuple(dict.fromkeys(_read_shapes(None).triples))


def names_of(data: Sequence[Triple]) -> Names:
    """Return what there is to choose from."""
    shapes = shipped()
    paths = [value for _, name, value in shapes if name == SH.path]
    classes = [value for _, name, value in shapes if name in (SH.targetClass, SH_CLASS)]
    return Names(
        tuple(dict.fromkeys(_iris([*(name for _, name, _ in data), *paths]))),
        tuple(dict.fromkeys(_iris([*classes, *(o for _, p, o in data if p == RDF_TYPE)]))),
        tuple(dict.fromkeys(_iris([subject for subject, _, _ in data]))),
    )


def _iris(terms: Iterable[Term]) -> list[IRI]:
    return [term for term in terms if isinstance(term, str)]


# ----------------------------------------------------------------------
# Mutations of a figure


def _any(random: Random, data: Sequence[Triple]) -> int:
    """Return a place: any triple, or one of any predicate, as most triples are of mentions."""
    if random.random() < 0.5:
        return random.randrange(len(data))
    predicate = random.choice(sorted({name for _, name, _ in data}))
    return random.choice([i for i, triple in enumerate(data) if triple[1] == predicate])


def _any_literal(random: Random, data: Sequence[Triple]) -> tuple[int, Literal] | None:
    found = [(i, value) for i, (_, _, value) in enumerate(data) if isinstance(value, Literal)]
    if not found:
        return None
    predicate = random.choice(sorted({data[i][1] for i, _ in found}))
    return random.choice([each for each in found if data[each[0]][1] == predicate])


def _set(data: list[Triple], place: int, value: Term) -> None:
    data[place] = (*data[place][:2], value)


def _node(random: Random, names: Names) -> Subject:
    others = (IRI(EX + "unknown"), BlankNode("b1"), BlankNode("b2"))
    return random.choice(names.nodes) if random.random() < 0.7 else random.choice(others)


def _drop(random: Random, data: list[Triple], names: Names) -> None:
    data.pop(_any(random, data))


def _drop_property(random: Random, data: list[Triple], names: Names) -> None:
    subject, predicate, _ = data[_any(random, data)]
    data[:] = [each for each in data if each[:2] != (subject, predicate)]


def _repeat(random: Random, data: list[Triple], names: Names) -> None:
    data.insert(random.randrange(len(data)), data[_any(random, data)])


def _second_value(random: Random, data: list[Triple], names: Names) -> None:
    subject, predicate, _ = data[_any(random, data)]
    values = [value for _, name, value in data if name == predicate]
    data.append((subject, predicate, random.choice(values)))


def _retarget(random: Random, data: list[Triple], names: Names) -> None:
    _set(data, _any(random, data), _node(random, names))


def _retag(random: Random, data: list[Triple], names: Names) -> None:
    place = _any(random, data)
    subject, _, value = data[place]
    other = IRI(EX + "predicate") if random.random() < 0.2 else random.choice(names.predicates)
    data[place] = (subject, other, value)


def _move(random: Random, data: list[Triple], names: Names) -> None:
    place = _any(random, data)
    data[place] = (_node(random, names), *data[place][1:])


def _swap(random: Random, data: list[Triple], names: Names) -> None:
    one = _any(random, data)
    alike = [i for i, triple in enumerate(data) if triple[1] == data[one][1]]
    other = random.choice(alike) if random.random() < 0.5 else _any(random, data)
    value = data[one][2]
    _set(data, one, data[other][2])
    _set(data, other, value)


def _datatype(random: Random, data: list[Triple], names: Names) -> None:
    if found := _any_literal(random, data):
        place, value = found
        datatype = random.choice(_DATATYPES)
        if datatype == RDF_LANG_STRING:
            language = random.choice(["en", "en-gb", "de"])
            _set(data, place, Literal(value.lexical, datatype, language))
        else:
            fitting = {XSD_DATE: "2021-02-03", XSD_GYEAR: "2021", XSD_BOOLEAN: "true"}
            _set(data, place, Literal(fitting.get(datatype, value.lexical), datatype))


def _language(random: Random, data: list[Triple], names: Names) -> None:
    if found := _any_literal(random, data):
        place, value = found
        tagged = Literal(value.lexical, RDF_LANG_STRING, random.choice(["en", "de"]))
        data.insert(place, (*data[place][:2], tagged))


def _text(random: Random, data: list[Triple], names: Names) -> None:
    if found := _any_literal(random, data):
        place, value = found
        old = value.lexical
        number = str(random.choice([-1, 0, 1, 2, 12345678901]))
        text = random.choice(["", " ", old + "x", old.upper(), old[1:], "\n" + old, number])
        _set(data, place, value._replace(lexical=text))


def _to_iri(random: Random, data: list[Triple], names: Names) -> None:
    if found := _any_literal(random, data):
        place, value = found
        _set(data, place, IRI(EX + quote(value.lexical, safe="")))


def _to_literal(random: Random, data: list[Triple], names: Names) -> None:
    place = _any(random, data)
    value = data[place][2]
    if isinstance(value, str):
        _set(data, place, Literal(value))


def _other_class(random: Random, data: list[Triple], names: Names) -> None:
    places = [i for i, triple in enumerate(data) if triple[1] == RDF_TYPE]
    if places:
        place = random.choice(places)
        match random.choice(["other", "more", "none"]):
            case "other":
                _set(data, place, random.choice(names.classes))
            case "more":
                data.append((*data[place][:2], random.choice(names.classes)))
            case _:
                data.pop(place)


def _subclass(random: Random, data: list[Triple], names: Names) -> None:
    child = IRI(EX + "Class") if random.random() < 0.5 else random.choice(names.classes)
    data.append((child, SUBCLASS_OF, random.choice(names.classes)))
    places = [i for i, triple in enumerate(data) if triple[1] == RDF_TYPE]
    if places and random.random() < 0.7:
        _set(data, random.choice(places), child)


def _rename(random: Random, data: list[Triple], names: Names) -> None:
    old = data[_any(random, data)][0]
    new = random.choice([BlankNode("renamed"), IRI(EX + "renamed"), _node(random, names)])
    data[:] = [(new if s == old else s, p, new if o == old else o) for s, p, o in data]


def _answer(random: Random, data: list[Triple], names: Names) -> None:
    """Give a mention another answer, word or tier: what combinations are remembered of."""
    mentions = sorted({s for s, p, _ in data if p == PFOCR.occurrences}, key=str)
    told = (
        *(PFOCR.identifiedBy, PFOCR.unresolvedReason, PFOCR.matchTier, PFOCR.lexicon),
        *(PFOCR.candidate, OA.hasBody, PFOCR.statedSymbol),
    )
    if mentions:
        mention, predicate = random.choice(mentions), random.choice(told)
        values = [value for _, name, value in data if name == predicate]
        if random.random() < 0.6:
            data[:] = [each for each in data if each[:2] != (mention, predicate)]
        if values and random.random() < 0.7:
            data.append((mention, predicate, random.choice(values)))


DATA_MUTATIONS: Final[dict[str, Mutate]] = {
    "drop": _drop,
    "drop property": _drop_property,
    "repeat": _repeat,
    "second value": _second_value,
    "retarget": _retarget,
    "retag": _retag,
    "move": _move,
    "swap": _swap,
    "datatype": _datatype,
    "language": _language,
    "text": _text,
    "to IRI": _to_iri,
    "to literal": _to_literal,
    "class": _other_class,
    "subclass": _subclass,
    "rename": _rename,
    "answer": _answer,
}


def within_agreement(data: Iterable[Triple]) -> list[Triple]:
    """Leave out what engines are known to judge differently."""
    bounded = _bounded()
    return [
        (subject, predicate, value)
        for subject, predicate, value in data
        if not isinstance(value, Literal)
        or (_is_agreed(value) and (predicate not in bounded or _is_comparable(value)))
    ]


def _bounded() -> frozenset[Term]:
    """Return the predicates whose values are compared with a number."""
    shapes = shipped()
    compared = {subject for subject, name, _ in shapes if name in _BOUNDS}
    return frozenset(o for s, name, o in shapes if name == SH.path and s in compared)


def _is_agreed(value: Literal) -> bool:
    lexical = value.lexical
    if lexical.endswith("\n"):
        return False
    if value.datatype in _NUMBERS:
        # Plainly a number or plainly none: Python reads " 1", "1_0" and "1e3" as numbers too.
        return _is_number(value) or re.search(r"[A-Za-df-z]{2}", lexical) is not None
    fitting = {XSD_GYEAR: r"[0-9]{4}", XSD_BOOLEAN: "true|false"}
    fitting[XSD_DATE] = r"20[0-9]{2}-0[1-9]-[01][1-9]"
    return re.fullmatch(fitting.get(value.datatype, "(?s:.*)"), lexical) is not None


def _is_comparable(value: Literal) -> bool:
    """Say whether engines compare a literal with a number alike."""
    if value.datatype in _NUMBERS:
        return _is_number(value)
    return value.datatype in {XSD_STRING, RDF_LANG_STRING}


def _is_number(value: Literal) -> bool:
    point = r"(?:\.[0-9]+)?" if value.datatype == XSD_DECIMAL else ""
    return re.fullmatch(f"-?[0-9]+{point}", value.lexical) is not None


# ----------------------------------------------------------------------
# Mutations of the shapes


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
        _set(shapes, random.choice(places), choose())


def _count(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, _COUNTS, lambda: _integer(random.randint(0, 4)))


def _bound(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, _BOUNDS, lambda: Literal(random.choice("0123"), XSD_DECIMAL))


def _other_datatype(random: Random, shapes: list[Triple], names: Names) -> None:
    _replace_one(random, shapes, (SH.datatype,), lambda: random.choice(_DATATYPES))


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
        _set(shapes, place, random.choice(_SEVERITIES))


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
    _set(shapes, place, _list(shapes, members, random))


def _alternatives(random: Random, shapes: list[Triple], names: Names) -> None:
    """Change sh:or: one alternative less, or another way of joining them."""
    if not (places := _places(shapes, (SH_OR, SH_AND, SH.xone))):
        return
    place = random.choice(places)
    subject, _, head = shapes[place]
    members = _members(shapes, head)
    if len(members) > 1 and random.random() < 0.6:
        members.pop(random.randrange(len(members)))
        _set(shapes, place, _list(shapes, members, random))
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
        shapes.pop(random.choice(places))


def _more(random: Random, shapes: list[Triple], names: Names) -> None:
    """Add a constraint to a shape, nested or not."""
    shape = _any_shape(random, shapes)
    of_property = bool(_said(shapes, shape, SH.path))
    single: dict[IRI, Callable[[], Term]] = {
        SH.datatype: lambda: random.choice(_DATATYPES),
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
    """Ask for another shape that is there: sh:node and sh:not take any, sh:property has a path."""
    every = _shapes_of(shapes)
    outer = _any_shape(random, shapes)
    inner = random.choice(every)
    if not _leads_to(shapes, inner, outer):
        ways = [SH.node, SH_NOT]
        if _said(shapes, inner, SH.path):
            ways.append(SH.property)
        shapes.append((outer, random.choice(ways), inner))


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
    compared = {subject for subject, name, _ in shapes if name in _BOUNDS}
    places = [i for i in _places(shapes, (SH.path,)) if shapes[i][0] not in compared]
    place = random.choice(places)
    old, other = shapes[place][2], random.choice(names.predicates)
    node = _fresh(random)
    match random.choice(["other", "then", "or", "back", "many", "maybe"]):
        case "other":
            _set(shapes, place, other)
            return
        case "then":
            _set(shapes, place, _list(shapes, [old, other], random))
            return
        case "or":
            shapes.append((node, SH.alternativePath, _list(shapes, [old, other], random)))
        case "back":
            shapes.append((node, SH.inversePath, other))
        case "many":
            shapes.append((node, SH.zeroOrMorePath, old))
        case _:
            shapes.append((node, SH.zeroOrOnePath, old))
    _set(shapes, place, node)


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
}


# ----------------------------------------------------------------------
# What tests ask for


def some(mutations: Iterable[str], most: int) -> st.SearchStrategy[list[Mutation]]:
    """Return a strategy for a list of mutations."""
    one = st.tuples(st.sampled_from(sorted(mutations)), st.integers(0, 2**32 - 1))
    return st.lists(one, max_size=most)


def spoilt(figure: Sequence[Triple], mutations: Iterable[Mutation]) -> list[Triple]:
    """Return a figure's graph with mutations."""
    data, names = list(figure), names_of(figure)
    for name, number in mutations:
        if data:
            DATA_MUTATIONS[name](Random(number), data, names)
    return within_agreement(data)


def changed(mutations: Iterable[Mutation], names: Names) -> list[Triple]:
    """Return the shipped shapes with mutations."""
    shapes = list(shipped())
    for place, (name, number) in enumerate(mutations):
        # Blank nodes are named by it, so that one mutation twice makes two of them.
        SHAPE_MUTATIONS[name](Random(f"{place} {number}"), shapes, names)
    return list(dict.fromkeys(shapes))
