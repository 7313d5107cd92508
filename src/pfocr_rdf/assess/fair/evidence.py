"""What metadata say that the metrics ask for, and where exactly it was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.rdf import DESCRIPTION_NAMESPACES, NAMESPACES


class Field(StrEnum):
    """What a piece of metadata is about, in the words of F-UJI where it has some."""

    IDENTIFIER = "object identifier"
    TYPE = "object type"
    TITLE = "title"
    CREATOR = "creator"
    PUBLISHER = "publisher"
    DATE = "publication date"
    SUMMARY = "summary"
    KEYWORDS = "keywords"
    CONTENT = "link to the data"
    ACCESS = "access rights"
    LICENSE = "licence"
    RELATED = "related resource"
    FORMAT = "media type"
    SIZE = "size"
    SERVICE = "service"
    VARIABLE = "variable measured"
    HISTORY = "history"
    PROVENANCE = "provenance"
    STANDARD = "standard"
    VOCABULARY = "vocabulary"


class Evidence(NamedTuple):
    """One thing that metadata say.

    Attributes:
        value: What is said.
        file: Where it was read, from the folder that is checked.
        subject: What says it in that file: an IRI, a blank node or a line.
        name: Of the property or of the relation.
        is_link: Whether the value is an IRI.
    """

    value: str
    file: str
    subject: str
    name: str
    is_link: bool = False

    def __str__(self) -> str:
        return f"{self.file}: {self.subject} {self.name} {self.value}"


_OURS: Final = NAMESPACES | DESCRIPTION_NAMESPACES
KNOWN: Final[Mapping[str, str]] = {
    **{
        each: _OURS[each]
        for each in ("schema", "dcterms", "dcat", "void", "prov", "pav", "sd", "rdf", "dctypes")
    },
    "edam": "http://edamontology.org/",
    "freq": "http://purl.org/cld/freq/",
    "sio": "http://semanticscience.org/resource/",
}
REGISTERED: Final = frozenset(KNOWN) - {"schema", "dcterms", "rdf"}
"""Registered with LOV or the Bioregistry, and not among those that F-UJI counts for nothing."""
GENERAL: Final = frozenset(("dcat", "dcterms", "schema"))
"""Metadata standards of all fields of science."""

PROPERTIES: Final[Mapping[Field, str]] = {
    Field.IDENTIFIER: "dcterms:identifier schema:identifier schema:url",
    Field.TYPE: "rdf:type dcterms:type",
    Field.TITLE: "dcterms:title schema:name",
    Field.CREATOR: "dcterms:creator pav:createdBy pav:authoredBy schema:creator schema:author",
    Field.PUBLISHER: "dcterms:publisher schema:publisher",
    Field.DATE: "dcterms:issued dcterms:available schema:datePublished",
    Field.SUMMARY: "dcterms:description dcterms:abstract schema:description",
    Field.KEYWORDS: "dcat:keyword dcat:theme dcterms:subject schema:keywords",
    Field.CONTENT: "dcat:downloadURL dcat:accessURL void:dataDump schema:contentUrl",
    Field.ACCESS: (
        "dcterms:accessRights dcterms:rights schema:isAccessibleForFree schema:conditionsOfAccess"
    ),
    Field.LICENSE: "dcterms:license schema:license",
    Field.RELATED: (
        "dcterms:references dcterms:isReferencedBy dcterms:source dcterms:relation "
        "dcterms:isVersionOf dcterms:hasVersion dcterms:isPartOf dcterms:hasPart "
        "dcterms:replaces dcterms:bibliographicCitation prov:wasDerivedFrom "
        "pav:previousVersion pav:derivedFrom pav:importedFrom pav:retrievedFrom "
        "dcat:previousVersion dcat:qualifiedRelation schema:citation schema:isBasedOn "
        "schema:isPartOf schema:includedInDataCatalog schema:sameAs"
    ),
    Field.FORMAT: "dcat:mediaType dcterms:format schema:encodingFormat",
    Field.SIZE: "dcat:byteSize schema:contentSize",
    Field.SERVICE: "void:sparqlEndpoint dcat:endpointURL dcat:accessService sd:endpoint",
    Field.VARIABLE: "schema:variableMeasured void:classPartition void:propertyPartition",
    Field.HISTORY: (
        "dcterms:creator dcterms:contributor dcterms:publisher dcterms:created dcterms:issued "
        "dcterms:modified dcterms:source dcterms:isVersionOf dcterms:hasVersion dcterms:replaces "
        "dcterms:references schema:creator schema:publisher schema:datePublished schema:isBasedOn"
    ),
    Field.STANDARD: "dcterms:conformsTo",
}
"""By which properties metadata say what."""


class Metadata:
    """What was read of all sources, by field; values that are empty say nothing."""

    def __init__(self) -> None:
        self._found: defaultdict[Field, list[Evidence]] = defaultdict(list)

    def add(self, field: Field, evidence: Evidence) -> None:
        """Add what was read, once."""
        if evidence.value.strip() and evidence not in self._found[field]:
            self._found[field].append(evidence)

    def of(self, *fields: Field) -> list[Evidence]:
        """Return what is said of fields, in the order of reading."""
        return [evidence for field in fields for evidence in self._found.get(field, ())]

    def missing(self, fields: Iterable[Field]) -> list[Field]:
        """Return the fields that nothing is said of."""
        return [field for field in fields if not self._found.get(field)]
