"""Writes files anew so that all triples of a node stand together, where a cut would part them.

For syntaxes that can only be read from the beginning to the end, and for files in which the
triples of a node stand in many places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final

from pfocr_rdf.rdf import BlankNode, Subject, Triple, ntriples_term, read_triples
from pfocr_rdf.shacl.cut import Part, own_labels, text_size
from pfocr_rdf.shacl.look import key_of

_SAMPLE: Final = 20_000
_MANY: Final = 100
_MOST: Final = 500
"""Files that are written at once: a process may have a thousand open."""
_KEPT: Final = 1_000


def put_in_order(
    paths: Sequence[Path], labels: Sequence[str], folder: Path, size: int
) -> list[Part]:
    """Write the triples of files to N-Triples files of about one size, by their subjects.

    What one document says of its fragments stays together, unless all is one document.

    Args:
        paths: The files.
        labels: What goes before the labels of blank nodes of each.
        folder: Where they are written.
        size: Bytes of each.

    Raises:
        InputError: A file cannot be read.
    """
    number = min(max(2 * text_size(paths) // size, 1), _MOST)
    files = [folder / f"{place}.nt" for place in range(number)]
    kept: list[list[str]] = [[] for _ in files]
    triples = _triples(paths, labels)
    sample = list(islice(triples, _SAMPLE))
    subjects = {subject for subject, _, _ in sample}
    documents = {_document(subject) for subject in subjects}
    by_document = len(documents) * _MANY >= len(subjects)
    for subject, predicate, value in chain(sample, triples):
        place = key_of(_document(subject) if by_document else subject) % number
        lines = kept[place]
        shown = ntriples_term(subject), ntriples_term(predicate), ntriples_term(value)
        lines.append(f"{' '.join(shown)} .\n")
        if len(lines) >= _KEPT:
            _append(files[place], lines)
    for path, lines in zip(files, kept, strict=True):
        _append(path, lines)
    return [Part(place, path, "", stop=path.stat().st_size) for place, path in enumerate(files)]


def _triples(paths: Sequence[Path], labels: Sequence[str]) -> Iterator[Triple]:
    for path, label in zip(paths, labels, strict=True):
        yield from own_labels(read_triples(path), label)


def _document(node: Subject) -> Subject:
    return node if isinstance(node, BlankNode) else type(node)(node.partition("#")[0])


def _append(path: Path, lines: list[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(lines)
    lines.clear()
