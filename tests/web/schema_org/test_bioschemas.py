"""The shapes of the Bioschemas profiles and of Google's rules: each catches what it is for.

`PUBLISHED` is what the profiles' own pages say: which properties, how much each is asked for,
whether one or many, and of which types. From it are made a page that has everything, which
must conform, and a page for each single fault, which must be found, by all engines alike.

Source: https://bioschemas.org/profiles/
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
import pytest
import rdflib

from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.ntriples import ntriples_term
from pfocr_rdf.rdf.terms import IRI, BlankNode, Triple
from pfocr_rdf.shacl import Result
from pfocr_rdf.shacl.validation import ShaclEngine, validate
from pfocr_rdf.shipped import bioschemas_shapes, shipped_shapes
from pfocr_rdf.web.schema_org import JsonObject, Profile
from pfocr_rdf.web.schema_org.check import CONTEXT, page_triples
from pfocr_rdf.web.schema_org.profiles import CONFORMS_TO
from tests.support import referees
from tests.support.pathway_pages import Real, all_real, real_outcomes
from tests.support.samples import Sample
from tests.support.schema_pages import landing_page, pages_of

SHAPE = "https://w3id.org/pfocr/shapes/bioschemas#"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")

# property: marginality (M, R, O), cardinality (1 or n), types
PUBLISHED = {
    Profile.DATASET: """
        description M 1 Text
        identifier M n PropertyValue Text URL
        keywords M n DefinedTerm Text URL
        license M 1 CreativeWork URL
        name M 1 Text
        url M 1 URL
        alternateName R n Text
        citation R n CreativeWork Text
        creator R n Organization Person
        datePublished R 1 Date
        distribution R n DataDownload
        includedInDataCatalog R n DataCatalog
        isBasedOn R n CreativeWork Product URL
        measurementTechnique R n Text URL
        publisher R n Organization Person
        variableMeasured R n PropertyValue Text
        version R 1 Number Text
        dateCreated O n Date DateTime
        dateModified O n Date DateTime
        hasPart O n CreativeWork Trip
        isAccessibleForFree O n Boolean
        isPartOf O n CreativeWork URL
        maintainer O n Organization Person
        sameAs O n URL
    """,
    Profile.GENE: """
        identifier M 1 PropertyValue Text URL
        name M 1 Text
        description R 1 Text
        encodesBioChemEntity R n BioChemEntity
        isPartOfBioChemEntity R n BioChemEntity
        url R 1 URL
        alternateName O n Text
        alternativeOf O n Gene
        associatedDisease O n MedicalCondition PropertyValue URL
        expressedIn O n AnatomicalStructure AnatomicalSystem BioChemEntity DefinedTerm
        hasBioChemEntityPart O n BioChemEntity
        hasBioPolymerSequence O 1 Text
        hasMolecularFunction O n DefinedTerm PropertyValue URL
        hasRepresentation O n PropertyValue Text URL
        hasStatus O 1 Text
        image O 1 ImageObject URL
        isInvolvedInBiologicalProcess O n DefinedTerm PropertyValue URL
        isLocatedInSubcellularLocation O n DefinedTerm PropertyValue URL
        mainEntityOfPage O 1 CreativeWork URL
        sameAs O n URL
        taxonomicRange O n DefinedTerm Taxon Text URL
    """,
    Profile.TAXON: """
        name M 1 Text
        taxonRank M n PropertyValue Text URL
        parentTaxon R 1 Taxon Text URL
        sameAs R n URL
        scientificName R 1 TaxonName
        url R 1 URL
        additionalType O n Text URL
        alternateName O n Text
        alternateScientificName O n TaxonName
        childTaxon O n Taxon Text URL
        description O 1 Text
        disambiguatingDescription O 1 Text
        identifier O 1 PropertyValue Text URL
        image O 1 ImageObject URL
        isBasedOn O n CreativeWork URL
        mainEntityOfPage O 1 CreativeWork URL
        vernacularName O n Text
    """,
    Profile.SCHOLARLY_ARTICLE: """
        identifier M n PropertyValue Text URL
        name M 1 Text
        abstract R 1 Text
        author R n Organization Person
        citation R n CreativeWork Text
        dateCreated R 1 Date DateTime
        dateModified R n Date DateTime
        datePublished R 1 Date
        isPartOf R n CreativeWork Periodical PublicationIssue PublicationVolume URL
        keywords R n DefinedTerm Text URL
        license R 1 CreativeWork URL
        publisher R n Organization Person
        sameAs R n URL
        url R n URL
        about O n Thing
        articleBody O n Text
        correction O n CorrectionComment Text URL
        editor O n Person
        funder O 1 Organization Person
        headline O 1 Text
        inLanguage O n Language Text
        isAccessibleForFree O 1 Boolean
        isBasedOn O n CreativeWork Product URL
        pageEnd O 1 Integer Text
        pageStart O 1 Integer Text
        pagination O n Text
    """,
    Profile.DATA_CATALOG: """
        description M 1 Text
        keywords M n Text
        name M 1 Text
        provider M n Organization Person
        url M 1 URL
        about R n Thing
        alternateName R n Text
        citation R n CreativeWork Text
        dataset R n Dataset
        dateCreated R 1 Date DateTime
        identifier R n PropertyValue Text URL
        license R 1 CreativeWork URL
        sourceOrganization R n Organization
        dateModified O 1 Date DateTime
        encodingFormat O n Text URL
    """,
}
CLASSES = {
    Profile.DATASET: "Dataset",
    Profile.GENE: "Gene",
    Profile.TAXON: "Taxon",
    Profile.SCHOLARLY_ARTICLE: "ScholarlyArticle",
    Profile.DATA_CATALOG: "DataCatalog",
}
FILES = {
    Profile.DATASET: "dataset.ttl",
    Profile.GENE: "gene.ttl",
    Profile.TAXON: "taxon.ttl",
    Profile.SCHOLARLY_ARTICLE: "scholarly-article.ttl",
    Profile.DATA_CATALOG: "data-catalog.ttl",
}
LITERALS = ("Text", "URL", "Date", "DateTime", "Boolean", "Number", "Integer")


class Term(NamedTuple):
    """A property of a profile."""

    name: str
    marginality: str
    is_one: bool
    types: tuple[str, ...]


class Fault(NamedTuple):
    """A page with one fault, and the shape and severity of the result that is due."""

    page: JsonObject
    shape: str
    severity: str


def terms(profile: Profile) -> list[Term]:
    found = []
    for line in PUBLISHED[profile].strip().splitlines():
        name, marginality, cardinality, *types = line.split()
        found.append(Term(name, marginality, cardinality == "1", tuple(types)))
    return found


def good(type_: str, number: int = 0) -> Any:
    """Return a value of a type."""
    match type_:
        case "Text":
            return f"some text {number}"
        case "URL":
            return {"@id": f"https://example.org/{number}"}
        case "Date":
            return f"20{number:02}-03-04"
        case "DateTime":
            return f"20{number:02}-03-04T05:06:07Z"
        case "Boolean":
            return number == 0
        case "Number":
            return number + 0.5
        case "Integer":
            return number + 1
        case _:
            return {"@type": type_, "name": f"a {type_} {number}"}


def bad(types: Sequence[str]) -> Any:
    """Return a value that is of none of these types."""
    if set(types) & {"Text", "Boolean", "Integer", "Number"}:
        if not set(types) - set(LITERALS) and "URL" not in types:
            return {"@id": "https://example.org/not-a-literal"}
        return {"@value": "2001", "@type": "http://www.w3.org/2001/XMLSchema#gYear"}
    if set(types) & {"Date", "DateTime"}:
        return "some day"
    return {"@value": "words that are no URL"}


def whole(profile: Profile, name: str) -> dict[str, Any]:
    """Return a page with every property of a profile, once for each of its types."""
    page: dict[str, Any] = {
        "@id": f"https://example.org/{name}",
        "@type": CLASSES[profile],
        CONFORMS_TO: {"@id": profile.iri},
    }
    for term in terms(profile):
        types = term.types[:1] if term.is_one else term.types
        page[term.name] = [good(type_, i) for i, type_ in enumerate(types)]
    return page


def faults(profile: Profile) -> Iterator[Fault]:
    name = CLASSES[profile]
    count = 0

    def page() -> dict[str, Any]:
        nonlocal count
        count += 1
        return whole(profile, f"{name}-{count}")

    wrong = page()
    wrong["@type"] = "Thing"
    yield Fault(wrong, f"{name}-type", "Violation")
    for term in terms(profile):
        if term.marginality != "O":
            without = page()
            del without[term.name]
            severity = "Violation" if term.marginality == "M" else "Warning"
            yield Fault(without, f"{name}-{term.name}", severity)
        if term.is_one:
            twice = page()
            twice[term.name] = [good(term.types[0], 0), good(term.types[0], 1)]
            yield Fault(twice, f"{name}-{term.name}-form", "Violation")
        if "Thing" not in term.types:
            malformed = page()
            malformed[term.name] = bad(term.types)
            yield Fault(malformed, f"{name}-{term.name}-form", "Violation")


def triples_of(pages: Sequence[JsonObject]) -> list[Triple]:
    """Return the triples of many pages, with blank nodes apart."""
    found: list[Triple] = []
    for number, page in enumerate(pages):

        def own(term: Any, number: int = number) -> Any:
            return BlankNode(f"p{number}{term.label}") if isinstance(term, BlankNode) else term

        triples = page_triples({"@context": "https://schema.org/", **page})
        found += [(own(s), p, own(o)) for s, p, o in triples]
    return found


def shapes_file(profile: Profile) -> Path:
    (found,) = (path for path in bioschemas_shapes() if path.name == FILES[profile])
    return found


def results(
    pages: Sequence[JsonObject], shapes: Path, engine: ShaclEngine
) -> dict[str, set[tuple[str, str]]]:
    """Return (shape, severity) of what an engine finds, by the IRI of the page."""
    outcome = validate(triples_of(pages), list(read_triples(shapes)), engine)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for result in outcome.results:
        found[str(result.focus)].add(named(result))
    return found


def named(result: Result) -> tuple[str, str]:
    shape = str(result.shape).removeprefix(SHAPE)
    return shape, str(result.severity).removeprefix(str(SH))


@pytest.mark.whole
@pytest.mark.parametrize("engine", [ShaclEngine.FAST, ShaclEngine.PYSHACL])
@pytest.mark.parametrize("profile", Profile)
def test_a_page_with_everything_conforms_and_every_fault_is_found(
    profile: Profile, engine: ShaclEngine
) -> None:
    perfect = whole(profile, "perfect")
    broken = list(faults(profile))
    found = results([perfect, *(fault.page for fault in broken)], shapes_file(profile), engine)
    assert not found.pop("https://example.org/perfect", None)
    expected = {str(f.page["@id"]): {(f.shape, f.severity)} for f in broken}
    assert found == expected


@pytest.mark.whole
@pytest.mark.parametrize("engine", referees.ENGINES)
def test_other_engines_find_the_same_faults(engine: referees.Engine, tmp_path: Path) -> None:
    pairs, due = [], []
    for profile in Profile:
        broken = list(faults(profile))
        data = tmp_path / f"{profile.name}.nt"
        pages = [whole(profile, "perfect"), *(fault.page for fault in broken)]
        lines = (" ".join(map(shown, triple)) + " .\n" for triple in triples_of(pages))
        data.write_text("".join(lines))
        pairs.append((shapes_file(profile), data))
        due.append({(str(f.page["@id"]), str(SH[f.severity])) for f in broken})
    for expected, found in zip(due, referees.js_shacl_of(engine, pairs), strict=True):
        assert {(result.focus, result.severity) for result in found} == expected


def shown(term: Any) -> str:
    return f"_:{term.label}" if isinstance(term, BlankNode) else ntriples_term(term)


def test_the_shapes_ask_what_the_profiles_publish() -> None:
    """Minimum and recommended, in the shapes, in the code and on the profiles' own pages."""
    for profile in Profile:
        graph = rdflib.Graph().parse(shapes_file(profile))
        asked: dict[str, set[str]] = {"Violation": set(), "Warning": set()}
        for shape in graph.subjects(SH.minCount):
            severity = str(graph.value(shape, SH.severity)).removeprefix(str(SH))
            asked[severity].add(str(shape).rpartition("-")[2])
        published = {
            letter: {term.name for term in terms(profile) if term.marginality == letter}
            for letter in "MR"
        }
        assert asked == {"Violation": published["M"], "Warning": published["R"]}
        assert set(profile.minimum) == published["M"]
        assert set(profile.recommended) == published["R"]
        targets = set(graph.objects(None, SH.targetNode))
        assert targets == {rdflib.URIRef(profile.iri)}


