"""Fetch the full HGNC table into the cache, safely.

The new table is written beside the old one, checked (length, columns, number of genes),
and only then takes its place, so that a download that fails at any point leaves the table
that was there. A small JSON file beside the table remembers what the server said about it
(ETag, Last-Modified), so that an unchanged table is not fetched again.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import requests

from pfocr_rdf.errors import DownloadError, InputError
from pfocr_rdf.figures.link.table import COMPLETE_GENES, GeneTable, parse_hgnc
from pfocr_rdf.figures.link.table_source import cached_table, read_gene_table, read_table_text
from pfocr_rdf.files import whole_file
from pfocr_rdf.findings import Finding
from pfocr_rdf.http import CONNECT, innermost, new_session
from pfocr_rdf.shipped import CACHE_VARIABLE

HGNC_URL = "https://storage.googleapis.com/public-download-files/hgnc/tsv/tsv/hgnc_complete_set.txt"
"""Where HGNC publishes the complete set."""

MINIMUM_GENES = COMPLETE_GENES
"""A table with fewer approved genes does not take the place of the one that is there."""

_TIMEOUTS = (CONNECT, 60.0)  # seconds to connect, and between two pieces of the answer
_RETRY_STATUS = (429, 500, 502, 503, 504)
_CHUNK = 1 << 18


class TableStatus(NamedTuple):
    """What is known about the table in the cache.

    Attributes:
        path: The table.
        date: Newest change in it, "2024-10-18".
        genes: Approved genes.
        sha256: Of the file.
        problems: Rows that could not be used.
        fetched: When it was downloaded, ISO 8601 in UTC; "" when the file was not put
            there by `update` or was changed since (so for `checked`, `url` and `etag`).
        checked: When the server last said that it is current, ISO 8601 in UTC.
        url: Where it came from.
        etag: The server's name for this version; "" when it gave none.
    """

    path: Path
    date: str
    genes: int
    sha256: str
    problems: tuple[Finding, ...] = ()
    fetched: str = ""
    checked: str = ""
    url: str = ""
    etag: str = ""


class UpdateOutcome(NamedTuple):
    """What an update did.

    Attributes:
        changed: Whether the table in the cache is another one than before.
        status: The table that is there now.
    """

    changed: bool
    status: TableStatus


class _State(NamedTuple):
    """The JSON file beside the table. Only ever a hint: without it all is fetched."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    fetched: str = ""
    checked: str = ""


def table_session(retries: int = 4, pause: float = 1.0) -> requests.Session:
    """A session that tries again on 429, 5xx and broken connections; see `new_session`."""
    return new_session(retries, pause, _RETRY_STATUS)


def status(cache: Path | None = None) -> TableStatus | None:
    """What is in the cache; None when no table is there.

    Args:
        cache: Cache folder; None for the user's.

    Raises:
        InputError: There is a file, but it is no HGNC table.
    """
    path = cached_table(cache)
    if not path.exists():
        return None
    return _status(path, read_gene_table(path, "cache"), _read_state(path))


def update(
    url: str = HGNC_URL,
    cache: Path | None = None,
    *,
    session: requests.Session | None = None,
    minimum_genes: int = 0,
) -> UpdateOutcome:
    """Bring the table in the cache up to date.

    Args:
        url: Address of the table, plain or gzip.
        cache: Cache folder, made when needed; None for the user's.
        session: To fetch with; None for `table_session()`.
        minimum_genes: Fewest approved genes that are believed; 0 for `MINIMUM_GENES`.

    Raises:
        DownloadError: Nothing usable came; the table that was there still is.
    """
    path = cached_table(cache)
    try:
        with nullcontext(session) if session is not None else table_session() as fetcher:
            return _update(url, path, fetcher, minimum_genes or MINIMUM_GENES)
    except requests.RequestException as error:
        raise _failure(url, f"cannot be downloaded: {innermost(error)}") from error
    except OSError as error:
        raise DownloadError(
            f"HGNC table: {path.parent}: cannot be written: {error.strerror or error} "
            f"(free space, or name another folder in {CACHE_VARIABLE})"
        ) from error


