"""Nodes -> bytes, one module per format; each figure's bytes depend on that figure alone."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from pfocr_rdf.rdf.jsonld import JsonLdFormat
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.rdf.ntriples import NQuadsFormat, NTriplesFormat
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI, Node
from pfocr_rdf.rdf.turtle import TriGFormat, TurtleFormat


class FormatName(StrEnum):
    """The formats an export can be written in."""

    TURTLE = "turtle"
    JSONLD = "jsonld"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"


class Format(Protocol):
    """How a document is put together: `header`, pieces with `joint` between them, `footer`."""

    suffix: str
    media_type: str
    joint: bytes

    def header(self) -> bytes:
        """Return what stands before the first piece."""
        ...

    def figure(self, figure: FigureNodes) -> bytes:
        """Return a figure with its mentions, without its entities."""
        ...

    def nodes(self, nodes: Iterable[Node]) -> bytes:
        """Return nodes that stand for themselves, in the order given."""
        ...

    def footer(self) -> bytes:
        """Return what stands after the last piece."""
        ...


def make_format(name: FormatName, prefixes: Prefixes, graph: IRI) -> Format:
    """Return the writer of a format.

    Args:
        name: Which format.
        prefixes: Of the export's IRI style.
        graph: The named graph, for formats that have one.
    """
    match name:
        case FormatName.TURTLE:
            return TurtleFormat(prefixes)
        case FormatName.JSONLD:
            return JsonLdFormat(prefixes)
        case FormatName.NTRIPLES:
            return NTriplesFormat()
        case FormatName.NQUADS:
            return NQuadsFormat(graph)
        case FormatName.TRIG:
            return TriGFormat(prefixes, graph)


def document(format_: Format, pieces: Iterable[bytes]) -> bytes:
    """Return a whole document of pieces; empty ones are left out."""
    return format_.header() + format_.joint.join(filter(None, pieces)) + format_.footer()
