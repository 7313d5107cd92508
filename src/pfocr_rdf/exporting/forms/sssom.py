"""SSSOM: the alignments of a release as one table of mappings.

What the graph has: a gene is the HGNC entry that states its NCBI Gene id; a chemical or disease
is close to the second id that a lexicon of PFOCR gives it. And all of alignment.ttl: what else
HGNC states of a gene. How others spell the IRIs of all that stays in alignment.ttl: to readers of
SSSOM, who know one CURIE for all spellings, such a row says that a thing is itself.

Source: SSSOM 1.0, https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Final

import yaml

from pfocr_rdf.exporting.forms.facts import AlignedEntity, FigureFacts
from pfocr_rdf.exporting.forms.lines import LineFile
from pfocr_rdf.rdf import (
    ALIGNMENT_PROPERTIES,
    CROSS_REFERENCES,
    IDENTIFIED,
    IRI,
    NAMESPACES,
    OURS,
    PFOCR,
    SCHEMA,
    Iris,
    IriStyle,
    Kind,
    NodeView,
    classes_of,
    kind_of,
    shown_name,
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
_HGNC: Final = "infores:hgnc"
_PFOCR: Final = "infores:pfocr"
"""Sources are entities in SSSOM: who stated it, in Biolink's registry of information resources."""
_PREDICATES: Final = {
    predicate: f"{prefix}:{predicate.removeprefix(NAMESPACES[prefix])}"
    for predicate in ALIGNMENT_PROPERTIES
    for prefix in ("skos", "schema", "pfocr")
    if predicate.startswith(NAMESPACES[prefix])
}


def files(
    release: str, style: IriStyle, users: Mapping[str, str] | None = None
) -> tuple[LineFile, ...]:
    """Return the one file, which begins with the metadata of the set and the columns' names.

    Args:
        release: Its name, or "".
        style: Of its IRIs.
        users: Prefixes of the mappings that a user gave.
    """
    own = _prefixes(style)
    known = own | _of_user(users or {}, own, Iris(style))
    curies: dict[str, str] = {prefix: space for space, prefix in known.items()}
    curies |= {
        "infores": "https://w3id.org/biolink/infores/",
        "semapv": "https://w3id.org/semapv/vocab/",
    }
    curies |= {prefix: NAMESPACES[prefix] for prefix in ("skos", "schema", "pfocr")}
    metadata: dict[str, object] = {
        "mapping_set_id": f"{OURS}mappings/{release}" if release else f"{OURS}mappings",
        "mapping_set_title": (
            "PFOCR pathway figures: alignments of genes, chemicals, diseases and organisms"
        ),
        "mapping_set_description": (
            "Genes of pathway figures with their HGNC entries and what HGNC states of them: "
            "Ensembl, UniProt, OMIM, RefSeq, orthologs of mouse and rat; chemicals and diseases "
            "with the second id of their lexicon."
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


def _prefixes(style: IriStyle) -> dict[IRI, str]:
    """Return how the IRIs of a release begin, with prefixes."""
    by = Iris(style)
    return {
        by.gene(""): "NCBIGene",
        by.hgnc(""): "HGNC",
        by.taxon(""): "NCBITaxon",
        by.chebi(""): "CHEBI",
        by.doid(""): "DOID",
        by.mesh(""): "MESH",
    } | {each.space(style): each.prefix for each in CROSS_REFERENCES}


def _of_user(users: Mapping[str, str], known: Mapping[IRI, str], iris: Iris) -> dict[IRI, str]:
    """Return how IRIs begin that only a user has prefixes for; one that is taken gets a number."""
    taken = {*known.values(), "infores", "semapv", "skos", "schema", "pfocr"}
    found: dict[IRI, str] = {}
    for prefix, space in sorted(users.items()):
        # Another spelling of a known one: its IRIs are written with that.
        if iris.respelled(IRI(space)) in known or space in found or prefix in ("semapv", "skos"):
            continue
        numbered = (f"{prefix}_{number}" for number in count(2))
        name = prefix if prefix not in taken else next(n for n in numbered if n not in taken)
        taken.add(name)
        found[IRI(space)] = name
    return found


class SssomMaker:
    """Makes the rows.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._own, self._iris = _prefixes(style), Iris(style)

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, ...]:
        """Return nothing: alignments are of entities."""
        del figures
        return (b"",)

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, ...]:
        """Return the rows of entities."""
        lines = ["\t".join(row) for entity in entities for row in self._rows(entity)]
        return ("".join(f"{line}\n" for line in lines).encode(),)

    def _rows(self, facts: AlignedEntity) -> Iterator[tuple[str, ...]]:
        entity, aligned, mapped, _ = facts
        kind = kind_of(classes_of(entity))
        if kind not in IDENTIFIED and not mapped:
            return
        subject = _curie(entity.subject, self._own) or entity.subject
        said = NodeView(entity)
        called = shown_name(said.first(SCHEMA.name), said.first(PFOCR.labelFromFigures), "")
        label = " ".join(called.split())
        source = _HGNC if kind is Kind.GENE else _PFOCR
        # What a user maps is in the alignment too, where it is not known why.
        users = {(each.predicate, each.object) for each in mapped}
        for node in (entity, aligned) if aligned else (entity,):
            for predicate, values in node.properties:
                name = _PREDICATES.get(predicate, "")
                for value in values if name else ():
                    # What no prefix stands for is known in another spelling.
                    curie = _curie(str(value), self._own)
                    if curie and (predicate, value) not in users:
                        yield subject, label, name, curie, _BACKGROUND, source, ""
        yield from self._mapped((subject, label), facts)

    def _mapped(self, row: tuple[str, str], facts: AlignedEntity) -> Iterator[tuple[str, ...]]:
        known = self._own | _of_user(facts.prefixes, self._own, self._iris)
        for each in facts.mapped:
            why = f"semapv:{each.justification.rpartition('/')[2]}"
            to = _curie(self._iris.respelled(IRI(each.object)), known) or each.object
            yield *row, _PREDICATES[each.predicate], to, why, "", "a mapping of the user"


def _curie(iri: str, prefixes: Mapping[IRI, str]) -> str:
    for space, prefix in prefixes.items():
        if iri.startswith(space):
            return f"{prefix}:{iri[len(space) :]}"
    return ""
