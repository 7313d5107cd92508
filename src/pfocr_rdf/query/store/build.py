"""Builds the store of a release where there is none, or none that is whole and current.

It is built in a hidden folder beside its place and renamed when it is whole. One process at a
time builds a place; another that wants the same store waits for it. What a killed builder has
left is removed by the next one.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pyoxigraph

from pfocr_rdf.errors import InputError, OutputError
from pfocr_rdf.query.index import Search, gathered, write_index
from pfocr_rdf.query.store.location import StorePlace, finish, is_current, possible_places
from pfocr_rdf.query.store.steps import BuildStep
from pfocr_rdf.query.store.triples import load_triples
from pfocr_rdf.rdf import PAGED, PFOCR
from pfocr_rdf.release import OnProgress, Progress, Release, unseen
from pfocr_rdf.text import one_line

_FEW: Final = 2000  # figures: to start processes for so few costs more than it saves
_NOT_ALLOWED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


def ensure_store(
    release: Release, on_progress: OnProgress = unseen, *, rebuild: bool = False, jobs: int = 1
) -> StorePlace:
    """Return the store of a release; it is built when it is missing, stale or damaged.

    It lies beside the release, `OUT.store`, or in the user's cache where that folder may not
    be written. Waits while another process builds it.

    Args:
        release: From `open_release`.
        on_progress: Told how far the building is; not called when nothing is built.
        rebuild: Build it anew in any case.
        jobs: How many processes read the dump of a large release.

    Raises:
        InputError: A file of the release is broken.
        OutputError: The store cannot be written; nothing half-built is left.
    """
    places = possible_places(release)
    if not rebuild:
        for place in places:
            if _is_usable(place, release):
                return place
    for place in places:
        try:
            with _sole_builder(place):
                if rebuild or not _is_usable(place, release):
                    _build(release, place, on_progress, jobs)
                return place
        except OSError as error:
            if error.errno in _NOT_ALLOWED and place is not places[-1]:
                continue
            reason = error.strerror or one_line(str(error))
            raise OutputError(
                f"{place.folder}: the store cannot be written: {reason} (nothing half-built is left)"
            ) from error
    raise AssertionError("the last place returns or raises")


def open_triples(place: StorePlace) -> pyoxigraph.Store:
    """Open the triples of a store to be read.

    Raises:
        InputError: They are damaged.
    """
    try:
        return pyoxigraph.Store.read_only(str(place.oxigraph))
    except (OSError, RuntimeError) as error:
        reason = one_line(str(error))
        raise InputError(
            f"{place.oxigraph}: expected a store, found it damaged: {reason} "
            f"(remove {place.folder} to have it built again)"
        ) from error


def _is_usable(place: StorePlace, release: Release) -> bool:
    """Say whether a current store can also be opened."""
    if not is_current(place, release):
        return False
    try:
        open_triples(place)
        Search(place.index_file).close()
    except InputError:
        return False
    return True


def _build(release: Release, place: StorePlace, on_progress: OnProgress, jobs: int) -> None:
    for left in place.folder.parent.glob(f"{glob.escape(_stage_prefix(place))}*"):
        shutil.rmtree(left, ignore_errors=True)  # of builders that were killed
    stage = Path(tempfile.mkdtemp(prefix=_stage_prefix(place), dir=place.folder.parent))
    try:
        built = StorePlace(stage / "new")
        built.folder.mkdir()
        load_triples(release, built.oxigraph, on_progress)
        _index(release, built, on_progress, jobs)
        finish(built, release)
        # What stands there is moved away first: a folder with content cannot be replaced.
        if place.folder.exists():
            place.folder.rename(stage / "old")
        built.folder.rename(place.folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _index(release: Release, place: StorePlace, on_progress: OnProgress, jobs: int) -> None:
    classes = release.class_counts
    done, total = 0, sum(classes.get(kind.of_class, 0) for kind in PAGED)

    def count(figures: int, entities: int) -> None:
        nonlocal done
        # There also are entities without a page of their own, such as journals.
        done = min(done + figures + entities, total)
        on_progress(Progress(BuildStep.INDEX, done, total, "nodes"))

    is_large = classes.get(PFOCR.PathwayFigure, 0) > _FEW
    with closing(gathered(release, jobs if is_large else 1)) as found:
        write_index(release, place.index_file, found, count, words=True)
    on_progress(Progress(BuildStep.INDEX, total, total, "nodes"))


def _stage_prefix(place: StorePlace) -> str:
    return f".{place.folder.name}.building-"


@contextmanager
def _sole_builder(place: StorePlace) -> Iterator[None]:
    """Wait until nobody else builds a place, and keep others from it."""
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    path = place.folder.with_name(f".{place.folder.name}.lock")
    while True:
        lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock).st_nlink:
            break
        os.close(lock)  # the one who had it has removed it
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(lock)
