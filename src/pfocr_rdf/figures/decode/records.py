"""A record of an earlier release -> one `Figure`, which says less than a page would.

What a record does not say is left out: nothing is looked up, nothing is guessed. Each field and
each id is booked, as the leaves of a page are. Licence and creator are those of every PFOCR
release, of which such files are a part.

Source: design/input.md, "Strictness tiers"; see `record_forms` for the formats
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import orjson

from pfocr_rdf.figures.decode.fields import Fields, is_missing
from pfocr_rdf.figures.decode.jsonld import LICENCES
from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.page import SideTables
from pfocr_rdf.figures.decode.prose import repaired
from pfocr_rdf.figures.model import (
    Creator,
    Figure,
    Mention,
    Organism,
    Paper,
    Statement,
)
from pfocr_rdf.figures.read import MAX_DEPTH, RecordForm, RecordText, Value, figid_in, leaves
from pfocr_rdf.findings import Counted
from pfocr_rdf.rdf import IRI, Kind
from pfocr_rdf.rdf import iris as iri

NOT_MAPPED: Final = {
    "_score": "how well a query of the API was met",
    "_version": "the API's own",
    "associatedWith.pubmed": "papers go by their PMCID",
}
"""Fields of documents left out on purpose; the report lists them with these reasons."""

_ALIAS: Final = re.compile(r"PMC[0-9]+__((?:F|S|SF|GA|EV|AF)[0-9]+[a-z]?)")
_IMAGE: Final = re.compile(r"https?://[^/]+/(?:pmc/)?articles/(PMC[0-9]+)/bin/([^/]+)")
_WITH_TAXON: Final = re.compile(r"(.+)-([1-9][0-9]*)")
_UNKNOWN: Final = "unknown organism"
_CREATOR: Final = Creator("WikiPathways", is_person=False)
_WHOLE: Final = "the whole record"


def decode_records(
    records: Sequence[RecordText],
    side: SideTables,
    log: DecodeLog,
    is_taken: Callable[[str], bool],
) -> Figure | None:
    """Return the figure of a document, or of all sets of one name; None when there is none.

    Every field is booked in `log`, whose leaves are those of records.

    Args:
        records: One document, or sets of several files.
        side: Organisms by name, and the maps to other databases.
        log: Where outcomes and findings go.
        is_taken: Says whether an earlier page or record has a figid.
    """
    log.ledger.read(Counted.RECORD, len(records))
    if records[0].form is RecordForm.BIOTHINGS:
        return _decode_document(records[0], side, log, is_taken)
    return _decode_sets(records, side, log, is_taken)


def _decode_document(
    record: RecordText, side: SideTables, log: DecodeLog, is_taken: Callable[[str], bool]
) -> Figure | None:
    value = _json(record.text, log)
    if value is None:
        return None
    log.ledger.read(Counted.RECORD_LEAF, len(leaves(value)))
    stated = value.get("_id")
    figid = figid_in(stated) if isinstance(stated, str) else ""
    if not figid or is_taken(figid):
        code, shown = ("duplicate-figure", figid) if figid else ("bad-figid", repr(stated))
        log.find(code, "_id", shown, "" if figid else "expected PMC…__name")
        log.skipped_all("", value, code)
        log.skipped(_WHOLE, code, Counted.RECORD)
        return None
    log.emitted(1, Counted.RECORD)
    return _Document(figid, value, side, log).figure()


def _json(text: str | None, log: DecodeLog) -> dict[str, Value] | None:
    """Return a document whose numbers are texts; None with a finding when it is none."""
    reason = "not UTF-8, or gone"
    if text is not None:
        try:
            value = _value(orjson.loads(text))
        except (orjson.JSONDecodeError, ValueError) as error:
            reason = str(error)
        else:
            if isinstance(value, dict) and value:
                return value
            reason = "expected an object"
    log.find("record-malformed", "", (text or "").strip()[:80], reason)
    log.skipped(_WHOLE, "record-malformed", Counted.RECORD)
    return None


def _value(given: object, depth: int = 0) -> Value:
    if depth > MAX_DEPTH:
        raise ValueError(f"more than {MAX_DEPTH} levels")
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, dict):
        return {key: _value(inner, depth + 1) for key, inner in given.items()}
    if isinstance(given, list):
        return [_value(inner, depth + 1) for inner in given]
    return orjson.dumps(given).decode()


class _Figure:
    """What both forms put together: mentions, each once, and what the maps say."""

    def __init__(self, figid: str, side: SideTables, log: DecodeLog) -> None:
        self.figid = figid
        self.side = side
        self.log = log
        self.mentions: dict[Statement, Mention] = {}

    def mention(self, statement: Statement, field: str, file: str = "") -> None:
        if statement in self.mentions:
            self.log.merged(field, "repeated")
        else:
            self.log.emitted()
            self.mentions[statement] = Mention(statement, 1, file or self.log.file, field)

    def ids(
        self, kind: Kind, key: str, stated: Iterable[tuple[str, str]], organism: str = ""
    ) -> None:
        """Take the ids of a list as mentions; what is no id is a finding."""
        parse, expected = _IDS[key]
        for field, text in stated:
            id_ = parse(text.strip())
            if id_ is None:
                self.log.find("bad-identifier", field, text, f"expected {expected}")
                self.log.skipped(field, "bad-identifier")
                continue
            statement = Statement(kind, "", "", "", organism)
            if key == "ncbigene":
                statement = statement._replace(entrez_id=id_)
            elif key == "mesh":
                statement = statement._replace(mesh_id=id_)
            else:
                statement = statement._replace(accession=id_)
            self.mention(statement, field)

    def mapped(
        self, of_map: Mapping[str, tuple[str, ...]], key: str, parse: iri.Parse
    ) -> tuple[IRI, ...]:
        found: dict[IRI, None] = {}
        for stated in of_map.get(self.figid, ()):
            made = parse(stated)
            if made is None:
                self.log.find("bad-identifier", f"map: {key}", stated)
                self.log.skipped(f"map: {key}", "bad-identifier", Counted.MAP_ROW)
            elif made in found:
                self.log.merged(f"map: {key}", "repeated-row", Counted.MAP_ROW)
            else:
                self.log.emitted(1, Counted.MAP_ROW)
                found[IRI(made)] = None
        return tuple(found)

    def made(
        self,
        title: str,
        pmcid: str,
        filename: str = "",
        number: str = "",
        organisms: Iterable[Organism] = (),
    ) -> Figure:
        figure_iri = iri.figure_iri(self.figid)
        assert figure_iri is not None, "the figid has been checked"
        return Figure(
            figid=self.figid,
            iri=figure_iri,
            alias="",
            title=title or self.figid,
            description="",
            image=iri.image_iri(pmcid, filename) if filename else None,
            page=None,
            license=LICENCES["CC0"],
            creator=_CREATOR,
            number=number,
            type=None,
            filename=filename,
            score="",
            rank="",
            organisms=(),
            organisms_recognized=(),
            organisms_of_rows=tuple(dict.fromkeys(organisms)),
            organisms_in_text=self.side.taxa.named_in(title),
            ndex=next(iter(self.mapped(self.side.ndex, "ndex", iri.ndex_iri)), None),
            wikipathways=self.mapped(self.side.wikipathways, "wpid", iri.wikipathways_iri),
            redirects=(),
            annotations=(),
            keywords=(),
            paper=Paper(pmcid, "", "", "", "", "", "", "", ()),
            mentions=tuple(self.mentions.values()),
            names=(),
            keyword_mentions=(),
            may_be_human=True,
        )


_IDS: Final[dict[str, tuple[iri.Parse, str]]] = {
    "ncbigene": (iri.entrez_id, "digits"),
    "mesh": (iri.mesh_id, "a MeSH id"),
    "chebi": (iri.chebi_id, "a ChEBI id"),
    "doid": (iri.doid, "a DOID"),
}
_LISTS: Final = {
    "genes": (Kind.GENE, ("ncbigene",)),
    "chemicals": (Kind.CHEMICAL, ("mesh", "chebi")),
    "diseases": (Kind.DISEASE, ("mesh", "doid")),
}


class _Document(_Figure):
    """A BioThings document."""

    def __init__(
        self, figid: str, value: Mapping[str, Value], side: SideTables, log: DecodeLog
    ) -> None:
        super().__init__(figid, side, log)
        self.top = Fields(value, log)

    def figure(self) -> Figure:
        self.top.text("_id")
        block = self.inner(self.top, "associatedWith")
        said = self.inner(block, "mentions")
        for name, (kind, keys) in _LISTS.items():
            lists = self.inner(said, name)
            for key in keys:
                self.ids(kind, key, lists.texts(key))
            lists.finish(NOT_MAPPED)
        said.finish(NOT_MAPPED)
        title = block.prose("title") or block.prose("figureTitle")
        pmcid = self.pmcid(block)
        filename = self.image(block)
        self.check_page(block)
        block.finish(NOT_MAPPED)
        self.top.finish(NOT_MAPPED)
        return self.made(title, pmcid, filename)

    def inner(self, fields: Fields, key: str) -> Fields:
        """Return a mapping inside; anything else there is booked, and the mapping is empty."""
        path = fields.at(key)
        if key in fields.left:
            value = fields.left.pop(key)
            if isinstance(value, dict) and value:
                return Fields(value, self.log, path)
            if is_missing(value):
                self.log.skipped(path, "missing-value")
            else:
                self.log.find("field-malformed", path, str(value), "expected a mapping")
                self.log.skipped_all(path, value, "field-malformed")
        return Fields({}, self.log, path)

    def pmcid(self, block: Fields) -> str:
        of_figid = iri.pmcid_of(self.figid)
        stated = block.checked("pmc", _pmcid, "bad-identifier", "PMC and digits")
        if stated and stated != of_figid:
            self.log.find("pmcid-mismatch", block.at("pmc"), stated, f"the figid has {of_figid}")
        return stated or of_figid

    def image(self, block: Fields) -> str:
        """Return the name of the image's file, from where it once lay."""
        stated = block.take("figureUrl")
        if not stated:
            return ""
        match = _IMAGE.fullmatch(stated)
        if match is None:
            block.reject("figureUrl", "bad-identifier", stated, "expected …/articles/PMC…/bin/name")
            return ""
        self.log.emitted()
        return match[2]

    def check_page(self, block: Fields) -> None:
        stated = block.take("pfocrUrl")
        if stated == iri.figure_iri(self.figid):
            self.log.merged(block.at("pfocrUrl"), "equals-figid")
        elif stated:
            block.reject("pfocrUrl", "figid-mismatch", stated, f"the figid is {self.figid}")


