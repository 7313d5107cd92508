"""Loads into a real Oxigraph server: killed, full, read while it is swapped."""

from __future__ import annotations

import resource
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from pfocr_rdf.errors import IntegrityError, LoadError
from pfocr_rdf.load.asking import how_to_ask
from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.load.loader import Step
from pfocr_rdf.load.stores import StoreName, store_of
from pfocr_rdf.load.transport import server_of
from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.release import Progress
from pfocr_rdf.release.files import Compression
from pfocr_rdf.release.opened import Release
from tests.support.command import in_process
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
from tests.support.stores import StoreServer, oxigraph, reading

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    """One server for the module."""
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server


@pytest.fixture
def server(store: StoreServer) -> StoreServer:
    """The server, empty."""
    requests.post(f"{store.url}/update", data={"update": "DROP ALL"}, timeout=60).raise_for_status()
    return store


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 60)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("other"), 75, caption="Newer. ")


def has(server: StoreServer, graph: str) -> set[tuple[str, str, str]]:
    answer = requests.get(
        f"{server.url}/store",
        params={"graph": graph},
        headers={"Accept": "application/n-triples"},
        timeout=60,
    )
    return quads_of(answer.content) if answer.status_code == 200 else set()


def assert_has(server: StoreServer, release: Release) -> None:
    assert has(server, FIGURES) == as_stores_have_it(triples_of(release))
    assert has(server, ALIGNMENT) == as_stores_have_it(triples_of(release, "alignment.ttl"))
    assert server.graphs() == {FIGURES, ALIGNMENT}


@pytest.mark.parametrize("compress", [True, False])
def test_a_release_arrives_whole(server: StoreServer, release: Release, compress: bool) -> None:
    result = load(release, make_client(StoreName.OXIGRAPH, server.url, compress=compress))
    assert result.sent > 5
    assert_has(server, release)


def test_long_and_hostile_texts_arrive_as_they_are(server: StoreServer, release: Release) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    ((length,),) = server.ask(
        f"SELECT (MAX(STRLEN(STR(?d))) AS ?n) WHERE {{ GRAPH <{FIGURES}> {{ ?s ?p ?d }} }}"
    )
    assert int(length) > 30_000  # characters, most of them of several bytes
    assert_has(server, release)  # every literal, character by character


def test_shards_of_quads_arrive_in_the_graph_that_was_asked_for(
    server: StoreServer, tmp_path: Path
) -> None:
    release = make_release(
        tmp_path,
        12,
        (FormatName.NQUADS,),
        compression=Compression.ZSTD,
        shard_size=4,
        release="r7",
    )
    assert len(release.dump()) > 3
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    assert_has(server, release)


def test_the_server_says_that_it_is_oxigraph(server: StoreServer) -> None:
    assert store_of(server_of(server.url)) is StoreName.OXIGRAPH


