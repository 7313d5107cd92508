"""Faults of the system: which calls a command makes, and how each of them may fail.

Counted by strace, per process and thread, from where the verb of the command is loaded: what Python
does before that it tells in its own words. A fault is one that a sound system may have: what was
not done is said not to be done. A write that is short writes nothing and says so.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

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
}
"""The calls as the table of docs/reliability.md has them, signals apart."""
SIGNALLED: Final = "signals"

_CALL: Final = re.compile(r"^(?:\d+ +)?[\d.]+ (\w+)\(")
_BEGUN: Final = {
    "parent": re.compile(r"openat\(.*pfocr_rdf/cli/commands/__pycache__/(?!__init__)"),
    "worker": re.compile(r"openat\(.*pfocr_rdf/processes"),
}


class Fault(NamedTuple):
    """One fault: of the `nth` call of that name that a process of a kind makes."""

    command: str
    who: str
    call: str
    nth: int
    kind: str

    def __str__(self) -> str:
        return f"{self.command} {self.who} {self.call} {self.nth} {self.kind}"

    @property
    def group(self) -> str:
        """The column of the table that it is counted in."""
        if self.kind in SIGNALS:
            return SIGNALLED
        return next(name for name, calls in GROUPS.items() if self.call in calls)

    def before(self, log: Path) -> list[str]:
        """Return the words before a command that have it run into the fault."""
        if self.call in LIMITS:
            return ["bash", "-c", f'{self.call} {self.nth}; exec "$@"', "bash"]
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


def counted(log: Path, who: str) -> dict[str, tuple[int, int]]:
    """Return for each call the first and last number that a fault may have, over all threads."""
    spans: dict[str, tuple[int, int]] = {}
    for path in log.parent.glob(f"{log.name}.*"):
        lines = path.read_text(errors="replace").splitlines()
        begun = next((i for i, line in enumerate(lines) if _BEGUN[who].search(line)), None)
        if begun is None and any(
            "/site-packages/" in line or "execve" in line for line in lines[:200]
        ):
            begun = len(lines) if who == "worker" else 0
        seen: dict[str, int] = {}
        for place, line in enumerate(lines):
            match = _CALL.match(line)
            if match is None:
                continue
            call = match[1]
            seen[call] = seen.get(call, 0) + 1
            if place >= (begun or 0):
                first, last = spans.get(call, (seen[call], seen[call]))
                spans[call] = min(first, seen[call]), max(last, seen[call])
    return spans


def all_faults(command: str, who: str, spans: Mapping[str, tuple[int, int]]) -> Iterator[Fault]:
    """Yield all faults of a command, as its clean run was counted."""
    for call, kinds in KINDS.items():
        if call in spans:
            first, last = spans[call]
            signals = SIGNALS if call in AT_SIGNALS else ()
            for kind in (*kinds, *signals):
                for nth in range(first, last + 1):
                    yield Fault(command, who, call, nth, kind)
    if who == "parent":
        for call, sizes in LIMITS.items():
            for size in sizes:
                yield Fault(command, who, call, size, "limit")


def sample(faults: Sequence[Fault], each: int, seed: int, most: int | None = None) -> list[Fault]:
    """Return some faults of each call and kind, the same for the same seed; 0: all.

    No more than `most` of them, if that is given.
    """
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((f"{fault.who} {fault.call}", fault.kind), []).append(fault)
    chosen = []
    for key, group in groups.items():
        dice = random.Random(f"{seed} {group[0].command} {group[0].who} {key}")  # noqa: S311 - to be repeated
        if not each or len(group) <= each:
            chosen += group
            continue
        # Loading modules takes most calls, and comes first: half are of the last fifth.
        late = group[len(group) * 4 // 5 :]
        some = dice.sample(late, min(len(late), (each + 1) // 2))
        rest = [fault for fault in group if fault not in some]
        chosen += some + dice.sample(rest, each - len(some))
    if most is None or len(chosen) <= most:
        return chosen
    return random.Random(seed).sample(chosen, most)  # noqa: S311 - likewise


def injected(log: Path) -> str:
    """Return the line of the call that a fault has hit, "" where none was."""
    found = ""
    for path in sorted(log.parent.glob(f"{log.name}*")):
        for line in path.read_text(errors="replace").splitlines():
            if "(INJECTED)" in line or "--- SIG" in line or "+++ killed by" in line:
                found = found or line
    return found


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
