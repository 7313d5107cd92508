"""The files of a release as distributions: where each can be had, its size and its hash.

Source: DCAT 3, https://www.w3.org/TR/vocab-dcat-3/#Class:Distribution; SPDX,
http://spdx.org/rdf/terms
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pfocr_rdf.rdf import DCAT, DCTERMS, IRI, RDF, SCHEMA, SPDX, XSD, Literal, Node, node, plain
from pfocr_rdf.release.description.edition import Edition, free, issued
from pfocr_rdf.release.description.graph import media_type
from pfocr_rdf.release.files import WrittenFile

_XSD_COUNT: Final = IRI(XSD + "nonNegativeInteger")
_XSD_HEX: Final = IRI(XSD + "hexBinary")
_COMPRESSED: Final = {".gz": "application/gzip", ".zst": "application/zstd"}


def file_iri(edition: Edition, file: WrittenFile) -> IRI:
    """Return the IRI of a file as a distribution."""
    return edition.below("file", file.name)


def file_nodes(edition: Edition, files: Iterable[WrittenFile]) -> Iterator[Node]:
    """Yield each file, and its hash."""
    for file in files:
        checksum = edition.below("sha256", file.name)
        compressed = next((t for end, t in _COMPRESSED.items() if file.name.endswith(end)), "")
        yield node(
            file_iri(edition, file),
            (RDF.type, (DCAT.Distribution, SCHEMA.DataDownload)),
            (DCTERMS.title, plain(file.name)),
            free(),
            issued(edition.issued),
            (DCAT.accessURL, (edition.address(),)),
            (DCAT.downloadURL, (edition.address(file.name),)),
            (DCAT.mediaType, (media_type(file.media_type),)),
            (DCAT.compressFormat, (media_type(compressed),) if compressed else ()),
            (DCAT.byteSize, (Literal(str(file.bytes), _XSD_COUNT),)),
            (SPDX.checksum, (checksum,)),
        )
        yield node(
            checksum,
            (RDF.type, (SPDX.Checksum,)),
            (SPDX.algorithm, (SPDX.checksumAlgorithm_sha256,)),
            (SPDX.checksumValue, (Literal(file.sha256, _XSD_HEX),)),
        )
