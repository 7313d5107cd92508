from .binding import bind
from .header import QueryForm, Question, parse_question
from .hints import SOUGHT, hints
from .library import find_question, load_questions, near_questions
from .parameters import Parameter, ParameterType
from .resolving import check_values, resolve
from .sib import as_rdf

__all__ = [
    "SOUGHT",
    "Parameter",
    "ParameterType",
    "QueryForm",
    "Question",
    "as_rdf",
    "bind",
    "check_values",
    "find_question",
    "hints",
    "load_questions",
    "near_questions",
    "parse_question",
    "resolve",
]
