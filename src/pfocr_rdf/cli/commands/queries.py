"""`pfocr-rdf queries`: which questions there are, and the text and parameters of one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from textwrap import wrap
from typing import Annotated, Final

import orjson
import typer

from pfocr_rdf.cli.completion import complete_keyword, complete_question
from pfocr_rdf.cli.options import Verbose
from pfocr_rdf.cli.output import rendered, table
from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.questions import Question, Topic, as_rdf, find_question, load_questions
from pfocr_rdf.rdf import web_iri

_COLUMNS: Final = 80
_SERVED: Final = "http://localhost:7878/sparql"  # where `serve` answers unless told otherwise


class QuestionsFormat(StrEnum):
    """How questions are listed."""

    TABLE = "table"
    TEXT = "text"
    TURTLE = "turtle"
    JSON = "json"


def queries(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=complete_question,
            help="A question; default: all of them.",
        ),
    ] = None,
    *,
    keyword: Annotated[
        list[str] | None,
        typer.Option(
            "-k",
            "--keyword",
            metavar="WORD",
            autocompletion=complete_keyword,
            help="Only those that have this keyword.",
        ),
    ] = None,
    format_: Annotated[
        QuestionsFormat, typer.Option("--format", help="For reading, SPARQL alone, or data.")
    ] = QuestionsFormat.TABLE,
    endpoint: Annotated[
        str, typer.Option(metavar="IRI", help="turtle: the endpoint that answers them.")
    ] = _SERVED,
    _verbose: Verbose = False,
) -> None:
    """List the shipped questions, or show one with its parameters and SPARQL.

    pfocr-rdf queries

    pfocr-rdf queries figures-of-gene

    pfocr-rdf queries --keyword disease --format json
    """
    target = web_iri(endpoint)
    if target is None:
        raise UsageError(
            f"--endpoint: expected an address with http or https, found {endpoint!r} "
            f"(for example {_SERVED})"
        )
    library = load_questions()
    chosen = [find_question(library, name)] if name else list(library.values())
    if keyword:
        chosen = _with_keywords(chosen, keyword)
    if format_ is QuestionsFormat.TURTLE:
        shown = as_rdf(chosen, target).decode()
    elif format_ is QuestionsFormat.JSON:
        shown = _json([_record(each) for each in chosen])
    elif format_ is QuestionsFormat.TEXT:
        shown = chosen[0].text if name else "".join(f"{q.name}\t{q.title}\n" for q in chosen)
    else:
        shown = _page(chosen[0]) if name else _list(chosen)
    typer.echo(shown, nl=False)


def _with_keywords(questions: Sequence[Question], keywords: Sequence[str]) -> list[Question]:
    wanted = {keyword.casefold() for keyword in keywords}
    found = [q for q in questions if wanted <= {word.casefold() for word in q.keywords}]
    if not found:
        known = sorted({word for question in questions for word in question.keywords})
        raise UsageError(
            f"--keyword {' '.join(keywords)}: no question has it (keywords: {', '.join(known)})"
        )
    return found


def _record(question: Question) -> dict[str, object]:
    return {
        "name": question.name,
        "title": question.title,
        "description": question.description,
        "keywords": question.keywords,
        "topic": question.topic,
        "parameters": [parameter._asdict() for parameter in question.parameters],
        "federated": question.federated,
        "slow": question.slow,
        "form": question.form,
        "text": question.text,
    }


def _json(records: Sequence[dict[str, object]]) -> str:
    return orjson.dumps(records, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _list(questions: Sequence[Question]) -> str:
    """Return a list by topic that fits a terminal; one alone has parameters and defaults."""
    widest = max(len(question.name) for question in questions)
    lines = []
    for topic in Topic:
        of_topic = [question for question in questions if question.topic is topic]
        if of_topic:
            lines += ["", f"{topic.value.capitalize()}:"]
        for question in of_topic:
            first, *others = wrap(question.title, _COLUMNS - widest - 4)
            lines.append(f"  {question.name:<{widest}}  {first}")
            lines += [f"{'':<{widest + 4}}{other}" for other in others]
    lines += ["", "`pfocr-rdf queries NAME` shows the parameters and the SPARQL of one."]
    return "\n".join(lines[1:]) + "\n"


def _page(question: Question) -> str:
    parts = [f"{question.name}: {question.title}", "", question.description]
    if question.federated:
        parts.append(f"It asks {', '.join(question.federated)}.")
    if question.slow:
        parts.append(f"It may take longer than others: {question.slow}.")
    parts.append("")
    said = "\n".join(parts) + "\n"
    if question.parameters:
        rows = (
            (p.name, f"{p.type}, several" if p.several else p.type, p.description, p.default or "")
            for p in question.parameters
        )
        said += rendered(table(("parameter", "type", "what", "default"), rows)) + "\n"
    return said + question.text
