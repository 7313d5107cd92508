"""The load composed: plan, slices, journal, proof, and the swap that readers do not notice.

In place, a load writes into an empty graph and readers see it grow. With `--replace` it writes
into a temporary graph beside, proves that, and moves it in one SPARQL update; whatever fails
before leaves the old release as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.description import DATASET
from pfocr_rdf.errors import IntegrityError, LoadError, UsageError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.journal import Entry, Journal, Phase
from pfocr_rdf.load.plan import (
    LoadOptions,
    Part,
    check_files,
    is_staging,
    plan,
    staging_graph,
    staging_prefix,
)
from pfocr_rdf.load.proof import count_graph, differences, in_one_line
from pfocr_rdf.load.slices import Slice, slices_of, triples_in
from pfocr_rdf.load.swap import Places, is_taken, remove_graph, swap
from pfocr_rdf.release import Release
from pfocr_rdf.terms import IRI
from pfocr_rdf.vocabulary import RDF, VOID

SMALLEST_SLICE: Final = 10_000


class Step(StrEnum):
    """What a load is doing."""

    CHECKING = "checking files"
    LOADING = "loading"
    PROVING = "proving"
    SWAPPING = "swapping"
    REMOVING = "removing temporary graphs"


class LoadProgress(NamedTuple):
    """How far a load is; `done` and `total` are bytes of the release's files."""

    step: Step
    done: int
    total: int


class LoadResult(NamedTuple):
    """What was proved.

    Attributes:
        parts: The graphs, each with what it has.
        sent: How many slices this run sent.
        skipped: How many an earlier run had sent.
    """

    parts: tuple[Part, ...]
    sent: int
    skipped: int


class _Piece(NamedTuple):
    """A slice, and where it goes."""

    part: int
    first: bool
    slice: Slice
    done: int


