"""A comparison for people, on a terminal or as Markdown, and the choice of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import BinaryIO, Final

from pfocr_rdf.assess.diff.as_json import JsonSink
from pfocr_rdf.assess.diff.atom import AtomSink
from pfocr_rdf.assess.diff.model import Change, ChangeKind, Linked, Renamed, Sink, Summary
from pfocr_rdf.assess.diff.update import UpdateSink
from pfocr_rdf.rdf import IRI, Literal, Prefixes, Term, Triple
from pfocr_rdf.text import one_line

_FACTS: Final = 12  # of one change
_BACKTICKS: Final = re.compile("`+")
_LONGEST: Final = 100  # characters of a value


class DiffFormat(StrEnum):
    """How a comparison is written."""

    HUMAN = "human"
    JSON = "json"
    SPARQL_UPDATE = "sparql-update"
    MARKDOWN = "markdown"
    ATOM = "atom"


def make_sink(
    form: DiffFormat,
    out: BinaryIO,
    prefixes: Prefixes,
    *,
    limit: int,
    graph: str = "",
    issued: str = "",
) -> Sink:
    """Return what writes a comparison.

    Args:
        form: How.
        out: Where to.
        prefixes: To shorten IRIs for people.
        limit: Changes of each kind, and genes of each list, that people are shown; 0: all.
        graph: For SPARQL Update, the named graph of the figures; "" for the default graph.
        issued: For Atom, the day of the newer release, YYYY-MM-DD.

    Raises:
        UsageError: Of Atom, when there is no such day.
    """
    match form:
        case DiffFormat.JSON:
            return JsonSink(out)
        case DiffFormat.SPARQL_UPDATE:
            return UpdateSink(out, graph)
        case DiffFormat.ATOM:
            return AtomSink(out, issued)
        case DiffFormat.MARKDOWN:
            return _Pages(out, prefixes, limit, _MARKDOWN)
    return _Pages(out, prefixes, limit, _PLAIN)


class _Style:
    """The marks that part Markdown from plain text."""

    def __init__(self, *, markdown: bool) -> None:
        self.markdown = markdown

    def heading(self, text: str, level: int) -> str:
        return f"{'#' * level} {text}\n\n" if self.markdown else f"{text}\n"

    def item(self, text: str) -> str:
        return f"- {text}\n" if self.markdown else f"  {text}\n"

    def code(self, text: str) -> str:
        if not self.markdown:
            return text
        # A value may hold backticks of its own, as many in a row as it likes.
        mark = "`" * (1 + max(map(len, _BACKTICKS.findall(text)), default=0))
        space = " " if "`" in text or not text.strip() else ""
        return f"{mark}{space}{text}{space}{mark}"

    def fact(self, sign: str, text: str) -> str:
        return f"  - {sign} {self.code(text)}\n" if self.markdown else f"    {sign} {text}\n"

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        if self.markdown:
            rule = "|".join(["---", *["---:"] * (len(headers) - 1)])
            lines = [f"| {' | '.join(row)} |" for row in (headers, *rows)]
            return "\n".join([lines[0], f"|{rule}|", *lines[1:]]) + "\n"
        widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]

        def line(row: Sequence[str]) -> str:
            first, *numbers = row
            cells = [first.ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)]
            return f"  {'  '.join(cells)}\n"

        return "".join(map(line, (headers, *rows)))


_PLAIN: Final = _Style(markdown=False)
_MARKDOWN: Final = _Style(markdown=True)


class _Pages:
    """Keeps the first changes of each kind, and writes them after the numbers."""

    def __init__(self, out: BinaryIO, prefixes: Prefixes, limit: int, style: _Style) -> None:
        self._out = out
        self._curie = prefixes.curie
        self._limit = limit
        self._style = style
        self._kept: dict[tuple[bool, ChangeKind], list[Change]] = {}

    def change(self, change: Change) -> None:
        if change.graph:
            return
        kept = self._kept.setdefault((change.is_figure, change.kind), [])
        if not self._limit or len(kept) < self._limit:
            kept.append(change)

    def end(self, summary: Summary) -> None:
        self._out.write("".join(self._lines(summary)).encode())

    def _lines(self, summary: Summary) -> Iterator[str]:
        style = self._style
        old, new = (name or key[:12] for name, key in zip(summary.names, summary.keys, strict=True))
        yield style.heading(one_line(f"From {old} to {new}"), 1)
        if summary.same:
            yield "The two releases say the same.\n"
            return
        yield style.table(
            ("", "before", "now", "removed", "added", "changed"), list(_rows(summary))
        )
        yield "\n" + style.heading("Nodes per class", 2)
        yield style.table(
            ("class", "before", "now", "difference"),
            [
                (self._short(name), f"{t.before:,}", f"{t.now:,}", f"{t.now - t.before:+,}")
                for name, t in summary.classes.items()
                if t.before != t.now
            ]
            or [("as before", "–", "–", "–")],
        )
        yield from self._genes(summary)
        for is_figure, what in ((True, "Figures"), (False, "Entities")):
            for kind in ChangeKind:
                counts = summary.figures if is_figure else summary.entities
                yield from self._changes(f"{what} {kind}", counts[kind], (is_figure, kind))

    def _genes(self, summary: Summary) -> Iterator[str]:
        for title, genes in (
            ("Genes newly linked", summary.newly_linked),
            ("Genes no longer linked", summary.no_longer_linked),
        ):
            yield from self._list(title, [self._linked(each) for each in genes])
        yield from self._list("Symbols renamed", [self._renamed(each) for each in summary.renamed])

    def _linked(self, linked: Linked) -> str:
        figures = "1 figure" if linked.figures == 1 else f"{linked.figures:,} figures"
        return f"{self._style.code(one_line(linked.symbol) or '?')} ({self._short(linked.gene)}), {figures}"

    def _renamed(self, renamed: Renamed) -> str:
        before, now = (self._style.code(one_line(each)) for each in (renamed.before, renamed.now))
        return f"{before} is now {now} ({self._short(renamed.gene)})"

    def _list(self, title: str, items: Sequence[str]) -> Iterator[str]:
        if not items:
            return
        yield "\n" + self._style.heading(f"{title}: {len(items):,}", 2)
        shown = items[: self._limit or None]
        yield from map(self._style.item, shown)
        yield from self._more(len(items) - len(shown))

    def _changes(self, title: str, count: int, key: tuple[bool, ChangeKind]) -> Iterator[str]:
        if not count:
            return
        yield "\n" + self._style.heading(f"{title}: {count:,}", 2)
        kept = self._kept.get(key, [])
        for change in kept:
            label = f" {self._style.code(said)}" if (said := one_line(change.label)) else ""
            yield self._style.item(f"{self._style.code(self._short(change.subject))}{label}")
            if change.kind is ChangeKind.CHANGED:
                yield from self._facts(change)
        yield from self._more(count - len(kept))

    def _facts(self, change: Change) -> Iterator[str]:
        facts = [("-", triple) for triple in change.removed]
        facts += [("+", triple) for triple in change.added]
        for sign, triple in facts[:_FACTS]:
            yield self._style.fact(sign, self._fact(change.subject, triple))
        if len(facts) > _FACTS:
            yield self._style.fact("…", f"{len(facts) - _FACTS} facts more")

    def _fact(self, subject: IRI, triple: Triple) -> str:
        about, predicate, value = triple
        start = "" if about == subject else f"{one_line(str(about).removeprefix(subject))} "
        return f"{start}{self._short(predicate)} {self._value(value)}"

    def _value(self, value: Term) -> str:
        if not isinstance(value, Literal):
            return self._short(IRI(str(value)))
        text = one_line(value.lexical)
        return f'"{text[:_LONGEST]}{"…" if len(text) > _LONGEST else ""}"'

    def _short(self, iri: IRI) -> str:
        return self._curie(iri) or one_line(iri)

    def _more(self, count: int) -> Iterator[str]:
        if count > 0:
            yield self._style.item(f"… and {count:,} more (--limit 0 shows all)")


def _rows(summary: Summary) -> Iterator[tuple[str, ...]]:
    triples = summary.triples
    for name, counts, there in (
        ("figures", summary.figures, summary.all_figures),
        ("entities", summary.entities, summary.all_entities),
    ):
        yield (
            name,
            f"{there.before:,}",
            f"{there.now:,}",
            f"{counts[ChangeKind.REMOVED]:,}",
            f"{counts[ChangeKind.ADDED]:,}",
            f"{counts[ChangeKind.CHANGED]:,}",
        )
    yield (
        "triples",
        f"{triples.before:,}",
        f"{triples.now:,}",
        f"{summary.triples_removed:,}",
        f"{summary.triples_added:,}",
        "–",  # a triple does not change
    )
