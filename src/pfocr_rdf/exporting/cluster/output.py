"""The release of a cluster run as a folder of a store: claimed, filled, checked, declared.

Dumps appear in it one by one, so what makes it a release is its manifest, which is written
last: a folder without one is a run that has not ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pfocr_rdf.errors import IntegrityError, OutputError
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.cluster.worker import WORK
from pfocr_rdf.release.files import MANIFEST, DumpFile, WrittenFile

_OURS: Final = re.compile(
    r"(?:pfocr-(?:entities-)?\d{5,}\.\w+(?:\.\w+)?"
    r"|(?:alignment|void)\.ttl|findings\.jsonl|report\.(?:json|md)"
    # other forms
    r"|pfocr_(?:nodes|edges)\.jsonl(?:\.\w+)?|pfocr-biothings-\w+\.ndjson(?:\.\w+)?"
    r"|pfocr-\w+-gmt-[\w-]+\.gmt|pfocr\.sssom\.tsv|(?:figures|mentions|entities)\.parquet"
    r"|ro-crate-metadata\.json)(?:\.[0-9a-f]{32}\.tmp)?"
)


class Output:
    """A release that is being made.

    Args:
        store: Where it is to be.
        folder: A folder of this machine for files on their way.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder

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

    def put(
        self,
        name: str,
        media_type: str,
        pieces: Iterable[bytes],
        parts: Iterable[str] = (),
        triples: int = 0,
    ) -> WrittenFile:
        """Put a file together and into the release.

        Args:
            name: Of the file.
            media_type: For the manifest.
            pieces: How it begins; may be all of it.
            parts: Files of the store that follow.
            triples: For the manifest.
        """
        with DumpFile(self.folder, name, media_type, None) as file:
            file.triples = triples
            for piece in pieces:
                file.write(piece)
            for content in self.store.read_all(parts):
                file.write(content)
            written = file.close()
        self.store.put(self.folder / name, name)
        (self.folder / name).unlink()
        return written

    def check(self, files: Iterable[WrittenFile]) -> None:
        """Make sure that the store holds what the manifest is about to say.

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

    def release(self) -> None:
        """Remove what tasks left for each other."""
        self.store.remove_folder(WORK)
