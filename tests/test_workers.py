"""Batches: how they are cut, and that they come back in order from any number of jobs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import many

from pfocr_rdf.decode import Surroundings
from pfocr_rdf.errors import PfocrError
from pfocr_rdf.hgnc_choice import embedded_gene_table
from pfocr_rdf.pipeline import BatchResult, Pipeline, Settings
from pfocr_rdf.sources import Corpus, FigureSource, Folder, discover
from pfocr_rdf.taxa import TaxonTable
from pfocr_rdf.workers import BATCH, batches, default_jobs, run_batches
from pfocr_rdf.write import FormatName


def sources(count: int) -> list[FigureSource]:
    folder = Folder("c", "/c", "c", "/c", "c")
    return [FigureSource(folder, f"{number:05}.md", ()) for number in range(count)]


@given(st.integers(0, 500), st.integers(0, 300))
def test_batches_hold_everything_once_and_keep_to_shards(count: int, shard_size: int) -> None:
    everything = sources(count)
    cut = [list(batch) for batch in batches(everything, shard_size)]
    assert [source for batch in cut for source in batch] == everything
    assert all(1 <= len(batch) <= BATCH for batch in cut)
    if shard_size:
        for batch in cut:
            shards = {int(source.stem) // shard_size for source in batch}
            assert len(shards) == 1


def test_default_jobs_are_those_of_this_process() -> None:
    assert default_jobs() == len(os.sched_getaffinity(0))


def test_default_jobs_where_affinity_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    assert default_jobs() == os.cpu_count()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    root = many(tmp_path_factory.mktemp("many") / "c", 3 * BATCH + 5)
    return discover([root], root / "unused")


@pytest.fixture(scope="module")
def settings() -> Settings:
    around = Surroundings(TaxonTable(()), {}, {})
    return Settings(embedded_gene_table(), around, formats=(FormatName.TURTLE,))


def results(
    corpus: Corpus, settings: Settings, jobs: int, shard_size: int = 0
) -> Iterator[BatchResult]:
    here = Pipeline(settings)
    for batch, result in run_batches(settings, corpus.figures, shard_size, jobs, here):
        assert len(batch) <= BATCH
        yield result


@pytest.mark.slow
@pytest.mark.parametrize("shard_size", [0, 50])
def test_results_are_equal_whatever_the_jobs(
    corpus: Corpus, settings: Settings, shard_size: int
) -> None:
    expected = list(results(corpus, settings, 1, shard_size))
    assert len(expected) == 4
    for jobs in (2, 5):
        got = list(results(corpus, settings, jobs, shard_size))
        for one, other in zip(expected, got, strict=True):
            assert one.pieces == other.pieces
            assert one.figids == other.figids
            assert one.entities == other.entities
            assert one.counts == other.counts
            assert one.findings == other.findings
            assert one.digests == other.digests
            assert one.ledger.record() == other.ledger.record()


def test_one_batch_needs_no_workers(corpus: Corpus, settings: Settings) -> None:
    few = Corpus(figures=corpus.figures[:BATCH])
    before = threading.active_count()
    (result,) = results(few, settings, 8)
    assert result.counts.figures == BATCH
    assert threading.active_count() == before


@pytest.mark.slow
def test_a_worker_that_is_killed_ends_the_run_in_one_line(
    corpus: Corpus, settings: Settings
) -> None:
    run = results(corpus, settings, 2, 10)
    next(run)
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    workers = [
        int(pid) for pid in children if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    with pytest.raises(PfocrError, match="a worker process was killed") as caught:
        list(run)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.slow
def test_a_run_that_is_given_up_leaves_no_workers(corpus: Corpus, settings: Settings) -> None:
    here = Pipeline(settings)
    run = run_batches(settings, corpus.figures, 5, 2, here)
    next(run)
    run.close()
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children]
    assert not any("spawn_main" in line for line in lines)
