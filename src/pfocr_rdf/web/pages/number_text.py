"""Numbers and sizes as people read them."""

from __future__ import annotations

import math
from typing import Final

_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: int) -> str:
    """Return a number with a thin space that does not break between its thousands.

    Example:
        >>> number(103422).split("\N{NARROW NO-BREAK SPACE}")
        ['103', '422']
    """
    return f"{value:,}".replace(",", "\u202f")


def plural(value: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    Example:
        >>> plural(1, "figure"), plural(2, "figure"), plural(0, "study", "studies")
        ('1 figure', '2 figures', '0 studies')
    """
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def size(value: int) -> str:
    """Return a number of bytes in the unit that leaves one to three digits.

    Example:
        >>> size(532), size(1_234_567), size(5_400_000_000)
        ('532 bytes', '1.2 MB', '5.4 GB')
    """
    if value < 1000:
        return plural(value, "byte")
    amount, units = value / 1000, ["kB", "MB", "GB", "TB"]
    while amount >= 999.5 and len(units) > 1:
        amount /= 1000
        del units[0]
    return f"{amount:.1f} {units[0]}" if amount < 10 else f"{amount:.0f} {units[0]}"


def probability(value: float) -> str:
    r"""Return a probability with two digits that count; small ones as a power of ten.

    Example:
        >>> probability(0.0412), probability(1.0), probability(0.0)
        ('0.041', '1', '0')
        >>> probability(1.25e-8).split("\N{NARROW NO-BREAK SPACE}")
        ['1.2', '×', '10⁻⁸']
    """
    said = f"{value:.2g}"
    mantissa, _, exponent = said.partition("e")
    return f"{mantissa}\u202f×\u202f10{str(int(exponent)).translate(_RAISED)}" if exponent else said


def ratio(value: float) -> str:
    """Return a ratio with three digits that count.

    Example:
        >>> ratio(12.3456), ratio(float("inf")), ratio(float("nan")), ratio(1234.5)[-3:]
        ('12.3', '∞', '–', '234')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    return number(round(value)) if value >= 1000 else f"{value:.3g}"


def share(part: int, whole: int) -> str:
    """Return a part in per cent; "" of nothing.

    Example:
        >>> share(1, 3), share(1, 4000), share(0, 5), share(1, 0)
        ('33 %', '< 1 %', '0 %', '')
    """
    if not whole:
        return ""
    percent = 100 * part / whole
    if 0 < percent < 1:
        return "< 1 %"
    return f"{percent:.0f} %"
