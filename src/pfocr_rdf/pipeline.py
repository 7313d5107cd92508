"""read -> decode -> link -> map -> validate -> write, for a batch of figures.

What a process needs is made once from `Settings`; then a batch of sources goes in, and
finished bytes, counts and findings come out. Nothing here knows of other batches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from pfocr_rdf.book import Book, Entry
from pfocr_rdf.decode import Surroundings, TableText, decode_figure, figid_of, reject_page
from pfocr_rdf.description import FIGURES_GRAPH
from pfocr_rdf.findings import Finding, Ledger
from pfocr_rdf.frontmatter import FrontMatter, parse_front_matter
from pfocr_rdf.hgnc import GeneTable
from pfocr_rdf.iri import Iris, IriStyle
from pfocr_rdf.link import Link, Linker
from pfocr_rdf.mapping import FigureGraph, Mapper
from pfocr_rdf.model import Figure, Mention
from pfocr_rdf.prefixes import Prefixes
from pfocr_rdf.shacl.engine import Shapes
from pfocr_rdf.shacl.paths import show_path
from pfocr_rdf.shacl.results import Result
from pfocr_rdf.sources import FigureSource, InputDigest, RawFigure, read_figure
from pfocr_rdf.tables import parse_table
from pfocr_rdf.terms import IRI, Node, Subject, Term
from pfocr_rdf.validation import load_shapes
from pfocr_rdf.vocabulary import RDF
from pfocr_rdf.write import FormatName, make_format
from pfocr_rdf.write.ntriples import ntriples_term


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides what a figure's graph and bytes are; the same in every process."""

    table: GeneTable
    surroundings: Surroundings
    style: IriStyle = IriStyle.OBO
    formats: tuple[FormatName, ...] = ()
    graph: IRI = FIGURES_GRAPH
    validate: bool = False


