"""Rows for peer 3: what the figures say, as CSV tables that an RML mapping can start from.

An RML engine reads tables; pages in YAML are not one, and hashes for the IRIs of mentions are
beyond it. So the decoding and linking of this package make the rows, outside of the peer's
time, and all that is left to the peer is mapping and writing. Cells hold identifiers and
texts, from which the mapping makes IRIs by templates; only entities, which have many kinds of
identifiers, stand in the tables with their whole IRI.

Usage, in the folder `benchmarks`: python -m peers.rows CORPUS HGNC OUT
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from pfocr_rdf.figures.api import read_figures
from pfocr_rdf.figures.link import Linker, load_gene_table
from pfocr_rdf.figures.map import Mapper
from pfocr_rdf.rdf import DCTERMS, IRI, OA, PFOCR, RDF, SCHEMA, SKOS, Iris, Literal, Node, Term

SITE = "https://pfocr.wikipathways.org/"
_FIGURE = {
    "figid": SCHEMA.identifier, "alias": SCHEMA.alternateName, "title": SCHEMA.name,
    "caption": SCHEMA.description, "image": SCHEMA.contentUrl, "page": SCHEMA.sameAs,
    "pmcid": SCHEMA.isPartOf, "number": PFOCR.figureNumber, "type": PFOCR.figureType,
    "filename": PFOCR.fileName, "score": PFOCR.pathwayScore, "rank": PFOCR.pmcResultRank,
    "redirect": PFOCR.redirectsFrom,
}  # fmt: skip
_MENTION = {
    "class": RDF.type, "figid": OA.hasTarget, "body": OA.hasBody, "word": PFOCR.recognizedText,
    "match": PFOCR.matchedText, "symbol": PFOCR.statedSymbol, "lexicon": PFOCR.lexicon,
    "tier": PFOCR.matchTier, "method": PFOCR.identifiedBy, "reason": PFOCR.unresolvedReason,
    "occurrences": PFOCR.occurrences,
}  # fmt: skip
_FIGURE_MANY = {
    "keywords": SCHEMA.keywords, "mentioned": SCHEMA.mentions, "organisms": PFOCR.organism,
    "recognized": PFOCR.organismRecognized, "symbols": PFOCR.mentionsBySymbol,
    "synonyms": PFOCR.mentionsBySynonym, "families": PFOCR.mentionsByFamily,
}  # fmt: skip
_ENTITY = {
    "class": RDF.type, "name": SCHEMA.name, "description": SCHEMA.description,
    "url": SCHEMA.url, "taxon": SCHEMA.taxonomicRange, "exact": SKOS.exactMatch,
    "close": SKOS.closeMatch, "group": PFOCR.taxonGroup, "year": SCHEMA.datePublished,
    "citation": DCTERMS.bibliographicCitation, "partof": SCHEMA.isPartOf,
    "publisher": SCHEMA.publisher, "same": SCHEMA.sameAs, "short": SCHEMA.alternateName,
}  # fmt: skip
_ENTITY_MANY = {"identifiers": SCHEMA.identifier, "subjects": SCHEMA.keywords}
_CLASSES = (PFOCR.base, SCHEMA.base)
_CUT = (
    f"{SITE}figures/", "https://europepmc.org/articles/", "https://pmc.ncbi.nlm.nih.gov/articles/",
    "http://identifiers.org/pmc/", *_CLASSES,
)  # fmt: skip


class _Tables:
    """CSV files, each opened when its first row comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, dict[tuple[str, ...], None]] = {}

    def add(self, name: str, *cells: str) -> None:
        self.rows.setdefault(name, {})[cells] = None

    def write(self, headers: dict[str, Iterable[str]]) -> None:
        for name, header in headers.items():
            with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle)
                writer.writerow(header)
                writer.writerows(self.rows.get(name, {}))


def write_rows(corpus: Path, hgnc: Path, out: Path) -> None:
    """Write the tables of a corpus into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    mapper = Mapper(Linker(load_gene_table(hgnc)), Iris())
    tables = _Tables(out)
    for figure in read_figures(corpus):
        graph, _ = mapper.map_figure(figure)
        tables.add("figures", *_cells(graph.figure, _FIGURE))
        for name, predicate in _FIGURE_MANY.items():
            for value in dict(graph.figure.properties).get(predicate, ()):
                tables.add(name, figure.figid, _cell(value))
        for mention in graph.mentions:
            fragment = mention.subject.rpartition("#")[2]
            tables.add("mentions", fragment, *_cells(mention, _MENTION))
        for entity in graph.entities:
            tables.add("entities", entity.subject, *_cells(entity, _ENTITY, _CLASSES))
            for name, predicate in _ENTITY_MANY.items():
                for value in dict(entity.properties).get(predicate, ()):
                    tables.add(name, entity.subject, _cell(value))
    many = dict.fromkeys(_FIGURE_MANY, ("figid", "value"))
    about = dict.fromkeys(_ENTITY_MANY, ("entity", "value"))
    tables.write(
        {
            "figures": _FIGURE,
            "mentions": ("mention", *_MENTION),
            "entities": ("entity", *_ENTITY),
            **many,
            **about,
        }
    )


def _cells(node: Node, columns: dict[str, IRI], cut: Iterable[str] = _CUT) -> list[str]:
    said = dict(node.properties)
    return [_cell(said[name][0], cut) if name in said else "" for name in columns.values()]


def _cell(value: Term, cut: Iterable[str] = ()) -> str:
    if isinstance(value, Literal):
        return value.lexical
    text = str(value)
    for start in cut:
        if text.startswith(start):
            return text.removeprefix(start).removesuffix(".html")
    return text


if __name__ == "__main__":
    write_rows(*map(Path, sys.argv[1:4]))
