"""The HGNC table in memory: which human gene an identifier or a symbol names.

Everything here is pure: text in, `GeneTable` out. Reading files is the business of
`table_source`, fetching them that of `download`. Each look-up answers only what the
table says: symbols are compared exactly, case included, and a symbol that several genes
carry gives all of them. Deciding between them is for `linker` (which mostly refuses to).

Source: HGNC complete set, https://www.genenames.org/download/archive/ (CC0).
"""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

from pfocr_rdf.errors import InputError
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import CROSS_REFERENCES

COLUMNS = (
    "hgnc_id",
    "symbol",
    "name",
    "status",
    "alias_symbol",
    "prev_symbol",
    "date_modified",
    "entrez_id",
)
"""The columns that a table must have, in the order in which the public one has them."""

REFERENCE_COLUMNS = tuple(reference.column for reference in CROSS_REFERENCES)
"""Those of ids in other databases, in the order of `HgncGene.crossed`; a table may lack them."""

COMPLETE_GENES = 40_000
"""Fewer approved genes are not the complete set, which had 41,562 in 2018 and only grows."""

SUBSET_LINE = "# subset of the HGNC complete set: date={date} sha256={sha256}"
"""First line of a table cut from a full one; it keeps the full table's date and hash."""

_SUBSET = re.compile(r"# subset of .*: date=(\d{4}-\d\d-\d\d) sha256=([0-9a-f]{64})")
_SHOWN = 500
_ROW, _REFERENCE = "hgnc-row-malformed", "hgnc-reference-malformed"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"[1-9][0-9]*")
_NOT_GENES = re.compile(r"(?:Entry|Symbol) Withdrawn|Merged/Split.*")
_ONE_REFERENCE = tuple(
    re.compile(f"(?:{each.prefix}:)?{each.pattern}") for each in CROSS_REFERENCES
)
_REFERENCES = re.compile(
    "\t".join(rf"(?:{one.pattern}(?:\|{one.pattern})*)?" for one in _ONE_REFERENCE)
)
_NO_REFERENCES = "\t" * (len(REFERENCE_COLUMNS) - 1)
_ID_QUERY = re.compile(r"(?:(hgnc|ncbigene):)?([1-9][0-9]*)", re.IGNORECASE)


class HgncGene(NamedTuple):
    """One approved human gene, as HGNC describes it.

    Attributes:
        hgnc_id: The number alone, "11926" for HGNC:11926.
        symbol: The approved symbol.
        name: The approved name.
        entrez_id: NCBI Gene id, digits; "" when HGNC states none.
        aliases: Alias symbols, in table order.
        previous: Symbols that were approved for this gene before, in table order.
        crossed: Its ids in other databases as one text, which few genes are ever asked for: cells
            in the order of `REFERENCE_COLUMNS` with tabs between, each of checked ids with bars
            between; "" when the table states none. `cross_reference_iris` reads it.
    """

    hgnc_id: str
    symbol: str
    name: str
    entrez_id: str
    aliases: tuple[str, ...] = ()
    previous: tuple[str, ...] = ()
    crossed: str = ""


class TableRelease(NamedTuple):
    """Which HGNC table this is; stated in report, manifest and graph.

    Attributes:
        date: Newest `date_modified` of the rows, "2024-10-18" (the file has no date of its
            own); of the full table when this is a subset; "" when no row has a date.
        sha256: Of the decompressed text, 64 hex digits.
        genes: Number of approved genes in this table.
        origin: "embedded", "cache" or "file".
        name: File name, without folders.
        subset_of: SHA-256 of the full table this one was cut from; "" for a full table.
        left_out: Number of rows that could not be used.
    """

    date: str
    sha256: str
    genes: int
    origin: str
    name: str
    subset_of: str = ""
    left_out: int = 0


