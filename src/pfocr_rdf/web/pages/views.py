"""What each page shows, as plain values: filled by the readers, drawn by the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from pfocr_rdf.query.index import Beside, Concept, CountedRef, FigureItem, Ref
from pfocr_rdf.rdf import Kind, Tier

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Count:
    """A number and what it counts; `key` is the IRI or code behind the label, or ""."""

    label: str
    count: int
    key: str = ""


class ExternalId(NamedTuple):
    """An identifier elsewhere, such as `ncbigene:8600`, and its page there ("" without)."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """One part of a long list; `page` counts from 1."""

    items: tuple[T, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many parts there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The position of the first item, from 1."""
        return (self.page - 1) * self.size + 1


class TypedLink(NamedTuple):
    """A link for programs: its relation, where it leads, and of what media type that is ("")."""

    relation: str
    address: str
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says to programs.

    Attributes:
        address: Its one absolute address.
        description: In a sentence or two, for lists of results; "" without.
        links: To what belongs to it.
        data: JSON-LD of what it shows.
    """

    address: str
    description: str = ""
    links: tuple[TypedLink, ...] = ()
    data: Mapping[str, object] | None = None


class FileItem(NamedTuple):
    """A file of the release; `triples` is 0 for files that are not RDF, `purpose` may be ""."""

    name: str
    bytes: int
    triples: int
    sha256: str
    media_type: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """The numbers of a release, and files of it to download."""

    totals: tuple[Count, ...]
    years: tuple[Count, ...]
    genes: tuple[CountedRef, ...]
    tiers: tuple[Count, ...]
    organisms: tuple[CountedRef, ...]
    methods: tuple[Count, ...]
    reasons: tuple[Count, ...]
    files: tuple[FileItem, ...] = ()


class Meant(NamedTuple):
    """What a search may mean: what it is, where, and why it fits ("" where its name says so)."""

    ref: Ref
    about: str
    organism: str
    figures: int
    reason: str

    @property
    def label(self) -> str:
        """What it is called."""
        return self.ref.label


class HitView(NamedTuple):
    """A result of a search; `snippet` is text in which `found` pieces are marked.

    `image` is the address of a figure's, "" where unknown.
    """

    ref: Ref
    snippet: tuple[tuple[str, bool], ...]
    figures: int
    meant: Meant | None = None
    image: str = ""


@dataclass(frozen=True, slots=True)
class SearchView:
    """A page of results. `kind` is None for the best of all kinds: those meant come first.

    `is_sure` says that they have just the name that was asked.
    """

    text: str
    kind: Kind | None
    hits: Paged[HitView]
    totals: Mapping[Kind, int]
    guesses: tuple[Meant, ...] = ()
    is_sure: bool = False

    @property
    def meant(self) -> tuple[HitView, ...]:
        """The results that are meant by themselves."""
        return tuple(hit for hit in self.hits.items if hit.meant)

    @property
    def by_kind(self) -> tuple[tuple[Kind | None, tuple[HitView, ...]], ...]:
        """The other results: figures, papers, and under None the rest."""
        groups: dict[Kind | None, list[HitView]] = {Kind.FIGURE: [], Kind.PAPER: [], None: []}
        for hit in self.hits.items:
            if not hit.meant:
                groups[hit.ref.kind if hit.ref.kind in groups else None].append(hit)
        return tuple((kind, tuple(hits)) for kind, hits in groups.items() if hits)


class MentionView(NamedTuple):
    """A mention with its provenance; an empty text or None is what the source does not say.

    `readings` is 0 without a word; `other_kinds` are those that the word is read as too;
    `doubts` say why it is not certain, as `pfocr:mentionsUnambiguously` has it.
    """

    iri: str
    kind: str
    word: str
    matched: str
    stated: str
    entity: Ref | None
    lexicon: Concept | None
    tier: Concept | None
    method: Concept | None
    reason: Concept | None
    candidates: tuple[Ref, ...]
    occurrences: int
    readings: int
    other_kinds: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether all that is known is a keyword and why it names nothing: a word in a list."""
        said = self.word or self.matched or self.lexicon or self.tier or self.method
        return bool(self.stated and self.reason and not (said or self.entity or self.candidates))


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper and its figures."""

    iri: str
    pmcid: str
    title: str
    other_titles: tuple[str, ...]
    doi: str
    doi_url: str
    pmid: str
    pubmed_url: str
    url: str
    year: str
    citation: str
    keywords: tuple[str, ...]
    journal: str
    publisher: str
    figures: tuple[FigureItem, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure with its mentions, its paper and its neighbours."""

    iri: str
    figid: str
    alias: str
    title: str
    caption: str
    url: str
    image_url: str
    source_url: str
    number: str
    figure_type: Concept | None
    score: str
    rank: str
    license: str
    creator: str
    keywords: tuple[str, ...]
    terms: tuple[str, ...]
    network_url: str
    pathway_urls: tuple[str, ...]
    former_urls: tuple[str, ...]
    organisms: tuple[Ref, ...]
    organisms_recognized: tuple[Ref, ...]
    organisms_in_text: tuple[Ref, ...]
    mentions: tuple[MentionView, ...]
    paper: PaperView | None
    siblings: tuple[FigureItem, ...]
    neighbours: tuple[FigureItem, ...]


