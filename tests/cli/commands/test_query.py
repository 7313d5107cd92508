"""`pfocr-rdf query` as its users meet it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rdflib

from tests.support.command import in_process
from tests.support.pages import OPG, TNFSF11, command, end, many, page, run, start, write

DEADLINE = 120.0
GENES = "SELECT ?gene ?name { ?gene a schema:Gene ; schema:name ?name } ORDER BY ?name"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a != ?l) }"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query")
    pages = {
        "PMC1__a.md": page(
            "PMC1__a", (TNFSF11, OPG), figtitle="A [bold]title[/bold] " + "long " * 60
        ),
        "PMC2__a.md": page("PMC2__a", (OPG,)),
    }
    run(write(folder / "in", pages), out=folder / "out", validate=False)
    done = command("query", folder / "out", "ASK { }")
    assert (done.returncode, done.stdout) == (0, "true\n"), done.stderr
    assert done.stderr.splitlines() == [
        "loading the store",
        "optimizing the store",
        "indexing the store",
    ]
    return folder / "out"


def on_terminal(*arguments: object, width: int = 80) -> tuple[int, str]:
    """Run the command on a terminal and return its exit code and what was on the screen."""
    main, other = pty.openpty()
    environment = os.environ | {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pfocr_rdf", *map(str, arguments)],
        stdin=other,
        stdout=other,
        stderr=other,
        env=environment,
    )
    os.close(other)
    shown = bytearray()
    deadline = time.monotonic() + DEADLINE
    try:
        while time.monotonic() < deadline:
            if not select.select([main], [], [], 1)[0]:
                continue
            try:
                piece = os.read(main, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        return process.wait(DEADLINE), shown.decode(errors="replace").replace("\r\n", "\n")
    finally:
        process.kill()
        process.wait()
        os.close(main)


@pytest.mark.whole
def test_rows_off_a_terminal_are_aligned_and_whole(out: Path) -> None:
    done = in_process("query", out, GENES)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "gene           name",
        "ncbigene:4982  TNFRSF11B",
        "ncbigene:8600  TNFSF11",
    ]
    assert done.stderr == ""
    titles = in_process(
        "query", out, "SELECT ?t { ?f a pfocr:PathwayFigure ; schema:name ?t }"
    ).stdout
    assert "A [bold]title[/bold] " + "long " * 59 + "long" in titles


@pytest.mark.whole
def test_rows_on_a_terminal_are_folded_never_cut(out: Path) -> None:
    query = "SELECT ?f ?t { ?f a pfocr:PathwayFigure ; schema:name ?t }"
    code, shown = on_terminal("query", out, query, width=60)
    assert code == 0
    assert shown.count("long") == 60
    assert "…" not in shown
    assert "[bold]title[/bold]" in shown.replace("\n", "").replace(" ", "") or "bold" in shown
    assert all(
        len(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", line)) <= 60 for line in shown.splitlines()
    )


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml", "table"])
def test_each_format_of_rows(out: Path, format_: str) -> None:
    done = in_process("query", out, GENES, "--format", format_)
    assert done.returncode == 0
    text = done.stdout
    if format_ == "csv":
        assert list(csv.reader(io.StringIO(text)))[1][1] == "TNFRSF11B"
    elif format_ == "json":
        assert len(json.loads(text)["results"]["bindings"]) == 2
    elif format_ == "xml":
        assert text.count("<result>") == 2
    else:
        assert len(text.splitlines()) == 3


def test_a_graph_is_turtle(out: Path) -> None:
    for query in ("DESCRIBE ncbigene:8600", "CONSTRUCT WHERE { ncbigene:8600 ?p ?o }"):
        done = in_process("query", out, query)
        assert done.returncode == 0
        graph = rdflib.Graph().parse(data=done.stdout, format="turtle")
        gene = rdflib.URIRef("http://identifiers.org/ncbigene/8600")
        assert set(graph.subjects()) == {gene}
        assert len(graph) > 5


def test_a_question_by_name_with_values(out: Path) -> None:
    done = in_process("query", out, "figures-of-gene", "--param", "gene=TNFSF11", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["figure"].rpartition("/")[2] for row in rows] == ["PMC1__a.html"]
    done = in_process("query", out, "figures-of-gene", "-p", "gene=TNFRSF11B", "--format", "tsv")
    assert len(done.stdout.splitlines()) == 1 + 2


@pytest.mark.whole
def test_a_query_from_a_file_and_from_stdin(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(GENES, encoding="utf-8-sig")
    expected = in_process("query", out, GENES).stdout
    assert in_process("query", out, f"@{path}").stdout == expected
    assert command("query", out, "@-", input=GENES).stdout == expected


def test_a_limit_is_said_on_stderr(out: Path) -> None:
    done = in_process("query", out, GENES, "--limit", 1)
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == "only the first 1: there is more (--limit 0 for all)\n"
    assert in_process("query", out, GENES, "--limit", 2).stderr == ""


def test_output_goes_to_a_file(out: Path, tmp_path: Path) -> None:
    done = in_process("query", out, GENES, "--format", "csv", "-o", tmp_path / "genes.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "genes.csv").read_bytes().count(b"\r\n") == 3
    failed = in_process("query", out, GENES, "-o", tmp_path / "none" / "genes.csv")
    assert failed.returncode == 2
    assert "genes.csv: cannot be written: No such file" in failed.stderr


def test_a_failed_query_leaves_the_file_that_was_there(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "genes.csv"
    path.write_text("old", encoding="utf-8")
    unreachable = "SELECT * { ?s ?p ?o SERVICE <http://127.0.0.1:1/x> { } }"
    for arguments in (
        (GENES, "--format", "turtle"),
        ("SELECT * { ?s ?p", "--format", "csv"),
        (unreachable, "--format", "csv"),
    ):
        done = in_process("query", out, *arguments, "-o", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert path.read_text(encoding="utf-8") == "old"
        assert [each.name for each in tmp_path.iterdir()] == ["genes.csv"]


def test_a_file_keeps_its_mode_and_its_links_when_it_is_replaced(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "real" / "genes.csv"
    path.parent.mkdir()
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    done = in_process("query", out, GENES, "--format", "csv", "-o", link)
    assert done.returncode == 0, done.stderr
    assert link.is_symlink()
    assert path.read_bytes().count(b"\r\n") == 3
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in path.parent.iterdir()] == ["genes.csv"]


@pytest.mark.whole
def test_output_goes_to_what_is_no_file_too(out: Path, tmp_path: Path) -> None:
    done = command("query", out, "ASK { }", "-o", "/dev/stdout")
    assert (done.returncode, done.stdout) == (0, "true\n"), done.stderr
    assert command("query", out, "ASK { }", "-o", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()
    failed = command("query", out, "ASK { }", "-o", tmp_path)
    assert failed.returncode == 2
    assert "cannot be written: Is a directory" in failed.stderr


@pytest.mark.whole
def test_ctrl_c_leaves_the_file_that_was_there(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("old", encoding="utf-8")
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    process = start("query", out, query, "--format", "tsv", "-o", path)
    try:
        deadline = time.monotonic() + DEADLINE
        while not any(each.stat().st_size for each in tmp_path.glob(".rows.tsv*.part")):
            assert time.monotonic() < deadline, "nothing is written"
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=DEADLINE)
        assert (process.returncode, output, errors) == (130, "", "interrupted\n")
        assert [each.name for each in tmp_path.iterdir()] == ["rows.tsv"]
        assert path.read_text(encoding="utf-8") == "old"
    finally:
        end(process)


def test_a_name_that_is_not_there_is_told_beside_the_answer(out: Path) -> None:
    done = in_process("query", out, "figures-of-gene", "-p", "gene=TNFSF1", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "figure,title,year,tier,gene_iri\n")
    assert done.stderr == (
        "parameter gene: this release has no gene 'TNFSF1' (did you mean TNFSF11?)\n"
    )
    assert in_process("query", out, "figures-of-gene", "-p", "gene=TNFSF11").stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["SELECT * { ?s ?p"], "error: query: line 1, column 17: expected SPARQL, found the end"),
        (["SELECT * { ?s foo:x ?o }"], "(declare the prefix: PREFIX foo: <...>)"),
        (["ASK { }", "--format", "turtle"], "error: format: expected one of table, csv, tsv, json"),
        (["DESCRIBE <x:a>", "--format", "csv"], "error: format: expected one of turtle"),
        (["figures-of-gen"], "did you mean figures-of-gene?"),
        (["renamed"], "did you mean renamed-symbols or symbols-of-gene?"),
        (["figures-of-gene", "--param", "gen=TP53"], "(did you mean gene?)"),
        (
            ["figures-of-gene", "--param", "TP53"],
            "error: --param: expected NAME=VALUE, found 'TP53'",
        ),
        (["figures-of-gene", "--param", "=TP53"], "error: --param: expected NAME=VALUE"),
        (["ASK { }", "--param", "gene=TP53"], "error: --param: is for a question"),
        (["@/none/q.rq"], "error: /none/q.rq: cannot be read: No such file or directory"),
        (["ASK { }", "--limit", "-1"], "error: --limit: expected 0 or more, found -1"),
        (["INSERT DATA { <x:a> <x:b> 1 }"], "the store is read-only"),
        (["SELECT * { SERVICE <http://127.0.0.1:1/x> { } }"], "error: query: SERVICE: expected an"),
    ],
)
def test_faults_are_one_line_and_exit_2(out: Path, arguments: list[str], message: str) -> None:
    done = in_process("query", out, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_in_another_encoding_is_one_line(out: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_bytes(b"ASK { ?s ?p '\xff' }")
    done = in_process("query", out, f"@{tmp_path / 'q.rq'}")
    assert done.returncode == 2
    assert "expected UTF-8, found another encoding" in done.stderr


def test_a_folder_that_is_no_release_is_one_line(tmp_path: Path) -> None:
    done = in_process("query", tmp_path, "ASK { }")
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {tmp_path}: expected the folder of an export")
    assert len(done.stderr.splitlines()) == 1


def test_rebuild_builds_and_damage_says_so(out: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(out, tmp_path / "out"))
    assert in_process("query", copy, "ASK { }").stderr != ""
    assert in_process("query", copy, "ASK { }").stderr == ""
    done = in_process("query", copy, "ASK { }", "--rebuild")
    assert (done.returncode, done.stdout) == (0, "true\n")
    assert "loading the store" in done.stderr


@pytest.mark.whole
def test_a_reader_that_goes_away_is_no_fault(out: Path) -> None:
    query = "SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }"
    process = start("query", out, query, "--format", "tsv")
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "?a\t?b\t?c\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(DEADLINE) == 0
    finally:
        end(process)


@pytest.mark.whole
def test_ctrl_c_in_a_query_exits_with_130(out: Path) -> None:
    process = start("query", out, ENDLESS, "--rebuild")
    try:
        assert process.stderr is not None
        line = ""
        while not line.startswith("indexing"):
            line = process.stderr.readline()
        # The store is there some moments later, and then the query runs for ever.
        deadline = time.monotonic() + DEADLINE
        while list(out.parent.glob(".*.building-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=DEADLINE)
        assert process.returncode == 130
        assert output == ""
        assert errors.splitlines()[-1] == "interrupted"
    finally:
        end(process)


@pytest.mark.whole
def test_ctrl_c_in_the_build_exits_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    run(many(tmp_path / "in", 1500), out=tmp_path / "out", validate=False)
    process = start("query", tmp_path / "out", "ASK { }")
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == "loading the store\n"
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=DEADLINE)
        assert process.returncode == 130, errors
        assert output == ""
        assert errors.splitlines()[-1] == "interrupted"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    finally:
        end(process)


@pytest.mark.whole
def test_a_bar_shows_on_a_terminal_and_goes(tmp_path: Path) -> None:
    run(many(tmp_path / "in", 400), out=tmp_path / "out", validate=False)
    code, shown = on_terminal("query", tmp_path / "out", "ASK { }")
    assert code == 0
    assert "loading the store" in shown
    assert shown.rstrip().endswith("true")


def test_genes_come_from_a_file_in_any_case_and_by_any_name(out: Path, tmp_path: Path) -> None:
    (tmp_path / "genes.txt").write_text("tnfsf11\nOPG\n\n", encoding="utf-8")
    given = f"genes=@{tmp_path / 'genes.txt'}"
    ran = in_process("query", out, "figures-of-genes", "-p", given, "--format", "csv")
    assert ran.returncode == 0, ran.stderr
    assert "PMC1__a" in ran.stdout
    assert "parameter genes: tnfsf11 is taken for TNFSF11" in ran.stderr
    assert "parameter genes: OPG is taken for TNFRSF11B (" in ran.stderr
    table = in_process("query", out, "figures-of-genes", "-p", given).stdout
    assert "PMC1__a " in table
    assert "https://" not in table
    missing = in_process("query", out, "figures-of-genes", "-p", "genes=@nix.txt")
    assert missing.stderr == "error: nix.txt: cannot be read: No such file or directory\n"


def test_the_list_of_questions_fits_a_terminal() -> None:
    lines = in_process("queries").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "Genes:" in lines
