"""Real figures and the shipped shapes as triples, and what a random change of them is.

A mutation is a name and a number: the number decides on the details, so that a list of
mutations shrinks to those that matter. `shacl_spoilt` has those of figures, `shacl_changed`
those of shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from hypothesis import strategies as st

from pfocr_rdf.figures.map.figure import FigureGraph
from pfocr_rdf.rdf.names import settle_label
from pfocr_rdf.rdf.terms import (
    IRI,
    RDF_LANG_STRING,
    XSD,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_GYEAR,
    XSD_INTEGER,
    XSD_STRING,
    Node,
    Term,
    Triple,
)
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA
from pfocr_rdf.shacl.names import RDF_TYPE, SH, SH_CLASS
from pfocr_rdf.shacl.validation import _read_shapes
from tests.support.pathway_pages import real_outcomes
from tests.support.samples import SAMPLES

EX: Final = "http://example.org/"
XSD_BOOLEAN: Final = IRI(XSD + "boolean")
DATATYPES: Final = (
    *(XSD_STRING, XSD_INTEGER, XSD_DECIMAL, XSD_DATE, XSD_GYEAR, XSD_BOOLEAN),
    *(RDF_LANG_STRING, IRI(EX + "datatype")),
)
BOUNDS: Final = (SH.minInclusive, SH.maxInclusive)
_MENTIONS: Final = 8
"""How many mentions of a figure are kept, each of another kind as far as there are kinds."""

Mutation = tuple[str, int]


class Names(NamedTuple):
    """What mutations choose from: what is said somewhere in the shapes or the figure, and it."""

    predicates: tuple[IRI, ...]
    classes: tuple[IRI, ...]
    nodes: tuple[IRI, ...]
    figure: tuple[Triple, ...]


Mutate = Callable[[Random, list[Triple], Names], None]


@lru_cache(maxsize=1)
def figures(root: Path) -> tuple[tuple[Triple, ...], ...]:
    """Return small graphs of real figures: of the seeds and of the best sample that is here."""
    graphs = []
    with TemporaryDirectory() as workspace:
        for folder in (root / "seeds", SAMPLES[-1].pages):
            graphs += [real.graph for real in real_outcomes(folder, Path(workspace))]
    return tuple(tuple(_small(graph)) for graph in graphs)


def _small(graph: FigureGraph) -> list[Triple]:
    """Return a figure with a few mentions, and the entities that they and it refer to."""
    kinds: dict[tuple[object, ...], Node] = {}
    for mention in graph.mentions:
        said = dict(mention.properties)
        kind = [said.get(name) for name in (RDF_TYPE, PFOCR.identifiedBy, PFOCR.unresolvedReason)]
        kinds.setdefault((*kind, said.get(PFOCR.lexicon)), mention)
    mentions = list(dict.fromkeys((*kinds.values(), *graph.mentions)))[:_MENTIONS]
    named = {value for mention in mentions for _, _, value in mention.triples()}
    lists = (
        *(SCHEMA.mentions, PFOCR.mentionsUnambiguously, PFOCR.mentionsBySymbol),
        *(PFOCR.mentionsBySynonym, PFOCR.mentionsByFamily),
    )
    found: list[Triple] = [
        triple
        for node in (graph.figure, *mentions)
        for triple in node.triples()
        if triple[2] in named or triple[1] not in lists
    ]
    entities = {entity.subject: settle_label(entity, {}) for entity in graph.entities}
    for _, _, value in found:  # which grows while it is read: entities refer to entities
        if isinstance(value, str) and (entity := entities.pop(value, None)) is not None:
            found += entity.triples()
    return found


@lru_cache(maxsize=1)
def shipped() -> tuple[Triple, ...]:
    """Return the shipped shapes as one graph."""
    return tuple(dict.fromkeys(_read_shapes(None).triples))


def names_of(data: Sequence[Triple]) -> Names:
    """Return what there is to choose from."""
    shapes = shipped()
    paths = [value for _, name, value in shapes if name == SH.path]
    classes = [value for _, name, value in shapes if name in (SH.targetClass, SH_CLASS)]
    return Names(
        tuple(dict.fromkeys(_iris([*(name for _, name, _ in data), *paths]))),
        tuple(dict.fromkeys(_iris([*classes, *(o for _, p, o in data if p == RDF_TYPE)]))),
        tuple(dict.fromkeys(_iris([subject for subject, _, _ in data]))),
        tuple(data),
    )


def _iris(terms: Iterable[Term]) -> list[IRI]:
    return [term for term in terms if isinstance(term, str)]


def some(mutations: Iterable[str], most: int) -> st.SearchStrategy[list[Mutation]]:
    """Return a strategy for a list of mutations."""
    one = st.tuples(st.sampled_from(sorted(mutations)), st.integers(0, 2**32 - 1))
    return st.lists(one, max_size=most)


def set_value(triples: list[Triple], place: int, value: Term) -> None:
    """Give the triple at a place another object."""
    triples[place] = (*triples[place][:2], value)
