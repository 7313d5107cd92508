"""A page's `schema-jsonld` block, which mostly says again what other fields say.

Source: design/model.md, "Figure"
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.figures.decode.captions import fitted_description
from pfocr_rdf.figures.decode.fields import Fields, is_missing
from pfocr_rdf.figures.model import Creator
from pfocr_rdf.rdf import IRI
from pfocr_rdf.rdf import iris as iri

LICENCES: Final = {
    "CC0": IRI("https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC0 1.0": IRI("https://creativecommons.org/publicdomain/zero/1.0/"),
    "CC BY 4.0": IRI("https://creativecommons.org/licenses/by/4.0/"),
}
MADE: Final = frozenset(
    f"schema-jsonld.{key}"
    for key in (
        "alternateName",
        "citation",
        "http://purl.org/dc/terms/conformsTo",
        "identifier",
        "image",
        "includedInDataCatalog",
        "isAccessibleForFree",
        "isBasedOn",
        "measurementTechnique",
        "publisher",
        "sameAs",
        "url",
        "variableMeasured",
    )
)
"""What `patch-frontmatter` makes of a page's other fields, and a reader takes from those."""
_KNOWN_ADDRESSES: Final = {"WikiPathways": "https://www.wikipathways.org/"}


class JsonLdBlock:
    """The block, taken out of its page; each method takes one of its fields."""

    def __init__(self, page: Fields) -> None:
        value = page.left.get("schema-jsonld")
        self.log = log = page.log
        self.fields = Fields(value if isinstance(value, dict) else {}, log, "schema-jsonld")
        if "schema-jsonld" not in page.left:
            return
        del page.left["schema-jsonld"]
        if is_missing(value):
            log.skipped("schema-jsonld", "missing-value")
        elif not isinstance(value, dict):
            log.find("field-malformed", "schema-jsonld", str(value), "expected a mapping")
            log.skipped_all("schema-jsonld", value, "field-malformed")

    def description(self, caption: str, title: str) -> str:
        """Return the description when the page has no caption; else it must be the caption.

        Args:
            caption: As stated, before any repair.
            title: The figure's. A description may be what `fitted_description` makes of both.
        """
        stated = self.fields.take("description")
        if not stated:
            return ""
        if stated != caption and stated == fitted_description(caption, title):
            self.log.merged(self.fields.at("description"), "made-from-caption")
            return ""
        if not caption:
            self.log.emitted()
            return self.fields.mended("description", stated)
        if stated.split() == caption.split():
            self.log.merged(self.fields.at("description"), "equals-caption")
        else:
            self.fields.reject("description", "description-mismatch", stated)
        return ""

    def keywords(self) -> dict[str, str]:
        """Return the path of each distinct keyword; a scalar stands for a list of one."""
        found: dict[str, str] = {}
        for path, word in self.fields.texts("keywords", words=True):
            if word in found:
                self.log.merged(path, "repeated")
            else:
                self.log.emitted()
                found[word] = path
        return found

    def license(self) -> IRI | None:
        """Return the licence's IRI."""
        stated = self.fields.take("license")
        if not stated:
            return None
        known = LICENCES.get(stated.strip()) or iri.web_iri(stated.strip())
        if known is None:
            self.fields.reject("license", "unknown-licence", stated)
        else:
            self.log.emitted()
        return known

    def creator(self) -> Creator | None:
        """Return who made the page: a name, or a mapping with name and @type."""
        value = self.fields.left.get("creator")
        if not isinstance(value, dict) or not value:
            name = self.fields.text("creator")
            return Creator(name, is_person=False) if name else None
        inner = Fields(value, self.log, self.fields.at("creator"))
        del self.fields.left["creator"]
        name, of_type = inner.text("name"), inner.take("@type")
        if name in _KNOWN_ADDRESSES and inner.left.get("url") == _KNOWN_ADDRESSES[name]:
            inner.leave_out("url", "not-mapped")
        inner.finish(())
        if of_type and (of_type not in ("Organization", "Person") or not name):
            inner.reject("@type", "field-malformed", of_type, "expected Organization or Person")
        else:
            self.log.emitted(bool(of_type))
        return Creator(name, is_person=of_type == "Person") if name else None

    def check_id(self, figid: str) -> None:
        """Compare `@id` with the figure's own IRI."""
        stated = self.fields.take("@id")
        if stated and stated == iri.figure_iri(figid):
            self.log.merged(self.fields.at("@id"), "equals-figid")
        elif stated:
            self.fields.reject("@id", "figid-mismatch", stated, f"the figid is {figid}")
