"""Sixty questions about the made sample: how tool calls answer each, and how its triples do.

The second way has sets and counters over the triples of the dump, and shares no code with index,
store, questions or tools.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.tiers import Tier
from tests.support.assistant import Assistant
from tests.support.page_oracle import CLASSES, OA, PFOCR, SCHEMA, Oracle
from tests.support.serving import store_of

FIGURES: Final = "https://pfocr.wikipathways.org/figures/"
GENE: Final = "http://identifiers.org/ncbigene/"
MESH: Final = "http://id.nlm.nih.gov/mesh/"
OBO: Final = "http://purl.obolibrary.org/obo/"
FIGURE_CLASS: Final = PFOCR + "PathwayFigure"
MENTIONS: Final = SCHEMA + "mentions"
CERTAIN: Final = PFOCR + "mentionsUnambiguously"
HGNC: Final = "http://www.w3.org/2004/02/skos/core#exactMatch"

HERB: Final = "PMC11967956__pone.0303736.g007"
FLY: Final = "PMC100003__mb2410470011"
SUGAR: Final = "PMC6365454__fnins-13-00025-g0002"
MAST: Final = "PMC10034247__11064_2023_3912_Fig1_HTML"
PARCELS: Final = "PMC10031380__sc1"
AKT1, CHUK, DECR1, MMP2, MTOR, PIK3CA, TP53 = (
    GENE + n for n in ("207", "1147", "1666", "4313", "2475", "5290", "7157")
)
CANCER: Final = OBO + "DOID_162"
NAD: Final = MESH + "D009243"
HUMAN, MOUSE, FISH = (f"{OBO}NCBITaxon_{n}" for n in ("9606", "10090", "7955"))
NAME, ISSUED = "made-sample", "2025-01-31"


class Facts(Oracle):
    """The triples of a release, and its folder."""

    def __init__(self, folder: Path) -> None:
        store = store_of(folder / "pfocr.ttl")
        super().__init__(store)
        self.folder = folder
        self.triples = len(store)
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    def of_class(self, cls: str) -> set[str]:
        return set(self.members(cls))

    @property
    def all_figures(self) -> set[str]:
        return self.of_class(FIGURE_CLASS)

    def mentions(self, figid: str) -> set[str]:
        return self.of[figure(figid)][OA + "hasTarget"]

    def showing(self, *entities: str) -> set[str]:
        return set.intersection(*(self.of[each][MENTIONS] for each in entities))

    def identifier(self, iri: str, start: str) -> str:
        return min(each for each in self.said[iri][SCHEMA + "identifier"] if each.startswith(start))

    def distance(self, start: str, end: str) -> int:
        """Return over how many figures two genes are joined, 0 for not at all."""
        steps, waiting = {start: 0}, deque([start])
        while waiting:
            gene = waiting.popleft()
            for shown in self.of[gene][MENTIONS]:
                for other in self.genes(shown) - steps.keys():
                    steps[other] = steps[gene] + 1
                    waiting.append(other)
        return steps.get(end, 0)

    def unidentified(self, reason: str) -> set[str]:
        return self.of[PFOCR + reason][PFOCR + "unresolvedReason"]

    def stated(self, mentions: set[str]) -> list[str]:
        return sorted({word for m in mentions for word in self.said[m][PFOCR + "statedSymbol"]})


class BankQuestion(NamedTuple):
    """A question: its kind, its words, and both ways to its answer, as JSON."""

    kind: str
    words: str
    by_tools: Callable[[Assistant], Any]
    by_triples: Callable[[Facts], Any]


def figure(figid: str) -> str:
    return f"{FIGURES}{figid}.html"


def figids(figures: Any) -> list[str]:
    """Return the figids of figures by their IRIs, in order, each once."""
    return sorted({iri.removeprefix(FIGURES).removesuffix(".html") for iri in figures})


def column(answer: dict[str, Any], name: str) -> list[Any]:
    place = answer["columns"].index(name)
    return [row[place] for row in answer["rows"]]


def ask(call: Assistant, question: str, limit: int = 500, **parameters: Any) -> dict[str, Any]:
    return call("ask", question=question, parameters=parameters, limit=limit)


def described(call: Assistant, what: str, limit: int = 200, **options: Any) -> dict[str, Any]:
    """Return a description, its list put together from as many calls as it takes."""
    whole = answer = call("describe", id=what, limit=limit, **options)
    while "next_offset" in answer:
        answer = call("describe", id=what, limit=limit, offset=answer["next_offset"], **options)
        for name in ("mentions", "figures"):
            whole[name] = whole.get(name, []) + answer.get(name, [])
    return whole


def genes_of(call: Assistant, figid: str) -> set[str]:
    mentions = described(call, figid)["mentions"]
    return {each["iri"] for each in mentions if each["kind"] == "gene" and "iri" in each}


def selected(call: Assistant, query: str) -> list[Any]:
    """Return the first column of the rows of a query."""
    return [row[0] for row in call("sparql", query=query, limit=500)["rows"]]


def most(found: Counter[str]) -> list[Any]:
    """Return what comes most often, the first by name of equals."""
    name, count = min(found.items(), key=lambda each: (-each[1], each[0]))
    return [name, count]


def _sure_in(call: Assistant, figid: str) -> list[str]:
    mentions = described(call, figid)["mentions"]
    return sorted({each["iri"] for each in mentions if each["certainty"] == "certain"})


def _best_set(call: Assistant) -> list[Any]:
    row = call("enrich", genes=["AKT1", "PIK3CA", "MTOR", "TP53"], tier="all")["rows"][0]
    return [row["figid"], row["overlap"]]


def _journals_of_gene(call: Assistant) -> list[str]:
    figures = [each["iri"] for each in described(call, TP53)["figures"]]
    return sorted({described(call, each)["paper"]["journal"] for each in figures})


def _coverage(call: Assistant, what: str) -> int:
    rows = {row[0]: row[1] for row in ask(call, "coverage")["rows"]}
    return int(rows[what])


def _most_of_question(call: Assistant, question: str, by: str) -> list[Any]:
    answer = ask(call, question)
    found = dict(zip(column(answer, by), column(answer, "figures"), strict=True))
    return most(Counter({str(name): count for name, count in found.items()}))


def _year_counts(facts: Facts) -> dict[str, int]:
    return dict(sorted(Counter(map(facts.year, facts.all_figures)).items()))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _file(call: Assistant, name: str) -> dict[str, Any]:
    files = call("release")["files"]
    found: dict[str, Any] = next(each for each in files if each["name"] == name)
    return found


Q = BankQuestion
BANK: Final = (
    # ---------------------------------------------------------------- lookup
    Q("lookup", "Which gene is called TP53?",
      lambda t: t("find", text="TP53", kind="gene")["meant"][0]["iri"],
      lambda f: min(f.of["TP53"][SCHEMA + "name"])),
    Q("lookup", "What is the symbol of ncbigene:4313?",
      lambda t: t("describe", id="ncbigene:4313")["label"],
      lambda f: f.one(MMP2, "name")),
    Q("lookup", f"What is the title of {HERB}?",
      lambda t: t("describe", id=HERB)["label"],
      lambda f: f.one(figure(HERB), "name")),
    Q("lookup", f"Of which paper is {FLY}?",
      lambda t: t("describe", id=FLY)["paper"]["pmcid"],
      lambda f: f.identifier(f.one(figure(FLY), "isPartOf"), "PMC")),
    Q("lookup", f"From which year is {SUGAR}?",
      lambda t: t("describe", id=SUGAR)["paper"]["year"],
      lambda f: f.year(figure(SUGAR))),
    Q("lookup", "What is the DOI of PMC11967956?",
      lambda t: t("describe", id="PMC11967956", kind="paper")["doi"],
      lambda f: f.identifier("http://identifiers.org/pmc/PMC11967956", "doi:")[4:]),
    Q("lookup", "In which journal is PMC11967956?",
      lambda t: t("describe", id="PMC11967956")["journal"],
      lambda f: f.one(f.one("http://identifiers.org/pmc/PMC11967956", "isPartOf"), "name")),
    Q("lookup", "Which HGNC entry has AKT1?",
      lambda t: [v for v in column(ask(t, "gene-identifiers", gene="AKT1"), "value")
                 if v.startswith("http://identifiers.org/hgnc/")],
      lambda f: sorted(f.said[AKT1][HGNC])),
    Q("lookup", f"What does the caption of {MAST} say?",
      lambda t: t("describe", id=MAST)["caption"],
      lambda f: f.one(figure(MAST), "description")),
    Q("lookup", "What type of figure is PMC10036500__ga1?",
      lambda t: selected(t, f"SELECT ?t {{ <{figure('PMC10036500__ga1')}> pfocr:figureType ?t }}"),
      lambda f: sorted(f.said[figure("PMC10036500__ga1")][PFOCR + "figureType"])),
    Q("lookup", "What is mesh:D009243?",
      lambda t: t("describe", id="mesh:D009243", kind="chemical")["label"],
      lambda f: f.called(NAD, "")),
    Q("lookup", f"Which NDEx network has {SUGAR}?",
      lambda t: t("describe", id=SUGAR)["ndex"],
      lambda f: min(f.said[figure(SUGAR)][PFOCR + "ndexNetwork"])),
    Q("lookup", "Which figure is PMC11967956__F7?",
      lambda t: t("describe", id="PMC11967956__F7")["iri"],
      lambda f: min(f.of["PMC11967956__F7"][SCHEMA + "alternateName"])),
    # ---------------------------------------------------------------- count
    Q("count", "How many figures are there?",
      lambda t: t("release")["totals"]["figures"],
      lambda f: len(f.all_figures)),
    Q("count", "How many genes are there?",
      lambda t: t("release")["totals"]["genes"],
      lambda f: len(f.of_class(CLASSES[Kind.GENE]))),
    Q("count", "How many chemicals are there?",
      lambda t: t("release")["totals"]["chemicals"],
      lambda f: len(f.of_class(CLASSES[Kind.CHEMICAL]))),
    Q("count", "How many genes have an entry at HGNC?",
      lambda t: selected(t, "SELECT (COUNT(DISTINCT ?g) AS ?n) { ?g a schema:Gene ; skos:exactMatch ?e }")[0],
      lambda f: sum(1 for gene in f.of_class(CLASSES[Kind.GENE]) if f.said[gene][HGNC])),
    Q("count", "How many figures are from 2023?",
      lambda t: ask(t, "figures-of-year", year=2023)["rows_total"],
      lambda f: sum(f.year(each) == "2023" for each in f.all_figures)),
    Q("count", "How many figures show AKT1?",
      lambda t: t("describe", id="AKT1", kind="gene")["figures_total"],
      lambda f: len(f.figures(Kind.GENE, AKT1))),
    Q("count", f"How many mentions has {HERB}?",
      lambda t: t("describe", id=HERB)["mentions_total"],
      lambda f: len(f.mentions(HERB))),
    Q("count", f"How many genes does {FLY} show?",
      lambda t: len(genes_of(t, FLY)),
      lambda f: len(f.genes(figure(FLY)))),
    Q("count", "How many figures show a chemical?",
      lambda t: _coverage(t, "with a chemical"),
      lambda f: sum(bool(f.said[each][MENTIONS] & f.of_class(CLASSES[Kind.CHEMICAL]))
                    for each in f.all_figures)),
    Q("count", "How many figures are about humans?",
      lambda t: t("describe", id="human", kind="organism")["figures_total"],
      lambda f: len(f.figures(Kind.ORGANISM, HUMAN))),
    Q("count", "How many mentions of genes are there?",
      lambda t: t("release")["classes"][PFOCR + "GeneMention"],
      lambda f: len(f.of_class(PFOCR + "GeneMention"))),
    # ---------------------------------------------------------------- intersection
    Q("intersection", "Which figures show MMP2 and cancer?",
      lambda t: figids(column(ask(t, "figures-of-gene-and-disease", gene="MMP2",
                                  disease="DOID:162"), "figure")),
      lambda f: figids(f.showing(MMP2, CANCER))),
    Q("intersection", "Which figures show AKT1 and PIK3CA?",
      lambda t: figids(column(ask(t, "figures-of-genes", genes=["AKT1", "PIK3CA"]), "figure")),
      lambda f: figids(f.showing(AKT1, PIK3CA))),
    Q("intersection", "Does a figure show AKT1 and TP53 together?",
      lambda t: ask(t, "genes-together", gene="AKT1", other="TP53")["answer"],
      lambda f: bool(f.showing(AKT1, TP53))),
    Q("intersection", f"Which genes do {HERB} and {PARCELS} share?",
      lambda t: sorted(genes_of(t, HERB) & genes_of(t, PARCELS)),
      lambda f: sorted(f.genes(figure(HERB)) & f.genes(figure(PARCELS)))),
    Q("intersection", "Which chemicals stand beside MMP2?",
      lambda t: sorted(column(ask(t, "chemicals-beside-gene", gene="MMP2", tiers=["all"]), "chemical_iri")),
      lambda f: sorted(each for each, *_ in
                       f.beside(f.figures(Kind.GENE, MMP2), MMP2, Kind.CHEMICAL, Tier.ALL))),
    Q("intersection", "Which genes stand beside cancer?",
      lambda t: sorted(column(ask(t, "genes-of-disease", disease="DOID:162", tiers=["all"]), "gene_iri")),
      lambda f: sorted(each for each, *_ in
                       f.beside(f.showing(CANCER), CANCER, Kind.GENE, Tier.ALL))),
    Q("intersection", "Which figures of 2023 are about mice?",
      lambda t: figids(
          row[0] for row in ask(t, "figures-of-organism", organism="Mus musculus")["rows"]
          if 2023 in row),
      lambda f: figids(each for each in f.figures(Kind.ORGANISM, MOUSE) if f.year(each) == "2023")),
    Q("intersection", "Which genes of zebrafish are shown?",
      lambda t: sorted(column(ask(t, "genes-of-organism", organism="ncbitaxon:7955"), "gene_iri")),
      lambda f: sorted(gene for gene in f.of[FISH][SCHEMA + "taxonomicRange"]
                       if f.of[gene][MENTIONS])),
    Q("intersection", "Which figures show a chemical and a disease?",
      lambda t: figids(selected(t, "SELECT DISTINCT ?f { ?f schema:mentions [ a schema:"
                                   "ChemicalSubstance ], [ a schema:MedicalCondition ] }")),
      lambda f: figids(each for each in f.all_figures
                       if f.said[each][MENTIONS] & f.of_class(CLASSES[Kind.CHEMICAL])
                       and f.said[each][MENTIONS] & f.of_class(CLASSES[Kind.DISEASE]))),
    # ---------------------------------------------------------------- ranking
    Q("ranking", "In how many figures are the ten genes of most figures, by symbol or synonym?",
      lambda t: [each["figures"] for each in t("release")["genes_in_most_figures"][:10]],
      lambda f: sorted((len(f.figures_within(Kind.GENE, gene, Tier.SYNONYMS))
                        for gene in f.of_class(CLASSES[Kind.GENE])), reverse=True)[:10]),
    Q("ranking", "Which year has most figures?",
      lambda t: _most_of_question(t, "figures-per-year", "year"),
      lambda f: most(Counter(map(f.year, f.all_figures)))),
    Q("ranking", "Which journal has most figures?",
      lambda t: _most_of_question(t, "figures-per-journal", "name"),
      lambda f: most(Counter(f.one(f.one(f.one(each, "isPartOf"), "isPartOf"), "name")
                             for each in f.all_figures
                             if f.one(f.one(each, "isPartOf"), "isPartOf")))),
    Q("ranking", "Which figure shows most genes?",
      lambda t: t("sparql", query="SELECT ?f (COUNT(DISTINCT ?g) AS ?n) { ?f schema:mentions ?g . "
                  "?g a schema:Gene } GROUP BY ?f ORDER BY DESC(?n) ?f LIMIT 1")["rows"][0][:2],
      lambda f: most(Counter({each: len(f.genes(each)) for each in f.all_figures}))),
    Q("ranking", f"Which figure is most like {HERB}, and by how many genes?",
      lambda t: [t("describe", id=HERB)["figures_with_most_genes_in_common"][0][key]
                 for key in ("iri", "genes")],
      lambda f: list(f.shared(figure(HERB))[0])),
    Q("ranking", "Which genes are most specific to the figures of PIK3CA?",
      lambda t: [[each["iri"], each["shared"]]
                 for each in t("describe", id="PIK3CA", kind="gene")["genes_beside"][:5]],
      lambda f: [[iri, shared] for iri, shared, *_ in
                 f.beside(f.figures_within(Kind.GENE, PIK3CA, Tier.SYNONYMS), PIK3CA, Kind.GENE,
                          Tier.SYNONYMS)[:5]]),
    Q("ranking", "Which figure shows most of AKT1, PIK3CA, MTOR and TP53?",
      _best_set,
      lambda f: most(Counter({
          figids([each])[0]: len(f.genes(each) & {AKT1, PIK3CA, MTOR, TP53})
          for each in f.all_figures}))),
    Q("ranking", "Of which class are most nodes?",
      lambda t: ask(t, "graph-contents")["rows"][0][:2],
      lambda f: most(Counter({each: len(f.of_class(each)) for each in
                              (PFOCR + "GeneMention", PFOCR + "TermMention", *CLASSES.values())}))),
    # ---------------------------------------------------------------- path
    Q("path", "Over how many figures does a path lead from bond of the fly to TP53?",
      lambda t: ask(t, "co-mention-path", gene="42657", other="TP53")["rows"][0][0],
      lambda f: f.distance(GENE + "42657", TP53)),
    Q("path", "Does a path lead from TP53 to AGO1 of the fly?",
      lambda t: ask(t, "co-mention-path", gene="TP53", other="36544")["rows_total"] > 0,
      lambda f: f.distance(TP53, GENE + "36544") > 0),
    Q("path", "Which journals are the figures of TP53 in?",
      _journals_of_gene,
      lambda f: sorted({f.one(f.one(f.one(each, "isPartOf"), "isPartOf"), "name")
                        for each in f.figures(Kind.GENE, TP53)})),
    Q("path", "Which publisher has the paper of the figure with cancer?",
      lambda t: described(t, described(t, described(t, CANCER)["figures"][0]["iri"])["paper"]["iri"]
                          )["publisher"],
      lambda f: f.one(f.one(f.one(min(f.showing(CANCER)), "isPartOf"), "publisher"), "name")),
    # ---------------------------------------------------------------- doubtful readings
    Q("doubtful", f"What does {HERB} show without doubt?",
      lambda t: _sure_in(t, HERB),
      lambda f: sorted(f.said[figure(HERB)][CERTAIN])),
    Q("doubtful", f"What does {MAST} show without doubt?",
      lambda t: _sure_in(t, MAST),
      lambda f: sorted(f.said[figure(MAST)][CERTAIN])),
    Q("doubtful", f"What does {SUGAR} show without doubt?",
      lambda t: _sure_in(t, SUGAR),
      lambda f: sorted(f.said[figure(SUGAR)][CERTAIN])),
    Q("doubtful", "Which figures show CHUK without doubt?",
      lambda t: figids(column(ask(t, "figures-of-gene", gene="CHUK", certain="yes"), "figure")),
      lambda f: figids(f.of[CHUK][CERTAIN])),
    Q("doubtful", "How certain is each figure of DECR1?",
      lambda t: sorted(set(zip(*(column(ask(t, "figures-of-gene", gene="DECR1"), name)
                                 for name in ("figure", "certainty")), strict=True))),
      lambda f: sorted((each, "certain" if each in f.of[DECR1][CERTAIN] else "doubtful")
                       for each in f.of[DECR1][MENTIONS])),
    Q("doubtful", f"By which tier does {HERB} mention MMP2?",
      lambda t: [each["tier"] for each in described(t, MMP2)["figures"]
                 if each["iri"] == figure(HERB)],
      lambda f: [f.tier(Kind.GENE, MMP2, figure(HERB))]),
    Q("doubtful", "Why is AsnRS not identified, and what could it be?",
      lambda t: [ask(t, "candidates-of-symbol", symbol="AsnRS")["rows"][0][place]
                 for place in (1, 2)],
      lambda f: [min(f.said[min(f.of["AsnRS"][PFOCR + "statedSymbol"])][PFOCR + name])
                 for name in ("unresolvedReason", "candidate")]),
    Q("doubtful", "Which symbols are unknown?",
      lambda t: sorted(column(ask(t, "unresolved-symbols", reason="UnknownSymbol"), "symbol")),
      lambda f: f.stated(f.unidentified("UnknownSymbol"))),
    Q("doubtful", "How many mentions name nothing that is identified?",
      lambda t: sum(t("release")["mentions_not_identified_because"].values()),
      lambda f: sum(bool(said[PFOCR + "unresolvedReason"]) and not said[OA + "hasBody"]
                    for said in list(f.said.values()))),
    # ---------------------------------------------------------------- releases
    Q("release", "What is this release called, and from which day is it?",
      lambda t: [t("release")[key] for key in ("name", "issued")],
      lambda f: [f.manifest["release"], f.manifest["options"]["issued"]]),
    Q("release", "How many triples has it?",
      lambda t: t("release")["totals"]["triples"],
      lambda f: f.triples),
    Q("release", "Which SHA-256 has its Turtle?",
      lambda t: _file(t, "pfocr.ttl")["sha256"],
      lambda f: _sha256(f.folder / "pfocr.ttl")),
    Q("release", "Which files has it?",
      lambda t: sorted(each["name"] for each in t("release")["files"]),
      lambda f: sorted(each.name for each in f.folder.iterdir()
                       if each.name not in ("manifest.json", "ledger.sqlite"))),
    Q("release", "How many figures are from each year?",
      lambda t: t("release")["figures_per_year"],
      _year_counts),
    Q("release", "What is the SHA-256 of its manifest?",
      lambda t: t("release")["key"],
      lambda f: _sha256(f.folder / "manifest.json")),
)  # fmt: skip
