"""What a competent user would write first: a page and its tables -> triples, term by term.

Shared by the rdflib and the pyoxigraph script, which differ in how terms are made and
written. IRIs that come back are made once, and the rules of the mapping are ours. What it leaves out is what the exporter adds around a graph: checks of every identifier,
repair of broken text, findings, conflicts between symbol and id, ledger, validation.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Generic, TypeVar

from peers.pages import Page, Statement

T = TypeVar("T")

SITE = "https://pfocr.wikipathways.org/"
PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "http://schema.org/",
    "pfocr": "https://w3id.org/pfocr/vocab#",
    "ours": "https://w3id.org/pfocr/",
    "oa": "http://www.w3.org/ns/oa#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "ncbigene": "http://identifiers.org/ncbigene/",
    "hgnc": "http://identifiers.org/hgnc/",
    "pmc": "http://identifiers.org/pmc/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "obo": "http://purl.obolibrary.org/obo/",
}
TAXA = {
    "Homo sapiens": "9606", "Mus musculus": "10090", "Rattus norvegicus": "10116",
    "Drosophila melanogaster": "7227", "Danio rerio": "7955", "Caenorhabditis elegans": "6239",
    "Saccharomyces cerevisiae": "4932", "Arabidopsis thaliana": "3702",
    "Escherichia coli": "562", "Bos taurus": "9913", "Sus scrofa": "9823",
    "Gallus gallus": "9031",
}  # fmt: skip
LEXICONS = {
    "hgnc_symbol": ("hgncSymbol", "Symbol"),
    "ncbigene_symbol": ("ncbigeneSymbol", "Symbol"),
    "hgnc_alias_symbol": ("hgncAliasSymbol", "Synonym"),
    "hgnc_prev_symbol": ("hgncPrevSymbol", "Synonym"),
    "ncbigene_synonym": ("ncbigeneSynonym", "Synonym"),
    "bioentities_symbol": ("bioentitiesSymbol", "Family"),
    "famplex_relations": ("famplexRelations", "Family"),
    "MESH": ("mesh", None),
}
TIERS = ("Symbol", "Synonym", "Family")
KINDS = {
    "gene": "pfocr:GeneMention",
    "chemical": "pfocr:ChemicalMention",
    "disease": "pfocr:DiseaseMention",
}
MISSING = frozenset(("", "NA", "~", "null", ".na", ".na.character", ".na.integer", ".na.real"))


class Terms(dict[str, T], Generic[T]):
    """CURIEs -> IRI terms, each made once.

    Args:
        iri: Makes an IRI.
        literal: Makes a literal of a text and a datatype (None: plain).
    """

    def __init__(self, iri: Callable[[str], T], literal: Callable[[str, T | None], T]) -> None:
        super().__init__()
        self.iri = iri
        self.literal = literal

    def __missing__(self, curie: str) -> T:
        prefix, _, local = curie.partition(":")
        self[curie] = term = self.iri(PREFIXES[prefix] + local)
        return term

    def text(self, value: str) -> T:
        """Return a plain literal."""
        return self.literal(value, None)

    def typed(self, value: str, datatype: str) -> T:
        """Return a literal with a datatype, named by its CURIE."""
        return self.literal(value, self[datatype])


class FigureMapper(Generic[T]):
    """PageQueue pages into (subject, predicate, object)."""

    def __init__(self, terms: Terms[T], hgnc: dict[str, tuple[str, str, str]]) -> None:
        self.terms = terms
        self.hgnc = hgnc

    def triples(
        self, page: Page, rows: list[Statement], names: dict[tuple[str, ...], str]
    ) -> tuple[list[tuple[T, T, T]], list[tuple[T, T, T]]]:
        """Return the triples of a figure with its mentions, and those of its entities."""
        t, out = self.terms, []
        url = f"{SITE}figures/{page['figid']}.html"
        figure = t.iri(url)
        entities = self._paper(page)

        def add(predicate: str, value: T) -> None:
            out.append((figure, t[predicate], value))

        for cls in ("pfocr:PathwayFigure", "schema:ImageObject", "schema:Dataset"):
            add("rdf:type", t[cls])
        title = page["figtitle"] or f"{page['papertitle']} {page['number']}"
        for predicate, value in (
            ("schema:identifier", page["figid"]),
            ("schema:alternateName", page["figid_alias"]),
            ("schema:name", title),
            ("schema:description", page["caption"]),
            ("pfocr:figureNumber", page["number"]),
            ("pfocr:fileName", page["filename"]),
        ):
            if value not in MISSING:
                add(predicate, t.text(value))
        pmcid, jsonld = page["pmcid"], page["schema-jsonld"]
        add("schema:url", figure)
        add(
            "schema:contentUrl",
            t.iri(f"https://europepmc.org/articles/{pmcid}/bin/{page['filename']}"),
        )
        add(
            "schema:sameAs",
            t.iri("https://pmc.ncbi.nlm.nih.gov" + page["figlink"].removeprefix("/pmc")),
        )
        add("schema:isPartOf", t[f"pmc:{pmcid}"])
        keywords = jsonld["keywords"]
        for word in {keywords} if isinstance(keywords, str) else set(keywords):
            add("schema:keywords", t.text(word))
        add("schema:license", t.iri("https://creativecommons.org/publicdomain/zero/1.0/"))
        add("schema:creator", t.iri("https://www.wikipathways.org/"))
        add("schema:includedInDataCatalog", t.iri(SITE))
        add("pfocr:figureType", t[f"pfocr:{page['figtype']}"])
        score = page.get("automl_pathway") or page.get("pathway_score")
        if score:
            add("pfocr:pathwayScore", t.typed(score, "xsd:decimal"))
        if "pmc_ranked_result_index" in page:
            add("pfocr:pmcResultRank", t.typed(page["pmc_ranked_result_index"], "xsd:integer"))
        add("pfocr:redirectsFrom", t.iri(SITE + page["redirect_from"].removeprefix("/")))
        organisms = page["organisms"]
        for name in organisms.split(",") if isinstance(organisms, str) else organisms:
            add("pfocr:organism", self._organism(name.strip(), entities))
        for name in page.get("organisms_ner") or ():
            add("pfocr:organismRecognized", self._organism(name, entities))
        tiers: dict[str, int] = {}
        for statement, count in Counter(rows).items():
            body = self._mention(figure, page["figid"], statement, count, out)
            if body is None:
                continue
            self._entity(body, statement, names, entities)
            tier = LEXICONS.get(statement[3], (None, None))[1]
            rank = len(TIERS) if tier is None else TIERS.index(tier)
            tiers[body] = min(rank, tiers.get(body, rank))
        for body, rank in tiers.items():
            add("schema:mentions", t[body])
            if rank < len(TIERS):
                add(f"pfocr:mentionsBy{TIERS[rank]}", t[body])
        return out, entities

    def _mention(
        self, figure: T, figid: str, statement: Statement, count: int, out: list[tuple[T, T, T]]
    ) -> str | None:
        t = self.terms
        kind, word, match, source, _, symbol, entrez, mesh, accession, _ = statement
        fields = json.dumps([figid, *statement], ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(fields.encode()).hexdigest()[:12]
        mention = t.iri(f"{SITE}figures/{figid}.html#{kind}-{digest}")
        body, method = None, ""
        if entrez:
            body, method = f"ncbigene:{entrez}", "StatedEntrez"
        elif accession:
            chemical = kind == "chemical"
            body = f"obo:{'CHEBI' if chemical else 'DOID'}_{accession}"
            method = "StatedChebi" if chemical else "StatedDoid"
        elif mesh:
            body, method = f"mesh:{mesh}", "StatedMesh"
        out.append((mention, t["rdf:type"], t[KINDS[kind]]))
        out.append((mention, t["oa:hasTarget"], figure))
        for predicate, text in (
            ("pfocr:recognizedText", word),
            ("pfocr:matchedText", match),
            ("pfocr:statedSymbol", symbol),
        ):
            if text:
                out.append((mention, t[predicate], t.text(text)))
        lexicon, tier = LEXICONS.get(source, (None, None))
        if lexicon:
            out.append((mention, t["pfocr:lexicon"], t[f"pfocr:{lexicon}"]))
        if tier:
            out.append((mention, t["pfocr:matchTier"], t[f"pfocr:{tier}"]))
        if body:
            out.append((mention, t["oa:hasBody"], t[body]))
            out.append((mention, t["pfocr:identifiedBy"], t[f"pfocr:{method}"]))
        else:
            out.append((mention, t["pfocr:unresolvedReason"], t["pfocr:NoIdentifier"]))
        out.append((mention, t["pfocr:occurrences"], t.typed(str(count), "xsd:integer")))
        return body

    def _entity(
        self, body: str, statement: Statement, names: dict[tuple[str, ...], str],
        out: list[tuple[T, T, T]],
    ) -> None:  # fmt: skip
        t, node = self.terms, self.terms[body]
        kind, *_, mesh, accession, _ = statement
        if kind == "gene":
            self._gene(node, statement, out)
            return
        cls = "schema:ChemicalSubstance" if kind == "chemical" else "schema:MedicalCondition"
        out.append((node, t["rdf:type"], t[cls]))
        prefix = "chebi" if kind == "chemical" else "doid"
        identifier = f"{prefix}:{accession}" if accession else f"mesh:{mesh}"
        out.append((node, t["schema:identifier"], t.text(identifier)))
        if name := names.get((kind, mesh, accession)):
            out.append((node, t["schema:name"], t.text(name)))
        if accession and mesh:
            out.append((node, t["skos:closeMatch"], t[f"mesh:{mesh}"]))

    def _gene(self, node: T, statement: Statement, out: list[tuple[T, T, T]]) -> None:
        t = self.terms
        taxon, stated, entrez = statement[4:7]
        number, symbol, name = "", stated, ""
        if taxon == "9606":
            number, symbol, name = self.hgnc.get(entrez, ("", stated, ""))
            self._organism("Homo sapiens", out)
        page = f"https://www.ncbi.nlm.nih.gov/gene/{entrez}"
        out += [
            (node, t["rdf:type"], t["schema:Gene"]),
            (node, t["schema:identifier"], t.text(f"ncbigene:{entrez}")),
            (node, t["schema:name"], t.text(symbol)),
            (node, t["schema:url"], t.iri(page)),
            (node, t["schema:taxonomicRange"], t[f"obo:NCBITaxon_{taxon}"]),
        ]
        if name:
            out.append((node, t["schema:description"], t.text(name)))
        if number:
            out.append((node, t["schema:identifier"], t.text(f"hgnc:{number}")))
            out.append((node, t["skos:exactMatch"], t[f"hgnc:{number}"]))

    def _organism(self, name: str, out: list[tuple[T, T, T]]) -> T:
        t = self.terms
        taxon = TAXA.get(name)
        node = t[f"obo:NCBITaxon_{taxon}" if taxon else f"ours:organism/{_slug(name)}"]
        out.append((node, t["rdf:type"], t["schema:Taxon"]))
        out.append((node, t["schema:name"], t.text(name)))
        if taxon:
            out.append((node, t["schema:identifier"], t.text(f"ncbitaxon:{taxon}")))
        return node

    def _paper(self, page: Page) -> list[tuple[T, T, T]]:
        t, pmcid = self.terms, page["pmcid"]
        paper = t[f"pmc:{pmcid}"]
        out = [
            (paper, t["rdf:type"], t["schema:ScholarlyArticle"]),
            (paper, t["schema:identifier"], t.text(pmcid)),
            (paper, t["schema:url"], t.iri(f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/")),
            (paper, t["schema:datePublished"], t.typed(page["year"], "xsd:gYear")),
            (paper, t["dcterms:bibliographicCitation"], t.text(page["reftext"])),
        ]
        if page["papertitle"] not in MISSING:
            out.append((paper, t["schema:name"], t.text(page["papertitle"])))
        doi = page.get("doi", "")
        if doi not in MISSING:
            out.append((paper, t["schema:identifier"], t.text(f"doi:{doi}")))
            out.append((paper, t["schema:sameAs"], t.iri(f"https://doi.org/{doi}")))
        words = page.get("keywords", "")
        if words not in MISSING:
            key = t["schema:keywords"]
            out.extend((paper, key, t.text(word)) for word in words.split(" | "))
        for kind, predicate, cls in (
            ("journal", "schema:isPartOf", "schema:Periodical"),
            ("publisher", "schema:publisher", "schema:Organization"),
        ):
            name = page.get("journal_title" if kind == "journal" else "publisher_name", "")
            if name not in MISSING:
                node = t[f"ours:{kind}/{_slug(name)}"]
                out.append((paper, t[predicate], node))
                out.append((node, t["rdf:type"], t[cls]))
                out.append((node, t["schema:name"], t.text(name)))
                short = page["journal_nlm_ta"]
                if kind == "journal" and short not in {name, *MISSING}:
                    out.append((node, t["schema:alternateName"], t.text(short)))
        return out


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))
