"""What must not take the place of a release: nothing, a good part less, or what has errors.

A folder is exchanged for another one in the end, whoever looks at it or not. A monthly job that
was given a wrong archive or half a checkout shall leave last month's release, and say why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pfocr_rdf.errors import InputError, ShrinkError, StrictError
from pfocr_rdf.figures.read import FigureSource
from pfocr_rdf.findings import CODES, Severity
from pfocr_rdf.release import Report

_KEPT: Final = 5
"""Of so many figures a new release may have lost one, and no more."""


def refuse_empty(report: Report, sources: Sequence[FigureSource]) -> None:
    """Refuse to publish a release without a figure.

    Raises:
        InputError: No page became a figure; says what was wrong with them.
    """
    if report.things()["figures"]:
        return
    pages = len(sources)
    why = [f"{code} {count:,} ({CODES[code].meaning})" for code, count in _errors(report)]
    first = f", the first is {sources[0].name}" if pages > 1 else f" ({sources[0].name})"
    raise InputError(
        f"no figure could be read of {pages:,} page{'s' if pages > 1 else ''}{first}: "
        f"{'; '.join(why) or 'none of them says anything'} "
        "(nothing was published; give pages of PFOCR, a checkout, or an archive of one)"
    )


def refuse_shrunk(figures: int, earlier: int | None, *, allowed: bool, limited: bool) -> None:
    """Refuse to publish a release that has lost more than a fifth of the figures.

    Args:
        figures: Of the new release.
        earlier: Of the release it is to replace, None when there is none.
        allowed: Whether that was asked for.
        limited: Whether the run was told to stop early.

    Raises:
        ShrinkError: It has.
    """
    if allowed or earlier is None or (earlier - figures) * _KEPT <= earlier:
        return
    why = "--limit stopped it early" if limited else "is the input whole?"
    raise ShrinkError(
        f"the new release has {figures:,} figures, the one it would replace has {earlier:,}: "
        f"more than a fifth fewer, {why} (nothing was published; --allow-shrink publishes it, "
        "or choose another folder)"
    )


def refuse_errors(report: Report, *, strict: bool) -> None:
    """Refuse to publish a release with errors, if that was asked for.

    Raises:
        StrictError: There are some; says how many of each code.
    """
    errors = _errors(report)
    if strict and errors:
        total = sum(count for _, count in errors)
        codes = ", ".join(f"{code} {count:,}" for code, count in errors)
        raise StrictError(
            f"--strict: {total:,} error{'s' if total > 1 else ''}: {codes} "
            "(nothing was published; an export into another folder without --strict lists each "
            "in its findings.jsonl)"
        )


def _errors(report: Report) -> list[tuple[str, int]]:
    return [
        (code, count)
        for code, count in sorted(report.findings.items())
        if count and CODES[code].severity is Severity.ERROR
    ]
