from .answers import Answer, AnswerFormat, AnswerKind, run_query, write_answer
from .rows import plain_rows, shown, write_pieces
from .service_guard import is_query_text, service_endpoints

__all__ = [
    "Answer",
    "AnswerFormat",
    "AnswerKind",
    "is_query_text",
    "plain_rows",
    "run_query",
    "service_endpoints",
    "shown",
    "write_answer",
    "write_pieces",
]
