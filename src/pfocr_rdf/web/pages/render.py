"""Views -> HTML, by the templates of this package, with every value escaped; and what a page may load."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Final
from urllib.parse import urlencode

import orjson
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup

from pfocr_rdf.query.index import Ref
from pfocr_rdf.rdf import PAGED, Kind
from pfocr_rdf.version import __version__
from pfocr_rdf.web.pages import caption_marks as marks
from pfocr_rdf.web.pages import charts
from pfocr_rdf.web.pages import number_text as wording
from pfocr_rdf.web.pages.citations import RELEASE_CITATIONS, rights
from pfocr_rdf.web.pages.figure_files import FIGURE_FILES
from pfocr_rdf.web.pages.images import NO_IMAGES, FigureImages
from pfocr_rdf.web.pages.links import LISTS_OF_SITES, Links, web_address
from pfocr_rdf.web.pages.list_files import GENE_FORMATS, NETWORK_FORMATS, TABLE_FORMATS
from pfocr_rdf.web.pages.mention_rows import shown_mentions
from pfocr_rdf.web.pages.read_enrichment import EnrichView
from pfocr_rdf.web.pages.read_list import DATED, FIELDS, ListView
from pfocr_rdf.web.pages.read_question import QuestionsView, QuestionView
from pfocr_rdf.web.pages.views import (
    AboutView,
    EntityView,
    ErrorView,
    FigureView,
    Head,
    HomeView,
    PaperView,
    QueryView,
    SearchView,
)
from pfocr_rdf.web.pages.wrong_readings import wrong_reading
from pfocr_rdf.web.vocabulary import ShapesView

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LINKS_KEPT: Final = 20_000
# In a string of JSON, where alone these stand, each may be written as an escape.
_UNSAFE: Final = re.compile(r"[<>&\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")

ENRICHR: Final = "https://maayanlab.cloud"
"""Takes genes by a form alone, which a reader may send there."""
_GPROFILER: Final = "https://biit.cs.ut.ee/gprofiler/gost"
_STRICT: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    f"form-action 'self' {ENRICHR}",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)

PAGE_POLICY: Final = "; ".join(_STRICT)
"""For every page: no inline script or style, nothing from another host.

