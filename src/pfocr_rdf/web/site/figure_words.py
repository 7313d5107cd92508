"""The words of figures' titles, and their PMCIDs, that the results page of a static site reads.

A browser reads for each word the file of the words that begin as it does, and of the figures that
have all words the pieces with their titles. Figures are numbered from the newest, so that what is
found is in that order.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.query.index import folded
from pfocr_rdf.web.site.names import FOLDER, file_of

WORDS: Final = f"{FOLDER}/words"
TITLES: Final = f"{FOLDER}/figures"
PIECE: Final = 200
"""Figures in one file of titles."""
_WORD: Final = re.compile(r"[^\W_]{2,}")
_PMCID: Final = re.compile(r"pmc[0-9]*([0-9]{2})")


class TitledFigure(NamedTuple):
    """A figure as results show it: `path` of its page from the site's folder, "" for what is not."""

    path: str
    title: str
    year: str
    pmcid: str


def title_words(text: str) -> list[str]:
    """Return the words of a title or a search, each once.

    Example:
        >>> title_words("RANK/RANKL/OPG signalling, the RANK way")
        ['rank', 'rankl', 'opg', 'signalling', 'the', 'way']
    """
    return list(dict.fromkeys(_WORD.findall(folded(text))))


def word_file(word: str) -> str:
    """Return the name of the file of words that has a word, without suffix.

    PMCIDs all begin alike, so that they are parted by their ends.

    Example:
        >>> word_file("rankl"), word_file("pmc4168338")
        ('ra', 'pmc38')
    """
    found = _PMCID.fullmatch(word)
    return f"pmc{found[1]}" if found else file_of(word)


def word_files(figures: Iterable[TitledFigure]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each file: pieces of titles, words, and the list of these.

    A piece is a list of figures as `TitledFigure` has them. A file of words has for each word the
    numbers of its figures: the first, then how much more each next one is.

    Args:
        figures: The newest first.
    """
    by_word: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    piece: list[tuple[str, ...]] = []
    count = 0
    for count, figure in enumerate(figures, 1):
        for word in title_words(f"{figure.title} {figure.pmcid}"):
            by_word[word].append(count - 1)
        piece.append(tuple(figure))
        if len(piece) == PIECE:
            yield f"{TITLES}/{(count - 1) // PIECE}.json", orjson.dumps(piece)
            piece = []
    if piece:
        yield f"{TITLES}/{(count - 1) // PIECE}.json", orjson.dumps(piece)
    by_file: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(by_word):
        by_file[word_file(word)].append(word)
    for file, words in by_file.items():
        steps = {word: _steps(by_word[word]) for word in words}
        yield f"{WORDS}/{file}.json", orjson.dumps(steps)
    yield f"{WORDS}.json", orjson.dumps({"files": sorted(by_file), "piece": PIECE})


def _steps(numbers: Sequence[int]) -> list[int]:
    return [each - before for before, each in zip((0, *numbers), numbers, strict=False)]
