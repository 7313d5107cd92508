"""Addresses of stores, and passwords that stand in them: none is ever printed or kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from pfocr_rdf.cli.commands.load import load as load_command
from pfocr_rdf.errors import LoadError, UsageError
from pfocr_rdf.load.address import Address, check_address, parse_address, shown_address
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.stores import DIALECTS, Endpoints, StoreName, endpoints
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.release.opened import Release
from tests.support.graph_store import Layout, Trouble, basic, graph_store, troubling
from tests.support.loads import FIGURES, make_release

SECRET = "sesame"
FUSEKI = "Apache Jena Fuseki (4.5.0)"
LAYOUT = Layout("/ds/data", "/ds/query", "/ds/update", basic("me", SECRET))


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PFOCR_RDF_AUTH", raising=False)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 1)


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(load_command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def all_said(done: Result) -> str:
    """Return all that a user may see: output, the error and those below it."""
    texts = [done.output]
    error = done.exception
    while error is not None:
        texts.append(str(error))
        error = error.__cause__
    return "\n".join(texts)


@pytest.mark.parametrize(
    "url",
    [
        f"http://me:{SECRET}@127.0.0.1:9/ds?x=1",
        f"http://me:{SECRET}@127.0.0.1:9/ds#x",
        f"http://127.0.0.1:9/ds?password={SECRET}",
        f"http://127.0.0.1:9/ds?user=me@example.org&password={SECRET}",
        f"http://127.0.0.1:9/ds#{SECRET}",
        f"ftp://me:{SECRET}@127.0.0.1:9/ds",
        f"me:{SECRET}@127.0.0.1:9/ds",
        f"//me:{SECRET}@127.0.0.1:9/ds",
        f"http:/me:{SECRET}@127.0.0.1:9/ds",
        f"http://me:{SECRET}@",
        f"http://me:{SECRET}@127.0.0.1:port/",
        f"http://me:{SECRET}@[::1/",
        f"http://me:{SECRET}",
        f"http://me:{SECRET}/more@127.0.0.1:9/ds",
        f"http://me:12/{SECRET}@127.0.0.1:9/ds",
        f"http://me:12#{SECRET}@127.0.0.1:9/ds",
        f"http://me:12?{SECRET}@127.0.0.1:9/ds",
        f"http://me:{SECRET}?more@127.0.0.1:9/ds",
    ],
)
@pytest.mark.parametrize("option", ["--to", "--sparql"])
def test_an_address_that_is_refused_is_shown_without_its_password(
    option: str, url: str, release: Release
) -> None:
    good = "http://127.0.0.1:9/ds"
    given = {"--to": good, "--sparql": good, option: url}
    words = [word for pair in given.items() for word in pair]
    done = run(release.folder, "--store", "gsp", *words)
    assert isinstance(done.exception, UsageError), repr(done.exception)
    assert str(done.exception).startswith(f"{option}: expected ")
    assert SECRET not in all_said(done)
    assert "\n" not in str(done.exception)


def test_a_user_in_the_address_of_the_endpoint_is_refused(release: Release) -> None:
    url = f"http://me:{SECRET}@127.0.0.1:9/sparql"
    done = run(release.folder, "--store", "gsp", "--to", "http://127.0.0.1:9/", "--sparql", url)
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).startswith("--sparql: expected an address without a user")
    assert SECRET not in all_said(done)


@pytest.mark.whole
def test_nothing_that_a_load_says_or_keeps_has_the_password(
    release: Release, tmp_path: Path
) -> None:
    """It works, is refused, gets no answer, is cut, is redirected, proves false, finds a lock."""
    with graph_store(LAYOUT, FUSEKI) as server, troubling(server.url) as proxy:
        url = f"{proxy.url}/ds".replace("http://", f"http://me:{SECRET}@")
        to_itself = (("Location", f"{url}/data?graph=x"),)
        words = [release.folder, "--to", url, "--store", "fuseki", "--retries", 1]
        for trouble, code in (
            (Trouble("PUT", 302, to_itself), 2),
            (Trouble("PUT", 403), 2),
            (Trouble("PUT", 500), 0),
            (Trouble("POST", 200), 2),  # a query without an answer
            (Trouble("PUT", 200), 3),  # nothing is stored
        ):
            server.store.clear()
            proxy.troubles.append(trouble)
            done = run(*words)
            found = getattr(done.exception, "exit_code", done.exit_code)
            assert found == code, all_said(done)
            assert SECRET not in all_said(done)
            assert not proxy.troubles
        for more in ((), ("--replace",), ("--graph", "urn:pfocr:g")):
            done = run(*words, *more)
            assert SECRET not in all_said(done)
            assert done.exit_code == 0, all_said(done)
        wrong = run(release.folder, "--to", url.replace(SECRET, SECRET * 2), "--store", "fuseki")
        assert isinstance(wrong.exception, LoadError)
        assert "found 401" in str(wrong.exception)
        assert SECRET not in all_said(wrong)
    gone = run(*words)
    assert isinstance(gone.exception, LoadError)
    assert SECRET not in all_said(gone)
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert SECRET.encode() not in path.read_bytes()
        assert SECRET not in path.name


def test_a_recipe_has_no_password_that_was_given(release: Release) -> None:
    url = f"http://me:{SECRET}@127.0.0.1:9/ds"
    for store in ("virtuoso", "oxigraph", "fuseki", "graphdb", "qlever"):
        words = ("--to", url, "--auth", f"me:{SECRET}", "--store", store, "--recipe")
        done = run(release.folder, *words)
        assert done.exit_code == 0
        assert SECRET not in all_said(done)


def test_addresses_that_somebody_else_put_together_are_shown_without_it() -> None:
    """As a program does that uses the client by itself."""
    place = f"http://me:{SECRET}@127.0.0.1:9/ds?key={SECRET}"
    client = StoreClient(Endpoints(place, place, place), DIALECTS[StoreName.GSP], retries=0)
    with client:
        for ask in (
            lambda: client.count("?s ?p ?o"),
            lambda: client.delete(IRI(FIGURES)),
            lambda: client.update("DROP ALL"),
        ):
            with pytest.raises(LoadError) as caught:
                ask()
            assert SECRET not in str(caught.value)
        assert client.shown == "…@127.0.0.1:9/ds?…"
    with pytest.raises(UsageError, match="--to: expected an address without a user"):
        endpoints(StoreName.FUSEKI, f"http://me:{SECRET}@h/", "", with_auth=True)


def test_an_address_is_parsed() -> None:
    assert parse_address("--to", "http://[::1]:80/a") == Address("http://[::1]:80/a", "")
    assert parse_address("--to", "http://me:a@b:c@h/") == Address("http://h/", "me:a@b:c")
    assert parse_address("--to", "https://me@h") == Address("https://h", "me")
    check_address("--to", "https://h:1/path")


def test_an_address_without_a_secret_is_shown_as_it_is() -> None:
    for text in ("http://h:7878/ds", "localhost:7878", "http://[::1]:80/", "", "ftp://h/"):
        assert shown_address(text) == text