Where images of figures are shown, `FigureImages.allowed_by` adds their host."""

_COLUMN_RESIZER: Final = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"

QUERY_PAGE_POLICY: Final = PAGE_POLICY.replace(
    "style-src 'self'", f"style-src 'self' {_COLUMN_RESIZER}"
)
"""For the query page alone. The table of YASGUI 4.6.2 puts one style element into the page, of
the library that resizes its columns; the hash allows just these bytes. All else that YASGUI
styles it styles by script, which a policy does not forbid."""


class _Compiled(BytecodeCache):
    """The templates as this process has compiled them: a site has three renderers."""

    def __init__(self) -> None:
        self._known: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._known[bucket.key] = bucket.code


_COMPILED: Final = _Compiled()


class Renderer:
    """Writes the pages of one web place.

    Args:
        links: Where its pages lie.
        release: The release's name, for the foot of each page; "" when it has none.
        images: Which images of figures are shown.
    """

    def __init__(self, links: Links, release: str = "", images: FigureImages = NO_IMAGES) -> None:
        self._links = links
        self._templates = Environment(
            loader=PackageLoader("pfocr_rdf.web.pages"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
        )
        self._templates.globals.update(
            links=links,
            release=release,
            version=__version__,
            kinds=PAGED,
            Kind=Kind,
            data_suffixes=links.data_suffixes,
            charts=charts,
            images=images,
            figure_suffixes=tuple(FIGURE_FILES),
            release_citations=RELEASE_CITATIONS,
            rights=rights,
            # The same genes are on thousands of pages.
            linked=lru_cache(_LINKS_KEPT)(self._linked),
            list_files=self._list_files,
            part_files=self._part_files,
            gprofiler=gprofiler,
            enrichr=f"{ENRICHR}/Enrichr/enrich",
        )
        self._templates.filters.update(
            number=wording.number,
            plural=wording.plural,
            size=wording.size,
            share=wording.share,
            probability=wording.probability,
            ratio=wording.ratio,
            web=web_address,
            marked=self._marked,
            json_ld=json_ld,
            image=images.shown,
            shown=shown_mentions,
            wrong_reading=wrong_reading,
            marks_in=lambda view: marks.kinds_marked(view.caption, view.mentions),
        )

    def home(self, view: HomeView, head: Head | None = None) -> str:
        """Return the first page."""
        return self._page("home.html", view, head)

    def search(self, view: SearchView) -> str:
        """Return the results of a search."""
        return self._page("search.html", view)

    def questions(self, view: QuestionsView) -> str:
        """Return the list of questions."""
        return self._page("questions.html", view)

    def question(self, view: QuestionView) -> str:
        """Return the form of a question, with its answer."""
        return self._page("question.html", view)

    def find(self) -> str:
        """Return the page on which a script shows results where no server answers."""
        return self._page("find.html", None)

    def enrich(self, view: EnrichView) -> str:
        """Return the page of a user's genes."""
        return self._page("enrich.html", view)

    def listed(self, view: ListView, head: Head | None = None) -> str:
        """Return a page of a list."""
        fields, of_sites = FIELDS[view.kind], LISTS_OF_SITES[view.kind]
        dated = view.kind in DATED
        return self._page("list.html", view, head, fields=fields, site_fields=of_sites, dated=dated)

    def figure(self, view: FigureView, head: Head | None = None) -> str:
        """Return the page of a figure."""
        return self._page("figure.html", view, head)

    def paper(self, view: PaperView, head: Head | None = None) -> str:
        """Return the page of a paper."""
        return self._page("paper.html", view, head)

    def entity(self, view: EntityView, head: Head | None = None) -> str:
        """Return a page of a gene, chemical, disease or organism."""
        template = "gene.html" if view.kind is Kind.GENE else "entity.html"
        return self._page(template, view, head)

    def query(self, view: QueryView) -> str:
        """Return the query page; it needs `QUERY_PAGE_POLICY`."""
        return self._page("query.html", view, None, data=query_data(view, self._links))

    def about(self, view: AboutView, head: Head | None = None) -> str:
        """Return the page on the release."""
        return self._page("about.html", view, head)

    def shapes(self, view: ShapesView) -> str:
        """Return the page of the shapes."""
        return self._page("shapes.html", view)

    def error(self, view: ErrorView) -> str:
        """Return a page that says why there is none."""
        return self._page("error.html", view)

    def _page(self, template: str, view: object, head: Head | None = None, **more: object) -> str:
        name = template.removesuffix(".html")
        page = self._templates.get_template(template)
        # HTML cannot hold control characters, which a caption or a search may have.
        return _CONTROL.sub("", page.render(view=view, page_name=name, head=head, **more))

    def _list_files(self, view: ListView) -> list[tuple[str, str | None]]:
        formats = GENE_FORMATS if view.kind is Kind.GENE else TABLE_FORMATS
        given = view.asked.given
        return [(f.said, self._links.list(view.kind, given, suffix=f)) for f in formats]

    def _part_files(
        self, kind: Kind, iri: str, what: str, tier: str = ""
    ) -> list[tuple[str, str | None]]:
        formats = {"genes": GENE_FORMATS, "network": NETWORK_FORMATS}.get(what, TABLE_FORMATS)
        return [(f.said, self._links.part(kind, iri, what, f, tier)) for f in formats]

    def _linked(self, ref: Ref) -> Markup:
        """Return a name that leads to its page, if it has one."""
        page = self._links.page(ref.kind, ref.iri)
        if page is None:
            return Markup('<bdi title="{}">{}</bdi>').format(ref.iri, ref.label)
        return Markup('<a href="{}"><bdi>{}</bdi></a>').format(page, ref.label)

    def _marked(self, view: FigureView) -> Markup:
        return marks.marked_caption(view.caption, view.mentions, self._links)


def json_ld(data: Mapping[str, object]) -> Markup:
    r"""Return JSON-LD as the content of a script element, which nothing in it can end.

    Example:
        >>> json_ld({"name": "</script>"})
        Markup('{"name":"\\u003c/script\\u003e"}')
    """
    text = orjson.dumps(data).decode()
    return Markup(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S704 - no sign is left that HTML reads


def gprofiler(symbols: Sequence[str]) -> str:
    """Return where g:Profiler compares human genes with its sets.

    Source: https://biit.cs.ut.ee/gprofiler/page/docs
    """
    return f"{_GPROFILER}?{urlencode({'organism': 'hsapiens', 'query': chr(10).join(symbols)})}"


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
        "opening": view.opening,
        "pages": [
            {"before": before, "after": after, "address": f"{links.base}{kind.plural}/{start}"}
            for kind, start, before, after in links.patterns()
        ],
        "figures": next(before for kind, _, before, _ in links.patterns() if kind is Kind.FIGURE),
        "suffix": links.suffix,
        "prefixes": dict(view.prefixes),
        "classes": [term._asdict() for term in view.classes],
        "properties": [term._asdict() for term in view.properties],
        "sought": dict(view.sought),
        "suggestions": links.suggestions(),
    }
