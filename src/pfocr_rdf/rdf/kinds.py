"""The kinds of things in a release: what each is called, its class, and that of its mentions.

The only place that says which class a gene, a chemical or a disease is of. The IRIs of each
kind are made in `iris`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Self

from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA


class Kind(StrEnum):
    """What something is; the value is its noun.

    Attributes:
        of_class: The class of its nodes.
        plural: The noun of many, also the folder of its pages.
        mention_class: The class of what mentions it in a figure, "" when nothing does.
    """

    of_class: IRI
    plural: str
    mention_class: IRI

    FIGURE = "figure", PFOCR.PathwayFigure, "figures"
    GENE = "gene", SCHEMA.Gene, "genes", PFOCR.GeneMention
    CHEMICAL = "chemical", SCHEMA.ChemicalSubstance, "chemicals", PFOCR.ChemicalMention
    DISEASE = "disease", SCHEMA.MedicalCondition, "diseases", PFOCR.DiseaseMention
    ORGANISM = "organism", SCHEMA.Taxon, "organisms"
    PAPER = "paper", SCHEMA.ScholarlyArticle, "papers"
    JOURNAL = "journal", SCHEMA.Periodical, "journals"
    ORGANIZATION = "organization", SCHEMA.Organization, "organizations"
    PERSON = "person", SCHEMA.Person, "persons"
    TERM = "term", SCHEMA.DefinedTerm, "terms", PFOCR.TermMention
    TERM_SET = "term set", SCHEMA.DefinedTermSet, "term sets"
    LEXICON = "lexicon", PFOCR.Lexicon, "lexicons"

    # All but the noun have a default for those who look a kind up by its noun alone.
    def __new__(
        cls,
        noun: str,
        of_class: IRI = IRI(""),
        plural: str = "",
        mention_class: IRI = IRI(""),
    ) -> Self:
        """Return a member, of a row of the table above."""
        self = str.__new__(cls, noun)
        self._value_ = noun
        self.of_class = of_class
        self.plural = plural
        self.mention_class = mention_class
        return self


PAGED: Final = (
    Kind.FIGURE, Kind.GENE, Kind.CHEMICAL, Kind.DISEASE, Kind.ORGANISM, Kind.PAPER
)  # fmt: skip
"""What has pages of its own, and is found by a search."""
MENTIONED: Final = tuple(kind for kind in Kind if kind.mention_class)
"""What a mention is of; of a term that nothing identifies, too."""

IDENTIFIED: Final = (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE, Kind.ORGANISM)
"""What other databases have ids of, by which it is named in several ways."""

KIND_OF_CLASS: Final = {kind.of_class: kind for kind in Kind}
KIND_OF_MENTION: Final = {kind.mention_class: kind for kind in MENTIONED}


def kind_of(classes: Iterable[str]) -> Kind | None:
    """Return what a node of some classes is, None for what only describes the data set."""
    return next((kind for each in classes if (kind := KIND_OF_CLASS.get(IRI(each)))), None)
