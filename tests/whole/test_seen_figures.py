"""The page of a figure in real Chromium: its image, a host that fails, and more mentions than a screen.

Europe PMC is played by the test: what is asked of it is answered with a picture, or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from tests.support.pages import page, run, write
from tests.support.serving import Serving, serving
from tests.support.site_hosts import file_host
from tests.support.site_making import make_site
from tests.support.web_pages import Page, faults
from tests.whole.test_browser import FLAGS, WAIT, _missing, chromium
from tests.whole.test_site_browser import AXE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Opened

    Visit = Callable[..., Opened]

__all__ = ["FLAGS", "chromium"]

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"/>'
LARGE = "PMC1__large"
PI3K = "PIK3CA PIK3CB PIK3CD PIK3CG PIK3R1 PIK3R2 PIK3R3 PIK3C2A PIK3C2B PIK3C3".split()
HEADER = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource"
    "\tcount_direct\tcount_synonym\tcount_match\n"
)
OTHERS = 40
HUMAN = "9606\tHomo sapiens\tPrimates"


def genes(singles: int) -> str:
    """Return a table of genes: a family of ten, a word that means two, and genes by symbol."""
    rows = [f"PI3K\tPI3K\t{symbol}\t{5290 + n}\tfamplex_relations" for n, symbol in enumerate(PI3K)]
    rows += [f"CDK4/6\tCDK{n}\tCDK{n}\t{1015 + n}\tncbigene_symbol" for n in (4, 6)]
    rows += [f"GEN{n}\tGEN{n}\tGEN{n}\t{70_000 + n}\tncbigene_symbol" for n in range(singles)]
    return HEADER + "".join(f"{HUMAN}\t{row}\t1\t0\t1\n" for row in rows)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A figure of 344 mentions with a long caption, and more than a screen of others that share genes with it."""
    folder = tmp_path_factory.mktemp("seen")
    chemicals = "word\tmesh\tmatch\tname\tchebi\n" + "".join(
        f"drug {n}\tNA\tdrug {n}\tdrug {n}\tchebi:{40_000 + n}\n" for n in range(20)
    )
    diseases = "word\tmesh\tmatch\tname\tdoid\n" + "".join(
        f"illness {n}\tNA\tillness {n}\tillness {n}\tDOID:{100 + n}\n" for n in range(12)
    )
    files: dict[str, str | bytes] = {
        f"_figures/{LARGE}.md": page(
            LARGE, caption="PI3K signals to many genes, and so on at length. " * 60
        ),
        f"_data/{LARGE}-genes.tsv": genes(300),
        f"_data/{LARGE}-chemicals.tsv": chemicals,
        f"_data/{LARGE}-diseases.tsv": diseases,
    }
    for number in range(2, 2 + OTHERS):
        figid = f"PMC{number}__small"
        title = f"A title of a figure that says in some twenty words what is drawn, number {number}"
        files[f"_figures/{figid}.md"] = page(figid, figtitle=title, papertitle=title)
        files[f"_data/{figid}-genes.tsv"] = genes(number % 8)
    run(write(folder / "in", files), out=folder / "out", release="test")
    return folder / "out"


@pytest.fixture(scope="module")
def site(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that shows images."""
    folder = tmp_path_factory.mktemp("site") / "site"
    make_site(release, folder, images="europepmc")
    with file_host(folder) as address:
        yield address


@pytest.fixture(scope="module")
def server(release: Path) -> Iterator[Serving]:
    """A server that shows images."""
    with serving(release, "--images", "europepmc", "--workers", 1) as running:
        yield running


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Open an address; `gives` says whether the host of images answers."""
    contexts = []

    def open_page(address: str, *, gives: bool = True, **options: object) -> Opened:
        shown = {"viewport": {"width": 1280, "height": 800}, **options}
        context = chromium.new_context(**shown)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT)
        contexts.append(context)

        def answer(route: Route) -> None:
            if gives:
                route.fulfill(body=PICTURE, content_type="image/svg+xml")
            else:
                route.abort()

        context.route(re.compile("^https://"), answer)
        opened = context.new_page()
        opened.goto(address)
        return opened

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()


def test_344_mentions_are_25_rows_on_a_page_under_3000_pixels(visit: Visit, site: str) -> None:
    opened = visit(urljoin(site, f"figures/{LARGE}.html"))
    rows = opened.locator("table.mentions tbody tr")
    assert opened.locator("table.mentions tbody tr:visible").count() == 25
    assert opened.evaluate("document.documentElement.scrollHeight") < 3000
    opened.locator("summary", has_text=re.compile("^All 344$")).click()
    assert opened.locator("table.mentions tbody tr:visible").count() == rows.count() == 334
    family = rows.filter(has_text="PI3K")
    assert family.count() == 1
    assert "10 genes:" in family.inner_text()
    assert "uncertain" in family.inner_text()
    assert "uncertain" not in rows.filter(has_text="GEN299").inner_text()


def test_without_scripts_all_is_there_and_a_link_into_the_fold_opens_it(
    visit: Visit, site: str
) -> None:
    address = urljoin(site, f"figures/{LARGE}.html")
    opened = visit(address, java_script_enabled=False)
    last = opened.locator("table.mentions tbody tr", has_text="GEN299")
    assert not last.is_visible()
    opened.goto(f"{address}#{last.get_attribute('id')}")
    assert last.is_visible()
    image = opened.locator(".pathway img")
    assert image.is_visible()
    assert image.get_attribute("alt") == f"The pathway figure: The figure {LARGE}"


