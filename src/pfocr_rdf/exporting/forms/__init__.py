"""Other forms of a release, made from its finished dump: all that are asked for in one pass.

A figure whose page has not changed is copied, never parsed, so the dump is the one thing that
all figures have passed through. Forms are made from it inside the same run, and are therefore
the same bytes however a figure came into the dump.
"""

from __future__ import annotations

from pfocr_rdf.exporting.forms.crate import CRATE, CrateFacts, write_crate
from pfocr_rdf.exporting.forms.one_pass import make_forms

__all__ = ["CRATE", "CrateFacts", "make_forms", "write_crate"]
