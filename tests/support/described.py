"""What void.ttl says in numbers, and the same asked of the dumps by SPARQL.

The two share no code: what is said is read with one store, what is true counted with another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph

from tests.support.pages import quads

_PREFIXES = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX ext: <http://ldf.fi/void-ext#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
"""


def store_of(paths: Iterable[Path]) -> pyoxigraph.Store:
    """Return a store of some files, all in its default graph."""
    store = pyoxigraph.Store()
    for path in paths:
        store.extend(pyoxigraph.Quad(*quad.triple) for quad in quads(path))
    return store


def rows(store: pyoxigraph.Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query, as texts."""
    answer = store.query(_PREFIXES + query)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return [tuple(getattr(value, "value", "") for value in row) for row in answer]


def numbers(store: pyoxigraph.Store, query: str) -> dict[str, tuple[int, ...]]:
    """Return the rows of a query whose first column is unique and whose others are numbers."""
    found = rows(store, query)
    named = {row[0]: tuple(int(value or 0) for value in row[1:]) for row in found}
    assert len(named) == len(found), "each is counted once"
    return named


def dumps(out: Path, suffix: str = ".ttl") -> list[Path]:
    """Return the files of the graph in one format."""
    return sorted(path for path in out.glob("pfocr*") if suffix in path.suffixes)


def said(out: Path) -> dict[str, object]:
    """Return all numbers of a release's void.ttl that are of the graph."""
    return said_by((out / "void.ttl").read_bytes())


def said_by(content: bytes) -> dict[str, object]:
    """Return all numbers of a void.ttl that are of the graph."""
    void = pyoxigraph.Store()
    void.load(content, pyoxigraph.RdfFormat.TURTLE)
    ((*whole,),) = rows(
        void,
        """SELECT ?triples ?entities ?subjects ?objects ?classes ?properties ?literals {
          ?graph a void:Dataset ; void:triples ?triples ; void:entities ?entities ;
            void:distinctSubjects ?subjects ; void:distinctObjects ?objects ;
            void:classes ?classes ; void:properties ?properties ;
            ext:distinctLiterals ?literals . }""",
    )
    return {
        "whole": tuple(map(int, whole)),
        "classes": numbers(
            void,
            """SELECT ?class ?n { ?graph a void:Dataset ; void:classPartition ?part .
              ?part void:class ?class ; void:entities ?n }""",
        ),
        "kinds": numbers(
            void,
            """SELECT ?class ?n { ?graph a void:Dataset ; void:classPartition ?part .
              ?part void:class ?class ; void:distinctSubjects ?n }""",
        ),
        "properties": numbers(
            void,
            """SELECT ?property ?triples ?subjects ?objects {
              ?graph a void:Dataset ; void:propertyPartition ?part .
              ?part void:property ?property ; void:triples ?triples ;
                void:distinctSubjects ?subjects ; void:distinctObjects ?objects }""",
        ),
        "datatypes": numbers(
            void,
            """SELECT ?datatype ?triples ?objects {
              ?graph a void:Dataset ; ext:datatypePartition ?part .
              ?part ext:datatype ?datatype ; void:triples ?triples ;
                void:distinctObjects ?objects }""",
        ),
        "datatypes of properties": numbers(
            void,
            """SELECT (CONCAT(STR(?property), " ", STR(?datatype)) AS ?both) ?triples ?objects {
              ?graph a void:Dataset ; void:propertyPartition ?part .
              ?part void:property ?property ; ext:datatypePartition ?more .
              ?more ext:datatype ?datatype ; void:triples ?triples ;
                void:distinctObjects ?objects }""",
        ),
        "properties of classes": numbers(
            void,
            """SELECT (CONCAT(STR(?class), " ", STR(?property)) AS ?both) ?triples ?subjects {
              ?graph a void:Dataset ; void:classPartition ?of .
              ?of void:class ?class ; void:propertyPartition ?part .
              ?part void:property ?property ; void:triples ?triples ;
                void:distinctSubjects ?subjects }""",
        ),
        "classes of objects": numbers(
            void,
            """SELECT (CONCAT(STR(?class), " ", STR(?property), " ", STR(?other)) AS ?all) ?triples {
              ?graph a void:Dataset ; void:classPartition ?of .
              ?of void:class ?class ; void:propertyPartition ?part .
              ?part void:property ?property ; void:classPartition ?more .
              ?more void:class ?other ; void:triples ?triples }""",
        ),
        "datatypes of classes": numbers(
            void,
            """SELECT (CONCAT(STR(?class), " ", STR(?property), " ", STR(?datatype)) AS ?all)
              ?triples {
              ?graph a void:Dataset ; void:classPartition ?of .
              ?of void:class ?class ; void:propertyPartition ?part .
              ?part void:property ?property ; ext:datatypePartition ?more .
              ?more ext:datatype ?datatype ; void:triples ?triples }""",
        ),
        "linksets": numbers(
            void,
            """SELECT (CONCAT(STR(?property), " ", ?space) AS ?both) ?triples {
              ?graph a void:Dataset ; void:subset ?links .
              ?links a void:Linkset ; void:subjectsTarget ?graph ; void:linkPredicate ?property ;
                void:triples ?triples ; void:objectsTarget ?target .
              ?target void:uriSpace ?space }""",
        ),
    }


def counted(paths: Iterable[Path], links: Iterable[str]) -> dict[str, object]:
    """Return the same numbers, counted in the files of one format.

    Args:
        paths: The files.
        links: Linksets as `said` names them; what links there are is not for the dump to say.
    """
    data = store_of(paths)
    ((*whole,),) = rows(
        data,
        """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?typed) AS ?entities)
          (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
          (COUNT(DISTINCT ?class) AS ?classes) (COUNT(DISTINCT ?p) AS ?properties)
          (COUNT(DISTINCT ?literal) AS ?literals) {
          ?s ?p ?o .
          BIND(IF(?p = rdf:type, ?s, ?none) AS ?typed)
          BIND(IF(?p = rdf:type, ?o, ?none) AS ?class)
          BIND(IF(isLiteral(?o), ?o, ?none) AS ?literal) }""".replace(
            "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        ),
    )
    triples, entities, subjects, objects, classes, properties, literals = map(int, whole)
    found: Counter[str] = Counter()
    for link in links:
        predicate, space = link.split(" ")
        for (value,) in rows(data, f"SELECT ?o {{ ?s <{predicate}> ?o FILTER(isIRI(?o)) }}"):
            found[link] += value.startswith(space)
    return {
        "whole": (triples, entities, subjects, objects, classes, properties, literals),
        "classes": numbers(data, "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c"),
        "kinds": {
            "http://www.w3.org/2000/01/rdf-schema#Class": (classes,),
            "http://www.w3.org/2000/01/rdf-schema#Literal": (literals,),
            "http://www.w3.org/ns/sparql-service-description#Graph": (1,),
        },
        "properties": numbers(
            data,
            """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ss) (COUNT(DISTINCT ?o) AS ?os)
              { ?s ?p ?o } GROUP BY ?p""",
        ),
        "datatypes": numbers(
            data,
            """SELECT ?t (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?os)
              { ?s ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?t) } GROUP BY ?t""",
        ),
        "datatypes of properties": numbers(
            data,
            """SELECT ?both (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?os)
              { ?s ?p ?o FILTER(isLiteral(?o))
                BIND(CONCAT(STR(?p), " ", STR(DATATYPE(?o))) AS ?both) } GROUP BY ?both""",
        ),
        "properties of classes": numbers(
            data,
            """SELECT (CONCAT(STR(?c), " ", STR(?p)) AS ?both) (COUNT(*) AS ?n)
              (COUNT(DISTINCT ?s) AS ?ss) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p""",
        ),
        "classes of objects": numbers(
            data,
            """SELECT (CONCAT(STR(?c), " ", STR(?p), " ", STR(?d)) AS ?all) (COUNT(*) AS ?n)
              { ?s a ?c ; ?p ?o . ?o a ?d } GROUP BY ?c ?p ?d""",
        ),
        "datatypes of classes": numbers(
            data,
            """SELECT (CONCAT(STR(?c), " ", STR(?p), " ", STR(?t)) AS ?all) (COUNT(*) AS ?n)
              { ?s a ?c ; ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?t) }
              GROUP BY ?c ?p ?t""",
        ),
        "linksets": {link: (count,) for link, count in found.items()},
    }


def assert_counts_are_true(out: Path, suffix: str = ".ttl") -> dict[str, object]:
    """See that void.ttl says what SPARQL counts in the dumps; return what it says."""
    claimed = said(out)
    links = claimed["linksets"]
    assert isinstance(links, dict)
    true = counted(dumps(out, suffix), links)
    for name, value in claimed.items():
        assert value == true[name], name
    assert claimed.keys() == true.keys()
    return claimed
