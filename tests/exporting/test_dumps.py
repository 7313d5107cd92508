"""Dumps: what goes into which file, and that each file is a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.reuse import OldDumps
from pfocr_rdf.rdf.formats import Format, FormatName, make_format
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI, Node
from pfocr_rdf.rdf.vocabulary import RDF, SCHEMA
from pfocr_rdf.release.files import Compression
from tests.support.pages import quads

GRAPH = IRI("https://w3id.org/pfocr/graph/x")
FORMATS = [make_format(name, Prefixes(Iris(IriStyle.OBO)), GRAPH) for name in FormatName]


def gene(number: int) -> Node:
    return node(
        IRI(f"http://identifiers.org/ncbigene/{number}"),
        (RDF.type, (SCHEMA.Gene,)),
        (SCHEMA.name, plain(f"G{number}")),
    )


def pieces(*numbers: int, formats: list[Format] = FORMATS) -> list[bytes]:
    return [format_.nodes([gene(number) for number in numbers]) for format_ in formats]


def dumps(folder: Path, shard_size: int, formats: list[Format] = FORMATS) -> Dumps:
    return Dumps(folder, formats, None, shard_size)


def figures(out: Dumps, *numbers: int) -> None:
    """Write one page a number; 0 is a page that was skipped."""
    for number in numbers:
        out.begin_page()
        if number:
            out.figure(pieces(number), 2)


def entities(out: Dumps, *numbers: int) -> None:
    out.entities(pieces(*numbers), len(numbers), 2 * len(numbers))


def test_one_file_a_format(tmp_path: Path) -> None:
    with dumps(tmp_path, 0) as out:
        figures(out, 1, 2, 0, 3)
        entities(out, 4)
        entries = out.close()
    assert [entry.name for entry in entries] == [f"pfocr{f.suffix}" for f in FORMATS]
    for entry in entries:
        got = quads(tmp_path / entry.name)
        assert len(got) == entry.triples == 8


def test_nothing_at_all_is_still_a_document(tmp_path: Path) -> None:
    for entry in dumps(tmp_path, 0).close():
        assert quads(tmp_path / entry.name) == []


def test_shards_have_room_for_so_many_figures(tmp_path: Path) -> None:
    names: dict[int, str] = {}
    with Dumps(tmp_path, FORMATS, None, 2, names.__setitem__) as out:
        assert out.entity_shard == 20
        figures(out, 1, 2, 3, 4, 0)
        entities(out, *range(10, 30))
        entities(out, 30, 31)
        entries = out.close()
    triples = {entry.name: entry.triples for entry in entries if entry.name.endswith(".nt")}
    assert triples == {
        "pfocr-00001.nt": 4,
        "pfocr-00002.nt": 4,
        "pfocr-00003.nt": 0,
        "pfocr-entities-00001.nt": 40,
        "pfocr-entities-00002.nt": 4,
    }
    assert [names[number] for number in sorted(names)] == [entry.name for entry in entries]
    for entry in entries:
        assert len(quads(tmp_path / entry.name)) == entry.triples


def test_shards_of_nothing_are_no_files(tmp_path: Path) -> None:
    assert dumps(tmp_path, 5).close() == []
    assert list(tmp_path.iterdir()) == []


def test_compressed(tmp_path: Path) -> None:
    with Dumps(tmp_path, FORMATS[:1], Compression.ZSTD, 1) as out:
        out.begin_page()
        out.figure(pieces(1, formats=FORMATS[:1]), 2)
        (entry,) = out.close()
    assert entry.name == "pfocr-00001.ttl.zst"
    assert len(quads(tmp_path / entry.name)) == 2


def test_a_piece_for_each_format_is_needed(tmp_path: Path) -> None:
    with dumps(tmp_path, 0) as out, pytest.raises(ValueError, match="shorter"):
        out.figure(pieces(1)[:1], 2)


@pytest.mark.parametrize("compression", [None, *Compression])
@pytest.mark.parametrize("shard_size", [0, 3])
@pytest.mark.parametrize("taken", [(1, 2, 3, 4, 5, 6), (2, 3, 5), (6, 1), ()])
def test_figures_are_copied_from_earlier_dumps(
    tmp_path: Path, compression: Compression | None, shard_size: int, taken: tuple[int, ...]
) -> None:
    old, new, fresh = (tmp_path / name for name in ("old", "new", "fresh"))
    for folder in (old, new, fresh):
        folder.mkdir()
    names: dict[int, str] = {}
    places = {}
    with Dumps(old, FORMATS, compression, shard_size, names.__setitem__) as out:
        for number in range(1, 7):
            out.begin_page()
            places[number] = out.figure(pieces(number), 2)
        out.close()
    again = {}
    with (
        OldDumps(old, names) as earlier,
        Dumps(new, FORMATS, compression, 4) as out,
        Dumps(fresh, FORMATS, compression, 4) as expected,
    ):
        for number in (*taken, 9):
            out.begin_page()
            expected.begin_page()
            if number == 9:
                again[number] = out.figure(pieces(number), 2)
            else:
                again[number] = out.same_figure(earlier, places[number], 2)
            assert expected.figure(pieces(number), 2) == again[number]
        entries = out.close()
        assert entries == expected.close()
    for entry in entries:
        assert (new / entry.name).read_bytes() == (fresh / entry.name).read_bytes()
