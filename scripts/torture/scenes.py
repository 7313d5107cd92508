"""The commands that are tortured, each in a folder with all that it needs.

Inputs are small, and so are HGNC tables: what is tried is the way of writing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final, NamedTuple

import pyoxigraph
import requests

from pfocr_rdf.rdf import ALIGNMENT_GRAPH, FIGURES_GRAPH
from tests.support.pages import OPG, TNFSF11, checkout, many, page, write
from tests.support.stores import oxigraph, virtuoso

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PROGRAM: Final = (sys.executable, "-m", "pfocr_rdf")
State = Mapping[str, str]
_NOT_SAID: Final = {".lock", "ledger.sqlite", ".pfocr-site.sqlite"}
"""Files of a release or a site whose bytes no promise is about."""
_TABLE: Final = "hgnc.tsv"
_CACHED: Final = "hgnc_complete_set.txt"
_GENES: Final = 40_100


class Scene(NamedTuple):
    """One command, where it runs, and what it makes.

    Attributes:
        name: As the table of faults has it.
        arguments: Of the command; `{url}` is where the server is.
        prepare: Makes the folder in which it runs, an empty one.
        state: Returns hashes of what it makes, by name.
        served: Gives the address of a server that it needs, run in the folder.
        one_by_one: Whether each thing it makes is old or new by itself.
        workers: What the command line of its worker processes has, "" when there are none.
        program: Its words before the arguments.
        leader: What the command line of the process has that is meant by its parent, "" for
            the program itself.
        calls: Whether its calls fail.
        requests: Whether its requests do.
        disk: The folder below which the disk is full or read-only, "" for none.
        made: The file or folder that may lie elsewhere, "" for none.
        logs: Whether a library that it uses says what happens in lines of its own.
        replaces: Whether it runs again where what it makes is whole already.
    """

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    state: Callable[[Path, str], State]
    served: Callable[[Path], AbstractContextManager[str]]
    one_by_one: bool = False
    workers: str = ""
    program: tuple[str, ...] = PROGRAM
    leader: str = ""
    calls: bool = True
    requests: bool = False
    disk: str = "."
    made: str = ""
    logs: bool = False
    replaces: bool = True


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command: all that it may write to lies in the folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "PFOCR"))}
    return kept | {
        "PFOCR_RDF_CACHE": str(folder / "cache"),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "SOURCE_DATE_EPOCH": "1732924800",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    }


def plain(
    folder: Path, *arguments: str, program: Sequence[str] = PROGRAM
) -> subprocess.CompletedProcess[bytes]:
    """Run a command undisturbed."""
    return subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        timeout=300,
        check=False,
    )


def _must(folder: Path, *arguments: str) -> None:
    done = plain(folder, *arguments)
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stderr.decode()}")


def _files(names: tuple[str, ...], folder: Path, _url: str) -> State:
    found = {}
    for name in names:
        top = folder / name
        for path in sorted((top, *top.rglob("*"))):
            # A part has no final name: whether it may be left is another question.
            if path.is_file() and path.name not in _NOT_SAID and path.suffix != ".part":
                found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@contextmanager
def _none(_: Path) -> Iterator[str]:
    yield ""


def _table(folder: Path, genes: int, release: str) -> None:
    """Write a table of genes in the columns that HGNC's has."""
    head = "hgnc_id symbol name locus_group status alias_symbol prev_symbol entrez_id date_modified"
    rows = ["\t".join(head.split())]
    known = (
        ("11926", "TNFSF11", "8600"),
        ("11909", "TNFRSF11B", "4982"),
        ("11908", "TNFRSF11A", "8792"),
    )
    made = ((str(100_000 + n), f"GN{n}", str(900_000_000 + n)) for n in range(genes))
    for number, symbol, entrez in (*known, *made):
        cells = [f"HGNC:{number}", symbol, f"the gene {symbol}", "protein-coding gene", "Approved"]
        rows.append("\t".join([*cells, "", "", entrez, release]))
    (folder / _TABLE).write_text("\n".join(rows) + "\n")


