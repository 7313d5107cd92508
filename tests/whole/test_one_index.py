"""The server and the site of one release show the same numbers, those of all its figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pfocr_rdf.query.store import StorePlace, ensure_store
from pfocr_rdf.release.opened import open_release
from tests.support.pages import page, run, write
from tests.support.serving import PATIENCE, Serving, serving
from tests.support.site_making import files_of, make_site
from tests.support.web_pages import XHTML, Page, text_of

FIGURES = 2100
"""Of GSK3B: servers once counted what is beside a gene in 2,000 of its figures."""
BOTH = sum(number % 3 > 0 for number in range(FIGURES))
GSK3A = ("GSK3A", "GSK3A", "hgnc_symbol", "GSK3A", "2931")
GSK3B = ("GSK3B", "GSK3B", "hgnc_symbol", "GSK3B", "2932")
AXIN1 = ("AXIN1", "AXIN1", "hgnc_symbol", "AXIN1", "8312")


class Shown(NamedTuple):
    """A release, a site of it made without a store, and a server."""

    release: Path
    site: Path
    server: Serving


@pytest.fixture(scope="module", autouse=True)
def _one_day() -> Iterator[None]:
    """Make all pages on the same day, so that sites can be compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("one")
    pages = {}
    for number in range(FIGURES):
        words = (GSK3B, *((GSK3A,) if number % 3 else ()), *((AXIN1,) if number % 50 == 0 else ()))
        figid = f"PMC{number // 4}__f{number}"
        pages[f"_figures/{figid}.md"] = page(figid, words, year=str(1990 + number % 30))
    run(write(folder / "in", pages), out=folder / "out", validate=False, jobs=1)
    make_site(folder / "out", folder / "site")
    assert not StorePlace(folder / "out.store").folder.exists(), "a site needs no store"
    with serving(folder / "out", "--timeout", PATIENCE, "--workers", 1) as server:
        yield Shown(folder / "out", folder / "site", server)


def numbers(html: str) -> tuple[list[str], list[str], list[str]]:
    """Return the rows of tables, the counts in headings and the tiles of a page."""
    main = Page(html).one("main")
    rows = [text_of(tr) for tr in main.iter(f"{XHTML}tr") if tr.find(f"{XHTML}td") is not None]
    heads = [text_of(h) for name in ("h2", "h3") for h in main.iter(f"{XHTML}{name}")]
    return rows, heads, [text_of(dd) for dd in main.iter(f"{XHTML}dd")]


@pytest.mark.whole
@pytest.mark.parametrize(
    "path", ["genes/2932", "genes/2931", "genes/8312", "organisms/9606", "papers/PMC1"]
)
def test_server_and_site_show_the_same_of_entities(shown: Shown, path: str) -> None:
    served = shown.server.client.get(path, headers={"accept": "text/html"}).text
    made = (shown.site / f"{path}.html").read_text()
    assert numbers(served)[:2] == numbers(made)[:2]
    assert "ounted in" not in served


@pytest.mark.whole
def test_what_is_beside_a_gene_is_counted_in_all_its_figures(shown: Shown) -> None:
    served = shown.server.client.get("genes/2932", headers={"accept": "text/html"}).text
    rows = numbers(served)[0]
    both = f"{BOTH:,}".replace(",", " ")
    assert f"GSK3A {both} of {both}" in rows
    network = shown.server.client.get("api/network/2932").json()
    assert {each["label"]: each["figures"] for each in network["nodes"][1:]} == {
        "GSK3A": BOTH,
        "AXIN1": FIGURES // 50,
    }
    axin = sum(number % 3 > 0 for number in range(0, FIGURES, 50))
    counts = sorted(edge["figures"] for edge in network["edges"])
    assert counts == sorted([BOTH, FIGURES // 50, axin])


@pytest.mark.whole
def test_server_and_site_show_the_same_of_figures_and_the_release(shown: Shown) -> None:
    for path in ("figures/PMC0__f1", "figures/PMC12__f50"):
        served = shown.server.client.get(path, headers={"accept": "text/html"}).text
        made = (shown.site / f"{path}.html").read_text()
        assert numbers(served)[:2] == numbers(made)[:2]
        for name in ("siblings", "neighbours"):
            assert _list(served, name) == _list(made, name) != []
    home = numbers(shown.server.client.get("").text)
    assert numbers((shown.site / "index.html").read_text())[2] == home[2] != []


@pytest.mark.whole
def test_a_site_is_the_same_with_the_index_of_the_store(shown: Shown, tmp_path: Path) -> None:
    release = open_release(shown.release)
    index = ensure_store(release).index_file
    before = index.stat()
    make_site(shown.release, tmp_path / "site")
    assert files_of(tmp_path / "site") == files_of(shown.site)
    assert index.stat().st_mtime_ns == before.st_mtime_ns
    assert index.stat().st_nlink == 1


def _list(html: str, name: str) -> list[str]:
    """Return what a list of figures says, by the heading of its section."""
    sections = [s for s in Page(html).all("section") if name in (s.get("aria-labelledby") or "")]
    return [text_of(li) for section in sections for li in section.iter(f"{XHTML}li")]
