"""The names that the search box of a static site looks in: files by how names begin.

A browser reads one file for the first two signs that are typed. Genes, chemicals, diseases and
organisms are found by all their names and by each longer word of them; figures and papers are
reached from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.query.index import folded
from pfocr_rdf.rdf import Kind

FOLDER: Final = "search"
_BEGINNING: Final = 2
_SHORTEST_WORD: Final = 4
_MOST_A_WORD: Final = 50  # names that one word stands for: "receptor" is in thousands
_KINDS: Final = (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE, Kind.ORGANISM)


class Named(NamedTuple):
    """A name of an entity.

    Attributes:
        name: That may be typed.
        kind: Of the entity.
        label: What it is called.
        path: Of its page, from the site's folder.
        figures: In how many it is.
    """

    name: str
    kind: Kind
    label: str
    path: str
    figures: int


def keys_of(name: str) -> Iterator[tuple[str, bool]]:
    """Yield what a name is found by, and whether that is one word of several.

    Example:
        >>> list(keys_of("Hedgehog-interacting protein"))
        [('hedgehog-interacting protein', False), ('interacting', True), ('protein', True)]
    """
    key = folded(name)
    if len(key) >= _BEGINNING:
        yield key, False
    first, *words = key.replace("-", " ").split() or [""]
    for word in dict.fromkeys(words):
        if len(word) >= _SHORTEST_WORD and word != first:
            yield word, True


def file_of(key: str) -> str:
    """Return the name of the file that has a key, without suffix.

    Example:
        >>> file_of("rankl"), file_of("β-catenin")
        ('ra', '_3b2_2d')
    """
    return "".join(
        sign if sign.isascii() and sign.isalnum() else f"_{ord(sign):x}"
        for sign in key[:_BEGINNING]
    )


def name_files(names: Iterable[Named]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each file, and of the list of all files.

    A file is a list of `[key, kind, label, path, figures]`, and after that the name where it is
    not the label; `kind` is a place in the list of kinds.
    """
    by_file: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    words: defaultdict[str, list[tuple[int, str, Named]]] = defaultdict(list)
    for named in names:
        for key, is_word in keys_of(named.name):
            if is_word:
                words[key].append((-named.figures, named.path, named))
            else:
                by_file[file_of(key)].append(_entry(key, named))
    for key, found in words.items():
        found.sort(key=lambda each: each[:2])
        by_file[file_of(key)] += (_entry(key, named) for _, _, named in found[:_MOST_A_WORD])
    for file in sorted(by_file):
        entries = sorted(set(by_file[file]), key=lambda each: (each[0], each[3], each[5:]))
        yield f"{FOLDER}/{file}.json", orjson.dumps(entries)
    about = {"files": sorted(by_file), "kinds": [kind.value for kind in _KINDS]}
    yield f"{FOLDER}/files.json", orjson.dumps(about)


def _entry(key: str, named: Named) -> tuple[object, ...]:
    entry = (key, _KINDS.index(named.kind), named.label, named.path, named.figures)
    return entry if named.name == named.label else (*entry, named.name)
