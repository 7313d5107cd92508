"""Reading for the scripts: pages, tables and the HGNC file, as a competent user would.

Plain on purpose, yet not naive where that would be unfair: YAML is read by libyaml.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Page = dict[str, Any]
Statement = tuple[str, str, str, str, str, str, str, str, str, str]
"""kind, word, match, source, organism, symbol, Entrez id, MeSH id, accession, rejected id"""


def read_hgnc(path: Path) -> dict[str, tuple[str, str, str]]:
    """Return (number at HGNC, symbol, name) by Entrez id."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as handle:
        return {
            row["entrez_id"]: (row["hgnc_id"].removeprefix("HGNC:"), row["symbol"], row["name"])
            for row in csv.DictReader(handle, delimiter="\t")
            if row["entrez_id"]
        }


def read_pages(corpus: Path) -> Iterator[tuple[Page, list[Statement], dict[tuple[str, ...], str]]]:
    """Yield each page's front matter, its rows, and the lexicons' names of its terms."""
    for path in sorted((corpus / "_figures").glob("*.md")):
        front = path.read_text(encoding="utf-8").removeprefix("---\n").removesuffix("---\n")
        # BaseLoader: `NO` is a gene, not False.
        page: Page = yaml.load(front, Loader=yaml.CBaseLoader)  # noqa: S506 - makes only strings
        names: dict[tuple[str, ...], str] = {}
        rows = [_gene(row) for row in page.get("genes") or ()]
        for kind in ("chemical", "disease"):
            rows += [_old_term(kind, row) for row in page.get(f"{kind}s") or ()]
        for row in _table(corpus / "_data" / f"{path.stem}-genes.tsv"):
            rows.append(_gene_of_table(row))
        for kind, column in (("chemical", "chebi"), ("disease", "doid")):
            for row in _table(corpus / "_data" / f"{path.stem}-{kind}s.tsv"):
                statement = _term(kind, row, row[column])
                rows.append(statement)
                if row["name"]:
                    names[kind, *statement[7:9]] = row["name"]
        yield page, rows, names


def _table(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield {name: "" if cell == "NA" else cell for name, cell in row.items()}


def _gene(row: dict[str, str]) -> Statement:
    return (
        "gene", row["word"], row["symbol"], row["source"], "9606", row["hgnc_symbol"],
        row["entrez"], "", "", "",
    )  # fmt: skip


def _gene_of_table(row: dict[str, str]) -> Statement:
    return (
        "gene", row["word"], row["match"], row["source"], row["organism_id"],
        row["ncbigene_symbol"], row["ncbigene_id"], "", "", "",
    )  # fmt: skip


def _old_term(kind: str, row: dict[str, str]) -> Statement:
    return kind, row["word"], "", row["source"], "", "", "", row["identifier"], "", ""


def _term(kind: str, row: dict[str, str], accession: str) -> Statement:
    mesh, number = row["mesh"].removeprefix("mesh:"), accession.partition(":")[2]
    match = row["match"] if mesh or number else row["match"] or row["name"]
    return kind, row["word"], match, "", "", "", "", mesh, number, ""
