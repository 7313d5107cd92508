"""The last tasks of a cluster run: a bucket of the entities of all partitions in, one shard out.

A bucket is gathered in a small database on the worker's disk, as a run on one machine gathers
all entities, and is written by the same code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pfocr_rdf.exporting.cluster.partition import uncut
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.cluster.worker import WORK, Shared, pipeline_of, put_all
from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.engine import EntitiesWritten
from pfocr_rdf.exporting.entity_batches import (
    ENTITIES_AT_ONCE,
    EntityBatches,
    write_entities,
)
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.figures.join import NOTHING_JOINED, Joined
from pfocr_rdf.processes import batched
from pfocr_rdf.release import DumpFile
from pfocr_rdf.release.counts import DistinctCounts, Tally, counted, total, write_merged

Range = tuple[str, int, int]
"""A part of a file of the release: its name, start and end."""


class BucketJob(NamedTuple):
    """A bucket: its number, from 1, and where its parts are, as file, start and end.

    `objects` is into how many parts to cut what says which objects the entities have, `joined`
    what files of others say of them.
    """

    shared: Shared
    number: int
    parts: Sequence[Range]
    objects: int
    joined: Joined = NOTHING_JOINED


class ObjectsJob(NamedTuple):
    """Parts of what says which objects there are: for each, where its pieces are."""

    shared: Shared
    parts: Sequence[Sequence[Range]]


class BucketResult(NamedTuple):
    """What the driver needs to know of a finished bucket; all else is in files.

    `entities` has no files when none falls into the bucket; `object_bounds` are where the parts
    of `objects` begin and the last ends.
    """

    entities: EntitiesWritten
    alignment: str
    alignment_triples: int
    findings: str
    objects: str
    object_bounds: tuple[int, ...]


def export_bucket(job: BucketJob) -> BucketResult:
    """Export the entities of a bucket, each once.

    Raises:
        OSError: The working folder or the output cannot be reached.
        PfocrError: This worker cannot take part in the run.
    """
    pipeline = pipeline_of(job.shared)
    store = Store(job.shared.url)
    entities = EntityBatches(pipeline)
    written = EntitiesWritten(Tally(), 0, Counter(), {}, [])
    objects: list[bytes] = []
    left = (
        f"{WORK}/alignment-{job.number:05}.ttl",
        f"{WORK}/entity-findings-{job.number:05}.jsonl",
        f"{WORK}/entity-objects-{job.number:05}",
    )
    with TemporaryDirectory(prefix="pfocr-rdf-") as name, ExitStack() as stack:
        folder = Path(name)
        cache = PageCache.create(folder / "cache", b"")
        stack.callback(cache.close)
        stack.callback(entities.close)
        alignment, findings = (
            stack.enter_context(DumpFile(folder, name, "", None)) for name in ("alignment", "lines")
        )
        facts = cache.entities(_gather(store, job, cache))
        batches = batched(facts, ENTITIES_AT_ONCE)
        if first := next(batches, None):
            compression, stem = job.shared.compression, f"pfocr-entities-{job.number:05}"
            dumps = stack.enter_context(Dumps(folder, pipeline.formats, compression, stem=stem))
            results = (
                entities.run(some, cache.path, job.joined) for some in chain([first], batches)
            )
            written = write_entities(results, dumps, alignment, findings, objects.append)
        put_all(written.files, folder, store)
        store.put(folder / alignment.close().name, left[0])
        store.put(folder / findings.close().name, left[1])
        bounds = write_merged(objects, job.objects, folder / "objects")
        store.put(folder / "objects", left[2])
    return BucketResult(written, left[0], alignment.triples, *left[1:], bounds)


def count_objects(job: ObjectsJob) -> DistinctCounts:
    """Count the objects of some parts.

    Raises:
        OSError: The working folder cannot be reached.
    """
    store = Store(job.shared.url)
    # A part is a few megabytes, however many figures there are.
    return total(counted(store.read_ranges(part)) for part in job.parts)


def _gather(store: Store, job: BucketJob, cache: PageCache) -> Counter[int]:
    """Put all parts of a bucket into the cache, and return how often each node is stated."""
    stated: Counter[int] = Counter()
    for part in store.read_ranges([part for part in job.parts if part[1] < part[2]]):
        nodes = []
        for node, count in uncut(part):
            stated[node.id] += count
            nodes.append(node)
        cache.add((), nodes)
    cache.commit()
    return stated