def test_all_shapes_have_a_message_and_a_severity() -> None:
    assert len(bioschemas_shapes()) == len(Profile) + 1
    for path in bioschemas_shapes():
        graph = rdflib.Graph().parse(path)
        shapes = set(graph.subjects(rdflib.RDF.type, SH.PropertyShape))
        for shape in shapes:
            assert graph.value(shape, SH.message), shape
            assert graph.value(shape, SH.severity), shape
        used = set(graph.objects(None, SH.property))
        assert used == shapes, "every property shape hangs on another, and exists"


def test_they_are_not_among_the_shapes_of_an_export() -> None:
    assert not set(bioschemas_shapes()) & set(shipped_shapes())
    assert {path.parent.name for path in bioschemas_shapes()} == {"bioschemas"}


def test_what_claims_no_profile_is_not_held_to_one() -> None:
    page = whole(Profile.GENE, "gene")
    del page[CONFORMS_TO], page["name"]
    assert not results([page], shapes_file(Profile.GENE), ShaclEngine.FAST)
    page[CONFORMS_TO] = {"@id": Profile.TAXON.iri}
    assert not results([page], shapes_file(Profile.GENE), ShaclEngine.FAST)


# --- Google's rules --------------------------------------------------------------------------

RECOMMENDED = (
    "alternateName", "citation", "creator", "distribution", "identifier",
    "includedInDataCatalog", "isAccessibleForFree", "keywords", "license",
    "measurementTechnique", "url", "variableMeasured", "version",
)  # fmt: skip


