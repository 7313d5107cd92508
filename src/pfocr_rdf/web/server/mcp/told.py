"""What is told of a figure, an entity, a paper and the release: the views of their pages, as JSON.

Of each reading it says whether it is certain, and if not, why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

from pfocr_rdf.query.index import (
    TIER_WORDS,
    Beside,
    Concept,
    CountedConcept,
    CountedRef,
    FigureItem,
    Index,
    Meaning,
    Ref,
    ShownIn,
)
from pfocr_rdf.rdf import IriStyle, Kind, Tier
from pfocr_rdf.release import Release
from pfocr_rdf.web.pages import (
    EntityView,
    FigureView,
    Links,
    MentionView,
    PaperView,
    read_description,
)
from pfocr_rdf.web.server.mcp.answers import JsonObject

CERTAIN: Final = "certain"
_MOST_NAMES: Final = 30
_MOST_COUNTED: Final = 25


class Addresses(NamedTuple):
    """Where pages can be opened.

    Attributes:
        base: Address of the server, ending in "/"; "" where nobody serves the release.
        links: Of the server.
    """

    base: str
    links: Links

    @classmethod
    def at(cls, base: str, style: IriStyle) -> Self:
        """Return the addresses of the pages below an address, "" for none."""
        ended = f"{base.rstrip('/')}/" if base else ""
        return cls(ended, Links(style=style))

    def page(self, kind: Kind, iri: str) -> str | None:
        """Return the page of something; without a server, that of a figure at PFOCR, else None."""
        if not self.base:
            return iri if kind is Kind.FIGURE else None
        path = self.links.page(kind, iri)
        return None if path is None else self.base + path.removeprefix(self.links.base)


class Teller:
    """Tells of one release.

    Args:
        release: What is told of.
        index: Of it.
        addresses: Of its pages.
    """

    def __init__(self, release: Release, index: Index, addresses: Addresses) -> None:
        self._release = release
        self._index = index
        self._addresses = addresses

    def ref(self, ref: Ref) -> JsonObject:
        """Return what something is called, and where it is."""
        told = {"kind": ref.kind.value, "label": ref.label, "iri": ref.iri}
        return told | _filled(page=self._addresses.page(ref.kind, ref.iri))

    def meaning(self, meaning: Meaning) -> JsonObject:
        """Return what a name may mean, and why."""
        return {
            **self.ref(Ref(meaning.kind, meaning.iri, meaning.label)),
            "figures": meaning.figures,
            "why": meaning.reason or _HOW[int(meaning.how)].format(name=meaning.matched),
            **_filled(about=meaning.about, organism=meaning.organism),
        }

    def figure(self, view: FigureView) -> JsonObject:
        """Return a figure with its mentions."""
        mentions = [self._mention(each) for each in view.mentions]
        return {
            **self.ref(Ref(Kind.FIGURE, view.iri, view.title)),
            "figid": view.figid,
            **_filled(
                caption=view.caption,
                number=view.number,
                type=view.figure_type.label if view.figure_type else "",
                pmc_page=view.source_url,
                image=view.image_url,
                licence=view.license,
                wikipathways=list(view.pathway_urls),
                ndex=view.network_url,
                about=list(view.terms),
                organisms_curated=_labels(view.organisms),
                organisms_recognized=_labels(view.organisms_recognized),
                organisms_in_text=_labels(view.organisms_in_text),
                paper=self._paper(view.paper) if view.paper else None,
            ),
            "mentions_total": len(mentions),
            "mentions_certain": sum(each["certainty"] == CERTAIN for each in mentions),
            "mentions": mentions,
            "other_figures_of_paper": [self._item(each) for each in view.siblings],
            "figures_with_most_genes_in_common": [self._item(each) for each in view.neighbours],
        }

    def entity(self, view: EntityView, shown: ShownIn, offset: int, limit: int) -> JsonObject:
        """Return an entity with a part of its figures, those of the strictest tier first.

        Years and what stands beside a gene count in `counted_tier`, as on its page; its figures
        are those of all tiers.
        """
        here = slice(offset, offset + limit)
        tiered = view.kind is Kind.GENE
        figures = []
        for item, tier, sure in zip(
            self._index.items(shown.figures[here]),
            shown.tiers[here] or bytes(limit),
            shown.certain[here] or bytes(limit),
            strict=False,
        ):
            told = self._item(item)
            if tiered:
                told["tier"] = TIER_WORDS[tier]
            if view.kind is not Kind.ORGANISM:
                told["certainty"] = CERTAIN if sure else "doubtful"
            figures.append(told)
        return {
            **self.ref(Ref(view.kind, view.iri, view.name)),
            **_filled(
                description=view.description,
                other_names=list(view.other_names[:_MOST_NAMES]),
                identifiers=[each.label for each in view.identifiers[:_MOST_NAMES]],
                organisms=_labels(view.organisms),
                groups=list(view.groups),
                tiers={each.label: each.count for each in view.tiers},
                counted_tier=view.tier.value if tiered else "",
                years={each.label: each.count for each in view.years},
                proposed_in_figures=view.candidate_in,
                genes_beside=_beside(view.genes),
                chemicals_beside=_beside(view.chemicals),
                diseases_beside=_beside(view.diseases),
            ),
            "figures_total": len(shown.figures),
            **({} if view.kind is Kind.ORGANISM else {"figures_certain": sum(shown.certain)}),
            "figures": figures,
        }

    def paper(self, view: PaperView) -> JsonObject:
        """Return a paper with its figures."""
        return {
            **self._paper(view),
            **_filled(
                other_titles=list(view.other_titles),
                keywords=list(view.keywords[:_MOST_NAMES]),
                publisher=view.publisher,
                citation=view.citation,
            ),
            "figures_total": len(view.figures),
            "figures": [self._item(each) for each in view.figures],
        }

    def release(self) -> JsonObject:
        """Return what the release is, and its numbers."""
        described, numbers = read_description(self._release), self._index.numbers
        return {
            "name": self._release.name or "unnamed",
            "issued": self._release.issued or None,
            "key": self._release.key,
            "iri_style": self._release.iri_style.value,
            "title": described.title,
            "licence": described.license,
            **_filled(address=self._addresses.base),
            "totals": dict(numbers.totals),
            "classes": dict(described.classes),
            "figures_per_year": {str(year): count for year, count in numbers.years.items()},
            "figures_per_organism": self._counted(numbers.organisms[:_MOST_COUNTED]),
            "genes_counted_in_tier": Tier.SYNONYMS.value,
            "genes_in_most_figures": self._counted(numbers.top_genes[:_MOST_COUNTED]),
            "mentions_by_tier": _concepts(numbers.tiers),
            "mentions_identified_by": _concepts(numbers.methods),
            "mentions_not_identified_because": _concepts(numbers.reasons),
            "files": [
                {"name": each.name, "bytes": each.bytes, "sha256": each.sha256}
                for each in self._release.outputs
            ],
        }

    def _paper(self, view: PaperView) -> JsonObject:
        return {
            **self.ref(Ref(Kind.PAPER, view.iri, view.title)),
            "pmcid": view.pmcid,
            **_filled(
                year=view.year, journal=view.journal, doi=view.doi, pmid=view.pmid, web=view.url
            ),
        }

    def _item(self, item: FigureItem) -> JsonObject:
        told: JsonObject = {"label": item.title, "iri": item.iri}
        page = self._addresses.page(Kind.FIGURE, item.iri)
        genes = item.genes or None
        return told | _filled(
            page=None if page == item.iri else page, year=item.year, paper=item.paper, genes=genes
        )

    def _counted(self, counted: Iterable[CountedRef]) -> list[JsonObject]:
        some = list(counted)[:_MOST_COUNTED]
        return [
            {"label": each.ref.label, "iri": each.ref.iri, "figures": each.count} for each in some
        ]

    def _mention(self, view: MentionView) -> JsonObject:
        told: JsonObject = {"kind": view.kind}
        if view.entity:
            told |= {"label": view.entity.label, "iri": view.entity.iri}
        return told | _filled(
            word=view.word or view.stated,
            certainty=_certainty(view),
            tier=_label(view.tier),
            identified_by=_label(view.method),
            candidates=[self.ref(each) for each in view.candidates],
        )


_HOW: Final = (
    "{name} is just its name or id",
    "its name {name} begins so",
    "its name {name} has these words",
    "its name {name} is spelled like it",
)


def _certainty(mention: MentionView) -> str:
    """Return `certain`, or what is in doubt."""
    if mention.entity is None:
        return f"not identified: {_label(mention.reason) or 'no reason is stated'}"
    return f"doubtful: {'; '.join(mention.doubts)}" if mention.doubts else CERTAIN


def _beside(found: Sequence[Beside]) -> list[JsonObject]:
    """Return the most specific first: figures shared, of how many, and the cosine."""
    return [
        {
            "label": each.ref.label,
            "iri": each.ref.iri,
            "shared": each.shared,
            "figures": each.figures,
            "cosine": each.cosine,
        }
        for each in found[:_MOST_COUNTED]
    ]


def _label(concept: Concept | None) -> str:
    return concept.label if concept else ""


def _labels(refs: Iterable[Ref]) -> list[str]:
    return [each.label for each in refs]


def _concepts(counted: Sequence[CountedConcept]) -> dict[str, int]:
    return {each.concept.label: each.count for each in counted}


def _filled(**values: object) -> JsonObject:
    """Return what has a value; nothing is told of what a source does not say."""
    return {name: value for name, value in values.items() if value}