def load_release(
    release: Release,
    client: StoreClient,
    options: LoadOptions,
    on_progress: Callable[[LoadProgress], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
) -> LoadResult:
    """Load a release into a store and prove that it is there.

    Args:
        release: What `open_release` gave.
        client: The store.
        options: What goes where.
        on_progress: Called after every file that was checked and every slice.
        say: Told in one line what a user would wonder about.

    Raises:
        InputError: A file of the release is not what was exported.
        UsageError: The options do not fit this store.
        LoadError: The store cannot be reached or refuses; the same command goes on.
        IntegrityError: The store took everything and has something else.
    """
    _check_options(client, options)
    parts = plan(release, options)
    with Journal(client.places.graphs, options.graph) as journal:
        return _Load(release, client, options, parts, journal, on_progress, say).run()


def _check_options(client: StoreClient, options: LoadOptions) -> None:
    largest = client.dialect.largest
    if options.slice_size < SMALLEST_SLICE:
        raise UsageError(
            f"--slice-size: expected {SMALLEST_SLICE:,} bytes or more, found {options.slice_size:,}"
        )
    if largest and options.slice_size > largest:
        raise UsageError(
            f"--slice-size: expected {largest:,} bytes or fewer (this store hangs on larger "
            f"ones), found {options.slice_size:,}"
        )
    if options.alignment and options.graph == options.alignment_graph:
        raise UsageError(
            "--graph: expected another graph than that of the alignment (or leave it "
            "out with --no-alignment)"
        )
    if options.replace and not client.dialect.moves:
        raise UsageError(
            "--replace: this store has no MOVE, so readers would see half a release (load into "
            "another --graph, or build a new index with --recipe)"
        )


class _Load:
    def __init__(
        self,
        release: Release,
        client: StoreClient,
        options: LoadOptions,
        parts: tuple[Part, ...],
        journal: Journal,
        on_progress: Callable[[LoadProgress], None],
        say: Callable[[str], None],
    ) -> None:
        self.release = release
        self.client = client
        self.options = options
        self.parts = parts
        self.journal = journal
        self.on_progress = on_progress
        self.say = say
        self.total = sum(file.bytes for part in parts for file in part.files)
        self.places = tuple(
            staging_graph(part.graph, release) if options.replace else part.graph for part in parts
        )
        self.content = _name_of(release.key, *((part.graph, part.triples) for part in parts))
        self.cut = _name_of(options.slice_size, client.dialect.opening, options.void)

    def run(self) -> LoadResult:
        self._tell(Step.CHECKING, 0)
        done = 0

        def count(read: int) -> None:
            nonlocal done
            done += read
            self._tell(Step.CHECKING, done)

        check_files(self.release, self.parts, count)
        before = self.journal.read()
        if self._goes_on(before) and before.phase is Phase.SWAPPING and self._is_swapped():
            self._remove_staged()
            return self._finish(0, before.sent)
        self._remove_leftovers(before)
        if not self.options.replace and self._is_here(before):
            return self._finish(0, before.sent)
        skipped = self._confirmed(before)
        sent = self._send_all(skipped)
        self._prove(self.places)
        if self.options.replace:
            self.journal.write(self._entry(Phase.SWAPPING, sent))
            self._tell(Step.SWAPPING, self.total)
            swap(self.client, self._places(), self._is_swapped, self.say)
            self._prove(tuple(part.graph for part in self.parts))
            self._remove_staged()
        return self._finish(sent - skipped, skipped)

    def _finish(self, sent: int, skipped: int) -> LoadResult:
        self.journal.write(self._entry(Phase.DONE, sent + skipped))
        return LoadResult(self.parts, sent, skipped)

    def _entry(self, phase: Phase, sent: int) -> Entry:
        return Entry(self.content, self.cut, phase, sent, self.places)

    def _goes_on(self, before: Entry) -> bool:
        """Say whether an earlier run was this one, slice by slice and graph by graph."""
        return (
            self.options.resume
            and before.phase in {Phase.LOADING, Phase.SWAPPING}
            and before[:2] == (self.content, self.cut)
            and before.places == self.places
        )

    def _tell(self, step: Step, done: int) -> None:
        self.on_progress(LoadProgress(step, done, self.total))

    # What an earlier run has left.

    def _remove_leftovers(self, before: Entry) -> None:
        """Remove temporary graphs of loads that will not go on."""
        finals = {part.graph for part in self.parts}
        # A load into place that was interrupted has the final names of its graphs there, which
        # may be somebody's by now.
        temporary = {place for place in before.places if is_staging(place)}
        left = temporary.difference(finals) if before.phase is not Phase.DONE else set()
        left.update(self._staged())
        mine = self.places if self._goes_on(before) else ()
        # Those of figures go last: by them the others are found, should this be interrupted.
        figures = staging_prefix(self.options.graph)
        for graph in sorted(left.difference(mine), key=lambda name: name.startswith(figures)):
            self.say(f"<{graph}> was left by a load that did not end; removing it")
            remove_graph(self.client, graph)

    def _staged(self) -> set[IRI]:
        """Return the temporary graphs beside ours that the store knows, whoever made them.

        They are told by the node of the data set, which comes from an index and is the first
        to be sent, unless by `--no-void`; only the journal knows those. The graph of an
        alignment has no such node, but the same name behind its own.
        """
        figures = staging_prefix(self.options.graph)
        pattern = (
            f"GRAPH ?g {{ <{DATASET}> <{RDF.type}> <{VOID.Dataset}> }} "
            f'FILTER(STRSTARTS(STR(?g), "{figures}"))'
        )
        found = [IRI(name) for name in self.client.names(pattern, "g")]
        beside = staging_prefix(self.options.alignment_graph)
        return {
            *found,
            *(
                IRI(other)
                for name in found
                if count_graph(self.client, IRI(other := beside + name.removeprefix(figures)))
            ),
        }

    def _is_here(self, before: Entry) -> bool:
        """Say whether the store has this release already; refuse what is not ours."""
        if before.content == self.content and before.phase is Phase.DONE:
            if not any(self._differences(part, part.graph) for part in self.parts):
                self.say("the store has this release already; nothing was sent")
                return True
        elif (
            before.phase is Phase.LOADING
            and before.content == self.content
            and set(before.places) >= set(self.places)
            and all(count_graph(self.client, part.graph) <= part.triples for part in self.parts)
        ):
            return False  # the graphs were empty when that run began: this is what it has sent
        for part in self.parts:
            if found := count_graph(self.client, part.graph):
                raise LoadError(
                    f"<{part.graph}>: expected an empty graph, found {found:,} triples "
                    "(swap them for this release with --replace, or name another --graph)"
                )
        return False

    def _confirmed(self, before: Entry) -> int:
        """Return how many slices need not be sent again, after a look into the store."""
        if not (self._goes_on(before) and before.sent):
            return 0
        wanted = [0] * len(self.parts)
        for number, piece in enumerate(self._pieces()):
            if number == before.sent:
                break
            wanted[piece.part] += triples_in(piece.slice)
        for part, sent, place in zip(self.parts, wanted, self.places, strict=True):
            least = sent - part.repeated
            found = count_graph(self.client, place)
            if found < least:
                self.say(
                    f"the store has {found:,} of {least:,} triples that it had confirmed in "
                    f"<{place}>; starting over"
                )
                return 0
        self.say(f"going on after {before.sent:,} slices that the store has")
        return before.sent

    # Sending.

    def _pieces(self) -> Iterator[_Piece]:
        done = 0
        for number, part in enumerate(self.parts):
            first = True
            for file in part.files:
                if not file.triples:
                    continue
                for piece in slices_of(
                    self.release.path(file),
                    self.options.slice_size,
                    opening=self.client.dialect.opening,
                ):
                    yield _Piece(number, first, piece, done + piece.read)
                    first = False
                done += file.bytes

    def _send_all(self, skipped: int) -> int:
        """Send what is left, and return how many slices there are."""
        self.journal.write(self._entry(Phase.LOADING, skipped))
        for part, place in zip(self.parts, self.places, strict=True):
            if not part.triples and not self.options.replace:
                self.client.delete(place)
        sent = 0
        for piece in self._pieces():
            if sent >= skipped:
                place = self.places[piece.part]
                if piece.first:
                    self.client.put(place, piece.slice)
                else:
                    self.client.post(place, piece.slice)
                self.journal.write(self._entry(Phase.LOADING, sent + 1))
            sent += 1
            self._tell(Step.LOADING, piece.done)
        return sent

    # Proving and swapping.

    def _differences(self, part: Part, graph: IRI) -> list[str]:
        self._tell(Step.PROVING, self.total)
        return differences(self.client, self.release, part, graph)

    def _prove(self, places: tuple[IRI, ...]) -> None:
        for part, place in zip(self.parts, places, strict=True):
            if said := self._differences(part, place):
                self._give_up()
                kept = ", what was there before is untouched" if place != part.graph else ""
                raise IntegrityError(
                    f"{self.client.places.graphs}: <{place}>: {in_one_line(said)} (the store "
                    f"took all and has something else{kept}; the same command starts over)"
                )

    def _give_up(self) -> None:
        """Leave nothing that a later run would build on."""
        if self.options.replace:
            self._remove_staged()
        self.journal.write(self._entry(Phase.LOADING, 0))

    def _is_swapped(self) -> bool:
        return all(
            is_taken(self.client, part, place) and not self._differences(part, part.graph)
            for part, place in self._places()
        )

    def _places(self) -> Places:
        return tuple(zip(self.parts, self.places, strict=True))

    def _remove_staged(self) -> None:
        self._tell(Step.REMOVING, self.total)
        for place in reversed(self.places):
            remove_graph(self.client, place)


def _name_of(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()
