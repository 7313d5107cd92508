"""What the fuzzer has found, each with the smallest input: see `scripts/fuzz`."""

from __future__ import annotations

import json
import os
import pty
import sys
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.cli.output import write_data
from pfocr_rdf.errors import InputError
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.release.opened import open_release
from scripts.fuzz import held
from scripts.fuzz.answers import answering
from scripts.fuzz.run import for_terminal
from tests.support.command import in_process
from tests.support.pages import OPG, checkout, files, page, report, run, write
from tests.support.samples import MADE

_ESCAPES = "\x1b]0;pfz\x07\u202epfz\x9b31m"
"""Sets the title of a terminal, turns the line round, and colours it."""
_WORDS = "SELECT ?o { ?s ?p ?o FILTER(isLiteral(?o)) }"


def _of(folder: Path, *pages: str, **options: Any) -> Path:
    names = {f"_figures/PMC{n}__a.md": each for n, each in enumerate(pages, 1)}
    write(folder / "in", names)
    run(folder / "in", out=folder / "out", hgnc=MADE.hgnc, **options)
    return folder / "out"


def test_show_sends_no_control_characters_to_a_terminal(tmp_path: Path) -> None:
    genes = ((f"W{_ESCAPES}", f"S{_ESCAPES}", f"q{_ESCAPES}", "", ""),)
    text = page("PMC1__a", genes, figtitle=f"T{_ESCAPES}", organisms=f"Mus{_ESCAPES}")
    path = write(tmp_path, {"PMC1__a.md": text}) / "PMC1__a.md"
    done = in_process("show", path, "--hgnc", MADE.hgnc)
    assert done.returncode == 0
    assert "]0;pfz" in done.stdout
    for_terminal(done.stdout, "stdout")
    for_terminal(done.stderr, "stderr")


def test_a_table_of_answers_sends_no_control_characters_to_a_terminal(tmp_path: Path) -> None:
    out = _of(tmp_path, page("PMC1__a", figtitle=f"T{_ESCAPES}"))
    done = in_process("query", out, _WORDS)
    assert "]0;pfz" in done.stdout
    for_terminal(done.stdout, "stdout")


def test_an_error_sends_no_control_characters_to_a_terminal(tmp_path: Path) -> None:
    for more in ((), ("-v",)):
        done = in_process("validate", tmp_path / f"{_ESCAPES}.ttl", *more)
        assert done.returncode == 2
        for_terminal(done.stderr, "stderr")


def test_a_page_left_alone_sends_no_control_characters_to_a_terminal(tmp_path: Path) -> None:
    write(tmp_path, {f"_figures/{_ESCAPES[:6]}.md": "---\n- no mapping\n---\n"})
    done = in_process("patch-frontmatter", tmp_path)
    assert "front-matter-malformed" in done.stderr
    for_terminal(done.stderr, "stderr")


def test_data_on_a_terminal_shows_what_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as terminal, os.fdopen(reader, "rb", buffering=0) as screen:
        monkeypatch.setattr(sys, "stdout", terminal)
        write_data(f"a\tβ{_ESCAPES}\r\nb\n")
        shown = screen.read(200).decode()
    assert shown == "a\tβ\ufffd]0;pfz\ufffd\ufffdpfz\ufffd31m\r\nb\r\n"


def test_data_elsewhere_is_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_data(_ESCAPES)
    assert capfdbinary.readouterr().out == _ESCAPES.encode()


@pytest.mark.parametrize("title", ["=1+2", "@pfz", "-pfz", "+pfz"])
def test_csv_has_no_formula(title: str, tmp_path: Path) -> None:
    out = _of(tmp_path, page("PMC1__a", figtitle=title))
    for more in ((), ("--limit", "1000")):
        done = in_process("query", out, _WORDS, "--format", "csv", *more)
        assert f"'{title}" in done.stdout.splitlines()
        held.csv_answer(done.stdout.encode())
    # Numbers are numbers, and other formats have the text as it is.
    assert "-1" in in_process("query", out, "SELECT (-1 AS ?n) {}", "--format", "csv").stdout
    assert f'"{title}"' in in_process("query", out, _WORDS, "--format", "tsv").stdout


def test_gene_sets_have_no_formula_and_no_control_characters(tmp_path: Path) -> None:
    hostile = page("PMC1__a", (OPG,), figtitle=f"={_ESCAPES}", figid_alias=f"@{_ESCAPES}")
    out = _of(tmp_path, hostile, also=(Form.GMT,))
    sets = (out / "pfocr-20241018-gmt-Homo_sapiens.gmt").read_bytes()
    held.gmt(sets)
    assert sets.startswith("'@\ufffd]0;pfz".encode())


