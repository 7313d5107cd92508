"""A user's own mappings of entities to other databases, as a table of SSSOM.

Small beside a release, and read whole. A row that is not a mapping is a finding and left out.

Source: SSSOM 1.0, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.join.sources import Source, open_source
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import IRI, MAPPING_PREDICATES, NAMESPACES, web_iri

OPTION: Final = "--mappings"
_NEEDED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_EXPECTED: Final = f"a table of SSSOM with the columns {', '.join(_NEEDED)}"
_PREFIX: Final = re.compile(
    r"""^#\s+["']?([A-Za-z][\w.-]*)["']?:\s+["']?(https?://[^\s"']+)["']?\s*$"""
)
_SEMAPV: Final = "https://w3id.org/semapv/vocab/"


class Mapping(NamedTuple):
    """A mapping: three IRIs, why it is held to be true (an IRI), and the line it is from."""

    subject: IRI
    predicate: IRI
    object: IRI
    justification: IRI
    line: int


class MappingsRead(NamedTuple):
    """A table: its valid rows, how many it has in all, what is wrong with others, its prefixes."""

    source: Source
    rows: tuple[Mapping, ...]
    total: int
    findings: tuple[Finding, ...]
    prefixes: dict[str, str]


def open_mappings(path: Path) -> MappingsRead:
    """Read a table of mappings.

    Raises:
        InputError: It is none.
    """
    source = open_source(OPTION, path, _EXPECTED, lambda _: "")
    try:
        text = b"".join(source.chunks()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: expected {_EXPECTED}, found bytes that are not UTF-8") from error
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = {"skos": NAMESPACES["skos"], "semapv": _SEMAPV}  # SSSOM has them built in
    prefixes |= {m[1]: m[2] for line in lines[:start] if (m := _PREFIX.match(line))}
    header = lines[start].split("\t") if start < len(lines) else []
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise InputError(f"{path}: expected {_EXPECTED}, found none of {', '.join(missing)}")
    rows: list[Mapping] = []
    findings: list[Finding] = []
    total = 0
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if not line.strip():
            continue
        total += 1
        cells = next(csv.reader([line], delimiter="\t"))
        named = dict(zip(header, map(str.strip, cells), strict=False))
        wrong = list(_wrong(named, prefixes, len(cells) == len(header)))
        if wrong:
            field, detail = wrong[0]
            where = f"line {number}: {field}" if field else f"line {number}"
            value = named.get(field, "") if field else line[:200]
            findings.append(Finding("mapping-malformed", path.name, where, value, detail))
            continue
        subject, predicate, object_, why = (_expanded(named[name], prefixes) for name in _NEEDED)
        assert subject is not None, "none is wrong"
        assert predicate is not None
        assert object_ is not None
        assert why is not None
        rows.append(Mapping(subject, predicate, object_, why, number))
    return MappingsRead(source, tuple(rows), total, tuple(findings), prefixes)


def _wrong(
    row: dict[str, str], prefixes: dict[str, str], has_all: bool
) -> Iterator[tuple[str, str]]:
    """Yield (column, why) of what makes a row no mapping."""
    if not has_all:
        yield "", "expected as many cells as the header"
        return
    for name in _NEEDED:
        iri = _expanded(row[name], prefixes)
        if iri is None:
            yield name, "expected an IRI, or a CURIE with a prefix of the curie_map"
        elif name == "predicate_id" and iri not in MAPPING_PREDICATES:
            yield name, "expected a match of SKOS: exact, close, broad, narrow, related"
        elif name == "mapping_justification" and not iri.startswith(_SEMAPV):
            yield name, "expected a term of semapv"
    if row.get("predicate_modifier"):
        yield "predicate_modifier", "expected none: that something is not so is no match"


def _expanded(value: str, prefixes: dict[str, str]) -> IRI | None:
    prefix, colon, local = value.partition(":")
    if colon and local and not local.startswith("//") and prefix in prefixes:
        return web_iri(prefixes[prefix] + local)
    return web_iri(value)
