r"""XPath regular expressions (sh:pattern) as Python ones, or a refusal by name.

The two dialects look alike and differ quietly: Python's `$` also matches before a final
newline, its `\s` and `\w` are wider, and it lacks `\p{L}`, `\i`, `\c` and subtraction of
classes. Each construct is translated to one that means the same, or refused.

Source: https://www.w3.org/TR/xpath-functions/#regex-syntax,
https://www.w3.org/TR/xmlschema-2/#regexs
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from pfocr_rdf.shacl.unsupported import UnsupportedShapesError

Ranges = tuple[tuple[int, int], ...]
"""A set of characters as sorted, disjoint (first, last) code points."""

_SPACE: Ranges = ((9, 10), (13, 13), (32, 32))
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??")
_INITIAL: Ranges = (
    *((58, 58), (65, 90), (95, 95), (97, 122), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF)),
    *((0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F)),
    *((0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD)),
    (0x10000, 0xEFFFF),
)
_NAME: Ranges = ((45, 46), (48, 57), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))


@lru_cache(maxsize=256)  # shapes repeat their patterns, and the same shapes are compiled again
def compile_pattern(pattern: str, flags: str = "") -> re.Pattern[str]:
    """Return the Python pattern whose `search` is SPARQL's REGEX.

    Args:
        pattern: An XPath 2.0 regular expression; `(?:...)` of XPath 3 is taken as well.
        flags: Letters of `simx`, as sh:flags has them.

    Raises:
        UnsupportedShapesError: The expression is not one, or says what Python cannot.
    """
    unknown = sorted(set(flags) - set("simx"))
    if unknown:
        raise UnsupportedShapesError(f'sh:flags: expected letters of "simx", found "{flags}"')
    python = _Translator(pattern, flags).translate()
    options = re.IGNORECASE if "i" in flags else re.NOFLAG
    if "s" in flags:
        options |= re.DOTALL
    try:
        return re.compile(python, options)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnsupportedShapesError(f'sh:pattern "{pattern}": {error}') from error


class _Translator:
    """One walk over the pattern, left to right; `position` is the next character."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.ignore_case = "i" in flags
        self.multiline = "m" in flags
        self.extended = "x" in flags

    def fail(self, what: str) -> UnsupportedShapesError:
        return UnsupportedShapesError(f'sh:pattern "{self.pattern}": {what}')

    def peek(self, ahead: int = 0) -> str:
        at = self.position + ahead
        return self.pattern[at] if at < len(self.pattern) else ""

    def take(self) -> str:
        if self.position >= len(self.pattern):
            raise self.fail("it ends too early")
        self.position += 1
        return self.pattern[self.position - 1]

    def translate(self) -> str:
        written: list[str] = []
        can_repeat = False
        while self.position < len(self.pattern):
            if self.extended and self.peek() in " \t\n\r":
                self.take()
                continue
            if self.peek() in "*+?{":
                if not can_repeat:
                    raise self.fail(f"nothing to repeat before {self.peek()}")
                written.append(self.quantifier())
                can_repeat = False
                continue
            piece, can_repeat = self.atom()
            written.append(piece)
        return "".join(written)

    def quantifier(self) -> str:
        match = _QUANTIFIER.match(self.pattern, self.position)
        if match is None:
            raise self.fail(r"a literal { must be written \{")
        self.position = match.end()
        return match.group()

    def atom(self) -> tuple[str, bool]:
        """Return the next construct in Python's notation, and whether it may be repeated."""
        character = self.take()
        match character:
            case "^":
                return (r"(?:\A|(?<=\n)(?!\Z))" if self.multiline else r"\A"), False
            case "$":
                return (r"(?=\n|\Z)" if self.multiline else r"\Z"), False
            case "(":
                return self.group(), False
            case ")":
                return ")", True
            case "|":
                return "|", False
            case ".":
                return ".", True
            case "[":
                return self.character_class(), True
            case "]" | "}":
                raise self.fail(rf"a literal {character} must be written \{character}")
            case "\\":
                return self.escape(), True
        return re.escape(character), True

    def group(self) -> str:
        if self.peek() != "?":
            return "("
        if self.peek(1) != ":":
            raise self.fail(f"(?{self.peek(1)} is not part of XPath's regular expressions")
        self.position += 2
        return "(?:"

    def escape(self) -> str:
        if self.peek() in tuple("123456789"):
            return f"(?:\\{self.take()})"
        if self.peek() in ("d", "D"):
            return f"\\{self.take()}"  # the same in both dialects: \p{Nd}
        return self.rendered(*self.class_escape())

    def class_escape(self) -> tuple[Ranges, bool]:
        """Return the characters an escape stands for, and whether all others are meant."""
        letter = self.take()
        if letter in _SINGLE:
            return _one(_SINGLE[letter]), False
        if letter in "sS":
            return _SPACE, letter == "S"
        if letter in "dDwWpP":
            if self.ignore_case and letter in "pP":
                raise self.fail(rf"\{letter} together with the flag i")
            if letter in "dD":
                return category("Nd"), letter == "D"
            if letter in "wW":
                return category("P", "Z", "C"), letter == "w"
            return self.property_name(), letter == "P"
        if letter in "iI":
            return _INITIAL, letter == "I"
        if letter in "cC":
            return _union((*_INITIAL, *_NAME)), letter == "C"
        if letter.isalnum() or letter.isspace():
            raise self.fail(rf"\{letter} is not part of XPath's regular expressions")
        return _one(letter), False

    def property_name(self) -> Ranges:
        end = self.pattern.find("}", self.position)
        name = self.pattern[self.position + 1 : end]
        if self.peek() != "{" or end < 0 or re.fullmatch("[LMNPZSC][a-z]?", name) is None:
            raise self.fail(r"expected a general category as in \p{Lu}")
        self.position = end + 1
        return category(name)

    def character_class(self) -> str:
        ranges, negated = self.class_members()
        return self.rendered(ranges, negated)

    def class_members(self) -> tuple[Ranges, bool]:
        """Read up to the closing bracket; the opening one is taken already."""
        negated = self.peek() == "^"
        if negated:
            self.take()
        members: list[tuple[int, int]] = []
        first = True
        while first or self.peek() != "]":
            if self.peek() == "-" and self.peek(1) == "[":
                self.position += 2
                return self.subtracted(_union(members), negated), False
            members += self.member()
            first = False
        self.take()
        return _union(members), negated

    def member(self) -> Ranges:
        low = self.class_character()
        if isinstance(low, tuple):
            return low
        if self.peek() == "-" and self.peek(1) not in ("]", "["):
            self.take()
            high = self.class_character()
            if isinstance(high, tuple) or high < low:
                raise self.fail("a range of characters that goes backwards")
            return ((ord(low), ord(high)),)
        return _one(low)

    def class_character(self) -> str | Ranges:
        character = self.take()
        if character in "[]":
            raise self.fail(rf"inside a class a literal {character} must be written \{character}")
        if character != "\\":
            return character
        ranges, negated = self.class_escape()
        if negated:
            return _complement(ranges)
        single = len(ranges) == 1 and ranges[0][0] == ranges[0][1]
        return chr(ranges[0][0]) if single else ranges

    def subtracted(self, ranges: Ranges, negated: bool) -> Ranges:
        if self.ignore_case:
            raise self.fail("a class minus a class together with the flag i")
        inner, inner_negated = self.class_members()
        if self.take() != "]":
            raise self.fail("expected ] after a class that is subtracted")
        kept = _complement(ranges) if negated else ranges
        removed = inner if inner_negated else _complement(inner)
        # A without B is the complement of (not A, or B); `removed` is "not B".
        return _complement(_union((*_complement(kept), *_complement(removed))))

    def rendered(self, ranges: Ranges, negated: bool) -> str:
        if not negated and len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
            return re.escape(chr(ranges[0][0]))
        if not ranges:
            return "(?s:.)" if negated else r"(?!)"
        body = "".join(
            _code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in ranges
        )
        return f"[^{body}]" if negated else f"[{body}]"


def _code(point: int) -> str:
    character = chr(point)
    return character if character.isascii() and character.isalnum() else f"\\U{point:08x}"


def _one(character: str) -> Ranges:
    return ((ord(character), ord(character)),)


def _union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _complement(ranges: Ranges) -> Ranges:
    kept: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if start < low:
            kept.append((start, low - 1))
        start = high + 1
    if start <= sys.maxunicode:
        kept.append((start, sys.maxunicode))
    return tuple(kept)


@cache
def category(*names: str) -> Ranges:
    """Return the characters of general categories such as "Lu" or, for all of L, "L"."""
    found: list[tuple[int, int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)).startswith(names):
            if found and found[-1][1] == point - 1:
                found[-1] = (found[-1][0], point)
            else:
                found.append((point, point))
    return tuple(found)
