"""What a run did, as report.json and report.md: totals, links, findings, the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from pfocr_rdf.figures.decode import organism_pages, page, records
from pfocr_rdf.figures.link import TableRelease
from pfocr_rdf.findings import CODES, Severity
from pfocr_rdf.rdf import IRI, PFOCR, Kind
from pfocr_rdf.release.counts import Tally

LEFT_OUT: Final = {
    **page.NOT_MAPPED,
    "schema-jsonld: what pfocr-rdf patch-frontmatter adds": "made from the page's other fields",
    **{f"_organisms: {key}": reason for key, reason in organism_pages.NOT_MAPPED.items()},
    **{f"BioThings: {key}": reason for key, reason in records.NOT_MAPPED.items()},
    "genes.tsv: count_direct, count_synonym, count_match": (
        "counts over the figure, repeated in each of its rows"
    ),
}
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_CLASSES: Final = {
    "figures": Kind.FIGURE.of_class,
    "gene mentions": Kind.GENE.mention_class,
    "chemical mentions": Kind.CHEMICAL.mention_class,
    "disease mentions": Kind.DISEASE.mention_class,
    "terms left unlinked": Kind.TERM.mention_class,
    **{
        kind.plural: kind.of_class
        for kind in (Kind.GENE, Kind.PAPER, Kind.CHEMICAL, Kind.DISEASE, Kind.ORGANISM)
    },
}


@dataclass(slots=True, kw_only=True)
class Report(Tally):
    """All that is known of a finished run: its tally, and with what it was made.

    `genes_with_hgnc` counts genes that are matched to an HGNC entry. `validated` is False
    when the run was told not to validate.
    """

    release: str
    table: TableRelease
    validated: bool
    genes_with_hgnc: int = 0

    def record_tally(self) -> bytes:
        """Return what has been counted as bytes that `restore_tally` reads."""
        return orjson.dumps([self.record_bytes().hex(), self.genes_with_hgnc])

    def restore_tally(self, recorded: bytes) -> None:
        """Put what an earlier run has counted in the place of what this one has."""
        tally, self.genes_with_hgnc = orjson.loads(recorded)
        earlier = Tally.from_record(bytes.fromhex(tally))
        self.counts, self.ledger, self.findings = earlier.counts, earlier.ledger, earlier.findings

    @property
    def violations(self) -> int:
        """How many results the validation had."""
        return self.findings["shape-violation"]

    def severities(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity."""
        totals: Counter[Severity] = Counter()
        for code, count in self.findings.items():
            totals[CODES[code].severity] += count
        return {severity: totals[severity] for severity in Severity}

    def things(self) -> dict[str, int]:
        """Return how many there are of each kind of thing in the graph."""
        return {name: self.counts.classes[iri] for name, iri in _CLASSES.items()}

    def links(self) -> dict[str, int]:
        """Return how many mentions were identified by which method, or not, by reason."""
        return _local_names(self.counts.links)

    def record(self) -> dict[str, object]:
        """Return the report as it stands in report.json."""
        return {
            "release": self.release,
            "hgnc": self.table._asdict(),
            "validated": self.validated,
            "conforms": self.violations == 0 if self.validated else None,
            "triples": self.counts.triples,
            "entities": self.things(),
            "genes with HGNC match": self.genes_with_hgnc,
            "mentions by link": self.links(),
            "findings": {
                "by severity": {s.value: n for s, n in self.severities().items()},
                "by code": dict(sorted(self.findings.items())),
            },
            "ledger": self.ledger.record(),
            "left out on purpose": LEFT_OUT,
        }

    def json(self) -> bytes:
        """Return report.json."""
        return orjson.dumps(self.record(), option=_JSON)

    def markdown(self) -> bytes:
        """Return report.md."""
        return ("\n".join(self._lines()) + "\n").encode()

    def _lines(self) -> Iterator[str]:
        yield f"# Export report{f': {self.release}' if self.release else ''}"
        yield ""
        yield (
            f"HGNC table: {self.table.origin}, {self.table.genes:,} genes, last changed "
            f"{self.table.date or 'at an unknown date'}, SHA-256 `{self.table.sha256}`."
        )
        if self.table.left_out:
            yield f"Rows of it left out: {self.table.left_out:,} (`hgnc-row-malformed`)."
        yield ""
        if not self.validated:
            yield "The graph was not validated (`--no-validate`)."
        elif self.violations:
            yield f"The graph does **not** conform to its shapes: {self.violations:,} results."
        else:
            yield "The graph conforms to its shapes."
        yield from _table("In the graph", ("what", "number"), {
            "triples": self.counts.triples, **self.things(),
            "genes with HGNC match": self.genes_with_hgnc,
        })  # fmt: skip
        yield from _table(
            "How mentions were identified, or why not", ("by", "mentions"), self.links()
        )
        rows = {
            f"{code} ({CODES[code].severity})": count
            for code, count in sorted(self.findings.items())
        }
        yield from _table("Findings", ("code", "number"), rows)
        yield "\n## Ledger: all that came in\n"
        yield "| kind | read | emitted | merged | skipped |"
        yield "|---|--:|--:|---|---|"
        for kind, entry in self.ledger.record().items():
            reasons = [_reasons(entry[outcome]) for outcome in ("merged", "skipped")]
            yield f"| {kind} | {entry['read']:,} | {entry['emitted']:,} | {' | '.join(reasons)} |"
        yield "\n## Left out on purpose\n"
        for name, reason in LEFT_OUT.items():
            yield f"- `{name}`: {reason}"


def _table(title: str, head: tuple[str, str], rows: Mapping[str, int]) -> Iterator[str]:
    yield f"\n## {title}\n"
    if not rows:
        yield "None."
        return
    yield f"| {head[0]} | {head[1]} |"
    yield "|---|--:|"
    for name, count in rows.items():
        yield f"| {name} | {count:,} |"


def _reasons(counts: object) -> str:
    assert isinstance(counts, dict)
    return ", ".join(f"{reason} {count:,}" for reason, count in counts.items()) or "0"


def _local_names(counts: Mapping[IRI, int]) -> dict[str, int]:
    return {iri.removeprefix(PFOCR.base): count for iri, count in sorted(counts.items())}
