"""The export on a dask cluster of real processes: the release of one machine, whatever dies."""

from __future__ import annotations

import logging
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import fsspec  # type: ignore[import-untyped]
import pytest
from distributed import Client, LocalCluster

from pfocr_rdf.errors import IntegrityError, OutputError, UsageError
from pfocr_rdf.exporting.cluster import driver, export_on_dask
from pfocr_rdf.exporting.cluster.dask import DaskTasks
from pfocr_rdf.exporting.cluster.duplicates import merge_figids
from pfocr_rdf.exporting.cluster.listing import list_inputs
from pfocr_rdf.exporting.cluster.partition import (
    PartitionJob,
    cut,
    export_partition,
    figid_hash,
    uncut,
)
from pfocr_rdf.exporting.cluster.reduce import BucketResult
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.cluster.worker import Shared, program_hash, share_settings
from pfocr_rdf.exporting.entities import stored
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import ExportResult
from pfocr_rdf.figures.decode.page import SideTables
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.figures.map.entities import CATALOG
from pfocr_rdf.figures.pipeline import Settings
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.release import Progress
from pfocr_rdf.release.files import Compression
from tests.support.corpora import make_corpus
from tests.support.described import said
from tests.support.pages import (
    TNFSF11,
    assert_complete,
    checkout,
    command,
    files,
    findings,
    manifest,
    many,
    page,
    quads,
    report,
    run,
    triples,
    unmeasured,
    write,
)
from tests.support.samples import Sample
from tests.support.tasks import InTurn

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class _Inline(InTurn):
    """Runs tasks here and now, twice each, pickled on the way in and out as on a cluster."""

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        for job in jobs:
            sent = pickle.dumps(job)
            first, second = (
                pickle.loads(pickle.dumps(function(pickle.loads(sent)))) for _ in range(2)
            )
            assert _plain(first) == _plain(second)
            yield job, second


def _plain(result: Any) -> tuple[object, ...]:
    if isinstance(result, BucketResult):
        return *_plain(result.entities), *result[1:]
    if not hasattr(result, "tally"):
        return tuple(result)
    tally = result.tally
    books = tally.ledger.came_in, tally.ledger.outcomes
    return *result._replace(tally=None), tally.counts, tally.findings, *books


