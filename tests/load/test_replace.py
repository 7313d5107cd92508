"""`--replace`: what becomes of the old release, and of temporary graphs, whenever it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.errors import IntegrityError, LoadError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.loader import Step
from pfocr_rdf.load.stores import StoreName
from pfocr_rdf.release import Progress
from pfocr_rdf.release.opened import Release
from tests.support.graph_store import (
    GraphStore,
    Layout,
    Trouble,
    TroubleProxy,
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
    temporary_of,
    triples_of,
)

pytestmark = pytest.mark.whole  # takes long

UNTOUCHED = "what was there before is untouched"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 12)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("other"), 14, caption="Newer. ")


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("third"), 3)


@pytest.fixture
def server(release: Release) -> Iterator[GraphStore]:
    """A strict server that has `release`, loaded by another machine."""
    with graph_store(Layout("/data", "/query", "/update")) as running:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PFOCR_RDF_CACHE", str(release.folder.parent / "elsewhere"))
            load(release, make_client(StoreName.FUSEKI, running.url))
        running.seen.clear()
        yield running


@pytest.fixture
def proxy(server: GraphStore) -> Iterator[TroubleProxy]:
    with troubling(server.url) as running:
        yield running


def client(server: GraphStore | TroubleProxy, **options: Any) -> StoreClient:
    return make_client(StoreName.FUSEKI, server.url, **options)


def test_an_interrupted_replace_leaves_the_old_release_and_then_no_orphan(
    server: GraphStore, release: Release, other: Release, third: Release
) -> None:
    interrupted_load(other, client(server), replace=True)
    assert graph_of(server, FIGURES) == as_stores_have_it(triples_of(release))
    assert temporary_of(server)
    # Another release is loaded next: what was left is of no use to it.
    load(third, client(server), replace=True)
    assert_has(server, third)


def test_an_interrupted_replace_goes_on(server: GraphStore, other: Release) -> None:
    interrupted_load(other, client(server), replace=True)
    names = set(temporary_of(server))
    said: list[str] = []
    result = load(other, client(server), say=said.append, replace=True)
    assert result.skipped > 2
    assert names <= {request.graph for request in server.seen if request.method == "POST"}
    assert said == [f"going on after {result.skipped} slices that the store has"]
    assert_has(server, other)


@pytest.mark.parametrize("at", [10, Step.SWAPPING])
def test_what_another_machine_is_loading_is_named_and_left_alone(
    server: GraphStore,
    other: Release,
    third: Release,
    at: int | Step,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interrupted_load(other, client(server), at, replace=True)
    theirs = temporary_of(server)
    assert len(theirs) == (2 if at is Step.SWAPPING else 1)
    with monkeypatch.context() as here:
        here.setenv("PFOCR_RDF_CACHE", str(tmp_path / "another machine"))
        said: list[str] = []
        # Also the same release, which has the same content and must not share their graphs.
        for each in (third, other):
            load(each, client(server), say=said.append, replace=True)
            assert graph_of(server, FIGURES) == as_stores_have_it(triples_of(each))
            assert temporary_of(server) == theirs
        assert sorted(set(said)) == [
            f"<{graph}> is a temporary graph of another load and was left alone (when none is "
            "running anywhere, --remove-temporary removes it)"
            for graph in sorted(theirs)
        ]
    result = load(other, client(server), replace=True)  # theirs goes on
    assert result.skipped > 2
    assert_has(server, other)


@pytest.mark.parametrize("replace", [True, False])
def test_what_others_have_left_is_removed_when_that_is_asked_for(
    server: GraphStore,
    release: Release,
    other: Release,
    replace: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interrupted_load(other, client(server), Step.SWAPPING, replace=True)
    assert len(temporary_of(server)) == 2
    if replace:
        monkeypatch.setenv("PFOCR_RDF_CACHE", str(tmp_path / "another machine"))
    else:
        monkeypatch.setenv("PFOCR_RDF_CACHE", str(release.folder.parent / "elsewhere"))
    said: list[str] = []
    load(release, client(server), say=said.append, replace=replace, remove_temporary=True)
    assert sum("was left by a load that did not end; removing it" in line for line in said) == 2
    assert_has(server, release)


def empty(server: GraphStore, graph: str) -> None:
    """Do what another program of this name once did."""
    server.store.update(f"DROP GRAPH <{graph}>")


def halve(server: GraphStore, graph: str) -> None:
    server.store.update(
        f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ SELECT ?s ?p ?o WHERE "
        f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT 10 }}"
    )


def extend(server: GraphStore, graph: str) -> None:
    server.store.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:a> <urn:b> <urn:c> }} }}")


@pytest.mark.parametrize("harm", [empty, halve, extend])
@pytest.mark.parametrize("part", [FIGURES, ALIGNMENT])
def test_a_temporary_graph_that_is_not_what_was_proved_is_never_swapped_in(
    harm: Callable[[GraphStore, str], None],
    part: str,
    server: GraphStore,
    release: Release,
    other: Release,
) -> None:
    def meddle(progress: Progress) -> None:
        if progress.step is Step.SWAPPING:
            (graph,) = (name for name in temporary_of(server) if name.startswith(part))
            harm(server, graph)

    with pytest.raises(IntegrityError, match=rf"nothing was swapped, {UNTOUCHED}") as caught:
        load(other, client(server), meddle, replace=True)
    assert re.search(r"expected the [\d,]+ triples that were proved there", str(caught.value))
    assert "UPDATE" not in [request.method for request in server.seen]
    for graph, names in ((FIGURES, ()), (ALIGNMENT, ("alignment.ttl",))):
        assert graph_of(server, graph) == as_stores_have_it(triples_of(release, *names))
    if harm is extend:  # only its proof finds that, and starts over
        with pytest.raises(IntegrityError, match=UNTOUCHED):
            load(other, client(server), replace=True)
    load(other, client(server), replace=True)
    assert_has(server, other)


@pytest.mark.parametrize(
    "trouble", [Trouble("POST", cut=True, asks=True), Trouble("POST", 504, asks=True)]
)
def test_a_swap_whose_answer_is_lost_is_looked_at_and_not_sent_again(
    trouble: Trouble, proxy: TroubleProxy, server: GraphStore, other: Release
) -> None:
    proxy.troubles.append(trouble._replace(path="/update"))
    load(other, client(proxy), replace=True)
    assert not proxy.troubles
    assert [r.method for r in server.seen].count("UPDATE") == 1
    assert_has(server, other)


def test_a_swap_that_fails_leaves_the_old_release_and_the_next_run_swaps(
    proxy: TroubleProxy, server: GraphStore, release: Release, other: Release
) -> None:
    proxy.troubles.append(Trouble("POST", 500, path="/update"))
    with pytest.raises(LoadError, match=UNTOUCHED):
        load(other, client(proxy), replace=True)
    assert graph_of(server, FIGURES) == as_stores_have_it(triples_of(release))
    result = load(other, client(proxy), replace=True)
    assert result.sent == 0
    assert_has(server, other)


def test_a_swap_that_is_refused_and_done_all_the_same_is_done(
    proxy: TroubleProxy, server: GraphStore, other: Release
) -> None:
    proxy.troubles.append(Trouble("POST", 500, asks=True, path="/update"))
    said: list[str] = []
    load(other, client(proxy), say=said.append, replace=True)
    assert any("said that it would not swap, and has done it" in line for line in said)
    assert_has(server, other)


@pytest.mark.parametrize("status", [500, 503])
def test_a_swap_that_was_done_in_part_is_not_called_untouched(
    status: int, proxy: TroubleProxy, server: GraphStore, release: Release, other: Release
) -> None:
    """A store without transactions moves one graph and fails at the next."""
    proxy.change = lambda body: body.split(b" ;\n")[0] if body.startswith(b"MOVE") else body
    proxy.troubles.append(Trouble("POST", status, asks=True, path="/update"))
    patient = client(proxy)
    patient.timeout = 0.0
    with pytest.raises(LoadError, match="it has happened in part") as caught:
        load(other, patient, replace=True)
    had, has = len(triples_of(release)), len(triples_of(other))
    assert f"<{FIGURES}> had {had:,} triples and has {has:,}" in str(caught.value)
    assert "untouched" not in str(caught.value)
    assert "not happened yet" not in str(caught.value)
    proxy.change = bytes
    load(other, client(proxy), replace=True)
    assert_has(server, other)


def test_nothing_is_claimed_when_the_store_cannot_be_asked(
    proxy: TroubleProxy, server: GraphStore, other: Release
) -> None:
    gone = Trouble("POST", cut=True, path="/query")
    proxy.troubles.extend([Trouble("POST", 500, asks=True, path="/update"), gone, gone])
    with pytest.raises(
        LoadError, match=f"whether {UNTOUCHED} cannot be asked .*see whether the store runs there"
    ) as caught:
        load(other, client(proxy, retries=0), replace=True)
    assert "\n" not in str(caught.value)
    assert not proxy.troubles
    load(other, client(proxy), replace=True)
    assert_has(server, other)


def test_a_swap_that_came_true_after_we_had_gone_is_seen_by_the_next_run(
    proxy: TroubleProxy, server: GraphStore, other: Release
) -> None:
    proxy.troubles.append(Trouble("POST", 503, path="/update"))  # the store never gets it
    impatient = client(proxy)
    impatient.timeout = 0.0
    with pytest.raises(LoadError, match="the swap has not happened yet"):
        load(other, impatient, replace=True)
    moves = [
        f"MOVE <{name}> TO <{name.partition('/loading-')[0]}>" for name in temporary_of(server)
    ]
    server.store.update(" ; ".join(moves))  # now it does
    result = load(other, client(proxy), replace=True)
    assert result.sent == 0
    assert [r.method for r in server.seen].count("UPDATE") == 0
    assert_has(server, other)


def test_a_swap_that_comes_true_while_we_look_is_seen(
    proxy: TroubleProxy, server: GraphStore, other: Release
) -> None:
    """The proxy gives up; the store is at it for some time."""
    update = b""
    looks = 0

    def late(body: bytes) -> bytes:
        nonlocal update, looks
        if body.startswith(b"MOVE"):
            update = body
        elif update:
            looks += 1
            if looks == 2:
                server.store.update(update.decode())
        return body

    proxy.change = late
    proxy.troubles.append(Trouble("POST", 504, path="/update"))
    said: list[str] = []
    load(other, client(proxy), say=said.append, replace=True)
    assert looks > 2
    assert any(line.startswith("the answer to the swap was lost") for line in said)
    assert_has(server, other)


def test_what_is_lost_under_replace_never_reaches_readers(
    proxy: TroubleProxy, server: GraphStore, release: Release, other: Release
) -> None:
    proxy.troubles.append(Trouble("POST", 200, path="/data"))
    with pytest.raises(IntegrityError, match=UNTOUCHED):
        load(other, client(proxy), replace=True)
    assert_has(server, release)


def test_what_cannot_be_removed_does_not_hide_what_was_lost(
    proxy: TroubleProxy, server: GraphStore, other: Release
) -> None:
    proxy.troubles.extend([Trouble("POST", 200, path="/data"), Trouble("DELETE", 403)])
    said: list[str] = []
    with pytest.raises(IntegrityError, match=UNTOUCHED) as caught:
        load(other, client(proxy), say=said.append, replace=True)
    assert caught.value.exit_code == 3
    assert any(line.startswith("temporary graphs stay until the next run") for line in said)
    assert temporary_of(server)
    load(other, client(proxy), replace=True)
    assert_has(server, other)


def test_what_goes_wrong_after_the_swap_is_not_called_untouched(
    server: GraphStore, other: Release
) -> None:
    swapped = False

    def meddle(progress: Progress) -> None:
        nonlocal swapped
        if swapped and progress.step is Step.PROVING:
            extend(server, FIGURES)
        swapped = swapped or progress.step is Step.SWAPPING

    with pytest.raises(
        IntegrityError, match="it was swapped in, what was there before is gone"
    ) as caught:
        load(other, client(server), meddle, replace=True)
    assert "untouched" not in str(caught.value)
    assert graphs_of(server) == {FIGURES, ALIGNMENT}
    load(other, client(server), replace=True)
    assert_has(server, other)
