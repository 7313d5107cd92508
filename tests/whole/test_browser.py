"""The web app in real Chromium against a real `pfocr-rdf serve`, on the seeds and an attack.

Every page of every test is watched: an error in the console (a broken policy is one), an
exception of a script, a dialog or a request to another host fails the test.
"""

from __future__ import annotations

import importlib.util
import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import pytest

from tests.support.pages import end, run, start, write
from tests.support.pages import page as figure_page
from tests.support.places import TESTS
from tests.web.pages.test_hostile import ATTACKS, CAPTION, FIGID

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, BrowserContext, Page

    Visit = Callable[..., Page]

JS = TESTS / "js"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps --disable-dev-shm-usage"
).split()
WAIT = 60_000
SEED = "PMC4168338__10-1055-s-0031-1298276-i430gf01"
PATHS = (
    "/",
    "/search?q=RANKL",
    "/search?q=zzzzqqqq",
    f"/figures/{SEED}",
    f"/figures/{FIGID}",
    "/genes/8600",
    "/papers/PMC4168338",
    "/organisms/9606",
    "/enrich",
    "/enrich?genes=RANKL+OPG+CXCR4+nix123&tier=all",
    "/query",
    "/q",
    "/q/figures-of-gene",
    "/q/figures-of-genes?genes=RANKL,nix123",
    "/about",
    "/figures/PMC1__none",
)


