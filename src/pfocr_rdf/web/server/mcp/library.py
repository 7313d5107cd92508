"""Whether the library of the protocol is installed, told without importing it."""

from __future__ import annotations

from importlib.util import find_spec

from pfocr_rdf.errors import UsageError


def check_library() -> None:
    """Raise UsageError where the extra `mcp` is not installed."""
    if find_spec("mcp") is None:
        raise UsageError("mcp: expected the library mcp, found none (pip install 'pfocr-rdf[mcp]')")
