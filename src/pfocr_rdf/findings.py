"""What is wrong with the input, as data: stable codes, and the ledger that must balance.

A finding never stops a run. Every code stands once, in `CODES`, with its severity and what
the exporter does; docs/findings.md explains each and a test holds the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import orjson


class Severity(StrEnum):
    """How much a finding matters: `--strict` turns errors into exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(NamedTuple):
    """A kind of finding: its severity, what it means, and what the exporter does."""

    severity: Severity
    meaning: str
    action: str


_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, Code] = {
    # files
    "unreadable-file": Code(_E, "a file cannot be read or is not UTF-8", "the file is skipped"),
    "archive-member-unsafe": Code(
        _E, "an archive holds a path that leads outside it, a link or a device", "it is skipped"
    ),
    "front-matter-malformed": Code(
        _E, "a page has no front matter, or it is not the YAML we accept", "the page is skipped"
    ),
    "text-below-front-matter": Code(
        _I, "text follows the front matter of a page", "the page is read, the text is left out"
    ),
    "table-malformed": Code(
        _E, "a table's header lacks the columns of its kind", "its rows are skipped"
    ),
    "unread-file": Code(_W, "a file where tables lie is none by its name", "nothing of it is read"),
    "orphan-table": Code(_E, "a table belongs to no page", "its rows are skipped"),
    "record-malformed": Code(
        _E, "a line of a BioThings or GMT file is not what its form asks", "it is skipped"
    ),
    "fewer-facts": Code(
        _I, "a BioThings or GMT file says less than pages", "what it does not say is left out"
    ),
    "orphan-map-row": Code(_W, "a map row names no figure of the input", "the row is skipped"),
    "hgnc-row-malformed": Code(
        _W, "a row of the HGNC table cannot be trusted", "the row is left out"
    ),
    "hgnc-reference-malformed": Code(
        _W,
        "an id in another database that the HGNC table states has not its form",
        "that id is left out of the alignment, the gene stays",
    ),
    # figures
    "bad-figid": Code(_E, "a page has no figid, or one that cannot be an IRI", "it is skipped"),
    "duplicate-figure": Code(
        _E, "two pages have the same figid", "the first in path order is kept, this one skipped"
    ),
    "figid-mismatch": Code(
        _W, "figid, file name and schema-jsonld.@id disagree", "the figid stands"
    ),
    "figid-is-alias": Code(
        _I, "a gene set goes by PFOCR's alias of its figure", "the alias stands as the figid"
    ),
    "pmcid-mismatch": Code(
        _W,
        "the pmcid differs from that of the figid or the figlink",
        "the pmcid field stands, a figlink of another paper is skipped",
    ),
    "description-mismatch": Code(
        _W, "schema-jsonld.description is not the caption", "the caption stands"
    ),
    "duplicate-key": Code(_W, "a key stands twice in the front matter", "the last value stands"),
    "unknown-field": Code(_W, "a field or column that is not known", "it is skipped"),
    "field-malformed": Code(_W, "a field has not the form of its kind", "it is skipped"),
    "bad-identifier": Code(_W, "a value fails its identifier's pattern", "no IRI is made"),
    "bad-value": Code(_W, "a number or year out of its form or range", "it is skipped"),
    "value-conflict": Code(_W, "two sources state different values", "the page's own stands"),
    "unknown-figure-type": Code(_W, "a figtype that is not known", "it is skipped"),
    "unknown-licence": Code(_W, "a licence that is not known", "it is skipped"),
    "text-repaired": Code(_I, "prose was mis-decoded (mojibake)", "the repaired text is used"),
    "control-character": Code(
        _I,
        "text holds control characters",
        "kept as they are, except NUL, which is removed, and line breaks of YAML, which are read",
    ),
    # rows and mentions
    "row-malformed": Code(
        _W, "a row has not as many cells as the header, or says nothing", "the row is skipped"
    ),
    "unknown-source": Code(
        _W, "a row's source is not known", "kept as its own lexicon, in the widest tier"
    ),
    "no-identifier": Code(_I, "a row states no identifier", "the mention is kept, unresolved"),
    "symbol-renamed": Code(
        _I, "HGNC has renamed the gene since", "the stated id stands, today's symbol is its name"
    ),
    "symbol-entrez-conflict": Code(
        _W,
        "the stated symbol is not that of the stated Entrez id",
        "the id stands, the symbol's gene becomes a candidate",
    ),
    "gene-not-in-hgnc": Code(
        _I, "a human gene's Entrez id is not in the HGNC table used", "it has no HGNC link"
    ),
    "ambiguous-symbol": Code(
        _W, "a symbol names several genes", "nothing is asserted, all are candidates"
    ),
    "alias-only": Code(
        _I, "a symbol is only an alias", "nothing is asserted, its gene is a candidate"
    ),
    "doubtful-symbol": Code(
        _I,
        "a keyword is one gene's symbol, but may be no gene",
        "nothing is asserted, the gene is a candidate",
    ),
    "spreadsheet-date": Code(
        _W, "a symbol is a date, as spreadsheets make of some", "it stays as it is"
    ),
    "word-of-several-kinds": Code(
        _I,
        "a word is read as things of several kinds: gene, chemical, disease",
        "all stand, linked by pfocr:alsoReadAs",
    ),
    "unknown-symbol": Code(_I, "no gene of the HGNC table has this symbol", "it stays a term"),
    # entities
    "organism-unlinked": Code(
        _I, "an organism's name has no known taxon id", "it gets an IRI of ours"
    ),
    "organism-conflict": Code(
        _W,
        "an organism's name is given two taxon ids",
        "the figure's own table stands; of pages the built-in table's, else the first one's",
    ),
    "organism-not-of-figure": Code(
        _I,
        "gene rows are of an organism that is none of the figure's",
        "they stand, but not as pfocr:mentionsUnambiguously",
    ),
    "entity-conflict": Code(
        _W, "pages state different values where one can be true", "the one that sorts first is kept"
    ),
    # files of others
    "pubmed-id-missing": Code(
        _I, "the table of `--pmc-ids` has no PubMed id of a paper", "the paper has none"
    ),
    "pubmed-id-conflict": Code(
        _W,
        "the table of `--pmc-ids` contradicts itself or a page on a paper",
        "of several PubMed ids none is used, of two DOIs the page's stands",
    ),
    "mesh-name-missing": Code(
        _I, "the lists of `--mesh` have no name for a thing of MeSH", "figures' word stands"
    ),
    "mapping-malformed": Code(
        _W, "a row of `--mappings` is no mapping of SSSOM", "the row is left out"
    ),
    # the graph
    "shape-violation": Code(_E, "a node does not conform to its shape", "it is written as it is"),
}


