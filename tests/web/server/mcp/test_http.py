"""`/mcp` where the library of the protocol is not installed."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from pfocr_rdf.errors import UsageError
from pfocr_rdf.web.server.mcp.http import McpEndpoint, guard
from pfocr_rdf.web.server.mcp.library import check_library
from pfocr_rdf.web.server.mcp.tools import Tools
from pfocr_rdf.web.server.options import ServeOptions


def no_tools() -> Tools:
    raise AssertionError("nobody has asked for them")


async def nothing(*_: Any) -> Any:
    raise AssertionError("nothing is read or sent")


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    check_library()
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(UsageError, match=r"pip install 'pfocr-rdf\[mcp\]'"):
        check_library()

    async def asked() -> None:
        endpoint = McpEndpoint(no_tools, ServeOptions())
        with pytest.raises(HTTPException, match="pip install") as caught:
            await endpoint({"type": "http"}, nothing, nothing)
        assert caught.value.status_code == 501
        await endpoint.close()

    asyncio.run(asked())


def test_a_server_for_this_machine_answers_to_its_own_names() -> None:
    assert "localhost:*" in guard(ServeOptions())["allowed_hosts"]
    behind_a_proxy = guard(ServeOptions(base_url="https://pfocr.example.org/"))
    assert behind_a_proxy == {"enable_dns_rebinding_protection": False}
