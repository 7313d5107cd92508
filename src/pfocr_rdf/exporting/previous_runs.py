"""What earlier runs left that this one can use: a release to replace, a run that broke off.

A page whose files, and all else that decides its bytes, are as they were is not parsed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from pfocr_rdf.exporting.entities import ids_of
from pfocr_rdf.exporting.figure_batches import Before
from pfocr_rdf.exporting.page_cache import CachedPage, PageCache
from pfocr_rdf.exporting.reuse import OldDumps, unpacked
from pfocr_rdf.release import PAGE_CACHE


class EarlierPage(NamedTuple):
    """A page of an earlier run: its row of the cache, and the dumps its places are in.

    `published` says whether that run made the release that is to be replaced.
    """

    row: CachedPage
    dumps: OldDumps
    published: bool


class EarlierRuns:
    """The caches and dumps of earlier runs.

    Args:
        release: The folder that is to be replaced; it need not exist.
        abandoned: Folders of runs that broke off.
        key: What a cache's key must be for its bytes to be used again; b"" for not at all.

    Attributes:
        release: The cache of the release, None without one.
        kept: The one abandoned folder that is worth keeping: of those with the key, else of
            all, the one that got furthest.
        continues: Whether pages are taken from it.
    """

    def __init__(self, release: Path, abandoned: Iterable[Path], key: bytes) -> None:
        self._stack = ExitStack()
        self._key = key
        self._opened: list[PageCache] = []
        self._usable: list[tuple[PageCache, OldDumps]] = []
        self._nodes: set[int] = set()
        self.release = self._open(release)
        self.kept, self.continues = self._choose(abandoned)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def damaged(self) -> int:
        """How many entries of the caches were met that are not what was written."""
        return sum(len(cache.damaged) for cache in self._opened)

    def give_nodes(self, cache: PageCache) -> None:
        """Add to a cache all nodes that reused pages may state; to be called before `find`."""
        for usable, _ in self._usable:
            self._nodes |= cache.take_nodes(usable)

    def find(self, names: Sequence[str]) -> dict[str, EarlierPage]:
        """Return what is known of pages, by name, where it depends on nothing but the page.

        A run that broke off came after the release, so what it made of a page is preferred.
        """
        found: dict[str, EarlierPage] = {}
        for cache, dumps in self._usable:
            for name, row in cache.rows(names).items():
                if (
                    _stands_alone(row)
                    and dumps.holds(unpacked(row.places))
                    and self._nodes.issuperset(ids_of(row.entities))
                ):
                    found[name] = EarlierPage(row, dumps, cache is self.release)
        return found

    def replaced(self, names: Sequence[str]) -> dict[str, CachedPage]:
        """Return what the release to be replaced says of pages, whatever its key."""
        return self.release.rows(names) if self.release else {}

    def _choose(self, abandoned: Iterable[Path]) -> tuple[Path | None, bool]:
        """Return the folder to keep, and whether its cache has the key."""
        if self.release is not None and self._has_key(self.release):
            self._use(self.release)
        opened = [cache for folder in abandoned if (cache := self._open(folder)) is not None]
        opened.sort(key=lambda cache: (self._has_key(cache), cache.pages()))
        for cache in opened[:-1]:
            cache.close()
        if not opened:
            return None, False
        best = opened[-1]
        if self._has_key(best):
            self._use(best)
        return best.path.parent, self._has_key(best)

    def _open(self, folder: Path) -> PageCache | None:
        cache = PageCache.open(folder / PAGE_CACHE)
        if cache is not None:
            self._stack.callback(cache.close)
            self._opened.append(cache)
        return cache

    def _has_key(self, cache: PageCache) -> bool:
        return bool(self._key) and cache.key() == self._key

    def _use(self, cache: PageCache) -> None:
        dumps = self._stack.enter_context(OldDumps(cache.path.parent, cache.files()))
        self._usable.append((cache, dumps))


def _stands_alone(row: CachedPage) -> bool:
    """Say whether the bytes of a page depend on the page alone, and the row on its name."""
    # Whether a page repeats another one's figid depends on the other one, and names that are
    # not UTF-8 may read the same.
    return b"duplicate-figure" not in row.findings and "\N{REPLACEMENT CHARACTER}" not in row.name


def before(found: EarlierPage | None) -> Before | None:
    """Return what a worker needs to see whether a page is as it was."""
    return Before(found.row.digest, found.row.figid) if found else None
