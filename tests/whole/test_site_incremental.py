"""A site made again: nothing changed, something changed, something gone, something went wrong."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pfocr_rdf.errors import InputError, OutputError
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.release import Progress
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.site import SiteOptions, build_site
from pfocr_rdf.web.site.inventory import INVENTORY, State, open_inventory
from pfocr_rdf.web.site.steps import SiteStep
from tests.support.pages import command, end, gene_table, left_behind, many, page, run, start, write
from tests.support.site_making import BASE, broken_links, files_of, make_site, names_of, pages_of

GENE = (("RANKL", "RANKL", "hgnc_alias_symbol", "TNFSF11", "8600"),)
OTHER = (("OPG", "OPG", "hgnc_prev_symbol", "TNFRSF11B", "4982"),)
PATIENCE = 120.0


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all pages on the same day, so that sites can be compared."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def corpus(folder: Path, **changes: str | None) -> Path:
    """Write three figures of two papers; a change to None leaves one out."""
    shutil.rmtree(folder, ignore_errors=True)
    pages: dict[str, str | None] = {
        "PMC1__a": page("PMC1__a", GENE),
        "PMC1__b": page("PMC1__b", GENE),
        "PMC2__c": page("PMC2__c", OTHER),
        **changes,
    }
    kept = {f"_figures/{name}.md": text for name, text in pages.items() if text is not None}
    return write(folder, dict(kept))


def released(folder: Path, **changes: str | None) -> Path:
    """Export those figures, and return the release."""
    run(corpus(folder / "in", **changes), out=folder / "out")
    return folder / "out"


def inodes(site: Path) -> dict[str, tuple[int, int]]:
    """Return which file each path of a site is, and when it was written."""
    return {
        name: ((site / name).stat().st_ino, (site / name).stat().st_mtime_ns)
        for name in names_of(site)
    }


def rewritten(before: dict[str, tuple[int, int]], site: Path) -> set[str]:
    """Return the paths of a site that are other files than before, the inventory apart."""
    after = inodes(site)
    return {name for name in after if before.get(name) != after[name]} - {INVENTORY}


def pages_among(names: set[str]) -> set[str]:
    """Return the pages of single figures and entities."""
    return {name for name in names if name.endswith(".html") and "/" in name}


def test_nothing_is_written_when_nothing_has_changed(tmp_path: Path) -> None:
    out = released(tmp_path)
    first = make_site(out, tmp_path / "site")
    assert first.written
    assert set(first.states) == {State.NEW}
    before, folder = inodes(tmp_path / "site"), (tmp_path / "site").stat()
    second = make_site(out, tmp_path / "site")
    assert not second.written
    assert second.states == {State.SAME: first.states.total()}
    assert inodes(tmp_path / "site") == before
    assert (tmp_path / "site").stat().st_ino == folder.st_ino
    assert left_behind(tmp_path) == []


@pytest.mark.whole
def test_another_name_of_the_release_leaves_pages_as_they_are(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    before = inodes(tmp_path / "site")
    run(tmp_path / "in", out=tmp_path / "out", release="r2")
    result = make_site(tmp_path / "out", tmp_path / "site")
    assert result.written
    assert set(result.states) == {State.SAME}
    assert pages_among(rewritten(before, tmp_path / "site")) == set()
    assert "r2" in (tmp_path / "site" / "index.html").read_text()


def same_as_new(out: Path, site: Path, folder: Path) -> None:
    """Hold a site that was brought up to date to one that is made anew."""
    make_site(out, folder / "anew")
    assert files_of(site) == files_of(folder / "anew")
    assert list(broken_links(site, pages_of(site))) == []
    shutil.rmtree(folder / "anew")


@pytest.mark.whole
def test_a_changed_figure_is_drawn_again_with_what_shows_it(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    before = inodes(tmp_path / "site")
    caption = page("PMC1__a", GENE, caption="Another caption, which no other page shows at all.")
    out = released(tmp_path, PMC1__a=caption)
    result = make_site(out, tmp_path / "site")
    assert result.states[State.CHANGED] == 1
    assert pages_among(rewritten(before, tmp_path / "site")) == {"figures/PMC1__a.html"}
    same_as_new(out, tmp_path / "site", tmp_path)
    before = inodes(tmp_path / "site")
    title = page("PMC1__a", GENE, caption="Another caption.", figtitle="Another title")
    out = released(tmp_path, PMC1__a=title)
    make_site(out, tmp_path / "site")
    # Its paper, gene and organism list it, its sibling shows it as sibling and neighbour.
    assert pages_among(rewritten(before, tmp_path / "site")) == {
        "figures/PMC1__a.html",
        "figures/PMC1__b.html",
        "genes/8600.html",
        "organisms/9606.html",
        "papers/PMC1.html",
    }
    same_as_new(out, tmp_path / "site", tmp_path)


@pytest.mark.whole
def test_a_renamed_paper_is_on_all_pages_that_show_it(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    before = inodes(tmp_path / "site")
    out = released(tmp_path, PMC2__c=page("PMC2__c", OTHER, papertitle="A new title"))
    make_site(out, tmp_path / "site")
    changed = pages_among(rewritten(before, tmp_path / "site"))
    assert changed == {
        "figures/PMC2__c.html",
        "genes/4982.html",
        "organisms/9606.html",
        "papers/PMC2.html",
    }
    same_as_new(out, tmp_path / "site", tmp_path)


def test_a_figure_that_is_gone_takes_its_pages_along(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    out = released(tmp_path, PMC2__c=None)
    result = make_site(out, tmp_path / "site")
    assert result.removed == 3
    gone = {"figures/PMC2__c.html", "figures/PMC2__c.ttl", "genes/4982.html", "papers/PMC2.html"}
    assert not gone & names_of(tmp_path / "site")
    same_as_new(out, tmp_path / "site", tmp_path)


def test_a_new_figure_is_on_the_pages_of_its_gene(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    out = released(tmp_path, PMC3__d=page("PMC3__d", GENE))
    result = make_site(out, tmp_path / "site")
    assert result.states[State.NEW] == 2
    assert result.removed == 0
    html = (tmp_path / "site" / "genes" / "8600.html").read_text()
    assert "The figure PMC3__d" in html
    same_as_new(out, tmp_path / "site", tmp_path)


def test_other_options_make_other_pages(tmp_path: Path) -> None:
    out = released(tmp_path)
    make_site(out, tmp_path / "site")
    result = make_site(out, tmp_path / "site", endpoint="https://sparql.example.org/")
    assert set(result.states) == {State.CHANGED}
    result = make_site(out, tmp_path / "site", base="https://other.example.org/")
    assert set(result.states) == {State.CHANGED}


@pytest.mark.parametrize("harm", ["removed", "cut", "grown"])
def test_what_was_damaged_is_mended(harm: str, tmp_path: Path) -> None:
    out = released(tmp_path)
    make_site(out, tmp_path / "site")
    whole = files_of(tmp_path / "site")
    path = tmp_path / "site" / "genes" / "8600.ttl"
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:10] if harm == "cut" else path.read_bytes() * 2)
    result = make_site(out, tmp_path / "site")
    assert result.written
    assert files_of(tmp_path / "site") == whole


def test_an_inventory_that_cannot_be_read_is_no_inventory(tmp_path: Path) -> None:
    out = released(tmp_path)
    make_site(out, tmp_path / "site")
    (tmp_path / "site" / INVENTORY).write_bytes(b"not a database at all, but as long as one" * 99)
    before = files_of(tmp_path / "site")
    assert open_inventory(tmp_path / "site") is None
    with pytest.raises(OutputError, match="holds files, but no"):
        make_site(out, tmp_path / "site")
    assert files_of(tmp_path / "site") == before


@pytest.mark.parametrize("where", ["CNAME", "figures/notes.txt", "figures/PMC1__a.nt"])
def test_files_of_others_are_not_lost(where: str, tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    write(tmp_path / "site", {where: "mine"})
    before = files_of(tmp_path / "site")
    out = released(tmp_path, PMC2__c=None)
    with pytest.raises(OutputError, match=f"holds '{where}', which is not of the site"):
        make_site(out, tmp_path / "site")
    assert files_of(tmp_path / "site") == before
    assert left_behind(tmp_path) == []


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    out = released(tmp_path)
    write(tmp_path / "mine", {"thesis.tex": "long"})
    with pytest.raises(OutputError, match="choose a new or empty folder"):
        make_site(out, tmp_path / "mine")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="expected a folder, found a file"):
        make_site(out, tmp_path / "file")
    assert files_of(tmp_path / "mine") == {"thesis.tex": b"long"}


@pytest.mark.parametrize("inside", ["site", "a/b"])
def test_a_site_does_not_go_into_its_export(tmp_path: Path, inside: str) -> None:
    out = released(tmp_path)
    before = files_of(out)
    with pytest.raises(OutputError, match="choose a folder beside it"):
        make_site(out, out / inside)
    assert files_of(out) == before


def test_an_empty_folder_and_a_link_to_one_become_sites(tmp_path: Path) -> None:
    out = released(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    make_site(out, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "empty" / "index.html").is_file()
    assert not make_site(out, tmp_path / "empty").written


def test_a_damaged_dump_is_said_and_publishes_nothing(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    before = files_of(tmp_path / "site")
    out = released(tmp_path, PMC2__c=None)
    dump = out / "pfocr.jsonld"
    dump.write_bytes(dump.read_bytes().replace(b'"name":', b'"name";'))
    with pytest.raises(InputError, match="expected a figure or entity as an export writes it"):
        make_site(out, tmp_path / "site")
    assert files_of(tmp_path / "site") == before
    assert left_behind(tmp_path) == []


def test_where_files_cannot_be_linked_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = released(tmp_path)

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    make_site(out, tmp_path / "site")
    before = files_of(tmp_path / "site")
    figure = (tmp_path / "site" / "figures" / "PMC1__a.html").stat()
    run(tmp_path / "in", out=out, release="r2")
    result = make_site(out, tmp_path / "site")
    assert set(result.states) == {State.SAME}
    after = files_of(tmp_path / "site")
    assert {p: c for p, c in after.items() if p in pages_among(set(before))} == {
        p: c for p, c in before.items() if p in pages_among(set(before))
    }
    copied = (tmp_path / "site" / "figures" / "PMC1__a.html").stat()
    assert copied.st_ino != figure.st_ino
    assert copied.st_mtime_ns == figure.st_mtime_ns


def test_a_disk_that_is_full_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    before = files_of(tmp_path / "site")
    out = released(tmp_path, PMC2__c=None)
    with limited_files(4000), pytest.raises(OutputError, match="nothing was published"):
        make_site(out, tmp_path / "site")
    assert files_of(tmp_path / "site") == before
    assert left_behind(tmp_path) == []


@contextmanager
def limited_files(size: int) -> Iterator[None]:
    """Let no file grow over a size, which to a program is like a full disk."""
    resource = pytest.importorskip("resource")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


def test_several_processes_make_the_same_site(tmp_path: Path) -> None:
    run(many(tmp_path / "in", 220), out=tmp_path / "out")
    make_site(tmp_path / "out", tmp_path / "one")
    steps: list[Progress] = []
    release = open_release(tmp_path / "out")
    build_site(release, tmp_path / "two", SiteOptions(BASE, jobs=2), steps.append)
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")
    assert list(dict.fromkeys(each.step for each in steps)) == list(SiteStep)
    assert Progress(SiteStep.FIGURES, 220, 220, "figures") in steps


def test_a_worker_that_is_killed_ends_the_run(tmp_path: Path) -> None:
    run(many(tmp_path / "in", 1500), out=tmp_path / "out", validate=False)
    process = start("site", tmp_path / "out", "-o", tmp_path / "site", "--jobs", "2")
    try:
        worker = _worker_of(process.pid)
        os.kill(worker, signal.SIGKILL)
        _, said = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert process.returncode == 2, said
    assert "a worker process was killed" in said
    assert not (tmp_path / "site").exists()


def _worker_of(parent: int) -> int:
    """Return a process that a site run has started and that has begun to work."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for entry in Path("/proc").iterdir():
            try:
                stat = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                words = (entry / "cmdline").read_bytes()
            except (OSError, ValueError):
                continue
            busy = len(stat) > 12 and int(stat[11]) > 60
            if (
                entry.name.isdigit()
                and stat[1] == str(parent)
                and b"pfocr_rdf.processes" in words
                and busy
            ):
                return int(entry.name)
        time.sleep(0.02)
    raise AssertionError("no worker has started")