class FigureOutcome(NamedTuple):
    """One page's way through the pipeline; figure and graph are None when it was skipped."""

    figure: Figure | None
    graph: FigureGraph | None
    findings: tuple[Finding, ...]
    ledger: Ledger
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Counts:
    """What has been written: triples by predicate, nodes by class, links by how and why not."""

    figures: int = 0
    triples: int = 0
    subjects: int = 0
    properties: Counter[IRI] = field(default_factory=Counter)
    classes: Counter[IRI] = field(default_factory=Counter)
    links: Counter[IRI] = field(default_factory=Counter)

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Count nodes that have been written."""
        said = [pair for node in nodes for pair in node.properties]
        # Counter counts a list in C; most predicates have one object.
        self.properties.update([predicate for predicate, _ in said])
        self.triples += len(said)
        for predicate, objects in said:
            if len(objects) > 1:
                self.properties[predicate] += len(objects) - 1
                self.triples += len(objects) - 1
        types = [objects for predicate, objects in said if predicate == RDF.type]
        self.subjects += len(types)
        for classes, count in Counter(types).items():
            for cls in cast("tuple[IRI, ...]", classes):
                self.classes[cls] += count

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        self.figures += other.figures
        self.triples += other.triples
        self.subjects += other.subjects
        self.properties.update(other.properties)
        self.classes.update(other.classes)
        self.links.update(other.links)


class BatchResult(NamedTuple):
    """A finished batch.

    `pieces` has the bytes of each format; `figids` says which page wrote which figure, by its
    place in the batch; `entities` counts how often each node was stated.
    """

    pieces: tuple[bytes, ...]
    figids: tuple[tuple[int, str], ...]
    entities: tuple[tuple[Node, int], ...]
    counts: Counts
    ledger: Ledger
    findings: tuple[Finding, ...]
    digests: tuple[InputDigest, ...]


class Pipeline:
    """The figure function, with what it needs at hand."""

    def __init__(self, settings: Settings) -> None:
        iris = Iris(settings.style)
        self.prefixes = prefixes = Prefixes(iris)
        self.settings = settings
        self.mapper = Mapper(Linker(settings.table), iris)
        self.formats = tuple(
            make_format(name, prefixes, settings.graph) for name in settings.formats
        )
        self.shapes = load_shapes() if settings.validate else None

    def figure(
        self, raw: RawFigure, is_taken: Callable[[str], bool] = lambda _: False
    ) -> FigureOutcome:
        """Take one page through the pipeline.

        Args:
            raw: Its texts.
            is_taken: Says whether an earlier page has a figid; this page is then skipped.
        """
        book = Book(raw.name)
        book.findings.extend(raw.findings)
        if raw.page is None:
            tables = _parsed(raw)
            reject_page(FrontMatter(None, 0, 0, ()), tables, book, "unreadable-file")
            return _skipped(book)
        page = parse_front_matter(raw.page, raw.name)
        figid = figid_of(page)
        if figid and is_taken(figid):
            book.find("duplicate-figure", "figid", figid)
            reject_page(page, _parsed(raw), book, "duplicate-figure")
            return _skipped(book)
        figure = decode_figure(page, _parsed(raw), self.settings.surroundings, book)
        if figure is None:
            return _skipped(book)
        graph, found = self.mapper.map_figure(figure)
        book.findings.extend(found)
        if self.shapes is not None:
            results = self._validate(self.shapes, graph)
            book.findings.extend(violations(results, raw.name, self.prefixes.curie))
        return FigureOutcome(figure, graph, tuple(book.findings), book.ledger, tuple(book.entries))

    def batch(self, sources: Sequence[FigureSource], taken: Collection[str] = ()) -> BatchResult:
        """Read sources and take them through the pipeline, in their order."""
        mine: set[str] = set()
        pieces: list[list[bytes]] = [[] for _ in self.formats]
        figids: list[tuple[int, str]] = []
        entities: Counter[Node] = Counter()
        counts, ledger = Counts(), Ledger()
        findings: list[Finding] = []
        digests: list[InputDigest] = []
        for place, source in enumerate(sources):
            raw = read_figure(source)
            digests.append(raw.digest)
            outcome = self.figure(raw, lambda figid: figid in mine or figid in taken)
            findings.extend(outcome.findings)
            ledger.add(outcome.ledger)
            graph = outcome.graph
            if outcome.figure is None or graph is None:
                continue
            mine.add(outcome.figure.figid)
            figids.append((place, outcome.figure.figid))
            for written, format_ in zip(pieces, self.formats, strict=True):
                written.append(format_.figure(graph))
            counts.figures += 1
            counts.nodes((graph.figure, *graph.mentions))
            counts.links.update(_answers(graph.links))
            entities.update(graph.entities)
        return BatchResult(
            tuple(
                format_.joint.join(written)
                for written, format_ in zip(pieces, self.formats, strict=True)
            ),
            tuple(figids),
            tuple(entities.items()),
            counts,
            ledger,
            tuple(findings),
            tuple(digests),
        )

    def _validate(self, shapes: Shapes, graph: FigureGraph) -> list[Result]:
        # Entities are validated once, at the end of a run; here only their classes count.
        classes: dict[Subject, tuple[IRI, ...]] = {
            entity.subject: classes_of(entity) for entity in graph.entities
        }
        index: dict[Subject, dict[IRI, tuple[Term, ...]]] = {
            node.subject: dict(node.properties) for node in (graph.figure, *graph.mentions)
        }
        return shapes.validate(index, class_of=lambda subject: classes.get(subject, ()))


def classes_of(node: Node) -> tuple[IRI, ...]:
    """Return the classes of a node; they are always its first property."""
    predicate, classes = node.properties[0]
    assert predicate == RDF.type, node.subject
    return cast("tuple[IRI, ...]", classes)


def violations(
    results: Iterable[Result], file: str, curie: Callable[[IRI], str | None]
) -> Iterator[Finding]:
    """Yield a finding for each result of a validation.

    Args:
        results: Of one figure or entity.
        file: The page the figure is from, "" for an entity.
        curie: Shortens predicates.
    """
    for result in results:
        path = show_path(result.path, lambda iri: curie(iri) or iri) if result.path else ""
        value = "" if result.value is None else ntriples_term(result.value)
        detail = f"<{result.focus}>: {result.messages[0].lexical}"
        yield Finding("shape-violation", file, path, value[:500], detail)


def _parsed(raw: RawFigure) -> list[TableText]:
    return [
        TableText(table.kind, parse_table(table.text, table.name), table.name)
        for table in raw.tables
    ]


def _skipped(book: Book) -> FigureOutcome:
    return FigureOutcome(None, None, tuple(book.findings), book.ledger, tuple(book.entries))


def _answers(links: Iterable[tuple[Mention, Link]]) -> Iterator[IRI]:
    for _, link in links:
        answer = link.method or link.reason
        assert answer is not None, "a link has a method or a reason"
        yield answer
