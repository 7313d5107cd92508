"""A figure -> its nodes: the figure, its mentions, and the entities they are about.

A figure's triples are a function of the figure, the HGNC table and the IRI style alone, so
figures can be mapped in any order, by any number of processes.

Source: design/model.md
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import orjson

from pfocr_rdf.figures.link import Gene, Link, Linker
from pfocr_rdf.figures.map.entities import (
    CATALOG,
    HUMAN_ORGANISM,
    annotation_nodes,
    creator_node,
    gene_iri,
    gene_node,
    lexicon_node,
    organism_iri,
    organism_node,
    paper_nodes,
    term_iri,
    term_node,
)
from pfocr_rdf.figures.map.readings import Read, Readings
from pfocr_rdf.figures.map.species import FigureSpecies
from pfocr_rdf.figures.model import HUMAN, Figure, Mention, Statement
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import (
    IRI,
    OA,
    PFOCR,
    RDF,
    SCHEMA,
    XSD_DECIMAL,
    XSD_INTEGER,
    FigureNodes,
    Iris,
    Kind,
    Literal,
    Memo,
    Node,
    Term,
    count_triples,
    facts_of,
    node,
    our_iri,
    paper_iri,
    plain,
    present,
    reconcile,
)

FIGURE_CLASSES: Final = (Kind.FIGURE.of_class, SCHEMA.ImageObject, SCHEMA.Dataset)
LEXICONS: Final[dict[str, tuple[IRI, IRI | None]]] = {
    "hgnc_symbol": (PFOCR.hgncSymbol, PFOCR.Symbol),
    "ncbigene_symbol": (PFOCR.ncbigeneSymbol, PFOCR.Symbol),
    "hgnc_alias_symbol": (PFOCR.hgncAliasSymbol, PFOCR.Synonym),
    "hgnc_prev_symbol": (PFOCR.hgncPrevSymbol, PFOCR.Synonym),
    "ncbigene_synonym": (PFOCR.ncbigeneSynonym, PFOCR.Synonym),
    "bioentities_symbol": (PFOCR.bioentitiesSymbol, PFOCR.Family),
    "famplex_relations": (PFOCR.famplexRelations, PFOCR.Family),
    "MESH": (PFOCR.mesh, None),
}
"""What a row's `source` is, and the tier PFOCR gives it; an unknown one is the widest."""

_TIERS: Final = (PFOCR.Symbol, PFOCR.Synonym, PFOCR.Family)
_MENTIONS_BY: Final = (PFOCR.mentionsBySymbol, PFOCR.mentionsBySynonym, PFOCR.mentionsByFamily)
_ONCE: Final = PFOCR.occurrences, (Literal("1", XSD_INTEGER),)
_CACHE_SIZE: Final = 30_000

_Term = tuple[Kind, str, str]
"""A chemical or disease: its kind, its MeSH id, its ChEBI or Disease Ontology number."""


@dataclass(frozen=True, slots=True)
class FigureGraph(FigureNodes):
    """One figure's graph: the figure, its mentions sorted by IRI, its entities likewise.

    `links` gives each mention with what it was linked to, in the order of its rows.
    """

    entities: tuple[Node, ...]
    links: tuple[tuple[Mention, Link], ...]

    def nodes(self) -> tuple[Node, ...]:
        """Return all nodes, the figure first."""
        return (self.figure, *self.mentions, *self.entities)

    def __len__(self) -> int:
        """Return the number of triples."""
        return count_triples(self.nodes())


