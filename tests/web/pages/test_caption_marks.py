"""Marked captions: the words of mentions, and never a changed or unescaped character."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from pfocr_rdf.query.index.model import Concept, Ref
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.web.pages.caption_marks import marked_caption, pieces
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.views import MentionView

GENE = "http://identifiers.org/ncbigene/"


def mention(
    word: str = "", entrez_id: str = "", stated: str = "", kind: str = "gene"
) -> MentionView:
    entity = Ref(Kind.GENE, GENE + entrez_id, stated or word) if entrez_id else None
    reason = None if entity else Concept("urn:r", "unknown symbol", "")
    return MentionView(
        "urn:m", kind, word, "", stated, entity, None, None, None, reason, (), 1, 1, (), ()
    )


def marked(caption: str, *mentions: MentionView) -> list[str]:
    return [piece.text for piece in pieces(caption, mentions) if piece.mention]


def test_the_longest_word_wins() -> None:
    rank, rankl = mention("RANK", "8792"), mention("RANKL", "8600")
    assert marked("RANK/RANKL, RANK-induced", rank, rankl) == ["RANK", "RANKL", "RANK"]
    phrase = mention("NF-kappa B ligand", "8600")
    assert marked("the NF-kappa B ligand", phrase, mention("NF-kappa B", "4790")) == [
        "NF-kappa B ligand"
    ]


@pytest.mark.parametrize("caption", ["RANKL", "xRANK", "RANK2", "RANKβ", "rank", "RANK_1"])
def test_a_part_of_another_word_is_not_marked(caption: str) -> None:
    assert marked(caption, mention("RANK", "8792")) == []


@pytest.mark.parametrize(
    ("word", "caption"),
    [("Ca2+", "of Ca2+ and"), ("TGF-β", "(TGF-β)"), ("IL-6", "IL-6,IL-6"), ("(p)", "a (p) b")],
)
def test_a_word_may_end_in_any_character(word: str, caption: str) -> None:
    assert set(marked(caption, mention(word, "1"))) == {word}


def test_one_letter_and_a_number_are_not_marked() -> None:
    assert marked("A, B and 12", mention("A", "1"), mention("12", "2")) == []


def test_a_mention_that_names_a_gene_is_preferred() -> None:
    (piece,) = [p for p in pieces("TRAP", [mention("TRAP"), mention("TRAP", "54")]) if p.mention]
    assert piece.mention is not None
    assert piece.mention.entity is not None


def test_a_word_of_two_genes_names_both() -> None:
    out = marked_caption(
        "fog", [mention("fog", "1", "Apaf1"), mention("fog", "2", "Zfpm1")], Links()
    )
    assert (
        out == '<mark class="m m-gene"><a href="/genes/1" title="gene Apaf1, Zfpm1">fog</a></mark>'
    )


def test_a_mark_leads_to_its_gene_or_says_why_not() -> None:
    out = marked_caption(
        "RANKL, TRAP", [mention("RANKL", "8600", "TNFSF11"), mention("TRAP")], Links()
    )
    assert '<a href="/genes/8600" title="gene TNFSF11">RANKL</a>' in out
    assert '<mark class="m m-none" title="gene: unknown symbol">TRAP</mark>' in out


HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("<>&\"'/=;()`\\ \n\u202eabRANKL"), st.characters()),
    max_size=60,
)


@given(caption=HOSTILE, words=st.lists(HOSTILE, max_size=5))
def test_marking_changes_no_character_and_escapes_each(caption: str, words: list[str]) -> None:
    mentions = [mention(w, "8600" if at % 2 else "", w[::-1]) for at, w in enumerate(words)]
    assert "".join(p.text for p in pieces(caption, mentions)) == caption
    out = marked_caption(caption, mentions, Links())
    tags = re.findall(r"<[^>]*>", out)
    ours = re.compile(
        r"</?mark>|</a>|<mark class=\"m m-(?:gene|none)\"(?: title=\"[^\"<>]*\")?>"
        r"|<a href=\"/genes/8600\" title=\"[^\"<>]*\">"
    )
    assert all(ours.fullmatch(tag) for tag in tags)
    assert html.unescape(re.sub(r"<[^>]*>", "", out)) == html.unescape(str(Markup.escape(caption)))
