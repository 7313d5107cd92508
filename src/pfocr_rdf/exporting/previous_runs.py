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
from pfocr_rdf.exporting.page_cache import FigureLedger, LedgerRow
from pfocr_rdf.exporting.reuse import OldDumps, unpacked
from pfocr_rdf.release.files import LEDGER


class Found(NamedTuple):
    """A page of an earlier run: its row of the ledger, and the dumps its places are in.

    `published` says whether that run made the release that is to be replaced.
    """

    row: LedgerRow
    dumps: OldDumps
    published: bool


class EarlierRuns:
    """The ledgers and dumps of earlier runs.

    Args:
        release: The folder that is to be replaced; it need not exist.
        abandoned: Folders of runs that broke off.
        key: What a ledger's key must be for its bytes to be used again; b"" for not at all.

    Attributes:
        release: The ledger of the release, None without one.
        kept: The one abandoned folder that is worth keeping: of those with the key, else of
            all, the one that got furthest.
        continues: Whether pages are taken from it.
    """

    def __init__(self, release: Path, abandoned: Iterable[Path], key: bytes) -> None:
        self._stack = ExitStack()
        self._key = key
        self._opened: list[FigureLedger] = []
        self._usable: list[tuple[FigureLedger, OldDumps]] = []
        self._nodes: set[int] = set()
        self.release = self._open(release)
        self.kept, self.continues = self._choose(abandoned)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def damaged(self) -> int:
        """How many entries of the ledgers were met that are not what was written."""
        return sum(len(ledger.damaged) for ledger in self._opened)

    def give_nodes(self, ledger: FigureLedger) -> None:
        """Add to a ledger all nodes that reused pages may state; to be called before `find`."""
        for usable, _ in self._usable:
            self._nodes |= ledger.take_nodes(usable)

    def find(self, names: Sequence[str]) -> dict[str, Found]:
        """Return what is known of pages, by name, where it depends on nothing but the page.

        A run that broke off came after the release, so what it made of a page is preferred.
        """
        found: dict[str, Found] = {}
        for ledger, dumps in self._usable:
            for name, row in ledger.rows(names).items():
                if (
                    _stands_alone(row)
                    and dumps.holds(unpacked(row.places))
                    and self._nodes.issuperset(ids_of(row.entities))
                ):
                    found[name] = Found(row, dumps, ledger is self.release)
        return found

    def replaced(self, names: Sequence[str]) -> dict[str, LedgerRow]:
        """Return what the release to be replaced says of pages, whatever its key."""
        return self.release.rows(names) if self.release else {}

    def _choose(self, abandoned: Iterable[Path]) -> tuple[Path | None, bool]:
        """Return the folder to keep, and whether its ledger has the key."""
        if self.release is not None and self._has_key(self.release):
            self._use(self.release)
        opened = [ledger for folder in abandoned if (ledger := self._open(folder)) is not None]
        opened.sort(key=lambda ledger: (self._has_key(ledger), ledger.pages()))
        for ledger in opened[:-1]:
            ledger.close()
        if not opened:
            return None, False
        best = opened[-1]
        if self._has_key(best):
            self._use(best)
        return best.path.parent, self._has_key(best)

    def _open(self, folder: Path) -> FigureLedger | None:
        ledger = FigureLedger.open(folder / LEDGER)
        if ledger is not None:
            self._stack.callback(ledger.close)
            self._opened.append(ledger)
        return ledger

    def _has_key(self, ledger: FigureLedger) -> bool:
        return bool(self._key) and ledger.key() == self._key

    def _use(self, ledger: FigureLedger) -> None:
        dumps = self._stack.enter_context(OldDumps(ledger.path.parent, ledger.files()))
        self._usable.append((ledger, dumps))


def _stands_alone(row: LedgerRow) -> bool:
    """Say whether the bytes of a page depend on the page alone, and the row on its name."""
    # Whether a page repeats another one's figid depends on the other one, and names that are
    # not UTF-8 may read the same.
    return b"duplicate-figure" not in row.findings and "\N{REPLACEMENT CHARACTER}" not in row.name


def before(found: Found | None) -> Before | None:
    """Return what a worker needs to see whether a page is as it was."""
    return Before(found.row.digest, found.row.figid) if found else None
