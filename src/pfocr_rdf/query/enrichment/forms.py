"""An enrichment as TSV, JSON and RDF: rows for spreadsheets and programs, and how they came about.

Source: PROV-O, https://www.w3.org/TR/prov-o/; the class enrichment model of OAK,
https://w3id.org/oak/class-enrichment
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

import orjson

from pfocr_rdf.query.enrichment.enricher import Enricher
from pfocr_rdf.query.enrichment.model import EnrichedSet, Enrichment
from pfocr_rdf.query.enrichment.names import ListedName
from pfocr_rdf.query.index import Meaning, SetOf
from pfocr_rdf.rdf import (
    DCTERMS,
    FIGURES_GRAPH,
    IRI,
    OURS,
    PROV,
    RDF,
    SCHEMA,
    XSD,
    XSD_INTEGER,
    FormatName,
    Iris,
    Literal,
    Node,
    Prefixes,
    make_format,
    node,
    plain,
)
from pfocr_rdf.release import Release
from pfocr_rdf.release.description import program_iri, version_iri
from pfocr_rdf.version import __version__

COLUMNS: Final = (
    "title", "year", "overlap", "size", "odds_ratio", "p", "q", "cosine", "genes"
)  # fmt: skip
"""Of a table, behind `figid` or `pmcid`."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would run."""
_XSD_DOUBLE: Final = IRI(f"{XSD}double")
_OAK: Final = "https://w3id.org/oak/class-enrichment/"
_P: Final = IRI("http://purl.obolibrary.org/obo/OBI_0000175")
_HAD_MEMBER: Final = IRI("http://www.w3.org/ns/prov#hadMember")
_VALUE: Final = IRI("http://schema.org/value")
_PROPERTY_VALUE: Final = IRI("http://schema.org/PropertyValue")
_NODES_AT_ONCE: Final = 200


class EnrichmentFormat(StrEnum):
    """How an enrichment can be written."""

    TABLE = "table"
    TSV = "tsv"
    JSON = "json"
    TURTLE = "turtle"


def id_column(by: SetOf) -> str:
    """Return what the ids of sets are called."""
    return "figid" if by is SetOf.FIGURE else "pmcid"


def to_tsv(enrichment: Enrichment, rows: Iterable[EnrichedSet]) -> Iterator[bytes]:
    """Yield a table, a row a set; no cell of it is run by a spreadsheet."""
    yield "\t".join((id_column(enrichment.options.by), *COLUMNS)).encode() + b"\n"
    for row in rows:
        genes = ",".join(each.label for each in row.shared)
        cells = (row.id, row.title, row.year, *map(str, row[5:11]), genes)
        yield "\t".join(map(_cell, cells)).encode() + b"\n"


def to_json(
    release: Release, enricher: Enricher, enrichment: Enrichment, rows: Iterable[EnrichedSet]
) -> Iterator[bytes]:
    """Yield one object: what was asked, what became of each name, and the rows.

    An odds ratio that is infinite, or says nothing, is null.
    """
    options = enrichment.options
    told = orjson.dumps(
        {
            "release": {"name": release.name, "key": release.key},
            "parameters": parameters(enrichment),
            "kinds": [kind.plural for kind in enrichment.kinds],
            "listed": len(enrichment.taken),
            "universe": enrichment.universe,
            "tested": enrichment.tested,
            "overlapping": enrichment.overlapping,
            "names": [_name(enricher, each) for each in enrichment.names],
            "background": [_name(enricher, each) for each in enrichment.background],
        }
    )
    yield told[:-1] + b',"rows":['
    start = b"\n"
    for row in rows:
        said = {
            id_column(options.by): row.id,
            "iri": row.iri,
            "title": row.title,
            "year": int(row.year) if row.year.isdecimal() else None,
            "paper": row.paper,
            **dict(zip(COLUMNS[2:8], row[5:11], strict=True)),
            "genes": [each.label for each in row.shared],
            "ids": [enricher.id_of(each) for each in row.shared],
        }
        yield start + orjson.dumps(said)
        start = b",\n"
    yield b"]}\n"


def to_turtle(
    release: Release,
    iris: Iris,
    enrichment: Enrichment,
    rows: Iterable[EnrichedSet],
) -> Iterator[bytes]:
    """Yield Turtle: the results, the list, the release, the parameters, and what made it of them.

    The same list, release and parameters give the same graph.
    """
    result = _result_iri(release, enrichment)
    writer = make_format(
        FormatName.TURTLE,
        Prefixes(iris, {"oak": _OAK, "result": f"{result}/"}),
        FIGURES_GRAPH,
    )
    yield writer.header()
    joint = b""
    for part in _parts(_nodes(release, result, enrichment, rows)):
        yield joint + writer.nodes(part)
        joint = writer.joint
    yield writer.footer()


def parameters(enrichment: Enrichment) -> dict[str, str | bool | int]:
    """Return what was asked, by the names of the options."""
    options = enrichment.options
    return {
        "tier": options.tier.value,
        "organism": options.organism,
        "certain": options.certain,
        "by": options.by.value,
        "background": len(enrichment.background),
    }


