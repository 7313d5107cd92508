"""Every shipped question, run on four releases and held to the rows it should have.

`seeds` are the five seed pages, `pages` six made ones (renamed symbols, three figures of one
paper, one without mentions, a symbol of two organisms), `sample` the real figures beside the
project, and `made` the pages that stand for them. What is expected of each question lies in
`rows/NAME.RELEASE.tsv`, as SPARQL's own TSV; a triple a line where the question constructs
a graph, `true` or `false` where it asks. `--update-golden` writes them anew. Of `made` there are
files only where a title or caption shows: all else is as in `sample`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat
from rdflib import XSD, Dataset, Literal
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import ResultRow

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME
from pfocr_rdf.query.questions import QueryForm, Question, bind, load_questions
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from tests.support.places import ROOT
from tests.support.samples import MADE, REAL, SAMPLES

pytestmark = pytest.mark.whole  # takes long

HERE = Path(__file__).parent / "rows"
ALIGNMENT = NamedNode("https://w3id.org/pfocr/graph/alignment")

QUESTIONS = load_questions()
NAMES = [path.stem for path in sorted((ROOT / "queries").glob("*.rq"))]
LOCAL = [name for name in NAMES if not QUESTIONS[name].federated]
RELEASES = ("seeds", "pages", "sample")
"""Those with a file of rows for every question."""
OF_SAMPLES = ("made", "sample") if REAL in SAMPLES else ("made",)

GIVEN: dict[str, dict[str, str]] = {
    "seeds": {},
    "pages": {
        "gene": "G6PC1",
        "genes": "HGNC:4056,RIGI",
        "other": "SEPTIN3",
        "figid": "PMC1000001__fig-2",
        "pmcid": "PMC1000001",
        "year": "2022",
        "journal": "A journal",
        "words": "glucose",
        "symbol": "SEPT3",
        "tiers": "symbol,family",
        "organism": "9606",
    },
    "sample": {
        "gene": "MMP2",
        "genes": "MMP2,AKT1,ncbigene:208",
        "other": "ncbigene:4677",
        "figid": "https://pfocr.wikipathways.org/figures/PMC11967956__pone.0303736.g007.html",
        "pmcid": "PMC11967956",
        "words": "SIGNALING",
        "symbol": "AsnRS",
        "tiers": "symbol,synonym,family",
    },
}
GIVEN["made"] = GIVEN["sample"] | {"words": "STORY"}
"""What is asked instead of the defaults, by the name of a parameter."""
GIVEN_TO = {("genes-beside-chemical", release): {"tiers": "all"} for release in ("sample", "made")}
"""And of one question: genes beside the chemical have no tier there."""


def given(question: Question, release: str) -> dict[str, str]:
    """Return the values of a question's parameters that a release has others for."""
    known = GIVEN[release] | GIVEN_TO.get((question.name, release), {})
    return {p.name: known[p.name] for p in question.parameters if p.name in known}


def release_inputs(release: str) -> tuple[Path, Path | None]:
    """Return what a release is exported from, and the HGNC table (None: the embedded one)."""
    if release == "seeds":
        return ROOT / "seeds", None
    if release == "pages":
        return HERE / "pages", HERE / "hgnc.tsv"
    sample = MADE if release == "made" else REAL
    return sample.pages, sample.hgnc


def loaded(folder: Path) -> pyoxigraph.Store:
    """Return the store of a release: its dump, its description, and the alignments apart."""
    store = pyoxigraph.Store()
    for name in ("pfocr.ttl", "void.ttl"):
        store.bulk_load(path=str(folder / name), format=RdfFormat.TURTLE)
    store.bulk_load(path=str(folder / "alignment.ttl"), format=RdfFormat.TURTLE, to_graph=ALIGNMENT)
    return store


StoreOf = Callable[..., pyoxigraph.Store]


