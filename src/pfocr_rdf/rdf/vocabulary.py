"""Every class, property and concept that an export may use, each written once.

Of our own namespace it has all terms: also those, such as pfocr:Mention, that only the
ontology states, which marks them.

Namespaces are closed: a misspelt term raises at import. `PROPERTIES` says what each
emitted predicate takes; the JSON-LD context, the ontology test and the closed-vocabulary
lint are derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, cast

from pfocr_rdf.rdf.terms import IRI


class Namespace:
    """A closed namespace: `SCHEMA.name` is an IRI, `SCHEMA.nam` raises AttributeError."""

    def __init__(self, base: str, terms: str) -> None:
        self.base = base
        # Real attributes, as mapping asks for some of them millions of times.
        self.__dict__.update((name, IRI(base + name)) for name in terms.split())

    def __getattr__(self, name: str) -> IRI:
        raise AttributeError(f"<{self.base}> has no term {name!r} that pfocr-rdf uses")

    def __getitem__(self, name: str) -> IRI:
        """Return a term whose name is a Python keyword."""
        return cast("IRI", getattr(self, name))

    def __iter__(self) -> Iterator[IRI]:
        return (value for name, value in sorted(self.__dict__.items()) if name != "base")


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type")

SCHEMA = Namespace(
    "http://schema.org/",
    # classes
    "ImageObject Dataset Gene ChemicalSubstance MedicalCondition ScholarlyArticle Periodical "
    "Organization Person Taxon DefinedTerm DefinedTermSet DataCatalog "
    # properties
    "identifier alternateName name description url contentUrl sameAs isPartOf keywords license "
    "creator includedInDataCatalog about mentions taxonomicRange datePublished publisher "
    "inDefinedTermSet image "
    # of genes, in alignment.ttl
    "encodesBioChemEntity "
    # of files, in void.ttl
    "DataDownload",
)

PFOCR = Namespace(
    "https://w3id.org/pfocr/vocab#",
    # classes
    "PathwayFigure Mention GeneMention ChemicalMention DiseaseMention TermMention "
    "Lexicon MatchTier FigureType IdentificationMethod UnresolvedReason "
    # properties
    "figureNumber figureType fileName pathwayScore pmcResultRank organism organismRecognized "
    "organismInText ndexNetwork wikiPathway redirectsFrom mentionsBySymbol mentionsBySynonym mentionsByFamily "
    "mentionsUnambiguously recognizedText matchedText lexicon matchTier statedSymbol identifiedBy unresolvedReason "
    "candidate occurrences readings alsoReadAs taxonGroup labelFromFigures ortholog referenceSequence "
    # concept schemes
    "Lexicons MatchTiers FigureTypes IdentificationMethods UnresolvedReasons "
    # lexicons
    "hgncSymbol hgncAliasSymbol hgncPrevSymbol bioentitiesSymbol "
    "ncbigeneSymbol ncbigeneSynonym famplexRelations mesh "
    # tiers
    "Symbol Synonym Family "
    # figure types
    "Figure Scheme SupplementalFigure GraphicalAbstract ExtendedView AppendixFigure "
    # identification methods
    "StatedEntrez ApprovedSymbol PreviousSymbol StatedMesh StatedChebi StatedDoid "
    # reasons why a mention has no body
    "AmbiguousSymbol AliasOnly DoubtfulSymbol UnknownSymbol NonHumanFigure NoIdentifier BadIdentifier",
)

OA = Namespace("http://www.w3.org/ns/oa#", "hasTarget hasBody")
PROV = Namespace(
    "http://www.w3.org/ns/prov#",
    "Entity Collection wasDerivedFrom "
    # of the run, in void.ttl
    "Activity SoftwareAgent used generated wasGeneratedBy wasAssociatedWith",
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept exactMatch closeMatch relatedMatch broadMatch narrowMatch inScheme notation prefLabel",
)
DCTERMS = Namespace(
    "http://purl.org/dc/terms/",
    "bibliographicCitation title description license creator publisher issued identifier "
    "isVersionOf references hasVersion accessRights "
    # of files and graphs, in void.ttl
    "format conformsTo",
)
VOID = Namespace(
    "http://rdfs.org/ns/void#",
    "Dataset Linkset triples entities classPartition propertyPartition class property "
    "uriSpace vocabulary exampleResource feature distinctSubjects distinctObjects classes "
    "properties dataDump subset linkPredicate subjectsTarget objectsTarget",
)
DCAT = Namespace(
    "http://www.w3.org/ns/dcat#",
    "Catalog Dataset dataset version keyword "
    # of files and endpoints, in void.ttl
    "Distribution DataService distribution accessURL downloadURL mediaType compressFormat "
    "byteSize endpointURL servesDataset",
)
PAV = Namespace("http://purl.org/pav/", "version hasCurrentVersion previousVersion createdWith")
SSSOM = Namespace("https://w3id.org/sssom/", "mapping_justification")
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "Axiom annotatedSource annotatedProperty annotatedTarget",
)
FOAF = Namespace("http://xmlns.com/foaf/0.1/", "page")
DCTYPES = Namespace("http://purl.org/dc/dcmitype/", "Dataset")

# Only in void.ttl.
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#", "Class Literal")
SD = Namespace(
    "http://www.w3.org/ns/sparql-service-description#",
    "Service Dataset Graph NamedGraph endpoint supportedLanguage SPARQL11Query resultFormat "
    "defaultDataset namedGraph name graph",
)
SPDX = Namespace(
    "http://spdx.org/rdf/terms#",
    "Checksum checksum algorithm checksumAlgorithm_sha256 checksumValue",
)
BIOLINK = Namespace(
    "https://w3id.org/biolink/vocab/",
    "agent_type image_processing_agent knowledge_level not_provided",
)
VOID_EXT = Namespace("http://ldf.fi/void-ext#", "datatypePartition datatype distinctLiterals")

NAMESPACES: dict[str, str] = {
    "rdf": RDF.base,
    "schema": SCHEMA.base,
    "pfocr": PFOCR.base,
    "oa": OA.base,
    "prov": PROV.base,
    "skos": SKOS.base,
    "dcterms": DCTERMS.base,
    "void": VOID.base,
    "dcat": DCAT.base,
    "pav": PAV.base,
    "foaf": FOAF.base,
    "dctypes": DCTYPES.base,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that mean the same in every export; those of entities are in `iri`."""

