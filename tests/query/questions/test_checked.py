"""The rows of questions, worked out a second time in Python from the figures themselves.

Nothing here reads RDF or SPARQL: the figures are read and their mentions linked, and each
question is answered with sets and counters. Paths of co-mention are held to a breadth-first
search over random graphs.
"""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import combinations
from typing import NamedTuple

import pyoxigraph
import pytest

from pfocr_rdf.figures.api import map_figure, read_figures
from pfocr_rdf.figures.link.linker import Gene, Link
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME, load_gene_table
from pfocr_rdf.figures.model import Figure, Mention
from pfocr_rdf.query.questions import bind
from pfocr_rdf.rdf.iris import Iris, our_iri, slug
from pfocr_rdf.rdf.kinds import Kind
from tests.query.questions.test_rows import (
    GIVEN,
    QUESTIONS,
    RELEASES,
    StoreOf,
    given,
    release_inputs,
)

pytestmark = pytest.mark.whole  # takes long

IRIS = Iris()
TIERS = {
    "hgnc_symbol": "symbol",
    "ncbigene_symbol": "symbol",
    "hgnc_alias_symbol": "synonym",
    "hgnc_prev_symbol": "synonym",
    "ncbigene_synonym": "synonym",
}
STRICT_FIRST = ("symbol", "synonym", "family", "none")
Row = tuple[object, ...]


class Shown(NamedTuple):
    """A figure and what it shows: genes with their strictest tier, chemicals and diseases."""

    figure: Figure
    links: tuple[tuple[Mention, Link], ...]
    genes: dict[str, str]
    chemicals: frozenset[str]
    diseases: frozenset[str]

    @property
    def iri(self) -> str:
        return self.figure.iri

    @property
    def year(self) -> str:
        return self.figure.paper.year

    @property
    def all(self) -> set[str]:
        return {*self.genes, *self.chemicals, *self.diseases}


class Facts(NamedTuple):
    """All figures of a release, and its genes by IRI."""

    shown: tuple[Shown, ...]
    genes: dict[str, Gene]

    def named(self, key: str) -> set[str]:
        """Return the genes that a parameter names."""
        kind, _, number = key.partition(":")
        if kind.lower() == "hgnc":
            return {iri for iri, gene in self.genes.items() if gene.hgnc_id == number}
        if kind.lower() == "ncbigene":
            return {iri for iri, gene in self.genes.items() if gene.entrez_id == number}
        return {iri for iri, gene in self.genes.items() if gene.symbol == key}

    def symbol(self, iri: str) -> str:
        return self.genes[iri].symbol

    def figures_of(self, iri: str) -> int:
        return sum(iri in each.all for each in self.shown)


def gene_iri(gene: Gene) -> str:
    return IRIS.gene(gene.entrez_id) if gene.entrez_id else IRIS.hgnc(gene.hgnc_id)


def term_iri(mention: Mention) -> str:
    statement = mention.statement
    if not statement.accession:
        return IRIS.mesh(statement.mesh_id)
    is_chemical = statement.kind is Kind.CHEMICAL
    return (IRIS.chebi if is_chemical else IRIS.doid)(statement.accession)


def shown_by(figure: Figure, links: tuple[tuple[Mention, Link], ...]) -> Shown:
    genes: dict[str, str] = {}
    terms: dict[Kind, set[str]] = {Kind.CHEMICAL: set(), Kind.DISEASE: set()}
    for mention, link in links:
        if link.gene is not None:
            source = mention.statement.source
            tier = TIERS.get(source, "family") if source else "none"
            iri = gene_iri(link.gene)
            genes[iri] = min(tier, genes.get(iri, "none"), key=STRICT_FIRST.index)
        elif link.method is not None:
            terms[mention.statement.kind].add(term_iri(mention))
    chemicals, diseases = terms.values()
    return Shown(figure, links, genes, frozenset(chemicals), frozenset(diseases))


@cache
def facts(release: str) -> Facts:
    inputs, table_file = release_inputs(release)
    embedded = resources.files("pfocr_rdf").joinpath("data", EMBEDDED_NAME)
    with resources.as_file(embedded) as path:
        table = load_gene_table(table_file or path)
    shown = []
    genes: dict[str, Gene] = {}
    for figure in read_figures(inputs):
        links = map_figure(figure, table).links
        shown.append(shown_by(figure, links))
        for _, link in links:
            for gene in (*filter(None, [link.gene]), *link.candidates):
                genes.setdefault(gene_iri(gene), gene)
    return Facts(tuple(shown), genes)


