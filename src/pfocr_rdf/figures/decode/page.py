"""A page's front matter and its tables -> one `Figure`, and what became of every leaf.

All generations of pages are read by the keys that are present, never by date. Each leaf is
booked once: in the graph, said already by another, or skipped with its reason; what is left
at the end is an unknown field. Problems of a page are all reported at once, each with a path.

Source: design/input.md and design/model.md, "Figure"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pfocr_rdf.figures.decode.fields import Fields, is_no_name
from pfocr_rdf.figures.decode.jsonld import MADE, JsonLdBlock
from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.organisms import may_be_human, organisms_named, organisms_of_rows
from pfocr_rdf.figures.decode.paper import decode_paper
from pfocr_rdf.figures.decode.rows import INLINE_KEYS, ROW_KIND, RowDecoder
from pfocr_rdf.figures.decode.spreadsheet_dates import may_have_been
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
    "Extended view": PFOCR.ExtendedView,
    "Appendix figure": PFOCR.AppendixFigure,
}
"""The six types of PFOCR's own pipeline."""
_RANK = re.compile(r"0|[1-9][0-9]{0,14}")
# Short, because 1e-999999999 would be written out in full.
_SCORE = re.compile(r"(?:[0-9]{1,20}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")
_WHOLE_PAGE = "the whole page"

ToIri = Callable[[str], IRI | None]
"""A pattern check that makes an IRI."""


@dataclass(frozen=True, slots=True)
class SideTables:
    """What decoding a page needs beside the page; the same for every figure of a run.

    `ndex` and `wikipathways` are the map files: figid to ids, of which NDEx has one.
    """

    taxa: TaxonTable
    ndex: Mapping[str, tuple[str, ...]]
    wikipathways: Mapping[str, tuple[str, ...]]
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
    _read(page, log)
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
    _read(page, log)
    if page.leaves:
        log.ledger.skipped(Counted.LEAF, reason, page.leaves)
    _no_figure(log, tables, reason)


def figid_of(page: FrontMatter) -> str:
    """Return the figid a page would be written under, or ""."""
    figid = page.fields.get("figid") if page.fields else None
    return figid if isinstance(figid, str) and iri.is_figid(figid) else ""