DESCRIPTION_NAMESPACES: dict[str, str] = {
    "rdfs": RDFS.base,
    "sd": SD.base,
    "spdx": SPDX.base,
    "biolink": BIOLINK.base,
    "void-ext": VOID_EXT.base,
}
"""The prefixes that void.ttl has besides."""


class Range(StrEnum):
    """What the objects of a property are; also the JSON-LD type coercion."""

    IRI = "iri"
    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    YEAR = "gYear"
    DATE = "date"
    COUNT = "nonNegativeInteger"
    HEX = "hexBinary"


class Property(NamedTuple):
    """One emitted predicate: its range, and whether a node may have several values."""

    iri: IRI
    range: Range
    many: bool


_ONE, _MANY = False, True


def _properties(*rows: tuple[IRI, Range, bool]) -> dict[IRI, Property]:
    return {row[0]: Property(*row) for row in rows}


PROPERTIES: dict[IRI, Property] = _properties(
    (SCHEMA.identifier, Range.STRING, _MANY),
    (SCHEMA.alternateName, Range.STRING, _MANY),
    (SCHEMA.name, Range.STRING, _ONE),
    (SCHEMA.description, Range.STRING, _ONE),
    (SCHEMA.url, Range.IRI, _ONE),
    (SCHEMA.contentUrl, Range.IRI, _ONE),
    (SCHEMA.image, Range.IRI, _ONE),
    (SCHEMA.sameAs, Range.IRI, _MANY),
    (SCHEMA.isPartOf, Range.IRI, _ONE),
    (SCHEMA.keywords, Range.STRING, _MANY),
    (SCHEMA.license, Range.IRI, _ONE),
    (SCHEMA.creator, Range.IRI, _ONE),
    (SCHEMA.includedInDataCatalog, Range.IRI, _ONE),
    (SCHEMA.about, Range.IRI, _MANY),
    (SCHEMA.mentions, Range.IRI, _MANY),
    (SCHEMA.taxonomicRange, Range.IRI, _MANY),
    (SCHEMA.datePublished, Range.YEAR, _ONE),
    (SCHEMA.publisher, Range.IRI, _ONE),
    (SCHEMA.inDefinedTermSet, Range.IRI, _ONE),
    (PFOCR.figureNumber, Range.STRING, _ONE),
    (PFOCR.figureType, Range.IRI, _ONE),
    (PFOCR.fileName, Range.STRING, _ONE),
    (PFOCR.pathwayScore, Range.DECIMAL, _ONE),
    (PFOCR.pmcResultRank, Range.INTEGER, _ONE),
    (PFOCR.organism, Range.IRI, _MANY),
    (PFOCR.organismRecognized, Range.IRI, _MANY),
    (PFOCR.organismInText, Range.IRI, _MANY),
    (PFOCR.ndexNetwork, Range.IRI, _ONE),
    (PFOCR.wikiPathway, Range.IRI, _MANY),
    (PFOCR.redirectsFrom, Range.IRI, _MANY),
    (PFOCR.mentionsBySymbol, Range.IRI, _MANY),
    (PFOCR.mentionsBySynonym, Range.IRI, _MANY),
    (PFOCR.mentionsByFamily, Range.IRI, _MANY),
    (PFOCR.mentionsUnambiguously, Range.IRI, _MANY),
    (PFOCR.recognizedText, Range.STRING, _ONE),
    (PFOCR.matchedText, Range.STRING, _ONE),
    (PFOCR.lexicon, Range.IRI, _ONE),
    (PFOCR.matchTier, Range.IRI, _ONE),
    (PFOCR.statedSymbol, Range.STRING, _ONE),
    (PFOCR.identifiedBy, Range.IRI, _ONE),
    (PFOCR.unresolvedReason, Range.IRI, _ONE),
    (PFOCR.candidate, Range.IRI, _MANY),
    (PFOCR.occurrences, Range.INTEGER, _ONE),
    (PFOCR.readings, Range.INTEGER, _ONE),
    (PFOCR.alsoReadAs, Range.IRI, _MANY),
    (PFOCR.taxonGroup, Range.STRING, _MANY),
    (PFOCR.labelFromFigures, Range.STRING, _ONE),
    (OA.hasTarget, Range.IRI, _ONE),
    (OA.hasBody, Range.IRI, _ONE),
    (SKOS.exactMatch, Range.IRI, _MANY),
    (SKOS.closeMatch, Range.IRI, _MANY),
    (SKOS.inScheme, Range.IRI, _ONE),
    (SKOS.notation, Range.STRING, _ONE),
    (SKOS.prefLabel, Range.STRING, _ONE),
    (DCTERMS.bibliographicCitation, Range.STRING, _ONE),
    (DCTERMS.title, Range.STRING, _ONE),
    (DCTERMS.description, Range.STRING, _ONE),
    (DCTERMS.license, Range.IRI, _ONE),
    (DCTERMS.accessRights, Range.IRI, _ONE),
    (DCTERMS.creator, Range.IRI, _ONE),
    (DCTERMS.publisher, Range.IRI, _ONE),
    (DCTERMS.issued, Range.DATE, _ONE),
    (DCTERMS.identifier, Range.STRING, _ONE),
    (DCTERMS.references, Range.IRI, _ONE),
    (DCTERMS.isVersionOf, Range.IRI, _ONE),
    (DCAT.dataset, Range.IRI, _ONE),
    (DCAT.version, Range.STRING, _ONE),
    (DCAT.keyword, Range.STRING, _MANY),
    (FOAF.page, Range.IRI, _ONE),
    (PAV.version, Range.STRING, _ONE),
    (PAV.hasCurrentVersion, Range.IRI, _ONE),
    (PAV.previousVersion, Range.IRI, _ONE),
    (PROV.wasDerivedFrom, Range.IRI, _ONE),
)
"""The closed vocabulary of a dump: of figures, mentions and entities, the data set among them."""

