"""The run that made a release, and the graphs of an endpoint that has it.

No time and no machine is named: the same input gives the same description.

Source: PROV-O, https://www.w3.org/TR/prov-o/; SPARQL 1.1 Service Description,
https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, Self

from pfocr_rdf.rdf import (
    ALIGNMENT_GRAPH,
    DCAT,
    DCTERMS,
    IRI,
    OURS,
    PAV,
    PROV,
    RDF,
    SD,
    Node,
    node,
    plain,
)
from pfocr_rdf.release.description.edition import (
    WIKIPATHWAYS,
    Edition,
    free,
    hgnc_release_iri,
    program_iri,
    run_iri,
)
from pfocr_rdf.version import __version__

RUN_TITLE: Final = "Export of the pathway figures"
FORMATS: Final = "http://www.w3.org/ns/formats/"
"""How the names of formats begin at W3C."""
_ANSWERS: Final = (
    "SPARQL_Results_XML", "SPARQL_Results_JSON", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples",
)  # fmt: skip


class Input(NamedTuple):
    """An INPUT that was read: the hash of all its files, and what they are."""

    sha256: str
    figures: int
    tables: int

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Return an INPUT from its record in the manifest."""
        return cls(record["sha256"], record["figures"], record["tables"])


def run_nodes(edition: Edition, inputs: Iterable[Input]) -> Iterator[Node]:
    """Yield the run, the program, and what was read, equal inputs once."""
    read = {_input_iri(each): each for each in inputs}
    program = program_iri()
    yield node(
        run_iri(edition),
        (RDF.type, (PROV.Activity,)),
        (DCTERMS.title, plain(RUN_TITLE)),
        (PROV.used, (hgnc_release_iri(edition.table), *read)),
        (PROV.generated, (edition.iri,)),
        (PROV.wasAssociatedWith, (program,)),
    )
    yield node(
        program,
        (RDF.type, (PROV.SoftwareAgent,)),
        (DCTERMS.title, plain(f"pfocr-rdf {__version__}")),
        (PAV.version, plain(__version__)),
    )
    for iri, each in sorted(read.items()):
        yield node(
            iri,
            (RDF.type, (PROV.Entity, DCAT.Dataset)),
            (
                DCTERMS.title,
                plain(f"Pathway figures of PFOCR: {each.figures} pages, {each.tables} tables"),
            ),
            free(),
            (DCTERMS.creator, (WIKIPATHWAYS,)),
            (DCTERMS.identifier, plain(f"sha256:{each.sha256}")),
        )


def service_nodes(edition: Edition) -> Iterator[Node]:
    """Yield the graphs of an endpoint as `pfocr-rdf load` puts them, and the endpoint if known."""
    graphs = edition.below("graphs")
    named = (
        (edition.below("graphs", "figures"), edition.graph, edition.rdf),
        (edition.below("graphs", "alignment"), ALIGNMENT_GRAPH, edition.below("alignment")),
    )
    yield node(
        graphs,
        (RDF.type, (SD.Dataset,)),
        (SD.namedGraph, [iri for iri, _, _ in named]),
    )
    for iri, name, graph in named:
        yield node(iri, (RDF.type, (SD.NamedGraph,)), (SD.name, (name,)), (SD.graph, (graph,)))
    if edition.endpoint:
        endpoint = IRI(edition.endpoint)
        yield node(
            edition.below("service"),
            (RDF.type, (SD.Service, DCAT.DataService)),
            (DCTERMS.title, plain(f"SPARQL endpoint of {edition.title}")),
            (DCAT.endpointURL, (endpoint,)),
            (DCAT.servesDataset, (edition.iri,)),
            (SD.endpoint, (endpoint,)),
            (SD.supportedLanguage, (SD.SPARQL11Query,)),
            (SD.resultFormat, [IRI(FORMATS + name) for name in _ANSWERS]),
            (SD.defaultDataset, (graphs,)),
        )


def _input_iri(read: Input) -> IRI:
    return IRI(f"{OURS}input/{read.sha256[:12]}")
