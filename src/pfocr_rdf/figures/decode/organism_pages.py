"""Organism pages and map files -> what decoding every figure needs to know.

Both are read once before the figures; neither grows with their number.

Source: design/input.md, `_organisms` and the map files
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.figures.decode.fields import Fields
from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.model import Organism
from pfocr_rdf.figures.read import FrontMatter, Table
from pfocr_rdf.findings import Counted, Finding, Ledger
from pfocr_rdf.rdf import IRI
from pfocr_rdf.rdf import iris as iri

NOT_MAPPED: Final = {"title": "made from the name by the template"}


def decode_organism(page: FrontMatter, log: DecodeLog) -> Organism | None:
    """Return the organism of a page of `_organisms`, or None when it names none.

    Args:
        page: Its front matter.
        log: Must count leaves as `Counted.ORGANISM_LEAF`.
    """
    log.ledger.read(Counted.ORGANISM_PAGE)
    log.ledger.read(Counted.ORGANISM_LEAF, page.leaves)
    log.findings.extend(page.findings)
    if page.dropped:
        log.ledger.skipped(Counted.ORGANISM_LEAF, "duplicate-key", page.dropped)
    if page.fields is None:
        log.skipped(log.file, "front-matter-malformed", Counted.ORGANISM_PAGE)
        return None
    fields = Fields(page.fields, log)
    name = " ".join(fields.text("latin").split())
    if not name:
        log.find("field-malformed", "latin", "", "expected the organism's Latin name")
        log.skipped(log.file, "field-malformed", Counted.ORGANISM_PAGE)
        for key, value in fields.left.items():
            log.skipped_all(key, value, "field-malformed")
        return None
    log.emitted(1, Counted.ORGANISM_PAGE)
    image = fields.checked("image", iri.web_iri, "bad-identifier", "an http(s) address")
    common = " ".join(fields.take("common").split())
    if common == name:
        log.merged("common", "equals-latin")
    else:
        log.emitted(bool(common))
    organism = Organism(
        name=name,
        taxon_id=fields.checked("ncbi", iri.taxon_id, "bad-identifier", "digits"),
        group=fields.text("group"),
        common_name=common,
        image=IRI(image) if image else None,
    )
    if not organism.taxon_id:
        log.find("organism-unlinked", "ncbi", name)
    fields.finish(NOT_MAPPED)
    return organism


def read_map(
    table: Table, file: str, known: dict[str, str], ledger: Ledger, findings: list[Finding]
) -> None:
    """Add the rows of a map file, figid to id, to those known already.

    Rows that stay in `known` are booked by whoever uses them: the figure, or the end of a run.
    """
    ledger.read(Counted.MAP_ROW, len(table.rows) + table.malformed)
    findings.extend(table.findings)
    if table.malformed:
        ledger.skipped(Counted.MAP_ROW, "row-malformed", table.malformed)
    for number, (figid, value) in table.rows:
        if not figid or not value:
            findings.append(Finding("row-malformed", file, f"line {number}", figid or value))
            ledger.skipped(Counted.MAP_ROW, "row-malformed")
        elif figid not in known:
            known[figid] = value
        elif known[figid] == value:
            ledger.merged(Counted.MAP_ROW, "repeated-row")
        else:
            detail = f"{figid} has {known[figid]} already"
            findings.append(Finding("value-conflict", file, f"line {number}", value, detail))
            ledger.skipped(Counted.MAP_ROW, "value-conflict")
