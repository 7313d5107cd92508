"""Where the benchmark reads and writes, the corpora it makes, and what machine it ran on."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "benchmark"


@dataclass(frozen=True, slots=True)
class Places:
    """What the benchmark is given: the corpus maker and a full HGNC table."""

    make_corpus: Path
    hgnc: Path

    def check(self) -> None:
        """Stop with one line when something is not there."""
        for path, option, what in (
            (self.make_corpus, "--make-corpus", "the script that makes corpora"),
            (self.hgnc, "--hgnc", "a full HGNC table (`pfocr-rdf genes update` downloads one)"),
        ):
            if not path.is_file():
                sys.exit(f"benchmark: {path}: no such file (give {what} with {option} FILE)")

    def corpus(self, figures: int) -> Path:
        """Return a corpus of so many figures, made when it is not in the cache."""
        # Another version of the script may make another corpus.
        made_by = hashlib.sha256(self.make_corpus.read_bytes()).hexdigest()[:8]
        folder = CACHE / f"corpus-{figures}-{made_by}"
        if not folder.is_dir():
            say(f"making a corpus of {figures:,} figures")
            part = folder.with_suffix(".part")
            part.mkdir(parents=True, exist_ok=True)
            arguments = ["--figures", str(figures), "--out", str(part)]
            subprocess.run(
                [sys.executable, str(self.make_corpus), *arguments],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            part.rename(folder)
        return folder


def warm(folder: Path) -> None:
    """Read all files of a folder, so that no run pays for a disk that another one did not."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()


def say(what: str) -> None:
    """Tell how far the benchmark is."""
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def machine() -> str:
    """Return the machine, the date and how busy it is, as one line; to be asked at the start."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores()} cores ({_processor()}), {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}, pfocr-rdf "
        f"{version('pfocr-rdf')}; load average {os.getloadavg()[0]:.1f} at the start"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return " ".join(value.split())
    return platform.machine()
