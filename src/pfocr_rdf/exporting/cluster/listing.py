"""INPUTs by path or URL -> the corpus of a cluster run.

Local paths are listed by the same code as in a run on one machine. In a store only names are
listed, three folders a checkout; no page is opened here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.exporting.cluster.store import Listing, Store, in_threads, is_url
from pfocr_rdf.figures.read import (
    MAP_FILES,
    MAX_MEMBER_BYTES,
    NOT_FLAT,
    PAGE_SUFFIXES,
    Corpus,
    FigureSource,
    Folder,
    InputSummary,
    NamedFile,
    discover,
    is_archive,
    is_compressed,
    pair_up,
)
from pfocr_rdf.findings import Finding


class Listed(NamedTuple):
    """A corpus, and the sizes of the files in it that are too large to be fetched, by URL."""

    corpus: Corpus
    oversized: dict[str, int]

    def oversized_of(self, sources: Sequence[FigureSource]) -> dict[str, int]:
        """Return those of the sizes that concern the files of some pages."""
        if not self.oversized:
            return {}
        urls = (
            url
            for source in sources
            for url in (
                f"{source.folder.pages}/{source.file}",
                *(f"{source.folder.tables}/{source.stem}{suffix}" for suffix in source.tables),
            )
        )
        return {url: self.oversized[url] for url in urls if url in self.oversized}


def list_inputs(inputs: Sequence[str | os.PathLike[str]]) -> Listed:
    """Return what the inputs hold, as every worker can find it.

    Args:
        inputs: Pages, folders or checkouts by local path, or checkouts and flat folders by URL.

    Raises:
        InputError: An input cannot be listed, or holds no page at all.
        UsageError: An archive, which workers cannot read in parts; or paths and URLs mixed.
    """
    stores = [Store(os.fspath(each)) for each in inputs]
    for store in stores:
        # By content too where it can be had; of a URL there is only the name.
        if is_archive(store.local or Path(store.name)) or is_compressed(Path(store.name)):
            raise UsageError(f"{store.url}: --engine dask reads no archives (unpack it first)")
    if all(store.local is not None for store in stores):
        # Made absolute, because workers have working folders of their own.
        paths = [store.local for store in stores if store.local is not None]
        return Listed(discover(paths, Path(os.devnull)), {})
    listed = Listed(Corpus(), {})
    corpus = listed.corpus
    for store in stores:
        if not is_url(store.url):
            raise UsageError(f"{store.url}: expected a URL, as other inputs are (file://...)")
    stores.sort(key=lambda store: (store.name, store.url))
    taken: set[str] = set()
    for store, listings in zip(stores, in_threads(_listings, stores), strict=True):
        label, again = store.name, 1
        while label in taken:
            label = f"{store.name}~{(again := again + 1)}"
        taken.add(label)
        _add(listed, store, label, listings)
    corpus.figures.sort(key=lambda source: source.name)
    corpus.organism_pages.sort()
    corpus.orphans.sort(key=lambda orphan: orphan[1])
    corpus.unread.sort()
    return listed


def _listings(store: Store) -> dict[str, Listing]:
    """Return the listings of an input's folders: three of a checkout, else only its own, ""."""
    try:
        checkout = store.holds_folder("_figures")
        names = ("_figures", "_data", "_organisms") if checkout else ("",)
        return dict(zip(names, in_threads(store.listing, names), strict=True))
    except OSError as error:
        raise InputError(f"{store.url}: cannot be listed: {error}") from error


def _add(listed: Listed, store: Store, label: str, listings: dict[str, Listing]) -> None:
    corpus = listed.corpus
    before = len(corpus.figures)
    is_checkout = "_figures" in listings
    pages, data = ("_figures", "_data") if is_checkout else ("", "")

    def url(folder: str) -> str:
        return f"{store.url.rstrip('/')}/{folder}" if folder else store.url.rstrip("/")

    def name(folder: str) -> str:
        return f"{label}/{folder}" if folder else label

    folder = Folder(label, url(pages), name(pages), url(data), name(data))
    pair_up(corpus, folder, listings[pages].files, listings[data].files)
    for each, listing in listings.items():
        listed.oversized.update(
            (f"{url(each)}/{file}", size)
            for file, size in listing.files.items()
            if size > MAX_MEMBER_BYTES
        )
    if is_checkout:
        corpus.findings += [
            Finding("unreadable-file", f"{name(each)}/{inner}", detail=NOT_FLAT)
            for each, listing in listings.items()
            for inner in listing.folders
        ]
        for file in listings["_organisms"].files:
            if PurePosixPath(file).suffix.lower() in PAGE_SUFFIXES:
                page = NamedFile(label, f"{label}/_organisms/{file}", f"{url('_organisms')}/{file}")
                corpus.organism_pages.append(page)
        for file in listings["_data"].files:
            if key := MAP_FILES.get(file):
                named = NamedFile(label, f"{label}/_data/{file}", f"{url('_data')}/{file}")
                corpus.maps.setdefault(key, []).append(named)
    figures = corpus.figures[before:]
    if not figures:
        expected = "*.md or *.txt pages, or a checkout with a folder _figures"
        raise InputError(f"{store.url}: expected {expected}, found none")
    tables = sum(len(source.tables) for source in figures)
    kind = "checkout" if is_checkout else "folder"
    corpus.inputs.append(InputSummary(label, kind, len(figures), tables))
