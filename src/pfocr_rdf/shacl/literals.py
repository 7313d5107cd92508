"""XSD datatypes: which lexical forms are well-formed, and how two values compare.

Every XSD datatype of RDF 1.1 is checked, not only those that SPARQL 1.1 can compute
with: an ill-formed xsd:gYear is as useless to a reader as an ill-formed xsd:integer.
Lexical forms are taken as they stand, so " 1" is not an xsd:integer.

Source: https://www.w3.org/TR/xmlschema11-2/, https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from pfocr_rdf.rdf import IRI, RDF_LANG_STRING, XSD, XSD_STRING, Literal

Check = Callable[[str], bool]

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = (
    r"(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9](?:\.[0-9]+)?)"
    r"|(?P<midnight>24:00:00(?:\.0+)?))"
)
_ZONE = r"(?P<zone>Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9.])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_CALENDAR: Final = {
    IRI(XSD + name): re.compile(pattern + _ZONE + ("" if name == "dateTimeStamp" else "?"))
    for name, pattern in {
        "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
        "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}",
        "date": f"{_YEAR}-{_MONTH}-{_DAY}",
        "time": _TIME,
        "gYear": _YEAR,
        "gYearMonth": f"{_YEAR}-{_MONTH}",
        "gMonth": f"--{_MONTH}",
        "gMonthDay": f"--{_MONTH}-{_DAY}",
        "gDay": f"---{_DAY}",
    }.items()
}
_NAME_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_CHAR = _NAME_START + r"\-.0-9" + "\xb7\u0300-\u036f\u203f\u2040"

# Least and greatest value of the datatypes derived from xsd:integer; None: no limit.
_INTEGERS: Final[dict[IRI, tuple[int | None, int | None]]] = {
    IRI(XSD + name): limits
    for name, limits in {
        "integer": (None, None),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
        "long": (-(2**63), 2**63 - 1),
        "int": (-(2**31), 2**31 - 1),
        "short": (-(2**15), 2**15 - 1),
        "byte": (-128, 127),
        "unsignedLong": (0, 2**64 - 1),
        "unsignedInt": (0, 2**32 - 1),
        "unsignedShort": (0, 2**16 - 1),
        "unsignedByte": (0, 255),
    }.items()
}


def _matching(pattern: re.Pattern[str]) -> Check:
    return lambda lexical: pattern.fullmatch(lexical) is not None


def _integer_between(least: int | None, greatest: int | None) -> Check:
    if least is None and greatest is None:
        return _matching(_INTEGER)

    def check(lexical: str) -> bool:
        if _INTEGER.fullmatch(lexical) is None:
            return False
        value = Decimal(lexical)  # int() refuses thousands of digits, Decimal does not
        return (least is None or value >= least) and (greatest is None or value <= greatest)

    return check


def _days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _calendar(pattern: re.Pattern[str]) -> Check:
    names = pattern.groupindex
    if "day" not in names or "month" not in names:
        return _matching(pattern)

    def check(lexical: str) -> bool:
        match = pattern.fullmatch(lexical)
        if match is None:
            return False
        # --02-29 exists in some years; so without a year a leap year is meant.
        year = _year(match["year"]) if "year" in names else 4
        return int(match["day"]) <= _days_in_month(year, int(match["month"]))

    return check


def _year(lexical: str) -> int:
    """Return a year as a number; of a very long one the last digits, which decide leap years."""
    return int(lexical) if len(lexical) < 4000 else int(lexical[-8:])


def _duration(forbidden: tuple[str, ...]) -> Check:
    def check(lexical: str) -> bool:
        match = _DURATION.fullmatch(lexical)
        return match is not None and not any(match[name] for name in forbidden)

    return check


_CHECKS: Final[dict[IRI, Check]] = {
    **{iri: _integer_between(*limits) for iri, limits in _INTEGERS.items()},
    **{iri: _calendar(pattern) for iri, pattern in _CALENDAR.items()},
    **{
        IRI(XSD + name): check
        for name, check in {
            "boolean": frozenset({"true", "false", "0", "1"}).__contains__,
            "decimal": _matching(_DECIMAL),
            "double": _matching(_DOUBLE),
            "float": _matching(_DOUBLE),
            "duration": _duration(()),
            "yearMonthDuration": _duration(("days", "hours", "minutes", "seconds")),
            "dayTimeDuration": _duration(("years", "months")),
            "hexBinary": _matching(re.compile(r"(?:[0-9a-fA-F]{2})*")),
            "base64Binary": _matching(
                re.compile(
                    r"(?:(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
                    r"|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?="
                    r"|[A-Za-z0-9+/] ?[AQgw] ?= ?=))?"
                )
            ),
            "normalizedString": _matching(re.compile(r"[^\t\n\r]*")),
            "token": _matching(re.compile(r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?")),
            "language": _matching(re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")),
            "Name": _matching(re.compile(f"[:{_NAME_START}][:{_NAME_CHAR}]*")),
            "NCName": _matching(re.compile(f"[{_NAME_START}][{_NAME_CHAR}]*")),
            "NMTOKEN": _matching(re.compile(f"[:{_NAME_CHAR}]+")),
        }.items()
    },
}


def lexical_check(datatype: IRI) -> Check | None:
    """Return the check of a datatype's lexical forms; None where each form is well-formed."""
    return _CHECKS.get(datatype)


