"""The organism pages and map files of a corpus, read once before its figures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from pfocr_rdf.figures.decode import (
    DecodeLog,
    SideTables,
    TaxonTable,
    decode_organism,
    disagreements,
    read_map,
    reject_organism,
    shared_names,
)
from pfocr_rdf.figures.model import Organism
from pfocr_rdf.figures.read import (
    Corpus,
    FrontMatter,
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
    digests: list[InputDigest] = []
    pages: list[tuple[str, FrontMatter]] = []
    for file in corpus.organism_pages:
        reading = Reading()
        text = read(file, findings, reading)
        digests.append(reading.digest(file.input))
        if text is None:
            ledger.read(Counted.ORGANISM_PAGE)
            ledger.skipped(Counted.ORGANISM_PAGE, "unreadable-file")
        else:
            pages.append((file.name, parse_front_matter(text, file.name)))
    organisms = _organisms(pages, ledger, findings)
    maps: dict[str, dict[str, tuple[str, ...]]] = {"ndex": {}, "wpid": {}}
    for key, files in corpus.maps.items():
        for file in files:
            reading = Reading()
            text = read(file, findings, reading)
            digests.append(reading.digest(file.input))
            if text is not None:
                table = parse_map(text, file.name)
                several = key == "wpid"  # a figure may be drawn as two pathways, not two networks
                read_map(table, file.name, maps[key], ledger, findings, several=several)
    side_tables = SideTables(TaxonTable(organisms), maps["ndex"], maps["wpid"], captions)
    return SideTablesRead(side_tables, tuple(organisms), ledger, tuple(findings), tuple(digests))


def _organisms(
    pages: Sequence[tuple[str, FrontMatter]], ledger: Ledger, findings: list[Finding]
) -> list[Organism]:
    """Return the organisms of pages that agree on whose Latin name has which taxon id."""
    named: list[tuple[str, Organism]] = []
    wrong = disagreements(page for _, page in pages)
    for place, (name, page) in enumerate(pages):
        log = DecodeLog(name, Counted.ORGANISM_LEAF)
        if place in wrong:
            reject_organism(page, log, "organism-conflict")
            stated = str((page.fields or {}).get("ncbi"))
            log.find("organism-conflict", "ncbi", stated, wrong[place])
        elif organism := decode_organism(page, log):
            named.append((name, organism))
        ledger.add(log.ledger)
        findings.extend(log.findings)
    findings.extend(shared_names(named))
    return [organism for _, organism in named]