def test_a_run_that_is_killed_leaves_the_site_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    make_site(released(tmp_path), tmp_path / "site")
    before = files_of(tmp_path / "site")
    run(many(tmp_path / "more", 400), out=tmp_path / "other", validate=False)
    process = start("site", tmp_path / "other", "-o", tmp_path / "site", "--jobs", "1")
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not list(
            tmp_path.glob(".site.staging-*/figures/*.html")
        ):
            time.sleep(0.02)
    finally:
        end(process)
    assert files_of(tmp_path / "site") == before
    assert left_behind(tmp_path) != []
    result = make_site(tmp_path / "other", tmp_path / "site")
    assert result.pages[Kind.FIGURE] == 400
    assert left_behind(tmp_path) == []


def test_a_run_that_has_nothing_to_do_tidies_up_too(tmp_path: Path) -> None:
    release = released(tmp_path)
    make_site(release, tmp_path / "site")
    write(tmp_path, {".site.staging-old/figures/x.html": "of a run that could not remove it"})
    assert not make_site(release, tmp_path / "site").written
    assert left_behind(tmp_path) == []


def test_an_interrupted_run_says_so(tmp_path: Path) -> None:
    run(many(tmp_path / "in", 1500), out=tmp_path / "out", validate=False)
    process = start("site", tmp_path / "out", "-o", tmp_path / "site", "--jobs", "2")
    try:
        _worker_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert process.returncode == 130, said
    assert "interrupted; nothing was published" in said
    assert "Traceback" not in said
    assert not (tmp_path / "site").exists()
    assert left_behind(tmp_path) == []


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    out = released(tmp_path)
    first = command("site", out, "-o", tmp_path / "site", "--base-url", BASE)
    assert first.returncode == 0, first.stderr
    lines = [line.split() for line in first.stdout.splitlines()]
    assert ["figures", "3"] in lines
    assert ["genes", "2"] in lines
    assert "0 changed, 0 the same, 0 removed" in first.stdout
    assert "pages of figures" in first.stderr
    second = command("site", out, "-o", tmp_path / "site", "--base-url", BASE, "--quiet")
    assert second.returncode == 0
    assert second.stdout == second.stderr == ""
    third = command("site", out, "-o", tmp_path / "site", "--base-url", BASE)
    assert third.stdout.startswith("nothing has changed: ")
    wrong = command("site", out, "-o", tmp_path / "site", "--base-url", "here")
    assert wrong.returncode == 2
    assert wrong.stderr.count("\n") == 1
    missing = command("site", tmp_path / "none", "-o", tmp_path / "site")
    assert missing.returncode == 2
    assert "expected the folder of an export" in missing.stderr


def test_the_command_warns_of_figures_without_a_page(tmp_path: Path) -> None:
    long = "PMC1__" + "x" * 238
    table = gene_table(("RANK", "TNFRSF11A", "8792"))
    write(tmp_path / "in", {f"_figures/{long}.md": page(long, GENE), "_data/x-genes.tsv": table})
    run(tmp_path / "in", out=tmp_path / "out")
    made = command("site", tmp_path / "out", "-o", tmp_path / "site")
    assert made.returncode == 0, made.stderr
    assert "WARNING: 1 figures have no page" in made.stderr
