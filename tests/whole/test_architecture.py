"""docs/architecture.md is true: its picture and tree, its links, its words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import ROOT

PAGE = ROOT / "docs" / "architecture.md"
LINK = re.compile(r"\[`(\w+)(?:\.\w+)?`\]\(\.\./(src/[\w/]+\.py)\)")
OTHER = re.compile(r"`((?:src|tests|scripts|shapes|queries|ontology)/[\w./-]*)`")


def test_the_picture_and_the_tree_are_what_would_be_drawn() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/draw-rooms", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_every_function_that_it_links_is_there() -> None:
    links = LINK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(links) > 25
    for name, path in links:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        defined = {
            *(each.name for each in tree.body if hasattr(each, "name")),
            *(ast.unparse(each.target) for each in tree.body if isinstance(each, ast.AnnAssign)),
            Path(path).stem,
        }
        assert name in defined, f"{name} in {path}"


def test_every_file_that_it_names_is_there() -> None:
    for path in OTHER.findall(PAGE.read_text(encoding="utf-8")):
        assert list(ROOT.glob(path)), path


def test_a_room_that_is_stale_is_seen(tmp_path: Path) -> None:
    script = (ROOT / "scripts" / "draw-rooms").read_text(encoding="utf-8")
    page = tmp_path / "architecture.md"
    page.write_text("<!-- generated: tree -->\n<!-- end: tree -->\n", encoding="utf-8")
    changed = tmp_path / "draw-rooms"
    changed.write_text(
        script.replace('ROOT / "docs" / "architecture.md"', f"Path({str(page)!r})").replace(
            "Path(__file__).resolve().parent.parent", f"Path({str(ROOT)!r})"
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, changed, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "stale" in done.stderr


def test_a_newcomer_reads_six_files_and_a_thousand_lines() -> None:
    text = PAGE.read_text(encoding="utf-8")
    part = text.partition("## Read these first")[2].partition("\n## ")[0]
    files = [ROOT / "README.md", PAGE, *(ROOT / path for _, path in _linked(part))]
    assert len(files) == 6
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert 900 <= lines <= 1300


def _linked(text: str) -> list[tuple[str, str]]:
    return re.findall(r"\[`([\w/.]+)`\]\(\.\./(src/[\w/]+\.py)\)", text)


@pytest.mark.parametrize(
    "word", "book books hurry turns desk standing patience leftovers surroundings cli_late".split()
)
def test_nothing_has_a_name_that_hides_what_is_inside(word: str) -> None:
    found = [
        f"{path}: {name}"
        for path in (ROOT / "src").rglob("*.py")
        for name in (path.stem, *_names(path))
        for parts in [re.split(r"_|(?<=[a-z])(?=[A-Z])", name)]
        if word in {name.lower(), *map(str.lower, parts)}
    ]
    assert found == []


def _names(path: Path) -> list[str]:
    """Return what a module defines: classes, functions, parameters, variables."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            names.append(node.name)
        elif isinstance(node, ast.arg):
            names.append(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.append(node.attr)
    return names
