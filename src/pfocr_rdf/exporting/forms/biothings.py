"""BioThings: one JSON document a figure, in the shape of PFOCR's own API, a file each tier.

Ids stand bare, as there: `8600`, `63620`, `D002118`, `162`. The image is at Europe PMC, because
the addresses at NCBI that PFOCR's documents give have stopped working.

Source: the documents of https://biothings.ncats.io/pfocr (fields `title`, `pfocrUrl`,
`figureUrl`, `pmc`, `mentions` of `associatedWith`)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import orjson

from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import TIERS, AlignedEntity, FigureFacts, numbers
from pfocr_rdf.exporting.forms.lines import NDJSON, LineFile
from pfocr_rdf.rdf import SCHEMA, IriStyle, pmcid_of

FILES: Final = tuple(LineFile(f"pfocr-biothings-{tier}.ndjson", NDJSON) for tier in TIERS)


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
            for kept, document in zip(lines, self._documents(figure), strict=True):
                kept.append(document)
        return tuple(b"".join(kept) for kept in lines)

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, ...]:
        """Return nothing: documents are of figures."""
        del entities
        return (b"",) * len(TIERS)

    def _documents(self, figure: FigureFacts) -> list[bytes]:
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
        documents = []
        for rank, _ in enumerate(TIERS):
            within = [gene for gene, of_gene in genes.items() if of_gene <= rank]
            associated["mentions"] = {
                "chemicals": {
                    "mesh": numbers(chemicals, "MESH:"),
                    "chebi": numbers(chemicals, "CHEBI:"),
                },
                "diseases": {
                    "mesh": numbers(diseases, "MESH:"),
                    "doid": numbers(diseases, "DOID:"),
                },
                "genes": {"ncbigene": numbers(within, "NCBIGene:")},
            }
            document = {"_id": figure.figid, "associatedWith": associated}
            documents.append(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
        return documents
