"""Whatever goes wrong: the old release or the new one, whole, and one line that says why."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pfocr_rdf.errors import OutputError
from pfocr_rdf.exporting.entities import stored
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import RDF, SCHEMA
from pfocr_rdf.release.staging import GOES_ON, staged_release
from tests.support.pages import (
    OPG,
    assert_complete,
    checkout,
    command,
    end,
    files,
    left_behind,
    many,
    noted,
    page,
    run,
    start,
    unmeasured,
    write,
)

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a file system")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many(tmp_path_factory.mktemp("big") / "corpus", 500)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("small") / "c")


def processes_of(session: int) -> dict[int, str]:
    """Return the living processes of a session, with their command lines."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, _, of_session, *_ = (
                (entry / "stat").read_text().rpartition(")")[2].split(maxsplit=4)
            )
            if int(of_session) == session and state != "Z":
                found[int(entry.name)] = (entry / "cmdline").read_text()
    return found


def wait_for(condition: Callable[[], object], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    return [pid for pid, line in processes_of(process.pid).items() if "pfocr_rdf.processes" in line]


# killed


@pytest.mark.whole
def test_killed_at_ten_random_moments(tmp_path: Path, big: Path, small: Path) -> None:
    out = tmp_path / "place" / "out"
    began = time.monotonic()
    run_once = ("export", big, "-o", tmp_path / "new", "--jobs", 2, "--no-validate", "-q")
    assert command(*run_once).returncode == 0
    duration = time.monotonic() - began
    new = files(tmp_path / "new")
    run(small, out=out)
    old = files(out)
    moments = random.Random(20)  # fixed, so that a failure can be repeated
    killed = 0
    for _ in range(40):
        # Without reuse each run has all its work to do, also after one that was not killed.
        began = time.monotonic()
        process = start("export", big, "-o", out, "--jobs", 2, "--no-validate", "--no-reuse", "-q")
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(moments.uniform(0.05, duration))
                # The machine has become faster: aim at what a run takes now.
                duration = time.monotonic() - began
            process.kill()  # this process only: its workers must end by themselves
            process.wait()
            killed += process.returncode == -signal.SIGKILL
            assert wait_for(lambda: not processes_of(process.pid)), "workers survive"  # noqa: B023
        finally:
            end(process)
        assert_complete(out)
        assert {**files(out), ".lock": b""} in ({**old, ".lock": b""}, {**new, ".lock": b""})
        if killed == 10:
            break
    assert killed == 10
    run(small, out=out)
    assert files(out) == old
    assert left_behind(out.parent) == []


def in_child(action: Callable[[], object]) -> int:
    """Run something in a fork of this process, and return how it ended."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            action()
            os._exit(0)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


WATCHED = frozenset(
    "open os.rename os.remove os.rmdir os.mkdir os.chmod fcntl.flock tempfile.mkdtemp "
    "shutil.rmtree ctypes.call_function ctypes.dlsym".split()
)


def killed_at(step: int, action: Callable[[], object]) -> int:
    """Run something in a fork that is killed right before its n-th step on the disk."""
    left = step

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        if event in WATCHED:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def watched() -> None:
        sys.addaudithook(hook)
        action()

    return in_child(watched)


@pytest.mark.whole
@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "two renames"])
def test_killed_at_each_step_on_the_disk(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    other = write(tmp_path / "other", {"PMC5__x.md": page("PMC5__x", (OPG,))})
    out = tmp_path / "place" / "out"
    run(other, out=out, validate=False)
    new = files(out)
    run(small, out=out, validate=False)
    old = files(out)
    # The first steps read; those of the release begin with its staging folder.
    steps, done = 0, False
    seen = set()
    while not done:
        steps += 1
        status = killed_at(steps, lambda: run(other, out=out, validate=False))
        assert status in (-signal.SIGKILL, 0)
        done = status == 0
        if not out.exists():
            # Only without an exchange; then both are whole under other names, and a run that
            # goes no further than to begin brings the old one back.
            assert not exchange
            with pytest.raises(OutputError, match="no space"), staged_release(out):
                raise OSError(28, "no space")
            assert files(out) == old
        assert_complete(out)
        present = files(out)
        present.pop(".lock", None)
        assert present in (old, new)
        seen.add(present == new)
        if present == new:
            run(small, out=out, validate=False)
            assert left_behind(out.parent) == [], f"after step {steps}"
    assert seen == {True, False}
    assert steps > 30


def test_a_run_in_progress_is_not_cleaned_up(tmp_path: Path, small: Path) -> None:
    with staged_release(tmp_path / "out") as stage:
        (stage.folder / "x").touch()
        run(small, out=tmp_path / "out")
        assert (stage.folder / "x").exists()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x"]


# interrupted


def interrupted(
    out: Path,
    ready: Callable[[subprocess.Popen[str]], object],
    send: Callable[[int], object],
    *options: object,
) -> subprocess.CompletedProcess[str]:
    """Export until a moment comes, and send a signal then."""
    for _ in range(10):
        process = start("export", *options, "-o", out)
        try:
            assert wait_for(lambda: ready(process) or process.poll() is not None)  # noqa: B023
            with contextlib.suppress(ProcessLookupError):
                send(process.pid)
            stdout, stderr = process.communicate(timeout=120)
        finally:
            end(process)
        assert wait_for(lambda: not processes_of(process.pid)), "workers survive"  # noqa: B023
        if process.returncode:
            return subprocess.CompletedProcess([], process.returncode, stdout, stderr)
        shutil.rmtree(out)  # it was done before it could be stopped
    raise AssertionError("it is always done at once")


def said_at_the_end(stderr: str) -> str:
    (line,) = [line for line in stderr.splitlines() if " figures, " not in line]
    return line


STOPS: dict[str, tuple[Callable[[int], object], int]] = {
    "Ctrl-C": (lambda pid: os.killpg(pid, signal.SIGINT), 130),
    "SIGINT": (lambda pid: os.kill(pid, signal.SIGINT), 130),
    "SIGTERM": (lambda pid: os.kill(pid, signal.SIGTERM), 143),
}


@pytest.mark.whole
@pytest.mark.parametrize(("stop", "jobs"), [("SIGINT", 1), ("Ctrl-C", 2), ("SIGTERM", 2)])
def test_interrupted_among_figures(tmp_path: Path, big: Path, stop: str, jobs: int) -> None:
    send, code = STOPS[stop]
    out = tmp_path / "out"
    done = interrupted(out, lambda _: noted(out), send, big, "--jobs", jobs, "--no-validate")
    assert done.returncode == code
    assert said_at_the_end(done.stderr) == f"interrupted; {out} is as it was; {GOES_ON}"
    assert len(left_behind(tmp_path)) == 1
    assert not out.exists()
    assert noted(out)
    run(big, out=out, validate=False)
    assert_complete(out)
    assert left_behind(tmp_path) == []


@pytest.mark.whole
@pytest.mark.parametrize("stop", STOPS)
def test_interrupted_while_workers_start(tmp_path: Path, big: Path, stop: str) -> None:
    send, code = STOPS[stop]
    out = tmp_path / "out"
    done = interrupted(out, workers_of, send, big, "--jobs", 2)
    assert done.returncode == code
    said = f"interrupted; {out} is as it was"
    left = bool(left_behind(tmp_path))
    assert said_at_the_end(done.stderr) == (f"{said}; {GOES_ON}" if left else said)
    assert bool(noted(out)) is left
    assert not out.exists()


# workers


@pytest.mark.whole
def test_a_worker_that_is_killed(tmp_path: Path, big: Path, small: Path) -> None:
    run(small, out=tmp_path / "out")
    before = files(tmp_path / "out")
    process = start("export", big, "-o", tmp_path / "out", "--jobs", 2, "-q")
    try:
        assert wait_for(lambda: len(workers_of(process)) == 2)
        os.kill(workers_of(process)[0], signal.SIGKILL)
        _, stderr = process.communicate(timeout=120)
    finally:
        end(process)
    assert process.returncode == 2
    said = "error: a worker process was killed (out of memory?): try fewer --jobs"
    left = bool(left_behind(tmp_path))  # it may have died before anything was done
    assert stderr == (f"{said}; {GOES_ON}\n" if left else f"{said}\n")
    assert bool(noted(tmp_path / "out")) is left
    assert files(tmp_path / "out") == before
    run(small, out=tmp_path / "out")
    assert left_behind(tmp_path) == []


# disk full


def test_a_disk_that_is_full_by_a_limit_on_files(tmp_path: Path, big: Path, small: Path) -> None:
    run(small, out=tmp_path / "out")
    before = files(tmp_path / "out")
    for limit in (1, 5_000, 100_000, 400_000):
        done = command(
            "export", big, "-o", tmp_path / "out", "--jobs", 1, "--no-validate", "-q",
            env=unmeasured(),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),  # noqa: B023
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        where = f"error: {tmp_path / 'out'}: cannot be written"
        assert done.stderr in {
            f"{where}: {reason} (nothing was published)\n"
            for reason in (
                "ledger.sqlite: disk I/O error",
                "File too large",
            )  # SQLite's word for it, and ours
        }
        assert files(tmp_path / "out") == before
        assert left_behind(tmp_path) == []


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount file systems in memory; they are gone after the test."""
    mounts: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"mount-{len(mounts)}"
        folder.mkdir()
        arguments = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(arguments, capture_output=True, check=False).returncode:
            pytest.skip("cannot mount here")
        mounts.append(folder)
        return folder

    yield mount
    for folder in mounts:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@ROOT_ONLY
def test_a_disk_that_is_full(mounted: Callable[[str], Path], big: Path, small: Path) -> None:
    for size in (8, 16, 768, 2048):
        disk = mounted(f"size={size}k")
        before: dict[str, bytes] = {}
        if size >= 768:
            run(small, out=disk / "out")
            before = files(disk / "out")
        for jobs in (1, 2):
            with pytest.raises(OutputError, match="/out: cannot be written: No space") as caught:
                run(big, out=disk / "out", validate=False, jobs=jobs)
            assert "\n" not in str(caught.value)
            assert (files(disk / "out") if before else {}) == before
            assert left_behind(disk) == []


def fill(cache: PageCache) -> None:
    for number in range(40_000):
        name = plain(f"{number:01000}")
        one = node(IRI(f"x:{number:05}"), (RDF.type, (SCHEMA.Gene,)), (SCHEMA.name, name))
        cache.add((), [stored(one)])
    cache.commit()


@ROOT_ONLY
def test_a_disk_that_is_full_while_entities_are_stored(mounted: Callable[[str], Path]) -> None:
    disk = mounted("size=1m")
    cache = PageCache.create(disk / "ledger.sqlite", b"key")
    try:
        with pytest.raises(sqlite3.OperationalError, match="full") as caught:
            fill(cache)
        assert caught.value.sqlite_errorcode == sqlite3.SQLITE_FULL
    finally:
        cache.close()


@pytest.mark.whole
def test_a_ledger_that_breaks_while_it_is_read(tmp_path: Path) -> None:
    cache = PageCache.create(tmp_path / "ledger.sqlite", b"key")
    try:
        fill(cache)
        cache.seal()
        # Far more than its cache holds: what it reads now comes from the file.
        os.truncate(tmp_path / "ledger.sqlite", 8192)
        with pytest.raises(sqlite3.DatabaseError):
            list(cache.entities(Counter(dict.fromkeys(range(40000), 1))))
    finally:
        cache.close()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (sqlite3.SQLITE_FULL, "No space left on device"),
        (sqlite3.SQLITE_IOERR, "ledger.sqlite: it broke"),
    ],
)
def test_a_ledger_that_fails_is_said_in_one_line(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, error: int, said: str
) -> None:
    def fail(*_: object) -> None:
        trouble = sqlite3.OperationalError("it broke")
        trouble.sqlite_errorcode = error
        raise trouble

    monkeypatch.setattr(PageCache, "add", fail)
    with pytest.raises(OutputError, match=f"cannot be written: {said}") as caught:
        run(small, out=tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert left_behind(tmp_path) == []


def test_a_journal_that_cannot_be_removed_is_not_published(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another's file it would keep all later runs from the folder."""
    run(small, out=tmp_path / "out")
    before = files(tmp_path / "out")
    seal = PageCache.seal

    def left(cache: PageCache) -> None:
        seal(cache)
        cache.path.with_name("ledger.sqlite-journal").touch()

    monkeypatch.setattr(PageCache, "seal", left)
    with pytest.raises(OutputError, match=r"ledger\.sqlite-journal: cannot be removed"):
        run(small, out=tmp_path / "out", release="2")
    assert files(tmp_path / "out") == before
    assert left_behind(tmp_path) == []


# places that cannot be written


def test_out_is_a_file(tmp_path: Path, small: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="expected a folder, found a file"):
        run(small, out=tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"
    with pytest.raises(OutputError, match=r"cannot be written: (Not a directory|File exists)"):
        run(small, out=tmp_path / "out" / "below")


@pytest.mark.parametrize(
    "content",
    [
        {"thesis.docx": "mine"},
        {"manifest.json": '{"name": "a web app"}', "index.html": "mine"},
        {"manifest.json": "not JSON"},
        {"manifest.json": "[]"},
        {"manifest.json/x": ""},
        {".hidden": "mine"},
    ],
)
def test_out_holds_files_of_somebody_else(
    tmp_path: Path, small: Path, content: dict[str, str | bytes]
) -> None:
    write(tmp_path / "out", content)
    with pytest.raises(OutputError, match=r"holds files, but no manifest\.json of an earlier"):
        run(small, out=tmp_path / "out")
    for name, text in content.items():
        assert (tmp_path / "out" / name).read_text() == text
    assert left_behind(tmp_path) == []


def test_a_release_with_a_file_of_somebody_else(tmp_path: Path, small: Path) -> None:
    run(small, out=tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds 'notes\.txt', which is not of the release"):
        run(small, out=tmp_path / "out")
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_out_is_an_empty_folder_or_below_none(tmp_path: Path, small: Path) -> None:
    (tmp_path / "empty").mkdir()
    run(small, out=tmp_path / "empty")
    assert_complete(tmp_path / "empty")
    run(small, out=tmp_path / "a" / "b" / "c")
    assert_complete(tmp_path / "a" / "b" / "c")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a/b/c").stat().st_mode & 0o777 == 0o777 & ~mask


def test_out_is_a_link(tmp_path: Path, small: Path) -> None:
    run(small, out=tmp_path / "release-1")
    (tmp_path / "current").symlink_to("release-1")
    run(small, out=tmp_path / "current", release="2")
    assert (tmp_path / "current").is_symlink()
    assert b'"release": "2"' in files(tmp_path / "release-1")["manifest.json"]
    (tmp_path / "dangling").symlink_to("release-2")
    run(small, out=tmp_path / "dangling")
    assert (tmp_path / "dangling").is_symlink()
    assert_complete(tmp_path / "release-2")
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["a[b]*?", "line\nbreak", 'it\'s "out"', "out\udce9", "-o"])
def test_out_with_an_odd_name(tmp_path: Path, small: Path, name: str) -> None:
    write(tmp_path, {f".{name}.staging-old/x": "", ".axyz.staging-other/x": ""})
    for _ in range(2):
        run(small, out=tmp_path / name)
        assert_complete(tmp_path / name)
    assert left_behind(tmp_path) == [".axyz.staging-other"]


@ROOT_ONLY
def test_out_on_a_disk_that_is_read_only(mounted: Callable[[str], Path], small: Path) -> None:
    disk = mounted("ro")
    with pytest.raises(OutputError, match="out: cannot be written: Read-only file system"):
        run(small, out=disk / "out")
    with pytest.raises(OutputError, match="is a mount point and cannot be swapped"):
        run(small, out=disk)


def test_out_in_a_folder_that_may_only_be_read(tmp_path: Path) -> None:
    """By a user whom that binds: root it does not."""
    tmp_path.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        with (
            pytest.raises(OutputError, match="cannot be written: Permission denied"),
            staged_release(tmp_path / "out"),
        ):
            pass
    finally:
        os.seteuid(user)
        tmp_path.chmod(0o755)


# exit codes of the command


def test_exit_codes(tmp_path: Path, small: Path) -> None:
    out = tmp_path / "out"
    good = command("export", small, "-o", out, "-q")
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    before = files(out)
    bad = write(tmp_path / "bad", {"1.md": page(filename=None)})
    assert command("export", bad, "-o", tmp_path / "bad-out", "-q").returncode == 1
    assert_complete(tmp_path / "bad-out")
    malformed = write(tmp_path / "malformed", {"1.md": "", "2.md": page()})
    lenient = command("export", malformed, "-o", tmp_path / "lenient", "-q")
    assert (lenient.returncode, lenient.stderr) == (0, "")
    assert command("export", malformed, "-o", tmp_path / "s", "-q", "--strict").returncode == 1
    assert not (tmp_path / "s").exists()
    assert command("export", small, "-o", tmp_path / "t", "-q", "--strict").returncode == 0
    for arguments, message in (
        (("export", tmp_path / "none", "-o", out), "none: No such file or directory"),
        (("export", small, "-o", out, "--format", "rdfxml"), "--format: expected some of"),
        (("export", small, "-o", out, "--jobs", -3), "--jobs: expected 0 or more"),
        (("export", small, "-o", out, "--release", "a/b"), "--release: expected letters"),
        (("export", small, "-o", small / "README.md"), "expected a folder, found a file"),
        (("export", small, "-o", out, "--hgnc", tmp_path / "none"), "none: "),
    ):
        done = command(*arguments)
        assert done.returncode == 2
        assert message in done.stderr
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1, done.stderr
    assert command("export", small).returncode == 2
    assert files(out) == before


def test_exit_code_of_books_that_do_not_balance(tmp_path: Path, small: Path) -> None:
    program = (
        "import sys\n"
        "from pfocr_rdf.findings import Ledger\n"
        "Ledger.emitted = lambda self, kind, count=1: None\n"
        "from pfocr_rdf.cli.main import main\n"
        "main()\n"
    )
    arguments = ["export", str(small), "-o", str(tmp_path / "out"), "--jobs", "1"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stderr.startswith("error: the ledger does not balance: figure page: 3 came in")
    assert list(tmp_path.iterdir()) == []


def test_the_summary_of_an_out_with_a_name_that_is_not_utf8(tmp_path: Path, small: Path) -> None:
    done = command("export", small, "-o", tmp_path / "out\udce9")
    assert done.returncode == 0, done.stderr
    assert "the graph conforms" in done.stdout


def test_entities_that_are_read_only_in_part(tmp_path: Path) -> None:
    cache = PageCache.create(tmp_path / "ledger.sqlite", b"key")
    kept = [stored(node(IRI(f"x:{n}"), (RDF.type, (SCHEMA.Gene,)))) for n in range(3)]
    cache.add((), kept)
    entities = cache.entities(Counter(one.id for one in kept))
    next(entities)
    cache.close()
    # An interrupted run gives up here: pytest turns any complaint of it into a failure.
    del entities
    gc.collect()
