"""The pages that are about the whole release: home, search, query, files; and their data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import Question, as_rdf
from pfocr_rdf.rdf import IRI, PAGED, Kind
from pfocr_rdf.release import MANIFEST, VOID_FILE, Release
from pfocr_rdf.web.pages import (
    CITATION_TYPES,
    QUERY_PAGE_POLICY,
    Links,
    Renderer,
    about_view,
    home_view,
    network,
    query_view,
    read_description,
    release_citations,
    search_view,
    suggest,
)
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.resources import Resources
from pfocr_rdf.web.server.responses import LOST, page_number, wanted_tier


class Pages:
    """The pages of a release.

    Args:
        release: What is served.
        index: What the pages show.
        search: Its words.
        resources: What there is.
        questions: Those that are shipped.
        links: Where things are.
        renderer: For pages.
        endpoint: The address of the SPARQL endpoint.
    """

    def __init__(
        self,
        release: Release,
        index: Index,
        search: Search,
        resources: Resources,
        questions: dict[str, Question],
        links: Links,
        renderer: Renderer,
        endpoint: IRI,
    ) -> None:
        self._release = release
        self._index = index
        self._description = read_description(release)
        self._search = search
        self._resources = resources
        self._questions = questions
        self._links = links
        self._renderer = renderer
        self._endpoint = endpoint
        self._citations = release_citations(release)
        self._files = {file.name: file for file in release.outputs}

    def routes(self, queue: PageQueue, compressed: Sequence[Middleware]) -> list[Route]:
        """Return what answers at which address; all may block, and run in threads.

        Args:
            queue: For those that ask much of the index.
            compressed: Around what may be compressed on its way.
        """
        texts = {
            "/": self.home,
            "/search": queue.for_each(self.search),
            "/about": queue.for_each(self.about),
            "/query": queue.for_each(self.query),
            "/api/suggest": self.suggest,
            "/api/network/{key}": queue.for_each(self.network),
            "/queries.ttl": self.questions,
            **{f"/{name}": self.citation for name in self._citations},
        }
        return [
            *(Route(path, answer, middleware=compressed) for path, answer in texts.items()),
            # Files lie there compressed, or are large: they go as they are, with their length.
            Route("/files/{name}", self.file),
            Route("/.well-known/void", self.void),
        ]

    def home(self, _request: Request) -> Response:
        """Return the first page."""
        return HTMLResponse(self._renderer.home(home_view(self._index.numbers)))

    def search(self, request: Request) -> Response:
        """Return what a search finds."""
        kind = _kind_in(request)
        number = page_number(request)
        # A page shows what was asked, and may not hold control characters.
        asked = "".join(filter(str.isprintable, request.query_params.get("q", "")))
        view = search_view(self._search, asked, kind, number)
        if view is None:
            raise HTTPException(404, f"This search has no page {number}.")
        return HTMLResponse(self._renderer.search(view))

    def about(self, _request: Request) -> Response:
        """Return the page on the release."""
        view = about_view(self._description, self._release)
        return HTMLResponse(self._renderer.about(view))

    def query(self, request: Request) -> Response:
        """Return the query page."""
        chosen = request.query_params.get("question", "")
        gene = next((each.ref.label for each in self._index.numbers.top_genes), "")
        view = query_view(self._description, self._questions, self._release, chosen, gene)
        if view is None:
            raise HTTPException(404, f"There is no question {chosen[:100]!r}.")
        headers = {"content-security-policy": QUERY_PAGE_POLICY}
        return HTMLResponse(self._renderer.query(view), headers=headers)

    def suggest(self, request: Request) -> Response:
        """Return what the search box proposes."""
        asked = request.query_params.get("q", "")
        kind = _kind_in(request)
        return JSONResponse(suggest(self._search, self._links, asked, kind))

    def network(self, request: Request) -> Response:
        """Return the genes around one."""
        key = request.path_params["key"]
        iri = self._resources.find(Kind.GENE, key)
        found = (
            None if iri is None else network(self._index, self._links, iri, wanted_tier(request))
        )
        if found is None:
            raise HTTPException(404, f"This release has no gene {key[:200]!r}.")
        return JSONResponse(found)

    def questions(self, _request: Request) -> Response:
        """Return the shipped questions as RDF."""
        content = as_rdf(self._questions.values(), self._endpoint)
        return Response(content, media_type="text/turtle")

    def citation(self, request: Request) -> Response:
        """Return how the release is cited, in the form that the address asks for."""
        name = request.url.path.rpartition("/")[2]
        media_type = CITATION_TYPES[name.rpartition(".")[2]]
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(self._citations[name], media_type=media_type, headers=headers)

    def file(self, request: Request) -> Response:
        """Return a file of the release: only those that its manifest lists, and that itself."""
        name = request.path_params["name"]
        if name == MANIFEST or name in self._files:
            self._check_release()
        if name == MANIFEST:
            return FileResponse(self._release.folder / MANIFEST, media_type="application/json")
        file = self._files.get(name)
        if file is None:
            raise HTTPException(404, f"This release has no file {name[:200]!r}.")
        return FileResponse(
            self._release.path(file), media_type=_sent_as(file.name, file.media_type)
        )

    def _check_release(self) -> None:
        """Make sure that what lies there still is the release of the pages, and not another."""
        try:
            manifest = (self._release.folder / MANIFEST).read_bytes()
        except OSError:
            manifest = b""
        if hashlib.sha256(manifest).hexdigest() != self._release.key:
            raise HTTPException(503, LOST)

    def void(self, _request: Request) -> Response:
        """Lead to the VoID description, as https://www.w3.org/TR/void/#well-known has it."""
        return RedirectResponse(self._links.file(VOID_FILE), 302)


def _kind_in(request: Request) -> Kind | None:
    """Return the kind that a search is limited to."""
    given = request.query_params.get("kind", "")
    if given and given not in PAGED:
        raise HTTPException(404, f"kind: expected one of {', '.join(PAGED)}.")
    return Kind(given) if given else None


def _sent_as(name: str, media_type: str) -> str:
    """Return the type of a file as it lies there: a compressed one is not unpacked on the way."""
    if name.endswith(".gz"):
        return "application/gzip"
    return "application/zstd" if name.endswith(".zst") else media_type
