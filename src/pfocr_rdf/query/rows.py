"""Writes the rows of a SELECT one by one, for answers that end early and for people.

Oxigraph's own writers are used wherever a whole answer is written; these stop after any row.

Source: https://www.w3.org/TR/sparql11-results-csv-tsv/,
https://www.w3.org/TR/sparql12-results-json/, https://www.w3.org/TR/sparql12-results-xml/
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

import orjson
import pyoxigraph

from pfocr_rdf.rdf import (
    FIGURES,
    IRI,
    RDF_LANG_STRING,
    XSD,
    XSD_INTEGER,
    XSD_STRING,
    Prefixes,
    figure_iri,
)
from pfocr_rdf.text import not_computed, printable

Row = Sequence[object]
"""Terms of pyoxigraph; None where a variable has no value."""

_MEASURED: Final = 1000
"""Rows whose widths decide those of the columns; a table may have millions."""

_BLANKS: Final = str.maketrans("\n\r\t", "   ")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,30}")
_FRACTION: Final = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{0,60})?(?:[eE][+-]?[0-9]{1,2})?")
_FRACTIONS: Final = tuple(XSD + name for name in ("decimal", "double", "float"))
_WHOLE: Final = 1000  # from here on a fraction adds nothing
_UNMARKED: Final = (XSD_STRING, RDF_LANG_STRING)
_SPARQL_XML: Final = (
    '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>{head}'
    "</head><results>"
)
_ITS: Final = ' xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0"'


def csv_rows(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield CSV: values only, no kinds of terms; before what a spreadsheet would compute, `'`."""
    for row in chain([variables], rows):
        line = io.StringIO()
        csv.writer(line).writerow(
            ["" if each is None else not_computed(_value(each)) for each in row]
        )
        yield line.getvalue().encode()


def tsv_rows(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield TSV: terms as Turtle spells them."""
    yield "\t".join(f"?{name}" for name in variables).encode() + b"\n"
    for row in rows:
        yield "\t".join("" if each is None else str(each) for each in row).encode() + b"\n"


def json_rows(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the JSON of SPARQL results."""
    yield b'{"head":{"vars":' + orjson.dumps(list(variables)) + b'},"results":{"bindings":['
    joint = b""
    for row in rows:
        bound = {
            name: _json(each) for name, each in zip(variables, row, strict=True) if each is not None
        }
        yield joint + orjson.dumps(bound)
        joint = b","
    yield b"]}}"


def xml_rows(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the XML of SPARQL results."""
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in variables)
    yield _SPARQL_XML.format(head=head).encode()
    for row in rows:
        bindings = "".join(
            f"<binding name={quoteattr(name)}>{_xml(each)}</binding>"
            for name, each in zip(variables, row, strict=True)
            if each is not None
        )
        yield f"<result>{bindings}</result>".encode()
    yield b"</results></sparql>"


def plain_rows(
    variables: Sequence[str], rows: Iterable[Row], prefixes: Prefixes
) -> Iterator[bytes]:
    """Yield lines of aligned columns, as wide as the widest of their first 1000 values."""
    lines = ([shown(each, prefixes) for each in row] for row in rows)
    first = [list(variables), *islice(lines, _MEASURED)]
    widths = [max(map(len, column)) for column in zip(*first, strict=True)]
    for line in chain(first, lines):
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip().encode() + b"\n"


def shown(term: object, prefixes: Prefixes) -> str:
    """Return a term as a table shows it.

    Of a figure it is the figid, of another IRI the CURIE where it has one, of a number the
    number as people write it, of other literals the text. A line end, which would break the row,
    becomes a space, what cannot be printed U+FFFD.
    """
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.NamedNode):
        iri = IRI(term.value)
        return printable(figid_in(iri) or prefixes.curie(iri) or iri)
    return said_number(term) or printable(_value(term).translate(_BLANKS))


def figid_in(iri: str) -> str:
    """Return the figid in the IRI of a figure, "" for any other.

    Example:
        >>> figid_in("https://pfocr.wikipathways.org/figures/PMC2374958__bcr1848-1.html")
        'PMC2374958__bcr1848-1'
    """
    figid = iri.removeprefix(FIGURES).removesuffix(".html")
    return figid if figure_iri(figid) == iri else ""


def said_number(term: object) -> str:
    """Return a number as people write it: thousands parted, or three digits that count; else "".

    Example:
        >>> said_number(pyoxigraph.Literal(12345)), said_number(pyoxigraph.Literal(0.70710678))
        ('12,345', '0.707')
        >>> said_number(pyoxigraph.Literal("12345"))
        ''
    """
    if not isinstance(term, pyoxigraph.Literal):
        return ""
    datatype = term.datatype.value
    if datatype == XSD_INTEGER and _INTEGER.fullmatch(term.value):
        return f"{int(term.value):,}"
    if datatype in _FRACTIONS and _FRACTION.fullmatch(term.value):
        value = float(term.value)
        return f"{round(value):,}" if abs(value) >= _WHOLE else f"{value:.3g}"
    return ""


def write_pieces(pieces: Iterable[bytes], out: BinaryIO) -> None:
    """Write pieces, some thousand at once."""
    pieces = iter(pieces)
    while piece := b"".join(islice(pieces, 1000)):
        out.write(piece)


ROW_WRITERS: Final[dict[str, Callable[[Sequence[str], Iterable[Row]], Iterator[bytes]]]] = {
    "csv": csv_rows,
    "tsv": tsv_rows,
    "json": json_rows,
    "xml": xml_rows,
}


def _value(term: object) -> str:
    """Return what a term says, without its kind."""
    if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal)):
        return term.value
    if isinstance(term, pyoxigraph.Triple):
        return " ".join(map(_value, term))
    return str(term)


def _json(term: object) -> dict[str, Any]:
    if isinstance(term, pyoxigraph.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, pyoxigraph.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, pyoxigraph.Triple):
        names = ("subject", "predicate", "object")
        return {"type": "triple", "value": dict(zip(names, map(_json, term), strict=True))}
    assert isinstance(term, pyoxigraph.Literal)
    literal = {"type": "literal", "value": term.value}
    if term.language:
        literal["xml:lang"] = term.language
        if term.direction is not None:
            literal["its:dir"] = str(term.direction)
    elif term.datatype.value not in _UNMARKED:
        literal["datatype"] = term.datatype.value
    return literal


def _xml(term: object) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return f"<uri>{escape(term.value)}</uri>"
    if isinstance(term, pyoxigraph.BlankNode):
        return f"<bnode>{escape(term.value)}</bnode>"
    if isinstance(term, pyoxigraph.Triple):
        names = ("subject", "predicate", "object")
        parts = "".join(
            f"<{name}>{_xml(part)}</{name}>" for name, part in zip(names, term, strict=True)
        )
        return f"<triple>{parts}</triple>"
    assert isinstance(term, pyoxigraph.Literal)
    # A bare carriage return would be read back as a line end.
    text = escape(term.value, {"\r": "&#13;"})
    if term.language:
        direction = f" its:dir={quoteattr(str(term.direction))}{_ITS}" if term.direction else ""
        return f"<literal xml:lang={quoteattr(term.language)}{direction}>{text}</literal>"
    if term.datatype.value in _UNMARKED:
        return f"<literal>{text}</literal>"
    return f"<literal datatype={quoteattr(term.datatype.value)}>{text}</literal>"
