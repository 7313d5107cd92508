"""What is held of all that commands write, whatever they were given."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet  # type: ignore[import-untyped]
import pyoxigraph
from markdown_it import MarkdownIt

from pfocr_rdf.findings import CODES
from scripts.fuzz.hostile import MARK
from scripts.fuzz.run import for_terminal, need, ran
from tests.support.pages import FORMATS
from tests.support.web_pages import Page, faults

_MARKDOWN: Final = MarkdownIt("commonmark").enable("table")
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?")
_OF_A_PAGE: Final = re.compile(r"(?i)\s*(javascript|data|vbscript):")
_ENTREZ: Final = re.compile(r"[0-9]+")
_OTHER_ID: Final = re.compile(r"(?:CHEBI:|DOID:|MESH:)?[A-Z]?[0-9]+")
_PAGES: Final = 6
"""Of a site, that are parsed: 50 ms each."""
_BESIDE: Final = ("ledger.sqlite", "manifest.json", ".lock")


def release(out: Path, *, quick: bool = False) -> None:
    """Hold a release: hashes, syntax, the same graph in all syntaxes, shapes, totals, forms.

    Args:
        out: Where it lies.
        quick: Whether what the export says of its shapes is enough.
    """
    manifest = json.loads((out / "manifest.json").read_bytes())
    listed = {each["name"]: each for each in manifest["outputs"]}
    there = {path.name for path in out.iterdir()} - set(_BESIDE)
    need(there == set(listed), f"files {sorted(there ^ set(listed))}")
    for name, entry in listed.items():
        found = hashlib.sha256((out / name).read_bytes()).hexdigest()
        need(found == entry["sha256"], f"{name}: other bytes than the manifest has")
        need(re.fullmatch(r"[A-Za-z0-9._-]+", name), f"file name {name!r}")
    graphs = {
        name: {quad.triple for quad in parsed(out / name)}
        for name in listed
        if Path(name).suffix in FORMATS
    }
    dumps = [graph for name, graph in graphs.items() if name.startswith("pfocr.")]
    need(all(graph == dumps[0] for graph in dumps), "the dumps differ")
    need(len(dumps[0]) == listed["pfocr.ttl"]["triples"], "another number of triples")
    report = json.loads((out / "report.json").read_bytes())
    for kind, entry in report["ledger"].items():
        became = entry["emitted"] + sum(entry["merged"].values()) + sum(entry["skipped"].values())
        need(entry["read"] == became, f"the ledger does not balance: {kind}: {entry}")
    findings = list(json_lines((out / "findings.jsonl").read_bytes()))
    codes = report["findings"]["by code"]
    need(len(findings) == sum(codes.values()), "another number of findings")
    need({each["code"] for each in findings} <= set(CODES), "a finding without a code")
    lacks = [each for each in findings if each["code"] == "shape-violation"]
    need(not any(each["value"] for each in lacks), f"does not conform: {lacks[:3]}")
    if not quick:
        ran("validate", out / "pfocr.ttl", out / "void.ttl", codes=(1,) if lacks else (0,))
    markdown((out / "report.md").read_text(), "report.md")
    for name in listed:
        _form(out / name)


def _form(path: Path) -> None:
    if path.suffix == ".gmt":
        gmt(
            path.read_bytes(),
            of_genes="-gmt-disease-" not in path.name and "-chemical-" not in path.name,
        )
    elif path.suffix in (".ndjson", ".jsonl"):
        for _ in json_lines(path.read_bytes()):
            pass
    elif path.suffix == ".parquet":
        pyarrow.parquet.read_table(path)
    elif path.name.endswith(".sssom.tsv"):
        rows = [line for line in path.read_bytes().decode().split("\n") if not line.startswith("#")]
        columns(rows[:-1], "\t", path.name)
    elif path.suffix == ".json":
        json.loads(path.read_bytes())


def parsed(path: Path) -> list[pyoxigraph.Quad]:
    """Return the statements of an RDF file."""
    try:
        return list(pyoxigraph.parse(path.read_bytes(), FORMATS[path.suffix]))
    except (SyntaxError, ValueError) as error:
        need(False, f"{path.name}: does not parse: {error}")
        raise


def json_lines(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the objects of lines."""
    for line in content.decode().split("\n")[:-1]:
        yield json.loads(line)


