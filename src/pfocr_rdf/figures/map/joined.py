"""What files of others add to an entity: a paper's PubMed record, the name of a thing of MeSH."""

from __future__ import annotations

from collections.abc import Iterator

from pfocr_rdf.figures.join import Joined, PmcRow
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import (
    IRI,
    PFOCR,
    SCHEMA,
    Iris,
    Kind,
    Literal,
    Node,
    classes_of,
    doi_of,
    kind_of,
    plain,
    pubmed_iri,
    replaced,
)


def join(entity: Node, joined: Joined, by: Iris) -> tuple[Node, list[Finding]]:
    """Return an entity with what files of others say of it, and what is wrong with that.

    Args:
        entity: As figures state it, all of them.
        joined: What the files say, of this entity and of others.
        by: The spelling of the release.
    """
    kind = kind_of(classes_of(entity))
    if kind is Kind.PAPER and joined.pmc_ids:
        return _with_record(entity, joined)
    if kind in (Kind.CHEMICAL, Kind.DISEASE) and joined.mesh:
        return _with_name(entity, joined, by)
    return entity, []


def _with_record(paper: Node, joined: Joined) -> tuple[Node, list[Finding]]:
    said = dict(paper.properties)
    ids = [term.lexical for term in said[SCHEMA.identifier] if isinstance(term, Literal)]
    pmcid = paper.subject.rpartition("/")[2]
    rows = joined.papers.get(paper.subject, ())
    findings = list(_disagreements(joined.pmc_ids, ids, rows))
    pmids = sorted({row.pmid for row in rows if row.pmid})
    if len(pmids) > 1:
        detail = f"rows of {pmcid}: {', '.join(pmids)}"
        findings.append(_conflict(joined.pmc_ids, rows[-1], "PMID", pmids[-1], detail))
    elif pmids and (others := joined.sharing.get(paper.subject)):
        detail = f"of {pmcid}, and of {', '.join(each.rpartition('/')[2] for each in others)} too"
        findings.append(_conflict(joined.pmc_ids, rows[0], "PMID", pmids[0], detail))
    elif not pmids:
        detail = "its row has none" if rows else "there is no row of it"
        findings.append(Finding("pubmed-id-missing", joined.pmc_ids, "PMCID", pmcid, detail))
    elif record := pubmed_iri(pmids[0]):
        identifiers = (*said[SCHEMA.identifier], *plain(f"pmid:{pmids[0]}"))
        paper = replaced(paper, SCHEMA.identifier, identifiers)
        paper = replaced(paper, SCHEMA.sameAs, (*said.get(SCHEMA.sameAs, ()), record))
    return paper, findings


def _disagreements(file: str, ids: list[str], rows: tuple[PmcRow, ...]) -> Iterator[Finding]:
    """Yield what is wrong with single rows, and where their DOI is not that of the pages."""
    dois = {each.removeprefix("doi:") for each in ids if each.startswith("doi:")}
    for row in rows:
        if row.pmid is None:
            detail = "expected as many cells as the header"
            yield Finding("row-malformed", file, f"line {row.line}", "", detail)
        elif row.pmid and pubmed_iri(row.pmid) is None:
            yield Finding("bad-identifier", file, f"line {row.line}: PMID", row.pmid)
        stated = doi_of(row.doi) if row.doi else None
        if stated and dois and stated not in dois:
            yield _conflict(file, row, "DOI", row.doi, f"the page has {', '.join(sorted(dois))}")


def _conflict(file: str, row: PmcRow, column: str, value: str, detail: str) -> Finding:
    return Finding("pubmed-id-conflict", file, f"line {row.line}: {column}", value, detail)


def _with_name(entity: Node, joined: Joined, by: Iris) -> tuple[Node, list[Finding]]:
    said = dict(entity.properties)
    space = by.mesh("")
    if SCHEMA.name in said or not entity.subject.startswith(space):
        return entity, []
    names = joined.names.get(entity.subject)
    if not names:
        mesh_id = entity.subject.removeprefix(space)
        return entity, [Finding("mesh-name-missing", joined.mesh, "UI", mesh_id)]
    others = (*said.get(SCHEMA.alternateName, ()), *plain(*names[1:]))
    for predicate, values in (
        (PFOCR.labelFromFigures, ()),
        (SCHEMA.name, plain(names[0])),
        (SCHEMA.alternateName, others),
    ):
        entity = replaced(entity, IRI(predicate), values)
    return entity, []
