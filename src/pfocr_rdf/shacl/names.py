"""The SHACL vocabulary this engine knows, split by what it does with each term.

A property of a shape that stands in none of these sets is refused when shapes are
compiled: a constraint that is silently skipped would make bad data conform.

Source: https://www.w3.org/TR/shacl/ (SHACL Core)
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.rdf import IRI, XSD, Literal, Namespace

RDF_BASE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS_BASE: Final = "http://www.w3.org/2000/01/rdf-schema#"
SH_BASE: Final = "http://www.w3.org/ns/shacl#"

RDF_TYPE: Final = IRI(RDF_BASE + "type")
RDF_FIRST: Final = IRI(RDF_BASE + "first")
RDF_REST: Final = IRI(RDF_BASE + "rest")
RDF_NIL: Final = IRI(RDF_BASE + "nil")
RDFS_CLASS: Final = IRI(RDFS_BASE + "Class")
OWL_CLASS: Final = IRI("http://www.w3.org/2002/07/owl#Class")
SUBCLASS_OF: Final = IRI(RDFS_BASE + "subClassOf")

XSD_BOOLEAN: Final = IRI(XSD + "boolean")
TRUE: Final = Literal("true", XSD_BOOLEAN)
"""The only literal that switches a boolean parameter on: "1"^^xsd:boolean does not."""

_TARGETS = "targetNode targetClass targetSubjectsOf targetObjectsOf"
_PATHS = "path alternativePath inversePath zeroOrMorePath oneOrMorePath zeroOrOnePath"
_PARAMETERS = (
    "class datatype nodeKind minCount maxCount "
    "minExclusive minInclusive maxExclusive maxInclusive "
    "minLength maxLength pattern flags languageIn uniqueLang "
    "equals disjoint lessThan lessThanOrEquals "
    "not and or xone node property "
    "qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint "
    "closed ignoredProperties hasValue in"
)
# What a value of a property decides on without another look at the graph.
_OF_VALUES = (
    "datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive "
    "minLength maxLength pattern flags languageIn uniqueLang hasValue in"
)
_ABOUT_SHAPES = "severity message deactivated name description order group defaultValue"
_REPORT = (
    "conforms result detail resultSeverity resultMessage resultPath focusNode value "
    "sourceShape sourceConstraint sourceConstraintComponent shapesGraphWellFormed"
)
# Declarations of prefixes mean something to SPARQL only, and links between graphs to
# whoever chooses the graphs; neither changes a verdict here.
_INERT = "declare prefix namespace shapesGraph suggestedShapesGraph"
# Of SHACL-SPARQL and the advanced features: refused wherever they stand, as a constraint
# component or a rule works on shapes that do not mention it.
_EXTENSIONS = (
    "sparql ask select construct update prefixes parameter optional validator nodeValidator "
    "propertyValidator labelTemplate resultAnnotation annotationProperty annotationValue "
    "annotationVarName target rule condition values expression returnType entailment "
    "js jsLibrary jsLibraryURL jsFunctionName"
)
_NODE_KINDS = "BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral"
_SEVERITIES = "Info Warning Violation"
_CLASSES = (
    "Shape NodeShape PropertyShape PropertyGroup ValidationReport ValidationResult "
    "AbstractResult Severity NodeKind PrefixDeclaration"
)
_COMPONENTS = " ".join(
    f"{name}ConstraintComponent"
    for name in (
        "Class Datatype NodeKind MinCount MaxCount MinExclusive MinInclusive MaxExclusive "
        "MaxInclusive MinLength MaxLength Pattern LanguageIn UniqueLang Equals Disjoint "
        "LessThan LessThanOrEquals Not And Or Xone Node Property QualifiedMinCount "
        "QualifiedMaxCount Closed HasValue In"
    ).split()
)

SH: Final = Namespace(
    SH_BASE,
    f"{_TARGETS} {_PATHS} {_PARAMETERS} {_ABOUT_SHAPES} {_REPORT} {_INERT} "
    f"{_NODE_KINDS} {_SEVERITIES} {_CLASSES} {_COMPONENTS}",
)

# Those whose names are words of Python's own.
SH_CLASS: Final = IRI(SH_BASE + "class")
SH_NOT: Final = IRI(SH_BASE + "not")
SH_AND: Final = IRI(SH_BASE + "and")
SH_OR: Final = IRI(SH_BASE + "or")
SH_IN: Final = IRI(SH_BASE + "in")


def _iris(names: str) -> frozenset[IRI]:
    return frozenset(IRI(SH_BASE + name) for name in names.split())


TARGETS: Final = _iris(_TARGETS)
PARAMETERS: Final = _iris(_PARAMETERS)
OF_VALUES: Final = _iris(_OF_VALUES)
SUPPORTED_PREDICATES: Final = _iris(
    " ".join((_TARGETS, _PATHS, _PARAMETERS, _ABOUT_SHAPES, _REPORT, _INERT))
)
EXTENSIONS: Final = _iris(_EXTENSIONS)
SUPPORTED_CLASSES: Final = _iris(_CLASSES)


def component(name: str) -> IRI:
    """Return the IRI of a Core constraint component, by its name without the ending."""
    iri = getattr(SH, f"{name}ConstraintComponent")
    assert isinstance(iri, str)
    return IRI(iri)


def compact(term: IRI) -> str:
    """Return `sh:minCount` for a SHACL term and `<iri>` for any other."""
    return f"sh:{term[len(SH_BASE) :]}" if term.startswith(SH_BASE) else f"<{term}>"