def gmt(content: bytes, *, of_genes: bool = True) -> None:
    """Hold sets: a name, a text without what a terminal or spreadsheet would act on, ids.

    Those of genes are Entrez ids; those of chemicals and diseases are of MeSH, ChEBI and DOID.
    """
    id_ = _ENTREZ if of_genes else _OTHER_ID
    text = content.decode()
    for_terminal(text.replace("\t", " "), "GMT")
    for line in text.split("\n")[:-1]:
        name, title, *members = line.split("\t")
        need(name.strip(), "GMT: a set without a name")
        formula(name, "GMT")
        need(members and all(map(id_.fullmatch, members)), f"GMT: members {members}")
        formula(title, "GMT")


def formula(cell: str, where: str) -> None:
    """Hold a cell to what no spreadsheet computes."""
    computed = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    need(not computed, f"{where}: a formula: {cell[:80]!r}")


def columns(lines: Sequence[str], delimiter: str, where: str) -> None:
    """Hold rows to the columns of the first, and cells to what is no formula."""
    rows = [line.split(delimiter) for line in lines]
    for row in rows:
        need(len(row) == len(rows[0]), f"{where}: columns: {row}")
        for cell in row:
            formula(cell, where)


def csv_answer(content: bytes) -> None:
    """Hold an answer in CSV."""
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    for row in rows:
        need(len(row) == len(rows[0]), f"CSV: columns: {row}")
        for cell in row:
            formula(cell, "CSV")


def tsv_answer(content: bytes) -> None:
    """Hold an answer in TSV: each cell is a term as Turtle has it."""
    rows = [line.split("\t") for line in content.decode().split("\n")[:-1]]
    for row in rows:
        need(len(row) == len(rows[0]), f"TSV: columns: {row}")


def markdown(text: str, where: str) -> None:
    """Hold Markdown: of what came in, all is text, whoever renders it."""
    for_terminal(text, where)
    for token in _MARKDOWN.parse(text):
        for each in (token, *(token.children or ())):
            if MARK in each.content and each.type not in ("inline", "text", "code_inline"):
                need(False, f"{where}: {each.type}: {each.content[:120]!r}")
            bad = each.type in ("html_inline", "html_block", "image", "link_open", "fence")
            need(not bad, f"{where}: {each.type}: {each.content[:80]!r} {each.attrs}")


def html(text: str, where: str) -> None:
    """Hold a page: it is well formed, runs nothing of what came in, and leads to no script."""
    try:
        page = Page(text)
    except Exception as error:
        need(False, f"{where}: not well formed: {error}")
        raise
    found = faults(page)
    need(not found, f"{where}: {found[:4]}")
    for script in page.all("script"):
        if content := "".join(script.itertext()):
            json.loads(content)
    for address in page.addresses():
        need(not _OF_A_PAGE.match(address), f"{where}: leads to {address[:80]!r}")


def site(folder: Path) -> None:
    """Hold the pages of a site, and the JSON-LD in them and beside them."""
    looked = 0
    for path in sorted(folder.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if MARK in text and looked < _PAGES:
            html(text, str(path.relative_to(folder)))
            looked += 1
    for path in folder.rglob("*"):
        need(re.fullmatch(r"[\w.~%()+,@:=-]+", path.name), f"site: file name {path.name!r}")
        need(len(path.name) < 255, f"site: a long name {path.name[:40]!r}")


def shell(script: bytes, folder: Path) -> None:
    """Run a script without any program: what came in may not have run in it."""
    text = script.decode().replace("set -eu", "")
    subprocess.run(
        ["/bin/sh", "-c", text],
        cwd=folder,
        env={"PATH": "/nowhere"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=20,
    )
    left = folder / MARK
    ran_it = left.exists()
    left.unlink(missing_ok=True)
    need(not ran_it, "the script runs what came in")
