"""Validation part by part finds what validation of the whole graph finds, whatever the parts."""

from __future__ import annotations

import gzip
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from random import Random

import pyoxigraph
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfocr_rdf.errors import InputError
from pfocr_rdf.rdf import FormatName, Triple, ntriples_term, read_triples
from pfocr_rdf.shacl import (
    Result,
    Shapes,
    compile_shapes,
    in_parts,
    index_triples,
    validate,
    validate_files,
    validation,
)
from pfocr_rdf.shacl.cut import cut_files
from pfocr_rdf.shacl.in_parts import FoundInParts, validate_in_parts
from tests.shacl.test_w3c import CORE, needs_suite
from tests.support.releases import SharedReleases
from tests.support.shacl_cases import PREFIXES, random_data, random_shapes
from tests.support.shacl_conformance import Case, same_report

SIZES = (1, 60, 250, 1_000, 100_000)


@lru_cache(maxsize=1)
def compiled(shapes: tuple[Triple, ...]) -> Shapes:
    return compile_shapes(shapes, axioms=shapes)


def in_parts_of(
    size: int, paths: Sequence[Path], shapes: Sequence[Triple], jobs: int = 1
) -> FoundInParts:
    labels = [""] * len(paths)
    return validate_in_parts(paths, labels, compiled(tuple(shapes)), shapes, jobs=jobs, size=size)


def on_the_whole(data: Sequence[Triple], shapes: Sequence[Triple]) -> tuple[list[Result], int, int]:
    index = index_triples(data)
    whole = compiled(tuple(shapes))
    return whole.validate(index), len(set(data)), whole.count_focus_nodes(index)


def as_ntriples(triples: Sequence[Triple]) -> str:
    return "".join(f"{' '.join(map(ntriples_term, triple))} .\n" for triple in triples)


def same(found: FoundInParts, data: Sequence[Triple], shapes: Sequence[Triple]) -> None:
    as_the_whole(found, on_the_whole(data, shapes))


def as_the_whole(found: FoundInParts, whole: tuple[list[Result], int, int]) -> None:
    results, triples, focus_nodes = whole
    assert Counter(found.results) == Counter(results)
    assert (found.triples, found.focus_nodes) == (triples, focus_nodes)


@needs_suite
@pytest.mark.parametrize("case", CORE, ids=lambda case: case.name)
@pytest.mark.whole
def test_w3c_in_parts(case: Case, tmp_path: Path) -> None:
    """98 of 98, with parts of one node and of more, in the order of the file and in another."""
    shapes = list(read_triples(case.shapes))
    data = list(read_triples(case.data))
    path = tmp_path / "data.nt"
    whole = on_the_whole(data, shapes)
    # What has the same results has the same report.
    assert same_report(case.expected_triples(), whole[0])
    for order in (data, Random(1).sample(data, len(data))):
        path.write_text(as_ntriples(order), encoding="utf-8")
        for size in SIZES:
            as_the_whole(in_parts_of(size, [path], shapes), whole)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1))
def test_generated_shapes_in_parts(seed: int) -> None:
    """The fuzzer of the two engines, in parts of every size: nodes and their classes scattered."""
    random = Random(seed)
    shapes, data = random_shapes(random, bounds=True), random_data(random, bounds=True)
    if random.random() < 0.5:
        random.shuffle(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nt"
        path.write_text(as_ntriples(data), encoding="utf-8")
        same(in_parts_of(random.choice((1, 40, 100, 300, 600)), [path], shapes), data, shapes)


SHAPES = f"""{PREFIXES}
ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property
  [ sh:path ex:to ; sh:class ex:C ] ,
  [ sh:path ex:n ; sh:datatype xsd:integer ; sh:maxCount 1 ] .
"""


@pytest.fixture
def shapes(tmp_path: Path) -> list[Triple]:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES, encoding="utf-8")
    return list(read_triples(path))


def chain_of(number: int) -> str:
    """Nodes of one class, each pointing to the next; the last to a node of none."""
    return f"{PREFIXES}\n" + "".join(
        f'ex:n{n}\n    a ex:C ;\n    ex:to ex:n{n + 1} ;\n    ex:n {n}, "é\\n"@en .\n\n'
        for n in range(number)
    )


PACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda content: content,
    ".gz": lambda content: gzip.compress(content, mtime=0),
    ".zst": lambda content: zstandard.ZstdCompressor().compress(content),
}


