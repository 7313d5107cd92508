"""What an assistant may read before it asks: the model, its traps, the numbers, the questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from pfocr_rdf.rdf import Iris, Prefixes
from pfocr_rdf.shipped import gotchas_file
from pfocr_rdf.web.server.mcp.answers import to_text
from pfocr_rdf.web.server.mcp.tools import Tools
from pfocr_rdf.web.vocabulary import shipped_model

SCHEME: Final = "pfocr://"
_MARKDOWN: Final = "text/markdown"
_JSON: Final = "application/json"
_STARTS: Final = ("Figure", "Mention")  # all else of the graph is reached from them


class Document(NamedTuple):
    """A resource: its address below `SCHEME`, what it is, its media type."""

    name: str
    description: str
    media_type: str

    @property
    def uri(self) -> str:
        """Its address."""
        return SCHEME + self.name


DOCUMENTS: Final = (
    Document("model", "Classes, properties and concepts of the graph, for SPARQL.", _MARKDOWN),
    Document("gotchas", "What surprises people who write queries, with examples.", _MARKDOWN),
    Document("statistics", "Which release this is, and its numbers.", _JSON),
    Document("questions", "All questions of ask, with titles and parameters.", _JSON),
)


async def read_document(tools: Tools, uri: str) -> str | None:
    """Return the text of a resource, None where there is none of that address."""
    if uri == SCHEME + "statistics":
        return to_text(await tools.call("release", {}))
    if uri == SCHEME + "questions":
        return to_text(await tools.call("questions", {}))
    makers: Mapping[str, Callable[[], str]] = {
        SCHEME + "model": lambda: model_text(Prefixes(Iris(tools.release.iri_style))),
        SCHEME + "gotchas": lambda: gotchas_file().read_text(encoding="utf-8"),
    }
    return await tools.in_turn(makers[uri]) if uri in makers else None


def model_text(prefixes: Prefixes) -> str:
    """Return the kinds of nodes with their properties, and the concepts, in Markdown.

    Args:
        prefixes: Of the release.
    """
    return "\n".join(_model_lines(prefixes)) + "\n"


def _model_lines(prefixes: Prefixes) -> Iterator[str]:
    model = shipped_model()
    tables = {each.name: each for each in model.kinds()}
    yield "# The graph"
    yield ""
    yield "A property, how often it stands on a node, what its values are, what it is made from."
    waiting, seen = list(_STARTS), set(_STARTS)
    while waiting:
        table = tables.get(waiting.pop(0))
        if table is None:
            continue
        yield ""
        yield f"## {table.name}"
        yield f"{table.told_by}."
        for row in table.rows:
            yield f"- `{row.curie}` {row.times}: {row.value}; {row.source}"
            fresh = [kind for kind in dict.fromkeys(row.kinds) if kind not in seen]
            waiting += fresh
            seen.update(fresh)
    for scheme in model.schemes():
        yield ""
        yield f"## {scheme.curie}, of class {scheme.of_class}"
        for concept in scheme.rows:
            yield f"- `{concept.curie}` {concept.label}"
    yield ""
    yield "## Prefixes"
    yield ""
    for name, namespace in prefixes.namespaces.items():
        yield f"- `{name}:` <{namespace}>"
