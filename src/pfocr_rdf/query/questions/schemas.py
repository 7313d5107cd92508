"""The parameters of a question as JSON Schema, for programs that ask by JSON, and back as texts.

Source: JSON Schema 2020-12, https://json-schema.org/draft/2020-12/json-schema-core
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.questions.header import Question
from pfocr_rdf.query.questions.parameters import (
    CERTAIN,
    REASONS,
    TIERS,
    Parameter,
    ParameterType,
    expected_of,
    texts_of,
)

Schema = dict[str, object]
_CHOICES: Final = {
    ParameterType.TIER: tuple(TIERS),
    ParameterType.REASON: tuple(REASONS),
    ParameterType.CERTAIN: tuple(CERTAIN),
}
_NUMBERS: Final = {
    ParameterType.YEAR: (1000, 2999),
    ParameterType.INTEGER: (1, 999_999_999),
}


def parameters_schema(question: Question) -> Schema:
    """Return the schema of the object that has the values of a question's parameters.

    Example:
        >>> from pfocr_rdf.query.questions import load_questions
        >>> schema = parameters_schema(load_questions()["figures-of-year"])
        >>> schema["properties"]["year"]["type"], schema["properties"]["year"]["default"]
        ('integer', 2023)
    """
    return {
        "type": "object",
        "properties": {each.name: parameter_schema(each) for each in question.parameters},
        "required": [each.name for each in question.parameters if each.default is None],
        "additionalProperties": False,
    }


def parameter_schema(parameter: Parameter) -> Schema:
    """Return the schema of the value of one parameter, or of its list of values."""
    expected, example = expected_of(parameter.type)
    value: Schema
    if parameter.type in _CHOICES:
        value = {"type": "string", "enum": list(_CHOICES[parameter.type])}
    elif parameter.type in _NUMBERS:
        least, most = _NUMBERS[parameter.type]
        value = {"type": "integer", "minimum": least, "maximum": most}
    else:
        value = {"type": "string", "minLength": 1, "examples": [example]}
    told: Schema = {"description": f"{parameter.description} ({expected})"}
    if parameter.several:
        told |= {"type": "array", "items": value, "minItems": 1}
    else:
        told |= value
    if parameter.default is not None:
        texts = texts_of(parameter, parameter.default)
        values = [int(text) if parameter.type in _NUMBERS else text for text in texts]
        told["default"] = values if parameter.several else values[0]
    return told


def texts_given(given: Mapping[str, object]) -> dict[str, list[str]]:
    """Return values of JSON as `bind` takes them.

    True and false are `yes` and `no`.

    Raises:
        UsageError: A value is no text or number, nor a list of them.

    Example:
        >>> texts_given({"year": 2023, "genes": ["TNFSF11", "TRAP"]})
        {'year': ['2023'], 'genes': ['TNFSF11', 'TRAP']}
    """
    texts = {}
    for name, value in given.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(each, str | int) for each in values):
            raise UsageError(
                f"parameter {name}: expected a text, a whole number or a list of them, "
                f"found {str(value)[:100]!r}"
            )
        texts[name] = [_text(each) for each in values]
    return texts


def _text(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
