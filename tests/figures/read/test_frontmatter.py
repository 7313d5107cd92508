"""Front matter is text: nothing YAML could make of a word is made of it, and no page is a trap."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.figures.read import frontmatter
from pfocr_rdf.figures.read.frontmatter import FrontMatter, leaves, parse_front_matter
from tests.support.pathway_pages import base_tree, walk
from tests.support.places import ROOT
from tests.support.samples import Sample


def page(body: str) -> str:
    return f"---\n{body}\n---\n"


def parse(body: str) -> FrontMatter:
    return parse_front_matter(page(body), "p.md")


def only_reason(read: FrontMatter) -> str:
    """Return why a page was refused; it must say so once, and count nothing."""
    assert read.fields is None
    assert (read.leaves, read.dropped) == (0, 0)
    (finding,) = read.findings
    assert finding.code == "front-matter-malformed"
    return finding.detail


@pytest.mark.parametrize(
    "word",
    ["NO", "no", "ON", "off", "y", "true", "08", "0o7", "0x1F", "1e3", "12:30", "2001-12-01",
     ".inf", ".nan", "1_000", "-1", "+.5", "=", "<<", "Na", "na", "NA", ".na.character"],
)  # fmt: skip
def test_every_plain_word_stays_the_text_it_is(word: str) -> None:
    assert parse(f"a: {word}\nb: [{word}]\n{word}: c").fields == {"a": word, "b": [word], word: "c"}


@pytest.mark.parametrize("null", ["", "~", "null", "Null", "NULL"])
def test_a_plain_null_is_no_text_and_a_quoted_one_is(null: str) -> None:
    assert parse(f"a: {null}\nb: '{null}'").fields == {"a": None, "b": null}
    assert parse(f"a: {null}").leaves == 1


@pytest.mark.parametrize("tag", ["!!int", "!!binary", "!!python/object:os.system", "!ours"])
def test_tags_make_nothing(tag: str) -> None:
    assert parse(f"a: {tag} '7'").fields == {"a": "7"}
    assert parse(f"a: {tag} [x]").fields == {"a": ["x"]}


def test_block_scalars_and_folded_lines_are_read_as_yaml_has_them() -> None:
    body = "a: |\n  one\n  two\nb: >-\n  three\n  four\nc: five\n  six"
    assert parse(body).fields == {"a": "one\ntwo\n", "b": "three four", "c": "five six"}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_byte_order_mark_line_ends_and_last_newline(mark: str, end: str, last: bool) -> None:
    text = mark + end.join(["---", "a: b", "c: d", "", "---"]) + end * last
    assert parse_front_matter(text, "p.md").fields == {"a": "b", "c": "d"}


def test_blanks_after_the_fences_and_dots_as_the_last_are_accepted() -> None:
    assert parse_front_matter("\n--- \na: b\n... \n\n", "p.md").fields == {"a": "b"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "first line"),
        ("a: b\n", "first line"),
        ("text\n---\na: b\n---\n", "first line"),
        ("...\na: b\n---\n", "first line"),
        ("---\na: b\n", "closing"),
        ("---\n---\n", "empty"),
        ("---\n\n---\n", "empty"),
        ("---\n- a\n- b\n---\n", "mapping"),
        ("---\njust text\n---\n", "mapping"),
        ("---\na: b: c\n---\n", "line 2: mapping values"),
        ("---\na: 'b\n---\n", "line "),
        ("---\na: b\n\tc: d\n---\n", "line 3"),
        ("---\n? [a]\n: b\n---\n", "key is not text"),
        ("---\na: *b\n---\n", "alias *b is not defined"),
        ("---\na: &b [*b]\n---\n", "alias *b is not defined"),
        ("---\na: b\n--- c\nd: e\n---\n", "more than one YAML document"),
        ("---\na: \"\\ud800\"\n---\n", "line 2"),
        ("---\na: \ufffe\n---\n", "control characters"),
        ("---\na: \x01\U000f0001\n---\n", "private-use"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert reason in only_reason(parse_front_matter(text, "p.md"))


def test_line_numbers_are_those_of_the_file() -> None:
    text = "---\na: b\nc: 'd' e\n---\n"
    assert only_reason(parse_front_matter(text, "p.md")).startswith("line 3: ")


def test_duplicate_keys_are_reported_and_the_last_stands() -> None:
    read = parse("a: 1\na: [2, 3]\nb: {c: 4, c: 5}\na: 6")
    assert read.fields == {"a": "6", "b": {"c": "5"}}
    assert [(f.code, f.field) for f in read.findings] == [
        ("duplicate-key", "a"), ("duplicate-key", "b.c"), ("duplicate-key", "a"),
    ]  # fmt: skip
    assert (read.leaves, read.dropped) == (6, 4)


def test_what_a_duplicate_key_dropped_does_not_come_again_with_an_alias() -> None:
    read = parse("a: &x {b: 1, b: 2}\nc: *x\nd: &y [*x, {e: 1, e: 2}]\nf: *y")
    assert read.fields is not None
    assert read.leaves - read.dropped == len(leaves(read.fields))


def test_aliases_are_resolved_and_count_every_time() -> None:
    read = parse("a: &x [1, 2]\nb: *x\nc: &y NO\nd: *y\ne: &z\nf: *z\ng: &w []\nh: *w")
    assert read.fields == {
        "a": ["1", "2"], "b": ["1", "2"], "c": "NO", "d": "NO", "e": None, "f": None,
        "g": [], "h": [],
    }  # fmt: skip
    assert read.leaves == 10


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    started = time.process_time()
    assert "leaves" in only_reason(parse("\n".join(lines)))
    assert time.process_time() - started < 1


def test_aliases_do_not_nest_deeper_than_the_text_may() -> None:
    chain = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 3000)]
    assert "nested deeper" in only_reason(parse("\n".join(chain)))


def test_depth_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    deepest = frontmatter.MAX_DEPTH - 1  # the page itself is one level
    assert parse("a: " + "[" * deepest + "]" * deepest).fields is not None
    for text in ("[" * (deepest + 1) + "]" * (deepest + 1), "[" * 100_000):
        assert "nested deeper" in only_reason(parse(f"a: {text}"))
    chain = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, deepest)]
    assert parse("\n".join(chain)).fields is not None
    assert "nested deeper" in only_reason(parse("\n".join([*chain, f"b: [*a{deepest - 1}]"])))
    # Siblings do not add up.
    flat = "\n".join(f"a{i}: &a{i} {'[' * deepest}{']' * deepest}" for i in range(5))
    assert parse(flat).fields is not None
    assert parse("a: &a [[[x]], y]\nb: [[*a], &c [y], *c]").fields is not None


def test_size_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontmatter, "MAX_CHARACTERS", 100)
    assert parse("a: " + "x" * 85).fields is not None
    assert "more than 100" in only_reason(parse("a: " + "x" * 95))
    monkeypatch.setattr(frontmatter, "MAX_LEAVES", 3)
    assert parse("a: [x, y, z]").fields is not None
    assert "more than 3 leaves" in only_reason(parse("a: [x, y, z, []]"))


def test_text_below_the_front_matter_costs_nothing() -> None:
    text = "---\na: b\n---\n\n# A heading\n---\nmore\n"
    read = parse_front_matter(text, "p.md")
    assert (read.fields, read.leaves, read.text_below) == ({"a": "b"}, 1, True)
    assert [(f.code, f.value, f.detail) for f in read.findings] == [
        ("text-below-front-matter", "# A heading", "3 lines")
    ]
    assert not parse_front_matter("\ufeff---\r\na: b\r\n--- \r\n \r\n\t\n", "p.md").text_below


@pytest.mark.parametrize("text", ["a\u2028b", "a\u2029b", "a b\u2028c d", "\u2028a"])
@pytest.mark.parametrize("style", ["'", '"'])
def test_what_libyaml_wrote_with_other_line_breaks_is_read_as_it_was(text: str, style: str) -> None:
    written = yaml.dump(
        {"caption": text}, Dumper=yaml.CSafeDumper, allow_unicode=True, default_style=style
    )
    expected = yaml.load(written, Loader=yaml.CBaseLoader)
    read = parse(written)
    assert read.fields == expected == {"caption": text}


def test_a_next_line_in_quotes_is_the_blank_that_yaml_folds_it_to() -> None:
    read = parse("a: 'x \x85  y'\nb: z")
    assert read.fields == {"a": "x y", "b": "z"}
    assert [(f.code, f.value) for f in read.findings] == [("control-character", "U+0085")]


def test_a_line_break_that_would_cost_the_page_is_text() -> None:
    read = parse("a: x\u2028y\x01\nb: 'c\x85  d'")
    assert read.fields == {"a": "x\u2028y\x01", "b": "c\x85  d"}


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\x80", "\x85",
                                       "\x9f", "\u2028", "\u2029"])  # fmt: skip
def test_stray_control_characters_stay_where_they_are(character: str) -> None:
    read = parse(f"a: x{character}y\nb{character}: [z]")
    assert read.fields == {"a": f"x{character}y", f"b{character}": ["z"]}
    assert [(f.code, f.value) for f in read.findings] == [
        ("control-character", f"U+{ord(character):04X}")
    ]


def test_nul_is_removed_however_it_is_written() -> None:
    for body in ("a: x\0y", r'a: "x\0y"', r'a: "x\x00y"', r'"a\0": xy'):
        assert parse(body).fields == {"a": "xy"}, body
    assert parse("a: x\0y").findings[0].value == "U+0000"
    (finding,) = parse(r'a: {b: "\0"}').findings
    assert (finding.code, finding.field, finding.value) == ("control-character", "a.b", "U+0000")


def test_leaves_name_every_scalar_and_every_empty_container() -> None:
    read = parse("a: {b: [x, [], {}], c: ~}\nd: ''\ne: []")
    assert read.fields is not None
    assert leaves(read.fields) == [
        ("a.b[0]", "x"), ("a.b[1]", None), ("a.b[2]", None), ("a.c", None), ("d", ""), ("e", None),
    ]  # fmt: skip
    assert read.leaves == 6
    assert leaves({}) == [("", None)]
    assert parse("{}").leaves == 1


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
_TREES = st.dictionaries(
    _TEXT, st.recursive(_TEXT, lambda t: st.lists(t, max_size=3) | st.dictionaries(_TEXT, t, max_size=3),
                        max_leaves=8), min_size=1, max_size=4,
)  # fmt: skip


@given(_TREES)
def test_any_tree_of_text_that_yaml_can_write_is_read_back(tree: dict[str, object]) -> None:
    body = yaml.safe_dump(tree)
    read = parse_front_matter(f"---\n{body}---\n", "p.md")
    assert read.fields == tree
    assert read.leaves == len(leaves(read.fields))


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_no_text_is_an_exception(text: str) -> None:
    for whole in (text, f"---\n{text}\n---\n"):
        read = parse_front_matter(whole, "p.md")
        if read.fields is None:
            assert only_reason(read)
        else:
            assert read.leaves - read.dropped == len(leaves(read.fields))


def test_real_pages_read_as_pyyaml_reads_them(sample: Sample) -> None:
    folder = sample.pages
    pages = [*folder.glob("_figures/*"), *folder.glob("_organisms/*"), *folder.glob("old/*"),
             *_SEEDS.iterdir()]  # fmt: skip
    assert len(pages) == 28
    for path in pages:
        text = path.read_text()
        read = parse_front_matter(text, path.name)
        assert read.findings == ()
        assert read.fields is not None
        ours = [(where, value or "") for where, value in leaves(read.fields)]
        assert ours == list(walk(base_tree(text))), path.name


_SEEDS = ROOT / "seeds"
_BITS = st.sampled_from(
    ["\n", "\n  ", " ", ": ", "- ", "\n- ", "'", '"', "''", "#", " # ", "&a ", "*a", "!!int ", "|\n",
     ">-\n", "[", "]", "{", "}", ", ", "\\", "\\n", "? ", "%", "@", "`", "~", "é", "α", "null", "\t"]
)  # fmt: skip


# No mapping at all, a key that is an alias, an alias inside of what it names.
_STRICTER = ("expected a mapping", "the front matter is empty", "key is not text", "not defined")


def pyyaml(body: str) -> list[Any]:
    """Return what PyYAML's own reader and its libyaml read, those that do not refuse the text.

    Neither accepts all that the other does: libyaml takes a tab in a word, and not all escapes.
    """
    trees = []
    for loader in (yaml.BaseLoader, yaml.CBaseLoader):
        with contextlib.suppress(yaml.YAMLError, TypeError):  # TypeError: a key is a list
            trees.append(yaml.load(body, Loader=loader))
    return trees


@st.composite
def _mutated_pages(draw: st.DrawFn) -> str:
    """A real front matter in which some places have become something else."""
    body = draw(st.sampled_from(sorted(_SEEDS.iterdir()))).read_text().removeprefix("---\n")
    body = body[: body.rindex("\n---") + 1]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 3)))
        body = body[:start] + draw(_BITS) + body[end:]
    return body


@given(_mutated_pages())
def test_mutated_pages_read_as_pyyaml_reads_them(body: str) -> None:
    """Read whatever is YAML as PyYAML does, and refuse the rest."""
    read = parse(body)
    expected = pyyaml(body)
    if read.fields is None:
        assert len(expected) < 2 or any(rule in only_reason(read) for rule in _STRICTER)
    else:
        ours = [(where, value or "") for where, value in leaves(read.fields)]
        assert expected
        assert all(ours == list(walk(tree)) for tree in expected)
