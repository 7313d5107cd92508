"""Text of others on a terminal and in tables: one line, and nothing that moves or colours it.

Nor what turns it round, or has a spreadsheet compute.

Source: Unicode TR 36, https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_COMPUTED: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")


def one_line(text: str) -> str:
    r"""Return a text in one line, with U+FFFD for control and bidirectional characters.

    Example:
        >>> one_line("TNF\n  signalling")
        'TNF signalling'
        >>> ascii(one_line("\x1b[31mTNF\u202e"))
        "'\\ufffd[31mTNF\\ufffd'"
    """
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    r"""Do the same and keep spaces, of whatever width; a line end is a control character, too.

    Example:
        >>> printable(" TNF\n") == " TNF\ufffd"
        True
    """
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return " " if unicodedata.category(character) == "Zs" else "\ufffd"


def printable_lines(text: str) -> str:
    r"""Do the same with each of several lines, which may end as on Windows; tabs are kept.

    Example:
        >>> ascii(printable_lines("a\tb\r\nc\x1b"))
        "'a\\tb\\nc\\ufffd'"
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)


def not_computed(cell: str) -> str:
    """Return a cell of a table with `'` before what a spreadsheet would compute.

    Source: https://owasp.org/www-community/attacks/CSV_Injection

    Example:
        >>> not_computed("=1+2"), not_computed("-1.5"), not_computed("TNF")
        ("'=1+2", '-1.5', 'TNF')
    """
    computed = _COMPUTED.match(cell) is not None and _NUMBER.fullmatch(cell) is None
    return f"'{cell}" if computed else cell
