"""A CURIE stands only for an IRI that Turtle and JSON-LD read back from it without an escape."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.rdf import prefixes as module
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI


@pytest.mark.parametrize("style", IriStyle)
def test_identifiers_of_every_style_are_short(style: IriStyle) -> None:
    by = Iris(style)
    prefixes = Prefixes(by)
    for made in (
        by.gene("1"),
        by.hgnc("1"),
        by.taxon("1"),
        by.chebi("1"),
        by.doid("1"),
        by.mesh("D1"),
    ):
        curie = prefixes.curie(made)
        assert curie is not None, made
        prefix, _, local = curie.partition(":")
        assert prefixes.namespaces[prefix] + local == made


@pytest.mark.parametrize("namespace", Prefixes(Iris()).namespaces.values())
def test_no_namespace_begins_with_another_where_both_could_shorten(namespace: str) -> None:
    assert namespace[-1] in "#/_:"


@pytest.mark.parametrize(
    "local", ["", "a.b", "a.", ".a", "-a", "a/b", "a#b", "a%20b", "é", "a b", "a:", "a,b", "a'b"]
)
def test_what_would_need_an_escape_stays_whole(local: str) -> None:
    made = IRI("http://identifiers.org/ncbigene/" + local)
    assert Prefixes(Iris()).curie(made) is None


@given(st.sampled_from(sorted(Prefixes(Iris()).namespaces.values())), st.text(max_size=12))
def test_a_curie_is_read_back_as_its_iri(namespace: str, local: str) -> None:
    prefixes = Prefixes(Iris())
    curie = prefixes.curie(IRI(namespace + local))
    if curie is None:
        return
    lines = "".join(f"@prefix {p}: <{ns}> .\n" for p, ns in prefixes.namespaces.items())
    (quad,) = pyoxigraph.parse(f"{lines}<x:s> <x:p> {curie} .", format=pyoxigraph.RdfFormat.TURTLE)
    assert quad.object == pyoxigraph.NamedNode(namespace + local)


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CACHE_SIZE", 2)
    prefixes = Prefixes(Iris())
    made = [prefixes.curie(Iris().gene(str(n))) for n in (1, 2, 3, 1, 3)]
    assert made == [f"ncbigene:{n}" for n in (1, 2, 3, 1, 3)]
    assert len(prefixes.curies) <= 2
