"""BioThings: one JSON document a figure, in the shape of PFOCR's own API, a file each tier.

Ids stand bare, as there: `8600`, `63620`, `D002118`, `162`. The image is at Europe PMC, because
the addresses at NCBI that PFOCR's documents give have stopped working.

Source: the documents of https://biothings.ncats.io/pfocr (fields `title`, `pfocrUrl`,
`figureUrl`, `pmc`, `mentions` of `associatedWith`)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import TIERS, AlignedEntity, FigureFacts, numbers
from pfocr_rdf.exporting.forms.lines import NDJSON, LineFile
from pfocr_rdf.rdf import SCHEMA, IriStyle, pmcid_of

FILES: Final = tuple(LineFile(f"pfocr-biothings-{tier}.ndjson", NDJSON) for tier in TIERS)
GENE: Final = "NCBIGene:"
Document = dict[str, Any]


class BioThingsMaker:
    """Makes the documents.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._curie = Curies(style).of

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, ...]:
        """Return the documents of figures, for each tier."""
        lines: tuple[list[bytes], ...] = tuple([] for _ in TIERS)
        for figure in figures:
            document, genes = self.document(figure)
            for rank, kept in enumerate(lines):
                kept.append(with_genes(document, genes, rank))
        return tuple(b"".join(kept) for kept in lines)

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, ...]:
        """Return nothing: documents are of figures."""
        del entities
        return (b"",) * len(TIERS)

    def document(self, figure: FigureFacts) -> tuple[Document, dict[str, int]]:
        """Return a figure's document without genes, and those of NCBI Gene with their ranks."""
        curie = self._curie
        genes = {curie(gene): rank for gene, rank in figure.entities("gene").items()}
        chemicals = [curie(each) for each in figure.entities("chemical")]
        diseases = [curie(each) for each in figure.entities("disease")]
        image = figure.said.first(SCHEMA.contentUrl)
        associated: dict[str, object] = {"title": figure.title, "pfocrUrl": figure.iri}
        if image:
            associated["figureUrl"] = image
        # The paper's own PMCID; the figid's is another one where the two disagree.
        associated["pmc"] = figure.paper.rpartition("/")[2] or pmcid_of(figure.figid)
        associated["mentions"] = {
            "chemicals": {
                "mesh": numbers(chemicals, "MESH:"),
                "chebi": numbers(chemicals, "CHEBI:"),
            },
            "diseases": {
                "mesh": numbers(diseases, "MESH:"),
                "doid": numbers(diseases, "DOID:"),
            },
            "genes": {"ncbigene": []},
        }
        of_ncbi = {id_: genes[f"{GENE}{id_}"] for id_ in numbers(genes, GENE)}
        return {"_id": figure.figid, "associatedWith": associated}, of_ncbi


def with_genes(document: Document, genes: Mapping[str, int], rank: int) -> bytes:
    """Return a document as a line, with the genes whose rank is the given one or stricter."""
    within = [gene for gene, of_gene in genes.items() if of_gene <= rank]
    document["associatedWith"]["mentions"]["genes"]["ncbigene"] = within
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
