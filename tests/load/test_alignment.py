"""The graph of the alignment, which releases that stand side by side share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pfocr_rdf.errors import IntegrityError, LoadError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.loader import Step
from pfocr_rdf.load.stores import StoreName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.release import Progress
from pfocr_rdf.release.opened import Release, open_release
from tests.support.graph_store import GraphStore, Layout, graph_store
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
from tests.support.pages import page, run, write

pytestmark = pytest.mark.whole  # takes long

SECOND = IRI("urn:pfocr:second")
WHAT_TO_DO = r"a release in another graph may use it: .*--alignment-graph, or .*--no-alignment"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 3)


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Another release with the same genes, and so the same alignment."""
    return make_release(tmp_path_factory.mktemp("same"), 4, caption="Newer. ")


@pytest.fixture(scope="module")
def different(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release whose alignment has as many triples, and other ones."""
    return make_release(tmp_path_factory.mktemp("different"), 3, style=IriStyle.UNIPROT)


@pytest.fixture
def server() -> Iterator[GraphStore]:
    with graph_store(Layout("/data", "/query", "/update")) as running:
        yield running


def client(server: GraphStore) -> StoreClient:
    return make_client(StoreName.FUSEKI, server.url)


def alignment_of(release: Release) -> set[tuple[str, str, str]]:
    return as_stores_have_it(triples_of(release, "alignment.ttl"))


def figures_of(release: Release) -> set[tuple[str, str, str]]:
    return as_stores_have_it(triples_of(release))


def test_the_releases_are_what_these_tests_need(
    release: Release, same: Release, different: Release
) -> None:
    assert alignment_of(release) == alignment_of(same)
    assert alignment_of(release) != alignment_of(different)
    assert len(alignment_of(release)) == len(alignment_of(different)) > 3


def test_releases_with_one_alignment_stand_side_by_side(
    server: GraphStore, release: Release, same: Release
) -> None:
    load(release, client(server))
    writes = [r for r in server.seen if r.graph == ALIGNMENT]
    load(same, client(server), graph=SECOND)
    assert [r for r in server.seen if r.graph == ALIGNMENT] == writes
    for each, graph in ((release, FIGURES), (same, SECOND)):
        assert graph_of(server, graph) == figures_of(each)
        said: list[str] = []
        assert load(each, client(server), say=said.append, graph=IRI(graph)).sent == 0
        assert said == ["the store has this release already; nothing was sent"]
    assert graph_of(server, ALIGNMENT) == alignment_of(release)
    assert graphs_of(server) == {FIGURES, SECOND, ALIGNMENT}


@pytest.mark.parametrize("replace", [False, True])
def test_another_alignment_is_not_overwritten(
    replace: bool, server: GraphStore, release: Release, different: Release
) -> None:
    load(release, client(server))
    with pytest.raises(LoadError, match=rf"<{ALIGNMENT}>: expected .*{WHAT_TO_DO}") as caught:
        load(different, client(server), graph=SECOND, replace=replace)
    assert "\n" not in str(caught.value)
    assert_has(server, release)
    # What the message says to do helps.
    own = IRI("urn:pfocr:own")
    load(different, client(server), graph=SECOND, alignment_graph=own, replace=replace)
    assert graph_of(server, own) == alignment_of(different)
    load(different, client(server), graph=IRI("urn:pfocr:third"), alignment=False)
    assert graph_of(server, ALIGNMENT) == alignment_of(release)
    assert graph_of(server, FIGURES) == figures_of(release)


def test_an_alignment_with_one_other_triple_is_another(
    server: GraphStore, release: Release, same: Release
) -> None:
    load(release, client(server))
    server.store.update(
        f"DELETE {{ GRAPH <{ALIGNMENT}> {{ ?s ?p ?o }} }} INSERT {{ GRAPH <{ALIGNMENT}> "
        f"{{ ?s ?p <urn:pfocr:odd> }} }} WHERE {{ SELECT ?s ?p ?o WHERE {{ GRAPH <{ALIGNMENT}> "
        "{ ?s ?p ?o } } ORDER BY ?o LIMIT 1 }"
    )
    assert len(graph_of(server, ALIGNMENT)) == len(alignment_of(same))
    with pytest.raises(LoadError, match=WHAT_TO_DO):
        load(same, client(server), graph=SECOND)
    assert SECOND not in graphs_of(server)


def test_a_release_whose_alignment_was_replaced_says_so(
    server: GraphStore, release: Release, different: Release
) -> None:
    load(release, client(server))
    server.store.update(f"DROP GRAPH <{ALIGNMENT}>")
    load(different, client(server), graph=SECOND)
    with pytest.raises(LoadError, match=rf"<{ALIGNMENT}>: expected .*{WHAT_TO_DO}"):
        load(release, client(server))
    assert graph_of(server, ALIGNMENT) == alignment_of(different)
    assert graph_of(server, FIGURES) == figures_of(release)


def test_an_alignment_that_is_gone_is_sent_alone(server: GraphStore, release: Release) -> None:
    load(release, client(server))
    server.store.update(f"DROP GRAPH <{ALIGNMENT}>")
    figures = [r for r in server.seen if r.graph == FIGURES]
    assert load(release, client(server)).sent == 1
    assert [r for r in server.seen if r.graph == FIGURES] == figures
    assert_has(server, release)


def test_an_alignment_beside_another_release_is_replaced_with_a_word(
    server: GraphStore, release: Release, same: Release, different: Release
) -> None:
    load(release, client(server))
    load(same, client(server), graph=SECOND)
    said: list[str] = []
    load(different, client(server), say=said.append, graph=SECOND, replace=True)
    assert any(line.startswith(f"<{FIGURES}> stands beside what is replaced") for line in said)
    assert any("--alignment-graph" in line for line in said)
    assert graph_of(server, ALIGNMENT) == alignment_of(different)
    said.clear()
    load(different, client(server), say=said.append, graph=SECOND, replace=True)
    assert not said  # it is the same now


@pytest.mark.parametrize("left", [0, 2])
def test_an_alignment_that_was_sent_in_part_is_sent_again(
    left: int, server: GraphStore, release: Release
) -> None:
    interrupted_load(release, client(server), number_of_last_slice(release))
    assert graph_of(server, ALIGNMENT) == alignment_of(release)
    server.store.update(
        f"DELETE {{ GRAPH <{ALIGNMENT}> {{ ?s ?p ?o }} }} WHERE {{ SELECT ?s ?p ?o WHERE "
        f"{{ GRAPH <{ALIGNMENT}> {{ ?s ?p ?o }} }} OFFSET {left} }}"
    )
    assert len(graph_of(server, ALIGNMENT)) == left
    load(release, client(server))
    assert_has(server, release)


def test_what_came_while_a_load_was_interrupted_is_not_overwritten(
    server: GraphStore, release: Release, different: Release
) -> None:
    interrupted_load(release, client(server), Step.LOADING)
    assert ALIGNMENT not in graphs_of(server)
    load(different, client(server), graph=SECOND)
    with pytest.raises(LoadError, match=WHAT_TO_DO):
        load(release, client(server))
    assert graph_of(server, ALIGNMENT) == alignment_of(different)


def test_what_somebody_adds_to_the_alignment_is_found(server: GraphStore, release: Release) -> None:
    """The proof that fails says what to do, and claims no more than is true."""

    def add(progress: Progress) -> None:
        if progress.step is Step.LOADING:
            server.store.update(f"INSERT DATA {{ GRAPH <{ALIGNMENT}> {{ <urn:a> <urn:b> 1 }} }}")

    with pytest.raises(IntegrityError, match=rf"<{ALIGNMENT}>: expected .*{WHAT_TO_DO}") as caught:
        load(release, client(server), add)
    assert "starts over" not in str(caught.value)
    with pytest.raises(LoadError, match=WHAT_TO_DO):
        load(release, client(server))


def test_a_release_without_genes_has_no_alignment(
    server: GraphStore, release: Release, tmp_path: Path
) -> None:
    bare_page = page(organisms="Animal of no known number")
    run(write(tmp_path / "in", {"_figures/PMC1__a.md": bare_page}), out=tmp_path / "out")
    bare = open_release(tmp_path / "out")
    assert not alignment_of(bare)
    load(bare, client(server))
    assert graphs_of(server) == {FIGURES}
    load(release, client(server), replace=True)
    assert_has(server, release)
    load(bare, client(server), replace=True)
    assert graphs_of(server) == {FIGURES}
    assert graph_of(server, FIGURES) == figures_of(bare)


def number_of_last_slice(release: Release) -> int:
    """Return how often a load tells its progress until all is sent."""
    steps: list[str] = []
    with graph_store(Layout("/data", "/query", "/update")) as scratch:
        load(release, client(scratch), lambda progress: steps.append(progress.step))
    return len(steps) - steps[::-1].index(Step.LOADING)


def test_two_loads_do_not_write_one_alignment_at_once(
    server: GraphStore, release: Release, same: Release
) -> None:
    tried = False

    def another(_: object) -> None:
        nonlocal tried
        if tried:
            return
        tried = True
        with pytest.raises(LoadError, match=rf"expected no other load of it.*{WHAT_TO_DO}"):
            load(same, client(server), graph=SECOND)
        load(same, client(server), graph=SECOND, alignment=False)

    load(release, client(server), another)
    assert tried
    assert graph_of(server, FIGURES) == figures_of(release)
    assert graph_of(server, SECOND) == figures_of(same)
