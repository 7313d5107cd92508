"""Where a reader says that a figure was read wrongly: an issue of PFOCR's database, filled in.

Source: https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/creating-an-issue
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

from pfocr_rdf.web.pages.links import web_address
from pfocr_rdf.web.pages.views import FigureView

_DATABASE: Final = "https://github.com/wikipathways/pfocr-database"
_BODY: Final = """\
Figure: {iri}
Record: {record}
Image: {image}

The word in the figure:
What it was read as:
What it stands for:
"""


def wrong_reading(view: FigureView) -> str:
    """Return the address of an issue about the readings of a figure, to be completed and sent.

    It is short whatever the figure is: no word of others but the figid is in it.
    """
    record = f"{_DATABASE}/blob/main/_figures/{view.figid}.md"
    body = _BODY.format(iri=view.iri, record=record, image=web_address(view.image_url) or "")
    asked = urlencode({"title": f"Wrong reading in {view.figid}", "body": body}, quote_via=quote)
    return f"{_DATABASE}/issues/new?{asked}"
