"""`certain=yes`: the answer is that of a release whose figures mention nothing else.

The second release is made here, by leaving out of the first what is not unambiguous, and what is
unambiguous is worked out from the mentions alone.
"""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.questions import bind
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, SCHEMA
from tests.query.questions.test_rows import OF_SAMPLES, QUESTIONS, StoreOf, answer, given

pytestmark = pytest.mark.whole  # takes long

RANKING = {
    "chemicals-beside-gene", "co-mention-path", "diseases-beside-gene",
    "figures-of-gene-and-disease", "figures-of-genes", "genes-together", "years-of-gene",
    "gene-pairs-new-in-year", "genes-beside-chemical", "genes-beside-gene", "genes-new-beside-gene",
    "genes-of-disease", "genes-of-organism", "most-shown-genes", "similar-figures",
}  # fmt: skip
FEDERATED = {
    "mesh-diseases", "uniprot-process-figures", "wikidata-drugs-of-gene", "wikipathways-figures",
}  # fmt: skip
TAKING = sorted({"figures-of-gene"} | RANKING)
RELEASES = ("seeds", "pages", *OF_SAMPLES)


def named(iri: str) -> pyoxigraph.NamedNode:
    return pyoxigraph.NamedNode(iri)


def values(store: pyoxigraph.Store, subject: object, predicate: str) -> set[str]:
    quads = store.quads_for_pattern(subject, named(predicate), None, None)  # type: ignore[arg-type]
    return {quad.object.value for quad in quads}  # type: ignore[union-attr]


def unambiguous(store: pyoxigraph.Store) -> set[tuple[str, str]]:
    """Return (figure, entity) pairs, from the mentions and the organisms of figures and genes."""
    found = set()
    for quad in store.quads_for_pattern(None, named(OA.hasBody), None, None):
        mention, body = quad.subject, quad.object
        assert isinstance(body, pyoxigraph.NamedNode)
        if values(store, mention, PFOCR.readings) != {"1"}:
            continue
        (figure,) = values(store, mention, OA.hasTarget)
        if values(store, mention, PFOCR.candidate):
            continue
        if SCHEMA.Gene in values(store, body, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"):
            if not values(store, mention, PFOCR.matchTier) & {PFOCR.Symbol, PFOCR.Synonym}:
                continue
            stated = [
                {
                    organism
                    for predicate in predicates
                    for organism in values(store, named(figure), predicate)
                    if values(store, named(organism), SCHEMA.identifier)
                }
                for predicates in (
                    (PFOCR.organism, PFOCR.organismRecognized), (PFOCR.organismInText,),
                )
            ]  # fmt: skip
            of_figure = stated[0] or stated[1]
            if of_figure and not of_figure & values(store, body, SCHEMA.taxonomicRange):
                continue
        found.add((figure, body.value))
    return found


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_unambiguous_follows_from_the_mentions(store_of: StoreOf, release: str) -> None:
    store = store_of(release)
    said = {
        (quad.subject.value, quad.object.value)  # type: ignore[union-attr]
        for quad in store.quads_for_pattern(None, named(PFOCR.mentionsUnambiguously), None, None)
    }
    assert said == unambiguous(store)


def rows_of(answered: str) -> list[list[str]]:
    """Return rows to compare: what GROUP_CONCAT joins has no order."""
    return sorted(sorted(row.replace('"', " ").split()) for row in answered.splitlines())


def reduced(store: pyoxigraph.Store) -> pyoxigraph.Store:
    """Return a release that mentions only what is unambiguous."""
    left: dict[str, set[str]] = defaultdict(set)
    for figure, entity in unambiguous(store):
        left[figure].add(entity)
    ways = {
        SCHEMA.mentions, PFOCR.mentionsBySymbol, PFOCR.mentionsBySynonym, PFOCR.mentionsByFamily,
    }  # fmt: skip
    out = pyoxigraph.Store()
    out.extend(
        quad
        for quad in store
        if quad.predicate.value not in ways or quad.object.value in left[quad.subject.value]
    )
    return out


@pytest.mark.parametrize("release", RELEASES)
def test_certain_answers_are_those_of_a_release_without_the_rest(
    store_of: StoreOf, release: str
) -> None:
    store = store_of(release)
    without = reduced(store)
    for name in TAKING:
        question = QUESTIONS[name]
        asked = given(question, release)
        certain = answer(store, bind(question, asked | {"certain": "yes"}))
        assert rows_of(certain) == rows_of(answer(without, bind(question, asked))), name
        assert bind(question, asked | {"certain": "no"}) == bind(question, asked), name


def test_something_is_certain_and_not_all_is(store_of: StoreOf) -> None:
    store, question = store_of(OF_SAMPLES[0]), QUESTIONS["most-shown-genes"]
    some = answer(store, bind(question, {"certain": "yes"})).splitlines()
    assert 2 < len(some) < len(answer(store, bind(question, {})).splitlines())


def test_all_questions_that_rank_take_it() -> None:
    taking = {
        name
        for name, question in QUESTIONS.items()
        if any(parameter.name == "certain" for parameter in question.parameters)
    }
    assert taking == {*TAKING, *FEDERATED}
    with pytest.raises(UsageError, match="expected yes or no, found 'maybe'"):
        bind(QUESTIONS["figures-of-gene"], {"certain": "maybe"})
