"""Make the HGNC table that the package carries out of the one that HGNC publishes.

    python scripts/make_embedded_hgnc.py TABLE [--output FILE]

TABLE is HGNC's complete set (plain, .gz or .zst). Kept are all approved genes, in the order of
TABLE, and of each the columns that are read (`table.COLUMNS`, `table.REFERENCE_COLUMNS`), but
for the dates of changes: the first line has the newest, and the SHA-256 of TABLE. HGNC's data are facts under CC0.

Beside it comes a table of the genes' other names, by which search finds them, where TABLE has any.

The output is the same bytes each time with the same library, and answers as TABLE does.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import zstandard

from pfocr_rdf.figures.link import GeneTable, HgncGene, is_complete
from pfocr_rdf.figures.link.other_names import NAME_COLUMNS, NAMES_FILE
from pfocr_rdf.figures.link.table import COLUMNS, REFERENCE_COLUMNS, SUBSET_LINE, parse_hgnc
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME, read_table_text

DATA = Path(__file__).resolve().parent.parent / "src" / "pfocr_rdf" / "data"
LEVEL = 19


def embedded_lines(table: GeneTable) -> Iterator[str]:
    """Yield the lines of the embedded table."""
    yield SUBSET_LINE.format(date=table.release.date, sha256=table.release.sha256)
    yield "\t".join((*COLUMNS, *REFERENCE_COLUMNS))
    for gene in table:
        cells = _cells(gene)
        crossed = gene.crossed or "\t" * (len(REFERENCE_COLUMNS) - 1)
        yield "\t".join((*(cells[column] for column in COLUMNS), crossed))


def _cells(gene: HgncGene) -> dict[str, str]:
    return {
        "hgnc_id": f"HGNC:{gene.hgnc_id}",
        "symbol": gene.symbol,
        "name": gene.name,
        "status": "Approved",
        "alias_symbol": "|".join(gene.aliases),
        "prev_symbol": "|".join(gene.previous),
        "date_modified": "",
        "entrez_id": gene.entrez_id,
    }


def name_lines(text: str) -> Iterator[str]:
    """Yield the lines of the table of names: those of approved genes that have other names."""
    yield "\t".join(NAME_COLUMNS)
    for row in csv.DictReader(io.StringIO(text), dialect="excel-tab"):
        cells = [" ".join(row[column].split()) for column in NAME_COLUMNS]
        if row["status"] == "Approved" and any(cells[1:]):
            yield "\t".join(cells)


def main() -> None:
    """Read the command line and write the table."""
    parser = argparse.ArgumentParser(description="Make the embedded HGNC table.")
    parser.add_argument("table", type=Path, help="HGNC complete set")
    parser.add_argument("--output", type=Path, default=DATA / EMBEDDED_NAME)
    options = parser.parse_args()
    published = read_table_text(options.table)
    table = parse_hgnc(published, "file", options.table.name)
    if table.left_out or not is_complete(len(table)):
        parser.error(f"{options.table}: {len(table)} genes, {len(table.left_out)} rows left out")
    tables = [(options.output, embedded_lines(table))]
    if set(NAME_COLUMNS) <= set(published.partition("\n")[0].split("\t")):
        tables.append((options.output.with_name(NAMES_FILE), name_lines(published)))
    for path, lines in tables:
        text = "".join(f"{line}\n" for line in lines).encode()
        path.write_bytes(zstandard.ZstdCompressor(level=LEVEL).compress(text))
    print(
        f"{options.output}: {len(table)} genes of {table.release.date}; "
        f"{len(table.problems)} ids in other databases left out"
    )


if __name__ == "__main__":
    main()
