"""Loads into a real Virtuoso, and the ways in which it loses data with a status of success."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.auth import HTTPDigestAuth

from pfocr_rdf.errors import InputError, IntegrityError, LoadError
from pfocr_rdf.load.slices import Slice
from pfocr_rdf.load.stores import StoreName, store_of
from pfocr_rdf.load.transport import server_of
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.release.opened import Release
from tests.support.graph_store import Trouble, troubling
from tests.support.loads import (
    ALIGNMENT,
    FIGURES,
    as_stores_have_it,
    load,
    make_client,
    make_release,
    quads_of,
    triples_of,
)
from tests.support.stores import StoreServer, reading, virtuoso

AUTH = "dba:dba"
MAX_ROWS = 40

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    """One server for the module."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server


@pytest.fixture
def server(store: StoreServer) -> StoreServer:
    """The server, without our graphs."""
    for graph in store.graphs():
        write(store, "DELETE", graph)
    return store


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 40)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("other"), 50, caption="Newer. ")


def write(
    server: StoreServer, method: str, graph: str, data: object = b"", type_: str = "text/turtle"
) -> requests.Response:
    """Send a request as somebody would who knows no better."""
    return requests.request(
        method,
        f"{server.url}/sparql-graph-crud-auth",
        params={"graph-uri": graph},
        data=data,  # type: ignore[arg-type]
        headers={"Content-Type": type_},
        auth=HTTPDigestAuth("dba", "dba"),
        timeout=120,
    )


def has(server: StoreServer, graph: str) -> set[tuple[str, str, str]]:
    """Return all that a graph has; this server does not cut its answers."""
    answer = requests.get(
        server.query,
        params={"query": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"},
        headers={"Accept": "application/n-triples"},
        timeout=120,
    )
    answer.raise_for_status()
    return quads_of(answer.content)


def assert_has(server: StoreServer, release: Release) -> None:
    assert has(server, FIGURES) == as_stores_have_it(triples_of(release))
    assert has(server, ALIGNMENT) == as_stores_have_it(triples_of(release, "alignment.ttl"))
    assert server.graphs() == {FIGURES, ALIGNMENT}


def isql(server: StoreServer, text: str) -> str:
    run = subprocess.run(
        [
            "isql-vt",
            f"127.0.0.1:{server.sql}",
            "dba",
            "dba",
            "VERBOSE=OFF",
            "BANNER=OFF",
            "PROMPT=OFF",
            "ERRORS=STDOUT",
            f"exec={text}",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return run.stdout + run.stderr


@pytest.mark.parametrize("name", [FormatName.TURTLE, FormatName.NTRIPLES, FormatName.JSONLD])
def test_a_release_arrives_whole(server: StoreServer, name: FormatName, tmp_path: Path) -> None:
    release = make_release(tmp_path, 30, (name,))
    result = load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    assert result.sent > 4
    assert_has(server, release)  # with captions of 50 kB, quotes, lines, every script


def test_a_line_longer_than_virtuoso_looks_at_arrives(server: StoreServer, tmp_path: Path) -> None:
    """It guesses the syntax by the first 64 KiB, and refuses a body that is one long line there."""
    line = f'<urn:pfocr:s> <urn:pfocr:p> "{"α" * 100_000}" .\n'.encode()
    refused = write(server, "PUT", "urn:pfocr:long", line, "application/n-triples")
    assert refused.status_code >= 400
    file = tmp_path / "pfocr.nt"
    file.write_bytes(line)
    from pfocr_rdf.load.slices import slices_of

    (piece,) = slices_of(file, 1_000_000, opening=True)
    with make_client(StoreName.VIRTUOSO, server.url, AUTH) as client:
        client.put(IRI("urn:pfocr:long"), piece)
    assert server.count("urn:pfocr:long") == 1


def test_the_server_says_that_it_is_virtuoso(server: StoreServer) -> None:
    assert store_of(server_of(server.url)) is StoreName.VIRTUOSO


@pytest.mark.parametrize("auth", ["dba:wrong", "nobody:dba", ""])
def test_a_wrong_password_ends_at_once_and_says_what_to_do(
    server: StoreServer, release: Release, auth: str
) -> None:
    said: list[str] = []
    client = make_client(StoreName.VIRTUOSO, server.url, auth, say=said.append)
    with pytest.raises(LoadError, match=r"found 40[13].*--auth") as caught:
        load(release, client)
    assert "\n" not in str(caught.value)
    assert said == []
    assert server.graphs() == set()


def test_basic_authentication_is_refused_and_said(server: StoreServer, release: Release) -> None:
    from pfocr_rdf.load.client import StoreClient
    from pfocr_rdf.load.stores import DIALECTS, AuthScheme, endpoints
    from pfocr_rdf.load.transport import Credentials

    places = endpoints(StoreName.VIRTUOSO, server.url, "", with_auth=True)
    who = Credentials("dba", "dba", AuthScheme.BASIC)
    client = StoreClient(places, DIALECTS[StoreName.VIRTUOSO], who, retries=0)
    with pytest.raises(LoadError, match=r"found 401.*--auth-scheme"):
        load(release, client)


def test_a_chunked_body_is_lost_with_success_and_ours_has_a_length(server: StoreServer) -> None:
    triple = b"<urn:pfocr:a> <urn:pfocr:b> <urn:pfocr:c> .\n"
    answer = write(server, "PUT", "urn:pfocr:chunked", iter([triple]))
    assert 200 <= answer.status_code < 300, "the trap is not as it was"
    assert server.count("urn:pfocr:chunked") == 0
    with make_client(StoreName.VIRTUOSO, server.url, AUTH) as client:
        client.put(IRI("urn:pfocr:chunked"), Slice(triple, "text/turtle", 0))
    assert server.count("urn:pfocr:chunked") == 1


def test_a_malformed_triple_is_taken_with_success_and_the_proof_finds_it(
    server: StoreServer, release: Release
) -> None:
    answer = write(
        server,
        "PUT",
        "urn:pfocr:malformed",
        b"<urn:pfocr:a> <urn:pfocr:b> <urn:pfocr:c> .\n<urn:pfocr:bad> <urn:pfocr:p> oops .\n"
        b"<urn:pfocr:d> <urn:pfocr:e> <urn:pfocr:f> .\n",
        "application/n-triples",
    )
    assert 200 <= answer.status_code < 300, "the trap is not as it was"
    # It made an IRI of the word, so that no count could tell.
    assert server.count("urn:pfocr:malformed") == 3
    ((made,),) = server.ask(
        "SELECT ?o WHERE { GRAPH <urn:pfocr:malformed> { <urn:pfocr:bad> ?p ?o } }"
    )
    assert made.endswith("oops")

    # On its way to the store, a figure's paper becomes such a word.
    with troubling(server.url) as proxy:
        proxy.change = lambda body: body.replace(
            b"schema:isPartOf pmc:PMC1 ", b"schema:isPartOf oops "
        )
        with pytest.raises(IntegrityError, match=r"expected no <http://schema.org/isPartOf>") as e:
            load(release, make_client(StoreName.VIRTUOSO, proxy.url, AUTH))
    assert e.value.exit_code == 3
    assert "oops" in str(e.value)


def test_a_class_that_is_misread_is_found_by_its_count(
    server: StoreServer, release: Release
) -> None:
    with troubling(server.url) as proxy:
        proxy.change = lambda body: body.replace(b"a schema:ScholarlyArticle ;", b"a oops ;", 1)
        expected = r"expected 41 entities of <http://schema.org/ScholarlyArticle>, found \d+"
        with pytest.raises(IntegrityError, match=expected):
            load(release, make_client(StoreName.VIRTUOSO, proxy.url, AUTH))


def test_a_file_with_a_malformed_triple_is_never_sent(server: StoreServer, tmp_path: Path) -> None:
    release = make_release(tmp_path, 3)
    path = release.path(release.dump()[0])
    path.write_bytes(path.read_bytes().replace(b"pmc:PMC1 ", b"oops____ ", 1))
    with pytest.raises(InputError, match="expected the file that the manifest lists"):
        load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    assert server.graphs() == set()


def test_results_are_cut_and_the_proof_still_holds(tmp_path: Path, release: Release) -> None:
    with virtuoso(tmp_path / "cut", max_rows=MAX_ROWS) as server:
        load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
        rows = server.ask(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{FIGURES}> {{ ?s ?p ?o }} }}")
        assert len(rows) == MAX_ROWS, "the trap is not as it was"
        got = write(server, "GET", FIGURES)
        assert got.status_code == 200
        assert server.count(FIGURES) == len(triples_of(release)) > MAX_ROWS


def test_passing_trouble_loses_and_doubles_nothing(server: StoreServer, release: Release) -> None:
    said: list[str] = []
    with troubling(server.url) as proxy:
        proxy.only = "/sparql-graph-crud"
        proxy.troubles.extend(
            [
                Trouble("PUT", 503),
                Trouble("POST", cut=True, asks=True),
                Trouble("POST", 500),
                Trouble("POST", 429, (("Retry-After", "0"),)),
                Trouble("POST", after=1.0),
            ]
        )
        load(release, make_client(StoreName.VIRTUOSO, proxy.url, AUTH, say=said.append))
        assert not proxy.troubles
    assert len(said) == 4
    assert_has(server, release)


def test_a_server_killed_mid_load_has_all_after_the_next_run(
    server: StoreServer, release: Release
) -> None:
    seen = 0

    def kill(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 8:
            server.kill()

    with pytest.raises(LoadError, match="see whether the store runs there; the same command"):
        load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH, retries=1), kill)
    server.start()
    said: list[str] = []
    load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH), say=said.append)
    assert any(line.startswith(("going on after", "the store has")) for line in said)
    assert_has(server, release)


