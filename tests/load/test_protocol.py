"""Every request a store gets: what the strict server and the troubling proxy have to say.

Fuseki, GraphDB and QLever cannot be run here; these tests are all that stands for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.errors import IntegrityError, LoadError, UsageError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.load.loader import Step
from pfocr_rdf.load.slices import Slice
from pfocr_rdf.load.stores import DIALECTS, AuthScheme, Endpoints, StoreName, endpoints, store_of
from pfocr_rdf.load.transport import Credentials, server_of
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.release import Progress
from pfocr_rdf.release.opened import Release
from tests.support.graph_store import (
    GraphStore,
    Layout,
    Trouble,
    TroubleProxy,
    basic,
    graph_store,
    troubling,
)
from tests.support.loads import (
    ALIGNMENT,
    FIGURES,
    as_stores_have_it,
    assert_has,
    graph_of,
    graphs_of,
    interrupted_load,
    load,
    make_client,
    make_release,
    triples_of,
)

LAYOUTS = {
    StoreName.FUSEKI: Layout("/pfocr/data", "/pfocr/query", "/pfocr/update", basic("me", "pw")),
    StoreName.GRAPHDB: Layout(
        "/repositories/pfocr/rdf-graphs/service",
        "/repositories/pfocr",
        "/repositories/pfocr/statements",
        basic("me", "pw"),
    ),
    StoreName.QLEVER: Layout("/", "/", "/", "Bearer me:pw"),
    StoreName.GSP: Layout("/any/graphs", "/any/sparql", "/any/sparql", basic("me", "pw")),
}
PATHS = {
    StoreName.FUSEKI: "/pfocr",
    StoreName.GRAPHDB: "/repositories/pfocr",
    StoreName.QLEVER: "/",
    StoreName.GSP: "/any/graphs",
}
PLAIN = Layout("/data", "/query", "/update")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 20)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("other"), 23, caption="Newer. ")


@pytest.fixture
def server() -> Iterator[GraphStore]:
    """A strict server with the paths of Fuseki, for anybody."""
    with graph_store(PLAIN) as running:
        yield running


@pytest.fixture
def proxy(server: GraphStore) -> Iterator[TroubleProxy]:
    with troubling(server.url) as running:
        running.only = "/data"
        yield running


def client_of(store: StoreName, url: str, **options: object) -> StoreClient:
    sparql = url + "/any/sparql" if store is StoreName.GSP else ""
    return make_client(store, url + PATHS[store], "me:pw", sparql, **options)


@pytest.mark.parametrize("store", LAYOUTS)
def test_stores_that_cannot_run_here_get_what_the_protocol_says(
    store: StoreName, release: Release, other: Release
) -> None:
    with graph_store(LAYOUTS[store]) as server:
        result = load(release, client_of(store, server.url))
        assert_has(server, release)
        writes = [r for r in server.seen if r.method in {"PUT", "POST"}]
        assert [r.method for r in writes] == ["PUT", *["POST"] * (len(writes) - 2), "PUT"]
        assert len(writes) == result.sent > 4
        assert {r.graph for r in writes} == {FIGURES, ALIGNMENT}
        if DIALECTS[store].moves:
            load(other, client_of(store, server.url), replace=True)
            assert_has(server, other)
        else:
            with pytest.raises(UsageError, match="--replace: this store has no MOVE"):
                load(other, client_of(store, server.url), replace=True)
            assert_has(server, release)
        assert server.complaints == []


@pytest.mark.parametrize("name", FormatName)
def test_every_format_arrives_the_same(
    name: FormatName, server: GraphStore, tmp_path: Path
) -> None:
    release = make_release(tmp_path, 6, (name,))
    load(release, make_client(StoreName.FUSEKI, server.url))
    assert_has(server, release)
    assert server.complaints == []


def test_no_body_is_larger_than_it_may_be(server: GraphStore, release: Release) -> None:
    load(release, make_client(StoreName.FUSEKI, server.url), slice_size=60_000)
    assert max(r.length for r in server.seen) <= 60_000


def test_what_is_left_out_is_not_sent(server: GraphStore, release: Release) -> None:
    result = load(
        release,
        make_client(StoreName.FUSEKI, server.url),
        void=False,
        alignment=False,
        graph=IRI("urn:pfocr:g"),
    )
    dump = triples_of(release, release.dump()[0].name)
    assert graph_of(server, "urn:pfocr:g") == as_stores_have_it(dump)
    assert [part.triples for part in result.parts] == [len(dump)]
    assert {r.graph for r in server.seen} <= {"urn:pfocr:g", ""}


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "does not take these data"),
        (403, "may not do it"),
        (404, "--to and --store"),
        (413, "smaller --slice-size"),
        (415, "--store"),
        (507, "has no room"),
    ],
)
def test_a_permanent_refusal_ends_at_once_and_says_what_to_do(
    status: int, advice: str, proxy: TroubleProxy, release: Release
) -> None:
    proxy.troubles.extend([Trouble("POST", status)] * 9)
    said: list[str] = []
    with pytest.raises(LoadError, match=advice) as caught:
        load(release, make_client(StoreName.FUSEKI, proxy.url, say=said.append))
    assert "\n" not in str(caught.value)
    assert f"found {status}" in str(caught.value)
    assert len(proxy.troubles) == 8
    assert said == []


def test_a_wrong_password_ends_at_once(release: Release) -> None:
    with graph_store(LAYOUTS[StoreName.FUSEKI]) as server:
        client = make_client(StoreName.FUSEKI, server.url + "/pfocr", "me:wrong")
        with pytest.raises(LoadError, match=r"found 401.*give --auth USER:PASSWORD"):
            load(release, client)
        assert len(server.store) == 0


@pytest.mark.whole
@pytest.mark.parametrize(
    "troubles",
    [
        [Trouble("POST", 500), Trouble("POST", 503), Trouble("POST", 502), Trouble("PUT", 504)],
        [Trouble("PUT", 500), Trouble("POST", 429, (("Retry-After", "0"),))],
        [Trouble("POST", cut=True), Trouble("POST", cut=True, asks=True), Trouble("PUT", cut=True)],
        [Trouble("PUT", 503, asks=True), Trouble("POST", 503, asks=True)],
        [Trouble("POST", after=0.5)],
    ],
    ids=["errors", "too many", "cut", "done but not said", "slow"],
)
def test_passing_trouble_loses_and_doubles_nothing(
    troubles: list[Trouble], proxy: TroubleProxy, server: GraphStore, release: Release
) -> None:
    proxy.troubles.extend(troubles)
    said: list[str] = []
    load(release, make_client(StoreName.FUSEKI, proxy.url, say=said.append))
    assert not proxy.troubles
    assert_has(server, release)
    assert len(said) == sum(1 for each in troubles if each.status or each.cut)
    assert all("trying again" in line for line in said)


def test_a_silent_store_is_asked_again(
    proxy: TroubleProxy, server: GraphStore, release: Release
) -> None:
    """It never answers one request; others may also be slow here, and are asked again too."""
    proxy.troubles.append(Trouble("POST", silent=True))
    said: list[str] = []
    load(release, make_client(StoreName.FUSEKI, proxy.url, timeout=2.0, say=said.append))
    assert not proxy.troubles
    assert_has(server, release)
    assert any("timed out" in line.lower() for line in said)


def test_trouble_that_does_not_pass_ends_the_load_and_the_next_one_goes_on(
    proxy: TroubleProxy, server: GraphStore, release: Release
) -> None:
    client = make_client(StoreName.FUSEKI, proxy.url, retries=2)
    seen = 0

    def fail_later(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 9:
            proxy.troubles.extend([Trouble("POST", 503)] * 3)

    with pytest.raises(LoadError, match=r"found 503.*the same command goes on where it was"):
        load(release, client, fail_later)
    before = sum(r.method in {"PUT", "POST"} for r in server.seen)
    said: list[str] = []
    result = load(release, make_client(StoreName.FUSEKI, proxy.url), say=said.append)
    assert result.skipped == before > 2
    assert result.sent > 2
    assert said == [f"going on after {before} slices that the store has"]
    assert_has(server, release)


def test_a_store_that_forgot_what_it_confirmed_gets_all_again(
    proxy: TroubleProxy, server: GraphStore, release: Release
) -> None:
    interrupted_load(release, make_client(StoreName.FUSEKI, proxy.url))
    server.store.clear()
    said: list[str] = []
    result = load(release, make_client(StoreName.FUSEKI, proxy.url), say=said.append)
    assert result.skipped == 0
    assert "starting over" in said[0]
    assert_has(server, release)


def test_no_resume_starts_over(proxy: TroubleProxy, server: GraphStore, release: Release) -> None:
    interrupted_load(release, make_client(StoreName.FUSEKI, proxy.url))
    result = load(release, make_client(StoreName.FUSEKI, proxy.url), resume=False)
    assert result.skipped == 0
    assert_has(server, release)


def test_a_second_load_sends_nothing(server: GraphStore, release: Release) -> None:
    load(release, make_client(StoreName.FUSEKI, server.url))
    said: list[str] = []
    result = load(release, make_client(StoreName.FUSEKI, server.url), say=said.append)
    assert result.sent == 0
    assert said == ["the store has this release already; nothing was sent"]
    assert_has(server, release)


def test_a_graph_with_something_else_is_refused(
    server: GraphStore, release: Release, other: Release
) -> None:
    load(release, make_client(StoreName.FUSEKI, server.url))
    with pytest.raises(
        LoadError, match=r"expected an empty graph, found [\d,]+ triples.*--replace"
    ):
        load(other, make_client(StoreName.FUSEKI, server.url))
    assert_has(server, release)


@pytest.mark.whole
def test_a_release_of_the_same_counts_is_not_taken_for_the_same(
    server: GraphStore, release: Release, tmp_path: Path
) -> None:
    twin = make_release(tmp_path, 20, caption="Twin. ")
    assert twin.triples == release.triples
    load(release, make_client(StoreName.FUSEKI, server.url))
    with pytest.raises(LoadError, match="expected an empty graph"):
        load(twin, make_client(StoreName.FUSEKI, server.url))
    load(twin, make_client(StoreName.FUSEKI, server.url), replace=True)
    assert_has(server, twin)


@pytest.mark.whole
def test_what_somebody_else_has_loaded_meanwhile_is_not_overwritten(
    proxy: TroubleProxy, server: GraphStore, release: Release, other: Release, tmp_path: Path
) -> None:
    interrupted_load(release, make_client(StoreName.FUSEKI, proxy.url))
    # By another address, so that the notes of the first load know nothing of it.
    load(other, make_client(StoreName.FUSEKI, server.url), replace=True)
    for mine in (release, make_release(tmp_path, 5)):
        with pytest.raises(LoadError, match="expected an empty graph"):
            load(mine, make_client(StoreName.FUSEKI, proxy.url))
        assert_has(server, other)


def test_a_graph_by_its_final_name_is_no_leftover(
    proxy: TroubleProxy, server: GraphStore, release: Release, other: Release
) -> None:
    interrupted_load(release, make_client(StoreName.FUSEKI, proxy.url))
    load(other, make_client(StoreName.FUSEKI, server.url), replace=True)
    with pytest.raises(LoadError, match="expected an empty graph"):
        load(release, make_client(StoreName.FUSEKI, proxy.url), alignment=False)
    assert_has(server, other)


@pytest.mark.whole
def test_what_a_store_lost_with_success_is_found(
    proxy: TroubleProxy, server: GraphStore, release: Release
) -> None:
    proxy.troubles.append(Trouble("POST", 200))  # and nothing is stored
    with pytest.raises(IntegrityError, match=r"expected [\d,]+ triples, found [\d,]+; ") as caught:
        load(release, make_client(StoreName.FUSEKI, proxy.url), void=False)
    assert caught.value.exit_code == 3
    assert "entities of <" in str(caught.value)
    load(release, make_client(StoreName.FUSEKI, proxy.url), void=False)  # starts over
    load(release, make_client(StoreName.FUSEKI, proxy.url), replace=True)
    assert_has(server, release)


def test_a_triple_more_is_found(server: GraphStore, release: Release) -> None:
    def add(progress: Progress) -> None:
        if progress.step is Step.LOADING:
            server.store.update(
                f"INSERT DATA {{ GRAPH <{FIGURES}> {{ <urn:a> <urn:b> <urn:c> }} }}"
            )

    with pytest.raises(IntegrityError, match="triples, found"):
        load(release, make_client(StoreName.FUSEKI, server.url), add)


def test_a_redirection_is_not_followed(proxy: TroubleProxy, release: Release) -> None:
    proxy.troubles.append(Trouble("PUT", 302, (("Location", "https://elsewhere.example/"),)))
    with pytest.raises(LoadError, match=r"a redirection to https://elsewhere.example/"):
        load(release, make_client(StoreName.FUSEKI, proxy.url))


def test_a_partial_count_is_not_believed(proxy: TroubleProxy, release: Release) -> None:
    proxy.only = "/query"
    proxy.troubles.append(Trouble("POST", 200, (("X-SQL-State", "S1TAT"),)))
    with pytest.raises(LoadError, match=r"expected a whole answer.*MaxQueryExecutionTime"):
        load(release, make_client(StoreName.FUSEKI, proxy.url))


def test_an_answer_that_is_no_result_is_refused(proxy: TroubleProxy, release: Release) -> None:
    proxy.only = "/query"
    proxy.troubles.append(Trouble("POST", 200))
    with pytest.raises(LoadError, match="expected SPARQL results in JSON"):
        load(release, make_client(StoreName.FUSEKI, proxy.url))


def test_the_default_graph_is_filled_and_swapped_where_a_store_has_one(
    server: GraphStore, release: Release, other: Release
) -> None:
    for each, replace in ((release, False), (other, True)):
        client = make_client(StoreName.FUSEKI, server.url)
        load(each, client, graph=DEFAULT_GRAPH, replace=replace)
        quads = server.store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
        assert sum(1 for _ in quads) == len(triples_of(each))
        assert graphs_of(server) == {ALIGNMENT}
    assert not server.complaints


@pytest.mark.parametrize("store", [StoreName.VIRTUOSO, StoreName.GRAPHDB, StoreName.QLEVER])
def test_a_default_graph_of_all_graphs_together_cannot_be_filled(
    store: StoreName, release: Release
) -> None:
    client = make_client(store, "http://127.0.0.1:1", "a:b")
    with pytest.raises(UsageError, match="--graph: expected an IRI, found default"):
        load(release, client, graph=DEFAULT_GRAPH)
    assert DIALECTS[store].graph == FIGURES
    assert DIALECTS[StoreName.OXIGRAPH].graph == DEFAULT_GRAPH


def test_nobody_there_is_said(release: Release) -> None:
    client = make_client(StoreName.FUSEKI, "http://127.0.0.1:9/ds", retries=1)
    with pytest.raises(
        LoadError, match=r"expected an answer, .*refused.*see whether the store runs"
    ):
        load(release, client)


def test_two_loads_into_one_graph_do_not_run_at_once(server: GraphStore, release: Release) -> None:
    def another(_: object) -> None:
        with pytest.raises(LoadError, match="expected no other load of it"):
            load(release, make_client(StoreName.FUSEKI, server.url))

    load(release, make_client(StoreName.FUSEKI, server.url), another)
    assert_has(server, release)


def test_slices_have_a_least_and_a_largest_size(release: Release) -> None:
    with pytest.raises(UsageError, match="expected 10,000 bytes or more"):
        load(release, make_client(StoreName.FUSEKI, "http://127.0.0.1:9"), slice_size=10)
    with pytest.raises(UsageError, match="expected 30,000,000 bytes or fewer"):
        load(release, make_client(StoreName.VIRTUOSO, "http://127.0.0.1:9"), slice_size=40_000_000)


@pytest.mark.parametrize("given", ["/", "", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth"])
def test_any_address_of_virtuoso_is_virtuoso(given: str) -> None:
    places = endpoints(StoreName.VIRTUOSO, f"http://h:8890{given}", "", with_auth=True)
    assert places == Endpoints(
        "http://h:8890/sparql-graph-crud-auth",
        "http://h:8890/sparql-auth",
        "http://h:8890/sparql-auth",
    )


@pytest.mark.parametrize(
    "url", ["localhost:7878", "ftp://h/", "http://", "http://h/?graph=urn:x", "http://h/#x"]
)
def test_what_is_no_address_of_a_store_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--to: expected"):
        endpoints(StoreName.OXIGRAPH, url, "", with_auth=False)


def test_a_graph_store_alone_cannot_be_asked() -> None:
    with pytest.raises(UsageError, match="--sparql: expected"):
        endpoints(StoreName.GSP, "http://h/store", "", with_auth=False)


def test_a_server_is_told_by_its_name() -> None:
    for name, store in (
        ("Oxigraph/0.5.13", StoreName.OXIGRAPH),
        ("Virtuoso/07.20.3229 (Linux) x86_64", StoreName.VIRTUOSO),
        ("Apache Jena Fuseki (4.5.0)", StoreName.FUSEKI),
        ("nginx", None),
        ("", None),
    ):
        assert store_of(name) is store
        if name:
            with graph_store(PLAIN, name) as server:
                assert server_of(server.url).startswith(name.split()[0])


def test_credentials_reach_the_store_as_they_are() -> None:
    with graph_store(Layout("/", "/q", "/u", basic("bjørn", "pæss:wörd"))) as server:
        who = Credentials("bjørn", "pæss:wörd", AuthScheme.BASIC)
        places = Endpoints(server.url + "/", server.url + "/q", server.url + "/u")
        with StoreClient(places, DIALECTS[StoreName.GSP], who, retries=0) as client:
            client.put(IRI("urn:g"), Slice(b"<urn:a> <urn:b> <urn:c> .\n", "text/turtle", 0))
            assert client.count("GRAPH <urn:g> { ?s ?p ?o }") == 1
        assert server.complaints == []
