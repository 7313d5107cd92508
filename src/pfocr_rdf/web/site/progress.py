"""How far the making of a site is."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class SiteStep(StrEnum):
    """What is being done, in this order."""

    READ = "reading the release"
    FIGURES = "pages of figures"
    ENTITIES = "pages of genes, papers and the rest"
    WHOLE = "files of the whole site"


class SiteProgress(NamedTuple):
    """How far a step is: figures or entities done, and how many there are (0: not known)."""

    step: SiteStep
    done: int
    total: int


OnProgress = Callable[[SiteProgress], None]


def unseen(_: SiteProgress) -> None:
    """Show nothing."""
