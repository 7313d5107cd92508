"""Pages with their tables, made up or real, taken through reading, linking and mapping.

What is found out about a page here (its leaves, its rows) is found without the project's own
reader: PyYAML's BaseLoader and plain splitting at tabs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pfocr_rdf.figures.decode.page import SideTables
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.link.table import GeneTable
from pfocr_rdf.figures.link.table_source import embedded_gene_table, load_gene_table
from pfocr_rdf.figures.map.figure import FigureGraph
from pfocr_rdf.figures.pipeline import FigureOutcome, Pipeline, Settings
from pfocr_rdf.figures.read.sources import InputDigest, RawFigure, RawTable, discover, read_figure
from pfocr_rdf.figures.side_tables import read_side_tables
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.terms import IRI, Literal, Term
from tests.support.samples import Sample
from tests.support.yaml_text import dumped

FIGID = "PMC1000001__fig-1"
FIGURE = f"https://pfocr.wikipathways.org/figures/{FIGID}.html"
NOWHERE = SideTables(TaxonTable(), {}, {})
Fields = dict[str, Any]
Tables = Mapping[Kind, str]


def fields(**more: object) -> Fields:
    """Return the fields of a small page of the newest generation, with changes; None drops."""
    made: Fields = {
        "figid": FIGID,
        "figtitle": "A pathway",
        "organisms": ["Homo sapiens"],
        "organisms_ner": ["Homo sapiens"],
        "pmcid": "PMC1000001",
        "filename": "fig-1.jpg",
        "figlink": "/pmc/articles/PMC1000001/figure/F1/",
        "number": "F1",
        "caption": "What happens",
        "papertitle": "A paper",
        "year": "2020",
        "doi": "10.1234/abc",
        "automl_pathway": "0.9",
        "figtype": "Figure",
        "schema-jsonld": jsonld(),
    } | more
    return {key: value for key, value in made.items() if value is not None}


def jsonld(*keywords: str, **more: object) -> Fields:
    """Return the `schema-jsonld` block of that page, with these keywords and changes."""
    return {
        "@id": FIGURE,
        "description": "What happens",
        "license": "CC0",
        "creator": {"@type": "Organization", "name": "WikiPathways"},
        "keywords": list(keywords or ("TNF",)),
    } | more


def written(content: object, *, escaped: bool = False) -> str:
    """Return a page that holds a value as YAML; `escaped` leaves no character but ASCII."""
    body = dumped(content, allow_unicode=not escaped, width=10_000)
    return f"---\n{body}---\n"


@lru_cache(maxsize=1)
def embedded() -> GeneTable:
    """Return the table of the package."""
    return embedded_gene_table()


@lru_cache(maxsize=1)
def pipeline() -> Pipeline:
    """Return a pipeline that links with the table of the package, and maps."""
    return Pipeline(Settings(embedded(), NOWHERE))


def outcome_of(
    page: str | Fields,
    tables: Tables | None = None,
    *,
    table: GeneTable | None = None,
    around: SideTables | None = None,
    name: str = f"{FIGID}.md",
) -> FigureOutcome:
    """Take one page, as text or as fields, through the pipeline."""
    raw = RawFigure(
        name,
        page if isinstance(page, str) else written(page),
        tuple(
            RawTable(kind, content, f"{FIGID}-{kind.value}s.tsv")
            for kind, content in (tables or {}).items()
        ),
        InputDigest("", 0, ""),
        (),
    )
    if table is None and around is None:
        return pipeline().figure(raw)
    return Pipeline(Settings(table or embedded(), around or NOWHERE)).figure(raw)


class Real(NamedTuple):
    """A page as PFOCR has them, with its tables, and what became of it."""

    raw: RawFigure
    outcome: FigureOutcome

    @property
    def graph(self) -> FigureGraph:
        """The figure's graph, which every real page has."""
        assert self.outcome.graph is not None, self.raw.name
        return self.outcome.graph

    @property
    def codes(self) -> set[str]:
        """The codes of all findings."""
        return {finding.code for finding in self.outcome.findings}


def lay_out(sample: Sample, folder: Path) -> tuple[Path, Path]:
    """Copy a sample as two checkouts: the pages of today, and the older versions of pages."""
    today, old = folder / "today", folder / "old"
    for name in ("_figures", "_data", "_organisms"):
        shutil.copytree(sample.pages / name, today / name)
    (old / "_figures").mkdir(parents=True)
    for page in (sample.pages / "old").iterdir():
        shutil.copy(page, old / "_figures" / page.name.replace("@old", ""))
    return today, old


def real_outcomes(path: Path, workspace: Path, table: GeneTable | None = None) -> list[Real]:
    """Take every page of an input through the pipeline, with its organism pages and maps."""
    corpus = discover([path], workspace)
    read = read_side_tables(corpus)
    takes = Pipeline(Settings(table or embedded(), read.side_tables, validate=True))
    return [Real(raw, takes.figure(raw)) for raw in map(read_figure, corpus.figures)]


@cache
def all_real(sample: Sample, seeds: Path, basetemp: Path) -> dict[str, list[Real]]:
    """Take all pages of a sample through: as they are today, as they were, and the seeds."""
    folder = basetemp / f"sample-{sample}"
    today, old = lay_out(sample, folder)
    table = hgnc_table(sample.hgnc)
    return {
        path.name: real_outcomes(path, folder / f"unpacked-{path.name}", table)
        for path in (today, old, seeds)
    }


@lru_cache(maxsize=4)
def hgnc_table(path: Path) -> GeneTable:
    """Return an HGNC table."""
    return load_gene_table(path)


def base_tree(page: str) -> Any:
    """Return a page as PyYAML's BaseLoader reads it."""
    body = page.removeprefix("\ufeff").partition("---\n")[2].split("\n---", 1)[0]
    return yaml.load(body, Loader=yaml.BaseLoader)


def walk(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every leaf; an empty list or mapping is the leaf ""."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for i, inner in enumerate(value):
            yield from walk(inner, f"{path}[{i}]")
    else:
        yield path, value if isinstance(value, str) else ""


def shown(term: Term) -> str:
    """Return the text of a literal, or an IRI."""
    return term.lexical if isinstance(term, Literal) else str(term)


class Said:
    """What a graph says, for look-ups."""

    def __init__(self, graph: FigureGraph | None) -> None:
        assert graph is not None
        self.by_subject: dict[str, dict[IRI, list[str]]] = {}
        self.by_predicate: dict[IRI, set[str]] = {}
        for node in graph.nodes():
            for predicate, objects in node.properties:
                values = [shown(term) for term in objects]
                self.by_subject.setdefault(node.subject, {})[predicate] = values
                self.by_predicate.setdefault(predicate, set()).update(values)

    def of(self, subject: str, predicate: IRI) -> list[str]:
        """Return the values of a property of a subject, as text."""
        return self.by_subject[subject].get(predicate, [])

    def one(self, subject: str, predicate: IRI) -> str:
        """Return the one value of a property, "" when there is none."""
        values = self.of(subject, predicate)
        assert len(values) < 2, (subject, predicate, values)
        return values[0] if values else ""

    def where(self, predicate: IRI, value: str) -> list[str]:
        """Return the subjects that have a value."""
        return [s for s, said in self.by_subject.items() if value in said.get(predicate, ())]
