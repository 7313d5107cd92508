"""docs/model.md says what the ontology and the shapes say, no more and no less."""

from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, SH, SKOS, Graph, URIRef

from pfocr_rdf.rdf.vocabulary import (
    BIOLINK,
    DCAT,
    DCTERMS,
    DCTYPES,
    DESCRIPTION_NAMESPACES,
    FOAF,
    NAMESPACES,
    OA,
    PAV,
    PFOCR,
    PROV,
    SCHEMA,
    SD,
    SPDX,
    SSSOM,
    VOID,
    VOID_EXT,
    Namespace,
)
from pfocr_rdf.rdf.vocabulary import OWL as OUR_OWL
from pfocr_rdf.rdf.vocabulary import RDF as OUR_RDF
from pfocr_rdf.rdf.vocabulary import SKOS as OUR_SKOS
from tests.support.places import ROOT

SHAPE = "https://w3id.org/pfocr/shapes#"
CLOSED: dict[str, Namespace] = {
    "rdf": OUR_RDF,
    "schema": SCHEMA,
    "pfocr": PFOCR,
    "oa": OA,
    "prov": PROV,
    "skos": OUR_SKOS,
    "dcterms": DCTERMS,
    "void": VOID,
    "dcat": DCAT,
    "pav": PAV,
    "foaf": FOAF,
    "owl": OUR_OWL,
    "sssom": SSSOM,
    "dctypes": DCTYPES,
    "sd": SD,
    "spdx": SPDX,
    "biolink": BIOLINK,
    "void-ext": VOID_EXT,
}


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docs" / "model.md").read_text()


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "pfocr.ttl")


def expand(curie: str) -> str:
    prefix, local = curie.split(":")
    return (NAMESPACES | DESCRIPTION_NAMESPACES)[prefix] + local


def rows(text: str) -> list[list[str]]:
    """Return the cells of all table rows."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]


def test_every_term_of_ours_appears_and_none_is_made_up(text: str) -> None:
    used = {expand(f"pfocr:{local}") for local in re.findall(r"`pfocr:(\w+)`", text)}
    assert used == set(PFOCR)


def test_terms_of_others_are_those_that_the_code_or_the_ontology_uses(
    text: str, ontology: Graph
) -> None:
    declared = {str(term) for term in ontology.subjects(RDF.type, OWL.Class)}
    for prefix, local in re.findall(r"`(?!xsd:)([a-z-]+):([A-Za-z_]+)`", text):
        used = declared.union(CLOSED[prefix])
        assert CLOSED[prefix].base + local in used, f"{prefix}:{local}"


def tables(text: str) -> dict[str, dict[str, str]]:
    """Return {kind: {property: how often}} of the sections about kinds of nodes."""
    found = {}
    for section in re.split(r"^###? ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        if "| property |" in body:
            found[heading] = {expand(row[0].strip("`")): row[2] for row in rows(body)}
    return found


def times(shapes: Graph, kind: URIRef) -> dict[str, str]:
    counts: dict[str, tuple[int, int | None]] = {}
    for shape in shapes.objects(kind, SH.property):
        path = shapes.value(shape, SH.path)
        if not isinstance(path, URIRef) or path == RDF.type:
            continue
        low = shapes.value(shape, SH.minCount) or shapes.value(shape, SH.qualifiedMinCount)
        high = shapes.value(shape, SH.maxCount)
        old_low, old_high = counts.get(str(path), (0, None))
        new_low = 0 if low is None else int(str(low))
        new_high = old_high if high is None else int(str(high))
        counts[str(path)] = max(old_low, new_low), new_high
    return {
        path: str(low) if low == high else f"{low}..{'n' if high is None else high}"
        for path, (low, high) in counts.items()
    }


def test_each_table_is_its_shape(text: str, shapes: Graph) -> None:
    described = tables(text)
    kinds = {str(s) for s, p in shapes.subject_objects(SH.property) if isinstance(p, URIRef)}
    narrower = {"GeneMention", "ChemicalMention", "DiseaseMention", "TermMention", "FigureTiers"}
    assert set(described) == {kind.removeprefix(SHAPE) for kind in kinds} - narrower
    for kind, table in described.items():
        assert table == times(shapes, URIRef(SHAPE + kind)), kind


def test_each_kind_names_what_tells_it(text: str, shapes: Graph) -> None:
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        if "| property |" in body:
            kind = URIRef(SHAPE + heading)
            targets = {
                *shapes.objects(kind, SH.targetClass),
                *shapes.objects(kind, SH.targetObjectsOf),
            }
            assert targets, heading
            introduction = body.split("| property |")[0]
            named = {expand(curie) for curie in re.findall(r"`([\w-]+:\w+)`", introduction)}
            assert {str(target) for target in targets} <= named, heading


def test_concepts_are_listed_under_their_scheme_with_their_notation(
    text: str, ontology: Graph
) -> None:
    for section in re.split(r"^### `", text, flags=re.MULTILINE)[1:]:
        scheme, _, body = section.partition("`\n")
        body = body.split("\n## ")[0]
        listed = {expand(row[0].strip("`")): row[1].strip("`") for row in rows(body)}
        concepts = set(ontology.subjects(SKOS.inScheme, URIRef(expand(scheme))))
        assert set(listed) == {str(concept) for concept in concepts}
        for concept in concepts:
            notation = ontology.value(concept, SKOS.notation)
            assert notation is None or listed[str(concept)] == str(notation)


def test_prefixes_are_those_of_the_code(text: str) -> None:
    section = text.split("## Prefixes")[1].split("## IRIs", maxsplit=1)[0]
    for row in rows(section):
        if row[1].startswith("`"):
            assert NAMESPACES[row[0].strip("`")] == row[1].strip("`")
