"""Prose is repaired where ftfy says so, and only there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.figures.decode.prose import _SUSPECT, repaired

# Short texts of the characters that mojibake is made of, beside ASCII and Greek.
_MARKS = "ÃÂâ€™œŒÐÑØÙŸà²×√≈‚Äвβā°£¢αγ–— \xa0\x85\xadaZ.,?!1" + "ГўВЂ≤®"


@given(st.text(st.sampled_from(_MARKS), max_size=6) | st.text(max_size=20))
def test_what_is_not_suspected_is_not_bad(text: str) -> None:
    assert _SUSPECT.search(text) or not is_bad(text)


@pytest.mark.whole
def test_real_captions_are_repaired_as_ftfy_would(shared: Path) -> None:
    repairs = 0
    with gzip.open(shared / "data" / "pfocr_2021_figures.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in rows:
            for text in filter(None, map(json.loads(row).get, ("caption", "papertitle"))):
                expected = ftfy.fix_encoding(text) if is_bad(text) else text
                assert repaired(text) == expected
                repairs += expected != text
    assert repairs > 50


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Cancer â€“ Influence", "Cancer – Influence"),
        ("Œ≥-Secretase", "γ-Secretase"),
        ("TGF-β and “NF-κB” – 5′", "TGF-β and “NF-κB” – 5′"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_examples(text: str, mended: str) -> None:
    assert repaired(text) == mended