def test_a_server_killed_mid_load_has_all_after_the_next_run(
    server: StoreServer, release: Release
) -> None:
    seen = 0

    def kill(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 7:
            server.kill()

    with pytest.raises(LoadError, match="see whether the store runs there; the same command"):
        load(release, make_client(StoreName.OXIGRAPH, server.url, retries=1), kill)
    server.start()
    said: list[str] = []
    load(release, make_client(StoreName.OXIGRAPH, server.url), say=said.append)
    assert any(line.startswith(("going on after", "the store has")) for line in said)
    assert_has(server, release)


def test_a_server_that_comes_back_in_time_is_not_noticed(
    server: StoreServer, release: Release
) -> None:
    """It is away for some tries; the load waits and goes on by itself."""
    seen = 0
    tries: list[str] = []

    def kill(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 7:
            server.kill()

    def bring_back(line: str) -> None:
        tries.append(line)
        if len(tries) == 3:
            server.start()

    client = make_client(StoreName.OXIGRAPH, server.url, retries=8, say=bring_back)
    load(release, client, kill)
    assert len(tries) >= 3
    assert_has(server, release)


def test_readers_never_see_half_of_a_release_that_replaces_another(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    before, after = len(triples_of(release)), len(triples_of(other))
    assert before != after
    with reading(server, FIGURES) as seen:
        load(other, make_client(StoreName.OXIGRAPH, server.url), replace=True)
    assert set(seen) == {before, after}
    assert seen == sorted(seen, key=[before, after].index)
    assert_has(server, other)


def test_replace_works_on_an_empty_store_and_twice(
    server: StoreServer, release: Release, other: Release
) -> None:
    for each in (release, release, other):
        load(each, make_client(StoreName.OXIGRAPH, server.url), replace=True)
        assert_has(server, each)


def test_a_replace_that_ends_after_its_swap_leaves_no_temporary_graph(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))

    def stop(progress: Progress) -> None:
        if progress.step is Step.REMOVING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(other, make_client(StoreName.OXIGRAPH, server.url), stop, replace=True)
    assert has(server, FIGURES) == as_stores_have_it(triples_of(other))
    assert len(server.graphs()) > 2
    result = load(other, make_client(StoreName.OXIGRAPH, server.url), replace=True)
    assert result.sent == 0
    assert_has(server, other)


def test_a_swap_whose_answer_is_lost_is_looked_at_and_not_sent_again(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    with troubling(server.url) as proxy:
        proxy.only = "/update"
        proxy.troubles.append(Trouble("POST", cut=True, asks=True))
        load(other, make_client(StoreName.OXIGRAPH, proxy.url), replace=True)
        assert not proxy.troubles
    assert_has(server, other)


def test_a_temporary_graph_that_was_emptied_is_never_swapped_in(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))

    def meddle(progress: Progress) -> None:
        if progress.step is Step.SWAPPING:
            for graph in server.graphs():
                if "/loading-" in graph:
                    place = f"{server.url}/store"
                    requests.delete(place, params={"graph": graph}, timeout=60).raise_for_status()

    with pytest.raises(IntegrityError, match="nothing was swapped, what was there before is unt"):
        load(other, make_client(StoreName.OXIGRAPH, server.url), meddle, replace=True)
    assert_has(server, release)
    load(other, make_client(StoreName.OXIGRAPH, server.url), replace=True)
    assert_has(server, other)


def test_a_swap_that_is_refused_is_told_from_one_that_is_done_all_the_same(
    server: StoreServer, release: Release, tmp_path: Path
) -> None:
    """With a release of the same counts, so that only the triples can tell."""
    twin = make_release(tmp_path, 60, caption="Twin. ")
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    with troubling(server.url) as proxy:
        proxy.troubles.append(Trouble("POST", 500, path="/update"))
        with pytest.raises(LoadError, match="what was there before is untouched"):
            load(twin, make_client(StoreName.OXIGRAPH, proxy.url), replace=True)
        assert has(server, FIGURES) == as_stores_have_it(triples_of(release))
        proxy.troubles.append(Trouble("POST", 500, asks=True, path="/update"))
        said: list[str] = []
        load(twin, make_client(StoreName.OXIGRAPH, proxy.url), say=said.append, replace=True)
    assert any("said that it would not swap, and has done it" in line for line in said)
    assert_has(server, twin)


def test_a_release_of_the_same_counts_is_swapped_in_too(
    server: StoreServer, release: Release, tmp_path: Path
) -> None:
    twin = make_release(tmp_path, 60, caption="Twin. ")
    assert twin.triples == release.triples
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    load(twin, make_client(StoreName.OXIGRAPH, server.url), replace=True)
    assert_has(server, twin)


def test_a_read_only_server_is_said(tmp_path: Path, release: Release) -> None:
    with oxigraph(tmp_path / "empty") as writable:
        writable.kill()
        writable._command = [
            part if part != "serve" else "serve-read-only" for part in writable._command
        ]
        writable.start()
        with pytest.raises(LoadError, match=r"found 40\d.*read-only") as caught:
            load(release, make_client(StoreName.OXIGRAPH, writable.url))
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_said_and_the_load_goes_on_when_there_is_room(
    tmp_path: Path, other: Release
) -> None:
    """The nearest to a full disk that needs no mount: files may not grow past 200 kB."""
    limit = 200_000

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    with oxigraph(tmp_path / "full", prepare=small_files) as full:
        with pytest.raises(LoadError) as caught:
            load(other, make_client(StoreName.OXIGRAPH, full.url, retries=1))
        assert "\n" not in str(caught.value)
        full.kill()
        full.prepare = None
        full.start()
        load(other, make_client(StoreName.OXIGRAPH, full.url))
        assert_has(full, other)


def test_a_body_that_is_broken_changes_nothing(server: StoreServer, release: Release) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    answer = requests.put(
        f"{server.url}/store",
        params={"graph": FIGURES},
        data=b"<urn:a> <urn:b> <urn:c> .\n<urn:bad> <urn:p> oops .\n",
        headers={"Content-Type": "application/n-triples"},
        timeout=60,
    )
    assert answer.status_code == 400
    assert_has(server, release)


def test_numbers_are_written_otherwise_and_none_is_lost(
    server: StoreServer, release: Release
) -> None:
    """Oxigraph makes 0.250 of 0.25; the counts hold all the same."""
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    rows = server.ask(
        f"SELECT ?n WHERE {{ GRAPH <{FIGURES}> {{ ?s <https://w3id.org/pfocr/vocab#pathwayScore> ?n }} }}"
    )
    assert len(rows) == 60
    assert not [value for (value,) in rows if value.endswith("0")]


def test_what_somebody_adds_meanwhile_is_found(server: StoreServer, release: Release) -> None:
    def add(progress: Progress) -> None:
        if progress.step is not Step.LOADING:
            return
        update = f"INSERT DATA {{ GRAPH <{FIGURES}> {{ <urn:a> <urn:b> <urn:c> }} }}"
        requests.post(f"{server.url}/update", data={"update": update}, timeout=60)

    with pytest.raises(IntegrityError, match=r"expected [\d,]+ triples, found [\d,]+"):
        load(release, make_client(StoreName.OXIGRAPH, server.url), add)


def test_the_line_that_a_load_ends_with_asks_this_store(
    server: StoreServer, release: Release
) -> None:
    """Without its graphs Oxigraph answers nothing: its default graph is empty."""
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    line = how_to_ask(server.query, [FIGURES, ALIGNMENT], "coverage")
    name, _, curl = line.partition(" | ")
    query = load_questions()[name.split()[2]].text
    address, *rest = shlex.split(curl)[1:]
    fields = [each.partition("=")[::2] for each in rest if each.partition("=")[1]]
    json_rows = {"Accept": "application/sparql-results+json"}
    answers = [
        requests.post(address, data=[("query", query), *named], headers=json_rows, timeout=60)
        for named in (fields, [])
    ]
    named, unnamed = (
        [
            row["figures"]["value"]
            for row in answer.json()["results"]["bindings"]
            if "figures" in row
        ]
        for answer in answers
    )
    assert any(int(number) for number in named)
    assert not any(int(number) for number in unnamed)


def assert_default_has(server: StoreServer, release: Release) -> None:
    answer = requests.get(
        f"{server.url}/store?default", headers={"Accept": "application/n-triples"}, timeout=60
    )
    assert quads_of(answer.content) == as_stores_have_it(triples_of(release))
    assert has(server, ALIGNMENT) == as_stores_have_it(triples_of(release, "alignment.ttl"))
    assert server.graphs() == {ALIGNMENT}


def test_the_command_puts_figures_into_the_default_graph_and_says_how_to_ask(
    server: StoreServer, release: Release
) -> None:
    done = in_process("load", release.folder, "--to", server.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"the default graph at {server.url}: ")
    assert done.stdout.rstrip().endswith(f"curl {server.query} --data-urlencode query@-")
    assert_default_has(server, release)
    again = in_process("load", release.folder, "--to", server.url)
    assert "the store has this release already; nothing was sent" in again.stderr


def test_readers_of_the_default_graph_never_see_half_of_a_release(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url), graph=DEFAULT_GRAPH)
    before, after = len(triples_of(release)), len(triples_of(other))
    with pytest.raises(LoadError, match="the default graph: expected an empty graph"):
        load(other, make_client(StoreName.OXIGRAPH, server.url), graph=DEFAULT_GRAPH)
    with reading(server, "") as seen:
        load(other, make_client(StoreName.OXIGRAPH, server.url), graph=DEFAULT_GRAPH, replace=True)
    assert set(seen) == {before, after}
    assert seen == sorted(seen, key=[before, after].index)
    assert_default_has(server, other)


def test_a_load_into_the_named_graph_is_not_left_beside_the_default_one(
    server: StoreServer, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.OXIGRAPH, server.url))
    with pytest.raises(LoadError, match="expected no release beside the default graph"):
        load(other, make_client(StoreName.OXIGRAPH, server.url), graph=DEFAULT_GRAPH)
    assert_has(server, release)

    def stop(progress: Progress) -> None:
        if progress.step is Step.REMOVING:
            raise KeyboardInterrupt

    client = make_client(StoreName.OXIGRAPH, server.url)
    with pytest.raises(KeyboardInterrupt):
        load(other, client, stop, graph=DEFAULT_GRAPH, replace=True)
    assert server.count("") == len(triples_of(other))
    assert server.count(FIGURES) == len(triples_of(release)), "until the swap, and after it failed"
    load(other, make_client(StoreName.OXIGRAPH, server.url), graph=DEFAULT_GRAPH, replace=True)
    assert_default_has(server, other)


def test_what_is_no_release_is_not_swapped_out_of_the_default_graph(
    server: StoreServer, release: Release
) -> None:
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    requests.post(f"{server.url}/update", data={"update": update}, timeout=60).raise_for_status()
    with pytest.raises(LoadError, match="expected a release or nothing, found 1 triples of some"):
        load(
            release, make_client(StoreName.OXIGRAPH, server.url), graph=DEFAULT_GRAPH, replace=True
        )
    assert server.count("") == 1