def is_well_formed(literal: Literal) -> bool:
    """Return whether a literal's lexical form belongs to its datatype.

    A datatype that is not one of XSD has no lexical forms that we could know, so each
    is accepted; rdf:langString needs a language.
    """
    if literal.datatype == RDF_LANG_STRING:
        return literal.language != ""
    check = _CHECKS.get(literal.datatype)
    return check is None or check(literal.lexical)


class Instant(NamedTuple):
    """A point of the calendar: seconds on the timeline; local where no zone is stated."""

    seconds: Fraction
    zoned: bool


Comparable = Decimal | float | str | bool | Instant
_NUMBER, _FLOAT, _DOUBLE_KIND = "decimal", "float", "double"
_FOURTEEN_HOURS = 14 * 3600


def comparable(literal: Literal) -> tuple[str, Comparable] | None:
    """Return (kind, value) of a literal, or None where SPARQL's `<` has no meaning for it.

    Kinds that compare: numbers of any sort with each other, otherwise only like with like.
    """
    datatype, lexical = literal.datatype, literal.lexical
    if datatype == XSD_STRING:
        return "string", lexical
    check = _CHECKS.get(datatype)
    if check is None or not check(lexical):
        return None
    name = datatype[len(XSD) :]
    if datatype in _INTEGERS or name == "decimal":
        return _NUMBER, Decimal(lexical)
    if name == "double":
        return _DOUBLE_KIND, float(lexical)
    if name == "float":
        return _FLOAT, _single(float(lexical))
    if name == "boolean":
        return "boolean", lexical in {"true", "1"}
    if datatype in _CALENDAR:
        kind = "dateTime" if name == "dateTimeStamp" else name
        return kind, _instant(_CALENDAR[datatype], lexical)
    if name in {"yearMonthDuration", "dayTimeDuration"}:
        return name, _duration_value(lexical)
    return None


def compare(one: tuple[str, Comparable] | None, other: tuple[str, Comparable] | None) -> int | None:
    """Return -1, 0 or 1 as the one is less than, equal to or greater than the other.

    Returns:
        None where the two cannot be compared: of different kinds, NaN, or a moment with
        and one without a time zone that lie within 14 hours of each other.
    """
    if one is None or other is None:
        return None
    (kind, a), (other_kind, b) = one, other
    numeric = (_NUMBER, _FLOAT, _DOUBLE_KIND)
    if kind in numeric and other_kind in numeric:
        a, b = _promoted(kind, a, other_kind, b)
    elif kind != other_kind:
        return None
    if isinstance(a, Instant) and isinstance(b, Instant):
        return _compare_instants(a, b)
    if a == b:
        return 0
    if a < b:  # type: ignore[operator]  # both of one kind, which the union cannot say
        return -1
    return 1 if a > b else None  # type: ignore[operator]


def _promoted(
    kind: str, a: Comparable, other_kind: str, b: Comparable
) -> tuple[Comparable, Comparable]:
    """Promote as XPath does: decimal < float < double, so 0.1 as a float equals 0.1 as one."""
    kinds = {kind, other_kind}
    if kinds == {_NUMBER}:
        return a, b
    promote = float if _DOUBLE_KIND in kinds else lambda value: _single(float(value))
    return promote(a), promote(b)  # type: ignore[arg-type]


def _single(value: float) -> float:
    """Round to 32 bits, to infinity where that is out of range."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _compare_instants(a: Instant, b: Instant) -> int | None:
    difference = a.seconds - b.seconds
    if a.zoned != b.zoned and abs(difference) <= _FOURTEEN_HOURS:
        return None
    return (difference > 0) - (difference < 0)


def _instant(pattern: re.Pattern[str], lexical: str) -> Instant:
    match = pattern.fullmatch(lexical)
    assert match is not None, "checked before"
    parts = match.groupdict()
    # Through Decimal, as int() and Fraction() refuse texts of thousands of digits.
    year, month = int(Decimal(parts.get("year") or 1972)), int(parts.get("month") or 1)
    days = _days_before(year, month) + int(parts.get("day") or 1)
    if parts.get("midnight"):
        days, seconds = days + 1, Fraction(0)
    else:
        seconds = Fraction(int(parts.get("hour") or 0) * 3600 + int(parts.get("minute") or 0) * 60)
        seconds += Fraction(Decimal(parts.get("second") or 0))
    if pattern is _CALENDAR[IRI(XSD + "time")]:
        days = 0  # 24:00:00 is 00:00:00 of the same, nameless day
    zone = parts["zone"]
    offset = 0
    if zone and zone != "Z":
        offset = (int(zone[1:3]) * 60 + int(zone[4:6])) * (-60 if zone[0] == "-" else 60)
    return Instant(days * 86400 + seconds - offset, zone is not None)


def _days_before(year: int, month: int) -> int:
    """Return the days before a month in the proleptic Gregorian calendar, year 0 included."""
    before = year - 1
    leap = before // 4 - before // 100 + before // 400
    return before * 365 + leap + sum(_days_in_month(year, each) for each in range(1, month))


def _duration_value(lexical: str) -> Decimal:
    """Return months of a yearMonthDuration, seconds of a dayTimeDuration."""
    match = _DURATION.fullmatch(lexical)
    assert match is not None, "checked before"
    months = Decimal(match["years"] or 0) * 12 + Decimal(match["months"] or 0)
    seconds = (
        Decimal(match["days"] or 0) * 86400
        + Decimal(match["hours"] or 0) * 3600
        + Decimal(match["minutes"] or 0) * 60
        + Decimal(match["seconds"] or 0)
    )
    return -(months + seconds) if match["sign"] else months + seconds