@pytest.fixture(scope="session")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> StoreOf:
    """Give the store of a release, exported once for each IRI style."""

    @cache
    def store(release: str, style: IriStyle = IriStyle.OBO) -> pyoxigraph.Store:
        inputs, table = release_inputs(release)
        embedded = resources.files("pfocr_rdf").joinpath("data", EMBEDDED_NAME)
        with resources.as_file(embedded) as path:
            options = ExportOptions(
                formats=(FormatName.TURTLE,),
                hgnc=table or path,
                style=style,
                jobs=1,
                validate=False,
            )
            out = tmp_path_factory.mktemp(release) / "out"
            return loaded(export([inputs], out, options).folder)

    return store


def answer(store: pyoxigraph.Store, text: str) -> str:
    """Return what a query answers, as the files of expected rows have it."""
    results = store.query(text)
    if isinstance(results, pyoxigraph.QueryBoolean):
        return f"{str(bool(results)).lower()}\n"
    if isinstance(results, pyoxigraph.QuerySolutions):
        table = results.serialize(format=QueryResultsFormat.TSV)
        assert table is not None
        return table.decode()
    return "".join(sorted(f"{triple} .\n" for triple in results))


def rows(expected: str, form: QueryForm) -> list[str]:
    """Return the rows of an answer, without the line of names that a table has."""
    return expected.splitlines()[1 if form is QueryForm.SELECT else 0 :]


def expected_rows(name: str, release: str) -> str:
    """Return what is expected of a question."""
    path = HERE / f"{name}.{release}.tsv"
    if release == "made" and not path.exists():
        path = HERE / f"{name}.sample.tsv"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("release", ["seeds", "pages", *OF_SAMPLES])
@pytest.mark.parametrize("name", LOCAL)
def test_a_question_has_the_rows_that_are_expected(
    name: str, release: str, store_of: StoreOf, *, update_golden: bool
) -> None:
    question = QUESTIONS[name]
    found = answer(store_of(release), bind(question, given(question, release)))
    if update_golden:
        path = HERE / f"{name}.{release}.tsv"
        path.unlink(missing_ok=True)
        if release != "made" or found != expected_rows(name, release):
            path.write_text(found, encoding="utf-8")
    assert found == expected_rows(name, release)


@pytest.mark.parametrize("name", LOCAL)
def test_a_question_has_rows_somewhere_or_says_why_not(name: str) -> None:
    question = QUESTIONS[name]
    texts = [(HERE / f"{name}.{each}.tsv").read_text(encoding="utf-8") for each in RELEASES]
    filled = any(rows(text, question.form) for text in texts)
    assert filled is not bool(question.empty)


def test_there_is_a_file_of_rows_for_every_question_and_no_other() -> None:
    local = {f"{name}.{release}.tsv" for name in LOCAL for release in RELEASES}
    federated = {f"{name}.federated.tsv" for name in set(NAMES) - set(LOCAL)}
    made = {path.name for path in HERE.glob("*.made.tsv")}
    assert {path.name for path in HERE.glob("*.*.tsv")} == local | federated | made
    assert made < {f"{name}.made.tsv" for name in LOCAL}


def test_each_file_is_a_question() -> None:
    assert list(QUESTIONS) == NAMES
    assert len(NAMES) >= 28


NEUTRAL = (
    (r"https?://identifiers\.org/ncbigene/|http://purl\.uniprot\.org/geneid/", "gene:"),
    (r"https?://identifiers\.org/hgnc/|http://purl\.uniprot\.org/hgnc/HGNC:", "hgnc:"),
    (r"http://purl\.obolibrary\.org/obo/NCBITaxon_|http://purl\.uniprot\.org/taxonomy/", "taxon:"),
    (r"http://purl\.obolibrary\.org/obo/CHEBI_|https://identifiers\.org/chebi/CHEBI:", "chebi:"),
    (r"http://purl\.obolibrary\.org/obo/DOID_|https://identifiers\.org/doid/DOID:", "doid:"),
    (
        (
            r"http://id\.nlm\.nih\.gov/mesh/|https://identifiers\.org/mesh/|"
            r"http://purl\.uniprot\.org/mesh/"
        ),
        "mesh:",
    ),
)


