"""Escapes that Turtle, TriG, N-Triples and N-Quads share.

Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/#sec-escapes
"""

from __future__ import annotations

import re

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
_TRANSLATION = str.maketrans(_ESCAPES)


def quoted(text: str) -> str:
    r"""Return a string between double quotes, with what may not stand there escaped.

    Example:
        >>> print(quoted('5"-end\tof "A\\B"'))
        "5\"-end\tof \"A\\B\""
    """
    if _SPECIAL.search(text) is None:
        return f'"{text}"'
    return f'"{text.translate(_TRANSLATION)}"'
