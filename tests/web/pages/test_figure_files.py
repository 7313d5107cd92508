"""What is taken away of a figure and of a release, read by programs that are not ours."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import rispy  # type: ignore[import-untyped]
import yaml
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware

from pfocr_rdf.query.index import Ref
from pfocr_rdf.rdf import Iris, IriStyle, Kind, Prefixes
from pfocr_rdf.release import Release
from pfocr_rdf.web.pages.citations import (
    PFOCR_PAPER,
    RELEASE_CITATIONS,
    cited_release,
    release_citation,
    release_citations,
    rights,
)
from pfocr_rdf.web.pages.figure_files import FIGURE_FILES, figure_files
from pfocr_rdf.web.pages.mention_tsv import COLUMNS
from pfocr_rdf.web.pages.views import FigureView, MentionView, PaperView
from pfocr_rdf.web.pages.wrong_readings import wrong_reading
from tests.support.places import ROOT
from tests.web.pages.test_hostile import ATTACKS
from tests.web.pages.test_mention_rows import mention

PREFIXES = Prefixes(Iris(IriStyle.OBO))
FORMULAS = ("=1+2", "+SUM(A1)", "-2+3", "@cmd", "\t=1", '=HYPERLINK("http://x")\n=2')
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
IRI = "https://pfocr.wikipathways.org/figures/PMC1__f.1.html"
TITLE = r"β-catenin {and} 50% of A_1 & B^2 ~ $x$ #1 \ end"
PAPER = PaperView(
    iri="http://identifiers.org/pmc/PMC1",
    pmcid="PMC1",
    title=TITLE,
    other_titles=(),
    doi="10.1/a_b{c",
    doi_url="https://doi.org/10.1/a_b",
    pmid="",
    pubmed_url="",
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC1/",
    year="2008",
    citation="L. Hofbauer, et al. Breast Cancer Res. 2008.",
    keywords=(),
    journal="Breast Cancer & Research",
    publisher="BMC",
)
FIGURE = FigureView(
    iri=IRI,
    figid="PMC1__f.1",
    alias="",
    title=TITLE,
    caption="",
    url=IRI,
    image_url="https://europepmc.org/articles/PMC1/bin/f.1.jpg",
    source_url="",
    number="F1",
    figure_type=None,
    score="",
    rank="",
    license=CC0,
    creator="WikiPathways",
    keywords=(),
    terms=(),
    network_url="",
    pathway_urls=(),
    former_urls=(),
    organisms=(),
    organisms_recognized=(),
    organisms_in_text=(),
    mentions=(),
    paper=PAPER,
    siblings=(),
    neighbours=(),
)
RELEASE = Release(Path(), "0" * 64, "2026-11", "2026-11-30", (), IriStyle.OBO)


def tsv(*mentions: MentionView) -> list[dict[str, str]]:
    content = figure_files(replace(FIGURE, mentions=mentions), PREFIXES)["tsv"].decode()
    return list(csv.DictReader(io.StringIO(content), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_each_mention_is_a_row_with_what_the_page_says() -> None:
    gene = Ref(Kind.GENE, "http://identifiers.org/ncbigene/8600", "TNFSF11")
    (row,) = tsv(mention("RANKL", "TNFSF11", entity=gene, doubts=("one of 2 readings",)))
    assert tuple(row) == COLUMNS
    assert row["figid"] == "PMC1__f.1"
    assert (row["word"], row["id"], row["label"]) == ("RANKL", "ncbigene:8600", "TNFSF11")
    assert (row["occurrences"], row["readings"]) == ("1", "1")
    assert row["doubts"] == "one of 2 readings"


@pytest.mark.parametrize("text", [*FORMULAS, *ATTACKS])
def test_no_cell_is_computed_by_a_spreadsheet_or_breaks_a_row(text: str) -> None:
    rows = tsv(mention(text, text, matched=text, stated=text), mention("AKT", "AKT1"))
    assert len(rows) == 2
    for row in rows:
        assert None not in row
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_library_reads_the_bibtex_as_it_was_meant() -> None:
    content = figure_files(FIGURE, PREFIXES)["bib"].decode()
    library = parse_string(content, append_middleware=[LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    figure, paper = library.entries
    assert (figure.entry_type, figure.key) == ("misc", "PMC1__f.1")
    assert (paper.entry_type, paper.key) == ("article", "PMC1")
    said = {field.key: field.value.strip("{}") for field in figure.fields}
    # The library leaves out braces of the text, and has another sign for a circumflex.
    assert said["title"] == TITLE.translate({ord("{"): "", ord("}"): "", ord("^"): "ˆ"})
    assert r"\textbraceleft{}and\textbraceright{}" in content
    assert said["url"] == IRI
    assert "the image has the licence of its paper" in said["note"]
    said = {field.key: field.value for field in paper.fields}
    assert said["journal"] == "Breast Cancer & Research"
    assert said["year"] == "2008"
    assert "doi = {10.1/a_b%7Bc}" in content


@pytest.mark.parametrize("text", [*ATTACKS, "}}, @article{x, title={", "\\", "{", "}", "%", '"'])
def test_no_title_breaks_out_of_its_entry(text: str) -> None:
    view = replace(FIGURE, title=text, paper=replace(PAPER, title=text, citation=text))
    made = figure_files(view, PREFIXES)
    library = parse_string(made["bib"].decode())
    assert [each.key for each in library.entries] == ["PMC1__f.1", "PMC1"]
    assert library.failed_blocks == []
    assert len(rispy.loads(made["ris"].decode())) == 2


def test_a_library_reads_the_ris_as_it_was_meant() -> None:
    figure, paper = rispy.loads(figure_files(FIGURE, PREFIXES)["ris"].decode())
    assert (figure["type_of_reference"], paper["type_of_reference"]) == ("FIGURE", "JOUR")
    assert figure["title"] == paper["title"] == TITLE
    assert figure["urls"] == [IRI]
    assert (paper["year"], paper["doi"]) == ("2008", "10.1/a_b{c")
    assert paper["secondary_title"] == "Breast Cancer & Research"


def test_a_figure_without_a_paper_is_cited_alone() -> None:
    made = figure_files(replace(FIGURE, paper=None), PREFIXES)
    assert tuple(made) == tuple(FIGURE_FILES)
    assert len(parse_string(made["bib"].decode()).entries) == 1
    assert len(rispy.loads(made["ris"].decode())) == 1


def test_the_image_has_another_licence_than_the_record() -> None:
    assert rights(CC0) == "The record is CC0 1.0; the image has the licence of its paper."
    assert rights("https://example.org/mine") == "The image has the licence of its paper."


def test_a_release_is_cited_by_name_day_and_iri_with_the_paper() -> None:
    made = release_citations(RELEASE)
    assert tuple(made) == tuple(RELEASE_CITATIONS)
    said = yaml.safe_load(made["CITATION.cff"])
    assert said["cff-version"] == "1.2.0"
    assert said["type"] == "dataset"
    assert said["version"] == "2026-11"
    assert said["date-released"] == "2026-11-30"
    assert said["license"] == "CC0-1.0"
    assert said["url"] == "https://w3id.org/pfocr/release/2026-11"
    assert said["references"][0]["doi"] == "10.1186/s13059-020-02181-2"
    data, paper = parse_string(made["citation.bib"].decode()).entries
    assert (data["version"], data["year"], paper["year"]) == ("2026-11", "2026", "2020")
    assert [each["type_of_reference"] for each in rispy.loads(made["citation.ris"].decode())] == [
        "DATA", "JOUR"
    ]  # fmt: skip
    assert release_citation(RELEASE) == (
        "WikiPathways (2026). PFOCR pathway figures as linked data, 2026-11. "
        "https://w3id.org/pfocr/release/2026-11"
    )


def test_a_release_without_a_name_is_cited_as_the_data_set() -> None:
    data, _ = cited_release(RELEASE._replace(name="", issued=""))
    assert (data.url, data.version, data.year) == ("https://w3id.org/pfocr/dataset", "", "")
    said = yaml.safe_load(release_citations(RELEASE._replace(name="", issued=""))["CITATION.cff"])
    assert {"version", "date-released"}.isdisjoint(said)


def test_the_paper_is_cited_as_our_own_citation_file_does() -> None:
    ours = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["references"][0]
    said = yaml.safe_load(release_citations(RELEASE)["CITATION.cff"])["references"][0]
    assert {**ours, "start": str(ours["start"])} == said
    assert PFOCR_PAPER.doi == ours["doi"]


def test_a_wrong_reading_is_reported_to_the_database_filled_in() -> None:
    address = urlsplit(wrong_reading(FIGURE))
    assert (address.scheme, address.netloc) == ("https", "github.com")
    assert address.path == "/wikipathways/pfocr-database/issues/new"
    asked = parse_qs(address.query)
    assert asked["title"] == ["Wrong reading in PMC1__f.1"]
    (body,) = asked["body"]
    for known in (IRI, FIGURE.image_url, "_figures/PMC1__f.1.md", "What it stands for:"):
        assert known in body
    assert len(wrong_reading(FIGURE)) < 1000