def _read(page: FrontMatter, log: DecodeLog) -> None:
    log.ledger.read(Counted.PAGE)
    log.ledger.read(Counted.LEAF, page.leaves)
    if page.text_below:
        log.ledger.read(Counted.TEXT_BELOW)
        log.skipped(log.file, "text-below-front-matter", Counted.TEXT_BELOW)


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
        explained = {mention.statement.word.strip() for mention in mentions}
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
        self.find_dates(keywords, mentions)
        title = title or self.figid
        description = self.description(jsonld, title)
        figure = Figure(
            figid=self.figid,
            iri=figure_iri,
            alias=self.text("figid_alias"),
            title=title,
            description=description,
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
            organisms_in_text=self.side.taxa.named_in(title, description, paper.title),
            ndex=self.network(),
            wikipathways=self.pathways(),
            redirects=tuple(self.addresses("redirect_from", iri.redirect_iri, "/figures/PMC…")),
            annotations=self.annotations(),
            keywords=tuple(keywords),
            paper=paper,
            mentions=mentions,
            names=tuple(self.rows.names),
            keyword_mentions=() if has_gene_rows else self.of_keywords(keywords, explained),
            may_be_human=may_be_human((*organisms, *recognized)),
        )
        jsonld.fields.finish(MADE.union(NOT_MAPPED))
        self.finish(NOT_MAPPED)
        return figure

    def take_rows(self, tables: Iterable[TableText]) -> bool:
        """Read every row, and say whether the page states gene rows, or a table has any.

        A table without a row that can be read says no more than one that cannot be opened.
        """
        has_gene_rows = False
        for kind, table, file in tables:
            has_rows = self.rows.table(kind, table, file)
            has_gene_rows |= has_rows and kind is Kind.GENE
        for key in INLINE_KEYS:
            if key in self.left:
                value = self.left.pop(key)
                self.rows.inline(key, value)
                has_gene_rows |= key == "genes" and isinstance(value, list)
        return has_gene_rows

    def of_keywords(
        self, keywords: Mapping[str, str], explained: Container[str]
    ) -> tuple[Mention, ...]:
        """Return a mention for each keyword that no row explains; blanks around it say nothing."""
        paths: dict[str, str] = {}
        for word, path in keywords.items():
            paths.setdefault(word.strip(), path)
        return tuple(
            Mention(Statement(Kind.TERM, "", "", "", "", word), 1, self.log.file, path)
            for word, path in paths.items()
            if word not in explained
        )

    def find_dates(self, keywords: Mapping[str, str], mentions: Iterable[Mention]) -> None:
        """Report the words that a spreadsheet has made dates of, each once."""
        said = {word: ("", path) for word, path in keywords.items()}
        for statement, _, file, field in mentions:
            for word in (statement.word, statement.match, statement.symbol):
                if word not in said:
                    said[word] = file, field
        for word, (file, field) in said.items():
            if names := may_have_been(word.strip()):
                self.log.find("spreadsheet-date", field, word, f"may have been {names}", file=file)

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
            # Somebody else's figure: many pages that have nothing in common link the same one.
            self.reject("figlink", "pmcid-mismatch", stated, f"the pmcid is {pmcid}")
            return None
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

    def network(self) -> IRI | None:
        """Return the NDEx network of the page, or else of the map."""
        own = self.checked("ndex", iri.ndex_iri, "bad-identifier", "a UUID")
        found = self.of_map(
            "ndex", self.side.ndex, iri.ndex_iri, "a UUID", [IRI(own)] if own else []
        )
        for other in found[1:]:
            value = other.rpartition("/")[2]
            self.log.find("value-conflict", "map: ndex", value, f"kept: {found[0]}")
            self.log.skipped("map: ndex", "value-conflict", Counted.MAP_ROW)
        if found and not own:
            self.log.emitted(1, Counted.MAP_ROW)
        return found[0] if found else None

    def pathways(self) -> tuple[IRI, ...]:
        """Return the pathways of the page and of the map: a figure may be drawn as several."""
        expected = "WP and digits"
        own = self.addresses("wpid", iri.wikipathways_iri, expected)
        found = self.of_map("wpid", self.side.wikipathways, iri.wikipathways_iri, expected, own)
        self.log.emitted(len(found) - len(own), Counted.MAP_ROW)
        return tuple(found)

    def of_map(
        self,
        key: str,
        rows: Mapping[str, tuple[str, ...]],
        parse: ToIri,
        expected: str,
        own: list[IRI],
    ) -> list[IRI]:
        """Return the page's own IRIs and after them those that a map adds, which the caller books."""
        found = list(own)
        for stated in rows.get(self.figid, ()):
            of_row = parse(stated)
            if of_row is None:
                self.log.find("bad-identifier", f"map: {key}", stated, f"expected {expected}")
                self.log.skipped(f"map: {key}", "bad-identifier", Counted.MAP_ROW)
            elif of_row in found:
                reason = "equals-page" if of_row in own else "repeated-row"
                self.log.merged(f"map: {key}", reason, Counted.MAP_ROW)
            else:
                found.append(of_row)
        return found

    def addresses(self, key: str, parse: ToIri, expected: str) -> list[IRI]:
        """Return the IRIs of a list of values, or of one text with commas or blanks between them."""
        found: list[IRI] = []
        for path, stated in self.texts(key):
            before = len(found)
            bad = False
            for value in re.split(r"[\s,;|]+", stated.strip()):
                address = parse(value)
                if address is None:
                    self.log.find("bad-identifier", path, value, f"expected {expected}")
                    bad = True
                elif address not in found:
                    found.append(address)
            if len(found) > before:
                self.log.emitted()
            elif bad:
                self.log.skipped(path, "bad-identifier")
            else:
                self.log.merged(path, "repeated")
        return found

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
            if is_no_name(item):
                self.log.skipped(path, "missing-value")
            elif isinstance(item, str):
                self.log.emitted()
                out.append(Annotation("", item))
            elif (
                isinstance(item, dict)
                and set(item) <= {"type", "value"}
                and not any(isinstance(inner, (dict, list)) for inner in item.values())
                and not is_no_name(item.get("value"))
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
