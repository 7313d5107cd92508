"""IRIs <-> CURIEs: the prefixes of an export, and the one place that shortens by them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.memo import Memo
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import NAMESPACES

# A subset of PN_LOCAL that Turtle, TriG, SPARQL and JSON-LD all read without escapes.
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_:-]*[A-Za-z0-9_-])?")
_CACHE_SIZE = 8_192


class Prefixes:
    """The prefixes of one IRI style, and more where they are needed.

    `curies` is `curie` by subscript, for those who ask millions of times.

    Example:
        >>> prefixes = Prefixes(Iris())
        >>> prefixes.curie(IRI("http://identifiers.org/ncbigene/8600"))
        'ncbigene:8600'
        >>> prefixes.curie(IRI("https://doi.org/10.3390/biom13071050")) is None
        True
    """

    def __init__(self, iris: Iris, more: Mapping[str, str] | None = None) -> None:
        namespaces = NAMESPACES | iris.prefixes() | dict(more or {})
        self.namespaces: Mapping[str, str] = dict(sorted(namespaces.items()))
        self._prefix_of = {namespace: prefix for prefix, namespace in self.namespaces.items()}
        self.curies = Memo(self._shortened, _CACHE_SIZE)

    def curie(self, iri: IRI) -> str | None:
        """Return the CURIE of an IRI, or None when it has none that needs no escape."""
        return self.curies[iri]

    def _shortened(self, iri: IRI) -> str | None:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or _LOCAL.fullmatch(iri, cut) is None:
            return None
        return f"{prefix}:{iri[cut:]}"
