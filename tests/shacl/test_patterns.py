"""sh:pattern: XPath regular expressions, where they differ from Python's and where not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.shacl import UnsupportedShapesError
from pfocr_rdf.shacl.patterns import category, compile_pattern

MATCHES = [
    ("^http://identifiers\\.org/ncbigene/[1-9][0-9]*$", "", "http://identifiers.org/ncbigene/8600"),
    ("joh", "i", "Hi JOH"),
    ("^PMC\\d+__.+\\.html$", "", "PMC1__a.html"),
    ("^\\d$", "", "\u0661"),
    ("^\\p{Lu}\\p{Ll}+$", "", "\u00c9t\u00e9"),
    ("^\\P{Lu}$", "", "a"),
    ("^\\w+$", "", "ab1"),
    ("^\\W$", "", "_"),
    ("^[\\w-]+$", "", "a-b"),
    ("^\\s\\S$", "", "\tx"),
    ("^\\i\\c*$", "", "a-b.c"),
    ("^[a-z-[aeiou]]+$", "", "bcd"),
    ("^[^a-z-[AEIOU]]$", "", "B"),
    ("^[\\p{L}-[a-z]]$", "", "A"),
    ("^[^\\s]+$", "", "abc"),
    ("^[\\S]+$", "", "abc"),
    ("^[\\]\\[]$", "", "["),
    ("^a{2}b{1,}c{0,2}$", "", "aabbb"),
    ("^(ab)\\1$", "", "abab"),
    ("^(?:a|b)+?$", "", "ab"),
    ("^a b$", "x", "ab"),
    ("^a[ ]b$", "x", "a b"),
    ("^b$", "m", "a\nb\nc"),
    ("a.b", "s", "a\nb"),
    ("^\\^\\$\\.\\-\\/\\{\\}\\(\\)\\|\\?\\*\\+\\\\$", "", "^$.-/{}()|?*+\\"),
    ("^\\n\\r\\t$", "", "\n\r\t"),
    ("^[a#&~|-]+$", "", "a#&~|-"),
    ("^\U0001f600$", "", "\U0001f600"),
    ("", "", "anything"),
]
MISSES = [
    ("^a$", "", "a\n"),
    ("^\\s$", "", "\u00a0"),
    ("^\\w$", "", "_"),
    ("^\\W$", "", "a"),
    ("^[\\w]$", "", "_"),
    ("a.b", "", "a\nb"),
    ("^[a-z-[aeiou]]$", "", "e"),
    ("^[a-c-[^b]]$", "", "a"),
    ("^\\p{Lu}$", "", "a"),
    ("^[^\\d]$", "", "7"),
    ("^\\C$", "", "a"),
    ("^\\I$", "", "a"),
    ("^\\D$", "", "1"),
    ("^$", "m", "a"),
]
REFUSED = [
    ("(?=a)b", "", r"\(\?= is not part"),
    ("(?<!a)b", "", r"\(\?< is not part"),
    ("(?i)a", "", r"\(\?i is not part"),
    ("a\\b", "", r"\\b is not part"),
    ("\\Aa\\Z", "", r"\\A is not part"),
    ("a{", "", "literal {"),
    ("a{,3}", "", "literal {"),
    ("a}", "", "literal }"),
    ("a]", "", "literal ]"),
    ("[a", "", "ends too early"),
    ("[a[b]]", "", "inside a class"),
    ("[z-a]", "", "backwards"),
    ("[a-\\s]", "", "backwards"),
    ("[a-z-[b]x]", "", "expected ]"),
    ("[a-z-[b]]", "i", "flag i"),
    ("\\p{Lu}", "i", "flag i"),
    ("\\p{Latin}", "", "general category"),
    ("\\pL", "", "general category"),
    ("a++", "", "nothing to repeat"),
    ("*a", "", "nothing to repeat"),
    ("^*", "", "nothing to repeat"),
    ("(a", "", "sh:pattern"),
    ("a)", "", "sh:pattern"),
    ("a\\", "", "ends too early"),
    ("\\1", "", "sh:pattern"),
    ("a{99999999999999}", "", "sh:pattern"),
    ("a", "q", "sh:flags"),
]


@pytest.mark.parametrize(("pattern", "flags", "text"), MATCHES)
def test_matches(pattern: str, flags: str, text: str) -> None:
    """Found in the text."""
    assert compile_pattern(pattern, flags).search(text)


@pytest.mark.parametrize(("pattern", "flags", "text"), MISSES)
def test_does_not_match(pattern: str, flags: str, text: str) -> None:
    """Not found, though Python's own reading would often find it."""
    assert not compile_pattern(pattern, flags).search(text)


@pytest.mark.parametrize(("pattern", "flags", "message"), REFUSED)
def test_refused(pattern: str, flags: str, message: str) -> None:
    """What XPath does not have is refused, not guessed."""
    with pytest.raises(UnsupportedShapesError, match=message):
        compile_pattern(pattern, flags)


@given(st.text(), st.text())
def test_an_escaped_text_finds_itself(text: str, around: str) -> None:
    """A text with all special characters escaped is a pattern for that text only."""
    pattern = "".join(f"\\{c}" if c in "\\|.?*+(){}-[]^$" else c for c in text)
    found = compile_pattern(f"^{pattern}$")
    assert found.search(text)
    assert bool(found.search(text + around)) == (around == "")


@pytest.mark.whole
def test_categories_are_disjoint_and_complete() -> None:
    """The seven general categories share out all characters."""
    letters = [category(name) for name in "LMNPZSC"]
    assert sum(high - low + 1 for ranges in letters for low, high in ranges) == 0x110000
    assert any(low <= ord("Q") <= high for low, high in category("Lu"))