@pytest.mark.parametrize(
    "title",
    [
        "[pfz](javascript:pfz)",
        "![pfz](http://pfz/x.png)",
        "<b>pfz</b>",
        "pfz`<b>pfz``</b>```<i>",
        "@pfz",
    ],
)
def test_markdown_of_a_comparison_is_text(title: str, tmp_path: Path) -> None:
    before = _of(tmp_path / "1", page("PMC1__a"))
    after = _of(tmp_path / "2", page("PMC1__a", figtitle=title), page("PMC2__a", figtitle=title))
    done = in_process("diff", before, after, "--format", "markdown")
    held.markdown(done.stdout, "diff")
    assert title in done.stdout


def test_an_organism_page_that_is_an_empty_mapping_is_accounted_for(tmp_path: Path) -> None:
    write(tmp_path, {"in/_organisms/x.md": "---\n{}\n---\n", "in/_figures/PMC1__a.md": page()})
    run(tmp_path / "in", out=tmp_path / "out", hgnc=MADE.hgnc)
    assert report(tmp_path / "out")["ledger"]["organism leaf"]["skipped"] == {"field-malformed": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"release": "x\n: >pfz\n"},
        {"release": "x\x1b[31m"},
        {"options": []},
        {"options": {"iri style": "obo", "issued": "\n: >pfz\n"}},
        {"outputs": 7},
        {"outputs": [7]},
        {"outputs": [{"name": ["x"]}]},
    ],
    ids=str,
)
def test_a_manifest_that_no_export_writes_is_refused(
    change: dict[str, object], tmp_path: Path
) -> None:
    out = _of(tmp_path, page())
    _change(out, change)
    with pytest.raises(InputError, match="expected the manifest of an export"):
        open_release(out)


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "../pfz"},
        {"name": "$(: >pfz)"},
        {"name": ["x"]},
        {"bytes": "9"},
        {"bytes": -1},
        {"bytes": True},
        {"sha256": "x"},
        {"media_type": "text/html\r\nX-Pfz: 1"},
        {"triples": None},
    ],
    ids=str,
)
def test_files_that_no_export_writes_are_refused(entry: dict[str, object], tmp_path: Path) -> None:
    out = _of(tmp_path, page())
    outputs = json.loads((out / "manifest.json").read_bytes())["outputs"]
    _change(out, {"outputs": [{**outputs[0], **entry}, *outputs[1:]]})
    with pytest.raises(InputError, match=r"expected (the manifest of an export|names of files)"):
        open_release(out)


def test_no_recipe_runs_what_a_manifest_says(tmp_path: Path) -> None:
    out = _of(tmp_path, page())
    _change(out, {"release": "x\n: >pfz\n"})
    done = in_process("load", out, "--store", "virtuoso", "--recipe")
    assert (done.returncode, done.stdout) == (2, "")


def test_an_export_over_a_manifest_that_was_changed_is_as_any(tmp_path: Path) -> None:
    checkout(tmp_path / "in")
    run(tmp_path / "in", out=tmp_path / "out", hgnc=MADE.hgnc)
    wanted = files(tmp_path / "out")
    outputs = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["outputs"]
    _change(tmp_path / "out", {"outputs": [{**outputs[0], "bytes": "9"}, *outputs[1:]]})
    run(tmp_path / "in", out=tmp_path / "out", hgnc=MADE.hgnc)
    assert files(tmp_path / "out") == wanted


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 5000,
        b'{"results": {"bindings": [{"n": {"value": null}}]}}',
        b'{"results": {"bindings": [{"n": {"value": 5}}]}}',
        b'{"results": {"bindings": [{"n": {"value": "pfz"}}]}}',
        b'{"results": {"bindings": [5]}}',
        b'{"results": 5}',
    ],
    ids=ascii,
)
def test_an_answer_that_no_store_gives_is_one_line(body: bytes, tmp_path: Path) -> None:
    out = _of(tmp_path, page())
    with answering(lambda _: (200, {"Content-Type": "application/json"}, body)) as url:
        done = in_process("load", out, "--to", url, "--store", "oxigraph", "--retries", 0, "-q")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.splitlines()) == 1


def _change(out: Path, change: dict[str, object]) -> None:
    path = out / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | change), encoding="utf-8")
