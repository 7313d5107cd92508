"""What is made of shapes, ontology and releases is what stands in the documentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Dataset, RdfFormat, Store, parse

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.vocabulary import DCAT, PFOCR, RDF, SCHEMA
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.render import Renderer
from pfocr_rdf.web.vocabulary import shipped_model
from pfocr_rdf.web.vocabulary.documents import ShapesView, data_files, shapes_view
from scripts.vocabulary_pages.diagram import as_dot
from scripts.vocabulary_pages.gotchas import GOTCHAS, page_of
from scripts.vocabulary_pages.model_page import filled
from tests.support.samples import Sample
from tests.support.web_pages import Page

WRITE = "run `python -m scripts.vocabulary_pages`"


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


@pytest.mark.whole
def test_the_page_of_the_ontology_is_made_of_it(root: Path) -> None:
    """In a process of its own: the library sets up logging when it is imported."""
    code = (
        "import sys; from scripts.vocabulary_pages.__main__ import ontology_page;"
        "sys.stdout.write(ontology_page())"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert made.stdout == (root / "ontology" / "pfocr.html").read_text(), WRITE
    assert re.findall(r"<title>(.*?)</title>", made.stdout) == ["PFOCR vocabulary"]
    assert re.findall(r"<h1>(.*?)</h1>", made.stdout) == ["PFOCR vocabulary"]
    names = [iri.partition("#")[2] for iri in PFOCR]
    assert [name for name in names if f'id="{name}"' not in made.stdout] == []


def triples_of(content: bytes, form: RdfFormat) -> Dataset:
    return Dataset(parse(content, form))


def test_a_site_has_the_vocabulary_and_the_shapes(root: Path) -> None:
    found = dict(data_files())
    for path in ("pfocr.ttl", "context.jsonld", "model.svg"):
        assert found[f"vocabulary/{path}"] == (root / "ontology" / path).read_bytes()
    turtle = triples_of((root / "ontology" / "pfocr.ttl").read_bytes(), RdfFormat.TURTLE)
    assert triples_of(found["vocabulary/pfocr.jsonld"], RdfFormat.JSON_LD) == turtle
    assert {path for path in found if path.startswith("shapes/")} == {
        path.relative_to(root).as_posix() for path in (root / "shapes").rglob("*.ttl")
    }
    links = Links("../", IriStyle.OBO, ".html", live=False)
    page = Renderer(links).shapes(shapes_view(shipped_model()))
    Page(page)
    for kind in shipped_model().kinds():
        assert f'<h2 id="{kind.name}">' in page
        assert f"<p>{ShapesView.code(kind.told_by)}." in page
        assert all(f"<code>{row.curie}</code>" in page for row in kind.rows)


@pytest.mark.whole
def test_gotchas_are_those_of_real_figures(sample: Sample, root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(
        [root / "seeds", sample.pages],
        out,
        ExportOptions(hgnc=sample.hgnc, release="real-sample", validate=False),
    )
    release = open_release(out)
    page = page_of(
        open_triples(ensure_store(release)), f"release real-sample, {release.triples:,} triples"
    )
    expected = (root / "docs" / "gotchas.md").read_text()
    assert page == expected, "run `python -m scripts.vocabulary_pages.gotchas OUT`"


def test_gotchas_are_true_of_other_releases(tmp_path: Path) -> None:
    """Here of one read from a document without words, with genes alone, in another style."""
    genes = '{"mentions": {"genes": {"ncbigene": ["7124"]}}}'
    (tmp_path / "figures.ndjson").write_text(f'{{"_id": "PMC1__a", "associatedWith": {genes}}}\n')
    out = tmp_path / "out"
    export(
        [tmp_path / "figures.ndjson"],
        out,
        ExportOptions(style=IriStyle.UNIPROT, validate=False, jobs=1),
    )
    page = page_of(open_triples(ensure_store(open_release(out))), "one", IriStyle.UNIPROT)
    assert "Genes are `http://purl.uniprot.org/geneid/…`" in page
    assert "identifiers.org/ncbigene" not in page
    assert "1 have no tier" in page
    assert "only keywords" not in page
    assert "Chemicals and diseases have" not in page
    for store in (open_triples(ensure_store(open_release(out))), Store()):
        prose = re.sub(r"```.*?```", "", page_of(store, "one"), flags=re.DOTALL)
        assert not re.search(r"[ :]\.\s", prose), "a sentence without its number"


def test_no_release_is_a_schema_dataset(seeds: Path, tmp_path: Path) -> None:
    """So docs/gotchas.md says."""
    export([seeds], tmp_path / "out", ExportOptions(validate=False, jobs=1))
    files = [tmp_path / "out" / name for name in ("pfocr.ttl", "void.ttl")]
    triples = [triple for path in files for triple in read_triples(path)]
    datasets = {s for s, p, o in triples if p == RDF.type and o == SCHEMA.Dataset}
    assert datasets == {s for s, p, o in triples if p == RDF.type and o == PFOCR.PathwayFigure}
    assert DCAT.Dataset in {o for s, p, o in triples if p == RDF.type and s not in datasets}


def test_each_gotcha_shows_its_numbers(root: Path) -> None:
    page = (root / "docs" / "gotchas.md").read_text()
    for gotcha in GOTCHAS:
        assert f"## {gotcha.title}\n" in page
        assert re.search(r"\{\w+\}", gotcha.text), "a gotcha has a number"
