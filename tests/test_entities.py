"""What figures say of entities comes out once each, sorted, however often and in any order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf import entities as module
from pfocr_rdf.entities import EntityStore, Lost
from pfocr_rdf.nodes import node, plain
from pfocr_rdf.terms import IRI, XSD_GYEAR, Literal, Node
from pfocr_rdf.vocabulary import DCTERMS, RDF, SCHEMA

GENE = IRI("http://identifiers.org/ncbigene/1")
PAPER = IRI("http://identifiers.org/pmc/PMC1")


def test_each_entity_comes_once_in_order_with_what_was_lost(tmp_path: Path) -> None:
    gene = node(GENE, (RDF.type, [SCHEMA.Gene]), (SCHEMA.name, plain("x\0y", "b")))
    old, new = (
        node(PAPER, (RDF.type, [SCHEMA.ScholarlyArticle]), (SCHEMA.name, plain(title)),
             (SCHEMA.datePublished, [Literal(year, XSD_GYEAR)]))
        for title, year in (("A", "2019"), ("B", "2020"))
    )  # fmt: skip
    store = EntityStore(tmp_path / "e.sqlite")
    store.add([(new, 2), (gene, 1)])
    store.add([(old, 3), (new, 5), (gene, 1)])
    assert store.types(PAPER) == (SCHEMA.ScholarlyArticle,)
    assert store.types(IRI("x:none")) == ()
    found = list(store.nodes())
    store.close()
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


def test_a_small_memory_of_recent_entities_changes_nothing(tmp_path: Path) -> None:
    nodes = [
        node(IRI(f"x:{n % 3}"), (RDF.type, [SCHEMA.Gene]), (SCHEMA.name, plain(f"n{n % 2}")))
        for n in range(12)
    ]
    results = []
    for size in (1, 50_000):
        recent, module._RECENT = module._RECENT, size  # type: ignore[misc]
        try:
            store = EntityStore(tmp_path / f"{size}.sqlite")
            for one in nodes:
                store.add([(one, 1)])
            results.append(list(store.nodes()))
            store.close()
        finally:
            module._RECENT = recent  # type: ignore[misc]
    assert results[0] == results[1]
    assert len(results[0]) == 3


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


@given(st.lists(_NODES, max_size=8), st.randoms())
def test_any_order_gives_the_same(nodes: list[Node], random: object) -> None:
    results = []
    for _ in range(2):
        store = EntityStore(Path(":memory:"))
        for one in nodes:
            store.add([(one, 1)])
        results.append(list(store.nodes()))
        store.close()
        random.shuffle(nodes)  # type: ignore[attr-defined]
    assert results[0] == results[1]
    subjects = [found.subject for found, _ in results[0]]
    assert subjects == sorted({one.subject for one in nodes})


def test_a_disk_that_fails_is_an_error_of_files(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no database" * 100)
    with pytest.raises(OSError, match="not a database"):
        EntityStore(broken)
    store = EntityStore(Path(":memory:"))
    store._db.execute("DROP TABLE said")
    one = node(GENE, (RDF.type, [SCHEMA.Gene]))
    for use in (
        lambda: store.add([(one, 1)]),
        lambda: store.types(GENE),
        lambda: list(store.nodes()),
    ):
        with pytest.raises(OSError, match="no such table"):
            use()
    store.close()
