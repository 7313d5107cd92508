"""Where a site goes: what lies there already, and files put into the new one.

Files are linked from the site before where they are the same.

A hard link costs a hundredth of drawing a page and keeps the file's time, so that `rsync` and
the like send only what has changed. Where the file system has no links, files are copied.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pfocr_rdf.errors import OutputError
from pfocr_rdf.release import listed_in
from pfocr_rdf.web.site.inventory import (
    INVENTORY,
    SUFFIXES,
    Inventory,
    PageRow,
    State,
    open_inventory,
)

_NO_FILES: Final = (INVENTORY, ".lock")  # a run that is killed as it publishes leaves its lock


class Output:
    """The folder of a new site, and the site before it.

    Args:
        folder: Of the new site.
        earlier: Folder of the site before, None without one.
        inventory: Of the site before.
        day: What pages made now have as their day, as YYYY-MM-DD.
    """

    def __init__(
        self, folder: Path, earlier: Path | None, inventory: Inventory | None, day: str
    ) -> None:
        self._folder = str(folder)
        self._earlier = str(earlier)
        self._inventory = inventory
        self._day = day

    def page(self, path: str, mark: bytes, make: Callable[[], Mapping[str, bytes]]) -> PageRow:
        """Put a page with its files into the site.

        Args:
            path: From the site's folder, without suffix.
            mark: Hash of all that it is made of.
            make: Returns the content of its files by suffix; asked only when there is no such
                page with this mark.
        """
        before = self._inventory.page(path) if self._inventory else None
        if before is not None and before.mark == mark and self._link_all(before):
            return before
        made = make()
        for suffix, content in made.items():
            self._write(path + suffix, content)
        sizes = tuple(len(made.get(suffix, b"")) for suffix in SUFFIXES)
        state = State.CHANGED if before is not None else State.NEW
        return PageRow(path, mark, self._day, sizes, state)

    def file(self, path: str, content: bytes) -> int:
        """Put a file into the site, and return its size; an equal one is linked."""
        old = f"{self._earlier}/{path}"
        if not (self._inventory and _holds(old, content) and self._link(path)):
            self._write(path, content)
        return len(content)

    def _link_all(self, page: PageRow) -> bool:
        """Link the files of a page if all are there as they were written."""
        for path, size in page.files():
            try:
                if os.stat(f"{self._earlier}/{path}").st_size != size:
                    return False
            except OSError:
                return False
        return all(self._link(path) for path, _ in page.files())

    def _link(self, path: str) -> bool:
        return linked(f"{self._earlier}/{path}", f"{self._folder}/{path}")

    def _write(self, path: str, content: bytes) -> None:
        # A link to the site before must not be written through.
        place = f"{self._folder}/{path}"
        if os.path.lexists(place):
            os.unlink(place)
        with open(place, "wb") as file:
            file.write(content)


def linked(old: str, new: str) -> bool:
    """Make a file also known by another name, or copied to it; False when it is not there."""
    try:
        os.link(old, new)
    except FileNotFoundError:
        return False
    except OSError:
        # No links here, too many of them, or another file system.
        try:
            shutil.copy2(old, new)
        except FileNotFoundError:
            return False
    return True


def _holds(path: str, content: bytes) -> bool:
    try:
        if os.stat(path).st_size != len(content):
            return False
        return Path(path).read_bytes() == content
    except OSError:
        return False


def refuse_foreign(out: Path) -> None:
    """Raise OutputError when a folder holds anything but a site that this program made.

    A site is replaced as a whole, and what others have put into it would be lost.
    """
    if not listed_in(out, "site"):
        return
    inventory = open_inventory(out)
    if inventory is None:
        raise OutputError(
            f"{out}: holds files, but no {INVENTORY} of an earlier site (choose a new or empty folder)"
        )
    with inventory:
        for path in _files(out):
            if path not in _NO_FILES and not inventory.has(path):
                raise OutputError(
                    f"{out}: holds {path!r}, which is not of the site there and would be lost "
                    "(move it, or choose a new or empty folder)"
                )


def is_whole(folder: Path, inventory: Inventory) -> bool:
    """Say whether all files of a site are there in the sizes that they were written with."""
    start = str(folder)
    try:
        return all(os.stat(f"{start}/{path}").st_size == size for path, size in inventory.files())
    except OSError:
        return False


def _files(folder: Path) -> Iterator[str]:
    start = len(str(folder)) + 1
    for place, _, names in os.walk(folder):
        for name in names:
            yield f"{place}/{name}"[start:]
