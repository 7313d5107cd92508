"""One fault tried: the command runs into it, and then all promises are looked at."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from scripts.torture.disks import ELSEWHERE, disks_of, failing, on_disk
from scripts.torture.faults import (
    REQUEST,
    Fault,
    Hit,
    all_faults,
    counted,
    counting,
    injected,
    other_faults,
)
from scripts.torture.proxy import FaultyProxy, faulty
from scripts.torture.scenes import Scene, State, environment, plain

CODES: Final = (0, 2, 3, 130, 143)
"""What a command that writes may exit with when the system fails it."""
_PATIENCE: Final = 90.0
_OUTLIVES: Final = 1.0
_LEFT_BY_KILLED: Final = re.compile(
    r"\.(out|site)\.staging-\w+|\.out\.store\.building-\w+|\.out\.store\.lock|\.[^/]+\.part|\.lock"
)
"""What a run may leave that was killed, interrupted or lost a worker, as docs/reliability.md says."""


class Verdict(NamedTuple):
    """What came of a fault.

    Attributes:
        fault: As it was tried.
        hit: The call that it has hit, "" if the run did not make so many.
        sites: Where that was.
        code: The exit code, below 0 for a signal.
        said: On stderr.
        broken: Which promises do not hold.
    """

    fault: Fault
    hit: str
    sites: frozenset[str]
    code: int
    said: str
    broken: tuple[str, ...]


class Torture:
    """Tries faults on one command.

    Args:
        scene: The command.
        folder: To work in; empty.
    """

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene = scene
        self._folder = folder
        self._before = folder / "before"
        self._before.mkdir(parents=True)
        scene.prepare(self._before)
        self._old: State = {}
        self._new: State = {}
        with self._place(None) as (place, url, _):
            self._old = scene.state(place, url)
            done = self._plain(place, url)
            if done.returncode:
                raise RuntimeError(done.stderr.decode())
            self._new = scene.state(place, url)
            self._usual_lines = set(done.stderr.decode().splitlines())
            self._usual = _names(self._before) | _names(place)
        assert self._old != self._new

    def faults(self) -> list[Fault]:
        """Return all faults of the command, as clean runs make calls and requests."""
        scene = self.scene
        found: list[Fault] = []
        if scene.calls:
            for who in ("parent", "worker") if scene.workers else ("parent",):
                found += all_faults(scene.name, who, self.count(who))
        found += other_faults(scene.name, disks_of(scene), self._requests(), limits=scene.calls)
        return found

    def count(self, who: str) -> dict[str, dict[int, frozenset[str]]]:
        """Return the calls of a clean run, as `counted` does."""
        log = self._folder / "count"
        with self._place(None) as (place, url, _):
            code, said = self._run(place, url, counting(log), who)
            assert code == 0, said
            wait_for_strace(log)
            found = counted(log, who, place)
        for path in self._folder.glob("count.*"):
            path.unlink()
        return found

    def _requests(self) -> list[str]:
        """Return the requests of a clean run."""
        if not self.scene.requests:
            return []
        with self._place(None) as (place, url, _), faulty(url) as proxy:
            done = self._plain(place, proxy.url)
            assert done.returncode == 0, done.stderr
            return proxy.requests

    def attempt(self, fault: Fault) -> Verdict:
        """Run into a fault, and judge what is left."""
        log = self._folder / "log"
        with self._place(fault) as (place, store, proxy):
            url = store if proxy is None else proxy.url
            with failing(self.scene, place, fault):
                code, said = self._run(place, url, fault.before(log), fault.who)
            broken = list(_said_rightly(fault, code, said, self._usual_lines, logs=self.scene.logs))
            broken += self._outlived
            hit = self._hit(fault, log, place, proxy)
            is_mute = (fault.call, fault.nth) == ("ulimit -f", 0)  # what is said goes to a file
            if is_mute or " write(1<" in hit.line or " write(2<" in hit.line:
                broken = [each for each in broken if "said" not in each]
            state = self.scene.state(place, store)
            if not _is_told(place, hit):
                broken += self._state_faults(code, state)
            if fault.kind.endswith("elsewhere") and code:
                broken.append("it does not work there")
            broken += self._leftovers(place, fault, code, said, after=False)
            is_done = state == self._new and not self.scene.replaces
            if not broken and not is_done and not self._is_as_before(place):
                done = self._plain(place, url)
                if done.returncode:
                    broken.append(f"the next run fails: {done.stderr.decode()[-300:]}")
                elif self.scene.state(place, store) != self._new:
                    broken.append("the next run has other bytes than an undisturbed one")
                else:
                    broken += self._leftovers(place, fault, 0, "", after=True)
        return Verdict(fault, hit.line, hit.sites, code, said, tuple(broken))

    def _hit(self, fault: Fault, log: Path, place: Path, proxy: FaultyProxy | None) -> Hit:
        if proxy is not None:
            # What was sent may come late, but comes before anything else is asked.
            proxy.rest()
            proxy.fault = None
            return Hit(proxy.hit, frozenset({f"{fault.kind} {proxy.hit}"} if proxy.hit else ()))
        if not fault.is_call:
            return Hit(fault.call, fault.sites)
        wait_for_strace(log)
        hit = injected(log, fault, place)
        for path in self._folder.glob("log*"):
            path.unlink()
        return hit

    @contextmanager
    def _place(self, fault: Fault | None) -> Iterator[tuple[Path, str, FaultyProxy | None]]:
        """Give a folder to run in, the address of the server, and a proxy before it."""
        place = self._folder / "run"
        with ExitStack() as left:
            left.callback(shutil.rmtree, place)
            shutil.copytree(self._before, place, symlinks=True)
            left.enter_context(on_disk(self.scene, place, fault))
            url = left.enter_context(self.scene.served(place))
            proxy = None
            if fault is not None and fault.call == REQUEST:
                proxy = left.enter_context(faulty(url))
                proxy.fault = fault
            yield place, url, proxy

    def _plain(self, place: Path, url: str) -> subprocess.CompletedProcess[bytes]:
        return plain(place, *self._arguments(url), program=self.scene.program)

    def _arguments(self, url: str) -> list[str]:
        return [word.replace("{url}", url) for word in self.scene.arguments]

    def _run(self, place: Path, url: str, words: list[str], who: str) -> tuple[int, str]:
        program = list(self.scene.program)
        of = self.scene.workers if who == "worker" else self.scene.leader
        if of:
            program[0] = str(self._wrapped(words, of))
        else:
            program[:0] = words
        self._outlived: list[str] = []
        with (self._folder / "stderr").open("wb") as said:
            process = subprocess.Popen(
                [*program, *self._arguments(url)],
                cwd=place,
                env=environment(place),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._outlived.append(f"it hangs: nothing after {_PATIENCE:.0f} s")
        ended = time.monotonic()
        while left := _session(process.pid):
            if process.returncode is None or time.monotonic() - ended > _OUTLIVES + 1:
                self._outlived += [f"outlives its parent: {line}" for line in left.values()]
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                break
            time.sleep(0.02)
        return process.wait(), (self._folder / "stderr").read_text(errors="replace")

    def _wrapped(self, words: list[str], of: str) -> Path:
        """Return a Python that has some processes traced: they are started by its own name."""
        home = self._folder / "python"
        if not home.exists():
            real = Path(sys.executable).parent.parent
            (home / "bin").mkdir(parents=True)
            (home / "lib").symlink_to(real / "lib")
            shutil.copy(real / "pyvenv.cfg", home / "pyvenv.cfg")
        script = home / "bin" / "python"
        script.unlink(missing_ok=True)
        traced = " ".join(f"'{word}'" for word in words)
        script.write_text(
            "#!/bin/bash\n"
            f'case "$*" in *"{of}"*) exec {traced} {sys.executable} "$@";; esac\n'
            f'exec -a "$0" {os.path.realpath(sys.executable)} "$@"\n'
        )
        script.chmod(0o755)
        return script

    def _state_faults(self, code: int, state: State) -> Iterator[str]:
        if self.scene.one_by_one:
            mixed = [n for n in state if state[n] not in (self._old.get(n), self._new.get(n))]
            mixed += self._old.keys() - state.keys()
            if mixed:
                yield f"neither as it was nor as it shall be: {mixed[:3]}"
        elif state not in (self._old, self._new):
            changed = [n for n in {*state, *self._old} if state.get(n) != self._old.get(n)]
            yield f"neither the old nor the new: {sorted(changed)[:3]}"
        if code == 0 and state != self._new:
            yield "exit code 0, but not what it should have made"

    def _leftovers(
        self, place: Path, fault: Fault, code: int, said: str, *, after: bool
    ) -> Iterator[str]:
        extra = {
            name
            for name in _names(place) - self._usual - {ELSEWHERE, f"{ELSEWHERE}/{self.scene.made}"}
            if "/db/" not in f"/{name}"
        }
        ended = code < 0 or code in (130, 143) or "goes on" in said
        undone = fault.call in ("unlink", "unlinkat", "rmdir")
        if not after and (ended or undone):
            extra = {
                name
                for name in extra
                if not any(_LEFT_BY_KILLED.fullmatch(part) for part in name.split("/"))
            }
        if self.scene.logs and fault.kind == "SIGKILL":  # a worker of a cluster, which goes on
            extra = {name for name in extra if not name.startswith("tmp/pfocr-rdf-")}
        if undone:  # who may not remove cannot; that it lies in TMPDIR or hidden is enough
            extra = {name for name in extra if not name.startswith("tmp/")}
        if extra:
            yield f"left behind{' for good' * after}: {sorted(extra)[:4]}"

    def _is_as_before(self, place: Path) -> bool:
        """Say whether nothing at all has changed, so that the next run is like the first."""
        return _bytes_of(place) == _bytes_of(self._before)


def _is_told(place: Path, hit: Hit) -> bool:
    """Say whether a page or table could not be read, and the release says so: it is left out."""
    findings = place / "out" / "findings.jsonl"
    return (
        any(" corpus/" in site for site in hit.sites)
        and findings.exists()
        and b'"unreadable-file"' in findings.read_bytes()
    )


_OF_LOADER = "error while loading shared libraries"
"""What the system says of a worker that it cannot start; the command says the rest."""


def _said_rightly(
    fault: Fault, code: int, said: str, usual: set[str], *, logs: bool
) -> Iterator[str]:
    by_signal = -code if code < 0 else 0
    if fault.kind == "SIGKILL" and by_signal == signal.SIGKILL:
        return
    if "Traceback" in said:
        yield "a traceback is said"
    if fault.call in ("mmap", "ulimit -v") and by_signal in (signal.SIGABRT, signal.SIGSEGV):
        return  # libraries in C and Rust know no other way
    if fault.kind == "SIGTERM" and by_signal == signal.SIGTERM:
        return  # before the command has begun
    if code not in CODES:
        yield f"exit code {code}"
    lines = [
        line
        for line in said.splitlines()
        if line.strip() and line not in usual and _OF_LOADER not in line
    ]
    told = [line for line in lines if line.startswith(("error: ", "interrupted"))]
    if code in (2, 3, 130, 143) and len(told) != 1:
        yield f"{len(told)} lines are said that tell why"
    if code and len(lines) > len(told) and not logs:
        yield f"more is said: {[line for line in lines if line not in told][:2]}"


def _session(leader: int) -> dict[int, str]:
    """Return the living processes of a session, with their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, _, _, session, *_ = (
                (entry / "stat").read_text().rpartition(")")[2].split(maxsplit=4)
            )
            if int(session) == leader and state != "Z":
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")[:200]
    return found


def wait_for_strace(log: Path) -> None:
    """Wait until no strace writes a log any more."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                line = (entry / "cmdline").read_bytes()
                if line.startswith(b"strace") and os.fsencode(log) in line:
                    break
        else:
            return
        time.sleep(0.02)


def _names(folder: Path) -> set[str]:
    """Return the names of all that may be left behind: what lies beside, and in TMPDIR and cache."""
    found = set()
    for path in folder.iterdir():
        found.add(path.name)
        if path.name in ("tmp", "cache", "home", "corpus"):
            found |= {str(below.relative_to(folder)) for below in path.rglob("*")}
        elif path.name == ELSEWHERE:
            found |= {str(below.relative_to(folder)) for below in path.iterdir()}
    # What loads remember has names of addresses, which differ.
    return {name for name in found if not name.startswith("cache/loads/")}


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