def _basis(folder: Path) -> None:
    for name in ("tmp", "home", "cache"):
        (folder / name).mkdir()
    _table(folder, 10, "2024-10-18")


_EXPORT: Final = (
    "export",
    "corpus",
    "-o",
    "out",
    "-q",
    "--hgnc",
    _TABLE,
    "--allow-shrink",
    "--jobs",
    "1",
)


def _small(folder: Path) -> None:
    """An earlier release of other pages."""
    _basis(folder)
    write(
        folder / "older",
        {"PMC5__x.md": page("PMC5__x", (OPG,)), "PMC6__y.md": page("PMC6__y", (TNFSF11,))},
    )
    checkout(folder / "corpus")
    _must(folder, "export", "older", *_EXPORT[2:])


def _changed(folder: Path) -> None:
    """An earlier release of the same pages, one of which has changed."""
    _basis(folder)
    checkout(folder / "corpus")
    _must(folder, *_EXPORT)
    write(folder / "corpus", {"_figures/PMC1__b.md": page("PMC1__b", (OPG,), number="F3")})


def _large(folder: Path) -> None:
    """Enough pages for workers, over an earlier release of others."""
    _small(folder)
    shutil.rmtree(folder / "corpus")
    many(folder / "corpus", 130)


def _site(folder: Path) -> None:
    """A site of an earlier release."""
    _small(folder)
    _must(folder, "site", "out", "-o", "site", "-q", "--jobs", "1")
    _must(folder, *_EXPORT)


def _pair(folder: Path) -> None:
    """Two releases, and an earlier report."""
    _small(folder)
    (folder / "out").rename(folder / "before")
    _must(folder, *_EXPORT)
    (folder / "diff.ru").write_text("an earlier one\n")


def _stored(folder: Path) -> None:
    """A release with the store of the one before it, and an earlier answer."""
    _small(folder)
    _must(folder, "query", "out", "ASK {}")
    _must(folder, *_EXPORT)
    (folder / "answer.tsv").write_text("an earlier one\n")


def _pages(folder: Path) -> None:
    """A checkout whose pages are to be patched."""
    _basis(folder)
    many(folder / "corpus", 12)


