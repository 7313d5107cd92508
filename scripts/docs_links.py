"""A hook of mkdocs: links from pages of docs/ to files of the repository, which the site has not.

In the repository they lead to the file, as tests/whole/test_docs.py checks. On the site they would lead
nowhere: with PFOCR_RDF_REPOSITORY, the address under which a host shows the files of a branch (such as
`https://host/owner/pfocr-rdf/blob/main`), they lead there, and without it their text stays alone.
"""

from __future__ import annotations

import os
import posixpath
import re
from typing import Any

REPOSITORY = os.environ.get("PFOCR_RDF_REPOSITORY", "").rstrip("/")
_OUTSIDE = re.compile(r"\[(?P<text>[^\]\[]*)\]\((?P<target>\.\./[^)\s]+)\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the text of a page as the site has it."""

    def instead(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("docs", link["target"]))
        return f"[{link['text']}]({REPOSITORY}/{path})" if REPOSITORY else link["text"]

    return _OUTSIDE.sub(instead, markdown)
