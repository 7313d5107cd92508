"""What people call genes and organisms, from the tables that come with this program.

A release has symbols, names and ids of genes, and Latin names of organisms. Alias symbols and names,
and previous ones, are HGNC's, from the embedded tables: so an index depends on the release and this
program alone, and is made without a network.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from pfocr_rdf.figures.decode import shipped_names
from pfocr_rdf.figures.link import OtherNames, embedded_other_names
from pfocr_rdf.query.index.model import NameIs

HUMAN: Final = "human"
"""What `common_name` returns of Homo sapiens."""

_HGNC: Final = "hgnc:"
_TAXON: Final = "ncbitaxon:"
_DIGITS: Final = re.compile(r"[1-9][0-9]*$")


def names_of_gene(identifiers: Iterable[str]) -> list[tuple[str, NameIs]]:
    """Return the alias symbols and names of a human gene and its previous ones, by its ids."""
    return [
        (name, said)
        for each in identifiers
        if each.startswith(_HGNC)
        for found in _genes().get(each.removeprefix(_HGNC), ())
        for names, said in ((found.aliases, NameIs.ALIAS), (found.previous, NameIs.PREVIOUS))
        for name in filter(None, names.split("|"))
    ]


def names_of_organism(latin: str, identifiers: Iterable[str]) -> list[tuple[str, NameIs]]:
    """Return the common names of an organism, and its Latin one with a short genus.

    Example:
        >>> names_of_organism("Caenorhabditis elegans", ["ncbitaxon:6239"])[0]
        ('C. elegans', <NameIs.COMMON: 2>)
    """
    genus, _, rest = latin.partition(" ")
    short = [(f"{genus[0]}. {rest}", NameIs.COMMON)] if genus and rest[:1].islower() else []
    known = _organisms()
    return short + [
        name
        for each in identifiers
        if each.startswith(_TAXON)
        for name in known.get(each.removeprefix(_TAXON), ())
    ]


def common_name(organism: str) -> str:
    """Return what an organism is commonly called, by its IRI; "" where that is not known.

    Example:
        >>> common_name("http://purl.obolibrary.org/obo/NCBITaxon_10090")
        'mouse'
    """
    digits = _DIGITS.search(organism)
    known = _organisms().get(digits[0], ()) if digits else ()
    # Of a pig the table has "domestic pig" in any case, and "pig" so written.
    plain = [name for name, said in known if said is NameIs.AS_WRITTEN and name.islower()]
    return next(iter((*plain, *(name for name, _ in known))), "")


@cache
def _genes() -> Mapping[str, list[OtherNames]]:
    names: defaultdict[str, list[OtherNames]] = defaultdict(list)
    for gene in embedded_other_names():
        names[gene.hgnc_id].append(gene)
    return names


@cache
def _organisms() -> Mapping[str, tuple[tuple[str, NameIs], ...]]:
    return {
        each.taxon_id: (
            *((name, NameIs.COMMON) for name in each.in_any_case),
            *((name, NameIs.AS_WRITTEN) for name in each.as_written),
        )
        for each in shipped_names()
        if each.taxon_id
    }
