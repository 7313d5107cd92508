"""A static site in real Chromium, from a host of files and below a folder of it.

As with the server's pages, an error in the console, an exception of a script, a dialog, a
request that fails or one to another host fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from tests.support.corpora import make_corpus
from tests.support.pages import checkout, page, run, write
from tests.support.samples import Sample
from tests.support.site_hosts import file_host
from tests.support.site_making import make_site
from tests.web.pages.test_hostile import ATTACKS, CAPTION
from tests.whole.test_browser import FLAGS, JS, WAIT, Watch, _missing, chromium

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    Visit = Callable[..., Page]

__all__ = ["FLAGS", "chromium"]

SEED = "figures/PMC4168338__10-1055-s-0031-1298276-i430gf01.html"
EVIL = "figures/PMC66__evil.html"
PATHS = (
    "",
    "about.html",
    SEED,
    EVIL,
    "genes/8600.html",
    "papers/PMC4168338.html",
    "organisms/9606.html",
    "chemicals/CHEBI_22984.html",
    "diseases/DOID_162.html",
    "nothing.html",
    "search.html?q=rank%20pathway",
    "genes.html",
    "figures_a-z.html",
    "genes/8600_all.html",
)
AXE = JS / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def host(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of the seeds, figures of all kinds and an attack."""
    folder = tmp_path_factory.mktemp("site")
    words = tuple((attack, attack, "hgnc_alias_symbol", attack, "8600") for attack in ATTACKS)
    evil = page("PMC66__evil", words, caption=CAPTION, figtitle=CAPTION, papertitle=CAPTION)
    hostile = write(folder / "hostile", {"_figures/PMC66__evil.md": evil})
    run(seeds, checkout(folder / "in"), hostile, out=folder / "out", release="test")
    make_site(folder / "out", folder / "site")
    with file_host(folder / "site") as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, host: str) -> Iterator[Visit]:
    """Open a path in a fresh profile; what the watch has seen fails the test at its end."""
    contexts, watches = [], []

    def open_page(path: str, *, status: int = 200, **options: object) -> Page:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT)
        contexts.append(context)
        watch = Watch(context, host)
        if status != 200:
            watch.allowed.append(f"status of {status}")
        watches.append(watch)
        context.on("requestfailed", lambda request: watch.faults.append(f"failed: {request.url}"))
        opened = context.new_page()
        answer = opened.goto(urljoin(host, path))
        assert answer is not None
        assert answer.status == status
        return opened

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


def status_of(path: str) -> int:
    return 404 if path == "nothing.html" else 200


def test_a_reader_comes_from_the_first_page_to_a_figure_and_its_data(visit: Visit) -> None:
    opened = visit("")
    box = opened.get_by_role("combobox")
    box.fill("rankl")
    opened.wait_for_timeout(0)
    box.fill("TNFSF")
    option = opened.get_by_role("option").filter(has_text="TNFSF11")
    option.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    option.first.click()
    opened.wait_for_url("**/pfocr/genes/8600.html")
    opened.get_by_role("link", name="Control of osteoclast differentiation").first.click()
    opened.wait_for_url(f"**/pfocr/{SEED}")
    opened.locator("mark a", has_text="RANKL").first.click()
    opened.wait_for_url("**/pfocr/genes/8600.html")
    with opened.expect_request("**/pfocr/files/pfocr.ttl") as asked:
        opened.get_by_role("link", name="PFOCR linked data").click()
        opened.wait_for_url("**/pfocr/")
        opened.evaluate("fetch(document.querySelector('a[href$=\"pfocr.ttl\"]').href)")
    answer = asked.value.response()
    assert answer is not None
    assert answer.status == 200


@pytest.mark.parametrize(
    ("typed", "label", "path"),
    [
        ("TNFSF11", "TNFSF11", "genes/8600.html"),
        ("RANKL", "TNFSF11", "genes/8600.html"),
        ("rank-l", "TNFSF11", "genes/8600.html"),
        ("hgnc:11926", "TNFSF11", "genes/8600.html"),
        ("ENSG00000120659", "TNFSF11", "genes/8600.html"),
        ("O14788", "TNFSF11", "genes/8600.html"),
        ("superfamily", "TNFSF11", "genes/8600.html"),
        ("11926", "TNFSF11", "genes/8600.html"),
        ("calci", "Calcium", "chemicals/CHEBI_22984.html"),
        ("Homo", "Homo sapiens", "organisms/9606.html"),
    ],
)
def test_all_names_and_words_are_found(visit: Visit, typed: str, label: str, path: str) -> None:
    opened = visit("about.html")
    box = opened.get_by_role("combobox")
    box.fill(typed)
    opened.get_by_role("option").filter(has_text=label).first.wait_for()
    for _ in range(20):
        box.press("ArrowDown")
        active = opened.locator(f"#{box.get_attribute('aria-activedescendant')}")
        if label in active.inner_text():
            break
    box.press("Enter")
    opened.wait_for_url(f"**/pfocr/{path}")


