"""`pfocr-rdf patch-frontmatter`: corrected schema.org JSON-LD for the pages of a PFOCR checkout.

The diff of a dry run is data on stdout; what there is to say about the pages is on stderr.
"""

from __future__ import annotations

import difflib
import io
from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer

from pfocr_rdf.cli.exit_codes import NOT_SO
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Verbose
from pfocr_rdf.cli.output import say, stderr, write_data
from pfocr_rdf.cli.progress import shown_pages
from pfocr_rdf.text import one_line, printable_lines
from pfocr_rdf.web import CheckedPage, list_pages, patch_pages

_NO_NEWLINE: Final = "\n\\ No newline at end of file\n"


def patch_frontmatter(
    checkout: Annotated[
        Path, typer.Argument(metavar="CHECKOUT", help="Root of a PFOCR checkout, with _figures.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print what would change as a diff.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when a page had to be left alone.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print no summary.")] = False,
    _verbose: Verbose = False,
) -> None:
    """Correct the schema.org JSON-LD of a PFOCR checkout's pages, and nothing else.

    pfocr-rdf patch-frontmatter pfocr-database --dry-run
    """
    names = list_pages(checkout)
    counts = _Counts()
    pages = shown_pages(
        patch_pages(checkout, names, write=not dry_run), len(names), stderr(), quiet=quiet
    )
    with interruptible("each page is as it was, or patched whole"):
        for page in pages:
            counts.add(page)
            for finding in page.patch.findings:
                parts = (finding.file, finding.code, finding.field, finding.value, finding.detail)
                say(one_line(": ".join(filter(None, parts))))
            if dry_run and page.patch.is_changed:
                write_data(unified_diff(page))
    if not quiet:
        typer.echo(printable_lines(counts.summary(dry_run=dry_run)), err=True)
    if strict and counts.left:
        raise typer.Exit(NOT_SO)


class _Counts:
    """How many pages there were, what became of them, and what was done to which keys."""

    def __init__(self) -> None:
        self.pages = self.patched = self.left = 0
        self.done: dict[str, Counter[str]] = {
            "replaced": Counter(),
            "added": Counter(),
            "removed": Counter(),
        }

    def add(self, page: CheckedPage) -> None:
        patch = page.patch
        self.pages += 1
        self.left += bool(patch.findings)
        self.patched += patch.is_changed
        self.done["replaced"].update(patch.replaced)
        self.done["added"].update(patch.added)
        self.done["removed"].update(patch.removed)

    def summary(self, *, dry_run: bool) -> str:
        rows = [
            ("pages", f"{self.pages:,}"),
            ("to patch" if dry_run else "patched", f"{self.patched:,}"),
            ("right already", f"{self.pages - self.patched - self.left:,}"),
            ("left alone", f"{self.left:,}"),
        ]
        for action, keys in self.done.items():
            if keys:
                shown = ", ".join(f"{key} {count:,}" for key, count in sorted(keys.items()))
                rows.append((action, shown))
        width = max(len(name) for name, _ in rows) + 2
        return "\n".join(f"{name:<{width}}{value}" for name, value in rows)


def unified_diff(page: CheckedPage) -> str:
    """Return the changes of a page in the form that `git apply` and `patch -p1` take."""
    # Lines end with "\n" alone: whatever else stands before it is part of a line.
    before, after = (
        list(io.StringIO(text, newline="\n")) for text in (page.before, page.patch.text)
    )
    lines = difflib.unified_diff(before, after, f"a/{page.name}", f"b/{page.name}")
    return "".join(line if line.endswith("\n") else line + _NO_NEWLINE for line in lines)