def _update(url: str, path: Path, session: requests.Session, minimum_genes: int) -> UpdateOutcome:
    state = _read_state(path)
    old_sha256 = _sha256(path) if path.exists() else ""
    headers = {}
    # Only if the table is still the one that the server spoke of may it say "unchanged".
    if old_sha256 and state.sha256 == old_sha256 and state.url == url:
        if state.etag:
            headers["If-None-Match"] = state.etag
        if state.last_modified:
            headers["If-Modified-Since"] = state.last_modified
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with session.get(url, headers=headers, timeout=_TIMEOUTS, stream=True) as response:
        if response.status_code == requests.codes.not_modified and headers:
            state = state._replace(checked=now)
            _write_state(path, state)
            return UpdateOutcome(False, _status(path, read_gene_table(path, "cache"), state))
        if response.status_code != requests.codes.ok:
            reason = f"{response.status_code} {response.reason or ''}".strip()
            raise _failure(url, f"expected the table, the server answered {reason}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path, durable=True) as file:
            _save(response, file)
            table = _checked(file, url, minimum_genes)
    state = _State(
        url=url,
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
        sha256=table.release.sha256,
        fetched=now,
        checked=now,
    )
    # Killed just before this line, the old state does not fit the new table and is not
    # trusted: the next update then fetches the table once more.
    _write_state(path, state)
    return UpdateOutcome(table.release.sha256 != old_sha256, _status(path, table, state))


def _failure(url: str, what: str) -> DownloadError:
    return DownloadError(
        f"HGNC table: {url}: {what} "
        "(try again later, or download that address by hand and pass it with --hgnc FILE)"
    )


def _save(response: requests.Response, file: BinaryIO) -> None:
    """Stream the body to a file, undoing a Content-Encoding, and check its length."""
    # A body shorter than its Content-Length is an error; urllib3 1 has to be told so.
    response.raw.enforce_content_length = True
    file.writelines(response.iter_content(_CHUNK))
    file.flush()


def _checked(file: BinaryIO, url: str, minimum_genes: int) -> GeneTable:
    """Parse what was downloaded, and leave it decompressed."""
    part = Path(file.name)
    try:
        text = read_table_text(part)
        table = parse_hgnc(text, "cache", cached_table(part.parent).name)
    except InputError as error:
        # The name of the part is gone by the time anybody reads this.
        reason = str(error).removeprefix(f"{part}: ")
        raise _failure(url, f"what came is not the HGNC table: {reason}") from error
    if len(table) < minimum_genes:
        raise _failure(url, f"expected at least {minimum_genes} approved genes, found {len(table)}")
    if table.left_out and not text.endswith("\n"):
        # A server that promised no length can only be caught at the last row.
        raise _failure(url, "expected whole rows, the last one was cut short")
    data = text.encode()
    if len(data) != part.stat().st_size:
        file.seek(0)
        file.truncate()
        file.write(data)
    return table


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read_state(path: Path) -> _State:
    try:
        known = json.loads(_state_path(path).read_bytes())
    except (OSError, ValueError):
        return _State()
    if not isinstance(known, dict):
        return _State()
    return _State(
        **{key: value for key in _State._fields if isinstance(value := known.get(key), str)}
    )


def _write_state(path: Path, state: _State) -> None:
    with whole_file(_state_path(path)) as file:
        file.write(json.dumps(state._asdict(), indent=2).encode() + b"\n")


def _status(path: Path, table: GeneTable, state: _State) -> TableStatus:
    release = table.release
    known = state if state.sha256 == release.sha256 else _State()
    return TableStatus(
        path=path,
        date=release.date,
        genes=release.genes,
        sha256=release.sha256,
        problems=table.problems,
        fetched=known.fetched,
        checked=known.checked,
        url=known.url,
        etag=known.etag,
    )
