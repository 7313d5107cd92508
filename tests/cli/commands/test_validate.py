"""`pfocr-rdf validate` as its users meet it."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from rdflib import Graph

from tests.cli.conftest import Run

DATA = """\
@prefix schema: <http://schema.org/> .
<http://identifiers.org/ncbigene/8600> a schema:Gene ; schema:name "TNFSF11" .
"""


@pytest.fixture
def release(run: Run, seeds: Path, tmp_path: Path) -> Path:
    """A release of the seeds."""
    out = tmp_path / "out"
    assert run("export", seeds, "-o", out, "-q").code == 0
    return out


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A graph of one gene that lacks nearly everything."""
    path = tmp_path / "bad.ttl"
    path.write_text(DATA)
    return path


def test_a_release_conforms_in_either_syntax(run: Run, release: Path) -> None:
    triples = orjson.loads((release / "report.json").read_bytes())["triples"]
    for name in ("pfocr.ttl", "pfocr.jsonld"):
        ran = run("validate", release / name)
        assert (ran.code, ran.err) == (0, "")
        assert re.fullmatch(
            rf"Conforms \(1 file, {triples:,} triples, \d+ focus nodes; engine fast\)\.\n", ran.out
        )
    both = run("validate", release / "pfocr.ttl", release / "pfocr.jsonld")
    assert both.out.startswith(f"Conforms (2 files, {triples:,} triples")


def test_what_does_not_conform_exits_with_1_and_is_explained(run: Run, bad: Path) -> None:
    ran = run("validate", bad)
    assert (ran.code, ran.err) == (1, "")
    assert re.match(r"Does not conform: \d+ sh:Violation \(1 file, 2 triples, ", ran.out)
    assert "Gene schema:url: " in ran.out
    assert "    ncbigene:8600\n" in ran.out


def test_the_json_report_has_everything(run: Run, bad: Path) -> None:
    ran = run("validate", bad, "--format", "json")
    report = orjson.loads(ran.out)
    assert ran.code == 1
    assert report["conforms"] is False
    assert report["files"] == [str(bad)]
    paths = {result["path"] for result in report["results"]}
    assert "<http://schema.org/url>" in paths


def test_the_turtle_report_is_a_shacl_report(run: Run, bad: Path) -> None:
    ran = run("validate", bad, "--format", "turtle")
    assert ran.code == 1
    graph = Graph().parse(data=ran.out, format="turtle")
    asked = graph.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?report a sh:ValidationReport ; "
        "sh:conforms false ; sh:result [ sh:resultPath <http://schema.org/url> ] }"
    )
    assert asked.askAnswer


def test_pyshacl_says_the_same(run: Run, bad: Path, release: Path) -> None:
    ran = run("validate", bad, "--engine", "pyshacl")
    assert ran.code == 1
    assert "engine pyshacl" in ran.out
    fast = orjson.loads(run("validate", bad, "--format", "json").out)
    assert f"{len(fast['results'])} sh:Violation" in ran.out
    assert run("validate", release / "alignment.ttl", "--engine", "auto").code == 0


def test_shapes_of_ones_own(run: Run, bad: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <http://schema.org/> .\n"
        "<http://example.org/S> a sh:NodeShape ; sh:targetClass schema:Gene ; sh:property\n"
        '  [ sh:path schema:name ; sh:maxLength 3 ; sh:message "short names" ] .\n'
    )
    ran = run("validate", bad, "--shapes", shapes)
    assert ran.code == 1
    assert "short names" in ran.out
    assert 'value "TNFSF11"' in ran.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.ttl", None, "cannot be read: No such file or directory"),
        ("page.md", "---\n---\n", "found .md (rename the file)"),
        ("broken.ttl", "<http://example.org/a> a", "broken.ttl: "),
        ("remote.jsonld", '{"@context": "https://schema.org/"}', "which is not fetched"),
    ],
)
def test_a_file_that_is_no_rdf_exits_with_2(
    run: Run, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    ran = run("validate", path)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_shapes_that_are_none_exit_with_2(run: Run, bad: Path) -> None:
    ran = run("validate", bad, "--shapes", bad)
    assert (ran.code, ran.out) == (2, "")
    assert "expected SHACL shapes, found none" in ran.err
