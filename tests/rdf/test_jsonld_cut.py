"""A JSON-LD dump in pieces: the same triples, and only a piece of it in memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.jsonld_cut import documents
from pfocr_rdf.release.files import Compression
from pfocr_rdf.release.opened import Release
from tests.support.loads import make_release

HEAD = [b'{"@context":{"ex":"http://example.org/"},\n', b'"@graph":[\n']
END = b"]}\n"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("release")
    return make_release(folder, 12, (FormatName.JSONLD,), compression=Compression.GZIP)


def quads(documents: Iterable[bytes]) -> set[pyoxigraph.Quad]:
    return {
        quad
        for document in documents
        for quad in pyoxigraph.parse(document, pyoxigraph.RdfFormat.JSON_LD)
    }


def dump_of(release: Release) -> bytes:
    return gzip.decompress(release.path(release.dump()[0]).read_bytes())


@pytest.mark.parametrize("size", [1, 3_000, 20_000, 10_000_000])
def test_pieces_say_what_the_whole_says(release: Release, size: int) -> None:
    content = dump_of(release)
    pieces = list(documents(content.splitlines(keepends=True), size))
    assert quads(pieces) == quads([content])
    objects = [piece.count(b'\n{"@id":') for piece in pieces]
    assert sum(objects) == content.count(b'\n{"@id":') > 20
    context = content.index(b'"@graph"')
    for piece, number in zip(pieces, objects, strict=True):
        assert number == 1 or len(piece) - context <= size + 100
    assert len(pieces) == (1 if size == 10_000_000 else len(objects))
    if size == 10_000_000:
        assert pieces == [content]


def test_no_more_is_read_than_the_next_piece_needs() -> None:
    """A parser that was handed the whole stream would read it to its end first."""
    read = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        yield from HEAD
        for number in range(1_000_000_000):
            read += 1
            yield b'{"@id":"ex:%d","ex:p":"%s"},\n' % (number, b"x" * 100)

    pieces = documents(lines(), 10_000)
    for number in range(1, 4):
        next(pieces)
        assert read < 100 * number


def test_a_dump_without_objects_has_no_pieces() -> None:
    assert list(documents([*HEAD, b"\n", END])) == []
    assert list(documents([*HEAD, END])) == []


@pytest.mark.parametrize("lines", [HEAD, [*HEAD, b'{"@id":"ex:a"},\n'], [*HEAD, b'{"@id":"ex:']])
def test_a_dump_that_is_cut_short_is_told(lines: list[bytes]) -> None:
    with pytest.raises(EOFError, match="in the middle of the graph"):
        list(documents(lines))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"[]\n"],
        [b'{"@graph":[\n', b"]}\n"],
        [*HEAD, b' {"@id":"ex:a"}\n', END],
        [*HEAD, b'{"@id":"ex:a"}\n', END, b"{}\n"],
    ],
)
def test_json_ld_of_another_layout_is_told(lines: list[bytes]) -> None:
    with pytest.raises(SyntaxError, match="JSON-LD "):
        list(documents(lines))


def test_an_archive_is_read_to_its_end(release: Release, tmp_path: Path) -> None:
    """Else a checksum behind the last byte would never be looked at."""
    packed = tmp_path / "pfocr.jsonld.gz"
    content = release.path(release.dump()[0]).read_bytes()
    packed.write_bytes(content[:-6] + bytes([content[-6] ^ 1]) + content[-5:])
    with gzip.open(packed) as stream, pytest.raises(gzip.BadGzipFile, match="CRC"):
        list(documents(stream))
