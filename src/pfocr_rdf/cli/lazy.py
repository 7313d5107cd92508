"""Verbs whose modules are imported when somebody asks for them.

A store, a server or web pages take a second to import, which `export` should not wait for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Command, Context

VERBS: Final = {
    "query": "pfocr_rdf.cli.commands.query",
    "queries": "pfocr_rdf.cli.commands.queries",
    "serve": "pfocr_rdf.cli.commands.serve",
    "load": "pfocr_rdf.cli.commands.load",
    "site": "pfocr_rdf.cli.commands.site",
    "diff": "pfocr_rdf.cli.commands.diff",
    "stats": "pfocr_rdf.cli.commands.stats",
    "patch-frontmatter": "pfocr_rdf.cli.commands.patch_frontmatter",
    "fair": "pfocr_rdf.cli.commands.fair",
}
"""The verb, and the module that has a function of this name."""


class LateGroup(TyperGroup):
    """The verbs that Typer was told of, and those of `VERBS`."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of all verbs, in the order of `--help`."""
        early = super().list_commands(ctx)
        return [*(name for name in early if name != "genes"), *VERBS, "genes"]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return a verb, imported now if it is one of `VERBS`."""
        module = VERBS.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        alone = typer.Typer(
            add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich"
        )
        alone.command(cmd_name)(getattr(import_module(module), cmd_name.replace("-", "_")))
        return typer.main.get_command(alone)
