"""`pfocr-rdf show`: one figure, as rows for people or as its graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pfocr_rdf.cli.options import Hgnc, Verbose
from pfocr_rdf.cli.output import print_data, say, table, write_data
from pfocr_rdf.cli.table_warnings import warn_of_table
from pfocr_rdf.figures import ShownMention, View, show_figure
from pfocr_rdf.figures.link import load_gene_table
from pfocr_rdf.text import one_line


def show(
    target: Annotated[
        str, typer.Argument(metavar="FIGURE_FILE|FIGID", help="A page, or a figid with --in.")
    ],
    *,
    within: Annotated[
        Path | None, typer.Option("--in", metavar="INPUT", help="Where to look for a figid.")
    ] = None,
    view: Annotated[View, typer.Option("--format", help="Rows, or the graph.")] = View.TABLE,
    hgnc: Hgnc = None,
    _verbose: Verbose = False,
) -> None:
    """Show one figure: its mentions and how they were identified, or its graph.

    pfocr-rdf show _figures/PMC2374958__bcr1848-1.md

    pfocr-rdf show PMC2374958__bcr1848-1 --in pfocr-database --format turtle
    """
    genes = load_gene_table(hgnc)
    shown = show_figure(target, within, view, genes)
    warn_of_table(genes.release, genes.left_out)
    if view is View.TABLE:
        print_data(f"[bold]{_shown(shown.figid)}[/bold]  {_shown(shown.title)}")
        if shown.organisms:
            print_data(f"organisms in its text: {_shown(', '.join(shown.organisms))}")
        names, columns = ShownMention._fields, list(zip(*shown.rows, strict=True))
        # A column that says nothing would take the room of those that do.
        told = [place for place, cells in enumerate(columns) if any(cells)]
        rows = ([row[place] for place in told] for row in shown.rows)
        print_data(table((names[place].replace("_", " ") for place in told), rows))
    else:
        write_data(shown.text)
    for finding in shown.findings:
        where = (finding.code, finding.file, finding.field, finding.value)
        said = ": ".join(filter(None, where)) + (f" ({finding.detail})" if finding.detail else "")
        say(one_line(said))


def _shown(text: str) -> str:
    return escape(one_line(text))
