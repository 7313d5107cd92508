"""Addresses of stores: what may stand in one, and how one is shown to people.

A password may stand in an address, rightly before the host or wrongly anywhere else. What is
printed of an address, in a message or a journal, therefore goes through `shown_address`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from pfocr_rdf.errors import UsageError

_BEHIND: Final = re.compile(r"[?#]")
_NO_PORT: Final = re.compile(r"^([a-z]+://[^/:\[]+):[^/]*[^/0-9][^/]*")
"""A user and a password without the host behind them."""


class Address(NamedTuple):
    """Where a store is, without its user, and that user: USER:PASSWORD, or ""."""

    url: str
    user: str


def parse_address(option: str, text: str) -> Address:
    """Return the parts of an address of a store.

    Raises:
        UsageError: It is none; the message names the option and no password.

    Example:
        >>> parse_address("--to", "https://me:pass%2Fword@example.org/ds")
        Address(url='https://example.org/ds', user='me:pass/word')
    """
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not match
        parts, known = urlsplit(""), False
    if not known:
        raise UsageError(
            f"{option}: expected http://HOST[:PORT][/PATH], found {shown_address(text)!r}"
        )
    if "?" in text or "#" in text:
        raise UsageError(
            f"{option}: expected an address without ? and #, found {shown_address(text)!r} "
            "(the graph is named with --graph; in a password they are %3F and %23)"
        )
    if "@" in parts.path:
        raise UsageError(
            f"{option}: expected no @ behind the host, found {shown_address(text)!r} "
            "(in a password / is %2F; better give --auth-file)"
        )
    user, _, host = parts.netloc.rpartition("@")
    return Address(urlunsplit(parts._replace(netloc=host)), unquote(user))


def check_address(option: str, text: str) -> None:
    """Raise UsageError for what is no address of a store, or has a user in it."""
    if parse_address(option, text).user:
        raise UsageError(
            f"{option}: expected an address without a user, found {shown_address(text)!r} "
            "(who loads is said with --auth-file or --auth)"
        )


def shown_address(text: str) -> str:
    """Return an address as it may be printed: nothing that may be a password is left.

    Example:
        >>> shown_address("http://me:secret@example.org/ds?key=secret")
        '…@example.org/ds?…'
    """
    before, at, after = text.rpartition("@")
    if _BEHIND.search(before):
        return "…"  # what follows the @ may still belong to a password
    if behind := _BEHIND.search(after):
        after = after[: behind.end()] + "…"
    return ("…@" if at else "") + _NO_PORT.sub(r"\1:…", after)