def neutral(text: str, form: QueryForm) -> list[str]:
    """Return rows with the IRIs of entities as CURIEs, so that styles can be compared."""
    lines = [line for line in rows(text, form) if "same as" not in line]
    for pattern, prefix in NEUTRAL:
        lines = [re.sub(pattern, prefix, line) for line in lines]
    return sorted(lines)


@pytest.fixture(autouse=True)
def _stores_are_there(request: pytest.FixtureRequest, store_of: StoreOf) -> None:
    """Make the store that a test asks before it asks, as it costs more than all its questions."""
    given = getattr(request.node, "callspec", None)
    if given is not None and "release" in given.params:
        store_of(given.params["release"], given.params.get("style", IriStyle.OBO))
        store_of(given.params["release"])


@pytest.mark.parametrize("style", [IriStyle.WIKIPATHWAYS, IriStyle.UNIPROT])
@pytest.mark.parametrize("release", ["seeds", *OF_SAMPLES])
@pytest.mark.parametrize("name", LOCAL)
def test_a_question_answers_alike_in_every_iri_style(
    name: str, release: str, style: IriStyle, store_of: StoreOf
) -> None:
    question = QUESTIONS[name]
    text = bind(question, given(question, release))
    other = neutral(answer(store_of(release, style), text), question.form)
    assert other == neutral(answer(store_of(release), text), question.form)


@pytest.mark.parametrize("name", NAMES)
def test_another_parser_reads_the_text(name: str) -> None:
    prepareQuery(QUESTIONS[name].text)


@pytest.fixture(scope="session")
def rdflib_pages(store_of: StoreOf) -> Dataset:
    """The release `pages` in rdflib."""
    dataset = Dataset()
    quads = store_of("pages").dump(format=RdfFormat.N_QUADS)
    assert quads is not None
    dataset.parse(data=quads, format="nquads")
    return dataset


def plain(term: object) -> object:
    """Return a term of either engine in the one form in which they can be compared."""
    if isinstance(term, pyoxigraph.Literal):
        term = Literal(term.value, datatype=term.datatype.value)
    if isinstance(term, Literal):
        return float(term) if term.datatype in {XSD.integer, XSD.decimal} else str(term)
    return getattr(term, "value", term) and str(getattr(term, "value", term))


# rdflib makes a row of a group of nothing, so what has no rows cannot be compared; paths are
# held to a search of our own.
COMPARED = [
    name
    for name in LOCAL
    if name != "co-mention-path"
    and QUESTIONS[name].form is QueryForm.SELECT
    and (path := HERE / f"{name}.pages.tsv").is_file()
    and rows(path.read_text(encoding="utf-8"), QueryForm.SELECT)
]


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("name", COMPARED)
def test_another_engine_answers_alike(name: str, store_of: StoreOf, rdflib_pages: Dataset) -> None:
    question = QUESTIONS[name]
    text = bind(question, given(question, "pages"))
    results = store_of("pages").query(text)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in results.variables]
    ours = Counter(tuple(plain(row[each]) for each in names) for row in results)
    others = (cast("ResultRow", row).asdict() for row in rdflib_pages.query(text))
    assert Counter(tuple(plain(row.get(each)) for each in names) for row in others) == ours


def mentioned_prefixes(text: str) -> Iterator[str]:
    """Yield the prefixes that a text uses below its prologue."""
    body = text[text.index("\n\n") :]
    bare = re.sub(r"#[^\n]*|\"[^\"]*\"|<[^>]*>", "", body)
    yield from re.findall(r"(?<![?\w])([a-z]+):(?=[A-Za-z0-9])", bare)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_declares_the_prefixes_that_it_uses(name: str) -> None:
    question = QUESTIONS[name]
    assert set(question.prefixes) == set(mentioned_prefixes(question.text))
    assert list(question.prefixes) == sorted(question.prefixes)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_names_no_entity_by_an_iri_of_one_style(name: str) -> None:
    outside = re.sub(
        r"SERVICE <[^>]+> \{.*?\n {6,8}\}\n", "", QUESTIONS[name].text, flags=re.DOTALL
    )
    body = re.sub(r"(?m)^PREFIX .*$", "", outside)
    for pattern, _ in NEUTRAL:
        assert re.search(pattern, body) is None
