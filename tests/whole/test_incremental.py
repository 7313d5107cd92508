"""A second run parses only what has changed, and leaves the bytes of a full run."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pfocr_rdf
from pfocr_rdf.errors import InputError, WorkerError
from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.figures.link.table_source import embedded_gene_table, read_table_text
from pfocr_rdf.figures.read.frontmatter import FrontMatter, parse_front_matter
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.release import Progress
from pfocr_rdf.release.files import PAGE_CACHE, Compression
from pfocr_rdf.release.staging import GOES_ON
from tests.support.corpora import make_corpus
from tests.support.pages import (
    OPG,
    TNFSF11,
    assert_complete,
    checkout,
    command,
    end,
    files,
    findings,
    gene_table,
    left_behind,
    many,
    noted,
    page,
    report,
    run,
    start,
    write,
)
from tests.support.samples import Sample

Edit = Callable[[Path], object]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that have been parsed, by name; only of runs with one job."""
    names: list[str] = []

    def noting(text: str, file: str) -> FrontMatter:
        names.append(file)
        return parse_front_matter(text, file)

    monkeypatch.setattr("pfocr_rdf.figures.pipeline.parse_front_matter", noting)
    return names


def test_nothing_changed_leaves_the_release_alone(tmp_path: Path, parsed: list[str]) -> None:
    root = checkout(tmp_path / "c")
    first = run(root, out=tmp_path / "o")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "o").iterdir()}
    inode = (tmp_path / "o").stat().st_ino
    parsed.clear()
    again = run(root, out=tmp_path / "o")
    assert parsed == []
    assert (tmp_path / "o").stat().st_ino == inode
    assert {p.name: p.stat().st_mtime_ns for p in (tmp_path / "o").iterdir()} == before
    assert left_behind(tmp_path) == []
    assert first.changes is None
    assert again.changes is not None
    assert not any(again.changes)
    assert again.report.record() == first.report.record()
    assert set(again.files) == set(first.files)


EDITS: dict[str, Callable[[Path], object]] = {
    "a page": lambda c: write(c, {"_figures/PMC1__a.md": page("PMC1__a", (OPG,), year="1999")}),
    "a new page": lambda c: write(c, {"_figures/PMC1__aa.md": page("PMC1__aa", (OPG,))}),
    "a page gone": lambda c: (c / "_figures" / "PMC1__a.md").unlink(),
    "a page renamed": lambda c: (c / "_figures" / "PMC1__a.md").rename(c / "_figures" / "x.md"),
    "a page broken": lambda c: write(c, {"_figures/PMC1__a.md": "---\nfigid: [\n---\n"}),
    "a page like another": lambda c: write(c, {"_figures/PMC0__.md": page("PMC1__a", (OPG,))}),
    "a new table": lambda c: write(
        c, {"_data/PMC1__a-genes.tsv": gene_table(("AKT", "AKT1", "207"))}
    ),
    "a table gone": lambda c: (c / "_data" / "PMC1__b-genes.tsv").unlink(),
    "an orphan table": lambda c: write(
        c, {"_data/PMC77__x-genes.tsv": gene_table(("a", "A", "1"))}
    ),
    "a map": lambda c: write(c, {"_data/wpid_map.tsv": "PMC1__a\tWP99\n"}),
    "an organism": lambda c: write(
        c, {"_organisms/x.md": "---\nlatin: Xus yus\nncbi: '12345'\n---\n"}
    ),
    "another year of one paper": lambda c: write(
        c, {"_figures/PMC1__z.md": page("PMC1__z", (), year="1950")}
    ),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"shard_size": 1, "formats": tuple(FormatName)},
        {"compression": Compression.GZIP},
        {"compression": Compression.ZSTD, "shard_size": 2},
    ],
    ids=["plain", "shards", "gzip", "zstd"],
)
def test_each_edit_gives_the_bytes_of_a_full_run(
    tmp_path: Path, edit: str, options: dict[str, Any]
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o", **options)
    steps = (EDITS[edit], lambda c: write(c, {"_figures/PMC1__a.md": page("PMC1__a")}))
    for step in steps:
        step(root)
        run(root, out=tmp_path / "o", **options)
        run(root, out=tmp_path / "full", reuse=False, **options)
        assert files(tmp_path / "o") == files(tmp_path / "full")
        assert_complete(tmp_path / "o")


def test_random_edits_over_many_batches(tmp_path: Path) -> None:
    root = many(tmp_path / "c", 150)
    names = sorted(path.name for path in (root / "_figures").iterdir())
    chance = random.Random(7)  # fixed, so that a failure can be repeated
    run(root, out=tmp_path / "o", validate=False)
    for round_ in range(6):
        for name in chance.sample(names, 8):
            path = root / "_figures" / name
            match chance.randrange(4):
                case 0:
                    path.unlink(missing_ok=True)
                case 1:
                    path.write_text(page(path.stem, (OPG,), year=str(1990 + round_)))
                case 2:
                    path.write_text(page(chance.choice(names).removesuffix(".md"), (OPG,)))
                case _:
                    path.write_text("no page")
        jobs = chance.choice((1, 2))
        result = run(root, out=tmp_path / "o", validate=False, jobs=jobs)
        run(root, out=tmp_path / "full", validate=False, reuse=False, jobs=1)
        assert files(tmp_path / "o") == files(tmp_path / "full")
        assert result.changes is not None
        assert any(result.changes)


def test_only_what_has_changed_is_parsed(tmp_path: Path, parsed: list[str]) -> None:
    root = many(tmp_path / "c", 100)
    run(root, out=tmp_path / "o")
    names = sorted(path.name for path in (root / "_figures").iterdir())
    for name in names[10:13]:
        (root / "_figures" / name).write_text(page(name.removesuffix(".md"), (), year="1988"))
    (root / "_figures" / names[50]).unlink()
    write(root, {"_figures/PMC0__new.md": page("PMC0__new", ())})
    parsed.clear()
    result = run(root, out=tmp_path / "o", jobs=1)
    expected = [f"c/_figures/{name}" for name in ("PMC0__new.md", *names[10:13])]
    assert sorted(parsed) == sorted(expected)
    stems = [name.removesuffix(".md") for name in names]
    assert result.changes == (("PMC0__new",), tuple(sorted(stems[10:13])), (stems[50],))


@pytest.mark.parametrize(
    ("options", "all_anew"),
    [
        ({"style": IriStyle.UNIPROT}, True),
        ({"captions": False}, True),
        ({"validate": False}, True),
        ({"formats": (FormatName.TURTLE,)}, True),
        ({"reuse": False}, True),
        ({"shard_size": 2}, False),
        ({"compression": Compression.ZSTD}, False),
        ({"release": "2026-11"}, False),
    ],
)
def test_what_decides_the_bytes(
    tmp_path: Path, parsed: list[str], options: dict[str, Any], all_anew: bool
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    parsed.clear()
    run(root, out=tmp_path / "o", **options)
    assert bool(parsed) is all_anew
    run(root, out=tmp_path / "full", **{**options, "reuse": False})
    assert files(tmp_path / "o") == files(tmp_path / "full")


def test_a_release_name_is_in_the_bytes_of_quads(tmp_path: Path, parsed: list[str]) -> None:
    root = checkout(tmp_path / "c")
    formats = (FormatName.NQUADS,)
    run(root, out=tmp_path / "o", formats=formats)
    parsed.clear()
    run(root, out=tmp_path / "o", formats=formats, release="x")
    assert parsed


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000])
def test_a_broken_ledger_is_made_anew(tmp_path: Path, damage: bytes, parsed: list[str]) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    before = files(tmp_path / "o")
    (tmp_path / "o" / PAGE_CACHE).write_bytes(damage)
    parsed.clear()
    run(root, out=tmp_path / "o")
    assert parsed
    assert files(tmp_path / "o") == before


