"""How far a load has come, in a small file that outlives a killed one.

It lies in the user's cache folder, one file a store and graph, and is locked while a load runs,
so that no two of this machine write into one graph. It is only ever a hint: what the store
really has is asked before anything is built on it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from enum import StrEnum
from types import TracebackType
from typing import Final, NamedTuple, Self

import orjson

from pfocr_rdf.errors import LoadError
from pfocr_rdf.files import whole_file
from pfocr_rdf.load.address import shown_address
from pfocr_rdf.load.graphs import shown_graph
from pfocr_rdf.rdf import IRI
from pfocr_rdf.shipped import cache_folder

_FOLDER: Final = "loads"


class Phase(StrEnum):
    """What a load was doing when it was last heard of."""

    NONE = "none"
    LOADING = "loading"
    SWAPPING = "swapping"
    DONE = "done"


class LoadEntry(NamedTuple):
    """One load.

    Attributes:
        content: Names the release and its graphs.
        cut: Names how it is sliced; a load goes on only where both are the same.
        phase: How far it is.
        sent: How many slices the store has confirmed.
        places: The graphs that it writes into.
        temporary: Whether those are temporary graphs, which nobody else writes into.
    """

    content: str = ""
    cut: str = ""
    phase: Phase = Phase.NONE
    sent: int = 0
    places: tuple[IRI, ...] = ()
    temporary: bool = False


class Journal:
    """The entry of the last load into one graph of one store. A context manager.

    Args:
        url: Address of the graph store.
        graph: The graph of the figures; or that of an alignment, which is only locked.
        advice: What to do when another load is at it.

    Raises:
        LoadError: Another load is at it, or the cache folder cannot be written.
    """

    def __init__(self, url: str, graph: IRI, advice: str = "wait for it, or end it") -> None:
        name = hashlib.sha256(f"{url}\n{graph}".encode()).hexdigest()[:32]
        self.path = cache_folder() / _FOLDER / f"{name}.json"
        self._what = f"{shown_graph(graph)} at {shown_address(url)}"
        self._advice = advice
        self._lock = -1

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._release()
            raise LoadError(
                f"{self._what}: expected no other load of it, found one that is running "
                f"({self._advice})"
            ) from error
        except OSError as error:
            self._release()
            raise self._unwritable(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._release()

    def read(self) -> LoadEntry:
        """Return the last entry; an empty one when there is none that can be read."""
        try:
            known = orjson.loads(self.path.read_bytes())
            return LoadEntry(
                str(known["content"]),
                str(known["cut"]),
                Phase(known["phase"]),
                int(known["sent"]),
                tuple(IRI(str(place)) for place in known["places"]),
                bool(known["temporary"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return LoadEntry()

    def write(self, entry: LoadEntry) -> None:
        """Set the entry, whole or not at all."""
        try:
            with whole_file(self.path) as file:
                file.write(orjson.dumps(entry._asdict(), option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            raise self._unwritable(error) from error

    def _release(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _unwritable(self, error: OSError) -> LoadError:
        return LoadError(
            f"{self.path.parent}: cannot be written: {error.strerror} "
            "(free space, or name another folder in PFOCR_RDF_CACHE)"
        )
