"""Where the shipped ontology, context and shapes lie, and what we keep for the user.

The former lie in the wheel, or in a checkout; the latter in the cache folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

from pfocr_rdf.errors import InputError

_PACKAGE = Path(__file__).resolve().parent
CACHE_VARIABLE: Final = "PFOCR_RDF_CACHE"
"""Environment variable that names another cache folder."""

_OF_VOID: Final = "void.ttl"
_ROOMS_OF_EXPORT: Final = ("rdf", "shacl", "figures", "release", "exporting")


def _folder(name: str) -> Path:
    """Return a folder that the wheel carries inside the package, and a checkout beside src."""
    for folder in (_PACKAGE / name, _PACKAGE.parent.parent / name):
        if folder.is_dir():
            return folder
    raise InputError(f"{name}: the installed package lacks this folder (install it again)")


def shipped_shapes() -> list[Path]:
    """Return the files of the shapes graph, in the order of their names."""
    return sorted(_folder("shapes").glob("*.ttl"))


def dump_shapes() -> list[Path]:
    """Return those of the shipped shapes that an export holds its dumps to.

    Left out are those of void.ttl: they need it as a whole, and no dump has what they are about.
    """
    return [path for path in shipped_shapes() if path.name != _OF_VOID]


def bioschemas_shapes() -> list[Path]:
    """Return the shapes of the schema.org JSON-LD of pages, in the order of their names."""
    return sorted((_folder("shapes") / "bioschemas").glob("*.ttl"))


def shipped_questions() -> list[Path]:
    """Return the files of the questions, in the order of their names."""
    return sorted(_folder("queries").glob("*.rq"))


def ontology_file() -> Path:
    """Return the ontology, in Turtle."""
    return _folder("ontology") / "pfocr.ttl"


def context_file() -> Path:
    """Return the JSON-LD context."""
    return _folder("ontology") / "context.jsonld"


def drawing_file() -> Path:
    """Return the drawing of the kinds of nodes, as SVG."""
    return _folder("ontology") / "model.svg"


def vocabulary_page() -> Path:
    """Return the documentation of the ontology, as HTML."""
    return _folder("ontology") / "pfocr.html"


def gotchas_file() -> Path:
    """Return the page of what surprises people who write queries, in Markdown."""
    return _folder("docs") / "gotchas.md"


def cache_folder() -> Path:
    """Where tables, stores and journals are kept: `$PFOCR_RDF_CACHE`, else the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_cache_path("pfocr-rdf", appauthor=False)


def code_files() -> list[Path]:
    """Return the modules of this program and the stubs of its faces, in the order of their names."""
    return sorted((*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.pyi")))


def export_code_files() -> list[Path]:
    """Return the modules that can decide what an export writes, in the order of their names."""
    return [
        path
        for path in code_files()
        if path.parent == _PACKAGE or path.relative_to(_PACKAGE).parts[0] in _ROOMS_OF_EXPORT
    ]


def export_data_files() -> list[Path]:
    """Return the tables of the package that can decide what an export writes."""
    return sorted((_PACKAGE / "data").glob("*.tsv"))


def data_rows(name: str) -> list[list[str]]:
    """Return the rows of a table of the package, without its sources and its header."""
    text = (_PACKAGE / "data" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]
