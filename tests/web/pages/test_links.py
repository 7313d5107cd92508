"""Addresses: one for each resource, the same way back, and never one that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.web.pages.links import Links, iri_of, key_of, web_address

KEYS = {
    Kind.FIGURE: ["PMC4168338__10-1055-s-0031-1298276-i430gf01", "PMC1__a"],
    Kind.GENE: ["8600", "HGNC_11926"],
    Kind.CHEMICAL: ["CHEBI_22984", "D002118"],
    Kind.DISEASE: ["DOID_162", "DOID_0080600", "D009369"],
    Kind.ORGANISM: ["9606", "mus-cookii", "x-0123456789ab"],
    Kind.PAPER: ["PMC4168338"],
}


@pytest.mark.parametrize("style", IriStyle)
@pytest.mark.parametrize(("kind", "key"), [(k, key) for k, keys in KEYS.items() for key in keys])
def test_a_key_and_its_iri_lead_to_each_other(kind: Kind, key: str, style: IriStyle) -> None:
    iri = iri_of(kind, key, style)
    assert iri is not None
    assert key_of(kind, iri, style) == key
    assert Links(style=style).page(kind, iri) == f"/{kind.plural}/{key}"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("style", IriStyle)
@given(key=st.text(max_size=40))
def test_whatever_has_an_iri_has_a_page_that_leads_back(
    kind: Kind, style: IriStyle, key: str
) -> None:
    iri = iri_of(kind, key, style)
    if iri is not None:
        assert key_of(kind, iri, style) == key


@pytest.mark.parametrize(
    "key", ["", ".", "..", "../../etc/passwd", "8600/x", "8600\n", "8600.ttl", "%2e%2e", "<b>", "'"]
)
@pytest.mark.parametrize("kind", Kind)
def test_what_is_no_identifier_has_no_iri(kind: Kind, key: str) -> None:
    assert iri_of(kind, key, IriStyle.OBO) is None


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "http://identifiers.org/ncbigene/", "urn:x", "", "http://x/8600"]
)
@pytest.mark.parametrize("kind", Kind)
def test_an_iri_that_is_not_ours_has_no_page(kind: Kind, iri: str) -> None:
    assert Links().page(kind, iri) is None
    assert Links().data(kind, iri, "ttl") is None


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example/",
        "/figures/x",
        "http:",
        "https://a.example/\u202egpj.exe",
        "https://a.example/ b",
        'https://a.example/"onclick=',
        "ftp://a.example/",
        "",
    ],
)
def test_a_browser_is_led_to_plain_web_addresses_only(value: str) -> None:
    assert web_address(value) is None


def test_a_web_address_is_kept_as_it_is() -> None:
    for value in ("https://doi.org/10.1002/(sici)1%3C1661::aid%23968%3E3.0.co;2-2", "http://a.b/é"):
        assert web_address(value) == value


def test_a_static_site_lies_anywhere_and_its_pages_end_in_html() -> None:
    links = Links(base="/pfocr/", suffix=".html", live=False)
    gene = "http://identifiers.org/ncbigene/8600"
    assert links.home() == "/pfocr/"
    assert links.page(Kind.GENE, gene) == "/pfocr/genes/8600.html"
    assert links.page(Kind.GENE, gene, 3) == "/pfocr/genes/8600_page3.html"
    assert links.data(Kind.GENE, gene, "ttl") == "/pfocr/genes/8600.ttl"
    assert links.about() == "/pfocr/about.html"
    assert links.static("style.css") == "/pfocr/static/style.css"


def test_a_search_is_percent_encoded() -> None:
    assert Links().search('a&b="<', Kind.GENE, 2) == "/search?q=a%26b%3D%22%3C&kind=gene&page=2"
