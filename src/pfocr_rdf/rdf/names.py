"""What a thing is called: by its name, else by the word that figures use for it, else by its id.

Rows give many MeSH chemicals and diseases no name. Each figure that mentions one says the words
that it uses; over all figures the word of the most is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

from pfocr_rdf.rdf.nodes import replaced
from pfocr_rdf.rdf.terms import Literal, Node
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA


def shown_name(name: str, label: str, otherwise: str) -> str:
    """Return what people are shown for a thing.

    Args:
        name: Its `schema:name`, "" without.
        label: Its `pfocr:labelFromFigures`, "" without; in quotes, as nobody has named it so.
        otherwise: An identifier.

    Example:
        >>> shown_name("", "PGE2", "D015232"), shown_name("", "", "D015232")
        ('“PGE2”', 'D015232')
    """
    return name or (f"“{label}”" if label else otherwise)


def word_of_most(figures: Mapping[str, int]) -> str:
    """Return the word that most figures use; of equal ones the first by code point.

    Args:
        figures: How many figures use each word; at least one.

    Example:
        >>> word_of_most({"pain": 2, "Pain": 2, "ache": 1})
        'Pain'
    """
    return min(figures, key=lambda word: (-figures[word], word))


def settle_label(node: Node, figures: Mapping[str, int]) -> Node:
    """Return an entity with one label of figures at most, and none where it has a name.

    Args:
        node: With all words that figures use for it as `pfocr:labelFromFigures`.
        figures: How many figures use each word. Of equal ones the first by code point is taken.
    """
    said = dict(node.properties)
    words = said.get(PFOCR.labelFromFigures)
    if words is None:
        return node
    if SCHEMA.name in said:
        return replaced(node, PFOCR.labelFromFigures, ())
    texts = [word.lexical for word in words if isinstance(word, Literal)]
    label = word_of_most({text: figures.get(text, 0) for text in texts})
    return replaced(node, PFOCR.labelFromFigures, (Literal(label),))
