"""One task of a cluster run: the pages of a partition in, the dumps of one shard out.

Besides the dumps a task leaves two files for later tasks in the working folder: its findings,
and the entities its figures state, cut into buckets by a hash of their IRIs. Run twice it
writes the same bytes. It is a plain function of a picklable argument, for whoever runs it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import zstandard

from pfocr_rdf.exporting.cluster.staging import staged_figures
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.cluster.worker import WORK, Shared, pipeline_of, put_all
from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.entities import StoredNode, ids_of, said_by
from pfocr_rdf.exporting.figure_batches import FigureBatches
from pfocr_rdf.figures.read import FigureSource, InputDigest
from pfocr_rdf.rdf import IRI
from pfocr_rdf.release import WrittenFile
from pfocr_rdf.release.counts import Tally, write_merged

FIGID_BYTES: Final = 16
"""A figid's hash: among ten million, two are equal by chance once in 10^24 runs."""
_BATCH: Final = 64


class PartitionJob(NamedTuple):
    """A partition of the pages.

    `number` counts from 1, `buckets` is how many the entities are cut into, `parts` how many
    what says which objects the figures have (see `spill`). `oversized` has
    the sizes, by URL, of files that must not be fetched. `taken` are hashes of the figids
    that pages of earlier partitions have, as far as pages of this one repeat them. `asked` is how
    the IRIs begin of entities that the result is to name.
    """

    shared: Shared
    number: int
    sources: Sequence[FigureSource]
    buckets: int
    parts: int
    oversized: Mapping[str, int]
    taken: frozenset[bytes] = frozenset()
    asked: tuple[str, ...] = ()


class PartitionResult(NamedTuple):
    """What the driver needs to know of a finished partition; all else is in files.

    `digests` has one entry per INPUT, its hash the hashes of all its files one after the
    other. `figids` are sorted hashes; `bounds` are where the buckets begin and the last ends,
    `object_bounds` likewise those of the objects. `subjects` are the IRIs that were asked for.
    """

    files: tuple[WrittenFile, ...]
    tally: Tally
    digests: tuple[InputDigest, ...]
    figids: bytes
    bounds: tuple[int, ...]
    entities: str
    findings: str
    objects: str
    object_bounds: tuple[int, ...]
    subjects: tuple[str, ...]


class Buckets(NamedTuple):
    """Entities as they lie in a file: compressed buckets, and their bounds."""

    content: bytes
    bounds: tuple[int, ...]


def export_partition(job: PartitionJob) -> PartitionResult:
    """Export the pages of a partition.

    Raises:
        OSError: The input or the output cannot be reached.
        PfocrError: This worker cannot take part in the run.
    """
    pipeline = pipeline_of(job.shared)
    store = Store(job.shared.url)
    batches = FigureBatches(pipeline)
    taken = _Figids(job.taken)
    tally = Tally()
    digests: list[InputDigest] = []
    nodes: dict[int, StoredNode] = {}
    stated: Counter[int] = Counter()
    objects: list[bytes] = []
    with TemporaryDirectory(prefix="pfocr-rdf-") as name:
        folder = Path(name)
        findings = folder / "findings"
        stem, compression = f"pfocr-{job.number:05}", job.shared.compression
        with (
            Dumps(folder, pipeline.formats, compression, stem=stem) as dumps,
            findings.open("wb") as lines,
        ):
            for start in range(0, len(job.sources), _BATCH):
                some = job.sources[start : start + _BATCH]
                with TemporaryDirectory(dir=folder) as copies:
                    here = staged_figures(some, job.oversized, Path(copies))
                    result = batches.run(here, (), taken)
                digests += result.digests
                tally.add(result.tally)
                nodes.update((node.id, node) for node in result.nodes)
                for figure in result.figures:
                    assert figure is not None, "nothing is reused"
                    lines.write(figure.findings)
                    if figure.figid:
                        dumps.figure(figure.pieces, figure.triples)
                        taken.add(figure.figid)
                        stated.update(ids_of(figure.entities))
                        objects.append(figure.objects)
            files = put_all(dumps.close(), folder, store)
        buckets = cut(nodes.values(), stated, job.buckets)
        left = (
            f"{WORK}/entities-{job.number:05}",
            f"{WORK}/findings-{job.number:05}.jsonl",
            f"{WORK}/objects-{job.number:05}",
        )
        (folder / "entities").write_bytes(buckets.content)
        store.put(folder / "entities", left[0])
        store.put(findings, left[1])
        object_bounds = write_merged(objects, job.parts, folder / "objects")
        store.put(folder / "objects", left[2])
    return PartitionResult(
        files,
        tally,
        tuple(_summed(digests)),
        taken.packed(),
        buckets.bounds,
        *left,
        object_bounds,
        tuple(
            sorted({node.subject for node in nodes.values() if node.subject.startswith(job.asked)})
        ),
    )


