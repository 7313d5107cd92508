"""The SPARQL that the pages ask.

Each query is anchored at one node, so that its cost follows the node and not the release;
`?this` is bound by the caller.
"""

from __future__ import annotations

from typing import Final

_PREFIXES = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX pfocr: <https://w3id.org/pfocr/vocab#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
"""

NODE: Final = "SELECT ?property ?value { ?this ?property ?value }"

CONCEPTS: Final = (
    _PREFIXES
    + """
SELECT ?concept ?label ?definition {
  GRAPH <https://w3id.org/pfocr/graph/vocabulary> {
    ?concept skos:inScheme ?scheme ; rdfs:label ?label .
    OPTIONAL { ?concept skos:definition ?definition }
  }
}"""
)

LEXICON_LABEL: Final = _PREFIXES + "SELECT ?label { ?this skos:notation ?label }"

NAMES: Final = (
    _PREFIXES
    + """
SELECT ?node ?name ?type {
  VALUES ?node { %s }
  OPTIONAL { ?node schema:name ?name }
  OPTIONAL {
    VALUES ?type { schema:Gene schema:ChemicalSubstance schema:MedicalCondition schema:Taxon }
    ?node a ?type
  }
}"""
)
"""Names and types of given nodes; %s takes IRIs that came out of the graph."""

MENTIONS: Final = (
    _PREFIXES
    + """
SELECT ?mention ?property ?value {
  ?mention oa:hasTarget ?this ; ?property ?value .
}"""
)

SIBLINGS: Final = (
    _PREFIXES
    + """
SELECT ?figure ?title ?number {
  ?figure schema:isPartOf ?this ; schema:name ?title .
  OPTIONAL { ?figure pfocr:figureNumber ?number }
}"""
)

FIGURES_OF_PAPER: Final = (
    _PREFIXES
    + """
SELECT ?figure ?title ?number (COUNT(?gene) AS ?genes) {
  ?figure schema:isPartOf ?this ; schema:name ?title .
  OPTIONAL { ?figure pfocr:figureNumber ?number }
  OPTIONAL { ?figure schema:mentions ?gene . ?gene a schema:Gene }
}
GROUP BY ?figure ?title ?number"""
)

SHARED: Final = (
    _PREFIXES
    + """
SELECT ?figure (COUNT(?gene) AS ?genes) {
  VALUES ?gene { %s }
  ?figure schema:mentions ?gene .
}
GROUP BY ?figure
ORDER BY DESC(?genes) ?figure
LIMIT %d"""
)
"""Figures by how many of the given genes they mention."""

MENTIONED: Final = (
    _PREFIXES
    + """
SELECT ?figure ?gene {
  VALUES ?figure { %s }
  ?figure schema:mentions ?gene .
}"""
)
"""What given figures mention."""

FIGURE_ITEMS: Final = (
    _PREFIXES
    + """
SELECT ?figure ?title ?number ?year ?paper {
  VALUES ?figure { %s }
  ?figure schema:name ?title .
  OPTIONAL { ?figure pfocr:figureNumber ?number }
  OPTIONAL {
    ?figure schema:isPartOf ?article .
    OPTIONAL { ?article schema:name ?paper }
    OPTIONAL { ?article schema:datePublished ?year }
  }
}"""
)

FIGURES_BY_YEAR: Final = (
    _PREFIXES
    + """
SELECT ?figure ?year {
  ?figure %s ?this .
  OPTIONAL { ?figure schema:isPartOf ?paper . ?paper schema:datePublished ?year }
}"""
)
"""Every figure that leads to a node by a path, with its year."""

FIGURE_COUNT: Final = "SELECT (COUNT(DISTINCT ?figure) AS ?figures) { ?figure %s ?this }"

SOME_FIGURES: Final = "SELECT DISTINCT ?figure { ?figure %s ?this } LIMIT %d OFFSET %d"
"""Figures in the order of the index, which is the same as long as the store is."""

TIER_OF_FIGURES: Final = (
    _PREFIXES
    + """
SELECT ?link ?figure {
  VALUES ?link { pfocr:mentionsBySymbol pfocr:mentionsBySynonym pfocr:mentionsByFamily }
  ?figure ?link ?this .
}"""
)

BESIDE: Final = (
    _PREFIXES
    + """
SELECT ?other (COUNT(?figure) AS ?figures) {
  { SELECT ?figure { ?figure schema:mentions ?this } LIMIT %d }
  ?figure schema:mentions ?other .
}
GROUP BY ?other"""
)
"""What is mentioned in figures of a node, itself among it."""

CANDIDATE_IN: Final = (
    _PREFIXES + "SELECT (COUNT(DISTINCT ?figure) AS ?figures) "
    "{ ?mention pfocr:candidate ?this ; oa:hasTarget ?figure }"
)

AMONG: Final = (
    _PREFIXES
    + """
SELECT ?figure ?other {
  { SELECT ?figure { ?figure schema:mentions ?this } LIMIT %d }
  VALUES ?other { %s }
  ?figure schema:mentions ?other .
}"""
)
"""Which of the given neighbours of a gene stand in figures of it."""

DATASET: Final = (
    _PREFIXES
    + """
SELECT ?title ?description ?license ?creator {
  ?dataset a void:Dataset ; void:classPartition ?part ; dcterms:title ?title .
  OPTIONAL { ?dataset dcterms:description ?description }
  OPTIONAL { ?dataset dcterms:license ?license }
  OPTIONAL { ?dataset dcterms:creator ?creator }
} LIMIT 1"""
)

CLASSES: Final = (
    _PREFIXES
    + """
SELECT ?term ?entities {
  ?dataset void:classPartition ?part .
  ?part void:class ?term ; void:entities ?entities .
} ORDER BY DESC(?entities) ?term"""
)

PROPERTIES: Final = (
    _PREFIXES
    + """
SELECT ?term {
  ?dataset void:propertyPartition ?part . ?part void:property ?term .
} ORDER BY ?term"""
)

TERM_LABELS: Final = (
    _PREFIXES
    + """
SELECT ?term ?label {
  GRAPH <https://w3id.org/pfocr/graph/vocabulary> { ?term rdfs:label ?label }
}"""
)
