"""What an export asks of its engine, which does the work, and of the place where it is written.

`run.write_release` orders the steps. How pages reach the processes that take them through the
pipeline, and what may be used again, is the engine's to know; how a file gets into the release,
the place's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from pfocr_rdf.figures import Settings
from pfocr_rdf.figures.join import Joined
from pfocr_rdf.figures.read import Corpus, FigureSource, InputDigest, NamedFile, Reading
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import IRI, Node
from pfocr_rdf.release import Piece, Report, WrittenFile
from pfocr_rdf.release.counts import Classes, DistinctCounts, Tally

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

Noted = Callable[[int, Iterable[InputDigest], Tally], None]
"""Is told how many pages are done, what was read since the last time, and the tally so far."""
Manifest = Callable[[Sequence[WrittenFile]], bytes]
"""Returns the manifest that a run would write over these files."""


class FiguresWritten(NamedTuple):
    """The tally of a run's figures; and their figids.

    Asked for are those of map rows, and of figures that `open` triples of the tally name.
    """

    tally: Tally
    figids: Container[str]


class EntitiesWritten(NamedTuple):
    """The tally of a run's entities, and all its finished dumps, after alignment.ttl.

    `aligned` are the links of the alignment, by place in `ALIGNED`, `classes` those of all
    entities but genes and papers.
    """

    tally: Tally
    genes_with_hgnc: int
    aligned: Counter[int]
    classes: dict[IRI, Classes]
    files: list[WrittenFile]


class Engine(Protocol):
    """Who does the work of one export. Methods are called once and in this order, but `read_text`."""

    def corpus(self) -> Corpus:
        """Return what the inputs hold."""
        ...

    def read_text(self, file: NamedFile, findings: list[Finding], reading: Reading) -> str | None:
        """Return the text of a file of the corpus, as `sources.read_text` does."""
        ...

    def begin(
        self, settings: Settings, side_tables: str, figures: int, asked: tuple[str, ...]
    ) -> None:
        """Get ready.

        Args:
            settings: For the pipelines.
            side_tables: Hash of the organism pages and map files.
            figures: How many there will be.
            asked: How the IRIs begin of entities that `subjects` is to name.
        """
        ...

    def found(self, lines: bytes) -> None:
        """Add lines to findings.jsonl, of what is no figure's and no entity's; at any time."""
        ...

    def figures(self, sources: Sequence[FigureSource], noted: Noted) -> FiguresWritten:
        """Write the figures of pages, and their findings, in order."""
        ...

    def replaced(self) -> int | None:
        """Return how many figures the release has that is to be replaced; None without one."""
        ...

    def unchanged(self, report: Report, manifest: Manifest) -> tuple[WrittenFile, ...] | None:
        """Return the files of the release that is there, if this run would write the very same.

        Args:
            report: Is given what that release has counted.
            manifest: To compare with.
        """
        ...

    def subjects(self) -> Iterable[str]:
        """Return the IRIs of entities that figures state, of those that `begin` was told of."""
        ...

    def entities(self, own: Sequence[Node], joined: Joined) -> EntitiesWritten:
        """Write each entity once, and what it is elsewhere; finish the dumps.

        Args:
            own: Entities that no figure states but the run itself.
            joined: What files of others say of entities.
        """
        ...

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with what a function of a module makes of it, in order."""
        ...

    def objects(self) -> DistinctCounts:
        """Return the counts of the distinct objects of all figures and entities."""
        ...

    def findings(self) -> WrittenFile:
        """Finish findings.jsonl."""
        ...

    def finish(self, report: Report, files: Sequence[WrittenFile]) -> None:
        """Leave what a later run can use, and nothing else; all files are written."""
        ...


class Place(Protocol):
    """Where a release is written: a folder of this machine, or one of a store."""

    def writing(self) -> AbstractContextManager[Path]:
        """Give a folder to write whole files into; they are in the release when the block ends."""
        ...

    def pieces(self, files: Sequence[WrittenFile]) -> Iterator[Piece]:
        """Yield the pieces of the finished dumps: all figures, then all entities by IRI."""
        ...

    def alignment(self) -> Iterator[Piece]:
        """Yield the pieces of the finished alignment, by IRI."""
        ...

    def check(self, files: Sequence[WrittenFile]) -> None:
        """Make sure that what the manifest is about to say is there.

        Raises:
            IntegrityError: It is not.
        """
        ...
