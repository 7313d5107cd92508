"""What is noted of one file while it is decoded: what became of each leaf and row, and what was found."""

from __future__ import annotations

from typing import NamedTuple

from pfocr_rdf.figures.read import Value, leaves
from pfocr_rdf.findings import Counted, Finding, Ledger


class Entry(NamedTuple):
    """A leaf or row that is not in the graph under its own name, and why."""

    kind: Counted
    path: str
    reason: str


class DecodeLog:
    """Collects outcomes and findings of one page with its tables.

    `entries` names every leaf and row that was merged or skipped; the ledger has the counts.
    """

    __slots__ = ("entries", "file", "findings", "leaf", "ledger")

    def __init__(self, file: str, leaf: Counted = Counted.LEAF) -> None:
        self.file = file
        self.leaf = leaf
        self.ledger = Ledger()
        self.findings: list[Finding] = []
        self.entries: list[Entry] = []

    def emitted(self, count: int = 1, kind: Counted | None = None) -> None:
        """Count leaves (or rows) that are in the graph."""
        if count:
            self.ledger.emitted(kind or self.leaf, count)

    def merged(self, path: str, reason: str, kind: Counted | None = None) -> None:
        """Note a leaf (or row) that says what another one said already."""
        self.ledger.merged(kind or self.leaf, reason)
        self.entries.append(Entry(kind or self.leaf, path, reason))

    def skipped(self, path: str, reason: str, kind: Counted | None = None) -> None:
        """Note a leaf (or row) that is not in the graph."""
        self.ledger.skipped(kind or self.leaf, reason)
        self.entries.append(Entry(kind or self.leaf, path, reason))

    def skipped_all(self, path: str, value: Value, reason: str) -> None:
        """Note every leaf below a path as skipped."""
        for leaf_path, _ in leaves(value, path):
            self.skipped(leaf_path, reason)

    def find(
        self, code: str, path: str, value: str = "", detail: str = "", *, file: str = ""
    ) -> None:
        """Add a finding; `file` only when it is not the page itself."""
        self.findings.append(Finding(code, file or self.file, path, value[:500], detail))
