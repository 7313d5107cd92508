"""`pfocr-rdf export` as its users meet it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
import zstandard

from tests.cli.conftest import Run
from tests.figures.link.test_download import (
    table_text,
)
from tests.support.command import Ran, exit_code, flat

SEED = "001_4c02219641b50d7b.txt"
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
    assert summary["HGNC table"] == "embedded, 43,882 genes, 2024-10-18"
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
    assert ran.err.startswith("WARNING: linked with the HGNC table of 2024-10-18 that pfocr-rdf")
    assert "`pfocr-rdf genes update`" in ran.err
    assert len(ran.err.splitlines()) == 1, "off a terminal, a warning is one line"
    table = tmp_path / "hgnc.tsv"
    table.write_text(table_text(3))
    given = run(*arguments, "--hgnc", table)
    assert given.code == 0
    cut = "WARNING: the HGNC table {} has 3 approved genes, the complete set has some 44,000 "
    assert given.err.startswith(cut.format("hgnc.tsv"))
    assert len(given.err.splitlines()) == 1
    assert "file, 3 genes, 2024-10-18" in given.out
    cache.mkdir()
    table.rename(cache / "hgnc_complete_set.txt")
    cached = run(*arguments)
    assert cached.code == 0
    assert cached.err.startswith(cut.format("hgnc_complete_set.txt"))
    assert "cache, 3 genes, 2024-10-18" in cached.out


def test_rows_of_the_table_that_are_left_out_are_told_and_kept(
    run: Run, seeds: Path, tmp_path: Path
) -> None:
    whole = table_text(6).splitlines()
    rows = [line.split("\t") for line in whole[2:6]]
    rows[0][-1], rows[1][-1], rows[2][-1] = "207.0", "1.2E+02", "0207"
    lines = [whole[0], whole[1], *map("\t".join, rows), "HGNC:11998\tTP53\ttumor prot"]
    table = tmp_path / "cut.tsv"
    table.write_text("\n".join(lines))
    ran = run("export", seeds / SEED, "-o", tmp_path / "out", "--hgnc", table)
    assert ran.code == 0
    left_out = ran.err.splitlines()[-1]
    assert left_out.startswith("WARNING: 4 rows of the HGNC table cut.tsv left out: line 3: ")
    for said in ("found '207.0'", "found '1.2E+02'", "found '0207'", "and 1 more"):
        assert said in left_out
    found = map(orjson.loads, (tmp_path / "out/findings.jsonl").read_bytes().splitlines())
    assert [
        (each["file"], each["field"], each["value"])
        for each in found
        if each["code"] == "hgnc-row-malformed"
    ] == [
        ("cut.tsv", "line 3: entrez_id", "207.0"),
        ("cut.tsv", "line 4: entrez_id", "1.2E+02"),
        ("cut.tsv", "line 5: entrez_id", "0207"),
        ("cut.tsv", "line 7", ""),
    ]
    manifest = orjson.loads((tmp_path / "out/manifest.json").read_bytes())
    report = orjson.loads((tmp_path / "out/report.json").read_bytes())
    assert manifest["versions"]["hgnc"]["left_out"] == report["hgnc"]["left_out"] == 4
    assert report["findings"]["by code"]["hgnc-row-malformed"] == 4
    assert "Rows of it left out: 4" in (tmp_path / "out/report.md").read_text()


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


@pytest.mark.whole
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


@pytest.mark.whole
def test_a_release_that_was_edited_is_one_line_and_2(run: Run, seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", seeds, "-o", out)
    dump = out / "pfocr.ttl"
    dump.write_bytes(dump.read_bytes().replace(b"Control of", b"control of"))
    ran = run("export", seeds, "-o", out)
    assert (ran.code, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert re.search(r"pfocr\.ttl: is not as its page cache says: .* \(use --no-reuse\)$", line)
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


def test_strict_publishes_nothing_and_exits_with_1_on_errors_only(
    run: Run, seeds: Path, tmp_path: Path
) -> None:
    # The seeds have warnings and infos, no errors.
    assert run("export", seeds, "-o", tmp_path / "out", "--strict").code == 0
    pages = tmp_path / "pages"
    shutil.copytree(seeds, pages)
    (pages / "broken.md").write_text("no front matter")
    plain = run("export", pages, "-o", tmp_path / "out")
    assert plain.code == 0
    assert re.search(r"front-matter-malformed +1 \(error\)", plain.out)
    before = contents(tmp_path / "out")
    strict = run("export", pages, "-o", tmp_path / "out", "--strict", "-q")
    assert (strict.code, strict.out) == (1, "")
    assert strict.err.startswith("error: --strict: 1 error: front-matter-malformed 1 (nothing was")
    assert contents(tmp_path / "out") == before
    # What it would write is what is there, which has errors all the same.
    assert run("export", pages, "-o", tmp_path / "out", "--strict").code == 1
    assert run("export", pages, "-o", tmp_path / "new", "--strict").code == 1
    assert not (tmp_path / "new").exists()


def test_strict_publishes_no_violation(run: Run, seeds: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text((seeds / SEED).read_text().replace("  license: CC0\n", ""))
    ran = run("export", page, "-o", tmp_path / "out", "--strict")
    assert ran.code == 1
    assert "shape-violation 1" in ran.err
    assert not (tmp_path / "out").exists()


def test_violations_exit_with_1_and_say_so(run: Run, seeds: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text((seeds / SEED).read_text().replace("  license: CC0\n", ""))
    ran = run("export", page, "-o", tmp_path / "out")
    assert ran.code == 1
    assert re.search(r"^shapes +1 violations?$", ran.out, re.MULTILINE)
    assert run("export", page, "-o", tmp_path / "out", "--no-validate").code == 0


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def packed(pages: Path, mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        tar.add(pages, "checkout/_figures")
    return out.getvalue()


def no_pages(seeds: Path, folder: Path) -> dict[str, tuple[Path, str]]:
    """Return inputs that hold no figure, each with what is said of it."""
    tar = packed(seeds, "w")
    made = {
        "pfocr.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(99), "a file of kind 7z is not read"),
        "pfocr.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(99), "a file of kind rar is not read"),
        "release": (b"Rar!\x1a\x07\x00" + bytes(99), "a file of kind rar is not read"),
        "pfocr.tar.lz4": (b"\x04\x22\x4d\x18" + bytes(99), "a file of kind lz4 is not read"),
        "pfocr.tar.br": (b"\x8b\xff\x07" + bytes(99), "a file of kind br is not read"),
        "pfocr.tar.Z": (b"\x1f\x9d\x90" + bytes(99), "a file of kind compress (.Z) is not read"),
        "one.md.gz": (gzip.compress(b"---\nfigid: PMC1__a\n---\n"), "found a gzip file that is no"),
        "download": (bytes(range(256)) * 9, "found no text"),
        "cut.tar.xz": (lzma.compress(tar)[:-40], "found it broken"),
        "cut.tar.zst": (zstandard.compress(tar)[:-40], "found it broken"),
        "page.html": (
            b"<!DOCTYPE html><p>Sign in",
            "no figure could be read of 1 page (page.html)",
        ),
        "README.md": (b"# Read me\n", "front-matter-malformed 1 (a page has no front matter"),
        "latin1.md": (b"---\nfigid: \xc4\n---\n", "unreadable-file 1"),
    }
    folder.mkdir()
    for name, (data, _) in made.items():
        (folder / name).write_bytes(data)
    checkout = folder / "checkout" / "_figures"
    checkout.mkdir(parents=True)
    for number in range(3):
        (checkout / f"{number}.md").write_text("---\nfigid: [\n---\n")
    said = "no figure could be read of 3 pages, the first is checkout/_figures/0.md: front-matter-"
    return {name: (folder / name, why) for name, (_, why) in made.items()} | {
        "checkout": (folder / "checkout", said)
    }


@pytest.mark.whole
def test_a_run_without_a_figure_leaves_the_earlier_release(
    run: Run, seeds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("export", seeds / SEED, "-o", out, "-q").code == 0
    before = contents(out)
    for path, why in no_pages(seeds, tmp_path / "given").values():
        for where, *more in ((out,), (out, "--allow-shrink"), (tmp_path / "new",)):
            ran = run("export", path, "-o", where, "-q", *more)
            assert (ran.code, ran.out) == (2, ""), path
            assert why in ran.err, path
            assert len(ran.err.splitlines()) == 1
        assert contents(out) == before
        assert not (tmp_path / "new").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given", "out"]


@pytest.mark.parametrize("name", ["pfocr.tar.xz", "pfocr.tar.bz2", "pfocr.tar.zst", "pfocr"])
def test_other_archives_are_read(run: Run, seeds: Path, tmp_path: Path, name: str) -> None:
    compress: dict[str, Callable[[bytes], bytes]] = {
        "xz": lzma.compress,
        "bz2": bz2.compress,
        "zst": zstandard.compress,
    }
    squeeze = compress.get(name.rpartition(".")[2], gzip.compress)
    pages = tmp_path / "pages"
    pages.mkdir()
    shutil.copy(seeds / SEED, pages)
    (tmp_path / name).write_bytes(squeeze(packed(pages, "w")))
    ran = run("export", tmp_path / name, "-o", tmp_path / "out")
    assert ran.code == 0
    assert re.search(r"^figures +1$", ran.out, re.MULTILINE)


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Ten pages, and their release."""
    folder = tmp_path_factory.mktemp("ten")
    pages = folder / "pages"
    pages.mkdir()
    for number in range(10):
        (pages / f"PMC{number + 1}__f1.md").write_text(
            f"---\nfigid: PMC{number + 1}__f1\npmcid: PMC{number + 1}\nfilename: f1.jpg\n"
            "figtitle: A pathway\ncaption: What it shows.\n"
            f"papertitle: Paper {number}\norganisms_ner: Homo sapiens\n"
            "schema-jsonld:\n  creator: WikiPathways\n  license: CC0\n---\n"
        )
    table = folder / "hgnc.tsv"
    table.write_text(table_text(3))
    assert exit_code("export", pages, "-o", folder / "out", "--hgnc", table, "-q") == 0
    return pages, folder / "out"


