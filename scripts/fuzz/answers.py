"""A server that answers whatever it is told to, in a thread of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = tuple[int, Mapping[str, str], bytes]


@contextmanager
def answering(answer: Callable[[str], Answer]) -> Iterator[str]:
    """Give the address of a server.

    Args:
        answer: Returns status, headers and body for the path of a request.
    """

    class Handler(BaseHTTPRequestHandler):
        timeout = 5

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            status, headers, body = answer(self.path)
            with suppress(OSError):
                self.wfile.write(f"HTTP/1.1 {status} pfz\r\n".encode())
                if "Content-Length" not in headers:
                    self.wfile.write(f"Content-Length: {len(body)}\r\n".encode())
                for name, value in headers.items():
                    self.wfile.write(f"{name}: {value}\r\n".encode())
                self.wfile.write(b"Connection: close\r\n\r\n" + body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815 - as the library has them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """Whoever asked has gone."""

    server = Server(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
