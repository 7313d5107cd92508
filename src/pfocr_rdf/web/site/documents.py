"""The RDF beside a page: the block that stands for it in the dump, as a document of its own.

Its bytes do not depend on the format that the release is read in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pfocr_rdf.rdf import (
    FIGURES_GRAPH,
    FigureNodes,
    Format,
    FormatName,
    Node,
    Prefixes,
    make_format,
)

_AS_DUMPED: Final = ".jsonld"
"""In this form the text in the dump is just what the writer makes of its nodes."""


class Documents:
    """Writes documents of the forms that a site has.

    Args:
        prefixes: Of the release's IRI style.
        form: Suffix of the dump that the release is read from.
    """

    def __init__(self, prefixes: Prefixes, form: str) -> None:
        names = (FormatName.TURTLE, FormatName.JSONLD)
        self._formats = [make_format(name, prefixes, FIGURES_GRAPH) for name in names]
        self._around = {each.suffix: (each.header(), each.footer()) for each in self._formats}
        self._form = form

    def figure(self, figure: FigureNodes, content: bytes) -> dict[str, bytes]:
        """Return a figure with its mentions, by suffix; `content` is its text in the dump."""
        return self._documents(lambda writer: writer.figure(figure), content)

    def entity(self, node: Node, content: bytes) -> dict[str, bytes]:
        """Return an entity, by suffix; `content` is its text in the dump."""
        return self._documents(lambda writer: writer.nodes((node,)), content)

    def _documents(self, write: Callable[[Format], bytes], content: bytes) -> dict[str, bytes]:
        made = {}
        for writer in self._formats:
            header, footer = self._around[writer.suffix]
            as_dumped = writer.suffix == self._form == _AS_DUMPED
            made[writer.suffix] = header + (content if as_dumped else write(writer)) + footer
        return made