def _cached(folder: Path) -> None:
    """An older table in the cache, and a newer one to be had."""
    _basis(folder)
    _table(folder, _GENES, "2023-01-01")
    (folder / _TABLE).rename(folder / "cache" / _CACHED)
    (folder / "www").mkdir()
    _table(folder / "www", _GENES, "2024-10-18")
    _table(folder, 10, "2024-10-18")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served_files(folder: Path) -> Iterator[str]:
    """Serve the files of `www` in a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder / "www")))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _store(folder: Path) -> Iterator[str]:
    with oxigraph(folder / "db") as server:
        yield server.url


@contextmanager
def _virtuoso(folder: Path) -> Iterator[str]:
    with virtuoso(folder / "db") as server:
        yield server.url


_AUTH: Final = "dba:dba"


def _graphs_of_virtuoso(_: Path, url: str) -> State:
    """As `_graphs`; it dumps one graph at a time."""
    found: dict[str, str] = {}
    for graph in (FIGURES_GRAPH, ALIGNMENT_GRAPH):
        answer = requests.get(
            f"{url}/sparql-graph-crud",
            params={"graph-uri": graph},
            headers={"Accept": "text/plain"},
            timeout=60,
        )
        lines = sorted(answer.text.splitlines()) if answer.ok else []
        found[graph] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


def _loaded_virtuoso(folder: Path) -> None:
    """A store with the release before."""
    _small(folder)
    with _virtuoso(folder) as url:
        _must(folder, "load", "out", "--to", url, "--store", "virtuoso", "--auth", _AUTH, "-q")
    _must(folder, *_EXPORT)


def _spread(folder: Path) -> None:
    """Enough pages for several tasks, and no release yet: a cluster replaces none."""
    _basis(folder)
    many(folder / "corpus", 60)


def _whole(folder: Path, url: str) -> State:
    """What is a release: without a manifest, nothing; what tasks left for each other is none of it."""
    if not (folder / "out" / "manifest.json").exists():
        return {}
    return {k: v for k, v in _OUT(folder, url).items() if not k.startswith("out/.work/")}


def _answered(folder: Path) -> None:
    """A release with its store, and earlier answers."""
    _small(folder)
    _must(folder, *_EXPORT)
    _must(folder, "query", "out", "ASK {}")
    (folder / "answers.txt").write_text("earlier ones\n")


def _graphs(_: Path, url: str) -> State:
    """Return a hash of each graph that the store has under a name of ours for good."""
    answer = requests.get(f"{url}/store", headers={"Accept": "application/n-quads"}, timeout=60)
    lines: dict[str, list[str]] = {}
    for quad in pyoxigraph.parse(answer.content, pyoxigraph.RdfFormat.N_QUADS):
        name = str(quad.graph_name)
        if "/loading-" not in name:
            lines.setdefault(name, []).append(str(quad.triple))
    return {
        name: hashlib.sha256("\n".join(sorted(some)).encode()).hexdigest()
        for name, some in lines.items()
    }


def _loaded(folder: Path) -> None:
    """A store with the release before."""
    _small(folder)
    with _store(folder) as url:
        _must(folder, "load", "out", "--to", url, "--store", "oxigraph", "-q")
    _must(folder, *_EXPORT)


_OUT = partial(_files, ("out",))
_FORMS = "kgx,gmt,biothings,sssom,parquet,rocrate"
_POOL = "pfocr_rdf.processes"
_LOAD = ("load", "out", "--to", "{url}", "-q", "--replace", "--retries", "1", "--timeout", "4")
SCENES: Final = {
    scene.name: scene
    for scene in (
        Scene("export", _EXPORT, _small, _OUT, _none, made="out"),
        Scene("export, workers", (*_EXPORT[:-1], "2"), _large, _OUT, _none, workers=_POOL),
        Scene("export, reuse", _EXPORT, _changed, _OUT, _none, made="out"),
        Scene("export, forms", (*_EXPORT, "--also", _FORMS, "--compress", "zstd"), _small, _OUT, _none, made="out"),
        Scene(
            "export, cluster",
            (*_EXPORT[:4], "-q", "--hgnc", _TABLE, "--engine", "dask", "--jobs", "2", "--shard-size", "30"),
            _spread,
            _whole,
            _none,
            workers="multiprocessing.spawn",
            logs=True,
            replaces=False,
        ),
        Scene("site", ("site", "out", "-o", "site", "-q", "--jobs", "1"), _site, partial(_files, ("site",)), _none, made="site"),
        Scene(
            "diff",
            ("diff", "before", "out", "--format", "sparql-update", "-o", "diff.ru"),
            _pair,
            partial(_files, ("diff.ru",)),
            _none,
            made="diff.ru",
        ),
        Scene(
            "query",
            ("query", "out", "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", "--format", "tsv", "-o", "answer.tsv"),
            _stored,
            partial(_files, ("answer.tsv",)),
            _none,
            made="out",
        ),
        Scene(
            "serve",
            ("out", "answers.txt"),
            _answered,
            partial(_files, ("answers.txt",)),
            _none,
            program=(sys.executable, "-m", "scripts.torture.reader"),
            leader="pfocr_rdf serve",
            workers="query_worker",
            disk="",
        ),
        Scene("patch-frontmatter", ("patch-frontmatter", "corpus", "-q"), _pages, partial(_files, ("corpus",)), _none, one_by_one=True, made="corpus"),
        Scene(
            "genes update",
            ("genes", "update", "--url", "{url}/" + _TABLE),
            _cached,
            partial(_files, (f"cache/{_CACHED}",)),
            served_files,
            requests=True,
            disk="cache",
            made="cache",
        ),
        Scene("load", (*_LOAD, "--store", "oxigraph"), _loaded, _graphs, _store, requests=True, disk="cache", made="cache"),
        Scene(
            "load, Virtuoso",
            (*_LOAD, "--store", "virtuoso", "--auth", _AUTH),
            _loaded_virtuoso,
            _graphs_of_virtuoso,
            _virtuoso,
            calls=False,
            requests=True,
            disk="",
        ),
    )
}  # fmt: skip
