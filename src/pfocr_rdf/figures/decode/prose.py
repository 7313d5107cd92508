"""Repair of mis-decoded prose: titles, captions, names of journals. Never OCR words.

ftfy judges a text as a whole, and what MacRoman makes of UTF-8 is mostly letters, so that a
lone `‚Äê` is not bad enough for it. Three such characters in a row mean nothing else in any
language, so what ftfy has left of them is mended sequence by sequence.

Source: design/model.md; ftfy's encoding fix, https://ftfy.readthedocs.io/
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import ftfy
from ftfy.badness import is_bad

# All that `is_bad` looks for has two characters beyond ASCII side by side, or one of these.
# Greek letters in captions mostly stand alone, and this is twenty times faster than asking.
_SUSPECT = re.compile("[^\x00-\x7f]{2}|[\x80-\x9fŒœÃÂ]")
_HIGH = "".join(bytes((code,)).decode("mac_roman") for code in range(0x80, 0xC0))
_MATHS = "∞±≤≥∂∑∏π∫Ωµ√≈"
# Blanks of other widths, and what joins or parts letters without a sign of its own.
_UNSEEN: Final = frozenset(("Zs", "Cf", "Zl", "Zp"))
_LETTER = "[A-Za-zÀ-ÿ]"
# Of two characters the first must be one that words do not hold; after a root sign, which they do
# not hold either, what could be maths is only mended inside a word. After `â`, `Ã` and their like
# they are parts of what Windows-1252 makes of UTF-8, which ftfy knows.
_TWO = re.escape("".join(c for c in _HIGH if c not in _MATHS))
_SURE = (
    f"‚[{re.escape(_HIGH)}]{{2}}"
    f"|[Œœ¬][{re.escape(_HIGH)}]"
    f"|√[{_TWO}]"
    f"|(?<={_LETTER})√[{re.escape(_MATHS)}](?={_LETTER})"
    "|Ô¨[ÄÅÇÉÑÖÜ]"
)
_MAC_ROMAN = re.compile(f"(?!(?<=â)‚|(?<=[à-ïÂÃ])[Œœ¬])(?:{_SURE})+")


def repaired(text: str) -> str:
    """Return the text with its encoding mended where it shows the marks of mojibake.

    Example:
        >>> repaired("Cancer â€“ Influence")
        'Cancer – Influence'
        >>> repaired("Cell death‚Äêlike")
        'Cell death‐like'
        >>> repaired("IL-1β → NF-κB")
        'IL-1β → NF-κB'
    """
    if text.isascii():
        return text
    if _SUSPECT.search(text) is not None and is_bad(text):
        text = ftfy.fix_encoding(text)
    return _MAC_ROMAN.sub(_of_mac_roman, text)


def _of_mac_roman(found: re.Match[str]) -> str:
    """Return the characters that were read as MacRoman; what are none stay as they are."""
    try:
        mended = found[0].encode("mac_roman").decode()
    except UnicodeDecodeError:
        return found[0]
    # A control or an unassigned character is no sign of a repair.
    said = all(c.isprintable() or unicodedata.category(c) in _UNSEEN for c in mended)
    return mended if said else found[0]
