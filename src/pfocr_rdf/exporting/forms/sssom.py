"""SSSOM: the alignments of a release as one table of mappings.

Three kinds: a gene is the HGNC entry that states its NCBI Gene id; a chemical or disease is
close to the second id that a lexicon of PFOCR gives it; and a gene is what others spell
differently, the same as in alignment.ttl.

Source: SSSOM 1.0, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import yaml

from pfocr_rdf.exporting.forms.curies import PREFIXES, Curies
from pfocr_rdf.exporting.forms.facts import FigureFacts
from pfocr_rdf.exporting.forms.lines import LineFile
from pfocr_rdf.rdf import (
    OURS,
    SCHEMA,
    SKOS,
    Iris,
    IriStyle,
    Kind,
    Node,
    NodeView,
    classes_of,
    kind_of,
)
from pfocr_rdf.release.description import CC0

FILE: Final = "pfocr.sssom.tsv"
_COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "mapping_source",
    "comment",
)
_BACKGROUND: Final = "semapv:BackgroundKnowledgeBasedMatching"
_LEXICAL: Final = "semapv:LexicalMatching"
_HGNC: Final = "https://www.genenames.org/"
_PFOCR: Final = "https://pfocr.wikipathways.org/"
_SPELLED: Final = {
    IriStyle.OBO: "ncbigene_obo",
    IriStyle.WIKIPATHWAYS: "ncbigene_wikipathways",
    IriStyle.UNIPROT: "ncbigene_uniprot",
}
"""Prefixes of genes in each IRI style; a table must be able to tell the spellings apart."""


def files(release: str, style: IriStyle) -> tuple[LineFile, ...]:
    """Return the one file, which begins with the metadata of the set and the columns' names.

    Args:
        release: Its name, or "".
        style: Of its IRIs.
    """
    used = ("CHEBI", "DOID", "HGNC", "MESH")
    curies = {prefix: PREFIXES[prefix] for prefix in used}
    curies |= {_SPELLED[each]: Iris(each).gene("") for each in IriStyle if each is not style}
    by = Iris(style)
    curies |= {"NCBIGene": by.gene(""), "HGNC": by.hgnc("")}
    curies |= {"CHEBI": by.chebi(""), "DOID": by.doid(""), "MESH": by.mesh("")}
    curies |= {"semapv": "https://w3id.org/semapv/vocab/", "skos": SKOS.base}
    metadata: dict[str, object] = {
        "mapping_set_id": f"{OURS}mappings/{release}" if release else f"{OURS}mappings",
        "mapping_set_title": "PFOCR pathway figures: alignments of genes, chemicals and diseases",
        "mapping_set_description": (
            "Genes of pathway figures with their HGNC entries and their other spellings; "
            "chemicals and diseases with the second id of their lexicon."
        ),
        "license": str(CC0),
        "curie_map": dict(sorted(curies.items())),
    }
    if release:
        metadata["mapping_set_version"] = release
    return (LineFile(FILE, "text/tab-separated-values", _header(metadata)),)


def _header(metadata: Mapping[str, object]) -> bytes:
    text = yaml.safe_dump(metadata, sort_keys=True, allow_unicode=True, width=1000)
    lines = [f"#{line}" for line in text.splitlines()]
    return ("\n".join([*lines, "\t".join(_COLUMNS)]) + "\n").encode()


class SssomMaker:
    """Makes the rows.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._style = style
        self._curie = Curies(style).of

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, ...]:
        """Return nothing: alignments are of entities."""
        del figures
        return (b"",)

    def entities(self, entities: Sequence[Node]) -> tuple[bytes, ...]:
        """Return the rows of entities."""
        lines = ["\t".join(row) for entity in entities for row in self._rows(entity)]
        return ("".join(f"{line}\n" for line in lines).encode(),)

    def _rows(self, entity: Node) -> Iterator[tuple[str, ...]]:
        kind = kind_of(classes_of(entity))
        if kind not in (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE):
            return
        subject = self._curie(entity.subject)
        said = NodeView(entity)
        label = " ".join(said.first(SCHEMA.name).split())
        source = _HGNC if kind is Kind.GENE else _PFOCR
        for predicate, name in (
            (SKOS.exactMatch, "skos:exactMatch"),
            (SKOS.closeMatch, "skos:closeMatch"),
        ):
            for iri in said.all(predicate):
                yield subject, label, name, self._curie(iri), _BACKGROUND, source, ""
        number = subject.removeprefix("NCBIGene:")
        if kind is Kind.GENE and number != subject:
            for style in IriStyle:
                if style is not self._style:
                    other = f"{_SPELLED[style]}:{number}"
                    comment = "the same NCBI Gene id"
                    yield subject, label, "skos:exactMatch", other, _LEXICAL, "", comment
