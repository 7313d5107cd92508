"""Batches of figures and of entities over the cores of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from pfocr_rdf.exporting.entities import EntityVariants
from pfocr_rdf.exporting.entity_batches import EntitiesResult, EntityBatches
from pfocr_rdf.exporting.figure_batches import BatchResult, Before, FigureBatches
from pfocr_rdf.figures import Pipeline, Settings
from pfocr_rdf.figures.join import Joined
from pfocr_rdf.figures.read import FigureSource
from pfocr_rdf.processes import Pool

BATCH: Final = 64
"""Figures a batch has. Fixed, because batches decide nothing and so must not depend on jobs."""

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class FigureJob(NamedTuple):
    """A batch of pages, and for each what an earlier run made of it."""

    sources: Sequence[FigureSource]
    before: Sequence[Before | None]


class EntityJob(NamedTuple):
    """A batch of entities, the cache they are from, and what files of others say of them."""

    entities: Sequence[EntityVariants]
    cache: Path
    joined: Joined


def batches(sources: Sequence[FigureSource], shard_size: int) -> Iterator[Sequence[FigureSource]]:
    """Cut the sources into batches; none reaches over the end of a shard (0: one shard)."""
    shard = shard_size or len(sources) or 1
    for first in range(0, len(sources), shard):
        end = min(first + shard, len(sources))
        for start in range(first, end, BATCH):
            yield sources[start : min(start + BATCH, end)]


class _Batches:
    """What each process has: a pipeline, for figures and for entities."""

    def __init__(self, settings: Settings) -> None:
        self.pipeline = Pipeline(settings)
        self._figures = FigureBatches(self.pipeline)
        self.entity_batches = EntityBatches(self.pipeline)

    def figures(self, job: FigureJob) -> BatchResult:
        return self._figures.run(*job)

    def figures_after(self, job: FigureJob, taken: set[str]) -> BatchResult:
        return self._figures.run(job.sources, (), taken)

    def entities(self, job: EntityJob) -> EntitiesResult:
        return self.entity_batches.run(*job)


class Workers:
    """Runs batches in worker processes, or in this one when there is little to do.

    Args:
        settings: For the pipelines.
        jobs: How many processes.
        figures: How many figures there are; for few, starting processes costs more than it saves.

    Attributes:
        here: The pipeline of this process.
    """

    def __init__(self, settings: Settings, jobs: int, figures: int) -> None:
        self._pool = Pool(partial(_Batches, settings), jobs if figures > BATCH else 1)
        self.here = self._pool.here.pipeline

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, and let go of the cache."""
        self._pool.here.entity_batches.close()
        self._pool.close()

    def figures(self, jobs: Iterable[FigureJob]) -> Iterator[tuple[FigureJob, BatchResult]]:
        """Yield each batch of figures with its result, in order."""
        return self._pool.in_order(_Batches.figures, jobs)

    def figures_here(self, job: FigureJob, taken: set[str]) -> BatchResult:
        """Run one batch again in this process, which knows the figids of all before it."""
        return self._pool.here.figures_after(job, taken)

    def entities(self, jobs: Iterable[EntityJob]) -> Iterator[tuple[EntityJob, EntitiesResult]]:
        """Yield each batch of entities with its result, in order."""
        return self._pool.in_order(_Batches.entities, jobs)

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with what a function of a module makes of it, in order."""
        return self._pool.in_order(partial(_of_job, function), jobs)

    def begin(self, function: Callable[[_Job], _Result], job: _Job) -> Callable[[], _Result]:
        """Have a function of a module run beside all else; what is returned waits for it."""
        return self._pool.begin(partial(_of_job, function), job)


def _of_job(function: Callable[[_Job], _Result], _: _Batches, job: _Job) -> _Result:
    return function(job)
