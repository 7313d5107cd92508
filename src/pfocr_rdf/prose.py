"""Repair of mis-decoded prose: titles, captions, names of journals. Never OCR words.

Source: design/model.md; ftfy's encoding fix, https://ftfy.readthedocs.io/
"""

from __future__ import annotations

import ftfy
from ftfy.badness import is_bad


def repaired(text: str) -> str:
    """Return the text with its encoding mended where it shows the marks of mojibake.

    Example:
        >>> repaired("Cancer â€“ Influence")
        'Cancer – Influence'
        >>> repaired("IL-1β → NF-κB")
        'IL-1β → NF-κB'
    """
    if text.isascii() or not is_bad(text):
        return text
    return str(ftfy.fix_encoding(text))
