"""The command as its users meet it: what it prints, where, and how it exits."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import orjson
import pyoxigraph
import pytest
from rdflib import Graph

from pfocr_rdf.cli import main as cli
from pfocr_rdf.cli.main import main
from pfocr_rdf.errors import IntegrityError
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.version import __version__
from tests.figures.link.test_download import (
    Answer,
    Server,
    table_text,
)

SEED = "001_4c02219641b50d7b.txt"
FIGID = "PMC4168338__10-1055-s-0031-1298276-i430gf01"
RELEASE = {
    "alignment.ttl",
    "findings.jsonl",
    "manifest.json",
    "pfocr.jsonld",
    "pfocr.ttl",
    "report.json",
    "report.md",
    "void.ttl",
}
DATA = """\
@prefix schema: <http://schema.org/> .
<http://identifiers.org/ncbigene/8600> a schema:Gene ; schema:name "TNFSF11" .
"""


class Ran(NamedTuple):
    """What a run left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, so that no table of the machine decides a test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(folder))
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, by its real entry point."""

    def call(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as exit_:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        code = exit_.value.code
        assert isinstance(code, int)
        # Typer colours its help wherever it believes to run in CI.
        return Ran(code, _COLOUR.sub("", printed.out), _COLOUR.sub("", printed.err))

    return call


def process(*arguments: object, command: tuple[str, ...] = ("-m", "pfocr_rdf")) -> Ran:
    """Run the command as a process of its own."""
    done = subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def flat(text: str) -> str:
    """Return a text without line breaks and the frame that Typer draws around errors."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())


# --- help and wrong usage --------------------------------------------------------------------


def test_the_module_is_the_command() -> None:
    assert process("--version") == Ran(0, f"pfocr-rdf {__version__}\n", "")


def test_the_installed_command_is_the_same() -> None:
    command = Path(sys.executable).with_name("pfocr-rdf")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"pfocr-rdf {__version__}\n"


