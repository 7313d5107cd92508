"""What is done with a release or a page of hostile input: all that people do with any."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyoxigraph

from scripts.fuzz import held
from scripts.fuzz.run import for_terminal, need, ran

_ALL: Final = "SELECT * { ?s ?p ?o }"
_WORDS: Final = "SELECT ?o { ?s ?p ?o FILTER(isLiteral(?o)) }"


def show(out: Path, inputs: Path, table: Path) -> None:
    """Show figures of the input."""
    figids = [
        each["@id"].rpartition("/")[2].removesuffix(".html")
        for each in json.loads((out / "pfocr.jsonld").read_bytes()).get("@graph", ())
        if str(each.get("@type", "")).startswith("PathwayFigure") or "figureNumber" in each
    ]
    for figid in figids[:2]:
        done = ran("show", figid, "--in", inputs, "--hgnc", table)
        for_terminal(done.out.decode(), "show")
        for form in ("turtle", "jsonld"):
            ran("show", figid, "--in", inputs, "--hgnc", table, "--format", form)


def site(out: Path, folder: Path, *_: object) -> None:
    """Make a site."""
    done = ran("site", out, "-o", folder / "site", "--jobs", 1, "-q", codes=(0,))
    for_terminal(done.out.decode(), "site")
    held.site(folder / "site")


def diff(out: Path, _folder: Path, before: Path) -> None:
    """Compare with the release of what was not mutated, both ways."""
    for old, new, forms in (
        (before, out, ("markdown", "sparql-update")),
        (out, before, ("human", "json", "sparql-update")),
    ):
        for form in forms:
            done = ran("diff", old, new, "--format", form, "--limit", 0)
            if done.code:
                need("of one IRI style" in done.err, f"diff: {done.err}")
                return
            text = done.out.decode()
            if form == "markdown":
                held.markdown(text, "diff")
            elif form == "human":
                for_terminal(text, "diff")
            elif form == "json":
                json.loads(text)
            else:
                store = pyoxigraph.Store()
                store.load(path=old / "pfocr.ttl")
                store.update(text)
                told = {quad.triple for quad in store}
                wanted = {quad.triple for quad in held.parsed(new / "pfocr.ttl")}
                need(told == wanted, "diff: the update does not lead from one to the other")


def stats(out: Path, *_: object) -> None:
    """Report on it."""
    for_terminal(ran("stats", out, codes=(0,)).out.decode(), "stats")
    json.loads(ran("stats", out, "--json", codes=(0,)).out)
    text = ran("stats", out, "--html", codes=(0,)).out.decode()
    need("<script>pfz" not in text and "onerror=" not in text, "stats: a script")
    for_terminal(ran("fair", out, codes=(0, 1)).out.decode(), "fair")


def query(out: Path, *_: object) -> None:
    """Ask for all of it, in every form."""
    for_terminal(ran("query", out, _ALL, codes=(0,)).out.decode(), "query")
    held.csv_answer(ran("query", out, _ALL, "--format", "csv", codes=(0,)).out)
    held.csv_answer(ran("query", out, _WORDS, "--format", "csv", "--limit", 500, codes=(0,)).out)
    held.tsv_answer(ran("query", out, _WORDS, "--format", "tsv", codes=(0,)).out)
    for form, kind in (
        ("json", pyoxigraph.QueryResultsFormat.JSON),
        ("xml", pyoxigraph.QueryResultsFormat.XML),
        ("tsv", pyoxigraph.QueryResultsFormat.TSV),
    ):
        answer = ran("query", out, _ALL, "--format", form, codes=(0,)).out
        if form != "xml" or _is_xml(answer):
            found = pyoxigraph.parse_query_results(answer, kind)
            assert isinstance(found, pyoxigraph.QuerySolutions)
            need(any(found), f"query: no rows in {form}")


def _is_xml(answer: bytes) -> bool:
    """Say whether XML can hold the characters of an answer at all."""
    return re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", answer.decode()) is None


def recipes(out: Path, folder: Path, *_: object) -> None:
    """Have the scripts of all bulk loaders written, and run them without any program."""
    for store in ("virtuoso", "oxigraph", "fuseki", "graphdb", "qlever"):
        done = ran("load", out, "--store", store, "--recipe")
        if done.code == 0:
            held.shell(done.out, folder)


AFTER: Final[tuple[Callable[[Path, Path, Path], None], ...]] = (site, diff, stats, query)


def patch(checkout: Path) -> None:
    """Patch the pages of a checkout: what is patched is right, and stays as it is."""
    for_terminal(
        re.sub(r"(?m)^[-+ ].*\n?", "", ran("patch-frontmatter", checkout, "--dry-run").out.decode(errors="replace")),
        "patch-frontmatter",
    )  # fmt: skip
    if ran("patch-frontmatter", checkout).code == 0:
        once = {path: path.read_bytes() for path in (checkout / "_figures").iterdir()}
        ran("patch-frontmatter", checkout, codes=(0,))
        for path, content in once.items():
            need(path.read_bytes() == content, f"patch-frontmatter: {path.name} changes again")
