"""A release is written beside its final name and appears there whole, or not at all.

The folder is staged as a hidden sibling and then swapped with what was published before, in
one system call where the platform has one. A run that was killed or interrupted leaves its
staging folder to the next one, which knows it by a lock that nobody holds any more.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import orjson

from pfocr_rdf.errors import OutputError, PfocrError, WorkerError
from pfocr_rdf.release.files import MANIFEST, PAGE_CACHE, remove_tree

GOES_ON: Final = "the next run goes on where this one was"
_LOCK: Final = ".lock"
_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


class Stage:
    """Where a release is written, and what runs that are gone have left beside it.

    Attributes:
        folder: Where to write.
        resumable: Whether a later run can use what is there; for whoever writes it to say.
            The folder then outlives a run that is interrupted or loses a worker.
        superfluous: Whether what is published already is the same, which then stays.
    """

    def __init__(self, folder: Path, lock: int, abandoned: dict[Path, int]) -> None:
        self.folder = folder
        self.resumable = False
        self.superfluous = False
        self._lock = lock
        self._abandoned = abandoned

    @property
    def abandoned(self) -> tuple[Path, ...]:
        """The folders of runs that were killed or interrupted."""
        return tuple(self._abandoned)

    def keep_only(self, kept: Path | None) -> None:
        """Remove all abandoned folders but one, so that they do not pile up."""
        for folder in self.abandoned:
            if folder != kept:
                remove_tree(folder)
                os.close(self._abandoned.pop(folder))

    def is_left(self) -> bool:
        """Say whether the folder is there to be resumed: it is not once it was published."""
        try:
            there = os.stat(self.folder / _LOCK)
        except OSError:
            return False
        return self.resumable and os.path.samestat(there, os.fstat(self._lock))

    def close(self) -> None:
        """Let go of all folders."""
        for lock in (self._lock, *self._abandoned.values()):
            os.close(lock)


@contextmanager
def staged_release(out: Path, refuse: Callable[[Path], None] | None = None) -> Iterator[Stage]:
    """Give a folder to write a release into; publish it as `out` when the block succeeds.

    Args:
        out: The final folder.
        refuse: Raises OutputError when what is there must not be replaced; default: when it
            is no release.

    Raises:
        OutputError: `out` cannot be written, or holds files that are not of a release.
    """
    # A link is followed once, so that the release behind it is what gets replaced.
    out = Path(os.path.realpath(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _restore_previous(out)
        (refuse or _refuse_foreign)(out)
        abandoned = _abandoned(out)
        stage = Stage(*_new_stage(out), abandoned)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error
    left = keep = False
    try:
        try:
            yield stage
            if not stage.superfluous:
                _publish(stage.folder, out)
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(f"{out}: cannot be written: {reason} (nothing was published)") from (
                error
            )
    except KeyboardInterrupt as error:
        left, keep = stage.is_left(), True
        if left:
            error.add_note(GOES_ON)
        raise
    except WorkerError as error:
        left, keep = stage.is_left(), True
        if left:
            raise WorkerError(f"{error}; {GOES_ON}") from error
        raise
    except PfocrError:
        keep = True  # a mistyped INPUT must not cost what a killed run has done
        raise
    finally:
        if not left:
            remove_tree(stage.folder)  # could not be written, or was replaced
        if not keep:
            stage.keep_only(None)
        stage.close()


def remove_abandoned(out: Path) -> None:
    """Remove what runs that are gone have left beside a folder, for a run that writes nothing."""
    for folder, lock in _abandoned(Path(os.path.realpath(out))).items():
        remove_tree(folder)
        os.close(lock)


def _stage_prefix(out: Path) -> str:
    return f".{out.name}.staging-"


def _new_stage(out: Path) -> tuple[Path, int]:
    while True:
        stage = Path(tempfile.mkdtemp(prefix=_stage_prefix(out), dir=out.parent))
        try:
            lock = os.open(stage / _LOCK, os.O_CREAT | os.O_RDWR)
        except FileNotFoundError:
            continue  # another run took it for abandoned before we could hold its lock
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock).st_nlink:
            return stage, lock
        os.close(lock)


def listed_in(out: Path, inside: str) -> frozenset[str]:
    """Return the names in a folder that is to be swapped; none where there is no folder.

    Args:
        out: The folder.
        inside: What a folder in it could be called, to be swapped instead.

    Raises:
        OutputError: It cannot be swapped.
    """
    if not out.exists():
        return frozenset()
    if not out.is_dir():
        raise OutputError(f"{out}: expected a folder, found a file (choose another name)")
    if os.path.ismount(out):
        raise OutputError(f"{out}: is a mount point and cannot be swapped (use {out / inside})")
    return frozenset(path.name for path in out.iterdir())


def _refuse_foreign(out: Path) -> None:
    present = listed_in(out, "release") - {_LOCK, PAGE_CACHE}
    if not present:
        return
    listed = _listed_files(out / MANIFEST)
    if not listed:
        raise OutputError(
            f"{out}: holds files, but no {MANIFEST} of an earlier release "
            "(choose a new or empty folder)"
        )
    if foreign := sorted(present - listed):
        raise OutputError(
            f"{out}: holds {foreign[0]!r}, which is not of the release there and would be lost "
            "(move it, or choose a new or empty folder)"
        )


def _listed_files(manifest: Path) -> set[str]:
    """Return the names of a release's files; empty when the manifest is not one of ours."""
    try:
        record = orjson.loads(manifest.read_bytes())
        names = {MANIFEST, *(file["name"] for file in record["outputs"])}
        return names if "pfocr-rdf" in record["versions"] else set()
    except (FileNotFoundError, IsADirectoryError, ValueError, KeyError, TypeError):
        return set()


