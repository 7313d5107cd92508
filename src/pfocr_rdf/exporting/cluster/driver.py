"""An export on a cluster: its engine, which hands out tasks, and how a run is composed of it.

The steps are those of `run.write_release`: inputs -> partitions -> buckets of entities -> a
release by URL. Only tallies, sizes, hashes and names come back from the tasks.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from heapq import merge
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol, TypeVar

from pfocr_rdf.errors import OutputError, UsageError
from pfocr_rdf.exporting.alignment import Aligner
from pfocr_rdf.exporting.cluster.duplicates import merge_figids
from pfocr_rdf.exporting.cluster.listing import Listed, list_inputs
from pfocr_rdf.exporting.cluster.output import StoreFolder
from pfocr_rdf.exporting.cluster.partition import (
    PartitionJob,
    PartitionResult,
    bucket_of,
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
from pfocr_rdf.exporting.cluster.worker import WORK, share_settings
from pfocr_rdf.exporting.engine import EntitiesWritten, FiguresWritten, Manifest, Noted
from pfocr_rdf.exporting.entities import stored
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import ExportResult, write_release
from pfocr_rdf.figures import Pipeline, Settings
from pfocr_rdf.figures.join import Joined, open_join_files
from pfocr_rdf.figures.link import load_gene_table
from pfocr_rdf.figures.read import Corpus, FigureSource, NamedFile, Reading, read_text
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import Node, figid_of
from pfocr_rdf.release import (
    ALIGNMENT_FILE,
    FINDINGS_FILE,
    MANIFEST,
    DumpFile,
    OnProgress,
    Reader,
    Report,
    WrittenFile,
    read_file,
)
from pfocr_rdf.release.counts import COUNTED_AT_ONCE, DistinctCounts, Tally, parts_for, total

PARTITION: Final = 5000
"""Figures a task has when nothing else is said: half a minute of work, some 100 MB of Turtle."""
_PARTITIONS_PER_BUCKET: Final = 10
"""A bucket has about as many entities as this many partitions have figures."""

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class Tasks(Protocol):
    """Runs a function on many arguments, results in their order: here, or on a cluster."""

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with its result."""
        ...


def run(
    inputs: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: ExportOptions,
    on_progress: OnProgress,
    tasks_for: Callable[[bool], AbstractContextManager[Tasks]],
) -> ExportResult:
    """Export figures as a validated release at a URL.

    Args:
        inputs: Paths or URLs.
        out: Path or URL; it must not hold a release.
        options: See `export_on_dask`.
        on_progress: Called when a partition is done.
        tasks_for: Makes what runs tasks; told whether other processes can see all files.

    Raises:
        PfocrError: See `export_on_dask`.
    """
    options = replace(options, shard_size=options.shard_size or PARTITION)
    options.check()
    if isinstance(inputs, (str, os.PathLike)) or not inputs:
        raise UsageError("no input given (a page, a folder, a checkout, or the URL of one)")
    table = load_gene_table(options.hgnc)
    joins = open_join_files(options.pmc_ids, options.mesh, options.mappings)
    store = Store(os.fspath(out))
    shared = all(each.is_shared for each in (store, *(Store(os.fspath(i)) for i in inputs)))
    listed = list_inputs(inputs)
    try:
        with TemporaryDirectory(prefix="pfocr-rdf-") as name:
            place = StoreFolder(store, Path(name), options.style)
            place.claim()
            with tasks_for(shared) as tasks:
                cluster = ClusterEngine(listed, place, tasks, options)
                report, files = write_release(table, joins, options, cluster, place, on_progress)
    except OSError as error:
        message = f"{store.url}: {error} (there is no {MANIFEST}, so there is no release)"
        raise OutputError(message) from error
    return ExportResult(Path(store.url), report, files, left_out=table.left_out)


