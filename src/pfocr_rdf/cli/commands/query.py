"""`pfocr-rdf query`: a question to a release, by name or in SPARQL, and its answer.

The answer is data on stdout; what there is to say about it is on stderr.
"""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import Annotated, BinaryIO, Final, NamedTuple

import typer
from rich.console import Console

from pfocr_rdf.cli.completion import complete_parameter, complete_question
from pfocr_rdf.cli.given_text import given_text
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Output, ReleaseFolder, Verbose
from pfocr_rdf.cli.output import opened, say, stderr, table
from pfocr_rdf.cli.progress import shown_progress
from pfocr_rdf.errors import UsageError, check_least
from pfocr_rdf.processes import default_jobs
from pfocr_rdf.query import (
    Answer,
    AnswerFormat,
    AnswerKind,
    is_query_text,
    plain_rows,
    run_query,
    shown,
    write_answer,
    write_pieces,
)
from pfocr_rdf.query.index import Search
from pfocr_rdf.query.questions import (
    Question,
    bind,
    check_values,
    find_question,
    hints,
    load_questions,
    resolve,
)
from pfocr_rdf.query.store import ensure_store, open_triples, run_interruptibly
from pfocr_rdf.rdf import Iris, Prefixes
from pfocr_rdf.release import open_release

_ROWS_IN_A_BOX: Final = 5000  # of more, rich would hold and measure every cell


def query(
    out: ReleaseFolder,
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUERY|@FILE|NAME",
            autocompletion=complete_question,
            help="SPARQL, a file of it (@- for stdin), or a question of `pfocr-rdf queries`.",
        ),
    ],
    *,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--param",
            metavar="NAME=VALUE",
            autocompletion=complete_parameter,
            help="Of a question; again for more values, @FILE for those of a file.",
        ),
    ] = None,
    format_: Annotated[
        AnswerFormat | None,
        typer.Option("--format", help="Default: table; turtle for CONSTRUCT and DESCRIBE."),
    ] = None,
    limit: Annotated[
        int, typer.Option(metavar="N", help="Rows or triples to write at most; 0: all.")
    ] = 0,
    output: Output = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build the store anew, whatever is there.")
    ] = False,
    _verbose: Verbose = False,
) -> None:
    """Ask an export a question, by name or in SPARQL.

    pfocr-rdf query out figures-of-gene -p gene=RANKL

    pfocr-rdf query out figures-of-genes -p genes=@genes.txt --format csv -o figures.csv

    pfocr-rdf query out 'SELECT ?gene { ?gene a schema:Gene }' --limit 10
    """
    check_least("--limit", limit)
    release = open_release(out)
    asked = _asked(question, param or [])
    with interruptible():
        with shown_progress(stderr()) as on_progress:
            place = ensure_store(release, on_progress, rebuild=rebuild, jobs=default_jobs())
        store = open_triples(place)
        prefixes = Prefixes(Iris(release.iri_style))

        with opened(output) as target:

            def work() -> tuple[bool, list[str]]:
                if asked.question is None:
                    return answered(asked.text), []
                with closing(Search(place.index_file)) as search:
                    values, said = resolve(asked.question, asked.values, store, search)
                    complete = answered(bind(asked.question, values))
                    found = hints(asked.question, values, store, search)
                    return complete, [*said, *map(str, found)]

            def answered(text: str) -> bool:
                answer = run_query(store, text, prefixes=prefixes.namespaces)
                chosen = format_ or answer.default_format
                complete = _write(answer, chosen, target, limit or None, prefixes)
                target.flush()
                return complete

            complete, said = run_interruptibly(work)
    if not complete:
        say(f"only the first {limit:,}: there is more (--limit 0 for all)")
    for hint in said:
        say(hint)


class _QueryAsked(NamedTuple):
    """The SPARQL that is meant, or the question and the values that it is made of."""

    text: str
    question: Question | None
    values: dict[str, list[str]]


def _asked(question: str, given: list[str]) -> _QueryAsked:
    if question.startswith("@"):
        text = given_text(question[1:])
    elif is_query_text(question):
        text = question
    else:
        found = find_question(load_questions(), question)
        values = _values(given)
        check_values(found, values)
        return _QueryAsked("", found, values)
    if given:
        raise UsageError(
            f"--param: is for a question of `pfocr-rdf queries`, found SPARQL with {given[0]!r} "
            "(write the value into it)"
        )
    return _QueryAsked(text, None, {})


def _values(given: list[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not (name and sign):
            raise UsageError(f"--param: expected NAME=VALUE, found {each!r}")
        values.setdefault(name, []).append(
            given_text(value[1:]) if value.startswith("@") else value
        )
    return values


def _write(
    answer: Answer, format_: AnswerFormat, out: BinaryIO, limit: int | None, prefixes: Prefixes
) -> bool:
    boxed = format_ is AnswerFormat.TABLE and answer.kind is AnswerKind.ROWS and out.isatty()
    if not boxed:
        return write_answer(answer, format_, out, limit=limit, prefixes=prefixes)
    rows = answer.rows()
    most = _ROWS_IN_A_BOX if limit is None else min(limit, _ROWS_IN_A_BOX)
    first = list(islice(rows, most))
    cells = ([shown(term, prefixes) for term in row] for row in first)
    Console(highlight=False).print(table(answer.variables, cells))
    left = None if limit is None else limit - len(first)
    write_pieces(islice(plain_rows((), islice(rows, left), prefixes), 1, None), out)
    return next(rows, None) is None
