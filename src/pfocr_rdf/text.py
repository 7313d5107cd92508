"""Text of others on a terminal: one line, and nothing that moves, colours or turns it round.

Source: Unicode TR 36, https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
"""

from __future__ import annotations


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
    r"""Do the same and keep spaces as they are; a line end is a control character, too.

    Example:
        >>> printable(" TNF\n") == " TNF\ufffd"
        True
    """
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
