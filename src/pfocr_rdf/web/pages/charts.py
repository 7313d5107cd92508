"""Plots as SVG text: no script, no inline style, drawn by classes of the style sheet.

Each has a title and a description for screen readers; the page puts the numbers into a
table beside it. Lengths are in the units of the viewBox; the page scales the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup

from pfocr_rdf.web.pages.number_text import number, plural, share
from pfocr_rdf.web.pages.views import Count

WIDTH: Final = 640
_HEIGHT: Final = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 6, 12, 26


def years(counts: Sequence[Count], name: str, title: str) -> Markup:
    """Return columns of figures per year; years between that have none keep their place.

    Args:
        counts: One per year, the label a year in digits, in order.
        name: What ids in the SVG begin with; unique on the page.
        title: Of what the plot is.
    """
    known = {int(count.label): count.count for count in counts if count.label.isdecimal()}
    if not known:
        return Markup()
    first, last = min(known), max(known)
    # A stray year (1850) would squeeze the others into a corner; the table still has it.
    first = max(first, last - 59)
    span = range(first, last + 1)
    shown = [known.get(year, 0) for year in span]
    ticks = scale(max(shown))
    top = ticks[-1]
    inner = WIDTH - _LEFT - _RIGHT
    high = _HEIGHT - _TOP - _BOTTOM
    step = inner / len(span)
    width = min(step * 0.78, 34)
    # Numbers alone need no escape, and a page may have hundreds of these.
    parts = [
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
        f'<text class="tick" x="{_LEFT - 6}" y="{_y(tick, top, high, 4)}" text-anchor="end">'
        f"{_short(tick)}</text>"
        for tick, y in [(tick, _y(tick, top, high)) for tick in ticks]
    ]
    every = max(1, -(-len(span) * 44 // inner))
    for at, (year, value) in enumerate(zip(span, shown, strict=True)):
        centre = _LEFT + (at + 0.5) * step
        if value:
            y = float(_y(value, top, high))
            parts.append(
                f'<rect class="bar" x="{centre - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{max(_HEIGHT - _BOTTOM - y, 0.8):.1f}" rx="1.5">'
                f"<title>{year}: {plural(value, 'figure')}</title></rect>"
            )
        if (last - year) % every == 0:
            # Every second one makes way on a narrow screen, where letters are larger.
            odd = " odd" if (last - year) // every % 2 else ""
            parts.append(
                f'<text class="tick{odd}" x="{centre:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">'
                f"{year}</text>"
            )
    parts.append(
        f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{_HEIGHT - _BOTTOM}" '
        f'y2="{_HEIGHT - _BOTTOM}"/>'
    )
    best = max(known, key=lambda year: (known[year], -year))
    about = (
        f"{plural(sum(known.values()), 'figure')} from {min(known)} to {last}, "
        f"most in {best}: {number(known[best])}."
    )
    body = Markup("".join(parts))  # noqa: S704 - numbers and the words of this function
    return _svg(name, title, about, _HEIGHT, [body], "chart chart-years")


def bar(count: int, most: int) -> Markup:
    """Return one bar for a row of a table, which itself says the number."""
    width = max(100 * count / most, 0.6) if most else 0.6
    return Markup(  # noqa: S704 - a number
        '<svg class="spark" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar" width="{width:.2f}" height="10"/></svg>'
    )


def shares(counts: Sequence[Count], name: str, title: str) -> Markup:
    """Return one bar cut into the shares of a whole, coloured by the classes `part-0` to 5.

    Args:
        counts: The parts, in the order of the legend beside it.
        name: What ids in the SVG begin with; unique on the page.
        title: Of what the plot is.
    """
    whole = sum(count.count for count in counts)
    if not whole:
        return Markup()
    parts, x = [], 0.0
    for at, count in enumerate(counts):
        width = WIDTH * count.count / whole
        # A gap of 2 keeps neighbours apart for who cannot tell their colours.
        parts.append(
            Markup(
                '<rect class="part-{}" x="{:.1f}" y="0" width="{:.1f}" height="26" rx="2">'
                "<title>{}: {}</title></rect>"
            ).format(at % 6, x, max(width - 2, 0.8), count.label, share(count.count, whole))
        )
        x += width
    about = "; ".join(
        f"{count.label}: {number(count.count)} ({share(count.count, whole)})" for count in counts
    )
    return _svg(name, title, about + ".", 26, parts, "chart chart-shares")


def scale(most: int) -> tuple[int, ...]:
    """Return three to six round marks from 0 to at least `most`.

    Example:
        >>> scale(7)
        (0, 2, 4, 6, 8)
        >>> scale(1)
        (0, 1)
        >>> scale(9400)
        (0, 2000, 4000, 6000, 8000, 10000)
    """
    unit = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * unit
            if step * 5 >= most:
                return tuple(range(0, step * max(1, -(-most // step)) + 1, step))
        unit *= 10


def _svg(
    name: str, title: str, about: str, height: int, parts: Iterable[Markup], classes: str
) -> Markup:
    return Markup(
        '<svg class="{classes}" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{about}</desc>'
        "{body}</svg>"
    ).format(
        classes=classes,
        width=WIDTH,
        height=height,
        name=name,
        title=title,
        about=about,
        body=Markup().join(parts),
    )


def _y(value: float, top: int, high: int, below: float = 0) -> str:
    return f"{_TOP + high * (1 - value / top) + below:.1f}"


def _short(value: int) -> str:
    return f"{value // 1000}k" if value >= 1000 and value % 1000 == 0 else str(value)
