"""Files of a store -> copies in a folder of this machine, where the readers expect them.

A file that is gone or forbidden leaves no copy, so that the readers report it as they report
any file that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pfocr_rdf.exporting.cluster.store import Store, in_threads, is_url
from pfocr_rdf.figures.read import FigureSource, NamedFile


class _Fetched(NamedTuple):
    store: Store
    name: str
    target: Path
    oversized: int

    def run(self) -> None:
        if self.oversized:
            with self.target.open("wb") as hole:
                hole.truncate(self.oversized)  # so that its size is what the readers refuse
        else:
            self.store.fetch(self.name, self.target)


def staged_figures(
    sources: Sequence[FigureSource], oversized: Mapping[str, int], folder: Path
) -> list[FigureSource]:
    """Return sources whose files are on this machine, copied when they are not.

    Args:
        sources: Pages; those with local paths are returned as they are.
        oversized: Sizes, by URL, of files that must not be fetched.
        folder: An empty folder for the copies.
    """
    copies: list[_Fetched] = []
    stores: dict[str, Store] = {}
    places: dict[tuple[str, str], Path] = {}

    def copy(url: str, name: str, target: Path) -> None:
        store = stores.get(url) or stores.setdefault(url, Store(url))
        copies.append(_Fetched(store, name, target / name, oversized.get(f"{url}/{name}", 0)))

    staged = []
    for source in sources:
        there = source.folder
        if not is_url(there.pages):
            staged.append(source)
            continue
        place = places.get((there.pages, there.tables))
        if place is None:
            place = places[there.pages, there.tables] = folder / str(len(places))
            for kind in ("pages", "tables"):
                (place / kind).mkdir(parents=True)
        copy(there.pages, source.file, place / "pages")
        for suffix in source.tables:
            copy(there.tables, source.stem + suffix, place / "tables")
        here = there._replace(pages=str(place / "pages"), tables=str(place / "tables"))
        staged.append(source._replace(folder=here))
    for _ in in_threads(_Fetched.run, copies):
        pass
    return staged


def staged_file(file: NamedFile, oversized: Mapping[str, int], folder: Path) -> NamedFile:
    """Return a file whose path is on this machine, copied into an empty folder when it is not."""
    if not is_url(file.path):
        return file
    url, _, name = file.path.rpartition("/")
    target = folder / "copy"
    _Fetched(Store(url), name, target, oversized.get(file.path, 0)).run()
    return file._replace(path=str(target))