def _nodes(
    release: Release, result: IRI, enrichment: Enrichment, rows: Iterable[EnrichedSet]
) -> Iterator[Node]:
    def below(*path: str) -> IRI:
        return IRI("/".join((result, *path)))

    version, run, program = (
        version_iri(release.name or f"sha256-{release.key}"),
        below("run"),
        program_iri(),
    )
    given = parameters(enrichment)
    lists = ("list", "background") if enrichment.background else ("list",)
    told = list(rows)
    yield node(
        result,
        (RDF.type, (IRI(f"{_OAK}ClassEnrichmentResultSet"), PROV.Entity)),
        (DCTERMS.title, plain(f"Enrichment of {len(enrichment.taken)} names in pathway figures")),
        (PROV.wasGeneratedBy, (run,)),
        (PROV.wasDerivedFrom, (version, below("list"))),
        (IRI(f"{_OAK}results"), [below(row.id) for row in told]),
    )
    yield node(
        run,
        (RDF.type, (PROV.Activity,)),
        (PROV.used, (version, *map(below, lists), *(below("parameter", each) for each in given))),
        (PROV.wasAssociatedWith, (program,)),
    )
    yield node(
        program,
        (RDF.type, (PROV.SoftwareAgent,)),
        (DCTERMS.title, plain(f"pfocr-rdf {__version__}")),
    )
    yield node(
        version,
        (RDF.type, (PROV.Entity,)),
        (DCTERMS.identifier, plain(f"sha256:{release.key}")),
    )
    for name, value in given.items():
        yield node(
            below("parameter", name),
            (RDF.type, (_PROPERTY_VALUE,)),
            (SCHEMA.name, plain(name)),
            (_VALUE, plain(str(value).lower() if isinstance(value, bool) else str(value))),
        )
    yield node(
        below("list"),
        (RDF.type, (PROV.Collection,)),
        (SCHEMA.name, plain(*(each.text for each in enrichment.names))),
        (_HAD_MEMBER, [IRI(each.iri) for each in enrichment.taken]),
    )
    if enrichment.background:
        yield node(
            below("background"),
            (RDF.type, (PROV.Collection,)),
            (SCHEMA.name, plain(*(each.text for each in enrichment.background))),
            (
                _HAD_MEMBER,
                [IRI(each.meaning.iri) for each in enrichment.background if each.meaning],
            ),
        )
    for row in told:
        yield node(
            below(row.id),
            (RDF.type, (IRI(f"{_OAK}ClassEnrichmentResult"),)),
            (IRI(f"{_OAK}class_id"), (IRI(row.iri),)),
            (IRI(f"{_OAK}class_label"), plain(row.title) if row.title else ()),
            (IRI(f"{_OAK}sample_count"), (_count(row.overlap),)),
            (IRI(f"{_OAK}sample_total"), (_count(len(enrichment.taken)),)),
            (IRI(f"{_OAK}background_count"), (_count(row.size),)),
            (IRI(f"{_OAK}background_total"), (_count(enrichment.universe),)),
            (_P, (_double(row.p),)),
            (IRI(f"{_OAK}p_value_adjusted"), (_double(row.q),)),
            (SCHEMA.mentions, [IRI(each.iri) for each in row.shared]),
        )


def _name(enricher: Enricher, name: ListedName) -> dict[str, object]:
    said: dict[str, object] = {"name": name.text, "state": name.state.value}
    if name.meaning:
        said |= _meaning(enricher, name.meaning)
    if name.reason:
        said["reason"] = name.reason
    if name.choices:
        said["choices"] = [_meaning(enricher, each) for each in name.choices]
    return said


def _meaning(enricher: Enricher, meaning: Meaning) -> dict[str, object]:
    return {
        "label": meaning.label,
        "id": enricher.id_of(meaning),
        "kind": meaning.kind.value,
        "figures": meaning.figures,
    }


def _result_iri(release: Release, enrichment: Enrichment) -> IRI:
    asked = (
        release.key,
        parameters(enrichment),
        sorted(each.iri for each in enrichment.taken),
        sorted(each.text for each in enrichment.names),
        sorted(each.text for each in enrichment.background),
    )
    return IRI(f"{OURS}enrichment/{hashlib.sha256(orjson.dumps(asked)).hexdigest()[:20]}")


def _parts(nodes: Iterator[Node]) -> Iterator[list[Node]]:
    part: list[Node] = []
    for each in nodes:
        part.append(each)
        if len(part) == _NODES_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _cell(text: str) -> str:
    one_line = " ".join(text.split())
    return f"'{one_line}" if one_line.startswith(_FORMULA) else one_line


def _count(number: int) -> Literal:
    return Literal(str(number), XSD_INTEGER)


def _double(number: float) -> Literal:
    assert math.isfinite(number), "p and q are probabilities"
    mantissa, _, exponent = f"{number!r}".partition("e")
    return Literal(f"{mantissa}E{int(exponent or 0)}", _XSD_DOUBLE)
