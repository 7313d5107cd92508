"""Lists and networks as files: TSV, CSV, JSON, ids, GMT for genes, and CX2 for networks.

No cell of a table is run by a spreadsheet.

Source: https://cytoscape.org/cx/cx2/specification/cytoscape-exchange-format-specification-(version-2)/;
https://software.broadinstitute.org/cancer/software/gsea/wiki/index.php/Data_formats (GMT)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.processes import batched
from pfocr_rdf.query.index import TIER_WORDS, Beside, Index, Ref, ShownIn
from pfocr_rdf.rdf import IRI, Kind, Prefixes
from pfocr_rdf.text import not_computed, one_line
from pfocr_rdf.web.pages.links import key_of
from pfocr_rdf.web.pages.read_list import ListRow

Cell = str | int | float
"""A value of a table."""


class ListFormat(StrEnum):
    """How a list can be had; the value ends its address."""

    TSV = "tsv"
    CSV = "csv"
    JSON = "json"
    IDS = "txt"
    GMT = "gmt"
    CX2 = "cx2"

    @property
    def said(self) -> str:
        """What a page calls it."""
        return "ids" if self is ListFormat.IDS else self.value.upper()


MEDIA_TYPES: Final[Mapping[ListFormat, str]] = {
    ListFormat.TSV: "text/tab-separated-values; charset=utf-8",
    ListFormat.CSV: "text/csv; charset=utf-8",
    ListFormat.JSON: "application/json",
    ListFormat.IDS: "text/plain; charset=utf-8",
    ListFormat.GMT: "text/tab-separated-values; charset=utf-8",
    ListFormat.CX2: "application/json",
}
TABLE_FORMATS: Final = (ListFormat.TSV, ListFormat.CSV, ListFormat.JSON, ListFormat.IDS)
GENE_FORMATS: Final = (*TABLE_FORMATS, ListFormat.GMT)
NETWORK_FORMATS: Final = (ListFormat.TSV, ListFormat.CX2)

COLUMNS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.FIGURE: ("figid", "title", "number", "year", "paper", "shown"),
    Kind.GENE: ("id", "symbol", "organism", "figures"),
    Kind.CHEMICAL: ("id", "name", "figures"),
    Kind.DISEASE: ("id", "name", "figures"),
    Kind.ORGANISM: ("id", "name", "figures"),
    Kind.PAPER: ("pmcid", "title", "year", "journal", "figures"),
}
"""Of the lists of a release; the first is the id."""
_BESIDE: Final = ("id", "name", "shared", "figures", "cosine")
_FIGURES: Final = ("figid", "title", "number", "year", "paper", "match", "certain")
_AT_ONCE: Final = 1000
_EDGE_COLUMNS: Final = ("source", "target", "source_id", "target_id", "figures")

_DECLARED: Final[dict[str, object]] = {
    "networkAttributes": {"name": {"d": "string"}},
    "nodes": {
        "name": {"d": "string"},
        "represents": {"d": "string"},
        "shared": {"d": "integer"},
        "figures": {"d": "integer"},
        "cosine": {"d": "double"},
    },
    "edges": {"interaction": {"d": "string"}, "figures": {"d": "integer"}},
}


class TableFile(NamedTuple):
    """A table to be written: the first column has ids, the second names."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def list_title(kind: Kind) -> str:
    """Return what a file of all of a kind is called.

    Example:
        >>> list_title(Kind.FIGURE), list_title(Kind.GENE)
        ('pathway figures', 'genes of pathway figures')
    """
    return "pathway figures" if kind is Kind.FIGURE else f"{kind.plural} of pathway figures"


