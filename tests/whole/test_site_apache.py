"""A static site on a real Apache, which reads the site's .htaccess."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

import httpx
import pytest

from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.site import SiteOptions, build_site
from tests.support.pages import checkout, run
from tests.support.site_hosts import apache, links_of

BASE = "https://example.org/pfocr/"
FIGURE = "figures/PMC1__a"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of Apache with a site of three figures."""
    folder = tmp_path_factory.mktemp("apache")
    run(checkout(folder / "in"), out=folder / "out")
    build_site(open_release(folder / "out"), folder / "site", SiteOptions(BASE, jobs=1))
    with apache(folder / "site") as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def test_pages_and_data_come_with_their_types(host: httpx.Client) -> None:
    for path, type_ in (
        ("", "text/html; charset=utf-8"),
        (f"{FIGURE}.html", "text/html; charset=utf-8"),
        (f"{FIGURE}.ttl", "text/turtle; charset=utf-8"),
        (f"{FIGURE}.jsonld", "application/ld+json"),
        ("files/void.ttl", "text/turtle; charset=utf-8"),
    ):
        answer = host.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].startswith(type_.partition(";")[0]), path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert ("content-security-policy" in answer.headers) == ("html" in type_), path


def test_styles_in_pages_are_those_that_the_policy_allows(host: httpx.Client) -> None:
    answer = host.get("vocabulary/index.html")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    (directive,) = [
        part for part in answer.headers["content-security-policy"].split("; ") if "style" in part
    ]
    assert directive == f"style-src 'self' 'sha256-{digest}'"
    assert "<script>" not in answer.text
    assert ' style="' not in answer.text


def test_a_linkset_says_what_it_is(host: httpx.Client) -> None:
    page = host.get(f"{FIGURE}.html").text
    path = page.partition('rel="linkset" href="../')[2].partition('"')[0]
    answer = host.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/linkset+json")
    assert f"{BASE}{FIGURE}.html" in [each["anchor"] for each in answer.json()["linkset"]]


def test_a_page_names_its_data_in_its_headers(host: httpx.Client) -> None:
    for path in (FIGURE, "genes/8600", "organisms/9606", "papers/PMC1", "chemicals/CHEBI_22984"):
        assert links_of(host.get(f"{path}.html")) == [
            (f"{BASE}{path}.ttl", "describedby", "text/turtle"),
            (f"{BASE}{path}.jsonld", "describedby", "application/ld+json"),
        ]
    assert links_of(host.get("about.html")) == []


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/ld+json;q=0.8, text/turtle", "ttl"),
        ("text/html, text/turtle;q=0.5", ""),
        ("*/*", ""),
    ],
)
def test_who_asks_for_rdf_is_led_to_it(host: httpx.Client, accept: str, suffix: str) -> None:
    answer = host.get(f"{FIGURE}.html", headers={"accept": accept})
    if suffix:
        assert answer.status_code == 303
        assert httpx.URL(answer.headers["location"]).path == f"/pfocr/{FIGURE}.{suffix}"
        assert host.get(answer.headers["location"]).status_code == 200
    else:
        assert answer.status_code == 200
        assert "Accept" in answer.headers["vary"]


def test_what_has_no_page_gets_the_page_of_the_site(host: httpx.Client) -> None:
    for path in ("figures/PMC1__none.html", "nothing/at/all"):
        answer = host.get(path, headers={"accept": "text/turtle"})
        assert answer.status_code == 404
        assert "This site has no such page." in answer.text
        assert 'href="/pfocr/static/style.css"' in answer.text