def _abandoned(out: Path) -> dict[Path, int]:
    """Return the folders of runs that are gone, each with its lock.

    Those without a page cache are removed: the run had not yet made its choice of what was there,
    so there may be any number of them.
    """
    found: dict[Path, int] = {}
    for stage in sorted(out.parent.glob(f"{glob.escape(_stage_prefix(out))}*")):
        try:
            # Without a lock it was just made, or is an old release that was swapped out.
            lock = os.open(stage / _LOCK, os.O_CREAT | os.O_RDWR)
        except OSError:
            continue  # just removed, or not ours
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)  # another run is writing it
        else:
            if (stage / PAGE_CACHE).is_file():
                found[stage] = lock
            else:
                remove_tree(stage)
                os.close(lock)
    return found


def _restore_previous(out: Path) -> None:
    """Undo what a run left that was killed between the two renames of `_exchange`."""
    previous = _previous(out)
    if previous.exists():
        if out.exists():
            shutil.rmtree(previous)
        else:
            os.rename(previous, out)


def _previous(out: Path) -> Path:
    return out.with_name(f".{out.name}.previous")


def _publish(stage: Path, out: Path) -> None:
    os.umask(umask := os.umask(0))
    stage.chmod(0o777 & ~umask)  # mkdtemp made it private
    if out.exists() and any(out.iterdir()):
        _exchange(stage, out)
    else:
        os.replace(stage, out)
    (out / _LOCK).unlink(missing_ok=True)


def _exchange(stage: Path, out: Path) -> None:
    """Swap two folders; the old release is then at the staging path, to be removed."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        rename = getattr(libc, "renameat2", None)
        if rename is not None:
            names = os.fsencode(stage), os.fsencode(out)
            if rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
                return
            code = ctypes.get_errno()
            if code not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
                raise OSError(code, os.strerror(code), str(out))
    # Without an exchange there is a moment with no release under the final name, but never
    # a mixture: both stand whole under a name of their own.
    previous = _previous(out)
    shutil.rmtree(previous, ignore_errors=True)
    os.rename(out, previous)
    os.rename(stage, out)
    shutil.rmtree(previous, ignore_errors=True)
