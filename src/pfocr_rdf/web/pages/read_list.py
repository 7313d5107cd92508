"""What the lists of all figures, genes and other entities show, and what can be asked of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final, NamedTuple

from pfocr_rdf.errors import UsageError
from pfocr_rdf.processes import batched
from pfocr_rdf.query.index import (
    ALL_ORGANISMS,
    LETTERS,
    EntityList,
    Index,
    ListFilter,
    ListOrder,
    Ref,
    folded,
    in_order,
    listing,
)
from pfocr_rdf.rdf import IDENTIFIED, IRI, Kind, Prefixes, Tier
from pfocr_rdf.text import one_line
from pfocr_rdf.web.pages.links import iri_of, key_of
from pfocr_rdf.web.pages.views import Count, Paged

LIST_SIZE: Final = 100
"""Rows on one page of a list on a server."""
FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.FIGURE: ("kind", "tier", "certain", "year", "organism", "journal", "order"),
    Kind.GENE: ("tier", "certain", "year", "organism", "journal", "order"),
    Kind.CHEMICAL: ("certain", "year", "organism", "journal", "order"),
    Kind.DISEASE: ("certain", "year", "organism", "journal", "order"),
    Kind.ORGANISM: ("year", "journal", "order"),
    Kind.PAPER: ("year", "organism", "journal", "order"),
}
"""By what each list can be filtered and sorted."""
DATED: Final = (Kind.FIGURE, Kind.PAPER)
"""What has a year of its own, and can be sorted by it."""

_SHOWN_IN_FIGURES: Final = (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE)
_MOST_CHOICES: Final = 60
_AT_ONCE: Final = 1000
_YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a list is asked for, as its address has it; "" is what is shown without.

    Attributes:
        kind: Of figures: only those that show entities of this kind, which are counted.
        tier: In which genes count.
        certain: "yes": only what is mentioned unambiguously counts.
        year: Of the figures that count.
        organism: Key of its page: of genes, and of the figures that count.
        journal: Its name: of the figures that count.
        order: See `ListOrder`.
    """

    kind: str = ""
    tier: str = ""
    certain: str = ""
    year: str = ""
    organism: str = ""
    journal: str = ""
    order: str = ""

    @property
    def given(self) -> dict[str, str]:
        """What its address has to say."""
        return {name: value for name, value in asdict(self).items() if value}

    def but(self, **changed: str) -> dict[str, str]:
        """Return what the address of the same list with something changed has to say."""
        return replace(self, **changed).given


