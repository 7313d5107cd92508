"""The file of an index, opened for readers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import orjson

from pfocr_rdf.errors import InputError


def connected(path: Path) -> tuple[sqlite3.Connection, dict[str, bytes]]:
    """Return a read-only connection that threads may share, and what the index says of itself.

    Raises:
        InputError: It is no index.
    """
    # Never locked: once written, the file is only replaced as a whole.
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        db = sqlite3.connect(address, uri=True, check_same_thread=False)
        return db, dict(db.execute("SELECT name, value FROM facts"))
    except sqlite3.Error as error:
        raise InputError(
            f"{path}: expected the index of a release, found: {error} (build it again)"
        ) from error


def images_of(db: sqlite3.Connection, figures: Iterable[str]) -> dict[str, str]:
    """Return the addresses of the images of figures, by IRI; those without one are left out."""
    return dict(
        db.execute(
            "SELECT iri, image FROM json_each(?) JOIN figure ON iri = value WHERE image != ''",
            (orjson.dumps(list(figures)).decode(),),
        )
    )