@pytest.mark.parametrize("packed", PACK)
@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld", "rdf"])
def test_every_syntax(suffix: str, packed: str, tmp_path: Path, shapes: list[Triple]) -> None:
    """Cut, or put in order first where a syntax cannot be; plain and compressed."""
    content = chain_of(300).encode()
    if suffix != "ttl":
        plain = tmp_path / "plain.ttl"
        plain.write_bytes(content)
        syntax = pyoxigraph.RdfFormat.from_extension(suffix)
        assert syntax is not None
        written = pyoxigraph.serialize(
            pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE), format=syntax
        )
        assert written is not None
        content = written
    path = tmp_path / f"data.{suffix}{packed}"
    path.write_bytes(PACK[packed](content))
    found = in_parts_of(500, [path], shapes)
    assert found.parts > 5
    same(found, list(read_triples(path)), shapes)
    assert len(found.results) == 601  # a string of a language, twice at fault, and the last node


@pytest.mark.whole
def test_our_dumps(releases: SharedReleases) -> None:
    """In every format; JSON-LD is cut between its lines."""
    release = releases.of_everything(formats=tuple(FormatName))
    shapes = validation._read_shapes(None).triples
    for name in ("pfocr.jsonld", "pfocr.ttl", "pfocr.nt", "pfocr.nq", "pfocr.trig"):
        found = in_parts_of(20_000, [release / name], shapes)
        assert found.parts > 4
        assert (found.results, found.whole) == ((), {})
        same(found, list(read_triples(release / name)), shapes)


def test_figures_stay_with_their_mentions(releases: SharedReleases) -> None:
    """No part begins inside what a document says of its fragments."""
    path = releases.of_everything(formats=tuple(FormatName)) / "pfocr.ttl"
    text = path.read_bytes()
    parts = list(cut_files([path], [""], 3_000))
    assert len(parts) > 20
    assert b"".join(text[part.start : part.stop] for part in parts) == text[len(parts[0].header) :]
    for part in parts:
        assert b"#" not in text[part.start : part.stop].split(None, 1)[0] or part.number == 0


@pytest.mark.whole
@pytest.mark.parametrize("order", ["sorted", "shuffled"])
def test_jobs_change_nothing(order: str, tmp_path: Path, shapes: list[Triple]) -> None:
    """The same results in the same order with one process and with two."""
    plain = tmp_path / "plain.ttl"
    plain.write_text(chain_of(400), encoding="utf-8")
    data = list(read_triples(plain))
    if order == "shuffled":
        Random(2).shuffle(data)
    path = tmp_path / "data.nt"
    path.write_text(as_ntriples(data), encoding="utf-8")
    alone, both = (in_parts_of(3_000, [path], shapes, jobs) for jobs in (1, 2))
    assert alone == both
    same(alone, data, shapes)


@pytest.mark.parametrize(
    "text",
    [
        'ex:a ex:n """long .\n\nex:b a ex:C .\n""" .\nex:c a ex:C ; ex:n "x" .\n',
        "ex:a a ex:C .\n@prefix ex: <http://other.org/> .\nex:a a ex:C ; ex:n 1 , 2 .\n",
        "ex:a a ex:C .\nPREFIX ex: <http://other.org/>\nex:a a ex:C .\n",
        "ex:a a ex:C . # .\nex:b a ex:C ; # ex:n 1 .\nex:n 1 , 2 .\n",
        "ex:a\r\n    a ex:C ;\r\n    ex:n 1 .\r\n\r\nex:b a ex:C ; ex:n 1 , 2 .\r\n",
        "ex:a\n    a ex:C ;\n    ex:to [ a ex:C ; ex:n 1 , 2 ] .\n\nex:b\n    ex:to [ a ex:C ] .\n",
        "ex:a\n    a ex:C ;\n    ex:to _:x .\n\n_:x\n    a ex:C ;\n    ex:n 1 .\n\n_:x ex:n 2 .\n",
        "ex:a\n    a ex:C ;\n    ex:to _:part1-0 , [] .\n\nex:b\n    ex:to _:part1-0 .\n",
        "ex:a\n    ex:n 1 .\n\nex:b\n    a ex:C .\n\nex:a\n    a ex:C ;\n    ex:n 2 .\n",
        "ex:a a ex:Sub .\n\nex:Sub rdfs:subClassOf ex:C .\n\nex:b a ex:C ; ex:to ex:a , ex:c .\n",
        "",
    ],
)
def test_turtle_of_others(text: str, tmp_path: Path, shapes: list[Triple]) -> None:
    """What looks like a good place to cut may not be one: it is seen, and the file read whole."""
    path = tmp_path / "data.ttl"
    path.write_bytes(PREFIXES.encode() + text.encode())
    data = list(read_triples(path))
    results, triples, focus_nodes = on_the_whole(data, shapes)
    for size in (1, 20, 40, 400):
        found = in_parts_of(size, [path], shapes)
        assert (found.triples, found.focus_nodes) == (triples, focus_nodes)
        assert same_report_as(list(found.results), results)


