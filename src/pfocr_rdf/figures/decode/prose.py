"""Repair of mis-decoded prose: titles, captions, names of journals. Never OCR words.

Source: design/model.md; ftfy's encoding fix, https://ftfy.readthedocs.io/
"""

from __future__ import annotations

import re

import ftfy
from ftfy.badness import is_bad

# All that `is_bad` looks for has two characters beyond ASCII side by side, or one of these.
# Greek letters in captions mostly stand alone, and this is twenty times faster than asking.
_SUSPECT = re.compile("[^\x00-\x7f]{2}|[\x80-\x9fŒœÃÂ]")


def repaired(text: str) -> str:
    """Return the text with its encoding mended where it shows the marks of mojibake.

    Example:
        >>> repaired("Cancer â€“ Influence")
        'Cancer – Influence'
        >>> repaired("IL-1β → NF-κB")
        'IL-1β → NF-κB'
    """
    if text.isascii() or _SUSPECT.search(text) is None or not is_bad(text):
        return text
    return ftfy.fix_encoding(text)
