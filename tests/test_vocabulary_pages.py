"""What is made of shapes, ontology and releases is what stands in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pfocr_rdf.export import export
from pfocr_rdf.options import ExportOptions
from pfocr_rdf.release import open_release
from pfocr_rdf.store import ensure_store, open_triples
from pfocr_rdf.vocabulary_pages import filled, shipped_model
from pfocr_rdf.vocabulary_pages.diagram import as_dot
from pfocr_rdf.vocabulary_pages.gotchas import GOTCHAS, page_of

WRITE = "run `python -m pfocr_rdf.vocabulary_pages`"


def test_the_page_of_the_model_is_made_of_shapes_and_ontology(root: Path) -> None:
    page = (root / "docs" / "model.md").read_text()
    assert filled(page, shipped_model()) == page, WRITE


def test_a_part_of_nothing_is_refused() -> None:
    page = "<!-- generated: Nothing -->\n<!-- end: Nothing -->"
    with pytest.raises(ValueError, match=r"expected .*Figure.*, found .*Nothing"):
        filled(page, shipped_model())


def test_each_property_says_what_it_is_made_from() -> None:
    kinds = shipped_model().kinds()
    assert len(kinds) > 10
    for kind in kinds:
        assert [row.curie for row in kind.rows if not row.source] == [], kind.name


def test_the_drawing_shows_the_graph_of_the_shapes(root: Path) -> None:
    dot = as_dot(shipped_model().kinds())
    assert (root / "ontology" / "model.dot").read_text() == dot, WRITE
    drawing = (root / "ontology" / "model.svg").read_text()
    titles = set(re.findall(r"<title>(\w+)(?:&#45;&gt;(\w+))?</title>", drawing)) - {("model", "")}
    boxes = {(name, "") for name in re.findall(r"^  (\w+) \[label", dot, re.MULTILINE)}
    arrows = set(re.findall(r"^  (\w+) -> (\w+) \[", dot, re.MULTILINE))
    assert titles == boxes | arrows, "run scripts/draw-model"
    texts = re.findall(r">([^<>]+)</text>", drawing)
    said = {line for label in re.findall(r'label="([^"]*)"', dot) for line in label.split("\\n")}
    assert {text.replace("&#45;", "-") for text in texts} == said, "run scripts/draw-model"


def test_gotchas_are_those_of_real_figures(shared: Path, root: Path, tmp_path: Path) -> None:
    data = shared / "data"
    hgnc = data / "hgnc_complete_set_2024-11.txt.gz"
    out = tmp_path / "out"
    export(
        [root / "seeds", data / "pfocr-sample"],
        out,
        ExportOptions(hgnc=hgnc, release="real-sample", validate=False),
    )
    release = open_release(out)
    page = page_of(
        open_triples(ensure_store(release)), f"release real-sample, {release.triples:,} triples"
    )
    expected = (root / "docs" / "gotchas.md").read_text()
    assert page == expected, "run `python -m pfocr_rdf.vocabulary_pages.gotchas OUT`"


def test_each_gotcha_shows_its_numbers(root: Path) -> None:
    page = (root / "docs" / "gotchas.md").read_text()
    for gotcha in GOTCHAS:
        assert f"## {gotcha.title}\n" in page
        assert re.search(r"\{\w+\}", gotcha.text), "a gotcha has a number"
