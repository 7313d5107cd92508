"""A tally is what its figures are, however they are added up, recorded or not."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.findings import CODES, Counted, Finding, Ledger, Outcome
from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.terms import IRI, Literal, Term
from pfocr_rdf.rdf.vocabulary import DCAT, OA, PFOCR, RDF, SCHEMA, SKOS
from pfocr_rdf.release.counts.counts import Classes, Counts, Tally
from pfocr_rdf.release.counts.distinct import PLACES, PREDICATES
from pfocr_rdf.release.counts.linksets import HGNC, LINKSETS, LinkCounter

_NUMBER = st.integers(1, 2**40)


def _ledger(
    came_in: dict[Counted, int], outcomes: dict[tuple[Counted, Outcome, str], int]
) -> Ledger:
    ledger = Ledger()
    ledger.came_in.update(came_in)
    ledger.outcomes.update(outcomes)
    return ledger


_FIGURE = (PFOCR.PathwayFigure, SCHEMA.Dataset)
_SOME = st.sampled_from(((SCHEMA.Gene,), _FIGURE, (DCAT.Catalog, IRI("x:c")), ()))
_OBJECTS = st.sampled_from((SCHEMA.Gene, SCHEMA.Taxon, IRI("x:d")))


@st.composite
def _counts(draw: st.DrawFn) -> Counts:
    """Return counts of which each part may be by classes and predicate that nodes have."""
    having = draw(st.dictionaries(st.tuples(_SOME, st.sampled_from(PREDICATES)), _NUMBER))
    key = st.sampled_from(sorted(having)) if having else st.nothing()
    named = st.dictionaries(st.tuples(key, _OBJECTS).map(lambda two: (*two[0], two[1])), _NUMBER)
    return Counts(
        draw(st.integers(0, 9)),
        draw(st.integers(0, 2**40)),
        draw(st.integers(0, 2**40)),
        Counter(having),
        Counter(draw(st.dictionaries(key, _NUMBER))),
        Counter(draw(named)),
        Counter(draw(named)),
        *(Counter(draw(each)) for each in _SINGLE),
    )


_SINGLE = (
    st.dictionaries(st.sampled_from((SCHEMA.Gene, DCAT.Catalog, IRI("x:c"))), _NUMBER),
    st.dictionaries(st.sampled_from((PFOCR.StatedEntrez, PFOCR.UnknownSymbol)), _NUMBER),
    st.dictionaries(st.sampled_from(range(len(LINKSETS))), _NUMBER),
)
# An entity-conflict books a leaf back, so an outcome may be below 0.
_LEDGERS = st.builds(
    _ledger,
    st.dictionaries(st.sampled_from(Counted), _NUMBER),
    st.dictionaries(
        st.tuples(st.sampled_from(Counted), st.sampled_from(Outcome), st.text("ab-", max_size=3)),
        st.integers(-99, 99).filter(bool),
    ),
)
_TALLIES = st.builds(
    Tally, _counts(), _LEDGERS, st.dictionaries(st.sampled_from(list(CODES)), _NUMBER).map(Counter)
)


def said(tally: Tally) -> object:
    """Return all of a tally as plain values."""
    ledger = tally.ledger
    return tally.counts, dict(ledger.came_in), dict(ledger.outcomes), dict(tally.findings)


@given(_TALLIES)
def test_a_record_comes_back(tally: Tally) -> None:
    again = Tally.from_record(tally.record_bytes())
    assert said(again) == said(tally)
    assert all(type(kind) is Counted for kind in again.ledger.came_in)
    assert again.ledger.record() == tally.ledger.record()
    assert again.ledger.imbalances() == tally.ledger.imbalances()


@pytest.mark.whole
@given(st.lists(_TALLIES, max_size=5), st.booleans())
def test_the_sum_of_records_is_the_record_of_the_sum(parts: list[Tally], through: bool) -> None:
    total, again = Tally(), Tally()
    for part in parts:
        total.add(part)
        again.add(Tally.from_record(part.record_bytes()))
    if through:
        again = Tally.from_record(again.record_bytes())
    assert again.counts == total.counts
    assert again.ledger.record() == total.ledger.record()
    assert again.findings == total.findings


def test_nodes_are_counted() -> None:
    by = Iris()
    links = LinkCounter(by)
    gene = node(IRI("x:g"), (RDF.type, [SCHEMA.Gene]), (SCHEMA.name, plain("a", "b")))
    both = node(
        IRI("x:b"),
        (RDF.type, [SCHEMA.Gene, SCHEMA.Taxon]),
        (SKOS.exactMatch, (by.hgnc("1"), by.hgnc("2"), IRI("x:g"))),
    )
    twin = node(IRI("x:t"), *both.properties)
    none = node(IRI("x:n"), (SCHEMA.name, plain("c")), (SCHEMA.url, (IRI("x:g"),)))
    counts = Counts()
    said = counts.nodes([gene, both], links)
    assert said == {
        SCHEMA.Gene: 1,
        SCHEMA.Taxon: 1,
        Literal("a"): 1 << PLACES[SCHEMA.name],
        Literal("b"): 1 << PLACES[SCHEMA.name],
        by.hgnc("1"): 1 << PLACES[SKOS.exactMatch],
        by.hgnc("2"): 1 << PLACES[SKOS.exactMatch],
        IRI("x:g"): 1 << PLACES[SKOS.exactMatch],
    }
    said = counts.nodes([twin, none], links)
    assert said[IRI("x:g")] == 1 << PLACES[SKOS.exactMatch] | 1 << PLACES[SCHEMA.url]
    hgnc = LINKSETS.index((SKOS.exactMatch, HGNC))
    gene_alone, two = (SCHEMA.Gene,), (SCHEMA.Gene, SCHEMA.Taxon)
    assert counts == Counts(
        triples=15,
        subjects=3,
        having=Counter(
            {
                (gene_alone, RDF.type): 1,
                (gene_alone, SCHEMA.name): 1,
                (two, RDF.type): 2,
                (two, SKOS.exactMatch): 2,
                ((), SCHEMA.name): 1,
                ((), SCHEMA.url): 1,
            }
        ),
        more=Counter({(gene_alone, SCHEMA.name): 1, (two, RDF.type): 2, (two, SKOS.exactMatch): 4}),
        classes=Counter({SCHEMA.Gene: 3, SCHEMA.Taxon: 2}),
        linked=Counter({hgnc: 4}),
    )
    assert counts.properties == {RDF.type: 5, SCHEMA.name: 3, SKOS.exactMatch: 6, SCHEMA.url: 1}
    assert sum(counts.properties.values()) == counts.triples
    assert counts.subjects_of == {
        RDF.type: 3, SCHEMA.name: 2, SKOS.exactMatch: 2, SCHEMA.url: 1
    }  # fmt: skip


def test_objects_are_counted_by_class_when_it_is_known() -> None:
    known = {IRI("x:g"): (SCHEMA.Gene,), IRI("x:both"): None}

    def class_of(term: Term) -> Classes | None:
        return known.get(IRI(str(term)), ())

    figure, mention = (SCHEMA.Dataset, PFOCR.PathwayFigure), (PFOCR.GeneMention,)
    counts = Counts()
    objects = (IRI("x:both"), IRI("x:g"), IRI("x:outside"))
    counts.nodes(
        [
            node(IRI("x:f"), (RDF.type, figure), (SCHEMA.mentions, objects)),
            node(IRI("x:m"), (RDF.type, mention), (OA.hasBody, [IRI("x:g")])),
            node(IRI("x:n"), (RDF.type, mention), (OA.hasBody, [IRI("x:g")])),
        ],
        LinkCounter(Iris()),
        lambda _: class_of,
    )
    here = {
        (figure, SCHEMA.mentions, SCHEMA.Gene): 1,
        (mention, OA.hasBody, SCHEMA.Gene): 2,
    }
    assert counts.objects == here
    assert counts.open == {(figure, SCHEMA.mentions, IRI("x:both")): 1}
    kinds = SCHEMA.ChemicalSubstance, SCHEMA.MedicalCondition
    counts.settle({IRI("x:both"): kinds}.__getitem__)
    assert counts.objects == here | {(figure, SCHEMA.mentions, kind): 1 for kind in kinds}
    assert not counts.open


def test_findings_are_counted_and_come_back_as_lines() -> None:
    tally = Tally()
    some = [Finding("unknown-symbol", "a", "b", "c"), Finding("text-repaired", "x\ny")]
    lines = tally.found(iter(some)).splitlines()
    assert [orjson.loads(line) for line in lines] == [finding.record() for finding in some]
    assert tally.found(some[:1]) == lines[0] + b"\n"
    assert tally.findings == {"unknown-symbol": 2, "text-repaired": 1}
    assert tally.found(()) == b""


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(orjson.JSONDecodeError):
        Tally.from_record(b"no record")
