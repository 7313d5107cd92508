"""Where the entries of a block stand in a page's text, and how new ones are written there.

A page is edited as text, line by line, since a YAML library that wrote it anew would change
quotes, folds and comments everywhere. What is written looks as the pages do, which libyaml
wrote: two blanks a level, lists not indented, long text folded at 80 columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

import yaml

from pfocr_rdf.figures.read import body_span, with_stand_ins

_WIDTH: Final = 80
_NARROWEST: Final = 40
# Text that every YAML reader takes for text, Ruby's and those of YAML 1.2 too: it starts with a
# letter and is not one of their words for true, false and nothing.
_PLAIN: Final = re.compile(r"[^\W\d_].*", re.DOTALL)
_WORDS: Final = frozenset("y n yes no on off true false null".split())


class _Loader(yaml.CBaseLoader):
    """Makes nodes with their positions; what a scalar would stand for does not matter."""

    def resolve(self, *_: object) -> str:
        """Return the tag of text, without a look at the value."""
        return "tag:yaml.org,2002:str"


class LayoutError(Exception):
    """The block is laid out in a way that cannot be edited line by line; says how."""


class LayoutEntry(NamedTuple):
    """The lines of one key with its value: offsets in the page's text."""

    key: str
    start: int
    end: int


class BlockLayout(NamedTuple):
    """The entries of a block in order, how many blanks stand before each, and its line end."""

    entries: tuple[LayoutEntry, ...]
    indent: int
    newline: str


def find_block(text: str, name: str) -> BlockLayout:
    """Return where the entries of a top-level mapping stand.

    Args:
        text: A page that `parse_front_matter` has read.
        name: The key of the mapping.

    Raises:
        LayoutError: There is no such mapping, or not one key to a line.
    """
    start, end = body_span(text)
    body = with_stand_ins(text[start:end])
    # Nodes with their positions; no object is ever made of what the page says.
    try:
        root = yaml.compose(body, Loader=_Loader)
    except yaml.YAMLError as error:
        raise LayoutError("expected lines without control characters or twice-used anchors") from (
            error
        )
    found = [value for key, value in _pairs(root, "the page") if key.value == name]
    if len(found) != 1:
        raise LayoutError(f"expected the key once, found it {len(found)} times")
    pairs = _pairs(found[0], "the block")
    entries = [_entry(body, *pair) for pair in pairs]
    stops = [entry.start for entry in entries[1:]] + [len(body)]
    for entry, stop in zip(entries, stops, strict=True):
        if not entry.start < entry.end <= stop:
            raise LayoutError(f"{entry.key}: expected a value on lines of its own")
    if len({entry.key for entry in entries}) < len(entries):
        raise LayoutError("a key of the block stands twice")
    return BlockLayout(
        tuple(LayoutEntry(each.key, each.start + start, each.end + start) for each in entries),
        pairs[0][0].start_mark.column,
        "\r\n" if body[: entries[0].start].endswith("\r\n") else "\n",
    )


def rendered(entries: Mapping[str, object], layout: BlockLayout) -> str:
    r"""Return the lines of entries, to stand in a block.

    Args:
        entries: Of the block: text, True or False, and lists and mappings of them.
        layout: Of the block.

    Example:
        >>> print(rendered({"creator": {"@type": "Person", "name": "no"}}, BlockLayout((), 2, "\n")))
          creator:
            '@type': Person
            name: 'no'
    """
    if not entries:
        return ""
    width = max(_WIDTH - layout.indent, _NARROWEST)
    text = yaml.dump(
        dict(entries),
        Dumper=_Dumper,
        default_flow_style=False,
        allow_unicode=True,
        sort_keys=False,
        width=width,
    )
    margin = " " * layout.indent
    # Only "\n" parts lines here; other separators are written as escapes.
    lines = text.removesuffix("\n").split("\n")
    return "".join((margin + line if line else line) + layout.newline for line in lines)


class _Dumper(yaml.CSafeDumper):
    """Writes text so that no reader takes it for anything else."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - an equal value is written again
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else "'")


_Dumper.add_representer(str, _text)


def _pairs(node: yaml.Node | None, what: str) -> list[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise LayoutError(f"expected {what} to have each key on a line, found it otherwise")
    return cast("list[tuple[yaml.Node, yaml.Node]]", node.value)


def _entry(body: str, key: yaml.Node, value: yaml.Node) -> LayoutEntry:
    start = _line_start(body, key.start_mark.index)
    if body[start : key.start_mark.index].strip(" "):
        raise LayoutError(f"{key.value}: expected it first on its line")
    return LayoutEntry(key.value, start, _line_end(body, _content_end(value)))


def _content_end(value: yaml.Node) -> int:
    """Return where the last scalar of a value ends: a block collection ends later, in the next."""
    if not isinstance(value, yaml.CollectionNode) or value.flow_style or not value.value:
        return int(value.end_mark.index)
    last = value.value[-1]
    return _content_end(last[1] if isinstance(value, yaml.MappingNode) else last)


def _line_start(body: str, index: int) -> int:
    return body.rfind("\n", 0, index) + 1


def _line_end(body: str, index: int) -> int:
    if index and body[index - 1] == "\n":
        return index  # a literal block ends where the next line starts
    end = body.find("\n", index)
    return len(body) if end < 0 else end + 1