def test_jump_links_lead_to_each_kind(visit: Visit, site: str) -> None:
    opened = visit(urljoin(site, f"figures/{LARGE}.html"))
    jumps = opened.get_by_role("navigation", name="On this page").get_by_role("link")
    assert [each.inner_text() for each in jumps.all()] == [
        "Genes 312", "Chemicals 20", "Diseases 12", "Downloads and citation"
    ]  # fmt: skip
    for jump in jumps.all():
        jump.click()
        name = (jump.get_attribute("href") or "").removeprefix("#")
        assert opened.evaluate(
            "name => Math.abs(document.getElementById(name).getBoundingClientRect().top) < 700",
            name,
        )
    heading = opened.get_by_role("heading", name="Take it away").bounding_box()
    files = opened.locator(".ways dl").bounding_box()
    assert heading
    assert files
    assert files["y"] >= heading["y"] + heading["height"]
    report = opened.get_by_role("link", name="Report a wrong reading").get_attribute("href")
    assert report
    assert report.startswith("https://github.com/wikipathways/pfocr-database/issues/new?title=")


@pytest.mark.parametrize("where", ["site", "server"])
def test_images_are_shown_and_a_host_that_fails_is_said(
    visit: Visit, site: str, server: Serving, where: str
) -> None:
    address = urljoin(site, f"figures/{LARGE}.html")
    if where == "server":
        address = f"{server.url}figures/{LARGE}"
    opened = visit(address)
    opened.locator(".pathway img").evaluate("image => image.decode()")
    assert opened.locator(".no-image").is_hidden()
    assert "the image has the licence of its paper" in opened.locator("figcaption").inner_text()
    thumb = opened.locator(".figures img.thumb").first
    thumb.scroll_into_view_if_needed()
    thumb.evaluate("image => image.decode()")
    refused = visit(address, gives=False)
    refused.locator(".no-image").wait_for()
    assert "Europe PMC does not give the image now" in refused.locator(".no-image").inner_text()
    assert refused.locator(".pathway img").count() == 0
    assert refused.locator(".pathway figcaption a").first.is_visible()
    refused.evaluate("scrollTo(0, document.body.scrollHeight)")
    refused.locator("img.thumb").first.wait_for(state="detached")


def test_thumbnails_wait_until_they_come_near(visit: Visit, site: str) -> None:
    opened = visit("about:blank", viewport={"width": 1280, "height": 300})
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(urljoin(site, "genes/5290.html"))
    opened.wait_for_load_state("load")
    assert opened.locator("img.thumb").count() == 1 + OTHERS
    assert len([url for url in asked if "europepmc" in url]) < OTHERS


def test_the_browser_refuses_all_hosts_but_that_one(visit: Visit, server: Serving) -> None:
    opened = visit(f"{server.url}figures/{LARGE}")
    for host, is_allowed in (("europepmc.org", True), ("www.europepmc.org", False)):
        result = opened.evaluate(
            """address => new Promise(done => {
                const image = new Image();
                image.onload = () => done(true);
                image.onerror = () => done(false);
                image.src = address;
            })""",
            f"https://{host}/articles/PMC1/bin/other.jpg",
        )
        assert result is is_allowed, host


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_axe_finds_nothing_on_a_figure_unfolded(
    visit: Visit, site: str, width: int, scheme: str
) -> None:
    if not AXE.is_file():
        _missing("the npm package axe-core")
    opened = visit(
        urljoin(site, f"figures/{LARGE}.html"),
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    opened.locator("details.all > summary").click()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    result = opened.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in result["violations"]
    ] == []


@pytest.mark.parametrize(
    "path",
    ["search?q=PI3K", "search?q=PI3K&kind=figure", "enrich?genes=PIK3CA+CDK4", "papers/PMC1"],
)
def test_every_list_of_figures_has_lazy_thumbnails(server: Serving, path: str) -> None:
    page = Page(server.client.get(path).text)
    thumbs = [image for image in page.all("img") if image.get("class") == "thumb"]
    assert thumbs
    for thumb in thumbs:
        assert thumb.get("loading") == "lazy"
        assert (thumb.get("alt") or "").startswith("Image of ")
    assert faults(page) == []


def test_files_of_a_figure_and_the_release_are_the_same_on_both(
    release: Path, server: Serving, tmp_path: Path
) -> None:
    make_site(release, tmp_path / "site")
    for suffix, type_ in (
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
    ):
        answer = server.client.get(f"figures/{LARGE}.{suffix}")
        assert answer.headers["content-type"] == type_
        assert answer.headers["content-disposition"] == f'attachment; filename="{LARGE}.{suffix}"'
        assert answer.content == (tmp_path / "site" / f"figures/{LARGE}.{suffix}").read_bytes()
    for name in ("CITATION.cff", "citation.bib", "citation.ris"):
        answer = server.client.get(name)
        assert answer.status_code == 200
        assert answer.content == (tmp_path / "site" / name).read_bytes()
    rows = server.client.get(f"figures/{LARGE}.tsv").text.splitlines()
    assert len(rows) == 1 + 344
    assert server.client.get("genes/5290.tsv").status_code == 404
    policy = "img-src 'self' data: https://europepmc.org;"
    assert policy in server.client.get("").headers["content-security-policy"]
    assert "europepmc" not in (tmp_path / "site" / "_headers").read_text()
