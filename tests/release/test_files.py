"""The files of a release: written in pieces, and whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pfocr_rdf.release.files import Compression, DumpFile, WrittenFile, remove_tree, write_whole
from tests.support.pages import decompressed, write

SUFFIX = {None: "", Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}


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
