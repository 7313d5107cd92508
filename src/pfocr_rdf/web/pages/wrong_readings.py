"""Where a reader says that a figure was read wrongly: an issue of PFOCR's database, filled in.

Source: https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/creating-an-issue
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from pfocr_rdf.web.pages.views import FigureView

_NEW_ISSUE: Final = "https://github.com/wikipathways/pfocr-database/issues/new"
_BODY: Final = """\
Figure: {iri}
Image: {image}
Paper: {paper}

The word in the figure:
What it was read as:
What it stands for:
"""


def wrong_reading(view: FigureView) -> str:
    """Return the address of an issue about the readings of a figure, to be completed and sent.

    It is short whatever the figure is: no word of others but the figid is in it.
    """
    paper = view.paper.url if view.paper else ""
    body = _BODY.format(iri=view.iri, image=view.image_url, paper=paper)
    asked = urlencode({"title": f"Wrong reading in {view.figid}", "body": body}, quote_via=quote)
    return f"{_NEW_ISSUE}?{asked}"
