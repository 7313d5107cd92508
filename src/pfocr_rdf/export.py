"""The export composed: inputs -> batches of figures -> entities -> a published release.

This module orders, writes and accounts; what a figure becomes is decided in `pipeline`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.decode import TableText
from pfocr_rdf.description import (
    ALIGNMENT_GRAPH,
    DATASET,
    FIGURES_GRAPH,
    alignment_node,
    dataset_nodes,
    void_nodes,
)
from pfocr_rdf.entities import EntityStore, Lost
from pfocr_rdf.errors import IntegrityError, UsageError
from pfocr_rdf.findings import Finding, Kind, Severity
from pfocr_rdf.hgnc import GeneTable
from pfocr_rdf.hgnc_choice import load_gene_table
from pfocr_rdf.iri import OURS, IriStyle
from pfocr_rdf.manifest import InputBooks, manifest_json
from pfocr_rdf.mapping_entities import CATALOG, organism_node
from pfocr_rdf.pipeline import Pipeline, Settings, classes_of, violations
from pfocr_rdf.report import Report
from pfocr_rdf.sources import Corpus, Reading, discover, read_text
from pfocr_rdf.surroundings import read_surroundings
from pfocr_rdf.tables import parse_table
from pfocr_rdf.terms import IRI, Literal, Node, Subject, Term, count_triples
from pfocr_rdf.vocabulary import DCTERMS, SCHEMA, SKOS
from pfocr_rdf.workers import default_jobs, run_batches
from pfocr_rdf.write import FormatName, document, make_format
from pfocr_rdf.write.dumps import Dumps
from pfocr_rdf.write.files import (
    MANIFEST,
    Compression,
    DumpFile,
    WrittenFile,
    remove_tree,
    staged_release,
    write_whole,
)

_RELEASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_ENTITIES_AT_ONCE: Final = 500
_LEAVES_OF_A_PAPER: Final = frozenset((SCHEMA.datePublished, DCTERMS.bibliographicCitation))


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export may be told, as on the command line.

    `hgnc` None means the cached table, or the embedded one. `jobs` 0 means every core,
    `limit` 0 all figures, `shard_size` 0 one file a format. `release` is a name, or "".
    """

    formats: tuple[FormatName, ...] = (FormatName.TURTLE, FormatName.JSONLD)
    compression: Compression | None = None
    hgnc: Path | None = None
    style: IriStyle = IriStyle.OBO
    captions: bool = True
    jobs: int = 0
    limit: int = 0
    validate: bool = True
    shard_size: int = 0
    release: str = ""

    def check(self) -> None:
        """Raise UsageError for values that no export can follow."""
        if not self.formats:
            raise UsageError(f"no format given (one or more of {', '.join(FormatName)})")
        numbers = {"--jobs": self.jobs, "--limit": self.limit, "--shard-size": self.shard_size}
        for name, number in numbers.items():
            if number < 0:
                raise UsageError(f"{name}: expected 0 or more, found {number}")
        if self.release and _RELEASE.fullmatch(self.release) is None:
            expected = "letters, digits, . _ -"
            raise UsageError(f"--release: expected {expected}, found {self.release!r}")

    def graph(self) -> IRI:
        """Return the named graph of the figures."""
        return IRI(f"{OURS}graph/{self.release}") if self.release else FIGURES_GRAPH

    def record(self) -> dict[str, object]:
        """Return the options that decide what the release is, for the manifest."""
        return {
            "formats": list(self.formats),
            "compression": self.compression,
            "iri style": self.style,
            "captions": self.captions,
            "limit": self.limit,
            "validated": self.validate,
            "shard size": self.shard_size,
        }


class Progress(NamedTuple):
    """How far a run is, in figures; handed to the caller after every batch."""

    done: int
    total: int
    triples: int
    findings: int


