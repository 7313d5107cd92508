"""The shipped questions on stores of others: the rows that Oxigraph has, in the same order.

Virtuoso divides whole numbers to a whole number, sums no EXISTS, and compiles for minutes what names
one expression in another many times. What it answers then is wrong, or nothing, and looks right.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import requests

from pfocr_rdf.load.asking import data_set, how_to_ask
from pfocr_rdf.query.questions import QueryForm, load_questions
from pfocr_rdf.rdf.files import read_triples
from tests.support.command import in_process
from tests.support.releases import SharedReleases
from tests.support.samples import Sample
from tests.support.stores import Jena, StoreServer, oxigraph, virtuoso

FIGURES = "https://w3id.org/pfocr/graph/figures"
ALIGNMENT = "https://w3id.org/pfocr/graph/alignment"
QUESTIONS = {
    name: question
    for name, question in load_questions().items()
    if question.form is QueryForm.SELECT and "SERVICE" not in question.text
}
COMPUTED = ("similar-figures", "figures-of-genes", "figures-of-paper", "genes-beside-gene")
Row = dict[str, str | float]


@pytest.fixture(scope="module")
def release(best_sample: Sample, releases: SharedReleases) -> Path:
    return releases.of_sample(best_sample)


@pytest.fixture(scope="module")
def ours(release: Path) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.load(path=str(release / "pfocr.ttl"))
    store.load(path=str(release / "void.ttl"))
    store.load(path=str(release / "alignment.ttl"), to_graph=pyoxigraph.NamedNode(ALIGNMENT))
    return store


@pytest.fixture(scope="module")
def theirs(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    with virtuoso(tmp_path_factory.mktemp("elsewhere")) as server:
        for name, graph in (
            ("pfocr.ttl", FIGURES),
            ("void.ttl", FIGURES),
            ("alignment.ttl", ALIGNMENT),
        ):
            answer = requests.post(
                f"{server.url}/sparql-graph-crud-auth",
                params={"graph-uri": graph},
                data=(release / name).read_bytes(),
                headers={"Content-Type": "text/turtle"},
                auth=requests.auth.HTTPDigestAuth("dba", "dba"),
                timeout=120,
            )
            answer.raise_for_status()
        yield server


def value(text: str, datatype: str) -> str | float:
    """Return a number as a number: stores write the same one in many ways."""
    kind = datatype.rpartition("#")[2]
    return round(float(text), 9) if kind in ("integer", "decimal", "double", "int") else text


def asked_here(store: pyoxigraph.Store, text: str) -> list[Row]:
    found = store.query(text)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        {
            name: value(term.value, getattr(getattr(term, "datatype", None), "value", ""))
            for name in names
            if (term := row[name]) is not None
        }
        for row in found
    ]


def asked_there(server: StoreServer, text: str) -> list[Row]:
    answer = requests.post(
        server.query,
        data=[("query", text), *data_set([FIGURES, ALIGNMENT])],
        headers={"Accept": "application/sparql-results+json"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text[:500]
    return rows_of(answer.json())


def rows_of(answer: dict[str, Any]) -> list[Row]:
    return [
        {name: value(term["value"], term.get("datatype", "")) for name, term in row.items()}
        for row in answer["results"]["bindings"]
    ]


@pytest.mark.parametrize("name", QUESTIONS)
def test_virtuoso_has_the_rows_of_oxigraph_in_their_order(
    ours: pyoxigraph.Store, theirs: StoreServer, name: str
) -> None:
    text = QUESTIONS[name].text
    assert asked_there(theirs, text) == asked_here(ours, text)


@pytest.mark.parametrize("name", COMPUTED)
def test_jena_has_the_rows_of_oxigraph_in_their_order(
    ours: pyoxigraph.Store, release: Path, tmp_path: Path, name: str
) -> None:
    """Those that compute; a Java machine for each question is dear."""
    (tmp_path / "asked.rq").write_text(QUESTIONS[name].text)
    data = [f"--data={release / file}" for file in ("pfocr.ttl", "void.ttl")]
    query = f"--query={tmp_path / 'asked.rq'}"
    done = Jena(tmp_path / "jena").run("arq.arq", *data, query, "--results=JSON")
    assert done.returncode == 0, done.stderr[-1000:]
    assert rows_of(json.loads(done.stdout)) == asked_here(ours, QUESTIONS[name].text)


def test_the_server_of_oxigraph_has_the_rows_of_our_store_after_a_load(
    ours: pyoxigraph.Store, release: Path, tmp_path: Path, own_cache: None
) -> None:
    """Asked as they are: the questions name no graph, and a load has put the figures there."""
    del own_cache
    with oxigraph(tmp_path / "oxigraph") as server:
        done = in_process("load", release, "--to", server.url)
        assert done.returncode == 0, done.stderr
        with requests.Session() as http:
            for name, question in QUESTIONS.items():
                answer = http.post(
                    server.query,
                    data={"query": question.text},
                    headers={"Accept": "application/sparql-results+json"},
                    timeout=60,
                )
                assert answer.status_code == 200, answer.text[:500]
                assert rows_of(answer.json()) == asked_here(ours, question.text), name


def test_the_line_that_a_load_ends_with_asks_virtuoso(
    ours: pyoxigraph.Store, theirs: StoreServer
) -> None:
    line = how_to_ask(theirs.query, [FIGURES, ALIGNMENT], "coverage")
    address, *rest = shlex.split(line.partition(" | ")[2])[1:]
    fields = [each.partition("=")[::2] for each in rest if "=" in each]
    answer = requests.post(
        address,
        data=[("query", QUESTIONS["coverage"].text), *fields],
        headers={"Accept": "application/sparql-results+json"},
        timeout=60,
    )
    assert rows_of(answer.json()) == asked_here(ours, QUESTIONS["coverage"].text) != []


def test_there_is_something_to_compare(release: Path) -> None:
    assert len(QUESTIONS) > 40
    assert sum(1 for _ in read_triples(release / "pfocr.ttl")) > 3000
