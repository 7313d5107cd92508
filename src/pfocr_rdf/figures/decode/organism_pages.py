"""Organism pages and map files -> what decoding every figure needs to know.

Both are read once before the figures; neither grows with their number.

Source: design/input.md, `_organisms` and the map files
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pfocr_rdf.figures.decode.fields import Fields, is_no_name
from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.taxa import BUILT_IN, name_key
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
    _read(page, log)
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
        if not page.fields:  # an empty mapping is a leaf itself
            log.skipped("", "field-malformed")
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
        synonyms=_synonyms(fields),
    )
    if not organism.taxon_id:
        log.find("organism-unlinked", "ncbi", name)
    fields.finish(NOT_MAPPED)
    return organism


def reject_organism(page: FrontMatter, log: DecodeLog, reason: str) -> None:
    """Note a whole organism page as skipped for a reason that lies outside it."""
    _read(page, log)
    if page.leaves:
        log.ledger.skipped(Counted.ORGANISM_LEAF, reason, page.leaves)
    log.skipped(log.file, reason, Counted.ORGANISM_PAGE)


def disagreements(pages: Iterable[FrontMatter]) -> dict[int, str]:
    """Return which organism pages state another taxon id than others do of their Latin name.

    The built-in table decides, or the first page of a name that it does not have. What else a
    page says that is wrong in one of the two nobody knows, so it is not used.

    Args:
        pages: In path order.

    Returns:
        By the place of a page: what its finding says.
    """
    decided = {name: (taxon_id, "the built-in table") for name, taxon_id in BUILT_IN.items()}
    out = {}
    for place, page in enumerate(pages):
        name, taxon_id = _identity(page)
        if not name or not taxon_id:
            continue
        known, where = decided.setdefault(name_key(name), (taxon_id, "another page"))
        if known != taxon_id:
            out[place] = f"{name} is {known} in {where}"
    return out


def shared_names(organisms: Sequence[tuple[str, Organism]]) -> Iterator[Finding]:
    """Yield a finding for each common name or synonym that is one of several organisms.

    Args:
        organisms: Each with the file of its page.
    """
    latin = {name_key(organism.name): organism.name for _, organism in organisms}
    owners: dict[str, str] = {}
    for file, organism in organisms:
        for name in dict.fromkeys((organism.common_name, *organism.synonyms)):
            if not name:
                continue
            key = name_key(name)
            other = latin.get(key) or owners.setdefault(key, organism.name)
            if name_key(other) != name_key(organism.name):
                detail = f"{organism.name} here, {other} elsewhere"
                yield Finding("organism-conflict", file, "common", name, detail)


def _read(page: FrontMatter, log: DecodeLog) -> None:
    log.ledger.read(Counted.ORGANISM_PAGE)
    log.ledger.read(Counted.ORGANISM_LEAF, page.leaves)
    log.findings.extend(page.findings)
    if page.text_below:
        log.ledger.read(Counted.TEXT_BELOW)
        log.skipped(log.file, "text-below-front-matter", Counted.TEXT_BELOW)


def _identity(page: FrontMatter) -> tuple[str, str]:
    """Return the Latin name and the taxon id that a page states, "" where it does not."""
    stated = page.fields or {}
    name, taxon_id = stated.get("latin"), stated.get("ncbi")
    known = iri.taxon_id(taxon_id.strip()) if isinstance(taxon_id, str) else None
    return (name if isinstance(name, str) else ""), known or ""


def _synonyms(fields: Fields) -> tuple[str, ...]:
    """Return other names: a list, or one text with commas or bars between them."""
    found: dict[str, None] = {}
    for key in ("synonyms", "synonym"):
        joined = isinstance(fields.left.get(key), str)
        for path, stated in fields.texts(key):
            names = re.split(r"[,|;]", stated) if joined else [stated]
            new = [" ".join(name.split()) for name in names if not is_no_name(name)]
            new = [name for name in new if name not in found]
            if new:
                fields.log.emitted()
            else:
                fields.log.merged(path, "repeated")
            found.update(dict.fromkeys(new))
    return tuple(found)


def read_map(
    table: Table,
    file: str,
    known: dict[str, tuple[str, ...]],
    ledger: Ledger,
    findings: list[Finding],
    *,
    several: bool = False,
) -> None:
    """Add the rows of a map file, figid to ids, to those known already.

    Rows that stay in `known` are booked by whoever uses them: the figure, or the end of a run.

    Args:
        table: The rows.
        file: The name that findings carry.
        known: Figid to ids.
        ledger: Where rows are booked.
        findings: Where findings go.
        several: Whether a figure may have more than one id.
    """
    ledger.read(Counted.MAP_ROW, len(table.rows) + table.malformed)
    findings.extend(table.findings)
    if table.malformed:
        ledger.skipped(Counted.MAP_ROW, "row-malformed", table.malformed)
    for number, (figid, value) in ((n, [c.strip() for c in cells]) for n, cells in table.rows):
        if not figid or not value:
            findings.append(Finding("row-malformed", file, f"line {number}", figid or value))
            ledger.skipped(Counted.MAP_ROW, "row-malformed")
        elif value in known.get(figid, ()):
            ledger.merged(Counted.MAP_ROW, "repeated-row")
        elif several or figid not in known:
            known[figid] = (*known.get(figid, ()), value)
        else:
            detail = f"{figid} has {known[figid][0]} already"
            findings.append(Finding("value-conflict", file, f"line {number}", value, detail))
            ledger.skipped(Counted.MAP_ROW, "value-conflict")