class Mapper:
    """Maps figures with one HGNC table and one IRI style; entity nodes are made once."""

    def __init__(self, linker: Linker, iris: Iris) -> None:
        self.linker = linker
        self.by = iris
        self._genes = Memo(self._made_gene, _CACHE_SIZE)
        # Figures repeat the same words: properties with one text are made once.
        self._said = Memo(_said, _CACHE_SIZE)

    def map_figure(self, figure: Figure) -> tuple[FigureGraph, tuple[Finding, ...]]:
        """Return a figure's graph, and what was found while its mentions were linked."""
        links = tuple(self._links(figure))
        entities = _Entities()
        mentions: list[Node] = []
        bodies: dict[IRI, None] = {}
        strictest: dict[IRI, int] = {}
        findings: list[Finding] = []
        read: list[Read] = []
        matched: list[tuple[IRI | None, IRI | None]] = []
        words: dict[_Term, set[str]] = {}
        for mention, link in links:
            statement = mention.statement
            lexicon, tier = self._lexicon(mention, entities, findings)
            body = None
            if link.method is not None:
                body = self._body(statement, link, entities, words)
                bodies[body] = None
                if tier is not None and link.gene is not None:
                    rank = _TIERS.index(tier)
                    strictest[body] = min(rank, strictest.get(body, rank))
            for candidate in link.candidates:
                self._add_gene(candidate, entities)
            read.append(Read(mention, link, mention_iri(figure, statement), body))
            matched.append((lexicon, tier))
            if link.remark is not None:
                code, detail = link.remark
                value = statement.symbol or statement.word
                findings.append(Finding(code, mention.file, mention.field, value, detail))
        readings, species = Readings(read), FigureSpecies(figure)
        findings.extend(readings.findings())
        findings.extend(species.findings(figure.mentions))
        unambiguous: dict[IRI, None] = {}
        for each, (lexicon, tier) in zip(read, matched, strict=True):
            mentions.append(self._mention(figure, each, readings, lexicon, tier))
            if each.body is not None and _is_unambiguous(each, tier, readings, species):
                unambiguous[each.body] = None
        self._add_called(figure, words, entities)
        for organism in (
            *figure.organisms, *figure.organisms_recognized, *figure.organisms_of_rows,
            *figure.organisms_in_text,
        ):  # fmt: skip
            entities.add(organism_node(organism, self.by))
        entities.add_all(paper_nodes(figure.paper))
        entities.add(CATALOG)
        creator = creator_node(figure.creator) if figure.creator else None
        if creator:
            entities.add(creator)
        about = [annotation_nodes(annotation) for annotation in figure.annotations]
        for nodes in about:
            entities.add_all(nodes)
        figure_node = self._figure(
            figure,
            creator.subject if creator else None,
            tuple(nodes[0].subject for nodes in about),
            bodies,
            strictest,
            unambiguous,
        )
        mentions.sort()
        graph = FigureGraph(figure_node, tuple(mentions), entities.nodes(), links)
        return graph, tuple(findings)

    def _links(self, figure: Figure) -> Iterator[tuple[Mention, Link]]:
        for mention in figure.mentions:
            yield mention, self.linker.link(mention.statement)
        keywords = [mention.statement.symbol for mention in figure.keyword_mentions]
        links = self.linker.link_keywords(keywords, may_be_human=figure.may_be_human)
        for mention, link in zip(figure.keyword_mentions, links, strict=True):
            if link.method is not None:
                statement = mention.statement._replace(kind=Kind.GENE)
                mention = mention._replace(statement=statement)
            yield mention, link

    def _lexicon(
        self, mention: Mention, entities: _Entities, findings: list[Finding]
    ) -> tuple[IRI | None, IRI | None]:
        source = mention.statement.source
        if not source:
            return None, None
        known = LEXICONS.get(source)
        if known is not None:
            return known
        findings.append(Finding("unknown-source", mention.file, mention.field, source))
        entities.add(lexicon_node(source))
        is_gene = mention.statement.kind is Kind.GENE
        return our_iri("lexicon", source), PFOCR.Family if is_gene else None

    def _body(
        self,
        statement: Statement,
        link: Link,
        entities: _Entities,
        words: dict[_Term, set[str]],
    ) -> IRI:
        if link.gene is not None:
            return self._add_gene(link.gene, entities)
        term = statement.kind, statement.mesh_id, statement.accession
        words.setdefault(term, set()).add(" ".join(statement.word.split()))
        return term_iri(*term, self.by)

    def _add_called(
        self, figure: Figure, words: dict[_Term, set[str]], entities: _Entities
    ) -> None:
        """Add chemicals and diseases by their names; what has none by the figure's words for it."""
        names: dict[_Term, list[str]] = {}
        for kind, mesh_id, accession, name in figure.names:
            names.setdefault((kind, mesh_id, accession), []).append(name)
        for term, those in words.items():
            for name in names.get(term, ()):
                entities.add(term_node(*term, name, self.by))
            if term not in names:
                entities.add(term_node(*term, "", self.by, those))

    def _made_gene(self, gene: Gene) -> Node:
        return gene_node(gene, self.by)

    def _add_gene(self, gene: Gene, entities: _Entities) -> IRI:
        made = self._genes[gene]
        if entities.add(made) and gene.taxon_id == HUMAN:
            entities.add(organism_node(HUMAN_ORGANISM, self.by))
        return made.subject

    def _mention(
        self,
        figure: Figure,
        read: Read,
        readings: Readings,
        lexicon: IRI | None,
        tier: IRI | None,
    ) -> Node:
        mention, link, iri, body = read
        statement = mention.statement
        properties: list[tuple[IRI, tuple[Term, ...]]] = [
            (RDF.type, (statement.kind.mention_class,)),
            (OA.hasTarget, (figure.iri,)),
        ]
        add = properties.append
        if body is not None:
            add((OA.hasBody, (body,)))
        said = self._said
        if statement.word:
            add(said[PFOCR.recognizedText, statement.word])
        if statement.match:
            add(said[PFOCR.matchedText, statement.match])
        if statement.symbol:
            add(said[PFOCR.statedSymbol, statement.symbol])
        if lexicon is not None:
            add((PFOCR.lexicon, (lexicon,)))
        if tier is not None:
            add((PFOCR.matchTier, (tier,)))
        if link.method is not None:
            add((PFOCR.identifiedBy, (link.method,)))
        if link.reason is not None:
            add((PFOCR.unresolvedReason, (link.reason,)))
        if link.candidates:
            candidates = sorted({gene_iri(gene, self.by) for gene in link.candidates})
            add((PFOCR.candidate, tuple(candidates)))
        if mention.occurrences == 1:
            add(_ONCE)
        else:
            add((PFOCR.occurrences, (Literal(str(mention.occurrences), XSD_INTEGER),)))
        properties.extend(readings.properties(read))
        return Node(iri, tuple(properties))

    def _figure(
        self,
        figure: Figure,
        creator: IRI | None,
        about: tuple[IRI, ...],
        bodies: Iterable[IRI],
        strictest: dict[IRI, int],
        unambiguous: Iterable[IRI],
    ) -> Node:
        return node(
            figure.iri,
            (RDF.type, FIGURE_CLASSES),
            (SCHEMA.identifier, plain(figure.figid)),
            (SCHEMA.alternateName, plain(figure.alias)),
            (SCHEMA.name, plain(figure.title)),
            (SCHEMA.description, plain(figure.description)),
            (SCHEMA.url, (figure.iri,)),
            (SCHEMA.contentUrl, present(figure.image)),
            (SCHEMA.sameAs, present(figure.page)),
            (SCHEMA.isPartOf, (paper_iri(figure.paper.pmcid),)),
            (SCHEMA.keywords, plain(*figure.keywords)),
            (SCHEMA.license, present(figure.license)),
            (SCHEMA.creator, present(creator)),
            (SCHEMA.includedInDataCatalog, (CATALOG.subject,)),
            (PFOCR.figureNumber, plain(figure.number)),
            (PFOCR.figureType, present(figure.type)),
            (PFOCR.fileName, plain(figure.filename)),
            (PFOCR.pathwayScore, [Literal(figure.score, XSD_DECIMAL)] if figure.score else ()),
            (PFOCR.pmcResultRank, [Literal(figure.rank, XSD_INTEGER)] if figure.rank else ()),
            (PFOCR.organism, [organism_iri(o, self.by) for o in figure.organisms]),
            (
                PFOCR.organismRecognized,
                [organism_iri(o, self.by) for o in figure.organisms_recognized],
            ),
            (PFOCR.organismInText, [organism_iri(o, self.by) for o in figure.organisms_in_text]),
            (PFOCR.ndexNetwork, present(figure.ndex)),
            (PFOCR.wikiPathway, figure.wikipathways),
            (PFOCR.redirectsFrom, figure.redirects),
            (SCHEMA.about, about),
            (SCHEMA.mentions, bodies),
            *(
                (predicate, [body for body, tier in strictest.items() if tier == rank])
                for rank, predicate in enumerate(_MENTIONS_BY)
            ),
            (PFOCR.mentionsUnambiguously, unambiguous),
        )


