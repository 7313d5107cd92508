"""Dumps: what goes into which file, and that each file is a document."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import quads

from pfocr_rdf.iri import Iris, IriStyle
from pfocr_rdf.nodes import node, plain
from pfocr_rdf.prefixes import Prefixes
from pfocr_rdf.terms import IRI, Node
from pfocr_rdf.vocabulary import RDF, SCHEMA
from pfocr_rdf.write import Format, FormatName, make_format
from pfocr_rdf.write.dumps import Dumps
from pfocr_rdf.write.files import Compression

GRAPH = IRI("https://w3id.org/pfocr/graph/x")
FORMATS = [make_format(name, Prefixes(Iris(IriStyle.OBO)), GRAPH) for name in FormatName]


def gene(number: int) -> Node:
    return node(
        IRI(f"http://identifiers.org/ncbigene/{number}"),
        (RDF.type, (SCHEMA.Gene,)),
        (SCHEMA.name, plain(f"G{number}")),
    )


def pieces(*numbers: int) -> list[bytes]:
    return [format_.nodes([gene(number) for number in numbers]) for format_ in FORMATS]


def dumps(folder: Path, shard_size: int, formats: list[Format] = FORMATS) -> Dumps:
    return Dumps(folder, formats, None, shard_size)


def test_one_file_a_format(tmp_path: Path) -> None:
    with dumps(tmp_path, 0) as out:
        out.figures(pieces(1, 2), 2, 4)
        out.figures(pieces(), 3, 0)
        out.figures(pieces(3), 1, 2)
        out.entities([gene(4)])
        out.entities([])
        entries = out.close()
    assert [entry.name for entry in entries] == [f"pfocr{f.suffix}" for f in FORMATS]
    for entry in entries:
        got = quads(tmp_path / entry.name)
        assert len(got) == entry.triples == 8


def test_nothing_at_all_is_still_a_document(tmp_path: Path) -> None:
    for entry in dumps(tmp_path, 0).close():
        assert quads(tmp_path / entry.name) == []


def test_shards_have_room_for_so_many_figures(tmp_path: Path) -> None:
    with dumps(tmp_path, 2) as out:
        out.figures(pieces(1, 2), 2, 4)  # full
        out.figures(pieces(3), 1, 2)
        out.figures(pieces(4), 1, 2)  # full
        out.figures(pieces(), 1, 0)  # a page that was skipped
        out.entities([gene(number) for number in range(10, 31)])
        out.entities([gene(31)])
        entries = out.close()
    triples = {entry.name: entry.triples for entry in entries if entry.name.endswith(".nt")}
    assert triples == {
        "pfocr-00001.nt": 4,
        "pfocr-00002.nt": 4,
        "pfocr-00003.nt": 0,
        "pfocr-entities-00001.nt": 40,
        "pfocr-entities-00002.nt": 4,
    }
    for entry in entries:
        assert len(quads(tmp_path / entry.name)) == entry.triples


def test_shards_of_nothing_are_no_files(tmp_path: Path) -> None:
    assert dumps(tmp_path, 5).close() == []
    assert list(tmp_path.iterdir()) == []


def test_compressed(tmp_path: Path) -> None:
    with Dumps(tmp_path, FORMATS[:1], Compression.ZSTD, 1) as out:
        out.figures(pieces(1)[:1], 1, 2)
        (entry,) = out.close()
    assert entry.name == "pfocr-00001.ttl.zst"
    assert len(quads(tmp_path / entry.name)) == 2


def test_a_piece_for_each_format_is_needed(tmp_path: Path) -> None:
    with dumps(tmp_path, 0) as out, pytest.raises(ValueError, match="shorter"):
        out.figures(pieces(1)[:1], 1, 2)
