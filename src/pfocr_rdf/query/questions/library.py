"""The shipped questions, read from their folder, and found by what one remembers of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Final

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.questions.binding import check_defaults
from pfocr_rdf.query.questions.header import Question, parse_question
from pfocr_rdf.shipped import shipped_questions

_MOST: Final = 3  # questions that are proposed
_SURE: Final = 0.85  # so like a name that it is that name, mistyped
_ALIKE: Final = 0.8
_WORD: Final = re.compile(r"[a-z0-9]+")
_EMPTY_WORDS: Final = frozenset(
    "a all and are as at by for from how i in is it its many of on or per that the their them to "
    "what which with".split()
)


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
        near = near_questions(questions, name)
        *others, last = near or [""]
        listed = f"{', '.join(others)} or {last}" if others else last
        instead = f"did you mean {listed}? " if near else ""
        raise UsageError(
            f"{name}: no such question ({instead}`pfocr-rdf queries` lists all {len(questions)})"
        ) from None


def near_questions(questions: Mapping[str, Question], text: str) -> list[str]:
    """Return the names of the questions that a text may mean, best first, at most three.

    A text that is nearly a name means that one. Otherwise its words are looked for in names,
    titles and keywords; those questions are near that have most of them.

    Example:
        >>> near_questions(load_questions(), "figure-of-gene")
        ['figures-of-gene']
        >>> near_questions(load_questions(), "shortest path")
        ['co-mention-path']
    """
    if sure := difflib.get_close_matches(text.lower(), questions, 1, _SURE):
        return sure
    words = set(_words(text))
    scores: dict[str, tuple[int, float, str]] = {}
    for name, question in questions.items():
        named = _found(words, set(_words(name)))
        found = _found(words, set(_words(" ".join((name, question.title, *question.keywords)))))
        if found:
            likeness = difflib.SequenceMatcher(None, text.lower(), name).ratio()
            scores[name] = (-len(found), -len(named) - likeness, name)
    best = min(scores.values(), default=None)
    near = [name for name, score in scores.items() if best and score[0] == best[0]]
    return sorted(near, key=scores.__getitem__)[:_MOST]


def _words(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text.lower()) if word not in _EMPTY_WORDS)


def _found(words: set[str], known: set[str]) -> set[str]:
    """Return the words that are known, in one or more letters otherwise too."""
    return {word for word in words if difflib.get_close_matches(word, known, 1, _ALIKE)}
