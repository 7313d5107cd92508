"""Views -> HTML, by the templates of this package, with every value escaped."""

from __future__ import annotations

import re
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from pfocr_rdf.version import __version__
from pfocr_rdf.web import charts, marks, wording
from pfocr_rdf.web.links import DATA_SUFFIXES, Kind, Links, web_address
from pfocr_rdf.web.model import (
    AboutView,
    EntityView,
    ErrorView,
    FigureView,
    HomeView,
    PaperView,
    QueryView,
    SearchView,
)

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class Renderer:
    """Writes the pages of one web place.

    Args:
        links: Where its pages lie.
        release: The release's name, for the foot of each page; "" when it has none.
    """

    def __init__(self, links: Links, release: str = "") -> None:
        self._templates = Environment(
            loader=PackageLoader("pfocr_rdf.web"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            finalize=_written,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(
            links=links,
            release=release,
            version=__version__,
            kinds=tuple(Kind),
            Kind=Kind,
            data_suffixes=DATA_SUFFIXES,
            charts=charts,
        )
        self._templates.filters.update(
            number=wording.number,
            plural=wording.plural,
            size=wording.size,
            share=wording.share,
            web=web_address,
            marked=self._marked,
            marks_in=lambda view: marks.kinds_marked(view.caption, view.mentions),
        )
        self._links = links

    def home(self, view: HomeView) -> str:
        """Return the first page."""
        return self._page("home.html", view)

    def search(self, view: SearchView) -> str:
        """Return the results of a search."""
        return self._page("search.html", view)

    def figure(self, view: FigureView) -> str:
        """Return the page of a figure."""
        return self._page("figure.html", view)

    def paper(self, view: PaperView) -> str:
        """Return the page of a paper."""
        return self._page("paper.html", view)

    def gene(self, view: EntityView) -> str:
        """Return the page of a gene."""
        return self._page("gene.html", view)

    def chemical(self, view: EntityView) -> str:
        """Return the page of a chemical."""
        return self._page("entity.html", view)

    def disease(self, view: EntityView) -> str:
        """Return the page of a disease."""
        return self._page("entity.html", view)

    def organism(self, view: EntityView) -> str:
        """Return the page of an organism."""
        return self._page("entity.html", view)

    def query(self, view: QueryView) -> str:
        """Return the query page; it needs `policy.QUERY_PAGE_POLICY`."""
        return self._page("query.html", view, data=query_data(view, self._links))

    def about(self, view: AboutView) -> str:
        """Return the page on the release."""
        return self._page("about.html", view)

    def error(self, view: ErrorView) -> str:
        """Return a page that says why there is none."""
        return self._page("error.html", view)

    def _page(self, template: str, view: object, **more: object) -> str:
        name = template.removesuffix(".html")
        return self._templates.get_template(template).render(view=view, page_name=name, **more)

    def _marked(self, view: FigureView) -> Markup:
        return marks.marked_caption(view.caption, view.mentions, self._links)


def _written(value: object) -> object:
    """Leave out what HTML cannot hold: control characters that a caption or a search may have."""
    if isinstance(value, str) and _CONTROL.search(value):
        return type(value)(_CONTROL.sub("", value))
    return value


def query_data(view: QueryView, links: Links) -> dict[str, object]:
    """Return what the script of the query page reads from the page.

    `pages` says which IRIs in an answer have a page here: what stands before and after their
    key, and the address that the key completes. MeSH is left out: its IRIs do not say whether
    they are a chemical or a disease.
    """
    return {
        "questions": [
            {"name": question.name, "title": question.title, "text": question.text}
            for question in view.questions
        ],
        "selected": view.selected,
        "pages": [
            {"before": before, "after": after, "address": f"{links.base}{kind.folder}/{start}"}
            for kind, start, before, after in links.patterns()
        ],
        "figures": next(before for kind, _, before, _ in links.patterns() if kind is Kind.FIGURE),
        "suffix": links.suffix,
        "prefixes": dict(view.prefixes),
        "classes": [term._asdict() for term in view.classes],
        "properties": [term._asdict() for term in view.properties],
    }
