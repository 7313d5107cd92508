"""Which files of others a run reads, and what they say of its entities.

Files are opened before the work. What they say is gathered when all figures are written and it
is known which papers and terms there are; it goes to whoever writes those, a part at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from pfocr_rdf.figures.join.mappings import Mapping, MappingsRead, open_mappings
from pfocr_rdf.figures.join.mesh import mesh_names, open_mesh
from pfocr_rdf.figures.join.pmc_ids import PmcRow, open_pmc_ids, pmc_rows
from pfocr_rdf.figures.join.sources import JoinedFile, Source
from pfocr_rdf.findings import Counted, Finding, Ledger
from pfocr_rdf.rdf import Iris, paper_iri

_Value = TypeVar("_Value")


class Joined(NamedTuple):
    """What files of others say of some entities, by IRI.

    Attributes:
        pmc_ids: Name of the table of papers, "" when there is none.
        mesh: Name of the lists of names, "" when there is none.
        papers: Rows of papers.
        sharing: The other papers of the release that the table has as the same PubMed record.
        names: Of things of MeSH.
        mappings: Of any entity, in the spelling of the release.
        prefixes: Of the CURIEs in which the mappings were written.
    """

    pmc_ids: str = ""
    mesh: str = ""
    papers: Map[str, tuple[PmcRow, ...]] = {}
    sharing: Map[str, tuple[str, ...]] = {}
    names: Map[str, tuple[str, ...]] = {}
    mappings: Map[str, tuple[Mapping, ...]] = {}
    prefixes: Map[str, str] = {}

    def subjects(self) -> set[str]:
        """Return the entities of which the files say something."""
        return {iri for said in (self.papers, self.names, self.mappings) for iri in said}

    def of(self, subjects: Collection[str]) -> Joined:
        """Return what is said of some entities alone."""
        if self is NOTHING_JOINED:
            return self
        return self._replace(
            papers=_some(self.papers, subjects),
            sharing=_some(self.sharing, subjects),
            names=_some(self.names, subjects),
            mappings=_some(self.mappings, subjects),
        )


NOTHING_JOINED: Final = Joined()


class JoinFiles(NamedTuple):
    """The files of a run that are read beside its inputs."""

    pmc_ids: Source | None = None
    mesh: tuple[Source, ...] = ()
    mappings: MappingsRead | None = None

    @property
    def files(self) -> tuple[JoinedFile, ...]:
        """What the manifest has of them."""
        sources = [*([self.pmc_ids] if self.pmc_ids else ()), *self.mesh]
        sources += [self.mappings.source] if self.mappings else ()
        return tuple(source.file for source in sources)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found when they were opened."""
        return self.mappings.findings if self.mappings else ()

    def asked(self, by: Iris) -> tuple[str, ...]:
        """Return how the IRIs begin of entities that `gather` wants to know."""
        if self.mappings:
            return ("",)  # of whatever the user maps
        papers = (paper_iri(""),) if self.pmc_ids else ()
        return (*papers, *((by.mesh(""),) if self.mesh else ()))

    def gather(self, subjects: Iterable[str], by: Iris, ledger: Ledger) -> Joined:
        """Return what the files say of the entities of a release.

        Args:
            subjects: Their IRIs; others than those asked for may be left out.
            by: The spelling of the release.
            ledger: Books the rows of mappings.

        Raises:
            InputError: A file cannot be read any more.
        """
        if not self.files:
            return NOTHING_JOINED
        there = set(subjects)
        paper, mesh = paper_iri(""), by.mesh("")
        papers: dict[str, tuple[PmcRow, ...]] = {}
        if self.pmc_ids:
            wanted = {iri.removeprefix(paper) for iri in there if iri.startswith(paper)}
            rows = pmc_rows(self.pmc_ids, wanted)
            papers = {paper_iri(pmcid): found for pmcid, found in rows.items()}
        names: dict[str, tuple[str, ...]] = {}
        if self.mesh:
            wanted = {iri.removeprefix(mesh) for iri in there if iri.startswith(mesh)}
            found_names = mesh_names(self.mesh, wanted)
            names = {by.mesh(mesh_id): found for mesh_id, found in found_names.items()}
        return Joined(
            self.pmc_ids.file.name if self.pmc_ids else "",
            ", ".join(source.file.name for source in self.mesh),
            papers,
            _sharing(papers),
            names,
            self._mapped(there, by, ledger),
            self.mappings.prefixes if self.mappings else {},
        )

    def _mapped(
        self, there: Collection[str], by: Iris, ledger: Ledger
    ) -> dict[str, tuple[Mapping, ...]]:
        if self.mappings is None:
            return {}
        read, mapped = self.mappings, dict[str, set[Mapping]]()
        ledger.read(Counted.MAPPING_ROW, read.total)
        ledger.skipped(Counted.MAPPING_ROW, "mapping-malformed", len(read.findings))
        for row in read.rows:
            subject = by.respelled(row.subject)
            if subject in there:
                known = mapped.setdefault(subject, set())
                same = {each[:4] for each in known}
                row = row._replace(subject=subject)
                if row[:4] in same:
                    ledger.merged(Counted.MAPPING_ROW, "repeated")
                    continue
                known.add(row)
                ledger.emitted(Counted.MAPPING_ROW)
            else:
                ledger.skipped(Counted.MAPPING_ROW, "not-of-this-release")
        return {subject: tuple(sorted(rows)) for subject, rows in mapped.items()}


def open_join_files(pmc_ids: Path | None, mesh: Iterable[Path], mappings: Path | None) -> JoinFiles:
    """Open the files that options name.

    Raises:
        InputError: One is not there, or is not what it should be.
    """
    return JoinFiles(
        open_pmc_ids(pmc_ids) if pmc_ids else None,
        tuple(map(open_mesh, mesh)),
        open_mappings(mappings) if mappings else None,
    )


def _sharing(papers: Map[str, tuple[PmcRow, ...]]) -> dict[str, tuple[str, ...]]:
    of_record: dict[str, list[str]] = {}
    for paper, rows in papers.items():
        for pmid in {row.pmid for row in rows if row.pmid}:
            of_record.setdefault(pmid, []).append(paper)
    return {
        paper: tuple(sorted(each for each in those if each != paper))
        for those in of_record.values()
        if len(those) > 1
        for paper in those
    }


def _some(said: Map[str, _Value], subjects: Collection[str]) -> dict[str, _Value]:
    return {iri: said[iri] for iri in subjects if iri in said} if said else {}
