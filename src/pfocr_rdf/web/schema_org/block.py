"""What the `schema-jsonld` block of a PFOCR page should say.

What the page says rightly stays: its keywords in their order, a description that is the
caption, keys that we do not know. What is wrong is replaced, and what the rules ask for is
made from the page's other fields. A reader of the page finds no new fact in it: a keyword,
licence or creator that the page does not state is not added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pfocr_rdf.figures import Figure
from pfocr_rdf.figures.decode import fitted_description, is_missing, is_no_name
from pfocr_rdf.figures.map import creator_node, paper_nodes
from pfocr_rdf.figures.read import Value
from pfocr_rdf.rdf import SCHEMA, NodeView, iris, node, paper_iri, plain, present
from pfocr_rdf.web.schema_org.figure import data_set
from pfocr_rdf.web.schema_org.parts import CONTEXT
from pfocr_rdf.web.schema_org.profiles import CONFORMS_TO, JsonObject, Profile, claimed, filled

BLOCK: Final = "schema-jsonld"
_CONTEXTS: Final = frozenset(
    (CONTEXT, "https://schema.org", "http://schema.org/", "http://schema.org")
)


def corrected_block(figure: Figure, page: Mapping[str, Value]) -> JsonObject:
    """Return the block of a page as it should be.

    Args:
        figure: As decoded from the page.
        page: The page's front matter, whose `schema-jsonld` is a mapping.

    Returns:
        The keys that the page has, in its order, then those that are new. Values are text,
        lists and mappings as the page has them, and True.
    """
    given = page[BLOCK]
    assert isinstance(given, dict), "the caller looks for a mapping"
    made = _made(figure)
    made["description"] = _description(given.get("description"), page.get("caption"), figure)
    if given.get("@context") in _CONTEXTS:
        del made["@context"]
    if "creator" in made:
        made["creator"] = _creator(given.get("creator"), made["creator"])
    stated: JsonObject = {key: value for key, value in given.items() if not is_missing(value)}
    if figure.license is None:
        stated.pop("license", None)  # text that names no licence we know
    if _is_of_another_paper(given.get("sameAs"), figure):
        given = {key: value for key, value in given.items() if key != "sameAs"}
        stated.pop("sameAs", None)
    stated.pop(CONFORMS_TO, None)
    claim = claimed(stated | made, Profile.DATASET).get(CONFORMS_TO)
    kept = {key: value for key, value in given.items() if claim or key != CONFORMS_TO}
    return kept | filled({CONFORMS_TO: claim}) | made


def as_read(value: object) -> Value:
    """Return a value as a reader of front matter finds it again: all scalars are text.

    Example:
        >>> as_read({"isAccessibleForFree": True, "identifier": ("a",)})
        {'isAccessibleForFree': 'true', 'identifier': ['a']}
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return {str(key): as_read(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_read(inner) for inner in value]
    return None if value is None else str(value)


def _made(figure: Figure) -> JsonObject:
    creator = creator_node(figure.creator) if figure.creator else None
    entities = {one.subject: one for one in paper_nodes(figure.paper)}
    if creator:
        entities[creator.subject] = creator
    facts = node(
        figure.iri,
        (SCHEMA.identifier, plain(figure.figid)),
        (SCHEMA.alternateName, plain(figure.alias)),
        (SCHEMA.name, plain(figure.title)),
        (SCHEMA.contentUrl, present(figure.image)),
        (SCHEMA.sameAs, present(figure.page)),
        (SCHEMA.isPartOf, (paper_iri(figure.paper.pmcid),)),
        (SCHEMA.license, present(figure.license)),
        (SCHEMA.creator, present(creator.subject if creator else None)),
    )
    return filled(data_set(NodeView(facts), entities.get, figure.iri))


def _is_of_another_paper(stated: Value, figure: Figure) -> bool:
    """Say whether a block links the figure of another paper, as those patched earlier may."""
    linked = [
        iris.figure_page(value)
        for value in (stated if isinstance(stated, list) else [stated])
        if isinstance(value, str)
    ]
    return any(link is not None and link[0] != figure.paper.pmcid for link in linked)


def _description(stated: Value, caption: Value, figure: Figure) -> object:
    """Return the caption as it fits; as the page states it where only blanks differ."""
    text = next((v for v in (caption, stated) if isinstance(v, str) and not is_no_name(v)), "")
    fitted = fitted_description(text, figure.title)
    if isinstance(stated, str) and stated.split() == fitted.split():
        return stated
    return fitted


def _creator(stated: Value, known: object) -> JsonObject:
    """Return the creator that the page states, with its class and the address that we know."""
    assert isinstance(known, dict), "a person or an organisation"
    own: JsonObject = {**stated} if isinstance(stated, dict) else {}
    return own | {key: known[key] for key in ("@type", "name", "url") if key in known}
