from .binding import bind
from .header import QueryForm, Question, parse_question
from .hints import SOUGHT, hints
from .library import find_question, load_questions, near_questions
from .parameters import Parameter, ParameterType
from .sib import as_rdf

__all__ = [
    "SOUGHT",
    "Parameter",
    "ParameterType",
    "QueryForm",
    "Question",
    "as_rdf",
    "bind",
    "find_question",
    "hints",
    "load_questions",
    "near_questions",
    "parse_question",
]
