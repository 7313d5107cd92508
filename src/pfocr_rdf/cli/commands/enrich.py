"""`pfocr-rdf enrich`: genes of a user against the figures of an export.

The rows are data on stdout; what each name was taken for is told on stderr.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Annotated, Final

import typer

from pfocr_rdf.cli.given_text import given_text
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Output, ReleaseFolder, Verbose
from pfocr_rdf.cli.output import opened, rendered, say, stderr, table
from pfocr_rdf.cli.progress import shown_progress
from pfocr_rdf.errors import UsageError
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.query.enrichment import (
    EnrichedSet,
    Enricher,
    Enrichment,
    EnrichmentFormat,
    EnrichmentOptions,
    ListedName,
    NameState,
    id_column,
    to_json,
    to_tsv,
    to_turtle,
)
from pfocr_rdf.query.index import SetOf
from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.rdf import Iris, Tier
from pfocr_rdf.release import Release, open_release

_DEFAULTS: Final = EnrichmentOptions()
_ROWS_OF_A_TABLE: Final = 25
_MOST_TOLD: Final = 20
_MOST_CHOICES: Final = 4
_LONGEST_TITLE: Final = 60


def enrich(
    out: ReleaseFolder,
    genes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="GENE...",
            help="Symbols, other names or ids; also of chemicals and diseases.",
        ),
    ] = None,
    *,
    genes_from: Annotated[
        str,
        typer.Option(
            "--genes-from",
            metavar="FILE",
            help="A list: one a line, or parted by blanks or commas; - is stdin.",
        ),
    ] = "",
    tier: Annotated[
        Tier, typer.Option(help="How strictly a gene must be read in a figure.")
    ] = _DEFAULTS.tier,
    organism: Annotated[
        str, typer.Option(metavar="TAXON|any", help="Whose genes count.")
    ] = _DEFAULTS.organism,
    background: Annotated[
        str,
        typer.Option(metavar="FILE", help="The universe, a list; default: all genes of the sets."),
    ] = "",
    certain: Annotated[
        bool, typer.Option("--certain", help="Only what a figure mentions unambiguously.")
    ] = False,
    by: Annotated[SetOf, typer.Option(help="What a set is of.")] = _DEFAULTS.by,
    format_: Annotated[
        EnrichmentFormat, typer.Option("--format", help="How it is written.")
    ] = EnrichmentFormat.TABLE,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Sets to write at most; 0: all. Default: 25 in a table, else all."
        ),
    ] = None,
    output: Output = None,
    _verbose: Verbose = False,
) -> None:
    """Find the figures that show more of your genes than chance would.

    pfocr-rdf enrich out TP53 MDM2 CDKN1A BAX

    pfocr-rdf enrich out --genes-from genes.txt --format tsv -o figures.tsv

    pfocr-rdf enrich out --genes-from - --tier strict --by paper --background expressed.txt
    """
    if limit is not None and limit < 0:
        raise UsageError(f"--limit: expected 0 or more, found {limit}")
    if genes_from == background == "-":
        raise UsageError("--genes-from -, --background -: expected stdin once, found twice")
    texts = [*(genes or ()), *([given_text(genes_from)] if genes_from else ())]
    universe = given_text(background) if background else None
    release = open_release(out)
    options = EnrichmentOptions(tier, organism, certain, by)
    with interruptible():
        with shown_progress(stderr()) as on_progress:
            place = ensure_store(release, on_progress, jobs=default_jobs())
        with Enricher.of_file(place.index_file) as enricher:
            names = [name for text in texts for name in enricher.split(text)]
            if not names:
                raise UsageError(
                    "GENE: expected names of genes, found none (write them, or --genes-from FILE)"
                )
            drawn = None if universe is None else enricher.split(universe)
            found = enricher.enrich(names, options, drawn)
            is_table = format_ is EnrichmentFormat.TABLE
            most = limit if limit is not None else _ROWS_OF_A_TABLE if is_table else 0
            rows = enricher.told(found, most or None)
            with opened(output) as target:
                for piece in _pieces(format_, release, enricher, found, rows):
                    target.write(piece)
            for line in _told(enricher, found):
                say(line)
            if most and most < found.overlapping:
                say(f"only the first {most:,} of {found.overlapping:,} (--limit 0 for all)")


def _pieces(
    format_: EnrichmentFormat,
    release: Release,
    enricher: Enricher,
    found: Enrichment,
    rows: Iterable[EnrichedSet],
) -> Iterator[bytes]:
    match format_:
        case EnrichmentFormat.TSV:
            return to_tsv(found, rows)
        case EnrichmentFormat.JSON:
            return to_json(release, enricher, found, rows)
        case EnrichmentFormat.TURTLE:
            return to_turtle(release, Iris(release.iri_style), found, rows)
        case EnrichmentFormat.TABLE:
            head = (id_column(found.options.by), "overlap", "odds", "p", "q", "genes", "title")
            return iter([rendered(table(head, map(_row, rows))).encode()])


def _row(row: EnrichedSet) -> tuple[str, ...]:
    title = " ".join(row.title.split())
    return (
        row.id,
        f"{row.overlap}/{row.size}",
        f"{row.odds_ratio:.3g}",
        f"{row.p:.2g}",
        f"{row.q:.2g}",
        ",".join(each.label for each in row.shared),
        title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…",
    )


def _told(enricher: Enricher, found: Enrichment) -> Iterator[str]:
    """Yield what there is to say of the names, and the numbers that the rows come from."""
    yield from _of_list("", found.names, enricher)
    if found.background:
        yield from _of_list("background: ", found.background, enricher)
    of = " and ".join((", ".join(k.plural for k in found.kinds[:-1]), found.kinds[-1].plural))
    yield (
        f"{len(found.taken):,} of {found.universe:,} {of.removeprefix(' and ')} against "
        f"{found.tested:,} {found.options.by.value}{'' if found.tested == 1 else 's'}, "
        f"{found.overlapping:,} of which share some"
    )


def _of_list(which: str, names: tuple[ListedName, ...], enricher: Enricher) -> Iterator[str]:
    counts = dict.fromkeys(NameState, 0)
    lines = []
    for name in names:
        counts[name.state] += 1
        if line := _said(name, enricher):
            lines.append(which + line)
    yield from islice(lines, _MOST_TOLD)
    if len(lines) > _MOST_TOLD:
        yield f"{which}and {len(lines) - _MOST_TOLD:,} more (--format json has all)"
    states = ", ".join(f"{count:,} {state.value}" for state, count in counts.items() if count)
    yield f"{which}{len(names):,} names: {states}"


def _said(name: ListedName, enricher: Enricher) -> str:
    match name.state:
        case NameState.TAKEN if name.meaning and name.reason:
            return name.reason
        case NameState.TAKEN:
            return ""
        case NameState.AMBIGUOUS:
            choices = [f"{each.label} ({enricher.id_of(each)})" for each in name.choices]
            more = (
                f" and {len(choices) - _MOST_CHOICES} more" if len(choices) > _MOST_CHOICES else ""
            )
            return (
                f"{name.text} may mean {', '.join(choices[:_MOST_CHOICES])}{more} "
                "(write the id of the one that is meant)"
            )
        case _:
            return f"{name.text} does not count: {name.reason}"
