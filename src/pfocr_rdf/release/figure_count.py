"""How many figures the release in a folder has, from whatever of it can still be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from pfocr_rdf.errors import PfocrError
from pfocr_rdf.rdf import Kind
from pfocr_rdf.release.files import MANIFEST, REPORT_FILE, VOID_FILE
from pfocr_rdf.release.opened import class_counts


def count_figures(folder: Path) -> int | None:
    """Return how many figures a release has, None when there is none or nothing of it says so.

    Its report says it, else its void.ttl, else the manifest, which counts the pages that were
    read; the files may have been damaged or removed since, and the page cache never counts.
    """
    if not (folder / MANIFEST).is_file():
        return None
    for said in (
        _said(folder / REPORT_FILE, lambda report: report["entities"]["figures"]),
        _of_void(folder / VOID_FILE),
        _said(folder / MANIFEST, lambda record: sum(each["figures"] for each in record["inputs"])),
    ):
        if said is not None:
            return said
    return None


def _said(path: Path, where: Any) -> int | None:
    try:
        said = where(orjson.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if isinstance(said, int) else None


def _of_void(path: Path) -> int | None:
    try:
        return class_counts(path).get(Kind.FIGURE.of_class)
    except (PfocrError, OSError, ValueError, SyntaxError):
        return None
