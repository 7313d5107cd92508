"""Verbs whose modules are imported when somebody asks for them.

To be told which verbs there are costs no store, server or RDF library; nor does it cost one verb
what another needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter
    from typer._click.shell_completion import CompletionItem

VERBS: Final = {
    "export": "Export figures as a validated RDF graph.",
    "validate": "Validate RDF files against SHACL shapes.",
    "show": "Show one figure: its mentions and how they were identified, or its graph.",
    "query": "Ask an export a question, by name or in SPARQL.",
    "queries": "List the shipped questions, or show one with its parameters and SPARQL.",
    "enrich": "Find the figures that show more of your genes than chance would.",
    "serve": "Serve an export: SPARQL, linked data and web pages.",
    "mcp": "Let an assistant ask an export: a server of the Model Context Protocol over stdio.",
    "load": "Load a release into a triple store, and prove that it is there.",
    "site": "Make a static site of an export: a page for every figure, gene and paper.",
    "diff": "Compare two exports: figures, facts, links of genes, symbols, counts.",
    "stats": "Report the coverage of an export: what is linked, by what, and why the rest is not.",
    "patch-frontmatter": (
        "Correct the schema.org JSON-LD of a PFOCR checkout's pages, and nothing else."
    ),
    "fair": "Check an export or a site against the FAIR metrics of F-UJI, as far as offline goes.",
    "genes": "The HGNC table that genes are linked with.",
    "genes update": "Download the HGNC table into the cache, if it has changed.",
    "genes status": "Say which HGNC table an export would use.",
    "genes lookup": "Show what a symbol or id resolves to, and all candidates.",
}
"""The verbs in the order of `--help`, with the first line of what their function says of itself.

`genes update` is the function `update` of the module `commands.genes`, `patch-frontmatter` is
`patch_frontmatter` of `commands.patch_frontmatter`. Of what has verbs of its own, the line is all.
"""

_MARKUP: Final = "rich"


class LateGroup(TyperGroup):
    """All verbs, or those behind one: listed from `VERBS`, imported one by one when they run.

    Args:
        verb: The one they stand behind, "" for all.
        settings: As any group has them.
    """

    def __init__(self, verb: str = "", **settings: Any) -> None:
        super().__init__(**settings)
        self._verb = verb
        self.commands = {
            name: TyperCommand(name, help=summary, rich_markup_mode=_MARKUP)
            for name, summary in _verbs_behind(verb).items()
        }

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002
        """Return a verb, imported now."""
        if cmd_name not in self.commands:
            return None
        if _verbs_behind(cmd_name):
            return LateGroup(
                cmd_name,
                name=cmd_name,
                help=VERBS[cmd_name],
                no_args_is_help=True,
                rich_markup_mode=_MARKUP,
            )
        return _load(self._verb or cmd_name, cmd_name)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help, with the verbs by their summaries alone."""
        self._listed().format_help(ctx, formatter)

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Return what a word may become, likewise."""
        ctx.command = self._listed()
        return ctx.command.shell_complete(ctx, incomplete)

    def _listed(self) -> TyperGroup:
        """Return the same group with commands that have a name and a summary, and no more."""
        return TyperGroup(
            name=self.name,
            commands=dict(self.commands),
            help=self.help,
            params=self.params,
            rich_markup_mode=self.rich_markup_mode,
        )


def _verbs_behind(verb: str) -> dict[str, str]:
    """Return names and summaries of the verbs that stand behind another, or behind none ("")."""
    parted = ((name.rpartition(" "), summary) for name, summary in VERBS.items())
    return {name: summary for (behind, _, name), summary in parted if behind == verb}


def _load(module: str, verb: str) -> Command:
    """Import a module of `commands` and return the command of one of its functions."""
    imported = import_module(f"pfocr_rdf.cli.commands.{module.replace('-', '_')}")
    alone = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=_MARKUP
    )
    alone.command(verb)(getattr(imported, verb.replace("-", "_")))
    return typer.main.get_command(alone)
