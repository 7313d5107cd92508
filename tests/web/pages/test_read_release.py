"""The pages about the whole release, from a real store; what is vendored; what a policy allows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import pfocr_rdf.web.pages
from pfocr_rdf.query.index.read import Index
from pfocr_rdf.query.index.words import Search
from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.release.opened import Release, open_release
from pfocr_rdf.release.reader import read_dump
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.read_release import (
    ReleaseDescription,
    about_view,
    query_view,
    read_description,
)
from pfocr_rdf.web.pages.read_search import home_view, search_view, suggest
from pfocr_rdf.web.pages.render import PAGE_POLICY, QUERY_PAGE_POLICY, Renderer
from tests.support.pages import run
from tests.support.places import ROOT
from tests.support.web_pages import XHTML, Page, faults, text_of

VENDOR = Path(pfocr_rdf.web.pages.__file__).parent / "static" / "vendor"
LINKS = Links()
RENDERER = Renderer(LINKS, "test")


@dataclass
class Site:
    """A release with its store opened."""

    release: Release
    index: Index
    description: ReleaseDescription
    search: Search


@pytest.fixture(scope="module")
def site(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The seeds, exported and stored."""
    out = tmp_path_factory.mktemp("release") / "out"
    run(seeds, out=out, release="2026.1")
    release = open_release(out)
    place = ensure_store(release)
    search = Search(place.index_file)
    yield Site(release, Index(place.index_file), read_description(release), search)
    search.close()


def parsed(html: str) -> Page:
    page = Page(html)
    assert faults(page) == []
    return page


def test_the_first_page_has_the_numbers_of_the_release(site: Site) -> None:
    view = home_view(site.index.numbers)
    figures = [each for each in read_dump(site.release) if isinstance(each, FigureNodes)]
    assert {t.label: t.count for t in view.totals}["figures"] == len(figures) == 5
    assert sum(year.count for year in view.years) == 5
    page = parsed(RENDERER.home(view))
    assert {"5", "figures"} <= set(text_of(page.one("main")).split())
    links = {a.get("href") for a in page.all("a")}
    assert "/genes/8600" in links
    assert "/organisms/9606" in links
    (form,) = page.all("form")
    assert (form.get("action"), form.get("method")) == ("/search", "get")


def test_a_search_finds_and_pages(site: Site) -> None:
    view = search_view(site.search, " RANKL ")
    assert view.text == "RANKL"
    assert view.hits.total == sum(view.totals.values()) == len(view.hits.items) > 3
    page = parsed(RENDERER.search(view))
    assert len([li for li in page.all("li") if li.get("class") == "hit"]) == view.hits.total
    only = search_view(site.search, "RANKL", Kind.FIGURE)
    assert {hit.ref.kind for hit in only.hits.items} == {Kind.FIGURE}
    assert only.hits.total == view.totals[Kind.FIGURE] == len(only.hits.items)
    beyond = search_view(site.search, "RANKL", page=9)
    assert "no page 9" in text_of(parsed(RENDERER.search(beyond)).one("main"))


@pytest.mark.parametrize("asked", ["", "   ", "zzzzqqqq", "\x00", '"', "<u>", "a" * 5000, "*", "-"])
def test_any_search_has_a_page(site: Site, asked: str) -> None:
    view = search_view(site.search, asked)
    page = parsed(RENDERER.search(view))
    assert not list(page.all("u"))


def test_a_misspelt_search_has_guesses(site: Site) -> None:
    view = search_view(site.search, "TNFFS11")
    assert not view.hits.items
    assert "TNFSF11" in {guess.label for guess in view.guesses}
    assert "/genes/8600" in {a.get("href") for a in parsed(RENDERER.search(view)).all("a")}


def test_suggestions_lead_to_pages_and_say_what_was_meant(site: Site) -> None:
    answer = suggest(site.search, LINKS, "TNFSF11")["suggestions"]
    assert isinstance(answer, list)
    assert answer[0]["page"] == "/genes/8600"
    assert answer[0]["matched"] == ""
    assert answer[0]["figures"] > 1
    by_id = suggest(site.search, LINKS, "hgnc:11926")["suggestions"]
    assert isinstance(by_id, list)
    assert (by_id[0]["page"], by_id[0]["matched"]) == ("/genes/8600", "hgnc:11926")
    assert suggest(site.search, LINKS, " ") == {"suggestions": []}