class Finding(NamedTuple):
    """One thing found: which code, where, in which field, at which value.

    `field` is a path in the file (`genes[3].entrez`, `line 7: mesh`) or "";
    `detail` says what was expected, found or done beyond what the code says.
    """

    code: str
    file: str
    field: str = ""
    value: str = ""
    detail: str = ""

    @property
    def severity(self) -> Severity:
        """The severity of the code."""
        return CODES[self.code].severity

    def record(self) -> dict[str, str]:
        """Return the finding as it stands in findings.jsonl."""
        code = CODES[self.code]
        return {
            "code": self.code,
            "severity": code.severity.value,
            "file": self.file,
            "field": self.field,
            "value": self.value,
            "detail": self.detail,
            "action": code.action,
        }

    def line(self) -> bytes:
        """Return the finding as one line of findings.jsonl."""
        return orjson.dumps(self.record(), option=orjson.OPT_APPEND_NEWLINE)


class Counted(StrEnum):
    """What is counted: one entry of the ledger for each of them that comes in."""

    PAGE = "figure page"
    LEAF = "front-matter leaf"
    GENE_ROW = "gene row"
    CHEMICAL_ROW = "chemical row"
    DISEASE_ROW = "disease row"
    MAP_ROW = "map row"
    TEXT_BELOW = "text below front matter"
    DATA_FILE = "other file beside tables"
    ORGANISM_PAGE = "organism page"
    ORGANISM_LEAF = "organism leaf"
    RECORD = "figure record"
    RECORD_LEAF = "record leaf"
    MAPPING_ROW = "mapping row"


class Outcome(StrEnum):
    """What became of one thing that came in."""

    EMITTED = "emitted"
    MERGED = "merged"
    SKIPPED = "skipped"


class Ledger:
    """Double entry: what the readers counted, and what became of it, per kind and reason.

    Readers call `read`; whoever decides calls `emitted`, `merged` or `skipped`. The two
    sides are counted at different places, so `imbalances` catches what falls between.
    """

    __slots__ = ("came_in", "outcomes")

    def __init__(self) -> None:
        self.came_in: Counter[Counted] = Counter()
        self.outcomes: Counter[tuple[Counted, Outcome, str]] = Counter()

    def read(self, kind: Counted, count: int = 1) -> None:
        """Count things of a kind that came in."""
        self.came_in[kind] += count

    def emitted(self, kind: Counted, count: int = 1) -> None:
        """Count things that are in the graph."""
        self.outcomes[kind, Outcome.EMITTED, ""] += count

    def merged(self, kind: Counted, reason: str, count: int = 1) -> None:
        """Count things that say what another one said already."""
        self.outcomes[kind, Outcome.MERGED, reason] += count

    def skipped(self, kind: Counted, reason: str, count: int = 1) -> None:
        """Count things that are not in the graph, and why."""
        self.outcomes[kind, Outcome.SKIPPED, reason] += count

    def add(self, other: Ledger) -> None:
        """Add the ledger of another part of the run."""
        self.came_in.update(other.came_in)
        self.outcomes.update(other.outcomes)

    def imbalances(self) -> list[str]:
        """Return a line for each kind whose two sides differ; empty when all balance."""
        settled: Counter[Counted] = Counter()
        for (kind, _, _), count in self.outcomes.items():
            settled[kind] += count
        return [
            f"{kind}: {self.came_in[kind]} came in, {settled[kind]} accounted for"
            for kind in Counted
            if self.came_in[kind] != settled[kind]
        ]

    def record(self) -> dict[str, dict[str, object]]:
        """Return the ledger as it stands in report.json, kinds and reasons in order."""
        out: dict[str, dict[str, object]] = {}
        for kind in Counted:
            if not self.came_in[kind] and not any(key[0] is kind for key in self.outcomes):
                continue
            entry: dict[str, object] = {
                "read": self.came_in[kind],
                "emitted": self.outcomes[kind, Outcome.EMITTED, ""],
            }
            for outcome in (Outcome.MERGED, Outcome.SKIPPED):
                entry[outcome.value] = dict(sorted(self._reasons(kind, outcome)))
            out[kind.value] = entry
        return out

    def _reasons(self, kind: Counted, outcome: Outcome) -> Iterator[tuple[str, int]]:
        for (of_kind, of_outcome, reason), count in self.outcomes.items():
            if of_kind is kind and of_outcome is outcome and count:
                yield reason, count
