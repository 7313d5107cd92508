"""docs/gotchas.md: what surprises people who write queries, with the numbers of a release.

    python -m scripts.vocabulary_pages.gotchas OUT > docs/gotchas.md

Each number is the answer to a query that stands beside it on the page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph

from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.rdf import Iris, IriStyle
from pfocr_rdf.release import open_release

_PREFIXES: Final = {
    "schema": "http://schema.org/",
    "pfocr": "https://w3id.org/pfocr/vocab#",
    "oa": "http://www.w3.org/ns/oa#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Gotcha(NamedTuple):
    """One surprise.

    Attributes:
        title: What it is.
        query: Its numbers: columns of one row, or (name, number) rows.
        text: What to say; `{column}` stands for a number, `{rows}` for all rows. Left out when
            there are no rows.
    """

    title: str
    query: str
    text: str


GOTCHAS: Final = (
    Gotcha(
        "`schema:mentions` has several kinds of object",
        """
        SELECT ?class (COUNT(*) AS ?number) {
            ?figure schema:mentions/a ?class
        } GROUP BY ?class ORDER BY DESC(?number)
        """,
        "It leads to {rows}. Ask for the class, or use the properties that only genes have.",
    ),
    Gotcha(
        "A gene is in one of three tiers per figure, and its mentions may be in more",
        """
        SELECT
            (SUM(?s) AS ?symbol) (SUM(?y) AS ?synonym) (SUM(?f) AS ?family) (SUM(?n) AS ?neither)
        {
            { SELECT ?figure ?gene { ?figure schema:mentions ?gene . ?gene a schema:Gene } }
            BIND(IF(EXISTS { ?figure pfocr:mentionsBySymbol ?gene }, 1, 0) AS ?s)
            BIND(IF(EXISTS { ?figure pfocr:mentionsBySynonym ?gene }, 1, 0) AS ?y)
            BIND(IF(EXISTS { ?figure pfocr:mentionsByFamily ?gene }, 1, 0) AS ?f)
            BIND(1 - ?s - ?y - ?f AS ?n)
        }
        """,
        "Of the pairs of a figure and a gene, {symbol} are by symbol, {synonym} by synonym, {family} by "
        "family: the strictest match counts. {neither} have no tier: of a keyword, or of an input without "
        "lexicons, it is not known how it was matched. `schema:mentions` has them all.",
    ),
    Gotcha(
        "Many mentions have no body",
        """
        SELECT (COUNT(?m) AS ?mentions) (COUNT(?b) AS ?bodies) (COUNT(?c) AS ?proposed) {
            ?m oa:hasTarget ?figure .
            OPTIONAL { ?m oa:hasBody ?b }
            OPTIONAL { SELECT ?m (SAMPLE(?one) AS ?c) { ?m pfocr:candidate ?one } GROUP BY ?m }
        }
        """,
        "{bodies} of {mentions} mentions say what they are of. The others say why not "
        "(`pfocr:unresolvedReason`), so `OPTIONAL` the body, or you lose them. {proposed} mentions have "
        "candidates: genes that are proposed, not asserted, beside a body or without one.",
    ),
    Gotcha(
        "One word may be read as several things",
        """
        SELECT
            (COUNT(?m) AS ?mentions) (SUM(IF(?n > 1, 1, 0)) AS ?several)
            (SUM(IF(BOUND(?kinds), 1, 0)) AS ?other)
        {
            ?m pfocr:readings ?n
            OPTIONAL { SELECT ?m (COUNT(*) AS ?kinds) { ?m pfocr:alsoReadAs ?o } GROUP BY ?m }
        }
        """,
        "PFOCR takes a word for all that has its name: genes of several species, a chemical, a disease. "
        "`pfocr:readings` counts the things, on every mention that has a word: {several} of {mentions} "
        "say more than 1. {other} have mentions of another kind too (`pfocr:alsoReadAs`). A family with "
        "the members that are stated for it is one thing.",
    ),
    Gotcha(
        "A figure shows less without doubt than it mentions",
        """
        SELECT
            (COUNT(*) AS ?pairs) (SUM(?u) AS ?sure)
            (SUM(IF(?is_gene, 1, 0)) AS ?genes) (SUM(IF(?is_gene, ?u, 0)) AS ?sure_genes)
        {
            ?figure schema:mentions ?entity
            BIND(IF(EXISTS { ?figure pfocr:mentionsUnambiguously ?entity }, 1, 0) AS ?u)
            BIND(EXISTS { ?entity a schema:Gene } AS ?is_gene)
        }
        """,
        "{sure} of {pairs} pairs of a figure and an entity ({sure_genes} of {genes} with a gene) are "
        "`pfocr:mentionsUnambiguously`: a word is read as this alone, and a gene is matched by symbol or "
        "synonym, has no other gene as candidate, and is of an organism of the figure: a curated or "
        "recognised one with a taxon id; where there is none, one that its text names; where there is "
        "none either, of any. Genes of keywords have no word, so they are not among them. It is what "
        "`certain=yes` asks for in the library of questions.",
    ),
    Gotcha(
        "Mentions are not figures",
        """
        SELECT (COUNT(*) AS ?mentions) (COUNT(DISTINCT ?pair) AS ?pairs) (SUM(?times) AS ?repeated) {
            ?m a pfocr:GeneMention ; oa:hasTarget ?figure ; oa:hasBody ?gene ;
                pfocr:occurrences ?times .
            BIND(CONCAT(STR(?figure), " ", STR(?gene)) AS ?pair)
        }
        """,
        "One figure may name a gene by several words: {mentions} gene mentions are {pairs} pairs of a "
        "figure and a gene. Rows of the source that repeat are one mention, whose "
        "`pfocr:occurrences` add up to {repeated}. Count `DISTINCT ?figure`.",
    ),
    Gotcha(
        "Each figure is a `schema:Dataset`, the release is not",
        """
        SELECT
            (COUNT(DISTINCT ?d) AS ?datasets) (COUNT(DISTINCT ?f) AS ?figures)
        { { ?d a schema:Dataset } UNION { ?f a pfocr:PathwayFigure } }
        """,
        "Search engines want it of a figure, beside `schema:ImageObject`: {datasets} of them, and "
        "{figures} figures. Ask for `pfocr:PathwayFigure`; the release is a `dcat:Dataset`.",
    ),
    Gotcha(
        "Not all genes are human, and symbols are not unique",
        """
        SELECT
            (COUNT(DISTINCT ?gene) AS ?genes) (COUNT(DISTINCT ?human) AS ?humans)
            (COUNT(DISTINCT ?shared) AS ?names)
        {
            ?gene a schema:Gene .
            OPTIONAL { ?gene skos:exactMatch ?entry BIND(?gene AS ?human) }
            OPTIONAL {
                ?gene schema:name ?shared . ?other schema:name ?shared ; a schema:Gene .
                FILTER(?other != ?gene)
            }
        }
        """,
        "{humans} of {genes} genes have an entry at HGNC (`skos:exactMatch`); the others are of other "
        "organisms, or HGNC does not have them. {names} names are those of several genes. Join by IRI "
        "or `schema:identifier`, not by name.",
    ),
    Gotcha(
        "`schema:identifier` may have several values",
        """
        SELECT ?class (MAX(?n) AS ?number) {
            { SELECT ?e (COUNT(?id) AS ?n) { ?e schema:identifier ?id } GROUP BY ?e }
            ?e a ?class
        } GROUP BY ?class ORDER BY DESC(?number) ?class
        """,
        'At most: {rows}. They are plain texts such as `"hgnc:11926"`, prefix in lower case.',
    ),
    Gotcha(
        "Organisms are stated twice, by people and by text mining",
        """
        SELECT
            (COUNT(DISTINCT ?c) AS ?curated) (COUNT(DISTINCT ?r) AS ?recognized)
            (COUNT(DISTINCT ?o) AS ?only)
        {
            { ?c pfocr:organism ?x } UNION { ?r pfocr:organismRecognized ?x }
            UNION {
                ?o pfocr:organismRecognized ?x FILTER NOT EXISTS { ?o pfocr:organism ?y }
            }
        }
        """,
        "`pfocr:organism` is curated ({curated} figures), `pfocr:organismRecognized` text-mined "
        "({recognized} figures, {only} of which have nothing curated). Use "
        "`pfocr:organism|pfocr:organismRecognized` for both.",
    ),
    Gotcha(
        "An organism in a text is not yet the figure's",
        """
        SELECT
            (COUNT(DISTINCT ?f) AS ?figures) (COUNT(DISTINCT ?new) AS ?others)
            (COUNT(DISTINCT ?alone) AS ?only)
        {
            ?f pfocr:organismInText ?organism
            OPTIONAL {
                ?f pfocr:organismInText ?organism
                FILTER NOT EXISTS { ?f pfocr:organism|pfocr:organismRecognized ?organism }
                BIND(?f AS ?new)
            }
            OPTIONAL {
                ?f pfocr:organismInText ?organism
                FILTER NOT EXISTS { ?f pfocr:organism|pfocr:organismRecognized ?any }
                BIND(?f AS ?alone)
            }
        }
        """,
        "{figures} figures have `pfocr:organismInText`: their title, caption or paper's title names an "
        "organism (Latin, short or common name, whole words). In {others} of them it names one that is "
        "neither curated nor recognised, and {only} have no other organism. Prefer figures by it, do not "
        "rely on it: mice may stand in a caption about man. Patients, adjectives (murine) and names of "
        "several species (monkey) are not looked for.",
    ),
    Gotcha(
        "Years are `xsd:gYear`",
        """
        SELECT (COUNT(?p) AS ?papers) (SAMPLE(STR(?y)) AS ?year) {
            ?p schema:datePublished ?y FILTER(DATATYPE(?y) = xsd:gYear)
        }
        """,
        "All {papers} of them. Many engines do not compare gYear with `<`, and `YEAR()` does not take "
        'it: use `xsd:integer(STR(?year)) >= 2020`, or `"2020"^^xsd:gYear` for one year.',
    ),
    Gotcha(
        "Texts have no language",
        """
        SELECT (COUNT(*) AS ?texts) (SUM(IF(LANG(?text) = "", 0, 1)) AS ?tagged) {
            ?s ?p ?text FILTER(ISLITERAL(?text))
            FILTER(!STRSTARTS(STR(?s), "https://w3id.org/pfocr/query/")) # the shipped questions
        }
        """,
        '{tagged} of {texts} literals have a language tag: write `"TNF"`, never `"TNF"@en`.',
    ),
    Gotcha(
        "Chemicals and diseases have one of two kinds of IRI",
        """
        SELECT ?kind (COUNT(DISTINCT ?e) AS ?number) {
            ?e a ?class FILTER(?class IN (schema:ChemicalSubstance, schema:MedicalCondition))
            BIND(REPLACE(REPLACE(STR(?e), "[A-Z]*[0-9]+$", ""), "_$", "") AS ?kind)
        } GROUP BY ?kind ORDER BY DESC(?number)
        """,
        "By what the source states: {rows}. Where it states both, ChEBI or DOID is the node and MeSH "
        "its `skos:closeMatch`.",
    ),
    Gotcha(
        "A caption may be missing",
        """
        SELECT (COUNT(DISTINCT ?f) AS ?figures) (COUNT(DISTINCT ?c) AS ?captions) {
            ?f a pfocr:PathwayFigure OPTIONAL { ?f schema:description ?d BIND(?f AS ?c) }
        }
        """,
        "{captions} of {figures} figures have one here; a release made with `--no-captions` has none.",
    ),
)
"""In the order of the page."""


def page_of(store: pyoxigraph.Store, release: str, style: IriStyle = IriStyle.OBO) -> str:
    """Return the page.

    Args:
        store: The triples of a release, in its default graph.
        release: What the numbers are of.
        style: How it spells its IRIs.
    """
    return "".join(_lines(store, release, style))


def _lines(store: pyoxigraph.Store, release: str, style: IriStyle) -> Iterator[str]:
    yield "# Gotchas\n\n"
    yield (
        "What surprises people who write queries. The numbers are those of "
        f"{release}; each is the answer to the query below it. This page is written by "
        "`python -m scripts.vocabulary_pages.gotchas OUT`.\n\n"
        "Three things hold everywhere. The namespace is `http://schema.org/`, not `https`. Genes are "
        f"`{Iris(style).gene('…')}`; other spellings stand in "
        "`https://w3id.org/pfocr/graph/alignment`. And there is nothing to infer: every class and "
        "property that is meant is written.\n"
    )
    for gotcha in GOTCHAS:
        if said := _said(store, gotcha):
            yield f"\n## {gotcha.title}\n\n{said}\n\n```sparql\n{_shown(gotcha.query)}```\n"


def _said(store: pyoxigraph.Store, gotcha: Gotcha) -> str:
    rows = store.query(gotcha.query, prefixes=_PREFIXES)
    assert isinstance(rows, pyoxigraph.QuerySolutions), gotcha.title
    names = [variable.value for variable in rows.variables]
    found = [[row[name] for name in names] for row in rows]
    if not found:
        return ""
    if "{rows}" in gotcha.text:
        items = [f"{_name(kind)}: {_number(number)}" for kind, number in found]
        return gotcha.text.format(rows="; ".join(items))
    (only,) = found
    return gotcha.text.format(**dict(zip(names, map(_number, only), strict=True)))


def _name(term: object) -> str:
    value = getattr(term, "value", str(term))
    for prefix, namespace in _PREFIXES.items():
        if value.startswith(namespace) and isinstance(term, pyoxigraph.NamedNode):
            return f"`{prefix}:{value.removeprefix(namespace)}`"
    return f"`{value}…`"


def _number(term: object) -> str:
    value = getattr(term, "value", "0")
    return f"{int(value):,}" if value.isdecimal() else value


def _shown(query: str) -> str:
    """Return a query as it stands in this module, without the margin."""
    lines = query.strip("\n").rstrip().split("\n")
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    used = [
        f"PREFIX {prefix}: <{namespace}>\n"
        for prefix, namespace in _PREFIXES.items()
        if f"{prefix}:" in query
    ]
    return "".join(used) + "".join(f"{line[margin:]}\n" for line in lines)


if __name__ == "__main__":
    release = open_release(Path(sys.argv[1]))
    triples = f"{release.triples:,} triples"
    named = f"release {release.name}, {triples}" if release.name else f"a release of {triples}"
    sys.stdout.write(page_of(open_triples(ensure_store(release)), named, release.iri_style))