class MatchedBy(StrEnum):
    """What of a gene a query is equal to."""

    HGNC_ID = "hgnc_id"
    ENTREZ_ID = "entrez_id"
    APPROVED = "approved"
    PREVIOUS = "previous"
    ALIAS = "alias"


class Match(NamedTuple):
    """A gene that a query could mean, and why."""

    gene: HgncGene
    how: MatchedBy


@dataclass(frozen=True, slots=True)
class GeneTable:
    r"""One HGNC release, indexed; never changes after it is built.

    Pickles as its rows alone, so that a worker process gets it for the price of a parse.

    Attributes:
        release: Which table this is.
        genes: Approved genes in table order; ids and symbols are unique.
        problems: A finding for each row, and each id in another database, that was left out.

    Example:
        >>> rows = (
        ...     COLUMNS,
        ...     ("HGNC:124", "ACP5", "acid phosphatase 5", "Approved", "TRAP", "", "", "54"),
        ...     ("HGNC:14372", "SCYL1", "SCY1 like", "Approved", '"TRAP|NTKL"', "", "", "57410"),
        ... )
        >>> table = parse_hgnc(map("\t".join, rows), origin="file", name="two.tsv")
        >>> table.by_entrez("54").symbol
        'ACP5'
        >>> [gene.symbol for gene in table.by_alias("TRAP")]
        ['ACP5', 'SCYL1']
        >>> table.by_symbol("acp5") is None
        True
    """

    release: TableRelease
    genes: tuple[HgncGene, ...]
    problems: tuple[Finding, ...] = ()
    _entrez: dict[str, HgncGene] = field(init=False, repr=False, compare=False)
    _hgnc: dict[str, HgncGene] = field(init=False, repr=False, compare=False)
    _symbol: dict[str, HgncGene] = field(init=False, repr=False, compare=False)
    _previous: dict[str, tuple[HgncGene, ...]] = field(init=False, repr=False, compare=False)
    _alias: dict[str, tuple[HgncGene, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        genes = self.genes
        previous: dict[str, tuple[HgncGene, ...]] = {}
        alias: dict[str, tuple[HgncGene, ...]] = {}
        for gene in genes:
            for symbol in gene.previous:
                previous[symbol] = (*previous[symbol], gene) if symbol in previous else (gene,)
            for symbol in gene.aliases:
                alias[symbol] = (*alias[symbol], gene) if symbol in alias else (gene,)
        # A frozen dataclass sets its derived fields this way.
        put = object.__setattr__
        put(self, "_entrez", {gene.entrez_id: gene for gene in genes if gene.entrez_id})
        put(self, "_hgnc", {gene.hgnc_id: gene for gene in genes})
        put(self, "_symbol", {gene.symbol: gene for gene in genes})
        put(self, "_previous", previous)
        put(self, "_alias", alias)

    def __len__(self) -> int:
        """Number of approved genes."""
        return len(self.genes)

    def __iter__(self) -> Iterator[HgncGene]:
        """The genes, in table order."""
        return iter(self.genes)

    def __reduce__(self) -> tuple[object, ...]:
        # Lines are one object, and come out of a pickle without a tuple for each gene, which the
        # collector of garbage would look through time and again.
        return _unpickle, (self.release, packed(self.genes), self.problems)

    @property
    def left_out(self) -> tuple[Finding, ...]:
        """A finding for each row that was left out, and why."""
        return tuple(each for each in self.problems if each.code == _ROW)

    def by_entrez(self, entrez_id: str) -> HgncGene | None:
        """The gene with this Entrez id (digits), or None when HGNC has none."""
        return self._entrez.get(entrez_id)

    def by_hgnc_id(self, hgnc_id: str) -> HgncGene | None:
        """The gene with this HGNC id (the number alone), or None."""
        return self._hgnc.get(hgnc_id)

    def by_symbol(self, symbol: str) -> HgncGene | None:
        """The gene whose approved symbol this is, exact case, or None."""
        return self._symbol.get(symbol)

    def by_previous(self, symbol: str) -> tuple[HgncGene, ...]:
        """All genes that had this approved symbol before, in table order; often none.

        Whether it is another gene's approved symbol today is not looked at.
        """
        return self._previous.get(symbol, ())

    def by_alias(self, symbol: str) -> tuple[HgncGene, ...]:
        """All genes that have this alias symbol, in table order; often none."""
        return self._alias.get(symbol, ())

    def candidates(self, symbol: str) -> tuple[Match, ...]:
        """All genes that a symbol could mean, each once, by its strongest match.

        Returns:
            The gene with this approved symbol first, then those that had it before, then
            those that have it as an alias; within each, in table order.
        """
        found: dict[str, Match] = {}
        approved = self._symbol.get(symbol)
        if approved is not None:
            found[approved.hgnc_id] = Match(approved, MatchedBy.APPROVED)
        for gene in self.by_previous(symbol):
            found.setdefault(gene.hgnc_id, Match(gene, MatchedBy.PREVIOUS))
        for gene in self.by_alias(symbol):
            found.setdefault(gene.hgnc_id, Match(gene, MatchedBy.ALIAS))
        return tuple(found.values())

    def lookup(self, query: str) -> tuple[Match, ...]:
        """All genes that a person who types `query` could mean.

        Args:
            query: `HGNC:11926` or `hgnc:11926`; an Entrez id, `8600` or `ncbigene:8600`;
                or any symbol, exact case. Blanks around it are ignored.

        Returns:
            The gene with this id first, then as `candidates`; each gene once.
        """
        query = query.strip()
        matches = {match.gene.hgnc_id: match for match in self.candidates(query)}
        identifier = _ID_QUERY.fullmatch(query)
        if identifier is None:
            return tuple(matches.values())
        prefix, digits = identifier.groups()
        by_hgnc = prefix is not None and prefix.lower() == "hgnc"
        gene = self.by_hgnc_id(digits) if by_hgnc else self.by_entrez(digits)
        if gene is None:
            return tuple(matches.values())
        how = MatchedBy.HGNC_ID if by_hgnc else MatchedBy.ENTREZ_ID
        matches.pop(gene.hgnc_id, None)
        return (Match(gene, how), *matches.values())


def _unpickle(
    release: TableRelease,
    lines: str,
    problems: tuple[Finding, ...],
) -> GeneTable:
    with _at_leisure():
        return GeneTable(release, unpacked(lines), problems)


_BEFORE = HgncGene._fields.index("crossed")
"""How many fields stand before the cross references, the one that may hold tabs."""


def packed(genes: Iterable[HgncGene]) -> str:
    """Return genes as lines: no name holds a tab, none a line end, no symbol a bar."""
    return "".join(
        f"{number}\t{symbol}\t{name}\t{entrez}\t{'|'.join(aliases)}\t{'|'.join(previous)}\t{crossed}\n"
        for number, symbol, name, entrez, aliases, previous, crossed in genes
    )


def unpacked(lines: str) -> tuple[HgncGene, ...]:
    """Return the genes of `packed`; nothing is checked."""
    made = []
    for line in lines.split("\n")[:-1]:
        number, symbol, name, entrez, aliases, previous, crossed = line.split("\t", _BEFORE)
        made.append(
            HgncGene(
                number,
                symbol,
                name,
                entrez,
                tuple(aliases.split("|")) if aliases else (),
                tuple(previous.split("|")) if previous else (),
                crossed,
            )
        )
    return tuple(made)


@contextmanager
def _at_leisure() -> Iterator[None]:
    """Let no garbage be collected: making 44,000 tuples, none of it garbage, takes half as long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_complete(genes: int) -> bool:
    """Say whether a table of so many approved genes can be the complete set."""
    return genes >= COMPLETE_GENES


def parse_hgnc(text_or_lines: str | Iterable[str], origin: str, name: str) -> GeneTable:
    """Read the public HGNC table, or a subset with the same column names.

    The header decides where the columns are; others than `COLUMNS` and `REFERENCE_COLUMNS` are
    ignored. A table without the latter, or some of them, gives genes without such ids.
    Only rows with status `Approved` are genes (older tables also list withdrawn entries).
    A row that cannot be trusted (too few or too many cells, an ill-formed id, an id or
    symbol that an earlier row has) is left out and recorded in `GeneTable.problems`; so is an id
    of another database that has not its form.

    Args:
        text_or_lines: Decompressed text of the table, or its lines.
        origin: For `TableRelease.origin`: "embedded", "cache" or "file".
        name: File name, for the release and for messages.

    Raises:
        InputError: A column is missing, so this is not an HGNC table.
    """
    if isinstance(text_or_lines, str):
        text = text_or_lines
    else:
        text = "".join(line if line.endswith("\n") else f"{line}\n" for line in text_or_lines)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    lines = enumerate(_lines(text), start=1)
    date = subset_of = header = ""
    for _, line in lines:
        header = line.removeprefix("\ufeff").removesuffix("\r")
        if not header.startswith("#"):
            break
        if (subset := _SUBSET.match(header)) is not None:
            date, subset_of = subset.groups()
    columns = header.split("\t")
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise InputError(
            f"{name}: header: expected the columns of the HGNC complete set, "
            f"{', '.join(missing)} missing (is this the file hgnc_complete_set.txt?)"
        )
    rows = _Rows(name, columns)
    with _at_leisure():
        genes = tuple(rows.genes(lines))
    release = TableRelease(
        date=date or max(filter(_DATE.fullmatch, rows.dates), default=""),
        sha256=sha256,
        genes=len(genes),
        origin=origin,
        name=name,
        subset_of=subset_of,
        left_out=sum(each.code == _ROW for each in rows.problems),
    )
    with _at_leisure():
        return GeneTable(release, genes, tuple(rows.problems))


def parse_checked(text: str, origin: str, name: str) -> GeneTable:
    """Read a table that a script of ours has made of a checked one; half the time of `parse_hgnc`.

    Args:
        text: A line as `SUBSET_LINE`, one with all columns, and whole rows of approved genes.
        origin: For `TableRelease.origin`.
        name: File name, for the release.
    """
    about, header, *rows = text.split("\n")
    subset = _SUBSET.match(about)
    assert subset is not None
    assert header.split("\t") == [*COLUMNS, *REFERENCE_COLUMNS]
    assert rows.pop() == ""
    genes = []
    with _at_leisure():
        for row in rows:
            accession, symbol, label, _, aliases, previous, _, entrez, crossed = row.split(
                "\t", len(COLUMNS)
            )
            genes.append(
                HgncGene(
                    accession[5:],
                    symbol,
                    label,
                    entrez,
                    tuple(aliases.split("|")) if aliases else (),
                    tuple(previous.split("|")) if previous else (),
                    "" if crossed == _NO_REFERENCES else crossed,
                )
            )
        date, subset_of = subset.groups()
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        release = TableRelease(date, sha256, len(genes), origin, name, subset_of)
        return GeneTable(release, tuple(genes))


def _lines(text: str) -> Iterator[str]:
    # One line at a time instead of a list: half the peak memory. Not splitlines(), which
    # also splits at characters that a gene name may hold.
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


class _Rows:
    """PageQueue lines into genes and remembers what was wrong with the others."""

    def __init__(self, name: str, columns: list[str]) -> None:
        self._name = name
        self._tabs = len(columns) - 1
        positions = [columns.index(column) for column in COLUMNS]
        references = [columns.index(c) if c in columns else None for c in REFERENCE_COLUMNS]
        self._references = references
        self._last = max(*positions, *(place or 0 for place in references)) + 1
        self._cells = itemgetter(*positions)
        self.dates: set[str] = set()
        self.problems: list[Finding] = []

    def genes(self, lines: Iterable[tuple[int, str]]) -> Iterator[HgncGene]:
        # This loop runs 44,000 times at the start of each command: locals and one pass.
        tabs, last, pick, dates = self._tabs, self._last, self._cells, self.dates
        ids: set[str] = set()
        symbols: set[str] = set()
        entrez_ids: set[str] = set()
        for number, raw in lines:
            line = raw.removesuffix("\r")
            if line.count("\t") != tabs:
                # A row that was cut may also have lost digits of its last identifier.
                if line:
                    found = f"found {line.count(chr(9)) + 1}"
                    self._problem(number, "", f"expected {tabs + 1} cells, {found}", "")
                continue
            cells = line.split("\t", last)
            hgnc_id, symbol, label, status, alias, previous, date, entrez = pick(cells)
            dates.add(date)
            if status != "Approved":
                if not _NOT_GENES.fullmatch(status):
                    self._problem(number, "status", "expected Approved or a withdrawn one", status)
                continue
            if '"' in symbol or '"' in label or '"' in entrez:
                symbol, label, entrez = _unquote(symbol), _unquote(label), _unquote(entrez)
            accession = hgnc_id[5:]
            if not (hgnc_id.startswith("HGNC:") and _is_id(accession)):
                self._problem(number, "hgnc_id", "expected HGNC: and digits", hgnc_id)
            elif not symbol:
                self._problem(number, "symbol", "expected an approved symbol", symbol)
            elif entrez and not _is_id(entrez):
                self._problem(number, "entrez_id", "expected digits", entrez)
            elif accession in ids:
                self._problem(number, "hgnc_id", "expected once", hgnc_id)
            elif symbol in symbols:
                self._problem(number, "symbol", "expected once", symbol)
            elif entrez in entrez_ids:
                self._problem(number, "entrez_id", "expected once", entrez)
            else:
                ids.add(accession)
                symbols.add(symbol)
                if entrez:
                    entrez_ids.add(entrez)
                yield HgncGene(
                    accession,
                    symbol,
                    label,
                    entrez,
                    _symbols(alias) if alias else (),
                    _symbols(previous) if previous else (),
                    self._crossed(number, cells),
                )

    def _crossed(self, number: int, cells: list[str]) -> str:
        """Return the ids in other databases that have their form; the others are findings."""
        crossed = "\t".join(["" if place is None else cells[place] for place in self._references])
        if crossed == _NO_REFERENCES:
            return ""
        if _REFERENCES.fullmatch(crossed):
            return crossed
        kept = []
        for reference, form, cell in zip(
            CROSS_REFERENCES, _ONE_REFERENCE, crossed.split("\t"), strict=True
        ):
            # Two accessions of RefSeq stand in HGNC's own table with a full stop behind them.
            ids = [each.removesuffix(".") for each in _symbols(cell)]
            for each in ids:
                if not form.fullmatch(each):
                    expected = f"expected an id of {reference.prefix}"
                    self._problem(number, reference.column, expected, each, _REFERENCE)
            kept.append("|".join(each for each in ids if form.fullmatch(each)))
        crossed = "\t".join(kept)
        return "" if crossed == _NO_REFERENCES else crossed

    def _problem(
        self, number: int, column: str, expected: str, found: str, code: str = _ROW
    ) -> None:
        where = f"line {number}: {column}" if column else f"line {number}"
        self.problems.append(Finding(code, self._name, where, found[:_SHOWN], expected))


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def _unquote(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _symbols(cell: str) -> tuple[str, ...]:
    """`"ACF|ASP"` (quoted when several) as a tuple; blanks, empties and repeats dropped."""
    if "|" not in cell:
        single = _unquote(cell).strip()
        return (single,) if single else ()
    parts = (part.strip() for part in _unquote(cell).split("|"))
    return tuple(dict.fromkeys(part for part in parts if part))
