"""The coverage of a release as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.assess.stats.coverage import Coverage
from pfocr_rdf.text import one_line

_ORGANISMS: Final = 15
_READ: Final = {
    "gene rows and keywords": ("genes", "terms"),
    "chemicals": ("chemicals",),
    "diseases": ("diseases",),
}
"""What was read, and as which kinds its mentions are counted.

A keyword is a gene when it is identified, else a term: of such genes alone, all are identified.
"""


class Section(NamedTuple):
    """One table: a title, what its rows are, and (label, number, share of the whole).

    `is_whole`: the rows are all parts of one whole.
    """

    title: str
    of: str
    rows: Sequence[tuple[str, int, float]]
    is_whole: bool = False


def parts(coverage: Coverage) -> list[Section]:
    """Return the tables of a coverage, in reading order; empty ones are left out."""

    def ranked(title: str, of: str, counts: Counter[str], whole: int, most: int = 0) -> Section:
        # A fixed order: the same release gives the same report.
        order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        rows = [(coverage.label(key), count, _share(count, whole)) for key, count in order if count]
        is_whole = sum(counts.values()) == whole
        return Section(title, of, rows[: most or None], is_whole)

    mentions = coverage.mentions.total()
    identified = []
    for what, kinds in _READ.items():
        if whole := sum(coverage.mentions[kind] for kind in kinds):
            count = sum(coverage.identified[kind] for kind in kinds)
            identified.append((what, count, _share(count, whole)))
    found = [
        ranked("Figures with", "figures", coverage.figures_with, coverage.figures),
        Section("Mentions identified", "of the mentions of the kind", identified),
        ranked("How they were identified", "mentions", coverage.methods, coverage.methods.total()),
        ranked("Why others were not", "mentions", coverage.reasons, coverage.reasons.total()),
        ranked("How words were matched", "mentions", coverage.tiers, coverage.tiers.total()),
        ranked("Lexicons", "mentions", coverage.lexicons, mentions),
        ranked("Organisms", "figures", coverage.organisms, coverage.figures, _ORGANISMS),
    ]
    return [part for part in found if part.rows]


def totals(coverage: Coverage) -> list[tuple[str, int]]:
    """Return what there is in all."""
    entities = coverage.entities
    return [
        ("figures", coverage.figures),
        ("papers", entities["papers"]),
        ("journals", entities["journals"]),
        ("mentions", coverage.mentions.total()),
        ("mentions identified", coverage.identified.total()),
        ("genes", entities["genes"]),
        ("genes with an HGNC id", coverage.genes_with_hgnc),
        ("chemicals", entities["chemicals"]),
        ("diseases", entities["diseases"]),
        ("organisms", entities["organisms"]),
        ("triples", coverage.triples),
    ]


def coverage_text(coverage: Coverage) -> str:
    """Return the coverage for a terminal."""
    return "".join(_lines(coverage))


def _lines(coverage: Coverage) -> Iterator[str]:
    yield f"Release {one_line(coverage.name) or coverage.key[:12]}\n"
    width = max(len(name) for name, _ in totals(coverage))
    for name, count in totals(coverage):
        yield f"  {name.ljust(width)}  {count:>12,}\n"
    for part in parts(coverage):
        yield f"\n{part.title} ({part.of})\n"
        yield from _rows(part.rows)
    if coverage.years:
        whole = coverage.years.total()
        yield "\nYears (figures)\n"
        yield from _rows(
            [(year, count, _share(count, whole)) for year, count in sorted(coverage.years.items())]
        )


def _rows(rows: Iterable[tuple[str, int, float]]) -> Iterator[str]:
    rows = [(one_line(label), count, share) for label, count, share in rows]
    width = max(len(label) for label, _, _ in rows)
    for label, count, share in rows:
        yield f"  {label.ljust(width)}  {count:>12,}  {share:>6.1%}\n"


def coverage_json(coverage: Coverage) -> bytes:
    """Return the coverage as data; concepts and organisms by IRI, with their labels."""
    counted = (*coverage.methods, *coverage.reasons, *coverage.tiers, *coverage.lexicons)
    record = {
        "release": {"name": coverage.name, "key": coverage.key},
        "totals": dict(totals(coverage)),
        "figures with": coverage.figures_with,
        "mentions": coverage.mentions,
        "identified": coverage.identified,
        "methods": coverage.methods,
        "reasons": coverage.reasons,
        "tiers": coverage.tiers,
        "lexicons": coverage.lexicons,
        "organisms": coverage.organisms,
        "years": coverage.years,
        "labels": {key: coverage.label(key) for key in (*counted, *coverage.organisms)},
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(record, option=options)


def _share(count: int, whole: int) -> float:
    return count / whole if whole else 0.0
