"""Inputs: every kind of input, what belongs together, and what cannot be read."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.orphans import orphan_tables
from pfocr_rdf.figures.read.archive import MAX_MEMBER_BYTES
from pfocr_rdf.figures.read.sources import (
    Corpus,
    NamedFile,
    Reading,
    discover,
    is_figure_name,
    read_figure,
    read_text,
)
from pfocr_rdf.findings import Counted, Finding, Outcome
from pfocr_rdf.rdf.kinds import Kind
from tests.support.pages import checkout, gene_table, page, write


def found(tmp_path: Path, *inputs: Path) -> Corpus:
    workspace = tmp_path / ".workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    return discover(inputs, workspace)


def names(corpus: Corpus) -> list[str]:
    return [source.name for source in corpus.figures]


def as_tar(folder: Path, path: Path, mode: str, top: str) -> Path:
    with tarfile.open(path, mode) as tar:  # type: ignore[call-overload]
        tar.add(folder, arcname=top)
    return path


def as_zip(folder: Path, path: Path, top: str) -> Path:
    with zipfile.ZipFile(path, "w") as zipped:
        for each in sorted(folder.rglob("*")):
            zipped.write(each, f"{top}{each.relative_to(folder).as_posix()}")
    return path


# kinds of input


def test_one_page_with_its_tables_beside_it(tmp_path: Path) -> None:
    write(tmp_path, {"PMC1__a.md": page(), "PMC1__a-genes.tsv": gene_table(), "other.md": page()})
    corpus = found(tmp_path, tmp_path / "PMC1__a.md")
    assert names(corpus) == ["PMC1__a.md"]
    assert corpus.figures[0].tables == ("-genes.tsv",)
    assert corpus.inputs == [("PMC1__a.md", "page", 1, 1)]
    assert corpus.orphans == []


@pytest.mark.parametrize("name", ["page.txt", "page.MD", "page.whatever"])
def test_a_page_that_is_named_is_read_whatever_its_suffix(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: page()})
    assert names(found(tmp_path, tmp_path / name)) == [name]


def test_one_page_of_a_checkout_finds_its_tables_and_organisms(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    corpus = found(tmp_path, root / "_figures" / "PMC1__b.md")
    assert names(corpus) == ["PMC1__b.md"]
    raw = read_figure(corpus.figures[0])
    assert [(table.kind, table.name) for table in raw.tables] == [
        (Kind.CHEMICAL, "_data/PMC1__b-chemicals.tsv"),
        (Kind.GENE, "_data/PMC1__b-genes.tsv"),
    ]
    assert raw.tables[1].text == gene_table(("RANK", "TNFRSF11A", "8792"))
    assert [file.name for file in corpus.organism_pages] == ["_organisms/mus_cookii.md"]


def test_several_pages_of_a_checkout_read_its_organisms_once(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    corpus = found(tmp_path, *sorted((root / "_figures").iterdir()))
    assert names(corpus) == ["PMC1__a.md", "PMC1__b.md", "PMC2__c.md"]
    assert len(corpus.organism_pages) == 1


def test_a_folder_is_read_with_its_subfolders(tmp_path: Path) -> None:
    root = write(
        tmp_path / "pages",
        {
            "PMC2__b.txt": page(),
            "PMC2__b-diseases.tsv": "word\n",
            "deep/er/PMC1__a.MD": page(),
            "deep/er/PMC1__a-chemicals.tsv": "word\n",
            "deep/PMC1__a-genes.tsv": gene_table(),
            ".hidden/PMC3__c.md": page(),
            ".PMC4__d.md": page(),
            "notes.html": "",
        },
    )
    corpus = found(tmp_path, root)
    assert names(corpus) == ["pages/PMC2__b.txt", "pages/deep/er/PMC1__a.MD"]
    assert [source.tables for source in corpus.figures] == [("-diseases.tsv",), ("-chemicals.tsv",)]
    # A table belongs to the page beside it, not to one elsewhere.
    assert [orphan.name for _, orphan in corpus.orphans] == ["pages/deep/PMC1__a-genes.tsv"]
    assert corpus.inputs == [("pages", "folder", 2, 2)]


def test_the_release_of_an_earlier_run_is_not_read_for_pages(tmp_path: Path) -> None:
    root = write(
        tmp_path / "pages",
        {
            "PMC1__a.md": page(),
            "out/report.md": "# Report",
            "out/manifest.json": "{}",
            "out/report.json": "{}",
            "out/findings.jsonl": "",
            "out/inner/x.md": "",
        },
    )
    assert names(found(tmp_path, root)) == ["pages/PMC1__a.md"]


def test_a_checkout(tmp_path: Path) -> None:
    corpus = found(tmp_path, checkout(tmp_path / "c"))
    assert names(corpus) == [f"c/_figures/{n}.md" for n in ("PMC1__a", "PMC1__b", "PMC2__c")]
    assert [source.tables for source in corpus.figures] == [
        (),
        ("-chemicals.tsv", "-genes.tsv"),
        ("-diseases.tsv",),
    ]
    assert [file.name for file in corpus.organism_pages] == ["c/_organisms/mus_cookii.md"]
    assert {key: [file.name for file in value] for key, value in corpus.maps.items()} == {
        "ndex": ["c/_data/ndex_map.tsv"],
        "wpid": ["c/_data/wpid_map.tsv"],
    }
    assert corpus.orphans == []
    assert corpus.findings == []
    assert corpus.inputs == [("c", "checkout", 3, 3)]


def test_a_checkout_without_tables_organisms_or_maps(tmp_path: Path) -> None:
    corpus = found(tmp_path, write(tmp_path / "c", {"_figures/PMC1__a.md": page()}))
    assert names(corpus) == ["c/_figures/PMC1__a.md"]
    assert (corpus.organism_pages, corpus.maps) == ([], {})


@pytest.mark.parametrize("depth", ["one", "one/two"])
def test_every_checkout_below_a_folder_is_read(tmp_path: Path, depth: str) -> None:
    root = tmp_path / "all"
    checkout(root / depth / "x")
    checkout(root / depth / "y")
    below = "one" if depth == "one" else "one/two"
    corpus = found(tmp_path, root / "one" if depth != "one" else root)
    assert len(corpus.figures) == 6
    assert corpus.inputs[0].kind == "folder of checkouts"
    assert all(below.rpartition("/")[2] in name for name in names(corpus))
    assert len(corpus.organism_pages) == 2


def test_checkouts_of_all_depths_are_read_also_behind_a_link(tmp_path: Path) -> None:
    root = tmp_path / "all"
    for place in ("a/b/c/d/e", "f"):
        checkout(root / place)
    checkout(tmp_path / "elsewhere")
    (root / "link").symlink_to(tmp_path / "elsewhere")
    corpus = found(tmp_path, root)
    assert len(corpus.figures) == 9
    assert corpus.inputs[0].kind == "folder of checkouts"
    assert {name.partition("/_figures")[0] for name in names(corpus)} == {
        "all/a/b/c/d/e", "all/f", "all/link",
    }  # fmt: skip


NEARLY = {
    "-Genes.tsv": "genes", "_genes.tsv": "genes", "-genes.tsv.gz": "genes", "-genes.txt": "genes",
    "-genes": "genes", "-genes.TSV": "genes", "-gene.tsv": "genes", "-genes (1).tsv": "genes",
    ".chemicals.csv": "chemicals", "-DISEASES.tsv": "diseases", "-genes.tsv~": "genes",
    "-diseases.tsv.bak": "diseases", "genes.tsv": "genes",
}  # fmt: skip


def unread(corpus: Corpus) -> dict[str, str]:
    return {file.name: meant for file, meant in corpus.unread}


@pytest.mark.parametrize("near", NEARLY)
def test_a_file_that_nearly_has_the_name_of_a_table_is_named(tmp_path: Path, near: str) -> None:
    root = write(checkout(tmp_path / "c"), {f"_data/PMC1__a-genes-b{near}": "x"})
    meant = f"PMC1__a-genes-b-{NEARLY[near]}.tsv"
    assert unread(found(tmp_path, root)) == {f"c/_data/PMC1__a-genes-b{near}": meant}


def test_every_file_of_the_tables_folder_is_read_or_named(tmp_path: Path) -> None:
    names = ("README.md", "WPID_map.tsv", "ndex-map.txt", "genes.tsv", "PMC1__b-genes.jpg")
    root = write(checkout(tmp_path / "c"), {f"_data/{name}": "x" for name in (*names, ".hidden")})
    corpus = found(tmp_path, root)
    assert unread(corpus) == {
        "c/_data/PMC1__b-genes.jpg": "", "c/_data/README.md": "", "c/_data/WPID_map.tsv": "wpid_map.tsv",
        "c/_data/genes.tsv": "", "c/_data/ndex-map.txt": "ndex_map.tsv",
    }  # fmt: skip
    booked = orphan_tables(corpus)
    assert [(f.code, f.file) for f in booked.findings] == [
        ("unread-file", name) for name in unread(corpus)
    ]
    assert "did you mean wpid_map.tsv?" in {f.detail for f in booked.findings}
    assert booked.ledger.outcomes[Counted.DATA_FILE, Outcome.SKIPPED, "unread-file"] == 5
    assert booked.ledger.imbalances() == []


def test_beside_pages_only_what_nearly_is_a_table_of_one_is_named(tmp_path: Path) -> None:
    files = {"PMC1__a.md": page(), "PMC1__a.jpg": "", "PMC1__a_genes.tsv": "", "notes-genes.tsv.gz": "",
             "wpid_map.tsv": "", "PMC1__a-Genes.csv": ""}  # fmt: skip
    root = write(tmp_path / "p", files)
    near = {"p/PMC1__a-Genes.csv", "p/PMC1__a_genes.tsv"}
    assert set(unread(found(tmp_path, root))) == near
    alone = found(tmp_path, root / "PMC1__a.md")
    assert set(unread(alone)) == {name.removeprefix("p/") for name in near}


def test_of_one_page_of_a_checkout_only_its_own_tables_are_named(tmp_path: Path) -> None:
    root = write(checkout(tmp_path / "c"), {f"_data/PMC1__{n}_genes.tsv": "" for n in "ab"})
    corpus = found(tmp_path, root / "_figures" / "PMC1__a.md")
    assert list(unread(corpus)) == ["_data/PMC1__a_genes.tsv"]


def test_a_folder_in_a_checkout_is_reported(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    write(root, {"_figures/x.md/PMC9__z.md": page("PMC9__z"), "_data/old/a-genes.tsv": ""})
    corpus = found(tmp_path, root)
    assert len(corpus.figures) == 3
    assert [(f.code, f.file) for f in corpus.findings] == [
        ("unreadable-file", "c/_figures/x.md"),
        ("unreadable-file", "c/_data/old"),
    ]


def contents(corpus: Corpus) -> list[tuple[str | None, list[str]]]:
    raws = map(read_figure, corpus.figures)
    return [(raw.page, [table.text for table in raw.tables]) for raw in raws]


@pytest.mark.parametrize("top", ["c", ".", "./c", "a/b"])
@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.tgz", "x.zip"])
def test_an_archive_holds_what_its_folder_holds(tmp_path: Path, name: str, top: str) -> None:
    root = checkout(tmp_path / "c")
    path = tmp_path / name
    if name == "x.zip":
        archive = as_zip(root, path, "" if top == "." else f"{top}/")
    else:
        archive = as_tar(root, path, "w:gz" if name.endswith("gz") else "w", top)
    corpus, plain = found(tmp_path, archive), found(tmp_path / "c", root)
    assert corpus.inputs == [(name, "archive of a checkout", 3, 3)]
    assert len(corpus.organism_pages) == 1
    assert sorted(corpus.maps) == ["ndex", "wpid"]
    assert contents(corpus) == contents(plain)


def test_an_archive_of_a_plain_folder(tmp_path: Path) -> None:
    root = write(tmp_path / "p", {"a/PMC1__a.md": page(), "a/PMC1__a-genes.tsv": gene_table()})
    corpus = found(tmp_path, as_zip(root, tmp_path / "x.zip", ""))
    assert corpus.inputs == [("x.zip", "archive of a folder", 1, 1)]


def test_a_folder_named_like_an_archive_is_a_folder(tmp_path: Path) -> None:
    root = write(tmp_path / "x.tar.gz", {"PMC1__a.md": page()})
    assert found(tmp_path, root).inputs[0].kind == "folder"


# names and order


def test_the_order_of_inputs_does_not_matter(tmp_path: Path) -> None:
    inputs = [
        checkout(tmp_path / "c"),
        write(tmp_path / "x" / "same", {"PMC1__a.md": page()}),
        write(tmp_path / "y" / "same", {"PMC1__b.md": page()}),
        write(tmp_path / "z", {"same~2": page()}) / "same~2",
    ]
    first, second = found(tmp_path, *inputs), found(tmp_path, *reversed(inputs))
    assert first == second
    labels = [summary.name for summary in first.inputs]
    assert labels == ["c", "same", "same~2", "same~2~2"]
    assert names(first) == sorted(names(first))


def test_two_pages_of_one_name_keep_apart(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        checkout(tmp_path / folder)
    corpus = found(tmp_path, *(tmp_path / f / "_figures" / "PMC1__b.md" for f in "xy"))
    assert [summary.name for summary in corpus.inputs] == ["PMC1__b.md", "PMC1__b.md~2"]
    assert names(corpus) == ["PMC1__b.md", "PMC1__b.md~2/PMC1__b.md"]
    assert read_figure(corpus.figures[1]).tables[0].name.startswith("PMC1__b.md~2/_data/")
    digests = [read_figure(source).digest for source in corpus.figures]
    assert [digest.input for digest in digests] == ["PMC1__b.md", "PMC1__b.md~2"]
    assert digests[0].sha256 == digests[1].sha256


def test_an_input_is_named_as_what_it_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = checkout(tmp_path / "c")
    (tmp_path / "link").symlink_to(root)
    (tmp_path / "page").symlink_to(root / "_figures" / "PMC1__b.md")
    plain = names(found(tmp_path, root))
    assert names(found(tmp_path, tmp_path / "link")) == plain
    corpus = found(tmp_path, tmp_path / "page")
    assert names(corpus) == ["PMC1__b.md"]
    assert corpus.figures[0].tables == ("-chemicals.tsv", "-genes.tsv")
    monkeypatch.chdir(root)
    assert names(found(tmp_path, Path())) == plain


def test_names_that_are_not_utf8_or_hold_odd_characters(tmp_path: Path) -> None:
    odd = [os.fsdecode(b"caf\xe9.md"), "a\nb.md", 'it\'s "a" <b>.md']
    root = write(tmp_path / "p", dict.fromkeys(odd, page()))
    corpus = found(tmp_path, root)
    assert names(corpus) == ["p/a\nb.md", "p/caf\ufffd.md", 'p/it\'s "a" <b>.md']
    assert all(read_figure(source).page == page() for source in corpus.figures)


@pytest.mark.parametrize(
    ("word", "is_name"), [("PMC1__a.b", True), ("PMC1__a/../b", False), ("seeds", False)]
)
def test_a_figid_is_told_from_a_path(word: str, is_name: bool) -> None:
    assert is_figure_name(word) is is_name


# what cannot be read


@pytest.mark.parametrize("kind", ["dangling", "loop", "fifo", "binary", "huge", "to a folder"])
def test_one_unreadable_file_is_a_finding(tmp_path: Path, kind: str) -> None:
    root = write(tmp_path / "p", {"PMC1__a.md": page()})
    bad = root / "PMC0__bad.md"
    match kind:
        case "dangling":
            bad.symlink_to("nowhere")
        case "loop":
            bad.symlink_to(bad.name)
        case "fifo":
            os.mkfifo(bad)
        case "binary":
            bad.write_bytes(b"---\nfigid: \xff\n---\n")
        case "huge":
            with bad.open("wb") as file:
                file.truncate(MAX_MEMBER_BYTES + 1)
        case _:
            (tmp_path / "elsewhere").mkdir()
            bad.symlink_to(tmp_path / "elsewhere")
    corpus = found(tmp_path, root)
    if kind == "to a folder":  # it is one, and empty
        assert names(corpus) == ["p/PMC1__a.md"]
        return
    assert names(corpus) == ["p/PMC0__bad.md", "p/PMC1__a.md"]
    raw = read_figure(corpus.figures[0])
    assert raw.page is None
    assert [(f.code, f.file) for f in raw.findings] == [("unreadable-file", "p/PMC0__bad.md")]
    expected = {
        "dangling": "No such file or directory",
        "loop": "Too many levels of symbolic links",
        "fifo": "not a plain file",
        "binary": "not UTF-8 at byte 11",
        "huge": f"{MAX_MEMBER_BYTES + 1} bytes, more than {MAX_MEMBER_BYTES}",
    }
    assert raw.findings[0].detail == expected[kind]
    assert read_figure(corpus.figures[1]).findings == ()


def test_an_unreadable_table_leaves_its_page(tmp_path: Path) -> None:
    root = write(tmp_path / "p", {"PMC1__a.md": page(), "PMC1__a-genes.tsv": b"\xff\xfe"})
    raw = read_figure(found(tmp_path, root).figures[0])
    assert (raw.page, raw.tables) == (page(), ())
    assert [finding.file for finding in raw.findings] == ["p/PMC1__a-genes.tsv"]


@pytest.mark.parametrize("what", ["missing", "empty", "fifo", "no pages", "loop"])
def test_an_input_without_pages_is_an_error_of_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / "input"
    if what == "empty":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "no pages":
        write(path, {"_data/PMC1__a-genes.tsv": gene_table(), "_figures/.keep": ""})
    elif what == "loop":
        path.symlink_to(path)
    with pytest.raises(InputError, match=f"^{path}: ") as caught:
        found(tmp_path, path)
    assert "\n" not in str(caught.value)


def test_a_broken_archive_is_an_error(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    archive = as_tar(root, tmp_path / "x.tar.gz", "w:gz", "c")
    archive.write_bytes(archive.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"x\.tar\.gz: expected a whole archive"):
        found(tmp_path, archive)


def test_an_unsafe_member_is_a_finding_of_the_corpus(tmp_path: Path) -> None:
    archive = tmp_path / "x.tar"
    with tarfile.open(archive, "w") as tar:
        for name in ("../evil.md", "_figures/PMC1__a.md"):
            member = tarfile.TarInfo(name)
            member.size = len(page())
            tar.addfile(member, io.BytesIO(page().encode()))
    corpus = found(tmp_path, archive)
    assert names(corpus) == ["x.tar/_figures/PMC1__a.md"]
    assert [(f.code, f.file, f.value) for f in corpus.findings] == [
        ("archive-member-unsafe", "x.tar", "../evil.md")
    ]


@pytest.mark.whole
@pytest.mark.parametrize("closed", ["pages", "pages/sub", "pages/_figures"])
def test_a_folder_that_may_not_be_listed_is_an_error(tmp_path: Path, closed: str) -> None:
    write(tmp_path, {"pages/a.md": page(), f"{closed}/b.md": page()})
    (tmp_path / closed).chmod(0)
    program = (
        "import os, sys, pathlib\n"
        "from pfocr_rdf.figures.read.sources import discover\n"
        "os.chdir(sys.argv[1])\n"
        "if os.geteuid() == 0:\n"  # whom no mode binds
        "    os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try:\n    discover([pathlib.Path('pages')], pathlib.Path('/nonexistent'))\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
    )
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    (tmp_path / closed).chmod(0o755)
    assert done.stdout.startswith("InputError pages")
    assert "Permission denied" in done.stdout


# hashes


def test_the_hash_follows_the_bytes_and_not_the_place(tmp_path: Path) -> None:
    one = Reading()
    one.update("c/_figures/PMC1__a.md", b"abc")
    moved = Reading()
    moved.update("elsewhere/PMC1__a.md", b"abc")
    assert one.digest("c") == moved.digest("c")
    for name, data in (("PMC1__a.md", b"abd"), ("PMC1__b.md", b"abc"), ("PMC1__a.md", b"ab")):
        other = Reading()
        other.update(name, data)
        assert other.digest("c").sha256 != one.digest("c").sha256
    assert one.digest("c").bytes == 3


def test_read_text_reads_without_counting(tmp_path: Path) -> None:
    seen: list[Finding] = []
    path = tmp_path / "x"
    assert read_text(NamedFile("", "x", str(path)), seen) is None
    path.write_text("text")
    assert read_text(NamedFile("", "x", str(path)), seen) == "text"
    assert len(seen) == 1
