"""Releases that many tests read: made once in a run of the tests, and never written to.

All processes of a run share them. At the end of the run each is held to what it was made as, so
that a test which changes one is seen.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from filelock import FileLock

from pfocr_rdf.exporting.forms.names import Form
from tests.support.pages import checkout, run
from tests.support.samples import Sample


class SharedReleases:
    """Releases that are made when they are first asked for.

    Args:
        folder: Of this run of the tests, the same in all of its processes.
        seeds: The five seed pages.
    """

    def __init__(self, folder: Path, seeds: Path) -> None:
        self._folder = folder
        self._seeds = seeds

    def of_seeds(self, **options: Any) -> Path:
        """Return a release of the seeds."""
        return self._made("seeds", options, self._seeds)

    def of_everything(self, **options: Any) -> Path:
        """Return a release of the seeds and of a checkout with all that one can have."""
        corpus = self._folder / "checkout"
        self._folder.mkdir(exist_ok=True)
        with FileLock(self._folder / "checkout.lock"):
            if not corpus.exists():
                checkout(corpus)
        return self._made("everything", options, corpus, self._seeds)

    def of_sample(self, sample: Sample, **options: Any) -> Path:
        """Return a release of a sample with all other forms, not validated."""
        told = {"also": tuple(Form), "validate": False} | options
        return self._made(sample.name, told, sample.pages)

    def _made(self, name: str, options: dict[str, Any], *inputs: Path) -> Path:
        said = f"{name} {sorted(options.items())}"
        place = self._folder / f"{name}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "lock"):
            if not (place / "made").exists():
                run(*inputs, out=place / "out", **options)
                (place / "made").write_text(_state(place / "out"), encoding="utf-8")
        return place / "out"

    def changed(self) -> list[str]:
        """Return the names of those that are no longer as they were made."""
        return [
            made.parent.name
            for made in sorted(self._folder.glob("*/made"))
            if _state(made.parent / "out") != made.read_text(encoding="utf-8")
        ]


def _state(folder: Path) -> str:
    """Return what tells a change of any file: names, sizes and times."""
    lines = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            status = path.lstat()
            lines.append(f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(sorted(lines))
