"""Answers from the index of a release: names, lists of figures, who is shown where.

What is kept of answers is bounded, save the columns of the index, which have about eighty bytes
for each figure and entity.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.figures import HUMAN
from pfocr_rdf.query.index.columns import Alphabet, alphabet_of, column_name
from pfocr_rdf.query.index.concepts import concepts
from pfocr_rdf.query.index.connection import connected, images_of
from pfocr_rdf.query.index.folding import folded
from pfocr_rdf.query.index.gather import DIGEST
from pfocr_rdf.query.index.meanings import Meanings
from pfocr_rdf.query.index.model import (
    NO_KIND,
    TIER_WORDS,
    UNTIERED,
    Concept,
    CountedConcept,
    CountedRef,
    FigureItem,
    Name,
    Numbers,
    Ref,
    end_of,
)
from pfocr_rdf.query.index.names import FittingName, Names
from pfocr_rdf.query.index.set_sizes import (
    WIDEST,
    Scope,
    SetMember,
    Sizes,
    overlaps,
    read_sizes,
    shown_rows,
)
from pfocr_rdf.rdf import IRI, PAGED, SKOS, Iris, IriStyle, Kind, Memo, Node, NodeView, Tier
from pfocr_rdf.release import ALIGNMENT_FILE, Piece, Reader

_ITEM: Final = 8
_KEPT: Final = 20_000
_TOP: Final = 50
_SCOPES_KEPT: Final = 16
_UNTIERED: Final = TIER_WORDS.index(UNTIERED)
_ALIGNMENT_FORM: Final = Path(ALIGNMENT_FILE).suffix


class ShownIn(NamedTuple):
    """The figures of an entity.

    Attributes:
        figures: Their numbers: those of the strictest tier first, in it the newest.
        tiers: Of each the place in `TIER_WORDS`.
        certain: Of each 1 where the entity is mentioned unambiguously, else 0.
        candidate_in: In how many figures a word may mean it.
    """

    figures: array[int]
    tiers: bytes
    certain: bytes
    candidate_in: int

    def within(self, tier: Tier) -> ShownIn:
        """Return those of a gene in which its tier is in another one."""
        number = bisect_right(self.tiers, WIDEST[tier])
        if number == len(self.figures):
            return self
        parts = self.figures[:number], self.tiers[:number], self.certain[:number]
        return ShownIn(*parts, self.candidate_in)


class Mentioned(NamedTuple):
    """What a figure mentions, by number: those of the strictest tier first, with their tiers."""

    entities: array[int]
    tiers: bytes

    def within(self, tier: Tier) -> array[int]:
        """Return the genes of a tier; of `Tier.ALL` all entities."""
        number = bisect_right(self.tiers, WIDEST[tier])
        return self.entities if number == len(self.tiers) else self.entities[:number]

    @property
    def untiered(self) -> array[int]:
        """Those without a tier: chemicals, diseases, and genes that are only keywords."""
        return self.entities[bisect_left(self.tiers, _UNTIERED) :]


class FigureRow(NamedTuple):
    """A figure as the index has it."""

    iri: str
    paper: int
    digest: bytes
    mentioned: array[int]
    entities: array[int]


_SHOWN: Final = "SELECT entity, figures, tiers, certain, candidate_in FROM shown_in"
_MEMBERS: Final = """
SELECT entity, figures, tiers, certain FROM shown_in JOIN json_each(?) ON entity = value
"""
_SHOWN_NOWHERE: Final = ShownIn(array("I"), b"", b"", 0)


class Index:
    """An index that is complete; threads may share it.

    Args:
        path: Of the index.

    Attributes:
        iris: The spelling of the release.
        reader: Of the release's pieces.
        form: Suffix of the dump that its pieces are of.
        years: Of figures by number, 0 where unknown.
        ranks: Of figures by number: their place in the order of IRIs.
        figures_of: How many figures show an entity, by number.
        papers: Of figures by number, 0 without one.
        organisms: Of genes by number, 0 of other entities and where unknown.
        journals: Of papers by number, 0 of other entities and where unknown.

    Raises:
        InputError: It is no such file.
    """

    def __init__(self, path: Path) -> None:
        self._db, facts = connected(path)
        self.iris = Iris(IriStyle(facts["style"].decode()))
        self.reader = Reader(self.iris.style)
        self.form = facts["form"].decode()
        self.years = array("i", facts["years"])
        self.ranks = array("I", facts["ranks"])
        self.figures_of = array("I", facts["figures_of"])
        self.papers = array("I", facts["papers"])
        self.organisms = array("I", facts["organisms"])
        self.journals = array("I", facts["journals"])
        self._columns = facts
        self._totals: Mapping[str, int] = orjson.loads(facts["totals"])
        self._counts: Mapping[str, Mapping[str, int]] = orjson.loads(facts["counts"])
        self._kinds: bytes = facts["kinds"]
        self._marks: bytes = facts["marks"]
        self._items: bytes = facts["items"]
        self._concepts = dict(concepts())
        self._called = Names(self._db)
        self._meanings = Meanings(self._db, self._called)
        self._names = Memo(self._name, _KEPT)
        self._labels = Memo(self._label, _KEPT)
        self._nodes = Memo(self._node, _KEPT)
        self._shown_in = Memo(self._figures_of, _KEPT)
        self._mentioned = Memo(self._entities_of, _KEPT)
        self._counted_in = Memo(self._counted_column, 4 * len(Tier))
        self._sizes = Memo(self._counted_sizes, _SCOPES_KEPT)

    def close(self) -> None:
        """Let go of the index."""
        self._db.close()

    def kind(self, entity: int) -> Kind | None:
        """Return the kind of page that an entity has, None without one."""
        number = self._kinds[entity]
        return None if number == NO_KIND else PAGED[number]

    @cached_property
    def _kind_of(self) -> list[Kind | None]:
        """The kinds of all entities by their numbers."""
        return [None if number == NO_KIND else PAGED[number] for number in self._kinds]

    def mark(self, entity: int) -> bytes:
        """Return the hash of an entity with all that it refers to."""
        return self._marks[entity * DIGEST : (entity + 1) * DIGEST]

    def item_mark(self, figure: int) -> bytes:
        """Return the hash of what lists show of a figure."""
        return self._items[figure * _ITEM : (figure + 1) * _ITEM]

    def figure_number(self, iri: str) -> int | None:
        """Return the number of a figure, None when the release has no such figure."""
        return self._found("SELECT id FROM figure WHERE iri = ?", iri)

    def entity_number(self, iri: str, kind: Kind) -> int | None:
        """Return the number of an entity, None when the release has none of that kind."""
        number = self._found("SELECT id FROM entity WHERE iri = ?", iri)
        return number if number is not None and self.kind(number) is kind else None

    def figure(self, number: int) -> FigureRow:
        """Return a figure."""
        iri, paper, digest, mentioned, entities = self._db.execute(
            "SELECT iri, paper, digest, mentioned, entities FROM figure WHERE id = ?", (number,)
        ).fetchone()
        return FigureRow(iri, paper, digest, array("I", mentioned), array("I", entities))

    def count_within(self, figures: Iterable[int], tier: Tier) -> Counter[int]:
        """Return in how many of some figures each gene of a tier is; see `Mentioned.within`."""
        mentioned = map(self._mentioned.__getitem__, figures)
        return Counter(chain.from_iterable(each.within(tier) for each in mentioned))

    def count_untiered(self, figures: Iterable[int]) -> Counter[int]:
        """Return in how many of some figures each entity is that has no tier in them."""
        mentioned = map(self._mentioned.__getitem__, figures)
        return Counter(chain.from_iterable(each.untiered for each in mentioned))

    def counted(self, tier: Tier, *, certain: bool = False) -> array[int]:
        """Return in how many figures each entity is, by number.

        Args:
            tier: Of genes; other entities have none.
            certain: Only where it is mentioned unambiguously.
        """
        return self._counted_in[tier, certain]

    @cached_property
    def figures_a_to_z(self) -> Alphabet:
        """The order of figures by their titles."""
        return alphabet_of(self._columns, "figure")

    @cached_property
    def entities_a_to_z(self) -> Alphabet:
        """The order of entities by their names."""
        return alphabet_of(self._columns, "entity")

    def mentioned(self, figure: int) -> array[int]:
        """Return the numbers of the entities that a figure mentions."""
        return self._mentioned[figure].entities

    def mentioned_within(self, figure: int, tier: Tier) -> array[int]:
        """Return the genes of a tier that a figure mentions; see `Mentioned.within`."""
        return self._mentioned[figure].within(tier)

    def shown_in(self, entity: int) -> ShownIn:
        """Return the figures of an entity."""
        return self._shown_in[entity]

    def shown_once(self, entity: int) -> ShownIn:
        """Return the figures of an entity for who goes through all of them: nothing is kept."""
        return self._figures_of(entity)

    def members(self, entities: Iterable[int]) -> Iterator[SetMember]:
        """Yield those of some entities that may be members of sets and are shown."""
        rows = self._db.execute(_MEMBERS, (orjson.dumps(list(entities)).decode(),))
        return shown_rows(rows, self._kind_of, self.organisms)

    def sizes(self, scope: Scope) -> Sizes:
        """Return the sizes of all sets of a scope."""
        return self._sizes[scope]

    def numbers_of(self, kind: Kind) -> Iterator[int]:
        """Yield the entities of a kind in the order of their numbers."""
        wanted = PAGED.index(kind)
        return (entity for entity, of in enumerate(self._kinds) if of == wanted)

    @cached_property
    def human(self) -> int:
        """The number of that organism, 0 where the release has it not."""
        return self.entity_number(self.iris.taxon(HUMAN), Kind.ORGANISM) or 0

    @cached_property
    def years_of_papers(self) -> Mapping[int, int]:
        """Of papers by number, 0 where unknown; of those with figures."""
        years: defaultdict[int, int] = defaultdict(int)
        years.update(zip(self.papers, self.years, strict=True))
        return years

    def genes_of(self, organism: int) -> Iterator[int]:
        """Yield the genes of an organism, by its number; of all organisms for 0."""
        gene = PAGED.index(Kind.GENE)
        for entity, (kind, of) in enumerate(zip(self._kinds, self.organisms, strict=True)):
            if kind == gene and organism in (0, of):
                yield entity

    def name(self, iri: str) -> Name:
        """Return what an entity is called; the end of its IRI where the release has no name."""
        return self._names[iri]

    def ref(self, entity: int, kind: Kind) -> Ref:
        """Return a link to an entity of a known number and kind."""
        return Ref(kind, *self._labels[entity])

    def entity(self, iri: IRI) -> Node | None:
        """Return all that the release says of an entity, None where it says nothing."""
        return self._nodes[iri]

    def content(self, entity: int) -> tuple[Node, bytes]:
        """Return an entity, and its text in the dump."""
        (content,) = self._db.execute(
            "SELECT content FROM entity WHERE id = ?", (entity,)
        ).fetchone()
        return self._parsed(content), content

    def aligned(self, entity: int) -> Node | None:
        """Return what the alignment has of an entity, None where it has nothing."""
        (content,) = self._db.execute(
            "SELECT aligned FROM entity WHERE id = ?", (entity,)
        ).fetchone()
        if not content:
            return None
        return self.reader.entity(Piece(_ALIGNMENT_FORM, is_figure=False, content=content))

    def names_of(self, entity: int) -> list[tuple[str, FittingName]]:
        """Return all names of an entity, each with a key by which it is compared."""
        return self._called.of_node(entity)

    def organism_said(self, label: str, organism: str) -> str:
        """Return what the organism of a gene is called where it has to be said, else ""."""
        return self._meanings.organism(label, organism)

    def paged(self) -> Iterator[tuple[Kind, str]]:
        """Yield what has a page, figures first: the kind and IRI of each."""
        for (iri,) in self._db.execute("SELECT iri FROM figure ORDER BY iri"):
            yield Kind.FIGURE, iri
        rows = self._db.execute(
            "SELECT kind, iri FROM entity WHERE kind < ? ORDER BY kind, iri", (NO_KIND,)
        )
        for number, iri in rows:
            yield PAGED[number], iri

    def of_kind(self, kind: Kind) -> Iterator[int]:
        """Yield the entities of a kind in the order of their IRIs."""
        rows = self._db.execute(
            "SELECT id FROM entity WHERE kind = ? ORDER BY iri", (PAGED.index(kind),)
        )
        for (number,) in rows:
            yield number

    def most(self, counts: Mapping[int, int], kind: Kind, limit: int) -> tuple[CountedRef, ...]:
        """Return the entities of a kind with the highest counts; see `top`."""
        return tuple(CountedRef(ref, n) for _, ref, n in self.top(counts, kind, limit))

    def top(self, counts: Mapping[int, int], kind: Kind, limit: int) -> list[tuple[int, Ref, int]]:
        """Return the entities of a kind with the highest counts, then A to Z, then by IRIs.

        Args:
            counts: By number, of entities of any kind.
            kind: That is wanted.
            limit: How many at most.

        Returns:
            The number, the link and the count of each.
        """
        wanted = PAGED.index(kind)
        kinds = self._kinds
        of_kind = {each: n for each, n in counts.items() if kinds[each] == wanted and n}
        # Only those near the top are worth a look at their names.
        least = min(sorted(of_kind.values(), reverse=True)[:limit], default=0)
        near = [(each, self.ref(each, kind), n) for each, n in of_kind.items() if n >= least]
        near.sort(key=lambda each: (-each[2], each[1].label, each[1].iri))
        return near[:limit]

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers of the whole release."""
        shown = dict(enumerate(self.figures_of))
        by_name = dict(enumerate(self.counted(Tier.SYNONYMS)))
        years = Counter(year for year in self.years if year)
        tiers, methods, reasons = (self._counted(name) for name in ("tiers", "methods", "reasons"))
        return Numbers(
            totals=self._totals,
            years={year: years[year] for year in sorted(years)},
            top_genes=self.most(by_name, Kind.GENE, _TOP),
            organisms=self.most(shown, Kind.ORGANISM, len(shown)),
            tiers=tiers,
            methods=methods,
            reasons=reasons,
        )

    def concept(self, iri: str) -> Concept | None:
        """Return a concept, None for ""; a lexicon may be known to the release alone."""
        if not iri:
            return None
        found = self._concepts.get(iri)
        if found is None:
            node = self.entity(IRI(iri))
            view = NodeView(node) if node else None
            label = view.first(SKOS.prefLabel) or view.first(SKOS.notation) if view else ""
            found = self._concepts[iri] = Concept(iri, label or end_of(iri), "")
        return found

    def told(self, entities: Sequence[int]) -> Iterator[tuple[str, str, str]]:
        """Yield the IRI, name and year of entities, in the order given."""
        rows = self._db.execute(
            "SELECT entity.iri, entity.name, entity.year "
            "FROM json_each(?) JOIN entity ON entity.id = value ORDER BY json_each.id",
            (orjson.dumps(list(entities)).decode(),),
        )
        for iri, name, year in rows:
            yield iri, name or end_of(iri), year

    def titles(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield the IRI, title and year of each figure and the IRI of its paper, the newest first.

        Those of a year are in the order of their IRIs; "" is what is unknown.
        """
        rows = self._db.execute(
            "SELECT figure.iri, title, entity.year, entity.iri "
            "FROM figure LEFT JOIN entity ON entity.id = paper "
            "ORDER BY CAST(entity.year AS INTEGER) DESC, figure.iri"
        )
        for iri, title, year, paper in rows:
            yield iri, title, year or "", paper or ""

    @cached_property
    def journals_by_name(self) -> Mapping[str, tuple[int, ...]]:
        """The journals of papers by their names, folded; some have the same."""
        found: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
        for journal in sorted({*self.journals} - {0}):
            found[folded(self.ref(journal, Kind.JOURNAL).label)] += (journal,)
        return dict(found)

    @cached_property
    def journal_names(self) -> tuple[str, ...]:
        """The names of journals, those of most figures first."""
        counts = Counter(map(self.journals.__getitem__, self.papers))
        del counts[0]
        found = [(-n, self.ref(journal, Kind.JOURNAL).label) for journal, n in counts.items()]
        return tuple(dict.fromkeys(name for _, name in sorted(found)))

    @cached_property
    def genes_per_organism(self) -> Mapping[int, int]:
        """How many genes each organism has, by its number."""
        counts = Counter(self.organisms)
        del counts[0]
        return counts

    def signs(self, shard: int) -> list[tuple[str, str, str, str]]:
        """Return the IRI, image, licence and creator of the figures of one linkset."""
        return self._db.execute(
            "SELECT iri, image, license, creator FROM figure WHERE shard = ? ORDER BY iri",
            (shard,),
        ).fetchall()

    def images(self, figures: Iterable[str]) -> dict[str, str]:
        """Return the addresses of the images of figures, by IRI; see `images_of`."""
        return images_of(self._db, figures)

    def items(
        self,
        figures: Sequence[int],
        genes: Mapping[int, int] | None = None,
        notes: Mapping[int, str] | None = None,
    ) -> tuple[FigureItem, ...]:
        """Return list entries of figures, in the order given.

        Args:
            figures: Their numbers.
            genes: How many each shares or shows, by number.
            notes: To each, by number.
        """
        found: dict[int, FigureItem] = {}
        rows = self._db.execute(
            "SELECT figure.id, figure.iri, title, number, year, name, image "
            "FROM json_each(?) JOIN figure ON figure.id = value "
            "LEFT JOIN entity ON entity.id = paper",
            (orjson.dumps(list(figures)).decode(),),
        )
        for figure, iri, title, number, year, paper, image in rows:
            found[figure] = FigureItem(
                iri,
                title,
                number,
                year or "",
                paper or "",
                genes.get(figure, 0) if genes else 0,
                notes.get(figure, "") if notes else "",
                image,
            )
        return tuple(found[figure] for figure in figures)

    def _entities_of(self, figure: int) -> Mentioned:
        entities, tiers = self._db.execute(
            "SELECT mentioned, tiers FROM figure WHERE id = ?", (figure,)
        ).fetchone()
        return Mentioned(array("I", entities), tiers)

    def _counted_column(self, key: tuple[Tier, bool]) -> array[int]:
        return array("I", self._columns[column_name(key[0], certain=key[1])])

    def _figures_of(self, entity: int) -> ShownIn:
        row = self._db.execute(f"{_SHOWN} WHERE entity = ?", (entity,)).fetchone()
        return _shown(*row[1:]) if row else _SHOWN_NOWHERE

    def _counted_sizes(self, scope: Scope) -> Sizes:
        found = read_sizes(self._db, scope)
        if found is not None:
            return found
        genes = self.genes_of(scope.organism)
        others = (self.of_kind(kind) for kind in scope.kinds if kind is not Kind.GENE)
        of_set, members = overlaps(scope, self.members(chain(genes, *others)), self.papers)
        return Sizes(of_set, members, len(of_set))

    def _name(self, iri: str) -> Name:
        row = self._db.execute("SELECT id, name FROM entity WHERE iri = ?", (iri,)).fetchone()
        label, kind = (row[1], self.kind(row[0])) if row else ("", None)
        return Name(label or end_of(iri), kind)

    def _label(self, entity: int) -> tuple[str, str]:
        iri, name = self._db.execute(
            "SELECT iri, name FROM entity WHERE id = ?", (entity,)
        ).fetchone()
        return iri, name or end_of(iri)

    def _node(self, iri: str) -> Node | None:
        row = self._db.execute("SELECT content FROM entity WHERE iri = ?", (iri,)).fetchone()
        return self._parsed(row[0]) if row else None

    def _parsed(self, content: bytes) -> Node:
        return self.reader.entity(Piece(self.form, is_figure=False, content=content))

    def _found(self, statement: str, iri: str) -> int | None:
        row = self._db.execute(statement, (iri,)).fetchone()
        return int(row[0]) if row else None

    def _counted(self, name: str) -> tuple[CountedConcept, ...]:
        most = sorted(self._counts[name].items(), key=lambda each: (-each[1], each[0]))
        return tuple(
            CountedConcept(concept, count) for iri, count in most if (concept := self.concept(iri))
        )


def _shown(figures: bytes, tiers: bytes, certain: bytes, candidate_in: int) -> ShownIn:
    return ShownIn(array("I", figures), tiers, certain, candidate_in)
