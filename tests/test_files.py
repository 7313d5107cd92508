"""A file appears whole or not at all; a compressed one is told, and known when it is cut."""

from __future__ import annotations

import errno
import gzip
import os
import sqlite3
from pathlib import Path

import pytest
import zstandard

from pfocr_rdf.files import (
    BROKEN,
    compression_of,
    database_as_file,
    decompressed,
    open_plain,
    plain_name,
    whole_file,
)

TEXT = b"a line\n" * 10_000


def test_a_file_appears_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "made"
    with whole_file(path) as file:
        file.write(TEXT)
        assert not path.exists()
    assert path.read_bytes() == TEXT
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, OSError])
def test_what_was_there_stays_when_writing_fails(
    tmp_path: Path, fault: type[BaseException]
) -> None:
    path = tmp_path / "made"
    path.write_bytes(b"before")
    with pytest.raises(fault):
        _write_half(path, fault)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def _write_half(path: Path, fault: type[BaseException]) -> None:
    with whole_file(path) as file:
        file.write(TEXT)
        if fault is KeyboardInterrupt:
            file.close()  # what nobody else does then
        raise fault


def test_a_part_that_was_left_is_taken_over(tmp_path: Path) -> None:
    part = tmp_path / ".made.part"
    part.write_bytes(b"of somebody who was killed")
    with whole_file(tmp_path / "made") as file:
        file.write(TEXT)
    assert (tmp_path / "made").read_bytes() == TEXT
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_a_part_belongs_to_its_writer_until_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another who writes the same file at that moment would else empty it."""
    replace = Path.replace

    def replaced(part: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        with whole_file(tmp_path / "f") as other:
            other.write(b"other")
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", replaced)
    with whole_file(tmp_path / "f") as file:
        file.write(b"mine")
    assert (tmp_path / "f").read_bytes() == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_two_who_write_one_file_have_a_part_each(tmp_path: Path) -> None:
    path = tmp_path / "made"
    with whole_file(path) as one:
        one.write(b"one")
        with whole_file(path) as other:
            other.write(b"other")
        assert path.read_bytes() == b"other"
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to", "mkdir", "mkfifo"])
def test_what_others_have_put_where_a_part_would_be_is_not_written_to(
    tmp_path: Path, make: str
) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    part = tmp_path / ".made.part"
    match make:
        case "mkdir":
            part.mkdir()
        case "mkfifo":
            os.mkfifo(part)
        case _:
            getattr(part, make)(mine)
    with whole_file(tmp_path / "made") as file:
        file.write(TEXT)
    assert mine.read_bytes() == b"mine"
    assert (tmp_path / "made").read_bytes() == TEXT
    assert part.exists()


@pytest.mark.parametrize("call", ["truncate", "flock"])
def test_a_part_that_cannot_be_had_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    (tmp_path / ".made.part").write_bytes(b"left")
    if call == "flock":
        monkeypatch.setattr("fcntl.flock", fail)
    else:
        monkeypatch.setattr("os.path.samestat", fail)
    with pytest.raises(OSError, match="Input/output"), whole_file(tmp_path / "made"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "errno_"), [(sqlite3.SQLITE_FULL, errno.ENOSPC), (sqlite3.SQLITE_IOERR, errno.EIO)]
)
def test_a_database_that_fails_is_a_file_that_fails(tmp_path: Path, code: int, errno_: int) -> None:
    error = sqlite3.OperationalError("it broke")
    error.sqlite_errorcode = code
    with pytest.raises(OSError, match=r"No space|a database: it broke") as caught:
        _raise_of_database(tmp_path, error)
    assert caught.value.errno == errno_


def _raise_of_database(folder: Path, error: sqlite3.Error) -> None:
    with database_as_file(folder, "a database"):
        raise error


def test_the_mode_of_the_file_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "made"
    path.write_bytes(b"before")
    path.chmod(0o640)
    with whole_file(path, durable=True) as file:
        assert os.fstat(file.fileno()).st_mode & 0o777 == 0o640
        file.write(b"after")
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == b"after"


def test_the_longest_name_has_a_part(tmp_path: Path) -> None:
    path = tmp_path / ("\U0001f9ec" * 63)
    with whole_file(path) as file:
        file.write(TEXT)
    assert path.read_bytes() == TEXT


def _compressed(suffix: str) -> bytes:
    return gzip.compress(TEXT) if suffix == ".gz" else zstandard.compress(TEXT)


@pytest.mark.parametrize("suffix", [".gz", ".ZST", ".zst", ".GZ"])
def test_a_compressed_file_is_told_and_opened(tmp_path: Path, suffix: str) -> None:
    content = _compressed(suffix.lower())
    path = tmp_path / f"pfocr.ttl{suffix}"
    path.write_bytes(content)
    assert plain_name(path.name) == "pfocr.ttl"
    assert compression_of(content[:4]) == suffix.lower()
    with open_plain(path) as plain:
        assert plain.read() == TEXT
    with path.open("rb") as raw:
        assert decompressed(raw, compression_of(content), chunk=16).read() == TEXT


def test_a_plain_file_is_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pfocr.ttl"
    path.write_bytes(TEXT)
    assert plain_name("pfocr.ttl") == "pfocr.ttl"
    assert plain_name(".gz") == ""
    assert compression_of(TEXT) == ""
    with open_plain(path) as plain:
        assert plain.read() == TEXT
    with path.open("rb") as raw:
        assert decompressed(raw, "").read() == TEXT


def test_frames_that_are_joined_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "two.zst"
    path.write_bytes(_compressed(".zst") * 2)
    with open_plain(path) as plain:
        assert plain.read() == TEXT * 2


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("left", [0.2, 0.9, 0.99])
def test_a_cut_file_is_broken(tmp_path: Path, suffix: str, left: float) -> None:
    content = _compressed(suffix)
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(content[: max(5, int(len(content) * left))])
    with open_plain(path) as plain, pytest.raises(BROKEN):
        plain.read()


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_another_file_is_broken(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"other{suffix}"
    path.write_bytes(TEXT)
    with open_plain(path) as plain, pytest.raises(BROKEN):
        plain.read()