def google(**changes: Any) -> dict[str, Any]:
    """Return a data set that has all that Google asks for, with changes; None leaves out."""
    page = whole(Profile.DATASET, "google") | {
        "description": "d" * 50,
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": "https://example.org/a.ttl",
            "encodingFormat": "text/turtle",
        },
    }
    return {key: value for key, value in (page | changes).items() if value is not None}


NO_CREATOR_NAME = {"@type": "Organization", "url": "https://example.org/"}
GOOGLE = [
    (google(), set()),
    (google(description="d" * 5000), set()),
    (google(description="d" * 49), {("Google-description", "Violation")}),
    (google(description="d" * 5001), {("Google-description", "Violation")}),
    (google(description=None), {("Google-description", "Violation")}),
    (google(name=None), {("Google-name", "Violation")}),
    (google(name=""), {("Google-name", "Violation")}),
    (google(distribution={"@type": "DataDownload"}), {
        ("Google-download", "Violation"), ("Google-download-format", "Info"),
    }),
    (google(creator=NO_CREATOR_NAME), {("Google-creator-name", "Info")}),
    *(
        (google(**{name: None}), {(f"Google-{name}", "Info")} | (
            {("Google-creator-name", "Info")} if name == "creator" else set()
        ))
        for name in RECOMMENDED
    ),
]  # fmt: skip


