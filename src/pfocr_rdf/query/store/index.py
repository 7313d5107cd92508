"""Builds `search.sqlite` from the triples of a store, one figure or entity at a time.

What stays in memory is the title of each entity; texts go straight to disk.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import orjson
import pyoxigraph

from pfocr_rdf.query.index.words import Kind
from pfocr_rdf.query.store.home_numbers import Tally, facts_of
from pfocr_rdf.query.store.progress import BuildProgress, BuildStep, OnProgress
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import DCTERMS, PFOCR, RDF, SCHEMA

_SCHEMA: Final = """
CREATE TABLE node(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, iri TEXT NOT NULL, title TEXT NOT NULL,
    figures INTEGER NOT NULL
);
CREATE TABLE name(text TEXT NOT NULL, node INTEGER NOT NULL);
CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE VIRTUAL TABLE document USING fts5(
    title, names, mentioned, caption, paper,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
"""
# A build that is cut short is thrown away, so nothing needs to survive one.
_UNSAFE: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -65536;
"""
_CLASSES: Final = {
    Kind.GENE: SCHEMA.Gene,
    Kind.CHEMICAL: SCHEMA.ChemicalSubstance,
    Kind.DISEASE: SCHEMA.MedicalCondition,
    Kind.ORGANISM: SCHEMA.Taxon,
    Kind.PAPER: SCHEMA.ScholarlyArticle,
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BETWEEN_REPORTS: Final = 500
_DEFAULT: Final = pyoxigraph.DefaultGraph()


class _Predicates:
    TYPE = pyoxigraph.NamedNode(RDF.type)
    NAME = pyoxigraph.NamedNode(SCHEMA.name)
    OTHER_NAME = pyoxigraph.NamedNode(SCHEMA.alternateName)
    IDENTIFIER = pyoxigraph.NamedNode(SCHEMA.identifier)
    DESCRIPTION = pyoxigraph.NamedNode(SCHEMA.description)
    CITATION = pyoxigraph.NamedNode(DCTERMS.bibliographicCitation)
    KEYWORDS = pyoxigraph.NamedNode(SCHEMA.keywords)
    PUBLISHED = pyoxigraph.NamedNode(SCHEMA.datePublished)
    PART_OF = pyoxigraph.NamedNode(SCHEMA.isPartOf)
    MENTIONS = pyoxigraph.NamedNode(SCHEMA.mentions)
    ORGANISM = pyoxigraph.NamedNode(PFOCR.organism)
    RECOGNIZED = pyoxigraph.NamedNode(PFOCR.organismRecognized)


class _Entity(NamedTuple):
    number: int
    kind: Kind
    title: str


def build_index(
    store: pyoxigraph.Store,
    path: Path,
    classes: Mapping[IRI, int],
    triples: int,
    on_progress: OnProgress,
) -> None:
    """Write the search index of a release.

    Args:
        store: Its triples.
        path: A file that does not exist yet.
        classes: Entities per class.
        triples: Of the dump.
        on_progress: Told how many figures and entities are done.

    Raises:
        OSError: It cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.executescript(_UNSAFE + _SCHEMA)
            db.execute("BEGIN")
            _Builder(store, db, classes, on_progress).run(triples)
            db.execute("COMMIT")
            db.execute("INSERT INTO document(document) VALUES ('optimize')")
    except sqlite3.Error as error:
        raise OSError(str(error)) from error


class _Builder:
    def __init__(
        self,
        store: pyoxigraph.Store,
        db: sqlite3.Connection,
        classes: Mapping[IRI, int],
        on_progress: OnProgress,
    ) -> None:
        self._store = store
        self._db = db
        self._classes = classes
        self._on_progress = on_progress
        self._entities: dict[str, _Entity] = {}
        self._figures_of: Counter[str] = Counter()
        self._done = 0
        self._total = sum(map(self._count, (PFOCR.PathwayFigure, *_CLASSES.values())))

    def run(self, triples: int) -> None:
        """Read entities' titles, then figures, then all else of entities."""
        for kind, type_ in _CLASSES.items():
            for subject in self._of_class(type_):
                names = self._texts(subject, _Predicates.NAME)
                title = names[0] if names else _end(subject.value)
                number = len(self._entities) + 1
                self._entities[subject.value] = _Entity(number, kind, title)
        tally = Tally()
        years = self._years()
        figures = self._of_class(PFOCR.PathwayFigure)
        for number, figure in enumerate(figures, len(self._entities) + 1):
            self._figure(number, figure, years, tally)
            self._step()
        for iri, entity in self._entities.items():
            self._entity(iri, entity)
            self._step()
        facts = facts_of(self._store, tally, self._classes, triples, self._title)
        self._db.executemany(
            "INSERT INTO fact VALUES (?, ?)",
            ((key, orjson.dumps(value).decode()) for key, value in facts.items()),
        )
        self._on_progress(BuildProgress(BuildStep.INDEX, self._total, self._total))

    def _figure(
        self, number: int, figure: pyoxigraph.NamedNode, years: Mapping[str, int], tally: Tally
    ) -> None:
        mentioned = self._iris(figure, _Predicates.MENTIONS)
        papers = self._iris(figure, _Predicates.PART_OF)
        organisms = {
            *self._iris(figure, _Predicates.ORGANISM),
            *self._iris(figure, _Predicates.RECOGNIZED),
        }
        self._figures_of.update({*mentioned, *papers, *organisms})
        tally.organisms.update(organisms)
        tally.genes.update(
            iri
            for iri in mentioned
            if (entity := self._entities.get(iri)) and entity.kind is Kind.GENE
        )
        tally.years.update(years[paper] for paper in papers if paper in years)
        titles = [self._title(iri) for iri in mentioned]
        title, *_ = (*self._texts(figure, _Predicates.NAME), _end(figure.value))
        self._add(
            number,
            Kind.FIGURE,
            figure.value,
            title,
            1,
            names=self._texts(figure, _Predicates.IDENTIFIER),
            mentioned=titles,
            caption=self._texts(figure, _Predicates.DESCRIPTION),
            paper=[text for paper in papers for text in self._about_paper(paper)],
        )

    def _about_paper(self, iri: str) -> Iterator[str]:
        yield self._title(iri)
        yield from self._texts(pyoxigraph.NamedNode(iri), _Predicates.CITATION)

    def _entity(self, iri: str, entity: _Entity) -> None:
        node = pyoxigraph.NamedNode(iri)
        others = self._texts(node, _Predicates.OTHER_NAME)
        descriptions = self._texts(node, _Predicates.DESCRIPTION)
        identifiers = self._texts(node, _Predicates.IDENTIFIER)
        is_paper = entity.kind is Kind.PAPER
        self._add(
            entity.number,
            entity.kind,
            iri,
            entity.title,
            self._figures_of[iri],
            names=[*others, *identifiers],
            caption=descriptions,
            paper=[
                *self._texts(node, _Predicates.CITATION),
                *self._texts(node, _Predicates.KEYWORDS),
            ]
            if is_paper
            else (),
        )
        if not is_paper:
            self._db.executemany(
                "INSERT INTO name VALUES (?, ?)",
                (
                    (_plain(text), entity.number)
                    for text in dict.fromkeys((entity.title, *others, *descriptions, *identifiers))
                ),
            )

    def _add(
        self,
        number: int,
        kind: Kind,
        iri: str,
        title: str,
        figures: int,
        *,
        names: Iterable[str] = (),
        mentioned: Iterable[str] = (),
        caption: Iterable[str] = (),
        paper: Iterable[str] = (),
    ) -> None:
        title = _plain(title)
        self._db.execute(
            "INSERT INTO node VALUES (?, ?, ?, ?, ?)", (number, kind, iri, title, figures)
        )
        texts = [_plain(" · ".join(part)) for part in (names, mentioned, caption, paper)]
        self._db.execute(
            "INSERT INTO document(rowid, title, names, mentioned, caption, paper) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (number, title, *texts),
        )

    def _years(self) -> dict[str, int]:
        """Return the year of each paper."""
        return {
            _said(quad.subject): int(_said(quad.object))
            for quad in self._quads(None, _Predicates.PUBLISHED)
            if _said(quad.object).isdecimal()
        }

    def _title(self, iri: str) -> str:
        entity = self._entities.get(iri)
        return entity.title if entity else _end(iri)

    def _count(self, type_: IRI) -> int:
        return self._classes.get(type_, 0)

    def _step(self) -> None:
        self._done += 1
        if self._done % _BETWEEN_REPORTS == 0:
            self._on_progress(BuildProgress(BuildStep.INDEX, self._done, self._total))

    def _of_class(self, type_: IRI) -> Iterator[pyoxigraph.NamedNode]:
        node = pyoxigraph.NamedNode(type_)
        for quad in self._store.quads_for_pattern(None, _Predicates.TYPE, node, _DEFAULT):
            if isinstance(quad.subject, pyoxigraph.NamedNode):
                yield quad.subject

    def _quads(
        self, subject: pyoxigraph.NamedNode | None, predicate: pyoxigraph.NamedNode
    ) -> Iterator[pyoxigraph.Quad]:
        return self._store.quads_for_pattern(subject, predicate, None, _DEFAULT)

    def _texts(self, subject: pyoxigraph.NamedNode, predicate: pyoxigraph.NamedNode) -> list[str]:
        return sorted(_said(quad.object) for quad in self._quads(subject, predicate))

    _iris = _texts


def _said(term: object) -> str:
    assert isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal)), "an export has no others"
    return term.value


def _end(iri: str) -> str:
    """Return the last part of an IRI, for what has no name."""
    return iri.rstrip("/#")[max(iri.rstrip("/#").rfind(sign) for sign in "/#") + 1 :]


def _plain(text: str) -> str:
    """Return a text without control characters, which mark what was found."""
    return _CONTROL.sub(" ", text)
