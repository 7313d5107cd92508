"""A cluster run composed: inputs -> partitions -> buckets of entities -> a release by URL.

This module orders and accounts; only tallies, sizes, hashes and names come back to it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol, TypeVar

from pfocr_rdf.errors import IntegrityError, OutputError, UsageError
from pfocr_rdf.exporting.cluster.duplicates import merge_figids
from pfocr_rdf.exporting.cluster.listing import Listed, list_inputs
from pfocr_rdf.exporting.cluster.other_forms import put_crate, put_forms
from pfocr_rdf.exporting.cluster.output import Output
from pfocr_rdf.exporting.cluster.partition import (
    PartitionJob,
    PartitionResult,
    cut,
    export_partition,
    figid_hash,
)
from pfocr_rdf.exporting.cluster.reduce import (
    BucketJob,
    BucketResult,
    ObjectsJob,
    count_objects,
    export_bucket,
)
from pfocr_rdf.exporting.cluster.staging import staged_file
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.cluster.worker import WORK, Release, share_settings
from pfocr_rdf.exporting.entities import stored
from pfocr_rdf.exporting.forms import CrateFacts
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import ExportResult, Progress
from pfocr_rdf.figures.decode.page import Surroundings, TableText
from pfocr_rdf.figures.link.table import GeneTable
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.figures.map.entities import CATALOG, organism_node
from pfocr_rdf.figures.pipeline import Pipeline, Settings
from pfocr_rdf.figures.read.sources import Reading, read_text
from pfocr_rdf.figures.read.tables import parse_table
from pfocr_rdf.figures.side_tables import SurroundingsRead, read_surroundings
from pfocr_rdf.findings import Counted, Finding
from pfocr_rdf.rdf.formats import FormatName, make_format
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH, Iris
from pfocr_rdf.rdf.terms import Node
from pfocr_rdf.release.counts.counts import Tally
from pfocr_rdf.release.counts.distinct import DistinctCounts, total
from pfocr_rdf.release.counts.spill import COUNTED_AT_ONCE, parts_for
from pfocr_rdf.release.description import Edition, Input, dataset_nodes, void_file, void_nodes
from pfocr_rdf.release.files import MANIFEST, WrittenFile
from pfocr_rdf.release.manifest import InputBooks, manifest_json
from pfocr_rdf.release.report import Report

PARTITION: Final = 5000
"""Figures a task has when nothing else is said: half a minute of work, some 100 MB of Turtle."""
_PARTITIONS_PER_BUCKET: Final = 10
"""A bucket has about as many entities as this many partitions have figures."""
_JSON: Final = "application/json"

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class Tasks(Protocol):
    """An engine: runs a function on many arguments, results in their order."""

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with its result."""
        ...


def run(
    inputs: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: ExportOptions,
    on_progress: Callable[[Progress], None],
    engine: Callable[[bool], AbstractContextManager[Tasks]],
) -> ExportResult:
    """Export figures as a validated release at a URL.

    Args:
        inputs: Paths or URLs.
        out: Path or URL; it must not hold a release.
        options: See `export_on_dask`.
        on_progress: Called when a partition is done.
        engine: Makes the engine; told whether other processes can see all files.

    Raises:
        PfocrError: See `export_on_dask`.
    """
    options = replace(options, shard_size=options.shard_size or PARTITION)
    options.check()
    if isinstance(inputs, (str, os.PathLike)) or not inputs:
        raise UsageError("no input given (a page, a folder, a checkout, or the URL of one)")
    table = load_gene_table(options.hgnc)
    store = Store(os.fspath(out))
    shared = all(each.is_shared for each in (store, *(Store(os.fspath(i)) for i in inputs)))
    listed = list_inputs(inputs)
    try:
        with TemporaryDirectory(prefix="pfocr-rdf-") as folder:
            output = Output(store, Path(folder))
            output.claim()
            with engine(shared) as tasks:
                result = _Run(output, table, options, on_progress, tasks).all(listed)
            output.release()
    except OSError as error:
        message = f"{store.url}: {error} (there is no {MANIFEST}, so there is no release)"
        raise OutputError(message) from error
    return result


