"""A proxy before a server, to which one request of a run is the one that goes wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import parse_qs, urlsplit

from scripts.torture.faults import FOR_GOOD, Fault
from tests.support.graph_store import Trouble, TroubleProxy, proxying

LATE: Final = 8.0
"""Seconds that a late answer takes; commands are told to wait for less."""
_TROUBLES: Final = {
    "dropped": Trouble(cut=True),
    "lost": Trouble(asks=True, cut=True),
    "late": Trouble(asks=True, cut=True, after=LATE),
    "cut": Trouble(half=True),
    "500": Trouble(status=500),
    "502": Trouble(status=502),
    "502 after": Trouble(status=502, asks=True),
    "429": Trouble(status=429, headers=(("Retry-After", "1"),)),
    "nothing": Trouble(status=200),
}


class FaultyProxy(TroubleProxy):
    """Passes on all requests but those that a fault is of.

    Attributes:
        fault: None for none.
        requests: What each request was.
        hit: The request that the fault was of, "" when there was none.
    """

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.fault: Fault | None = None
        self.requests: list[str] = []
        self.hit = ""
        self._late_until = 0.0

    def rest(self) -> None:
        """Wait until nothing is under way that comes late."""
        time.sleep(max(0.0, self._late_until - time.monotonic()))

    def trouble_for(self, method: str, path: str) -> Trouble | None:
        """Count a request, and return what shall become of it."""
        with self.lock:
            said = _said(method, path)
            self.requests.append(said)
            if self.fault is None:
                return None
            kind = self.fault.kind.removesuffix(FOR_GOOD)
            number = len(self.requests)
            if number != self.fault.nth and not (
                number > self.fault.nth and self.fault.kind.endswith(FOR_GOOD)
            ):
                return None
            self.hit = self.hit or said
            if kind == "late":
                self._late_until = time.monotonic() + LATE + 1
            return _TROUBLES[kind]


def _said(method: str, address: str) -> str:
    """Return which request it is: its method, path, and the last part of its graph's name."""
    parts = urlsplit(address)
    graphs = parse_qs(parts.query).get("graph", [""])
    name = graphs[0].partition("/loading-")
    return " ".join(filter(None, (method, parts.path, name[0].rpartition("/")[2], name[1][1:-1])))


@contextmanager
def faulty(target: str) -> Iterator[FaultyProxy]:
    """Give a running proxy of a server."""
    with proxying(FaultyProxy(target)) as running:
        yield running
