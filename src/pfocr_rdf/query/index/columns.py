"""What lists of a release are made of: in how many figures each entity is, and the order A to Z.

Both are columns of the index, an item for each entity or figure by its number. A list of all
genes that people first look at is then a sort of numbers; only the names on its page are read.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from pfocr_rdf.query.index.folding import GREEK, folded
from pfocr_rdf.query.index.model import end_of
from pfocr_rdf.query.index.set_sizes import WIDEST
from pfocr_rdf.rdf import PAGED, Kind, Tier

LETTERS: Final = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""By what names begin: `#` is what is no letter of these."""
_SORTED: Final = {
    "figure": "SELECT id, sort_key(title, iri) AS key FROM figure ORDER BY key, iri",
    "entity": "SELECT id, sort_key(name, iri) AS key FROM entity ORDER BY key, iri",
}


class Alphabet(NamedTuple):
    """The order of names.

    Attributes:
        places: Of figures or entities by number: their place from A to Z, then by IRI.
        letters: Of each the place of its first letter in `LETTERS`.
    """

    places: array[int]
    letters: bytes


def sort_key(name: str) -> str:
    """Return what a name is sorted by: no case, no accents, no signs before it.

    Example:
        >>> sort_key("“β-catenin”"), sort_key("TP53"), sort_key("14-3-3")
        ('beta-catenin”', 'tp53', '14-3-3')
    """
    spelled = folded(name).translate(GREEK)
    return spelled.lstrip("".join(each for each in spelled if not each.isalnum())) or spelled


def letter_of(key: str) -> int:
    """Return the place in `LETTERS` of what a key begins with.

    Example:
        >>> LETTERS[letter_of("tp53")], LETTERS[letter_of("14-3-3")], LETTERS[letter_of("")]
        ('T', '#', '#')
    """
    return max(LETTERS.find(key[:1].upper()), 0) if key else 0


def counted_columns(
    rows: Iterable[tuple[int, bytes, bytes, bytes]], kinds: bytes
) -> Iterator[tuple[str, bytes]]:
    """Yield in how many figures each entity is, by tier and certainty, as columns with names.

    Args:
        rows: Entity, figures, tiers and certain, as the index has them.
        kinds: Of entities by number, as the index has them.
    """
    gene = PAGED.index(Kind.GENE)
    counts = {key: array("I", bytes(4 * len(kinds))) for key in product(Tier, (False, True))}
    for entity, figures, tiers, certain in rows:
        for tier in Tier:
            within = bisect_right(tiers, WIDEST[tier]) if kinds[entity] == gene else len(tiers)
            counts[tier, False][entity] = min(within, len(figures) // 4)
            counts[tier, True][entity] = certain.count(1, 0, within)
    for (tier, is_certain), column in counts.items():
        yield column_name(tier, certain=is_certain), column.tobytes()


def column_name(tier: Tier, *, certain: bool) -> str:
    """Return the name of a column of numbers of figures."""
    return f"shown {tier} {certain:d}"


def alphabet_columns(
    db: sqlite3.Connection, sizes: Mapping[str, int]
) -> Iterator[tuple[str, bytes]]:
    """Yield the order from A to Z, as columns with names.

    The database sorts, so that no list of all names is in memory.

    Args:
        db: With all figures and entities.
        sizes: How many numbers of `figure` and of `entity` there are.
    """
    db.create_function("sort_key", 2, _key_of, deterministic=True)
    for name, size in sizes.items():
        places, letters = array("I", bytes(4 * size)), bytearray(size)
        for place, (number, key) in enumerate(db.execute(_SORTED[name])):
            places[number], letters[number] = place, letter_of(key)
        yield f"{name} places", places.tobytes()
        yield f"{name} letters", bytes(letters)


def alphabet_of(columns: Mapping[str, bytes], name: str) -> Alphabet:
    """Return the order of `figure` or `entity` of the columns of an index."""
    return Alphabet(array("I", columns[f"{name} places"]), columns[f"{name} letters"])


def _key_of(name: str, iri: str) -> str:
    return sort_key(name or end_of(iri))
