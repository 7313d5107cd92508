"""Releases that are hard to load, and a load as the command does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.loader import LoadResult, Step, load_release
from pfocr_rdf.load.plan import LoadOptions
from pfocr_rdf.load.stores import DIALECTS, AuthScheme, StoreName, endpoints
from pfocr_rdf.load.transport import Credentials
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH, FIGURES_GRAPH
from pfocr_rdf.rdf.terms import IRI, XSD_STRING, Literal, Triple
from pfocr_rdf.release import Progress
from pfocr_rdf.release.opened import Release, open_release
from tests.support.graph_store import GraphStore
from tests.support.pages import OPG, TNFSF11, gene_table, page, write

FIGURES = str(FIGURES_GRAPH)
ALIGNMENT = str(ALIGNMENT_GRAPH)
SLICE = 20_000

_LONG = "Größe αβγ NF-κB 信号通路 🧬 \u202eright to left\u202c e\u0301 \u00e9 " * 700  # over 50 kB
_HOSTILE = (
    'A "quoted" caption\nwith lines\r\n\ttabs, \\backslashes\\, \\u0041, \'\'\'triple\'\'\' """quotes"""'
    ' } . <urn:x> <urn:y> "z" .\n\n<urn:s>\n  a <urn:o> .\n\n# no comment, $HOME `id` %s </script>'
)


def pages(number: int, caption: str = "") -> dict[str, str | bytes]:
    """Return pages of a checkout: a long one, a hostile one, and as many plain ones."""
    files: dict[str, str | bytes] = {
        "_figures/PMC1__long.md": page("PMC1__long", (TNFSF11,), caption=_LONG),
        "_figures/PMC1__hostile.md": page(
            "PMC1__hostile", (OPG,), caption=_HOSTILE, figtitle='Of "quotes" \\ and $signs'
        ),
        "_data/PMC1__hostile-genes.tsv": gene_table(("RANK", "TNFRSF11A", "8792")),
    }
    for each in range(2, number + 2):
        files[f"_figures/PMC{each}__p.md"] = page(
            f"PMC{each}__p",
            (TNFSF11, OPG),
            caption=f"{caption}Caption {each}: β-catenin, 5′-UTR, ≥{each} µm.",
            pathway_score=f"0.{each}50",
        )
    return files


def make_release(
    folder: Path,
    number: int = 40,
    formats: tuple[FormatName, ...] = (FormatName.TURTLE,),
    caption: str = "",
    **options: Any,
) -> Release:
    """Export `pages` and open the release."""
    source = write(folder / "corpus", pages(number, caption))
    export([source], folder / "out", ExportOptions(formats=formats, jobs=1, **options))
    return open_release(folder / "out")


def triples_of(release: Release, *names: str) -> set[Triple]:
    """Return the triples of files of a release; by default those of the figures' graph."""
    files = names or ("void.ttl", *(file.name for file in release.dump()))
    return {triple for name in files for triple in read_triples(release.folder / name)}


def make_client(
    store: StoreName, url: str, auth: str = "", sparql: str = "", **options: Any
) -> StoreClient:
    """Return a client that has no patience, unless told otherwise."""
    dialect = DIALECTS[store]
    user, _, password = auth.partition(":")
    who = None
    if auth:
        token = dialect.scheme is AuthScheme.BEARER
        who = (
            Credentials("", auth, dialect.scheme)
            if token
            else Credentials(user, password, dialect.scheme)
        )
    places = endpoints(store, url, sparql, with_auth=bool(auth))
    return StoreClient(places, dialect, who, **({"pause": 0.01, "timeout": 120.0} | options))


def load(
    release: Release,
    client: StoreClient,
    on_progress: Callable[[Progress], None] = lambda _: None,
    say: Callable[[str], None] = lambda _: None,
    **options: Any,
) -> LoadResult:
    """Load in small slices."""
    chosen = LoadOptions(**({"slice_size": SLICE} | options))
    with client:
        return load_release(release, client, chosen, on_progress, say)


def interrupted_load(
    release: Release, client: StoreClient, at: int | Step = 10, **options: Any
) -> None:
    """Break a load off as Ctrl-C does, after so much progress or when it gets to a step."""
    seen = 0

    def stop(progress: Progress) -> None:
        nonlocal seen
        seen += 1
        if at in (seen, progress.step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(release, client, stop, **options)


def graph_of(server: GraphStore, graph: str) -> set[tuple[str, str, str]]:
    """Return what a graph of the strict server has, as `as_stores_have_it` does."""
    dumped = pyoxigraph.serialize(server.triples(graph), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert dumped is not None
    return quads_of(dumped)


def graphs_of(server: GraphStore) -> set[str]:
    """Return the names of the graphs of the strict server."""
    names = server.store.named_graphs()
    return {name.value for name in names if isinstance(name, pyoxigraph.NamedNode)}


def temporary_of(server: GraphStore) -> dict[str, set[tuple[str, str, str]]]:
    """Return the temporary graphs of the strict server, and what they have."""
    return {name: graph_of(server, name) for name in graphs_of(server) if "/loading-" in name}


def assert_has(server: GraphStore, release: Release) -> None:
    """See that the strict server has a release, and nothing else."""
    assert graph_of(server, FIGURES) == as_stores_have_it(triples_of(release))
    expected = as_stores_have_it(triples_of(release, "alignment.ttl"))
    assert graph_of(server, ALIGNMENT) == expected
    assert graphs_of(server) == {FIGURES, ALIGNMENT}


def as_stores_have_it(triples: set[Triple]) -> set[tuple[str, str, str]]:
    """Return triples as strings that all stores agree on: numbers by value, texts exactly."""
    return {(str(s), p, _value(o)) for s, p, o in triples}


def quads_of(content: bytes) -> set[tuple[str, str, str]]:
    """Return N-Triples that a store gave as `as_stores_have_it` does."""
    return {
        (quad.subject.value, quad.predicate.value, _value(_term(quad.object)))
        for quad in pyoxigraph.parse(content, pyoxigraph.RdfFormat.N_TRIPLES)
    }


def _term(term: Any) -> Any:
    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, IRI(term.datatype.value), term.language or "")
    return IRI(term.value)


def _value(term: Any) -> str:
    if not isinstance(term, Literal):
        return f"<{term}>"
    if term.datatype == XSD_STRING:
        return repr(term.lexical)
    if term.datatype.endswith(("#integer", "#decimal", "#nonNegativeInteger")):
        return f"number {float(term.lexical)}"
    return repr((term.lexical, term.datatype))
