"""The shipped questions, read from their folder."""

from __future__ import annotations

from collections.abc import Mapping

from pfocr_rdf.errors import UsageError
from pfocr_rdf.questions.binding import check_defaults, did_you_mean
from pfocr_rdf.questions.header import Question, parse_question
from pfocr_rdf.resources import shipped_questions


def load_questions() -> dict[str, Question]:
    """Return the shipped questions by name, in the order of their names.

    Raises:
        InputError: A file is not a question; never one that we have shipped.
    """
    questions = {}
    for path in shipped_questions():
        question = parse_question(path.stem, path.read_text(encoding="utf-8"))
        check_defaults(question)
        questions[question.name] = question
    return questions


def find_question(questions: Mapping[str, Question], name: str) -> Question:
    """Return the question of a name.

    Raises:
        UsageError: There is none; the message names the nearest.
    """
    try:
        return questions[name]
    except KeyError:
        near = did_you_mean(name, list(questions))
        instead = f"did you mean {near}? " if near else ""
        raise UsageError(
            f"{name}: no such question ({instead}`pfocr-rdf queries` lists all {len(questions)})"
        ) from None
