"""The metrics of F-UJI v0.8 and their tests, by number, name and what to do when one fails.

Source: FAIRsFAIR data object assessment metrics, https://doi.org/10.5281/zenodo.4081213, as
F-UJI has them in `metrics_v0.8.yaml`, https://github.com/pangaea-data-publisher/fuji
"""

from __future__ import annotations

from typing import Final, NamedTuple


class MetricTest(NamedTuple):
    """One test of a metric.

    Attributes:
        id: As F-UJI has it, such as "FsF-F1-01MD-1".
        asks: What has to be so.
        advice: What to do when it is not.
        scored: Whether F-UJI gives points for it; one that is not cannot fail its metric.
    """

    id: str
    asks: str
    advice: str
    scored: bool = True


class Metric(NamedTuple):
    """One metric: its number, what it is about, and its tests in their order."""

    id: str
    name: str
    tests: tuple[MetricTest, ...]


_DESCRIBE: Final = "export anew with this version; see docs/dataset.md"
_HOST: Final = "ask F-UJI once the site is on the web"

METRICS: Final = (
    Metric(
        "FsF-F1-01MD",
        "Metadata and data have globally unique identifiers",
        (
            MetricTest(
                "FsF-F1-01MD-1",
                "the metadata have an IRI, UUID or PID",
                "give the data set an IRI (dcterms:identifier, link cite-as)",
            ),
            MetricTest(
                "FsF-F1-01MD-2",
                "the data have an IRI, UUID or PID",
                "name the files of the data by URL (dcat:downloadURL)",
                scored=False,
            ),
        ),
    ),
    Metric(
        "FsF-F1-02MD",
        "Metadata and data have persistent identifiers",
        (
            MetricTest(
                "FsF-F1-02MD-1",
                "an identifier of the metadata has the syntax of a PID (DOI, w3id, ...)",
                "name the data set https://w3id.org/pfocr/dataset, or register a DOI",
            ),
            MetricTest(
                "FsF-F1-02MD-2", "the PID of the metadata is registered and redirects", _HOST
            ),
            MetricTest(
                "FsF-F1-02MD-4",
                "an identifier of the data has the syntax of a PID",
                "deposit the files where they get a DOI",
                scored=False,
            ),
            MetricTest(
                "FsF-F1-02MD-5",
                "the PID of the data is registered and redirects",
                _HOST,
                scored=False,
            ),
        ),
    ),
    Metric(
        "FsF-F2-01M",
        "Metadata have the core elements",
        (
            MetricTest(
                "FsF-F2-01M-2",
                "creator, title, identifier, date of publication, publisher and type are there",
                f"state what is missing, the date by `export --issued DAY`: {_DESCRIBE}",
            ),
            MetricTest(
                "FsF-F2-01M-3",
                "a summary and keywords are there too",
                f"state what is missing: {_DESCRIBE}",
            ),
        ),
    ),
    Metric(
        "FsF-F3-01M",
        "Metadata have the identifier of the data",
        (
            MetricTest(
                "FsF-F3-01M-2",
                "the metadata say at which PID or URL the data can be downloaded",
                "state dcat:downloadURL or void:dataDump, on a page schema:contentUrl",
            ),
        ),
    ),
    Metric(
        "FsF-F4-01M",
        "Search engines can index the metadata",
        (
            MetricTest(
                "FsF-F4-01M-1",
                "the page has schema.org, DCAT or Dublin Core in its HTML, and robots may read it",
                "embed schema.org as JSON-LD (`pfocr-rdf site`), and let robots.txt allow the page",
            ),
        ),
    ),
    Metric(
        "FsF-A1-01M",
        "Metadata have the level and conditions of access",
        (
            MetricTest(
                "FsF-A1-01M-1",
                "access rights are stated",
                "state dcterms:accessRights, on a page schema:isAccessibleForFree",
            ),
        ),
    ),
    Metric(
        "FsF-A1-02MD",
        "Metadata and data are retrievable by their identifiers",
        (
            MetricTest("FsF-A1-02MD-1", "the metadata come by their identifier", _HOST),
            MetricTest("FsF-A1-02MD-2", "the data come by the identifiers in the metadata", _HOST),
        ),
    ),
    Metric(
        "FsF-A1.1-01MD",
        "Metadata and data come by a standard protocol",
        (
            MetricTest(
                "FsF-A1.1-01MD-1",
                "the identifier of the metadata has a scheme such as https",
                "use an https IRI",
            ),
            MetricTest(
                "FsF-A1.1-01MD-2",
                "the links to the data have a scheme such as https",
                "name the files by https URLs (dcat:downloadURL, schema:contentUrl)",
            ),
        ),
    ),
    Metric(
        "FsF-A1.2-01MD",
        "The protocol supports authentication",
        (
            MetricTest(
                "FsF-A1.2-01MD-1",
                "the scheme of the identifier of the metadata supports authentication",
                "use an https IRI",
            ),
            MetricTest(
                "FsF-A1.2-01MD-2",
                "the schemes of the links to the data support authentication",
                "name the files by https URLs (dcat:downloadURL, schema:contentUrl)",
            ),
        ),
    ),
    Metric(
        "FsF-I1-01M",
        "Metadata are in a formal language",
        (
            MetricTest(
                "FsF-I1-01M-1",
                "the page has structured metadata in its HTML that parse",
                "embed JSON-LD (`pfocr-rdf site`)",
            ),
            MetricTest(
                "FsF-I1-01M-2",
                "metadata in RDF that parse are linked with their type, or are there",
                "link the RDF with rel=describedby and its media type (`pfocr-rdf site`)",
            ),
        ),
    ),
    Metric(
        "FsF-I2-01M",
        "Metadata use registered vocabularies",
        (
            MetricTest(
                "FsF-I2-01M-2",
                "a registered vocabulary is used beyond those of every document",
                "describe the data set with DCAT, VoID or PROV",
            ),
        ),
    ),
    Metric(
        "FsF-I3-01M",
        "Metadata have qualified references to related things",
        (
            MetricTest(
                "FsF-I3-01M-1",
                "related things are named by properties that tell the relation",
                "state dcterms:source, prov:wasDerivedFrom, schema:isBasedOn or schema:citation",
            ),
            MetricTest(
                "FsF-I3-01M-2",
                "related things are named by links or identifiers",
                "name them by IRI, not by text",
            ),
        ),
    ),
    Metric(
        "FsF-R1-01M",
        "Metadata specify the content of the data",
        (
            MetricTest("FsF-R1-01M-1", "the type of the resource is stated", "state rdf:type"),
            MetricTest(
                "FsF-R1-01M-2",
                "media type and size of a file, or the address of a service, are stated",
                "state dcat:mediaType with dcat:byteSize, or void:sparqlEndpoint",
            ),
            MetricTest(
                "FsF-R1-01M-3",
                "what was measured or observed is stated",
                "state schema:variableMeasured or VoID's partitions",
                scored=False,
            ),
        ),
    ),
    Metric(
        "FsF-R1.1-01M",
        "Metadata have the licence of the data",
        (
            MetricTest(
                "FsF-R1.1-01M-1",
                "the licence is stated",
                "state dcterms:license, on a page schema:license and a link rel=license",
            ),
        ),
    ),
    Metric(
        "FsF-R1.2-01M",
        "Metadata have the provenance of the data",
        (
            MetricTest(
                "FsF-R1.2-01M-1",
                "properties that PROV-DC maps to PROV are there: who, when, from what",
                "state dcterms:creator, dcterms:issued and dcterms:source",
            ),
            MetricTest(
                "FsF-R1.2-01M-2",
                "terms of PROV or PAV are used",
                f"state prov:wasDerivedFrom: {_DESCRIBE}",
            ),
        ),
    ),
    Metric(
        "FsF-R1.3-01M",
        "Metadata follow a standard of the community",
        (
            MetricTest(
                "FsF-R1.3-01M-1",
                "a standard of the life sciences is followed (Bioschemas, HCLS)",
                "state dcterms:conformsTo a profile of Bioschemas or the HCLS note",
            ),
            MetricTest(
                "FsF-R1.3-01M-3",
                "a general standard is followed (DCAT, Dublin Core, schema.org)",
                "describe the data set with DCAT or schema.org",
            ),
        ),
    ),
    Metric(
        "FsF-R1.3-02D",
        "Data are in a file format of the community",
        (
            MetricTest(
                "FsF-R1.3-02D-1",
                "a file of the data is in an open, lasting or scientific format",
                "state dcat:mediaType or schema:encodingFormat of an RDF or text format",
            ),
        ),
    ),
)
"""FsF-A2-01M is no part of v0.8."""
