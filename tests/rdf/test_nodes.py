"""Nodes are sorted and distinct; of values of which one can be true, the order of files picks none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.rdf.nodes import facts_of, node, plain, present, reconcile
from pfocr_rdf.rdf.terms import IRI, XSD_GYEAR, Literal, Node, Term, count_triples
from pfocr_rdf.rdf.vocabulary import PROPERTIES, RDF, SCHEMA

PAPER = IRI("http://identifiers.org/pmc/PMC1")
UNKNOWN = IRI("https://example.org/p")


def test_objects_are_sorted_and_distinct_and_empty_predicates_left_out() -> None:
    made = node(PAPER, (SCHEMA.name, plain("b", "a", "", "b")), (SCHEMA.url, present(None)),
                (SCHEMA.sameAs, present(IRI("z:z"), IRI("a:a"))))  # fmt: skip
    assert made == Node(
        PAPER,
        ((SCHEMA.name, (Literal("a"), Literal("b"))), (SCHEMA.sameAs, (IRI("a:a"), IRI("z:z")))),
    )
    assert next(iter(made.triples())) == (PAPER, SCHEMA.name, Literal("a"))
    assert count_triples([made, made]) == 8


def test_the_smallest_of_several_values_is_kept_and_the_others_are_told() -> None:
    years = [Literal(year, XSD_GYEAR) for year in ("2020", "2019", "2019")]
    kept, lost = reconcile(PAPER, {SCHEMA.datePublished: years, SCHEMA.keywords: plain("b", "a")})
    assert kept == node(
        PAPER, (SCHEMA.keywords, plain("a", "b")), (SCHEMA.datePublished, years[1:2])
    )
    assert lost == ((SCHEMA.datePublished, years[0]),)


def test_a_second_name_becomes_an_alternate_name() -> None:
    facts = {
        SCHEMA.name: plain("PLoS ONE", "PLOS ONE"),
        SCHEMA.alternateName: plain("PLoS One", "PLOS ONE"),
    }
    kept, lost = reconcile(PAPER, facts)
    assert dict(kept.properties) == {
        SCHEMA.alternateName: plain("PLoS ONE", "PLoS One"),
        SCHEMA.name: plain("PLOS ONE"),
    }
    assert lost == ()


def test_predicates_that_are_not_ours_keep_all_their_values() -> None:
    kept, lost = reconcile(PAPER, {UNKNOWN: plain("b", "a"), RDF.type: [SCHEMA.Gene]})
    assert kept == node(PAPER, (RDF.type, [SCHEMA.Gene]), (UNKNOWN, plain("a", "b")))
    assert lost == ()


_FACTS = st.dictionaries(
    st.sampled_from([*PROPERTIES, RDF.type]),
    st.lists(st.sampled_from("abc").map(Literal), min_size=1, max_size=3),
    min_size=1,
    max_size=5,
)


@given(st.lists(_FACTS, min_size=1, max_size=4), st.randoms())
def test_the_order_in_which_things_are_said_changes_nothing(
    said: list[dict[IRI, list[Term]]], random: object
) -> None:
    nodes = [node(PAPER, *facts.items()) for facts in said]
    first = reconcile(PAPER, facts_of(nodes))
    random.shuffle(nodes)  # type: ignore[attr-defined]
    assert reconcile(PAPER, facts_of(nodes)) == first
    kept, lost = first
    before = {(p, v) for one in nodes for p, objects in one.properties for v in objects}
    after = {(p, v) for p, objects in kept.properties for v in objects} | set(lost)
    names = (SCHEMA.name, SCHEMA.alternateName)
    assert {v for p, v in after if p in names} == {v for p, v in before if p in names}
    assert {x for x in after if x[0] not in names} == {x for x in before if x[0] not in names}
    # A second time there is nothing left to reconcile.
    assert reconcile(PAPER, facts_of([kept])) == (kept, ())
