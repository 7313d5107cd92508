"""Releases that many tests read: made once in a run of the tests, and never written to.

All processes of a run share them. At the end of the run each is held to what it was made as, so
that a test which changes one is seen.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock

Maker = Callable[[Path], object]


class SharedReleases:
    """Folders that are made when they are first asked for.

    Args:
        folder: Of this run of the tests, the same in all of its processes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def made(self, name: str, make: Maker, **options: Any) -> Path:
        """Return a folder, made now unless a test of this run has asked for it before.

        Args:
            name: What it is; with the options, it names the folder.
            make: Writes it to the path it gets.
            options: What `make` was told, so that another choice is another folder.
        """
        said = f"{name} {sorted(options.items())}"
        place = self._folder / f"{name}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        place.mkdir(parents=True, exist_ok=True)
        out = place / name
        with FileLock(place / "lock"):
            if not (place / "made").exists():
                make(out)
                (place / "made").write_text(_state(out), encoding="utf-8")
        return out

    def changed(self) -> list[str]:
        """Return the names of those that are no longer as they were made."""
        return [
            made.parent.name
            for made in sorted(self._folder.glob("*/made"))
            if _state(next(each for each in made.parent.iterdir() if each.is_dir()))
            != made.read_text(encoding="utf-8")
        ]


def copied(release: Path, to: Path) -> Path:
    """Return a copy of a shared release that a test may change."""
    return Path(shutil.copytree(release, to))


def _state(folder: Path) -> str:
    """Return what tells a change of any file: names, sizes and times."""
    lines = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            status = path.lstat()
            lines.append(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(sorted(lines))
