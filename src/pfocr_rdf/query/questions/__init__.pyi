from .binding import bind
from .header import QueryForm, Question, Topic, parse_question
from .hints import SOUGHT, Hint, hints
from .library import find_question, load_questions, near_questions
from .parameters import REASONS, TIERS, Parameter, ParameterType, expected_of, texts_of
from .resolving import check_values, resolve
from .sib import as_rdf

__all__ = [
    "REASONS",
    "SOUGHT",
    "TIERS",
    "Hint",
    "Parameter",
    "ParameterType",
    "QueryForm",
    "Question",
    "Topic",
    "as_rdf",
    "bind",
    "check_values",
    "expected_of",
    "find_question",
    "hints",
    "load_questions",
    "near_questions",
    "parse_question",
    "resolve",
    "texts_of",
]
