r"""What the text of a SPARQL query says, without running it.

`service_endpoints` guards a public endpoint against being sent elsewhere, so it must see
every SERVICE that Oxigraph's parser would. That parser has no tokens: it takes
`trueSERVICE<x:y>{}` for a literal and a clause, and may end a string or an IRI in several
places. So every way of reading is followed at once, each position of the text visited once;
what is a clause in any of them counts. The price is a rare false alarm, never a miss. A text
made to be read in very many ways counts as one that has a clause with an unknown endpoint.

Source: SPARQL 1.1, https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SPACE: Final = r"(?:[\s]|#[^\n\r]*+)*+"
_IRI: Final = r"<[^<>\"{}|^`\x00-\x20]*+>"
# Wider than the grammar's: any other character beyond ASCII would be a syntax error anyway.
_WORD: Final = r"[A-Za-z0-9_\u0080-\U0010ffff]"
_LOCAL: Final = rf"(?:{_WORD}|[-.:]|%[0-9A-Fa-f]{{2}}|\\[-_~.!$&'()*+,;=/?#@%])*+"
_NAME: Final = rf"{_WORD}(?:{_WORD}|[-.])*+"
_VARIABLE: Final = rf"[?$]{_WORD}++"

_KEYWORD_ANYWHERE: Final = re.compile("SERVICE", re.IGNORECASE)
# Case is ignored in the keywords alone: in `_WORD` it would cost a fifth of a second to compile.
_CLAUSE: Final = re.compile(
    rf"(?i:SERVICE){_SPACE}(?:(?i:SILENT){_SPACE})?"
    rf"(?:(?P<iri>{_IRI})|{_VARIABLE}|(?:{_NAME})?:{_LOCAL}){_SPACE}\{{"
)
_IRI_TOKEN: Final = re.compile(_IRI)
_WORD_TOKEN: Final = re.compile(_NAME)
_LOCAL_TOKEN: Final = re.compile(_LOCAL)
_DOT: Final = re.compile(r"\.")
_VARIABLE_TOKEN: Final = re.compile(_VARIABLE)
_COMMENT: Final = re.compile(r"#[^\n\r]*+")
_STRINGS: Final = (
    ('"""', re.compile(r'"""(?:"{0,2}(?:[^"\\]|\\.))*+"""', re.DOTALL)),
    ("'''", re.compile(r"'''(?:'{0,2}(?:[^'\\]|\\.))*+'''", re.DOTALL)),
    ('"', re.compile(r'"(?:[^"\\\n\r]|\\.)*+"', re.DOTALL)),
    ("'", re.compile(r"'(?:[^'\\\n\r]|\\.)*+'", re.DOTALL)),
)
_PLAIN: Final = re.compile(r"[\s{}()\[\].;,=!&|+*/^-]+")
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PAIRS: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\.", re.DOTALL)
_STEPS: Final = 10_000_000
_STEPS_A_CHARACTER: Final = 50
_LAST_CODE_POINT: Final = 0x10FFFF
_KEYWORD: Final = re.compile(
    r"\s*(?:#[^\n\r]*[\n\r]\s*)*(?:SELECT|ASK|CONSTRUCT|DESCRIBE|PREFIX|BASE)\b", re.IGNORECASE
)


def is_query_text(text: str) -> bool:
    """Say whether a text is meant as SPARQL rather than as a name.

    Example:
        >>> is_query_text("DESCRIBE <http://identifiers.org/ncbigene/8600>")
        True
        >>> is_query_text("figures-of-gene")
        False
    """
    return "{" in text or _KEYWORD.match(text) is not None


def service_endpoints(query: str) -> list[str | None]:
    r"""Return the endpoints of all SERVICE clauses, each once, as far as the text names them.

    Args:
        query: SPARQL, right or wrong.

    Returns:
        IRIs as they are written, relative ones too; None for endpoints that a variable or
        a prefixed name gives. Empty when no reading of the text has such a clause.

    Example:
        >>> service_endpoints("SELECT * { SERVICE <https://sparql.uniprot.org/sparql> { } }")
        ['https://sparql.uniprot.org/sparql']
        >>> service_endpoints("SELECT * { ?s ?p 'SERVICE <x:y> { }' } # SERVICE ?z { }")
        []
        >>> service_endpoints("SELECT * { ?s ?p trueSERVICE?any{ } }")
        [None]
    """
    # Whether escapes of code points are undone before the text is read, or within IRIs and
    # strings only, and what a backslash before them means, differs between parsers.
    readings = dict.fromkeys((query, _PAIRS.sub(_decoded, query), _CODE_POINT.sub(_decoded, query)))
    found: dict[str | None, None] = {}
    for text in readings:
        for iri in _endpoints(text):
            found[None if iri is None else _CODE_POINT.sub(_decoded, iri)] = None
    return list(found)


def _decoded(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits is None or int(digits, 16) > _LAST_CODE_POINT:
        return match[0]
    return chr(int(digits, 16))


def _endpoints(text: str) -> Iterator[str | None]:
    """Yield the endpoints of every reading of a text, in the order of their places."""
    if _KEYWORD_ANYWHERE.search(text) is None:
        return
    size = len(text)
    steps_left = _STEPS + _STEPS_A_CHARACTER * size
    ahead = bytearray(size + 1)  # the places where some reading has a token
    ahead[0] = 1
    for place in range(size):
        if not ahead[place]:
            continue
        if _KEYWORD_ANYWHERE.match(text, place):
            steps_left -= size - place
            if clause := _CLAUSE.match(text, place):
                iri = clause["iri"]
                yield None if iri is None else iri[1:-1]
        ends, cost = _ends(text, place)
        steps_left -= cost
        if steps_left < 0:
            yield None
            return
        for end in ends:
            ahead[end] = 1


def _ends(text: str, place: int) -> tuple[list[int], int]:
    """Return where a token that starts here may end, and how many characters were looked at."""
    match text[place]:
        case '"' | "'":
            return _ends_of_string(text, place)
        case "#":
            ends = [_end(_COMMENT, text, place)]
        case "<":
            # An IRI, or less than, or the start of a triple term.
            ends = [place + 1, _end(_IRI_TOKEN, text, place)]
        case "?" | "$":
            ends = [_end(_VARIABLE_TOKEN, text, place)]
        case _:
            return _ends_of_name(text, place)
    return ends, ends[-1] - place


def _ends_of_string(text: str, place: int) -> tuple[list[int], int]:
    # What begins as a long string may be an empty one with another behind it. A quote that
    # begins none is a dead end: no reading goes on there.
    ends: list[int] = []
    cost = 0
    for opening, string in _STRINGS:
        if text.startswith(opening, place):
            match = string.match(text, place)
            if match:
                ends.append(match.end())
            cost += (match.end() if match else len(text)) - place
    return ends, cost


def _ends_of_name(text: str, place: int) -> tuple[list[int], int]:
    """Return the ends of a prefixed name, keyword, number or sign."""
    word = _WORD_TOKEN.match(text, place)
    stop = word.end() if word else place
    if not text.startswith(":", stop):
        return [place + 1 if word else _end(_PLAIN, text, place)], stop - place
    match = _LOCAL_TOKEN.match(text, stop + 1)
    assert match is not None, "it may be empty"
    # A keyword or a number may end before its first part does, and it before a dot.
    ends = [dot.start() for dot in _DOT.finditer(text, place, match.end())]
    if word:
        ends.append(place + 1)
    return [*ends, match.end()], match.end() - place


def _end(token: re.Pattern[str], text: str, place: int) -> int:
    match = token.match(text, place)
    return match.end() if match else place + 1