@pytest.mark.parametrize("gone", ["nothing", "ledger", "report", "report and void"])
def test_a_release_that_lost_more_than_a_fifth_is_not_published(
    run: Run, ten: tuple[Path, Path], tmp_path: Path, gone: str
) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    shutil.copytree(ten[0], pages)
    shutil.copytree(ten[1], out)
    for name in {
        "nothing": (),
        "ledger": ("ledger.sqlite",),
        "report": ("ledger.sqlite", "report.json"),
        "report and void": ("ledger.sqlite", "report.json", "void.ttl"),
    }[gone]:
        (out / name).unlink()
    table = ten[1].with_name("hgnc.tsv")
    before = contents(out)
    for number in (1, 2, 3):
        (pages / f"PMC{number}__f1.md").unlink()
    ran = run("export", pages, "-o", out, "--hgnc", table, "-q")
    assert (ran.code, ran.out) == (4, "")
    assert "has 7 figures, the one it would replace has 10" in ran.err
    assert "--allow-shrink" in ran.err
    assert contents(out) == before
    allowed = run("export", pages, "-o", out, "--hgnc", table, "-q", "--allow-shrink")
    assert allowed == Ran(0, "", "")
    assert orjson.loads((out / "report.json").read_bytes())["entities"]["figures"] == 7


def test_a_fifth_less_is_published_and_a_limit_shrinks_too(
    run: Run, ten: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(ten[1], out)
    arguments = ("export", ten[0], "-o", out, "--hgnc", ten[1].with_name("hgnc.tsv"), "-q")
    limited = run(*arguments, "--limit", 7)
    assert limited.code == 4
    assert "--limit stopped it early" in limited.err
    assert run(*arguments, "--limit", 8) == Ran(0, "", "")
    assert run(*arguments) == Ran(0, "", ""), "more figures than before"
