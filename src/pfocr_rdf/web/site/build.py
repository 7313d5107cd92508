"""Makes the static site of a release.

First there must be an index of what pages show of each other; then worker processes draw the
pages, each from a piece of the dump and that index. Everything goes into a folder beside
the site, which takes the site's place when it is whole: readers and links never see half of a
release, and a run that fails leaves the site as it was.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.errors import InputError, OutputError
from pfocr_rdf.files import database_as_file
from pfocr_rdf.processes import Pool, batched, default_jobs
from pfocr_rdf.query.index import BATCH, SHARDS, Index, write_index
from pfocr_rdf.query.store import current_place
from pfocr_rdf.rdf import PAGED, PFOCR, Kind
from pfocr_rdf.release import (
    OnProgress,
    Progress,
    Release,
    dump_form,
    read_pieces,
    remove_abandoned,
    staged_release,
    unseen,
)
from pfocr_rdf.shipped import bioschemas_shapes, code_files, ontology_file, shipped_shapes
from pfocr_rdf.version import __version__
from pfocr_rdf.web.site.entity_pages import EntityPagesJob, put_entities
from pfocr_rdf.web.site.figure_pages import FigurePagesJob, put_figures
from pfocr_rdf.web.site.figure_words import TITLES, WORDS
from pfocr_rdf.web.site.host_files import NOT_FOUND, sitemaps
from pfocr_rdf.web.site.inventory import InventoryWriter, PageRow, State, open_inventory
from pfocr_rdf.web.site.list_pages import list_files, list_jobs, put_lists
from pfocr_rdf.web.site.names import FOLDER as NAMES
from pfocr_rdf.web.site.names import Named, name_files
from pfocr_rdf.web.site.options import HTML, SiteOptions
from pfocr_rdf.web.site.output import is_whole, linked, refuse_foreign
from pfocr_rdf.web.site.page_maker import Assignment, PageMaker
from pfocr_rdf.web.site.site_files import FILES, RESULTS, Whole
from pfocr_rdf.web.site.steps import SiteStep
from pfocr_rdf.web.vocabulary import BIOSCHEMAS, SHAPES, VOCABULARY

_FEW: Final = 200  # figures: to start processes for so few costs more than it saves
_ENTITIES: Final = tuple(kind for kind in PAGED if kind is not Kind.FIGURE)
_INDEX: Final = ".index.sqlite"
_FOLDERS: Final = (
    "static/vendor", "linksets", NAMES, WORDS, TITLES, FILES, VOCABULARY, SHAPES, BIOSCHEMAS, ".well-known"
)  # fmt: skip
_PAGES: Final = Path(__file__).resolve().parent.parent / "pages"


class SiteResult(NamedTuple):
    """What a run did.

    Attributes:
        pages: Entities of each kind that have a page.
        states: How many pages are new, changed or the same.
        removed: How many pages of the site before are gone.
        without: Figures whose names are too long for a file; they have no page.
        written: Whether anything had to be written at all.
    """

    pages: dict[Kind, int]
    states: Counter[State]
    removed: int
    without: int
    written: bool


def build_site(
    release: Release, out: Path, options: SiteOptions, on_progress: OnProgress = unseen
) -> SiteResult:
    """Make the site of a release, or make one there up to date.

    Args:
        release: From `open_release`.
        out: The site's folder: new, empty, or a site that was made before.
        options: Of the site.
        on_progress: Told how far it is.

    Raises:
        UsageError: An option cannot be.
        InputError: A file of the release is broken.
        OutputError: The site cannot be written, or the folder holds other files; what was
            there is untouched.
        WorkerError: A worker process is gone.
    """
    options.check()
    out = Path(os.path.realpath(out))
    if out.is_relative_to(os.path.realpath(release.folder)):
        raise OutputError(
            f"{out}: lies in the export {release.folder}, which could not be replaced any more "
            "(choose a folder beside it)"
        )
    program = _stamp(options)
    stamp = hashlib.sha256(program + _shipped() + release.key.encode()).hexdigest()
    earlier, before = open_inventory(out), 0
    if earlier is not None:
        with earlier:
            before = earlier.count()
            if earlier.stamp == stamp and is_whole(out, earlier):
                remove_abandoned(out)
                return SiteResult({}, Counter({State.SAME: before}), 0, 0, written=False)
    with (
        staged_release(out, refuse_foreign) as stage,
        database_as_file(stage.folder, "a database of the site"),
    ):
        assignment = Assignment(
            release.iri_style,
            dump_form(release),
            options,
            program,
            stage.folder,
            out if earlier is not None else None,
            stage.folder / _INDEX,
            _today(),
        )
        result = _SiteRun(release, assignment, on_progress).run(stamp)
    kept = result.states[State.SAME] + result.states[State.CHANGED]
    return result._replace(removed=before - kept if earlier else 0)


class _SiteRun:
    def __init__(self, release: Release, assignment: Assignment, on_progress: OnProgress) -> None:
        self._release = release
        self._assignment = assignment
        self._on_progress = on_progress
        self._figures = release.class_counts.get(PFOCR.PathwayFigure, 0)
        self._states: Counter[State] = Counter()
        self._pages: Counter[Kind] = Counter()

    def run(self, stamp: str) -> SiteResult:
        folder = self._assignment.folder
        for name in (*(kind.plural for kind in PAGED), *_FOLDERS):
            (folder / name).mkdir(parents=True)
        jobs = self._assignment.options.jobs or default_jobs()
        with Pool(
            partial(PageMaker, self._assignment), jobs if self._figures > _FEW else 1
        ) as pool:
            self._index(pool)
            maker = pool.here
            with InventoryWriter(folder) as inventory:
                drawn = self._draw_figures(pool, inventory)
                names = self._draw_entities(pool, maker, inventory)
                self._draw_lists(pool, maker, inventory)
                self._put_whole(pool, maker, inventory, names)
                inventory.finish(stamp)
            maker.index.close()
        self._assignment.index_file.unlink()
        for name in (*(kind.plural for kind in PAGED), *_FOLDERS):
            with suppress(OSError):
                (folder / name).rmdir()  # there may be no disease, say
        return SiteResult(
            dict(self._pages), self._states, 0, drawn - self._pages[Kind.FIGURE], written=True
        )

    def _index(self, pool: Pool[PageMaker]) -> None:
        """Take the index that lies with the store of the release, or make one for this run."""
        path, done = self._assignment.index_file, 0
        place = current_place(self._release)
        if place is not None and _is_taken(place.index_file, path):
            self._tell(SiteStep.READ, self._figures, self._figures)
            return

        def count(figures: int, _entities: int) -> None:
            nonlocal done
            done += figures
            self._tell(SiteStep.READ, done, self._figures)

        found = pool.in_order(PageMaker.gather, batched(read_pieces(self._release), BATCH))
        write_index(self._release, path, (part for _, part in found), count, words=False)

    def _draw_figures(self, pool: Pool[PageMaker], inventory: InventoryWriter) -> int:
        """Put the pages of figures into the site, and return how many figures there are."""
        done = given = 0

        def jobs() -> Iterator[FigurePagesJob]:
            nonlocal given
            figures = (piece for piece in read_pieces(self._release) if piece.is_figure)
            for pieces in batched(figures, BATCH):
                yield FigurePagesJob(given + 1, pieces)
                given += len(pieces)

        for _, rows in pool.in_order(put_figures, jobs()):
            self._note(inventory, Kind.FIGURE, rows)
            done += len(rows)
            self._tell(SiteStep.FIGURES, done, self._figures)
        return given

    def _draw_entities(
        self, pool: Pool[PageMaker], maker: PageMaker, inventory: InventoryWriter
    ) -> list[Named]:
        """Put the pages of entities into the site, and return their names."""
        names: list[Named] = []
        numbers = {kind: list(maker.index.of_kind(kind)) for kind in _ENTITIES}
        jobs = [
            EntityPagesJob(kind, part)
            for kind in _ENTITIES
            for part in batched(numbers[kind], BATCH)
        ]
        done, total = 0, sum(map(len, numbers.values()))
        for job, (rows, named) in pool.in_order(put_entities, jobs):
            self._note(inventory, job.kind, rows)
            names += named
            done += len(job.numbers)
            self._tell(SiteStep.ENTITIES, done, total, "entities")
        return names

    def _draw_lists(
        self, pool: Pool[PageMaker], maker: PageMaker, inventory: InventoryWriter
    ) -> None:
        """Put the lists into the site: pages, and files of the whole lists."""
        jobs = list(list_jobs(maker))
        done, total = 0, sum(len(job.pages) for job in jobs)
        for _, rows in pool.in_order(put_lists, jobs):
            inventory.add_pages(rows)
            self._states.update([row.state for row in rows])
            done += len(rows)
            self._tell(SiteStep.LISTS, done, total, "pages")
        for path, content in list_files(maker):
            inventory.add_file(path, maker.output.file(path, content))

    def _put_whole(
        self,
        pool: Pool[PageMaker],
        maker: PageMaker,
        inventory: InventoryWriter,
        names: list[Named],
    ) -> None:
        self._tell(SiteStep.WHOLE, 0, 0, "")
        for _, files in pool.in_order(PageMaker.put_linksets, batched(range(SHARDS), BATCH)):
            for path, size in files:
                inventory.add_file(path, size)
        whole = Whole(self._release, self._assignment.options, maker)
        pages: list[tuple[str, str]] = []
        for path, content in chain(whole.contents(self._pages), name_files(names)):
            inventory.add_file(path, maker.output.file(path, content))
            if path.endswith(HTML) and path not in (NOT_FOUND, RESULTS):
                pages.append((path.removesuffix("index.html"), ""))
        of_entities = ((path + HTML, since) for path, since in inventory.pages())
        for path, content in sitemaps(self._assignment.options, chain(pages, of_entities)):
            inventory.add_file(path, maker.output.file(path, content))
        for path, size in whole.downloads(self._assignment.folder):
            inventory.add_file(path, size)

    def _note(self, inventory: InventoryWriter, kind: Kind, rows: Sequence[PageRow]) -> None:
        inventory.add_pages(rows)
        self._states.update([row.state for row in rows])
        # Only the first page of an entity has data beside it.
        self._pages[kind] += sum(row.sizes[1] > 0 for row in rows)

    def _tell(self, step: SiteStep, done: int, total: int, unit: str = "figures") -> None:
        self._on_progress(Progress(step, done, total, unit))


def _is_taken(index: Path, path: Path) -> bool:
    """Have the index of a store under another name too, so that it stays as it is for this run."""
    try:
        if not linked(str(index), str(path)):
            return False
        Index(path).close()
    except (InputError, OSError):
        path.unlink(missing_ok=True)
        return False
    return True


def _stamp(options: SiteOptions) -> bytes:
    """Return a hash of what all pages depend on: this program, its templates, its options."""
    hashed = hashlib.sha256(__version__.encode())
    shown = (options.base, options.endpoint, options.files_url, options.images)
    hashed.update(orjson.dumps(shown))
    _hash_files(hashed, (*code_files(), *_PAGES.glob("templates/*"), ontology_file()))
    return hashed.digest()


def _shipped() -> bytes:
    """Return a hash of the files that a site has as they are."""
    hashed = hashlib.sha256()
    static = (path for path in _PAGES.glob("static/**/*") if path.is_file())
    _hash_files(
        hashed,
        (*static, *shipped_shapes(), *bioschemas_shapes(), *ontology_file().parent.iterdir()),
    )
    return hashed.digest()


def _hash_files(hashed: hashlib._Hash, paths: Iterable[Path]) -> None:
    for path in sorted(paths):
        hashed.update(hashlib.sha256(path.read_bytes()).digest())


def _today() -> str:
    """Return the day that new pages have; a reproducible build may say which it is.

    Source: https://reproducible-builds.org/specs/source-date-epoch/
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(given), UTC) if given.isdecimal() else datetime.now(UTC)
    return f"{now:%Y-%m-%d}"
