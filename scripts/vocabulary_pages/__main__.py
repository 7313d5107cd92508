"""`python -m scripts.vocabulary_pages`: write anew what is made of shapes and ontology.

That is the tables of docs/model.md, the graph of `ontology/model.dot`, and `ontology/pfocr.html`
by pyLODE, in a checkout.

Source: pyLODE's OntPub profile, https://github.com/RDFLib/pyLODE
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Final

import orjson
from markupsafe import escape
from rdflib import RDF, SKOS, Graph

from pfocr_rdf.shipped import ontology_file
from pfocr_rdf.web.vocabulary import shipped_model
from scripts.vocabulary_pages.diagram import as_dot
from scripts.vocabulary_pages.model_page import filled

_DATA: Final = re.compile(
    r'(<script id="schema.org" type="application/ld\+json">)(.*?)(</script>)', re.DOTALL
)

_ENTITY: Final = re.compile(
    r'<div class="[a-z ]*entity" id="([^"]+)">(?:(?!<code>).)*'
    r"<code>https://w3id\.org/pfocr/vocab#(\w+)</code>",
    re.DOTALL,
)
_BEFORE: Final = '<div id="namespaces">'


def ontology_page() -> str:
    """Return the ontology as HTML that needs nothing beside it."""
    logging.getLogger().setLevel(logging.WARNING)
    # It is slow to import, sets up logging as it is, and only makers of releases have it.
    from pylode.profiles.ontpub import OntPub  # type: ignore[import-untyped] # noqa: PLC0415

    logging.getLogger().setLevel(logging.WARNING)
    # Of a concept scheme it would make one more title and IRI of the ontology. "core": rdflib's
    # other prefixes would take the place of ours.
    ontology = Graph(bind_namespaces="core").parse(ontology_file())
    ontology.remove((None, RDF.type, SKOS.ConceptScheme))
    page = str(OntPub(ontology=ontology).make_html())
    page = _DATA.sub(lambda found: found[1] + _in_order(found[2]) + found[3], page)
    return _with_concepts(_with_local_names(page))


def _with_local_names(page: str) -> str:
    """Return the page with the anchors that the IRIs of terms lead to.

    pyLODE makes anchors of labels.
    """
    names = {given: local for given, local in _ENTITY.findall(page) if given != local}
    for given, local in names.items():
        page = page.replace(f'id="{given}"', f'id="{local}"').replace(f'"#{given}"', f'"#{local}"')
    return page


def _with_concepts(page: str) -> str:
    """Return the page with the concepts, which pyLODE leaves out."""
    tables = "".join(
        f'<h3 id="{_local(scheme.curie)}">{scheme.curie}</h3>\n<table>\n'
        + "".join(
            f'<tr id="{_local(row.curie)}"><td><code>{row.curie}</code></td>'
            f"<td>{escape(row.label)}</td><td>{escape(row.definition)}</td></tr>\n"
            for row in scheme.rows
        )
        + "</table>\n"
        for scheme in shipped_model().schemes()
    )
    before, found, after = page.partition(_BEFORE)
    if not found:
        raise ValueError(f"the page of pyLODE has no {_BEFORE}")
    concepts = f'<div id="concepts"><h2>Concepts</h2>\n{tables}</div>\n'
    return before + concepts + found + after


def _local(curie: str) -> str:
    return curie.partition(":")[2]


def _in_order(data: str) -> str:
    """Return the JSON-LD of the page in an order that does not change from run to run."""
    nodes = orjson.loads(data)
    for node in nodes:
        for values in node.values():
            if isinstance(values, list):
                values.sort(key=orjson.dumps)
    nodes.sort(key=lambda node: node["@id"])
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    return "\n" + orjson.dumps(nodes, option=options).decode() + "\n"


if __name__ == "__main__":
    page, model = Path("docs/model.md"), shipped_model()
    page.write_text(filled(page.read_text(encoding="utf-8"), model), encoding="utf-8")
    Path("ontology/model.dot").write_text(as_dot(model.kinds()), encoding="utf-8")
    Path("ontology/pfocr.html").write_text(ontology_page(), encoding="utf-8")