def same_report_as(found: list[Result], expected: list[Result]) -> bool:
    def shown(results: list[Result]) -> Counter[tuple[str, ...]]:
        return Counter(
            (str(r.path), r.component, str(r.shape), r.focus if isinstance(r.focus, str) else "_")
            for r in results
        )

    return shown(found) == shown(expected)


def test_a_broken_file_is_told_by_its_line(tmp_path: Path, shapes: list[Triple]) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(chain_of(50) + "ex:broken ex:n .\n" + chain_of(5), encoding="utf-8")
    line = chain_of(50).count("\n") + 1
    with pytest.raises(InputError, match=rf"data\.ttl: line {line}: "):
        in_parts_of(400, [path], shapes)
    packed = tmp_path / "data.ttl.gz"
    packed.write_bytes(gzip.compress(chain_of(5_000).encode())[:-900])
    with pytest.raises(InputError, match="expected a complete archive"):
        in_parts_of(400, [packed], shapes)
    with pytest.raises(InputError, match="cannot be read"):
        in_parts_of(400, [tmp_path / "none.ttl"], shapes)


BACK = f"""{PREFIXES}
ex:Back a sh:NodeShape ; sh:targetClass ex:C ;
  sh:property [ sh:path [ sh:inversePath ex:to ] ; sh:minCount 1 ] .
ex:Own a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:n ; sh:maxCount 0 ] .
"""


def test_shapes_of_the_whole_are_named(tmp_path: Path) -> None:
    """A path back is asked of parts while none leads into another; else of the whole, by name."""
    (tmp_path / "shapes.ttl").write_text(BACK, encoding="utf-8")
    shapes = list(read_triples(tmp_path / "shapes.ttl"))
    path = tmp_path / "data.ttl"
    path.write_text(chain_of(60), encoding="utf-8")
    data = list(read_triples(path))
    across = in_parts_of(300, [path], shapes)
    same(across, data, shapes)
    assert list(across.whole.items()) == [
        ("http://example.org/Back", "a path back from a node to what refers to it")
    ]
    path.write_text(
        f"{PREFIXES}\n"
        + "".join(
            f"<http://example.org/{n}>\n    a ex:C .\n\n"
            f"<http://example.org/{n}#a>\n    ex:to <http://example.org/{n}> .\n\n"
            for n in range(60)
        ),
        encoding="utf-8",
    )
    within = in_parts_of(300, [path], shapes)
    same(within, list(read_triples(path)), shapes)
    assert within.whole == {}
    assert within.parts > 5


def test_files_without_order_are_put_in_order(
    tmp_path: Path, shapes: list[Triple], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where too many nodes stand in several parts, all is written anew, by subject."""
    monkeypatch.setattr(in_parts, "_APART", 20)
    plain = tmp_path / "plain.ttl"
    plain.write_text(chain_of(200), encoding="utf-8")
    data = Random(3).sample(found := list(read_triples(plain)), len(found))
    paths = [tmp_path / "a.nt", tmp_path / "b.nt"]
    for path, some in zip(paths, (data[::2], data[1::2]), strict=True):
        path.write_text(as_ntriples(some), encoding="utf-8")
    same(in_parts_of(1_000, paths, shapes), data, shapes)


def test_validate_files_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`validate` does it for files that are large; blank nodes of two files are two."""
    monkeypatch.setattr(validation, "PART", 100)
    monkeypatch.setattr(validation, "validate_in_parts", partial(validate_in_parts, size=100))
    (tmp_path / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(
            "".join(
                f"_:x <http://example.org/n> {n} .\n".replace(f" {n} ", f' "{n}" ')
                for n in range(20)
            )
            + "_:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/C> .\n",
            encoding="utf-8",
        )
    outcome = validate_files(
        [tmp_path / "a.nt", tmp_path / "b.nt"], [tmp_path / "shapes.ttl"], jobs=1
    )
    labels = {result.focus for result in outcome.results}
    assert {str(label) for label in labels} == {
        "BlankNode(label='file1-x')",
        "BlankNode(label='file2-x')",
    }
    assert (outcome.focus_nodes, outcome.triples, len(outcome.results)) == (2, 42, 42)
    assert outcome.parts == 2
    again = validate(
        [str(tmp_path / name) for name in ("a.nt", "b.nt")], tmp_path / "shapes.ttl", jobs=1
    )
    assert again == outcome
