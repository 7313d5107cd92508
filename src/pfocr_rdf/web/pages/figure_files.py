"""What can be taken away of a figure beside its RDF: its mentions as a table, and how it is cited."""

from __future__ import annotations

from typing import Final

from pfocr_rdf.rdf import Prefixes
from pfocr_rdf.web.pages.citations import CITATION_TYPES, bibtex, cited_figure, ris
from pfocr_rdf.web.pages.mention_tsv import mentions_tsv
from pfocr_rdf.web.pages.views import FigureView

FIGURE_FILES: Final = {
    "tsv": "text/tab-separated-values",
    "bib": CITATION_TYPES["bib"],
    "ris": CITATION_TYPES["ris"],
}
"""Media types by suffix."""


def figure_files(view: FigureView, prefixes: Prefixes) -> dict[str, bytes]:
    """Return the files of a figure by suffix, in the order of `FIGURE_FILES`.

    Args:
        view: Of the figure; who stands beside it does not matter.
        prefixes: Of the IRI style of the release.
    """
    works = cited_figure(view)
    return {"tsv": mentions_tsv(view, prefixes), "bib": bibtex(works), "ris": ris(works)}
