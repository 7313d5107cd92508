"""What the tasks of a cluster run share: the release they write, and the pipeline they use.

The settings lie once in the release's working folder. A worker that joins late finds them
there, and none is asked to keep anything for others.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.errors import IntegrityError, UsageError
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.figures import Pipeline, Settings
from pfocr_rdf.release import Compression, WrittenFile
from pfocr_rdf.shipped import code_files, ontology_file, shipped_shapes

WORK: Final = ".work"
"""Folder of a release that is being made, for what tasks leave to later ones."""
_SETTINGS: Final = f"{WORK}/settings"
_PER_THREAD = threading.local()


class Shared(NamedTuple):
    """Where the release is written and with what: all that tasks have in common.

    `settings` and `program` are hashes; a worker that finds others refuses to work.
    """

    url: str
    settings: str
    program: str
    compression: Compression | None


@lru_cache(maxsize=1)
def program_hash() -> str:
    """Return a hash of this program's code, shapes and ontology."""
    digest = hashlib.sha256()
    for path in (*code_files(), ontology_file(), *shipped_shapes()):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def share_settings(
    store: Store, settings: Settings, compression: Compression | None, folder: Path
) -> Shared:
    """Leave the settings where workers find them.

    Args:
        store: The release.
        settings: For the pipelines.
        compression: Of the dumps.
        folder: For a temporary file.
    """
    content = pickle.dumps(settings, protocol=5)
    path = folder / "settings"
    path.write_bytes(content)
    store.put(path, _SETTINGS)
    return Shared(store.url, hashlib.sha256(content).hexdigest(), program_hash(), compression)


def pipeline_of(shared: Shared) -> Pipeline:
    """Return the pipeline of this thread for a shared.

    Raises:
        UsageError: This worker has another version of the program.
        IntegrityError: The settings are not those of the run.
    """
    kept: tuple[str, Pipeline] | None = getattr(_PER_THREAD, "pipeline", None)
    if kept is not None and kept[0] == shared.settings:
        return kept[1]
    if program_hash() != shared.program:
        raise UsageError(
            "a worker has another version of pfocr-rdf than this machine "
            "(install the same one on all workers)"
        )
    content = Store(shared.url).read(_SETTINGS)
    if hashlib.sha256(content).hexdigest() != shared.settings:
        raise IntegrityError(f"{shared.url}/{_SETTINGS}: is not of this run (does another write?)")
    pipeline = Pipeline(pickle.loads(content))  # noqa: S301 - its hash came with the task
    _PER_THREAD.pipeline = shared.settings, pipeline
    return pipeline


def put_all(files: Iterable[WrittenFile], folder: Path, store: Store) -> tuple[WrittenFile, ...]:
    """Put finished files of a folder into the release, and return their entries."""
    written = tuple(files)
    for file in written:
        store.put(folder / file.name, file.name)
    return written
