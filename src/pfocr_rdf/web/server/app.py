"""The web application of one release: what answers at which address."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pfocr_rdf.processes import default_jobs
from pfocr_rdf.query.enrichment import Enricher
from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.query.store import StorePlace, is_current, open_triples
from pfocr_rdf.rdf import IRI, PAGED, Iris, Prefixes
from pfocr_rdf.release import Release
from pfocr_rdf.web.pages import PAGE_POLICY, FigureImages, Links, Renderer
from pfocr_rdf.web.server.crawlers import Crawlers
from pfocr_rdf.web.server.enrichment import EnrichmentPage
from pfocr_rdf.web.server.frames import Limits
from pfocr_rdf.web.server.linked_data import LinkedData
from pfocr_rdf.web.server.lists import Lists
from pfocr_rdf.web.server.mcp import Addresses, McpEndpoint, Tools
from pfocr_rdf.web.server.options import ServeOptions, default_workers
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.protocol import Sparql
from pfocr_rdf.web.server.query_pool import QueryPool
from pfocr_rdf.web.server.question_pages import QuestionPages
from pfocr_rdf.web.server.release_pages import Pages
from pfocr_rdf.web.server.resources import Resources, StoreLostError
from pfocr_rdf.web.server.responses import Errors, SecureHeaders
from pfocr_rdf.web.server.service_description import Service

_EXPOSED: Final = ("Link", "Content-Location", "ETag", "Retry-After")


def create_app(release: Release, place: StorePlace, options: ServeOptions) -> Starlette:
    """Return the application; its worker processes live from its startup to its shutdown.

    Args:
        release: What is served.
        place: The store made of it.
        options: Checked already.
    """
    base = _with_slash(options.base_url or f"http://{_host(options.host)}:{options.port}")
    links = Links(base=_with_slash(urlsplit(base).path), style=release.iri_style)
    prefixes = Prefixes(Iris(release.iri_style))
    endpoint = IRI(f"{base}sparql")
    store = open_triples(place)
    index = Index(place.index_file)
    search = Search(place.index_file)
    images = FigureImages(options.images)
    renderer = Renderer(links, release.name, images)
    resources = Resources(store, release.iri_style, prefixes)
    at_once = options.workers or default_workers(default_jobs())
    queries = QueryPool(
        place.oxigraph,
        release.iri_style,
        Limits(options.max_rows, options.max_bytes, options.max_memory, options.federation),
        options.timeout,
        at_once,
        lambda: is_current(place, release),
    )
    service = Service(
        release,
        endpoint,
        (name.value for name in store.named_graphs()),
        prefixes,
        federates=bool(options.federation),
    )
    questions = load_questions()
    pages = Pages(
        release,
        index,
        search,
        resources,
        questions,
        links,
        renderer,
        endpoint,
    )
    data = LinkedData(resources, index, search, links, renderer, release.key)
    forms = QuestionPages(
        questions,
        queries,
        store,
        search,
        links,
        renderer,
        options.federation,
        options.max_request,
    )
    enrichment = EnrichmentPage(
        release,
        Enricher(index, search),
        links,
        renderer,
        options.max_request,
        options.max_rows,
    )
    lists = Lists(index, resources, prefixes, links, renderer)
    crawlers = Crawlers(index, Links(base=base, style=release.iri_style), links.base)
    queue = PageQueue(at_once, options.timeout)
    assistants = McpEndpoint(
        lambda: Tools(
            release,
            index,
            search,
            store,
            questions,
            queries,
            queue,
            Addresses.at(base, release.iri_style),
            options.federation,
        ),
        options,
    )
    sparql = Sparql(queries, service, options.max_request, links.query())
    errors = Errors(renderer)
    # Answers to queries are not compressed: a large one would hold up all others.
    compressed = [Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)]
    documents = [
        *pages.routes(queue, compressed),
        *forms.routes(queue, compressed),
        enrichment.route(queue, compressed),
        *lists.routes(queue, compressed),
        *crawlers.routes(queue, compressed),
        Route("/resource", queue.for_each(data.elsewhere)),
        *(
            Route(
                f"/{kind.plural}/{{key}}",
                queue.for_each(data.endpoint(kind)),
                middleware=compressed,
            )
            for kind in PAGED
        ),
    ]

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        async with queries:
            yield
            await assistants.close()

    app = Starlette(
        routes=[
            Route("/sparql", sparql.answer, methods=["GET", "POST", "OPTIONS"]),
            Route("/mcp", assistants, methods=["POST"]),
            Mount(
                "/static",
                StaticFiles(packages=[("pfocr_rdf.web.pages", "static")]),
                middleware=compressed,
            ),
            *documents,
        ],
        middleware=[
            Middleware(SecureHeaders, page_policy=images.allowed_by(PAGE_POLICY)),
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=_EXPOSED,
            ),
        ],
        exception_handlers={
            HTTPException: errors.known,
            StoreLostError: errors.lost,
            sqlite3.DatabaseError: errors.lost,
            Exception: errors.unknown,
        },
        lifespan=running,
    )
    # An address is right or it is not there: `/figures/x/` is no other way to say `/figures/x`.
    app.router.redirect_slashes = False
    app.state.queries = queries
    return app


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _with_slash(address: str) -> str:
    return address if address.endswith("/") else address + "/"
