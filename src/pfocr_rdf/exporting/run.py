"""The export composed: inputs -> batches of figures -> entities -> a published release.

This module orders, writes and accounts; what a figure becomes is decided in `pipeline`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.errors import IntegrityError, UsageError
from pfocr_rdf.exporting.changes import ChangeLog, Changes
from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.entities import ids_of, stored
from pfocr_rdf.exporting.figure_batches import BatchResult
from pfocr_rdf.exporting.forms import CrateFacts, make_forms, write_crate
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.page_cache import CachedPage, PageCache
from pfocr_rdf.exporting.previous_runs import EarlierRuns, Found, before
from pfocr_rdf.exporting.workers import EntityJob, FigureJob, Workers, batches
from pfocr_rdf.figures.decode.page import SideTables
from pfocr_rdf.figures.link.table import GeneTable
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.figures.map.entities import CATALOG, organism_node
from pfocr_rdf.figures.orphans import orphan_map_rows, orphan_tables
from pfocr_rdf.figures.pipeline import Settings
from pfocr_rdf.figures.read.sources import Corpus, FigureSource, discover
from pfocr_rdf.figures.side_tables import read_side_tables
from pfocr_rdf.findings import Finding, Severity
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.rdf.formats import FormatName, make_format
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH, Iris
from pfocr_rdf.rdf.terms import Node
from pfocr_rdf.release.counts.spill import ObjectCounter
from pfocr_rdf.release.description import Edition, Input, dataset_nodes, void_file, void_nodes
from pfocr_rdf.release.files import (
    MANIFEST,
    PAGE_CACHE,
    DumpFile,
    WrittenFile,
    entry_of,
    is_intact,
    times_of,
    write_whole,
)
from pfocr_rdf.release.manifest import InputHashes, files_of, manifest_json
from pfocr_rdf.release.opened import Release
from pfocr_rdf.release.report import Report
from pfocr_rdf.release.staging import Stage, staged_release

_ENTITIES_AT_ONCE: Final = 500
_LEAST_ROOM: Final = 1 << 16
"""With fewer bytes left on the disk, any trouble of the ledger is that there is no room."""


class Progress(NamedTuple):
    """How far a run is, in figures; handed to the caller after every batch."""

    done: int
    total: int
    triples: int
    findings: int


class ExportResult(NamedTuple):
    """What a finished export leaves: its folder, its report, and the files in it.

    `changes` is how its pages differ from those of the release that it replaced, None when
    there was none. `damaged` is how many entries of the ledgers of earlier runs were found
    damaged; what they spoke of was made anew.
    """

    folder: Path
    report: Report
    files: tuple[WrittenFile, ...]
    changes: Changes | None = None
    damaged: int = 0

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
        WorkerError: A worker process was killed.
        IntegrityError: The totals do not balance; nothing is published.
        KeyboardInterrupt: As ever. What is done is left for the next run, like what a killed
            run or worker leaves; a note on the exception says so.
    """
    options = options or ExportOptions()
    options.check()
    if isinstance(inputs, (str, os.PathLike)):
        raise UsageError(f"export: expected a list of inputs, found one (write [{str(inputs)!r}])")
    if not inputs:
        raise UsageError("no input given (a page, a folder, a checkout or an archive)")
    paths, folder = [Path(each) for each in inputs], Path(out)
    table = load_gene_table(options.hgnc)
    try:
        with staged_release(folder) as stage:
            run = _Run(stage, table, options, on_progress)
            try:
                run.all(paths, Path(os.path.realpath(folder)))
            except sqlite3.DatabaseError as error:
                # The same trouble as with a plain file: a full disk most of all.
                full = shutil.disk_usage(stage.folder).free < _LEAST_ROOM
                if full or error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
                raise OSError(errno.EIO, f"{PAGE_CACHE}: {error}") from error
    except _UnchangedError as unchanged:
        return unchanged.result._replace(folder=folder)
    return ExportResult(folder, run.report, tuple(run.files), run.changes.changes(), run.damaged)