A_PAGE, ANOTHER = "c/_figures/PMC1__a.md", "c/_figures/PMC1__b.md"
ALL_PAGES = [A_PAGE, ANOTHER, "c/_figures/PMC2__c.md"]
# Each leaves a sound database and values of the right form; (statement, pages parsed anew).
THE_OTHER, ONE = (
    f"SELECT * FROM figures WHERE name = '{ANOTHER}'",
    f"WHERE figures.name = '{A_PAGE}'",
)
THE_GENE = "WHERE subject LIKE '%ncbigene/8600'"
DAMAGES: dict[str, tuple[str, list[str]]] = {
    **{
        f"{column} of another page": (
            f"UPDATE figures SET {column} = another.{column} FROM ({THE_OTHER}) AS another {ONE}",
            [A_PAGE],
        )
        for column in ("digest", "figid", "places", "tally", "entities")
    },
    "a finding": (
        f"UPDATE figures SET findings = CAST(findings || '{{}}' AS BLOB) WHERE name = '{A_PAGE}'",
        [A_PAGE],
    ),
    "no findings": (f"UPDATE figures SET findings = x'00' WHERE name = '{A_PAGE}'", [A_PAGE]),
    "the name of a page": (
        f"UPDATE figures SET name = name || 'x' WHERE name = '{A_PAGE}'",
        [A_PAGE],
    ),
    "the bytes of a text": (
        f"UPDATE figures SET figid = CAST(x'ff' AS TEXT) WHERE name = '{A_PAGE}'",
        [A_PAGE],
    ),
    "what is said of a gene": (
        f"UPDATE nodes SET said = CAST(replace(said, 'TNFSF11', 'TNFSF99') AS BLOB) {THE_GENE}",
        [A_PAGE],
    ),
    "whose gene it is": (
        f"UPDATE nodes SET subject = replace(subject, '8600', '8601') {THE_GENE}",
        [A_PAGE],
    ),
    "a gene is gone": (f"DELETE FROM nodes {THE_GENE}", [A_PAGE]),
    "a paper of two": (
        "UPDATE nodes SET said = CAST(said || ' ' AS BLOB) WHERE subject LIKE '%/PMC1'",
        [A_PAGE, ANOTHER],
    ),
    "a dump": (
        "UPDATE files SET name = 'pfocr.jsonld' WHERE name = CAST('pfocr.ttl' AS BLOB)",
        ALL_PAGES,
    ),
    "the key": ("UPDATE meta SET value = x'00' WHERE name = 'key'", ALL_PAGES),
    "the tally": ("UPDATE meta SET value = '[\"\", 7]' WHERE name = 'tally'", []),
    "the times": ("UPDATE meta SET value = '[1' WHERE name = 'times'", []),
    "other findings": ("UPDATE meta SET value = x'00' WHERE name = 'other findings'", []),
}
ASKED_IF_NOTHING_IS_NEW = ("the tally", "the times", "other findings")


