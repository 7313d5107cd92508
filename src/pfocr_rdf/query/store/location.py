"""Where the store of a release lies, and whether what lies there is whole and current.

A store is a cache of one release: anything doubtful about it is a reason to build it again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.release import Release
from pfocr_rdf.shipped import cache_folder

FORMAT: Final = 7
"""Of the store's content. One more whenever what is built of the same release changes."""

_KEY_FILE: Final = "key.json"


class StorePlace(NamedTuple):
    """A folder with the two databases of a release; both are only ever read."""

    folder: Path

    @property
    def oxigraph(self) -> Path:
        """The triples, for `pyoxigraph.Store.read_only`."""
        return self.folder / "oxigraph"

    @property
    def index_file(self) -> Path:
        """What pages and search show, for `pfocr_rdf.query.index`."""
        return self.folder / "index.sqlite"


def possible_places(release: Release) -> tuple[StorePlace, StorePlace]:
    """Return where a release's store may lie: beside it, or among the user's caches."""
    folder = Path(os.path.realpath(release.folder))
    path = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return (
        StorePlace(folder.with_name(f"{folder.name}.store")),
        StorePlace(cache_folder() / "stores" / f"{folder.name}-{path}.store"),
    )


def current_place(release: Release) -> StorePlace | None:
    """Return where a whole store of just this release lies, None where there is none."""
    return next((place for place in possible_places(release) if is_current(place, release)), None)


def is_current(place: StorePlace, release: Release) -> bool:
    """Say whether a whole store of just this release lies there.

    The sizes of its files are compared with those at its end; Oxigraph and SQLite themselves
    check what they read.
    """
    try:
        noted = orjson.loads((place.folder / _KEY_FILE).read_bytes())
        return bool(noted == _note(place, release))
    except (OSError, ValueError):
        return False


def finish(place: StorePlace, release: Release) -> None:
    """Write down what was built; until then it is nothing."""
    (place.folder / _KEY_FILE).write_bytes(orjson.dumps(_note(place, release)))


def _note(place: StorePlace, release: Release) -> dict[str, object]:
    return {"release": release.key, "format": FORMAT, "files": dict(_sizes(place))}


def _sizes(place: StorePlace) -> Iterator[tuple[str, int]]:
    files = [*place.oxigraph.iterdir(), place.index_file]
    for path in sorted(files):
        # RocksDB begins a new LOG whenever the store is opened, also to be read.
        if not path.name.startswith("LOG"):
            yield path.name, path.stat().st_size
