"""Cut the embedded HGNC table out of the full one.

    python scripts/make_embedded_hgnc.py TABLE SEED... [--output FILE]

TABLE is HGNC's complete set (plain, .gz or .zst), SEED... are figure pages. The result holds
each gene that a keyword, a gene word, a symbol or an Entrez id of those pages could mean, so
that the pages resolve exactly as they would with TABLE.

A subset has a trap: an alias that two genes of TABLE carry looks unique when only one of them
is kept, and would then be resolved by guess. So an alias or previous symbol is kept only when
every gene that carries it in TABLE, in whatever role, is kept too. What is left of them
answers as TABLE does; all others answer nothing. (Approved symbols are unique anyway.)

The output is the same bytes each time. Its first line keeps date and SHA-256 of TABLE. HGNC's
data are facts under CC0.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from pfocr_rdf.figures.link.table import COLUMNS, SUBSET_LINE, GeneTable, parse_hgnc
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME, read_table_text

DATA = Path(__file__).resolve().parent.parent / "src" / "pfocr_rdf" / "data"


def seed_queries(page: str) -> tuple[set[str], set[str]]:
    """Symbols and Entrez ids of one figure page, read as text only (`NO` stays a word)."""
    front_matter = next(iter(yaml.load_all(page, Loader=yaml.BaseLoader)))
    keywords = front_matter["schema-jsonld"]["keywords"]
    symbols = {keywords} if isinstance(keywords, str) else set(keywords)
    entrez_ids = set()
    for row in front_matter.get("genes", ()):
        symbols.update((row["word"], row["symbol"], row["hgnc_symbol"]))
        entrez_ids.add(row["entrez"])
    return symbols, entrez_ids


def wanted_genes(table: GeneTable, pages: Iterable[str]) -> set[str]:
    """The hgnc_ids of all genes that the pages could mean."""
    wanted: set[str] = set()
    for page in pages:
        symbols, entrez_ids = seed_queries(page)
        for symbol in symbols:
            wanted.update(match.gene.hgnc_id for match in table.candidates(symbol))
        for entrez_id in entrez_ids:
            gene = table.by_entrez(entrez_id)
            if gene is not None:
                wanted.add(gene.hgnc_id)
    return wanted


def subset_lines(text: str, table: GeneTable, wanted: set[str]) -> Iterator[str]:
    """The lines of the subset, in the order of the full table."""
    yield SUBSET_LINE.format(date=table.release.date, sha256=table.release.sha256)
    yield "\t".join(COLUMNS)

    modified = {
        row["hgnc_id"]: row["date_modified"]
        for row in csv.DictReader(io.StringIO(text), delimiter="\t")
    }

    def unambiguous(symbols: tuple[str, ...]) -> str:
        kept = [
            symbol
            for symbol in symbols
            if all(match.gene.hgnc_id in wanted for match in table.candidates(symbol))
        ]
        return f'"{"|".join(kept)}"' if len(kept) > 1 else "".join(kept)

    for gene in table:
        if gene.hgnc_id in wanted:
            accession = f"HGNC:{gene.hgnc_id}"
            cells = {
                "hgnc_id": accession,
                "symbol": gene.symbol,
                "name": gene.name,
                "status": "Approved",
                "alias_symbol": unambiguous(gene.aliases),
                "prev_symbol": unambiguous(gene.previous),
                "date_modified": modified[accession],
                "entrez_id": gene.entrez_id,
            }
            yield "\t".join(cells[column] for column in COLUMNS)


def main() -> None:
    """Read the command line and write the table."""
    parser = argparse.ArgumentParser(description="Cut the embedded HGNC table.")
    parser.add_argument("table", type=Path, help="HGNC complete set")
    parser.add_argument("seeds", type=Path, nargs="+", help="figure pages")
    parser.add_argument("--output", type=Path, default=DATA / EMBEDDED_NAME)
    options = parser.parse_args()
    text = read_table_text(options.table)
    table = parse_hgnc(text, "file", options.table.name)
    pages = [seed.read_text(encoding="utf-8") for seed in options.seeds]
    wanted = wanted_genes(table, pages)
    lines = subset_lines(text, table, wanted)
    options.output.write_bytes("".join(f"{line}\n" for line in lines).encode())
    print(f"{options.output}: {len(wanted)} of {len(table)} genes of {table.release.date}")


if __name__ == "__main__":
    main()