def tamper(ledger: Path, statement: str) -> None:
    db = sqlite3.connect(ledger)
    assert db.execute(statement).rowcount == 1
    db.commit()
    db.close()


@pytest.mark.parametrize("what", DAMAGES)
@pytest.mark.parametrize("news", [True, False], ids=["a new page", "nothing new"])
def test_a_ledger_whose_values_are_damaged_is_not_believed(
    tmp_path: Path, parsed: list[str], what: str, news: bool
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    statement, anew = DAMAGES[what]
    tamper(tmp_path / "o" / PAGE_CACHE, statement)
    if news:
        write(root, {"_figures/PMC9__n.md": page("PMC9__n", (OPG,))})
    fresh = run(root, out=tmp_path / "full")
    parsed.clear()
    result = run(root, out=tmp_path / "o")
    assert sorted(parsed) == sorted([*anew, *(["c/_figures/PMC9__n.md"] if news else [])])
    assert files(tmp_path / "o") == files(tmp_path / "full")
    assert result.report.record() == fresh.report.record()
    unseen = what == "a gene is gone" or (news and what in ASKED_IF_NOTHING_IS_NEW)
    assert result.damaged == (0 if unseen else 1)
    assert fresh.damaged == 0
    # The ledger is whole again.
    parsed.clear()
    again = run(root, out=tmp_path / "o")
    assert parsed == []
    assert (again.changes, again.damaged) == (((), (), ()), 0)


def test_a_page_of_a_damaged_row_counts_as_changed(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    tamper(tmp_path / "o" / PAGE_CACHE, DAMAGES["tally of another page"][0])
    assert run(root, out=tmp_path / "o").changes == ((), ("PMC1__a",), ())


def test_the_command_says_that_the_ledger_is_damaged(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    for quiet in ((), ("-q",)):
        tamper(tmp_path / "o" / PAGE_CACHE, DAMAGES["a finding"][0])
        done = command("export", root, "-o", tmp_path / "o", *quiet)
        assert done.returncode == 0
        said = "WARNING: damaged entries of the earlier run's ledger.sqlite: 1. What they spoke of"
        assert (said in done.stderr) is not bool(quiet)


def damaged(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file, and leave its times as they were."""
    status = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("compression", Compression)
def test_a_compressed_dump_that_ends_too_soon(tmp_path: Path, compression: Compression) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o", compression=compression)
    before = files(tmp_path / "o")
    damaged(next((tmp_path / "o").glob("pfocr.ttl*")), lambda data: data[:200])
    for _ in range(2):
        with pytest.raises(
            InputError, match=r"is not as its page cache says.*--no-reuse"
        ) as caught:
            run(root, out=tmp_path / "o", compression=compression)
        assert "\n" not in str(caught.value)
        assert left_behind(tmp_path) == []
    run(root, out=tmp_path / "o", compression=compression, reuse=False)
    assert files(tmp_path / "o") == before


@pytest.mark.parametrize(
    ("compression", "keep"),
    # How much a compressed file holds is known only when it is read.
    [(None, 0), (None, 700), (None, None), (Compression.GZIP, None), (Compression.ZSTD, None)],
)
def test_dumps_that_are_gone_or_too_short_are_made_anew(
    tmp_path: Path, parsed: list[str], compression: Compression | None, keep: int | None
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o", compression=compression)
    before = files(tmp_path / "o")
    dump = next((tmp_path / "o").glob("pfocr.ttl*"))
    if keep is None:
        dump.unlink()
    else:
        damaged(dump, lambda data: data[:keep])
    parsed.clear()
    run(root, out=tmp_path / "o", compression=compression)
    assert parsed
    assert files(tmp_path / "o") == before


@pytest.mark.parametrize("name", ["pfocr.ttl", "pfocr.jsonld"])
@pytest.mark.parametrize("same_time", [True, False])
def test_a_dump_of_the_right_size_but_other_bytes_is_never_copied(
    tmp_path: Path, name: str, same_time: bool
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    dump = tmp_path / "o" / name
    change = damaged if same_time else lambda path, new: path.write_bytes(new(path.read_bytes()))
    change(dump, lambda data: data.replace(b"The figure", b"Thy figure"))
    if same_time:
        write(root, {"_figures/PMC9__n.md": page("PMC9__n", ())})
    with pytest.raises(InputError, match=r"what stands at byte \d+ has changed \(use --no-reuse\)"):
        run(root, out=tmp_path / "o")
    assert left_behind(tmp_path) == []
    run(root, out=tmp_path / "o", reuse=False)
    run(root, out=tmp_path / "full")
    assert files(tmp_path / "o") == files(tmp_path / "full")


def test_what_stands_between_two_figures_is_checked_too(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    dump = tmp_path / "o" / "pfocr.jsonld"
    assert dump.read_bytes().count(b"},\n{") > 2
    damaged(dump, lambda data: data.replace(b"},\n{", b"};\n{"))
    write(root, {"_figures/PMC9__n.md": page("PMC9__n", ())})
    with pytest.raises(InputError, match=r"what stands at byte \d+ has changed"):
        run(root, out=tmp_path / "o")
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", ["report.json", "void.ttl", "findings.jsonl", "alignment.ttl"])
@pytest.mark.parametrize("gone", [True, False])
def test_other_files_that_were_touched_are_written_again(
    tmp_path: Path, parsed: list[str], name: str, gone: bool
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    before = files(tmp_path / "o")
    path = tmp_path / "o" / name
    if gone:
        path.unlink()
    else:
        path.write_bytes(before[name].swapcase())
    parsed.clear()
    result = run(root, out=tmp_path / "o")
    assert parsed == []
    assert files(tmp_path / "o") == before
    assert result.changes == ((), (), ())


def test_a_copy_of_a_release_is_as_good(tmp_path: Path, parsed: list[str]) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    shutil.copytree(tmp_path / "o", tmp_path / "copy", copy_function=shutil.copyfile)
    inode = (tmp_path / "copy").stat().st_ino
    parsed.clear()
    run(root, out=tmp_path / "copy")
    assert parsed == []
    assert (tmp_path / "copy").stat().st_ino == inode


def killed(
    root: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: int = 10**9,
    *,
    entities: bool = False,
    **options: Any,
) -> set[str]:
    """Export in a fork of this process that is killed after so many figures, or by an entity.

    Returns:
        The pages of which the run has left something, by name.
    """

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            if entities:
                monkeypatch.setattr(Dumps, "entities", die)
            export(
                [root],
                out,
                ExportOptions(**({"jobs": 1} | options)),
                lambda progress: die() if progress.done >= after else None,
            )
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    return noted(out)


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of three batches."""
    return many(tmp_path_factory.mktemp("some") / "c", 192)


QUICK: dict[str, Any] = {"validate": False, "formats": (FormatName.NTRIPLES, FormatName.JSONLD)}


LEFT_AFTER_100 = pytest.mark.parametrize(
    ("options", "left"),
    [
        ({}, 128),
        ({"shard_size": 50}, 100),
        # A compressed file is of use once it is finished.
        ({"shard_size": 50, "compression": Compression.GZIP}, 50),
        ({"shard_size": 50, "compression": Compression.ZSTD}, 50),
        ({"compression": Compression.ZSTD}, 0),
    ],
    ids=["plain", "shards", "gzip shards", "zstd shards", "zstd"],
)


@LEFT_AFTER_100
def test_a_run_that_was_killed_among_figures_is_continued(
    tmp_path: Path,
    some: Path,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    left: int,
) -> None:
    options = QUICK | options
    run(some, out=tmp_path / "full", **options)
    out = tmp_path / "place" / "o"
    done = killed(some, out, monkeypatch, 100, **options)
    parsed.clear()
    run(some, out=out, **options)
    assert 192 - len(parsed) == left
    assert len(done) >= left
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


def interrupted(root: Path, out: Path, after: int, **options: Any) -> str:
    """Export until Ctrl-C after so many figures; return what the exception says of it."""

    def ctrl_c(progress: Progress) -> None:
        if progress.done >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        export([root], out, ExportOptions(**({"jobs": 1} | options)), ctrl_c)
    return " ".join(getattr(caught.value, "__notes__", ()))


@LEFT_AFTER_100
def test_a_run_that_was_interrupted_is_continued(
    tmp_path: Path, some: Path, parsed: list[str], options: dict[str, Any], left: int
) -> None:
    options = QUICK | options
    run(some, out=tmp_path / "full", **options)
    out = tmp_path / "place" / "o"
    said = interrupted(some, out, 100, **options)
    assert said == (GOES_ON if left else "")
    # Of nothing that can be used, nothing is left; and no half of a release has its name.
    assert len(left_behind(out.parent)) == (1 if left else 0)
    assert not out.exists()
    parsed.clear()
    run(some, out=out, **options)
    assert 192 - len(parsed) == left
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


def test_a_run_that_goes_on_may_be_interrupted_again(
    tmp_path: Path, some: Path, parsed: list[str]
) -> None:
    run(some, out=tmp_path / "full", **QUICK)
    out = tmp_path / "place" / "o"
    # Earlier, so that the second leaves less than the first, and then later.
    for after, most in ((100, 128), (1, 128), (150, 192)):
        assert interrupted(some, out, after, **QUICK) == GOES_ON
        assert len(noted(out)) == most
        assert 1 <= len(left_behind(out.parent)) <= 2
    parsed.clear()
    run(some, out=out, **QUICK)
    assert parsed == []
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


def test_an_interrupted_run_leaves_the_release_and_is_continued(
    tmp_path: Path, parsed: list[str]
) -> None:
    root = many(tmp_path / "c", 130)
    run(root, out=tmp_path / "o", **QUICK)
    before = files(tmp_path / "o")
    for path in (root / "_figures").iterdir():
        path.write_text(page(path.stem, (OPG,)))
    assert interrupted(root, tmp_path / "o", 64, **QUICK) == GOES_ON
    assert files(tmp_path / "o") == before
    parsed.clear()
    result = run(root, out=tmp_path / "o", **QUICK)
    assert len(parsed) == 130 - 64
    assert result.changes is not None
    assert len(result.changes.changed) == 130
    run(root, out=tmp_path / "full", **QUICK)
    assert files(tmp_path / "o") == files(tmp_path / "full")
    assert left_behind(tmp_path) == []


@pytest.mark.whole
def test_a_run_whose_workers_were_killed_is_continued(
    tmp_path: Path, some: Path, parsed: list[str]
) -> None:
    run(some, out=tmp_path / "full", **QUICK)
    out = tmp_path / "place" / "o"
    mine = f"/proc/self/task/{os.getpid()}/children"

    def kill_workers(progress: Progress) -> None:
        # By now all but the last batches are with the workers.
        for child in Path(mine).read_text().split():
            with contextlib.suppress(OSError):  # it is gone already
                if "pfocr_rdf.processes" in Path(f"/proc/{child}/cmdline").read_text():
                    os.kill(int(child), signal.SIGKILL)

    options = ExportOptions(**QUICK, jobs=2, shard_size=5)
    with pytest.raises(WorkerError) as caught:
        export([some], out, options, kill_workers)
    message = "a worker process was killed (out of memory?): try fewer --jobs"
    assert str(caught.value) == f"{message}; {GOES_ON}"
    assert not out.exists()
    left = len(noted(out))
    assert 0 < left < 192
    parsed.clear()
    run(some, out=out, **QUICK)
    assert len(parsed) == 192 - left
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


@pytest.mark.parametrize("compression", [None, Compression.GZIP])
def test_a_run_that_was_killed_among_entities_is_continued(
    tmp_path: Path,
    some: Path,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    compression: Compression | None,
) -> None:
    options = QUICK | {"compression": compression}
    run(some, out=tmp_path / "full", **options)
    out = tmp_path / "place" / "o"
    done = killed(some, out, monkeypatch, entities=True, **options)
    assert len(done) == 192
    # The second one copies all, and is killed at the same place.
    killed(some, out, monkeypatch, entities=True, **options)
    parsed.clear()
    run(some, out=out, **options)
    assert len(parsed) == (0 if compression is None else 192)
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


def test_a_killed_run_is_preferred_to_the_release_it_was_to_replace(
    tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = many(tmp_path / "c", 70)
    run(root, out=tmp_path / "o", **QUICK)
    for path in (root / "_figures").iterdir():
        path.write_text(page(path.stem, (OPG,)))
    killed(root, tmp_path / "o", monkeypatch, 64, **QUICK)
    parsed.clear()
    result = run(root, out=tmp_path / "o", **QUICK)
    assert len(parsed) == 70 - 64
    assert result.changes is not None
    assert len(result.changes.changed) == 70
    run(root, out=tmp_path / "full", **QUICK)
    assert files(tmp_path / "o") == files(tmp_path / "full")


@pytest.mark.parametrize(
    "other", [{"captions": False}, {"formats": (FormatName.TURTLE,)}, {"reuse": False}]
)
def test_a_killed_run_of_other_options_is_not_continued(
    tmp_path: Path,
    some: Path,
    parsed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    other: dict[str, Any],
) -> None:
    killed(some, tmp_path / "o", monkeypatch, 100, **QUICK)
    parsed.clear()
    run(some, out=tmp_path / "o", **(QUICK | other))
    assert len(parsed) == 192
    run(some, out=tmp_path / "full", **(QUICK | other))
    assert files(tmp_path / "o") == files(tmp_path / "full")
    assert left_behind(tmp_path) == []


def test_of_killed_runs_the_one_of_the_same_options_is_continued(
    tmp_path: Path, some: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    others: tuple[dict[str, Any], ...] = (
        {"captions": False},
        {"formats": (FormatName.TURTLE,)},
        {"style": IriStyle.UNIPROT},
    )
    out = tmp_path / "place" / "o"
    run(some, out=tmp_path / "full", **QUICK)
    killed(some, out, monkeypatch, 100, **QUICK)
    for other in others:
        killed(some, out, monkeypatch, 64, **(QUICK | other))
        assert len(left_behind(out.parent)) == 2  # they do not pile up
    killed(some, out, monkeypatch, 192, **(QUICK | others[0]))
    assert len(noted(out)) == 192
    parsed.clear()
    run(some, out=out, **QUICK)
    assert len(parsed) == 192 - 128
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


def test_a_release_is_not_left_for_a_killed_run_of_another_program(
    tmp_path: Path, some: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(some, out=tmp_path / "o", **QUICK)
    inode = (tmp_path / "o").stat().st_ino
    monkeypatch.setattr("pfocr_rdf.exporting.options._program", lambda: b"of the same version")
    killed(some, tmp_path / "o", monkeypatch, entities=True, **QUICK)
    run(some, out=tmp_path / "o", **QUICK)
    assert (tmp_path / "o").stat().st_ino != inode
    inode = (tmp_path / "o").stat().st_ino
    run(some, out=tmp_path / "o", **QUICK)
    assert (tmp_path / "o").stat().st_ino == inode


def test_a_killed_run_whose_dumps_lost_bytes_is_continued_as_far_as_they_go(
    tmp_path: Path, some: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o"
    run(some, out=tmp_path / "full", **QUICK)
    killed(some, out, monkeypatch, 128, **QUICK)
    (stage,) = tmp_path.glob(".o.staging-*")
    os.truncate(stage / "pfocr.nt", (stage / "pfocr.nt").stat().st_size // 2)
    parsed.clear()
    run(some, out=out, **QUICK)
    assert 64 < len(parsed) < 192
    assert files(out) == files(tmp_path / "full")


def test_a_mistake_does_not_cost_what_a_killed_run_has_done(
    tmp_path: Path, some: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o"
    run(some, out=tmp_path / "full", **QUICK)
    killed(some, out, monkeypatch, 128, **QUICK)
    with pytest.raises(InputError):
        run(tmp_path / "mistyped", out=out, **QUICK)
    parsed.clear()
    run(some, out=out, **QUICK)
    assert len(parsed) == 192 - 128
    assert files(out) == files(tmp_path / "full")
    assert left_behind(tmp_path) == []


def test_a_killed_run_with_a_broken_ledger_is_removed(
    tmp_path: Path, some: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "o"
    killed(some, out, monkeypatch, 128, **QUICK)
    write(tmp_path, {".o.staging-0/.lock": "", f".o.staging-0/{PAGE_CACHE}": "no database" * 9000})
    write(tmp_path, {".o.staging-zz/.lock": "", f".o.staging-zz/{PAGE_CACHE}": ""})
    parsed.clear()
    run(some, out=out, **QUICK)
    assert len(parsed) == 192 - 128
    assert left_behind(tmp_path) == []


@pytest.mark.whole
def test_runs_killed_at_random_moments_are_continued(tmp_path: Path, parsed: list[str]) -> None:
    root = many(tmp_path / "c", 600)
    out = tmp_path / "place" / "o"
    run(root, out=tmp_path / "full", validate=False)
    moments = random.Random(3)  # fixed, so that a failure can be repeated
    kills, kept = 0, 0
    for _ in range(12):
        process = start("export", root, "-o", out, "--jobs", 2, "--no-validate", "-q")
        try:
            before = time.monotonic()
            while process.poll() is None and len(noted(out)) <= kept:
                assert time.monotonic() < before + 60
                time.sleep(0.01)
            time.sleep(moments.uniform(0, 0.1))
            process.kill()
            process.wait()
        finally:
            end(process)
        if process.returncode != -signal.SIGKILL:
            break
        kills, kept = kills + 1, len(noted(out))
        if kept > 450:
            break
    assert kills >= 1
    parsed.clear()
    run(root, out=out, validate=False)
    assert len(parsed) <= 600 - kept
    assert files(out) == files(tmp_path / "full")
    assert left_behind(out.parent) == []


def test_an_empty_page_is_not_one_that_could_not_be_read(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    odd = root / "_figures" / "PMC9__odd.md"
    table = root / "_data" / "PMC1__a-genes.tsv"
    for path in (odd, table):
        path.symlink_to("nowhere")
    run(root, out=tmp_path / "o")
    for step in ("empty", "link"):
        for path in (odd, table):
            path.unlink()
            path.touch() if step == "empty" else path.symlink_to("nowhere")
        run(root, out=tmp_path / "o")
        run(root, out=tmp_path / "full", reuse=False)
        assert files(tmp_path / "o") == files(tmp_path / "full")


def test_a_page_alone_whose_table_has_moved(tmp_path: Path) -> None:
    bad = gene_table(("RANK", "TNFRSF11A", "8792")) + "a row that is malformed\n"
    tree = write(
        tmp_path / "c",
        {"_figures/PMC1__a.md": page("PMC1__a"), "_data/PMC1__a-genes.tsv": bad},
    )
    flat = write(tmp_path / "f", {"PMC1__a.md": page("PMC1__a"), "PMC1__a-genes.tsv": bad})
    run(tree / "_figures" / "PMC1__a.md", out=tmp_path / "o")
    run(flat / "PMC1__a.md", out=tmp_path / "o")
    run(flat / "PMC1__a.md", out=tmp_path / "full")
    assert files(tmp_path / "o") == files(tmp_path / "full")


def test_pages_whose_names_read_the_same(tmp_path: Path) -> None:
    root = write(tmp_path / "c", {"PMC1__a.md": page("PMC1__a")})
    for number, byte in enumerate((b"\xfe", b"\xff")):
        (root / os.fsdecode(byte + b".md")).write_text(page(f"PMC2__f{number}"))
    run(root, out=tmp_path / "o")
    first = files(tmp_path / "o")
    assert report(tmp_path / "o")["entities"]["figures"] == 3
    run(root, out=tmp_path / "o")
    assert files(tmp_path / "o") == first
    (root / os.fsdecode(b"\xfe.md")).write_text(page("PMC3__x"))
    run(root, out=tmp_path / "o")
    run(root, out=tmp_path / "full")
    assert files(tmp_path / "o") == files(tmp_path / "full")


@pytest.mark.parametrize(
    "step",
    [
        lambda c: (c / "_figures" / "a folder").mkdir(),
        lambda c: (c / "_data" / "a folder").mkdir(),
        lambda c: (c / "_data" / "PMC8__o-genes.tsv").rename(c / "_data" / "PMC7__o-genes.tsv"),
    ],
    ids=["folder among pages", "folder among tables", "orphan renamed"],
)
def test_findings_of_no_figure_are_not_left_as_they_were(
    tmp_path: Path, parsed: list[str], step: Callable[[Path], object]
) -> None:
    root = write(
        checkout(tmp_path / "c"),
        {"_data/PMC8__o-genes.tsv": gene_table(("RANK", "TNFRSF11A", "8792"))},
    )
    run(root, out=tmp_path / "o")
    before = files(tmp_path / "o")
    step(root)
    parsed.clear()
    run(root, out=tmp_path / "o")
    assert parsed == []
    run(root, out=tmp_path / "full", reuse=False)
    assert files(tmp_path / "o") == files(tmp_path / "full")
    assert files(tmp_path / "o") != before


def test_an_orphan_in_another_folder(tmp_path: Path) -> None:
    table = gene_table(("RANK", "TNFRSF11A", "8792"))
    root = write(
        tmp_path / "c", {"PMC1__a.md": page(), "one/PMC8__o-genes.tsv": table, "two/x": ""}
    )
    run(root, out=tmp_path / "o")
    (root / "one" / "PMC8__o-genes.tsv").rename(root / "two" / "PMC8__o-genes.tsv")
    run(root, out=tmp_path / "o")
    run(root, out=tmp_path / "full")
    assert files(tmp_path / "o") == files(tmp_path / "full")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("other", ["PMC0__first.md", "PMC9__last.md"])
def test_a_page_with_the_figid_of_another_comes_and_goes(
    tmp_path: Path, jobs: int, other: str
) -> None:
    root = many(tmp_path / "c", 70)
    twin = {f"_figures/{other}": page("PMC11__f0033", (OPG,), papertitle="Another paper")}
    options = QUICK | {"jobs": jobs}
    for name in ("o", "full"):
        run(root, out=tmp_path / name, **options)
    without = files(tmp_path / "o")
    write(root, twin)
    run(root, out=tmp_path / "o", **options)
    run(root, out=tmp_path / "full", reuse=False, **options)
    assert files(tmp_path / "o") == files(tmp_path / "full")
    assert {"duplicate-figure"} <= {finding["code"] for finding in findings(tmp_path / "o")}
    run(root, out=tmp_path / "o", **options)
    assert files(tmp_path / "o") == files(tmp_path / "full")
    (root / "_figures" / other).unlink()
    run(root, out=tmp_path / "o", **options)
    assert files(tmp_path / "o") == without


def test_the_hgnc_table_decides_the_bytes(tmp_path: Path, parsed: list[str], seeds: Path) -> None:
    embedded = embedded_gene_table().release.name
    text = read_table_text(Path(pfocr_rdf.__file__).parent / "data" / embedded)
    table = tmp_path / "hgnc.tsv"
    table.write_text(text, encoding="utf-8")
    run(seeds, out=tmp_path / "o", hgnc=table)
    parsed.clear()
    copy = tmp_path / "copy.tsv"
    copy.write_text(text, encoding="utf-8")
    run(seeds, out=tmp_path / "o", hgnc=copy)
    assert parsed == []  # only its name is another
    copy.write_text(text.replace("TNFSF11\t", "TNFSF11X\t"), encoding="utf-8")
    run(seeds, out=tmp_path / "o", hgnc=copy)
    assert len(parsed) == 5
    run(seeds, out=tmp_path / "full", hgnc=copy)
    assert files(tmp_path / "o") == files(tmp_path / "full")


@pytest.mark.parametrize("jobs", [1, 2])
def test_jobs_decide_nothing(tmp_path: Path, some: Path, jobs: int) -> None:
    run(some, out=tmp_path / "o", jobs=3 - jobs, **QUICK)
    inode = (tmp_path / "o").stat().st_ino
    run(some, out=tmp_path / "o", jobs=jobs, **QUICK)
    assert (tmp_path / "o").stat().st_ino == inode


def test_a_limit_takes_pages_away(tmp_path: Path, parsed: list[str]) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o")
    parsed.clear()
    result = run(root, out=tmp_path / "o", limit=1)
    assert parsed == []
    assert result.changes == ((), (), ("PMC1__b", "PMC2__c"))
    run(root, out=tmp_path / "full", limit=1)
    assert files(tmp_path / "o") == files(tmp_path / "full")


_PAGES = ("PMC1__a", "PMC1__b", "PMC1__d", "PMC2__c", "PMC2__e")
_TABLES = ("genes", "chemicals", "diseases")
_GENES = ((), (TNFSF11,), (OPG,), (TNFSF11, OPG))


def _write_page(name: str, figid: str, genes: int, year: str, organism: str) -> Edit:
    text = page(figid, _GENES[genes], year=year, organisms=organism)
    return lambda c: write(c, {f"_figures/{name}.md": text})


def _write_table(name: str, kind: str, word: str) -> Edit:
    text = {
        "genes": gene_table((word, word, "8600")),
        "chemicals": f"word\tmesh\tmatch\tname\tchebi\n{word}\tNA\t{word}\t{word}\tchebi:22984\n",
        "diseases": f"word\tmesh\tmatch\tname\tdoid\n{word}\tNA\t{word}\t{word}\tDOID:162\n",
    }[kind]
    return lambda c: write(c, {f"_data/{name}-{kind}.tsv": text})


def _remove(path: str) -> Edit:
    return lambda c: (c / path).unlink(missing_ok=True)


def _rename(old: str, new: str) -> Edit:
    def edit(c: Path) -> None:
        if (c / f"_figures/{old}.md").exists():
            (c / f"_figures/{old}.md").rename(c / f"_figures/{new}.md")

    return edit


_NAME = st.sampled_from(_PAGES)
_KIND = st.sampled_from(_TABLES)
_EDIT = st.one_of(
    # A figid of another page's name is a duplicate, another year a conflict of the paper.
    st.builds(
        _write_page, _NAME, _NAME, st.integers(0, 3), st.sampled_from(("2012", "2013")),
        st.sampled_from(("Homo sapiens", "Mus cookii, prion")),
    ),
    st.builds(_write_table, _NAME, _KIND, st.sampled_from(("TRAP", "Ca2+"))),
    st.builds(lambda n: _remove(f"_figures/{n}.md"), _NAME),
    st.builds(lambda n, k: _remove(f"_data/{n}-{k}.tsv"), _NAME, _KIND),
    st.builds(_rename, _NAME, _NAME),
    st.builds(
        lambda n, text: lambda c: write(c, {f"_figures/{n}.md": text}),
        _NAME, st.sampled_from((b"", b"no page", b"---\nfigid: [\n---\n", b"\xff")),
    ),
    st.builds(
        lambda n, wp: lambda c: write(c, {"_data/wpid_map.tsv": f"{n}\t{wp}\n"}),
        _NAME, st.sampled_from(("WP1", "WP2")),
    ),
)  # fmt: skip


@settings(max_examples=25)
@given(
    st.lists(st.lists(_EDIT, max_size=5), min_size=1, max_size=4),
    st.sampled_from((0, 1, 2)),
    st.sampled_from((None, *Compression)),
    st.booleans(),
)
def test_any_edits_give_the_bytes_of_a_full_run(
    rounds: list[list[Edit]], shard_size: int, compression: Compression | None, validate: bool
) -> None:
    options = {
        "shard_size": shard_size,
        "compression": compression,
        "validate": validate,
        "formats": tuple(FormatName),
        "release": "x",
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        root = checkout(folder / "c")
        write(root, {"_figures/PMC3__stays.md": page("PMC3__stays")})
        run(root, out=folder / "o", **options)
        for edits in rounds:
            for edit in edits:
                edit(root)
            result = run(root, out=folder / "o", **options)
            fresh = run(root, out=folder / "full", reuse=False, **options)
            assert files(folder / "o") == files(folder / "full")
            assert result.report.record() == fresh.report.record()
            assert result.files == fresh.files
        assert left_behind(folder) == []


def test_real_figures(tmp_path: Path, best_sample: Sample) -> None:
    make_corpus(best_sample, tmp_path / "c", 300)
    hgnc = best_sample.hgnc
    root = tmp_path / "c"
    run(root, out=tmp_path / "o", hgnc=hgnc, jobs=2)
    inode = (tmp_path / "o").stat().st_ino
    run(root, out=tmp_path / "o", hgnc=hgnc, jobs=2)
    assert (tmp_path / "o").stat().st_ino == inode
    pages = sorted((root / "_figures").iterdir())
    pages[3].unlink()
    pages[70].rename(pages[70].with_name("PMC1__renamed.md"))
    pages[200].write_text(pages[200].read_text().replace("figtitle: ", "figtitle: Not "))
    result = run(root, out=tmp_path / "o", hgnc=hgnc, jobs=2)
    run(root, out=tmp_path / "full", hgnc=hgnc, jobs=2)
    assert files(tmp_path / "o") == files(tmp_path / "full")
    assert result.changes is not None
    assert [len(names) for names in result.changes] == [1, 1, 2]


def test_changes_go_by_the_stem_of_the_file_and_removed_pages_by_figid(tmp_path: Path) -> None:
    root = write(
        tmp_path / "c",
        {
            "_figures/stays.md": page("PMC1__stays"),
            "_figures/changes.md": page("PMC1__changes"),
            "_figures/goes.md": page("PMC1__goes"),
            "_figures/skipped.md": "no page",
        },
    )
    run(root, out=tmp_path / "o")
    for name in ("goes.md", "skipped.md"):
        (root / "_figures" / name).unlink()
    write(
        root,
        {
            "_figures/changes.md": page("PMC2__new-figid"),
            "_figures/comes.md": page("PMC1__comes"),
        },
    )
    changes = run(root, out=tmp_path / "o").changes
    assert changes == (("comes",), ("changes",), ("PMC1__goes", "c/_figures/skipped.md"))


def test_the_command_prints_what_changed(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    first = command("export", root, "-o", tmp_path / "o", "-q", "--changed")
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr == "there was no earlier release to compare with\n"
    write(
        root, {"_figures/PMC5__n.md": page("PMC5__n", ()), "_figures/PMC1__a.md": page("PMC1__a")}
    )
    (root / "_figures" / "PMC2__c.md").unlink()
    second = command("export", root, "-o", tmp_path / "o", "-q", "--changed")
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == "+ PMC5__n\n~ PMC1__a\n- PMC2__c\n"
    third = command("export", root, "-o", tmp_path / "o", "-q", "--changed", "--no-reuse")
    assert (third.returncode, third.stdout) == (0, "")
