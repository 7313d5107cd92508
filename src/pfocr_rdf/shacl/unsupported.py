"""The refusal of shapes that are well-formed but more than the fast engine can run."""

from __future__ import annotations

from pfocr_rdf.errors import ShapesError


class UnsupportedShapesError(ShapesError):
    """Shapes beyond SHACL Core, or of undefined meaning; `--engine pyshacl` may run them."""
