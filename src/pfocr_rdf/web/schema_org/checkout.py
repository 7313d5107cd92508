"""The pages of a PFOCR checkout, patched one after another, each replaced whole or not at all.

A page is written beside itself and renamed, with the mode and owner it had. A link is followed
only as far as the checkout goes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.errors import InputError, OutputError
from pfocr_rdf.figures.read import MAX_MEMBER_BYTES
from pfocr_rdf.files import whole_file
from pfocr_rdf.findings import Finding
from pfocr_rdf.web.schema_org.patch import PagePatch, patch_page

FIGURES: Final = "_figures"
_SUFFIX: Final = ".md"


class CheckedPage(NamedTuple):
    """A page of a checkout: its name there, its text before, and what became of it."""

    name: str
    before: str
    patch: PagePatch


def list_pages(checkout: Path) -> list[str]:
    """Return the names of the pages of a checkout, such as `_figures/PMC1__a.md`, sorted.

    Raises:
        InputError: It has no folder `_figures`, or that has no page.
    """
    folder = checkout / FIGURES
    try:
        names = sorted(
            path.name
            for path in folder.iterdir()
            if path.suffix == _SUFFIX and not path.name.startswith(".")
        )
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(
            f"{checkout}: expected a PFOCR checkout with a folder {FIGURES}, found none"
        ) from error
    except OSError as error:
        raise InputError(f"{folder}: cannot be listed: {error.strerror}") from error
    if not names:
        raise InputError(f"{folder}: expected *{_SUFFIX} pages, found none")
    return [f"{FIGURES}/{name}" for name in names]


def patch_pages(checkout: Path, names: Sequence[str], *, write: bool) -> Iterator[CheckedPage]:
    """Patch pages, and yield what became of each.

    Args:
        checkout: Its root.
        names: As of `list_pages`.
        write: Whether to replace the pages that change.

    Raises:
        OutputError: A page cannot be replaced; it and those after it are as they were.
    """
    root = Path(os.path.realpath(checkout))
    for name in names:
        # Unlike Path.resolve, this does not raise for links that lead to each other.
        path = Path(os.path.realpath(checkout / name))
        text, reason = _read(path, root)
        if text is None:
            finding = Finding("unreadable-file", name, detail=reason)
            yield CheckedPage(name, "", PagePatch("", findings=(finding,)))
            continue
        patch = patch_page(text, name)
        if write and patch.is_changed:
            _replace(path, name, patch.text.encode())
        yield CheckedPage(name, text, patch)


def _read(path: Path, root: Path) -> tuple[str | None, str]:
    """Return a page's text, or why there is none."""
    if not path.is_relative_to(root):
        return None, "a link that leads out of the checkout"
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, "not a plain file"
        if status.st_size > MAX_MEMBER_BYTES:
            return None, f"{status.st_size} bytes, more than {MAX_MEMBER_BYTES}"
        return path.read_bytes().decode(), ""
    except UnicodeDecodeError as error:
        return None, f"not UTF-8 at byte {error.start}"
    except OSError as error:
        return None, error.strerror or type(error).__name__


def _replace(path: Path, name: str, content: bytes) -> None:
    """Put a page in the place of what is there, at once."""
    try:
        before = path.stat()
        with whole_file(path) as file:
            file.write(content)
            _keep_owner(file.fileno(), before)
    except OSError as error:
        raise OutputError(f"{name}: cannot be written: {error.strerror}") from error


def _keep_owner(handle: int, before: os.stat_result) -> None:
    made = os.fstat(handle)
    if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        with suppress(PermissionError):  # only root may give files away
            os.fchown(handle, before.st_uid, before.st_gid)
