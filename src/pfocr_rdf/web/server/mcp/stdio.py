"""`pfocr-rdf mcp`: the tools of a release over stdin and stdout, for an assistant that starts us."""

from __future__ import annotations

import asyncio
from contextlib import closing

from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.query.store import StorePlace, is_current, open_triples
from pfocr_rdf.release import Release
from pfocr_rdf.web.server.frames import Limits
from pfocr_rdf.web.server.mcp.told import Addresses
from pfocr_rdf.web.server.mcp.tools import Tools
from pfocr_rdf.web.server.options import ServeOptions
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.query_pool import QueryPool


def run_stdio(release: Release, place: StorePlace, options: ServeOptions) -> None:
    """Answer an assistant until it closes our stdin.

    Args:
        release: What is asked.
        place: The store made of it.
        options: Checked already; host, port and limits of clients say nothing here.

    Raises:
        PfocrError: The worker processes cannot be started.
    """
    asyncio.run(_serve(release, place, options))


async def _serve(release: Release, place: StorePlace, options: ServeOptions) -> None:
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 - of the extra

    from pfocr_rdf.web.server.mcp.wiring import mcp_server  # noqa: PLC0415 - likewise

    with closing(Index(place.index_file)) as index, closing(Search(place.index_file)) as search:
        workers = options.workers or 1
        async with QueryPool(
            place.oxigraph,
            release.iri_style,
            Limits(options.max_rows, options.max_bytes, options.max_memory, options.federation),
            options.timeout,
            workers,
            lambda: is_current(place, release),
        ) as queries:
            tools = Tools(
                release,
                index,
                search,
                open_triples(place),
                load_questions(),
                queries,
                PageQueue(workers, options.timeout),
                Addresses.at(options.base_url, release.iri_style),
                options.federation,
            )
            server = mcp_server(tools)
            try:
                async with stdio_server() as (requests, answers):
                    await server.run(requests, answers, server.create_initialization_options())
            except* BrokenPipeError:  # the assistant has gone
                pass
