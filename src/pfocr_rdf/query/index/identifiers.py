"""Ids of genes, chemicals and diseases as people paste them: an address, a CURIE, with a version.

What stands in an index is the id as the release spells it, `ncbigene:8600`, or bare where no other
database has such ids, `ENSG00000120659`.

Source: https://bioregistry.io (prefixes and their synonyms)
"""

from __future__ import annotations

import re
from typing import Final

from pfocr_rdf.rdf import CROSS_REFERENCES

# What people call a database: the prefix of its ids here, "" where ids go without.
_CALLED: Final = {
    "ncbigene": "ncbigene:", "entrez": "ncbigene:", "entrezgene": "ncbigene:", "gene": "ncbigene:",
    "geneid": "ncbigene:", "ncbigeneid": "ncbigene:", "locuslink": "ncbigene:",
    "hgnc": "hgnc:", "hgncid": "hgnc:",
    "ensembl": "", "ensemblgene": "", "uniprot": "", "uniprotkb": "", "up": "",
    "chebi": "chebi:", "doid": "doid:", "mesh": "mesh:", "msh": "mesh:",
}  # fmt: skip
_PATTERN: Final = {each.prefix: each.pattern for each in CROSS_REFERENCES}
_ENSEMBL: Final = re.compile(rf"({_PATTERN['ENSEMBL']})(?:\.[0-9]+)?", re.IGNORECASE)
_UNIPROT: Final = re.compile(rf"({_PATTERN['UniProtKB']})(?:-[0-9]+)?", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_PARTS: Final = re.compile(r"[/#?=&!]+")
_PREFIXED: Final = re.compile(
    r"([A-Za-z][A-Za-z ._-]*)[:_]\s*([A-Za-z]?[A-Za-z0-9.-]*[0-9][A-Za-z0-9.-]*)"
)


def identifier_of(text: str) -> str:
    """Return the id that a text is, as an index has it; "" for what is none.

    Example:
        >>> identifier_of("https://identifiers.org/ncbigene/8600"), identifier_of("Entrez:8600")
        ('ncbigene:8600', 'ncbigene:8600')
        >>> identifier_of("http://purl.uniprot.org/uniprot/O14788"), identifier_of("ENSG00000120659.14")
        ('O14788', 'ENSG00000120659')
        >>> identifier_of("TNFSF11"), identifier_of("IL-6"), identifier_of("HLA:2")
        ('', '', '')
    """
    text = text.strip().strip("<>")
    if not _ADDRESS.fullmatch(text):
        return _bare(text) or _prefixed(text)
    parts = [part for part in _PARTS.split(text) if part]
    for last in reversed(parts[-2:]):  # behind some stands what is shown of it: `O14788/entry`
        if found := _bare(last) or _prefixed(last):
            return found
    last = parts[-1]
    # `gene/8600` and `ncbigene/8600` of an address, `D002118` behind the name of its host.
    for before in reversed(parts[:-1]):
        name = _plain(before)
        if name in _CALLED:
            return _CALLED[name] + last
    return ""


def _bare(text: str) -> str:
    found = _ENSEMBL.fullmatch(text) or _UNIPROT.fullmatch(text)
    return found[1].upper() if found else ""


def _prefixed(text: str) -> str:
    found = _PREFIXED.fullmatch(text)
    if found is None or (prefix := _CALLED.get(_plain(found[1]))) is None:
        return ""
    return prefix + found[2] if prefix else _bare(found[2])


def _plain(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())
