"""`python -m pfocr_rdf.vocabulary_pages`: write anew what is made of shapes and ontology.

That is the tables of docs/model.md and the graph of `ontology/model.dot`, in a checkout.
"""

from __future__ import annotations

from pathlib import Path

from pfocr_rdf.vocabulary_pages import filled, shipped_model
from pfocr_rdf.vocabulary_pages.diagram import as_dot

if __name__ == "__main__":
    page, model = Path("docs/model.md"), shipped_model()
    page.write_text(filled(page.read_text(encoding="utf-8"), model), encoding="utf-8")
    Path("ontology/model.dot").write_text(as_dot(model.kinds()), encoding="utf-8")
