"""All shapes of a shapes graph as they are declared: what is found out about them starts here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pfocr_rdf.rdf import Subject
from pfocr_rdf.shacl.declaration import Declaration
from pfocr_rdf.shacl.paths import Path


class DeclaredShapes(NamedTuple):
    """The shapes of a shapes graph, by their names.

    Attributes:
        declarations: The shapes; none of them refers to itself.
        paths: The path of each; None for a node shape.
        siblings: The shapes that a disjoint qualified shape asks besides its own.
    """

    declarations: Mapping[Subject, Declaration]
    paths: Mapping[Subject, Path | None]
    siblings: Mapping[Subject, Sequence[Subject]]