Asked = Mapping[str, str]


def figures_of_gene(known: Facts, asked: Asked) -> Iterable[Row]:
    for gene in known.named(asked["gene"]):
        for each in known.shown:
            if gene in each.genes:
                yield each.iri, each.figure.title, each.year, each.genes[gene], gene


def figures_of_gene_by_tier(known: Facts, asked: Asked) -> Iterable[Row]:
    tiers = [tier.strip() for tier in asked["tiers"].split(",")]
    return [row for row in figures_of_gene(known, asked) if row[3] in tiers]


def figures_of_genes(known: Facts, asked: Asked) -> Iterable[Row]:
    keys = [key.strip() for key in asked["genes"].split(",")]
    for each in known.shown:
        shared = sum(not known.named(key).isdisjoint(each.genes) for key in keys)
        if shared:
            share = round(1000 * shared / len(each.genes)) / 1000
            yield each.iri, each.figure.title, shared, len(each.genes), share


def in_tiers(known: Facts, asked: Asked) -> Facts:
    """Return the same release without the genes of other tiers."""
    tiers = [tier.strip() for tier in asked["tiers"].split(",")]
    if tiers == ["all"]:
        return known
    shown = tuple(
        each._replace(genes={gene: tier for gene, tier in each.genes.items() if tier in tiers})
        for each in known.shown
    )
    return known._replace(shown=shown)


def beside(
    known: Facts, wanted: set[str], others: Callable[[Shown], Iterable[str]]
) -> Iterable[Row]:
    shared: Counter[str] = Counter()
    for each in known.shown:
        if not wanted.isdisjoint(each.all):
            shared.update(set(others(each)) - wanted)
    called = {iri: gene.symbol for iri, gene in known.genes.items()}  # genes of a rank by symbol
    ranked = sorted(shared.items(), key=lambda item: (-item[1], called.get(item[0], ""), item[0]))
    return [(iri, count, known.figures_of(iri)) for iri, count in ranked[:50]]


def genes_beside_gene(given: Facts, asked: Asked) -> Iterable[Row]:
    known = in_tiers(given, asked)
    found = []
    for gene in known.named(asked["gene"]):
        shared = Counter(
            other for each in known.shown if gene in each.genes for other in each.genes
        )
        mine = shared.pop(gene, 0)
        ranked = sorted(shared.items(), key=lambda item: (-item[1], known.symbol(item[0]), item[0]))
        for other, count in ranked[:200]:
            theirs = known.figures_of(other)
            cosine = math.floor(1000 * count / math.sqrt(mine * theirs) + 0.5) / 1000
            found.append((gene, other, known.symbol(other), count, theirs, cosine))
    return sorted(found, key=lambda row: (-row[5], -row[3], row[2], row[1], row[0]))[:50]


def figures_per_year(known: Facts, asked: Asked) -> Iterable[Row]:
    figures = Counter(each.year for each in known.shown if each.year)
    papers = Counter(year for year, _ in {(e.year, e.figure.paper.pmcid) for e in known.shown})
    return [(year, figures[year], papers[year]) for year in figures]


def figures_of_year(known: Facts, asked: Asked) -> Iterable[Row]:
    for each in known.shown:
        if each.year == asked["year"]:
            yield each.iri, each.figure.title, each.figure.paper.title


def years_of_gene(known: Facts, asked: Asked) -> Iterable[Row]:
    genes = known.named(asked["gene"])
    tiers: dict[str, list[str]] = {}
    for each in known.shown:
        if found := [tier for gene, tier in each.genes.items() if gene in genes]:
            # A figure counts once, also where genes of two organisms have the symbol.
            tiers.setdefault(each.year, []).append(min(found, key=STRICT_FIRST.index))
    for year, named in tiers.items():
        if year:
            yield (year, len(named), *(named.count(tier) for tier in STRICT_FIRST[:3]))


def figures_of_paper(known: Facts, asked: Asked) -> Iterable[Row]:
    for each in known.shown:
        if each.figure.paper.pmcid == asked["pmcid"]:
            shown = len(each.genes), len(each.chemicals), len(each.diseases)
            yield each.iri, each.figure.title, *shown


