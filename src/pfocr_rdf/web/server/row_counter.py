"""Counts the rows in a result while it is written, by its bytes.

Oxigraph writes results much faster than Python could, but in one call, and does not say how
many rows there were. In each format something stands exactly once a row, whatever the values
are: this is what is counted.
"""

from __future__ import annotations

from typing import Protocol

import pyoxigraph


class RowCounter(Protocol):
    """Counts rows in pieces of a result, cut anywhere."""

    def add(self, piece: bytes) -> int:
        """Take the next piece, and return how many rows there were so far, at least.

        A row counts when its end, or its beginning, has been seen.
        """


class TsvRows:
    """Lines but the first; line ends in values are escaped."""

    def __init__(self) -> None:
        self._lines = 0

    def add(self, piece: bytes) -> int:
        """Take the next piece; see `RowCounter.add`."""
        self._lines += piece.count(b"\n")
        return self._lines - 1


class CsvRows:
    """Line ends outside quotes, but the first; a quote in a value is doubled."""

    def __init__(self) -> None:
        self._lines = 0
        self._quoted = 0

    def add(self, piece: bytes) -> int:
        """Take the next piece; see `RowCounter.add`."""
        parts = piece.split(b'"')
        self._lines += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
        self._quoted = (self._quoted + len(parts) - 1) % 2
        return self._lines - 1


class XmlRows:
    """Tags that begin a row; a `<` in a value is escaped."""

    _TAG = b"<result>"

    def __init__(self) -> None:
        self._rows = 0
        self._last = b""

    def add(self, piece: bytes) -> int:
        """Take the next piece; see `RowCounter.add`."""
        seen = self._last + piece
        self._rows += seen.count(self._TAG)
        self._last = seen[-len(self._TAG) + 1 :]
        return self._rows


class JsonRows:
    """Objects in an array: outside strings, a brace after a bracket or a comma.

    All other objects are the values of members, and follow a colon.
    """

    def __init__(self) -> None:
        self._rows = 0
        self._quoted = 0
        self._backslash = b""
        self._last = b""

    def add(self, piece: bytes) -> int:
        """Take the next piece; see `RowCounter.add`."""
        seen = self._backslash + piece
        # Of a run of backslashes at the end, an odd one escapes what comes next.
        odd = (len(seen) - len(seen.rstrip(b"\\"))) % 2
        self._backslash = b"\\" * odd
        seen = seen[: len(seen) - odd].replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = seen.split(b'"')
        bare = self._last + b"".join(parts[self._quoted :: 2])
        self._quoted = (self._quoted + len(parts) - 1) % 2
        self._rows += bare.count(b"[{") + bare.count(b",{")
        self._last = bare[-1:]
        return self._rows


def row_counter(format_: pyoxigraph.QueryResultsFormat) -> RowCounter:
    """Return a counter for a format."""
    if format_ == pyoxigraph.QueryResultsFormat.JSON:
        return JsonRows()
    if format_ == pyoxigraph.QueryResultsFormat.XML:
        return XmlRows()
    return CsvRows() if format_ == pyoxigraph.QueryResultsFormat.CSV else TsvRows()
