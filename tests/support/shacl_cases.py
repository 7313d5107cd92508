"""Random shapes and data for tests that compare verdicts, and what a verdict is.

Known differences between engines (docs/shacl.md) are left out of what is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD, BlankNode, Literal, Subject, Term, Triple
from pfocr_rdf.shacl import Result, compile_shapes, index_triples
from pfocr_rdf.shacl.names import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, SH, SUBCLASS_OF, TRUE
from pfocr_rdf.shacl.names import SH_BASE as SHACL

EX = "http://example.org/"
PREFIXES = f"""
@prefix ex: <{EX}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <{SHACL}> .
@prefix xsd: <{XSD}> .
"""


def ex(name: str) -> IRI:
    return IRI(EX + name)


def typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, IRI(XSD + datatype))


CLASSES = [ex(f"C{number}") for number in range(3)]
PREDICATES = [ex(name) for name in "pqr"]
NUMBERS = [ex(name) for name in "mn"]
NODES: list[Subject] = [*(ex(name) for name in "abcd"), BlankNode("x")]
LITERALS = [
    Literal("one"),
    Literal("two words"),
    Literal(""),
    Literal("ONE"),
    Literal("one", RDF_LANG_STRING, "en"),
    Literal("one", RDF_LANG_STRING, "en-gb"),
    Literal("eins", RDF_LANG_STRING, "de"),
    typed("1", "integer"),
    typed("7", "integer"),
    typed("-3", "integer"),
    typed("0.5", "decimal"),
    typed("7.0", "decimal"),
    typed("1.5E0", "double"),
]
# Left out where shapes have bounds: pyshacl compares them with numbers (a known difference).
ODD_LITERALS = [
    typed("x", "integer"),
    typed("true", "boolean"),
    typed("2021-02-03", "date"),
    typed("2021-02-30", "date"),
    typed("2020-01-01T00:00:00", "dateTime"),
    typed("2021-01-01T00:00:00Z", "dateTime"),
]
DATATYPES = [IRI(XSD + name) for name in "string integer decimal double boolean date".split()]
DATATYPES.append(RDF_LANG_STRING)
KINDS = [SH.IRI, SH.BlankNode, SH.Literal, SH.BlankNodeOrIRI, SH.IRIOrLiteral]
KINDS.append(SH.BlankNodeOrLiteral)
BOUNDS = [typed("1", "integer"), typed("2.5", "decimal"), typed("0", "integer")]
PROPERTY_ONLY = ["minCount", "maxCount", "uniqueLang", "lessThan", "qualified"]
ANYWHERE = [
    *("class", "datatype", "nodeKind", "range", "minLength", "maxLength", "pattern"),
    *("languageIn", "equals", "disjoint", "hasValue", "in", "closed"),
    *("not", "and", "or", "xone", "node", "property"),
]
TARGETS = ["class", "class", "node", "subjects", "objects"]
NESTED = {"not", "and", "or", "xone", "node", "property", "qualified"}
PATTERNS = ["^o", "e$", "[a-z]+ ", "^$", "http", "\\d"]


class Writer:
    """Writes a random shapes graph, as triples."""

    def __init__(self, random: Random, *, bounds: bool) -> None:
        self.random = random
        self.bounds = bounds
        self.triples: list[Triple] = []
        self.made = 0

    def blank(self) -> BlankNode:
        self.made += 1
        return BlankNode(f"s{self.made}")

    def term(self) -> Term:
        named = [node for node in NODES if isinstance(node, str)]
        odd = [] if self.bounds else ODD_LITERALS
        choices: list[Term] = [*named, *LITERALS, *odd, *CLASSES]
        return self.random.choice(choices)

    def add(self, node: Subject, name: str, value: Term) -> None:
        self.triples.append((node, IRI(SHACL + name), value))

    def add_list(self, node: Subject, name: str, members: Sequence[Term]) -> None:
        self.add(node, name, self.list_of(members))

    def list_of(self, members: Sequence[Term]) -> Term:
        head: Term = RDF_NIL
        for member in reversed(members):
            cell = self.blank()
            self.triples += [(cell, RDF_FIRST, member), (cell, RDF_REST, head)]
            head = cell
        return head

    def path(self, depth: int) -> Term:
        kind = self.random.choice(["predicate"] * 4 + ["unary", "sequence", "alternative"])
        if kind == "predicate" or depth == 0:
            return self.random.choice(PREDICATES)
        if kind == "sequence":
            return self.list_of([self.path(depth - 1), self.path(depth - 1)])
        node = self.blank()
        if kind == "alternative":
            self.add_list(node, "alternativePath", [self.path(depth - 1), self.path(depth - 1)])
        else:
            unary = ["inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"]
            name = self.random.choice(unary)
            # Of predicates only: the inverse of a sequence is a known difference.
            self.add(node, name, self.path(0 if name == "inversePath" else depth - 1))
        return node

    def shape(self, depth: int, *, path: bool, node: Subject | None = None) -> Subject:
        shape = node or self.blank()
        self.triples.append((shape, RDF_TYPE, SH.PropertyShape if path else SH.NodeShape))
        if path:
            self.add(shape, "path", self.path(2))
        names = [*ANYWHERE, *PROPERTY_ONLY] if path else ANYWHERE
        usable = [name for name in names if depth or name not in NESTED]
        if not self.bounds:
            usable.remove("range")
        for name in self.random.sample(usable, self.random.randint(1, 3)):
            self.constraint(shape, name, depth)
        if self.random.random() < 0.2:
            self.add(shape, "severity", self.random.choice([SH.Info, SH.Warning, ex("mine")]))
        if self.random.random() < 0.05:
            self.add(shape, "deactivated", TRUE)
        return shape

    def inner(self, depth: int, *, path: bool = False) -> Subject:
        return self.shape(depth - 1, path=path)

    def constraint(self, shape: Subject, name: str, depth: int) -> None:
        choose = self.random.choice
        number = typed(str(self.random.randint(0, 3)), "integer")
        match name:
            case "class":
                self.add(shape, name, choose(CLASSES))
            case "datatype":
                self.add(shape, name, choose(DATATYPES))
            case "nodeKind":
                self.add(shape, name, choose(KINDS))
            case "range":
                bounds = ["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"]
                self.add(shape, choose(bounds), choose(BOUNDS))
            case "minLength":  # from 1: at 0 pyshacl looks at nothing, a known difference
                self.add(shape, name, typed(str(self.random.randint(1, 4)), "integer"))
            case "maxLength" | "minCount" | "maxCount":
                self.add(shape, name, number)
            case "pattern":
                self.add(shape, name, Literal(choose(PATTERNS)))
                if self.random.random() < 0.3:
                    self.add(shape, "flags", Literal("i"))
            case "languageIn":
                self.add_list(shape, name, [Literal(choose(["en", "de", "en-GB"]))])
            case "uniqueLang":
                self.add(shape, name, TRUE)
            case "equals" | "disjoint":
                self.add(shape, name, choose(PREDICATES))
            case "lessThan":
                self.less_than(shape)
            case "hasValue":
                self.add(shape, name, self.term())
            case "in":
                self.add_list(shape, name, [self.term() for _ in range(self.random.randint(0, 8))])
            case "closed":
                self.add(shape, name, TRUE)
                self.add_list(shape, "ignoredProperties", [RDF_TYPE, choose(PREDICATES)])
            case "not" | "node":
                self.add(shape, name, self.inner(depth))
            case "and" | "or" | "xone":
                members = [self.inner(depth, path=choose([False, True])) for _ in range(2)]
                self.add_list(shape, name, members)
            case "property":
                self.add(shape, name, self.inner(depth, path=True))
            case "qualified":
                self.add(shape, "qualifiedValueShape", self.inner(depth))
                self.add(shape, choose(["qualifiedMinCount", "qualifiedMaxCount"]), number)
                if choose([False, True]):
                    self.add(shape, "qualifiedValueShapesDisjoint", TRUE)

    def less_than(self, shape: Subject) -> None:
        """Of numbers only: pairs that SPARQL cannot compare are a known difference."""
        node = self.blank()
        self.add(shape, "property", node)
        self.add(node, "path", self.random.choice(NUMBERS))
        name = self.random.choice(["lessThan", "lessThanOrEquals"])
        self.add(node, name, self.random.choice(NUMBERS))

    def target(self, shape: Subject, kinds: Sequence[str] = TARGETS) -> None:
        match self.random.choice(kinds):
            case "class":
                self.add(shape, "targetClass", self.random.choice(CLASSES))
            case "node":
                self.add(shape, "targetNode", self.term())
            case "subjects":
                self.add(shape, "targetSubjectsOf", self.random.choice(PREDICATES))
            case "objects":
                self.add(shape, "targetObjectsOf", self.random.choice(PREDICATES))


def random_shapes(
    random: Random, *, bounds: bool, targets: Sequence[str] = TARGETS
) -> list[Triple]:
    """Return one to three shapes with targets of these kinds."""
    writer = Writer(random, bounds=bounds)
    for number in range(random.randint(1, 3)):
        shape = writer.shape(2, path=random.random() < 0.4, node=ex(f"Shape{number}"))
        for _ in range(random.randint(1, 2)):
            writer.target(shape, targets)
    return list(dict.fromkeys(writer.triples))


def random_data(random: Random, *, bounds: bool) -> list[Triple]:
    """Return up to 26 triples; without literals that pyshacl compares with any bound."""
    literals = LITERALS if bounds else [*LITERALS, *ODD_LITERALS]
    numbers = [each for each in LITERALS if each.datatype in DATATYPES[1:4]]
    found: dict[Triple, None] = {}
    for _ in range(random.randint(1, 25)):
        subject = random.choice(NODES)
        match random.choice(["type", "link", "number", "literal", "literal"]):
            case "type":
                found[subject, RDF_TYPE, random.choice(CLASSES)] = None
            case "link":
                found[subject, random.choice(PREDICATES), random.choice(NODES)] = None
            case "number":
                found[subject, random.choice(NUMBERS), random.choice(numbers)] = None
            case _:
                found[subject, random.choice(PREDICATES), random.choice(literals)] = None
    if random.random() < 0.4:
        child, parent = random.sample(CLASSES, 2)
        found[child, SUBCLASS_OF, parent] = None
    return list(found)


def summary(results: Iterable[Result]) -> set[tuple[object, ...]]:
    """Return what two engines must agree on."""
    return {(r.focus, r.path, r.value, r.component, r.severity) for r in results}


def fast(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Result]:
    """Return what the fast engine finds."""
    return compile_shapes(shapes).validate(index_triples(data))
