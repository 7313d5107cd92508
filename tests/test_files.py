"""Staging and publishing a release, and the files in it."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from pathlib import Path

import pytest
from pages import decompressed, leftovers, write

from pfocr_rdf.errors import OutputError
from pfocr_rdf.write import files
from pfocr_rdf.write.files import (
    MANIFEST,
    Compression,
    DumpFile,
    WrittenFile,
    remove_tree,
    staged_release,
    write_whole,
)

OURS = '{"versions": {"pfocr-rdf": "1"}, "outputs": [{"name": "a.ttl"}]}'
SUFFIX = {None: "", Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}


def publish(out: Path, text: str = "new") -> None:
    with staged_release(out) as stage:
        write(stage.folder, {MANIFEST: OURS, "a.ttl": text})


# one file


@pytest.mark.parametrize("compression", [None, *Compression])
def test_a_file_is_what_was_written(tmp_path: Path, compression: Compression | None) -> None:
    pieces = [b"<a> <b> <c> .\n" * 1000, b"", "λ".encode()]
    entries = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        file = DumpFile(tmp_path / name, "x.ttl", "text/turtle", compression)
        for piece in pieces:
            file.write(piece)
        file.triples = 7
        entries.append(file.close())
    path = tmp_path / "one" / f"x.ttl{SUFFIX[compression]}"
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    assert entries[0] == WrittenFile(path.name, len(data), digest, "text/turtle", 7)
    assert entries[0] == entries[1]
    assert decompressed(path) == b"".join(pieces)
    assert (len(data) < 1000) is (compression is not None)


def test_how_a_text_is_cut_into_pieces_does_not_show_after_gzip(tmp_path: Path) -> None:
    text = b"some text " * 10_000
    sizes = []
    for name, step in (("a", 7), ("b", 100_000)):
        file = DumpFile(tmp_path, name, "text/plain", Compression.GZIP)
        for at in range(0, len(text), step):
            file.write(text[at : at + step])
        sizes.append(file.close().sha256)
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("compression", [None, *Compression])
def test_a_file_may_be_let_go_of(tmp_path: Path, compression: Compression | None) -> None:
    with DumpFile(tmp_path, "x", "text/plain", compression) as file:
        file.write(b"begun")
    file.abandon()
    with pytest.raises(ValueError, match="closed"):
        file.write(b"more")


def test_write_whole(tmp_path: Path) -> None:
    entry = write_whole(tmp_path, "x.json", b"{}", "application/json", 3)
    assert (tmp_path / "x.json").read_bytes() == b"{}"
    assert (entry.name, entry.bytes, entry.triples) == ("x.json", 2, 3)


def test_remove_tree_is_content_with_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a", {"b/c": "x"})
    for _ in range(2):
        remove_tree(tmp_path / "a")
        assert not (tmp_path / "a").exists()


# the release


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")
    with staged_release(tmp_path / "out") as stage:
        assert stage.folder.parent == tmp_path
        assert stage.folder.name.startswith(".out.staging-")
        write(stage.folder, {"a.ttl": "new", MANIFEST: OURS})
        assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"
    assert leftovers(tmp_path) == []
    assert leftovers(tmp_path / "out") == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_a_fault_publishes_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    publish(tmp_path / "out", "old")
    with pytest.raises(error), staged_release(tmp_path / "out") as stage:  # noqa: PT012
        write(stage.folder, {"a.ttl": "new"})
        raise error
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert leftovers(tmp_path) == []


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
    assert leftovers(tmp_path) == [".other.staging-d", ".out.staging-file"]


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
    assert leftovers(tmp_path) == []


def test_two_runs_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    with staged_release(tmp_path / "out") as first:
        write(first.folder, {"a.ttl": "first", MANIFEST: OURS})
        with staged_release(tmp_path / "out") as second:
            write(second.folder, {"a.ttl": "second", MANIFEST: OURS})
        assert (tmp_path / "out" / "a.ttl").read_text() == "second"
    assert (tmp_path / "out" / "a.ttl").read_text() == "first"
    assert leftovers(tmp_path) == []


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
    monkeypatch.setattr(files.sys, "platform", "elsewhere")  # type: ignore[attr-defined]
    write(tmp_path, {".out.previous/a.ttl": "of a killed run", "out/manifest.json": OURS})
    publish(tmp_path / "out", "new")
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"
    assert leftovers(tmp_path) == []


class _Library:
    def __init__(self, code: int) -> None:
        self.code = code

    def renameat2(self, *_: object) -> int:
        files.ctypes.set_errno(self.code)  # type: ignore[attr-defined]
        return -1


def test_an_exchange_that_the_file_system_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "out", "old")
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: _Library(errno.EINVAL))
    publish(tmp_path / "out", "new")
    assert (tmp_path / "out" / "a.ttl").read_text() == "new"
    assert leftovers(tmp_path) == []


def test_an_exchange_that_fails_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "out", "old")
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: _Library(errno.EACCES))
    with pytest.raises(OutputError, match="Permission denied"):
        publish(tmp_path / "out", "new")
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert leftovers(tmp_path) == []


def test_a_release_that_a_killed_run_had_moved_away_comes_back(tmp_path: Path) -> None:
    write(tmp_path, {".out.previous/manifest.json": OURS, ".out.previous/a.ttl": "old"})
    with pytest.raises(ValueError, match=r"^$"), staged_release(tmp_path / "out"):
        raise ValueError
    assert (tmp_path / "out" / "a.ttl").read_text() == "old"
    assert leftovers(tmp_path) == []
