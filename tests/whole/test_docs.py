"""README and docs: every command and example in them runs, and shows what it really says.

Three kinds of blocks are held to the program:

- `console`: each line after `$ ` is run in a folder that has the seeds, one page after the
  other in its own folder; what follows is what it prints. A line `...` stands for any lines.
- `python`: doctests.
- a block below `<!-- output: COMMAND -->`: what the command prints, `# ...` for any lines.

`--update-golden` writes the outputs anew; the lines around a `...` are found by their first.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer.main
import yaml

from pfocr_rdf.cli.main import app
from pfocr_rdf.errors import PfocrError
from pfocr_rdf.shipped import CACHE_VARIABLE
from pfocr_rdf.version import __version__
from tests.support.places import ROOT

PAGES = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").glob("*.md")),
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
]
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
ELISIONS = ("...", "# ...")
CONSOLE = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
OUTPUT = re.compile(
    r"^<!-- output: (?P<command>.+?) -->\n```(?P<language>\w*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
USAGE = "docs/usage.md"


class Example(NamedTuple):
    """A command of a page and what the page says it prints; offsets of that in the text."""

    command: str
    output: list[str]
    start: int
    end: int


def examples(text: str) -> list[Example]:
    """Return the commands of a page in their order."""
    found = []
    for block in CONSOLE.finditer(text):
        for match in re.finditer(
            r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n)*)",
            block["body"],
            re.MULTILINE,
        ):
            start = block.start("body") + match.start("output")
            lines = match["output"].splitlines()
            found.append(
                Example(match["command"], lines, start, block.start("body") + match.end("output"))
            )
    for block in OUTPUT.finditer(text):
        lines = block["body"].splitlines()
        found.append(Example(block["command"], lines, block.start("body"), block.end("body")))
    return sorted(found, key=lambda example: example.start)


def segments(lines: list[str]) -> list[list[str]]:
    """Cut lines at the elisions; a block that begins or ends with one has an empty segment."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() in ELISIONS:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def matches(expected: list[str], printed: list[str]) -> bool:
    """Say whether an output is the expected one, elisions standing for any lines."""
    pattern = r"(?s:.*?)".join(
        "".join(re.escape(line) + "\n" for line in part) for part in segments(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def rewritten(expected: list[str], printed: list[str]) -> list[str]:
    """Return the printed lines, cut where the expected ones are."""
    parts = segments(expected)
    if len(parts) == 1:
        return printed
    elisions = [line for line in expected if line.strip() in ELISIONS]
    out: list[str] = []
    for number, part in enumerate(parts):
        if number:
            out.append(elisions[number - 1])
        if part:
            first = printed.index(part[0]) if part[0] in printed else 0
            out += printed[first : first + len(part)]
    return out


@pytest.fixture
def folder(tmp_path: Path, seeds: Path) -> Path:
    """Where the commands of a page run: a folder with the seeds and no cached table."""
    shutil.copytree(seeds, tmp_path / "here" / "seeds")
    return tmp_path / "here"


def run(command: str, folder: Path) -> list[str]:
    """Run a command as a reader would, and return the lines it prints."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            CACHE_VARIABLE: str(folder / ".cache"),
            "LC_ALL": "C.UTF-8",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return [line.rstrip() for line in done.stdout.replace(str(folder), "~").splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_commands_print_what_the_page_shows(
    name: str, folder: Path, *, update_golden: bool
) -> None:
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    new, done = "", 0
    for example in examples(text):
        printed = run(example.command, folder)
        new += text[done : example.start]
        done = example.end
        if matches(example.output, printed):
            new += text[example.start : example.end]
        elif update_golden:
            new += "".join(f"{line}\n" for line in rewritten(example.output, printed))
        else:
            assert example.output == printed, f"{name}: $ {example.command}"
    if update_golden:
        path.write_text(new + text[done:], encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "docs/python.md", "docs/shacl.md"])
def test_python_examples_run(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv(CACHE_VARIABLE, str(folder / ".cache"))
    result = doctest.testfile(
        str(ROOT / name), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert result.attempted > 2
    assert result.failed == 0


def test_the_matching_of_outputs_can_fail() -> None:
    assert matches(["a", "...", "c"], ["a", "b", "b", "c"])
    assert matches(["a", "..."], ["a"])
    assert not matches(["a", "...", "c"], ["a", "b"])
    assert not matches(["a"], ["a", "b"])
    assert rewritten(["a", "...", "c", "d"], ["A", "b", "c", "e"]) == ["A", "...", "c", "e"]


# --- the command line ------------------------------------------------------------------------


def commands(command: Any = None, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command with its name, `genes update` for one of a group."""
    command = command or typer.main.get_command(app)
    if not hasattr(command, "list_commands"):
        yield name, command
        return
    context = typer.Context(command)
    for verb in command.list_commands(context):
        yield from commands(command.get_command(context, verb), f"{name} {verb}".strip())


COMMANDS = dict(commands())
# Those that have a page of their own, with the heading of their options there.
OWN_PAGE = {
    "query": ("query", "Options"),
    "queries": ("query", "`queries`"),
    "enrich": ("enrichment", "Options"),
    "serve": ("serve", "Options"),
    "mcp": ("mcp", "Options"),
    "load": ("load", "Options"),
    "site": ("site", "Options"),
    "diff": ("diff", "`diff`"),
    "stats": ("diff", "`stats`"),
    "patch-frontmatter": ("schema-org", "Options"),
    "fair": ("fair", "Options"),
}


def documented(name: str) -> str:
    """Return what the documentation says of a command."""
    if name in OWN_PAGE:
        page, heading = OWN_PAGE[name]
        return section((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), heading)
    return section((ROOT / USAGE).read_text(encoding="utf-8"), f"`{name}`")


def section(text: str, title: str) -> str:
    """Return the text below a heading, down to the next of its level or above."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.MULTILINE)
    assert found is not None, f"no section {title!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


@pytest.mark.parametrize("name", COMMANDS)
def test_usage_documents_every_option_and_no_other(name: str) -> None:
    text = documented(name)
    rows = re.findall(r"^\| (`-.+?) \| (.*?) \| (.+?) \|$", text, re.MULTILINE)
    options_of = {
        frozenset(re.findall(r"(?<=`)--?[a-z-]+", names)): default for names, default, _ in rows
    }
    options = [p for p in COMMANDS[name].params if p.param_type_name == "option"]
    assert set(options_of) == {
        frozenset((*p.opts, *p.secondary_opts)) for p in options if "--help" not in p.opts
    }
    for option in options:
        names = frozenset((*option.opts, *option.secondary_opts))
        value = option.get_default(typer.Context(COMMANDS[name]))
        if isinstance(value, str) and value:
            assert f"`{getattr(value, 'value', value)}`" in options_of[names] or "://" in value
        elif isinstance(value, int) and not isinstance(value, bool):
            assert options_of[names] == f"`{value}`"
    for argument in COMMANDS[name].params:
        if argument.param_type_name == "argument":
            assert all(word in text for word in re.findall(r"\w+", argument.metavar))


def test_usage_has_a_section_for_every_command_and_no_other() -> None:
    text = (ROOT / USAGE).read_text(encoding="utf-8")
    assert re.findall(r"^## `(.+)`$", text, re.MULTILINE) == [
        name for name in COMMANDS if name not in OWN_PAGE
    ]
    assert all(f"]({page}.md)" in text for page, _ in OWN_PAGE.values())


def test_the_readme_lists_every_command() -> None:
    text = section((ROOT / "README.md").read_text(encoding="utf-8"), "Commands")
    listed = re.findall(r"^\| `pfocr-rdf ([a-z-]+(?: [a-z]+)?)\b[^|]*` \|", text, re.MULTILINE)
    assert listed == list(COMMANDS)


def test_the_readme_names_targets_that_make_has() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    assert {"demo", "test"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def test_usage_states_the_exit_codes_of_all_errors() -> None:
    text = section((ROOT / USAGE).read_text(encoding="utf-8"), "Exit codes")
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert codes == {0, 1, 2, 3, 4, 130, 143}
    assert {error.exit_code for error in PfocrError.__subclasses__()} <= codes


def test_usage_describes_every_file_of_a_release(folder: Path) -> None:
    run("pfocr-rdf export seeds -o out", folder)
    text = section((ROOT / USAGE).read_text(encoding="utf-8"), "What a release holds")
    described = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    assert {path.name for path in (folder / "out").iterdir()} <= described


# --- all pages -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?://)([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), f"{name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {
                re.sub(r"[^a-z0-9_ -]", "", heading.lower()).replace(" ", "-")
                for heading in headings
            }
            assert anchor in slugs, f"{name}: {target}"


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_plain(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert not re.search("[\U0001f300-\U0001faff\u2728\u2705]", text), "no emoji"
    assert text.count("```") % 2 == 0
    assert "TODO" not in text


def pages_of(menu: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the pages of a menu, whose groups may hold groups."""
    for entry in menu:
        for pages in entry.values():
            yield from [pages] if isinstance(pages, str) else pages_of(pages)


def test_the_site_of_the_docs_can_be_built_and_loads_nothing_from_others(tmp_path: Path) -> None:
    options = ("build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site"))
    program = [sys.executable, "-m", "mkdocs", *options]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "site" / "search" / "search_index.json").read_bytes())["docs"]
    loaded = re.compile(r"<(?:script|img|iframe)[^>]* src=\"?([^\" >]+)|<link[^>]*stylesheet[^>]*>")
    for page in (tmp_path / "site").glob("*/index.html"):
        text = page.read_text(encoding="utf-8")
        for found in loaded.finditer(text):
            assert "//" not in found[0], (page, found[0])
        for target in re.findall(r'<a[^>]* href="([^":#]+)[#"]', text):
            assert (page.parent / target).exists(), (page, target)


def test_the_menu_has_every_page() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    listed = list(pages_of(config["nav"]))
    here = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert here <= set(listed)


def test_the_changelog_has_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(__version__)}\]? - ", text, re.MULTILINE)
