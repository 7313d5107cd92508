"""The release of a cluster run as a folder of a store: claimed, filled, checked, declared.

Dumps appear in it one by one, so what makes it a release is its manifest, which is written
last: a folder without one is a run that has not ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pfocr_rdf.errors import IntegrityError, OutputError
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.cluster.worker import WORK
from pfocr_rdf.rdf import IriStyle
from pfocr_rdf.release import (
    ALIGNMENT_FILE,
    MANIFEST,
    Piece,
    Reader,
    WrittenFile,
    dump_files,
    read_file,
)

_OURS: Final = re.compile(
    r"(?:pfocr-(?:entities-)?\d{5,}\.\w+(?:\.\w+)?"
    r"|(?:alignment|void)\.ttl|findings\.jsonl|report\.(?:json|md)"
    # other forms
    r"|pfocr_(?:nodes|edges)\.jsonl(?:\.\w+)?|pfocr_(?:prefix_map|kgx_metadata)\.json|pfocr-biothings-[\w-]+\.ndjson(?:\.\w+)?"
    r"|pfocr-\d{8}(?:-\w+){0,2}-gmt-[\w-]+\.gmt|pfocr\.sssom\.tsv|(?:figures|mentions|entities)\.parquet"
    r"|ro-crate-metadata\.json)(?:\.[0-9a-f]{32}\.tmp)?"
)


class StoreFolder:
    """A release that is being made.

    Args:
        store: Where it is to be.
        folder: A folder of this machine for files on their way.
        style: Of its IRIs.
    """

    def __init__(self, store: Store, folder: Path, style: IriStyle) -> None:
        self.store = store
        self.folder = folder
        self.style = style

    def claim(self) -> None:
        """Make sure that nothing else is there; remove what a run left that was killed.

        Raises:
            OutputError: A release is there, or files that are not ours.
        """
        present = self.store.listing()
        if MANIFEST in present.files:
            raise OutputError(
                f"{self.store.url}: holds a release, which --engine dask does not replace "
                "(choose a new folder, or delete it)"
            )
        left = self.store.holds_folder(WORK)
        for name in (*present.files, *present.folders):
            if not left or _OURS.fullmatch(name) is None:
                raise OutputError(
                    f"{self.store.url}: holds {name!r}, which is not of a release "
                    "(choose a new or empty folder)"
                )
        self.store.remove(present.files)
        self.store.remove_folder(WORK)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Give a folder of this machine, whose files are put into the release at the end."""
        with TemporaryDirectory(dir=self.folder) as name:
            yield Path(name)
            for path in sorted(Path(name).iterdir()):
                self.store.put(path, path.name)

    def pieces(self, files: Sequence[WrittenFile]) -> Iterator[Piece]:
        """Yield the pieces of the finished dumps.

        Shards come to this machine one by one; those of entities, which a cluster parts by a
        hash, together, to be read in the order of IRIs.
        """
        dump = [file.name for file in dump_files(files)]
        entities = [name for name in dump if name.startswith("pfocr-entities-")]
        with TemporaryDirectory(dir=self.folder) as folder:
            here = {name: Path(folder) / name for name in dump}
            for name in dump:
                if name not in entities:
                    self.store.fetch(name, here[name])
                    yield from read_file(here[name])
                    here[name].unlink()
            for name in entities:
                self.store.fetch(name, here[name])
            shards = (read_file(here[name]) for name in entities)
            yield from merge(*shards, key=Reader(self.style).subject)

    def alignment(self) -> Iterator[Piece]:
        """Yield the pieces of the finished alignment."""
        with TemporaryDirectory(dir=self.folder) as folder:
            self.store.fetch(ALIGNMENT_FILE, Path(folder) / ALIGNMENT_FILE)
            yield from read_file(Path(folder) / ALIGNMENT_FILE)

    def check(self, files: Sequence[WrittenFile]) -> None:
        """Make sure that the store holds what the manifest is about to say, and nothing else.

        Raises:
            IntegrityError: It does not: another run writes to the same place, or the store has
                lost a file.
        """
        present = self.store.listing().files
        expected = {file.name: file.bytes for file in files}
        for name in sorted(present.keys() | expected.keys()):
            if name not in expected and name.endswith(".tmp"):
                continue  # of a task whose worker was killed while it wrote
            if present.get(name) != expected.get(name):
                raise IntegrityError(
                    f"{self.store.url}: {name}: expected {expected.get(name)} bytes, found "
                    f"{present.get(name)} (does another run write there?)"
                )
        self.store.remove(present.keys() - expected.keys())