def test_help_names_every_verb(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for verb in ("export", "validate", "show", "genes"):
        assert re.search(rf"^│ {verb} ", ran.out, re.MULTILINE)
    assert ran.err == ""
    genes = run("genes", "--help").out
    assert all(re.search(rf"^│ {verb} ", genes, re.MULTILINE) for verb in ("update", "status"))


@pytest.mark.parametrize("arguments", [(), ("genes",)])
def test_without_a_verb_help_is_shown_and_the_exit_code_is_2(
    run: Run, arguments: tuple[str, ...]
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Commands" in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exprot",), "No such command 'exprot'"),
        (("export", "seeds"), "Missing option '-o' / '--out'"),
        (("export", "-o", "out"), "Missing argument 'INPUT...'"),
        (("export", "seeds", "-o", "out", "--fromat", "turtle"), "No such option: --fromat"),
        (("export", "seeds", "-o", "out", "--iri-style", "bio2rdf"), "'uniprot'"),
        (("export", "seeds", "-o", "out", "--compress", "bzip2"), "'gzip', 'zstd'"),
        (("export", "seeds", "-o", "out", "--jobs", "many"), "--jobs"),
        (("validate", "x.ttl", "--engine", "jena"), "'pyshacl'"),
        (("validate", "x.ttl", "--format", "xml"), "'turtle'"),
        (("validate",), "Missing argument 'FILE...'"),
        (("show", "x.md", "--format", "csv"), "'jsonld'"),
        (("show",), "Missing argument"),
        (("genes", "lookup"), "Missing argument 'SYMBOL'"),
        (("genes", "lokup"), "No such command 'lokup'"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in flat(ran.err)
    assert "--help" in ran.err
    assert "Traceback" not in ran.err


# --- export ----------------------------------------------------------------------------------


def test_export_leaves_a_release_and_sums_it_up(run: Run, seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = run("export", seeds, "-o", out)
    assert ran.code == 0
    assert {path.name for path in out.iterdir()} == RELEASE | {"ledger.sqlite"}
    report = orjson.loads((out / "report.json").read_bytes())
    summary = dict(re.findall(r"^ *(\S+(?: \w+)*?)  +(\S.*)$", ran.out, re.MULTILINE))
    assert summary["figures"] == "5"
    assert summary["triples"] == f"{report['triples']:,}"
    genes = report["entities"]["genes"]
    assert summary["genes linked"] == f"{genes}, {report['genes with HGNC match']} of them to HGNC"
    assert summary["HGNC table"] == "embedded, 153 genes, 2024-10-18"
    assert summary["shapes"] == "the graph conforms"
    by_code = report["findings"]["by code"]
    assert by_code
    assert summary["findings"] == str(sum(by_code.values()))
    for code, count in by_code.items():
        assert summary[code].startswith(f"{count} (")
    assert set(summary["files"].split(", ")) == RELEASE
    assert summary["in"] == str(out)
    assert not any(line != line.rstrip() for line in ran.out.splitlines())


def test_the_embedded_table_is_never_used_quietly(
    run: Run, seeds: Path, tmp_path: Path, cache: Path
) -> None:
    arguments = ("export", seeds / SEED, "-o", tmp_path / "out")
    ran = run(*arguments)
    assert ran.err.startswith("WARNING: linked with the small HGNC table")
    assert "153 genes" in ran.err
    assert "pfocr-rdf genes update" in ran.err
    assert len(ran.err.splitlines()) == 1, "off a terminal, a warning is one line"
    table = tmp_path / "hgnc.tsv"
    table.write_text(table_text(3))
    given = run(*arguments, "--hgnc", table)
    assert (given.code, given.err) == (0, "")
    assert "file, 3 genes, 2024-10-18" in given.out
    cache.mkdir()
    table.rename(cache / "hgnc_complete_set.txt")
    cached = run(*arguments)
    assert (cached.code, cached.err) == (0, "")
    assert "cache, 3 genes, 2024-10-18" in cached.out


def test_quiet_prints_nothing_but_errors(run: Run, seeds: Path, tmp_path: Path) -> None:
    assert run("export", seeds, "-o", tmp_path / "out", "--quiet") == Ran(0, "", "")
    ran = run("export", tmp_path / "gone", "-o", tmp_path / "out", "-q")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")


def test_every_option_of_export_reaches_the_release(run: Run, seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = run(
        "export", seeds, "-o", out, "--format", "ntriples, turtle", "--compress", "gzip",
        "--iri-style", "uniprot", "--no-captions", "-j", 1, "--limit", 2, "--no-validate",
        "--shard-size", 1, "--release", "2024-10", "--issued", "2024-11-30",
        "--previous", "2024-07", "--download", "https://example.org/d/",
        "--endpoint", "https://example.org/sparql",
    )  # fmt: skip
    assert ran.code == 0
    assert "not validated" in ran.out
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    assert manifest["release"] == "2024-10"
    assert manifest["options"] == {
        "formats": ["ntriples", "turtle"],
        "compression": "gzip",
        "iri style": "uniprot",
        "captions": False,
        "limit": 2,
        "validated": False,
        "also": [],
        "shard size": 1,
        "issued": "2024-11-30",
        "previous": "2024-07",
        "download": "https://example.org/d/",
        "endpoint": "https://example.org/sparql",
    }
    void = (out / "void.ttl").read_text()
    for said in (
        'dcterms:issued "2024-11-30"^^xsd:date',
        "pav:previousVersion <https://w3id.org/pfocr/release/2024-07>",
        "dcat:downloadURL <https://example.org/d/pfocr-00001.nt.gz>",
        "sd:endpoint <https://example.org/sparql>",
    ):
        assert said in void
    names = {path.name for path in out.iterdir()}
    assert {"pfocr-00001.nt.gz", "pfocr-00002.nt.gz", "pfocr-00001.ttl.gz"} <= names
    assert "pfocr-00003.nt.gz" not in names
    listed = re.search(r"^files +(.+)$", ran.out, re.MULTILINE)
    assert listed is not None
    assert re.search(r", \d+ more$", listed[1]), "a list of many shards is cut"


def test_a_second_export_says_the_same_and_leaves_the_release_alone(
    run: Run, seeds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = run("export", seeds, "-o", out)
    inode = out.stat().st_ino
    again = run("export", seeds, "-o", out)
    assert (again.code, again.out) == (0, first.out)
    assert out.stat().st_ino == inode
    anew = run("export", seeds, "-o", out, "--no-reuse")
    assert (anew.code, anew.out) == (0, first.out)
    assert out.stat().st_ino != inode


def test_changed_prints_what_is_new_changed_and_gone(run: Run, seeds: Path, tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    shutil.copytree(seeds, pages)
    first = run("export", pages, "-o", out, "-q", "--changed")
    assert (first.code, first.out) == (0, "")
    assert flat(first.err) == "there was no earlier release to compare with"
    again = run("export", pages, "-o", out, "-q", "--changed")
    assert (again.code, again.out, again.err) == (0, "", "")
    first_page, second_page, *_ = sorted(pages.iterdir())
    first_page.write_text(first_page.read_text().replace("\nfigtitle: ", "\nfigtitle: The "))
    second_page.rename(pages / "new.txt")
    for option in ("--reuse", "--no-reuse"):
        copy = tmp_path / option
        shutil.copytree(out, copy)
        ran = run("export", pages, "-o", copy, "-q", "--changed", option)
        signs = [line.split(" ") for line in ran.out.splitlines()]
        assert [sign for sign, _ in signs] == ["+", "~", "-"]
        assert [name for _, name in signs][:2] == ["new", first_page.stem]


def test_a_release_that_was_edited_is_one_line_and_2(run: Run, seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", seeds, "-o", out)
    dump = out / "pfocr.ttl"
    dump.write_bytes(dump.read_bytes().replace(b"Control of", b"control of"))
    ran = run("export", seeds, "-o", out)
    assert (ran.code, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert re.search(r"pfocr\.ttl: is not as its ledger says: .* \(use --no-reuse\)$", line)
    assert run("export", seeds, "-o", out, "--no-reuse").code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "turtle,rdfxml"), "--format: expected some of turtle, jsonld, ntriples"),
        (("--format", ""), "--format: expected some of turtle"),
        (("--limit", "-1"), "--limit: expected"),
        (("--shard-size", "-5"), "--shard-size: expected"),
        (("--jobs", "-2"), "--jobs: expected"),
        (("--release", "a b"), "--release: expected letters, digits, . _ -, found 'a b'"),
        (("--hgnc", "gone.txt"), "gone.txt: expected an HGNC table, cannot be read"),
    ],
)
def test_a_value_that_no_export_can_follow_is_one_line_and_2(
    run: Run, seeds: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "out"
    ran = run("export", seeds, "-o", out, *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {said}")
    assert len(ran.err.splitlines()) == 1
    assert not out.exists()


def test_bad_input_is_one_line_and_2(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"\x1f\x8b no archive")
    for bad, said in (
        (tmp_path / "gone", "No such file"),
        (empty, "expected *.md or *.txt pages"),
        (broken, "expected a whole archive"),
    ):
        ran = run("export", bad, "-o", tmp_path / "out")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"error: {bad}: ")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1


def test_a_folder_that_is_no_release_is_left_alone(run: Run, seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter1.doc").write_text("precious")
    ran = run("export", seeds, "-o", out)
    assert (ran.code, ran.out) == (2, "")
    assert "choose a new or empty folder" in ran.err
    assert [path.name for path in out.iterdir()] == ["chapter1.doc"]


def test_strict_exits_with_1_on_errors_only(run: Run, seeds: Path, tmp_path: Path) -> None:
    # The seeds have warnings and infos, no errors.
    assert run("export", seeds, "-o", tmp_path / "out", "--strict").code == 0
    pages = tmp_path / "pages"
    shutil.copytree(seeds, pages)
    (pages / "broken.md").write_text("no front matter")
    plain = run("export", pages, "-o", tmp_path / "out")
    assert plain.code == 0
    assert re.search(r"front-matter-malformed +1 \(error\)", plain.out)
    strict = run("export", pages, "-o", tmp_path / "strict", "--strict")
    assert strict.code == 1
    assert {path.name for path in (tmp_path / "strict").iterdir()} == RELEASE | {"ledger.sqlite"}


def test_violations_exit_with_1_and_say_so(run: Run, seeds: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text((seeds / SEED).read_text().replace("  license: CC0\n", ""))
    ran = run("export", page, "-o", tmp_path / "out")
    assert ran.code == 1
    assert re.search(r"^shapes +1 violations?$", ran.out, re.MULTILINE)
    assert run("export", page, "-o", tmp_path / "out", "--no-validate").code == 0


def test_a_release_without_any_figure_is_warned_of(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# not a page of PFOCR\n")
    ran = run("export", page, "-o", tmp_path / "out")
    assert ran.code == 0
    assert "WARNING: no figure could be read" in ran.err


# --- faults of ours --------------------------------------------------------------------------


def test_books_that_do_not_balance_exit_with_3(
    run: Run, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is no input that makes them so: that is the point of the check.
    monkeypatch.setattr("pfocr_rdf.findings.Ledger.imbalances", lambda _: ["gene row: 3, 2"])
    out = tmp_path / "out"
    ran = run("export", seeds / SEED, "-o", out)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "error: the ledger does not balance: gene row: 3, 2\n"
    assert not out.exists()


def test_any_other_fault_exits_with_3_and_asks_for_a_report(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise AssertionError("a fault of ours")

    monkeypatch.setattr(cli, "table_status", lambda: fails(None))
    ran = run("genes", "status")
    assert (ran.code, ran.out) == (3, "")
    assert "AssertionError: a fault of ours" in ran.err
    assert ran.err.splitlines()[-1].startswith("error: this is a fault of pfocr-rdf")


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_verbose_shows_where_a_fault_was_seen(run: Run, tmp_path: Path, option: str) -> None:
    arguments = ("export", tmp_path / "gone", "-o", tmp_path / "out")
    assert "Traceback" not in run(*arguments).err
    ran = run(*arguments, option)
    assert ran.code == 2
    assert "Traceback (most recent call last)" in ran.err
    assert ran.err.splitlines()[-1].startswith("error: ")


def test_a_reader_that_leaves_is_no_fault(seeds: Path) -> None:
    page = seeds / "004_be595aa5e10b067e.txt"
    pipe = f"'{sys.executable}' -m pfocr_rdf show '{page}' --format turtle | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", pipe], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("@prefix")
    assert "Error" not in done.stderr


# --- validate --------------------------------------------------------------------------------


@pytest.fixture
def release(run: Run, seeds: Path, tmp_path: Path) -> Path:
    """A release of the seeds."""
    out = tmp_path / "out"
    assert run("export", seeds, "-o", out, "-q").code == 0
    return out


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A graph of one gene that lacks nearly everything."""
    path = tmp_path / "bad.ttl"
    path.write_text(DATA)
    return path


def test_a_release_conforms_in_either_syntax(run: Run, release: Path) -> None:
    triples = orjson.loads((release / "report.json").read_bytes())["triples"]
    for name in ("pfocr.ttl", "pfocr.jsonld"):
        ran = run("validate", release / name)
        assert (ran.code, ran.err) == (0, "")
        assert re.fullmatch(
            rf"Conforms \(1 file, {triples:,} triples, \d+ focus nodes; engine fast\)\.\n", ran.out
        )
    both = run("validate", release / "pfocr.ttl", release / "pfocr.jsonld")
    assert both.out.startswith(f"Conforms (2 files, {triples:,} triples")


def test_what_does_not_conform_exits_with_1_and_is_explained(run: Run, bad: Path) -> None:
    ran = run("validate", bad)
    assert (ran.code, ran.err) == (1, "")
    assert re.match(r"Does not conform: \d+ sh:Violation \(1 file, 2 triples, ", ran.out)
    assert "Gene schema:url: " in ran.out
    assert "    ncbigene:8600\n" in ran.out


def test_the_json_report_has_everything(run: Run, bad: Path) -> None:
    ran = run("validate", bad, "--format", "json")
    report = orjson.loads(ran.out)
    assert ran.code == 1
    assert report["conforms"] is False
    assert report["files"] == [str(bad)]
    paths = {result["path"] for result in report["results"]}
    assert "<http://schema.org/url>" in paths


def test_the_turtle_report_is_a_shacl_report(run: Run, bad: Path) -> None:
    ran = run("validate", bad, "--format", "turtle")
    assert ran.code == 1
    graph = Graph().parse(data=ran.out, format="turtle")
    asked = graph.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?report a sh:ValidationReport ; "
        "sh:conforms false ; sh:result [ sh:resultPath <http://schema.org/url> ] }"
    )
    assert asked.askAnswer


def test_pyshacl_says_the_same(run: Run, bad: Path, release: Path) -> None:
    ran = run("validate", bad, "--engine", "pyshacl")
    assert ran.code == 1
    assert "engine pyshacl" in ran.out
    fast = orjson.loads(run("validate", bad, "--format", "json").out)
    assert f"{len(fast['results'])} sh:Violation" in ran.out
    assert run("validate", release / "alignment.ttl", "--engine", "auto").code == 0


def test_shapes_of_ones_own(run: Run, bad: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <http://schema.org/> .\n"
        "<http://example.org/S> a sh:NodeShape ; sh:targetClass schema:Gene ; sh:property\n"
        '  [ sh:path schema:name ; sh:maxLength 3 ; sh:message "short names" ] .\n'
    )
    ran = run("validate", bad, "--shapes", shapes)
    assert ran.code == 1
    assert "short names" in ran.out
    assert 'value "TNFSF11"' in ran.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.ttl", None, "cannot be read: No such file or directory"),
        ("page.md", "---\n---\n", "found .md (rename the file)"),
        ("broken.ttl", "<http://example.org/a> a", "broken.ttl: "),
        ("remote.jsonld", '{"@context": "https://schema.org/"}', "which is not fetched"),
    ],
)
def test_a_file_that_is_no_rdf_exits_with_2(
    run: Run, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    ran = run("validate", path)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


def test_shapes_that_are_none_exit_with_2(run: Run, bad: Path) -> None:
    ran = run("validate", bad, "--shapes", bad)
    assert (ran.code, ran.out) == (2, "")
    assert "expected SHACL shapes, found none" in ran.err


# --- show ------------------------------------------------------------------------------------


def test_show_is_a_table_of_the_mentions(run: Run, seeds: Path) -> None:
    ran = run("show", seeds / SEED)
    assert ran.code == 0
    title, head, *rows = (re.split(r"  +", line) for line in ran.out.splitlines())
    assert title[0] == FIGID
    assert head == ["kind", "word", "matched", "symbol", "hgnc", "entrez", "other id", "how"]
    assert ["gene", "RANKL", "RANKL", "TNFSF11", "HGNC:11926", "8600", "StatedEntrez"] in rows
    assert len(rows) == 3
    assert f"\ntext-repaired: {SEED}: papertitle: RANK" in ran.err
    assert "WARNING: linked with the small HGNC table" in ran.err


def test_show_as_a_graph_is_the_graph(run: Run, seeds: Path) -> None:
    turtle = run("show", seeds / SEED, "--format", "turtle")
    jsonld = run("show", seeds / SEED, "--format", "jsonld")
    assert (turtle.code, jsonld.code) == (0, 0)
    one, two = (
        {quad.triple for quad in pyoxigraph.parse(text, syntax)}
        for text, syntax in (
            (turtle.out, pyoxigraph.RdfFormat.TURTLE),
            (jsonld.out, pyoxigraph.RdfFormat.JSON_LD),
        )
    )
    assert len(one) > 50
    assert one == two


@pytest.fixture(params=["folder", "checkout", "tar.gz", "zip"])
def corpus(request: pytest.FixtureRequest, seeds: Path, tmp_path: Path) -> Path:
    """The first seeds in each layout there is; the pages are not named by their figids."""
    root = tmp_path / "corpus"
    if request.param == "folder":
        shutil.copytree(seeds, root)
        return root
    shutil.copytree(seeds, root / "_figures")
    if request.param == "checkout":
        return root
    path = tmp_path / f"corpus.{request.param}"
    if request.param == "zip":
        with zipfile.ZipFile(path, "w") as zipped:
            for page in (root / "_figures").iterdir():
                zipped.write(page, f"pfocr/_figures/{page.name}")
    else:
        with tarfile.open(path, "w:gz") as tar:
            tar.add(root, "pfocr")
    return path


def test_show_finds_a_figid_in_any_input(run: Run, corpus: Path) -> None:
    ran = run("show", FIGID, "--in", corpus)
    assert ran.code == 0
    assert ran.out.startswith(f"{FIGID}  Control of osteoclast")


def test_show_says_what_it_cannot_show(run: Run, seeds: Path, root: Path) -> None:
    for arguments, said in (
        ((FIGID,), f"{FIGID}: a figid needs --in INPUT (where to look for it)"),
        (("gone.md",), "gone.md: no such file"),
        ((seeds,), f"{seeds}: holds 5 figures (give a FIGID --in it)"),
        (("PMC1__f1", "--in", seeds), f"PMC1__f1: no such figure in {seeds} (pages there: 5)"),
        ((FIGID, "--in", "gone"), "gone: No such file or directory (give a file or folder)"),
        ((root / "LICENSE",), "is not a figure we can show: front-matter-malformed: "),
    ):
        ran = run("show", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1


# --- genes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "rows", "verdict"),
    [
        ("TNFSF11", ["TNFSF11 HGNC:11926 8600 approved"], "An approved symbol: "),
        (
            "OPG",
            ["TNFRSF11B HGNC:11909 4982 previous", "BTF3P11 HGNC:1126 690 alias"],
            "A previous symbol of one gene: a keyword is linked to TNFRSF11B.",
        ),
        (
            "TRAP",
            ["ACP5 HGNC:124 54 alias", "SCYL1 HGNC:14372 57410 alias"],
            "An alias, or ambiguous: ",
        ),
        ("HGNC:11926", ["TNFSF11 HGNC:11926 8600"], "An id: "),
        ("ncbigene:8600", ["TNFSF11 HGNC:11926 8600"], "An id: "),
    ],
)
def test_lookup_shows_every_gene_it_could_be(
    run: Run, query: str, rows: list[str], verdict: str
) -> None:
    ran = run("genes", "lookup", query)
    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == "symbol HGNC Entrez matched as name"
    for row, line in zip(rows, lines[1:], strict=False):
        assert line.startswith(row)
    assert lines[-1].startswith(verdict)


def test_lookup_of_what_no_gene_has_exits_with_2(run: Run) -> None:
    ran = run("genes", "lookup", "XYZZY")
    assert (ran.code, ran.out) == (2, "")
    assert "XYZZY: no gene of the embedded HGNC table has this symbol or id" in ran.err


def test_status_names_the_embedded_table_while_there_is_no_other(run: Run) -> None:
    genes = len(embedded_gene_table())
    ran = run("genes", "status")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"no table in the cache: exports use the embedded one of {genes} genes (2024-10-18); "
        "run `pfocr-rdf genes update`\n"
    )


def test_update_fetches_the_table_and_status_shows_it(
    run: Run, server: Server, cache: Path
) -> None:
    server.answers = [Answer(headers=(("ETag", '"v1"'),)), Answer(304, b"")]
    path = cache / "hgnc_complete_set.txt"
    first = run("genes", "update", "--url", server.url)
    said = f"HGNC table of 2024-10-18 {{}}: 1,200 genes, {path}\n"
    assert first == Ran(0, said.format("downloaded"), "")
    assert path.is_file()
    assert run("genes", "update", "--url", server.url) == Ran(0, said.format("is current"), "")
    assert server.requests[1]["If-None-Match"] == '"v1"'
    shown = run("genes", "status")
    assert (shown.code, shown.err) == (0, "")
    status = dict(line.split(maxsplit=1) for line in shown.out.splitlines())
    assert status["path"] == str(path)
    assert status["genes"] == "1200"
    assert status["url"] == server.url
    lookup = run("genes", "lookup", "G7")
    assert lookup.err == "", "the cached table is used, and needs no warning"
    assert "HGNC:7" in lookup.out


def test_an_update_that_fails_exits_with_2_and_says_what_to_do(run: Run, server: Server) -> None:
    server.answers = [Answer(404, b"")]
    ran = run("genes", "update", "--url", server.url)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: HGNC table: {server.url}: ")
    assert "--hgnc FILE" in ran.err


def test_errors_know_their_exit_codes() -> None:
    assert IntegrityError("x").exit_code == 3
