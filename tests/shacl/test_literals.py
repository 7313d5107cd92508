"""XSD: lexical forms by the letter, and values that compare across datatypes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD, Literal
from pfocr_rdf.shacl.literals import comparable, compare, is_well_formed


def literal(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, IRI(XSD + datatype))


GOOD = {
    "boolean": ["true", "false", "0", "1"],
    "integer": ["0", "-7", "+7", "007", "9" * 5000],
    "byte": ["-128", "127", "+5"],
    "unsignedByte": ["0", "255", "-0"],
    "positiveInteger": ["1"],
    "nonPositiveInteger": ["0", "-3"],
    "long": ["9223372036854775807"],
    "decimal": ["1", "1.", ".5", "-0.90450", "+3"],
    "double": ["1", "1e3", "1.5E-7", ".5", "INF", "-INF", "+INF", "NaN"],
    "float": ["1e400"],
    "gYear": ["2021", "0000", "-0044", "12021", "2021Z", "2021+14:00"],
    "gYearMonth": ["2021-12", "2021-01-05:00"],
    "gMonth": ["--12"],
    "gMonthDay": ["--02-29", "--12-31Z"],
    "gDay": ["---31"],
    "date": ["2020-02-29", "2000-02-29", "-0001-01-01", "2021-01-31Z", "2021-01-31-13:59"],
    "time": ["00:00:00", "23:59:59.999", "24:00:00", "24:00:00.0"],
    "dateTime": ["2021-01-01T00:00:00", "2021-01-01T24:00:00Z", "2021-01-01T12:30:00.5+02:00"],
    "dateTimeStamp": ["2021-01-01T00:00:00Z"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P3M"],
    "yearMonthDuration": ["P1Y2M"],
    "dayTimeDuration": ["P1DT2H"],
    "hexBinary": ["", "0aFF"],
    "base64Binary": ["", "AAAA", "AA==", "AAA=", "A A A A"],
    "language": ["en", "en-GB", "de-CH-1996"],
    "token": ["", "a b"],
    "normalizedString": [" a  b "],
    "Name": ["a:b", "_x", "\u00e9"],
    "NCName": ["a-b.c"],
    "NMTOKEN": ["1a:-"],
    "string": ["", "anything\n"],
    "anyURI": ["", "http://example.org/ with spaces"],
}
BAD = {
    "boolean": ["TRUE", "yes", "", " true", "2"],
    "integer": ["1.0", "", "+", "1 ", "\u0661", "1e3", "--1"],
    "byte": ["128", "-129", "c", "300"],
    "unsignedByte": ["256", "-1"],
    "positiveInteger": ["0"],
    "nonPositiveInteger": ["1"],
    "long": ["9223372036854775808"],
    "decimal": ["1e3", ".", "", "INF", "1,5", "NaN"],
    "double": ["inf", "nan", "1e", "e3", "0x10", "infinity", "1_0"],
    "gYear": ["20x1", "21", "021", "02021", "2021-01", "2021+14:01", "2021+15:00", "+2021", ""],
    "gYearMonth": ["2021-13", "2021-00", "2021"],
    "gMonth": ["--13", "12"],
    "gMonthDay": ["--02-30", "--04-31"],
    "gDay": ["---32", "---00"],
    "date": ["2021-02-29", "1900-02-29", "2020-13-45", "2021-1-1", "2021-01-01T00:00:00", ""],
    "time": ["24:00:01", "25:00:00", "12:60:00", "12:00"],
    "dateTime": ["2021-01-01", "2021-01-01T25:00:00", "2021-01-01 00:00:00", "2021-02-30T00:00:00"],
    "dateTimeStamp": ["2021-01-01T00:00:00"],
    "duration": ["P", "PT", "1Y", "P1YT", "P1S", "P-1Y"],
    "yearMonthDuration": ["P1D", "PT1S"],
    "dayTimeDuration": ["P1Y"],
    "hexBinary": ["0", "xx"],
    "base64Binary": ["A", "AAA", "AB=="],
    "language": ["", "en_GB", "toolonglang", "e1"],
    "token": [" a", "a  b", "a\tb"],
    "normalizedString": ["a\nb"],
    "Name": ["", "1a", "a b"],
    "NCName": ["a:b"],
    "NMTOKEN": ["", "a b"],
}


@pytest.mark.parametrize(("datatype", "lexical"), [(k, v) for k in GOOD for v in GOOD[k]])
def test_well_formed(datatype: str, lexical: str) -> None:
    """Forms of the lexical space."""
    assert is_well_formed(literal(lexical, datatype))


@pytest.mark.parametrize(("datatype", "lexical"), [(k, v) for k in BAD for v in BAD[k]])
def test_ill_formed(datatype: str, lexical: str) -> None:
    """Forms outside it; engines differ on many of these."""
    assert not is_well_formed(literal(lexical, datatype))
    assert comparable(literal(lexical, datatype)) is None


def test_other_datatypes() -> None:
    """A datatype nobody defined has no ill-formed literals; a language string has a language."""
    assert is_well_formed(Literal("x", IRI("http://example.org/datatype")))
    assert is_well_formed(Literal("x", RDF_LANG_STRING, "en"))
    assert not is_well_formed(Literal("x", RDF_LANG_STRING))


ORDERED = [
    (("1", "integer"), ("1.0", "decimal"), 0),
    (("1", "byte"), ("1E0", "double"), 0),
    (("9" * 40, "integer"), ("9" * 40 + ".1", "decimal"), -1),
    (("0.1", "float"), ("0.1", "decimal"), 0),
    (("0.1", "float"), ("0.1", "double"), 1),
    (("1e400", "float"), ("INF", "double"), 0),
    (("NaN", "double"), ("NaN", "double"), None),
    (("a", "string"), ("b", "string"), -1),
    (("false", "boolean"), ("1", "boolean"), -1),
    (("true", "boolean"), ("1", "integer"), None),
    (("1", "string"), ("1", "integer"), None),
    (("2020-01-01", "date"), ("2021-01-01", "date"), -1),
    (("2020-01-01", "date"), ("2020-01-01T00:00:00", "dateTime"), None),
    (("2020-01-01", "date"), ("5", "integer"), None),
    (("2020", "gYear"), ("2021", "gYear"), -1),
    (("-0001", "gYear"), ("0000", "gYear"), -1),
    (("2020-01-01T00:00:00Z", "dateTime"), ("2020-01-01T02:00:00+02:00", "dateTime"), 0),
    (("2020-01-01T24:00:00", "dateTime"), ("2020-01-02T00:00:00", "dateTime"), 0),
    (("2020-01-01T12:00:00", "dateTime"), ("2020-01-01T12:00:00Z", "dateTime"), None),
    (("2020-01-01T12:00:00", "dateTime"), ("2020-01-03T12:00:00Z", "dateTime"), -1),
    (("2020-01-01T12:00:00Z", "dateTimeStamp"), ("2020-01-01T12:00:00Z", "dateTime"), 0),
    (("12:00:00", "time"), ("11:59:59.5", "time"), 1),
    (("24:00:00", "time"), ("00:00:00", "time"), 0),
    (("---02", "gDay"), ("---03", "gDay"), -1),
    (("P13M", "yearMonthDuration"), ("P1Y", "yearMonthDuration"), 1),
    (("-PT60S", "dayTimeDuration"), ("PT0S", "dayTimeDuration"), -1),
    (("P1M", "duration"), ("P30D", "duration"), None),
]


@pytest.mark.parametrize(("one", "other", "order"), ORDERED)
def test_compare(one: tuple[str, str], other: tuple[str, str], order: int | None) -> None:
    """Both ways round."""
    a, b = comparable(literal(*one)), comparable(literal(*other))
    assert compare(a, b) == order
    assert compare(b, a) == (None if order is None else -order)


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [("9" * 5000, "gYear"), ("9" * 5000 + "-01-01", "date"),
     ("2020-01-01T00:00:00." + "1" * 5000, "dateTime")],
)  # fmt: skip
def test_thousands_of_digits_are_a_value_like_any(lexical: str, datatype: str) -> None:
    small = {"gYear": "2019", "date": "2019-01-01", "dateTime": "2019-01-01T00:00:00"}[datatype]
    value = comparable(literal(lexical, datatype))
    assert compare(value, comparable(literal(small, datatype))) == 1
    assert compare(value, comparable(literal(lexical, datatype))) == 0


@given(st.dates(), st.dates())
def test_dates_compare_as_dates_do(one: object, other: object) -> None:
    """The calendar arithmetic agrees with Python's where Python has years."""
    a, b = comparable(literal(str(one), "date")), comparable(literal(str(other), "date"))
    expected = (str(one) > str(other)) - (str(one) < str(other))
    assert compare(a, b) == expected


@given(st.integers(), st.floats())
def test_integers_compare_with_doubles(number: int, double: float) -> None:
    """As after promotion of the integer to double."""
    lexical = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(str(double), str(double))
    found = compare(
        comparable(literal(str(number), "integer")), comparable(literal(lexical, "double"))
    )
    as_double = float(number)
    expected = None if double != double else (as_double > double) - (as_double < double)  # noqa: PLR0124
    assert found == expected
