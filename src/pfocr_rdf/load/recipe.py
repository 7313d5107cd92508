"""The commands of a store's own bulk loader, as a shell script that checks itself.

Here is what all have in common: the files that a loader can read, and counts at the end. A script
fails with 3, as `load` does, when a count differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, assert_never

from pfocr_rdf.errors import UsageError
from pfocr_rdf.files import plain_name
from pfocr_rdf.load.bulk_loaders import (
    BulkFile,
    graphdb_script,
    oxigraph_script,
    qlever_script,
    tdb2_script,
    virtuoso_script,
)
from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.load.plan import LoadOptions, PlannedGraph, plan
from pfocr_rdf.load.stores import StoreName
from pfocr_rdf.release import Release, WrittenFile

_TRIPLES: Final = (".nt", ".ttl")
"""Syntaxes that name no graph, so that the loader can."""

_HEAD: Final = """\
#!/bin/sh
# Load {release} into {store}.
{about}
set -eu
expect() {{ # WHAT NUMBER FOUND
    [ "$2" = "$3" ] || {{ echo "$1: expected $2, found ${{3:-nothing}}" >&2; exit 3; }}
    echo "$1: $2"
}}
number() {{ tr -dc '0-9\\n' | grep . | tail -n 1; }}
within() {{ # GRAPH PATTERN
    case $1 in default) echo "$2" ;; *) echo "GRAPH <$1> {{ $2 }}" ;; esac
}}
expect_triples() {{ # GRAPH NUMBER
    expect "triples of <$1>" "$2" "$(ask "SELECT (COUNT(*) AS ?n) WHERE {{ $(within "$1" "?s ?p ?o") }}" | number)"
}}
expect_entities() {{ # GRAPH CLASS NUMBER
    expect "entities of <$2>" "$3" "$(ask "SELECT (COUNT(*) AS ?n) WHERE {{ $(within "$1" "?s a <$2>") }}" | number)"
}}
"""


def recipe(release: Release, store: StoreName, options: LoadOptions) -> str:
    """Return a shell script that loads a release by the store's own bulk loader.

    Args:
        release: What `open_release` gave.
        store: Whose loader.
        options: What goes into which graph.

    Raises:
        UsageError: The store has no bulk loader that is known, or none for these files.
    """
    if store is StoreName.GSP:
        raise UsageError("--recipe: expected a store with a bulk loader, found gsp (name it)")
    if options.graph == DEFAULT_GRAPH and store is not StoreName.OXIGRAPH:
        raise UsageError(
            "--graph: expected an IRI with this store's --recipe, found default (the loader gets "
            "graphs by name)"
        )
    parts = [
        part._replace(files=tuple(_loadable(release, part))) for part in plan(release, options)
    ]
    files = [
        BulkFile(release.path(file).resolve(), part.graph) for part in parts for file in part.files
    ]
    match store:
        case StoreName.VIRTUOSO:
            script = virtuoso_script(files, parts)
        case StoreName.OXIGRAPH:
            script = oxigraph_script(files, parts)
        case StoreName.FUSEKI:
            script = tdb2_script(files, parts)
        case StoreName.GRAPHDB:
            script = graphdb_script(files, parts)
        case StoreName.QLEVER:
            script = qlever_script(files, parts)
        case _:
            assert_never(store)
    name = f"the release {release.name}" if release.name else "a release of PFOCR"
    comment = "\n".join(f"# {line}" for line in script.about)
    return _HEAD.format(release=name, store=store, about=comment) + script.body


def _loadable(release: Release, part: PlannedGraph) -> Iterator[WrittenFile]:
    """Yield a part's files; dumps that name a graph are replaced by those that do not."""
    dump = release.dump()
    chosen = {
        suffix: [file for file in release.outputs if _is_dump(file) and _suffix(file) == suffix]
        for suffix in _TRIPLES
    }
    triples = next((files for files in chosen.values() if files), [])
    for file in part.files:
        if not file.triples:
            continue
        if file not in dump:
            yield file
        elif file is dump[0]:
            yield from triples
    if any(file in dump for file in part.files) and not triples:
        raise UsageError(
            "--recipe: expected a dump in N-Triples or Turtle, found none (export again with "
            "--format ntriples)"
        )
    if any(file.name.endswith(".zst") for file in triples):
        raise UsageError(
            "--recipe: expected dumps that bulk loaders read, found .zst (export again with "
            "--compress gzip, or without)"
        )


def _is_dump(file: WrittenFile) -> bool:
    return file.name.startswith("pfocr")


def _suffix(file: WrittenFile) -> str:
    return Path(plain_name(file.name)).suffix
