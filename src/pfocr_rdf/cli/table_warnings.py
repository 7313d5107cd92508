"""What a user must know of the HGNC table that was used: old, cut short, or with rows left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pfocr_rdf.cli.output import warn
from pfocr_rdf.figures.link import TableRelease, is_complete
from pfocr_rdf.findings import Finding

_EMBEDDED: Final = (
    "WARNING: linked with the HGNC table of {date} that pfocr-rdf carries; "
    "`pfocr-rdf genes update` downloads a newer one."
)
_SHOWN: Final = 3


def warn_of_table(release: TableRelease, left_out: Sequence[Finding]) -> None:
    """Warn of what is not as it should be, one line each.

    Args:
        release: The table.
        left_out: Its rows that could not be used.
    """
    if release.origin == "embedded":
        warn(_EMBEDDED.format(date=release.date))
    if not is_complete(release.genes):
        warn(f"WARNING: {incomplete(release.name, release.genes)}")
    if left_out:
        shown = "; ".join(map(row_left_out, left_out[:_SHOWN]))
        more = f"; and {len(left_out) - _SHOWN:,} more" if len(left_out) > _SHOWN else ""
        rows = f"{len(left_out):,} row{'s' if len(left_out) > 1 else ''}"
        warn(f"WARNING: {rows} of the HGNC table {release.name} left out: {shown}{more}.")


def incomplete(name: str, genes: int) -> str:
    """Return what to say of a table that is not the complete set."""
    return (
        f"the HGNC table {name} has {genes:,} approved genes, the complete set has some 44,000 "
        "(was it cut short?). Genes outside it have no HGNC link. Run `pfocr-rdf genes update`, "
        "or give the complete table with --hgnc FILE."
    )


def row_left_out(row: Finding) -> str:
    """Return a row that was left out, and why, in a few words."""
    found = f", found {row.value!r}" if row.value else ""
    return f"{row.field}: {row.detail}{found}"
