"""What a shell proposes for a word that is being typed: questions, their parameters, keywords.

Names of verbs and options, and values of which there are few, are proposed by Typer itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import typer

from pfocr_rdf.query.questions import load_questions


def complete_question(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the names of questions that begin so, with their titles."""
    for name, question in load_questions().items():
        if name.startswith(incomplete):
            yield name, question.title


def complete_parameter(ctx: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the parameters, each with `=`, of the question that stands before."""
    questions = load_questions()
    # Before an option that still lacks its value, the words have not been taken for arguments.
    words = (ctx.params.get("question") or "", *ctx.args)
    question = next((questions[word] for word in words if word in questions), None)
    for parameter in question.parameters if question else ():
        if f"{parameter.name}=".startswith(incomplete):
            yield f"{parameter.name}=", parameter.description


def complete_keyword(incomplete: str) -> list[str]:
    """Return the keywords of questions that begin so."""
    words = {word for question in load_questions().values() for word in question.keywords}
    return sorted(word for word in words if word.startswith(incomplete))