def figures_per_journal(known: Facts, asked: Asked) -> Iterable[Row]:
    journals = (each.figure.paper.journal for each in known.shown)
    return Counter(our_iri("journal", name) for name in journals if name).items()


def figures_of_journal(known: Facts, asked: Asked) -> Iterable[Row]:
    for each in known.shown:
        if each.figure.paper.journal and slug(each.figure.paper.journal) == slug(asked["journal"]):
            yield each.iri, each.figure.title, each.year


def papers_with_several_figures(known: Facts, asked: Asked) -> Iterable[Row]:
    counts = Counter(each.figure.paper.pmcid for each in known.shown)
    return [
        (f"http://identifiers.org/pmc/{pmcid}", count)
        for pmcid, count in counts.items()
        if count >= int(asked["least"])
    ]


def similar_figures(known: Facts, asked: Asked) -> Iterable[Row]:
    figid = asked["figid"].rpartition("/")[2].removesuffix(".html")
    for mine in known.shown:
        if mine.figure.figid != figid:
            continue
        for each in known.shown:
            shared = len(mine.genes.keys() & each.genes.keys())
            if shared and each is not mine:
                union = len(mine.genes.keys() | each.genes.keys())
                yield each.iri, shared, round(1000 * shared / union) / 1000


def statements(known: Facts) -> Iterable[tuple[Shown, Mention, Link]]:
    return ((each, mention, link) for each in known.shown for mention, link in each.links)


def unresolved_symbols(known: Facts, asked: Asked) -> Iterable[Row]:
    found = {
        (mention.statement.symbol, each.iri)
        for each, mention, link in statements(known)
        if link.reason is not None
        and link.reason.endswith("#" + asked["reason"])
        and mention.statement.symbol
    }
    return Counter(symbol for symbol, _ in found).items()


def ambiguous_symbols(known: Facts, asked: Asked) -> Iterable[Row]:
    figures: dict[tuple[str, str], set[str]] = {}
    candidates: dict[tuple[str, str], set[str]] = {}
    for each, mention, link in statements(known):
        if link.candidates and mention.statement.symbol:
            key = mention.statement.symbol, str(link.reason)
            figures.setdefault(key, set()).add(each.iri)
            candidates.setdefault(key, set()).update(map(gene_iri, link.candidates))
    return [(*key, len(figures[key]), len(candidates[key])) for key in figures]


def symbols_of_gene(known: Facts, asked: Asked) -> Iterable[Row]:
    wanted = known.named(asked["gene"])
    found = {
        (gene_iri(link.gene), link.gene.symbol, mention.statement.symbol, link.method, each.iri)
        for each, mention, link in statements(known)
        if link.gene is not None and gene_iri(link.gene) in wanted and mention.statement.symbol
    }
    return [(*row, count) for row, count in Counter(row[:4] for row in found).items()]


def renamed_symbols(known: Facts, asked: Asked) -> Iterable[Row]:
    found = {
        (mention.statement.symbol, link.gene.symbol, gene_iri(link.gene), link.method, each.iri)
        for each, mention, link in statements(known)
        if link.gene is not None
        and link.gene.hgnc_id
        and mention.statement.symbol not in {"", link.gene.symbol}
    }
    return [(*row, count) for row, count in Counter(row[:4] for row in found).items()]


def words_of_gene(known: Facts, asked: Asked) -> Iterable[Row]:
    wanted = known.named(asked["gene"])
    found = {
        (mention.statement.word, mention.statement.source, each.iri)
        for each, mention, link in statements(known)
        if link.gene is not None and gene_iri(link.gene) in wanted and mention.statement.word
    }
    return [(word, count) for (word, _), count in Counter(row[:2] for row in found).items()]


def most_shown_genes(known: Facts, asked: Asked) -> Iterable[Row]:
    tiers = [tier.strip() for tier in asked["tiers"].split(",")]
    counts = Counter(
        gene for each in known.shown for gene, tier in each.genes.items() if tier in tiers
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], known.symbol(item[0]), item[0]))
    return [(gene, known.symbol(gene), count) for gene, count in ranked[:100]]


