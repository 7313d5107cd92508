"""Numbers and sizes as people read them."""

from __future__ import annotations


def number(value: int) -> str:
    """Return a number with its thousands apart by a thin space that does not break.

    Example:
        >>> number(103422) == "103\\u202f422"
        True
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
    amount, unit = float(value), ""
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5:
            break
    return f"{amount:.1f} {unit}" if amount < 10 else f"{amount:.0f} {unit}"


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
        return "< 1\u00a0%".replace("\u00a0", " ")
    return f"{percent:.0f} %"
