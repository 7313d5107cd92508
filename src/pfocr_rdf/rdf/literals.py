"""Escapes that Turtle, TriG, N-Triples and N-Quads share.

Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/#sec-escapes
"""

from __future__ import annotations

import re
import sys

_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {chr(code): f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_TRANSLATION = str.maketrans(_ESCAPES)


def unquoted(text: str) -> str:
    r"""Return what a literal of N-Triples reads.

    Example:
        >>> unquoted(r'"caf\u00E9 \"x\""')
        'café "x"'
    """
    return _ESCAPE.sub(_unescaped, text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "uU" and len(code) > 1:
        return chr(int(code[1:], 16)) if int(code[1:], 16) <= sys.maxunicode else found[0]
    return _ESCAPED.get(code, code)


def quoted(text: str) -> str:
    r"""Return a string between double quotes, with what may not stand there escaped.

    Example:
        >>> print(quoted('5"-end\tof "A\\B"'))
        "5\"-end\tof \"A\\B\""
    """
    if _SPECIAL.search(text) is None:
        return f'"{text}"'
    return f'"{text.translate(_TRANSLATION)}"'