def test_enter_always_leads_to_results_and_nothing_is_no_error(visit: Visit) -> None:
    opened = visit(SEED)
    box = opened.get_by_role("combobox")
    box.fill("zzzz")
    opened.locator("#top-live", has_text="No suggestions").wait_for(state="attached")
    box.press("Enter")
    opened.wait_for_url("**/pfocr/search.html?q=zzzz")
    opened.get_by_text("No name and no title in this release has all these words.").wait_for()
    for typed, page_ in (
        ("<script>alert(1)</script>", None),
        ("tnfrsf11b", "genes/4982.html"),
        ("RANKL osteoclast differentiat", SEED),
        ("pmc4168338", SEED),
    ):
        box = opened.get_by_role("combobox")
        box.fill(typed)
        said = opened.locator("#top-live", has_text=re.compile("suggestion", re.IGNORECASE))
        said.wait_for(state="attached")
        box.press("Enter")
        opened.wait_for_url(lambda url, text=typed: parse_qs(urlsplit(url).query)["q"] == [text])  # type: ignore[misc]
        opened.locator("#results[data-ready]").wait_for()
        assert opened.locator("h1 bdi").inner_text() == typed
        if page_:
            found = opened.locator("#results a").evaluate_all("all => all.map(a => a.href)")
            assert any(each.endswith(f"/pfocr/{page_}") for each in found), typed


def test_without_scripts_lists_serve_and_all_the_rest(visit: Visit) -> None:
    opened = visit("genes/8600.html", java_script_enabled=False)
    box = opened.locator("input[type=search]")
    box.fill("rank")
    box.press("Enter")
    opened.wait_for_url("**/pfocr/search.html?q=rank")
    opened.locator("main").get_by_role("link", name="genes").click()
    opened.wait_for_url("**/pfocr/genes_a-z.html")
    opened.get_by_role("link", name="TNFSF11").first.click()
    opened.wait_for_url("**/pfocr/genes/8600.html")
    opened.get_by_role("link", name="Control of osteoclast differentiation").first.click()
    opened.wait_for_url(f"**/pfocr/{SEED}")


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    opened = visit("genes/8600.html")
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        opened.keyboard.press("Tab")
        outline = opened.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            "return [s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        assert outline[0] == "solid"
        assert outline[1] >= 2


def test_a_hostile_figure_stays_text(visit: Visit) -> None:
    opened = visit(EVIL)
    text = " ".join(opened.locator("main").inner_text().split())
    for attack in ATTACKS:
        assert " ".join(attack.split()) in text
    assert opened.evaluate("document.querySelectorAll('main img, main script, main b').length") == 0
    assert opened.evaluate("[...document.links].every(a => /^https?:$/.test(a.protocol))")
    data = opened.evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )
    assert data["name"] == CAPTION


def test_a_table_of_cards_is_still_a_table_to_a_screen_reader(visit: Visit) -> None:
    opened = visit(SEED, viewport={"width": 400, "height": 800})
    assert (
        opened.evaluate("getComputedStyle(document.querySelector('.cards tr')).display") == "block"
    )
    session = opened.context.new_cdp_session(opened)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    for role, name in (("table", "table"), ("row", "tr"), ("cell", "td")):
        there = opened.locator(name).count()
        assert roles.count(role) == there > 0, role


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_needs_no_scrolling_to_the_side(
    visit: Visit, path: str, scheme: str
) -> None:
    opened = visit(
        path,
        status=status_of(path),
        viewport={"width": 400, "height": 800},
        color_scheme=scheme,
    )
    opened.wait_for_load_state("networkidle")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 400


def test_dark_is_dark(visit: Visit) -> None:
    shades = []
    for scheme in ("light", "dark"):
        opened = visit(SEED, color_scheme=scheme)
        shade = opened.evaluate("getComputedStyle(document.body).backgroundColor")
        shades.append(sum(map(int, re.findall(r"\d+", shade)[:3])))
    assert shades[0] > 600
    assert shades[1] < 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str) -> None:
    if not AXE.is_file():
        _missing("the npm package axe-core")
    opened = visit(path, status=status_of(path), color_scheme=scheme)
    opened.wait_for_load_state("networkidle")
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    result = opened.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in result["violations"]
    ] == []


def test_a_site_of_real_figures_in_a_browser(
    chromium: Browser,
    best_sample: Sample,
    tmp_path: Path,
) -> None:
    make_corpus(best_sample, tmp_path / "in", 60)
    run(tmp_path / "in", out=tmp_path / "out", validate=False)
    make_site(tmp_path / "out", tmp_path / "site")
    with file_host(tmp_path / "site") as address:
        context = chromium.new_context()
        try:
            context.set_default_timeout(WAIT)
            watch = Watch(context, address)
            opened = context.new_page()
            opened.goto(address)
            opened.locator(".ranking th a").first.click()
            opened.wait_for_url("**/genes/*.html")
            opened.locator(".figure-title").first.click()
            opened.wait_for_url("**/figures/*.html")
            opened.locator(".byline a").click()
            opened.wait_for_url("**/papers/*.html")
        finally:
            context.close()
    assert watch.faults == []
