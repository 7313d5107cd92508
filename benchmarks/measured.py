"""Runs a command and measures it: wall time, and the memory of all its processes together.

Memory is read from /proc twice a second over the whole process tree: PSS counts a
page that several processes share once in all, RSS counts it in each of them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

_EVERY = 0.5
_MIB = 1024  # /proc counts in KiB


class Run(NamedTuple):
    """What a run took; several runs are summed up by their medians. Memory is in MiB.

    One that is not `finished` was ended when its time was up, and would have taken longer.
    """

    seconds: float
    pss: float
    rss: float
    times: int = 1
    finished: bool = True


def repeated(run: Callable[[], Run], times: int, limit: float = 60.0) -> Run:
    """Run several times and return the medians; what takes over `limit` seconds, only once."""
    runs = [run()]
    while len(runs) < times and max(runs).seconds < limit:
        runs.append(run())
    seconds, pss, rss, _, finished = zip(*runs, strict=True)
    return Run(median(seconds), median(pss), median(rss), len(runs), all(finished))


def measure(
    command: Sequence[str | Path], folder: Path | None = None, limit: float | None = None
) -> Run:
    """Run a command to its end; stop the benchmark with its last words when it fails.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        limit: Seconds after which it is ended.
    """
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=log, stderr=subprocess.STDOUT, cwd=folder
        )
        poll = _Memory(process.pid)
        poll.start()
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        seconds = time.perf_counter() - start
        poll.stop()
        finished = process.returncode >= 0 or limit is None or seconds < limit
        if finished and (code := process.returncode):
            log.seek(0)
            last = log.read()[-2000:].decode(errors="replace")
            sys.exit(f"benchmark: {' '.join(map(str, command))}: exit code {code}\n{last}")
    return Run(seconds, poll.pss / _MIB, poll.rss / _MIB, finished=finished)


class _Memory(threading.Thread):
    """Keeps the highest sums over a process and all that come from it, in KiB."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.pss = 0
        self.rss = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_EVERY):
            sums = [_memory(pid) for pid in _tree(self.root)]
            self.pss = max(self.pss, sum(pss for pss, _ in sums))
            self.rss = max(self.rss, sum(rss for _, rss in sums))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def private_memory(pid: int) -> float:
    """Return the MiB that a process has for itself, 0 for one that has ended.

    Pages of files are not counted: the system takes them back when it needs them.
    """
    return _amounts(pid, "Anonymous")[0] / _MIB


def children_of(parent: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    return [pid for pid in _children().get(parent, ()) if _amounts(pid, "Rss")[0]]


def _tree(root: int) -> Iterable[int]:
    children = _children()
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def _children() -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it has ended
            # "pid (name) state ppid": the name may hold anything, brackets included
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    return children


def _memory(pid: int) -> tuple[int, int]:
    pss, rss = _amounts(pid, "Pss", "Rss")
    return pss, rss


def _amounts(pid: int, *names: str) -> list[int]:
    """Return sums that the system keeps of a process's memory, in KiB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return [0] * len(names)  # it has ended
    known = {name: value for name, _, value in (line.partition(":") for line in lines)}
    return [int(known[name].split()[0]) if name in known else 0 for name in names]
