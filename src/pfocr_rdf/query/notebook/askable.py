"""A release that answers from Python: questions by name, SPARQL, names, figures, gene lists."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph

from pfocr_rdf import release as releases
from pfocr_rdf.errors import UsageError
from pfocr_rdf.figures import HUMAN
from pfocr_rdf.query.answers import Answer, AnswerKind, run_query
from pfocr_rdf.query.enrichment import (
    COLUMNS,
    EnrichedSet,
    Enricher,
    Enrichment,
    EnrichmentOptions,
    id_column,
)
from pfocr_rdf.query.index import Meaning, Search, SetOf
from pfocr_rdf.query.notebook.rows import Rows, Value, plain
from pfocr_rdf.query.questions import (
    bind,
    check_values,
    find_question,
    hints,
    load_questions,
    resolve,
)
from pfocr_rdf.query.store import StorePlace, ensure_store, open_triples
from pfocr_rdf.rdf import Iris, Literal, Prefixes, Tier, ntriples_term

if TYPE_CHECKING:
    import rdflib

_FIGURE: Final = """
SELECT ?figure ?title ?pmcid ?year WHERE {
  VALUES ?figid { %s }
  ?figure a pfocr:PathwayFigure ; schema:identifier ?figid .
  OPTIONAL { ?figure schema:name ?title }
  OPTIONAL {
    ?figure schema:isPartOf ?paper .
    ?paper schema:identifier ?pmcid FILTER (STRSTARTS(?pmcid, "PMC"))
    OPTIONAL { ?paper schema:datePublished ?year }
  }
}
"""


class FigureShown(NamedTuple):
    """A figure and what it shows.

    Attributes:
        figid: Its id.
        iri: It, which is also the address of its page.
        title: Of it, "" where it has none.
        paper: PMCID of its paper, "" where unknown.
        year: Of the paper, None where unknown.
        mentions: What was read in it, a row each, as the question `figure-contents` has them.
    """

    figid: str
    iri: str
    title: str
    paper: str
    year: int | None
    mentions: Rows


class Enriched(Rows):
    """The sets that share something with a list, the least p first.

    Attributes:
        enrichment: What became of each name, and the numbers that the rows come from.
    """

    def __init__(self, enrichment: Enrichment, rows: Rows) -> None:
        super().__init__(rows.columns, rows, rows.notes)
        self.enrichment = enrichment


class AskableRelease(releases.Release):
    """A release, and what can be asked of it.

    Its store is built beside it when it is first asked, as `pfocr-rdf query` does, and stays open.
    """

    def ask(self, question: str, **parameters: str | int | Sequence[str]) -> Rows:
        """Answer a question that this package ships.

        Args:
            question: Its name, as `pfocr-rdf queries` lists them.
            parameters: Its parameters; names that people use are resolved, and `notes` of the
                answer say so, or why there is no row.

        Raises:
            UsageError: There is no such question, or a parameter is unknown, missing or mistyped.
            InputError: The release or its store is damaged.

        Example:
            `open_release("out").ask("figures-of-gene", gene="RANKL")`
        """
        asked = find_question(load_questions(), question)
        given = {
            name: str(value) if isinstance(value, (str, int)) else list(value)
            for name, value in parameters.items()
        }
        check_values(asked, given)
        values, notes = resolve(asked, given, self._store, self._search)
        answer = run_query(self._store, bind(asked, values), prefixes=self._prefixes)
        if answer.kind is not AnswerKind.ROWS:
            rows = Rows(("subject", "predicate", "object"), map(plain, answer.triples()), notes)
        else:
            rows = _rows(answer, notes)
        return rows.with_notes(map(str, hints(asked, values, self._store, self._search)))

    def sparql(self, query: str) -> Rows | bool | rdflib.Graph:
        """Answer SPARQL: rows of SELECT, the truth of ASK, the graph of CONSTRUCT and DESCRIBE.

        The prefixes of the release need no declaration.

        Raises:
            QueryError: It is no such query, or cannot be answered; one line says where.
        """
        answer = run_query(self._store, query, prefixes=self._prefixes)
        match answer.kind:
            case AnswerKind.ROWS:
                return _rows(answer)
            case AnswerKind.BOOLEAN:
                return answer.truth()
            case _:
                from rdflib import Graph  # noqa: PLC0415 - takes half a second

                text = pyoxigraph.serialize(answer.triples(), format=pyoxigraph.RdfFormat.N_TRIPLES)
                assert text is not None
                return Graph().parse(data=text, format="nt")

    def find(self, text: str) -> list[Meaning]:
        """Return what a name, word or id may mean, the surest first; each says why it fits."""
        return self._search.meanings(text)

    def figure(self, figid: str) -> FigureShown:
        """Return a figure of the release.

        Raises:
            UsageError: It has none of this id.
        """
        query = _FIGURE % ntriples_term(Literal(figid))
        found = _rows(run_query(self._store, query, prefixes=self._prefixes))
        if not found:
            raise UsageError(f"figure: the release has none of the id {figid!r}")
        one = found[0]
        contents = self.ask("figure-contents", figid=figid)
        return FigureShown(figid, one.figure, one.title or "", one.pmcid or "", one.year, contents)

    def enrich(
        self,
        genes: str | Iterable[str],
        *,
        tier: Tier | str = Tier.SYNONYMS,
        organism: str = HUMAN,
        background: str | Iterable[str] | None = None,
        certain: bool = False,
        by: SetOf | str = SetOf.FIGURE,
        choices: Mapping[str, str] | None = None,
    ) -> Enriched:
        """Return the figures, or papers, that show more of some genes than chance would.

        Args:
            genes: Symbols, other names or ids, also of chemicals and diseases; a text is parted
                by lines, commas and blanks.
            tier: How strictly a gene must be read: "strict", "synonyms" or "all".
            organism: A taxon id or a name; "any" for all.
            background: The universe, written like the list; None: all genes of the sets.
            certain: Only what a figure mentions unambiguously.
            by: "figure" or "paper".
            choices: Of ambiguous names the id that is meant: {"AKT": "ncbigene:207"}.

        Raises:
            InputError: The release or its store is damaged.
            UsageError: The release has no genes of the organism.
            ValueError: `tier` or `by` is none of those.
        """
        enricher = self._enricher

        def names(given: str | Iterable[str]) -> Iterable[str]:
            return enricher.split(given) if isinstance(given, str) else given

        options = EnrichmentOptions(Tier(tier), organism, certain, SetOf(by))
        drawn = None if background is None else names(background)
        found = enricher.enrich(names(genes), options, drawn, choices)
        columns = (id_column(options.by), *COLUMNS)
        return Enriched(found, Rows(columns, map(_cells, enricher.told(found))))

    @cached_property
    def _place(self) -> StorePlace:
        return ensure_store(self)

    @cached_property
    def _store(self) -> pyoxigraph.Store:
        return open_triples(self._place)

    @cached_property
    def _search(self) -> Search:
        return Search(self._place.index_file)

    @cached_property
    def _enricher(self) -> Enricher:
        return Enricher.of_file(self._place.index_file)

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        return Prefixes(Iris(self.iri_style)).namespaces


def open_release(folder: str | os.PathLike[str]) -> AskableRelease:
    """Return the release in a folder, after a look at the sizes of its files.

    Raises:
        InputError: It is no release, or a file of it is missing or of another size.
    """
    return AskableRelease(*releases.open_release(folder))


def enrich(folder: str | os.PathLike[str], genes: str | Iterable[str], **options: Any) -> Enriched:
    """Return `open_release(folder).enrich(genes, **options)`."""
    return open_release(folder).enrich(genes, **options)


def _rows(answer: Answer, notes: Iterable[str] = ()) -> Rows:
    return Rows(answer.variables, map(plain, answer.rows()), notes)


def _cells(row: EnrichedSet) -> Iterator[Value]:
    yield from (row.id, row.title, int(row.year) if row.year.isdecimal() else None)
    yield from row[5:11]
    yield tuple(each.label for each in row.shared)
