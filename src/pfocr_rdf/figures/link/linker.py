"""Which gene a statement names, or why none can be asserted. Nothing is ever guessed.

A stated Entrez id decides. Without one, the approved symbol is tried first, then a previous
symbol that no other gene has in any role; an alias only ever proposes candidates. Of keywords,
which nobody has called genes, `keywords` says which may be asserted.

Source: design/model.md, "Linking rules"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pfocr_rdf.figures.link.keywords import doubt_of, genes_end
from pfocr_rdf.figures.link.shipped_words import ncbi_symbols
from pfocr_rdf.figures.link.table import GeneTable, HgncGene
from pfocr_rdf.figures.model import HUMAN, Statement
from pfocr_rdf.rdf import IRI, PFOCR, Kind, Memo

_CACHE_SIZE: Final = 50_000


class Gene(NamedTuple):
    """A gene as the graph has it; at least one of the two ids is not "".

    `symbol` is today's approved one for a human gene of the table, else the stated one.
    """

    entrez_id: str
    hgnc_id: str
    symbol: str
    name: str
    taxon_id: str


class Link(NamedTuple):
    """What a statement is about, and how that is known.

    Exactly one of `method` and `reason` is set. `gene` is None for chemicals and diseases,
    whose stated ids are the body, and where there is no body. `remark` is (code, detail) of
    a finding.
    """

    method: IRI | None = None
    reason: IRI | None = None
    gene: Gene | None = None
    candidates: tuple[Gene, ...] = ()
    remark: tuple[str, str] | None = None


class Linker:
    """Links statements with one HGNC release; remembers what it has answered.

    Args:
        table: One HGNC release.

    Source:
        design/model.md, linking rules 1-4.
    """

    def __init__(self, table: GeneTable) -> None:
        self.table = table
        self._answers = Memo(self._link_gene, _CACHE_SIZE)
        self._keywords = Memo(self._link_keyword, _CACHE_SIZE)

    def link(self, statement: Statement) -> Link:
        """Return what a row is about. Never None, never an exception: a bad symbol is data."""
        if statement.kind is not Kind.GENE:
            return _link_by_stated_id(statement)
        return self._answers[
            statement.organism, statement.symbol, statement.entrez_id, statement.rejected
        ]

    def link_keywords(self, keywords: Sequence[str], *, may_be_human: bool) -> tuple[Link, ...]:
        """Return what each keyword of a figure without gene rows is about.

        Args:
            keywords: All that no row explains, in the order of the page, which tells genes from
                other things. Compared exactly, case included.
            may_be_human: False when all recognised organisms are others: then a symbol of
                theirs would be taken for a human one, so nothing is looked up.
        """
        if not may_be_human:
            return (Link(reason=PFOCR.NonHumanFigure),) * len(keywords)
        end = genes_end(keywords, self.table)
        answers = self._keywords
        return tuple([answers[keyword, place < end] for place, keyword in enumerate(keywords)])

    def link_gene_keyword(self, keyword: str) -> Link:
        """Return what a keyword is about that stands among the gene symbols of a human figure."""
        return self._keywords[keyword, True]

    def _link_keyword(self, said: tuple[str, bool]) -> Link:
        keyword, among_genes = said
        link = self._link_symbol(keyword)
        if link.gene is None:
            return link
        approved = link.method == PFOCR.ApprovedSymbol
        doubt = doubt_of(keyword, approved=approved, among_genes=among_genes)
        if not doubt:
            return link
        of_gene = f"{'' if approved else 'previous '}symbol of {link.gene.symbol}, but {doubt}"
        return Link(
            reason=PFOCR.DoubtfulSymbol,
            candidates=self._named(keyword, human=True),
            remark=("doubtful-symbol", of_gene),
        )

    def _link_gene(self, said: tuple[str, str, str, str]) -> Link:
        organism, symbol, entrez_id, rejected = said
        human = organism == HUMAN
        if entrez_id:
            # Of a bare id HGNC tells the organism: it has human genes alone.
            bare = not organism and not symbol
            if human or (bare and self.table.by_entrez(entrez_id) is not None):
                return self._link_human_entrez(symbol, entrez_id)
            taxon = organism if organism.isdigit() else ""
            gene = Gene(entrez_id, "", symbol or f"ncbigene:{entrez_id}", "", taxon)
            return Link(method=PFOCR.StatedEntrez, gene=gene)
        if rejected:
            return Link(reason=PFOCR.BadIdentifier, candidates=self._named(symbol, human=human))
        if human and symbol:
            return self._link_symbol(symbol)
        return Link(reason=PFOCR.NoIdentifier, remark=("no-identifier", ""))

    def _link_human_entrez(self, symbol: str, entrez_id: str) -> Link:
        gene = self.table.by_entrez(entrez_id)
        # What NCBI itself calls the gene agrees with the id, whatever HGNC calls so.
        of_ncbi = symbol == f"LOC{entrez_id}" or symbol == ncbi_symbols().get(entrez_id)
        other = None if of_ncbi else self._only_gene_named(symbol)
        if gene is None:
            stated = Gene(entrez_id, "", symbol or f"ncbigene:{entrez_id}", "", HUMAN)
            if other is None:
                remark = ("gene-not-in-hgnc", f"{symbol}, Entrez {entrez_id}")
                return Link(PFOCR.StatedEntrez, None, stated, (), remark)
            return _in_conflict(stated, symbol, other)
        found = _gene(gene)
        if not symbol or symbol == gene.symbol or of_ncbi:
            return Link(method=PFOCR.StatedEntrez, gene=found)
        if symbol in gene.previous or symbol in gene.aliases:
            remark = ("symbol-renamed", f"{symbol} is {gene.symbol} now")
            return Link(PFOCR.StatedEntrez, None, found, (), remark)
        return _in_conflict(found, symbol, other)

    def _link_symbol(self, symbol: str) -> Link:
        approved = self.table.by_symbol(symbol)
        if approved is not None:
            return Link(method=PFOCR.ApprovedSymbol, gene=_gene(approved))
        candidates = self._named(symbol, human=True)
        # That no other gene has it as an alias counts: RAGE was MOK's symbol, and is AGER's alias.
        if len(candidates) == 1 and self.table.by_previous(symbol):
            remark = ("symbol-renamed", f"{symbol} is {candidates[0].symbol} now")
            return Link(PFOCR.PreviousSymbol, None, candidates[0], (), remark)
        if not candidates:
            return Link(reason=PFOCR.UnknownSymbol, remark=("unknown-symbol", ""))
        names = ", ".join(gene.symbol for gene in candidates)
        if len(candidates) == 1:
            remark = ("alias-only", f"alias of {names}")
            return Link(reason=PFOCR.AliasOnly, candidates=candidates, remark=remark)
        remark = ("ambiguous-symbol", f"could be {names}")
        return Link(reason=PFOCR.AmbiguousSymbol, candidates=candidates, remark=remark)

    def _named(self, symbol: str, *, human: bool) -> tuple[Gene, ...]:
        if not human or not symbol:
            return ()
        return tuple(_gene(match.gene) for match in self.table.candidates(symbol))

    def _only_gene_named(self, symbol: str) -> HgncGene | None:
        if not symbol:
            return None
        approved = self.table.by_symbol(symbol)
        if approved is not None:
            return approved
        previous = self.table.by_previous(symbol)
        return previous[0] if len(previous) == 1 else None


def _link_by_stated_id(statement: Statement) -> Link:
    if statement.accession:
        chemical = statement.kind is Kind.CHEMICAL
        return Link(method=PFOCR.StatedChebi if chemical else PFOCR.StatedDoid)
    if statement.mesh_id:
        return Link(method=PFOCR.StatedMesh)
    if statement.rejected:
        return Link(reason=PFOCR.BadIdentifier)
    return Link(reason=PFOCR.NoIdentifier, remark=("no-identifier", ""))


def _in_conflict(stated: Gene, symbol: str, other: HgncGene | None) -> Link:
    of_id = f"HGNC has {stated.symbol}" if stated.hgnc_id else "HGNC does not have it"
    of_symbol = f"; {symbol} is HGNC:{other.hgnc_id}" if other else ""
    return Link(
        PFOCR.StatedEntrez,
        None,
        stated,
        (_gene(other),) if other else (),
        ("symbol-entrez-conflict", f"for Entrez {stated.entrez_id} {of_id}{of_symbol}"),
    )


def _gene(gene: HgncGene) -> Gene:
    return Gene(gene.entrez_id, gene.hgnc_id, gene.symbol, gene.name, HUMAN)
