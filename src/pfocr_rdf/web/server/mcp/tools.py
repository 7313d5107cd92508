"""What an assistant may ask of a release: the tools, without the protocol that carries them.

SPARQL and questions run in the processes of `QueryPool`, which are killed at their limits, as those
of `/sparql`; what follows the index waits for its turn as pages do. A fault says how to mend the call.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
import pyoxigraph
from starlette.exceptions import HTTPException

from pfocr_rdf.errors import PfocrError
from pfocr_rdf.query.enrichment import Enricher
from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import Question
from pfocr_rdf.rdf import Iris, Prefixes
from pfocr_rdf.release import Release
from pfocr_rdf.web.server.mcp.answers import JsonObject, ToolError, fitted
from pfocr_rdf.web.server.mcp.asking import AGAIN, Asker
from pfocr_rdf.web.server.mcp.definitions import definitions
from pfocr_rdf.web.server.mcp.finding import Finder
from pfocr_rdf.web.server.mcp.listing import ListComparer
from pfocr_rdf.web.server.mcp.told import Addresses, Teller
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.query_pool import QueryPool
from pfocr_rdf.web.server.resources import Resources, StoreLostError
from pfocr_rdf.web.server.responses import LOST

Given = Mapping[str, Any]


class Tools:
    """The tools of one release.

    Args:
        release: What is asked.
        index: Of it.
        search: Of it.
        store: Of it, open for reading: for names, and what a figure says.
        questions: The shipped ones by name.
        queries: For questions and SPARQL.
        queue: For what follows the index.
        addresses: Of pages.
        federation: Endpoints that a query may call.
    """

    def __init__(
        self,
        release: Release,
        index: Index,
        search: Search,
        store: pyoxigraph.Store,
        questions: Mapping[str, Question],
        queries: QueryPool,
        queue: PageQueue,
        addresses: Addresses,
        federation: Sequence[str] = (),
    ) -> None:
        self.release = release
        self.definitions = definitions(questions)
        self._queue = queue
        self._tell = Teller(release, index, addresses)
        prefixes = Prefixes(Iris(release.iri_style))
        resources = Resources(store, release.iri_style, prefixes)
        finder = Finder(index, search, resources, self._tell)
        lists = ListComparer(release, Enricher(index, search), addresses)
        asker = Asker(
            questions, index, search, store, prefixes, queries, queue, addresses, federation
        )
        self._tools: Mapping[str, Callable[[Given], Awaitable[JsonObject]]] = {
            "find": self._blocking(finder.find),
            "describe": self._blocking(finder.describe),
            "questions": self._blocking(asker.questions),
            "ask": asker.ask,
            "enrich": self._blocking(lists.enrich),
            "sparql": asker.sparql,
            "release": self._blocking(self._release),
        }

    async def call(self, name: str, arguments: Given) -> JsonObject:
        """Return what a tool answers, at most `MOST_BYTES` as text.

        Args:
            name: Of `definitions`.
            arguments: Held to the schema of the tool here; nobody else need have done so.

        Raises:
            ToolError: There is no answer, and what to do.
        """
        definition = next((each for each in self.definitions if each.name == name), None)
        if definition is None:
            known = ", ".join(self._tools)
            raise ToolError("unknown-tool", f"There is no tool {name[:100]!r}.", f"Use {known}.")
        if fault := _unwritable(arguments) or definition.fault(arguments):
            raise ToolError("bad-argument", fault, f"See the input schema of {name}.")
        try:
            return await self._tools[name](definition.defaults | dict(arguments))
        except HTTPException as error:  # the queue is too long
            raise ToolError("busy", error.detail, AGAIN) from error
        except (StoreLostError, sqlite3.DatabaseError) as error:
            raise ToolError("lost", LOST, "Nothing can be asked until then.") from error
        except PfocrError as error:
            raise ToolError("bad-argument", str(error), "Mend the value that it names.") from error

    async def in_turn(self, work: Callable[[], str]) -> str:
        """Return what work that blocks makes, in its turn."""
        return await self._queue.run(work)

    def _blocking(
        self, tool: Callable[[Given], JsonObject]
    ) -> Callable[[Given], Awaitable[JsonObject]]:
        async def answer(given: Given) -> JsonObject:
            return await self._queue.run(lambda: tool(given))

        return answer

    def _release(self, _given: Given) -> JsonObject:
        told = self._tell.release()
        return fitted(told, ("files", "genes_in_most_figures", "figures_per_organism"))


def _unwritable(arguments: Given) -> str:
    """Return why arguments cannot be written: half a character, a number beyond 64 bits; "" else."""
    try:
        orjson.dumps(arguments)
    except TypeError as error:
        return f"expected texts of Unicode and whole numbers of 64 bits, found others ({error})"
    return ""
