"""Reading of single nodes, and of the names of many: what all readers of pages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import RDF, SCHEMA, SKOS
from pfocr_rdf.web.pages import queries
from pfocr_rdf.web.pages.graph import Graph, node, text
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.views import Concept, ExternalId, FigureItem, Ref

KIND_OF_CLASS: Final[Mapping[str, Kind]] = {
    SCHEMA.Gene: Kind.GENE,
    SCHEMA.ChemicalSubstance: Kind.CHEMICAL,
    SCHEMA.MedicalCondition: Kind.DISEASE,
    SCHEMA.Taxon: Kind.ORGANISM,
}

_GENES: Final = tuple(
    place("") for style in IriStyle for place in (Iris(style).gene, Iris(style).hgnc)
)

_PAGES: Final[Mapping[str, str]] = {
    "ncbigene": "https://www.ncbi.nlm.nih.gov/gene/%s",
    "hgnc": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:%s",
    "chebi": "https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:%s",
    "mesh": "https://meshb.nlm.nih.gov/record/ui?ui=%s",
    "doid": "https://disease-ontology.org/term/DOID:%s/",
    "ncbitaxon": "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=%s",
}
_SHOWN: Final = {
    "ncbigene": "NCBI Gene %s",
    "hgnc": "HGNC:%s",
    "chebi": "CHEBI:%s",
    "mesh": "MeSH %s",
    "doid": "DOID:%s",
    "ncbitaxon": "NCBI Taxonomy %s",
}


class Node:
    """All that the graph says of one node.

    Args:
        properties: Values by predicate, in the order of the graph.
    """

    def __init__(self, iri: str, properties: Mapping[str, list[str]]) -> None:
        self.iri = iri
        self._properties = properties

    def one(self, predicate: IRI) -> str:
        """Return the first value of a property in order of its text, "" without one."""
        return min(self._properties.get(predicate, ("",)))

    def all(self, predicate: IRI) -> tuple[str, ...]:
        """Return the values of a property, sorted."""
        return tuple(sorted(self._properties.get(predicate, ())))

    def is_a(self, cls: IRI) -> bool:
        """Say whether the node is of a class."""
        return cls in self._properties.get(RDF.type, ())


def read_node(graph: Graph, iri: str) -> Node | None:
    """Return a node, or None when it is the subject of nothing."""
    properties: dict[str, list[str]] = {}
    for row in graph.rows(queries.NODE, this=node(iri)):
        properties.setdefault(text(row, "property"), []).append(text(row, "value"))
    return Node(iri, properties) if properties else None


class Name(NamedTuple):
    """What a node is called, and its kind when its class has pages."""

    label: str
    kind: Kind | None


def read_names(graph: Graph, iris: Iterable[str]) -> dict[str, Name]:
    """Return the names of nodes; one without a name is called by the end of its IRI."""
    wanted = sorted(set(iris))
    if not wanted:
        return {}
    labels: dict[str, str] = {}
    kinds: dict[str, Kind] = {}
    for row in graph.rows(queries.NAMES % values(wanted)):
        iri, name, cls = text(row, "node"), text(row, "name"), text(row, "type")
        if name and name < labels.get(iri, "\U0010ffff"):
            labels[iri] = name
        if cls:
            kinds[iri] = KIND_OF_CLASS[cls]
    return {iri: Name(labels.get(iri) or end_of(iri), kinds.get(iri)) for iri in wanted}


def refs(names: Mapping[str, Name], iris: Iterable[str], kind: Kind) -> tuple[Ref, ...]:
    """Return links to nodes in order of their names; `kind` is for those without a class."""
    found = (Ref(names[iri].kind or kind, iri, names[iri].label) for iri in set(iris))
    return tuple(sorted(found, key=lambda ref: (ref.label.casefold(), ref.iri)))


def read_concepts(graph: Graph) -> dict[str, Concept]:
    """Return the concepts of the vocabulary by IRI: tiers, lexicons, methods, reasons."""
    found: dict[str, Concept] = {}
    for row in graph.rows(queries.CONCEPTS):
        iri = text(row, "concept")
        found[iri] = Concept(iri, text(row, "label"), text(row, "definition"))
    return found


def read_concept(graph: Graph, concepts: dict[str, Concept], iri: str) -> Concept | None:
    """Return a concept; one that only the release has (a lexicon) is looked up and kept."""
    if not iri:
        return None
    if iri not in concepts:
        found = read_node(graph, iri)
        label = found.one(SKOS.prefLabel) or found.one(SKOS.notation) if found else ""
        concepts[iri] = Concept(iri, label or end_of(iri), "")
    return concepts[iri]


def read_figures(
    graph: Graph,
    iris: Iterable[str],
    genes: Mapping[str, int] | None = None,
    notes: Mapping[str, str] | None = None,
) -> tuple[FigureItem, ...]:
    """Return list entries of figures, in the order given."""
    wanted = list(iris)
    if not wanted:
        return ()
    found: dict[str, FigureItem] = {}
    for row in graph.rows(queries.FIGURE_ITEMS % values(wanted)):
        iri = text(row, "figure")
        found[iri] = FigureItem(
            iri,
            text(row, "title"),
            text(row, "number"),
            text(row, "year"),
            text(row, "paper"),
            (genes or {}).get(iri, 0),
            (notes or {}).get(iri, ""),
        )
    return tuple(found[iri] for iri in wanted if iri in found)


def values(iris: Iterable[str]) -> str:
    """Return IRIs of the graph as the data of a VALUES block."""
    return " ".join(str(node(iri)) for iri in iris)


def is_gene(iri: str) -> bool:
    """Say whether an IRI is that of a gene, in any style."""
    return iri.startswith(_GENES)


def end_of(iri: str) -> str:
    """Return what follows the last `/` or `#`, to show for a node without a name."""
    end = iri.rstrip("/#")
    return end[max(end.rfind("/"), end.rfind("#")) + 1 :] or iri


def external_ids(identifiers: Iterable[str]) -> tuple[ExternalId, ...]:
    """Return identifiers such as `hgnc:11926` as they are written, with their pages.

    Example:
        >>> external_ids(["hgnc:11926"])[0].label
        'HGNC:11926'
    """
    out = []
    for identifier in identifiers:
        prefix, _, local = identifier.partition(":")
        if prefix in _PAGES and local.isalnum() and local.isascii():
            out.append(ExternalId(_SHOWN[prefix] % local, _PAGES[prefix] % local))
        else:
            out.append(ExternalId(identifier, ""))
    return tuple(out)
