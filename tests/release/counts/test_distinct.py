"""Distinct objects: counted exactly, however what says them is cut, merged and repeated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_64_intdigest

from pfocr_rdf.rdf.terms import IRI, XSD, XSD_STRING, BlankNode, Literal, Term
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, PROPERTIES, RDF, SCHEMA, Range
from pfocr_rdf.release.counts import distinct
from pfocr_rdf.release.counts.distinct import (
    PLACES,
    PREDICATES,
    RANGES,
    DistinctCounts,
    ObjectHashes,
    counted,
    merged,
    object_record,
    total,
)

Said = dict[Term, frozenset[IRI]]
"""What a figure has: objects, each with the properties it is an object of."""

_TEXTS = st.sampled_from(["", "a", "b", "0.5", "x:1", 'a"b', "é", "long " * 30])


def _term(range_: Range, text: str) -> Term:
    if range_ is Range.IRI:
        return IRI("x:" + text.replace('"', ""))
    return Literal(text, IRI(XSD + range_.value))


@st.composite
def _said(draw: st.DrawFn) -> Said:
    said: dict[Term, set[IRI]] = defaultdict(set)
    for predicate, text in draw(st.lists(st.tuples(st.sampled_from(PREDICATES), _TEXTS))):
        said[_term(RANGES[predicate], text)].add(predicate)
    return {term: frozenset(predicates) for term, predicates in said.items()}


def bits(predicates: Iterable[IRI]) -> int:
    return sum(1 << PLACES[predicate] for predicate in predicates)


def records(figures: Iterable[Said]) -> list[bytes]:
    hashes = ObjectHashes()
    return [
        object_record({term: bits(said) for term, said in figure.items()}, hashes)
        for figure in figures
    ]


def true(figures: Iterable[Said]) -> DistinctCounts:
    """Return the counts as sets of terms have them."""
    of: dict[IRI, set[Term]] = defaultdict(set)
    ranges: dict[Range, set[Term]] = defaultdict(set)
    for figure in figures:
        for term, predicates in figure.items():
            for predicate in predicates:
                of[predicate].add(term)
                ranges[RANGES[predicate]].add(term)
    return DistinctCounts(
        {range_: len(terms) for range_, terms in ranges.items()},
        {predicate: len(terms) for predicate, terms in of.items()},
    )


@given(st.lists(_said(), max_size=6))
def test_the_counts_are_those_of_sets_of_terms(figures: list[Said]) -> None:
    assert counted(records(figures)) == true(figures)
    objects = {term for figure in figures for term in figure}
    assert true(figures).objects == len(objects)
    assert true(figures).literals == sum(isinstance(term, Literal) for term in objects)


@given(st.lists(_said(), max_size=6), st.sampled_from([1, 2, 16, 1024]), st.data())
def test_cut_and_merged_in_any_way_they_are_the_same(
    figures: list[Said], parts: int, data: st.DataObject
) -> None:
    all_records = records(figures)
    middle = data.draw(st.integers(0, len(figures)))
    pieces = [merged(some, parts) for some in (all_records[:middle], all_records[middle:])]
    assert {len(each) for each in pieces} == {parts}
    by_part = zip(*pieces, strict=True)
    assert total(counted(part) for part in by_part) == true(figures)
    again = merged([piece for each in pieces for piece in each], 1)
    assert counted(again) == true(figures)
    assert len(again[0]) == len(merged(all_records, 1)[0]), "each thing stands once"


@given(st.lists(_said(), max_size=4))
def test_the_same_said_again_counts_once(figures: list[Said]) -> None:
    assert counted(records(figures) * 2) == true(figures)


def test_nothing_is_counted_of_nothing() -> None:
    nothing = DistinctCounts({}, {})
    assert counted([]) == counted([b""]) == total([]) == nothing
    assert merged([], 4) == [b""] * 4
    assert (nothing.objects, nothing.literals) == (0, 0)


def test_what_goes_together_often_takes_nine_bytes() -> None:
    hashes = ObjectHashes()
    body = bits((SCHEMA.mentions, OA.hasBody, PFOCR.mentionsBySynonym))
    assert len(object_record({IRI("x:gene"): body}, hashes)) == 9
    # What has no code of its own is said in several.
    odd = bits((SCHEMA.mentions, OA.hasBody, PFOCR.candidate, SCHEMA.about))
    assert len(object_record({IRI("x:gene"): odd}, hashes)) == 27
    assert len(object_record({IRI("x:gene"): body, IRI("x:b"): odd}, hashes)) == 36


@given(st.sets(st.sampled_from(PREDICATES), min_size=1))
def test_the_codes_of_a_set_are_disjoint_and_make_it_up(predicates: set[IRI]) -> None:
    said: list[IRI] = []
    for code in distinct._codes_of(bits(predicates)):
        said += distinct._SETS[code]
    assert sorted(said) == sorted(predicates)


def test_every_code_is_of_one_range_and_one_byte() -> None:
    for together in distinct._SETS:
        assert len({RANGES[predicate] for predicate in together}) == 1
        assert len(together) == len(set(together))
    assert len({frozenset(together) for together in distinct._SETS}) == len(distinct._SETS) <= 256
    assert set(PREDICATES) == {RDF.type, *PROPERTIES}


def test_terms_that_differ_have_other_hashes() -> None:
    hashes = ObjectHashes()
    terms: list[Term] = [
        IRI("a"),
        Literal("a"),
        Literal("a", IRI(XSD + "integer")),
        Literal("a", XSD_STRING, "en"),
        Literal('"a'),
        IRI(f'{XSD_STRING}""a'.replace('"', "%22")),
    ]
    assert len({hashes[term] for term in terms}) == len(terms)


def test_hashes_stay_what_they_are() -> None:
    """They are kept in ledgers, and XXH3 is fixed: the first is its published test vector."""
    assert xxh3_64_intdigest(b"") == 0x2D06800538D394C2
    assert ObjectHashes()[IRI("http://identifiers.org/ncbigene/8600")] == 8570119211068109079


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "_REMEMBERED", 3)
    hashes = ObjectHashes()
    first = [hashes[IRI(f"x:{n}")] for n in range(10)]
    assert len(hashes) <= 3
    assert [hashes[IRI(f"x:{n}")] for n in range(10)] == first
    long = Literal("a caption " * 20)
    assert hashes[long] == hashes[long]
    assert long not in hashes


def test_a_blank_node_is_no_object_of_an_export() -> None:
    with pytest.raises(AssertionError, match="blank node"):
        ObjectHashes()[BlankNode("b")]
