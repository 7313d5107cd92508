"""A page of a site as a program sees it: its typed links and its embedded JSON-LD, with lines."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.rdf import Triple
from pfocr_rdf.web.schema_org import page_triples

_JSONLD: Final = "application/ld+json"


class PageLink(NamedTuple):
    """A link element of a page: relation, address as it stands there, media type, line."""

    relation: str
    address: str
    media_type: str
    line: int


class PageData(NamedTuple):
    """What a page has for programs.

    Attributes:
        links: Its link elements, one for each relation.
        triples: Of its JSON-LD.
        line: Where the first JSON-LD stands; 0: nowhere.
        broken: Why JSON-LD does not parse, or "".
        forbids: The line of a meta element that keeps search engines out; 0: none does.
    """

    links: tuple[PageLink, ...]
    triples: tuple[Triple, ...]
    line: int
    broken: str
    forbids: int


def read_page(content: str) -> PageData:
    """Return what a page has for programs."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    triples: list[Triple] = []
    broken = ""
    for line, text in reader.scripts:
        try:
            triples += page_triples(orjson.loads(text))
        except (ValueError, AttributeError) as error:  # an array is no page of ours
            broken = f"line {line}: {error}"
    line = reader.scripts[0][0] if reader.scripts else 0
    return PageData(tuple(reader.links), tuple(triples), line, broken, reader.forbids)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[PageLink] = []
        self.scripts: list[tuple[int, str]] = []
        self.forbids = 0
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        if tag == "link":
            self.links += (
                PageLink(relation, given.get("href", ""), given.get("type", ""), line)
                for relation in given.get("rel", "").lower().split()
            )
        elif tag == "script" and given.get("type", "").lower() == _JSONLD:
            self.scripts.append((line, ""))
            self._in_data = True
        elif tag == "meta" and given.get("name", "").lower() == "robots":
            words = given.get("content", "").lower()
            if "noindex" in words or "none" in words.replace(",", " ").split():
                self.forbids = line

    def handle_data(self, data: str) -> None:
        if self._in_data:
            line, text = self.scripts[-1]
            self.scripts[-1] = (line, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_data = False
