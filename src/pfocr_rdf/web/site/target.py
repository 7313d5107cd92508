"""Where a site goes: what lies there already, and whether it may be replaced."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pfocr_rdf.errors import OutputError
from pfocr_rdf.web.site.ledger import LEDGER, Ledger, open_ledger

_NO_FILES: Final = (LEDGER, ".lock")  # a run that is killed as it publishes leaves its lock


def refuse_foreign(out: Path) -> None:
    """Raise OutputError when a folder holds anything but a site that this program made.

    A site is replaced as a whole, and what others have put into it would be lost.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out}: expected a folder, found a file (choose another name)")
    if os.path.ismount(out):
        raise OutputError(f"{out}: is a mount point and cannot be swapped (use {out / 'site'})")
    if not any(out.iterdir()):
        return
    ledger = open_ledger(out)
    if ledger is None:
        raise OutputError(
            f"{out}: holds files, but no {LEDGER} of an earlier site (choose a new or empty folder)"
        )
    with ledger:
        for path in _files(out):
            if path not in _NO_FILES and not ledger.has(path):
                raise OutputError(
                    f"{out}: holds {path!r}, which is not of the site there and would be lost "
                    "(move it, or choose a new or empty folder)"
                )


def is_whole(folder: Path, ledger: Ledger) -> bool:
    """Say whether all files of a site are there in the sizes that they were written with."""
    start = str(folder)
    try:
        return all(os.stat(f"{start}/{path}").st_size == size for path, size in ledger.files())
    except OSError:
        return False


def _files(folder: Path) -> Iterator[str]:
    start = len(str(folder)) + 1
    for place, _, names in os.walk(folder):
        for name in names:
            yield f"{place}/{name}"[start:]
