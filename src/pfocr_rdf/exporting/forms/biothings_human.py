"""The human subset of the BioThings documents: those of figures with human genes, and only these.

PFOCR's own documents are such a subset. Which organism a gene is of stands with the gene, at the
end of the dump, so the documents wait in a file until it has been read.

Source: https://github.com/biothings/biothings_explorer/issues/510, where PFOCR announces its three
files as "subsetting for human relevancy"
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Self

import orjson

from pfocr_rdf.exporting.forms.biothings import GENE, BioThingsMaker, with_genes
from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import TIERS, AlignedEntity, FigureFacts
from pfocr_rdf.exporting.forms.lines import NDJSON
from pfocr_rdf.figures import HUMAN
from pfocr_rdf.rdf import SCHEMA, IriStyle, Kind, NodeView, classes_of, kind_of
from pfocr_rdf.release import Compression, DumpFile, WrittenFile

_HUMAN: Final = f"NCBITaxon:{HUMAN}"


class HumanMaker:
    """Makes what the writer joins: documents without genes, the figures' genes, human genes.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._curie = Curies(style).of
        self._documents = BioThingsMaker(style)

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, ...]:
        """Return [document, {gene: rank}] of each figure that has genes, a line each."""
        rows = (self._documents.document(figure) for figure in figures)
        lines = [orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows if row[1]]
        return b"".join(lines), b""

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, ...]:
        """Return the ids of human genes, a line each."""
        lines = []
        for entity, *_ in entities:
            curie = self._curie(entity.subject)
            if curie.startswith(GENE) and kind_of(classes_of(entity)) is Kind.GENE:
                organisms = NodeView(entity).all(SCHEMA.taxonomicRange)
                if _HUMAN in map(self._curie, organisms):
                    lines.append(f"{curie.removeprefix(GENE)}\n".encode())
        return b"", b"".join(lines)


class HumanWriter:
    """Writes a file for each tier, once it is known which genes are human.

    Args:
        folder: Where the files go.
        compression: Of the files.
    """

    def __init__(self, folder: Path, compression: Compression | None) -> None:
        self._stack = ExitStack()
        self._waiting = self._stack.enter_context(TemporaryFile(dir=folder))  # noqa: SIM115 - it is
        self._human: set[str] = set()
        self._files = [
            self._stack.enter_context(
                DumpFile(folder, f"pfocr-biothings-human-{tier}.ndjson", NDJSON, compression)
            )
            for tier in TIERS
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, pieces: Sequence[bytes]) -> None:
        """Keep a batch for later."""
        figures, genes = pieces
        self._waiting.write(figures)
        self._human.update(genes.decode().split())

    def close(self) -> list[WrittenFile]:
        """Write the documents of each tier that have a human gene of it."""
        self._waiting.seek(0)
        for line in self._waiting:
            document, ranks = orjson.loads(line)
            human = {gene: rank for gene, rank in ranks.items() if gene in self._human}
            for rank in range(min(human.values(), default=len(TIERS)), len(TIERS)):
                self._files[rank].write(with_genes(document, human, rank))
        return [file.close() for file in self._files]
