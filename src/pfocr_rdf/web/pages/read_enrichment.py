"""What the page of a user's genes shows: the form, what the names are taken for, and the sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pfocr_rdf.query.enrichment import (
    ANY,
    EnrichedSet,
    Enricher,
    Enrichment,
    EnrichmentOptions,
    ListedName,
    NameState,
)
from pfocr_rdf.query.index import Meaning, Ref, SetOf
from pfocr_rdf.rdf import Kind, Tier
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.views import Count, Paged

ROWS: Final = 50
"""Sets on a page."""
MOST_NAMES: Final = 2000
"""Names of a list that the page takes; the command takes any number."""
MOST_OF_BACKGROUND: Final = 30_000
_MOST_SHOWN: Final = 500  # names in the table
_LONGEST_ADDRESS: Final = 6000  # that every browser, proxy and server takes
_EXAMPLE: Final = 5
_STATES: Final = {
    NameState.AGAIN: "named again",
    NameState.AMBIGUOUS: "ambiguous",
    NameState.OUTSIDE: "outside of these sets",
    NameState.UNKNOWN: "unknown",
}
_TIERS: Final = {
    Tier.STRICT: ("Symbols", "by its symbol"),
    Tier.SYNONYMS: ("Symbols and synonyms", "by its symbol or a synonym"),
    Tier.ALL: ("All", "in any way, also by a family or a keyword"),
}


class TierItem(NamedTuple):
    """A tier that can be chosen."""

    key: str
    short: str
    label: str


class ChoiceItem(NamedTuple):
    """One of several things that a name may mean."""

    id: str
    label: str
    figures: int
    is_chosen: bool


class NameItem(NamedTuple):
    """A name of the list, and what it is taken for, if anything."""

    text: str
    ref: Ref | None
    reason: str
    counts: bool
    is_unknown: bool
    choices: tuple[ChoiceItem, ...]


class SetItem(NamedTuple):
    """A figure or paper that shows some of the list, and what leads to it and to those.

    `image` is the address of a figure's, "" where unknown and of papers.
    """

    ref: Ref
    shared: tuple[Ref, ...]
    found: EnrichedSet
    image: str


class EnrichmentRequest(NamedTuple):
    """What the form sends; `method` is how, `page` counts from 1."""

    genes: str
    background: str
    options: EnrichmentOptions
    choices: Mapping[str, str]
    page: int
    method: str


_NO_ROWS: Final[Paged[SetItem]] = Paged((), 0, 1, ROWS)


@dataclass(frozen=True, slots=True)
class EnrichView:
    """The page. `found` is None while nothing was asked; `addresses` are {} where too long."""

    genes: str
    background: str
    options: EnrichmentOptions
    method: str
    most: int
    example: str
    tiers: tuple[TierItem, ...]
    organisms: tuple[Count, ...]
    fault: str = ""
    found: Enrichment | None = None
    states: tuple[Count, ...] = ()
    names: tuple[NameItem, ...] = ()
    ambiguous: tuple[NameItem, ...] = ()
    rows: Paged[SetItem] = _NO_ROWS
    addresses: Mapping[tuple[str, object], str] | None = None


def enrich_view(
    enricher: Enricher,
    links: Links,
    asked: EnrichmentRequest,
    found: Enrichment | None,
    fault: str = "",
) -> EnrichView:
    """Return the page of a list.

    Args:
        enricher: Of the release.
        links: Where pages are.
        asked: What the form has sent.
        found: What became of it; None where nothing was asked, or it cannot be answered.
        fault: Why not, "" else.
    """
    view = EnrichView(
        genes=asked.genes,
        background=asked.background,
        options=asked.options,
        method=asked.method,
        most=MOST_NAMES,
        example=" ".join(each.ref.label for each in enricher.index.numbers.top_genes[:_EXAMPLE]),
        tiers=tuple(TierItem(tier.value, *said) for tier, said in _TIERS.items()),
        organisms=_organisms(enricher, asked.options.organism),
        fault=fault,
    )
    return view if found is None else _with_found(view, enricher, links, asked, found)


def _with_found(
    view: EnrichView,
    enricher: Enricher,
    links: Links,
    asked: EnrichmentRequest,
    found: Enrichment,
) -> EnrichView:
    counts = Counter(each.state for each in found.names)
    pages = max(1, -(-found.overlapping // ROWS))
    page = min(asked.page, pages)
    rows = list(enricher.told(found, ROWS, (page - 1) * ROWS))
    images = enricher.index.images(row.iri for row in rows)
    kind = Kind.FIGURE if found.options.by is SetOf.FIGURE else Kind.PAPER
    return replace(
        view,
        found=found,
        states=tuple(
            Count(said, counts[state]) for state, said in _STATES.items() if counts[state]
        ),
        names=tuple(_name(enricher, each) for each in found.names[:_MOST_SHOWN]),
        ambiguous=tuple(_name(enricher, each) for each in found.names if each.choices),
        rows=Paged(
            tuple(_set(row, kind, images.get(row.iri, "")) for row in rows),
            found.overlapping,
            page,
            ROWS,
        ),
        addresses=_addresses(links, asked, page),
    )


def _addresses(
    links: Links, asked: EnrichmentRequest, page: int
) -> dict[tuple[str, object], str] | None:
    """Return where each tier, page and format is; None where that is too long for an address."""
    options = asked.options
    given: dict[str, str | list[str]] = {
        "genes": asked.genes,
        "background": asked.background,
        "tier": options.tier.value,
        "organism": options.organism,
        "by": options.by.value,
        "certain": "yes" if options.certain else "",
        "choose": [f"{text}={id_}" for text, id_ in asked.choices.items()],
    }
    others: list[tuple[str, object]] = [
        *(("tier", tier.value) for tier in Tier),
        *(("format", name) for name in ("tsv", "json", "turtle")),
        *(("page", number) for number in (page - 1, page + 1)),
    ]
    found = {(name, value): links.enrich({**given, name: str(value)}) for name, value in others}
    is_short = max(map(len, found.values())) <= _LONGEST_ADDRESS
    return found if asked.method == "get" and is_short else None


def _organisms(enricher: Enricher, chosen: str) -> tuple[Count, ...]:
    known = [Count(each.label, each.genes, each.taxon) for each in enricher.organisms]
    shown = [each for place, each in enumerate(known) if place < 30 or each.key == chosen]
    if chosen not in (ANY, *(each.key for each in shown)):
        shown.insert(0, Count(chosen, 0, chosen))
    return (*shown, Count("any organism", 0, ANY))


def _name(enricher: Enricher, name: ListedName) -> NameItem:
    taken = name.meaning.number if name.meaning else 0
    return NameItem(
        name.text,
        _ref(name.meaning) if name.meaning else None,
        name.reason,
        name.state is NameState.TAKEN,
        name.state is NameState.UNKNOWN,
        tuple(
            ChoiceItem(enricher.id_of(each), each.label, each.figures, each.number == taken)
            for each in name.choices
        ),
    )


def _set(row: EnrichedSet, kind: Kind, image: str) -> SetItem:
    ref = Ref(kind, row.iri, row.title or row.id)
    return SetItem(ref, tuple(map(_ref, row.shared)), row, image)


def _ref(meaning: Meaning) -> Ref:
    return Ref(meaning.kind, meaning.iri, meaning.label)