def _missing(what: str) -> NoReturn:
    reason = f"{what} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser without a window."""
    # The shell is the same engine without windows, and takes half the processor time.
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        _missing("chromium (Debian package chromium-headless-shell or chromium)")
    if importlib.util.find_spec("playwright") is None:
        _missing("playwright (PyPI)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, timeout=WAIT)
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def site(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server on the seeds and a hostile figure; its address without the last slash."""
    folder = tmp_path_factory.mktemp("site")
    words = tuple((attack, attack, "hgnc_alias_symbol", attack, "8600") for attack in ATTACKS)
    evil = figure_page(FIGID, words, caption=CAPTION, figtitle=CAPTION, papertitle=CAPTION)
    hostile = write(folder / "hostile", {f"_figures/{FIGID}.md": evil})
    run(seeds, hostile, out=folder / "out", release="test")
    process = start("serve", folder / "out", "--port", "0")
    try:
        yield _address_of(process)
    finally:
        end(process)


def _address_of(process: subprocess.Popen[str]) -> str:
    """Wait for the line that says where the server listens."""
    said = b""
    deadline = time.monotonic() + 120
    streams = [stream.fileno() for stream in (process.stdout, process.stderr) if stream]
    while time.monotonic() < deadline and process.poll() is None:
        for stream in select.select(streams, [], [], 1)[0]:
            said += os.read(stream, 4096)
        if found := re.search(rb"http://127\.0\.0\.1:[0-9]+", said):
            return found[0].decode()
    raise AssertionError(f"the server did not start: {said.decode()}")


class Watch:
    """What must not happen in a browser while somebody reads our pages."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.faults: list[str] = []
        self.allowed: list[str] = []
        host = urlsplit(site).netloc
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"exception: {error.error}"))
        context.on("dialog", self._dialog)
        context.on("request", lambda request: self._request(request.url, host))

    def _console(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not any(
            a in message.text for a in self.allowed
        ):
            self.faults.append(f"console: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != host:
            self.faults.append(f"request: {url}")


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    """Open a path in a fresh profile; what the watch has seen fails the test at its end."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_page(path: str, *, status: int = 200, expect: int | str = 200, **options: Any) -> Page:
        context = chromium.new_context(base_url=site, **options)
        context.set_default_timeout(WAIT)
        contexts.append(context)
        watch = Watch(context, site)
        watches.append(watch)
        # The browser itself writes into the console that an answer was an error.
        watch.allowed += [f"status of {each}" for each in (status, expect) if each != 200]
        if isinstance(expect, str):
            watch.allowed.append(expect)
        page = context.new_page()
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, path
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


def status_of(path: str) -> int:
    return 404 if path.endswith("__none") else 200


def test_a_search_suggests_finds_and_opens_a_figure(visit: Visit) -> None:
    page = visit("/")
    box = page.get_by_role("combobox")
    box.fill("TNFSF1")
    option = page.get_by_role("option").filter(has_text="TNFSF11")
    option.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.fill("osteoclast differentiation")
    box.press("Enter")
    page.wait_for_url("**/search?q=osteoclast*")
    page.get_by_role("link", name="Control of osteoclast differentiation").first.click()
    page.wait_for_url(f"**/figures/{SEED}")
    page.locator("mark a", has_text="RANKL").first.click()
    page.wait_for_url("**/genes/8600")
    assert page.get_by_role("heading", level=1).inner_text() == "TNFSF11"


def test_a_misspelt_word_is_still_understood(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("combobox").fill("TNFFS11")
    page.get_by_role("option").filter(has_text="TNFSF11").first.click()
    page.wait_for_url("**/genes/8600")


def test_a_node_of_the_network_leads_to_its_gene(visit: Visit) -> None:
    page = visit("/genes/8600")
    network = page.locator("#network[data-ready]")
    network.wait_for()
    network.scroll_into_view_if_needed()
    label = page.locator("section:has(#network) .ranking th a").first.inner_text()
    at = network.evaluate(
        """(frame, label) => {
            const asked = new CustomEvent("pfocr:where", { detail: { label } });
            frame.dispatchEvent(asked);
            return asked.detail.position;
        }""",
        label,
    )
    network.click(position=at)
    page.wait_for_function("label => document.querySelector('h1').textContent === label", arg=label)


def ask(page: Page, query: str) -> None:
    """Put a query into the editor and run it."""
    page.locator(".yasqe .CodeMirror:visible").wait_for()
    page.evaluate(
        "q => [...document.querySelectorAll('.yasqe .CodeMirror')]"
        ".find(e => e.checkVisibility()).CodeMirror.setValue(q)",
        query,
    )
    page.locator(".yasqe_queryButton:visible").click()


def test_a_shipped_question_is_run_and_its_answer_leads_on(visit: Visit) -> None:
    page = visit("/query?question=papers-with-several-figures")
    page.locator("#yasgui[data-ready] .CodeMirror").wait_for()
    page.get_by_label("Find a question").fill("chemicals-beside-gene")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#questions > li')].filter(li => !li.hidden).length === 1"
    )
    page.locator("#questions li:not([hidden]) a").click()
    assert page.url.endswith("?question=chemicals-beside-gene")
    ask(
        page,
        "PREFIX schema: <http://schema.org/> SELECT ?gene ?figure "
        f'{{ ?figure schema:identifier "{SEED}" ; schema:mentions ?gene }} ORDER BY ?gene',
    )
    page.locator(".yasr td a.iri", has_text="ncbigene:8600").wait_for()
    assert page.locator(".yasr td a.iri", has_text=SEED).count() == 3
    page.locator(".yasr td a.iri", has_text="ncbigene:8600").click()
    page.wait_for_url("**/genes/8600")


def test_a_name_that_is_not_there_is_told_below_the_answer(visit: Visit) -> None:
    page = visit("/query?question=figures-of-gene")
    hint = page.locator("#query-hint")
    mistyped = 'SELECT ?g { VALUES ?gene { "%s" } ?g <http://schema.org/name> ?gene }'
    ask(page, mistyped % "TNFS11")
    page.wait_for_function("() => document.querySelector('#query-hint').textContent")
    assert hint.inner_text().startswith("This release has no gene “TNFS11”. Did you mean TNFSF11")
    ask(page, mistyped % "TNFSF11")
    page.locator(".yasr td a.iri", has_text="ncbigene:8600").wait_for()
    assert hint.inner_text() == ""
    ask(page, 'ASK { VALUES ?disease { "<b>nix" } ?d <http://schema.org/name> ?disease }')
    page.wait_for_function("() => document.querySelector('#query-hint').textContent")
    assert hint.inner_text().strip() == "This release has no disease “<b>nix”."
    ask(page, mistyped % "TNFS11")
    hint.get_by_role("link", name="TNFSF11").click()
    page.wait_for_url("**/genes/8600")


@pytest.mark.parametrize(
    ("query", "selector", "text", "status"),
    [
        ("ASK { ?s ?p ?o }", ".yasr_results", "True", 200),
        ("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 3", ".yasr_results", "rdf:type", 200),
        ("SELECT * { SERVICE <http://x.invalid/> { ?s ?p ?o } }", ".errorResult", "SERVICE", 403),
    ],
)
def test_every_kind_of_answer_is_shown(
    visit: Visit, query: str, selector: str, text: str, status: int
) -> None:
    page = visit("/query", expect=status)
    ask(page, query)
    page.locator(selector).filter(has_text=text).first.wait_for()


def test_a_hostile_answer_stays_text(visit: Visit) -> None:
    # YASGUI sanitises values in a document of its own, where the policy already reports them.
    page = visit("/query", expect="Executing inline event handler")
    ask(page, f'SELECT ?c {{ ?f ?p ?c FILTER(CONTAINS(?c, "{ATTACKS[0]}")) }}')
    cell = page.locator(".yasr td .nonIri", has_text=ATTACKS[1]).first
    cell.wait_for()
    assert cell.locator("*").count() == 0


def test_the_editor_completes_terms_of_the_vocabulary(visit: Visit) -> None:
    page = visit("/query")
    editor = page.locator(".CodeMirror")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?figure pfocr:figureN")
    page.keyboard.press("Control+Space")
    page.wait_for_function(
        "() => document.querySelector('.CodeMirror').CodeMirror.getValue().includes('pfocr:figureNumber')"
        " || document.querySelector('.CodeMirror-hints')?.textContent.includes('figureNumber')"
    )


def test_the_query_page_opens_with_a_question_that_has_an_answer(visit: Visit) -> None:
    # Of the hostile title too, as below.
    page = visit("/query", expect="Executing inline event handler")
    page.locator(".yasqe_queryButton:visible").click()
    page.locator(".yasr td a.iri").first.wait_for()


def test_the_query_page_knows_prefixes_tells_faults_and_keeps_its_tabs(visit: Visit) -> None:
    page = visit("/query?question=figures-of-year", expect=400)
    page.locator("button.addTab").click()
    ask(page, "SELECT ?gene { ?gene a schema:Gene } LIMIT 1")
    page.locator(".yasr:visible td a.iri", has_text="ncbigene:").first.wait_for()
    assert page.locator(".parseErrorIcon:visible").count() == 0, "the prefix is known"
    ask(page, "SELECT ?gene { ?gene a foo:Gene }")
    said = page.locator(".errorResult:visible")
    said.wait_for()
    assert "(declare the prefix: PREFIX foo:" in said.inner_text()
    axe = JS / "node_modules" / "axe-core" / "axe.min.js"
    if axe.is_file():
        page.evaluate(axe.read_text(encoding="utf-8"))
        result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [violation["id"] for violation in result["violations"]] == []
    titles = (
        "() => [...document.querySelectorAll('.tabsList .tab span')].map(each => each.textContent)"
    )
    assert page.evaluate(titles) == ["Figures of a year", "Query"]
    page.reload()
    page.locator("#yasgui[data-ready]").wait_for()
    assert page.evaluate(titles) == ["Figures of a year", "Query"]


def test_a_form_proposes_genes_and_leads_to_the_editor(visit: Visit) -> None:
    # The editor runs what a link brings, and shows the hostile title too.
    page = visit("/q/figures-of-gene", expect="Executing inline event handler")
    page.get_by_label("Gene", exact=True).fill("RANK")
    page.wait_for_function(
        "() => [...document.querySelectorAll('#near-gene option')].some(o => o.value === 'TNFSF11')"
    )
    page.get_by_label("Gene", exact=True).fill("RANKL")
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/figures-of-gene?gene=RANKL")
    page.get_by_text("Show the SPARQL").click()
    page.get_by_role("link", name="Edit it").click()
    page.locator("#yasgui[data-ready] .CodeMirror").wait_for()
    assert "ncbigene:8600" in page.evaluate(
        "document.querySelector('.CodeMirror').CodeMirror.getValue()"
    )


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.type("TNFSF11")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    box = page.get_by_role("combobox")
    active = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/genes/8600")
    network = page.locator("#network[data-ready]")
    network.wait_for()
    network.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    said = page.locator("#network-live").inner_text()
    assert re.fullmatch(r"\S+, \d+ shared figures?", said)
    page.keyboard.press("Enter")
    label = said.partition(",")[0]
    page.wait_for_function("label => document.querySelector('h1').textContent === label", arg=label)


def test_every_focus_can_be_seen(visit: Visit) -> None:
    page = visit("/genes/8600")
    page.locator("#network[data-ready]").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            "return [s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        assert outline[0] == "solid"
        assert outline[1] >= 2


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_needs_no_scrolling_to_the_side(
    visit: Visit, path: str, scheme: str
) -> None:
    page = visit(
        path,
        status=status_of(path),
        viewport={"width": 400, "height": 800},
        color_scheme=scheme,
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_dark_is_dark(visit: Visit) -> None:
    shades = []
    for scheme in ("light", "dark"):
        page = visit("/", color_scheme=scheme)
        shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
        shades.append(sum(map(int, re.findall(r"\d+", shade)[:3])))
    assert shades[0] > 600
    assert shades[1] < 200


def test_a_hostile_figure_stays_text(visit: Visit) -> None:
    page = visit(f"/figures/{FIGID}")
    text = page.locator("main").inner_text()
    for attack in ATTACKS:
        assert " ".join(attack.split()) in " ".join(text.split())
    assert page.evaluate("document.querySelectorAll('main img, main script, main b').length") == 0
    assert page.evaluate("[...document.links].every(a => /^https?:$/.test(a.protocol))")
    found = visit("/search?q=alert")
    found.get_by_role("link").filter(has_text="script").first.wait_for()
    page = visit("/")
    page.get_by_role("combobox").fill("<script>alert")
    page.wait_for_load_state("networkidle")


def test_pages_serve_without_scripts(visit: Visit) -> None:
    page = visit("/", java_script_enabled=False)
    page.locator("input[name=q]").fill("RANKL")
    page.locator("input[name=q]").press("Enter")
    page.wait_for_url("**/search?q=RANKL")
    assert page.locator(".hit").count() > 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str) -> None:
    axe = JS / "node_modules" / "axe-core" / "axe.min.js"
    if not axe.is_file():
        _missing("the npm package axe-core")
    page = visit(path, status=status_of(path), color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    page.evaluate(axe.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in result["violations"]
    ] == []
