"""`pfocr-rdf stats`: how much of a release is identified."""

from __future__ import annotations

from typing import Annotated

import typer

from pfocr_rdf.assess import coverage_html, coverage_json, coverage_of, coverage_text
from pfocr_rdf.cli.options import Output, ReleaseFolder, Verbose
from pfocr_rdf.cli.output import opened
from pfocr_rdf.errors import UsageError
from pfocr_rdf.release import open_release


def stats(
    out: ReleaseFolder,
    *,
    html: Annotated[
        bool, typer.Option("--html", help="A page with plots, all in one file.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Data.")] = False,
    output: Output = None,
    _verbose: Verbose = False,
) -> None:
    """Report the coverage of an export: what is linked, by what, and why the rest is not.

    pfocr-rdf stats out

    pfocr-rdf stats out --html -o coverage.html
    """
    if html and json:
        raise UsageError("--html, --json: expected one of them, found both")
    coverage = coverage_of(open_release(out))
    if html:
        content = coverage_html(coverage)
    else:
        content = coverage_json(coverage) if json else coverage_text(coverage).encode()
    with opened(output) as target:
        target.write(content)
