"""An export on this machine: its engine, which uses earlier runs again, and its folder.

Figures and entities go over the cores in batches; this process alone writes. What it writes is
noted in the page cache, so that a run that is killed can be gone on with.
"""

from __future__ import annotations

import errno
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self, TypeVar

import orjson

from pfocr_rdf.errors import IntegrityError
from pfocr_rdf.exporting.alignment import Aligner
from pfocr_rdf.exporting.changes import ChangeLog, Changes
from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.engine import EntitiesWritten, FiguresWritten, Manifest, Noted
from pfocr_rdf.exporting.entities import ids_of, stored
from pfocr_rdf.exporting.entity_batches import ENTITIES_AT_ONCE, write_entities
from pfocr_rdf.exporting.figure_batches import BatchResult
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.page_cache import CachedPage, PageCache
from pfocr_rdf.exporting.previous_runs import EarlierPage, EarlierRuns, before
from pfocr_rdf.exporting.workers import EntityJob, FigureJob, Workers, batches
from pfocr_rdf.figures import Settings
from pfocr_rdf.figures.join import Joined
from pfocr_rdf.figures.read import Corpus, FigureSource, NamedFile, Reading, discover, read_text
from pfocr_rdf.files import database_as_file
from pfocr_rdf.findings import Finding
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.rdf import Node
from pfocr_rdf.release import (
    ALIGNMENT_FILE,
    FINDINGS_FILE,
    MANIFEST,
    PAGE_CACHE,
    DumpFile,
    Piece,
    Report,
    Stage,
    WrittenFile,
    count_figures,
    dump_files,
    entry_of,
    files_of,
    is_intact,
    read_file,
    times_of,
)
from pfocr_rdf.release.counts import DistinctCounts, ObjectCounter, Tally

_LEAST_ROOM: Final = 1 << 16
"""With fewer bytes left on the disk, any trouble of the page cache is that there is no room."""

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class LocalFolder:
    """A folder that nobody else knows, and that appears whole as the release when all is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Give the folder itself."""
        yield self.folder

    def pieces(self, files: Sequence[WrittenFile]) -> Iterator[Piece]:
        """Yield the pieces of the finished dumps, in their order."""
        for file in dump_files(files):
            yield from read_file(self.folder / file.name)

    def alignment(self) -> Iterator[Piece]:
        """Yield the pieces of the finished alignment."""
        return read_file(self.folder / ALIGNMENT_FILE)

    def check(self, files: Sequence[WrittenFile]) -> None:
        """Believe what this process has written."""


