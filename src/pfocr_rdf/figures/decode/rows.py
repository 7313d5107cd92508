"""Inline rows and table rows -> mentions: equal rows become one, with their number.

Source: design/input.md, "TSVs" and inline `genes`, `chemicals`, `diseases`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pfocr_rdf.figures.decode.fields import MISSING, NO_NAMES, is_missing
from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.model import HUMAN, Mention, Organism, Statement
from pfocr_rdf.figures.read import Table, Value
from pfocr_rdf.findings import Counted
from pfocr_rdf.rdf import Kind
from pfocr_rdf.rdf import iris as iri

ROW_KIND = {
    Kind.GENE: Counted.GENE_ROW,
    Kind.CHEMICAL: Counted.CHEMICAL_ROW,
    Kind.DISEASE: Counted.DISEASE_ROW,
}
INLINE_KEYS = {
    "genes": Kind.GENE,
    "chemicals": Kind.CHEMICAL,
    "diseases": Kind.DISEASE,
}
_GENE_COLUMNS = (
    "organism_id", "organism_name", "organism_group", "word", "match", "ncbigene_symbol",
    "ncbigene_id", "source",
)  # fmt: skip
_LABELS = frozenset(("organism_group",))
"""Columns that no fact but their own needs: a table without them is read all the same."""
_COUNT_COLUMNS = frozenset(("count_direct", "count_synonym", "count_match"))
_OLD_COLUMNS = ("word", "source", "identifier")
_COLUMNS = {
    Kind.CHEMICAL: ("word", "mesh", "match", "name", "chebi"),
    Kind.DISEASE: ("word", "mesh", "match", "name", "doid"),
}
_INLINE_GENE = frozenset(("word", "symbol", "source", "hgnc_symbol", "entrez"))
_INLINE_TERM = frozenset(("word", "source", "identifier"))
_MISSING = frozenset((None, "", ".na.character", "NA"))
_NO_WORDS = frozenset(("source", "entrez", "identifier"))
"""Cells of inline rows that are no words or symbols, so that `NULL` in them is none."""
_AS_SAID = frozenset(("word", "symbol"))
"""Cells of inline rows that OCR or a lexicon wrote, which stay as they are."""
_SYSTEM = {"MESH": "mesh", "CHEBI": "chebi", "DOID": "doid", "DO": "doid"}


class RowDecoder:
    """Gathers the mentions of one figure from all its rows, in the order they are read."""

    def __init__(self, log: DecodeLog) -> None:
        self.log = log
        self.organisms: dict[tuple[str, str], Organism | None] = {}
        self.names: dict[tuple[Kind, str, str, str], None] = {}
        self._mentions: dict[Statement, Mention] = {}

    def mentions(self) -> tuple[Mention, ...]:
        """Return one mention per distinct statement, in the order of their first rows.

        Called once, after all rows: it notes the rows that became mentions.
        """
        kinds = Counter(statement.kind for statement in self._mentions)
        for kind, count in kinds.items():
            self.log.emitted(count, ROW_KIND[kind])
        return tuple(self._mentions.values())

    def table(self, kind: Kind, table: Table, file: str) -> bool:
        """Read the rows of one table, whose kind is of its file's name; say whether there are any.

        A table that cannot be read states as little as an empty one.
        """
        row_kind = ROW_KIND[kind]
        self.log.findings.extend(table.findings)
        self.log.ledger.read(row_kind, len(table.rows) + table.malformed)
        if table.malformed:
            self.log.ledger.skipped(row_kind, "row-malformed", table.malformed)
        columns = table.columns
        if kind is Kind.GENE:
            layouts: tuple[tuple[str, ...], ...] = (_GENE_COLUMNS,)
        else:
            layouts = (_COLUMNS[kind], _OLD_COLUMNS)
        layout = next((names for names in layouts if not _missing(names, columns)), None)
        if layout is None:
            if table.rows or not columns:
                found, detail = _header_fault(layouts, columns)
                self.log.find("table-malformed", "line 1", found, detail, file=file)
                self.log.ledger.skipped(row_kind, "table-malformed", len(table.rows))
            return False
        for name in columns:
            if name not in layout and name not in _COUNT_COLUMNS:
                self.log.find("unknown-field", f"line 1: {name}", name, file=file)
        # A label that the table lacks is read from a cell that every row gets at its end.
        at = [columns.get(name, -1) for name in layout]
        lacking: list[str] = [""] if -1 in at else []
        rows = (
            (
                f"line {number}",
                [(cells + lacking)[i] for i in at] if lacking else [cells[i] for i in at],
            )
            for number, cells in table.rows
        )
        if kind is Kind.GENE:
            self._gene_rows(rows, file)
        elif layout is _OLD_COLUMNS:
            for field, (word, source, identifier) in rows:
                self._old_row(kind, field, file, word, source, identifier)
        else:
            for field, (word, mesh, match, name, accession) in rows:
                self._term_row(kind, field, file, word, match, _name(name), mesh, accession)
        return bool(table.rows)

    def inline(self, key: str, value: Value) -> None:
        """Read the rows that stand in the front matter under `genes`, `chemicals`, `diseases`."""
        kind = INLINE_KEYS[key]
        row_kind = ROW_KIND[kind]
        if is_missing(value):
            self.log.skipped(key, "missing-value")
            return
        if not isinstance(value, list):
            self.log.find("field-malformed", key, str(value), "expected a list of rows")
            self.log.skipped_all(key, value, "field-malformed")
            return
        known = _INLINE_GENE if kind is Kind.GENE else _INLINE_TERM
        for i, row in enumerate(value):
            field = f"{key}[{i}]"
            self.log.ledger.read(row_kind)
            if not isinstance(row, dict) or not _is_flat(row):
                self.log.find("row-malformed", field, str(row), f"expected {sorted(known)}")
                self.log.skipped_all(field, row, "row-malformed")
                self.log.skipped(field, "row-malformed", row_kind)
                continue
            if row.keys() <= known and _is_as_said(row):
                cells = cast("dict[str, str]", row)
            else:
                cells = self._cells(row, known, field)
            if kind is Kind.GENE:
                checked, rejected = "entrez", self._inline_gene(field, cells)
            else:
                checked, rejected = "identifier", self._old_row(
                    kind, field, "", cells.get("word", ""), cells.get("source", ""),
                    cells.get("identifier", ""),
                )  # fmt: skip
            if rejected:
                self.log.skipped(f"{field}.{checked}", "bad-identifier")
            self.log.emitted(len(cells) - bool(rejected))

    def _cells(self, row: Mapping[str, Value], known: frozenset[str], field: str) -> dict[str, str]:
        """Return the cells that say something; the caller notes them."""
        cells: dict[str, str] = {}
        for name, value in row.items():
            if name not in known:
                self.log.find("unknown-field", f"{field}.{name}", str(value))
                self.log.skipped(f"{field}.{name}", "unknown-field")
            elif not isinstance(value, str) or not (said := _cell(name, value)):
                self.log.skipped(f"{field}.{name}", "missing-value")
            else:
                cells[name] = said
        return cells

    def _inline_gene(self, field: str, cells: Mapping[str, str]) -> str:
        """Add a row, and return its identifier if that failed its pattern."""
        stated = cells.get("entrez", "")
        entrez = iri.entrez_id(stated)
        if entrez is None:
            entrez = self._checked(stated, iri.entrez_id, f"{field}.entrez", "digits", "")
        rejected = stated if stated and not entrez else ""
        self._add(
            Statement(
                Kind.GENE,
                cells.get("word", ""),
                cells.get("symbol", ""),
                cells.get("source", ""),
                # Inline rows were matched against HGNC, whose genes are human.
                HUMAN,
                cells.get("hgnc_symbol", ""),
                entrez,
                rejected=rejected,
            ),
            field,
            "",
        )
        return rejected

    def _gene_rows(self, rows: Iterable[tuple[str, list[str]]], file: str) -> None:
        for field, (organism_id, organism, group, word, match, symbol, stated, source) in rows:
            entrez = iri.entrez_id(stated)
            if entrez is None:
                stated = _name(stated)
                where = f"{field}: ncbigene_id"
                entrez = self._checked(stated, iri.entrez_id, where, "digits", file)
            if (organism_id, organism) in self.organisms:
                known = self.organisms[organism_id, organism]
            else:
                taxon = self._checked(
                    _name(organism_id), iri.taxon_id, f"{field}: organism_id", "digits", file
                )
                known = None
                if taxon or _name(organism):
                    known = Organism(_name(organism) or f"taxon {taxon}", taxon, _name(group))
                self.organisms[organism_id, organism] = known
            self._add(
                Statement(
                    Kind.GENE, word, match, _name(source),
                    known.taxon_id or known.name if known else "", _symbol(symbol), entrez,
                    rejected=stated if stated and not entrez else "",
                ),
                field,
                file,
            )  # fmt: skip

    def _term_row(
        self, kind: Kind, field: str, file: str, word: str, match: str, name: str,
        mesh: str, accession: str,
    ) -> None:  # fmt: skip
        mesh, accession = _name(mesh), _name(accession)
        mesh_id = self._checked(mesh, iri.mesh_id, f"{field}: mesh", "a MeSH id", file)
        if kind is Kind.CHEMICAL:
            number = self._checked(accession, iri.chebi_id, f"{field}: chebi", "chebi:digits", file)
        else:
            number = self._checked(accession, iri.doid, f"{field}: doid", "DOID:digits", file)
        rejected = "" if mesh_id or number else mesh or accession
        if name and (mesh_id or number):
            self.names[kind, mesh_id, number, name] = None
        self._add(
            # Without an identifier there is no entity to carry the lexicon's name for it.
            Statement(
                kind, word, match if mesh_id or number else match or name, "", "", "", "",
                mesh_id, number, rejected,
            ),
            field,
            file,
        )  # fmt: skip

    def _old_row(
        self, kind: Kind, field: str, file: str, word: str, source: str, identifier: str
    ) -> str:
        """Add a row, and return its identifier if that failed its pattern."""
        source, identifier = _name(source), _name(identifier)
        system = _SYSTEM.get(source.upper(), "mesh" if not source else "")
        mesh_id = number = ""
        where = f"{field}.identifier" if not file else f"{field}: identifier"
        if system == "mesh":
            mesh_id = self._checked(identifier, iri.mesh_id, where, "a MeSH id", file)
        elif system == "chebi" and kind is Kind.CHEMICAL:
            number = self._checked(identifier, iri.chebi_id, where, "a ChEBI id", file)
        elif system == "doid" and kind is Kind.DISEASE:
            number = self._checked(identifier, iri.doid, where, "a DOID", file)
        rejected = "" if mesh_id or number else identifier
        self._add(
            Statement(kind, word, "", source, "", "", "", mesh_id, number, rejected), field, file
        )
        return rejected

    def _checked(self, stated: str, parse: iri.Parse, field: str, expected: str, file: str) -> str:
        if not stated:
            return ""
        value = parse(stated.strip())
        if value is None:
            self.log.find("bad-identifier", field, stated, f"expected {expected}", file=file)
            return ""
        return value

    def _add(self, statement: Statement, field: str, file: str) -> None:
        known = self._mentions.get(statement)
        if known is not None:
            self._mentions[statement] = known._replace(occurrences=known.occurrences + 1)
            kind = ROW_KIND[statement.kind]
            self.log.merged(f"{file}#{field}" if file else field, "repeated-row", kind)
        elif statement.word or any(statement[2:4]) or any(statement[5:]):
            self._mentions[statement] = Mention(statement, 1, file or self.log.file, field)
        else:
            # Nothing but an organism at most: there is no mention to make of it.
            kind = ROW_KIND[statement.kind]
            self.log.find("row-malformed", field, "", "the row says nothing", file=file)
            self.log.skipped(f"{file}#{field}" if file else field, "row-malformed", kind)


def _name(cell: str) -> str:
    """Return a cell that names or identifies something, "" where it stands for none."""
    name = cell.strip()
    return "" if name in MISSING or name.lower() in NO_NAMES else name


def _symbol(cell: str) -> str:
    """Return a stated symbol: with blanks around it, it is the same one."""
    symbol = cell.strip()
    return "" if symbol in MISSING else symbol


def _cell(name: str, value: str) -> str:
    """Return what a cell of an inline row says, "" where that is nothing."""
    if name in _NO_WORDS:
        return _name(value)
    said = value if name in _AS_SAID else value.strip()
    return "" if said in _MISSING else said


def _missing(layout: Iterable[str], columns: Mapping[str, int]) -> list[str]:
    return [name for name in layout if name not in columns and name not in _LABELS]


def _header_fault(
    layouts: Sequence[tuple[str, ...]], columns: Mapping[str, int]
) -> tuple[str, str]:
    """Return the value and the detail of a finding: the columns that are missing, alone."""
    layout = min(layouts, key=lambda names: len(_missing(names, columns)))
    missing = _missing(layout, columns)
    if len(missing) * 2 > len(layout):
        # It is no such table at all: then its whole header is wrong.
        expected = " or ".join(", ".join(names) for names in layouts)
        return ", ".join(columns) or "no header, or a repeated column", f"expected {expected}"
    others = {_letters(name): name for name in columns if name not in layout}
    near = {name: others[_letters(name)] for name in missing if _letters(name) in others}
    shown = [f"{name} (found {near[name]!r})" if name in near else name for name in missing]
    return ", ".join(near.values()), f"missing: {', '.join(shown)}"


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _is_as_said(row: Mapping[str, Value]) -> bool:
    """Say whether all cells of a flat row say something, just as they stand there."""
    return all(isinstance(v, str) and v and _cell(name, v) == v for name, v in row.items())


def _is_flat(row: Mapping[str, Value]) -> bool:
    return bool(row) and not any(isinstance(cell, (dict, list)) for cell in row.values())
