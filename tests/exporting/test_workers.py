"""Batches: how they are cut, and that they come back in order from any number of jobs."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.errors import PfocrError
from pfocr_rdf.exporting.entities import ids_of
from pfocr_rdf.exporting.figure_batches import BatchResult
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.exporting.workers import BATCH, EntityJob, FigureJob, Workers, batches
from pfocr_rdf.figures.decode.page import SideTables
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.join import NOTHING_JOINED
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.figures.pipeline import Settings
from pfocr_rdf.figures.read.sources import Corpus, FigureSource, Folder, discover
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.rdf.formats import FormatName
from tests.support.pages import many


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
    around = SideTables(TaxonTable(()), {}, {})
    return Settings(embedded_gene_table(), around, formats=(FormatName.TURTLE,))


def results(
    corpus: Corpus, settings: Settings, jobs: int, shard_size: int = 0
) -> Generator[BatchResult, None, None]:
    todo = [FigureJob(batch, [None] * len(batch)) for batch in batches(corpus.figures, shard_size)]
    with Workers(settings, jobs, len(corpus.figures)) as workers:
        for job, result in workers.figures(todo):
            assert len(job.sources) <= BATCH
            yield result


@pytest.mark.whole
@pytest.mark.parametrize("shard_size", [0, 50])
def test_results_are_equal_whatever_the_jobs(
    corpus: Corpus, settings: Settings, shard_size: int
) -> None:
    expected = list(results(corpus, settings, 1, shard_size))
    assert len(expected) == 4
    for jobs in (2, 5):
        got = list(results(corpus, settings, jobs, shard_size))
        for one, other in zip(expected, got, strict=True):
            assert one.figures == other.figures
            assert one.digests == other.digests
            assert one.tally.counts == other.tally.counts
            assert one.tally.findings == other.tally.findings
            assert one.tally.ledger.record() == other.tally.ledger.record()
        # A process sends a node once; together they send the same.
        nodes = [{node for result in each for node in result.nodes} for each in (expected, got)]
        assert nodes[0] == nodes[1]


def test_one_batch_needs_no_workers(corpus: Corpus, settings: Settings) -> None:
    few = Corpus(figures=corpus.figures[:BATCH])
    before = threading.active_count()
    (result,) = results(few, settings, 8)
    assert result.tally.counts.figures == BATCH
    assert threading.active_count() == before


def workers_of_this_process() -> list[int]:
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [
        int(pid)
        for pid in children
        if "pfocr_rdf.processes" in Path(f"/proc/{pid}/cmdline").read_text()
    ]


@pytest.mark.whole
def test_a_worker_that_is_killed_ends_the_run_in_one_line(
    corpus: Corpus, settings: Settings
) -> None:
    run = results(corpus, settings, 2, 10)
    next(run)
    workers = workers_of_this_process()
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    with pytest.raises(PfocrError, match="a worker process was killed") as caught:
        list(run)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.whole
def test_a_run_that_is_given_up_leaves_no_workers(corpus: Corpus, settings: Settings) -> None:
    run = results(corpus, settings, 2, 5)
    next(run)
    assert workers_of_this_process()
    run.close()
    assert not workers_of_this_process()


@pytest.mark.whole
def test_entities_are_equal_whatever_the_jobs(
    corpus: Corpus, settings: Settings, tmp_path: Path
) -> None:
    cache = PageCache.create(tmp_path / "ledger.sqlite", b"key")
    stated: Counter[int] = Counter()
    for result in results(corpus, settings, 1):
        cache.add((), result.nodes)
        for figure in result.figures:
            assert figure is not None
            stated.update(ids_of(figure.entities))
    cache.commit()
    facts = list(cache.entities(stated))
    assert len(facts) > BATCH
    todo = [
        EntityJob(facts[at : at + 20], cache.path, NOTHING_JOINED)
        for at in range(0, len(facts), 20)
    ]
    found = {}
    for jobs in (1, 2):
        with Workers(replace(settings, validate=True), jobs, len(corpus.figures)) as workers:
            found[jobs] = [result for _, result in workers.entities(todo)]
    for one, other in zip(found[1], found[2], strict=True):
        assert one.pieces == other.pieces
        assert one.alignment == other.alignment
        assert one.findings == other.findings == b""
        assert one.tally.counts == other.tally.counts
    cache.close()