class _UnchangedError(Exception):
    """Leaves the staging folder unpublished: the release that is there is what it would be."""

    def __init__(self, result: ExportResult) -> None:
        super().__init__()
        self.result = result


class _Run:
    """One export into a staging folder."""

    def __init__(
        self,
        stage: Stage,
        table: GeneTable,
        options: ExportOptions,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.stage = stage
        self.folder = stage.folder
        self.table = table
        self.options = options
        self.on_progress = on_progress
        self.report = Report(
            release=options.release, table=table.release, validated=options.validate
        )
        self.books = InputHashes()
        self.files: list[WrittenFile] = []
        self.figids: set[str] = set()
        self.stated: Counter[int] = Counter()
        self.changes = ChangeLog()
        self.damaged = 0
        self.other_findings = hashlib.sha256()
        self.findings_file = DumpFile(stage.folder, "findings.jsonl", "application/x-ndjson", None)

    def all(self, inputs: Sequence[Path], release: Path) -> None:
        """Read everything, write everything, and balance the books.

        Args:
            inputs: What to read.
            release: The folder that is to be replaced, if it is there.
        """
        options = self.options
        with ExitStack() as stack:
            stack.callback(self.findings_file.abandon)
            workspace = stack.enter_context(TemporaryDirectory(dir=self.folder, prefix=".input-"))
            corpus = discover(inputs, Path(workspace))
            read = read_side_tables(corpus, captions=options.captions)
            self.books.add(read.digests)
            self.report.ledger.add(read.ledger)
            self.found((*corpus.findings, *read.findings))
            settings = Settings(
                self.table,
                read.side_tables,
                options.style,
                options.formats,
                options.graph(),
                options.validate,
            )
            key = options.figure_key(self.table.release, read.sha256())
            sources = corpus.figures[: options.limit or None]
            jobs = options.jobs or default_jobs()
            workers = stack.enter_context(Workers(settings, jobs, len(sources)))
            earlier = stack.enter_context(
                EarlierRuns(release, self.stage.abandoned, key if options.reuse else b"")
            )
            self.stage.keep_only(earlier.kept)
            self.stage.resumable = earlier.continues
            self.ledger = PageCache.create(self.folder / PAGE_CACHE, key)
            stack.callback(self.ledger.close)
            here = workers.here
            edition = options.edition(self.table.release)
            self.state([organism_node(o, here.mapper.by) for o in read.organisms])
            self.state([CATALOG, *dataset_nodes(edition)])
            self.objects = stack.enter_context(
                ObjectCounter(workers.begin, Path(workspace), len(sources))
            )
            dumps = stack.enter_context(
                Dumps(
                    self.folder,
                    here.formats,
                    options.compression,
                    options.shard_size,
                    self.ledger.add_file,
                )
            )
            all_reused = self.write_figures(sources, workers, earlier, dumps)
            self.book_leftovers(corpus, settings.side_tables)
            if all_reused and earlier.release is not None:
                self.leave_unchanged(release, earlier, earlier.release, corpus)
            self.damaged = earlier.damaged
            self.write_entities(workers, dumps)
            self.files += dumps.close()
            self.write_forms(workers)
            self.write_void(edition, corpus)
            if problems := self.report.ledger.imbalances():
                raise IntegrityError(f"the ledger does not balance: {'; '.join(problems)}")
            self.write_reports(edition, corpus)
            workers.close()  # they hold the ledger open
            self.ledger.set_meta("tally", self.report.record_tally())
            self.ledger.set_meta("other findings", self.other_findings.digest())
            self.ledger.set_meta("times", orjson.dumps(times_of(self.folder, self.files)))
            self.ledger.seal()

    def leave_unchanged(
        self, release: Path, earlier: EarlierRuns, ledger: PageCache, corpus: Corpus
    ) -> None:
        """End the run if the release that is there is byte for byte what this run would write.

        Raises:
            _UnchangedError: It is.
        """
        changes = self.changes.changes()
        tally, times = ledger.meta("tally"), ledger.meta("times")
        if (
            changes is None
            or any(changes)
            or not tally
            or ledger.key() != self.ledger.key()
            or ledger.meta("other findings") != self.other_findings.digest()
            or earlier.damaged  # a whole ledger takes the place of this one
        ):
            return
        old = (release / MANIFEST).read_bytes()
        files = files_of(old)
        written = orjson.loads(times)
        if self.manifest(corpus, files) != old or not all(
            is_intact(release, file, written.get(file.name)) for file in files
        ):
            return
        self.report.restore_tally(tally)
        manifest = entry_of(MANIFEST, old, "application/json")
        raise _UnchangedError(ExportResult(release, self.report, (*files, manifest), changes))

    def write_figures(
        self,
        sources: Sequence[FigureSource],
        workers: Workers,
        earlier: EarlierRuns,
        dumps: Dumps,
    ) -> bool:
        """Write all figures: those that are as they were from an earlier run's dumps.

        Returns:
            Whether every one was.
        """
        # A batch is looked up when it is sent to a worker, and needed again when it is back.
        found: dict[str, Found] = {}

        def jobs() -> Iterator[FigureJob]:
            for batch in batches(sources, self.options.shard_size):
                now = earlier.find([source.name for source in batch])
                found.update(now)
                yield FigureJob(batch, [before(now.get(source.name)) for source in batch])

        done, all_reused = 0, True
        earlier.give_nodes(self.ledger)
        for job, result in workers.figures(jobs()):
            if self.figids.intersection(_figids(job, result, found)):
                # An earlier batch has one of them, which the worker could not know. It will
                # not send again the nodes that it has sent with this result.
                self.ledger.add((), result.nodes)
                result = workers.figures_here(job, self.figids)
            self.write_batch(job, result, found, dumps)
            all_reused = all_reused and not any(result.figures)
            self.changes.note(job.sources, result.digests, found, earlier)
            for source in job.sources:
                found.pop(source.name, None)
            done += len(job.sources)
            triples, findings = self.report.counts.triples, self.report.findings.total()
            self.on_progress(Progress(done, len(sources), triples, findings))
        self.changes.note_removed(sources, earlier)
        return all_reused

    def write_batch(
        self, job: FigureJob, result: BatchResult, found: dict[str, Found], dumps: Dumps
    ) -> None:
        """Write one batch and note it in the ledger."""
        rows = []
        self.books.add(result.digests)
        self.report.add(result.tally)
        for source, figure, digest in zip(job.sources, result.figures, result.digests, strict=True):
            dumps.begin_page()
            if figure is None:
                row, old, _ = found[source.name]
                triples = self.report.add_record(row.tally)
                if row.figid:
                    places = dumps.same_figure(old, row.places, triples)
                    row = row._replace(places=places)
            else:
                places = dumps.figure(figure.pieces, figure.triples) if figure.figid else b""
                row = CachedPage(
                    source.name,
                    digest.sha256,
                    digest.bytes,
                    figure.figid,
                    places,
                    figure.tally,
                    figure.findings,
                    figure.entities,
                    figure.objects,
                )
            rows.append(row)
            if row.figid:
                self.figids.add(row.figid)
            self.findings_file.write(row.findings)
            self.stated.update(ids_of(row.entities))
            self.objects.add(row.objects)
        self.ledger.add(rows, result.nodes)
        if any(figure is not None for figure in result.figures):
            # What the ledger says is written must be, should this process be killed.
            dumps.flush()
            self.ledger.commit()
            self.stage.resumable = self.stage.resumable or bool(self.ledger.files())

    def state(self, nodes: Sequence[Node]) -> None:
        """Note entities that no figure states but the run itself."""
        kept = [stored(node) for node in nodes]
        self.stated.update(node.id for node in kept)
        self.ledger.add((), kept)

    def book_leftovers(self, corpus: Corpus, around: SideTables) -> None:
        """Book what belongs to no figure."""
        tables = orphan_tables(corpus)
        self.books.add(tables.digests)
        rows = orphan_map_rows(corpus, around, self.figids, limited=bool(self.options.limit))
        for part in (tables, rows):
            self.report.ledger.add(part.ledger)
            self.found(part.findings)

    def write_entities(self, workers: Workers, dumps: Dumps) -> None:
        """Write each entity once, and the genes' other spellings."""
        turtle = make_format(FormatName.TURTLE, workers.here.prefixes, ALIGNMENT_GRAPH)
        dumps.flush()  # copies what is committed next, should there be any
        self.ledger.drop_unstated(self.stated)
        self.ledger.commit()  # workers ask it for the neighbours of entities
        facts = self.ledger.entities(self.stated)
        expected, seen = sum(1 for times in self.stated.values() if times > 0), 0

        def jobs() -> Iterator[EntityJob]:
            room = shard = dumps.entity_shard or sys.maxsize
            while some := list(islice(facts, min(room, _ENTITIES_AT_ONCE))):
                yield EntityJob(some, self.ledger.path)
                room = room - len(some) or shard

        with DumpFile(self.folder, "alignment.ttl", turtle.media_type, None) as alignment:
            alignment.write(turtle.header())
            for job, result in workers.entities(jobs()):
                triples = result.tally.counts.triples
                seen += sum(len(entity.variants) for entity in job.entities)
                dumps.entities(result.pieces, len(job.entities), triples)
                self.report.add(result.tally)
                self.report.genes_with_hgnc += result.genes_with_hgnc
                self.objects.add(result.objects)
                self.findings_file.write(result.findings)
                alignment.write(result.alignment)
                alignment.triples += result.alignment_triples
            self.files.append(alignment.close())
        if seen != expected:
            raise IntegrityError(f"figures state {expected} nodes of entities, {seen} are stored")

    def write_void(self, edition: Edition, corpus: Corpus) -> None:
        """Write the description of the data set with its counts."""
        iris = Iris(self.options.style)
        nodes = void_nodes(
            edition,
            self.report.counts,
            self.objects.counts(),
            self.files,
            [Input.of(self.books.record(each)) for each in corpus.inputs],
            iris,
        )
        content, triples = void_file(nodes, iris)
        self.files.append(write_whole(self.folder, "void.ttl", content, "text/turtle", triples))

    def write_forms(self, workers: Workers) -> None:
        """Write the other forms that were asked for, from the dumps."""
        options = self.options
        release = Release(
            self.folder, "", options.release, options.issued, tuple(self.files), options.style
        )
        self.files += make_forms(release, options.also, options.compression, workers.in_order)

    def write_reports(self, edition: Edition, corpus: Corpus) -> None:
        """Write what is said about the run; the manifest last, over all other files."""
        report = self.report
        self.files.append(self.findings_file.close())
        self.files.append(
            write_whole(self.folder, "report.json", report.json(), "application/json")
        )
        self.files.append(write_whole(self.folder, "report.md", report.markdown(), "text/markdown"))
        if Form.ROCRATE in self.options.also:
            facts = CrateFacts(
                edition,
                [self.books.record(each) for each in corpus.inputs],
                self.options.record(),
            )
            self.files.append(write_crate(self.folder, self.files, facts))
        manifest = self.manifest(corpus, self.files)
        self.files.append(write_whole(self.folder, MANIFEST, manifest, "application/json"))

    def manifest(self, corpus: Corpus, files: Sequence[WrittenFile]) -> bytes:
        """Return manifest.json for these files."""
        return manifest_json(
            self.options.release,
            self.table.release,
            self.options.record(),
            map(self.books.record, corpus.inputs),
            files,
        )

    def found(self, findings: Sequence[Finding]) -> None:
        """Write findings that are of no figure and no entity, and count them."""
        lines = self.report.found(findings)
        self.other_findings.update(lines)
        self.findings_file.write(lines)


def _figids(job: FigureJob, result: BatchResult, found: dict[str, Found]) -> Iterator[str]:
    for source, figure in zip(job.sources, result.figures, strict=True):
        figid = found[source.name].row.figid if figure is None else figure.figid
        if figid:
            yield figid
