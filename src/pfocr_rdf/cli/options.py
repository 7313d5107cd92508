"""Options and arguments that several verbs have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ReleaseFolder = Annotated[
    Path, typer.Argument(metavar="OUT", help="The folder that `pfocr-rdf export` wrote.")
]
Hgnc = Annotated[
    Path | None,
    typer.Option(
        "--hgnc", metavar="FILE", help="HGNC table; default: the downloaded, else the embedded one."
    ),
]
Jobs = Annotated[int, typer.Option("-j", "--jobs", help="Processes; 0: one a core.")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write there instead.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")]
QueryTimeout = Annotated[float, typer.Option(metavar="SECONDS", help="How long a query may run.")]
QueryMemory = Annotated[int, typer.Option(metavar="MIB", help="Memory a query may take; 0: any.")]
Federation = Annotated[
    list[str] | None,
    typer.Option(metavar="URL", help="Endpoint that SERVICE may call; may be repeated."),
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Show tracebacks.")]
"""Read by `main`, because faults end there."""
