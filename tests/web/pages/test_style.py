"""The style sheet: contrast of every pair of colours that meet, light and dark (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pfocr_rdf.web.pages

STATIC = Path(pfocr_rdf.web.pages.__file__).parent / "static"
SHEETS = sorted(STATIC.glob("*.css"))
TEXT, GRAPHIC = 4.5, 3.0

GROUNDS = ("page", "surface")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "muted", "link", "visited") for ground in GROUNDS),
    ("ink", "sunk", TEXT),
    ("muted", "sunk", TEXT),
    ("ink", "accent-soft", TEXT),
    ("muted", "accent-soft", TEXT),
    ("accent", "accent-soft", TEXT),
    ("accent-ink", "accent", TEXT),
    *(
        (kind, f"{kind}-soft", TEXT)
        for kind in ("gene", "chemical", "disease", "organism", "paper")
    ),
    *(("focus", ground, GRAPHIC) for ground in GROUNDS),
    *(("line-strong", ground, GRAPHIC) for ground in GROUNDS),
    *(("accent", ground, GRAPHIC) for ground in GROUNDS),
    *(("bar", ground, GRAPHIC) for ground in GROUNDS),
    ("net-node", "surface", GRAPHIC),
]


def palettes() -> dict[str, dict[str, str]]:
    """Return the colours by name, of the light scheme and of the dark one."""
    text = (STATIC / "style.css").read_text(encoding="utf-8")
    light_text, dark_text = re.findall(r":root \{(.*?)\n\s*\}", text, re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light_text))
    return {
        "light": light,
        "dark": light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark_text)),
    }


def luminance(colour: str) -> float:
    """Return the relative luminance. Source: WCAG 2.2, definition of that name."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_measure_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_that_meet_can_be_told_apart(
    scheme: str, ink: str, ground: str, least: float
) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[ink], palette[ground]) >= least


def test_both_schemes_name_the_same_colours() -> None:
    text = (STATIC / "style.css").read_text(encoding="utf-8")
    light, dark = (
        set(re.findall(r"--([\w-]+): #", block))
        for block in re.findall(r":root \{(.*?)\n\s*\}", text, re.DOTALL)
    )
    assert light == dark


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_asks_no_other_host_and_names_known_colours(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert not re.search(r"https?:|@import|url\(\s*[\"']?//", text)
    used = set(re.findall(r"var\(--([\w-]+)", text))
    known = set(re.findall(r"--([\w-]+):", (STATIC / "style.css").read_text(encoding="utf-8")))
    assert used <= known


def test_our_scripts_evaluate_no_text_as_code_or_markup() -> None:
    for script in STATIC.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function", text
        ), script
