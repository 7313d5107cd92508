"""A caption as the description of a data set, in the length that Google asks for.

Google takes a data set whose description has 50 to 5000 characters. Some captions are one
word ("Figure"), and a few fill pages. What is made of them is a function of the caption and
the title alone, so that whoever reads a page again can tell a mended caption from another.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 50
LONGEST: Final = 5000
_ELLIPSIS: Final = "…"
_LONGEST_WORD: Final = 200
_ABOUT: Final = "Genes, chemicals and diseases read in the pathway figure"


def fitted_description(caption: str, title: str) -> str:
    """Return a caption as a description: itself, lengthened with the title, or cut.

    Args:
        caption: Of the figure; "" when it has none.
        title: Of the figure.

    Returns:
        From 50 to 5000 characters; the caption itself when it fits.

    Example:
        >>> fitted_description("Figure", "Wnt signalling")
        'Figure. Genes, chemicals and diseases read in the pathway figure: Wnt signalling'
    """
    if len(caption.strip()) >= SHORTEST and len(caption) <= LONGEST:
        return caption
    words = " ".join(caption.split())
    if len(words) < SHORTEST:
        words = _joined(words, f"{_ABOUT}: {title}" if title else _ABOUT)
    if len(words) <= LONGEST:
        return words
    room = words[: LONGEST - len(_ELLIPSIS)]
    blank = room.rfind(" ", LONGEST - _LONGEST_WORD)
    return (room if blank < 0 else room[:blank]).rstrip() + _ELLIPSIS


def _joined(sentence: str, more: str) -> str:
    if not sentence:
        return more
    return f"{sentence} {more}" if sentence.endswith((".", "!", "?")) else f"{sentence}. {more}"