class _Run:
    """One export."""

    def __init__(
        self,
        output: Output,
        table: GeneTable,
        options: ExportOptions,
        on_progress: Callable[[Progress], None],
        tasks: Tasks,
    ) -> None:
        self.output = output
        self.table = table
        self.options = options
        self.on_progress = on_progress
        self.tasks = tasks
        self.report = Report(
            release=options.release, table=table.release, validated=options.validate
        )
        self.books = InputBooks()

    def all(self, listed: Listed) -> ExportResult:
        """Run all tasks, and write what is said of the whole; the manifest last."""
        options, output, report = self.options, self.output, self.report
        read = self.read_surroundings(listed)
        settings = Settings(
            self.table,
            read.surroundings,
            options.style,
            options.formats,
            options.graph(),
            options.validate,
        )
        release = share_settings(output.store, settings, options.compression, output.folder)
        here = Pipeline(settings)
        turtle = make_format(FormatName.TURTLE, here.prefixes, ALIGNMENT_GRAPH)
        edition = options.edition(self.table.release)
        first = report.found((*listed.corpus.findings, *read.findings))
        partitions = self.export_figures(listed, release)
        last = report.found(self.leftovers(listed, read.surroundings, partitions))
        own = [organism_node(organism, here.mapper.by) for organism in read.organisms]
        buckets = self.export_entities(
            release, partitions, [*own, CATALOG, *dataset_nodes(edition)]
        )
        objects = self.count_objects(release, partitions, buckets)
        findings = [part.findings for part in partitions]
        files = [
            output.put(
                "alignment.ttl",
                turtle.media_type,
                [turtle.header()],
                [part.alignment for part in buckets],
                sum(part.alignment_triples for part in buckets),
            ),
            *(file for part in partitions for file in part.files),
            *(file for part in buckets for file in part.files),
        ]
        inputs = [self.books.record(summary) for summary in listed.corpus.inputs]
        files += put_forms(output.store, files, options)
        files.append(self.void(edition, inputs, objects, files))
        if problems := report.ledger.imbalances():
            raise IntegrityError(f"the ledger does not balance: {'; '.join(problems)}")
        (output.folder / "last").write_bytes(last)
        output.store.put(output.folder / "last", f"{WORK}/last.jsonl")
        findings += [f"{WORK}/last.jsonl", *(part.findings for part in buckets)]
        files += [
            output.put("findings.jsonl", "application/x-ndjson", [first], findings),
            output.put("report.json", _JSON, [report.json()]),
            output.put("report.md", "text/markdown", [report.markdown()]),
        ]
        if Form.ROCRATE in options.also:
            facts = CrateFacts(edition, inputs, options.record())
            files.append(put_crate(output.store, files, facts))
        output.check(files)
        manifest = manifest_json(
            options.release,
            self.table.release,
            options.record(),
            inputs,
            files,
        )
        files.append(output.put(MANIFEST, _JSON, [manifest]))
        return ExportResult(Path(output.store.url), report, tuple(files))

    def read_surroundings(self, listed: Listed) -> SurroundingsRead:
        """Read organism pages and map files; they are few, so it is done here."""
        corpus = listed.corpus
        with TemporaryDirectory(dir=self.output.folder) as name:
            folder = Path(name)
            near = replace(
                corpus,
                organism_pages=[
                    staged_file(file, listed.oversized, folder) for file in corpus.organism_pages
                ],
                maps={
                    key: [staged_file(file, listed.oversized, folder) for file in files]
                    for key, files in corpus.maps.items()
                },
            )
            read = read_surroundings(near, captions=self.options.captions)
        self.books.add(read.digests)
        self.report.ledger.add(read.ledger)
        return read

    def export_figures(self, listed: Listed, release: Release) -> list[PartitionResult]:
        """Run a task for each partition; those that repeat a figid of an earlier one, again."""
        sources = listed.corpus.figures[: self.options.limit or None]
        size = self.options.shard_size
        buckets = -(-len(sources) // (size * _PARTITIONS_PER_BUCKET))
        parts = self.parts = parts_for(len(sources))

        def job(place: int, taken: frozenset[bytes] = frozenset()) -> PartitionJob:
            some = sources[place * size : (place + 1) * size]
            oversized = listed.oversized_of(some)
            return PartitionJob(release, place + 1, some, buckets, parts, oversized, taken)

        partitions: list[PartitionResult] = []
        sofar = Tally()
        done = 0
        jobs = map(job, range(-(-len(sources) // size)))
        for finished, result in self.tasks.in_order(export_partition, jobs):
            self.books.add(result.digests)
            partitions.append(result._replace(digests=()))
            sofar.add(result.tally)
            done += len(finished.sources)
            counts, findings = sofar.counts, sofar.findings.total()
            self.on_progress(Progress(done, len(sources), counts.triples, findings))
        repeated = merge_figids([part.figids for part in partitions], ()).repeated
        again = [job(place, taken) for place, taken in sorted(repeated.items())]
        for finished, result in self.tasks.in_order(export_partition, again):
            partitions[finished.number - 1] = result._replace(digests=())
        for part in partitions:
            self.report.add(part.tally)
        return partitions

    def leftovers(
        self, listed: Listed, around: Surroundings, partitions: Sequence[PartitionResult]
    ) -> Iterator[Finding]:
        """Book what belongs to no figure: tables without a page, map rows without a figure."""
        ledger = self.report.ledger
        for kind, file in listed.corpus.orphans:
            findings: list[Finding] = []
            reading = Reading()
            with TemporaryDirectory(dir=self.output.folder) as folder:
                text = read_text(
                    staged_file(file, listed.oversized, Path(folder)), findings, reading
                )
            self.books.add([reading.digest(file.input)])
            if text is not None:
                table = TableText(kind, parse_table(text, file.name), file.name)
                table.skip(ledger, "orphan-table")
                lines = f"{len(table.table.rows) + table.table.malformed} rows"
                findings.append(Finding("orphan-table", file.name, "", "", lines))
            yield from findings
        maps = (("ndex", around.ndex), ("wpid", around.wikipathways))
        wanted = {figid_hash(figid) for _, rows in maps for figid in rows}
        present = merge_figids([part.figids for part in partitions], wanted).present
        for key, rows in maps:
            file_name = ", ".join(file.name for file in listed.corpus.maps.get(key, ()))
            for figid, value in rows.items():
                if figid_hash(figid) in present:
                    continue
                if self.options.limit:
                    ledger.skipped(Counted.MAP_ROW, "beyond-limit")
                else:
                    ledger.skipped(Counted.MAP_ROW, "orphan-map-row")
                    yield Finding("orphan-map-row", file_name, figid, value)

    def export_entities(
        self, release: Release, partitions: Sequence[PartitionResult], own: Sequence[Node]
    ) -> list[BucketResult]:
        """Run a task for each bucket of entities; `own` are those that the run itself states."""
        count = len(partitions[0].bounds) - 1 if partitions else 1
        nodes = [stored(node) for node in own]
        mine = cut(nodes, Counter(node.id for node in nodes), count)
        (self.output.folder / "entities").write_bytes(mine.content)
        name = f"{WORK}/entities-00000"
        self.output.store.put(self.output.folder / "entities", name)
        parts = [(name, mine.bounds), *((part.entities, part.bounds) for part in partitions)]
        jobs = (
            BucketJob(
                release, bucket + 1, [(n, b[bucket], b[bucket + 1]) for n, b in parts], self.parts
            )
            for bucket in range(count)
        )
        buckets = []
        for _, result in self.tasks.in_order(export_bucket, jobs):
            self.report.add(result.tally)
            self.report.genes_with_hgnc += result.genes_with_hgnc
            buckets.append(result)
        return buckets

    def count_objects(
        self,
        release: Release,
        partitions: Sequence[PartitionResult],
        buckets: Sequence[BucketResult],
    ) -> DistinctCounts:
        """Run a task for some parts of what says which objects there are."""
        pieces = [
            *((each.objects, each.object_bounds) for each in partitions),
            *((each.objects, each.object_bounds) for each in buckets),
        ]

        def ranges(part: int) -> list[tuple[str, int, int]]:
            cut = ((name, bounds[part], bounds[part + 1]) for name, bounds in pieces)
            return [(name, start, end) for name, start, end in cut if start < end]

        jobs = (
            ObjectsJob(
                release,
                [ranges(part) for part in range(first, min(first + COUNTED_AT_ONCE, self.parts))],
            )
            for first in range(0, self.parts, COUNTED_AT_ONCE)
        )
        return total(result for _, result in self.tasks.in_order(count_objects, jobs))

    def void(
        self,
        edition: Edition,
        inputs: Iterable[Mapping[str, object]],
        objects: DistinctCounts,
        files: Sequence[WrittenFile],
    ) -> WrittenFile:
        """Write the description of the data set with its counts."""
        iris = Iris(self.options.style)
        read = map(Input.of, inputs)
        nodes = void_nodes(edition, self.report.counts, objects, files, read, iris)
        content, triples = void_file(nodes, iris)
        return self.output.put("void.ttl", "text/turtle", [content], triples=triples)
