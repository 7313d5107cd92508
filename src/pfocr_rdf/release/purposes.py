"""What each file of a release is for, in one line: for the page on the release, and for its crate."""

from __future__ import annotations

from pathlib import Path
from typing import Final

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

_WHAT: Final = {
    ".ttl": "The graph in Turtle",
    ".jsonld": "The graph in JSON-LD",
    ".nt": "The graph in N-Triples",
    ".nq": "The graph in N-Quads",
    ".trig": "The graph in TriG",
    ".gmt": "Gene sets of figures",
    ".parquet": "A table for DuckDB, Polars or Arrow",
}
_NAMED: Final = {
    ALIGNMENT_FILE: ALIGNMENT_TITLE,
    VOID_FILE: "Description of the data set with its counts",
    FINDINGS_FILE: "What was found in the input, one finding a line",
    REPORT_FILE: "Totals, links, findings and ledger of the export",
    "report.md": "Totals, links, findings and ledger of the export, to read",
    "pfocr_nodes.jsonl": "Nodes of the knowledge graph in KGX",
    "pfocr_edges.jsonl": "Edges of the knowledge graph in KGX",
    "pfocr.sssom.tsv": "Alignments of genes, chemicals and diseases in SSSOM",
    "pfocr-biothings-strict.ndjson": "BioThings documents, genes matched by symbol",
    "pfocr-biothings-synonyms.ndjson": "BioThings documents, genes matched by symbol or synonym",
    "pfocr-biothings-all.ndjson": "BioThings documents, all genes",
    "figures.parquet": "Table of the figures",
    "mentions.parquet": "Table of the mentions",
    "entities.parquet": "Table of the genes, chemicals, diseases, papers and the rest",
    CRATE_FILE: "The release as an RO-Crate",
    MANIFEST: "What went into the release, and its files by size and SHA-256",
}


def purpose_of(name: str) -> str:
    """Return what a file is for, compressed or not; its name where that is not known.

    Example:
        >>> purpose_of("pfocr.ttl.gz")
        'The graph in Turtle'
    """
    plain = plain_name(name)
    return _NAMED.get(plain) or _WHAT.get(Path(plain).suffix, plain)