def coverage(known: Facts, asked: Asked) -> Iterable[Row]:
    def having(test: Callable[[Shown], object]) -> int:
        return sum(bool(test(each)) for each in known.shown)

    yield "all figures", len(known.shown)
    yield "with a gene", having(lambda each: each.genes)
    yield "with a chemical", having(lambda each: each.chemicals)
    yield "with a disease", having(lambda each: each.diseases)
    yield "with nothing identified", having(lambda each: not each.all)
    yield (
        "with an organism",
        having(lambda each: each.figure.organisms or each.figure.organisms_recognized),
    )
    yield "with a year", having(lambda each: each.year)
    yield "with a journal", having(lambda each: each.figure.paper.journal)
    yield "at WikiPathways", having(lambda each: each.figure.wikipathways)
    yield "at NDEx", having(lambda each: each.figure.ndex)


def identification_methods(known: Facts, asked: Asked) -> Iterable[Row]:
    return Counter(link.method or link.reason for _, _, link in statements(known)).items()


def genes_new_beside_gene(known: Facts, asked: Asked) -> Iterable[Row]:
    for gene in known.named(asked["gene"]):
        with_gene = [each for each in known.shown if gene in each.genes and each.year]
        old = {o for each in with_gene if each.year < asked["year"] for o in each.genes}
        new = Counter(o for each in with_gene if each.year == asked["year"] for o in each.genes)
        for other, count in new.items():
            if other not in old and other != gene:
                yield gene, other, known.symbol(other), count


def gene_pairs_new_in_year(known: Facts, asked: Asked) -> Iterable[Row]:
    new: Counter[tuple[str, str]] = Counter()
    old: set[tuple[str, str]] = set()
    for each in known.shown:
        if each.year == asked["year"]:
            named = sorted(g for g, tier in each.genes.items() if tier in {"symbol", "synonym"})
            new.update(combinations(named, 2))
        elif each.year and each.year < asked["year"]:
            old.update(combinations(sorted(each.genes), 2))
    rows = [
        (a, known.symbol(a), b, known.symbol(b), count)
        for (a, b), count in new.items()
        if (a, b) not in old and count >= int(asked["least"])
    ]
    return sorted(rows, key=lambda row: (-row[4], row[1], row[3], row[0], row[2]))[:100]


def genes_together(known: Facts, asked: Asked) -> Iterable[Row]:
    mine, others = known.named(asked["gene"]), known.named(asked["other"])
    yield (
        any(
            not mine.isdisjoint(each.genes) and not others.isdisjoint(each.genes)
            for each in known.shown
        ),
    )


def disease_of(asked: Asked) -> set[str]:
    return {IRIS.doid(asked["disease"].removeprefix("DOID:"))}


def chemical_of(asked: Asked) -> set[str]:
    return {IRIS.mesh(asked["chemical"].removeprefix("mesh:"))}


CHECKS: dict[str, tuple[str, Callable[[Facts, Asked], Iterable[Row]]]] = {
    "ambiguous-symbols": ("symbol reason figures candidates", ambiguous_symbols),
    "chemicals-beside-gene": (
        "chemical_iri shared figures",
        lambda known, asked: beside(
            in_tiers(known, asked), known.named(asked["gene"]), lambda e: e.chemicals
        ),
    ),
    "coverage": ("what figures", coverage),
    "diseases-beside-gene": (
        "disease_iri shared figures",
        lambda known, asked: beside(
            in_tiers(known, asked), known.named(asked["gene"]), lambda e: e.diseases
        ),
    ),
    "figures-of-gene": ("figure title year tier gene_iri", figures_of_gene),
    "figures-of-gene-by-tier": ("figure title year tier gene_iri", figures_of_gene_by_tier),
    "figures-of-genes": ("figure title shared genes_of_figure share", figures_of_genes),
    "figures-of-journal": ("figure title year", figures_of_journal),
    "figures-of-paper": ("figure title genes chemicals diseases", figures_of_paper),
    "figures-of-year": ("figure title paper_title", figures_of_year),
    "figures-per-journal": ("journal_iri figures", figures_per_journal),
    "figures-per-year": ("year figures papers", figures_per_year),
    "gene-pairs-new-in-year": (
        "first first_symbol second second_symbol figures",
        gene_pairs_new_in_year,
    ),
    "genes-beside-chemical": (
        "gene_iri shared figures",
        lambda known, asked: beside(
            in_tiers(known, asked), chemical_of(asked), lambda each: each.genes
        ),
    ),
    "genes-beside-gene": ("gene_iri other symbol shared figures cosine", genes_beside_gene),
    "genes-new-beside-gene": ("gene_iri other symbol figures", genes_new_beside_gene),
    "genes-of-disease": (
        "gene_iri shared figures",
        lambda known, asked: beside(
            in_tiers(known, asked), disease_of(asked), lambda each: each.genes
        ),
    ),
    "genes-together": ("", genes_together),
    "identification-methods": ("outcome mentions", identification_methods),
    "most-shown-genes": ("gene_iri symbol figures", most_shown_genes),
    "papers-with-several-figures": ("paper figures", papers_with_several_figures),
    "renamed-symbols": ("stated today gene_iri how figures", renamed_symbols),
    "similar-figures": ("other shared jaccard", similar_figures),
    "symbols-of-gene": ("gene_iri today stated how figures", symbols_of_gene),
    "unresolved-symbols": ("symbol figures", unresolved_symbols),
    "words-of-gene": ("word figures", words_of_gene),
    "years-of-gene": ("year figures by_symbol by_synonym by_family", years_of_gene),
}
"""A question, the columns that are compared, and who works them out."""


