from .answers import (
    Answer,
    AnswerFormat,
    AnswerKind,
    read_rows,
    run_query,
    syntax_fault,
    write_answer,
)
from .result_set import result_set
from .rows import ROW_WRITERS, figid_in, plain_rows, said_number, shown, write_pieces
from .service_guard import is_query_text, service_endpoints

__all__ = [
    "ROW_WRITERS",
    "Answer",
    "AnswerFormat",
    "AnswerKind",
    "figid_in",
    "is_query_text",
    "plain_rows",
    "read_rows",
    "result_set",
    "run_query",
    "said_number",
    "service_endpoints",
    "shown",
    "syntax_fault",
    "write_answer",
    "write_pieces",
]
