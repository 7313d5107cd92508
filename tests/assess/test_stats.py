"""The coverage of a release is what SPARQL counts in its dump."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pyoxigraph
import pytest
from typer.testing import CliRunner

from pfocr_rdf.assess.stats import (
    Coverage,
    coverage_html,
    coverage_json,
    coverage_of,
    coverage_text,
)
from pfocr_rdf.assess.stats.reports import parts
from pfocr_rdf.cli.main import app
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.release.opened import open_release
from tests.support.pathway_pages import fields, jsonld, written
from tests.support.referees import html_faults
from tests.support.samples import Sample
from tests.support.web_pages import Page
from tests.whole.test_browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium"]

PREFIXES = """
PREFIX schema: <http://schema.org/>
PREFIX pfocr: <https://w3id.org/pfocr/vocab#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
PER_VALUE = {
    "methods": "?m pfocr:identifiedBy ?value",
    "reasons": "?m pfocr:unresolvedReason ?value",
    "tiers": "?m pfocr:matchTier ?value",
    "lexicons": "?m pfocr:lexicon ?value",
    "organisms": "?m pfocr:organism|pfocr:organismRecognized ?value",
    "years": "?m a pfocr:PathwayFigure ; schema:isPartOf/schema:datePublished ?value",
}
FIGURES_WITH = {
    "genes": "?f ^oa:hasTarget [ a pfocr:GeneMention ; oa:hasBody ?b ]",
    "chemicals": "?f ^oa:hasTarget [ a pfocr:ChemicalMention ; oa:hasBody ?b ]",
    "diseases": "?f ^oa:hasTarget [ a pfocr:DiseaseMention ; oa:hasBody ?b ]",
    "a caption": "?f a pfocr:PathwayFigure ; schema:description ?b",
    "a pathway score": "?f pfocr:pathwayScore ?b",
    "an organism": "?f pfocr:organism|pfocr:organismRecognized ?b",
    "a pathway at WikiPathways": "?f pfocr:wikiPathway ?b",
    "a network at NDEx": "?f pfocr:ndexNetwork ?b",
}


