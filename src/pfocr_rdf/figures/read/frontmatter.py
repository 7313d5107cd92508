"""Text of a page -> its front matter, as text only.

YAML's types are the trap: `NO` is a gene symbol, `08` a number, `2001-12-01` a word. So
values are built straight from libyaml's events: a scalar is a `str`, a null is None, and
nothing else is ever made of it. Limits keep a hostile page from costing more than a bad one.

Source: design/input.md; YAML 1.1, https://yaml.org/spec/1.1/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple, cast

import yaml

from pfocr_rdf.findings import Finding

Value = str | None | list["Value"] | dict[str, "Value"]

MAX_CHARACTERS: Final = 8_000_000
"""The largest page read; the largest real one has 140,000 characters."""
MAX_DEPTH: Final = 12
"""How deep mappings and lists may nest; real pages have 3 levels."""
MAX_LEAVES: Final = 500_000
"""How many leaves a page may have, aliases counted as often as they are used."""

# libyaml, which every wheel of PyYAML carries: 14 times faster, and stricter about escapes.
_Loader = yaml.CBaseLoader
_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# What YAML refuses. Each is parsed as a private-use character and put back afterwards, so that
# one stray byte does not cost a page. So are its other line breaks, but only where the page is
# no YAML with them: libyaml wrote these pages, and folds and indents text at such a break.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_NUL_ESCAPE = re.compile(r"\\(?:0|x00|u0000|U00000000)")
_STAND_IN = 0xF0000
_STAND_INS = re.compile(f"[{chr(_STAND_IN)}-{chr(_STAND_IN + 0x2029)}]")


class FrontMatter(NamedTuple):
    """A page's mapping, how many leaves it has, and what was odd about it.

    `text_below` says that text follows the front matter, of which nothing is read.

    A leaf is a scalar, or an empty list or mapping; `dropped` of the `leaves` are gone from
    `fields` because their key stood again. `fields` is None when the page cannot be read;
    the findings then hold the `front-matter-malformed` that says why.
    """

    fields: dict[str, Value] | None
    leaves: int
    dropped: int
    findings: tuple[Finding, ...]
    text_below: bool = False


class _Anchored(NamedTuple):
    """A value that aliases may repeat, how many leaves it has, and how many levels."""

    value: Value
    leaves: int
    levels: int


class _MalformedError(Exception):
    """Carries the reason from inside the event loop to `parse_front_matter`."""


def parse_front_matter(text: str, file: str) -> FrontMatter:
    r"""Return the mapping between the two `---` lines of a page.

    Args:
        text: The whole page. A byte order mark and CRLF line ends are accepted, and text below
            the front matter, which Jekyll would show.
        file: The name that findings carry.

    Example:
        >>> parse_front_matter("---\nsymbol: NO\nyear: 08\n---\n", "page.md").fields
        {'symbol': 'NO', 'year': '08'}
    """
    try:
        start, end = body_span(text)
        body = text[start:end]
        findings: list[Finding] = []
        odd = set(_CONTROL.findall(body))
        if odd:
            if _STAND_INS.search(body):
                raise _MalformedError("control characters beside private-use characters")
            shown = ", ".join(sorted(f"U+{ord(c):04X}" for c in odd))
            findings.append(Finding("control-character", file, "", shown))
        builder, fields = _read(body.replace("\x00", ""), file, odd)
        lines = _below(text, end)
        if lines:
            findings.append(Finding("text-below-front-matter", file, "", lines[0], _many(lines)))
    except _MalformedError as reason:
        return FrontMatter(
            None, 0, 0, (Finding("front-matter-malformed", file, "", "", str(reason)),)
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # The first fence is line 1 of the file, and marks count from 0.
        where = f"line {mark.line + 2}: " if mark is not None else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        return FrontMatter(
            None, 0, 0, (Finding("front-matter-malformed", file, "", "", f"{where}{problem}"),)
        )
    return FrontMatter(
        fields, builder.leaves, builder.dropped, (*findings, *builder.findings), bool(lines)
    )


def _read(body: str, file: str, odd: set[str]) -> tuple[_Builder, dict[str, Value]]:
    """Return the mapping of a body that holds characters YAML refuses, or breaks a line at."""
    if not all(_REFUSED.match(character) for character in odd):
        try:
            builder = _Builder(with_stand_ins(body, _REFUSED), file, restore=True)
            return builder, builder.document()
        except (_MalformedError, yaml.YAMLError):
            pass  # it is no YAML with its breaks: they are text like any other
    builder = _Builder(with_stand_ins(body) if odd else body, file, restore=bool(odd))
    return builder, builder.document()


def _below(text: str, end: int) -> list[str]:
    """Return the lines that say something below the closing fence, which starts at `end`."""
    closing = _FENCE.match(text, end)
    assert closing is not None, "body_span has found it there"
    below = text[closing.end() :]
    return [stripped for line in below.split("\n") if (stripped := line.strip())]


def _many(lines: list[str]) -> str:
    return "1 line" if len(lines) == 1 else f"{len(lines)} lines"


def body_span(text: str) -> tuple[int, int]:
    """Return where in a page its YAML starts and ends, without the `---` lines.

    What is between the second of them and the end of the page is no part of it.

    Raises nothing for a page that `parse_front_matter` has read.
    """
    if text.startswith("\ufeff"):
        start, end = body_span(text[1:])
        return start + 1, end + 1
    if len(text) > MAX_CHARACTERS:
        raise _MalformedError(f"{len(text)} characters, more than {MAX_CHARACTERS}")
    opening = _FENCE.search(text)
    if opening is None or text[: opening.start()].strip() or opening[0].startswith("."):
        raise _MalformedError("expected `---` as the first line")
    closing = _FENCE.search(text, opening.end())
    if closing is None:
        raise _MalformedError("the closing `---` is missing (is the file cut off?)")
    return opening.end() + 1, closing.start()


def with_stand_ins(body: str, of: re.Pattern[str] = _CONTROL) -> str:
    """Return YAML with a private-use character in place of each that YAML refuses.

    Args:
        body: The YAML of a page.
        of: Which characters; all that it refuses or takes for a line break.
    """
    return of.sub(lambda m: chr(_STAND_IN + ord(m[0])), body)


class _Builder:
    """Builds the mapping from libyaml's events; one use, one page."""

    def __init__(self, text: str, file: str, *, restore: bool) -> None:
        # Never None before the stream's end, after which it is not asked again.
        self.next_event = cast("Callable[[], yaml.Event]", _Loader(text).get_event)
        self.file = file
        self.restore = restore
        # Whether a scalar may be other than libyaml gives it; nearly no page has one.
        self.careful = restore or _NUL_ESCAPE.search(text) is not None
        self.leaves = 0
        self.dropped = 0
        self.deepest = 0
        self.findings: list[Finding] = []
        self.anchors: dict[str, _Anchored] = {}

    def document(self) -> dict[str, Value]:
        self.next_event()  # stream start
        if not isinstance(self.next_event(), yaml.DocumentStartEvent):
            raise _MalformedError("the front matter is empty")
        value = self.value(self.next_event(), "", 0)
        self.next_event()  # document end
        if not isinstance(self.next_event(), yaml.StreamEndEvent):
            raise _MalformedError("more than one YAML document")
        if not isinstance(value, dict):
            raise _MalformedError("expected a mapping of fields")
        return value

    def value(self, event: yaml.Event, path: str, depth: int) -> Value:
        if type(event) is yaml.ScalarEvent:
            self.count(1)
            value: Value = self.scalar(event, path)
            if event.anchor:
                self.anchors[event.anchor] = _Anchored(value, 1, 0)
            return value
        if type(event) is yaml.AliasEvent:
            if event.anchor not in self.anchors:
                raise _MalformedError(f"{path or 'the page'}: alias *{event.anchor} is not defined")
            value, count, levels = self.anchors[event.anchor]
            self.count(count)
            self.deepen(depth + levels, path)
            return value
        self.deepen(depth + 1, path)
        before = self.leaves - self.dropped
        above, self.deepest = self.deepest, depth + 1
        assert isinstance(event, yaml.CollectionStartEvent), "libyaml closes what it opens"
        if type(event) is yaml.MappingStartEvent:
            value = self.mapping(path, depth + 1)
        else:
            value = self.sequence(path, depth + 1)
        if not value:
            self.count(1)
        if event.anchor:
            # What duplicate keys have dropped inside does not come again with an alias.
            count = self.leaves - self.dropped - before
            self.anchors[event.anchor] = _Anchored(value, count, self.deepest - depth)
        self.deepest = max(self.deepest, above)
        return value

    def deepen(self, depth: int, path: str) -> None:
        # Aliases can nest deeper than the text does, and what walks a value is recursive.
        if depth > MAX_DEPTH:
            raise _MalformedError(f"{path}: nested deeper than {MAX_DEPTH} levels")
        self.deepest = max(self.deepest, depth)

    def plain(self, event: yaml.ScalarEvent) -> str | None:
        """Return a scalar as nearly all are, without asking what it might be else."""
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            self.count(0)
        text: str = event.value
        return None if text in _NULLS and event.implicit[0] else text

    def scalar(self, event: yaml.ScalarEvent, path: str) -> str | None:
        text: str = event.value
        if text in _NULLS and event.implicit[0]:
            return None
        if "\0" in text:  # written as an escape, or it would be gone by now
            self.findings.append(Finding("control-character", self.file, path, "U+0000"))
            text = text.replace("\0", "")
        return self.restored(text)

    def restored(self, text: str) -> str:
        if not self.restore:
            return text
        return _STAND_INS.sub(lambda m: chr(ord(m[0]) - _STAND_IN), text)

    def mapping(self, path: str, depth: int) -> dict[str, Value]:
        out: dict[str, Value] = {}
        event = self.next_event()
        while type(event) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise _MalformedError(f"{path or 'the page'}: a key is not text")
            key: str = event.value
            if self.careful:
                key = self.restored(key.replace("\0", ""))
            given = self.next_event()
            if type(given) is yaml.ScalarEvent and not (self.careful or given.anchor):
                value: Value = self.plain(given)
            else:
                value = self.value(given, f"{path}.{key}" if path else key, depth)
            if key in out:
                self.dropped += len(leaves(out[key]))
                where = f"{path}.{key}" if path else key
                self.findings.append(Finding("duplicate-key", self.file, where))
            out[key] = value
            event = self.next_event()
        return out

    def sequence(self, path: str, depth: int) -> list[Value]:
        out: list[Value] = []
        event = self.next_event()
        while type(event) is not yaml.SequenceEndEvent:
            if type(event) is yaml.ScalarEvent and not (self.careful or event.anchor):
                out.append(self.plain(event))
            else:
                out.append(self.value(event, f"{path}[{len(out)}]", depth))
            event = self.next_event()
        return out

    def count(self, leaves: int) -> None:
        self.leaves += leaves
        if self.leaves > MAX_LEAVES:
            raise _MalformedError(f"more than {MAX_LEAVES} leaves")


def leaves(value: Value, path: str = "") -> list[tuple[str, str | None]]:
    """Return every leaf of a value with its path, in order; empty containers as None.

    Example:
        >>> leaves({"a": ["x", "y"], "b": []})
        [('a[0]', 'x'), ('a[1]', 'y'), ('b', None)]
    """
    if isinstance(value, dict) and value:
        return [
            leaf
            for key, inner in value.items()
            for leaf in leaves(inner, f"{path}.{key}" if path else key)
        ]
    if isinstance(value, list) and value:
        return [leaf for i, inner in enumerate(value) for leaf in leaves(inner, f"{path}[{i}]")]
    return [(path, value if isinstance(value, str) else None)]