class ListRow(NamedTuple):
    """A row of a list.

    Attributes:
        ref: What it is of.
        id: Its id: figid, PMCID or CURIE.
        counted: In how many figures; of a figure how many genes or others it shows.
        number: Of a figure in its paper.
        year: Of a figure or paper.
        of: Organism of a gene, paper of a figure, journal of a paper.
    """

    ref: Ref
    id: str
    counted: int
    number: str = ""
    year: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of a list.

    Attributes:
        kind: What is listed.
        asked: How it is filtered and sorted.
        order: In which it is.
        tier: In which genes count.
        rows: Of this page.
        total: Of this kind in the release.
        letters: Of an order A to Z, and on which page each begins.
        years: That can be chosen, each with its figures.
        organisms: Likewise; the key is that of its page.
        journals: Names of those with most figures.
        human: Symbols of the human genes on this page.
    """

    kind: Kind
    asked: ListRequest
    order: ListOrder
    tier: Tier
    rows: Paged[ListRow]
    total: int
    letters: tuple[tuple[str, int], ...]
    years: tuple[Count, ...]
    organisms: tuple[Count, ...]
    journals: tuple[str, ...]
    human: tuple[str, ...] = ()


class FoundList(NamedTuple):
    """A list that was asked for: its numbers in their order."""

    kind: Kind
    asked: ListRequest
    filter: ListFilter
    order: ListOrder
    listing: EntityList
    numbers: array[int]


def list_request(kind: Kind, given: Mapping[str, str]) -> ListRequest:
    """Return what an address or form asks of a list.

    Args:
        kind: Of what is listed.
        given: Parameters; "" is what a form sends for no choice.

    Raises:
        UsageError: A parameter is none of this list, or has a value that it cannot have.
    """
    asked = {name: one_line(value) for name, value in given.items() if value.strip()}
    if unknown := sorted(asked.keys() - set(FIELDS[kind])):
        raise UsageError(
            f"{unknown[0][:100]}: expected one of {', '.join(FIELDS[kind])} for {kind.plural}"
        )
    orders = tuple(each for each in ListOrder if kind in DATED or each is not ListOrder.NEWEST)
    for name, known in (
        ("kind", tuple(each.value for each in _SHOWN_IN_FIGURES)),
        ("tier", tuple(Tier)),
        ("certain", (_YES, "no")),
        ("order", orders),
    ):
        if asked.get(name, known[0]) not in known:
            raise UsageError(
                f"{name}: expected one of {', '.join(known)}, found {asked[name][:100]!r}"
            )
    year = asked.get("year", "1")
    if not (year.isascii() and year.isdigit() and len(year) <= 4 and int(year)):
        raise UsageError(f"year: expected a year such as 2019, found {year[:100]!r}")
    for name, usual in (("tier", Tier.SYNONYMS), ("order", ListOrder.COUNT), ("certain", "no")):
        if asked.get(name) == usual:
            del asked[name]
    return ListRequest(**asked)


def find_list(index: Index, kind: Kind, asked: ListRequest) -> FoundList:
    """Return a list that is asked for.

    Raises:
        UsageError: The release has no such organism or journal.
    """
    wanted = ListFilter(
        kind,
        Tier(asked.tier or Tier.SYNONYMS),
        asked.certain == _YES,
        int(asked.year or 0),
        _organism(index, asked.organism),
        _journals(index, asked.journal),
        Kind(asked.kind) if asked.kind else None,
    )
    order = ListOrder(asked.order or ListOrder.COUNT)
    found = listing(index, wanted)
    return FoundList(kind, asked, wanted, order, found, in_order(index, found, kind, order))


def list_view(
    index: Index, found: FoundList, page: int = 1, size: int = LIST_SIZE
) -> ListView | None:
    """Return one page of a list, None where it has no such page."""
    numbers = found.numbers[(page - 1) * size : page * size]
    rows = Paged(tuple(list_rows(index, found, numbers)), len(found.numbers), page, size)
    if not 1 <= page <= rows.pages:
        return None
    kind, years = found.kind, index.numbers.years
    return ListView(
        kind,
        found.asked,
        found.order,
        found.filter.tier,
        rows,
        index.numbers.totals.get(kind.plural, 0),
        _letters(found, size) if found.order is ListOrder.ALPHABET else (),
        tuple(Count(str(year), count) for year, count in sorted(years.items(), reverse=True)),
        _organism_choices(index, kind),
        index.journal_names[:_MOST_CHOICES],
        tuple(
            row.ref.label
            for row, number in zip(rows.items, numbers, strict=True)
            if kind is Kind.GENE and index.human and index.organisms[number] == index.human
        ),
    )


def list_rows(index: Index, found: FoundList, numbers: Iterable[int]) -> Iterator[ListRow]:
    """Yield the rows of some numbers of a list, in their order."""
    for part in batched(numbers, _AT_ONCE):
        yield from (_figures if found.kind is Kind.FIGURE else _entities)(index, found, part)


def _figures(index: Index, found: FoundList, numbers: list[int]) -> Iterator[ListRow]:
    counts = found.listing.counts
    for number, item in zip(numbers, index.items(numbers), strict=True):
        figid = key_of(Kind.FIGURE, item.iri, index.iris.style) or item.iri
        ref = Ref(Kind.FIGURE, item.iri, item.title or figid)
        yield ListRow(ref, figid, counts[number], item.number, item.year, item.paper)


def _entities(index: Index, found: FoundList, numbers: list[int]) -> Iterator[ListRow]:
    prefixes, style = Prefixes(index.iris), index.iris.style
    for number, (iri, name, year) in zip(numbers, index.told(numbers), strict=True):
        of, id_ = "", ""
        if found.kind is Kind.GENE and (organism := index.organisms[number]):
            of = index.ref(organism, Kind.ORGANISM).label
        elif found.kind is Kind.PAPER:
            journal = index.journals[number]
            of = index.ref(journal, Kind.JOURNAL).label if journal else ""
            id_ = key_of(Kind.PAPER, iri, style) or ""
        if found.kind in IDENTIFIED:
            id_ = prefixes.curie(IRI(iri)) or key_of(found.kind, iri, style) or ""
        counted = found.listing.counts[number]
        yield ListRow(Ref(found.kind, iri, name), id_ or iri, counted, year=year, of=of)


def _letters(found: FoundList, size: int) -> tuple[tuple[str, int], ...]:
    pages: dict[str, int] = {}
    letters = found.listing.alphabet.letters
    for place, number in enumerate(found.numbers):
        pages.setdefault(LETTERS[letters[number]], place // size + 1)
    return tuple(pages.items())


def _organism(index: Index, key: str) -> int:
    if not key:
        return ALL_ORGANISMS
    iri = iri_of(Kind.ORGANISM, key, index.iris.style)
    number = index.entity_number(iri, Kind.ORGANISM) if iri else None
    if number is None:
        raise UsageError(
            f"organism: expected the NCBI taxon of one of this release, found {key[:100]!r}"
        )
    return number


def _journals(index: Index, name: str) -> tuple[int, ...]:
    if not name:
        return ()
    found = index.journals_by_name.get(folded(name), ())
    if not found:
        raise UsageError(f"journal: expected the name of one of this release, found {name[:100]!r}")
    return found


def _organism_choices(index: Index, kind: Kind) -> tuple[Count, ...]:
    """Return the organisms of most figures, or of most genes."""
    if "organism" not in FIELDS[kind]:
        return ()
    counted = index.numbers.organisms[:_MOST_CHOICES]
    if kind is Kind.GENE:
        genes = index.genes_per_organism
        counted = index.most(genes, Kind.ORGANISM, _MOST_CHOICES)
    style = index.iris.style
    return tuple(
        Count(each.ref.label, each.count, key)
        for each in counted
        if (key := key_of(Kind.ORGANISM, each.ref.iri, style))
    )
