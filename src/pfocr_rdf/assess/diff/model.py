"""What a comparison finds, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from pfocr_rdf.rdf import IRI, Triple


class ChangeKind(StrEnum):
    """What became of a figure or an entity."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Change(NamedTuple):
    """A figure (with its mentions) or an entity that the two releases do not share.

    Attributes:
        subject: Its IRI.
        kind: What became of it.
        is_figure: Whether it is a figure.
        label: Its name, in the newer release that has it; "" without one.
        removed: Triples that only the older release has, in the order they stand there.
        added: Triples that only the newer release has, likewise.
        graph: The named graph of the triples; "" for that of the figures.
    """

    subject: IRI
    kind: ChangeKind
    is_figure: bool
    label: str
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]
    graph: str = ""


class Linked(NamedTuple):
    """A gene that figures of only one of the two releases show, and how many do."""

    gene: IRI
    symbol: str
    figures: int


class Renamed(NamedTuple):
    """A gene that both releases have, under different symbols."""

    gene: IRI
    before: str
    now: str


class Totals(NamedTuple):
    """A number in the older and in the newer release."""

    before: int
    now: int


class Summary(NamedTuple):
    """The numbers of a comparison.

    Attributes:
        names: The releases' names, "" without one.
        keys: The SHA-256 of their manifests.
        triples: Of the dumps.
        triples_removed: How many only the older release has.
        triples_added: How many only the newer release has.
        figures: Added, removed and changed ones.
        entities: Likewise.
        all_figures: How many there are.
        all_entities: Likewise.
        classes: Nodes per class.
        newly_linked: Genes that figures of the newer release show and none of the older.
        no_longer_linked: The other way round.
        renamed: Genes under another symbol.
    """

    names: tuple[str, str]
    keys: tuple[str, str]
    triples: Totals
    triples_removed: int
    triples_added: int
    figures: Mapping[ChangeKind, int]
    entities: Mapping[ChangeKind, int]
    all_figures: Totals
    all_entities: Totals
    classes: Mapping[IRI, Totals]
    newly_linked: tuple[Linked, ...]
    no_longer_linked: tuple[Linked, ...]
    renamed: tuple[Renamed, ...]

    @property
    def same(self) -> bool:
        """Whether the two releases say the same."""
        return not (self.triples_removed or self.triples_added)


class Sink(Protocol):
    """Takes a comparison as it is made, and writes it."""

    def change(self, change: Change) -> None:
        """Take one change."""

    def end(self, summary: Summary) -> None:
        """Take the numbers, when all changes have been told."""
