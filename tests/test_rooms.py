"""The rooms and their faces: what others may import of one is what its `__all__` names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.places import ROOT

PACKAGE = ROOT / "src" / "pfocr_rdf"
AT_MOST_BESIDE_THE_ROOMS = 8


class Import(NamedTuple):
    """One `from module import name`, and the module it stands in; no name in `import module`."""

    at: str
    module: str
    name: str


@cache
def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def faces() -> dict[str, tuple[str, ...]]:
    """Return what each folder of the package offers, as its stub says."""
    return {
        name: names_of(path.with_suffix(".pyi"))
        for name, path in modules().items()
        if path.name == "__init__.py" and path.with_suffix(".pyi").exists()
    }


def names_of(stub: Path) -> tuple[str, ...]:
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return tuple(ast.literal_eval(node.value))
    raise AssertionError(f"{stub}: no __all__")


@cache
def imports(path: Path, at: str) -> tuple[Import, ...]:
    return tuple(_imports(path, at))


def _imports(path: Path, at: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pfocr_rdf"):
            assert node.module is not None
            yield from (Import(at, node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            named = (alias.name for alias in node.names)
            yield from (Import(at, name, "") for name in named if name.startswith("pfocr_rdf"))


def is_inside(module: str, folder: str) -> bool:
    return module == folder or module.startswith(folder + ".")


def test_few_modules_stand_beside_the_rooms() -> None:
    beside = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert len(beside) <= AT_MOST_BESIDE_THE_ROOMS, beside


def test_from_outside_a_room_is_imported_by_its_face() -> None:
    folders = [name for name, path in modules().items() if path.name == "__init__.py"]
    wrong = [
        each
        for module, path in modules().items()
        for each in imports(path, module)
        for folder in folders
        if folder != "pfocr_rdf"
        and is_inside(each.module, folder)
        and not is_inside(module, folder)
        and (each.module not in faces() or each.name not in faces()[each.module])
    ]
    assert wrong == [], "import it from the room, and name it in the room's __init__.pyi"


@pytest.mark.parametrize("room", faces())
def test_a_face_keeps_its_promise(room: str) -> None:
    face = import_module(room)
    assert sorted(face.__all__) == sorted(faces()[room])
    for name in face.__all__:
        assert getattr(face, name) is not None


@pytest.mark.whole
def test_a_face_offers_nothing_that_nobody_asks_for() -> None:
    folders = ("scripts", "benchmarks", "tests")
    texts = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    asked = {
        (each.module, each.name)
        for at, path in (*modules().items(), *((str(path), path) for path in texts))
        for each in imports(path, at)
        if not is_inside(at, each.module)
    } | {
        (f"{room}.{node.module}", alias.name)
        for room in faces()
        for node in ast.parse(modules()[room].with_suffix(".pyi").read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    docs = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    unasked = [
        f"{room}.{name}"
        for room, names in faces().items()
        for name in names
        if room != "pfocr_rdf"
        and (room, name) not in asked
        and not re.search(rf"from {re.escape(room)} import .*\b{name}\b", docs)
    ]
    assert unasked == []


def test_no_module_needs_itself() -> None:
    """Also by way of faces: a name is followed to the module that has it."""
    homes = {
        (room, alias.name): f"{room}.{node.module or alias.name}"
        for room in faces()
        for node in ast.parse(modules()[room].with_suffix(".pyi").read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    def home(module: str, name: str) -> str:
        while (module, name) in homes:
            module = homes[module, name]
        return f"{module}.{name}" if f"{module}.{name}" in modules() else module

    needs = {
        module: {home(each.module, each.name) for each in imports(path, module)}
        for module, path in modules().items()
    }
    TopologicalSorter(needs).prepare()


def test_each_room_says_what_it_is_for() -> None:
    rooms = [path.parent for path in PACKAGE.glob("*/__init__.py")]
    assert len(rooms) == 10
    for room in rooms:
        text = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
        assert text, room
        assert len(text.partition("\n")[0]) <= 100


def test_a_class_name_stands_for_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(module)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
