"""Triples of a description -> what they say of one data set, its versions and its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from pfocr_rdf.assess.fair.evidence import KNOWN, PROPERTIES, Evidence, Field, Metadata
from pfocr_rdf.rdf import IRI, BlankNode, Literal, Subject, Term, Triple


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return KNOWN[prefix] + local


_FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    _expanded(name): tuple(field for field, names in PROPERTIES.items() if name in names.split())
    for name in dict.fromkeys(" ".join(PROPERTIES.values()).split())
}
_OF_FILES: Final = frozenset(
    (
        Field.CONTENT,
        Field.FORMAT,
        Field.SIZE,
        Field.SERVICE,
        Field.STANDARD,
        Field.VARIABLE,
    )
)
_LEVELS: Final = frozenset(
    _expanded(name)
    for name in (
        "dcterms:hasVersion dcat:hasVersion dcat:hasCurrentVersion pav:hasCurrentVersion "
        "pav:hasVersion dcterms:isVersionOf dcat:isVersionOf"
    ).split()
)
_FILES: Final = frozenset(
    _expanded(name)
    for name in (
        "dcat:distribution schema:distribution schema:hasPart dcat:accessService dcterms:hasPart"
    ).split()
)
_RDF_TYPE: Final = KNOWN["rdf"] + "type"
_DATASET_TYPES: Final = frozenset(
    _expanded(name) for name in ("schema:Dataset", "dcat:Dataset", "void:Dataset")
)
_PROVENANCE: Final = ("prov:", "pav:")


def datasets_in(triples: Iterable[Triple]) -> list[Subject]:
    """Return what triples call a data set, in their order."""
    return list(
        dict.fromkeys(
            subject
            for subject, predicate, value in triples
            if predicate == _RDF_TYPE and value in _DATASET_TYPES
        )
    )


def add_triples(
    found: Metadata, triples: Collection[Triple], roots: Iterable[Subject], file: str
) -> bool:
    """Add what triples say of a data set, and of its versions and files.

    Args:
        found: Is added to.
        triples: Of one document.
        roots: The data set.
        file: Name of the document.

    Returns:
        Whether the document says anything of the data set.
    """
    said: defaultdict[Subject, list[tuple[IRI, Term]]] = defaultdict(list)
    levels_of: defaultdict[Subject, list[Subject]] = defaultdict(list)
    for subject, predicate, value in triples:
        said[subject].append((predicate, value))
        if predicate in _LEVELS and not isinstance(value, Literal):
            levels_of[subject].append(value)
            levels_of[value].append(subject)
    levels = _reached([root for root in roots if root in said], levels_of)
    files = [
        value
        for level in levels
        for predicate, value in said[level]
        if predicate in _FILES and not isinstance(value, Literal) and value not in levels
    ]
    for level in levels:
        for predicate, value in said[level]:
            _add(found, file, level, predicate, value, of_file=False)
        if isinstance(level, str) and not level.startswith("file:"):
            found.add(Field.IDENTIFIER, Evidence(level, file, "data set", "IRI", is_link=True))
    for each in dict.fromkeys(files):
        for predicate, value in said.get(each, ()):
            _add(found, file, each, predicate, value, of_file=True)
    return bool(levels)


def _reached(roots: Iterable[Subject], levels_of: Mapping[Subject, list[Subject]]) -> list[Subject]:
    reached = dict.fromkeys(roots)
    waiting = list(reached)
    while waiting:
        for other in levels_of.get(waiting.pop(), ()):
            if other not in reached:
                reached[other] = None
                waiting.append(other)
    return list(reached)


def _add(
    found: Metadata, file: str, subject: Subject, predicate: IRI, value: Term, *, of_file: bool
) -> None:
    name = _short(predicate)
    about = f"_:{subject.label}" if isinstance(subject, BlankNode) else f"<{subject}>"
    evidence = _evidence(value, file, about, name)
    for field in _FIELDS.get(predicate, ()):
        if not of_file or field in _OF_FILES:
            found.add(field, evidence)
    if name.startswith(_PROVENANCE):
        found.add(Field.PROVENANCE, evidence)
    for term in (name, _short(value)) if predicate == _RDF_TYPE else (name,):
        prefix, colon, _ = term.partition(":")
        if colon and prefix in KNOWN:
            found.add(Field.VOCABULARY, Evidence(prefix, file, about, term))


def _evidence(value: Term, file: str, about: str, name: str) -> Evidence:
    if isinstance(value, Literal):
        return Evidence(value.lexical, file, about, name)
    if isinstance(value, BlankNode):
        return Evidence(f"_:{value.label}", file, about, name)
    return Evidence(value, file, about, name, is_link=True)


def _short(term: Term) -> str:
    """Return the CURIE of a term that we know the namespace of, else its IRI."""
    text = term if isinstance(term, str) else ""
    for prefix, namespace in KNOWN.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text
