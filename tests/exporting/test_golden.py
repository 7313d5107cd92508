"""Whole exports of small inputs, compared with reviewed ones: tests/cases/<name>/.

`input` is a page folder or a checkout, `hgnc.tsv` the HGNC table (without it the one of the
package). `expected.ttl` is what the export writes but for the description of the data set,
whose hash is that of the table; `expected.findings` has a line for each finding. After a change
that is meant: `pytest tests/test_golden.py --update-golden`, then read `git diff` line by line.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.terms import Triple
from tests.support.places import TESTS
from tests.support.readers import oxigraph_triples

CASES = TESTS / "cases"
# The data set and the HGNC table are described by tests of their own.
NOT_COMPARED = tuple(f"https://w3id.org/pfocr/{end}" for end in ("dataset", "release/", "hgnc/"))


def is_compared(triple: Triple) -> bool:
    return not str(triple[0]).startswith(NOT_COMPARED)


def difference(expected: set[Triple], found: set[Triple]) -> str:
    """Return what differs, one triple a line, in the order of subjects."""
    lines = [
        *((t, "- only in expected") for t in expected - found),
        *((t, "+ only in found   ") for t in found - expected),
    ]
    said = [f"{sign}: {' '.join(map(str, triple))}" for triple, sign in sorted(lines, key=str)]
    return "\n".join([f"{len(expected & found)} triples in both", *said])


def run(case: Path, out: Path, formats: tuple[FormatName, ...], jobs: int = 1) -> Path:
    hgnc = case / "hgnc.tsv"
    embedded = resources.files("pfocr_rdf").joinpath("data", EMBEDDED_NAME)
    with resources.as_file(embedded) as path:
        options = ExportOptions(formats=formats, hgnc=hgnc if hgnc.exists() else path, jobs=jobs)
        return export([case / "input"], out, options).folder


def findings_of(folder: Path) -> str:
    """Return a line for each finding, sorted: severity, code, where, value, and why."""
    lines = []
    for line in (folder / "findings.jsonl").read_text().splitlines():
        one = json.loads(line)
        parts = [
            one["severity"],
            one["code"],
            one["file"],
            one["field"],
            one["value"],
            one["detail"],
        ]
        lines.append(" | ".join(parts).replace("\n", "\\n").replace("\0", "\\0"))
    return "".join(f"{line.rstrip()}\n" for line in sorted(lines))


def turtle_of(data: bytes) -> bytes:
    """Return an export's Turtle without the blocks that are not compared."""
    blocks = data.decode().split("\n\n")
    kept = [
        block
        for block in blocks
        if not block.startswith(tuple(f"<{start}" for start in NOT_COMPARED))
    ]
    return "\n\n".join(kept).encode()


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path, update_golden: bool) -> None:
    folder = run(case, tmp_path / "out", tuple(FormatName))
    data = (folder / "pfocr.ttl").read_bytes()
    findings = findings_of(folder)
    if update_golden:
        (case / "expected.ttl").write_bytes(turtle_of(data))
        (case / "expected.findings").write_text(findings)
    whole = oxigraph_triples(data, FormatName.TURTLE)
    found = set(filter(is_compared, whole))
    expected = oxigraph_triples((case / "expected.ttl").read_bytes(), FormatName.TURTLE)
    # Without blank nodes, isomorphic is equal; `oxigraph_triples` refuses blank nodes.
    if expected != found:
        pytest.fail(f"{case.name}: {difference(expected, found)}", pytrace=False)
    assert (case / "expected.findings").read_text().splitlines() == findings.splitlines()
    assert turtle_of(data) == (case / "expected.ttl").read_bytes(), "same triples, other bytes"
    for name, suffix in (("jsonld", "jsonld"), ("ntriples", "nt")):
        other = oxigraph_triples((folder / f"pfocr.{suffix}").read_bytes(), FormatName(name))
        assert other == whole, name
    quads = list(
        pyoxigraph.parse((folder / "pfocr.nq").read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS)
    )
    assert len(quads) == len(whole)


def test_a_difference_names_each_side() -> None:
    a, b, c = ((f"x:{n}", "x:p", "x:o") for n in "abc")
    assert difference({a, b}, {b, c}) == (  # type: ignore[arg-type]
        "1 triples in both\n- only in expected: x:a x:p x:o\n+ only in found   : x:c x:p x:o"
    )


def test_every_case_is_whole() -> None:
    for case in CASES.iterdir():
        assert (case / "input").is_dir(), case.name
        assert (case / "expected.ttl").is_file(), case.name
        assert (case / "expected.findings").is_file(), case.name
    assert len(list(CASES.iterdir())) >= 12
