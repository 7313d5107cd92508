"""Files that hosts and editors read: each is what its reader expects, and calls what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

FORMS = ("bug", "question", "wrong-reading")


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ("vendor.github-workflows", [".github/workflows/ci.yml"]),
        ("custom.github-workflows-require-timeout", [".github/workflows/ci.yml"]),
        ("vendor.github-issue-forms", [f".github/ISSUE_TEMPLATE/{name}.yml" for name in FORMS]),
        ("vendor.github-issue-config", [".github/ISSUE_TEMPLATE/config.yml"]),
        ("vendor.citation-file-format", ["CITATION.cff"]),
    ],
)
def test_github_reads_them(root: Path, schema: str, names: list[str]) -> None:
    command = ["-m", "check_jsonschema", "--builtin-schema", schema, *names]
    ran = subprocess.run(
        [sys.executable, *command], cwd=root, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_wrong_workflow_is_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "ci.yml"
    wrong.write_text("on: push\njobs:\n  check:\n    run-on: ubuntu-latest\n    steps: []\n")
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", wrong]
    ran = subprocess.run([sys.executable, *map(str, command)], capture_output=True, check=False)
    assert ran.returncode == 1


def test_the_workflow_calls_what_the_makefile_has(root: Path) -> None:
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())
    runs = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    made = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), flags=re.MULTILINE))
    assert runs
    for run in runs:
        program, target = run.split()
        if program == "make":
            assert target in made
        else:
            assert (root / target).is_file(), run


def test_there_is_a_form_for_each_kind_of_issue(root: Path) -> None:
    folder = root / ".github" / "ISSUE_TEMPLATE"
    assert {path.stem for path in folder.glob("*.yml")} == {*FORMS, "config"}
    bug = (folder / "bug.yml").read_text()
    assert "pfocr-rdf --version" in bug
    assert "figure" in bug


def test_pre_commit_runs_the_linters_of_make(root: Path) -> None:
    path = root / ".pre-commit-config.yaml"
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(path)]
    subprocess.run(command, check=True)
    config = yaml.safe_load(path.read_text())
    entries = [hook["entry"].split()[0] for repo in config["repos"] for hook in repo["hooks"]]
    makefile = (root / "Makefile").read_text()
    for entry in entries:
        assert entry.startswith(".venv/bin/")
        assert f"$(BIN)/{Path(entry).name}" in makefile


def test_the_editor_config_says_what_the_formatter_does(root: Path) -> None:
    config = (root / ".editorconfig").read_text()
    pyproject = (root / "pyproject.toml").read_text()
    length = re.search(r"^line-length = (\d+)$", pyproject, flags=re.MULTILINE)
    assert length is not None
    assert f"max_line_length = {length[1]}" in config
    assert config.startswith("root = true\n")
