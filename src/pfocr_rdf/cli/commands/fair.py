"""`pfocr-rdf fair`: a FAIR self-check of an export or a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pfocr_rdf.assess import FIRST_PAGE, FairOutcome, assess, fair_json, fair_text, gather
from pfocr_rdf.cli.exit_codes import NOT_SO
from pfocr_rdf.cli.options import Output, Verbose
from pfocr_rdf.cli.output import opened


def fair(
    folder: Annotated[
        Path, typer.Argument(metavar="OUT|SITE", help="Folder of an export or of a site.")
    ],
    *,
    page: Annotated[
        str, typer.Option("--page", metavar="PATH", help="Page of the site to check.")
    ] = FIRST_PAGE,
    json: Annotated[bool, typer.Option("--json", help="Data, with all evidence.")] = False,
    output: Output = None,
    _verbose: Verbose = False,
) -> None:
    """Check an export or a site against the FAIR metrics of F-UJI, as far as offline goes.

    pfocr-rdf fair out

    pfocr-rdf fair site --json
    """
    assessed = gather(folder, page)
    results = assess(assessed)
    content = fair_json(assessed, results) if json else fair_text(assessed, results).encode()
    with opened(output) as target:
        target.write(content)
    if any(result.outcome is FairOutcome.FAIL for result in results):
        raise typer.Exit(NOT_SO)
