"""A pasted list -> entities of a release: what each name is taken for, and what is left to choose.

Nothing is guessed. A name is taken for an entity when that alone has it as its symbol or id, or
when no other is meant nearly as often; else the meanings are shown, and the name counts for none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.query.index import LISTED, FittingName, Index, Meaning, NameIs, Search, surest
from pfocr_rdf.rdf import IRI, Kind, Memo

_BETWEEN: Final = re.compile(r"[\t,;|]+")
_PIECES: Final = re.compile(r"[\s,;|-]+")
_COMMENT: Final = "#"
_DIGITS: Final = re.compile("[1-9][0-9]*")
_ADDRESS: Final = re.compile("<?https?://")
_NAMES_KEPT: Final = 20_000


class NameState(StrEnum):
    """What became of a name of a list."""

    TAKEN = "taken"
    AGAIN = "again"
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class ListedName(NamedTuple):
    """A name of a list, and what became of it.

    Attributes:
        text: As it stands there.
        state: What became of it.
        meaning: What it is taken for; None where it is ambiguous or unknown.
        choices: Of an ambiguous one what it may mean, the likeliest first; also when one of
            them was chosen.
        reason: Why, in words; "" where the name says it.
    """

    text: str
    state: NameState
    meaning: Meaning | None = None
    choices: tuple[Meaning, ...] = ()
    reason: str = ""


def split_names(
    text: str, is_name: Callable[[str], bool], is_known: Callable[[str], bool]
) -> list[str]:
    r"""Return the names of a list: one a line, or parted by commas, semicolons, tabs or blanks.

    A line, or a part of it, that is a name as a whole stays whole: `breast cancer`. So do small
    words of which some are none, as a disease that is not known. What follows a `#` at the
    beginning of a line is left out.

    Args:
        text: The list.
        is_name: Says whether a text of several words is one name.
        is_known: Says whether a word is a name.

    Example:
        >>> known = {"breast cancer", "cancer", "egfr", "kras"}.__contains__
        >>> split_names("TP53, MDM2 EGFR\n# mine\nbreast cancer", known, known)
        ['TP53', 'MDM2', 'EGFR', 'breast cancer']
        >>> split_names("egfr kras;skin cancer", known, known)
        ['egfr', 'kras', 'skin cancer']
    """
    return list(_split(text.splitlines(), is_name, is_known))


def _split(
    lines: Iterable[str], is_name: Callable[[str], bool], is_known: Callable[[str], bool]
) -> Iterator[str]:
    for line in lines:
        whole = line.strip()
        if not whole or whole.startswith(_COMMENT):
            continue
        if _BETWEEN.search(whole) and is_name(whole):
            yield whole
            continue
        for part in filter(None, map(str.strip, _BETWEEN.split(whole))):
            words = part.strip("\"'").split()
            are_small = all(word.isalpha() and word.islower() for word in words)
            if len(words) > 1 and not (
                is_name(part) or (are_small and not all(map(is_known, words)))
            ):
                yield from words
            elif words:
                yield " ".join(words)


class NameResolver:
    """Takes names for entities of a release.

    Args:
        index: Of the release.
        search: Likewise.
    """

    def __init__(self, index: Index, search: Search) -> None:
        self._index = index
        self._search = search
        self._found: Memo[str, tuple[FittingName, ...]] = Memo(self._named, _NAMES_KEPT)

    def split(self, text: str) -> list[str]:
        """Return the names of a list, see `split_names`."""
        return split_names(text, self._is_name, lambda word: bool(self._found[word]))

    def resolved(
        self, names: Iterable[str], organism: int, choices: Mapping[str, str] | None = None
    ) -> list[ListedName]:
        """Return what becomes of each name, in their order.

        Args:
            names: As they were split.
            organism: Whose genes are meant, by its number in the index; 0: of any.
            choices: Of ambiguous names the id that was chosen.
        """
        chosen = choices or {}
        seen: dict[int, str] = {}
        found = []
        for text in names:
            each = self._resolved(text, organism, chosen.get(text, ""))
            if each.state is NameState.TAKEN and each.meaning is not None:
                first = seen.setdefault(each.meaning.number, text)
                if first is not text:
                    reason = f"like {first}" if first != text else "more than once"
                    each = each._replace(state=NameState.AGAIN, reason=reason)
            found.append(each)
        return found

    def _resolved(self, text: str, organism: int, chosen: str) -> ListedName:
        found = self._found[text]
        if not found:
            return ListedName(
                text, NameState.UNKNOWN, reason="nothing in the release has this name"
            )
        fit = [each for each in found if self._is_of(each.node, organism)]
        if not fit:
            (other,) = self._meanings(found[:1])
            of = other.organism or self._organism(other) or "unknown organism"
            return ListedName(text, NameState.OUTSIDE, other, reason=f"a gene of {of}")
        likely = self._likely(text, fit)
        if len(likely) == 1:
            return ListedName(text, NameState.TAKEN, likely[0], reason=likely[0].reason)
        choices = tuple(likely)
        if chosen:
            wanted = {each.node for each in self._found[chosen]}
            for each in choices:
                if each.number in wanted:
                    return ListedName(
                        text, NameState.TAKEN, each, choices, f"{text} is {each.label}, as chosen"
                    )
        return ListedName(text, NameState.AMBIGUOUS, None, choices, "may mean several")

    def _named(self, text: str) -> tuple[FittingName, ...]:
        # A number alone is what NCBI Gene calls a gene; other databases write what they are.
        asked = f"ncbigene:{text}" if _DIGITS.fullmatch(text) else text
        found = [each for each in self._search.named(asked) if self._kind(each.node) in LISTED]
        if _ADDRESS.match(text):
            iri = self._index.iris.respelled(IRI(text.strip("<>")))
            numbers = [self._index.entity_number(iri, kind) for kind in LISTED]
            found = [each for each in found if each.node in numbers] or found
        by_id = [each for each in found if each.said is NameIs.IDENTIFIER]
        return tuple(by_id or found)

    def _kind(self, node: int) -> Kind | None:
        return self._index.kind(node) if node > 0 else None

    def _meanings(self, found: Iterable[FittingName]) -> list[Meaning]:
        return [meaning for each in found if (meaning := self._search.meaning(each))]

    def _is_name(self, text: str) -> bool:
        """Say whether a text of several words is a name, with its words as the name has them."""
        pieces = _PIECES.split(text.casefold())
        return any(_PIECES.split(each.text.casefold()) == pieces for each in self._found[text])

    def _is_of(self, node: int, organism: int) -> bool:
        if not organism or self._index.kind(node) is not Kind.GENE:
            return True
        return bool(self._index.organisms[node] == organism)

    def _likely(self, text: str, found: list[FittingName]) -> list[Meaning]:
        """Return what a text is likely to mean: one gene, where that alone is called so by itself."""
        symbols = [
            each
            for each in found
            if each.said is NameIs.LABEL and self._index.kind(each.node) is Kind.GENE
        ]
        just_so = [each for each in symbols if each.text == text]
        for alone in (just_so, symbols):
            if len(alone) == 1:
                return self._meanings(alone)
        return surest(self._meanings(symbols or found))

    def _organism(self, meaning: Meaning) -> str:
        organism = self._index.organisms[meaning.number]
        return self._index.ref(organism, Kind.ORGANISM).label if organism else ""
