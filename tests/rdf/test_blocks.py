"""`BlockReader` says what a parser says, or nothing; what a parser refuses it never reads."""

from __future__ import annotations

from random import Random

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.rdf import IRI, BlockReader, Literal, NotBlocks, Subject, Term, triples_of
from pfocr_rdf.rdf.blocks import _REMEMBERED

TURTLE = pyoxigraph.RdfFormat.TURTLE
HEADER = b"@prefix ex: <http://example.org/> .\n@prefix odd: <http://example.org/%20#> .\n"
BASE = "http://example.org/base"
BLOCKS = b"""<http://example.org/a#1>
    a ex:C , ex:D ;
    ex:name "Ca2+" ;
    ex:name "two"@en ;
    ex:list
        ex:b ,
        ex:c-1 ,
        "x # y" ;
    ex:n 1 .

ex:b
    ex:to <http://example.org/a#1> , odd:x ;
    ex:long \"\"\"one
two\"\"\" ;
    ex:same ex:b , ex:b .

<http://example.org/a#1>
    ex:name "again" .
"""
LINES = b"""<http://example.org/a> <http://example.org/p> "x" .
<http://example.org/a> <http://example.org/p> "y"@en .
<http://example.org/a> <http://example.org/q> <http://example.org/b> .
<http://example.org/b> <http://example.org/p> "x" .
<http://example.org/b> <http://example.org/p> "\\u00e9" .
"""
PIECES = [
    b" ;\n    ", b" .\n\n", b" ,\n        ", b"\n        ", b"#", b" # x", b'"', b'"""', b".", b" .",
    b";", b",", b"[", b"]", b"_:x", b"\n", b"\n\n", b" ", b"ex:a", b"<http://example.org/a>", b"a",
    b"\\", b"@prefix ex: <http://o.org/> .\n", b"\r", b"1", b"\xff", b"(", b")", b"{", b"%", b":",
]  # fmt: skip

Said = dict[Subject, dict[IRI, set[Term]]]


def parsed(text: bytes, syntax: pyoxigraph.RdfFormat) -> Said | None:
    """What a parser says; None where it refuses the text."""
    found: Said = {}
    document = HEADER + text if syntax == TURTLE else text
    try:
        for subject, predicate, value in triples_of(
            pyoxigraph.parse(document, syntax, base_iri=BASE)
        ):
            found.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    except (SyntaxError, ValueError):
        return None
    return found


def read(text: bytes, syntax: pyoxigraph.RdfFormat = TURTLE) -> Said:
    reader = BlockReader(syntax, HEADER if syntax == TURTLE else b"", BASE)
    first, second = reader.read(text), reader.read(text)
    assert first == second
    assert [*first] == [*second]
    for said in first.values():
        for values in said.values():
            assert len(values) == len(set(values))
    return {
        node: {predicate: set(values) for predicate, values in said.items()}
        for node, said in first.items()
    }


def test_blocks_and_lines() -> None:
    """Both layouts are read, and say what the parser says."""
    assert read(BLOCKS) == parsed(BLOCKS, TURTLE)
    for syntax in (pyoxigraph.RdfFormat.N_TRIPLES, pyoxigraph.RdfFormat.N_QUADS):
        assert read(LINES, syntax) == parsed(LINES, syntax)
    assert read(b"") == {}


@given(st.integers(0, 2**32 - 1))
def test_what_is_read_is_what_a_parser_reads(seed: int) -> None:
    """Pieces of grammar put in, taken out and moved, in either layout."""
    random = Random(seed)
    syntax = random.choice((TURTLE, TURTLE, pyoxigraph.RdfFormat.N_TRIPLES))
    text = BLOCKS if syntax == TURTLE else LINES
    for _ in range(random.randint(1, 3)):
        start = random.randrange(len(text))
        stop = start + random.choice((0, 0, 1, 2, random.randrange(40)))
        text = text[:start] + random.choice((b"", *PIECES)) + text[stop:]
    if b"prefix" in text:
        return  # who cuts a file looks for these (`shacl.cut`)
    try:
        found = read(text, syntax)
    except NotBlocks:
        return
    assert found == parsed(text, syntax)


@pytest.mark.whole
def test_little_is_remembered() -> None:
    """What is remembered has a bound, and what is long is not remembered."""
    reader = BlockReader(TURTLE, HEADER, BASE)
    for start in range(0, 5 * _REMEMBERED, _REMEMBERED):
        text = "".join(
            f'ex:a{n}\n    ex:p "{n}" ;\n    ex:q "{"long" * 100}" .\n\n'
            for n in range(start, start + _REMEMBERED)
        )
        assert len(reader.read(text.encode())) == _REMEMBERED
        assert len(reader._known) + len(reader._older) <= 4 * _REMEMBERED
        assert max(map(len, reader._known)) < 300


@pytest.mark.parametrize(
    "text",
    [
        b"ex:a\n    ex:p _:x .\n",
        b"ex:a\n    ex:p [] .\n",
        b"_:a\n    ex:p ex:b .\n",
        b"ex:a\n    ex:p ex:b ;\n    ex:p ( 1 2 ) .\n",
        b"ex:a ex:p ex:b .\n",
        b"ex:a\n    ex:p ex:b",
        b'ex:a\n    ex:p "\xff" .\n',
    ],
)
def test_not_for_us(text: bytes) -> None:
    """Blank nodes, and other layouts, are left to a parser."""
    with pytest.raises(NotBlocks):
        BlockReader(TURTLE, HEADER, BASE).read(text)


def test_terms_are_the_parsers() -> None:
    """A term that is told without a parser is the same."""
    found = read(b'<http://example.org/a>\n    ex:p "\xc3\xa9" ;\n    ex:q ex:a-1 .\n')
    assert found[IRI("http://example.org/a")] == {
        IRI("http://example.org/p"): {Literal("é")},
        IRI("http://example.org/q"): {IRI("http://example.org/a-1")},
    }
