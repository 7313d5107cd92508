"""What one process of a site has at hand: reader, index, templates, the folder to write to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pyoxigraph

from pfocr_rdf.query.store.triples import VOCABULARY_GRAPH
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import SKOS
from pfocr_rdf.release.reader import Piece, Reader
from pfocr_rdf.shipped import ontology_file
from pfocr_rdf.web.pages.graph import StoreGraph
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.read_node import end_of, read_concepts
from pfocr_rdf.web.pages.render import Renderer
from pfocr_rdf.web.pages.views import Concept
from pfocr_rdf.web.site.documents import Documents
from pfocr_rdf.web.site.entity_pages import names_of, put_entity
from pfocr_rdf.web.site.figure_pages import put_figure
from pfocr_rdf.web.site.gather import Gathered, gather, said
from pfocr_rdf.web.site.ledger import PageRow, open_ledger
from pfocr_rdf.web.site.lookup import Lookup
from pfocr_rdf.web.site.names import Named
from pfocr_rdf.web.site.options import SiteLinks, SiteOptions
from pfocr_rdf.web.site.output import Output
from pfocr_rdf.web.site.signposts import linkset, linkset_path


class Assignment(NamedTuple):
    """What all processes of a run share.

    Attributes:
        style: The IRI style of the release.
        form: Suffix of its dump that is read.
        options: Of the site.
        stamp: Hash of the program and of the options that pages show.
        folder: Of the new site; kinds have their folders in it.
        earlier: Folder of the site before, None without one that can be used.
        index_file: Where the index is, or will be.
        day: What new pages have as their day.
    """

    style: IriStyle
    form: str
    options: SiteOptions
    stamp: bytes
    folder: Path
    earlier: Path | None
    index_file: Path
    day: str


class FigureJob(NamedTuple):
    """Figures that follow each other in the dump, and the number of the first."""

    first: int
    pieces: Sequence[Piece]


class EntityJob(NamedTuple):
    """Entities of one kind, by number."""

    kind: Kind
    numbers: Sequence[int]


class Desk:
    """The desk of one process; what costs time is made when it is first asked for.

    Args:
        assignment: Of the run.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self.stamp = assignment.stamp
        self.links = SiteLinks(assignment.style, assignment.options)
        self.reader = Reader(assignment.style)

    @cached_property
    def lookup(self) -> Lookup:
        """The index, once it is written."""
        return Lookup(self._assignment.index_file, self.reader, self._assignment.form)

    @cached_property
    def documents(self) -> Documents:
        """The writers of RDF."""
        return Documents(Prefixes(Iris(self._assignment.style)), self._assignment.form)

    @cached_property
    def pages(self) -> Renderer:
        """The writer of pages in the folders of kinds.

        They do not name the release: each would change with every release.
        """
        return Renderer(self.links.inner)

    @cached_property
    def output(self) -> Output:
        """The folder of the new site."""
        earlier = self._assignment.earlier
        ledger = open_ledger(earlier) if earlier else None
        return Output(self._assignment.folder, earlier, ledger, self._assignment.day)

    @cached_property
    def concepts(self) -> dict[str, Concept]:
        """The concepts of the vocabulary by IRI."""
        store = pyoxigraph.Store()
        vocabulary = pyoxigraph.NamedNode(VOCABULARY_GRAPH)
        store.load(path=ontology_file(), format=pyoxigraph.RdfFormat.TURTLE, to_graph=vocabulary)
        return read_concepts(StoreGraph(store))

    def concept(self, iri: str) -> Concept | None:
        """Return a concept, None for ""; a lexicon may be known to the release alone."""
        if not iri:
            return None
        found = self.concepts.get(iri)
        if found is None:
            node = self.lookup.entity(IRI(iri))
            facts = said(node) if node else None
            label = facts.one(SKOS.prefLabel) or facts.one(SKOS.notation) if facts else ""
            found = self.concepts[iri] = Concept(iri, label or end_of(iri), "")
        return found

    def gather(self, pieces: Sequence[Piece]) -> Gathered:
        """Return what the index needs of pieces of the dump."""
        return gather(self.reader, pieces)

    def put_figures(self, job: FigureJob) -> list[PageRow]:
        """Put the pages of figures into the site."""
        rows = (put_figure(self, number, p) for number, p in enumerate(job.pieces, job.first))
        return [row for row in rows if row is not None]

    def put_entities(self, job: EntityJob) -> tuple[list[PageRow], list[Named]]:
        """Put the pages of entities into the site; returns their names for the search box too."""
        rows = [row for number in job.numbers for row in put_entity(self, number, job.kind)]
        if job.kind is Kind.PAPER:
            return rows, []
        return rows, [named for n in job.numbers for named in names_of(self, n, job.kind)]

    def put_linksets(self, shards: Sequence[int]) -> list[tuple[str, int]]:
        """Put linksets into the site; returns the path and size of each that is not empty."""
        links, put = self.links.absolute, []
        for shard in shards:
            if figures := self.lookup.signs(shard):
                path = linkset_path(figures[0][0])
                put.append((path, self.output.file(path, linkset(links, figures))))
        return put
