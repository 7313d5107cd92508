"""The Bioschemas profiles that pages follow: what each asks for, and who may claim it.

A page says with dct:conformsTo that it has all that a profile calls its minimum. Where our
data lack a part of it (no page of PFOCR knows the rank of a taxon), the claim is left out
rather than the part made up.

Source: https://bioschemas.org/profiles/
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from pfocr_rdf.rdf import IRI

JsonObject = dict[str, object]

CONFORMS_TO: Final = "http://purl.org/dc/terms/conformsTo"
_PROFILES: Final = "https://bioschemas.org/profiles/"


class _Terms(NamedTuple):
    path: str
    minimum: tuple[str, ...]
    recommended: tuple[str, ...]


class Profile(Enum):
    """A profile in the version that pages claim; shapes/bioschemas/ has the same as SHACL."""

    DATASET = _Terms(
        "Dataset/1.0-RELEASE",
        ("description", "identifier", "keywords", "license", "name", "url"),
        (
            "alternateName", "citation", "creator", "datePublished", "distribution",
            "includedInDataCatalog", "isBasedOn", "measurementTechnique", "publisher",
            "variableMeasured", "version",
        ),
    )  # fmt: skip
    GENE = _Terms(
        "Gene/1.0-RELEASE",
        ("identifier", "name"),
        ("description", "encodesBioChemEntity", "isPartOfBioChemEntity", "url"),
    )
    TAXON = _Terms(
        "Taxon/1.0-RELEASE",
        ("name", "taxonRank"),
        ("parentTaxon", "sameAs", "scientificName", "url"),
    )
    SCHOLARLY_ARTICLE = _Terms(
        "ScholarlyArticle/0.3-DRAFT",
        ("identifier", "name"),
        (
            "abstract", "author", "citation", "dateCreated", "dateModified", "datePublished",
            "isPartOf", "keywords", "license", "publisher", "sameAs", "url",
        ),
    )  # fmt: skip
    DATA_CATALOG = _Terms(
        "DataCatalog/0.3-RELEASE-2019_07_01",
        ("description", "keywords", "name", "provider", "url"),
        (
            "about", "alternateName", "citation", "dataset", "dateCreated", "identifier",
            "license", "sourceOrganization",
        ),
    )  # fmt: skip

    @property
    def iri(self) -> IRI:
        """What dct:conformsTo names."""
        return IRI(_PROFILES + self.value.path)

    @property
    def minimum(self) -> tuple[str, ...]:
        """Properties that a page must have, beside @context, @type, @id and dct:conformsTo."""
        return self.value.minimum

    @property
    def recommended(self) -> tuple[str, ...]:
        """Properties that a page should have."""
        return self.value.recommended


def claimed(said: JsonObject, profile: Profile) -> JsonObject:
    """Return what is said without empty values, and with the claim if the minimum is there.

    The claim stands behind @context, @id and @type.

    Example:
        >>> claimed({"@id": "x", "name": "TP53", "identifier": []}, Profile.GENE)
        {'@id': 'x', 'name': 'TP53'}
        >>> list(claimed({"@id": "x", "name": "TP53", "identifier": "7157"}, Profile.GENE))
        ['@id', 'http://purl.org/dc/terms/conformsTo', 'name', 'identifier']
    """
    kept = filled(said)
    if not all(name in kept for name in profile.minimum):
        return kept
    head = {key: value for key, value in kept.items() if key.startswith("@")}
    claim = {"@id": profile.iri, "@type": "CreativeWork"}
    return {**head, CONFORMS_TO: claim, **{k: v for k, v in kept.items() if k not in head}}


def filled(said: JsonObject) -> JsonObject:
    """Return an object without the keys whose value is empty.

    Example:
        >>> filled({"name": "TP53", "url": "", "sameAs": [], "isAccessibleForFree": False})
        {'name': 'TP53', 'isAccessibleForFree': False}
    """
    return {key: value for key, value in said.items() if value or value is False}
