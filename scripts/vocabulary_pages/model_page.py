"""docs/model.md: its tables, made of the shapes, the ontology and the mapping.

Run `python -m scripts.vocabulary_pages` after a change of one of them; a test holds the page
and the diagram against it. The words between the tables are ours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pfocr_rdf.figures.map.figure import LEXICONS
from pfocr_rdf.web.vocabulary.tables import KindTable, Model, SchemeTable

_PART = re.compile(r"<!-- generated: (\S+) -->\n.*?<!-- end: \1 -->", re.DOTALL)


def filled(page: str, model: Model) -> str:
    """Return the page with each of its generated parts made anew.

    Args:
        page: Markdown, with `<!-- generated: NAME -->` and `<!-- end: NAME -->` around each
            part; NAME is a kind of node or a concept scheme.
        model: What the tables say.

    Raises:
        ValueError: A part is of nothing there is, or something has no part.
    """
    parts = {kind.name: _kind(kind) for kind in model.kinds()}
    parts |= {scheme.curie: _scheme(scheme) for scheme in model.schemes()}
    found = _PART.findall(page)
    if sorted(found) != sorted(parts):
        raise ValueError(f"parts: expected {sorted(parts)}, found {sorted(found)}")
    return _PART.sub(
        lambda match: (
            f"<!-- generated: {match[1]} -->\n\n{parts[match[1]]}\n<!-- end: {match[1]} -->"
        ),
        page,
    )


def _kind(kind: KindTable) -> str:
    closed = " Closed: no other properties." if kind.closed else ""
    rows = [(f"`{row.curie}`", row.value, row.times, row.source) for row in kind.rows]
    return f"{kind.told_by}.{closed}\n\n" + _table(("property", "value", "times", "from"), rows)


def _scheme(scheme: SchemeTable) -> str:
    """Return a scheme's concepts; of lexicons also the tier that the mapping gives them."""
    tiers = {f"`{model_curie}`": tier for model_curie, tier in _tiers(scheme)}
    headers = ["concept", "notation", "what it says"] + ["tier"] * bool(tiers)
    rows = []
    for row in scheme.rows:
        notation = f"`{row.notation}`" if row.notation else ""
        cells = [f"`{row.curie}`", notation, row.definition]
        if tiers:
            cells.append(tiers[cells[0]])
        rows.append(tuple(cells))
    return f"Of class `{scheme.of_class}`.\n\n" + _table(headers, rows)


def _tiers(scheme: SchemeTable) -> list[tuple[str, str]]:
    locals_of = {str(iri).partition("#")[2]: tier for iri, tier in LEXICONS.values()}
    found = []
    for row in scheme.rows:
        local = row.curie.partition(":")[2]
        if local in locals_of:
            tier = locals_of[local]
            found.append((row.curie, f"`pfocr:{tier.partition('#')[2]}`" if tier else "none"))
    return found


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines
    )
