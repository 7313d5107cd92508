"""`pfocr-rdf genes`: the HGNC table that genes are linked with, and what it says of a symbol."""

from __future__ import annotations

from typing import Annotated

import typer

from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Hgnc, Verbose
from pfocr_rdf.cli.output import print_data, table
from pfocr_rdf.cli.table_warnings import incomplete, row_left_out, warn_of_table
from pfocr_rdf.errors import UsageError
from pfocr_rdf.figures.link import HGNC_URL, GeneTable, Linker, is_complete, load_gene_table
from pfocr_rdf.figures.link import status as table_status
from pfocr_rdf.figures.link import update as update_table
from pfocr_rdf.rdf import PFOCR
from pfocr_rdf.text import printable


def update(
    *,
    url: Annotated[str, typer.Option(help="Where the table is.")] = HGNC_URL,
    _verbose: Verbose = False,
) -> None:
    """Download the HGNC table into the cache, if it has changed.

    pfocr-rdf genes update
    """
    with interruptible("the table that was there still is"):
        changed, now = update_table(url)
    said = "downloaded" if changed else "is current"
    line = f"HGNC table of {now.date} {said}: {now.genes:,} genes, {now.path}"
    typer.echo(printable(line))


def status(
    *,
    _verbose: Verbose = False,
) -> None:
    """Say which HGNC table an export would use.

    pfocr-rdf genes status
    """
    cached = table_status()
    if cached is None:
        release = load_gene_table().release
        typer.echo(
            f"no table in the cache: exports use the embedded one of {release.genes:,} genes "
            f"({release.date}); `pfocr-rdf genes update` downloads a newer one"
        )
        return
    rows = [
        (name.replace("_", " "), str(value))
        for name, value in cached._asdict().items()
        if value and name != "problems"
    ]
    rows += [("left out", row_left_out(row)) for row in cached.problems]
    if not is_complete(cached.genes):
        rows.append(("warning", incomplete(cached.path.name, cached.genes)))
    print_data(table(("what", "value"), rows))


def lookup(
    query: Annotated[str, typer.Argument(metavar="SYMBOL", help="Symbol, HGNC id or Entrez id.")],
    *,
    hgnc: Hgnc = None,
    _verbose: Verbose = False,
) -> None:
    """Show what a symbol or id resolves to, and all candidates.

    pfocr-rdf genes lookup RANKL
    """
    genes = load_gene_table(hgnc)
    warn_of_table(genes.release, genes.left_out)
    matches = genes.lookup(query)
    if not matches:
        raise UsageError(
            f"{query}: no gene of the {genes.release.origin} HGNC table has this symbol or id"
        )
    rows = [
        (
            match.gene.symbol,
            f"HGNC:{match.gene.hgnc_id}",
            match.gene.entrez_id,
            match.how.value,
            match.gene.name,
        )
        for match in matches
    ]
    print_data(table(("symbol", "HGNC", "Entrez", "matched as", "name"), rows))
    typer.echo(_verdict(query, genes))


def _verdict(query: str, genes: GeneTable) -> str:
    link = Linker(genes).link_gene_keyword(query)
    if link.method == PFOCR.ApprovedSymbol:
        return "An approved symbol: a keyword of a human figure is linked to this gene."
    if link.gene is not None:
        return (
            "A previous symbol of one gene: a keyword among the gene symbols is linked to "
            f"{link.gene.symbol}."
        )
    if link.reason == PFOCR.DoubtfulSymbol and link.remark is not None:
        return f"A {link.remark[1]}: a keyword is not linked, the gene is its candidate."
    if link.candidates:
        return "An alias, or ambiguous: a keyword is not linked, these genes are its candidates."
    return "An id: a row that states it is linked to this gene."
