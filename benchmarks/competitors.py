"""Other ways to the same graph, end to end on the same figures: see `peers/`.

Before anything is timed, each peer's graph of a small corpus is compared with ours: a peer
that writes less than nine tenths of our triples would be doing another job. A peer that is not
done after five minutes is ended: its ratio is then at least what the table says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from end_to_end import Exported, run_export
from measured import Run, measure, repeated
from page import ratio, table
from places import CACHE, ROOT, Places, cores, say

PEERS = ROOT / "benchmarks" / "peers"
_CHECKED = 100
_LEAST = 0.9
_LIMIT = 300.0


class Compared(NamedTuple):
    """A peer, and our export of the same figures to the same formats without validation."""

    name: str
    formats: str
    figures: int
    same: float
    peer: Run
    ours: Exported

    @property
    def times_faster(self) -> float:
        """Return the ratio in figures per second."""
        return self.peer.seconds / self.ours.run.seconds

    @property
    def shown_ratio(self) -> str:
        """Return the ratio for people."""
        return f"{'' if self.peer.finished else 'over '}{ratio(self.times_faster)}"


class _Job(NamedTuple):
    """A command, the folder it runs in, the RDF file it leaves, what its preparation took."""

    command: Sequence[str | Path]
    folder: Path
    result: Path
    preparing: Run | None = None


@dataclass(frozen=True, slots=True)
class _Peer:
    """How a peer is run; what `prepare` takes is not the peer's own time."""

    name: str
    formats: str
    prepare: Callable[[Places, int], _Job]


def run_peers(places: Places, figures: int, times: int) -> list[Compared]:
    """Check and time every peer."""
    out = []
    ours: dict[str, Exported] = {}
    for peer in _PEERS:
        same = _check(places, peer)
        say(f"peer on {figures:,} figures: {peer.name}")
        job = peer.prepare(places, figures)
        run = repeated(partial(measure, job.command, job.folder, _LIMIT), times)
        if peer.formats not in ours:
            ours[peer.formats] = run_export(
                places, figures, validate=False, times=times, formats=peer.formats
            )
        mine = ours[peer.formats]
        out.append(Compared(peer.name, peer.formats, figures, same, run, mine))
        if job.preparing is not None:
            whole = Run(
                run.seconds + job.preparing.seconds,
                max(run.pss, job.preparing.pss),
                max(run.rss, job.preparing.rss),
                finished=run.finished,
            )
            name = f"{peer.name}, with making them"
            out.append(Compared(name, peer.formats, figures, same, whole, mine))
    return out


def run_alone(places: Places, figures: int, times: int) -> Exported:
    """Export with one process, as the scripts have one."""
    return run_export(places, figures, validate=False, times=times, jobs=1)


def _check(places: Places, peer: _Peer) -> float:
    """Return which share of our triples the peer writes; stop when it is too small."""
    job = peer.prepare(places, _CHECKED)
    measure(job.command, job.folder)
    run_export(places, _CHECKED, validate=False, times=1, formats="ntriples")
    ours = _graph(CACHE / "release" / "pfocr.nt")
    share = len(ours & _graph(job.result)) / len(ours)
    if share < _LEAST:
        sys.exit(f"benchmark: {peer.name}: writes only {share:.1%} of our triples")
    return share


def _graph(path: Path) -> set[str]:
    return {str(quad.triple) for quad in pyoxigraph.parse(path=str(path))}


def _script(name: str) -> Callable[[Places, int], _Job]:
    def prepare(places: Places, figures: int) -> _Job:
        out = _folder()
        corpus = places.corpus(figures)
        command: list[str | Path] = [sys.executable, "-m", f"peers.{name}"]
        command += [corpus, places.hgnc, out]
        return _Job(command, PEERS.parent, out / "figures.ttl")

    return prepare


def _folder() -> Path:
    folder = CACHE / "peer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _morph_kgc(places: Places, figures: int) -> _Job:
    python = _morph_kgc_python()
    folder = _folder()
    rows: list[str | Path] = [sys.executable, "-m", "peers.rows"]
    preparing = measure([*rows, places.corpus(figures), places.hgnc, folder], PEERS.parent)
    config = folder / "morph-kgc.ini"
    config.write_text(
        "[CONFIGURATION]\n"
        f"output_file = {folder / 'figures.nt'}\n"
        "output_format = N-TRIPLES\n"
        f"number_of_processes = {cores()}\n"
        "safe_percent_encoding = /\n"
        "logging_level = WARNING\n"
        "[FIGURES]\n"
        f"mappings = {PEERS / 'mapping.ttl'}\n",
        encoding="utf-8",
    )
    # The sources of the mapping are named from where it runs.
    return _Job([python, "-m", "morph_kgc", config], folder, folder / "figures.nt", preparing)


def _morph_kgc_python() -> Path:
    """Return the interpreter of a virtualenv with morph-kgc, made when it is not there."""
    pins = PEERS / "morph-kgc.txt"
    folder = CACHE / "morph-kgc"
    python, done = folder / "bin" / "python", folder / "installed.txt"
    if not done.is_file() or done.read_bytes() != pins.read_bytes():
        say("installing morph-kgc into a virtualenv of its own")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        # Shares the cache of downloads with the rest of the project.
        cache = {"PIP_CACHE_DIR": str(ROOT / ".cache" / "pip")}
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-deps", "-r", pins],
            check=True,
            env=os.environ | cache,
        )
        done.write_bytes(pins.read_bytes())
    return python


_PEERS = (
    _Peer("rdflib script", "turtle,jsonld", _script("rdflib_script")),
    _Peer("morph-kgc, RML over CSV rows", "ntriples", _morph_kgc),
    _Peer("pyoxigraph script", "turtle,jsonld", _script("pyoxigraph_script")),
)


def peer_versions() -> str:
    """Return what the peers are, with their versions."""
    pins = (PEERS / "morph-kgc.txt").read_text(encoding="utf-8").splitlines()
    other = next(pin for pin in pins if pin.startswith("morph_kgc=="))
    ours = [f"{name} {version(name)}" for name in ("rdflib", "pyoxigraph")]
    return ", ".join([*ours, f"morph-kgc {other.partition('==')[2]}"])


def peers_table(compared: list[Compared], alone: Exported) -> str:
    """Return every peer with our export of the same figures."""

    def speed(figures: int, run: Run) -> str:
        return f"{'' if run.finished else '< '}{figures / run.seconds:,.0f}"

    rows = [
        (
            c.name,
            c.formats.replace(",", " + "),
            f"{c.figures:,}",
            f"{c.peer.seconds:.1f}" if c.peer.finished else f"ended after {c.peer.seconds:.0f}",
            speed(c.figures, c.peer),
            f"{c.peer.pss:.0f}",
            f"{c.same:.1%}",
            speed(c.figures, c.ours.run),
            f"{c.ours.run.pss:.0f}",
            c.shown_ratio,
        )
        for c in compared
    ]
    rows.append(
        (
            "pfocr-rdf with `--jobs 1`",
            "turtle + jsonld",
            f"{alone.figures:,}",
            f"{alone.run.seconds:.1f}",
            speed(alone.figures, alone.run),
            f"{alone.run.pss:.0f}",
            "100.0%",
            speed(alone.figures, compared[0].ours.run),
            f"{compared[0].ours.run.pss:.0f}",
            ratio(alone.run.seconds / compared[0].ours.run.seconds),
        )
    )
    return table(
        ("peer", "formats", "figures", "seconds", "figures/s", "peak PSS, MiB", "of our triples",
         "ours, figures/s", "ours, MiB", "ratio"),
        rows,
        words=2,
    )  # fmt: skip
