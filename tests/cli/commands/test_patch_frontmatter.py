"""`pfocr-rdf patch-frontmatter` as its users meet it: files, links, modes, diffs, exit codes."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.read.archive import MAX_MEMBER_BYTES
from pfocr_rdf.web.schema_org.checkout import list_pages, patch_pages
from pfocr_rdf.web.schema_org.patch import patch_page
from tests.support.command import in_process
from tests.support.pages import command, end, page, start, unmeasured, write

CAPTION = "What happens in the cell when the receptor is bound by its ligand, as we think."
DEADLINE = 120.0
ODD = {
    "crlf": page("PMC1__b", caption=CAPTION).replace("\n", "\r\n"),
    "mark": "\ufeff" + page("PMC1__c", caption=CAPTION),
    "no_end": page("PMC1__d", caption=CAPTION).removesuffix("\n"),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    pages = {"a": page("PMC1__a", caption=CAPTION), **ODD}
    return write(
        tmp_path / "pfocr",
        {
            "README.md": "# not a page\n",
            "_figures/.hidden.md": page("PMC1__h"),
            "_figures/notes.txt": "no page\n",
            **{f"_figures/PMC1__{name}.md": text for name, text in pages.items()},
        },
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_are_patched_and_all_else_is_as_it_was(checkout: Path) -> None:
    before = contents(checkout)
    done = in_process("patch-frontmatter", checkout)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[:4] == [
        "pages          4",
        "patched        4",
        "right already  0",
        "left alone     0",
    ]
    assert "replaced       creator 4, license 4\n" in done.stderr
    after = contents(checkout)
    assert list(after) == list(before), "nothing is left beside the pages"
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {f"_figures/PMC1__{name}.md" for name in ("a", *ODD)}
    for name in changed:
        assert after[name].decode() == patch_page(before[name].decode(), name).text
    again = in_process("patch-frontmatter", checkout, "--strict")
    assert again.returncode == 0
    assert again.stderr.splitlines() == [
        "pages          4",
        "patched        0",
        "right already  4",
        "left alone     0",
    ]
    assert contents(checkout) == after


def test_a_page_that_is_right_is_not_written(checkout: Path) -> None:
    in_process("patch-frontmatter", checkout)
    files = sorted((checkout / "_figures").iterdir())
    before = [(path.stat().st_mtime_ns, path.stat().st_ino) for path in files]
    in_process("patch-frontmatter", checkout)
    assert [(path.stat().st_mtime_ns, path.stat().st_ino) for path in files] == before


def test_quiet_says_nothing(checkout: Path) -> None:
    done = in_process("patch-frontmatter", checkout, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.whole
@pytest.mark.parametrize("program", ["git", "patch"])
def test_other_programs_apply_the_diff_of_a_dry_run(
    checkout: Path, tmp_path: Path, program: str
) -> None:
    if shutil.which(program) is None:
        if os.environ.get("CI") == "true" and program == "git":
            pytest.fail("git is missing")
        pytest.skip(f"{program} is not installed")
    shutil.copytree(checkout, tmp_path / "other")
    before = contents(checkout)
    dry = subprocess.run(
        [sys.executable, "-m", "pfocr_rdf", "patch-frontmatter", checkout, "--dry-run"],
        capture_output=True,
        check=True,
    )
    assert contents(checkout) == before, "a dry run writes nothing"
    assert b"to patch       4\n" in dry.stderr
    arguments = ["git", "apply", "-"] if program == "git" else ["patch", "-p1", "--binary", "-s"]
    subprocess.run(arguments, input=dry.stdout, cwd=tmp_path / "other", check=True)
    in_process("patch-frontmatter", checkout)
    assert contents(tmp_path / "other") == contents(checkout) != before
    nothing = in_process("patch-frontmatter", checkout, "--dry-run")
    assert (nothing.returncode, nothing.stdout) == (0, "")


def test_the_mode_is_kept(tmp_path: Path) -> None:
    modes = (0o600, 0o644, 0o664, 0o755, 0o444)
    text = page("PMC1__a", caption=CAPTION)
    write(tmp_path, {f"_figures/{mode:o}.md": text for mode in modes})
    for mode in modes:
        (tmp_path / "_figures" / f"{mode:o}.md").chmod(mode)
    assert in_process("patch-frontmatter", tmp_path).returncode == 0
    for mode in modes:
        path = tmp_path / "_figures" / f"{mode:o}.md"
        assert stat.S_IMODE(path.stat().st_mode) == mode
        assert path.read_text() != text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(checkout: Path) -> None:
    path = checkout / "_figures" / "PMC1__a.md"
    os.chown(path, 1234, 5678)
    assert in_process("patch-frontmatter", checkout).returncode == 0
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 5678)


def test_links_are_followed_inside_the_checkout_only(checkout: Path, tmp_path: Path) -> None:
    figures = checkout / "_figures"
    outside = tmp_path / "outside.md"
    outside.write_text(page("PMC2__x", caption=CAPTION))
    (checkout / "shared").mkdir()
    inside = checkout / "shared" / "PMC3__y.md"
    inside.write_text(page("PMC3__y", caption=CAPTION))
    (figures / "PMC2__x.md").symlink_to(outside)
    (figures / "PMC3__y.md").symlink_to("../shared/PMC3__y.md")
    (figures / "PMC4__z.md").symlink_to("nowhere.md")
    (figures / "PMC5__l.md").symlink_to("PMC5__l.md")
    (figures / "PMC6__d.md").mkdir()
    before = outside.read_bytes()
    done = in_process("patch-frontmatter", checkout)
    assert done.returncode == 0
    assert outside.read_bytes() == before
    assert (figures / "PMC2__x.md").is_symlink()
    assert (figures / "PMC3__y.md").is_symlink()
    assert b"includedInDataCatalog" in inside.read_bytes()
    assert done.stderr.splitlines()[:4] == [
        "_figures/PMC2__x.md: unreadable-file: a link that leads out of the checkout",
        "_figures/PMC4__z.md: unreadable-file: No such file or directory",
        "_figures/PMC5__l.md: unreadable-file: Too many levels of symbolic links",
        "_figures/PMC6__d.md: unreadable-file: not a plain file",
    ]
    assert "left alone     4\n" in done.stderr
    assert "patched        5\n" in done.stderr


def test_a_folder_of_pages_that_lies_elsewhere_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/PMC1__a.md": page("PMC1__a", caption=CAPTION)})
    (tmp_path / "pfocr").mkdir()
    (tmp_path / "pfocr" / "_figures").symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path / "elsewhere")
    done = in_process("patch-frontmatter", tmp_path / "pfocr")
    assert "left alone     1" in done.stderr
    assert contents(tmp_path / "elsewhere") == before
    # A checkout that is itself behind a link is the user's choice.
    write(tmp_path, {"real/_figures/PMC1__a.md": page("PMC1__a", caption=CAPTION)})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert "patched        1" in in_process("patch-frontmatter", tmp_path / "link").stderr


@pytest.mark.parametrize("strict", [False, True])
def test_pages_that_cannot_be_patched_are_reported(checkout: Path, *, strict: bool) -> None:
    bad = {
        "PMC7__cut.md": page("PMC7__cut")[:80].encode(),
        "PMC7__latin.md": page("PMC7__latin", caption="é").encode("latin-1"),
        "PMC7__none.md": b"---\nfigid: PMC7__none\n---\n",
    }
    write(checkout / "_figures", bad)
    with (checkout / "_figures" / "PMC8__huge.md").open("wb") as file:
        file.truncate(MAX_MEMBER_BYTES + 1)
    done = in_process("patch-frontmatter", checkout, *(["--strict"] if strict else []))
    assert done.returncode == (1 if strict else 0)
    lines = done.stderr.splitlines()
    assert lines[0].startswith("_figures/PMC7__cut.md: front-matter-malformed: the closing `---`")
    assert lines[1].startswith("_figures/PMC7__latin.md: unreadable-file: not UTF-8 at byte ")
    assert lines[2] == (
        "_figures/PMC7__none.md: field-malformed: schema-jsonld: expected a mapping, found none"
    )
    assert lines[3] == (
        f"_figures/PMC8__huge.md: unreadable-file: {MAX_MEMBER_BYTES + 1} bytes, "
        f"more than {MAX_MEMBER_BYTES}"
    )
    assert lines[4:8] == [
        "pages          8",
        "patched        4",
        "right already  0",
        "left alone     4",
    ]
    for name, content in bad.items():
        assert (checkout / "_figures" / name).read_bytes() == content


def test_what_is_no_checkout_is_an_error_of_one_line(tmp_path: Path) -> None:
    write(tmp_path, {"empty/_figures/README": "x", "file": "x", "odd/_figures": "x"})
    for name in ("nowhere", "file", "odd", "."):
        with pytest.raises(InputError, match="with a folder _figures, found none"):
            list_pages(tmp_path / name)
    with pytest.raises(InputError, match=r"expected \*\.md pages, found none"):
        list_pages(tmp_path / "empty")
    done = in_process("patch-frontmatter", tmp_path / "nowhere")
    assert done.returncode == 2
    assert done.stderr == (
        f"error: {tmp_path / 'nowhere'}: expected a PFOCR checkout with a folder _figures, "
        "found none\n"
    )


def test_a_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    (tmp_path / "_figures").symlink_to("_figures")
    with pytest.raises(InputError, match="cannot be listed: Too many levels"):
        list_pages(tmp_path)


@pytest.mark.whole
def test_a_disk_that_is_full_leaves_the_page_as_it_was(checkout: Path) -> None:
    """The limit of the size of files stands for the disk: the write fails half way."""
    before = contents(checkout)
    done = command(
        "patch-frontmatter",
        checkout,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        env=unmeasured(),
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "error: _figures/PMC1__a.md: cannot be written: File too large"
    )
    assert contents(checkout) == before


def test_one_that_stops_has_patched_whole_pages(checkout: Path) -> None:
    before = contents(checkout)
    pages = patch_pages(checkout, list_pages(checkout), write=True)
    first, second = next(pages), next(pages)
    after = contents(checkout)
    assert {name for name in before if after[name] != before[name]} == {first.name, second.name}
    assert after[first.name].decode() == first.patch.text


@pytest.mark.whole
def test_an_interrupt_leaves_each_page_whole(tmp_path: Path) -> None:
    text = page("PMC1__a", caption=CAPTION)
    right = patch_page(text, "x").text
    figures = tmp_path / "_figures"
    figures.mkdir()
    names = [f"PMC1__{i:05}.md" for i in range(4000)]
    for name in names:
        (figures / name).write_text(text)
    process = start("patch-frontmatter", tmp_path)
    try:
        limit = time.monotonic() + DEADLINE
        while (figures / names[2]).read_text() == text:
            assert time.monotonic() < limit, "the first pages are not patched"
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=DEADLINE)
    finally:
        end(process)
    assert process.returncode == 130
    assert said == "interrupted; each page is as it was, or patched whole\n"
    found = {path.name: path.read_text() for path in figures.iterdir()}
    assert set(found) == set(names), "nothing is left beside the pages"
    assert set(found.values()) == {text, right}


def test_the_help_names_the_checkout() -> None:
    done = in_process("patch-frontmatter", "--help")
    assert done.returncode == 0
    assert "CHECKOUT" in done.stdout
    assert "--dry-run" in done.stdout
    assert "patch-frontmatter" in in_process("--help").stdout
