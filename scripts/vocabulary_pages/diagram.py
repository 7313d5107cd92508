"""The kinds of nodes and what leads from one to another, as a Graphviz graph.

`ontology/model.svg` is drawn of it, by `scripts/draw-model`.

Source: https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

from collections.abc import Iterable

from pfocr_rdf.web.vocabulary.tables import KindTable

_HEADER = """\
digraph model {
  rankdir=LR; nodesep=0.25; ranksep=1.0; bgcolor="#fcfbf8";
  node [shape=box, style="rounded,filled", fillcolor="#eef4f6", color="#1b6b7d",
        fontname="sans-serif", fontsize=12, margin="0.15,0.08"];
  edge [color="#5d6b78", fontname="sans-serif", fontsize=10, arrowsize=0.7];
"""

_DRAWN = ("schema:", "pfocr:", "skos:")
"""Prefixes of what figures, mentions and entities say."""


def as_dot(kinds: Iterable[KindTable]) -> str:
    """Return the graph in Graphviz's language: a box a kind, an arrow a property between two.

    The description of the dataset is left out: it stands beside the graph that queries walk.
    """
    lines = [_HEADER]
    for kind in kinds:
        if not any(row.curie.startswith(_DRAWN) for row in kind.rows):
            continue
        classes = "\\n".join(kind.classes)
        lines.append(f'  {kind.name} [label="{kind.name}\\n{classes}"];\n')
        arrows: dict[str, list[str]] = {}
        for row in kind.rows:
            for other in row.kinds:
                arrows.setdefault(other, []).append(f"{row.curie} {row.times}")
        for other, labels in arrows.items():
            shown = "\\n".join(dict.fromkeys(labels))
            lines.append(f'  {kind.name} -> {other} [label="{shown}"];\n')
    lines.append("}\n")
    return "".join(lines)
