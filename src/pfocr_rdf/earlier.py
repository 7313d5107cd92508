"""What earlier runs left that this one can use: a release to replace, a run that was killed.

A page whose files, and all else that decides its bytes, are as they were is not parsed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from pfocr_rdf.figure_batches import Before
from pfocr_rdf.figure_ledger import FigureLedger, LedgerRow
from pfocr_rdf.write.files import LEDGER
from pfocr_rdf.write.reuse import OldDumps, unpacked


class Found(NamedTuple):
    """A page of an earlier run: its row of the ledger, and the dumps its places are in."""

    row: LedgerRow
    dumps: OldDumps


class EarlierRuns:
    """The ledgers and dumps of earlier runs.

    Args:
        release: The folder that is to be replaced; it need not exist.
        abandoned: Folders of runs that were killed.
        key: What a ledger's key must be for its bytes to be used again; b"" for not at all.
    """

    def __init__(self, release: Path, abandoned: Iterable[Path], key: bytes) -> None:
        self._stack = ExitStack()
        self.release = FigureLedger.open(release / LEDGER)
        if self.release is not None:
            self._stack.callback(self.release.close)
        self._usable: list[tuple[FigureLedger, OldDumps]] = []
        for folder in (release, *abandoned):
            ledger = self.release if folder is release else FigureLedger.open(folder / LEDGER)
            if ledger is None:
                continue
            if folder is not release:
                self._stack.callback(ledger.close)
            if key and ledger.key() == key:
                dumps = self._stack.enter_context(OldDumps(folder, ledger.files()))
                self._usable.append((ledger, dumps))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def find(self, names: Sequence[str]) -> dict[str, Found]:
        """Return what is known of pages, by name, where it depends on nothing but the page.

        A run that was killed came after the release, so what it made of a page is preferred.
        """
        found: dict[str, Found] = {}
        for ledger, dumps in self._usable:
            for name, row in ledger.rows(names).items():
                if _stands_alone(row) and dumps.holds(unpacked(row.places)):
                    found[name] = Found(row, dumps)
        return found

    def ledgers(self) -> Iterator[FigureLedger]:
        """Yield the ledgers whose nodes pages of this run may state."""
        for ledger, _ in self._usable:
            yield ledger

    def replaced(self, names: Sequence[str]) -> dict[str, LedgerRow]:
        """Return what the release to be replaced says of pages, whatever its key."""
        return self.release.rows(names) if self.release else {}


def _stands_alone(row: LedgerRow) -> bool:
    """Say whether the bytes of a page depend on the page alone, and the row on its name."""
    # Whether a page repeats another one's figid depends on the other one, and names that are
    # not UTF-8 may read the same.
    return b"duplicate-figure" not in row.findings and "\N{REPLACEMENT CHARACTER}" not in row.name


def before(found: Found | None) -> Before | None:
    """Return what a worker needs to see whether a page is as it was."""
    return Before(found.row.digest, found.row.figid) if found else None