def value(term: object) -> object:
    if isinstance(term, pyoxigraph.Literal):
        if term.datatype.value.endswith(("#integer", "#decimal")):
            return float(term.value)
        return term.value
    return term.value if isinstance(term, pyoxigraph.NamedNode) else ""


def found_rows(store: pyoxigraph.Store, text: str, columns: str) -> Counter[Row]:
    results = store.query(text)
    if isinstance(results, pyoxigraph.QueryBoolean):
        return Counter([(bool(results),)])
    assert isinstance(results, pyoxigraph.QuerySolutions)
    return Counter(tuple(value(row[name]) for name in columns.split()) for row in results)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", CHECKS)
def test_the_rows_are_those_that_python_works_out(
    name: str, release: str, store_of: StoreOf
) -> None:
    store = store_of(release)
    question = QUESTIONS[name]
    other = given(question, release)
    asked = {p.name: other.get(p.name, p.default or "") for p in question.parameters}
    columns, work_out = CHECKS[name]
    expected = Counter(
        tuple(float(v) if type(v) in {int, float} else v for v in row)  # type: ignore[arg-type]
        for row in work_out(facts(release), asked)
    )
    assert found_rows(store, bind(question, other), columns) == expected


def test_a_third_of_the_questions_is_checked() -> None:
    assert len(CHECKS) * 3 >= len(QUESTIONS)


def test_the_made_pages_have_what_is_easily_counted_wrongly() -> None:
    known = facts("pages")
    empty = [each for each in known.shown if not each.all]
    assert any(
        each.figure.paper.pmcid == GIVEN["pages"]["pmcid"] and not each.links for each in empty
    )
    genes = known.named(GIVEN["pages"]["gene"])
    assert any(genes <= each.genes.keys() for each in known.shown)
    assert len(genes) == 2


# --- paths -----------------------------------------------------------------------------------