@pytest.fixture(scope="module")
def real(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("stats") / "out"
    options = ExportOptions(hgnc=sample.hgnc, validate=False)
    export([sample.pages], out, options)
    return out


def store_of(out: Path) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    release = open_release(out)
    for file in release.dump():
        store.load(path=release.path(file))
    return store


def counted(store: pyoxigraph.Store, where: str) -> Counter[str]:
    rows = store.query(
        f"{PREFIXES} SELECT ?value (COUNT(DISTINCT ?m) AS ?n) {{ {where} }} GROUP BY ?value"
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return Counter({row["value"].value: int(row["n"].value) for row in rows if row["value"]})


def number(store: pyoxigraph.Store, what: str, where: str) -> int:
    rows = store.query(f"{PREFIXES} SELECT (COUNT(DISTINCT {what}) AS ?n) {{ {where} }}")
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return int(next(iter(rows))["n"].value)


def test_numbers_of_the_seeds_are_those_of_sparql(seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export([seeds], out, ExportOptions(validate=False))
    assert_numbers_are_those_of_sparql(out)


def test_numbers_of_real_figures_are_those_of_sparql(real: Path) -> None:
    assert_numbers_are_those_of_sparql(real)


def assert_numbers_are_those_of_sparql(out: Path) -> None:
    coverage, store = coverage_of(open_release(out)), store_of(out)
    for name, where in PER_VALUE.items():
        assert getattr(coverage, name) == counted(store, where), name
    for what, where in FIGURES_WITH.items():
        assert coverage.figures_with[what] == number(store, "?f", where), what
    assert coverage.figures == number(store, "?f", "?f a pfocr:PathwayFigure")
    for kind, cls in (("genes", "Gene"), ("chemicals", "Chemical"), ("diseases", "Disease"), ("terms", "Term")):  # fmt: skip
        of_kind = f"?m a pfocr:{cls}Mention"
        assert coverage.mentions[kind] == number(store, "?m", of_kind), kind
        assert coverage.identified[kind] == number(store, "?m", f"{of_kind} ; oa:hasBody ?b"), kind
    for kind, cls in (("genes", "Gene"), ("papers", "ScholarlyArticle"), ("organisms", "Taxon"), ("chemicals", "ChemicalSubstance"), ("diseases", "MedicalCondition"), ("journals", "Periodical")):  # fmt: skip
        assert coverage.entities[kind] == number(store, "?e", f"?e a schema:{cls}"), kind
    matched = "?e a schema:Gene ; skos:exactMatch ?x"
    assert coverage.genes_with_hgnc == number(store, "?e", matched)


@pytest.fixture
def hostile(tmp_path: Path) -> Coverage:
    """A release whose organism is called like markup."""
    name = '<script>alert(1)</script> & "x"'
    page = fields(organisms=[name], organisms_ner=[name], **{"schema-jsonld": jsonld("TNF")})
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.md").write_text(written(page))
    export([tmp_path / "pages"], tmp_path / "out", ExportOptions(release="2024.1", jobs=1))
    return coverage_of(open_release(tmp_path / "out"))


def test_the_page_stands_alone_and_names_stay_text(hostile: Coverage) -> None:
    page = coverage_html(hostile).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "2024.1" in page
    links = [e for e in Page(page).root.iter() if {"src", "href"} & set(e.attrib)]
    assert links == []  # it needs nothing beside it
    assert "<style>" in page
    assert re.findall(r"@import|url\((?!\s*[\"']?data:)", page) == []


@pytest.mark.whole
def test_the_page_is_valid_html(hostile: Coverage, tmp_path: Path) -> None:
    (tmp_path / "coverage.html").write_bytes(coverage_html(hostile))
    assert html_faults([tmp_path / "coverage.html"]) == []


@pytest.mark.whole
@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_in_a_browser(
    chromium: Browser, hostile: Coverage, tmp_path: Path, width: int
) -> None:
    """It asks for nothing but itself, fits, and has each number beside its share."""
    path = tmp_path / "stats.html"
    path.write_bytes(coverage_html(hostile))
    page = chromium.new_page(viewport={"width": width, "height": 860})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri(), wait_until="networkidle")
    assert asked == [path.as_uri()]
    heights = page.locator(".ranking .value").evaluate_all("all => all.map(e => e.clientHeight)")
    assert len(set(heights)) == 1, "on two lines"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_text_and_json_say_the_same(hostile: Coverage) -> None:
    record = orjson.loads(coverage_json(hostile))
    assert record["totals"]["figures"] == 1
    assert record["years"] == {"2020": 1}
    text = coverage_text(hostile)
    assert "Release 2024.1" in text
    assert "Mentions identified" in text
    assert coverage_json(hostile) == coverage_json(hostile)


def test_command(seeds: Path, tmp_path: Path) -> None:
    export([seeds], tmp_path / "out", ExportOptions(jobs=1))
    run, out = CliRunner().invoke, str(tmp_path / "out")
    assert "Mentions identified" in run(app, ["stats", out]).stdout
    assert orjson.loads(run(app, ["stats", out, "--json"]).stdout)["totals"]["figures"] == 5
    target = tmp_path / "stats.html"
    assert run(app, ["stats", out, "--html", "-o", str(target)]).exit_code == 0
    assert target.read_text().startswith("<!DOCTYPE html>")
    both = run(app, ["stats", out, "--html", "--json"])
    assert "expected one of them" in str(both.exception)


def test_keywords_that_name_no_gene_are_part_of_the_share(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    page = fields(**{"schema-jsonld": jsonld("TNFSF11", "AKT3", "NOGENE")})
    (tmp_path / "pages" / "a.md").write_text(written(page))
    export([tmp_path / "pages"], tmp_path / "out", ExportOptions(jobs=1))
    coverage = coverage_of(open_release(tmp_path / "out"))
    assert coverage.mentions == {"genes": 2, "terms": 1}
    (identified,) = (part for part in parts(coverage) if part.title == "Mentions identified")
    assert identified.rows == [("gene rows and keywords", 2, 2 / 3)]
    assert "66.7%" in coverage_text(coverage)
