"""Prose is repaired where ftfy says so, and only there."""

from __future__ import annotations

import gzip
import json
import re
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
def test_real_captions_are_repaired_as_ftfy_would_and_what_it_leaves_too(shared: Path) -> None:
    repairs = left = 0
    with gzip.open(shared / "data" / "pfocr_2021_figures.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in rows:
            for text in filter(None, map(json.loads(row).get, ("caption", "papertitle"))):
                expected = ftfy.fix_encoding(text) if is_bad(text) else text
                repairs += expected != text
                if re.search("‚[ÄàÜîôÇ]", expected):
                    left += 1
                    assert not re.search("‚[ÄàÜîôÇ]", repaired(text))
                else:
                    assert repaired(text) == expected
    assert (repairs > 50, left > 10) == (True, True)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Cancer â€“ Influence", "Cancer – Influence"),
        ("Œ≥-Secretase", "γ-Secretase"),
        ("TGF-β and “NF-κB” – 5′", "TGF-β and “NF-κB” – 5′"),
        ("Cell death‚Äêlike response", "Cell death‐like response"),
        ("At 18‚Äâh PI3K‚ÄêAkt", "At 18\u2009h PI3K‐Akt"),
        ("endo‚ÄêŒ≤‚Äê1,4", "endo‐β‐1,4"),
        ("A ‚Üí B, ‚àí3, 37¬∞C, M√ºller", "A → B, −3, 37°C, Müller"),
        ("√2, √π and 2√π r, ¬p, œuvre, Œdipe", "√2, √π and 2√π r, ¬p, œuvre, Œdipe"),
        ("‚Äußerung‘", "‚Äußerung‘"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_examples(text: str, mended: str) -> None:
    assert repaired(text) == mended
