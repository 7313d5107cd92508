"""Lists of a real server: addresses, formats, refusals, tiers; and what crawlers are told."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.pages import OPG, TNFSF11, checkout, page, run, write
from tests.support.serving import Serving, serving
from tests.support.web_pages import Page, faults, text_of

HTML = {"accept": "text/html"}
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
FAMILY = ("TRAF", "TRAF", "bioentities_symbol", "TRAF6", "7189")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("lists")
    more = {
        f"_figures/PMC{number}__x.md": page(f"PMC{number}__x", (TNFSF11, OPG, FAMILY))
        for number in range(10, 13)
    }
    run(write(checkout(folder / "in"), more), out=folder / "out", validate=False)
    with serving(folder / "out", "--workers", 1, "--base-url", "https://example.org/p/") as running:
        yield running


def shown(server: Serving, path: str) -> str:
    answer = server.client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    page_ = Page(answer.text)
    assert faults(page_) == []
    return text_of(page_.one("main"))


@pytest.mark.parametrize(
    ("path", "media_type", "start"),
    [
        ("genes.tsv?tier=all", "text/tab-separated-values", "id\tsymbol\torganism\tfigures\n"),
        ("genes.csv", "text/csv", "id,symbol,organism,figures\r\n"),
        ("genes.gmt", "text/tab-separated-values", "genes_of_pathway_figures\t"),
        ("figures.txt", "text/plain", "PMC"),
        ("papers.json?order=newest", "application/json", '{"title":"papers'),
        ("genes/8600/genes.csv", "text/csv", "id,name,shared,figures,cosine\r\n"),
        ("genes/8600/figures.tsv", "text/tab-separated-values", "figid\ttitle\t"),
        ("genes/8600/network.cx2", "application/json", '[{"CXVersion":"2.0"'),
        ("chemicals/CHEBI_22984/genes.gmt?tier=all", "text/tab-separated-values", "genes_beside_"),
        ("papers/PMC1/figures.txt", "text/plain", "PMC1__"),
    ],
)
def test_lists_are_files_too(server: Serving, path: str, media_type: str, start: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["content-disposition"].startswith('attachment; filename="pfocr-')
    assert answer.text.startswith(start)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("genes?foo=1", 400, "foo: expected one of tier, certain"),
        ("genes?organism=1", 400, "organism: expected the NCBI taxon"),
        ("genes?page=99", 404, "This list has no page 99"),
        ("genes.xml", 404, "This list can be had as tsv, csv, json, txt, gmt, not 'xml'"),
        ("figures.gmt", 404, "This list can be had as tsv, csv, json, txt"),
        ("genes/999999/figures.tsv", 404, "This release has no list of gene '999999'"),
        ("genes/8600/papers.tsv", 404, "lists no 'papers'"),
        ("genes/8600?tier=wide", 400, "tier: expected one of strict, synonyms, all"),
        ("papers/PMC1/genes.tsv", 404, "lists no 'genes'"),
        ("sitemap-9.xml", 404, "There is no sitemap '9'"),
    ],
)
def test_what_is_no_list_is_refused(server: Serving, path: str, status: int, words: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code == status
    assert words in answer.text


def test_a_list_and_a_page_are_of_a_tier(server: Serving) -> None:
    assert "TRAF6" not in shown(server, "genes?certain=no&year=&journal=")
    assert "TRAF6" in shown(server, "genes?tier=all")
    assert "TRAF6" in shown(server, "genes/8600?tier=all")
    beside = server.client.get("genes/8600/genes.tsv").text.splitlines()
    assert [line.split("\t")[:4] for line in beside[1:]] == [
        ["ncbigene:4982", "TNFRSF11B", "3", "4"]
    ]
    nodes = server.client.get("api/network/8600?tier=all").json()["nodes"]
    assert {each["label"] for each in nodes} == {"TNFSF11", "TNFRSF11B", "TRAF6"}


def test_crawlers_find_all_pages_and_are_kept_from_the_rest(server: Serving) -> None:
    told = server.client.get("robots.txt").text
    assert "Disallow: /p/sparql\n" in told
    assert "Sitemap: https://example.org/p/sitemap.xml\n" in told
    maps = [
        each.text or "" for each in ET.fromstring(server.client.get("sitemap.xml").text).iter(LOC)
    ]
    assert maps == ["https://example.org/p/sitemap-1.xml"]
    pages = [
        each.text or "" for each in ET.fromstring(server.client.get("sitemap-1.xml").text).iter(LOC)
    ]
    assert len(pages) == len(set(pages)) > 20
    for address in pages:
        path = address.removeprefix("https://example.org/p/")
        assert server.client.get(path, headers=HTML).status_code == 200, address


def test_every_list_and_its_links_are_there(server: Serving, tmp_path: Path) -> None:
    for path in ("figures", "genes", "chemicals", "diseases", "organisms", "papers"):
        answer = server.client.get(path, headers=HTML)
        for address in Page(answer.text).addresses():
            if address.startswith("/p/") and "static" not in address:
                found = server.client.get(address.removeprefix("/p/"), headers=HTML)
                assert found.status_code == 200, address
