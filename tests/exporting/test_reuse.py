"""Ranges of earlier dumps: read in any order, whatever they are compressed with, or refused."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.errors import InputError
from pfocr_rdf.exporting import reuse
from pfocr_rdf.exporting.reuse import OldDumps, PiecePlace, packed, unpacked
from pfocr_rdf.release.files import Compression, DumpFile

JOINT = b",\n"
EVERY = [None, *Compression]


def made(folder: Path, pieces: list[bytes], compression: Compression | None) -> list[PiecePlace]:
    """Write a dump of pieces with something before and between them; return their places."""
    places = []
    with DumpFile(folder, "d", "text/plain", compression) as file:
        file.write(b"header")
        for piece in pieces:
            file.write(JOINT)
            places.append(PiecePlace(1, file.position, len(piece), zlib.crc32(piece)))
            file.write(piece)
        file.write(b"footer")
        file.close()
    return places


def name(compression: Compression | None) -> str:
    return {None: "d", Compression.GZIP: "d.gz", Compression.ZSTD: "d.zst"}[compression]


def flat(places: list[PiecePlace]) -> list[int]:
    return [number for place in places for number in place[1:]]


def some(count: int = 12, size: int = 5000) -> list[bytes]:
    chance = random.Random(1)
    return [chance.randbytes(chance.randrange(1, size)) for _ in range(count)]


@given(st.lists(st.builds(PiecePlace, *[st.integers(0, 2**62)] * 4), max_size=6))
def test_places_come_back(places: list[PiecePlace]) -> None:
    assert unpacked(packed(places)) == places


@pytest.mark.parametrize("compression", EVERY)
@pytest.mark.parametrize("chunk", [1, 7, 1000, 1 << 20])
def test_forward_backward_and_neighbours(
    tmp_path: Path, compression: Compression | None, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuse, "_CHUNK", chunk)
    pieces = some(6, 300)
    places = made(tmp_path, pieces, compression)
    with OldDumps(tmp_path, {1: name(compression)}) as old:
        assert old.holds(places)
        for number in (0, 1, 3, 2, 0, 5, 5):
            assert b"".join(old.read(1, flat([places[number]]))) == pieces[number]
        for start, end in ((0, 6), (2, 5), (1, 3), (5, 6)):
            read = b"".join(old.read(1, flat(places[start:end])))
            assert read == JOINT.join(pieces[start:end])


@pytest.mark.parametrize("compression", EVERY)
@pytest.mark.parametrize("chunk", [1, 7, 100, 1 << 20])
@pytest.mark.parametrize("which", [0, 2, 4])
def test_a_piece_that_is_another_one_is_refused(
    tmp_path: Path,
    compression: Compression | None,
    chunk: int,
    which: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reuse, "_CHUNK", chunk)
    pieces = some(5, 60)
    places = made(tmp_path, pieces, compression)
    pieces[which] = pieces[which][:-1] + bytes([pieces[which][-1] ^ 1])
    made(tmp_path, pieces, compression)
    with OldDumps(tmp_path, {1: name(compression)}) as old:
        for number, place in enumerate(places):
            if number != which:
                assert b"".join(old.read(1, flat([place]))) == pieces[number]
        said = rf"d[.gzst]*: is not as its page cache says: what stands at byte {places[which].offset} "
        with pytest.raises(InputError, match=said + "has changed"):
            list(old.read(1, flat(places)))


@pytest.mark.parametrize("compression", EVERY)
@pytest.mark.parametrize("part", [0, 0.5])
def test_a_file_that_ends_too_soon_is_refused(
    tmp_path: Path, compression: Compression | None, part: float
) -> None:
    places = made(tmp_path, some(), compression)
    path = tmp_path / name(compression)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with OldDumps(tmp_path, {1: path.name}) as old:
        # What a compressed file holds is known only when it is read.
        assert old.holds(places[-1:]) is (compression is not None)
        for wanted in (places, places[-1:]):
            with pytest.raises(
                InputError, match=r"is not as its page cache says: .*--no-reuse"
            ) as e:
                list(old.read(1, flat(wanted)))
            assert "\n" not in str(e.value)


@pytest.mark.parametrize("compression", Compression)
def test_a_file_that_is_not_compressed_is_refused(tmp_path: Path, compression: Compression) -> None:
    places = made(tmp_path, some(), compression)
    (tmp_path / name(compression)).write_bytes(b"plain text" * 10_000)
    with (
        OldDumps(tmp_path, {1: name(compression)}) as old,
        pytest.raises(InputError, match="is not as its page cache says"),
    ):
        list(old.read(1, flat(places)))


def test_what_is_not_there_is_not_held(tmp_path: Path) -> None:
    places = made(tmp_path, some(2), None)
    for names in ({}, {1: "gone"}, {1: "gone.gz"}, {2: "d"}):
        with OldDumps(tmp_path, names) as old:
            assert not old.holds(places)
            assert not old.holds(places)  # as it is remembered
            assert old.holds([])
    with OldDumps(tmp_path, {1: "d"}) as old:
        assert old.holds(places)
        end = (tmp_path / "d").stat().st_size
        assert old.holds([PiecePlace(1, end - 1, 1, 0)])
        assert not old.holds([*places, PiecePlace(1, end, 1, 0)])
