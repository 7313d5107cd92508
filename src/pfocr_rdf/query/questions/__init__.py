"""The library of questions: SPARQL that users of PFOCR really ask, one file each.

A question is a file of `queries/`: a header says what it asks and which parameters it takes,
and the SPARQL below runs as it is, in any editor, with the default values. `load_questions`
reads them, `bind` puts other values in, `hints` says which of them a release does not have,
`as_rdf` hands them to other editors.
"""

from pfocr_rdf.query.questions.binding import bind
from pfocr_rdf.query.questions.header import QueryForm, Question, parse_question
from pfocr_rdf.query.questions.hints import hints
from pfocr_rdf.query.questions.library import find_question, load_questions, near_questions
from pfocr_rdf.query.questions.parameters import Parameter, ParameterType
from pfocr_rdf.query.questions.sib import as_rdf

__all__ = [
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
