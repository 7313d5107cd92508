"""A dump that is read back says what was mapped: in every format, style and shard."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson
import pytest

from pfocr_rdf.errors import InputError
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.figures.api import read_figures
from pfocr_rdf.figures.link.linker import Linker
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.figures.map.figure import Mapper
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.nodes import FigureNodes, ordered
from pfocr_rdf.rdf.terms import Node, Triple
from pfocr_rdf.rdf.vocabulary import SCHEMA
from pfocr_rdf.release.files import MANIFEST, Compression
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.release.reader import Reader, read_dump, read_pieces
from tests.support.samples import Sample


def exported(inputs: Path, out: Path, **options: object) -> Path:
    export([inputs], out, ExportOptions(**{"jobs": 1, **options}))  # type: ignore[arg-type]
    return out


def in_order(node: Node) -> Node:
    return ordered(*node)


def triples_of(out: Path) -> set[Triple]:
    found: set[Triple] = set()
    for item in read_dump(open_release(out)):
        nodes = (item.figure, *item.mentions) if isinstance(item, FigureNodes) else (item,)
        for node in nodes:
            found.update(node.triples())
    return found


@pytest.mark.parametrize("style", IriStyle)
@pytest.mark.parametrize("name", FormatName)
def test_says_what_was_written(
    seeds: Path, tmp_path: Path, name: FormatName, style: IriStyle
) -> None:
    out = exported(seeds, tmp_path / "out", formats=(name,), style=style, shard_size=2)
    release = open_release(out)
    written = {t for file in release.dump() for t in read_triples(release.path(file))}
    assert triples_of(out) == written
    assert len(written) == release.triples


@pytest.mark.parametrize("name", FormatName)
def test_figures_are_the_nodes_that_were_mapped(
    seeds: Path, tmp_path: Path, name: FormatName
) -> None:
    """With one order of properties: what is made of a dump does not depend on its format."""
    mapper = Mapper(Linker(load_gene_table()), Iris(IriStyle.OBO))
    mapped = [mapper.map_figure(figure)[0] for figure in read_figures(seeds)]
    out = exported(seeds, tmp_path / "out", formats=(name,))
    figures = [item for item in read_dump(open_release(out)) if isinstance(item, FigureNodes)]
    assert figures == [
        FigureNodes(in_order(graph.figure), tuple(map(in_order, graph.mentions)))
        for graph in mapped
    ]


@pytest.mark.parametrize("name", FormatName)
def test_looks_at_a_piece_without_parsing_it(seeds: Path, tmp_path: Path, name: FormatName) -> None:
    release = open_release(exported(seeds, tmp_path / "out", formats=(name,)))
    reader = Reader(release.iri_style)
    shown = 0
    for piece in read_pieces(release):
        if piece.is_figure:
            figure = reader.figure(piece).figure
            mentioned = dict(figure.properties).get(SCHEMA.mentions, ())
            assert reader.mentioned(piece) == mentioned
            assert reader.subject(piece) == figure.subject
            shown += len(mentioned)
        else:
            assert reader.subject(piece) == reader.entity(piece).subject
    assert shown > 10


@pytest.mark.parametrize("compression", [None, *Compression])
def test_entities_follow_the_figures(
    seeds: Path, tmp_path: Path, compression: Compression | None
) -> None:
    out = exported(seeds, tmp_path / "out", compression=compression)
    kinds = [piece.is_figure for piece in read_pieces(open_release(out))]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds.count(True) == 5
    entities = [item for item in read_dump(open_release(out)) if isinstance(item, Node)]
    assert [e.subject for e in entities] == sorted(e.subject for e in entities)


def test_says_the_same_of_real_figures_in_all_formats(sample: Sample, tmp_path: Path) -> None:
    out = exported(sample.pages, tmp_path / "all", formats=tuple(FormatName), validate=False)
    release = open_release(out)
    reader = Reader(release.iri_style)
    read = {}
    for suffix in (".jsonld", ".nt", ".nq", ".ttl", ".trig"):
        files = tuple(f for f in release.outputs if f.name == f"pfocr{suffix}")
        alone = release._replace(outputs=files)
        read[suffix] = [
            reader.figure(piece) if piece.is_figure else reader.entity(piece)
            for piece in read_pieces(alone)
        ]
    for suffix, items in read.items():
        assert items == read[".nt"], suffix
    assert len(read[".nt"]) > 100


@pytest.mark.parametrize("name", [FormatName.JSONLD, FormatName.TURTLE])
@pytest.mark.parametrize("compression", [None, *Compression])
def test_a_dump_that_ends_too_early_is_refused(
    seeds: Path, tmp_path: Path, name: FormatName, compression: Compression | None
) -> None:
    out = exported(seeds, tmp_path / "out", formats=(name,), compression=compression)
    (file,) = open_release(out).dump()
    path = out / file.name
    path.write_bytes(path.read_bytes()[:-200])
    _restate(out, file.name)
    with pytest.raises(InputError, match=r"pfocr\..*expected a complete archive"):
        list(read_pieces(open_release(out)))


@pytest.mark.whole
def test_equal_pieces_say_the_same(seeds: Path, tmp_path: Path) -> None:
    first, again = (
        list(read_pieces(open_release(exported(seeds, tmp_path / name)))) for name in ("a", "b")
    )
    assert first == again
    assert all(b"\n" not in piece.content for piece in first)


def _restate(out: Path, name: str) -> None:
    """Make the manifest list a file as it is now."""
    manifest = orjson.loads((out / MANIFEST).read_bytes())
    for entry in manifest["outputs"]:
        if entry["name"] == name:
            content = (out / name).read_bytes()
            entry["bytes"] = len(content)
            entry["sha256"] = hashlib.sha256(content).hexdigest()
    (out / MANIFEST).write_bytes(orjson.dumps(manifest))


def test_an_opened_release_gives_its_figures_and_its_entities(seeds: Path, tmp_path: Path) -> None:
    release = open_release(str(exported(seeds, tmp_path / "out", shard_size=2)))
    figures, entities = list(release.figures()), list(release.entities())
    assert [*figures, *entities] == list(read_dump(release))
    assert len(figures) == 5
    assert {type(entity) for entity in entities} == {Node}
    assert next(release.figures()) == figures[0], "each call begins anew"
