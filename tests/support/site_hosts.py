"""Web hosts for a static site: a plain file server, and Apache with the site's .htaccess."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import httpx
import pytest

PREFIX = "/pfocr/"
MODULES = Path("/usr/lib/apache2/modules")
_PATIENCE = 60.0


def missing(what: str) -> NoReturn:
    """Skip a test for want of a program; in CI that is a failure."""
    reason = f"{what} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class _Files(SimpleHTTPRequestHandler):
    """Files below a prefix, and the site's own page for what is not there."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        below = path.removeprefix(PREFIX) if path.startswith(PREFIX) else "none"
        return super().translate_path("/" + below)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def file_host(site: Path) -> Iterator[str]:
    """Serve a site below PREFIX as a host of files does; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def apache(site: Path) -> Iterator[str]:
    """Serve a site below PREFIX by Apache, which reads its .htaccess; gives its address."""
    program = shutil.which("apache2")
    if program is None or not MODULES.is_dir():
        missing("apache2 (Debian package apache2-bin)")
    # Not below the tests' own folder: Apache's workers are another user.
    with tempfile.TemporaryDirectory(prefix="pfocr-apache-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        shutil.copytree(site, root / "site")
        for _ in range(5):
            port = _free_port()
            process = _start(program, root, port)
            try:
                if _answers(process, port):
                    yield f"http://127.0.0.1:{port}{PREFIX}"
                    return
            finally:
                process.terminate()
                process.communicate()
        raise AssertionError((root / "error.log").read_text())


def _start(program: str, root: Path, port: int) -> subprocess.Popen[bytes]:
    names = "mpm_event authz_core mime dir alias rewrite headers env unixd"
    modules = "".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
        for name in names.split()
        if (MODULES / f"mod_{name}.so").is_file()
    )
    types = "".join(
        f"AddType {type_} .{suffix}\n"
        for suffix, type_ in (("html", "text/html"), ("css", "text/css"), ("xml", "text/xml"))
    )
    (root / "apache.conf").write_text(
        f"""\
{modules}
ServerRoot "{root}"
DefaultRuntimeDir "{root}"
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile "{root}/pid"
ErrorLog "{root}/error.log"
User #65534
Group #65534
TypesConfig /dev/null
{types}
DirectoryIndex index.html
Alias "{PREFIX}" "{root}/site/"
<Directory "{root}/site">
AllowOverride FileInfo
Require all granted
</Directory>
"""
    )
    return subprocess.Popen(
        [program, "-D", "FOREGROUND", "-f", root / "apache.conf"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/", timeout=_PATIENCE)
            return True
        time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def links_of(response: httpx.Response) -> list[tuple[str, str, str]]:
    """Return the Link headers of an answer: address, relation, media type."""
    given = ", ".join(response.headers.get_list("link"))
    return re.findall(r'<([^>]*)>; rel="([^"]*)"; type="([^"]*)"', given)
