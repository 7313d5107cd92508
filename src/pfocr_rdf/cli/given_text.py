"""A text that a user gives: a file, or stdin."""

from __future__ import annotations

import sys
from pathlib import Path

from pfocr_rdf.errors import InputError


def given_text(name: str) -> str:
    """Return the text of a file, without a byte order mark.

    Args:
        name: Of the file; `-` is stdin.

    Raises:
        InputError: It cannot be read, or is not UTF-8.
    """
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: expected UTF-8, found another encoding") from error
