r"""Answers for assistants: JSON that is never larger than a stated size, and quotes what others wrote.

What a figure says reaches a model as a string of JSON and nothing else: what is not printable is
U+FFFD, and `<`, `>` and `&` are escaped, so that no text of a figure looks like a tag of a prompt.

    >>> to_text({"title": "</tool><b>"})
    '{"title":"\\u003c/tool\\u003e\\u003cb\\u003e"}'
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from pfocr_rdf.rdf import XSD
from pfocr_rdf.text import printable_lines

MOST_BYTES: Final = 24_000
"""Bytes of an answer as text: some 8,000 tokens, below what common assistants cut off at."""
_LONGEST_TEXTS: Final = (2_000, 400, 80)
"""Characters of one text; the shorter ones are for answers that are too large without lists."""
_KEPT: Final = 0.8  # of a list that is too long, at each try
_LONGEST_NUMBER: Final = 18  # what is longer, readers of JSON may round
_ESCAPED: Final = {ord(each): f"\\u{ord(each):04x}" for each in "<>&"}
_WHOLE: Final = frozenset(f"{XSD}{name}" for name in ("integer", "gYear", "int", "long"))
_BROKEN: Final = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))
_BOOLEAN: Final = f"{XSD}boolean"

JsonObject = dict[str, Any]


class ToolError(Exception):
    """A call has no answer.

    Attributes:
        code: What kind of fault it is.
        repair: What to do about it.
    """

    def __init__(self, code: str, message: str, repair: str) -> None:
        super().__init__(message)
        self.code = code
        self.repair = repair

    def told(self) -> JsonObject:
        """Return it as an answer."""
        return fitted({"error": {"code": self.code, "message": str(self), "repair": self.repair}})


class AnswerRows(NamedTuple):
    """The answer to a SELECT: names of columns, and rows of JSON values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def column(self, name: str) -> list[object]:
        """Return the values of a column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def beside(self, name: str, values: Iterable[object]) -> AnswerRows:
        """Return the rows with one more column."""
        rows = ((*row, value) for row, value in zip(self.rows, values, strict=True))
        return AnswerRows((*self.columns, name), tuple(rows))


def to_text(answer: Mapping[str, object]) -> str:
    """Return an answer as JSON in which no sign of a markup language stands."""
    return orjson.dumps(answer).decode().translate(_ESCAPED)


def fitted(answer: JsonObject, lists: Sequence[str] = ()) -> JsonObject:
    """Return an answer that is not larger than `MOST_BYTES`.

    Args:
        answer: Of JSON values.
        lists: Keys of what may lose its last items, those that may lose them first at the front;
            `left_out` then says how many each has lost.
    """
    told: JsonObject = quoted(answer, _LONGEST_TEXTS[0])
    lost: dict[str, int] = {}
    for name in lists:
        while told.get(name) and _is_too_large(told, lost):
            kept = int(len(told[name]) * _KEPT)
            lost[name] = lost.get(name, 0) + len(told[name]) - kept
            told[name] = told[name][:kept]
    for longest in _LONGEST_TEXTS[1:]:
        if _is_too_large(told, lost):
            told = quoted(told, longest)
    return told | ({"left_out": lost} if lost else {})


def fitted_part(
    told: JsonObject, name: str, offset: int, total: int, others: Sequence[str] = ()
) -> JsonObject:
    """Return an answer that fits, and from where to go on with its list where there is more."""
    small = fitted(told | {"next_offset": total}, (*others, name))
    reached = offset + len(small[name])
    if reached >= total:
        del small["next_offset"]
    else:
        small["next_offset"] = reached
    return small


def _is_too_large(answer: JsonObject, lost: Mapping[str, int]) -> bool:
    text = to_text(answer | {"left_out": dict.fromkeys(lost, 10**9)})
    return len(text.encode()) > MOST_BYTES


def quoted(value: Any, longest: int) -> Any:
    """Return JSON whose texts are printable and not longer than some characters."""
    if isinstance(value, str):
        text = printable_lines(value)
        return text if len(text) <= longest else f"{text[: longest - 1]}…"
    if isinstance(value, Mapping):
        return {name: quoted(each, longest) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [quoted(each, longest) for each in value]
    return value


def read_rows(results: bytes) -> AnswerRows | bool:
    """Return what a SELECT or ASK answers, from its results in JSON.

    Source: https://www.w3.org/TR/sparql12-results-json/
    """
    said = orjson.loads(results)
    if "boolean" in said:
        return bool(said["boolean"])
    columns = tuple(said["head"]["vars"])
    rows = (
        tuple(_value(binding.get(name)) for name in columns)
        for binding in said["results"]["bindings"]
    )
    return AnswerRows(columns, tuple(rows))


def _value(term: Mapping[str, Any] | None) -> object:
    """Return a term as JSON has it: numbers as such, an IRI as its text."""
    if term is None:
        return None
    text, datatype = term["value"], term.get("datatype", "")
    try:
        if datatype in _WHOLE:
            return int(text) if len(text) < _LONGEST_NUMBER else text
        if datatype in _BROKEN:
            number = float(text)
            return number if math.isfinite(number) else text
    except ValueError:  # a literal that is none of its datatype
        return text
    if datatype == _BOOLEAN:
        return text in ("true", "1")
    return f"_:{text}" if term["type"] == "bnode" else text