def graph_of(figures: list[set[int]], names: Mapping[int, str] | None = None) -> pyoxigraph.Store:
    """Return a graph of figures that show genes named G0, G1, ... or as `names` has them."""
    named = {n: f"G{n}" for n in range(12)} | dict(names or {})
    lines = ["@prefix schema: <http://schema.org/> ."]
    lines += [f'<urn:x:g{n}> a schema:Gene ; schema:name "{name}" .' for n, name in named.items()]
    lines += [
        f"<urn:x:f{number}> schema:mentions <urn:x:g{gene}> ."
        for number, genes in enumerate(figures)
        for gene in sorted(genes)
    ]
    store = pyoxigraph.Store()
    store.load("\n".join(lines), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def shortest_paths(figures: list[set[int]], start: int, end: int) -> set[tuple[int, ...]]:
    """Return all shortest paths of at most three steps, by breadth-first search."""
    beside = {
        gene: {other for genes in figures if gene in genes for other in genes} - {gene}
        for gene in range(12)
    }
    found: set[tuple[int, ...]] = set()
    queue: deque[tuple[int, ...]] = deque([(start,)])
    while queue:
        path = queue.popleft()
        if len(path) > 4 or (found and len(path) > len(next(iter(found)))):
            break
        if path[-1] == end:
            found.add(path)
        queue.extend((*path, other) for other in sorted(beside[path[-1]]) if other not in path)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_paths_are_those_of_a_breadth_first_search(seed: int) -> None:
    chance = random.Random(seed)
    figures = [set(chance.sample(range(12), chance.choice([1, 2, 2, 3]))) for _ in range(8)]
    store = graph_of(figures)
    question = QUESTIONS["co-mention-path"]
    lengths = set()
    for start, end in combinations(range(12), 2):
        expected = shortest_paths(figures, start, end)
        text = bind(question, {"gene": f"G{start}", "other": f"G{end}"})
        results = store.query(text)
        assert isinstance(results, pyoxigraph.QuerySolutions)
        found = {
            (tuple(int(gene[1:]) for gene in row["path"].value.split(" - ")), row["steps"].value)
            for row in results
        }
        assert found == {(path, str(len(path) - 1)) for path in expected}
        lengths |= {len(path) - 1 for path in expected}
    assert {1, 2} <= lengths


def test_some_path_has_three_steps() -> None:
    figures = [{0, 1}, {1, 2}, {1, 2}, {2, 3}]
    text = bind(QUESTIONS["co-mention-path"], {"gene": "G0", "other": "G3"})
    results = graph_of(figures).query(text)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    assert [(r["path"].value, r["figures"].value) for r in results] == [("G0 - G1 - G2 - G3", "2")]


def path_rows(
    figures: list[set[int]], start: str, end: str, names: Mapping[int, str] | None = None
) -> list[tuple[int, str, int, str, str]]:
    """Return the rows of paths: steps, path, figures and the genes at both ends."""
    text = bind(QUESTIONS["co-mention-path"], {"gene": start, "other": end})
    results = graph_of(figures, names).query(text)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    return [
        (
            int(row["steps"].value),
            row["path"].value,
            int(row["figures"].value),
            row["from"].value.rpartition(":")[2],
            row["to"].value.rpartition(":")[2],
        )
        for row in results
    ]


@pytest.mark.parametrize(
    ("figures", "rows"),
    [
        # One step, though there are ways of two and three.
        (
            [{0, 1}, {0, 2}, {2, 1}, {0, 3}, {3, 4}, {4, 1}],
            [(1, "G0 - G1", 1, "g0", "g1")],
        ),
        # Two steps, though the way of three has more figures.
        (
            [{0, 2}, {2, 1}, {0, 3}, {0, 3}, {3, 4}, {3, 4}, {4, 1}, {4, 1}],
            [(2, "G0 - G2 - G1", 1, "g0", "g1")],
        ),
        # Two ways of the same length, the one with more figures first.
        (
            [{0, 2}, {2, 1}, {0, 3}, {0, 3}, {3, 1}, {3, 1}],
            [(2, "G0 - G3 - G1", 2, "g0", "g1"), (2, "G0 - G2 - G1", 1, "g0", "g1")],
        ),
        # Three steps, where the way of four is as long as none is looked for.
        (
            [{0, 2}, {2, 3}, {3, 1}, {0, 4}, {4, 5}, {5, 6}, {6, 1}],
            [(3, "G0 - G2 - G3 - G1", 1, "g0", "g1")],
        ),
        ([{0, 2}, {2, 3}, {3, 4}, {4, 1}], []),
    ],
)
def test_only_the_shortest_way_is_given(
    figures: list[set[int]], rows: list[tuple[int, str, int, str, str]]
) -> None:
    assert path_rows(figures, "G0", "G1") == rows
    assert len(path_rows(figures, "G1", "G0")) == len(rows)


def test_of_a_symbol_of_two_genes_each_has_its_own_shortest_way() -> None:
    """Genes 1 and 7 are both called G1: the one stands beside G0, the other two steps away."""
    figures = [{0, 1}, {0, 2}, {2, 1}, {2, 7}]
    assert path_rows(figures, "G0", "G1", {7: "G1"}) == [
        (1, "G0 - G1", 1, "g0", "g1"),
        (2, "G0 - G2 - G1", 1, "g0", "g7"),
    ]