@pytest.mark.parametrize("engine", [ShaclEngine.FAST, ShaclEngine.PYSHACL])
def test_googles_rules(engine: ShaclEngine) -> None:
    (shapes,) = (path for path in bioschemas_shapes() if path.name.startswith("google"))
    pages = [{**page, "@id": f"https://example.org/{i}"} for i, (page, _) in enumerate(GOOGLE)]
    for page in pages:
        if isinstance(page.get("distribution"), dict):
            page["distribution"] = {**page["distribution"], "@id": f"{page['@id']}/file"}
    found = results(pages, shapes, engine)
    for page, (_, expected) in zip(pages, GOOGLE, strict=True):
        iri = str(page["@id"])
        assert found.get(iri, set()) | found.get(f"{iri}/file", set()) == expected, page


# --- the pages -------------------------------------------------------------------------------


def kinds_of(real: list[Real]) -> dict[Profile, list[JsonObject]]:
    """Return all pages by profile; entities that stand in several figures once."""
    kinds: dict[Profile, dict[object, JsonObject]] = defaultdict(dict)
    for page in pages_of(one.graph for one in real):
        kinds[page.profile].setdefault(page.data["@id"], page.data)
    landing = landing_page()
    kinds[Profile.DATA_CATALOG][landing["@id"]] = landing
    return {profile: list(pages.values()) for profile, pages in kinds.items()}


def assert_that_engines_agree(kinds: dict[Profile, list[JsonObject]]) -> None:
    """Validate all pages of a kind with both engines: nothing is more than a warning."""
    assert set(kinds) == set(Profile)
    for profile, pages in kinds.items():
        fast, reference = (
            results(pages, shapes_file(profile), engine)
            for engine in (ShaclEngine.FAST, ShaclEngine.PYSHACL)
        )
        assert fast == reference
        severities = {severity for found in fast.values() for _, severity in found}
        assert severities == {"Warning"}, profile


@pytest.mark.whole
def test_both_engines_agree_on_the_pages_of_the_seeds(
    seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_that_engines_agree(kinds_of(real_outcomes(seeds, tmp_path_factory.mktemp("work"))))


@pytest.mark.whole
def test_both_engines_agree_on_all_real_pages(
    sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = all_real(sample, seeds, tmp_path_factory.getbasetemp())
    for group in (real["today"], real["old"]):  # a page of today may be the later one of an old
        kinds = kinds_of(group)
        assert len(kinds[Profile.DATASET]) == len(group)
        assert_that_engines_agree(kinds)


def test_the_command_validates_a_page_with_the_documented_context(
    tmp_path: Path, root: Path
) -> None:
    text = (root / "docs" / "schema-org.md").read_text()
    context = json.loads(text.partition("```json\n")[2].partition("```")[0])
    assert context == CONTEXT
    page = tmp_path / "page.jsonld"
    page.write_text(json.dumps({**google(), "@context": context}))
    assert list(pyoxigraph.parse(page.read_bytes(), pyoxigraph.RdfFormat.JSON_LD))
    triples = list(read_triples(page))
    outcome = validate(triples, list(read_triples(shapes_file(Profile.DATASET))))
    assert outcome.conforms
    assert outcome.focus_nodes == 1
    assert (IRI("https://example.org/google"), IRI(CONFORMS_TO), Profile.DATASET.iri) in triples
