"""What the shapes graph says about one shape, read with a check of its syntax.

Each reader returns a parameter in the type a constraint needs, or raises a ShapesError
that names the shape, the property, what was expected and what was found.

Source: https://www.w3.org/TR/shacl/#syntax-rules
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.rdf import IRI, RDF_LANG_STRING, XSD_INTEGER, XSD_STRING, Literal, Subject, Term
from pfocr_rdf.shacl.constraints import show
from pfocr_rdf.shacl.graph import NOTHING, Index, rdf_list
from pfocr_rdf.shacl.literals import is_well_formed
from pfocr_rdf.shacl.names import (
    EXTENSIONS,
    PARAMETERS,
    RDF_TYPE,
    SH,
    SH_AND,
    SH_BASE,
    SH_NOT,
    SH_OR,
    SUPPORTED_CLASSES,
    SUPPORTED_PREDICATES,
    TARGETS,
    TRUE,
    XSD_BOOLEAN,
    compact,
)
from pfocr_rdf.shacl.unsupported import UnsupportedShapesError

_SHAPE_VALUED = (SH.node, SH.property, SH_NOT, SH.qualifiedValueShape)
_SHAPE_LISTS = (SH_AND, SH_OR, SH.xone)
_ONLY_IN_PROPERTY_SHAPES = (
    SH.minCount,
    SH.maxCount,
    SH.lessThan,
    SH.lessThanOrEquals,
    SH.uniqueLang,
    SH.qualifiedValueShape,
)


class Declaration:
    """One shape of a shapes graph, as triples."""

    __slots__ = ("_referred", "index", "node", "properties")

    def __init__(self, index: Index, node: Subject) -> None:
        self.index = index
        self.node = node
        self.properties = index.get(node, NOTHING)
        self._referred: list[Subject] | None = None

    def cut(self, kept: Mapping[IRI, tuple[Term, ...]]) -> Declaration:
        """Return the shape with only these parameters, and these values of them."""
        shape = Declaration(self.index, self.node)
        shape.properties = {
            name: kept.get(name, values)
            for name, values in self.properties.items()
            if name not in PARAMETERS or name in kept
        }
        return shape

    def fail(self, name: IRI, expected: str, found: str) -> ShapesError:
        """Return the error to raise."""
        where = f"shape {self._place()}: {compact(name)}"
        return ShapesError(f"{where}: expected {expected}, found {found}")

    def _place(self) -> str:
        if isinstance(self.node, str):
            return show(self.node)
        path = self.values(SH.path)
        return f"on {show(path[0])}" if path and isinstance(path[0], str) else "without a name"

    def check_scope(self) -> None:
        """Refuse, in a node shape, the parameters that only property shapes may have."""
        if not self.values(SH.path):
            for name in _ONLY_IN_PROPERTY_SHAPES:
                if self.values(name):
                    raise self.fail(name, "sh:path beside it", "a node shape")

    def values(self, name: IRI) -> Sequence[Term]:
        """Return all values of a property."""
        return self.properties.get(name, ())

    def one(self, name: IRI) -> Term | None:
        """Return the only value; None where there is none."""
        values = self.values(name)
        if len(values) > 1:
            raise self.fail(name, "one value", str(len(values)))
        return values[0] if values else None

    def iris(self, name: IRI) -> list[IRI]:
        """Return all values, which must be IRIs."""
        return [self._iri(name, value) for value in self.values(name)]

    def iri(self, name: IRI) -> IRI | None:
        """Return the only value, which must be an IRI."""
        value = self.one(name)
        return None if value is None else self._iri(name, value)

    def _iri(self, name: IRI, value: Term) -> IRI:
        if not isinstance(value, str):
            raise self.fail(name, "an IRI", show(value))
        return value

    def literal(self, name: IRI) -> Literal | None:
        """Return the only value, which must be a literal."""
        value = self.one(name)
        if value is not None and not isinstance(value, Literal):
            raise self.fail(name, "a literal", show(value))
        return value

    def integer(self, name: IRI) -> int | None:
        """Return the only value, which must be an xsd:integer."""
        value = self.one(name)
        if value is None:
            return None
        if (
            not isinstance(value, Literal)
            or value.datatype != XSD_INTEGER
            or not is_well_formed(value)
            or len(value.lexical) > 18
        ):
            raise self.fail(name, "an xsd:integer", show(value))
        return int(value.lexical)

    def flag(self, name: IRI) -> bool:
        """Return whether the only value is `true`; "1"^^xsd:boolean is well-formed but is not."""
        value = self.one(name)
        if value is None:
            return False
        if (
            not isinstance(value, Literal)
            or value.datatype != XSD_BOOLEAN
            or not is_well_formed(value)
        ):
            raise self.fail(name, "true or false", show(value))
        return value == TRUE

    def string(self, name: IRI) -> str | None:
        """Return the only value, which must be an xsd:string."""
        value = self.one(name)
        if value is None:
            return None
        if not isinstance(value, Literal) or value.datatype != XSD_STRING:
            raise self.fail(name, "a string", show(value))
        return value.lexical

    def lists(self, name: IRI) -> list[list[Term]]:
        """Return the members of all values, which must be RDF lists."""
        return [self._list(name, value) for value in self.values(name)]

    def members(self, name: IRI) -> list[Term] | None:
        """Return the members of the only value, which must be an RDF list."""
        value = self.one(name)
        return None if value is None else self._list(name, value)

    def _list(self, name: IRI, head: Term) -> list[Term]:
        members = rdf_list(self.index, head)
        if members is None:
            raise self.fail(name, "a well-formed list", show(head))
        return members

    def shapes(self, name: IRI) -> list[Subject]:
        """Return all values, which must be able to be shapes: IRIs or blank nodes."""
        return [self.shape(name, value) for value in self.values(name)]

    def shape(self, name: IRI, value: Term) -> Subject:
        """Return a value that must be able to be a shape."""
        if isinstance(value, Literal):
            raise self.fail(name, "a shape", show(value))
        return value

    def messages(self) -> tuple[Literal, ...]:
        """Return the values of sh:message in a fixed order."""
        found: list[Literal] = []
        for value in self.values(SH.message):
            if not isinstance(value, Literal) or value.datatype not in {
                XSD_STRING,
                RDF_LANG_STRING,
            }:
                raise self.fail(SH.message, "a string", show(value))
            found.append(value)
        return tuple(sorted(found))

    def parameters(self) -> frozenset[IRI]:
        """Return the parameters of constraints that the shape has, well-formed or not."""
        return PARAMETERS.intersection(self.properties)

    def refers_to(self) -> list[Subject]:
        """Return the shapes that this one refers to, siblings of qualified shapes apart."""
        if self._referred is None:
            referred = [shape for name in _SHAPE_VALUED for shape in self.shapes(name)]
            for name in _SHAPE_LISTS:
                for members in self.lists(name):
                    referred += [self.shape(name, member) for member in members]
            self._referred = list(dict.fromkeys(referred))
        return self._referred


def find_shapes(index: Index) -> dict[Subject, Declaration]:
    """Return each node that the specification counts as a shape, in the graph's order."""
    marks = TARGETS | PARAMETERS
    kinds = {SH.NodeShape, SH.PropertyShape}
    found: dict[Subject, Declaration] = {}
    queue = [
        node
        for node, properties in index.items()
        if not marks.isdisjoint(properties) or not kinds.isdisjoint(properties.get(RDF_TYPE, ()))
    ]
    while queue:
        node = queue.pop(0)
        if node not in found:
            declaration = found[node] = Declaration(index, node)
            queue += declaration.refers_to()
    return found


def refuse_unsupported(index: Index, declarations: Iterable[Declaration]) -> None:
    """Refuse a shapes graph that says anything in SHACL that is not SHACL Core.

    Raises:
        UnsupportedShapesError: Names each such property and class.
    """
    unknown: set[IRI] = set()
    for properties in index.values():
        unknown |= EXTENSIONS.intersection(properties)
        unknown.update(_in_shacl(properties.get(RDF_TYPE, ())) - SUPPORTED_CLASSES)
    for declaration in declarations:
        unknown |= _in_shacl(declaration.properties) - SUPPORTED_PREDICATES
    if unknown:
        names = ", ".join(sorted(map(compact, unknown)))
        raise UnsupportedShapesError(
            f"shapes: {names}: expected SHACL Core only (use --engine pyshacl)"
        )


def _in_shacl(terms: Iterable[Term]) -> set[IRI]:
    return {term for term in terms if isinstance(term, str) and term.startswith(SH_BASE)}
