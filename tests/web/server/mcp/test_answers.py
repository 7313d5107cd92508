"""Answers never exceed their size, whatever they hold, and lose only what they say."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.web.server.mcp.answers import (
    MOST_BYTES,
    AnswerRows,
    ToolError,
    fitted,
    fitted_part,
    read_rows,
    to_text,
)

TEXT = st.text(st.sampled_from("aé<>&\u202e\n\U0001f9ec\x1b"), max_size=5000)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("ab", max_size=3), inner),
    max_leaves=20,
)


def size(answer: Any) -> int:
    return len(to_text(answer).encode())


@given(st.dictionaries(st.text("xyz", max_size=3), JSON, max_size=4), st.lists(TEXT, max_size=60))
def test_no_answer_is_larger_than_it_says(scalars: dict[str, Any], rows: list[str]) -> None:
    told = fitted(scalars | {"rows": rows}, ("rows",))
    assert size(told) <= MOST_BYTES
    assert len(told["rows"]) + told.get("left_out", {}).get("rows", 0) == len(rows)
    assert json.loads(to_text(told)) == told


def test_lists_are_cut_in_the_order_given() -> None:
    told = fitted({"a": ["x" * 100] * 200, "b": ["y" * 100] * 100}, ("a", "b"))
    assert len(told["b"]) == 100
    assert told["left_out"] == {"a": 200 - len(told["a"])}
    assert size(told) > MOST_BYTES / 2


def test_parts_follow_each_other_without_a_gap() -> None:
    rows, seen, offset = [f"{n} {'z' * 900}" for n in range(100)], [], 0
    while offset < len(rows):
        part = fitted_part({"rows": rows[offset : offset + 40]}, "rows", offset, len(rows))
        assert part["rows"]
        seen += part["rows"]
        offset = part.get("next_offset", len(rows))
    assert seen == rows


def test_what_is_long_is_cut_and_what_cannot_be_printed_is_replaced() -> None:
    told = fitted({"caption": "\u202egnp.exe " + "a" * 5000})
    assert told["caption"].startswith("\ufffdgnp.exe aaa")
    assert told["caption"].endswith("a…")
    assert len(told["caption"]) == 2000


def test_a_fault_is_quoted_and_fits_too() -> None:
    told = ToolError("code", "</x>" * 100_000, "mend it").told()
    assert size(told) <= MOST_BYTES
    assert "<" not in to_text(told)
    assert told["error"]["repair"] == "mend it"


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ({"type": "uri", "value": "http://a/"}, "http://a/"),
        ({"type": "bnode", "value": "b0"}, "_:b0"),
        ({"type": "literal", "value": "7"}, "7"),
        ({"type": "literal", "value": "7", "datatype": f"{XSD}integer"}, 7),
        ({"type": "literal", "value": "2" * 40, "datatype": f"{XSD}integer"}, "2" * 40),
        ({"type": "literal", "value": "0.50", "datatype": f"{XSD}decimal"}, 0.5),
        ({"type": "literal", "value": "INF", "datatype": f"{XSD}double"}, "INF"),
        ({"type": "literal", "value": "x", "datatype": f"{XSD}integer"}, "x"),
        ({"type": "literal", "value": "2023", "datatype": f"{XSD}gYear"}, 2023),
        ({"type": "literal", "value": "true", "datatype": f"{XSD}boolean"}, True),
    ],
)
def test_terms_become_values_of_json(term: dict[str, str], value: object) -> None:
    results = {"head": {"vars": ["x", "none"]}, "results": {"bindings": [{"x": term}]}}
    assert read_rows(orjson.dumps(results)) == AnswerRows(("x", "none"), ((value, None),))


def test_rows_take_a_column_more() -> None:
    rows = AnswerRows(("a",), ((1,), (2,)))
    assert rows.beside("b", "xy") == AnswerRows(("a", "b"), ((1, "x"), (2, "y")))
    assert read_rows(b'{"head":{},"boolean":false}') is False
