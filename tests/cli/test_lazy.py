"""What the command imports before it knows what it is asked for, and what it says of its verbs."""

from __future__ import annotations

import inspect
import json
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer.main

import pfocr_rdf.cli.commands
from pfocr_rdf.cli.lazy import VERBS, LateGroup
from pfocr_rdf.cli.main import app

GROUPS = {"genes"}
DOOR = {"cli", "cli.main", "cli.lazy", "cli.exit_codes", "errors", "text", "version"}
HEAVY = set(
    "dask ftfy jinja2 orjson pyoxigraph pyshacl rapidfuzz rdflib requests starlette uvicorn yaml "
    "zstandard".split()
)
PROGRAM = """
import json, sys
from pfocr_rdf.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def imported(*arguments: str) -> set[str]:
    """Return the modules that a run of the command in a process of its own has imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout
    return set(json.loads(done.stderr))


def ours(modules: set[str]) -> set[str]:
    return {name.removeprefix("pfocr_rdf.") for name in modules if name.startswith("pfocr_rdf.")}


@pytest.mark.whole
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("genes", "--help")])
def test_what_a_reader_asks_first_imports_no_verb_and_no_room(arguments: tuple[str, ...]) -> None:
    modules = imported(*arguments)
    assert ours(modules) == DOOR
    assert modules & HEAVY == set()


@pytest.mark.whole
def test_the_version_needs_no_drawing_of_help() -> None:
    assert "rich" not in imported("--version")


@pytest.mark.whole
@pytest.mark.parametrize(
    ("verb", "others"),
    [
        ("export", {"web", "query", "load", "assess"}),
        ("validate", {"figures", "exporting", "release", "web", "query", "load", "assess"}),
        ("show", {"exporting", "web", "query", "load", "assess"}),
        ("queries", {"exporting", "web", "load", "assess"}),
        ("load", {"exporting", "web", "query", "assess"}),
    ],
)
def test_a_verb_imports_no_room_of_another(verb: str, others: set[str]) -> None:
    rooms = {name.partition(".")[0] for name in ours(imported(verb, "--help"))}
    assert rooms & others == set()


@pytest.mark.parametrize("verb", sorted(VERBS.keys() - GROUPS))
def test_examples_of_help_can_be_typed(verb: str) -> None:
    behind, _, name = verb.rpartition(" ")
    context = typer.Context(LateGroup(behind))
    command = LateGroup(behind).get_command(context, name)
    assert command is not None
    *_, text = (command.help or "").partition("\n")
    examples = [line.split(maxsplit=1)[1] for line in text.splitlines() if line.strip()]
    assert examples, "help has an example"
    for example in examples:
        words = shlex.split(example.removeprefix("pfocr-rdf ").removeprefix(verb))
        made = command.make_context(name, words)
        made.close()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in GROUPS])
def test_help_has_no_type_for_what_takes_none(verb: str) -> None:
    behind, _, name = verb.rpartition(" ")
    command = LateGroup(behind).get_command(typer.Context(LateGroup(behind)), name)
    assert command is not None
    with typer.Context(command, info_name=name) as context:
        assert "<bool>" not in command.get_help(context)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in GROUPS])
def test_a_summary_is_what_the_verb_says_of_itself(verb: str) -> None:
    module, _, name = verb.rpartition(" ")
    imported = import_module(
        f"{pfocr_rdf.cli.commands.__name__}.{module or name}".replace("-", "_")
    )
    said = inspect.getdoc(getattr(imported, name.replace("-", "_")))
    assert said is not None
    assert said.splitlines()[0] == VERBS[verb]


def test_there_is_a_module_for_each_verb_and_no_other() -> None:
    folder = Path(pfocr_rdf.cli.commands.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == {verb.split()[0].replace("-", "_") for verb in VERBS}


def test_a_group_has_the_verbs_behind_it() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, LateGroup)
    context = typer.Context(group)
    assert group.list_commands(context) == [verb for verb in VERBS if " " not in verb]
    genes = group.get_command(context, "genes")
    assert isinstance(genes, LateGroup)
    assert genes.list_commands(context) == ["update", "status", "lookup"]
    assert group.get_command(context, "update") is None
    assert genes.get_command(context, "export") is None


@pytest.mark.whole
def test_a_shell_completes_verbs_without_importing_them() -> None:
    program = PROGRAM.replace("main(sys.argv[1:])", "main()")
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={
            "_PFOCR_RDF_COMPLETE": "complete_bash",
            "COMP_WORDS": "pfocr-rdf que",
            "COMP_CWORD": "1",
            "PYTHONPATH": ":".join(sys.path),
        },
    )
    assert done.stdout.split() == ["query", "queries"]
    assert ours(set(json.loads(done.stderr))) == DOOR
