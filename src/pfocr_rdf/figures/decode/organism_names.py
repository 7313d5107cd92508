"""Which organisms a text names: whole words, by Latin, short or common name.

The longest name at a place is the one that counts: a guinea pig is no pig, and of "human
papillomavirus" nothing is human. "anti-mouse" and "non-human" name no organism either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from pfocr_rdf.figures.model import Organism
from pfocr_rdf.shipped import data_rows

NAMES: Final = "organism_names.tsv"
"""Columns taxon_id ("" of phrases that name none), names, as_written; names parted by bars."""

_WORD = re.compile(r"\w+")
_DENIED: Final = ("anti-", "anti ", "non-", "non ")
_SOUGHT: Final = 3
"""Letters of the shortest word by which a name of several is sought."""
_ORDINARY = re.compile(r"[A-Z]?[a-z]{2,}(?:['. -]+[A-Z]?[a-z]+)*")
"""A name of an organism page that is words: others, such as `Dm3`, are also symbols, so case counts."""


class CommonNames(NamedTuple):
    """The shipped names of a species, or with taxon_id "" of no organism."""

    taxon_id: str
    in_any_case: tuple[str, ...]
    as_written: tuple[str, ...]


@cache
def shipped_names() -> tuple[CommonNames, ...]:
    """Return the common names of the built-in species, and the phrases that name none."""
    return tuple(
        CommonNames(taxon_id, *(tuple(filter(None, cell.split("|"))) for cell in cells))
        for taxon_id, *cells in data_rows(NAMES)
    )


class _Name(NamedTuple):
    """A name; `before` are the characters before the word by which it is sought."""

    text: str
    before: int
    as_written: bool
    organism: Organism | None


class OrganismNames:
    """Finds organisms in texts.

    Args:
        known: All organisms by their Latin names, of which those with a taxon id are found.
        pages: Those of them that have a page in the checkout, with names of its own.

    Example:
        >>> mouse = Organism("Mus musculus", "10090")
        >>> [found.name for found in OrganismNames([mouse]).named_in("Dormice and mice: 2 ratios")]
        ['Mus musculus']
    """

    def __init__(self, known: Iterable[Organism], pages: Iterable[Organism] = ()) -> None:
        of_latin = [organism for organism in known if organism.taxon_id]
        by_taxon = {organism.taxon_id: organism for organism in of_latin}
        names: dict[tuple[str, bool], Organism | None] = {}
        for key, organism in (
            *((key, by_taxon[each.taxon_id]) for each in of_latin for key in _latin(each.name)),
            *_shipped(by_taxon),
        ):
            other = names.setdefault(key, organism)
            if other is not organism:
                names[key] = None
        shipped = {text.lower() for text, _ in names}
        of_pages: dict[tuple[str, bool], Organism | None] = {}
        for page in pages:
            if page.taxon_id:
                organism = by_taxon.get(page.taxon_id, page)
                for name in filter(None, (page.common_name, *page.synonyms)):
                    key = _key(name, as_written=_ORDINARY.fullmatch(name) is None)
                    # What is shipped decides, and a name of two organisms is none's.
                    if key[0].lower() not in shipped and of_pages.setdefault(key, organism) != (
                        organism
                    ):
                        of_pages[key] = None
        self._by_word: dict[str, list[_Name]] = {}
        for (text, as_written), organism in {**names, **of_pages}.items():
            # Not by the C of C. elegans: every caption has such letters.
            words = list(_WORD.finditer(text))
            word = next((word for word in words if len(word[0]) >= _SOUGHT), None)
            if word is not None or (word := next(iter(words), None)):
                entry = _Name(text, word.start(), as_written, organism)
                self._by_word.setdefault(word[0].lower(), []).append(entry)

    def named_in(self, *texts: str) -> tuple[Organism, ...]:
        """Return the organisms that texts name, each once, in the order of their first names."""
        return tuple(dict.fromkeys(found for text in texts for found in self._in(text)))

    def _in(self, text: str) -> Iterator[Organism]:
        if self._by_word.keys().isdisjoint(_WORD.findall(text.lower())):
            return
        text = " ".join(text.split())
        found = [
            (start, -len(name.text), not name.as_written, name)
            for word in _WORD.finditer(text)
            for name in self._by_word.get(word[0].lower(), ())
            if (start := word.start() - name.before) >= 0 and _stands(name, text, start)
        ]
        end = 0
        for start, length, _, name in sorted(found, key=_by_place):
            if start >= end:
                end = start - length
                if name.organism and not text[:start].lower().endswith(_DENIED):
                    yield name.organism


def _stands(name: _Name, text: str, start: int) -> bool:
    """Say whether a name stands at a place of a text, as whole words: `rat` not in `ratio`."""
    end = start + len(name.text)
    said = text[start:end]
    if (said if name.as_written else said.lower()) != name.text:
        return False
    return _WORD.match(text, end) is None and (not start or _WORD.match(text, start - 1) is None)


def _by_place(found: tuple[int, int, bool, _Name]) -> tuple[int, int, bool]:
    """Return what sorts names: the first, of these the longest, of these as it is written."""
    return found[:3]


def _latin(name: str) -> Iterator[tuple[str, bool]]:
    """Yield a Latin name, and its short forms: `C. elegans`, `C.elegans`."""
    yield _key(name)
    genus, _, rest = name.partition(" ")
    if rest[:1].islower():
        yield _key(f"{genus[0]}. {rest}", as_written=True)
        yield _key(f"{genus[0]}.{rest}", as_written=True)


def _shipped(
    by_taxon: dict[str, Organism],
) -> Iterator[tuple[tuple[str, bool], Organism | None]]:
    for taxon_id, in_any_case, as_written in shipped_names():
        organism = by_taxon.get(taxon_id)
        for name in in_any_case:
            yield _key(name), organism
        for name in as_written:
            yield _key(name, as_written=True), organism


def _key(name: str, *, as_written: bool = False) -> tuple[str, bool]:
    text = " ".join(name.split())
    return (text if as_written else text.lower()), as_written