def test_the_query_page_has_every_question_and_term(site: Site) -> None:
    questions = load_questions()
    view = query_view(site.description, questions, site.release, "figures-of-gene")
    assert view is not None
    assert [question.name for question in view.questions] == list(questions)
    page = parsed(RENDERER.query(view))
    (data,) = [script for script in page.all("script") if script.get("type") == "application/json"]
    assert data.text is not None
    assert "<" not in data.text
    for question in view.questions:
        assert any(a.get("href") == LINKS.query(question.name) for a in page.all("a"))
    curies = {term.curie for term in (*view.classes, *view.properties)}
    assert {"pfocr:PathwayFigure", "schema:Gene", "pfocr:mentionsBySynonym"} <= curies
    labels = {term.curie: term.label for term in view.properties}
    assert labels["pfocr:recognizedText"] == "recognised text"
    assert view.sought["genes"] == view.sought["gene"] == view.sought["other"] == "gene"
    assert set(view.sought.values()) == {"gene", "chemical", "disease", "organism"}
    assert query_view(site.description, questions, site.release, "no-such") is None


def test_a_question_that_would_end_the_data_stays_data(site: Site) -> None:
    question = next(iter(load_questions().values()))
    evil = question._replace(text="</script><script>alert(1)</script><!--", title="<u>x</u>")
    view = query_view(site.description, {"evil": evil}, site.release)
    assert view is not None
    page = parsed(RENDERER.query(view))
    assert not list(page.all("u"))
    assert len(list(page.all("script"))) == 4


def test_the_release_page_names_its_files_and_licence(site: Site) -> None:
    view = about_view(site.description, site.release)
    assert [(each.code, each.severity, each.number) for each in view.findings] == [
        ("ambiguous-symbol", "warning", 1),
        ("unknown-symbol", "info", 4),
        ("text-repaired", "info", 1),
    ]
    assert all(file.purpose and file.purpose != file.name for file in view.files)
    page = parsed(RENDERER.about(view))
    assert "pfocr-rdf diff" in text_of(page.root)
    text = text_of(page.one("main"))
    for said in ("2026.1", site.release.key, "CC0 1.0", "obo", "pfocr:PathwayFigure"):
        assert said in text
    links = {a.get("href") for a in page.all("a")}
    for file in site.release.outputs:
        assert LINKS.file(file.name) in links
        assert file.sha256 in text
    rows = [[text_of(td) for td in tr.iter(f"{XHTML}td")] for tr in page.all("tr")]
    assert any(
        row[:1] and row[0].startswith("void.ttl") and row[1] == "text/turtle" for row in rows
    )


def test_a_policy_allows_nothing_inline_and_no_other_host() -> None:
    for policy in (PAGE_POLICY, QUERY_PAGE_POLICY):
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == "'self'"
        assert rules["connect-src"] == "'self'"
        # A reader may send genes there; nothing is loaded from it.
        assert rules.pop("form-action") == "'self' https://maayanlab.cloud"
        assert not re.search(r"unsafe|\*|https?:", " ".join(rules.values()))
    assert re.search(r"style-src 'self' 'sha256-[^']+';", QUERY_PAGE_POLICY)


def test_vendored_files_are_those_that_were_reviewed() -> None:
    table = (VENDOR / "VENDORED.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([^`]+)` \| \[([^]]+)\].* \| [\w.-]+, `([^`]+)` \| `(\w+)` \|", table, re.MULTILINE
    )
    assert len(rows) == 8
    for name, _, licence, sha256 in rows:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sha256, name
        assert "ermission is hereby granted" in (text := (VENDOR / licence).read_text()) or (
            "SIL OPEN FONT LICENSE" in text
        )
    listed = {name for row in rows for name in (row[0], row[2])}
    assert listed | {"VENDORED.md"} == {path.name for path in VENDOR.iterdir()}
    script = (ROOT / "scripts" / "vendor-web").read_text()
    assert all(row[3] in script for row in rows)
