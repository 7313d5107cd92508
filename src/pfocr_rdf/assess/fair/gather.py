"""An export or a site in a folder -> all that its metadata say, read from the files.

Like F-UJI, this goes from one page: what it embeds, and what it links as its description. An
export has no page; there the description is `void.ttl`, and an RO-Crate beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import orjson

from pfocr_rdf.assess.fair.evidence import Evidence, Field, Metadata
from pfocr_rdf.assess.fair.read_page import PageData, PageLink, read_page
from pfocr_rdf.assess.fair.read_rdf import add_triples, datasets_in
from pfocr_rdf.errors import InputError
from pfocr_rdf.rdf import IRI, Subject, Triple, read_triples
from pfocr_rdf.release import CRATE_FILE, MANIFEST, VOID_FILE, open_release
from pfocr_rdf.release.description import DATASET
from pfocr_rdf.web import ABOUT_SITE, page_triples
from pfocr_rdf.web import CONTEXT as REMOTE

FIRST_PAGE: Final = "index.html"
_CRATE_ROOT: Final = "file:///crate/"
_ROBOTS: Final = "robots.txt"
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    "text/turtle": ".ttl",
    "application/ld+json": ".jsonld",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
}
_SIGNPOSTS: Final[Mapping[str, Field]] = {
    "cite-as": Field.IDENTIFIER,
    "item": Field.CONTENT,
    "license": Field.LICENSE,
    "author": Field.CREATOR,
    "type": Field.TYPE,
}


@dataclass(frozen=True, slots=True)
class Description:
    """A document of RDF that describes the data set.

    Attributes:
        evidence: Where it is linked, or what it is.
        problem: Why it does not serve, or "".
        elsewhere: Whether it lies outside the folder, so that it was not read.
    """

    evidence: Evidence
    problem: str
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Assessed:
    """What is assessed, and what was read of it.

    Attributes:
        folder: The export or the site.
        metadata: Of all sources together.
        descriptions: Documents of RDF beside or below the page.
        page: What the page has, None in an export.
        page_name: Its path, "" in an export.
        base: The address that the site will have, "" for an export.
    """

    folder: Path
    metadata: Metadata
    descriptions: tuple[Description, ...]
    page: PageData | None
    page_name: str
    base: str

    def local(self, address: str) -> Path | None:
        """Return the file of the site at an address, None when the address is elsewhere."""
        if not self.base or not address.startswith(self.base):
            return None
        path = unquote(urlsplit(address).path[len(urlsplit(self.base).path) :])
        if path.startswith("/") or ".." in PurePosixPath(path).parts:
            return None
        found = self.folder / path
        return found / FIRST_PAGE if path.endswith("/") or not path else found

    @property
    def robots_allow(self) -> bool:
        """Whether robots.txt lets every crawler read the page."""
        path = self.folder / _ROBOTS
        if not path.is_file():
            return True
        rules = RobotFileParser()
        # A crawler asks for robots.txt of the host; a site in a folder of it hands its own over.
        rules.parse(path.read_text(encoding="utf-8", errors="replace").splitlines())
        return rules.can_fetch("*", urljoin(self.base, self.page_name))


def gather(folder: Path, page: str = FIRST_PAGE) -> Assessed:
    """Read an export or a site.

    Args:
        folder: That `pfocr-rdf export` or `pfocr-rdf site` wrote.
        page: Path of the page to assess, of a site.

    Raises:
        InputError: It is neither, a file of it is broken, or the site has no such page.
    """
    if (folder / MANIFEST).is_file():
        return _export(folder)
    if (folder / ABOUT_SITE).is_file():
        return _site(folder, page)
    raise InputError(
        f"{folder}: expected an export or a site, found neither {MANIFEST} nor {ABOUT_SITE} in it "
        "(write one with `pfocr-rdf export` or `pfocr-rdf site`)"
    )


def _export(folder: Path) -> Assessed:
    open_release(folder)
    found = Metadata()
    triples = list(read_triples(folder / VOID_FILE))
    described = add_triples(found, triples, [DATASET], VOID_FILE)
    evidence = Evidence(f"{len(triples):,} triples", VOID_FILE, "Turtle", "of")
    problem = "" if described else f"{VOID_FILE} says nothing of <{DATASET}>"
    if (folder / CRATE_FILE).is_file():
        add_triples(found, _crate(folder / CRATE_FILE), [IRI(_CRATE_ROOT)], CRATE_FILE)
    return Assessed(folder, found, (Description(evidence, problem),), None, "", "")


def _crate(path: Path) -> list[Triple]:
    try:
        record = orjson.loads(path.read_bytes())
        # The few terms of its context that are asked for are schema.org's own.
        return page_triples({**record, "@context": REMOTE}, base=_CRATE_ROOT)
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: expected an RO-Crate, found: {error}") from error


def _site(folder: Path, name: str) -> Assessed:
    base = _address(folder / ABOUT_SITE)
    path = folder / name
    try:
        page = read_page(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: expected a page of the site, found none that can be read (name one with "
            "--page)"
        ) from error
    found = Metadata()
    for link in page.links:
        if field := _SIGNPOSTS.get(link.relation):
            found.add(field, _signpost(link, name, urljoin(base + name, link.address)))
    roots: list[Subject] = datasets_in(page.triples)
    roots += [IRI(link.address) for link in page.links if link.relation == "cite-as"]
    add_triples(found, page.triples, roots, name)
    assessed = Assessed(folder, found, (), page, name, base)
    descriptions = [
        _linked(assessed, link, roots) for link in page.links if link.relation == "describedby"
    ]
    return replace(assessed, descriptions=tuple(descriptions))


def _linked(assessed: Assessed, link: PageLink, roots: list[Subject]) -> Description:
    """Return a description that a page links, after adding what it says."""
    address = urljoin(assessed.base + assessed.page_name, link.address)
    evidence = _signpost(link, assessed.page_name, link.address)
    path = assessed.local(address)
    if path is None:
        return Description(evidence, f"{address} lies outside the site", elsewhere=True)
    name = path.relative_to(assessed.folder).as_posix()
    if not path.is_file():
        return Description(evidence, f"{name} is missing")
    if _MEDIA_TYPES.get(link.media_type) != path.suffix:
        stated = link.media_type or "no media type"
        return Description(evidence, f"{name} is linked with {stated}")
    try:
        triples = list(read_triples(path))
    except InputError as error:
        return Description(evidence, str(error))
    if not add_triples(assessed.metadata, triples, roots, name):
        return Description(evidence, f"{name} says nothing of what the page is about")
    return Description(evidence, "")


def _signpost(link: PageLink, page: str, value: str) -> Evidence:
    return Evidence(value, page, f"line {link.line}", f"link {link.relation}", is_link=True)


def _address(path: Path) -> str:
    try:
        base = orjson.loads(path.read_bytes())["address"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: expected the record of a site, found another file (make the site again)"
        ) from error
    return str(base)
