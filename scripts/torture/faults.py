"""Faults of the system: which calls a command makes, and how each of them may fail.

Counted by strace, per process and thread, from where the verb of the command is loaded: what Python
does before that it tells in its own words. A fault is one that a sound system may have: what was
not done is said not to be done. A write that is short writes nothing and says so.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from scripts.torture.sites import call_of, site_of

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "openat": ("EIO", "EMFILE", "ENOSPC", "EINTR"),
    "read": ("EIO", "EINTR"),
    "pread64": ("EIO", "EINTR"),
    "write": ("EIO", "ENOSPC", "EINTR", "short"),
    "pwrite64": ("EIO", "ENOSPC", "EINTR", "short"),
    "writev": ("EIO", "ENOSPC"),
    "rename": ("EIO", "ENOSPC"),
    "renameat2": ("EIO", "ENOSPC"),
    "link": ("EIO", "EMLINK", "ENOSPC"),
    "linkat": ("EIO", "ENOSPC"),
    "unlink": ("EIO", "EROFS"),
    "unlinkat": ("EIO", "EROFS"),
    "mkdir": ("EIO", "ENOSPC"),
    "rmdir": ("EIO", "EBUSY"),
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "mmap": ("ENOMEM",),
    "copy_file_range": ("EIO", "ENOSPC"),
    "sendfile": ("EIO", "ENOSPC"),
    "clone3": ("EAGAIN",),
    "clone": ("EAGAIN",),
    "vfork": ("EAGAIN",),
}
"""How each call may fail, beside the signals that may come while it is made."""

SIGNALS: Final = ("SIGKILL", "SIGTERM", "SIGINT")
AT_SIGNALS: Final = (
    "openat",
    "pwrite64",
    "write",
    "rename",
    "renameat2",
    "mkdir",
    "unlink",
    "unlinkat",
)
"""The calls at which signals are sent: those that change something, and the most frequent one."""

LIMITS: Final[Mapping[str, tuple[int, ...]]] = {
    "ulimit -n": (6, 8, 10, 12, 16, 20, 24, 32),
    "ulimit -f": (0, 1, 4, 16, 64, 256, 1024),
    "ulimit -v": (200_000, 250_000, 300_000, 350_000, 400_000, 500_000),
}
"""What a shell may limit a command to: files that are open, KiB of a file, KiB of memory."""

DISK: Final = "disk"
DISKS: Final[Mapping[str, tuple[int, ...]]] = {
    "full": (0, 4, 64, 256, 1024),
    "read-only": (0,),
    "OUT elsewhere": (0,),
    "TMPDIR elsewhere": (0,),
}
"""What the disk below a command may be, and KiB of room on it."""

REQUEST: Final = "request"
REQUESTS: Final = (
    "dropped",
    "lost",
    "late",
    "cut",
    "500",
    "502",
    "502 after",
    "429",
    "nothing",
)
"""What may become of a request. `dropped`: it does not arrive; `lost`: its answer does not; `late`:
that comes when nobody waits any more; `cut`: half of it comes. `502 after`: the store has done it
all the same. `nothing`: a success with no content, of a store that was never asked."""
FOR_GOOD: Final = " and all after"
"""What a kind of `REQUESTS` ends with that befalls each request from then on."""

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "open, read": ("openat", "read", "pread64"),
    "write": ("write", "pwrite64", "writev", "copy_file_range", "sendfile"),
    "rename, link, make, remove": (
        "rename",
        "renameat2",
        "link",
        "linkat",
        "unlink",
        "unlinkat",
        "mkdir",
        "rmdir",
    ),
    "sync, cut": ("fsync", "fdatasync", "ftruncate"),
    "memory": ("mmap",),
    "start": ("clone3", "clone", "vfork"),
    "limits": tuple(LIMITS),
    "disks": (DISK,),
    "requests": (REQUEST,),
}
"""The calls as the table of docs/reliability.md has them, signals apart."""
SIGNALLED: Final = "signals"

_BEGUN: Final = {
    "parent": re.compile(r"openat\(.*pfocr_rdf/cli/commands/__pycache__/(?!__init__)"),
    "worker": re.compile(r"openat\(.*(?:pfocr_rdf/processes|query_worker|multiprocessing/spawn)"),
}


_STARTED: Final = re.compile(r"openat\(.*(?:ld\.so\.cache|libc\.so|libpython)")
"""What a program opens first."""


class Fault(NamedTuple):
    """One fault: of the `nth` call of that name that a process of a kind makes.

    Attributes:
        command: Name of the scene.
        who: `parent` or `worker`.
        call: Its name; or a limit, `DISK` or `REQUEST`.
        nth: Which; of a limit how much, of a disk how much room.
        kind: How it fails, or the signal that comes.
        sites: Where a run that nothing disturbs makes it, in each thread that comes so far.
    """

    command: str
    who: str
    call: str
    nth: int
    kind: str
    sites: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.command} {self.who} {self.call} {self.nth} {self.kind}"

    @property
    def group(self) -> str:
        """The column of the table that it is counted in."""
        if self.kind in SIGNALS:
            return SIGNALLED
        return next(name for name, calls in GROUPS.items() if self.call in calls)

    @property
    def is_call(self) -> bool:
        """Whether it is of a call of the system, so that strace brings it about."""
        return self.call in KINDS

    def places(self, sites: Iterable[str]) -> frozenset[str]:
        """Return what it has tried, as the table counts it: who did what where."""
        return frozenset(f"{self.group}: {self.who} {site}" for site in sites)

    def before(self, log: Path) -> list[str]:
        """Return the words before a command that have it run into the fault."""
        if self.call in LIMITS:
            return ["bash", "-c", f'{self.call} {self.nth}; exec "$@"', "bash"]
        if not self.is_call:
            return []
        # With a filter of the kernel's it is quicker, but sends no signals.
        quick = () if self.kind in SIGNALS else ("--seccomp-bpf",)
        return [*tracer(log, *quick), "-e", f"trace={self.call}", "-e", self.injection()]

    def injection(self) -> str:
        """Return it as strace takes it."""
        if self.kind.startswith("SIG"):
            how = f"signal={self.kind}"
        elif self.kind == "short":
            how = "retval=0"
        else:
            how = f"error={self.kind}"
        return f"inject={self.call}:{how}:when={self.nth}"


def tracer(log: Path, *more: str) -> list[str]:
    """Return the words before a command that have strace follow it, without becoming its parent."""
    return ["strace", "-DDD", "-f", "-q", "-y", "-ttt", "-o", str(log), *more]


def counting(log: Path) -> list[str]:
    """Return the words before a command that have its calls counted; see `counted`."""
    return [*tracer(log, "-ff", "--seccomp-bpf"), "-e", f"trace={','.join(KINDS)}"]


def counted(log: Path, who: str, folder: Path) -> dict[str, dict[int, frozenset[str]]]:
    """Return the sites of each call by the numbers that a fault of it may have.

    Args:
        log: Of `counting`.
        who: Whose it is.
        folder: In which the command ran.
    """
    found: dict[str, dict[int, frozenset[str]]] = {}
    # Each thread counts for itself, and a fault befalls each that comes so far. So numbers that a
    # process has had before it began are none of a fault, whichever thread has them later.
    before: Counter[str] = Counter()
    for path in log.parent.glob(f"{log.name}.*"):
        lines = path.read_text(errors="replace").splitlines()
        begun = next((i for i, line in enumerate(lines) if _BEGUN[who].search(line)), None)
        if begun is None and any(_STARTED.search(line) for line in lines[:50]):
            continue  # another program, or a process of another kind
        seen: Counter[str] = Counter()
        for place, line in enumerate(lines):
            if (known := call_of(line)) is None:
                continue
            _, call = known
            seen[call] += 1
            if place < (begun or 0):
                before[call] = max(before[call], seen[call])
            else:
                numbers = found.setdefault(call, {})
                sites = numbers.get(seen[call], frozenset())
                numbers[seen[call]] = sites | {site_of(line, folder)}
    return {
        call: {nth: sites for nth, sites in numbers.items() if nth > before[call]}
        for call, numbers in found.items()
    }


def all_faults(
    command: str, who: str, calls: Mapping[str, Mapping[int, frozenset[str]]]
) -> Iterator[Fault]:
    """Yield all faults of the calls of a command, as its clean run was counted."""
    for call, kinds in KINDS.items():
        signals = SIGNALS if call in AT_SIGNALS else ()
        for kind in (*kinds, *signals):
            for nth, sites in sorted(calls.get(call, {}).items()):
                yield Fault(command, who, call, nth, kind, sites)


def other_faults(
    command: str, disks: Collection[str], requests: Sequence[str], *, limits: bool
) -> Iterator[Fault]:
    """Yield the faults of a command that are of no call: limits, disks, requests.

    Args:
        command: Name of the scene.
        disks: Which of `DISKS` are tried.
        requests: What each request of a clean run was.
        limits: Whether limits are set.
    """
    for call, sizes in LIMITS.items() if limits else ():
        for size in sizes:
            yield Fault(command, "parent", call, size, "limit", frozenset({f"{call} {size}"}))
    for kind in disks:
        for size in DISKS[kind]:
            yield Fault(command, "parent", DISK, size, kind, frozenset({f"{kind} {size}"}))
    for kind in REQUESTS:
        for often in ("", FOR_GOOD):
            for nth, request in enumerate(requests, 1):
                said = frozenset({f"{kind}{often} {request}"})
                yield Fault(command, "parent", REQUEST, nth, f"{kind}{often}", said)


def sample(faults: Sequence[Fault], each: int, seed: int, most: int | None = None) -> list[Fault]:
    """Return faults of each site, the same for the same seed; 0: all.

    One of every site comes first, of a kind by lot, then a second one of every site, and so on,
    `each` times; of all these, in the order of turns, `most` at most.
    """
    if not each:
        return list(faults)[:most]
    of_site: dict[str, list[Fault]] = {}
    for fault in faults:
        for place in sorted(fault.places(fault.sites)):
            of_site.setdefault(place, []).append(fault)
    chosen: dict[Fault, None] = {}
    tried: Counter[str] = Counter()
    dice = random.Random(f"{seed} {faults[0].command}" if faults else seed)  # noqa: S311 - to be repeated
    for turn in range(1, each + 1):
        places = sorted(of_site)
        dice.shuffle(places)
        for place in places:
            left = [fault for fault in of_site[place] if fault not in chosen]
            if tried[place] >= turn or not left:
                continue
            # A fault that only this site has is surer to hit it than one of several threads.
            fewest = min(len(fault.sites) for fault in left)
            fault = dice.choice([fault for fault in left if len(fault.sites) == fewest])
            chosen[fault] = None
            tried.update(fault.places(fault.sites))
    return list(chosen)[:most]


class Hit(NamedTuple):
    """What a fault has met: the line of the log, "" for nothing, and the sites."""

    line: str
    sites: frozenset[str]


def injected(log: Path, fault: Fault, folder: Path) -> Hit:
    """Return what a fault has hit, by the log of its run."""
    said = ""
    sites = set()
    for path in sorted(log.parent.glob(f"{log.name}*")):
        seen: Counter[str] = Counter()
        for line in path.read_text(errors="replace").splitlines():
            if any(sign in line for sign in ("(INJECTED)", f"--- {fault.kind} ", "+++ killed by")):
                said = said or line
            if (known := call_of(line)) and known[1] == fault.call:
                seen[known[0]] += 1
                if seen[known[0]] == fault.nth:
                    sites.add(site_of(line, folder))
    return Hit(said, frozenset(sites if said else ()))


def has_strace() -> bool:
    """Say whether strace is there and may trace."""
    try:
        return (
            subprocess.run(
                ["strace", "-qq", "-e", "trace=none", "true"], check=False, capture_output=True
            ).returncode
            == 0
        )
    except FileNotFoundError:
        return False
