"""What pages have to show, counted from the triples of a release with sets alone.

It shares no code with the index: a gene's figures are looked for among all figures each time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pyoxigraph

from pfocr_rdf.query.index.model import end_of
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.tiers import Tier
from pfocr_rdf.web.pages.views import EntityView, FigureView, PaperView

SCHEMA = "http://schema.org/"
PFOCR = "https://w3id.org/pfocr/vocab#"
OA = "http://www.w3.org/ns/oa#"
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CLASSES = {
    Kind.GENE: SCHEMA + "Gene",
    Kind.CHEMICAL: SCHEMA + "ChemicalSubstance",
    Kind.DISEASE: SCHEMA + "MedicalCondition",
    Kind.ORGANISM: SCHEMA + "Taxon",
    Kind.PAPER: SCHEMA + "ScholarlyArticle",
}
TIERS = {
    "Symbol": PFOCR + "mentionsBySymbol",
    "Synonym": PFOCR + "mentionsBySynonym",
    "Family": PFOCR + "mentionsByFamily",
}
WITHIN = {Tier.STRICT: ("Symbol",), Tier.SYNONYMS: ("Symbol", "Synonym")}
Said = defaultdict[str, defaultdict[str, set[str]]]


class Oracle:
    """The triples of a release, by subject and by object."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self.said: Said = defaultdict(lambda: defaultdict(set))
        self.of: Said = defaultdict(lambda: defaultdict(set))
        for quad in store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()):
            assert not isinstance(quad.subject, pyoxigraph.Triple)
            assert not isinstance(quad.object, pyoxigraph.Triple)
            subject, value = quad.subject.value, quad.object.value
            self.said[subject][quad.predicate.value].add(value)
            self.of[value][quad.predicate.value].add(subject)

    def members(self, cls: str) -> list[str]:
        """Return the IRIs of a class."""
        return sorted(self.of[cls][A])

    def one(self, subject: str, name: str) -> str:
        """Return the smallest value of a property of schema.org."""
        return min(self.said[subject][SCHEMA + name], default="")

    def called(self, subject: str, otherwise: str) -> str:
        """Return the name of an entity, else the word of figures in quotes."""
        word = min(self.said[subject][PFOCR + "labelFromFigures"], default="")
        return self.one(subject, "name") or (f"\u201c{word}\u201d" if word else otherwise)

    def year(self, figure: str) -> str:
        """Return the year of a figure's paper."""
        return self.one(self.one(figure, "isPartOf"), "datePublished")

    def genes(self, figure: str) -> set[str]:
        """Return the genes of a figure."""
        return self.said[figure][SCHEMA + "mentions"] & self.of[CLASSES[Kind.GENE]][A]

    def figures(self, kind: Kind, iri: str) -> set[str]:
        """Return the figures of an entity."""
        if kind is Kind.ORGANISM:
            return self.of[iri][PFOCR + "organism"] | self.of[iri][PFOCR + "organismRecognized"]
        return self.of[iri][SCHEMA + "mentions"]

    def figures_within(self, kind: Kind, iri: str, tier: Tier) -> set[str]:
        """Return the figures of an entity; of a gene those in which it is of a tier."""
        figures = self.figures(kind, iri)
        if kind is not Kind.GENE or tier is Tier.ALL:
            return figures
        return {f for f in figures if self.tier(kind, iri, f) in WITHIN[tier]}

    def beside(
        self, figures: set[str], iri: str, kind: Kind, tier: Tier
    ) -> list[tuple[str, int, int, float]]:
        """Return who shares figures: how many, of how many, and the cosine; the highest first."""
        of_kind = self.of[CLASSES[kind]][A]
        others = {o for f in figures for o in self.said[f][SCHEMA + "mentions"]} & of_kind - {iri}
        theirs = {other: self.figures_within(kind, other, tier) for other in others}
        shared = [(other, len(figures & of)) for other, of in theirs.items() if figures & of]
        shared.sort(key=lambda each: (-each[1], self.called(each[0], end_of(each[0])), each[0]))
        found = [
            (other, n, len(theirs[other]), round(n / (len(figures) * len(theirs[other])) ** 0.5, 3))
            for other, n in shared[:200]
        ]
        found.sort(
            key=lambda each: (-each[3], -each[1], self.called(each[0], end_of(each[0])), each[0])
        )
        return found

    def tier(self, kind: Kind, iri: str, figure: str) -> str:
        """Return by which tier a figure mentions a gene."""
        held = (tier for tier, link in TIERS.items() if iri in self.said[figure][link])
        return next(held, "Keyword") if kind is Kind.GENE else ""

    def shared(self, figure: str) -> list[tuple[str, int]]:
        """Return how many genes other figures share with one, most first."""
        own = self.genes(figure)
        others = {f for gene in own for f in self.of[gene][SCHEMA + "mentions"]} - {figure}
        found = [(other, len(own & self.genes(other))) for other in others]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    def differences(self, view: EntityView | FigureView | PaperView) -> Iterator[str]:
        """Yield what a view shows otherwise than the triples have it."""
        checks = {
            EntityView: self._entity,
            FigureView: self._figure,
            PaperView: self._paper,
        }
        for name, shown, wanted in checks[type(view)](view):  # type: ignore[operator]
            if shown != wanted:
                yield f"{view.iri}: {name}: {shown} instead of {wanted}"

    def _entity(self, view: EntityView) -> Iterator[tuple[str, object, object]]:
        iri, kind = view.iri, view.kind
        every = self.figures(kind, iri)
        figures = self.figures_within(kind, iri, view.tier)
        narrow = self.figures_within(kind, iri, Tier.SYNONYMS)
        is_usual = view.tier is (Tier.SYNONYMS if narrow else Tier.ALL)
        if kind is Kind.GENE:
            yield "tier", bool(view.tier_key), not is_usual
        names = (self.one(iri, name) for name in ("alternateName", "identifier"))
        yield "name", view.name, self.called(iri, next(filter(None, names), ""))
        yield "description", view.description, self.one(iri, "description")
        yield "figures", view.figures.total, len(figures)
        years = Counter(filter(None, map(self.year, figures)))
        yield "years", [(y.label, y.count) for y in view.years], sorted(years.items())
        tiers = {figure: self.tier(kind, iri, figure) for figure in every}
        order = [*TIERS, "Keyword", ""]
        tiered = any(tier in TIERS for tier in tiers.values())
        counted = sorted(Counter(tiers.values()).items(), key=lambda each: order.index(each[0]))
        yield "tiers", [(t.label, t.count) for t in view.tiers], counted if tiered else []
        listed = sorted(figures, key=lambda f: (order.index(tiers[f]), -int(self.year(f) or 0), f))
        here = listed[view.figures.first - 1 :][: view.figures.size]
        items = [
            (f, self.one(f, "name"), self.year(f), self.one(self.one(f, "isPartOf"), "name"),
             tiers[f] if tiered else "")
            for f in here
        ]  # fmt: skip
        shown = [(i.iri, i.title, i.year, i.paper, i.note) for i in view.figures.items]
        yield "listed", shown, items
        for beside, refs, most in (
            (Kind.GENE, view.genes, 24),
            (Kind.CHEMICAL, view.chemicals, 12),
            (Kind.DISEASE, view.diseases, 12),
        ):
            wanted = (
                [] if kind is Kind.ORGANISM else self.beside(figures, iri, beside, view.tier)[:most]
            )
            yield beside, [(e.ref.iri, e.shared, e.figures, e.cosine) for e in refs], wanted
        mentions = self.of[iri][PFOCR + "candidate"] if kind is Kind.GENE else set()
        meant = {f for mention in mentions for f in self.said[mention][OA + "hasTarget"]}
        yield "candidate in", view.candidate_in, len(meant)

    def _figure(self, view: FigureView) -> Iterator[tuple[str, object, object]]:
        iri, paper = view.iri, self.one(view.iri, "isPartOf")
        yield "title", view.title, self.one(iri, "name")
        yield "caption", view.caption, self.one(iri, "description")
        yield "paper", view.paper.iri if view.paper else "", paper
        mentions = self.of[iri][OA + "hasTarget"]
        yield "mentions", sorted(m.iri for m in view.mentions), sorted(mentions)
        for row in view.mentions:
            said = self.said[row.iri]
            yield "word", row.word, min(said[PFOCR + "recognizedText"], default="")
            yield (
                "entity",
                row.entity.iri if row.entity else "",
                min(said[OA + "hasBody"], default=""),
            )
            if row.entity:
                entity = row.entity.iri
                yield "label", row.entity.label, self.called(entity, entity.rpartition("/")[2])
            yield "candidates", {c.iri for c in row.candidates}, said[PFOCR + "candidate"]
        siblings = self.of[paper][SCHEMA + "isPartOf"] - {iri} if paper else set()
        yield "siblings", {item.iri for item in view.siblings}, siblings
        yield "alike", [(i.iri, i.genes) for i in view.neighbours], self.shared(iri)[:8]

    def _paper(self, view: PaperView) -> Iterator[tuple[str, object, object]]:
        figures = self.of[view.iri][SCHEMA + "isPartOf"]
        yield "title", view.title, self.one(view.iri, "name")
        yield "year", view.year, self.one(view.iri, "datePublished")
        shown = {item.iri: item.genes for item in view.figures}
        yield "figures", shown, {figure: len(self.genes(figure)) for figure in figures}
