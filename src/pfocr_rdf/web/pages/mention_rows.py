"""The mentions of a figure as rows of its page: those of one word together, and not too many at once.

A family such as PI3K is a mention for each of its genes, and a large figure has hundreds of mentions:
told one by one they would hide what the figure shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from pfocr_rdf.query.index import Concept
from pfocr_rdf.web.pages.views import MentionView

ROWS: Final = 25
"""Rows of all kinds together that are shown before a reader asks for all."""
WORDS: Final = 60
"""Keywords that name nothing, likewise."""
_LEAST: Final = 5  # rows of each kind, if it has as many


class MentionRow(NamedTuple):
    """The readings of one word that name something, or one mention that is told by itself."""

    readings: tuple[MentionView, ...]

    @property
    def first(self) -> MentionView:
        """The reading that says what all say of their word."""
        return self.readings[0]

    @property
    def is_uncertain(self) -> bool:
        """Whether one of its readings is."""
        return any(each.doubts for each in self.readings)

    def differs(self, field: str) -> bool:
        """Say whether its readings have several values of a field."""
        return len({getattr(each, field) for each in self.readings}) > 1

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why its readings are uncertain, each reason once."""
        return tuple(dict.fromkeys(doubt for each in self.readings for doubt in each.doubts))

    @property
    def matches(self) -> tuple[tuple[str, Concept | None, Concept | None], ...]:
        """How its word was matched: text, tier and lexicon, each way once."""
        return tuple(dict.fromkeys((e.matched, e.tier, e.lexicon) for e in self.readings))

    @property
    def methods(self) -> tuple[Concept, ...]:
        """How what it stands for was identified, each way once."""
        return tuple(dict.fromkeys(each.method for each in self.readings if each.method))

    @property
    def times(self) -> tuple[int, ...]:
        """How often its readings occur, each number once, the least first."""
        return tuple(sorted({each.occurrences for each in self.readings}))


@dataclass(frozen=True, slots=True)
class MentionTable:
    """Mentions of one kind, or some of them.

    Attributes:
        kind: The word for it.
        mentions: How many the figure has of the kind.
        rows: Those that are told in a row.
        words: Keywords that name nothing, under the reason, in the order of reasons.
    """

    kind: str
    mentions: int
    rows: tuple[MentionRow, ...]
    words: tuple[MentionView, ...]

    @property
    def words_by_reason(self) -> tuple[tuple[Concept, tuple[MentionView, ...]], ...]:
        """Its keywords under the reason why they name nothing."""
        groups = groupby(self.words, key=lambda word: word.reason)
        return tuple((reason, tuple(words)) for reason, words in groups if reason)


@dataclass(frozen=True, slots=True)
class ShownMentions:
    """What a page shows of the mentions of a figure.

    Attributes:
        shown: Tables by kind, at once.
        folded: What is left, when it is asked for.
        uncertain: How many mentions are uncertain.
    """

    shown: tuple[MentionTable, ...]
    folded: tuple[MentionTable, ...]
    uncertain: int


def shown_mentions(mentions: Sequence[MentionView]) -> ShownMentions:
    """Return the mentions of a figure as its page shows them.

    Args:
        mentions: In the order of kinds.
    """
    tables = [
        _table(kind, tuple(of_kind))
        for kind, of_kind in groupby(mentions, key=lambda mention: mention.kind)
    ]
    of_rows = _shares([len(table.rows) for table in tables], ROWS, _LEAST)
    of_words = _shares([len(table.words) for table in tables], WORDS, _LEAST)
    parts = [_parted(*each) for each in zip(tables, of_rows, of_words, strict=True)]
    return ShownMentions(
        tuple(shown for shown, _ in parts),
        tuple(rest for _, rest in parts if rest.rows or rest.words),
        sum(bool(each.doubts) for each in mentions),
    )


def _table(kind: str, mentions: tuple[MentionView, ...]) -> MentionTable:
    groups: dict[tuple[str, ...], list[MentionView]] = {}
    for each in mentions:
        if not each.is_plain:
            is_reading = each.word and each.entity
            groups.setdefault((each.word,) if is_reading else ("", each.iri), []).append(each)
    plain = [each for each in mentions if each.is_plain]
    plain.sort(key=lambda each: each.reason.label if each.reason else "")
    rows = tuple(MentionRow(tuple(readings)) for readings in groups.values())
    return MentionTable(kind, len(mentions), rows, tuple(plain))


def _shares(counts: Sequence[int], most: int, least: int) -> list[int]:
    """Return how many of each kind are shown: a few of each, then the first kinds' first."""
    shares = [min(count, least) for count in counts]
    for place, count in enumerate(counts):
        shares[place] += min(count - shares[place], max(0, most - sum(shares)))
    return shares


def _parted(table: MentionTable, rows: int, words: int) -> tuple[MentionTable, MentionTable]:
    kind, mentions = table.kind, table.mentions
    return (
        MentionTable(kind, mentions, table.rows[:rows], table.words[:words]),
        MentionTable(kind, mentions, table.rows[rows:], table.words[words:]),
    )
