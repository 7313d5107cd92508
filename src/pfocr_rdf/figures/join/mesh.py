"""Names of descriptors and supplementary concepts of MeSH, from the lists that NLM publishes.

Either the whole of MeSH as N-Triples, or the lists in NLM's ASCII format. The files have up to
some gigabytes; only the lines of the wanted names are parsed.

Source: https://nlmpubs.nlm.nih.gov/projects/mesh/ (rdf/ for mesh.nt, MESH_FILES/asciimesh/ for
d2024.bin and c2024.bin)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from pfocr_rdf.figures.join.sources import Source, open_source
from pfocr_rdf.rdf import unquoted

OPTION: Final = "--mesh"
_EXPECTED: Final = "MeSH as NLM publishes it (mesh.nt, or d2024.bin and c2024.bin)"
_NEW_RECORD: Final = b"*NEWRECORD"
# A version's own IRIs have its year: http://id.nlm.nih.gov/mesh/2024/D000001.
_LABEL: Final = re.compile(
    rb"^<http://id\.nlm\.nih\.gov/mesh/(?:[0-9]{4}/)?([A-Z][0-9]{5,9})>[ \t]+"
    rb"<http://www\.w3\.org/2000/01/rdf-schema#label>[ \t]+"
    rb'("(?:[^"\\\n]|\\.)*")(?:@en)?[ \t]*\.',
    re.MULTILINE,
)
_FIELD: Final = re.compile(rb"^(?:(\*NEWRECORD)|(MH|NM|UI) = ([^\r\n]*))", re.MULTILINE)


def open_mesh(path: Path) -> Source:
    """Open a list.

    Raises:
        InputError: It is none, or is cut short.
    """
    return open_source(OPTION, path, _EXPECTED, _found)


def mesh_names(sources: Iterable[Source], wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of some things, by MeSH id, sorted; there is one but in odd files.

    Args:
        sources: The lists.
        wanted: MeSH ids.

    Raises:
        InputError: A file cannot be read any more.
    """
    sought = {mesh_id.encode() for mesh_id in wanted}
    names: dict[str, set[str]] = {}
    for source in sources:
        for mesh_id, name in _names(source, sought):
            names.setdefault(mesh_id.decode(), set()).add(name)
    return {mesh_id: tuple(sorted(found)) for mesh_id, found in names.items()}


def _found(beginning: bytes) -> str:
    # Few triples of MeSH come before the first label, but comments may.
    if _is_ascii(beginning) or b"<http://id.nlm.nih.gov/mesh/" in beginning:
        return ""
    return repr(beginning[:40].decode(errors="replace"))


def _is_ascii(beginning: bytes) -> bool:
    return beginning.lstrip().startswith(_NEW_RECORD)


def _names(source: Source, sought: Collection[bytes]) -> Iterator[tuple[bytes, str]]:
    is_ascii: bool | None = None
    name = mesh_id = b""
    for chunk in source.chunks():
        if is_ascii is None:
            is_ascii = _is_ascii(chunk)
        if not is_ascii:
            for found in _LABEL.finditer(chunk):
                if found[1] in sought:
                    yield found[1], unquoted(found[2].decode(errors="replace"))
            continue
        for new, field, value in _FIELD.findall(chunk):
            if new:
                name = mesh_id = b""
            elif field == b"UI":
                mesh_id = value.strip()
            else:
                name = value.strip()
            if name and mesh_id in sought:
                yield mesh_id, name.decode(errors="replace")
                name = b""
