"""Staging and publishing a release: whole or not at all, and what is left to be resumed."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from pfocr_rdf.errors import InputError, OutputError, WorkerError
from pfocr_rdf.release import staging
from pfocr_rdf.release.files import MANIFEST, PAGE_CACHE, remove_tree
from pfocr_rdf.release.staging import GOES_ON, staged_release
from tests.support.pages import left_behind, write

OURS = '{"versions": {"pfocr-rdf": "1"}, "outputs": [{"name": "a.ttl"}]}'


def publish(out: Path, text: str = "new") -> None:
    with staged_release(out) as stage:
        write(stage.folder, {MANIFEST: OURS, "a.ttl": text})


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")
    with staged_release(tmp_path / "out") as stage:
        assert stage.folder.parent == tmp_path
        assert stage.folder.name.startswith(".out.staging-")
        write(stage.folder, {"a.ttl": "new", MANIFEST: OURS})
        assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"
    assert left_behind(tmp_path) == []
    assert left_behind(tmp_path / "out") == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_a_fault_publishes_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    publish(tmp_path / "out", "old")
    with pytest.raises(error), staged_release(tmp_path / "out") as stage:  # noqa: PT012
        write(stage.folder, {"a.ttl": "new"})
        raise error
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError("odd")])
def test_an_error_of_the_system_is_said_in_one_line(tmp_path: Path, error: OSError) -> None:
    reason = error.strerror or "odd"
    with (
        pytest.raises(OutputError, match=rf"out: cannot be written: {reason} \(nothing was publ"),
        staged_release(tmp_path / "out"),
    ):
        raise error
    assert list(tmp_path.iterdir()) == []


def test_what_dead_runs_left_is_removed(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".out.staging-a/x": "no lock: swapped out, half removed",
            ".out.staging-b/manifest.json": OURS,
            ".out.staging-c/.lock": "",
            ".out.staging-c/deep/x": "",
            ".other.staging-d/x": "of another release",
            ".out.staging-file": "no folder",
        },
    )
    (tmp_path / ".out.staging-empty").mkdir()
    publish(tmp_path / "out")
    assert left_behind(tmp_path) == [".other.staging-d", ".out.staging-file"]


def test_what_a_living_run_writes_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {".out.staging-a/.lock": "", ".out.staging-a/x": ""})
    lock = os.open(tmp_path / ".out.staging-a" / ".lock", os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        publish(tmp_path / "out")
        assert (tmp_path / ".out.staging-a" / "x").exists()
    finally:
        os.close(lock)
    publish(tmp_path / "out")
    assert left_behind(tmp_path) == []


def test_two_runs_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    with staged_release(tmp_path / "out") as first:
        write(first.folder, {"a.ttl": "first", MANIFEST: OURS})
        with staged_release(tmp_path / "out") as second:
            write(second.folder, {"a.ttl": "second", MANIFEST: OURS})
        assert (tmp_path / "out" / "a.ttl").read_text() == "second"
    assert (tmp_path / "out" / "a.ttl").read_text() == "first"
    assert left_behind(tmp_path) == []


def test_a_lock_left_by_a_run_killed_at_its_very_end_is_no_obstacle(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")
    (tmp_path / "out" / ".lock").touch()
    publish(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.ttl", MANIFEST]


def test_a_stage_taken_for_abandoned_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another run may remove the folder before, or after, its lock has been opened.
    real_open, real_flock = os.open, fcntl.flock
    seen: list[Path] = []

    def racing_open(path: Path | str, flags: int, *rest: int, **options: int) -> int:
        if isinstance(path, Path) and path.name == ".lock":
            seen.append(path.parent)
            if len(seen) == 1:
                remove_tree(path.parent)
        return real_open(path, flags, *rest, **options)

    def racing_flock(lock: int, operation: int) -> None:
        real_flock(lock, operation)
        if len(seen) == 2:
            remove_tree(seen[-1])

    monkeypatch.setattr(os, "open", racing_open)
    monkeypatch.setattr(fcntl, "flock", racing_flock)
    with staged_release(tmp_path / "out") as stage:
        assert stage.folder == seen[2]
        assert stage.folder.is_dir()
    assert len(seen) == 3


def test_without_an_exchange_of_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging.sys, "platform", "elsewhere")  # type: ignore[attr-defined]
    write(tmp_path, {".out.previous/a.ttl": "of a killed run", "out/manifest.json": OURS})
    publish(tmp_path / "out", "new")
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"
    assert left_behind(tmp_path) == []


class _Library:
    def __init__(self, code: int) -> None:
        self.code = code

    def renameat2(self, *_: object) -> int:
        staging.ctypes.set_errno(self.code)  # type: ignore[attr-defined]
        return -1


def test_an_exchange_that_the_file_system_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "out", "old")
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: _Library(errno.EINVAL))
    publish(tmp_path / "out", "new")
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"
    assert left_behind(tmp_path) == []


def test_an_exchange_that_fails_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "out", "old")
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: _Library(errno.EACCES))
    with pytest.raises(OutputError, match="Permission denied"):
        publish(tmp_path / "out", "new")
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert left_behind(tmp_path) == []


def test_a_release_that_a_killed_run_had_moved_away_comes_back(tmp_path: Path) -> None:
    write(tmp_path, {".out.previous/manifest.json": OURS, ".out.previous/a.ttl": "old"})
    with pytest.raises(ValueError, match=r"^$"), staged_release(tmp_path / "out"):
        raise ValueError
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert left_behind(tmp_path) == []


# what is left to be resumed


@pytest.mark.parametrize("resumable", [True, False])
@pytest.mark.parametrize("error", [KeyboardInterrupt, WorkerError, InputError, RuntimeError])
def test_who_breaks_off_leaves_what_can_be_resumed(
    tmp_path: Path, error: type[BaseException], resumable: bool
) -> None:
    publish(tmp_path / "out", "old")
    with pytest.raises(error) as caught, staged_release(tmp_path / "out") as stage:  # noqa: PT012
        write(stage.folder, {"a.ttl": "begun", PAGE_CACHE: ""})
        stage.resumable = resumable
        raise error("broken off")
    left = resumable and error in (KeyboardInterrupt, WorkerError)
    assert left_behind(tmp_path) == ([stage.folder.name] if left else [])
    said = " ".join((str(caught.value), *getattr(caught.value, "__notes__", ())))
    assert (GOES_ON in said) is left
    assert "\n" not in said
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    with staged_release(tmp_path / "out") as following:
        assert following.abandoned == ((stage.folder,) if left else ())
        write(following.folder, {MANIFEST: OURS, "a.ttl": "new"})
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("before", [True, False])
def test_an_interrupt_after_the_swap_leaves_no_old_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    if before:
        publish(tmp_path / "out", "old")
        (tmp_path / "out" / ".lock").touch()  # as of a run that was killed at its very end
    real = staging._publish

    def publish_and_interrupt(stage: Path, out: Path) -> None:
        real(stage, out)
        raise KeyboardInterrupt

    monkeypatch.setattr(staging, "_publish", publish_and_interrupt)
    with pytest.raises(KeyboardInterrupt) as caught, staged_release(tmp_path / "out") as stage:  # noqa: PT012
        write(stage.folder, {MANIFEST: OURS, "a.ttl": "new"})
        stage.resumable = True
    assert not hasattr(caught.value, "__notes__")
    assert left_behind(tmp_path) == []
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"


def broken_off(out: Path, ledger: str | None = "") -> Path:
    with pytest.raises(KeyboardInterrupt), staged_release(out) as stage:  # noqa: PT012
        write(stage.folder, {PAGE_CACHE: ledger} if ledger is not None else {})
        stage.resumable = True
        raise KeyboardInterrupt
    return stage.folder


@pytest.mark.parametrize("kept", [0, 1, 2, None])
def test_all_but_one_that_were_left_are_removed_when_it_is_chosen(
    tmp_path: Path, kept: int | None
) -> None:
    left = sorted(broken_off(tmp_path / "out") for _ in range(3))
    one = () if kept is None else (left[kept],)
    with pytest.raises(InputError), staged_release(tmp_path / "out") as stage:  # noqa: PT012
        assert sorted(stage.abandoned) == left
        stage.keep_only(None if kept is None else left[kept])
        assert stage.abandoned == one
        assert [folder for folder in left if folder.exists()] == list(one)
        raise InputError("x")
    assert left_behind(tmp_path) == [folder.name for folder in one]
    publish(tmp_path / "out")
    assert left_behind(tmp_path) == []


def test_what_has_no_ledger_is_removed_at_once(tmp_path: Path) -> None:
    with_one = broken_off(tmp_path / "out")
    for _ in range(3):
        broken_off(tmp_path / "out", None)
    with pytest.raises(InputError), staged_release(tmp_path / "out") as stage:  # noqa: PT012
        assert stage.abandoned == (with_one,)
        raise InputError("x")
    assert left_behind(tmp_path) == [with_one.name]
