"""The tools find and describe: they follow the index, and block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pfocr_rdf.query.index import How, Index, Meaning, Ref, Search, surest
from pfocr_rdf.rdf import IRI, PAGED, Kind, figure_iri, is_pmcid, paper_iri
from pfocr_rdf.web.pages import entity_view, figure_view, figures_around, paper_view
from pfocr_rdf.web.server.mcp.answers import JsonObject, ToolError, fitted, fitted_part
from pfocr_rdf.web.server.mcp.definitions import FEW
from pfocr_rdf.web.server.mcp.told import Teller
from pfocr_rdf.web.server.resources import Resources


class Finder:
    """Finds and describes what a release has.

    Args:
        index: Of the release.
        search: Of it.
        resources: Of it.
        tell: Of it.
    """

    def __init__(self, index: Index, search: Search, resources: Resources, tell: Teller) -> None:
        self._index = index
        self._search = search
        self._resources = resources
        self._tell = tell

    def find(self, given: Mapping[str, Any]) -> JsonObject:
        """Return what a text may mean, and what has its words."""
        text, kind = given["text"], Kind(given["kind"]) if given.get("kind") else None
        most = given["limit"]
        meant = self._search.meanings(text, kind)[:most]
        page = (
            self._search.find(text, most, given["offset"], kind)
            if kind
            else self._search.overview(text, meant)
        )
        hits = [
            {
                **self._tell.ref(Ref(each.kind, each.iri, each.title)),
                "figures": each.figures,
                "why": "its name" if not each.snippet else "these words of it",
                **({"quoted": "".join(piece for piece, _ in each.snippet)} if each.snippet else {}),
            }
            for each in page.hits[:most]
        ]
        guesses = [] if meant or hits else self._search.near(text, kind, FEW)
        return fitted(
            {
                "text": text,
                "meant": [self._tell.meaning(each) for each in meant],
                "having_the_words": hits,
                "totals": {str(name): count for name, count in page.totals.items()},
                "did_you_mean": [self._tell.meaning(each) for each in guesses],
            },
            ("having_the_words", "meant"),
        )

    def describe(self, given: Mapping[str, Any]) -> JsonObject:
        """Return all that is told of one thing.

        Raises:
            ToolError: It is not there, or a name means several things.
        """
        wanted = Kind(given["kind"]) if given.get("kind") else None
        kind, iri = self._meant(given["id"].strip(), wanted)
        offset, limit = given["offset"], given["limit"]
        match kind:
            case Kind.FIGURE:
                number = self._index.figure_number(iri)
                assert number is not None, "it was found there"
                nodes = self._resources.figure(IRI(iri))
                view = figure_view(self._index, nodes, figures_around(self._index, number))
                return _part(
                    self._tell.figure(view), "mentions", offset, limit,
                    ("figures_with_most_genes_in_common", "other_figures_of_paper"),
                )  # fmt: skip
            case Kind.PAPER:
                paper = paper_view(self._index, iri)
                assert paper is not None, "it was found there"
                return _part(self._tell.paper(paper), "figures", offset, limit)
            case _:
                entity, number = entity_view(self._index, kind, iri), self._number(kind, iri)
                assert entity is not None
                assert number is not None, "it was found there"
                shown = self._index.shown_in(number)
                told = self._tell.entity(entity, shown, offset, limit)
                return fitted_part(told, "figures", offset, told["figures_total"])

    def _number(self, kind: Kind, iri: str) -> int | None:
        if kind is Kind.FIGURE:
            return self._index.figure_number(iri)
        return self._index.entity_number(iri, kind)

    def _meant(self, text: str, wanted: Kind | None) -> tuple[Kind, str]:
        """Return what an IRI, id or name means.

        Raises:
            ToolError: It means nothing here, or several things.
        """
        iri = text.strip("<>")
        guesses = [iri, paper_iri(text) if is_pmcid(text) else "", figure_iri(text)]
        for kind in (wanted,) if wanted else PAGED:
            for guess in guesses:
                if guess and self._number(kind, guess) is not None:
                    return kind, guess
        found = self._search.meanings(text, wanted)
        just = [each for each in found if each.how is How.JUST]
        sure = surest(just) if just else []
        if len(sure) == 1:
            return sure[0].kind, sure[0].iri
        if sure:
            raise ToolError(
                "ambiguous",
                f"{text[:200]} may mean {_listed(sure)}.",
                "Call describe with the IRI of the one that is meant.",
            )
        near = found[:FEW] or self._search.near(text, wanted, FEW)
        raise ToolError(
            "not-found",
            f"This release has no {wanted.value if wanted else 'page'} for {text[:200]!r}.",
            f"Did you mean {_listed(near)}?" if near else "Look for it with find.",
        )


def _part(
    told: JsonObject, name: str, offset: int, limit: int, others: Sequence[str] = ()
) -> JsonObject:
    """Return an answer with a part of one of its lists."""
    whole = told[name]
    return fitted_part(
        told | {name: whole[offset : offset + limit]}, name, offset, len(whole), others
    )


def _listed(meanings: Sequence[Meaning]) -> str:
    some = (
        f"{each.label} ({each.organism or each.about or each.kind.value}) <{each.iri}>"
        for each in meanings[:FEW]
    )
    return ", ".join(some)
