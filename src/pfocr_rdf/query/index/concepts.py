"""The vocabulary that comes with this program: its concepts, and what its terms are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from pfocr_rdf.query.index.model import Concept
from pfocr_rdf.rdf import RDFS, SKOS, read_triples
from pfocr_rdf.shipped import ontology_file

_LABEL: Final = RDFS.base + "label"
_DEFINITION: Final = SKOS.base + "definition"


@lru_cache(maxsize=1)
def concepts() -> Mapping[str, Concept]:
    """Return the concepts by IRI: tiers, lexicons, methods, reasons, figure types."""
    labels, definitions = term_labels(), _ontology()[_DEFINITION]
    return {
        iri: Concept(iri, labels.get(iri, ""), definitions.get(iri, ""))
        for iri in _ontology()[SKOS.inScheme]
    }


def term_labels() -> Mapping[str, str]:
    """Return what classes, properties and concepts are called, by IRI."""
    return _ontology()[_LABEL]


@lru_cache(maxsize=1)
def _ontology() -> Mapping[str, Mapping[str, str]]:
    """Return one value of each property, by property and subject."""
    values: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for subject, predicate, value in read_triples(ontology_file()):
        if isinstance(subject, str):
            values[predicate][subject] = value if isinstance(value, str) else value[0]
    return values
