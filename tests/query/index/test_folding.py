"""The keys of names: what is one name however it is written, and the same in browsers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from pfocr_rdf.query.index.folding import keys_of
from pfocr_rdf.query.index.names import asked_keys
from tests.support.places import ROOT

SAME = [
    ("IL-6", "IL6", "il 6", "Il_6", "IL/6"),
    ("TNF-α", "TNF alpha", "tnfa", "TNFα", "TNFalpha", "TNF-ALPHA"),
    ("β-catenin", "beta-catenin", "b-catenin", "Beta Catenin"),
    ("NF-κB", "NFkB", "NF-kappaB", "NFKAPPAB", "nf kappa b"),
    ("TGF-β1", "TGFbeta1", "TGF beta 1", "TGFB1"),
    ("PGC-1α", "PGC1alpha", "PGC1A"),
    ("Ca²⁺", "Ca2+", "ca2+"),
    ("Sjögren", "sjogren"),
    ("5′-AMP", "5'AMP"),
]
ONE_OF_THEM = [
    ("breast cancers", "breast cancer"),
    ("Alzheimer's disease", "Alzheimer disease"),
    ("caspases", "caspase"),
    ("MAPKs", "MAPK"),
    ("allergies", "allergy"),
    ("viruses", "virus"),
    ("betacatenin", "β-catenin"),
]
OTHERS = [("HRAS", "HRA"), ("Ca2+", "CA2"), ("tau", "T"), ("IL6", "IL6R"), ("virus", "viru")]
TEXTS = [
    *(text for texts in (*SAME, *ONE_OF_THEM, *OTHERS) for text in texts),
    "", " ", "…", "+", "中文", "HER-2/neu", "17β-estradiol", "Straße", "a_b", "ΔNp63", "betaine",
    "γ-aminobutyric acid", "interferon gamma", "lambda phages", "Fe3+/Fe2+", "c-Myc",
]  # fmt: skip


@pytest.mark.parametrize("texts", SAME, ids=str)
def test_one_name_has_one_first_key(texts: tuple[str, ...]) -> None:
    assert len({keys_of(text)[0] for text in texts}) == 1


@pytest.mark.parametrize(("text", "other"), ONE_OF_THEM)
def test_plurals_and_spelled_letters_meet(text: str, other: str) -> None:
    assert set(keys_of(text)) & set(keys_of(other))


@pytest.mark.parametrize(("text", "other"), OTHERS)
def test_other_names_do_not_meet(text: str, other: str) -> None:
    assert not set(keys_of(text)) & set(keys_of(other))


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("10.1000/x-1", "101000x1"),
        ("doi:10.1000/x-1", "101000x1"),
        ("https://doi.org/10.1000/x-1", "101000x1"),
        ("http://dx.doi.org/10.1000/x-1", "101000x1"),
        ("PMID: 123", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC1/", "pmc1"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1", "pmc1"),
        ("https://europepmc.org/article/PMC/PMC1", "pmc1"),
        ("https://pfocr.wikipathways.org/figures/PMC1__F1.html", "pmc1f1"),
    ],
)
def test_ids_are_freed_of_their_addresses(asked: str, key: str) -> None:
    assert asked_keys(asked)[0] == key


@pytest.mark.whole
def test_browsers_make_the_same_keys(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    script = ROOT / "src/pfocr_rdf/web/pages/static/names.js"
    (tmp_path / "names.mjs").write_bytes(script.read_bytes())
    (tmp_path / "asked.mjs").write_text(
        'import { keysOf } from "./names.mjs";\n'
        f"console.log(JSON.stringify({json.dumps(TEXTS)}.map(keysOf)));\n"
    )
    said = subprocess.run(
        [node, tmp_path / "asked.mjs"], capture_output=True, check=True, timeout=60
    )
    for text, keys in zip(TEXTS, json.loads(said.stdout), strict=True):
        assert tuple(keys) == asked_keys(text), text