def _said(key: tuple[IRI, str]) -> tuple[IRI, tuple[Literal]]:
    predicate, text = key
    return predicate, (Literal(text),)


def _is_unambiguous(
    read: Read, tier: IRI | None, readings: Readings, species: FigureSpecies
) -> bool:
    """Say whether a mention's word is read as its body alone, and as strictly as can be asked.

    A gene's tier must be symbol or synonym, and its organism one of the figure's; nothing may
    speak for another gene. Chemicals and diseases have neither tier nor organism.
    """
    statement, gene = read.mention.statement, read.link.gene
    if readings.count(statement.word) != 1 or read.link.candidates:
        return False
    if gene is None:
        return True
    strict = tier in (PFOCR.Symbol, PFOCR.Synonym)
    return strict and species.has(statement.organism or gene.taxon_id)


class _Entities:
    """The entities of one figure; several nodes of one subject become one."""

    def __init__(self) -> None:
        self._nodes: dict[IRI, Node] = {}

    def add(self, new: Node) -> bool:
        """Add a node, and say whether it was not just there already."""
        old = self._nodes.get(new.subject)
        if old is new:
            return False
        if old is None:
            self._nodes[new.subject] = new
        elif old != new:
            self._nodes[new.subject] = reconcile(new.subject, facts_of((old, new)))[0]
        return True

    def add_all(self, nodes: Iterable[Node]) -> None:
        for one in nodes:
            self.add(one)

    def nodes(self) -> tuple[Node, ...]:
        return tuple(sorted(self._nodes.values()))


def mention_iri(figure: Figure, statement: Statement) -> IRI:
    """Return the IRI of a mention: the same statement in a figure has the same, in any run.

    The fragment is the first 12 hex digits of the SHA-256 of the figid and the statement's
    fields, as a JSON array (so that no field can run into the next).
    """
    digest = hashlib.sha256(orjson.dumps([figure.figid, *statement])).hexdigest()[:12]
    return IRI(f"{figure.iri}#{statement.kind.value}-{digest}")