MAPPING_PREDICATES: tuple[IRI, ...] = (
    SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch,
)  # fmt: skip
"""By which a user may map an entity to another one."""

ALIGNMENT_PROPERTIES: dict[IRI, Property] = _properties(
    (SKOS.exactMatch, Range.IRI, _MANY),
    (SKOS.closeMatch, Range.IRI, _MANY),
    *((predicate, Range.IRI, _MANY) for predicate in MAPPING_PREDICATES[2:]),
    (SCHEMA.encodesBioChemEntity, Range.IRI, _MANY),
    (PFOCR.ortholog, Range.IRI, _MANY),
    (PFOCR.referenceSequence, Range.IRI, _MANY),
)
"""What alignment.ttl says, in its order."""

DESCRIPTION_PROPERTIES: dict[IRI, Property] = _properties(
    (DCTERMS.format, Range.IRI, _MANY),
    (DCTERMS.conformsTo, Range.IRI, _MANY),
    (DCAT.distribution, Range.IRI, _MANY),
    (DCAT.accessURL, Range.IRI, _ONE),
    (DCAT.downloadURL, Range.IRI, _ONE),
    (DCAT.mediaType, Range.IRI, _ONE),
    (DCAT.compressFormat, Range.IRI, _ONE),
    (DCAT.byteSize, Range.COUNT, _ONE),
    (DCAT.endpointURL, Range.IRI, _ONE),
    (DCAT.servesDataset, Range.IRI, _ONE),
    (SPDX.checksum, Range.IRI, _ONE),
    (SPDX.algorithm, Range.IRI, _ONE),
    (SPDX.checksumValue, Range.HEX, _ONE),
    (VOID.triples, Range.INTEGER, _ONE),
    (VOID.entities, Range.INTEGER, _ONE),
    (VOID.distinctSubjects, Range.INTEGER, _ONE),
    (VOID.distinctObjects, Range.INTEGER, _ONE),
    (VOID.classes, Range.INTEGER, _ONE),
    (VOID.properties, Range.INTEGER, _ONE),
    (VOID.uriSpace, Range.STRING, _MANY),
    (VOID.vocabulary, Range.IRI, _MANY),
    (VOID.dataDump, Range.IRI, _MANY),
    (VOID.classPartition, Range.IRI, _MANY),
    (VOID.propertyPartition, Range.IRI, _MANY),
    (VOID.subset, Range.IRI, _MANY),
    (VOID["class"], Range.IRI, _ONE),
    (VOID.property, Range.IRI, _ONE),
    (VOID.linkPredicate, Range.IRI, _ONE),
    (VOID.subjectsTarget, Range.IRI, _ONE),
    (VOID.objectsTarget, Range.IRI, _ONE),
    (VOID_EXT.datatypePartition, Range.IRI, _MANY),
    (VOID_EXT.datatype, Range.IRI, _ONE),
    (VOID_EXT.distinctLiterals, Range.INTEGER, _ONE),
    (PAV.createdWith, Range.IRI, _ONE),
    (PROV.used, Range.IRI, _MANY),
    (PROV.generated, Range.IRI, _ONE),
    (PROV.wasGeneratedBy, Range.IRI, _ONE),
    (PROV.wasAssociatedWith, Range.IRI, _ONE),
    (BIOLINK.agent_type, Range.IRI, _ONE),
    (BIOLINK.knowledge_level, Range.IRI, _ONE),
    (SD.endpoint, Range.IRI, _ONE),
    (SD.supportedLanguage, Range.IRI, _ONE),
    (SD.resultFormat, Range.IRI, _MANY),
    (SD.defaultDataset, Range.IRI, _ONE),
    (SD.namedGraph, Range.IRI, _MANY),
    (SD.name, Range.IRI, _ONE),
    (SD.graph, Range.IRI, _ONE),
)
"""What only void.ttl says: files, counts, the run, the graphs of an endpoint."""