def test_a_second_load_doubles_nothing(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    assert load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH)).sent == 0
    with pytest.raises(LoadError, match=r"expected an empty graph, found [\d,]+ triples"):
        load(other, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    assert_has(server, release)


def test_readers_never_see_half_of_a_release_that_replaces_another(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    before, after = len(triples_of(release)), len(triples_of(other))
    assert before != after
    with reading(server, FIGURES) as seen:
        load(other, make_client(StoreName.VIRTUOSO, server.url, AUTH), replace=True)
    assert set(seen) == {before, after}
    assert seen == sorted(seen, key=[before, after].index)
    assert_has(server, other)


def test_an_interrupted_replace_leaves_the_old_release_and_then_no_orphan(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    seen = 0

    def stop(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(other, make_client(StoreName.VIRTUOSO, server.url, AUTH), stop, replace=True)
    assert has(server, FIGURES) == as_stores_have_it(triples_of(release))
    load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH), replace=True)
    assert_has(server, release)


def test_numbers_are_written_otherwise_and_none_is_lost(
    server: StoreServer, release: Release
) -> None:
    load(release, make_client(StoreName.VIRTUOSO, server.url, AUTH))
    rows = server.ask(
        f"SELECT ?n WHERE {{ GRAPH <{FIGURES}> {{ ?s <https://w3id.org/pfocr/vocab#pathwayScore> ?n }} }}"
    )
    assert len(rows) == 40
    assert not [value for (value,) in rows if value.endswith("0")]
