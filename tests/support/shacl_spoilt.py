"""Mutations of a figure's graph: faults of all kinds, within what engines agree on.

What they are known to judge differently (docs/shacl.md) is taken out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final
from urllib.parse import quote

from pfocr_rdf.rdf.terms import (
    IRI,
    RDF_LANG_STRING,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_GYEAR,
    XSD_INTEGER,
    XSD_STRING,
    BlankNode,
    Literal,
    Subject,
    Term,
    Triple,
)
from pfocr_rdf.rdf.vocabulary import OA, PFOCR
from pfocr_rdf.shacl.names import RDF_TYPE, SH, SUBCLASS_OF
from tests.support.shacl_real import (
    BOUNDS,
    DATATYPES,
    EX,
    XSD_BOOLEAN,
    Mutate,
    Mutation,
    Names,
    names_of,
    set_value,
    shipped,
)

_NUMBERS: Final = frozenset((XSD_INTEGER, XSD_DECIMAL))


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
    set_value(data, _any(random, data), _node(random, names))


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
    set_value(data, one, data[other][2])
    set_value(data, other, value)


def _datatype(random: Random, data: list[Triple], names: Names) -> None:
    if found := _any_literal(random, data):
        place, value = found
        datatype = random.choice(DATATYPES)
        if datatype == RDF_LANG_STRING:
            language = random.choice(["en", "en-gb", "de"])
            set_value(data, place, Literal(value.lexical, datatype, language))
        else:
            fitting = {XSD_DATE: "2021-02-03", XSD_GYEAR: "2021", XSD_BOOLEAN: "true"}
            set_value(data, place, Literal(fitting.get(datatype, value.lexical), datatype))


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
        set_value(data, place, value._replace(lexical=text))


def _to_iri(random: Random, data: list[Triple], names: Names) -> None:
    if found := _any_literal(random, data):
        place, value = found
        set_value(data, place, IRI(EX + quote(value.lexical, safe="")))


def _to_literal(random: Random, data: list[Triple], names: Names) -> None:
    place = _any(random, data)
    value = data[place][2]
    if isinstance(value, str):
        set_value(data, place, Literal(value))


def _other_class(random: Random, data: list[Triple], names: Names) -> None:
    places = [i for i, triple in enumerate(data) if triple[1] == RDF_TYPE]
    if places:
        place = random.choice(places)
        match random.choice(["other", "more", "none"]):
            case "other":
                set_value(data, place, random.choice(names.classes))
            case "more":
                data.append((*data[place][:2], random.choice(names.classes)))
            case _:
                data.pop(place)


def _subclass(random: Random, data: list[Triple], names: Names) -> None:
    child = IRI(EX + "Class") if random.random() < 0.5 else random.choice(names.classes)
    data.append((child, SUBCLASS_OF, random.choice(names.classes)))
    places = [i for i, triple in enumerate(data) if triple[1] == RDF_TYPE]
    if places and random.random() < 0.7:
        set_value(data, random.choice(places), child)


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


def _neighbour(random: Random, data: list[Triple], names: Names) -> None:
    """Change what a node says to which a mention refers: it is no other combination of objects."""
    said = {subject for subject, _, _ in data}
    mentions = {s for s, p, _ in data if p == PFOCR.occurrences}
    others = {o for s, p, o in data if s in mentions and o in said and p != OA.hasTarget}
    places = [i for i, triple in enumerate(data) if triple[0] in others]
    if places:
        place = random.choice(places)
        match random.choice(["less", "other", "class"]):
            case "less":
                data.pop(place)
            case "other":
                set_value(data, place, _node(random, names))
            case _:
                subject = data[place][0]
                data[:] = [each for each in data if each[:2] != (subject, RDF_TYPE)]
                data.append((subject, RDF_TYPE, random.choice(names.classes)))


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
    "neighbour": _neighbour,
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
    compared = {subject for subject, name, _ in shapes if name in BOUNDS}
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


def spoilt(figure: Sequence[Triple], mutations: Iterable[Mutation]) -> list[Triple]:
    """Return a figure's graph with mutations."""
    data, names = list(figure), names_of(figure)
    for name, number in mutations:
        if data:
            DATA_MUTATIONS[name](Random(number), data, names)
    return within_agreement(data)
