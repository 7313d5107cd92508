"""A second run parses only what has changed, and leaves the bytes of a full run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pages import (
    OPG,
    assert_complete,
    checkout,
    command,
    end,
    files,
    gene_table,
    leftovers,
    many,
    page,
    run,
    start,
    write,
)

from pfocr_rdf.errors import InputError
from pfocr_rdf.figure_ledger import FigureLedger
from pfocr_rdf.frontmatter import FrontMatter, parse_front_matter
from pfocr_rdf.iri import IriStyle
from pfocr_rdf.tally import Tally
from pfocr_rdf.write import FormatName
from pfocr_rdf.write.files import LEDGER, Compression


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that have been parsed, by name; only of runs with one job."""
    names: list[str] = []

    def noting(text: str, file: str) -> FrontMatter:
        names.append(file)
        return parse_front_matter(text, file)

    monkeypatch.setattr("pfocr_rdf.pipeline.parse_front_matter", noting)
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
    assert leftovers(tmp_path) == []
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
    (tmp_path / "o" / LEDGER).write_bytes(damage)
    parsed.clear()
    run(root, out=tmp_path / "o")
    assert parsed
    assert files(tmp_path / "o") == before


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
        with pytest.raises(InputError, match=r"is not as its ledger says.*--no-reuse") as caught:
            run(root, out=tmp_path / "o", compression=compression)
        assert "\n" not in str(caught.value)
        assert leftovers(tmp_path) == []
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
    with pytest.raises(InputError, match=r"figure at byte \d+ has changed \(use --no-reuse\)"):
        run(root, out=tmp_path / "o")
    assert leftovers(tmp_path) == []
    run(root, out=tmp_path / "o", reuse=False)
    run(root, out=tmp_path / "full")
    assert files(tmp_path / "o") == files(tmp_path / "full")


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


@pytest.mark.slow
def test_a_killed_run_is_continued(tmp_path: Path, parsed: list[str]) -> None:
    root = many(tmp_path / "c", 700)
    out = tmp_path / "place" / "o"
    run(root, out=tmp_path / "full", validate=False)
    process = start("export", root, "-o", out, "--jobs", 1, "--no-validate", "-q")
    try:
        noted = 0
        for _ in range(600):
            time.sleep(0.02)
            stages = list(out.parent.glob(f".o.staging-*/{LEDGER}"))
            ledger = FigureLedger.open(stages[0]) if stages else None
            if ledger is not None:
                noted = sum(1 for _ in ledger.names())
                ledger.close()
            if noted >= 128:
                break
        process.kill()
        process.wait()
    finally:
        end(process)
    assert process.returncode == -signal.SIGKILL
    assert 128 <= noted < 700
    (stage,) = out.parent.glob(".o.staging-*")
    done = FigureLedger.open(stage / LEDGER)
    assert done is not None
    kept = {name for name, _ in done.names()}
    done.close()
    assert len(kept) >= noted
    parsed.clear()
    run(root, out=out, validate=False, jobs=1)
    assert kept.isdisjoint(parsed)
    assert len(kept) + len(parsed) == 700
    assert files(out) == files(tmp_path / "full")
    assert leftovers(out.parent) == []


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


def test_a_tally_comes_back_as_it_was_recorded(tmp_path: Path) -> None:
    result = run(checkout(tmp_path / "c"), out=tmp_path / "o")
    report = result.report
    again = Tally.from_record(report.record_bytes())
    assert again.counts == report.counts
    assert again.findings == report.findings
    assert again.ledger.record() == report.ledger.record()
