"""Schemas of tools: sound, small, and one type for each name of a parameter."""

from __future__ import annotations

import orjson
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.questions import (
    bind,
    load_questions,
    parameter_schema,
    parameters_schema,
    texts_given,
)
from pfocr_rdf.query.questions.parameters import ParameterType, expected_of
from pfocr_rdf.web.server.mcp.definitions import Definition, definitions

QUESTIONS = load_questions()
TOOLS = {each.name: each for each in definitions(QUESTIONS)}
MOST_IN_A_CONVERSATION = 20_000
"""Bytes of all tools: they stand in each conversation."""


@pytest.mark.parametrize("tool", TOOLS.values(), ids=lambda tool: tool.name)
def test_each_argument_is_described_and_each_default_is_valid(tool: Definition) -> None:
    Draft202012Validator.check_schema(tool.schema)
    assert all(each["description"] for name, each in tool.schema["properties"].items()
               if name != "question")  # fmt: skip
    for name, value in tool.defaults.items():
        Draft202012Validator(tool.schema["properties"][name]).validate(value)


def test_all_tools_together_are_small() -> None:
    told = [(tool.description, tool.schema) for tool in TOOLS.values()]
    assert len(orjson.dumps(told)) < MOST_IN_A_CONVERSATION


def test_a_parameter_has_one_type_in_all_questions() -> None:
    types: dict[str, set[tuple[ParameterType, bool]]] = {}
    for question in QUESTIONS.values():
        for each in question.parameters:
            types.setdefault(each.name, set()).add((each.type, each.several))
    assert [name for name, found in types.items() if len(found) > 1] == []
    listed = TOOLS["ask"].schema["properties"]["parameters"]["properties"]
    assert set(listed) == set(types)


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_a_schema_takes_is_what_its_question_takes(name: str) -> None:
    question = QUESTIONS[name]
    schema = parameters_schema(question)
    validator = Draft202012Validator(schema)
    defaults = {each: found["default"] for each, found in schema["properties"].items()}  # type: ignore[attr-defined]
    validator.validate(defaults)
    assert bind(question, texts_given(defaults)) == bind(question, {})
    for each in question.parameters:
        example = expected_of(each.type)[1]
        value: object = (
            int(example) if example.isdigit() and each.type in ("year", "integer") else example
        )
        validator.validate({each.name: [value] if each.several else value})
        bind(question, texts_given({each.name: value}))


def test_choices_are_told() -> None:
    parameter = QUESTIONS["unresolved-symbols"].parameters[0]
    assert "AmbiguousSymbol" in parameter_schema(parameter)["enum"]  # type: ignore[operator]
    tiers = QUESTIONS["figures-of-gene-by-tier"].parameters[1]
    assert parameter_schema(tiers)["items"] == {
        "type": "string", "enum": ["symbol", "synonym", "family", "all"]
    }  # fmt: skip


def test_truth_is_yes_and_nothing_else_is_a_text() -> None:
    assert texts_given({"certain": True, "other": [False, 3]}) == {
        "certain": ["yes"], "other": ["no", "3"]
    }  # fmt: skip
    with pytest.raises(UsageError, match="parameter gene: expected a text"):
        texts_given({"gene": {"is": 1}})
    with pytest.raises(UsageError, match=r"found '1\.5'"):
        texts_given({"year": 1.5})


def test_a_fault_names_its_argument_in_one_line() -> None:
    assert TOOLS["find"].fault({"text": "x", "limit": "\n" * 3}).startswith("limit: ")
    assert "\n" not in TOOLS["find"].fault({"text": "x", "limit": "\n" * 3})
    assert TOOLS["find"].fault({"text": "x"}) == ""
    assert "'text' is a required property" in TOOLS["find"].fault({})