def list_cells(kind: Kind, rows: Iterable[ListRow]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a list as `COLUMNS` has them."""
    for row in rows:
        match kind:
            case Kind.FIGURE:
                yield row.id, row.ref.label, row.number, row.year, row.of, row.counted
            case Kind.GENE:
                yield row.id, row.ref.label, row.of, row.counted
            case Kind.PAPER:
                yield row.id, row.ref.label, row.year, row.of, row.counted
            case _:
                yield row.id, row.ref.label, row.counted


def beside_table(prefixes: Prefixes, entity: Ref, of: Kind, found: Iterable[Beside]) -> TableFile:
    """Return what stands beside an entity, as a table."""
    rows = (
        (_id(prefixes, each.ref), each.ref.label, each.shared, each.figures, each.cosine)
        for each in found
    )
    return TableFile(f"{of.plural} beside {entity.label} in pathway figures", _BESIDE, rows)


def figures_table(index: Index, entity: Ref, shown: ShownIn) -> TableFile:
    """Return the figures of an entity, as a table."""
    return TableFile(f"pathway figures of {entity.label}", _FIGURES, _figures(index, entity, shown))


def table_file(table: TableFile, format_: ListFormat) -> Iterator[bytes]:
    """Yield a table in a format.

    Args:
        table: What is written.
        format_: Any but `ListFormat.CX2`; GMT makes one set of all names.
    """
    match format_:
        case ListFormat.TSV:
            yield _line(table.columns)
            yield from map(_line, table.rows)
        case ListFormat.CSV:
            for row in (table.columns, *table.rows):
                line = io.StringIO()
                csv.writer(line).writerow(map(_guarded, row))
                yield line.getvalue().encode()
        case ListFormat.JSON:
            yield orjson.dumps({"title": table.title, "columns": table.columns})[:-1] + b',"rows":['
            start = b"\n"
            for row in table.rows:
                yield start + orjson.dumps(dict(zip(table.columns, row, strict=True)))
                start = b",\n"
            yield b"\n]}\n"
        case ListFormat.GMT:
            names = dict.fromkeys(str(row[1]) for row in table.rows)
            yield _line((table.title.replace(" ", "_"), table.title, *names))
        case _:
            for row in table.rows:
                yield f"{one_line(str(row[0]))}\n".encode()


def network_file(
    prefixes: Prefixes, found: Mapping[str, object], title: str, format_: ListFormat
) -> Iterator[bytes]:
    """Yield a network as a table of its edges, or as CX2 for Cytoscape.

    Args:
        prefixes: Of the release.
        found: From `network`.
        title: Of it.
        format_: One of `NETWORK_FORMATS`.
    """
    nodes: list[dict[str, object]] = found["nodes"]  # type: ignore[assignment]
    edges: list[dict[str, object]] = found["edges"]  # type: ignore[assignment]
    ids = {node["id"]: prefixes.curie(IRI(str(node["id"]))) or str(node["id"]) for node in nodes}
    labels = {node["id"]: str(node["label"]) for node in nodes}
    if format_ is ListFormat.TSV:
        yield _line(_EDGE_COLUMNS)
        for edge in edges:
            one, other = edge["source"], edge["target"]
            shared = edge["figures"]
            assert isinstance(shared, int)
            yield _line((labels[one], labels[other], ids[one], ids[other], shared))
        return
    numbers = {node["id"]: number for number, node in enumerate(nodes)}
    parts: tuple[tuple[str, list[dict[str, object]]], ...] = (
        ("attributeDeclarations", [_DECLARED]),
        ("networkAttributes", [{"name": title}]),
        (
            "nodes",
            [
                {
                    "id": numbers[node["id"]],
                    "v": {
                        "name": node["label"],
                        "represents": ids[node["id"]],
                        "shared": node["figures"],
                        "figures": node["all"],
                        "cosine": node["cosine"],
                    },
                }
                for node in nodes
            ],
        ),
        (
            "edges",
            [
                {
                    "id": number,
                    "s": numbers[edge["source"]],
                    "t": numbers[edge["target"]],
                    "v": {"interaction": "shares figures with", "figures": edge["figures"]},
                }
                for number, edge in enumerate(edges)
            ],
        ),
    )
    counted = [{"name": name, "elementCount": len(part)} for name, part in parts]
    yield orjson.dumps(
        [
            {"CXVersion": "2.0", "hasFragments": False},
            {"metaData": counted},
            *({name: part} for name, part in parts),
            {"status": [{"success": True}]},
        ]
    )


def _figures(index: Index, entity: Ref, shown: ShownIn) -> Iterator[tuple[Cell, ...]]:
    places = range(len(shown.figures))
    for part in batched(places, _AT_ONCE):
        items = index.items(shown.figures[part[0] : part[-1] + 1])
        for place, item in zip(part, items, strict=True):
            figid = key_of(Kind.FIGURE, item.iri, index.iris.style) or item.iri
            match = TIER_WORDS[shown.tiers[place]].lower() if entity.kind is Kind.GENE else ""
            certain = shown.certain[place]
            yield (
                figid, item.title, item.number, item.year, item.paper, match,
                "yes" if certain else "no",
            )  # fmt: skip


def _id(prefixes: Prefixes, ref: Ref) -> str:
    return prefixes.curie(IRI(ref.iri)) or ref.iri


def _line(cells: Iterable[Cell]) -> bytes:
    return ("\t".join(map(_guarded, cells)) + "\n").encode()


def _guarded(cell: Cell) -> str:
    return not_computed(one_line(str(cell)))