class ExportResult(NamedTuple):
    """What a finished export leaves: its folder, its report, and the files in it."""

    folder: Path
    report: Report
    files: tuple[WrittenFile, ...]

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error; `--strict` turns this into exit code 1."""
        return self.report.severities()[Severity.ERROR] > 0


def export(
    inputs: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: ExportOptions | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> ExportResult:
    """Export figures as a validated release; publish it whole, or not at all.

    Args:
        inputs: Pages, folders of pages, checkouts, or archives of one.
        out: The folder that becomes the release; an earlier release there is replaced.
        options: See `ExportOptions`.
        on_progress: Called after every batch.

    Raises:
        InputError: An input cannot be read at all, or holds no page.
        OutputError: The release cannot be written; an earlier one is untouched.
        IntegrityError: The totals do not balance; nothing is published.
    """
    options = options or ExportOptions()
    options.check()
    if isinstance(inputs, (str, os.PathLike)):
        raise UsageError(f"export: expected a list of inputs, found one (write [{str(inputs)!r}])")
    if not inputs:
        raise UsageError("no input given (a page, a folder, a checkout or an archive)")
    paths, folder = [Path(each) for each in inputs], Path(out)
    table = load_gene_table(options.hgnc)
    with staged_release(folder) as stage:
        run = _Run(stage, table, options, on_progress)
        try:
            run.all(paths)
        finally:
            run.close()
    return ExportResult(folder, run.report, tuple(run.files))


class _Run:
    """One export into a staging folder."""

    def __init__(
        self,
        stage: Path,
        table: GeneTable,
        options: ExportOptions,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.stage = stage
        self.table = table
        self.options = options
        self.on_progress = on_progress
        self.report = Report(options.release, table.release, options.validate)
        self.books = InputBooks()
        self.files: list[WrittenFile] = []
        self.workspace = stage / ".workspace"
        self.workspace.mkdir()
        self.entities = EntityStore(self.workspace / "entities.sqlite")
        self.findings_file = DumpFile(stage, "findings.jsonl", "application/x-ndjson", None)

    def all(self, inputs: Sequence[Path]) -> None:
        """Read everything, write everything, and balance the books."""
        options = self.options
        corpus = discover(inputs, self.workspace)
        read = read_surroundings(corpus, captions=options.captions)
        self.books.add(read.digests)
        self.report.ledger.add(read.ledger)
        self.found(corpus.findings)
        self.found(read.findings)
        settings = Settings(
            self.table,
            read.surroundings,
            options.style,
            options.formats,
            options.graph(),
            options.validate,
        )
        here = Pipeline(settings)
        dataset = dataset_nodes(self.table.release, options.release)
        self.entities.add((organism_node(o, here.mapper.by), 1) for o in read.organisms)
        self.entities.add((node, 1) for node in (CATALOG, *dataset))
        with Dumps(self.stage, here.formats, options.compression, options.shard_size) as dumps:
            figids = self.write_figures(corpus, settings, here, dumps)
            self.book_leftovers(corpus, settings, figids)
            self.write_entities(here, dumps)
            self.files += dumps.close()
        self.write_void(here, dataset)
        if problems := self.report.ledger.imbalances():
            raise IntegrityError(f"the ledger does not balance: {'; '.join(problems)}")
        self.write_reports(corpus)

    def close(self) -> None:
        """Let go of what lies on disk for this run only."""
        self.entities.close()
        self.findings_file.abandon()
        remove_tree(self.workspace)

    def write_figures(
        self, corpus: Corpus, settings: Settings, here: Pipeline, dumps: Dumps
    ) -> set[str]:
        """Write all figures, and return their figids."""
        options, counts = self.options, self.report.counts
        sources = corpus.figures[: options.limit or None]
        figids: set[str] = set()
        done = 0
        jobs = options.jobs or default_jobs()
        # Closed at once when writing fails, so that no worker goes on.
        with closing(run_batches(settings, sources, options.shard_size, jobs, here)) as results:
            for batch, result in results:
                if any(figid in figids for _, figid in result.figids):
                    # An earlier batch has one of them, which the worker could not know.
                    result = here.batch(batch, figids)
                figids.update(figid for _, figid in result.figids)
                self.books.add(result.digests)
                dumps.figures(result.pieces, len(batch), result.counts.triples)
                self.entities.add(result.entities)
                counts.add(result.counts)
                self.report.ledger.add(result.ledger)
                self.found(result.findings)
                done += len(batch)
                self.on_progress(
                    Progress(done, len(sources), counts.triples, self.report.findings.total())
                )
        return figids

    def book_leftovers(self, corpus: Corpus, settings: Settings, figids: set[str]) -> None:
        """Book what belongs to no figure: tables without a page, map rows without a figure."""
        ledger = self.report.ledger
        for kind, file in corpus.orphans:
            findings: list[Finding] = []
            reading = Reading()
            text = read_text(file, findings, reading)
            self.books.add([reading.digest(file.input)])
            if text is not None:
                table = TableText(kind, parse_table(text, file.name), file.name)
                table.skip(ledger, "orphan-table")
                lines = f"{len(table.table.rows) + table.table.malformed} rows"
                findings.append(Finding("orphan-table", file.name, "", "", lines))
            self.found(findings)
        around = settings.surroundings
        for file_name, rows in (
            ("ndex_map.tsv", around.ndex),
            ("wpid_map.tsv", around.wikipathways),
        ):
            for figid, value in rows.items():
                if figid in figids:
                    continue
                if self.options.limit:
                    ledger.skipped(Kind.MAP_ROW, "beyond-limit")
                else:
                    ledger.skipped(Kind.MAP_ROW, "orphan-map-row")
                    self.found([Finding("orphan-map-row", file_name, figid, value)])

    def write_entities(self, here: Pipeline, dumps: Dumps) -> None:
        """Write each entity once, validated as it is written, and the genes' other spellings."""
        by, counts = here.mapper.by, self.report.counts
        turtle = make_format(FormatName.TURTLE, here.prefixes, ALIGNMENT_GRAPH)
        genes = by.gene("")
        nodes = self.reconciled_entities()
        with DumpFile(self.stage, "alignment.ttl", turtle.media_type, None) as alignment:
            alignment.write(turtle.header())
            while some := list(islice(nodes, _ENTITIES_AT_ONCE)):
                dumps.entities(some)
                counts.nodes(some)
                self.validate(here, some)
                spelled = [
                    alignment_node(node.subject.removeprefix(genes), by)
                    for node in some
                    if node.subject.startswith(genes) and SCHEMA.Gene in classes_of(node)
                ]
                alignment.triples += count_triples(spelled)
                alignment.write(turtle.nodes(spelled))
            self.files.append(alignment.close())

    def reconciled_entities(self) -> Iterator[Node]:
        """Yield the entities; report and book what was stated but could not be kept."""
        for node, lost in self.entities.nodes():
            for one in lost:
                self.book_lost(one)
            if any(predicate == SKOS.exactMatch for predicate, _ in node.properties):
                self.report.genes_with_hgnc += 1
            yield node

    def book_lost(self, lost: Lost) -> None:
        """Report a value that another one of the same entity excludes."""
        field = re.split("[/#]", lost.predicate)[-1]
        detail = f"kept: {_text(lost.kept)}"
        finding = Finding("entity-conflict", lost.subject, field, _text(lost.value), detail)
        self.found([finding])
        if lost.predicate in _LEAVES_OF_A_PAPER:
            self.report.ledger.emitted(Kind.LEAF, -lost.stated)
            self.report.ledger.skipped(Kind.LEAF, finding.code, lost.stated)

    def validate(self, here: Pipeline, nodes: Sequence[Node]) -> None:
        """Validate entities; their neighbours' classes are asked of the entity store."""
        if here.shapes is not None:
            index: dict[Subject, dict[IRI, tuple[Term, ...]]] = {
                node.subject: dict(node.properties) for node in nodes
            }
            results = here.shapes.validate(index, class_of=self.entities.types)
            self.found(list(violations(results, "", here.prefixes.curie)))

    def write_void(self, here: Pipeline, dataset: tuple[Node, ...]) -> None:
        """Write the description of the data set with its counts."""
        counts = self.report.counts
        nodes = list(
            void_nodes(dataset, counts.triples, counts.subjects, counts.classes, counts.properties)
        )
        turtle = make_format(FormatName.TURTLE, here.prefixes, DATASET)
        content = document(turtle, [turtle.nodes(nodes)])
        triples = count_triples(nodes)
        self.files.append(write_whole(self.stage, "void.ttl", content, turtle.media_type, triples))

    def write_reports(self, corpus: Corpus) -> None:
        """Write what is said about the run; the manifest last, over all other files."""
        report = self.report
        self.files.append(self.findings_file.close())
        self.files.append(write_whole(self.stage, "report.json", report.json(), "application/json"))
        self.files.append(write_whole(self.stage, "report.md", report.markdown(), "text/markdown"))
        manifest = manifest_json(
            self.options.release,
            self.table.release,
            self.options.record(),
            map(self.books.record, corpus.inputs),
            self.files,
        )
        self.files.append(write_whole(self.stage, MANIFEST, manifest, "application/json"))

    def found(self, findings: Sequence[Finding]) -> None:
        """Write findings, and count them."""
        for finding in findings:
            self.report.findings[finding.code] += 1
            self.findings_file.write(finding.line())


def _text(term: Term) -> str:
    return term.lexical if isinstance(term, Literal) else str(term)
