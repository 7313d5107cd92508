"""Symbols that a spreadsheet has made a date of: `1-Mar` may have been MARCH1 or MARC1.

Which of them it was, and whether it was one at all, nobody can tell from the date. So nothing
is looked up: the word stays as it is, and a finding names what it may have been.

Source: Ziemann, Eren, El-Osta: Gene name errors are widespread in the scientific literature,
Genome Biology 17:177 (2016); HGNC renamed the symbols below because of it in 2020
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH: Final = "|".join(_MONTHS)
_DAY_FIRST: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})-(?P<month>{_MONTH})t?(?:-[0-9]{{2,4}})?", re.IGNORECASE
)
# With two digits, as a spreadsheet shows months of a year. `Oct-4` is how people write OCT4.
_MONTH_FIRST: Final = re.compile(rf"(?P<month>{_MONTH})t?-(?P<day>[0-9]{{2}})", re.IGNORECASE)
_ISO: Final = re.compile(r"(?:19|20)[0-9]{2}-(?P<number>[0-9]{2})-(?P<day>[0-9]{2})(?: 00:00:00)?")
_SLASHES: Final = re.compile(r"(?P<number>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?:[0-9]{2}){1,2}")
_SERIAL: Final = re.compile(r"[34][0-9]{4}")
_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of the days that spreadsheets count."""
_LAST: Final = 47847  # 2030-12-31: a larger number is more likely only a number
_NAMES: Final[dict[str, tuple[tuple[int, Callable[[int], str]], ...]]] = {
    "Feb": ((11, lambda n: f"FEB{n}"),),
    "Mar": (
        (11, lambda n: f"MARCH{n} (now MARCHF{n})"),
        (2, lambda n: f"MARC{n} (now MTARC{n})"),
    ),
    "Apr": ((3, lambda n: f"APR{n}"),),
    "Sep": ((14, lambda n: f"SEPT{n} (now SEPTIN{n})"),),
    "Oct": ((11, lambda n: f"OCT{n}"),),
    "Nov": ((3, lambda n: f"NOV{n}"),),
    "Dec": (
        (1, lambda _: "DEC1 (now DELEC1, or an alias of BHLHE40)"),
        (2, lambda n: "DEC2 (an alias of BHLHE41)" if n == 2 else ""),
    ),
}
"""By month: up to which number there are symbols of a family, and how they read."""


def may_have_been(word: str) -> str:
    """Return which symbols a date may have been, "" when it is no date that once was one.

    Example:
        >>> may_have_been("1-Mar")
        'MARCH1 (now MARCHF1) or MARC1 (now MTARC1)'
        >>> may_have_been("Sep-07"), may_have_been("44256") == may_have_been("1-Mar")
        ('SEPT7 (now SEPTIN7)', True)
        >>> may_have_been("MARCH1"), may_have_been("Oct-4")
        ('', '')
    """
    if not (word[:1].isdigit() or word[-1:].isdigit()):
        return ""  # nearly all words, and the patterns below are slower
    if match := _DAY_FIRST.fullmatch(word) or _MONTH_FIRST.fullmatch(word):
        return _names(match["month"].capitalize(), int(match["day"]))
    if match := _ISO.fullmatch(word) or _SLASHES.fullmatch(word):
        number = int(match["number"])
        return _names(_MONTHS[number - 1], int(match["day"])) if 1 <= number <= 12 else ""
    if _SERIAL.fullmatch(word) and int(word) <= _LAST:
        day = _EPOCH + timedelta(days=int(word))
        # Numbers are common words, so only of the months whose symbols were renamed for it.
        return _names(_MONTHS[day.month - 1], day.day) if day.month in {3, 9, 12} else ""
    return ""


def _names(month: str, number: int) -> str:
    named = (name(number) for last, name in _NAMES.get(month, ()) if 1 <= number <= last)
    return " or ".join(filter(None, named))
