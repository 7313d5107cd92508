from .binding import bind
from .header import QueryForm, Question, Topic, parse_question
from .hints import SOUGHT, Hint, hints
from .library import find_question, load_questions, near_questions
from .parameters import REASONS, TIERS, Parameter, ParameterType, expected_of, texts_of
from .resolving import check_values, resolve
from .schemas import parameter_schema, parameters_schema, texts_given
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
    "parameter_schema",
    "parameters_schema",
    "parse_question",
    "resolve",
    "texts_given",
    "texts_of",
]
