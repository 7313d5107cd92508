"""decode -> link -> map -> validate, for one figure: the texts of a page in, its graph out.

What a process needs is made once from `Settings`. Nothing here knows of other figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.figures.decode import (
    DecodeLog,
    Entry,
    SideTables,
    TableText,
    decode_figure,
    decode_records,
    figid_of,
    reject_page,
)
from pfocr_rdf.figures.link import GeneTable, Linker
from pfocr_rdf.figures.map import FigureGraph, Mapper
from pfocr_rdf.figures.model import Figure
from pfocr_rdf.figures.read import FrontMatter, RawFigure, parse_front_matter, parse_table
from pfocr_rdf.findings import Counted, Finding, Ledger
from pfocr_rdf.rdf import (
    FIGURES_GRAPH,
    IRI,
    KIND_OF_MENTION,
    OA,
    PFOCR,
    FormatName,
    Iris,
    IriStyle,
    Kind,
    Prefixes,
    Subject,
    Term,
    classes_of,
    make_format,
    ntriples_term,
)
from pfocr_rdf.shacl import Result, Shapes, load_shapes, show, show_path
from pfocr_rdf.shipped import dump_shapes

_OF_ONE_FIGURE: Final = frozenset((Kind.FIGURE.of_class, *KIND_OF_MENTION))
"""What only the nodes of one figure refer to."""
_OF_ONE_MENTION: Final = frozenset((OA.hasTarget, PFOCR.recognizedText, PFOCR.alsoReadAs))
"""Of what else mentions say, nine of ten say what others have said."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides what a figure's graph and bytes are; the same in every process."""

    table: GeneTable
    side_tables: SideTables
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
        self.shapes = _export_shapes() if settings.validate else None

    def figure(
        self, raw: RawFigure, is_taken: Callable[[str], bool] = lambda _: False
    ) -> FigureOutcome:
        """Take one page through the pipeline.

        Args:
            raw: Its texts.
            is_taken: Says whether an earlier page has a figid; this page is then skipped.
        """
        log = log_of(raw)
        figure = decode_raw(raw, self.settings.side_tables, log, is_taken)
        if figure is None:
            return _skipped(log)
        graph, found = self.mapper.map_figure(figure)
        log.findings.extend(found)
        if self.shapes is not None:
            results = self._validate(self.shapes, graph)
            log.findings.extend(violations(results, raw.name, self.prefixes.curie))
        return FigureOutcome(figure, graph, tuple(log.findings), log.ledger, tuple(log.entries))

    def _validate(self, shapes: Shapes, graph: FigureGraph) -> list[Result]:
        # Entities are validated once, at the end of a run; here it counts what they are and,
        # to shapes that look further, what this figure says of them.
        index: dict[Subject, dict[IRI, tuple[Term, ...]]] = {
            node.subject: dict(node.properties) for node in (graph.figure, *graph.mentions)
        }
        if shapes.look_outside:
            entities: dict[Subject, dict[IRI, tuple[Term, ...]]] = {
                entity.subject: dict(entity.properties) for entity in graph.entities
            }
            return shapes.validate(index, around=entities.get)
        classes: dict[Subject, tuple[IRI, ...]] = {
            entity.subject: classes_of(entity) for entity in graph.entities
        }
        return shapes.validate(
            index, class_of=lambda subject: classes.get(subject, ()), own=_OF_ONE_MENTION
        )


def log_of(raw: RawFigure) -> DecodeLog:
    """Return the log of a page or a record, with what was found while it was read."""
    log = DecodeLog(raw.name, Counted.RECORD_LEAF if raw.records else Counted.LEAF)
    log.findings.extend(raw.findings)
    return log


def decode_raw(
    raw: RawFigure,
    side: SideTables,
    log: DecodeLog,
    is_taken: Callable[[str], bool] = lambda _: False,
) -> Figure | None:
    """Return the figure of a page or a record, None when there is none; all is booked.

    Args:
        raw: The texts.
        side: What decoding needs beside them.
        log: From `log_of`.
        is_taken: Says whether an earlier page has a figid.
    """
    if raw.records:
        return decode_records(raw.records, side, log, is_taken)
    if raw.page is None:
        tables = _parsed(raw)
        reject_page(FrontMatter(None, 0, 0, ()), tables, log, "unreadable-file")
        return None
    page = parse_front_matter(raw.page, raw.name)
    figid = figid_of(page)
    if figid and is_taken(figid):
        log.find("duplicate-figure", "figid", figid)
        reject_page(page, _parsed(raw), log, "duplicate-figure")
        return None
    return decode_figure(page, _parsed(raw), side, log)


def _export_shapes() -> Shapes:
    """Return the shapes, which must be such that figures can be validated one by one.

    Raises:
        ShapesError: They are not: names the shapes, and why.
    """
    shapes = load_shapes(dump_shapes())
    if refused := shapes.whole_graph_only(_OF_ONE_FIGURE):
        named = ", ".join(f"{show(shape)} ({reason})" for shape, reason in refused.items())
        raise ShapesError(
            f"shapes: {named}: expected what one figure or entity and the entities it names can "
            "answer, found what only the whole graph can (export with --no-validate, then run "
            "pfocr-rdf validate on the dump)"
        )
    return shapes


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


def _skipped(log: DecodeLog) -> FigureOutcome:
    return FigureOutcome(None, None, tuple(log.findings), log.ledger, tuple(log.entries))
