"""Pages as a browser sees them: parsed, and searched."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
import turbohtml
from turbohtml.treebuild import parse_into

from pfocr_rdf.query.index.read import Index
from pfocr_rdf.query.index.write import gathered, write_index
from pfocr_rdf.rdf.kinds import PAGED, Kind
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.release.reader import read_dump
from pfocr_rdf.shipped import ontology_file
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.read_entity import entity_view
from pfocr_rdf.web.pages.read_figure import figure_view, figures_around
from pfocr_rdf.web.pages.read_paper import paper_view
from pfocr_rdf.web.pages.render import Renderer
from pfocr_rdf.web.pages.views import FigureView
from tests.support.pages import run

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
VOCABULARY = pyoxigraph.NamedNode("https://w3id.org/pfocr/graph/vocabulary")
CLASSES = {
    Kind.FIGURE: "https://w3id.org/pfocr/vocab#PathwayFigure",
    Kind.GENE: "http://schema.org/Gene",
    Kind.CHEMICAL: "http://schema.org/ChemicalSubstance",
    Kind.DISEASE: "http://schema.org/MedicalCondition",
    Kind.ORGANISM: "http://schema.org/Taxon",
    Kind.PAPER: "http://schema.org/ScholarlyArticle",
}

# Event handlers, and every place where a script or style could stand in the page itself.
HANDLER = "on"
INLINE = ("style", "srcdoc")


_Part = ET.Element | str | None
"""An element, a text, or what is not kept."""


class _Elements:
    """Builds elements of the standard library; comments and the like are not kept."""

    def create_document(self) -> _Part:
        return ET.Element("document")

    def create_element(
        self, name: str, namespace: str, attrs: tuple[tuple[str, str | None], ...]
    ) -> _Part:
        return ET.Element(f"{{{namespace}}}{name}", {key: value or "" for key, value in attrs})

    def create_text(self, data: str) -> _Part:
        return data

    def _leave_out(self, *_: str | None) -> _Part:
        return None

    create_doctype = create_comment = create_pi = _leave_out

    def append(self, parent: _Part, child: _Part) -> None:
        assert isinstance(parent, ET.Element)
        if isinstance(child, str):
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + child
            else:
                parent.text = (parent.text or "") + child
        elif child is not None:
            parent.append(child)


class Page:
    """A page as browsers read it; a mark that they would have to mend raises.

    Whether elements stand where they may is for the Nu Html Checker (`referees.html_faults`).
    """

    def __init__(self, html: str) -> None:
        self.html = html
        turbohtml.parse(html, strict=True)
        document = parse_into(html, _Elements())
        assert isinstance(document, ET.Element)
        self.root: ET.Element = document[0]

    def all(self, *names: str) -> Iterator[ET.Element]:
        """Yield the elements of these names, HTML or SVG."""
        for element in self.root.iter():
            if str(element.tag).rpartition("}")[2] in names:
                yield element

    def one(self, name: str) -> ET.Element:
        """Return the only element of a name."""
        (element,) = self.all(name)
        return element

    def addresses(self) -> Iterator[str]:
        """Yield everything that a page leads to or loads."""
        for element in self.root.iter():
            for name in ("href", "src", "action", "data-suggest", "data-source", "data-endpoint"):
                value = element.get(name)
                if value is not None:
                    yield value

    def ids(self) -> list[str]:
        """Return all ids, repeated ones too."""
        return [value for element in self.root.iter() if (value := element.get("id"))]


def text_of(element: ET.Element) -> str:
    """Return the text of an element, white space collapsed."""
    return " ".join("".join(element.itertext()).split())


def faults(page: Page) -> list[str]:
    """Return what a strict policy, a screen reader or a keyboard would stumble over."""
    found = []
    for element in page.root.iter():
        name = str(element.tag).rpartition("}")[2]
        found += [f"{name} {a}" for a in element.attrib if a.startswith(HANDLER) or a in INLINE]
        if name == "style" or (
            name == "script" and not element.get("src") and not _is_data(element)
        ):
            found.append(f"inline {name}")
        if name == "svg" and element.get("aria-hidden") != "true":
            found += _svg_faults(element)
        if name == "img" and element.get("alt") is None:
            found.append("img without alt")
        if name in {"a", "button", "summary"} and not (
            text_of(element) or element.get("aria-label") or _picture_of(element)
        ):
            found.append(f"{name} without a name")
        if name == "th" and not element.get("scope"):
            found.append("th without scope")
        if name == "table" and element.find(f"{XHTML}caption") is None:
            found.append("table without caption")
    labels = {element.get("for") for element in page.all("label")}
    found += [
        f"{element.tag} {element.get('id')} without a label"
        for element in page.all("input", "textarea", "select")
        if element.get("id") not in labels
        and not element.get("aria-label")
        and element.get("type") != "hidden"  # nobody meets it
    ]
    ids = page.ids()
    found += [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
    for element in page.root.iter():
        for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            found += [
                f"{attribute} of {name}: no such id"
                for name in (element.get(attribute) or "").split()
                if name not in ids
            ]
    found += _outline_faults(page)
    landmarks = [str(e.tag).rpartition("}")[2] for e in page.all("main", "header", "footer", "nav")]
    found += [f"no {name}" for name in ("main", "header", "footer", "nav") if name not in landmarks]
    if page.one("html").get("lang") != "en":
        found.append("no language")
    return found


def _picture_of(element: ET.Element) -> str | None:
    image = element.find(f"{XHTML}img")
    return None if image is None else image.get("alt")


def _is_data(script: ET.Element) -> bool:
    return script.get("type") in {"application/json", "application/ld+json"}


def _svg_faults(svg: ET.Element) -> list[str]:
    title, about = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    if title is None or about is None or not title.text or not about.text:
        return ["svg without title or desc"]
    named = (svg.get("aria-labelledby") or "").split()
    if svg.get("role") != "img" or named != [title.get("id"), about.get("id")]:
        return ["svg without role or name"]
    return []


def _outline_faults(page: Page) -> list[str]:
    levels = [int(str(h.tag)[-1]) for h in page.all("h1", "h2", "h3", "h4")]
    found = [] if levels.count(1) == 1 else ["not one h1"]
    found += [
        f"h{below} after h{above}"
        for above, below in itertools.pairwise(levels)
        if below > above + 1
    ]
    return found


def store_of(release: Path) -> pyoxigraph.Store:
    """Return a release in memory, as the real store has it: data, counts and vocabulary."""
    store = pyoxigraph.Store()
    for name in ("pfocr.ttl", "void.ttl"):
        store.load(path=release / name, format=pyoxigraph.RdfFormat.TURTLE)
    store.load(path=ontology_file(), format=pyoxigraph.RdfFormat.TURTLE, to_graph=VOCABULARY)
    return store


@dataclass
class Shown:
    """A release as its pages know it, and its graph to hold them against."""

    index: Index
    figures: dict[str, FigureNodes]
    store: pyoxigraph.Store

    def figure(self, iri: str) -> FigureView | None:
        """Return what the page of a figure shows."""
        number = self.index.figure_number(iri)
        if number is None:
            return None
        return figure_view(self.index, self.figures[iri], figures_around(self.index, number))

    def rows(self, sparql: str) -> list[dict[str, str]]:
        """Return the solutions of a SELECT query, as texts."""
        found = self.store.query(sparql)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{name: row[name].value for name in names} for row in found]


def exported(out: Path, *inputs: Path, **options: Any) -> Shown:
    """Export inputs and return what their pages know."""
    run(*inputs, out=out, **options)
    release = open_release(out)
    path = out.with_name(f"{out.name}.index")
    path.unlink(missing_ok=True)
    write_index(release, path, gathered(release), lambda *_: None, words=False)
    found = [node for node in read_dump(release) if isinstance(node, FigureNodes)]
    return Shown(Index(path), {each.figure.subject: each for each in found}, store_of(out))


def members(shown: Shown, kind: Kind) -> list[str]:
    """Return the IRIs of all resources of a kind."""
    rows = shown.rows(f"SELECT DISTINCT ?x {{ ?x a <{CLASSES[kind]}> }} ORDER BY ?x")
    return [row["x"] for row in rows]


def pages_of(shown: Shown, links: Links) -> dict[str, str]:
    """Return the HTML of every resource of a release, by its address."""
    renderer = Renderer(links, "test")
    found: dict[str, str] = {}
    for kind in PAGED:
        for iri in members(shown, kind):
            address = links.page(kind, iri)
            html = _drawn(shown, renderer, kind, iri)
            assert address is not None, iri
            assert html is not None, iri
            found[address] = html
    return found


def _drawn(shown: Shown, renderer: Renderer, kind: Kind, iri: str) -> str | None:
    if kind is Kind.FIGURE:
        figure = shown.figure(iri)
        return renderer.figure(figure) if figure else None
    if kind is Kind.PAPER:
        paper = paper_view(shown.index, iri)
        return renderer.paper(paper) if paper else None
    entity = entity_view(shown.index, kind, iri)
    return renderer.entity(entity) if entity else None