class LocalEngine:
    """Does the work of one export into a staging folder; a context manager.

    Args:
        inputs: What to read.
        stage: Where to write.
        release: The folder that is to be replaced, if it is there.
        options: Of the run.
    """

    def __init__(
        self, inputs: Sequence[Path], stage: Stage, release: Path, options: ExportOptions
    ) -> None:
        self._inputs = inputs
        self._stage = stage
        self._folder = stage.folder
        self._release = release
        self._options = options
        self._tally = Tally()
        self._figids: set[str] = set()
        self._stated: Counter[int] = Counter()
        self._changes = ChangeLog()
        self._all_reused = True
        self._other_findings = hashlib.sha256()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(database_as_file(self._folder, PAGE_CACHE))
            self._findings = DumpFile(self._folder, FINDINGS_FILE, "application/x-ndjson", None)
            stack.callback(self._findings.abandon)
            inputs = TemporaryDirectory(dir=self._folder, prefix=".input-")
            self._workspace = Path(stack.enter_context(inputs))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def changes(self) -> Changes | None:
        """How the pages differ from those of the release that is replaced; None without one."""
        return self._changes.changes()

    @property
    def damaged(self) -> int:
        """How many entries of the page caches of earlier runs were found damaged."""
        return self._earlier.damaged

    def corpus(self) -> Corpus:
        """Return what the inputs hold; archives are unpacked for as long as the run takes."""
        return discover(self._inputs, self._workspace)

    def read_text(self, file: NamedFile, findings: list[Finding], reading: Reading) -> str | None:
        """Return the text of a file."""
        return read_text(file, findings, reading)

    def begin(
        self, settings: Settings, side_tables: str, figures: int, asked: tuple[str, ...]
    ) -> None:
        """Start the workers, choose what of earlier runs to use, and open the dumps."""
        self._asked = asked
        options, stage, enter = self._options, self._stage, self._stack.enter_context
        key = options.figure_key(settings.table.release, side_tables)
        self._workers = enter(Workers(settings, options.jobs or default_jobs(), figures))
        self._earlier = enter(
            EarlierRuns(self._release, stage.abandoned, key if options.reuse else b"")
        )
        stage.keep_only(self._earlier.kept)
        stage.resumable = self._earlier.continues
        self._cache = PageCache.create(self._folder / PAGE_CACHE, key)
        self._stack.callback(self._cache.close)
        self._objects = enter(ObjectCounter(self._workers.begin, self._workspace, figures))
        self._dumps = enter(
            Dumps(
                self._folder,
                self._workers.here.formats,
                options.compression,
                options.shard_size,
                self._cache.add_file,
            )
        )

    def found(self, lines: bytes) -> None:
        """Add lines to findings.jsonl."""
        self._other_findings.update(lines)
        self._findings.write(lines)

    def figures(self, sources: Sequence[FigureSource], noted: Noted) -> FiguresWritten:
        """Write all figures: those that are as they were from an earlier run's dumps."""
        # A batch is looked up when it is sent to a worker, and needed again when it is back.
        found: dict[str, EarlierPage] = {}
        earlier = self._earlier

        def jobs() -> Iterator[FigureJob]:
            for batch in batches(sources, self._options.shard_size):
                now = earlier.find([source.name for source in batch])
                found.update(now)
                yield FigureJob(batch, [before(now.get(source.name)) for source in batch])

        done = 0
        earlier.give_nodes(self._cache)
        for job, result in self._workers.figures(jobs()):
            if self._figids.intersection(_figids(job, result, found)):
                # An earlier batch has one of them, which the worker could not know. It will
                # not send again the nodes that it has sent with this result.
                self._cache.add((), result.nodes)
                result = self._workers.figures_here(job, self._figids)
            self._write_batch(job, result, found)
            self._all_reused = self._all_reused and not any(result.figures)
            self._changes.note(job.sources, result.digests, found, earlier)
            for source in job.sources:
                found.pop(source.name, None)
            done += len(job.sources)
            noted(done, result.digests, self._tally)
        self._changes.note_removed(sources, earlier)
        return FiguresWritten(self._tally, self._figids)

    def _write_batch(
        self, job: FigureJob, result: BatchResult, found: dict[str, EarlierPage]
    ) -> None:
        """Write one batch and note it in the page cache."""
        rows = []
        self._tally.add(result.tally)
        for source, figure, digest in zip(job.sources, result.figures, result.digests, strict=True):
            self._dumps.begin_page()
            if figure is None:
                row, old, _ = found[source.name]
                triples = self._tally.add_record(row.tally)
                if row.figid:
                    places = self._dumps.same_figure(old, row.places, triples)
                    row = row._replace(places=places)
            else:
                places = self._dumps.figure(figure.pieces, figure.triples) if figure.figid else b""
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
                self._figids.add(row.figid)
            self._findings.write(row.findings)
            self._stated.update(ids_of(row.entities))
            self._objects.add(row.objects)
        self._cache.add(rows, result.nodes)
        if any(figure is not None for figure in result.figures):
            # What the page cache says is written must be, should this process be killed.
            self._dumps.flush()
            # Said before: an interrupt may come right after.
            self._stage.resumable = self._stage.resumable or bool(self._cache.files())
            self._cache.commit()

    def replaced(self) -> int | None:
        """Return how many figures the release has that is to be replaced; None without one."""
        return count_figures(self._release)

    def unchanged(self, report: Report, manifest: Manifest) -> tuple[WrittenFile, ...] | None:
        """Return the files of the release that is there, if this run would write the very same.

        The staging folder is then not published.
        """
        cache, changes = self._earlier.release, self.changes
        if cache is None or not self._all_reused:
            return None
        tally, times = cache.meta("tally"), cache.meta("times")
        if (
            changes is None
            or any(changes)
            or not tally
            or cache.key() != self._cache.key()
            or cache.meta("other findings") != self._other_findings.digest()
            or self._earlier.damaged  # a whole page cache takes the place of this one
        ):
            return None
        old = (self._release / MANIFEST).read_bytes()
        try:
            files, written = files_of(old), orjson.loads(times)
        except ValueError:  # the release is not as a run has left it
            return None
        if manifest(files) != old or not all(
            is_intact(self._release, file, written.get(file.name)) for file in files
        ):
            return None
        report.restore_tally(tally)
        self._stage.superfluous = True
        return (*files, entry_of(MANIFEST, old, "application/json"))

    def subjects(self) -> Iterator[str]:
        """Yield the IRIs of entities that figures state."""
        return self._cache.subjects(self._stated, self._asked)

    def entities(self, own: Sequence[Node], joined: Joined) -> EntitiesWritten:
        """Write each entity once, and what it is elsewhere; finish the dumps."""
        cache, dumps = self._cache, self._dumps
        kept = [stored(node) for node in own]
        self._stated.update(node.id for node in kept)
        cache.add((), kept)
        dumps.flush()  # copies what is committed next, should there be any
        cache.drop_unstated(self._stated)
        cache.commit()  # workers ask it for the neighbours of entities
        facts = cache.entities(self._stated)
        expected, seen = sum(1 for times in self._stated.values() if times > 0), 0

        def jobs() -> Iterator[EntityJob]:
            nonlocal seen
            room = shard = dumps.entity_shard or sys.maxsize
            while some := list(islice(facts, min(room, ENTITIES_AT_ONCE))):
                seen += sum(len(entity.variants) for entity in some)
                yield EntityJob(some, cache.path, joined.of([each.subject for each in some]))
                room = room - len(some) or shard

        aligner = Aligner.of(self._workers.here.settings)
        with DumpFile(self._folder, ALIGNMENT_FILE, aligner.media_type, None) as alignment:
            alignment.write(aligner.header())
            results = (result for _, result in self._workers.entities(jobs()))
            written = write_entities(results, dumps, alignment, self._findings, self._objects.add)
            why = aligner.justified(joined.mappings)
            alignment.write(why.content)
            alignment.triples += why.triples
            files = [alignment.close(), *written.files]
        if seen != expected:
            raise IntegrityError(f"figures state {expected} nodes of entities, {seen} are stored")
        return written._replace(files=files)

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with what a function of a module makes of it, in order."""
        return self._workers.in_order(function, jobs)

    def objects(self) -> DistinctCounts:
        """Return the counts of the distinct objects of all figures and entities."""
        return self._objects.counts()

    def findings(self) -> WrittenFile:
        """Finish findings.jsonl."""
        return self._findings.close()

    def finish(self, report: Report, files: Sequence[WrittenFile]) -> None:
        """Leave the page cache, as one plain file, with what `unchanged` asks it for."""
        self._workers.close()  # they hold the page cache open
        self._cache.set_meta("tally", report.record_tally())
        self._cache.set_meta("other findings", self._other_findings.digest())
        self._cache.set_meta("times", orjson.dumps(times_of(self._folder, files)))
        self._cache.seal()
        listed = {*(file.name for file in files), PAGE_CACHE}
        for path in self._folder.iterdir():
            # SQLite says nothing when its journal cannot be removed; published, it would be a file
            # of somebody else, over which no later run may write.
            if path.is_file() and not path.name.startswith(".") and path.name not in listed:
                raise OSError(errno.EIO, f"{path.name}: cannot be removed")


def _figids(job: FigureJob, result: BatchResult, found: dict[str, EarlierPage]) -> Iterator[str]:
    for source, figure in zip(job.sources, result.figures, strict=True):
        figid = found[source.name].row.figid if figure is None else figure.figid
        if figid:
            yield figid
