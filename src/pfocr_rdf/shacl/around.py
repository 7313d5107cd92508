"""What nodes say that other parts of a graph refer to, in a file that all workers read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph
from xxhash import xxh3_64_intdigest

from pfocr_rdf.rdf import BlankNode, Memo, Subject, triples_of
from pfocr_rdf.shacl.graph import Properties, index_triples

_REMEMBERED: Final = 20_000
_SIGN: Final = 1 << 63
"""SQLite's integers have a sign."""


def write_around(path: Path, nodes: Iterable[tuple[int, bytes]]) -> None:
    """Write what nodes say; what is said of one in several places is joined.

    Args:
        path: A new file.
        nodes: Keys, with N-Triples.
    """
    with sqlite3.connect(path) as store:
        store.execute("CREATE TABLE said (key INTEGER, text BLOB)")
        store.executemany(
            "INSERT INTO said VALUES (?, ?)", ((key - _SIGN, text) for key, text in nodes)
        )
        store.execute("CREATE INDEX by_key ON said (key)")
    store.close()


def properties_of(text: bytes) -> tuple[Subject, Properties]:
    """Return the node of N-Triples, and what it says."""
    quads = pyoxigraph.parse(text, pyoxigraph.RdfFormat.N_TRIPLES)
    ((node, said),) = index_triples(triples_of(quads, lambda label, _: label)).items()
    return node, said


class AroundFile:
    """Reads what `write_around` has written."""

    def __init__(self, path: Path) -> None:
        self._store = sqlite3.connect(path)
        self._memo = Memo(self._read, _REMEMBERED)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def said(self, node: Subject) -> Properties | None:
        """Return what a node says; None where it says nothing."""
        return self._memo[node]

    def node(self, key: int) -> tuple[Subject, Properties] | None:
        """Return the node of a key, and what it says."""
        found = self._store.execute(
            "SELECT text FROM said WHERE key = ? ORDER BY rowid", (key - _SIGN,)
        )
        text = b"".join(row[0] for row in found)
        return properties_of(text) if text else None

    def _read(self, node: Subject) -> Properties | None:
        shown = f"_:{node.label}" if isinstance(node, BlankNode) else node
        found = self.node(xxh3_64_intdigest(shown.encode()))
        return found[1] if found else None
