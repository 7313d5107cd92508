"""The other forms of a cluster run's release: made by the process that has started the run.

They are what a run on one machine makes, byte for byte. Shards come to this machine one by one;
those of entities, which a cluster parts by a hash, together, to be read in the order of IRIs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.forms import CrateFacts, make_forms, write_crate
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.release.files import WrittenFile
from pfocr_rdf.release.opened import Release
from pfocr_rdf.release.reader import Piece, Reader, dump_files, read_file

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


def put_forms(
    store: Store, files: Sequence[WrittenFile], options: ExportOptions
) -> list[WrittenFile]:
    """Put the forms that were asked for into a release, and return their files.

    Args:
        store: The release, whose dumps are finished.
        files: Those that it has.
        options: Of the run.
    """
    if not options.also:
        return []
    with TemporaryDirectory(prefix="pfocr-rdf-") as name:
        folder = Path(name)
        release = Release(folder, "", options.release, options.issued, tuple(files), options.style)
        pieces = _pieces(store, release)
        made = make_forms(release, options.also, options.compression, _here, pieces)
        for file in made:
            store.put(folder / file.name, file.name)
    return made


def put_crate(store: Store, files: Iterable[WrittenFile], facts: CrateFacts) -> WrittenFile:
    """Put the crate of a release into it, and return its entry."""
    with TemporaryDirectory(prefix="pfocr-rdf-") as name:
        file = write_crate(Path(name), files, facts)
        store.put(Path(name) / file.name, file.name)
    return file


def _pieces(store: Store, release: Release) -> Iterator[Piece]:
    dump = [file.name for file in dump_files(release)]
    entities = [name for name in dump if name.startswith("pfocr-entities-")]
    for name in dump:
        if name not in entities:
            store.fetch(name, release.folder / name)
            yield from read_file(release, name)
            (release.folder / name).unlink()
    for name in entities:
        store.fetch(name, release.folder / name)
    shards = (read_file(release, name) for name in entities)
    yield from merge(*shards, key=Reader(release.iri_style).subject)


def _here(
    function: Callable[[_Job], _Result], jobs: Iterable[_Job]
) -> Iterator[tuple[_Job, _Result]]:
    for job in jobs:
        yield job, function(job)
