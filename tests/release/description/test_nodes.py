"""The description of a data set, node by node: its levels, files, run, graphs, and the alignment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pyoxigraph
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.exporting.options import ExportOptions, day_of_epoch
from pfocr_rdf.figures.link.table import TableRelease
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH, FIGURES_GRAPH, SITE, Iris
from pfocr_rdf.rdf.terms import IRI, XSD_DATE, XSD_INTEGER, Literal, Node, Term
from pfocr_rdf.rdf.vocabulary import (
    DCAT,
    DCTERMS,
    DCTYPES,
    DESCRIPTION_PROPERTIES,
    FOAF,
    OA,
    PAV,
    PFOCR,
    PROPERTIES,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SKOS,
    SPDX,
    VOID,
    VOID_EXT,
    Range,
)
from pfocr_rdf.release.counts.counts import Counts
from pfocr_rdf.release.counts.distinct import DistinctCounts
from pfocr_rdf.release.counts.linksets import ALIGNED, MGI
from pfocr_rdf.release.description import (
    CC0,
    DATASET,
    Edition,
    Input,
    dataset_nodes,
    hgnc_release_iri,
    is_in_dump,
    version_iri,
    void_file,
    void_nodes,
)
from pfocr_rdf.release.files import WrittenFile
from pfocr_rdf.version import __version__

TABLE = TableRelease("2024-10-18", "ab" * 32, 43_882, "file", "hgnc.txt")
PLAIN = Edition("", TABLE)
NAMED = Edition(
    "2024-11",
    TABLE,
    IRI("https://w3id.org/pfocr/graph/release/2024-11"),
    "2024-11-30",
    version_iri("2024-05"),
    "https://example.org/pfocr/",
    "https://example.org/sparql",
)
VERSION = IRI("https://w3id.org/pfocr/release/2024-11")
GENE, CONCEPT, MENTION = (SCHEMA.Gene,), (SKOS.Concept,), (PFOCR.GeneMention,)
COUNTS = Counts(
    figures=2,
    triples=20,
    subjects=8,
    having=Counter(
        {
            (GENE, RDF.type): 2,
            (GENE, SCHEMA.name): 2,
            (CONCEPT, RDF.type): 1,
            (CONCEPT, SCHEMA.name): 1,
            (GENE + CONCEPT, RDF.type): 1,
            (GENE + CONCEPT, SCHEMA.name): 1,
            (MENTION, RDF.type): 4,
            (MENTION, SCHEMA.name): 1,
            (MENTION, PFOCR.occurrences): 2,
            (MENTION, OA.hasBody): 3,
        }
    ),
    more=Counter({(GENE + CONCEPT, RDF.type): 1, (GENE, SCHEMA.name): 1}),
    objects=Counter(
        {
            (MENTION, OA.hasBody, SCHEMA.Gene): 3,
            (MENTION, OA.hasBody, SKOS.Concept): 1,
        }
    ),
    classes=Counter({SCHEMA.Gene: 3, PFOCR.GeneMention: 4, SKOS.Concept: 2}),
    linked=Counter({0: 3}),
)
DISTINCT = DistinctCounts(
    {Range.IRI: 3, Range.STRING: 5, Range.INTEGER: 1},
    {RDF.type: 3, SCHEMA.name: 5, PFOCR.occurrences: 1, OA.hasBody: 2},
)
FILES = (
    WrittenFile("alignment.ttl", 99, "11" * 32, "text/turtle", 6),
    WrittenFile("pfocr.ttl.gz", 1_000, "22" * 32, "text/turtle", 17),
    WrittenFile("pfocr.jsonld.zst", 2_000, "33" * 32, "application/ld+json", 17),
    WrittenFile("pfocr.gmt", 5, "44" * 32, "text/tab-separated-values", 0),
)
ALIGNMENT = {
    0: 4,
    ALIGNED.index((PFOCR.ortholog, MGI)): 2,
}
INPUTS = (Input("cd" * 32, 5, 2), Input("ef" * 32, 1, 0), Input("cd" * 32, 5, 2))


def said(node: Node) -> dict[IRI, tuple[Term, ...]]:
    return dict(node.properties)


def described(edition: Edition = NAMED, **changes: Any) -> dict[IRI, dict[IRI, tuple[Term, ...]]]:
    """Return the nodes of void.ttl by their IRIs."""
    given: dict[str, Any] = {"counts": COUNTS, "files": FILES, "inputs": INPUTS} | changes
    nodes = list(
        void_nodes(
            edition, given["counts"], DISTINCT, given["files"], given["inputs"], Iris(), ALIGNMENT
        )
    )
    by_subject = {node.subject: said(node) for node in nodes}
    assert len(by_subject) == len(nodes), "a subject is one node"
    return by_subject


def one(node: dict[IRI, tuple[Term, ...]], predicate: IRI) -> Term:
    (value,) = node[predicate]
    return value


def number(value: int) -> Literal:
    return Literal(str(value), XSD_INTEGER)


def test_the_graphs_differ() -> None:
    assert len({DATASET, FIGURES_GRAPH, ALIGNMENT_GRAPH}) == 3


# levels


def test_the_levels_lead_from_one_to_the_next() -> None:
    catalogue, dataset, version, table = dataset_nodes(NAMED)
    assert catalogue.subject == SITE
    assert said(catalogue)[DCAT.dataset] == (DATASET,)
    assert dataset.subject == DATASET
    assert said(dataset)[PAV.hasCurrentVersion] == (VERSION,) == (version.subject,)
    assert said(version)[DCTERMS.isVersionOf] == (DATASET,)
    assert said(version)[PROV.wasDerivedFrom] == (table.subject,)
    assert table.subject == hgnc_release_iri(TABLE)
    assert table.subject == "https://w3id.org/pfocr/hgnc/2024-10-18-abababababab"
    assert said(table)[DCTERMS.issued] == (Literal("2024-10-18", XSD_DATE),)
    assert said(table)[DCTERMS.identifier] == (Literal(f"sha256:{'ab' * 32}"),)
    (title,) = said(table)[DCTERMS.title]
    assert title == Literal("HGNC gene table, 43882 genes, last changed 2024-10-18")


def test_the_profile_of_hcls() -> None:
    """What each level must say, and what it must never: the table of section 5 of the profile."""
    nodes = described()
    must = {DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, RDF.type}
    summary, version, graph = nodes[DATASET], nodes[VERSION], nodes[IRI(f"{VERSION}/rdf")]
    for level in (summary, version, graph):
        assert must <= set(level)
    assert DCTYPES.Dataset in summary[RDF.type]
    assert DCTYPES.Dataset in version[RDF.type]
    assert {VOID.Dataset, DCAT.Distribution} <= set(graph[RDF.type])
    never = {DCTERMS.creator, DCTERMS.issued, PAV.version, PAV.previousVersion, DCAT.distribution}
    assert never.isdisjoint(summary)
    assert {DCTERMS.creator, PAV.version, DCTERMS.isVersionOf, DCAT.distribution} <= set(version)
    assert {DCTERMS.creator, PAV.version, DCTERMS.format, VOID.dataDump} <= set(graph)
    assert {DCTERMS.isVersionOf, PAV.hasCurrentVersion, DCAT.distribution}.isdisjoint(graph)
    for level in (summary, version):
        assert not [predicate for predicate in level if predicate.startswith(VOID.base)]


def test_what_is_told_is_said() -> None:
    version = described()[VERSION]
    assert version[PAV.version] == version[DCAT.version] == (Literal("2024-11"),)
    assert version[DCTERMS.issued] == (Literal("2024-11-30", XSD_DATE),)
    assert version[PAV.previousVersion] == (IRI("https://w3id.org/pfocr/release/2024-05"),)
    assert version[DCTERMS.title] == (Literal("PFOCR pathway figures as linked data, 2024-11"),)
    assert version[DCTERMS.license] == (CC0,)


def test_what_is_not_known_is_not_said() -> None:
    edition = PLAIN._replace(table=TABLE._replace(date="", origin="embedded"))
    _, dataset, version, table = dataset_nodes(edition)
    assert version.subject == "https://w3id.org/pfocr/release/unnamed"
    assert said(version)[PAV.version] == (Literal("unnamed"),)
    assert said(version)[DCTERMS.title] == said(dataset)[DCTERMS.title]
    assert {DCTERMS.issued, PAV.previousVersion}.isdisjoint(said(version))
    assert DCTERMS.issued not in said(table)
    assert table.subject == "https://w3id.org/pfocr/hgnc/undated-abababababab"
    (title,) = said(table)[DCTERMS.title]
    assert isinstance(title, Literal)
    assert "the one that pfocr-rdf carries" in title.lexical
    assert "last changed" not in title.lexical
    assert not [
        node for node in described(edition).values() if SD.Service in node.get(RDF.type, ())
    ]


def test_a_dump_says_of_itself_what_void_repeats() -> None:
    nodes = [Node(s, tuple(properties.items())) for s, properties in described().items()]
    repeated = {t for node in nodes for t in node.triples() if is_in_dump(*t[:2])}
    assert repeated == {t for node in dataset_nodes(NAMED) for t in node.triples()}
    for node in dataset_nodes(NAMED):
        assert {predicate for predicate, _ in node.properties} - {RDF.type} <= set(PROPERTIES)
    used = {predicate for node in nodes for predicate, _ in node.properties} - {RDF.type}
    assert used - set(PROPERTIES) == set(DESCRIPTION_PROPERTIES)


# files


def test_a_file_is_a_distribution_with_its_size_and_hash() -> None:
    nodes = described()
    file = nodes[IRI(f"{VERSION}/file/pfocr.ttl.gz")]
    assert set(file[RDF.type]) == {DCAT.Distribution, SCHEMA.DataDownload}
    media = "https://www.iana.org/assignments/media-types/"
    assert one(file, DCAT.downloadURL) == "https://example.org/pfocr/pfocr.ttl.gz"
    assert one(file, DCAT.accessURL) == "https://example.org/pfocr/"
    assert one(file, DCAT.mediaType) == media + "text/turtle"
    assert one(file, DCAT.compressFormat) == media + "application/gzip"
    size = one(file, DCAT.byteSize)
    assert size == Literal("1000", IRI("http://www.w3.org/2001/XMLSchema#nonNegativeInteger"))
    checksum = nodes[IRI(str(one(file, SPDX.checksum)))]
    assert checksum[SPDX.algorithm] == (SPDX.checksumAlgorithm_sha256,)
    hexadecimal = IRI("http://www.w3.org/2001/XMLSchema#hexBinary")
    assert checksum[SPDX.checksumValue] == (Literal("22" * 32, hexadecimal),)
    zstd = nodes[IRI(f"{VERSION}/file/pfocr.jsonld.zst")]
    assert one(zstd, DCAT.compressFormat) == media + "application/zstd"
    assert DCAT.compressFormat not in nodes[IRI(f"{VERSION}/file/alignment.ttl")]


def test_all_files_are_distributions_and_the_dumps_are_of_the_graph() -> None:
    nodes = described()
    files = [f"{VERSION}/file/{file.name}" for file in FILES]
    assert set(nodes[VERSION][DCAT.distribution]) == {f"{VERSION}/rdf", *files}
    graph = nodes[IRI(f"{VERSION}/rdf")]
    assert graph[VOID.dataDump] == (
        "https://example.org/pfocr/pfocr.jsonld.zst",
        "https://example.org/pfocr/pfocr.ttl.gz",
    )
    formats = {str(each).rpartition("media-types/")[2] for each in graph[DCTERMS.format]}
    assert formats == {"text/turtle", "application/ld+json"}
    alignment = nodes[IRI(f"{VERSION}/alignment")]
    assert alignment[VOID.dataDump] == ("https://example.org/pfocr/alignment.ttl",)
    assert alignment[VOID.triples] == (number(6),)
    linksets = {iri: nodes[IRI(str(iri))] for iri in alignment[VOID.subset]}
    assert {iri: each[VOID.triples] for iri, each in linksets.items()} == {
        f"{VERSION}/alignment/links/skos-exactMatch-ncbigene-elsewhere": (number(4),),
        f"{VERSION}/alignment/links/pfocr-ortholog-mgi": (number(2),),
    }
    spaces = nodes[IRI(f"{VERSION}/target/ncbigene-elsewhere")][VOID.uriSpace]
    assert {each[0] for each in spaces} == set(Iris().spellings(Iris().gene("")))
    assert nodes[IRI(f"{VERSION}/target/mgi")][VOID.uriSpace] == (
        Literal("http://identifiers.org/mgi/MGI:"),
    )


@pytest.mark.parametrize("download", ["https://example.org/x", "https://example.org/x/"])
def test_a_download_address_may_end_in_a_slash(download: str) -> None:
    edition = PLAIN._replace(download=download)
    assert edition.address() == "https://example.org/x/"
    assert edition.address("a b") == "https://example.org/x/a b"
    assert PLAIN.address("void.ttl") == "https://w3id.org/pfocr/release/unnamed/void.ttl"


# counts


def test_counts_and_partitions() -> None:
    nodes = described()
    graph = nodes[IRI(f"{VERSION}/rdf")]
    counted = {
        VOID.triples: 20, VOID.entities: 8, VOID.distinctSubjects: 8, VOID.distinctObjects: 9,
        VOID.classes: 3, VOID.properties: 4, VOID_EXT.distinctLiterals: 6,
    }  # fmt: skip
    assert {name: one(graph, name) for name in counted} == {
        name: number(value) for name, value in counted.items()
    }
    classes = {
        one(part, VOID["class"]): one(part, VOID.entities)
        for each in graph[VOID.classPartition]
        if VOID.entities in (part := nodes[IRI(str(each))])
    }
    assert classes == {name: number(value) for name, value in COUNTS.classes.items()}
    kinds = {
        one(part, VOID["class"]): one(part, VOID.distinctSubjects)
        for each in graph[VOID.classPartition]
        if VOID.distinctSubjects in (part := nodes[IRI(str(each))])
    }
    assert kinds == {RDFS.Class: number(3), RDFS.Literal: number(6), SD.Graph: number(1)}
    properties = {
        one(part, VOID.property): tuple(
            one(part, name) for name in (VOID.triples, VOID.distinctSubjects, VOID.distinctObjects)
        )
        for each in graph[VOID.propertyPartition]
        for part in [nodes[IRI(str(each))]]
    }
    assert properties == {
        RDF.type: (number(9), number(8), number(3)),
        SCHEMA.name: (number(6), number(5), number(5)),
        PFOCR.occurrences: (number(2), number(2), number(1)),
        OA.hasBody: (number(3), number(3), number(2)),
    }


def test_partitions_of_a_class() -> None:
    nodes = described()

    def parts(of: str, by: str) -> dict[Term, dict[IRI, tuple[Term, ...]]]:
        found = [nodes[IRI(str(each))] for each in nodes[IRI(of)].get(IRI(by), ())]
        name = VOID.property if by == VOID.propertyPartition else VOID["class"]
        return {one(part, name): part for part in found}

    def of_class(name: str) -> dict[Term, tuple[Term, Term]]:
        found = parts(f"{VERSION}/rdf/class/{name}", VOID.propertyPartition)
        return {
            name: (one(part, VOID.triples), one(part, VOID.distinctSubjects))
            for name, part in found.items()
        }

    assert of_class("schema-Gene") == {
        RDF.type: (number(4), number(3)),
        SCHEMA.name: (number(4), number(3)),
    }
    assert of_class("skos-Concept") == {
        RDF.type: (number(3), number(2)),
        SCHEMA.name: (number(2), number(2)),
    }
    mention = f"{VERSION}/rdf/class/pfocr-GeneMention"
    assert set(of_class("pfocr-GeneMention")) == {
        RDF.type, SCHEMA.name, PFOCR.occurrences, OA.hasBody
    }  # fmt: skip
    bodies = parts(f"{mention}/property/oa-hasBody", VOID.classPartition)
    assert {name: one(part, VOID.triples) for name, part in bodies.items()} == {
        SCHEMA.Gene: number(3),
        SKOS.Concept: number(1),
    }
    assert VOID_EXT.datatypePartition not in nodes[IRI(f"{mention}/property/oa-hasBody")]
    occurrences = nodes[IRI(f"{mention}/property/pfocr-occurrences")]
    assert VOID.classPartition not in occurrences
    literals = nodes[IRI(str(one(occurrences, VOID_EXT.datatypePartition)))]
    assert literals == {
        VOID_EXT.datatype: (XSD_INTEGER,),
        VOID.triples: (number(2),),
    }


def test_partitions_by_datatype() -> None:
    nodes = described()

    def datatypes(of: IRI) -> dict[str, tuple[Term, Term]]:
        parts = [nodes[IRI(str(each))] for each in nodes[of].get(VOID_EXT.datatypePartition, ())]
        return {
            str(one(part, VOID_EXT.datatype)).rpartition("#")[2]: (
                one(part, VOID.triples),
                one(part, VOID.distinctObjects),
            )
            for part in parts
        }

    assert datatypes(IRI(f"{VERSION}/rdf")) == {
        "string": (number(6), number(5)),
        "integer": (number(2), number(1)),
    }
    assert datatypes(IRI(f"{VERSION}/rdf/property/schema-name")) == {
        "string": (number(6), number(5))
    }
    assert datatypes(IRI(f"{VERSION}/rdf/property/rdf-type")) == {}


def test_a_linkset_names_its_ends() -> None:
    nodes = described()
    (subset,) = nodes[IRI(f"{VERSION}/rdf")][VOID.subset]
    links = nodes[IRI(str(subset))]
    assert links[VOID.linkPredicate] == (SCHEMA.mentions,)
    assert links[VOID.subjectsTarget] == (f"{VERSION}/rdf",)
    assert links[VOID.triples] == (number(3),)
    target = nodes[IRI(str(one(links, VOID.objectsTarget)))]
    assert target[DCTERMS.title] == (Literal("NCBI Gene"),)
    assert target[VOID.uriSpace] == (Literal("http://identifiers.org/ncbigene/"),)
    assert target[FOAF.page] == ("https://www.ncbi.nlm.nih.gov/gene",)


def test_a_graph_without_links_has_no_linksets() -> None:
    nodes = described(counts=replace(COUNTS, linked=Counter()))
    assert VOID.subset not in nodes[IRI(f"{VERSION}/rdf")]


# the run, the graphs


def test_the_run_names_what_it_used_and_no_time() -> None:
    nodes = described()
    run = nodes[IRI(f"{VERSION}/export")]
    assert set(run[PROV.used]) == {
        hgnc_release_iri(TABLE),
        "https://w3id.org/pfocr/input/cdcdcdcdcdcd",
        "https://w3id.org/pfocr/input/efefefefefef",
    }
    assert run[PROV.generated] == (VERSION,)
    assert nodes[IRI(f"{VERSION}/rdf")][PROV.wasGeneratedBy] == (f"{VERSION}/export",)
    program = nodes[IRI(str(one(run, PROV.wasAssociatedWith)))]
    assert program[PAV.version] == (Literal(__version__),)
    read = nodes[IRI("https://w3id.org/pfocr/input/cdcdcdcdcdcd")]
    assert read[DCTERMS.identifier] == (Literal(f"sha256:{'cd' * 32}"),)
    assert read[DCTERMS.title] == (Literal("Pathway figures of PFOCR: 5 pages, 2 tables"),)
    values = [v for node in nodes.values() for vs in node.values() for v in vs]
    assert not [v for v in values if isinstance(v, Literal) and v.datatype.endswith("dateTime")]


def test_the_graphs_of_an_endpoint() -> None:
    nodes = described()
    graphs = nodes[IRI(f"{VERSION}/graphs")]
    names = {
        one(named, SD.name): one(named, SD.graph)
        for each in graphs[SD.namedGraph]
        for named in [nodes[IRI(str(each))]]
    }
    assert names == {NAMED.graph: f"{VERSION}/rdf", ALIGNMENT_GRAPH: f"{VERSION}/alignment"}
    service = nodes[IRI(f"{VERSION}/service")]
    assert service[SD.endpoint] == service[DCAT.endpointURL] == ("https://example.org/sparql",)
    assert service[SD.defaultDataset] == (f"{VERSION}/graphs",)


# as a file


def test_it_is_turtle_that_parses_without_blank_nodes() -> None:
    nodes = [Node(s, tuple(properties.items())) for s, properties in described().items()]
    content, count = void_file(nodes, Iris())
    triples = set(pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) == count == sum(1 for node in nodes for _ in node.triples())
    assert not [t for quad in triples for t in quad if isinstance(t, pyoxigraph.BlankNode)]
    assert b"<http://www.w3.org/ns/spark" not in content.partition(b"\n\n")[2], "all have prefixes"


# options


def test_options_make_the_edition() -> None:
    options = ExportOptions(
        release="2024-11",
        issued="2024-11-30",
        previous="2024-05",
        download="https://example.org/pfocr/",
        endpoint="https://example.org/sparql",
    )
    options.check()
    assert options.edition(TABLE) == NAMED
    assert ExportOptions().edition(TABLE) == PLAIN
    elsewhere = ExportOptions(previous="https://example.org/v1")
    elsewhere.check()
    assert elsewhere.edition(TABLE).previous == "https://example.org/v1"


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("issued", "2024", "--issued: expected a day as 2024-11-30, found '2024'"),
        ("issued", "20241130", "--issued: expected a day"),
        ("issued", "2024-02-30", "--issued: expected a day"),
        ("previous", "no name", "--previous: expected the name of a release or an IRI"),
        ("download", "ftp://example.org", "--download: expected an http or https address"),
        ("endpoint", "sparql", "--endpoint: expected an http or https address, found 'sparql'"),
    ],
)
def test_values_that_cannot_be_said_are_refused(option: str, value: str, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        ExportOptions(**{option: value}).check()  # type: ignore[arg-type]
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("seconds", "day"), [("", ""), ("0", "1970-01-01"), ("1732924800", "2024-11-30")]
)
def test_the_day_of_an_epoch(seconds: str, day: str) -> None:
    assert day_of_epoch(seconds) == day


@pytest.mark.parametrize("seconds", ["yesterday", "1e9", "9" * 40])
def test_what_is_no_epoch(seconds: str) -> None:
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH: expected a number of seconds"):
        day_of_epoch(seconds)
