"""The names that the search box of a static site looks in: files by how names begin.

A browser reads one file for the first two signs that are typed. Genes, chemicals, diseases and
organisms are found by all their names, by the words that figures use for them, by ids and by
each longer word of their names; figures and papers are reached from there. Keys and scores are
those of the index, so that a site ranks as the server does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.query.index import NameIs, folded
from pfocr_rdf.rdf import IDENTIFIED, Kind

FOLDER: Final = "search"
_BEGINNING: Final = 2
_SHORTEST_WORD: Final = 4
_MOST_A_WORD: Final = 50  # names that one word stands for: "receptor" is in thousands
# Their local part is a key of its own, by which the browser asks.
_CURIE: Final = re.compile(r"(?:hgnc|ncbigene|ncbitaxon|chebi|doid|mesh)[cd0-9][0-9]+")
_ENSEMBL: Final = re.compile(r"ensg[0-9]+([0-9]{2})")


class Named(NamedTuple):
    """A name of an entity.

    Attributes:
        key: By which it is compared, see `pfocr_rdf.query.index.keys_of`.
        name: That may be typed.
        said: What the name is.
        score: How surely it means the entity.
        kind: Of the entity.
        label: What it is called.
        organism: Of a gene, where it has to be said.
        path: Of its page, from the site's folder.
        figures: In how many it is.
    """

    key: str
    name: str
    said: NameIs
    score: float
    kind: Kind
    label: str
    organism: str
    path: str
    figures: int


def words_of(name: str) -> list[str]:
    """Return the longer words of a name of several, but for the first: its key begins so.

    Example:
        >>> words_of("Hedgehog-interacting protein")
        ['interacting', 'protein']
    """
    first, *words = folded(name).replace("-", " ").split() or [""]
    return [word for word in dict.fromkeys(words) if len(word) >= _SHORTEST_WORD and word != first]


def file_of(key: str) -> str:
    """Return the name of the file that has a key, without suffix.

    Ensembl ids all begin alike, so that they are parted by their ends.

    Example:
        >>> file_of("rankl"), file_of("中文"), file_of("ensg00000120659")
        ('ra', '_4e2d_6587', 'ensg59')
    """
    if found := _ENSEMBL.fullmatch(key):
        return f"ensg{found[1]}"
    return "".join(
        sign if sign.isascii() and sign.isalnum() else f"_{ord(sign):x}"
        for sign in key[:_BEGINNING]
    )


def name_files(names: Iterable[Named]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of each file, and of the list of all files.

    A file is a list of `[key, kind, label, path, figures, score]`, and after that, as far as
    they are needed, the name where it is not the label, the organism of a gene, and 1 where the
    name counts only as it is written; `kind` is a place in the list of kinds.
    """
    by_file: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
    words: defaultdict[str, list[tuple[int, str, Named]]] = defaultdict(list)
    for named in names:
        if len(named.key) < _BEGINNING or _CURIE.fullmatch(named.key):
            continue
        by_file[file_of(named.key)].append(_entry(named.key, named))
        if named.said in (NameIs.LABEL, NameIs.COMMON, NameIs.LONG):
            for word in words_of(named.name):
                words[word].append((-named.figures, named.path, named))
    for key, found in words.items():
        found.sort(key=lambda each: each[:2])
        by_file[file_of(key)] += (_entry(key, named) for _, _, named in found[:_MOST_A_WORD])
    for file in sorted(by_file):
        entries = sorted(set(by_file[file]), key=lambda each: (each[0], each[3], each[5:]))
        yield f"{FOLDER}/{file}.json", orjson.dumps(entries)
    about = {"files": sorted(by_file), "kinds": [kind.value for kind in IDENTIFIED]}
    yield f"{FOLDER}/files.json", orjson.dumps(about)


def _entry(key: str, named: Named) -> tuple[object, ...]:
    # One word of a name says less than the name.
    score = round(named.score, 1) if key == named.key else named.figures / 1000
    name = "" if named.name == named.label else named.name
    written = int(named.said is NameIs.AS_WRITTEN)
    entry = [key, IDENTIFIED.index(named.kind), named.label, named.path, named.figures, score]
    more = [name, named.organism, written]
    while more and not more[-1]:
        more.pop()
    return (*entry, *more)
