"""Marks the words of mentions in a caption, without ever giving up escaping.

The caption is cut into plain pieces first, at positions of the plain text; each piece is then
escaped by itself. So no word, however it looks, can join with markup around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.views import MentionView

# A word must not go on to the left or right: `RANK` is not in `RANKL`. Greek letters and
# digits go on too; a hyphen does not (`RANK-induced`).
_INSIDE = r"\w"


class CaptionPiece(NamedTuple):
    """A stretch of a caption, and the mention it is the word of, if any.

    `others` are what else the same word stands for in the figure.
    """

    text: str
    mention: MentionView | None
    others: tuple[MentionView, ...] = ()


def pieces(caption: str, mentions: Iterable[MentionView]) -> Iterator[CaptionPiece]:
    """Cut a caption at the words of its mentions: the longest first, case as written.

    What a mention was recognised as, was matched to, and stands for (its symbol) are all
    looked for; where two mentions share a word, the one that names an entity is preferred.
    """
    by_word: dict[str, list[MentionView]] = {}
    for mention in sorted(mentions, key=lambda mention: mention.entity is None):
        for word in set(_words(mention)):
            # Most do not stand in it, and to compile a pattern of all takes a millisecond.
            if word in caption:
                by_word.setdefault(word, []).append(mention)
    if not by_word:
        yield CaptionPiece(caption, None)
        return
    longest_first = sorted(by_word, key=lambda word: (-len(word), word))
    pattern = re.compile(
        rf"(?<!{_INSIDE})(?:{'|'.join(map(re.escape, longest_first))})(?!{_INSIDE})"
    )
    at = 0
    for found in pattern.finditer(caption):
        if found.start() > at:
            yield CaptionPiece(caption[at : found.start()], None)
        first, *others = by_word[found[0]]
        yield CaptionPiece(found[0], first, tuple(others))
        at = found.end()
    if at < len(caption):
        yield CaptionPiece(caption[at:], None)


def marked_caption(caption: str, mentions: Sequence[MentionView], links: Links) -> Markup:
    """Return a caption as HTML in which mentions are marked and lead to their entities."""
    return Markup().join(_html(piece, links) for piece in pieces(caption, mentions))


def kinds_marked(caption: str, mentions: Sequence[MentionView]) -> list[str]:
    """Return the kinds of marks that a caption has, for the legend below it."""
    found = {_mark(piece.mention) for piece in pieces(caption, mentions) if piece.mention}
    return [kind for kind in ("gene", "chemical", "disease", "organism", "none") if kind in found]


def _mark(mention: MentionView) -> str:
    return mention.entity.kind.value if mention.entity else "none"


def _words(mention: MentionView) -> Iterator[str]:
    names = [mention.word, mention.matched, mention.stated]
    if mention.entity:
        names.append(mention.entity.label)
    for name in names:
        word = name.strip()
        # One letter or number marks half of a caption (`A`, `1`) and means nothing there.
        if len(word) > 1 and not word.isdecimal():
            yield word


def _html(piece: CaptionPiece, links: Links) -> Markup:
    if piece.mention is None:
        return escape(piece.text)
    mention = piece.mention
    page = links.page(mention.entity.kind, mention.entity.iri) if mention.entity else None
    if mention.entity is None or page is None:
        note = mention.reason.label if mention.reason else "not identified"
        return Markup('<mark class="m m-none" title="{}">{}</mark>').format(
            f"{mention.kind}: {note}", piece.text
        )
    kind = mention.entity.kind.value
    also = [other.entity.label for other in piece.others if other.entity]
    title = f"{kind} {', '.join(dict.fromkeys([mention.entity.label, *also]))}"
    return Markup('<mark class="m m-{}"><a href="{}" title="{}">{}</a></mark>').format(
        kind, page, title, piece.text
    )
