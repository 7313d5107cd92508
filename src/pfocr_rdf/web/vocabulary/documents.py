"""The documentation of the vocabulary and the shapes as files of a site.

`vocabulary/` has the page that pyLODE has made of the ontology (`scripts/draw-model`), and the
ontology itself; `shapes/` has a page of all shapes in the look of the site, and their files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from markupsafe import Markup, escape

from pfocr_rdf.shipped import (
    bioschemas_shapes,
    context_file,
    drawing_file,
    ontology_file,
    shipped_shapes,
    vocabulary_page,
)
from pfocr_rdf.web.vocabulary.tables import KindTable, Model, SchemeTable

VOCABULARY = "vocabulary"
SHAPES = "shapes"
BIOSCHEMAS = f"{SHAPES}/bioschemas"
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class ShapesView:
    """What the page of the shapes shows.

    Attributes:
        kinds: The kinds of nodes with their properties.
        schemes: The concepts.
        files: Names of the files of shapes, beside the page.
    """

    kinds: tuple[KindTable, ...]
    schemes: tuple[SchemeTable, ...]
    files: tuple[str, ...]

    @staticmethod
    def code(text: str) -> Markup:
        """Return text as HTML, with what stands between backticks as code."""
        return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704


def shapes_view(model: Model) -> ShapesView:
    """Return what the page of the shapes shows."""
    return ShapesView(model.kinds(), model.schemes(), tuple(_shapes_files()))


def data_files() -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of all but the page of the shapes."""
    ontology = ontology_file()
    yield f"{VOCABULARY}/index.html", vocabulary_page().read_bytes()
    yield f"{VOCABULARY}/pfocr.ttl", ontology.read_bytes()
    triples = pyoxigraph.parse(path=ontology, format=pyoxigraph.RdfFormat.TURTLE)
    content = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.JSON_LD)
    assert content is not None, "serialize returns bytes unless it is given a file"
    yield f"{VOCABULARY}/pfocr.jsonld", content
    yield f"{VOCABULARY}/context.jsonld", context_file().read_bytes()
    yield f"{VOCABULARY}/model.svg", drawing_file().read_bytes()
    for name, path in _shapes_files().items():
        yield f"{SHAPES}/{name}", path.read_bytes()


def _shapes_files() -> dict[str, Path]:
    """Return all files of shapes by their names on the site."""
    of_pages = {f"bioschemas/{path.name}": path for path in bioschemas_shapes()}
    return {path.name: path for path in shipped_shapes()} | of_pages
