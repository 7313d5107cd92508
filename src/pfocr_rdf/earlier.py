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
from pfocr_rdf.write.reuse import OldDumps


class Found(NamedTuple):
    """A page of an earlier run: its row of the ledger, and the dumps its places are in."""

    row: LedgerRow
    dumps: OldDumps


class EarlierRuns:
    """The ledgers and dumps of earlier runs.

    Args:
        release: The folder that is to be replaced; it need not exist.
        abandoned: Folders of runs that were killed.
        key: What a ledger's key must be for its bytes to be used again.
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
            if ledger.key() == key:
                dumps = self._stack.enter_context(OldDumps(folder, ledger.files()))
                self._usable.append((ledger, dumps))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def find(self, names: Sequence[str]) -> dict[str, Found]:
        """Return what is known of pages, by name, where it depends on nothing but the page."""
        found: dict[str, Found] = {}
        for ledger, dumps in reversed(self._usable):
            for name, row in ledger.rows(names).items():
                # Whether a page repeats another one's figid depends on the other one.
                if b"duplicate-figure" not in row.findings:
                    found[name] = Found(row, dumps)
        return found

    def ledgers(self) -> Iterator[FigureLedger]:
        """Yield the ledgers whose nodes pages of this run may state."""
        for ledger, _ in self._usable:
            yield ledger

    def replaced(self, names: Sequence[str]) -> dict[str, LedgerRow]:
        """Return what the release to be replaced says of pages, whatever its key."""
        return self.release.rows(names) if self.release else {}


def before(found: Found | None) -> Before | None:
    """Return what a worker needs to see whether a page is as it was."""
    return Before(found.row.digest, found.row.figid) if found else None
