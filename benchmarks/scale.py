"""What a figure costs a cluster, measured here, and what ten million would: docs/scale.md.

    python benchmarks/scale.py

Tasks are measured one by one in this process, then a real run on two worker processes shows
what is lost on the way. What is not measured but assumed stands in `ASSUMED`.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import pickle
import shutil
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from distributed import Client, LocalCluster
from page import replace, table
from places import CACHE, ROOT, Places, machine, say

from pfocr_rdf.exporting import ExportOptions
from pfocr_rdf.exporting.cluster import driver, export_on_dask
from pfocr_rdf.exporting.cluster.duplicates import merge_figids
from pfocr_rdf.exporting.cluster.partition import FIGID_BYTES, PartitionJob, PartitionResult
from pfocr_rdf.figures.read import Corpus, Folder, pair_up

_SHARED = ROOT.parent / "shared"
_MILLIONS: Final = 10_000_000
_CORES: Final = (2, 32, 512)
_NAMES: Final = 200_000


class Assumed(NamedTuple):
    """What no measurement here can tell: an object store that is not there."""

    list_seconds: float = 0.1
    keys_per_list: int = 1000
    get_seconds: float = 0.03
    gets_at_once: int = 32
    copy_bytes_per_second: float = 100e6


ASSUMED: Final = Assumed()


class _Measured:
    """Runs tasks here, one after the other, and weighs them."""

    def __init__(self) -> None:
        self.seconds = {"export_partition": 0.0, "export_bucket": 0.0}
        self.sent = 0
        self.partitions: list[PartitionResult] = []
        self.files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def in_order(
        self, function: Callable[[Any], Any], jobs: Iterable[Any]
    ) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            start = time.process_time()
            result = function(job)
            self.seconds[function.__name__] += time.process_time() - start
            self.sent += len(pickle.dumps(job)) + len(pickle.dumps(result))
            if isinstance(job, PartitionJob):
                self.partitions.append(result)
                self.files += sum(1 + len(source.tables) for source in job.sources)
            yield job, result


class Costs(NamedTuple):
    """Per figure, if nothing else is said; seconds are of one core."""

    partition: float
    bucket: float
    driver: float
    files: float
    bytes_in: float
    figure_bytes: float
    entity_bytes: float
    between_bytes: float
    findings_bytes: float
    sent_bytes: float
    driver_memory: float


class RealRun(NamedTuple):
    """Two worker processes of this machine: wall time in seconds, highest RSS in MiB.

    `cpu` is the processor time of the busier worker: other programs on the machine make the
    wall time longer, but not this.
    """

    seconds: float
    cpu: float
    worker: float
    driver: float


def main() -> None:
    """Measure, and rewrite the tables of the page."""
    options = _options()
    places = Places(options.make_corpus.resolve(), options.hgnc.resolve())
    places.check()
    where = machine()
    corpus = places.corpus(options.figures)
    # First, so that the memory of the driver is not that of tasks in the same process.
    say(f"{options.figures:,} figures on two worker processes")
    real = run_two(corpus, places.hgnc, options.partition)
    say("the same tasks one by one")
    costs = measure_tasks(corpus, places.hgnc, options.figures, options.partition)
    measured = f"Measured: {where}; `python benchmarks/scale.py`"
    replace(options.out, "costs", costs_table(costs, options.figures, options.partition), measured)
    replace(options.out, "real", real_table(costs, real, options.figures), measured)
    assumed = (
        f"Computed from the costs above; assumed, not measured: a LIST of "
        f"{ASSUMED.keys_per_list:,} names takes {ASSUMED.list_seconds} s and one runs at a time, "
        f"a GET {ASSUMED.get_seconds} s, {ASSUMED.gets_at_once} at a time, the driver copies "
        f"{ASSUMED.copy_bytes_per_second / 1e6:.0f} MB/s, every core is as fast as these"
    )
    replace(
        options.out, "extrapolated", extrapolated_table(costs, real, options.partition), assumed
    )


def measure_tasks(corpus: Path, hgnc: Path, figures: int, partition: int) -> Costs:
    """Run all tasks in this process, on a plain local folder."""
    out = CACHE / "scale"
    shutil.rmtree(out, ignore_errors=True)
    tasks = _Measured()
    start = time.process_time()
    result = driver.run(
        [corpus],
        out,
        ExportOptions(hgnc=hgnc, shard_size=partition),
        lambda _: None,
        lambda _: tasks,
    )
    whole = time.process_time() - start
    sizes = {file.name: file.bytes for file in result.files}
    in_tasks = sum(tasks.seconds.values())
    read = sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file())
    merge, memory = _driver()
    entities = sum(size for name, size in sizes.items() if name.startswith("pfocr-entities"))
    dumps = sum(size for name, size in sizes.items() if name.startswith("pfocr-"))
    return Costs(
        tasks.seconds["export_partition"] / figures,
        tasks.seconds["export_bucket"] / figures,
        merge + (whole - in_tasks) / figures,
        tasks.files / figures,
        read / figures,
        (dumps - entities) / figures,
        entities / figures,
        sum(part.bounds[-1] for part in tasks.partitions) / figures,
        (sizes["findings.jsonl"] + sizes["alignment.ttl"]) / figures,
        tasks.sent / figures,
        memory,
    )


def _driver() -> tuple[float, float]:
    """Return what a figure costs the driver: seconds to compare figids, and bytes held."""
    runs = [
        b"".join(
            sorted(
                hashlib.blake2b(f"{run}-{n}".encode(), digest_size=FIGID_BYTES).digest()
                for n in range(_NAMES // 40)
            )
        )
        for run in range(40)
    ]
    start = time.process_time()
    merge_figids(runs, ())
    seconds = (time.process_time() - start) / _NAMES
    stems = [f"PMC{n:07}__12345_2020_123_Fig1_HTML" for n in range(_NAMES)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    corpus = Corpus()
    # Names as a listing gives them: new strings, not those of this list.
    pair_up(
        corpus,
        Folder("c", "s3://b/c/_figures", "c/_figures", "s3://b/c/_data", "c/_data"),
        (f"{stem}.md" for stem in stems),
        (f"{stem}-genes.tsv" for stem in stems),
    )
    held = (tracemalloc.get_traced_memory()[0] - before) / len(corpus.figures) + FIGID_BYTES
    tracemalloc.stop()
    return seconds, held


def run_two(corpus: Path, hgnc: Path, partition: int) -> RealRun:
    """Run on two worker processes of this machine."""
    out = CACHE / "scale-two"
    shutil.rmtree(out, ignore_errors=True)
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        start = time.perf_counter()
        export_on_dask(
            [corpus],
            out,
            ExportOptions(hgnc=hgnc, shard_size=partition),
            scheduler=cluster.scheduler_address,
        )
        seconds = time.perf_counter() - start
        peaks = client.run(_peak)
        cpu = client.run(time.process_time)
    return RealRun(seconds, max(cpu.values()), max(peaks.values()), _peak())


def _peak() -> float:
    # Not getrusage: its maximum is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def costs_table(costs: Costs, figures: int, partition: int) -> str:
    """Return what was measured, per figure."""
    return table(
        ("per figure", "measured"),
        [
            ("partition task (read, map, validate, write), ms", f"{costs.partition * 1e3:.2f}"),
            ("bucket task (its share of the entities), ms", f"{costs.bucket * 1e3:.2f}"),
            ("driver (listing, figids, findings), ms", f"{costs.driver * 1e3:.3f}"),
            ("files read", f"{costs.files:.2f}"),
            ("bytes in", f"{costs.bytes_in:,.0f}"),
            ("bytes out: figures, Turtle and JSON-LD", f"{costs.figure_bytes:,.0f}"),
            ("bytes out: entities", f"{costs.entity_bytes:,.0f}"),
            ("bytes from partitions to buckets", f"{costs.between_bytes:,.0f}"),
            ("bytes through the driver: findings, alignment", f"{costs.findings_bytes:,.0f}"),
            ("bytes over dask's own wires, jobs and results", f"{costs.sent_bytes:,.0f}"),
            ("memory of the driver, bytes", f"{costs.driver_memory:,.0f}"),
            ("measured with", f"{figures:,} figures, {partition:,} a partition"),
        ],
    )


def real_table(costs: Costs, real: RealRun, figures: int) -> str:
    """Return how the real run compares with the sum of its tasks."""
    ideal = (costs.partition + costs.bucket) * figures / 2 + costs.driver * figures
    return table(
        ("two workers", "value"),
        [
            ("wall time, s", f"{real.seconds:.1f}"),
            ("processor time of the busier worker, start included, s", f"{real.cpu:.1f}"),
            ("sum of the tasks over two cores, and the driver, s", f"{ideal:.1f}"),
            ("highest memory of a worker (RSS), MiB", f"{real.worker:.0f}"),
            ("highest memory of the driver (RSS), MiB", f"{real.driver:.0f}"),
        ],
    )


def extrapolated_table(costs: Costs, real: RealRun, partition: int) -> str:
    """Return what ten million figures would cost."""
    n = _MILLIONS
    shards = math.ceil(n / partition)
    buckets = math.ceil(shards / 10)
    wait = costs.files * ASSUMED.get_seconds / ASSUMED.gets_at_once
    listing = costs.files * n / ASSUMED.keys_per_list * ASSUMED.list_seconds
    alone = costs.driver * n + costs.findings_bytes * n / ASSUMED.copy_bytes_per_second
    rows: list[tuple[str, ...]] = []
    for cores in _CORES:
        figures = math.ceil(shards / cores) * partition * (costs.partition + wait)
        ranges = shards * ASSUMED.get_seconds / ASSUMED.gets_at_once
        reduced = math.ceil(buckets / cores) * (n / buckets * costs.bucket + ranges)
        whole = listing + figures + reduced + alone
        rows.append(
            (
                str(cores),
                *(_time(seconds) for seconds in (listing, figures, reduced, alone, whole)),
                f"{n / whole:,.0f}",
                f"{costs.files * n / figures:,.0f}",
                f"{real.worker * cores / 1024:,.1f}",
            )
        )
    head = ("cores", "listing", "partitions", "buckets", "driver", "all", "figures/s", "GETs/s needed",
            "memory of all workers, GiB")  # fmt: skip
    dumps = (costs.figure_bytes + costs.entity_bytes) * n
    facts = [
        ("figure shards a format", f"{shards:,}"),
        ("entity shards a format", f"{buckets:,}"),
        ("bytes in, GB", f"{costs.bytes_in * n / 1e9:,.0f}"),
        ("bytes out, GB", f"{dumps / 1e9:,.0f}"),
        ("bytes from partitions to buckets, GB", f"{costs.between_bytes * n / 1e9:,.0f}"),
        (
            "findings and alignment, through the driver, GB",
            f"{costs.findings_bytes * n / 1e9:,.1f}",
        ),
        ("LIST requests", f"{costs.files * n / ASSUMED.keys_per_list:,.0f}"),
        ("GET requests for pages and tables", f"{costs.files * n:,.0f}"),
        ("GET requests for buckets", f"{shards * buckets:,}"),
        ("PUT requests", f"{shards * 4 + buckets * 4:,}"),
        ("memory of the driver, names and figids, GiB", f"{costs.driver_memory * n / 2**30:.1f}"),
        ("memory of a worker (RSS), MiB", f"{real.worker:.0f}"),
    ]
    return table(head, rows) + "\n\n" + table(("ten million figures", "value"), facts)


def _time(seconds: float) -> str:
    minutes = seconds / 60
    return f"{minutes:.1f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--figures", type=int, default=10_000)
    parser.add_argument("--partition", type=int, default=driver.PARTITION)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "scale.md")
    parser.add_argument(
        "--make-corpus", type=Path, default=_SHARED / "tools" / "make_corpus.py",
        help="the script that makes corpora: --figures N --out FOLDER",
    )  # fmt: skip
    parser.add_argument(
        "--hgnc", type=Path, default=_SHARED / "data" / "hgnc_complete_set_2024-11.txt.gz",
        help="a full HGNC table",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
