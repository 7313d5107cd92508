"""The load composed: plan, slices, journal, proof, and the swap that readers do not notice.

In place, a load writes into an empty graph and readers see it grow. With `--replace` it writes
into a temporary graph beside, proves that, and moves it in one SPARQL update; whatever fails
before leaves the old release as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from enum import StrEnum
from typing import NamedTuple

from pfocr_rdf.errors import IntegrityError, LoadError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.graphs import other_place, shown_graph
from pfocr_rdf.load.journal import Journal, LoadEntry, Phase
from pfocr_rdf.load.plan import (
    LoadOptions,
    LoadPiece,
    PlannedGraph,
    check_files,
    check_options,
    pieces_of,
    plan,
)
from pfocr_rdf.load.preflight import OWN_ALIGNMENT, check_replaced, earlier_place, graphs_kept
from pfocr_rdf.load.slices import triples_in
from pfocr_rdf.load.staging import new_places, remove_graph, remove_left
from pfocr_rdf.load.swap import Places, is_taken, swap
from pfocr_rdf.load.verify import count_graph, differences, in_one_line
from pfocr_rdf.rdf import IRI
from pfocr_rdf.release import BYTES, OnProgress, Progress, Release, unseen


class Step(StrEnum):
    """What a load is doing."""

    CHECKING = "checking files"
    LOADING = "loading"
    PROVING = "proving"
    SWAPPING = "swapping"
    REMOVING = "removing temporary graphs"

    @property
    def is_measured(self) -> bool:
        """Whether it goes through the bytes of the release's files, so that there is a rest."""
        return self in {Step.CHECKING, Step.LOADING}


class LoadResult(NamedTuple):
    """What was proved.

    Attributes:
        parts: The graphs, each with what it has.
        sent: How many slices this run sent.
        skipped: How many an earlier run had sent.
    """

    parts: tuple[PlannedGraph, ...]
    sent: int
    skipped: int


