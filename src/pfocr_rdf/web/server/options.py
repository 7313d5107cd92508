"""What a server may be told, as on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pfocr_rdf.errors import UsageError, check_least
from pfocr_rdf.web.pages import ImageHost

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+")
_LAST_PORT: Final = 65_535
_FEWEST_WORKERS: Final = 4
_WORKERS_PER_CORE: Final = 2


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a release is served.

    Attributes:
        host: The address to listen on.
        port: The port; 0 lets the system choose one.
        timeout: Seconds that a query may run, and that it may wait for its turn.
        client_timeout: Seconds that a client may take to send a request, or to take a piece
            of an answer.
        max_rows: Rows, or triples, that an answer may have.
        max_bytes: Bytes that an answer may have.
        max_request: Bytes that a request may have, its address or its body.
        max_memory: MiB that the process of a query may take; 0 for no limit.
        workers: How many queries run at once; 0 for two a core, but at least four.
        federation: Endpoints that a query may call by SERVICE, spelled exactly so.
        images: Where the images of figures come from that pages show.
        base_url: Where readers reach the server, such as a proxy's address; "" for the
            address it listens on.
    """

    host: str = "127.0.0.1"
    port: int = 7878
    timeout: float = 30.0
    client_timeout: float = 30.0
    max_rows: int = 100_000
    max_bytes: int = 64 * 2**20
    max_request: int = 2**20
    max_memory: int = 4096
    workers: int = 0
    federation: tuple[str, ...] = ()
    images: ImageHost = ImageHost.NONE
    base_url: str = ""

    def check(self) -> None:
        """Raise UsageError for values that no server can follow."""
        if not 0 <= self.port <= _LAST_PORT:
            raise UsageError(f"--port: expected 0 to {_LAST_PORT}, found {self.port}")
        for name, seconds in (
            ("--timeout", self.timeout),
            ("--client-timeout", self.client_timeout),
        ):
            if not 0 < seconds < float("inf"):
                raise UsageError(f"{name}: expected seconds above 0, found {seconds:g}")
        at_least = {
            "--max-rows": (self.max_rows, 1),
            "--max-bytes": (self.max_bytes, 1),
            "--max-request": (self.max_request, 1),
            "--max-memory": (self.max_memory, 0),
            "--workers": (self.workers, 0),
        }
        for name, (value, least) in at_least.items():
            check_least(name, value, least)
        for endpoint in self.federation:
            if not _is_address(endpoint):
                raise UsageError(
                    f"--federation: expected the http(s) address of an endpoint, found {endpoint!r}"
                )
        if self.base_url and not _is_address(self.base_url):
            raise UsageError(
                f"--base-url: expected an http(s) address without ? and #, found {self.base_url!r}"
            )


def _is_address(value: str) -> bool:
    if _ADDRESS.fullmatch(value) is None:
        return False
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:  # such as an unclosed [ of IPv6
        return False


def default_workers(cores: int) -> int:
    """Return how many queries run at once on so many cores.

    More than there are cores, so that quick queries need not wait for the end of slow ones.
    """
    return max(_FEWEST_WORKERS, _WORKERS_PER_CORE * cores)