def _decode_sets(
    records: Sequence[RecordText],
    side: SideTables,
    log: DecodeLog,
    is_taken: Callable[[str], bool],
) -> Figure | None:
    rows = []
    for record in records:
        fields = record.text.rstrip("\r\n").split("\t") if record.text is not None else []
        if len(fields) < 3 or not any(fields[2:]):
            reason = "expected name, description and members, separated by tabs"
            log.find(
                "record-malformed", "", (record.text or "").strip()[:80], reason, file=record.name
            )
            log.skipped(_WHOLE, "record-malformed", Counted.RECORD)
        else:
            log.ledger.read(Counted.RECORD_LEAF, len(fields))
            rows.append((record, fields))
    if not rows:
        return None
    figid = figid_in(rows[0][1][0])
    if not figid or is_taken(figid):
        code = "duplicate-figure" if figid else "bad-figid"
        log.find(code, "name", figid or rows[0][1][0], "" if figid else "expected PMC…__name")
        for _, fields in rows:
            log.skipped_all("", list(fields), code)
            log.skipped(_WHOLE, code, Counted.RECORD)
        return None
    return _Sets(figid, side, log).figure(rows)


_NAMESPACES: Final = {
    RecordForm.CHEMICAL_SETS: (Kind.CHEMICAL, "chebi"),
    RecordForm.DISEASE_SETS: (Kind.DISEASE, "doid"),
}
"""What members of sets are, and whose ids: bare numbers, but those of MeSH, which have a letter."""
_MESH: Final = re.compile(r"[A-Z][0-9]{5,9}")


