"""A figure whose every text is an attack stays text on every page that shows it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pfocr_rdf.rdf.nodes import FigureNodes, node
from pfocr_rdf.rdf.terms import IRI, Literal, Term
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.read_figure import Around, figure_view
from pfocr_rdf.web.pages.render import Renderer
from tests.support.pages import page as figure_page
from tests.support.pages import write
from tests.support.web_pages import Page, exported, faults, pages_of, text_of

ATTACKS = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "' onmouseover='alert(4)",
    "</title><h1>owned</h1>",
    "<!-- --><b>bold</b>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(5)",
    "\u202egnp.exe\u202d",
    "&lt;b&gt; &amp;amp;",
    "]]><![CDATA[x",
)
CAPTION = " then ".join(ATTACKS) + " RANKL"
FIGID = "PMC1__a"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose fields and words are attacks."""
    words = tuple((attack, attack, "hgnc_alias_symbol", attack, "8600") for attack in ATTACKS)
    text = figure_page(
        FIGID,
        words,
        caption=CAPTION,
        figtitle=CAPTION,
        papertitle=CAPTION,
        reftext=CAPTION,
        journal_title=ATTACKS[0],
        publisher_name=ATTACKS[2],
        keywords=" | ".join(ATTACKS[:3]),
        organisms=ATTACKS[0],
        annotations=[{"type": "Pathway Ontology", "value": ATTACKS[1]}],
    )
    return write(tmp_path_factory.mktemp("hostile"), {f"_figures/{FIGID}.md": text})


@pytest.fixture(scope="module")
def pages(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Every page of that figure, its paper, its gene and its organism."""
    graph = exported(tmp_path_factory.mktemp("out") / "out", corpus)
    return {address: Page(html) for address, html in pages_of(graph, Links()).items()}


def elements(page: Page) -> list[str]:
    return [str(element.tag).rpartition("}")[2] for element in page.root.iter()]


def test_the_attacks_are_on_the_pages_as_text(pages: dict[str, Page]) -> None:
    text = text_of(pages[f"/figures/{FIGID}"].one("main"))
    for attack in ATTACKS:
        assert " ".join(attack.split()) in text, attack


def test_no_attack_became_an_element_or_attribute(pages: dict[str, Page]) -> None:
    assert {address.split("/")[1] for address in pages} >= {"figures", "genes", "papers"}
    for address, page in pages.items():
        assert faults(page) == [], address
        assert not {"img", "iframe", "object", "embed"} & set(elements(page)), address
        assert not list(page.all("b")) or "alert" not in "".join(map(text_of, page.all("b")))
        for target in page.addresses():
            assert urlsplit(target).scheme in {"", "http", "https"}, (address, target)


def test_text_that_turns_the_reading_round_stays_in_its_element(pages: dict[str, Page]) -> None:
    for address, page in pages.items():
        parents = {child: parent for parent in page.root.iter() for child in parent}
        for element in page.root.iter():
            if "\u202e" in (element.text or ""):
                assert _is_isolated(element, parents), (address, element.tag)


def _is_isolated(element: ET.Element, parents: dict[ET.Element, ET.Element]) -> bool:
    name = str(element.tag).rpartition("}")[2]
    if name in {"bdi", "title", "option", "p", "h1", "td", "dd"} or element.get("dir") == "auto":
        return True
    return element in parents and _is_isolated(parents[element], parents)


def test_an_iri_that_runs_code_is_shown_and_not_linked(tmp_path: Path) -> None:
    """A dump that our exporter did not write may hold anything that is an IRI."""
    evil = IRI("javascript:alert(document.domain)")
    iri = IRI("https://pfocr.wikipathways.org/figures/PMC9__x.html")
    figure: dict[IRI, list[Term]] = {
        RDF.type: [PFOCR.PathwayFigure],
        SCHEMA.name: [Literal("a")],
        SCHEMA.description: [Literal("\x00\x0b\x7f\x9f\ufffe")],
    }
    for predicate in (
        SCHEMA.url,
        SCHEMA.contentUrl,
        SCHEMA.sameAs,
        SCHEMA.license,
        PFOCR.ndexNetwork,
        PFOCR.wikiPathway,
        PFOCR.organism,
        SCHEMA.creator,
    ):
        figure[predicate] = [evil]
    mention: dict[IRI, list[Term]] = {OA.hasTarget: [iri], RDF.type: [PFOCR.GeneMention]}
    for predicate in (OA.hasBody, PFOCR.candidate, PFOCR.lexicon, PFOCR.matchTier):
        mention[predicate] = [evil]
    nodes = FigureNodes(node(iri, *figure.items()), (node(IRI(f"{iri}#gene-1"), *mention.items()),))
    shown = exported(
        tmp_path / "out", write(tmp_path / "in", {"_figures/PMC1__x.md": figure_page("PMC1__x")})
    )
    page = Page(Renderer(Links()).figure(figure_view(shown.index, nodes, Around([], []))))
    assert faults(page) == []
    assert "javascript:" in text_of(page.one("main"))
    assert not [target for target in page.addresses() if "javascript" in target]


def test_the_store_of_the_tests_is_the_export(corpus: Path, tmp_path: Path) -> None:
    rows = exported(tmp_path / "out", corpus).rows(
        f"SELECT ?c {{ ?f a <{PFOCR.PathwayFigure}> ; <{SCHEMA.description}> ?c }}"
    )
    assert [row["c"] for row in rows] == [CAPTION]
