"""Each kind is one row of one table, and found by its class."""

from __future__ import annotations

import pickle

import pytest

from pfocr_rdf.rdf.kinds import KIND_OF_CLASS, KIND_OF_MENTION, MENTIONED, PAGED, Kind, kind_of
from pfocr_rdf.rdf.vocabulary import DCAT, PFOCR, SCHEMA, SKOS


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_its_noun(kind: Kind) -> None:
    assert Kind(str(kind)) is kind is pickle.loads(pickle.dumps(kind))
    assert kind.plural == f"{kind}s"
    assert KIND_OF_CLASS[kind.of_class] is kind


def test_no_class_has_two_kinds() -> None:
    assert len(KIND_OF_CLASS) == len(Kind)
    assert len(KIND_OF_MENTION) == len(MENTIONED)
    assert set(KIND_OF_CLASS).isdisjoint(KIND_OF_MENTION)


def test_the_kinds_that_have_pages_and_mentions() -> None:
    assert PAGED == ("figure", "gene", "chemical", "disease", "organism", "paper")
    assert MENTIONED == ("gene", "chemical", "disease", "term")
    assert KIND_OF_MENTION[PFOCR.TermMention] is Kind.TERM


def test_a_node_is_of_the_first_kind_that_its_classes_tell() -> None:
    assert kind_of((PFOCR.Lexicon, SKOS.Concept)) is Kind.LEXICON
    assert kind_of((SKOS.Concept, SCHEMA.Gene)) is Kind.GENE
    assert kind_of((DCAT.Dataset,)) is None
