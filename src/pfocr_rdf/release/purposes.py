"""What each file of a release is for, in two lines: for the page on the release, and for its crate."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.files import plain_name
from pfocr_rdf.release.description import ALIGNMENT_TITLE
from pfocr_rdf.release.files import (
    ALIGNMENT_FILE,
    CRATE_FILE,
    FINDINGS_FILE,
    MANIFEST,
    REPORT_FILE,
    VOID_FILE,
)


class Purpose(NamedTuple):
    """What a file is called, and what is in it; neither ends with a full stop."""

    title: str
    content: str


_GRAPH: Final = "All figures, mentions and entities of the release as RDF"
_WHAT: Final = {
    ".ttl": ("The graph in Turtle", _GRAPH),
    ".jsonld": ("The graph in JSON-LD", _GRAPH),
    ".nt": ("The graph in N-Triples", _GRAPH),
    ".nq": ("The graph in N-Quads", f"{_GRAPH}, in its named graph"),
    ".trig": ("The graph in TriG", f"{_GRAPH}, in its named graph"),
    ".gmt": ("Sets of figures", "A line is a figure: its name, its title and what it shows"),
    ".parquet": ("A table for DuckDB, Polars or Arrow", "Rows with typed columns"),
    ".tsv": ("A table for R and spreadsheets", "The rows of the Parquet table of the same name"),
}
_BIOTHINGS: Final = "One JSON document a figure, in the shape of PFOCR's API"
_REPORT: Final = "What came in, what became of it, and what was found wrong, in numbers"
_NAMED: Final = {
    ALIGNMENT_FILE: (
        ALIGNMENT_TITLE,
        "What genes, chemicals, diseases and organisms are elsewhere, in ids and in IRIs",
    ),
    VOID_FILE: (
        "Description of the data set with its counts",
        "Title, licence, versions, files and counts of the release, in VoID, DCAT and schema.org",
    ),
    FINDINGS_FILE: (
        "What was found in the input, one finding a line",
        "Each with its code, severity, file, field and value",
    ),
    REPORT_FILE: ("Totals, links, findings and ledger of the export", _REPORT),
    "report.md": ("Totals, links, findings and ledger of the export, to read", _REPORT),
    "pfocr_nodes.jsonl": (
        "Nodes of the knowledge graph in KGX",
        "Figures, papers, genes, chemicals, diseases and organisms, of Biolink's classes",
    ),
    "pfocr_edges.jsonl": (
        "Edges of the knowledge graph in KGX",
        "What each figure mentions and which paper it is part of, of Biolink's predicates",
    ),
    "pfocr_prefix_map.json": (
        "Prefixes of the knowledge graph in KGX",
        "What each prefix of its CURIEs stands for, to get the IRIs of the graph",
    ),
    "pfocr_kgx_metadata.json": (
        "Description of the knowledge graph in KGX",
        "Version, licence, prefixes, and how many nodes and edges there are of each kind",
    ),
    "pfocr.sssom.tsv": (
        "Alignments of genes, chemicals and diseases in SSSOM",
        "Mappings with the reason for each and who states it",
    ),
    "pfocr-biothings-strict.ndjson": (
        "BioThings documents, genes matched by symbol",
        _BIOTHINGS,
    ),
    "pfocr-biothings-synonyms.ndjson": (
        "BioThings documents, genes matched by symbol or synonym",
        _BIOTHINGS,
    ),
    "pfocr-biothings-all.ndjson": ("BioThings documents, all genes", _BIOTHINGS),
    "pfocr-biothings-human-strict.ndjson": (
        "BioThings documents of human genes, matched by symbol",
        _BIOTHINGS,
    ),
    "pfocr-biothings-human-synonyms.ndjson": (
        "BioThings documents of human genes, matched by symbol or synonym",
        _BIOTHINGS,
    ),
    "pfocr-biothings-human-all.ndjson": ("BioThings documents of human genes, all", _BIOTHINGS),
    "figures.parquet": ("Table of the figures", "A row is a figure: title, caption, paper, links"),
    "mentions.parquet": (
        "Table of the mentions",
        "A row is one reading of a word of a figure, and how it was identified or why not",
    ),
    "entities.parquet": (
        "Table of the genes, chemicals, diseases, papers and the rest",
        "A row is an entity: names, matches, organisms; DOI, PMID, year of papers",
    ),
    CRATE_FILE: (
        "The release as an RO-Crate",
        "What the release and each of its files is, for catalogues and archives",
    ),
    MANIFEST: (
        "What went into the release, and its files by size and SHA-256",
        "Inputs, versions, options and outputs, to check a copy of the release with",
    ),
}


def purpose_of(name: str) -> Purpose:
    """Return what a file is for, compressed or not; its name where that is not known.

    Example:
        >>> purpose_of("pfocr.ttl.gz").title
        'The graph in Turtle'
    """
    plain = plain_name(name)
    known = _NAMED.get(plain) or _WHAT.get(Path(plain).suffix) or (plain, plain)
    return Purpose(*known)
