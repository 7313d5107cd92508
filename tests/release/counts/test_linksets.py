"""Links into other databases are counted by the beginnings of IRIs, in every spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.rdf.cross_references import CROSS_REFERENCES
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.nodes import node
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import ALIGNMENT_PROPERTIES, PFOCR, PROPERTIES, SCHEMA, SKOS, Range
from pfocr_rdf.release.counts.linksets import (
    ALIGNED,
    LINKSETS,
    TARGETS,
    AlignedLinks,
    LinkCounter,
    aligned_spaces,
    uri_spaces,
)


@pytest.mark.parametrize("style", IriStyle)
def test_each_database_has_its_own_beginning(style: IriStyle) -> None:
    spaces = uri_spaces(Iris(style))
    assert set(spaces) == set(TARGETS)
    for one in spaces.values():
        assert [other for other in spaces.values() if other.startswith(one)] == [one]


def test_linksets_are_of_properties_that_have_iris() -> None:
    assert len(set(LINKSETS)) == len(LINKSETS)
    for predicate, target in LINKSETS:
        assert PROPERTIES[predicate].range is Range.IRI
        assert target in TARGETS
    assert {target for _, target in LINKSETS} == set(TARGETS)


@pytest.mark.parametrize("style", IriStyle)
@given(st.data())
def test_links_are_counted_one_by_one(style: IriStyle, data: st.DataObject) -> None:
    iris = Iris(style)
    spaces = uri_spaces(iris)
    known = st.tuples(
        st.sampled_from(list(spaces.values())), st.sampled_from(["1", "zz", "\U0010fffe"])
    )
    others = st.sampled_from(
        ["http://identifiers.org/", "https://w3id.org/pfocr/organism/x", "a", "z"]
    )
    objects = data.draw(st.sets(known.map("".join) | others))
    counter = LinkCounter(iris)
    for predicate in {predicate for predicate, _ in LINKSETS}:
        found = dict(counter.count(predicate, tuple(sorted(map(IRI, objects)))))
        assert found == {
            place: links
            for place, (name, target) in enumerate(LINKSETS)
            if name == predicate
            and (links := sum(each.startswith(spaces[target]) for each in objects))
        }


def test_other_properties_have_no_links() -> None:
    counter = LinkCounter(Iris())
    assert counter.count(SCHEMA.url, (Iris().gene("8600"),)) == []
    assert counter.count(PFOCR.candidate, (Iris().gene("8600"),)) == []
    assert counter.count(SKOS.exactMatch, (Iris().hgnc("11926"),)) == [
        (next(n for n, (p, _) in enumerate(LINKSETS) if p == SKOS.exactMatch), 1)
    ]


@pytest.mark.parametrize("style", IriStyle)
def test_links_of_the_alignment_are_counted_in_every_spelling(style: IriStyle) -> None:
    iris = Iris(style)
    gene, mesh = iris.gene("8600"), iris.mesh("D000006")
    nodes = [
        node(gene, *[(each.predicate, (each.space(style),)) for each in CROSS_REFERENCES[1:]]),
        node(gene, (SKOS.exactMatch, (*iris.spellings(gene), CROSS_REFERENCES[0].space(style)))),
        node(gene, (SKOS.closeMatch, (*iris.spellings(mesh), IRI("http://example.org/1")))),
    ]
    found = {ALIGNED[place]: links for place, links in AlignedLinks(iris).count(nodes).items()}
    ortholog = PFOCR.ortholog
    assert {(predicate, target.name): n for (predicate, target), n in found.items()} == {
        (SKOS.exactMatch, "ncbigene-elsewhere"): 2,
        (SKOS.exactMatch, "ensembl"): 1,
        (SKOS.closeMatch, "mesh-elsewhere"): 3,
        (SKOS.closeMatch, "omim"): 1,
        (SCHEMA.encodesBioChemEntity, "uniprot"): 1,
        (PFOCR.referenceSequence, "refseq"): 1,
        (ortholog, "mgi"): 1,
        (ortholog, "rgd"): 1,
    }


@pytest.mark.parametrize("style", IriStyle)
def test_each_database_of_the_alignment_has_its_own_beginnings(style: IriStyle) -> None:
    spaces = aligned_spaces(Iris(style))
    assert {target for _, target in ALIGNED} == set(spaces)
    every = [space for each in spaces.values() for space in each]
    assert len(every) == len(set(every))
    for one in every:
        assert [other for other in every if other.startswith(one)] == [one]
    for predicate, _ in ALIGNED:
        assert ALIGNMENT_PROPERTIES[predicate].range is Range.IRI
