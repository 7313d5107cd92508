"""The organism pages and map files of a corpus, read once before its figures."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from pfocr_rdf.figures.decode import DecodeLog, SideTables, TaxonTable, decode_organism, read_map
from pfocr_rdf.figures.model import Organism
from pfocr_rdf.figures.read import (
    Corpus,
    InputDigest,
    Reading,
    ReadText,
    parse_front_matter,
    parse_map,
    read_text,
)
from pfocr_rdf.findings import Counted, Finding, Ledger


class SideTablesRead(NamedTuple):
    """What decoding needs, the organisms that have a page, and what reading them found."""

    side_tables: SideTables
    organisms: tuple[Organism, ...]
    ledger: Ledger
    findings: tuple[Finding, ...]
    digests: tuple[InputDigest, ...]

    def sha256(self) -> str:
        """Return one hash over all that was read."""
        return hashlib.sha256("".join(d.sha256 for d in self.digests).encode()).hexdigest()


def read_side_tables(
    corpus: Corpus, *, captions: bool = True, read: ReadText = read_text
) -> SideTablesRead:
    """Read organism pages and map files; map rows are booked when a figure uses them."""
    ledger = Ledger()
    findings: list[Finding] = []
    organisms: list[Organism] = []
    digests: list[InputDigest] = []
    for file in corpus.organism_pages:
        reading = Reading()
        log = DecodeLog(file.name, Counted.ORGANISM_LEAF)
        text = read(file, log.findings, reading)
        digests.append(reading.digest(file.input))
        if text is None:
            ledger.read(Counted.ORGANISM_PAGE)
            ledger.skipped(Counted.ORGANISM_PAGE, "unreadable-file")
        elif organism := decode_organism(parse_front_matter(text, file.name), log):
            organisms.append(organism)
        ledger.add(log.ledger)
        findings.extend(log.findings)
    maps: dict[str, dict[str, str]] = {"ndex": {}, "wpid": {}}
    for key, files in corpus.maps.items():
        for file in files:
            reading = Reading()
            text = read(file, findings, reading)
            digests.append(reading.digest(file.input))
            if text is not None:
                read_map(parse_map(text, file.name), file.name, maps[key], ledger, findings)
    side_tables = SideTables(TaxonTable(organisms), maps["ndex"], maps["wpid"], captions)
    return SideTablesRead(side_tables, tuple(organisms), ledger, tuple(findings), tuple(digests))
