"""report.json and report.md: totals, reasons, and what is left out on purpose."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from pfocr_rdf.figures.link.table import TableRelease
from pfocr_rdf.findings import CODES, Counted, Severity
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA
from pfocr_rdf.release.report import LEFT_OUT, Report

TABLE = TableRelease("2024-10-18", "ab" * 32, 43_882, "file", "hgnc.txt")


def report() -> Report:
    report = Report(release="2024-11", table=TABLE, validated=True)
    report.counts.triples = 1234
    report.counts.classes.update({PFOCR.PathwayFigure: 3, SCHEMA.Gene: 1000})
    report.counts.links.update({PFOCR.StatedEntrez: 7, PFOCR.AliasOnly: 2})
    report.genes_with_hgnc = 999
    report.ledger.read(Counted.PAGE, 5000)
    report.ledger.emitted(Counted.PAGE, 4000)
    report.ledger.merged(Counted.PAGE, "said-again", 10)
    report.ledger.skipped(Counted.PAGE, "bad-figid", 980)
    report.ledger.skipped(Counted.PAGE, "another", 10)
    report.findings.update({"bad-figid": 980, "text-repaired": 4, "orphan-map-row": 2})
    return report


def test_severities_count_findings() -> None:
    assert report().severities() == {Severity.ERROR: 980, Severity.WARNING: 2, Severity.INFO: 4}
    assert Report(release="", table=TABLE, validated=True).severities() == dict.fromkeys(
        Severity, 0
    )


def test_json() -> None:
    record = json.loads(report().json())
    assert record["release"] == "2024-11"
    assert record["hgnc"] == TABLE._asdict()
    assert (record["validated"], record["conforms"]) == (True, True)
    assert record["triples"] == 1234
    assert record["entities"]["figures"] == 3
    assert record["entities"]["genes"] == 1000
    assert record["entities"]["papers"] == 0
    assert record["genes with HGNC match"] == 999
    assert record["mentions by link"] == {"AliasOnly": 2, "StatedEntrez": 7}
    assert record["findings"] == {
        "by severity": {"error": 980, "warning": 2, "info": 4},
        "by code": {"bad-figid": 980, "orphan-map-row": 2, "text-repaired": 4},
    }
    assert record["ledger"] == {
        "figure page": {
            "read": 5000,
            "emitted": 4000,
            "merged": {"said-again": 10},
            "skipped": {"another": 10, "bad-figid": 980},
        }
    }
    assert record["left out on purpose"] == LEFT_OUT
    assert set(record["left out on purpose"]) >= {"seo", "schema-jsonld.name"}


def test_markdown() -> None:
    text = report().markdown().decode()
    for line in (
        "# Export report: 2024-11",
        f"HGNC table: file, 43,882 genes, last changed 2024-10-18, SHA-256 `{'ab' * 32}`.",
        "The graph conforms to its shapes.",
        "| triples | 1,234 |",
        "| genes | 1,000 |",
        "| genes with HGNC match | 999 |",
        "| StatedEntrez | 7 |",
        "| bad-figid (error) | 980 |",
        "| figure page | 5,000 | 4,000 | said-again 10 | another 10, bad-figid 980 |",
        f"- `seo`: {LEFT_OUT['seo']}",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(
    ("validated", "violations", "line", "conforms"),
    [
        (True, 0, "The graph conforms to its shapes.", True),
        (True, 1200, "The graph does **not** conform to its shapes: 1,200 results.", False),
        (False, 0, "The graph was not validated (`--no-validate`).", None),
    ],
)
def test_whether_the_graph_conforms(
    validated: bool, violations: int, line: str, conforms: bool | None
) -> None:
    report = Report(
        release="",
        table=TABLE,
        validated=validated,
        findings=Counter({"shape-violation": violations}),
    )
    assert report.violations == violations
    assert line in report.markdown().decode().splitlines()
    assert report.record()["conforms"] is conforms


def test_a_report_of_nothing() -> None:
    undated = TABLE._replace(date="")
    text = Report(release="", table=undated, validated=True).markdown().decode()
    assert text.startswith("# Export report\n")
    assert "last changed at an unknown date" in text
    assert "## Findings\n\nNone.\n" in text
    assert "| kind | read | emitted | merged | skipped |" in text


def test_the_report_shows_every_code_with_its_severity() -> None:
    text = (
        Report(release="", table=TABLE, validated=True, findings=Counter(CODES.keys()))
        .markdown()
        .decode()
    )
    for code, meaning in CODES.items():
        assert f"| {code} ({meaning.severity}) | 1 |" in text
