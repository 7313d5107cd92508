"""A warning that no command keeps to itself: only the few genes that we carry were known."""

from __future__ import annotations

from typing import Final

from pfocr_rdf.cli.output import warn
from pfocr_rdf.figures.link import TableRelease

_EMBEDDED: Final = (
    "WARNING: linked with the small HGNC table that pfocr-rdf carries ({genes} genes, those of "
    "the seeds). Genes outside it have no HGNC link. Run `pfocr-rdf genes update`, or give the "
    "full table with --hgnc FILE."
)


def warn_if_embedded(release: TableRelease) -> None:
    """Warn when a table is the embedded one."""
    if release.origin == "embedded":
        warn(_EMBEDDED.format(genes=release.genes))
