"""Where the shipped ontology, context and shapes lie: in the wheel, or in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pfocr_rdf.errors import InputError

_PACKAGE = Path(__file__).resolve().parent
_OF_VOID: Final = "void.ttl"
_BESIDE_EXPORT: Final = frozenset(
    (
        "__main__",
        "answer_rows",
        "answers",
        "api",
        "cluster",
        "diff",
        "fair",
        "hgnc_download",
        "load",
        "progress",
        "questions",
        "schema_org",
        "serve",
        "show",
        "site",
        "sparql",
        "stats",
        "terminal",
        "store",
        "validation_report",
        "vocabulary_pages",
        "web",
    )
)
"""Modules and packages that, like `cli` and all `cli_...`, `export` never imports.

A test asks the graph of all imports.
"""


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


def code_files() -> list[Path]:
    """Return the modules of this program, in the order of their names."""
    return sorted(_PACKAGE.rglob("*.py"))


def export_code_files() -> list[Path]:
    """Return the modules that an export on this machine runs, in the order of their names."""
    return [path for path in code_files() if not _is_beside_export(path)]


def _is_beside_export(path: Path) -> bool:
    name = path.relative_to(_PACKAGE).with_suffix("").parts[0]
    return name in _BESIDE_EXPORT or name.startswith("cli")