def load_release(
    release: Release,
    client: StoreClient,
    options: LoadOptions,
    on_progress: OnProgress = unseen,
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
    check_options(options, client.dialect)
    parts = plan(release, options)
    url = client.places.graphs
    with ExitStack() as locks:
        journal = locks.enter_context(Journal(url, options.graph))
        if (earlier := other_place(options.graph)) is not None:
            locks.enter_context(Journal(url, earlier))  # what an earlier load left is removed
        if options.alignment:
            locks.enter_context(Journal(url, options.alignment_graph, OWN_ALIGNMENT))
        return _Load(release, client, options, parts, journal, on_progress, say).run()


class _Load:
    def __init__(
        self,
        release: Release,
        client: StoreClient,
        options: LoadOptions,
        parts: tuple[PlannedGraph, ...],
        journal: Journal,
        on_progress: OnProgress,
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
        self.finals = tuple(part.graph for part in parts)
        self.kept: frozenset[IRI] = frozenset()
        self.content = _name_of(release.key, *((part.graph, part.triples) for part in parts))
        self.cut = _name_of(options.slice_size, client.dialect.opening, options.void)
        self.before = journal.read()
        self.goes_on = self._goes_on()
        self.places = self.finals
        if options.replace:
            self.places = self.before.places if self.goes_on else new_places(parts, release)

    def run(self) -> LoadResult:
        self._tell(Step.CHECKING, 0)
        done = 0

        def count(read: int) -> None:
            nonlocal done
            done += read
            self._tell(Step.CHECKING, done)

        check_files(self.release, self.parts, count)
        if self.goes_on and self.before.phase is Phase.SWAPPING and self._is_swapped():
            self._remove_staged()
            self._remove_earlier()
            return self._finish(0, self.before.sent)
        self._remove_left()
        if self.options.replace:
            check_replaced(self.client, self.release, self.parts, self.options, self.say)
        else:
            self._tell(Step.PROVING, self.total)
            self.kept = graphs_kept(
                self.client, self.release, self.parts, self.before, self.content
            )
            if self.kept.issuperset(self.finals):
                self.say("the store has this release already; nothing was sent")
                return self._finish(0, self.before.sent)
        skipped = self._confirmed() if self.goes_on else 0
        sent = self._send_all(skipped)
        if self.options.replace:
            self._prove(self.places, "what was there before is untouched")
            self.journal.write(self._entry(Phase.SWAPPING, skipped + sent))
            self._tell(Step.SWAPPING, self.total)
            swap(self.client, self._places(), self._is_swapped, self.say)
            self._prove(self.finals, "it was swapped in, what was there before is gone")
            self._remove_staged()
            self._remove_earlier()
        else:
            self._prove(self.finals, "")
        return self._finish(sent, skipped)

    def _finish(self, sent: int, skipped: int) -> LoadResult:
        self.journal.write(self._entry(Phase.DONE, sent + skipped))
        return LoadResult(self.parts, sent, skipped)

    def _entry(self, phase: Phase, sent: int) -> LoadEntry:
        return LoadEntry(self.content, self.cut, phase, sent, self.places, self.options.replace)

    def _goes_on(self) -> bool:
        """Say whether an earlier run was this one, slice by slice and graph by graph."""
        before = self.before
        return (
            self.options.resume
            and before.phase in {Phase.LOADING, Phase.SWAPPING}
            and (before.content, before.cut) == (self.content, self.cut)
            and before.temporary == self.options.replace
            and len(before.places) == len(self.parts)
        )

    def _tell(self, step: Step, done: int) -> None:
        self.on_progress(Progress(step, done, self.total if step.is_measured else 0, BYTES))

    def _remove_left(self) -> None:
        """Remove what earlier runs have left and this one does not go on with."""
        before = self.before
        # The final graphs of a load that was interrupted may be somebody's by now.
        own = before.places if before.temporary and before.phase is not Phase.DONE else ()
        used = self.places if self.goes_on else ()
        remove_left(self.client, self.options, frozenset(own), frozenset(used), self.say)

    def _confirmed(self) -> int:
        """Return how many slices need not be sent again, after a look into the store."""
        before = self.before
        if not before.sent:
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
                    f"{shown_graph(place)}; starting over"
                )
                return 0
        self.say(f"going on after {before.sent:,} slices that the store has")
        return before.sent

    # Sending.

    def _pieces(self) -> Iterator[LoadPiece]:
        opening = self.client.dialect.opening
        return pieces_of(self.release, self.parts, self.options.slice_size, opening=opening)

    def _send_all(self, skipped: int) -> int:
        """Send what is left, and return how many slices that were."""
        self.journal.write(self._entry(Phase.LOADING, skipped))
        for part, place in zip(self.parts, self.places, strict=True):
            if not part.triples and not self.options.replace:
                self.client.delete(place)
        sent = 0
        for number, piece in enumerate(self._pieces()):
            place = self.places[piece.part]
            if number >= skipped and place not in self.kept:
                if piece.first:
                    self.client.put(place, piece.slice)
                else:
                    self.client.post(place, piece.slice)
                self.journal.write(self._entry(Phase.LOADING, number + 1))
                sent += 1
            self._tell(Step.LOADING, piece.done)
        return sent

    # Proving and swapping.

    def _differences(self, part: PlannedGraph, graph: IRI) -> list[str]:
        self._tell(Step.PROVING, self.total)
        return differences(self.client, self.release, part, graph)

    def _prove(self, places: tuple[IRI, ...], old: str) -> None:
        """See that graphs have what they must; `old` is what became of what was there before."""
        for part, place in zip(self.parts, places, strict=True):
            said = self._differences(part, place)
            if not said:
                continue
            facts = ["the store took all and has something else", old]
            in_place = not self.options.replace
            if place == self.options.alignment_graph:
                facts.append(OWN_ALIGNMENT)
            if not (in_place and count_graph(self.client, place) > part.triples):
                facts.append("the same command starts over")
            elif place == self.options.graph:
                facts.append("something else writes there: give --replace, or another --graph")
            error = IntegrityError(
                f"{self.client.shown}: {shown_graph(place)}: {in_one_line(said)} "
                f"({'; '.join(filter(None, facts))})"
            )
            self._give_up()
            raise error

    def _give_up(self) -> None:
        """Leave nothing that a later run would build on."""
        self.journal.write(self._entry(Phase.LOADING, 0))
        if self.options.replace:
            try:
                self._remove_staged()
            except LoadError as trouble:
                self.say(f"temporary graphs stay until the next run: {trouble}")

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

    def _remove_earlier(self) -> None:
        """Remove figures that an earlier load has put into a named graph; they were replaced."""
        graph = self.options.graph
        if (earlier := earlier_place(self.client, graph)) is not None:
            self.say(
                f"<{earlier}> has an earlier load, which {shown_graph(graph)} replaces; removing it"
            )
            remove_graph(self.client, earlier)


def _name_of(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()