def inline(source: str | Path, out: str | Path, **options: Any) -> ExportResult:
    return driver.run([source], out, ExportOptions(**options), lambda _: None, lambda _: _Inline())


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 figures with all that belongs to no figure, and figids that stand in two partitions."""
    root = many(tmp_path_factory.mktemp("odd") / "c", 300)
    (root / "_data" / "ndex_map.tsv").unlink(missing_ok=True)
    return write(
        root,
        {
            "_figures/PMC50__again.md": page("PMC0__f0001", (TNFSF11,), year="1999"),
            "_figures/PMC98__again.md": page("PMC0__f0001", (TNFSF11,)),
            "_figures/PMC99__again.md": page("PMC99__f0299", (TNFSF11,)),
            "_figures/PMC99__bad.md": b"\xff no page",
            "_figures/PMC99__clash.md": page("PMC99__clash", pmcid="PMC7", year="1666"),
            "_data/PMC1__gone-genes.tsv": "no header\n",
            "_data/ndex_map.tsv": "PMC0__f0001\t0fbb2d0c-7b11-11ed-8bf8-005056ae23aa\n"
            "PMC404__x\t0fbb2d0c-7b11-11ed-8bf8-005056ae23ab\n",
            "_data/wpid_map.tsv": "PMC405__y\tWP5283\n",
            "_organisms/mus_cookii.md": "---\nlatin: Mus cookii\nncbi: 10098\ngroup: Rodents\n---\n",
        },
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, best_sample: Sample) -> Path:
    """600 figures as the real database has them."""
    root = tmp_path_factory.mktemp("corpus") / "c"
    make_corpus(best_sample, root, 600)
    return root


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two worker processes on loopback."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as made:
        yield made


def assert_same(here: Path, there: Path) -> None:
    """Hold a release of a cluster to that of one machine, made with the same shards.

    Figures, the alignment and all that is said about the run are the same bytes. Entities are in another
    order, and so are findings about them; each is there once.
    """
    assert_complete(there)
    one, other = files(here), files(there)
    cut_apart = ("pfocr-entities-", "manifest", "findings", "ledger", "void")
    for name in one:
        if not name.startswith(cut_apart):
            assert other[name] == one[name], name
    assert sorted(one["findings.jsonl"].splitlines()) == sorted(
        other["findings.jsonl"].splitlines()
    )
    assert said(here) == said(there)
    # Only the files of entities, and the hashes of files whose order is another, are others.
    differ = {
        triple
        for triple in triples(here / "void.ttl") ^ triples(there / "void.ttl")
        if "/pfocr-entities-" not in str(triple)
    }
    assert {triple.predicate.value for triple in differ} <= {
        "http://spdx.org/rdf/terms#checksumValue",
        "http://www.w3.org/ns/dcat#byteSize",
    }
    stated = [quad for path in there.glob("pfocr-*.ttl*") for quad in quads(path)]
    assert len(stated) == len(set(stated)) == report(there)["triples"], "each is stated once"
    assert {quad.triple for quad in stated} == triples(*here.glob("pfocr-*.ttl*"))
    ours, theirs = manifest(here), manifest(there)
    for part in ("release", "versions", "inputs"):
        assert theirs[part] == ours[part]
    assert theirs["options"] == ours["options"]
    listed = sum(file["triples"] for file in theirs["outputs"] if ".ttl" in file["name"])
    extra = sum(
        file["triples"]
        for file in theirs["outputs"]
        if file["name"] in {"void.ttl", "alignment.ttl"}
    )
    assert listed - extra == report(there)["triples"]


@pytest.mark.parametrize("compression", [None, Compression.ZSTD])
@pytest.mark.parametrize("size", [7, 1000])
def test_tasks_write_the_release_of_one_machine_however_often_they_run(
    tmp_path: Path, odd: Path, size: int, compression: Compression | None
) -> None:
    options = {"shard_size": size, "compression": compression, "release": "r1"}
    run(odd, out=tmp_path / "here", **options)
    inline(odd, tmp_path / "there", **options)
    assert_same(tmp_path / "here", tmp_path / "there")
    found = [finding["code"] for finding in findings(tmp_path / "there")]
    assert found.count("duplicate-figure") == 3
    assert found.count("orphan-map-row") == 2
    assert found.count("orphan-table") == 1
    assert found.count("unreadable-file") == 1


@pytest.mark.parametrize("options", [{"limit": 20}, {"validate": False}, {"captions": False}])
def test_options_mean_the_same(tmp_path: Path, odd: Path, options: dict[str, Any]) -> None:
    run(odd, out=tmp_path / "here", shard_size=9, **options)
    inline(odd, tmp_path / "there", shard_size=9, **options)
    assert_same(tmp_path / "here", tmp_path / "there")


@pytest.fixture
def memory() -> Iterator[Any]:
    """The store that is in the memory of this process: no file of it can be opened as a path."""
    store = fsspec.filesystem("memory")
    yield store
    for path in store.ls("/", detail=False):
        store.rm(path, recursive=True)


@pytest.mark.parametrize("layout", ["checkout", "folder"])
def test_from_a_store_to_a_store(tmp_path: Path, odd: Path, memory: Any, layout: str) -> None:
    source = odd
    if layout == "folder":
        source = write(tmp_path / "c", {p.name: p.read_bytes() for p in odd.glob("_figures/*")})
        write(source, {p.name: p.read_bytes() for p in odd.glob("_data/*-genes.tsv")})
    memory.put(str(source), "/in/c", recursive=True)
    run(source, out=tmp_path / "here", shard_size=40)
    result = export_on_dask(["memory://in/c"], "memory://out/r", ExportOptions(shard_size=40))
    assert not memory.exists("/out/r/.work")
    memory.get("/out/r", str(tmp_path / "there"), recursive=True)
    assert_same(tmp_path / "here", tmp_path / "there")
    assert {file.name for file in result.files} == set(files(tmp_path / "there"))


def test_a_page_too_large_for_one_is_not_fetched(
    tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checkout(tmp_path / "c")
    (root / "_figures" / "PMC3__huge.md").write_text(page("PMC3__huge", caption="x" * 40_000))
    for module in ("figures.read.sources", "exporting.cluster.listing"):
        monkeypatch.setattr(f"pfocr_rdf.{module}.MAX_MEMBER_BYTES", 30_000)
    memory.put(str(root), "/in/c", recursive=True)
    run(root, out=tmp_path / "here", shard_size=2)
    inline("memory://in/c", tmp_path / "there", shard_size=2)
    assert_same(tmp_path / "here", tmp_path / "there")
    assert any("more than 30000" in found["detail"] for found in findings(tmp_path / "there"))


def test_a_page_that_goes_while_the_run_is_on_is_reported(tmp_path: Path, memory: Any) -> None:
    memory.put(str(checkout(tmp_path / "c")), "/in/c", recursive=True)
    listed = list_inputs(["memory://in/c"])
    memory.rm("/in/c/_figures/PMC1__b.md")
    settings = Settings(
        embedded_gene_table(), SideTables(TaxonTable(()), {}, {}), formats=(FormatName.TURTLE,)
    )
    release = share_settings(Store("memory://out"), settings, None, tmp_path)
    result = export_partition(PartitionJob(release, 1, listed.corpus.figures, 1, 16, {}))
    assert result.tally.counts.figures == 2
    assert result.tally.findings["unreadable-file"] == 1


@pytest.mark.whole
def test_two_workers_write_the_release_of_one_machine(
    tmp_path: Path, corpus: Path, cluster: LocalCluster
) -> None:
    run(corpus, out=tmp_path / "here", shard_size=25)
    steps: list[Progress] = []
    export_on_dask(
        [corpus.as_uri()],
        (tmp_path / "there").as_uri(),
        ExportOptions(shard_size=25),
        steps.append,
        scheduler=cluster.scheduler_address,
    )
    assert_same(tmp_path / "here", tmp_path / "there")
    assert [step.done for step in steps] == list(range(25, 601, 25))
    shards = {path.name for path in (tmp_path / "there").glob("pfocr-*.ttl")}
    assert {f"pfocr-{n:05}.ttl" for n in range(1, 25)} < shards
    assert {f"pfocr-entities-{n:05}.ttl" for n in (1, 2, 3)} < shards


@pytest.mark.whole
def test_a_worker_killed_midway_changes_nothing(
    tmp_path: Path, odd: Path, cluster: LocalCluster
) -> None:
    options = ExportOptions(shard_size=5)
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        before = set(client.run(os.getpid).values())
        killed: list[int] = []

        def kill(progress: Progress) -> None:
            assert progress.done < progress.total or killed, "it was killed midway"
            if not killed and progress.done >= progress.total // 3:
                killed.append(min(before))
                os.kill(killed[0], signal.SIGKILL)

        address = cluster.scheduler_address
        export_on_dask([odd], tmp_path / "calm", options, scheduler=address)
        export_on_dask([odd], tmp_path / "hit", options, kill, scheduler=address)
        client.wait_for_workers(2, timeout=60)
        after = set(client.run(os.getpid).values())
    assert killed
    assert killed[0] not in after
    assert files(tmp_path / "hit") == files(tmp_path / "calm")
    run(odd, out=tmp_path / "here", shard_size=5)
    assert_same(tmp_path / "here", tmp_path / "hit")


@pytest.mark.whole
def test_the_command(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    options = ("--engine", "dask", "--jobs", 2, "--shard-size", 2)
    done = command("export", root, "-o", f"file://{tmp_path}/there", *options)
    assert (done.returncode, done.stdout.count(f"file://{tmp_path}/there")) == (0, 1), done.stderr
    run(root, out=tmp_path / "here", shard_size=2)
    assert_same(tmp_path / "here", tmp_path / "there")
    again = command("export", root, "-o", tmp_path / "there", *options)
    assert again.returncode == 2
    assert "holds a release" in again.stderr


@pytest.mark.whole
def test_how_long_workers_take_to_end_is_not_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nanny = logging.getLogger("distributed.nanny")
    with DaskTasks("", 1, in_one_process=True) as tasks:
        cluster = tasks._cluster
        assert cluster is not None
        close = cluster.close

        def slowly() -> None:
            nanny.warning("Worker process still alive")
            close()

        monkeypatch.setattr(cluster, "close", slowly)
    assert "still alive" not in caplog.text
    nanny.warning("heard")
    assert "heard" in caplog.text


@pytest.mark.whole
def test_two_runs_at_once_and_a_port_that_is_taken(tmp_path: Path) -> None:
    """The port of dask's dashboard, which may be anybody's, is not listened on."""
    root = checkout(tmp_path / "c")
    outs = [tmp_path / "one", tmp_path / "two"]
    options = ("--engine", "dask", "--jobs", "1", "--shard-size", "2", "--quiet")
    with socket.socket() as taken:
        with suppress(OSError):  # then somebody has it already
            taken.bind(("127.0.0.1", 8787))
            taken.listen()
        runs = [
            subprocess.Popen(
                [sys.executable, "-m", "pfocr_rdf", "export", str(root), "-o", str(out), *options],
                stderr=subprocess.PIPE,
                text=True,
            )
            for out in outs
        ]
        said = [process.communicate(timeout=300)[1] for process in runs]
    assert [process.returncode for process in runs] == [0, 0], said
    assert said == ["", ""]
    one, two = map(files, outs)
    assert one == two


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scheduler", "tcp://127.0.0.1:1"), "is for --engine dask"),
        (("--engine", "dask", "--scheduler", "nonsense://x"), "--scheduler: no dask scheduler"),
        (("--engine", "dask", "--shard-size", "-1"), "--shard-size: expected"),
        (("--engine", "dask", "--changed"), "--changed: a cluster replaces no release"),
    ],
)
def test_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = command("export", checkout(tmp_path / "c"), "-o", tmp_path / "o", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_extra(tmp_path: Path) -> None:
    program = (
        "import sys\nfor name in ('distributed', 'fsspec'): sys.modules[name] = None\n"
        "from pfocr_rdf.cli.main import main\n"
        f"sys.argv = ['x', 'export', {str(tmp_path)!r}, '-o', 'o', '--engine', 'dask']\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install pfocr-rdf[dask]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.whole
def test_a_scheduler_without_workers_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pfocr_rdf.exporting.cluster.dask.SECONDS_FOR_WORKERS", 0.5)
    with (
        LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty,  # type: ignore[no-untyped-call]
        pytest.raises(UsageError, match="has no worker"),
    ):
        export_on_dask(
            [checkout(tmp_path / "c")], tmp_path / "o", scheduler=empty.scheduler_address
        )
    assert not (tmp_path / "o").exists()


def test_what_a_cluster_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="reads no archives"):
        inline(tmp_path / "c.tar.gz", tmp_path / "o")
    with pytest.raises(UsageError, match="nowhere://c"):
        inline("nowhere://c", tmp_path / "o")
    with pytest.raises(UsageError, match="other processes cannot see memory"):
        export_on_dask([checkout(tmp_path / "c")], "memory://o", scheduler="tcp://127.0.0.1:1")


def test_only_a_place_of_its_own_is_written_to(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    out = write(tmp_path / "o", {"thesis.tex": "mine"})
    with pytest.raises(OutputError, match="thesis"):
        inline(root, out)
    assert files(out) == {"thesis.tex": b"mine"}
    (out / "thesis.tex").rename(out / "pfocr-00077.ttl")
    with pytest.raises(OutputError, match="pfocr-00077"):
        inline(root, out)
    write(out, {".work/settings": "of a run that was killed"})
    inline(root, out)
    assert_complete(out)


def test_a_file_that_somebody_else_changes_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o"

    def meddle(*args: Any) -> Any:
        (out / "pfocr-00001.ttl").write_text("short")
        return merge_figids(*args)

    monkeypatch.setattr(driver, "merge_figids", meddle)
    with pytest.raises(IntegrityError, match=r"pfocr-00001\.ttl: expected"):
        inline(checkout(tmp_path / "c"), out)
    assert not (out / "manifest.json").exists()


def test_a_worker_of_another_version_refuses(tmp_path: Path) -> None:
    settings = Settings(embedded_gene_table(), SideTables(TaxonTable(()), {}, {}))
    release = share_settings(Store(str(tmp_path / "o")), settings, None, tmp_path)
    job = PartitionJob(release, 1, (), 1, 16, {})
    with pytest.raises(UsageError, match="another version"):
        export_partition(job._replace(shared=release._replace(program="other")))
    with pytest.raises(IntegrityError, match="not of this run"):
        export_partition(job._replace(shared=release._replace(settings="0" * 64)))
    assert isinstance(release, Shared)
    assert release.program == program_hash()


def test_repeated_figids_are_found_in_the_later_partition() -> None:
    hashes = sorted(map(figid_hash, "abcdef"))
    runs = [b"".join(hashes[i] for i in some) for some in ((0, 1), (1, 2), (), (0, 1, 5))]
    merged = merge_figids(runs, [hashes[5], hashes[4]])
    assert merged.repeated == {
        1: frozenset((hashes[1],)),
        3: frozenset((hashes[0], hashes[1])),
    }
    assert merged.present == {hashes[5]}


def test_buckets_hold_every_entity_once() -> None:
    node = stored(CATALOG)
    for count in (1, 2, 50):
        made = cut([node], {node.id: 3}, count)
        assert len(made.bounds) == count + 1
        parts = [made.content[a:b] for a, b in zip(made.bounds, made.bounds[1:], strict=False)]
        assert [row for part in parts for row in uncut(part)] == [(node, 3)]


def test_figures_do_not_travel(tmp_path: Path, odd: Path) -> None:
    """What a task sends back is much smaller than what it writes."""
    sent: list[int] = []

    class Weighed(_Inline):
        def in_order(self, function: Any, jobs: Any) -> Any:
            for job, result in super().in_order(function, jobs):
                sent.append(len(pickle.dumps(result)))
                yield job, result

    driver.run([odd], tmp_path / "o", ExportOptions(), lambda _: None, lambda _: Weighed())
    written = sum(path.stat().st_size for path in (tmp_path / "o").glob("pfocr-*"))
    assert sum(sent) < written / 10


def test_what_a_task_cannot_write_is_said_in_one_line(tmp_path: Path) -> None:
    """Without what dask would say of it, a traceback for each try."""
    many(tmp_path / "in", 40)
    arguments = ("--engine", "dask", "--jobs", "1", "--shard-size", "30", "-q")
    done = command(
        "export", tmp_path / "in", "-o", tmp_path / "out", *arguments,
        env=unmeasured(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )  # fmt: skip
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert "File too large" in line
