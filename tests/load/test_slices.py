"""Slices: whole documents, under their size, cut between figures, the same every time."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import orjson
import pyoxigraph
import pytest

from pfocr_rdf.errors import InputError
from pfocr_rdf.load.plan import LoadOptions, VoidCounts, check_files, plan, void_counts
from pfocr_rdf.load.slices import N_TRIPLES, TURTLE, Slice, slices_of, triples_in
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.terms import XSD_STRING, Literal
from pfocr_rdf.rdf.vocabulary import RDF, VOID
from pfocr_rdf.release.files import Compression
from pfocr_rdf.release.opened import Release
from tests.support.loads import make_release, triples_of

SYNTAXES = {N_TRIPLES: pyoxigraph.RdfFormat.N_TRIPLES, TURTLE: pyoxigraph.RdfFormat.TURTLE}
SIZES = (900, 5_000, 10_000_000)
PEAK = """
import sys
from pathlib import Path
from pfocr_rdf.load.slices import slices_of

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

before = peak()
length = sum(len(piece.body) for piece in slices_of(Path(sys.argv[1]), 100_000))
print(length, peak() - before)
"""
"""Prints the length of all slices in bytes, and how far memory has grown for them in kB."""


@pytest.fixture(scope="module", params=[None, Compression.GZIP, Compression.ZSTD])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("release")
    return make_release(folder, 12, tuple(FormatName), compression=request.param, release="r1")


def dumps(release: Release) -> list[Path]:
    found = [release.path(file) for file in release.outputs if file.name.startswith("pfocr")]
    assert len(found) == len(FormatName)
    return found


def read(piece: Slice) -> set[pyoxigraph.Triple]:
    # A quad with a graph would be a fault: the request names the graph.
    return {quad.triple for quad in pyoxigraph.parse(piece.body, SYNTAXES[piece.media_type])}


def subject_of(triple: pyoxigraph.Triple) -> str:
    assert isinstance(triple.subject, pyoxigraph.NamedNode)
    return triple.subject.value


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("opening", [False, True])
def test_slices_hold_every_triple_once(release: Release, size: int, opening: bool) -> None:
    expected = set(read_triples(dumps(release)[0]))
    for path in dumps(release):
        pieces = list(slices_of(path, size, opening=opening))
        assert len(pieces) == 1 or size < 1_000_000
        sets = [read(piece) for piece in pieces]
        together = set().union(*sets)
        assert len(together) == sum(map(len, sets)) == len(expected), path.name
        assert [triples_in(piece) for piece in pieces] == [len(each) for each in sets]
        whole = path.stat().st_size
        assert whole - len(b"}\n") <= pieces[-1].read <= whole
        assert [p.read for p in pieces] == sorted(p.read for p in pieces)
        assert {p.media_type for p in pieces} <= ({TURTLE} if opening else {TURTLE, N_TRIPLES})


@pytest.mark.parametrize("size", [10_000, 20_000])
def test_a_slice_keeps_to_its_size_and_figures_are_whole(release: Release, size: int) -> None:
    for path in dumps(release):
        where: dict[str, set[int]] = {}
        too_large = []
        for number, piece in enumerate(slices_of(path, size)):
            triples = read(piece)
            figures = {subject_of(triple).partition("#")[0] for triple in triples}
            for figure in figures:
                where.setdefault(figure, set()).add(number)
            if len(piece.body) > size:
                too_large.append(subject_of(next(iter(triples))))
                whole = len({subject_of(t) for t in triples}) == 1
                assert whole, "only a node goes over"
        split = {figure for figure, slices in where.items() if len(slices) > 1}
        # The long figure has a caption of 50 kB, more than any of these sizes.
        assert all("PMC1__long" in name for name in too_large)
        assert all("PMC1__long" in name for name in split), path.name


def test_equal_files_give_equal_slices(release: Release) -> None:
    for path in dumps(release):
        assert list(slices_of(path, 5_000)) == list(slices_of(path, 5_000))


def test_random_sizes_lose_nothing(release: Release) -> None:
    rng = random.Random(7)
    (path,) = [path for path in dumps(release) if ".ttl" in path.name]
    expected = sum(1 for _ in read_triples(path))
    for size in (rng.randrange(800, 40_000) for _ in range(15)):
        assert sum(map(triples_in, slices_of(path, size))) == expected, size


def test_a_slice_that_opens_as_turtle_begins_with_a_prefix(release: Release) -> None:
    for path in dumps(release):
        for piece in slices_of(path, 5_000, opening=True):
            assert piece.body.startswith(b"@prefix ")
            assert piece.media_type == TURTLE


# A plain file that is cut short is told by its size and hash.
@pytest.mark.parametrize("release", [Compression.GZIP, Compression.ZSTD], indirect=True)
def test_an_archive_cut_short_is_an_input_error(tmp_path: Path, release: Release) -> None:
    path = dumps(release)[0]
    short = tmp_path / path.name
    short.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="expected a complete archive"):
        list(slices_of(short, 5_000))


def test_no_triples_are_lost_when_numbers_are_written_otherwise(release: Release) -> None:
    """A store that writes 0.50 as 0.5 could make one triple of two; here it has none to make."""
    for name in ("void.ttl", "alignment.ttl", dumps(release)[0].name):
        typed = [
            (s, p)
            for s, p, o in read_triples(release.folder / name)
            if isinstance(o, Literal) and o.datatype != XSD_STRING
        ]
        assert len(typed) == len(set(typed))


def test_the_plan_knows_what_void_adds(release: Release) -> None:
    dump, void = triples_of(release, release.dump()[0].name), triples_of(release, "void.ttl")
    said = void_counts(release)
    assert isinstance(said, VoidCounts)
    assert said.own == Counter(p for _, p, _ in void - dump)
    assert said.own_classes == Counter(o for _, p, o in void - dump if p == RDF.type)
    assert sum(said.properties.values()) == len(dump)
    figures, alignment = plan(release, LoadOptions())
    assert figures.triples == len(dump | void)
    assert alignment.triples == len(triples_of(release, "alignment.ttl"))
    (only,) = plan(release, LoadOptions(alignment=False, void=False))
    assert only.triples == len(dump) == release.triples
    assert not [p for _, p, _ in dump if p.startswith(VOID.base)]


def test_a_file_that_was_changed_is_never_sent(tmp_path: Path) -> None:
    release = make_release(tmp_path, 1)
    path = release.path(release.dump()[0])
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Homo", b"Hono", 1))
    assert path.stat().st_size == len(content)
    with pytest.raises(InputError, match=r"expected the file that the manifest lists"):
        check_files(release, plan(release, LoadOptions()))


@pytest.mark.whole
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_memory_for_json_ld_does_not_grow_with_the_release(tmp_path: Path) -> None:
    """Ten times as many figures, 4 and 40 MB; a parser of the whole takes 76 MB for the second."""
    release = make_release(tmp_path, 1, (FormatName.JSONLD,), caption="A long caption. " * 1_250)
    grown = []
    for number in (200, 2_000):
        path = tmp_path / f"{number}.jsonld"
        write_figures(release.path(release.dump()[0]), path, number)
        run = subprocess.run(
            [sys.executable, "-c", PEAK, str(path)],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        length, kilobytes = map(int, run.stdout.split())
        assert length > number * 20_000
        grown.append(kilobytes)
    assert grown[1] < 2 * grown[0] + 10_000


def write_figures(dump: Path, path: Path, number: int) -> None:
    """Write a dump with so many of one figure, each by another name and without mentions."""
    lines = dump.read_bytes().splitlines(keepends=True)
    figure = orjson.loads(next(line for line in lines if b"PMC2__p" in line[:100]).rstrip(b",\n"))
    del figure["hasMention"]
    text = orjson.dumps(figure)
    with path.open("wb") as file:
        file.writelines(lines[:2])
        for each in range(number):
            file.write(text.replace(b"PMC2__p", b"PMC%d__p" % each))
            file.write(b",\n" if each < number - 1 else b"\n]}\n")


def test_json_ld_of_another_layout_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "pfocr.jsonld"
    path.write_bytes(b'{"@id":"urn:a","urn:b":"c"}\n')
    with pytest.raises(InputError, match=r"pfocr\.jsonld: expected RDF as it was exported, found "):
        list(slices_of(path, 5_000))
    path.write_bytes(b'{"@context":{},\n"@graph":[\n{"@id":"urn:a",\n]}\n')
    with pytest.raises(InputError, match=r"pfocr\.jsonld: expected RDF as it was exported, found "):
        list(slices_of(path, 5_000))


def test_json_ld_that_is_cut_short_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "pfocr.jsonld"
    path.write_bytes(b'{"@context":{},\n"@graph":[\n')
    with pytest.raises(InputError, match="expected a complete archive, found one that ends"):
        list(slices_of(path, 5_000))
