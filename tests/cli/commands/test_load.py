"""`pfocr-rdf load` as a command: options, messages, exit codes, Ctrl-C, a bar on a terminal."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from pfocr_rdf.cli.commands.load import AUTH_VARIABLE
from pfocr_rdf.cli.commands.load import load as load_command
from pfocr_rdf.cli.progress import line, shown_progress
from pfocr_rdf.errors import InputError, IntegrityError, LoadError, UsageError
from pfocr_rdf.load.loader import Step
from pfocr_rdf.release import BYTES, Progress
from pfocr_rdf.release.opened import Release
from tests.support.graph_store import GraphStore, Layout, Trouble, basic, graph_store, troubling
from tests.support.loads import ALIGNMENT, FIGURES, make_release, triples_of
from tests.support.pages import unmeasured

LAYOUT = Layout("/ds/data", "/ds/query", "/ds/update")
FUSEKI = "Apache Jena Fuseki (4.5.0)"
PROGRAM = """
import sys, typer
from pfocr_rdf.cli.commands.load import load
app = typer.Typer()
app.command()(load)
app(sys.argv[1:])
"""

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(AUTH_VARIABLE, raising=False)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 20)


@pytest.fixture
def server() -> Iterator[GraphStore]:
    with graph_store(LAYOUT, FUSEKI) as running:
        yield running


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(load_command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_loads_and_says_what_it_proved(server: GraphStore, release: Release) -> None:
    done = run(release.folder, "--to", f"{server.url}/ds")
    assert done.exit_code == 0, done.output
    number = len(triples_of(release))
    assert len(server.triples(FIGURES)) == number
    assert f"<{FIGURES}> at {server.url}/ds: {number:,} triples and the entities of" in done.stdout
    assert f"<{ALIGNMENT}>" in done.stdout
    assert "proving" in done.stderr
    *_, asking = done.stdout.splitlines()
    assert done.stdout.count("\n") == 3
    assert "| curl " in asking
    assert f"--data-urlencode default-graph-uri={FIGURES} " in asking


def test_quiet_is_quiet(server: GraphStore, release: Release) -> None:
    done = run(release.folder, "--to", f"{server.url}/ds", "-q")
    assert (done.exit_code, done.output) == (0, "")


def test_graphs_have_the_names_that_were_given(server: GraphStore, release: Release) -> None:
    names = ("--graph", "urn:pfocr:f", "--alignment-graph", "urn:pfocr:a", "--no-void")
    assert run(release.folder, "--to", f"{server.url}/ds", *names).exit_code == 0
    assert len(server.triples("urn:pfocr:f")) == release.triples
    assert len(server.triples("urn:pfocr:a")) == len(triples_of(release, "alignment.ttl"))


@pytest.mark.parametrize("way", ["option", "file", "environment", "address"])
def test_who_loads_can_be_said_in_four_ways(
    way: str, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with graph_store(LAYOUT._replace(authorization=basic("me", "s:e@c/ret")), FUSEKI) as server:
        url = f"{server.url}/ds"
        given: list[object] = []
        match way:
            case "option":
                given = ["--auth", "me:s:e@c/ret"]
            case "file":
                (tmp_path / "auth").write_text("me:s:e@c/ret\n")
                given = ["--auth-file", tmp_path / "auth"]
            case "environment":
                monkeypatch.setenv(AUTH_VARIABLE, "me:s:e@c/ret")
            case "address":
                url = url.replace("http://", "http://me:s%3Ae%40c%2Fret@")
        done = run(release.folder, "--to", url, "--store", "fuseki", *given)
        assert done.exit_code == 0, repr(done.exception)
        assert "ret" not in done.output.replace("ctrl", "")
        assert server.complaints == []


def test_a_wrong_password_is_not_shown(release: Release) -> None:
    with graph_store(LAYOUT._replace(authorization=basic("me", "right")), FUSEKI) as server:
        url = server.url.replace("http://", "http://me:sesame@")
        done = run(release.folder, "--to", f"{url}/ds", "--store", "fuseki")
    assert isinstance(done.exception, LoadError)
    assert "sesame" not in str(done.exception) + done.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "--to: expected the address"),
        (["--to", "localhost"], "--to: expected http"),
        (["--to", "http://127.0.0.1:9", "--graph", "no iri"], "--graph: expected an IRI"),
        (["--to", "http://127.0.0.1:9", "--graph", "urn:x'y"], "--graph: expected an IRI"),
        (["--to", "http://127.0.0.1:9", "--graph", ALIGNMENT, "--store", "fuseki"], "--graph: exp"),
        (["--to", "http://127.0.0.1:9", "--store", "fuseki", "--auth", "me"], "--auth: expected"),
        (["--to", "http://h", "--auth", "a:b", "--auth-file", "f"], "found both"),
        (["--to", "http://h", "--auth-file", "/nowhere/f"], "--auth-file: /nowhere/f: cannot"),
        (["--to", "http://h", "--retries", "-1"], "--retries: expected"),
        (["--to", "http://h", "--timeout", "0"], "--timeout: expected"),
        (["--recipe"], "--recipe: expected --store"),
        (["--store", "gsp", "--to", "http://h/x"], "--sparql: expected"),
    ],
)
def test_what_does_not_fit_is_one_line(given: list[str], said: str, release: Release) -> None:
    done = run(release.folder, *given)
    assert isinstance(done.exception, UsageError), repr(done.exception)
    assert str(done.exception).startswith(said) or said in str(done.exception)
    assert "\n" not in str(done.exception)


def test_an_empty_auth_file_is_said(release: Release, tmp_path: Path) -> None:
    (tmp_path / "auth").write_text("\n")
    done = run(release.folder, "--to", "http://h", "--auth-file", tmp_path / "auth")
    assert "expected USER:PASSWORD, found nothing" in str(done.exception)


def test_a_store_that_does_not_say_what_it_is_must_be_named(release: Release) -> None:
    with graph_store(LAYOUT, "nginx") as server:
        done = run(release.folder, "--to", f"{server.url}/ds")
        assert isinstance(done.exception, UsageError)
        assert "--store: expected a store that says what it is, found 'nginx" in str(done.exception)
        assert run(release.folder, "--to", f"{server.url}/ds", "--store", "fuseki").exit_code == 0


def test_what_is_no_release_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, "--to", "http://127.0.0.1:9", "--store", "fuseki")
    assert isinstance(done.exception, InputError)


def test_a_load_that_is_not_proved_has_another_exit_code(
    server: GraphStore, release: Release
) -> None:
    with troubling(server.url) as proxy:
        proxy.only = "/data"
        proxy.troubles.append(Trouble("POST", 200))
        given = ("--store", "fuseki", "--slice-size", "20000")
        done = run(release.folder, "--to", f"{proxy.url}/ds", *given)
    assert isinstance(done.exception, IntegrityError)
    assert done.exception.exit_code == 3


def test_a_recipe_goes_to_stdout_and_nothing_is_asked(release: Release) -> None:
    done = run(release.folder, "--store", "oxigraph", "--recipe")
    assert done.exit_code == 0
    assert done.stdout.startswith("#!/bin/sh\n# Load ")
    assert done.stderr == ""


@pytest.mark.whole
def test_ctrl_c_ends_it_and_the_same_command_goes_on(
    server: GraphStore, release: Release, tmp_path: Path
) -> None:
    with troubling(server.url) as proxy:
        proxy.only = "/data"
        proxy.troubles.extend([Trouble("POST"), Trouble("POST"), Trouble("POST", silent=True)])
        command = [
            sys.executable,
            "-c",
            PROGRAM,
            str(release.folder),
            "--to",
            f"{proxy.url}/ds",
            "--store",
            "fuseki",
            "--slice-size",
            "20000",
        ]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=unmeasured())
        try:
            deadline = time.monotonic() + 60
            while proxy.troubles and time.monotonic() < deadline:
                assert process.poll() is None
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 130, said
        assert "interrupted; the same command goes on where it was" in said
    # Another address would be another load, so the server is asked by the proxy's name again.
    assert 0 < len(server.triples(FIGURES)) < len(triples_of(release))
    assert list((tmp_path / "cache" / "loads").glob("*.json"))


def test_a_terminal_has_a_bar() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100)
    with shown_progress(console) as on_progress:
        on_progress(Progress(Step.CHECKING, 0, 10_000_000, BYTES))
        on_progress(Progress(Step.LOADING, 5_000_000, 10_000_000, BYTES))
        line(console, "the store answered 503; trying again")
    text = out.getvalue()
    assert "loading" in text
    assert "5.0 of 10.0 MB" in text
    assert "the store answered 503; trying again" in text


def test_elsewhere_there_are_lines() -> None:
    out = io.StringIO()
    with shown_progress(Console(file=out, width=60)) as on_progress:
        for step in Step:
            on_progress(Progress(step, 1, 2, BYTES))
    assert out.getvalue().splitlines() == list(map(str, Step))


def test_quiet_shows_nothing() -> None:
    out = io.StringIO()
    with shown_progress(Console(file=out, width=60), quiet=True) as on_progress:
        on_progress(Progress(Step.PROVING, 1, 2))
    assert out.getvalue() == ""