class TierChoice(NamedTuple):
    """A tier that a page can be had in; `key` is "" for the one that it begins with."""

    tier: Tier
    key: str
    figures: int


@dataclass(frozen=True, slots=True)
class EntityView:
    """What a page of a gene, chemical, disease or organism has in common.

    `tiers` are of all its figures; all else is of those within `tier`, in which genes count.
    `human` are the symbols of the human genes beside it.
    """

    kind: Kind
    iri: str
    name: str
    description: str
    other_names: tuple[str, ...]
    identifiers: tuple[ExternalId, ...]
    organisms: tuple[Ref, ...]
    groups: tuple[str, ...]
    image_url: str
    figures: Paged[FigureItem]
    years: tuple[Count, ...]
    tiers: tuple[Count, ...]
    genes: tuple[Beside, ...]
    chemicals: tuple[Beside, ...]
    diseases: tuple[Beside, ...]
    candidate_in: int
    tier: Tier
    switch: tuple[TierChoice, ...] = ()
    human: tuple[str, ...] = ()

    @property
    def tier_key(self) -> str:
        """What its addresses say of the tier, "" where nothing."""
        return next((each.key for each in self.switch if each.tier is self.tier), "")

    @property
    def figures_by_tier(self) -> tuple[tuple[Count, tuple[FigureItem, ...]], ...]:
        """The shown figures under their tier and how many it has, in the order they come."""
        counts = {tier.label: tier for tier in self.tiers}
        groups = groupby(self.figures.items, key=lambda figure: figure.note)
        return tuple((counts[note], tuple(items)) for note, items in groups)


class QuestionItem(NamedTuple):
    """A shipped question, complete with its defaults."""

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    federated: tuple[str, ...]
    text: str


class Completion(NamedTuple):
    """A class or property that the query editor proposes."""

    iri: str
    curie: str
    label: str


@dataclass(frozen=True, slots=True)
class QueryView:
    """The query page; `selected` names the question in the editor, `opening` is the query there.

    `sought` has the variables of the questions that name an entity, each with its kind.
    """

    questions: tuple[QuestionItem, ...]
    selected: str
    opening: str
    prefixes: Mapping[str, str]
    classes: tuple[Completion, ...]
    properties: tuple[Completion, ...]
    sought: Mapping[str, str]


class FindingCount(NamedTuple):
    """How often something was found in the input; its severity and what it means."""

    code: str
    severity: str
    meaning: str
    number: int


@dataclass(frozen=True, slots=True)
class AboutView:
    """The release: what it is called, which bytes it is, and what may be done with it.

    `citation` is one line to cite it by, "" where it has no name.
    `previous` is the IRI of the release before it, "" where it names none.
    """

    name: str
    key: str
    iri_style: str
    title: str
    description: str
    license: str
    creator: str
    triples: int
    classes: tuple[Count, ...]
    files: tuple[FileItem, ...]
    issued: str = ""
    previous: str = ""
    citation: str = ""
    findings: tuple[FindingCount, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorView:
    """Why there is no page: a status of HTTP, a sentence, what may help, and what was meant."""

    status: int
    title: str
    message: str
    advice: str = ""
    guesses: tuple[Meant, ...] = ()
