"""A query for a reader who waits: run in a worker, ended when the reader goes, refused in words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import Receive

from pfocr_rdf.web.server.frames import QueryRequest, Reason
from pfocr_rdf.web.server.query_pool import (
    BusyError,
    PooledAnswer,
    QueryCrashError,
    QueryPool,
    QueryRefusedError,
    QueryTimeoutError,
)

_RETRY_AFTER: Final = 5
_STATUS: Final[Mapping[Reason, int]] = {
    Reason.MALFORMED: 400,
    Reason.NOT_ACCEPTABLE: 406,
    # Understood, and refused on purpose: the same request will be refused again.
    Reason.SERVICE: 403,
    Reason.TOO_LARGE: 403,
    Reason.FAILED: 500,
}


async def answer_for(
    receive: Receive, queries: QueryPool, job: QueryRequest
) -> PooledAnswer | None:
    """Return the answer to a query, or None when its reader has gone meanwhile.

    Args:
        receive: Of the reader's request, whose body has been read.
        queries: Answer it.
        job: What is asked.

    Raises:
        HTTPException: There is no answer; its status and words are for the reader.
    """
    running = asyncio.create_task(queries.run(job))
    leaving = asyncio.create_task(_reader_has_gone(receive))
    try:
        await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            return None
        return running.result()
    except QueryRefusedError as error:
        raise HTTPException(_STATUS[error.reason], str(error)) from error
    except QueryTimeoutError as error:
        # Not 408, after which browsers send the same again by themselves, nor 503, which
        # says that later it may be better: that is for a server with too much to do.
        # We are the gateway to the process that did not answer in time.
        raise HTTPException(
            504,
            f"The query took longer than {queries.seconds:g} seconds and was ended. "
            "Make it smaller: name an IRI or a literal early, or add LIMIT.",
        ) from error
    except QueryCrashError as error:
        raise HTTPException(500, str(error)) from error
    except BusyError as error:
        raise HTTPException(
            503,
            str(error),
            {"retry-after": str(_RETRY_AFTER)},
        ) from error
    finally:
        leaving.cancel()
        running.cancel()


async def _reader_has_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
