"""A list of genes -> the figures, or papers, that show more of them than chance would."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Self

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.enrichment.model import (
    ANY,
    Alike,
    EnrichedSet,
    Enrichment,
    EnrichmentOptions,
)
from pfocr_rdf.query.enrichment.names import ListedName, NameResolver, NameState
from pfocr_rdf.query.enrichment.statistics import (
    benjamini_hochberg,
    cosine,
    odds_ratio,
    upper_tail,
)
from pfocr_rdf.query.index import (
    ALL_ORGANISMS,
    LISTED,
    Index,
    Meaning,
    Scope,
    Search,
    SetOf,
    Sizes,
    end_of,
    is_in,
    overlaps,
    sets_of,
)
from pfocr_rdf.rdf import IRI, SCHEMA, Kind, Memo, NodeView, taxon_id

_AT_ONCE: Final = 500  # rows whose titles are asked for together
_DEFAULTS: Final = EnrichmentOptions()
_NCBI_GENE: Final = "ncbigene:"
_TAXON: Final = re.compile("[1-9][0-9]*$")
_IDS_KEPT: Final = 10_000


class OrganismOfGenes(NamedTuple):
    """An organism by its taxon id, and how many genes of it a release has."""

    taxon: str
    label: str
    genes: int


class Enricher:
    """Compares lists with the sets of one release; threads may share it.

    Args:
        index: Of the release.
        search: Likewise.

    Attributes:
        index: Of the release.
    """

    def __init__(self, index: Index, search: Search) -> None:
        self.index = self._index = index
        self._search = search
        self._resolver = NameResolver(index, search)
        self._ids = Memo(self._id, _IDS_KEPT)
        self._opened = ExitStack()

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Open the index of a release, `StorePlace.index_file`; to be closed.

        Raises:
            InputError: It is no such file.
        """
        with ExitStack() as stack:
            index, search = Index(path), Search(path)
            stack.callback(index.close)
            stack.callback(search.close)
            opened = cls(index, search)
            opened._opened = stack.pop_all()
        return opened

    def close(self) -> None:
        """Let go of what `of_file` has opened."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def split(self, text: str) -> list[str]:
        """Return the names of a list, parted by lines, commas, semicolons, tabs or blanks."""
        return self._resolver.split(text)

    def enrich(
        self,
        names: Iterable[str],
        options: EnrichmentOptions = _DEFAULTS,
        background: Iterable[str] | None = None,
        choices: Mapping[str, str] | None = None,
    ) -> Enrichment:
        """Return what became of a list.

        Args:
            names: Symbols, other names, or ids.
            options: Which sets it is compared with.
            background: Names of the universe; None: all members of the sets.
            choices: Of ambiguous names the id that was chosen.

        Raises:
            UsageError: The release has no genes of the organism.
        """
        organism = self._organism(options.organism)
        listed = self._resolver.resolved(names, organism, choices)
        kinds = LISTED if any(map(_is_no_gene, listed)) else (Kind.GENE,)
        scope = _scope_of(options, organism, kinds)
        known: Sequence[ListedName] = ()
        sets = dict(self._sets_of(scope, {each.meaning.number for each in listed if each.meaning}))
        if background is None:
            sizes = self._index.sizes(scope)
            inside = {each for each, of in sets.items() if of}
            reason = "in no set of this scope"
        else:
            known = self._resolver.resolved(background, organism, choices)
            inside = {
                each.meaning.number
                for each in known
                if each.state is NameState.TAKEN and each.meaning and each.meaning.kind in kinds
            }
            within = overlaps(scope, self._index.members(inside), self._index.papers).of_set
            sizes = Sizes(within, len(inside), len(within))
            reason = "not in the background"
        names_told = tuple(_outside(each, inside, reason) for each in listed)
        taken = tuple(
            each.meaning for each in names_told if each.state is NameState.TAKEN and each.meaning
        )
        return Enrichment(
            options=options,
            organism=self._index.ref(organism, Kind.ORGANISM).label if organism else "",
            kinds=kinds,
            names=names_told,
            background=tuple(known),
            taken=taken,
            universe=sizes.members,
            tested=sizes.sets,
            found=_found([sets.get(each.number, ()) for each in taken], sizes),
        )

    @cached_property
    def organisms(self) -> tuple[OrganismOfGenes, ...]:
        """The organisms that the release has genes of, those of most genes first."""
        index = self._index
        counts = Counter(index.organisms[each] for each in index.genes_of(ALL_ORGANISMS))
        counts.pop(ALL_ORGANISMS, None)
        refs = [(index.ref(each, Kind.ORGANISM), genes) for each, genes in counts.most_common()]
        return tuple(
            OrganismOfGenes(found[0], ref.label, genes)
            for ref, genes in refs
            if (found := _TAXON.search(ref.iri))
        )

    def id_of(self, meaning: Meaning) -> str:
        """Return the id by which an entity may be pasted: `ncbigene:8600`, `chebi:22984`."""
        return self._ids[meaning.iri]

    def told(
        self, enrichment: Enrichment, limit: int | None = None, offset: int = 0
    ) -> Iterator[EnrichedSet]:
        """Yield the sets that share something with the list, with what is told of them.

        Args:
            enrichment: From here.
            limit: How many at most; None: all.
            offset: How many to leave out before.
        """
        last = None if limit is None else offset + limit
        rows = islice(self._rows(enrichment), offset, last)
        organism = self._organism(enrichment.options.organism)
        scope = _scope_of(enrichment.options, organism, enrichment.kinds)
        shared: defaultdict[int, list[Meaning]] | None = None
        is_short = limit is not None and limit <= _AT_ONCE
        while part := list(islice(rows, _AT_ONCE)):
            if shared is None:
                some = [each for each, _ in part] if is_short else ()
                shared = self._shared(scope, enrichment.taken, some)
            yield from self._told(part, shared, enrichment.options.by)

    def _id(self, iri: str) -> str:
        said = self._index.entity(IRI(iri))
        ids = NodeView(said).all(SCHEMA.identifier) if said else ()
        return next((each for each in ids if each.startswith(_NCBI_GENE)), next(iter(ids), iri))

    def _organism(self, wanted: str) -> int:
        """Return the number of an organism, `ALL_ORGANISMS` for `ANY`."""
        if wanted == ANY:
            return ALL_ORGANISMS
        digits = wanted.lower().removeprefix("ncbitaxon:").removeprefix("ncbitaxon_").strip()
        if taxon_id(digits):
            iri = self._index.iris.taxon(digits)
        else:
            meant = self._search.sure(wanted, Kind.ORGANISM)
            iri = IRI(meant[0].iri if meant else "")
        number = self._index.entity_number(iri, Kind.ORGANISM)
        if number is None or next(self._index.genes_of(number), None) is None:
            raise UsageError(
                f"organism {wanted}: expected one whose genes the release has, found none of it "
                f"(a taxon id, such as 9606, a name, or {ANY})"
            )
        return number

    def _rows(self, enrichment: Enrichment) -> Iterator[tuple[int, Alike]]:
        """Yield each set by its number, with its numbers; of equal ones in the order of IRIs."""
        # Papers have numbers in the order of their first figures, which is that of their IRIs.
        by_figure = enrichment.options.by is SetOf.FIGURE
        rank = self._index.ranks.__getitem__ if by_figure else None
        for alike in enrichment.found:
            for each in sorted(alike.sets, key=rank):
                yield each, alike

    def _shared(
        self, scope: Scope, taken: Iterable[Meaning], told: Collection[int]
    ) -> defaultdict[int, list[Meaning]]:
        """Return what some sets share with a list, or all sets where that is none."""
        shared: defaultdict[int, list[Meaning]] = defaultdict(list)
        of = dict(self._sets_of(scope, [each.number for each in taken]))
        wanted = set(told)
        for meaning in taken:
            sets = of.get(meaning.number, ())
            for each in wanted.intersection(sets) if wanted else sets:
                shared[each].append(meaning)
        return shared

    def _sets_of(
        self, scope: Scope, entities: Iterable[int]
    ) -> Iterator[tuple[int, Iterable[int]]]:
        """Yield those of some entities that are in a scope, each with its sets."""
        for shown in self._index.members(entities):
            if is_in(scope, shown.kind, shown.organism):
                yield shown.entity, sets_of(scope, shown, self._index.papers)

    def _told(
        self, part: Sequence[tuple[int, Alike]], shared: Mapping[int, list[Meaning]], by: SetOf
    ) -> Iterator[EnrichedSet]:
        numbers = [each for each, _ in part]
        if by is SetOf.FIGURE:
            items = self._index.items(numbers)
            told = [(each.iri, each.title, each.year, each.paper) for each in items]
        else:
            told = [self._paper(each) for each in numbers]
        for (number, alike), (iri, title, year, paper) in zip(part, told, strict=True):
            yield EnrichedSet(
                end_of(iri).removesuffix(".html"), iri, title, year, paper,
                *alike[:-1], tuple(shared[number]),
            )  # fmt: skip

    def _paper(self, number: int) -> tuple[str, str, str, str]:
        said, _ = self._index.content(number)
        ref = self._index.ref(number, Kind.PAPER)
        year = NodeView(said).first(SCHEMA.datePublished)
        return ref.iri, ref.label, year, ref.label


def _found(of_listed: Sequence[Iterable[int]], sizes: Sizes) -> tuple[Alike, ...]:
    """Return the sets that share something with a list, the least p first.

    Args:
        of_listed: Of each entity of the list its sets.
        sizes: Of all sets.
    """
    overlap_of: Counter[int] = Counter()
    for sets in of_listed:
        overlap_of.update(sets)
    same: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    pairs = zip(overlap_of.values(), map(sizes.of_set.__getitem__, overlap_of), strict=True)
    for each, pair in zip(overlap_of, pairs, strict=True):
        same[pair].append(each)
    universe, count = sizes.members, len(of_listed)
    # Most sets are small, so that few numbers tell them all.
    numbers = list(same)
    p_values = [upper_tail(overlap, universe, count, size) for overlap, size in numbers]
    q_values = benjamini_hochberg(p_values, sizes.sets, [len(same[each]) for each in numbers])
    found = [
        Alike(
            overlap, size, odds_ratio(overlap, universe, count, size), p, q,
            cosine(overlap, count, size), tuple(same[overlap, size]),
        )
        for (overlap, size), p, q in zip(numbers, p_values, q_values, strict=True)
    ]  # fmt: skip
    found.sort(key=lambda each: (each.p, -each.overlap, each.size))
    return tuple(found)


def _scope_of(options: EnrichmentOptions, organism: int, kinds: tuple[Kind, ...]) -> Scope:
    return Scope(options.tier, organism, options.certain, options.by, kinds)


def _is_no_gene(name: ListedName) -> bool:
    return name.meaning is not None and name.meaning.kind is not Kind.GENE


def _outside(name: ListedName, inside: set[int], reason: str) -> ListedName:
    """Return a name as it counts: those of the list that are not in the universe do not."""
    is_taken = name.state in (NameState.TAKEN, NameState.AGAIN)
    if not is_taken or (name.meaning and name.meaning.number in inside):
        return name
    return name._replace(state=NameState.OUTSIDE, reason=reason)
