"""The mentions of a figure as a table for spreadsheets and programs, a row a mention."""

from __future__ import annotations

from typing import Final

from pfocr_rdf.query.index import Concept
from pfocr_rdf.rdf import IRI, Prefixes
from pfocr_rdf.text import not_computed, one_line
from pfocr_rdf.web.pages.views import FigureView, MentionView

COLUMNS: Final = (
    "figid", "kind", "word", "matched", "stated", "id", "label", "tier", "lexicon", "identified_by",
    "unresolved_because", "candidates", "occurrences", "readings", "also_read_as", "doubts",
)  # fmt: skip
"""`id` is a CURIE where the release has a prefix for it, else an IRI."""


def mentions_tsv(view: FigureView, prefixes: Prefixes) -> bytes:
    """Return the mentions of a figure as TSV; no cell of it is computed by a spreadsheet.

    Args:
        view: Of the figure.
        prefixes: Of the IRI style of the release.
    """
    rows = [COLUMNS, *(_cells(view.figid, each, prefixes) for each in view.mentions)]
    lines = ("\t".join(not_computed(one_line(cell)) for cell in row) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _cells(figid: str, mention: MentionView, prefixes: Prefixes) -> tuple[str, ...]:
    entity = mention.entity
    return (
        figid,
        mention.kind,
        mention.word,
        mention.matched,
        mention.stated,
        _id(entity.iri, prefixes) if entity else "",
        entity.label if entity else "",
        _label(mention.tier).removeprefix("matched by "),
        _label(mention.lexicon),
        _label(mention.method),
        _label(mention.reason),
        "|".join(f"{_id(ref.iri, prefixes)} {ref.label}" for ref in mention.candidates),
        str(mention.occurrences),
        str(mention.readings),
        "|".join(mention.other_kinds),
        "; ".join(mention.doubts),
    )


def _id(iri: str, prefixes: Prefixes) -> str:
    return prefixes.curie(IRI(iri)) or iri


def _label(concept: Concept | None) -> str:
    return concept.label if concept else ""