class ClusterEngine:
    """Does the work of one export as tasks that write into the store themselves.

    Args:
        listed: What to read.
        place: Where to write.
        tasks: Runs them.
        options: Of the run.
    """

    def __init__(
        self, listed: Listed, place: StoreFolder, tasks: Tasks, options: ExportOptions
    ) -> None:
        self._listed = listed
        self._place = place
        self._store = place.store
        self._tasks = tasks
        self._options = options
        self._partitions: list[PartitionResult] = []
        self._buckets: list[BucketResult] = []
        self._findings: list[bytes | list[str]] = []
        """Lines, and names of files of lines, in the order they belong in."""

    def corpus(self) -> Corpus:
        """Return what the inputs hold."""
        return self._listed.corpus

    def read_text(self, file: NamedFile, findings: list[Finding], reading: Reading) -> str | None:
        """Return the text of a file, wherever it lies; they are few, so it is done here."""
        with TemporaryDirectory(dir=self._place.folder) as folder:
            here = staged_file(file, self._listed.oversized, Path(folder))
            return read_text(here, findings, reading)

    def begin(
        self,
        settings: Settings,
        side_tables: str,  # noqa: ARG002 - of reuse
        figures: int,
        asked: tuple[str, ...],
    ) -> None:
        """Leave the settings where workers find them."""
        Pipeline(settings)  # shapes that cannot be used stop the run here, not in each task
        self._aligner = Aligner.of(settings)
        self._shared = share_settings(
            self._store, settings, self._options.compression, self._place.folder
        )
        self._parts = parts_for(figures)
        self._asked = asked
        side = settings.side_tables
        self._asked_for = {figid_hash(each) for each in (*side.ndex, *side.wikipathways)}

    def found(self, lines: bytes) -> None:
        """Add lines to findings.jsonl."""
        self._findings.append(lines)

    def figures(self, sources: Sequence[FigureSource], noted: Noted) -> FiguresWritten:
        """Run a task for each partition; those that repeat a figid of an earlier one, again."""
        size = self._options.shard_size
        buckets = -(-len(sources) // (size * _PARTITIONS_PER_BUCKET))

        def job(place: int, taken: frozenset[bytes] = frozenset()) -> PartitionJob:
            some = sources[place * size : (place + 1) * size]
            oversized = self._listed.oversized_of(some)
            return PartitionJob(
                self._shared, place + 1, some, buckets, self._parts, oversized, taken, self._asked
            )

        partitions = self._partitions
        so_far, done = Tally(), 0
        jobs = map(job, range(-(-len(sources) // size)))
        for finished, result in self._tasks.in_order(export_partition, jobs):
            partitions.append(result._replace(digests=()))
            so_far.add(result.tally)
            done += len(finished.sources)
            noted(done, result.digests, so_far)
        named = (figid_of(term) for _, _, term in so_far.counts.open)
        asked_for = self._asked_for | {figid_hash(figid) for figid in named if figid}
        merged = merge_figids([part.figids for part in partitions], asked_for)
        again = [job(place, taken) for place, taken in sorted(merged.repeated.items())]
        for finished, result in self._tasks.in_order(export_partition, again):
            partitions[finished.number - 1] = result._replace(digests=())
        tally = Tally()
        for part in partitions:
            tally.add(part.tally)
        self._findings.append([part.findings for part in partitions])
        return FiguresWritten(tally, _Present(merged.present))

    def replaced(self) -> None:
        """Say that nothing is replaced: a run does not begin where a release is."""

    def unchanged(self, report: Report, manifest: Manifest) -> None:
        """Say that there is no release yet, as a store cannot exchange one for another."""

    def subjects(self) -> Iterator[str]:
        """Yield the IRIs of entities that figures state."""
        for part in self._partitions:
            yield from part.subjects

    def entities(self, own: Sequence[Node], joined: Joined) -> EntitiesWritten:
        """Run a task for each bucket of entities."""
        partitions = self._partitions
        count = len(partitions[0].bounds) - 1 if partitions else 1
        nodes = [stored(node) for node in own]
        mine = cut(nodes, Counter(node.id for node in nodes), count)
        (self._place.folder / "entities").write_bytes(mine.content)
        name = f"{WORK}/entities-00000"
        self._store.put(self._place.folder / "entities", name)
        parts = [(name, mine.bounds), *((part.entities, part.bounds) for part in partitions)]
        of_bucket: list[list[str]] = [[] for _ in range(count)]
        for subject in joined.subjects():
            of_bucket[bucket_of(subject, count)].append(subject)
        jobs = (
            BucketJob(
                self._shared,
                bucket + 1,
                [(n, b[bucket], b[bucket + 1]) for n, b in parts],
                self._parts,
                joined.of(of_bucket[bucket]),
            )
            for bucket in range(count)
        )
        tally, buckets = Tally(), self._buckets
        for _, result in self._tasks.in_order(export_bucket, jobs):
            tally.add(result.entities.tally)
            buckets.append(result)
        self._findings.append([part.findings for part in buckets])
        files = [self._alignment(joined)]
        files += (file for part in partitions for file in part.files)
        files += (file for part in buckets for file in part.entities.files)
        genes_with_hgnc = sum(part.entities.genes_with_hgnc for part in buckets)
        aligned = sum((part.entities.aligned for part in buckets), Counter[int]())
        classes = dict(chain.from_iterable(part.entities.classes.items() for part in buckets))
        return EntitiesWritten(tally, genes_with_hgnc, aligned, classes, files)

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with its result, made here: what jobs hold is on this machine."""
        for job in jobs:
            yield job, function(job)

    def objects(self) -> DistinctCounts:
        """Run a task for some parts of what says which objects there are."""
        pieces = [
            *((part.objects, part.object_bounds) for part in self._partitions),
            *((part.objects, part.object_bounds) for part in self._buckets),
        ]

        def ranges(part: int) -> list[tuple[str, int, int]]:
            cut = ((name, bounds[part], bounds[part + 1]) for name, bounds in pieces)
            return [(name, start, end) for name, start, end in cut if start < end]

        jobs = (
            ObjectsJob(
                self._shared,
                [ranges(part) for part in range(first, min(first + COUNTED_AT_ONCE, self._parts))],
            )
            for first in range(0, self._parts, COUNTED_AT_ONCE)
        )
        return total(result for _, result in self._tasks.in_order(count_objects, jobs))

    def findings(self) -> WrittenFile:
        """Put findings.jsonl together."""
        return self._joined(FINDINGS_FILE, "application/x-ndjson", self._findings)

    def finish(self, report: Report, files: Sequence[WrittenFile]) -> None:  # noqa: ARG002 - likewise
        """Remove what tasks left for each other."""
        self._store.remove_folder(WORK)

    def _alignment(self, joined: Joined) -> WrittenFile:
        """Put alignment.ttl together in the order of IRIs, as on one machine."""
        aligner = self._aligner
        with (
            self._place.writing() as folder,
            TemporaryDirectory(dir=self._place.folder) as parts,
            DumpFile(folder, ALIGNMENT_FILE, aligner.media_type, None) as file,
        ):
            here = []
            for bucket in self._buckets:
                here.append(Path(parts) / Path(bucket.alignment).name)
                self._store.fetch(bucket.alignment, here[-1])
                file.triples += bucket.alignment_triples
            file.write(aligner.header())
            for piece in merge(*map(read_file, here), key=Reader(self._options.style).subject):
                file.write(piece.content + b"\n")
            why = aligner.justified(joined.mappings)
            file.write(why.content)
            file.triples += why.triples
            return file.close()

    def _joined(
        self, name: str, media_type: str, parts: Iterable[bytes | list[str]]
    ) -> WrittenFile:
        """Write a file of the release of bytes and of files that tasks have left."""
        with self._place.writing() as folder, DumpFile(folder, name, media_type, None) as file:
            for part in parts:
                for piece in [part] if isinstance(part, bytes) else self._store.read_all(part):
                    file.write(piece)
            return file.close()


class _Present(Container[str]):
    """The figids that a run was asked for and has, by their hashes."""

    def __init__(self, hashes: frozenset[bytes]) -> None:
        self._hashes = hashes

    def __contains__(self, figid: object) -> bool:
        return figid_hash(str(figid)) in self._hashes
