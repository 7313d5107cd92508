"""Images of figures: off by default, from one host, and only with an address at that host."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pfocr_rdf.query.index import FigureItem
from pfocr_rdf.web.pages.images import NO_IMAGES, FigureImages, ImageHost
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.render import PAGE_POLICY, QUERY_PAGE_POLICY, Renderer
from pfocr_rdf.web.pages.views import HomeView
from pfocr_rdf.web.server import ServeOptions
from pfocr_rdf.web.site import SiteOptions
from tests.support.web_pages import Page, faults, text_of
from tests.web.pages.test_figure_files import FIGURE, IRI

SHOWN = FigureImages(ImageHost.EUROPEPMC)
HOME = HomeView((), (), (), (), (), (), ())
IMAGE = FIGURE.image_url
NEIGHBOUR = FigureItem(IRI.replace("f.1", "f.2"), "Another", "F2", "2008", "", 3, "", IMAGE)


def figure_page(images: FigureImages, **changes: object) -> Page:
    view = replace(FIGURE, neighbours=(NEIGHBOUR,), **changes)  # type: ignore[arg-type]
    page = Page(Renderer(Links(), images=images).figure(view))
    assert faults(page) == []
    return page


def test_nothing_is_loaded_from_elsewhere_unless_it_is_asked_for() -> None:
    assert ServeOptions().images is SiteOptions().images is ImageHost.NONE
    page = figure_page(NO_IMAGES)
    assert not list(page.all("img"))
    assert "images.js" not in page.html
    assert "the image has the licence of its paper" in text_of(page.one("main"))
    assert NO_IMAGES.allowed_by(PAGE_POLICY) == PAGE_POLICY


def test_the_image_has_text_for_those_who_do_not_see_it() -> None:
    image, thumb = figure_page(SHOWN).all("img")
    assert image.get("src") == thumb.get("src") == IMAGE
    assert image.get("alt") == f"The pathway figure: {FIGURE.title}"
    assert image.get("loading") is None
    assert thumb.get("alt") == "Image of F2"
    assert thumb.get("loading") == "lazy"
    assert {each.get("referrerpolicy") for each in (image, thumb)} == {"no-referrer"}


def test_the_licence_of_the_image_is_said_beside_it() -> None:
    caption = figure_page(SHOWN).one("figcaption")
    assert "The record is CC0 1.0; the image has the licence of its paper." in text_of(caption)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://europepmc.org/articles/PMC1/bin/f.jpg",
        "https://europepmc.org@example.org/f.jpg",
        "https://europepmc.org:8443/f.jpg",
        "https://www.europepmc.org/f.jpg",
        "//europepmc.org/f.jpg",
        "javascript:alert(1)",
        'https://europepmc.org/"onerror=',
    ],
)
def test_an_address_elsewhere_is_no_image(address: str) -> None:
    assert SHOWN.shown(address) == ""
    assert len(list(figure_page(SHOWN, image_url=address).all("img"))) == 1


def test_the_policy_allows_images_of_that_host_alone() -> None:
    for policy in (PAGE_POLICY, QUERY_PAGE_POLICY):
        before, after = (
            dict(part.split(" ", 1) for part in each.split("; "))
            for each in (policy, SHOWN.allowed_by(policy))
        )
        assert after.pop("img-src") == "'self' data: https://europepmc.org"
        assert before.pop("img-src") == "'self' data:"
        assert after == before


def test_the_first_page_says_how_images_are_turned_on() -> None:
    page = Page(Renderer(Links()).home(HOME))
    assert "--images europepmc" in text_of(page.one("main"))
    page = Page(Renderer(Links(), images=SHOWN).home(HOME))
    assert "Images of figures come from Europe PMC" in text_of(page.one("main"))
    assert "--images" not in page.html
