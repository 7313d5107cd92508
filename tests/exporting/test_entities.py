"""What figures say of entities comes out once each, sorted, however often and in any order."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.exporting import entities as module
from pfocr_rdf.exporting.entities import EntityIds, Lost, ids_of, reconciled, said_by, stored
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.terms import IRI, XSD_GYEAR, Literal, Node
from pfocr_rdf.rdf.vocabulary import DCTERMS, RDF, SCHEMA

GENE = IRI("http://identifiers.org/ncbigene/1")
PAPER = IRI("http://identifiers.org/pmc/PMC1")


def sorted_out(
    stated: Sequence[tuple[Node, int]], path: Path = Path(":memory:")
) -> list[tuple[Node, tuple[Lost, ...]]]:
    """Store nodes with how often they were stated, and read the entities back."""
    cache = PageCache.create(path, b"key")
    counts: Counter[int] = Counter()
    try:
        for one, times in stated:
            cache.add((), [stored(one)])
            counts[stored(one).id] += times
        return [reconciled(facts) for facts in cache.entities(counts)]
    finally:
        cache.close()


def test_each_entity_comes_once_in_order_with_what_was_lost(tmp_path: Path) -> None:
    gene = node(GENE, (RDF.type, [SCHEMA.Gene]), (SCHEMA.name, plain("x\0y", "b")))
    short = node(GENE, (RDF.type, [SCHEMA.Gene]), (SCHEMA.name, plain("b")))
    old, new = (
        node(PAPER, (RDF.type, [SCHEMA.ScholarlyArticle]), (SCHEMA.name, plain(title)),
             (SCHEMA.datePublished, [Literal(year, XSD_GYEAR)]))
        for title, year in (("A", "2019"), ("B", "2020"))
    )  # fmt: skip
    found = sorted_out(
        [(new, 2), (gene, 1), (old, 3), (new, 5), (gene, 1), (short, 1)], tmp_path / "e.sqlite"
    )
    assert found == [
        (
            node(GENE, (RDF.type, [SCHEMA.Gene]), (SCHEMA.alternateName, plain("x\0y")),
                 (SCHEMA.name, plain("b"))),
            (),
        ),
        (
            node(PAPER, (RDF.type, [SCHEMA.ScholarlyArticle]), (SCHEMA.alternateName, plain("B")),
                 (SCHEMA.name, plain("A")), (SCHEMA.datePublished, [Literal("2019", XSD_GYEAR)])),
            (Lost(PAPER, SCHEMA.datePublished, Literal("2020", XSD_GYEAR),
                  Literal("2019", XSD_GYEAR), 7),),
        ),
    ]  # fmt: skip


def test_a_node_that_no_figure_states_is_left_out() -> None:
    one = node(GENE, (RDF.type, [SCHEMA.Gene]))
    assert sorted_out([(one, 0)]) == []
    assert sorted_out([(one, 1), (one, -1)]) == []


def test_the_ledger_knows_what_an_entity_is(tmp_path: Path) -> None:
    cache = PageCache.create(tmp_path / "l.sqlite", b"key")
    one = node(PAPER, (RDF.type, [SCHEMA.ScholarlyArticle]), (SCHEMA.name, plain("A")))
    cache.add((), [stored(one)])
    said = cache.said_of(PAPER)
    assert said is not None
    assert said_by(PAPER, said) == one
    assert cache.said_of("x:none") is None
    cache.close()


def test_a_small_memory_changes_nothing_but_what_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nodes = [
        node(IRI(f"x:{n % 3}"), (RDF.type, [SCHEMA.Gene]), (SCHEMA.name, plain(f"n{n % 2}")))
        for n in range(12)
    ]
    named = {}
    for size in (1, 30_000):
        monkeypatch.setattr(module, "_REMEMBERED", size)
        ids = EntityIds()
        parts = [ids.name([one]) for one in nodes]
        named[size] = [list(ids_of(packed)) for packed, _ in parts]
        sent = [one for _, new in parts for one in new]
        assert {one.id for one in sent} == {stored(one).id for one in nodes}
        assert size == 1 or len(sent) == len(set(sent))
    assert named[1] == named[30_000] == [[stored(one).id] for one in nodes]


def test_papers_are_not_remembered_but_sent_once() -> None:
    paper = node(PAPER, (RDF.type, [SCHEMA.ScholarlyArticle]))
    first, again = EntityIds(), EntityIds()
    assert first.name([paper])[1] == [stored(paper)]
    assert first.name([paper])[1] == []
    assert not first._known
    assert again.name([paper, paper])[1] == [stored(paper)]


_VALUES = st.lists(
    st.text(st.characters(codec="utf-8"), max_size=5).map(Literal), min_size=1, max_size=3
)
_NODES = st.builds(
    lambda subject, names, cites: node(
        IRI(f"http://identifiers.org/pmc/PMC{subject}"), (RDF.type, [SCHEMA.ScholarlyArticle]),
        (SCHEMA.keywords, names), (DCTERMS.bibliographicCitation, cites[:1]),
    ),
    st.integers(1, 3), _VALUES, _VALUES,
)  # fmt: skip


@given(_NODES)
def test_what_is_stored_comes_back(one: Node) -> None:
    kept = stored(one)
    assert said_by(one.subject, kept.said) == one
    assert -(2**63) <= kept.id < 2**63


@given(st.lists(_NODES, max_size=8), st.randoms())
def test_any_order_gives_the_same(nodes: list[Node], order: random.Random) -> None:
    results = []
    for _ in range(2):
        results.append(sorted_out([(one, 1) for one in nodes]))
        order.shuffle(nodes)
    assert results[0] == results[1]
    subjects = [found.subject for found, _ in results[0]]
    assert subjects == sorted({one.subject for one in nodes})


def test_a_file_that_is_no_ledger_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "ledger.sqlite"
    broken.write_bytes(b"this is no database" * 100)
    assert PageCache.open(broken) is None
    assert PageCache.open(tmp_path / "none") is None
    sqlite3.connect(tmp_path / "other").close()
    assert PageCache.open(tmp_path / "other") is None
