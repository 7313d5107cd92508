"""The notebook of the documentation prints what stands in it."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.pages import run


def test_the_notebook_prints_what_it_shows(
    root: Path, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update_golden: bool
) -> None:
    path = root / "docs" / "asking.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    shown = [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    run(seeds, out=tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, 1):
        cell["execution_count"] = number
        cell["outputs"] = [
            {
                "data": {"text/plain": _value("".join(cell["source"]), names).splitlines(True)},
                "execution_count": number,
                "metadata": {},
                "output_type": "execute_result",
            }
        ]
    if update_golden:
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        assert [cell["outputs"] for cell in code] == shown


def _value(source: str, names: dict[str, Any]) -> str:
    """Run a cell and return what its last expression shows."""
    *statements, last = ast.parse(source).body
    assert isinstance(last, ast.Expr)
    exec(compile(ast.Module(statements, []), "cell", "exec"), names)
    return repr(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
