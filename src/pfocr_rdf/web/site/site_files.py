"""The files of the whole site: first page, page on the release, 404, static files, downloads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson

from pfocr_rdf.query.index import Numbers
from pfocr_rdf.rdf import Kind
from pfocr_rdf.release import MANIFEST, VOID_FILE, Release
from pfocr_rdf.shipped import vocabulary_page
from pfocr_rdf.version import __version__
from pfocr_rdf.web.pages import (
    AboutView,
    ErrorView,
    FileItem,
    Head,
    HomeView,
    Renderer,
    TypedLink,
    about_view,
    home_view,
    key_of,
    number,
    read_description,
    release_citations,
    robots,
)
from pfocr_rdf.web.schema_org import Download, JsonObject, catalog_data
from pfocr_rdf.web.site.figure_words import TitledFigure, word_files
from pfocr_rdf.web.site.host_files import NOT_FOUND, headers, htaccess, policy_for
from pfocr_rdf.web.site.options import ABOUT_SITE, SiteOptions
from pfocr_rdf.web.site.output import linked
from pfocr_rdf.web.site.page_maker import PageMaker
from pfocr_rdf.web.site.signposts import ABOUT_PAGE
from pfocr_rdf.web.vocabulary import SHAPES, data_files, shapes_view, shipped_model

FILES: Final = "files"
RESULTS: Final = "search.html"
"""On which a script shows what a search finds; no list of pages has it."""
_MOST_SHOWN: Final = 8
_STATIC: Final = (
    "find.js",
    "list.css",
    "style.css",
    "take.js",
    "mark.svg",
    "images.js",
    "names.js",
    "search.js",
    "vendor/source-sans-3-greek.woff2",
    "vendor/source-sans-3-latin-ext.woff2",
    "vendor/source-sans-3-latin.woff2",
    "vendor/source-sans-3.LICENSE.txt",
    "vendor/source-serif-4-greek.woff2",
    "vendor/source-serif-4-latin.woff2",
    "vendor/source-serif-4.LICENSE.txt",
)
"""What pages load when no server answers; the rest is for queries and networks."""
_NOT_HERE: Final = ErrorView(
    404,
    "Not found",
    "This site has no such page.",
    "A figure may have been withdrawn, or an address mistyped. Search for a gene, or begin anew.",
)


class Whole:
    """The files that are about the whole release.

    Args:
        release: What is shown.
        options: Of the site.
        maker: Of this process.
    """

    def __init__(self, release: Release, options: SiteOptions, maker: PageMaker) -> None:
        self._release = release
        self._options = options
        self._maker = maker
        self._links = maker.links
        self._pages = Renderer(maker.links.top, release.name, options.figure_images)

    def contents(self, pages: Mapping[Kind, int]) -> Iterator[tuple[str, bytes]]:
        """Yield the path and content of each file, save sitemaps and downloads.

        Args:
            pages: How many entities of each kind have a page.
        """
        yield "index.html", self._pages.home(self._home, self._home_head).encode()
        yield RESULTS, self._pages.find().encode()
        yield from word_files(self._titled())
        yield "about.html", self._pages.about(self._about, self._about_head).encode()
        yield NOT_FOUND, Renderer(self._links.rooted).error(_NOT_HERE).encode()
        yield "robots.txt", robots(self._options.base)
        policy = self._options.figure_images.allowed_by(
            policy_for([vocabulary_page().read_text(encoding="utf-8")])
        )
        yield ".htaccess", htaccess(self._options, policy)
        yield "_headers", headers(self._options, policy)
        yield from release_citations(self._release).items()
        yield ".nojekyll", b""  # GitHub Pages would leave out _headers
        if self._options.path == "/":
            yield ".well-known/void", (self._release.folder / VOID_FILE).read_bytes()
        yield ABOUT_SITE, self._about_site(pages)
        shapes = self._maker.pages.shapes(shapes_view(shipped_model()))
        yield f"{SHAPES}/index.html", shapes.encode()
        yield from data_files()
        static = files("pfocr_rdf.web.pages") / "static"
        for name in _STATIC:
            yield f"static/{name}", static.joinpath(name).read_bytes()

    def downloads(self, folder: Path) -> Iterator[tuple[str, int]]:
        """Put the release's files into the site, unless they lie elsewhere.

        Args:
            folder: Of the new site.

        Yields:
            The path and size of each.
        """
        if self._options.files_url:
            return
        names = [MANIFEST, *(file.name for file in self._release.outputs)]
        for name in names:
            source, path = self._release.folder / name, f"{FILES}/{name}"
            if not linked(str(source.resolve()), str(folder / path)):
                raise FileNotFoundError(2, "No such file", str(source))
            yield path, source.stat().st_size

    def _titled(self) -> Iterator[TitledFigure]:
        """Yield the figures that have a page, the newest first."""
        links, style = self._links.paths, self._release.iri_style
        for iri, title, year, paper in self._maker.index.titles():
            if path := links.page(Kind.FIGURE, iri):
                pmcid = key_of(Kind.PAPER, paper, style) if paper else ""
                yield TitledFigure(path, title, year, pmcid or "")

    @property
    def _numbers(self) -> Numbers:
        return self._maker.index.numbers

    @cached_property
    def _home(self) -> HomeView:
        graphs = [file for file in self._about.files if file.triples]
        graphs.sort(key=lambda file: not file.name.startswith("pfocr"))  # dumps first
        return home_view(self._numbers, tuple(graphs[:_MOST_SHOWN]))

    @cached_property
    def _about(self) -> AboutView:
        return about_view(read_description(self._release), self._release)

    @property
    def _home_head(self) -> Head:
        figures = number(self._numbers.totals["figures"])
        return Head(
            self._links.absolute.home(),
            f"{figures} figures of biological pathways from the literature, with the genes, "
            "chemicals and diseases read in them, as linked data.",
            self._typed_links(),
            self._data(),
        )

    @property
    def _about_head(self) -> Head:
        return Head(
            self._links.absolute.about(),
            "The files of the release, their formats, sizes and checksums, and what it counts.",
            self._typed_links(),
        )

    def _typed_links(self) -> tuple[TypedLink, ...]:
        links, about = self._links.top, self._about
        return (
            TypedLink("cite-as", "https://w3id.org/pfocr/dataset"),
            TypedLink("describedby", links.file(VOID_FILE), "text/turtle"),
            *(
                TypedLink("item", links.file(file.name), file.media_type)
                for file in self._dumps(about)
            ),
            *((TypedLink("license", about.license),) if about.license else ()),
            TypedLink("type", ABOUT_PAGE),
            TypedLink("type", "https://schema.org/Dataset"),
        )

    def _dumps(self, about: AboutView) -> Iterable[FileItem]:
        return (file for file in about.files if file.triples and file.name != VOID_FILE)

    def _data(self) -> JsonObject:
        absolute = self._links.absolute
        return catalog_data(
            absolute.home(),
            downloads=[
                Download(absolute.file(f.name), f.media_type, f.name, f.bytes, f.sha256)
                for f in self._dumps(self._about)
            ],
            version=self._release.name,
            date=self._release.issued,
            figures=self._numbers.totals["figures"],
        )

    def _about_site(self, pages: Mapping[Kind, int]) -> bytes:
        record = {
            "made with": f"pfocr-rdf {__version__}",
            "release": {"name": self._release.name, "key": self._release.key},
            "address": self._options.base,
            "pages": {kind.plural: count for kind, count in pages.items()},
        }
        return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
