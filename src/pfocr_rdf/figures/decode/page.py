"""A page's front matter and its tables -> one `Figure`, and what became of every leaf.

All generations of pages are read by the keys that are present, never by date. Each leaf is
booked once: in the graph, said already by another, or skipped with its reason; what is left
at the end is an unknown field. Problems of a page are all reported at once, each with a path.

Source: design/input.md and design/model.md, "Figure"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pfocr_rdf.figures.decode.fields import Fields, is_missing
from pfocr_rdf.figures.decode.jsonld import MADE, JsonLdBlock
from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.organisms import may_be_human, organisms_named, organisms_of_rows
from pfocr_rdf.figures.decode.paper import decode_paper
from pfocr_rdf.figures.decode.rows import INLINE_KEYS, ROW_KIND, RowDecoder
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.model import Annotation, Figure, Mention, Statement
from pfocr_rdf.figures.read import FrontMatter, Table, Value
from pfocr_rdf.findings import Counted, Ledger
from pfocr_rdf.rdf import IRI, PFOCR, Kind
from pfocr_rdf.rdf import iris as iri

NOT_MAPPED: Final = {
    "seo": "the template's own setting",
    "schema-jsonld.@context": "the graph has its own context",
    "schema-jsonld.@type": "every figure is a schema:Dataset",
    "schema-jsonld.name": "a template slip: it says CreativeWork for every figure",
}
"""Fields left out on purpose; the report lists them with these reasons."""

FIGURE_TYPES: Final = {
    "Figure": PFOCR.Figure,
    "Scheme": PFOCR.Scheme,
    "Supplemental figure": PFOCR.SupplementalFigure,
    "Graphical abstract": PFOCR.GraphicalAbstract,
}
_RANK = re.compile(r"0|[1-9][0-9]{0,14}")
# Short, because 1e-999999999 would be written out in full.
_SCORE = re.compile(r"(?:[0-9]{1,20}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_WHOLE_PAGE = "the whole page"


@dataclass(frozen=True, slots=True)
class SideTables:
    """What decoding a page needs beside the page; the same for every figure of a run.

    `ndex` and `wikipathways` are the map files: figid to id.
    """

    taxa: TaxonTable
    ndex: Mapping[str, str]
    wikipathways: Mapping[str, str]
    captions: bool = True


class TableText(NamedTuple):
    """A parsed mention table and the name of its file."""

    kind: Kind
    table: Table
    file: str

    def skip(self, ledger: Ledger, reason: str) -> None:
        """Count all rows as skipped for one reason."""
        kind = ROW_KIND[self.kind]
        count = len(self.table.rows) + self.table.malformed
        ledger.read(kind, count)
        if count:
            ledger.skipped(kind, reason, count)


def decode_figure(
    page: FrontMatter, tables: Iterable[TableText], side: SideTables, log: DecodeLog
) -> Figure | None:
    """Return the figure of a page, or None when it has no IRI to be written under.

    Every leaf and row is booked in `log`, also when there is no figure.
    """
    log.ledger.read(Counted.PAGE)
    log.ledger.read(Counted.LEAF, page.leaves)
    log.findings.extend(page.findings)
    if page.dropped:
        log.ledger.skipped(Counted.LEAF, "duplicate-key", page.dropped)
    if page.fields is None:
        _no_figure(log, tables, "front-matter-malformed")
        return None
    figid = page.fields.get("figid")
    if not isinstance(figid, str) or not iri.is_figid(figid):
        found = repr(figid) if "figid" in page.fields else "none"
        log.find("bad-figid", "figid", found, "expected PMC…__name of letters, digits, . _ -")
        log.skipped_all("", page.fields, "bad-figid")
        _no_figure(log, tables, "bad-figid")
        return None
    return _PageDecoder(figid, page.fields, side, log).figure(tables)


def reject_page(
    page: FrontMatter, tables: Iterable[TableText], log: DecodeLog, reason: str
) -> None:
    """Note a whole page and its tables as skipped for a reason that lies outside it."""
    log.ledger.read(Counted.PAGE)
    log.ledger.read(Counted.LEAF, page.leaves)
    if page.leaves:
        log.ledger.skipped(Counted.LEAF, reason, page.leaves)
    _no_figure(log, tables, reason)


def figid_of(page: FrontMatter) -> str:
    """Return the figid a page would be written under, or ""."""
    figid = page.fields.get("figid") if page.fields else None
    return figid if isinstance(figid, str) and iri.is_figid(figid) else ""


def _no_figure(log: DecodeLog, tables: Iterable[TableText], reason: str) -> None:
    log.skipped(_WHOLE_PAGE, reason, Counted.PAGE)
    for table in tables:
        table.skip(log.ledger, reason)


class _PageDecoder(Fields):
    """Takes the fields of one page, those first that others are checked against."""

    def __init__(
        self, figid: str, fields: Mapping[str, Value], side: SideTables, log: DecodeLog
    ) -> None:
        super().__init__(fields, log)
        self.figid = figid
        self.side = side
        self.rows = RowDecoder(log)

    def figure(self, tables: Iterable[TableText]) -> Figure:
        self.log.emitted(1, Counted.PAGE)
        self.text("figid")
        figure_iri = iri.figure_iri(self.figid)
        assert figure_iri is not None, "decode_figure has checked the figid"
        has_gene_rows = self.take_rows(tables)
        mentions = self.rows.mentions()
        explained = {mention.statement.word for mention in mentions}
        jsonld = JsonLdBlock(self)
        jsonld.check_id(self.figid)
        self.check_file_name()
        pmcid = self.pmcid()
        filename = self.text("filename")
        number = self.text("number")
        paper = decode_paper(self, pmcid)
        title = self.prose("figtitle") or " ".join(filter(None, (paper.title, number)))
        of_rows = tuple(organisms_of_rows(self.rows, self.side.taxa))
        organisms = organisms_named(self, "organisms", of_rows, self.side.taxa)
        recognized = organisms_named(self, "organisms_ner", of_rows, self.side.taxa)
        keywords = jsonld.keywords()
        title = title or self.figid
        figure = Figure(
            figid=self.figid,
            iri=figure_iri,
            alias=self.text("figid_alias"),
            title=title,
            description=self.description(jsonld, title),
            image=self.image(pmcid, filename),
            page=self.page_at_pmc(pmcid),
            license=jsonld.license(),
            creator=jsonld.creator(),
            number=number,
            type=self.type(),
            filename=filename,
            score=self.score(),
            rank=self.checked("pmc_ranked_result_index", _rank, "bad-value", "a whole number"),
            organisms=organisms,
            organisms_recognized=recognized,
            organisms_of_rows=of_rows,
            ndex=self.mapped("ndex", self.side.ndex, iri.ndex_iri, "a UUID"),
            wikipathways=self.mapped(
                "wpid", self.side.wikipathways, iri.wikipathways_iri, "WP and digits"
            ),
            redirect=_iri_or_none(
                self.checked("redirect_from", iri.redirect_iri, "bad-identifier", "/figures/PMC…")
            ),
            annotations=self.annotations(),
            keywords=tuple(keywords),
            paper=paper,
            mentions=mentions,
            names=tuple(self.rows.names),
            keyword_mentions=()
            if has_gene_rows
            else tuple(
                Mention(Statement(Kind.TERM, "", "", "", "", word), 1, self.log.file, path)
                for word, path in keywords.items()
                if word not in explained
            ),
            may_be_human=may_be_human(recognized or organisms),
        )
        jsonld.fields.finish(MADE.union(NOT_MAPPED))
        self.finish(NOT_MAPPED)
        return figure

    def take_rows(self, tables: Iterable[TableText]) -> bool:
        """Read every row, and say whether the input states gene rows, if only none."""
        has_gene_rows = False
        for kind, table, file in tables:
            self.rows.table(kind, table, file)
            has_gene_rows |= kind is Kind.GENE
        for key in INLINE_KEYS:
            if key in self.left:
                value = self.left.pop(key)
                self.rows.inline(key, value)
                has_gene_rows |= key == "genes" and isinstance(value, list)
        return has_gene_rows

    def check_file_name(self) -> None:
        stem = PurePosixPath(self.log.file).stem
        if iri.is_figid(stem) and stem != self.figid:
            self.log.find("figid-mismatch", "figid", self.figid, f"the file is named {stem}")

    def description(self, jsonld: JsonLdBlock, title: str) -> str:
        """Return the caption; the page says it twice, and the two must agree."""
        if not self.side.captions:
            self.leave_out("caption", "captions-left-out")
            jsonld.fields.leave_out("description", "captions-left-out")
            return ""
        caption = self.take("caption")
        self.log.emitted(bool(caption))
        said_again = jsonld.description(caption, title)
        return self.mended("caption", caption) or said_again

    def pmcid(self) -> str:
        of_figid = iri.pmcid_of(self.figid)
        stated = self.checked("pmcid", _pmcid, "bad-identifier", "PMC and digits")
        if stated and stated != of_figid:
            self.log.find("pmcid-mismatch", "pmcid", stated, f"the figid has {of_figid}")
        return stated or of_figid

    def page_at_pmc(self, pmcid: str) -> IRI | None:
        stated = self.take("figlink")
        if not stated:
            return None
        link = iri.figure_page(stated.strip())
        if link is None:
            self.reject("figlink", "bad-identifier", stated, "expected /pmc/articles/PMC…/figure/…")
            return None
        if link[0] != pmcid:
            self.log.find("pmcid-mismatch", "figlink", stated, f"the pmcid is {pmcid}")
        self.log.emitted()
        return link[1]

    def image(self, pmcid: str, filename: str) -> IRI | None:
        if not filename:
            return None
        image = iri.image_iri(pmcid, filename)
        if image is None:
            self.log.find(
                "bad-identifier", "filename", filename, "expected letters, digits, . _ -; "
                "kept as pfocr:fileName, without schema:contentUrl"
            )  # fmt: skip
        return image

    def type(self) -> IRI | None:
        stated = self.take("figtype")
        if not stated:
            return None
        concept = FIGURE_TYPES.get(stated.strip())
        if concept is None:
            self.reject("figtype", "unknown-figure-type", stated)
            return None
        self.log.emitted()
        return concept

    def score(self) -> str:
        """Return the one score, whose name differs between generations."""
        score = self.checked("automl_pathway", _score, "bad-value", "a number from 0 to 1")
        older = self.take("pathway_score")
        if not older:
            return score
        value = _score(older.strip())
        if value is None:
            self.reject("pathway_score", "bad-value", older, "expected a number from 0 to 1")
        elif score and Decimal(score) != Decimal(value):
            self.reject("pathway_score", "value-conflict", older, f"automl_pathway is {score}")
        elif score:
            self.log.merged("pathway_score", "equals-automl_pathway")
        else:
            self.log.emitted()
            return value
        return score

    def mapped(
        self, key: str, of_map: Mapping[str, str], parse: Callable[[str], IRI | None], expected: str
    ) -> IRI | None:
        """Return the IRI of an id that stands in the page, in a map file, or in both."""
        own = self.checked(key, parse, "bad-identifier", expected)
        other = of_map.get(self.figid, "")
        if not other:
            return _iri_or_none(own)
        of_row = parse(other)
        if of_row is None:
            self.log.find("bad-identifier", f"map: {key}", other, f"expected {expected}")
            self.log.skipped(f"map: {key}", "bad-identifier", Counted.MAP_ROW)
        elif own and own != of_row:
            self.log.find("value-conflict", f"map: {key}", other, f"kept: {own}")
            self.log.skipped(f"map: {key}", "value-conflict", Counted.MAP_ROW)
        elif own:
            self.log.merged(f"map: {key}", "equals-page", Counted.MAP_ROW)
        else:
            self.log.emitted(1, Counted.MAP_ROW)
            return of_row
        return _iri_or_none(own)

    def annotations(self) -> tuple[Annotation, ...]:
        if "annotations" not in self.left:
            return ()
        value = self.left.pop("annotations")
        if isinstance(value, list) and value:
            items = [(f"annotations[{i}]", item) for i, item in enumerate(value)]
        else:
            items = [("annotations", value)]
        out = []
        for path, item in items:
            if is_missing(item):
                self.log.skipped(path, "missing-value")
            elif isinstance(item, str):
                self.log.emitted()
                out.append(Annotation("", item))
            elif (
                isinstance(item, dict)
                and set(item) <= {"type", "value"}
                and not any(isinstance(inner, (dict, list)) for inner in item.values())
                and not is_missing(item.get("value"))
            ):
                inner = Fields(item, self.log, path)
                out.append(Annotation(inner.text("type"), inner.text("value")))
            else:
                self.log.find("field-malformed", path, str(item), "expected type and value")
                self.log.skipped_all(path, item, "field-malformed")
        return tuple(dict.fromkeys(out))


def _pmcid(value: str) -> str | None:
    return value if iri.is_pmcid(value) else None


def _rank(value: str) -> str | None:
    return value if _RANK.fullmatch(value) else None


def _score(value: str) -> str | None:
    """Return a decimal from 0 to 1 without exponent, in the digits it was stated with."""
    if _SCORE.fullmatch(value) is None or not 0 <= (number := Decimal(value)) <= 1:
        return None
    return f"{number:f}"


def _iri_or_none(value: str) -> IRI | None:
    return IRI(value) if value else None
