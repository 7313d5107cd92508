"""Rows of a figure's page: words told once, a page that is not longer than can be read, doubts."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.query.index import Concept, Ref
from pfocr_rdf.rdf import PFOCR, Kind
from pfocr_rdf.web.pages.mention_rows import ROWS, WORDS, MentionRow, ShownMentions, shown_mentions
from pfocr_rdf.web.pages.views import MentionView

FAMILY = Concept(PFOCR.Family, "matched by family", "")
PI3K = ("PIK3C2A PIK3C2B PIK3C2G PIK3C3 PIK3CA PIK3CB PIK3CD PIK3CG PIK3R1 PIK3R2").split()
KINDS = ("gene", "chemical", "disease", "term")


def mention(word: str, symbol: str = "", kind: str = "gene", **fields: object) -> MentionView:
    """Return a reading of a word; without a symbol it names nothing."""
    name = symbol or f"nothing{len(fields)}"
    view = MentionView(
        iri=f"urn:f#{kind}-{word}-{name}",
        kind=kind,
        word=word,
        matched=word,
        stated=symbol,
        entity=Ref(Kind.GENE, f"urn:{symbol}", symbol) if symbol else None,
        lexicon=None,
        tier=None,
        method=None,
        reason=None if symbol else Concept("urn:r", "unknown symbol", ""),
        candidates=(),
        occurrences=1,
        readings=1,
        other_kinds=(),
        doubts=(),
    )
    return view._replace(**fields)  # type: ignore[arg-type]


def rows(shown: ShownMentions) -> list[MentionRow]:
    return [row for table in (*shown.shown, *shown.folded) for row in table.rows]


def test_a_word_is_one_row_of_all_that_it_stands_for() -> None:
    family = [mention("PI3K", symbol, tier=FAMILY) for symbol in PI3K]
    shown = shown_mentions([*family, mention("AKT", "AKT1")])
    first, other = shown.shown[0].rows
    assert [each.entity.label for each in first.readings if each.entity] == PI3K
    assert first.matches == (("PI3K", FAMILY, None),)
    assert not first.differs("tier")
    assert [each.word for each in other.readings] == ["AKT"]
    assert shown.shown[0].mentions == 11


def test_ways_of_matching_one_word_are_all_told() -> None:
    one, two = mention("CDK4/6", "CDK4", matched="CDK4"), mention("CDK4/6", "CDK6", matched="CDK6")
    (row,) = rows(shown_mentions([one, two._replace(occurrences=2)]))
    assert [matched for matched, _, _ in row.matches] == ["CDK4", "CDK6"]
    assert row.differs("matched")
    assert row.times == (1, 2)


def test_what_names_nothing_stays_by_itself() -> None:
    lost = [mention("TRAP", iri=f"urn:f#gene-{n}") for n in range(3)]
    assert [len(row.readings) for row in rows(shown_mentions(lost))] == [1, 1, 1]


def test_a_large_figure_is_folded_after_25_rows_of_all_kinds() -> None:
    genes = [mention(f"G{n}", f"G{n}") for n in range(339)]
    chemicals = [mention(f"c{n}", f"c{n}", "chemical") for n in range(3)]
    diseases = [mention(f"d{n}", f"d{n}", "disease") for n in range(2)]
    shown = shown_mentions([*genes, *chemicals, *diseases])
    assert [(t.kind, t.mentions, len(t.rows)) for t in shown.shown] == [
        ("gene", 339, 20), ("chemical", 3, 3), ("disease", 2, 2)
    ]  # fmt: skip
    assert [(t.kind, len(t.rows)) for t in shown.folded] == [("gene", 319)]


def test_a_figure_of_25_rows_is_not_folded() -> None:
    assert shown_mentions([mention(f"G{n}", f"G{n}") for n in range(25)]).folded == ()
    assert len(shown_mentions([mention(f"G{n}", f"G{n}") for n in range(26)]).folded[0].rows) == 1


def test_keywords_that_name_nothing_are_folded_too() -> None:
    words = [mention("", stated=f"K{n}", matched="", iri=f"urn:f#{n}") for n in range(200)]
    shown = shown_mentions(words)
    assert len(shown.shown[0].words) == WORDS
    assert len(shown.folded[0].words) == 200 - WORDS
    ((reason, said),) = shown.shown[0].words_by_reason
    assert (reason.label, len(said)) == ("unknown symbol", WORDS)


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_nothing_is_lost_or_told_twice(counts: list[int]) -> None:
    given_ = [
        mention(f"w{n // 2}", f"s{n}" if n % 3 else "", kind, iri=f"urn:f#{kind}-{n}")
        for kind, count in zip(KINDS, counts, strict=True)
        for n in range(count)
    ]
    shown = shown_mentions(given_)
    told = list(chain.from_iterable(row.readings for row in rows(shown)))
    assert sorted(each.iri for each in told) == sorted(each.iri for each in given_)
    assert sum(len(table.rows) for table in shown.shown) <= ROWS
    assert all(table.rows for table in shown.shown)


def test_uncertain_mentions_are_counted_and_reasons_told_once() -> None:
    doubt = ("one of 2 readings",)
    shown = shown_mentions(
        [mention("ABL", s, doubts=doubt) for s in ("ABL1", "ABL2")] + [mention("AKT", "AKT1")]
    )
    assert shown.uncertain == 2
    uncertain, certain = rows(shown)
    assert (uncertain.is_uncertain, uncertain.doubts) == (True, doubt)
    assert not certain.is_uncertain
