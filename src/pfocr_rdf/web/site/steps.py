"""The steps in which a site is made."""

from __future__ import annotations

from enum import StrEnum


class SiteStep(StrEnum):
    """What is being done, in this order."""

    READ = "reading the release"
    FIGURES = "pages of figures"
    ENTITIES = "pages of genes, papers and the rest"
    LISTS = "lists"
    WHOLE = "files of the whole site"