class _Sets(_Figure):
    """The sets of one name, from one file or several."""

    def figure(self, rows: Sequence[tuple[RecordText, Sequence[str]]]) -> Figure:
        alias = _ALIAS.fullmatch(self.figid)
        if alias:
            self.log.find("figid-is-alias", "name", self.figid)
        title = ""
        organisms: dict[Organism, None] = {}
        for place, (record, fields) in enumerate(rows):
            self.first_or_again(place, Counted.RECORD, _WHOLE, "same-figure")
            self.first_or_again(place, Counted.RECORD_LEAF, f"{record.name}#name", "same-figure")
            title = self.title(title, fields[1], record.name)
            members = [
                (f"{record.name}#member[{i}]", member) for i, member in enumerate(fields[2:])
            ]
            for field, member in members:
                if not member.strip():
                    self.log.skipped(field, "missing-value")
            members = [(field, member) for field, member in members if member.strip()]
            if record.form in _NAMESPACES:
                kind, namespace = _NAMESPACES[record.form]
                mesh = [(field, id_) for field, id_ in members if _MESH.fullmatch(id_.strip())]
                self.ids(kind, namespace, [each for each in members if each not in mesh])
                self.ids(kind, "mesh", mesh)
                continue
            organism = self.organism(record)
            if organism:
                organisms[organism] = None
            taxon = (organism.taxon_id or organism.name) if organism else ""
            self.ids(Kind.GENE, "ncbigene", members, taxon)
        return self.made(title, iri.pmcid_of(self.figid), "", alias[1] if alias else "", organisms)

    def first_or_again(self, place: int, kind: Counted, path: str, reason: str) -> None:
        if place:
            self.log.merged(path, reason, kind)
        else:
            self.log.emitted(1, kind)

    def title(self, kept: str, stated: str, file: str) -> str:
        """Return the title; sets of one figure should have one."""
        field = f"{file}#description"
        if is_missing(stated):
            self.log.skipped(field, "missing-value")
            return kept
        mended = repaired(stated)
        if kept and mended != kept:
            self.log.find("value-conflict", "description", stated, f"kept: {kept}", file=file)
            self.log.skipped(field, "value-conflict")
            return kept
        if kept:
            self.log.merged(field, "repeated")
            return kept
        if mended != stated:
            self.log.find("text-repaired", "description", stated, f"now: {mended[:200]}")
        self.log.emitted()
        return mended

    def organism(self, record: RecordText) -> Organism | None:
        """Return the organism that the file's name states."""
        name = record.organism
        if name in ("", _UNKNOWN):
            return None
        with_taxon = _WITH_TAXON.fullmatch(name)
        if with_taxon:
            return Organism(with_taxon[1], with_taxon[2])
        organism = self.side.taxa.find(name)
        if not organism.taxon_id:
            self.log.find("organism-unlinked", "organism of the file", name, file=record.name)
        return organism


def _pmcid(value: str) -> str | None:
    return value if iri.is_pmcid(value) else None
