"""Which options can be followed, and which of them decide what the bytes of a figure are."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import pfocr_rdf
from pfocr_rdf.errors import UsageError
from pfocr_rdf.exporting import options as module
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.release.files import Compression
from pfocr_rdf.shipped import export_code_files

TABLE = embedded_gene_table().release
QUADS = ExportOptions(formats=(FormatName.TURTLE, FormatName.NQUADS))
TRIG = ExportOptions(formats=(FormatName.TRIG,))


def key(options: ExportOptions, around: str = "around") -> bytes:
    return options.figure_key(TABLE, around)


@pytest.mark.parametrize(
    "other",
    [
        {"formats": (FormatName.TURTLE,)},
        {"formats": (FormatName.JSONLD, FormatName.TURTLE)},
        {"style": IriStyle.UNIPROT},
        {"captions": False},
        {"validate": False},
    ],
)
def test_options_that_decide(other: dict[str, Any]) -> None:
    assert key(replace(ExportOptions(), **other)) != key(ExportOptions())


@pytest.mark.parametrize(
    "other",
    [
        {"compression": Compression.ZSTD},
        {"hgnc": Path("elsewhere")},  # its content does, not its name
        {"jobs": 3},
        {"limit": 3},
        {"shard_size": 3},
        {"release": "x"},
        {"reuse": False},
    ],
)
def test_options_that_do_not(other: dict[str, Any]) -> None:
    assert key(replace(ExportOptions(), **other)) == key(ExportOptions())


@pytest.mark.parametrize("options", [QUADS, TRIG])
def test_the_release_decides_where_a_graph_is_named(options: ExportOptions) -> None:
    keys = {key(replace(options, release=name)) for name in ("", "a", "b")}
    assert len(keys) == 3


def test_the_hgnc_table_and_the_side_tables_decide() -> None:
    options = ExportOptions()
    assert key(options, "others") != key(options)
    assert options.figure_key(TABLE._replace(sha256="0" * 64), "around") != key(options)
    renamed = TABLE._replace(name="n", origin="o", date="2000-01-01")
    assert options.figure_key(renamed, "around") == key(options)


@pytest.mark.parametrize(
    "what", ["export_code_files", "export_data_files", "dump_shapes", "ontology_file", "version"]
)
def test_the_program_and_what_it_builds_on_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    module._program.cache_clear()
    first = key(ExportOptions())
    other = tmp_path / "other"
    other.write_text("x")
    value = {"ontology_file": other, "version": "0"}.get(what, [other])
    monkeypatch.setattr(module, what, lambda *_: value)
    assert key(ExportOptions()) == first, "it is read once"
    module._program.cache_clear()
    changed = key(ExportOptions())
    module._program.cache_clear()
    assert changed != first


@pytest.mark.whole
def test_what_an_export_imports_decides(seeds: Path, tmp_path: Path) -> None:
    every = ",".join(Form)
    program = (
        "import json, os, sys; from pfocr_rdf.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(json.dumps([m for m in sys.modules if m.startswith('pfocr_rdf')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "export", str(seeds), "-o", str(tmp_path / "o"), "-q",
         "--jobs", "1", "--also", every],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    imported = set(json.loads(done.stdout))
    hashed = {_module(path) for path in export_code_files()}
    beside = {name for name in imported - hashed if not name.startswith("pfocr_rdf.cli")}
    assert beside == set(), "an export runs what is not in its key"
    assert {_room(name) for name in hashed} == {"rdf", "shacl", "figures", "release", "exporting"}
    assert {_room(name) for name in imported} >= {_room(name) for name in hashed}


def _room(name: str) -> str:
    """Return the room of a module; those on the ground floor decide too."""
    room = name.split(".")[1] if name.count(".") else "rdf"
    return room if (Path(pfocr_rdf.__file__).parent / room).is_dir() else "rdf"


def _module(path: Path) -> str:
    parts = path.relative_to(Path(pfocr_rdf.__file__).parent.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def test_another_server_changes_nothing_and_another_mapping_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "pfocr_rdf"
    unneeded = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(Path(pfocr_rdf.__file__).parent, package, ignore=unneeded)
    monkeypatch.setattr("pfocr_rdf.shipped._PACKAGE", package)
    monkeypatch.setattr(module, "ontology_file", lambda: package / "__init__.py")
    monkeypatch.setattr(module, "dump_shapes", list)
    keys = []
    for changed in (
        None,
        "web/server/app.py",
        "web/pages/render.py",
        "cli/main.py",
        "figures/map/figure.py",
        "shacl/rules.py",
    ):
        if changed is not None:
            assert (package / changed).is_file()
            (package / changed).write_text("another")
        module._program.cache_clear()
        keys.append(key(ExportOptions()))
    module._program.cache_clear()
    assert len(set(keys[:4])) == 1
    assert len(set(keys[3:])) == 3


def test_the_named_graph() -> None:
    assert ExportOptions(release="2026-11").graph() == (
        "https://w3id.org/pfocr/graph/release/2026-11"
    )
    assert ExportOptions().graph() == "https://w3id.org/pfocr/graph/figures"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"formats": ()}, "no format given"),
        ({"jobs": -1}, "--jobs: expected 0 or more, found -1"),
        ({"limit": -2}, "--limit: "),
        ({"shard_size": -3}, "--shard-size: "),
        ({"release": "a/b"}, "--release: .*found 'a/b'"),
        ({"release": "-a"}, "--release: "),
        ({"release": "a" * 101}, "--release: "),
        ({"issued": "2024-11"}, "--issued: .*found '2024-11'"),
        ({"previous": "a b"}, "--previous: .*found 'a b'"),
        ({"release": "2", "previous": "2"}, "--previous: expected another release"),
        ({"download": "ftp://x.org/"}, "--download: .*found 'ftp://x.org/'"),
        ({"download": "https://x.org/d?a=1"}, "--download: .*address of a folder"),
        ({"endpoint": "x"}, "--endpoint: .*found 'x'"),
    ],
)
def test_what_no_export_can_follow(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ExportOptions(**options).check()


@pytest.mark.parametrize("release", ["", "1", "2026-11", "v1.2_x"])
def test_what_can_be_followed(release: str) -> None:
    ExportOptions(release=release).check()


def test_the_record_has_what_decides_the_release_and_nothing_else() -> None:
    record = ExportOptions().record()
    same: list[dict[str, Any]] = [
        {"jobs": 3}, {"reuse": False}, {"hgnc": Path("x")}, {"release": "x"}
    ]  # fmt: skip
    for other in same:
        assert replace(ExportOptions(), **other).record() == record
    different: list[dict[str, Any]] = [
        {"limit": 3}, {"shard_size": 3}, {"compression": Compression.GZIP}
    ]  # fmt: skip
    for other in different:
        assert replace(ExportOptions(), **other).record() != record