def figid_hash(figid: str) -> bytes:
    """Return what stands for a figid between partitions."""
    return hashlib.blake2b(figid.encode(), digest_size=FIGID_BYTES).digest()


def cut(nodes: Iterable[StoredNode], stated: Mapping[int, int], buckets: int) -> Buckets:
    """Cut entities into buckets by their IRIs.

    A bucket also holds the neighbours of its entities, as stated by nobody: whoever validates
    an entity wants to know the classes of its neighbours, which may be in other buckets.

    Args:
        nodes: What was said of entities.
        stated: How often, by the nodes' ids.
        buckets: How many.
    """
    by_subject: dict[str, StoredNode] = {}
    rows: list[dict[int, tuple[int, StoredNode]]] = [{} for _ in range(buckets)]
    kept = list(nodes)
    for node in kept:
        by_subject.setdefault(node.subject, node)
    for node in kept:
        bucket = rows[bucket_of(node.subject, buckets)]
        bucket[node.id] = stated[node.id], node
        for _, objects in said_by(IRI(node.subject), node.said).properties:
            for term in objects:
                if isinstance(term, str) and (other := by_subject.get(term)) is not None:
                    bucket.setdefault(other.id, (0, other))
    compressor = zstandard.ZstdCompressor(level=3)
    content = bytearray()
    bounds = [0]
    for bucket in rows:
        lines = sorted(
            b"%b\t%d\t%d\t%b\n" % (node.subject.encode(), node.id, count, node.said)
            for count, node in bucket.values()
        )
        content += compressor.compress(b"".join(lines)) if lines else b""
        bounds.append(len(content))
    return Buckets(bytes(content), tuple(bounds))


def uncut(bucket: bytes) -> Iterator[tuple[StoredNode, int]]:
    """Yield the entities of one bucket of `cut`, each with how often it is stated."""
    if bucket:
        for line in zstandard.ZstdDecompressor().decompress(bucket).splitlines():
            subject, id_, count, said = line.split(b"\t", 3)
            yield StoredNode(int(id_), subject.decode(), said), int(count)


def bucket_of(subject: str, buckets: int) -> int:
    """Return the bucket that an entity falls into."""
    digest = hashlib.blake2b(subject.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % buckets


class _Figids(Collection[str]):
    """The figids of a partition and those taken before it, by their hashes."""

    def __init__(self, taken: frozenset[bytes]) -> None:
        self._taken = taken
        self._mine: set[bytes] = set()

    def add(self, figid: str) -> None:
        self._mine.add(figid_hash(figid))

    def packed(self) -> bytes:
        return b"".join(sorted(self._mine))

    def __contains__(self, figid: object) -> bool:
        hashed = figid_hash(str(figid))
        return hashed in self._mine or hashed in self._taken

    def __iter__(self) -> Iterator[str]:
        raise TypeError("hashes do not tell the figids they are of")

    def __len__(self) -> int:
        return len(self._mine) + len(self._taken)


def _summed(digests: Iterable[InputDigest]) -> Iterator[InputDigest]:
    """Yield one digest an INPUT: `InputHashes` hashes the same bytes in the same order."""
    sizes: Counter[str] = Counter()
    hashes: dict[str, list[str]] = {}
    for label, size, sha256 in digests:
        sizes[label] += size
        hashes.setdefault(label, []).append(sha256)
    for label, parts in hashes.items():
        yield InputDigest(label, sizes[label], "".join(parts))
