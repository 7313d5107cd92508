"""Pages of every generation are read by their keys, and each oddity seen in real ones is held."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.figures.decode.page import NOT_MAPPED, SideTables
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.model import Annotation, Creator, Figure
from pfocr_rdf.figures.pipeline import FigureOutcome
from pfocr_rdf.figures.read.sources import InputDigest, RawFigure
from pfocr_rdf.findings import Counted, Finding, Outcome
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA
from tests.support.pathway_pages import (
    FIGID,
    FIGURE,
    NOWHERE,
    Fields,
    Real,
    Said,
    all_real,
    base_tree,
    fields,
    jsonld,
    outcome_of,
    pipeline,
    written,
)
from tests.support.samples import Sample

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
PLACEHOLDERS: list[Any] = ["", "NA", ".na.character", " NA ", None, [], {}]


@pytest.fixture(scope="module")
def real(
    sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Real]]:
    """All real pages by group and figid."""
    groups = all_real(sample, seeds, tmp_path_factory.getbasetemp())
    return {
        name: {one.outcome.figure.figid: one for one in group if one.outcome.figure}
        for name, group in groups.items()
    }


def figure_of(one: Real) -> Figure:
    assert one.outcome.figure is not None
    return one.outcome.figure


def figure(page: Fields, **more: object) -> Figure:
    """Decode a page that must be a figure, without any finding."""
    outcome = outcome_of(page, **more)  # type: ignore[arg-type]
    assert [f for f in outcome.findings if f.code not in {"unknown-symbol", "no-identifier"}] == []
    assert outcome.figure is not None
    return outcome.figure


def decoded(page: Fields) -> tuple[Figure, list[Finding], FigureOutcome]:
    """Decode a page that must be a figure."""
    outcome = outcome_of(page)
    assert outcome.figure is not None
    assert outcome.ledger.imbalances() == []
    found = [f for f in outcome.findings if f.code not in {"unknown-symbol", "no-identifier"}]
    return outcome.figure, found, outcome


def reasons(outcome: FigureOutcome) -> dict[str, str]:
    """Return why each leaf that is not in the graph is not."""
    return {entry.path: entry.reason for entry in outcome.entries if entry.kind is Counted.LEAF}


# --- the real pages --------------------------------------------------------------------------


def names(organisms: object) -> list[str]:
    return [organism.name for organism in organisms]  # type: ignore[attr-defined]


def test_index_names_the_pages_that_are_tested_here(
    sample: Sample, real: dict[str, dict[str, Real]]
) -> None:
    with (sample.pages / "INDEX.tsv").open() as file:
        listed = {row["path"] for row in csv.DictReader(file, delimiter="\t")}
    assert len(listed) == 42
    pages = {f"_figures/{figid}.md" for figid in real["today"]}
    pages |= {f"old/{figid}@old.md" for figid in real["old"]}
    pages |= {f"_data/{table.name.rpartition('/')[2]}" for one in real["today"].values()
              for table in one.raw.tables}  # fmt: skip
    assert listed - pages == {path for path in listed if path.startswith("_organisms/")}


def test_generations_are_told_by_their_keys(real: dict[str, dict[str, Real]]) -> None:
    first = figure_of(real["old"]["PMC6943888__40035_2019_179_Fig1_HTML"])
    assert (first.alias, first.type, first.redirects) == ("", None, ())
    assert (first.number, first.rank, first.score) == ("Fig. 1", "35051", "0.9554991")
    assert first.page == "https://pmc.ncbi.nlm.nih.gov/articles/PMC6943888/figure/Fig1/"
    assert first.keyword_mentions == ()
    assert any(ord(c) in range(0x400, 0x500) for m in first.mentions for c in m.statement.word)
    assert any(m.statement.mesh_id.startswith("C") for m in first.mentions)

    seed = figure_of(real["seeds"]["PMC4168338__10-1055-s-0031-1298276-i430gf01"])
    assert (seed.alias, seed.type) == ("PMC4168338__F1", PFOCR.Figure)
    assert seed.redirects == ("https://pfocr.wikipathways.org/figures/PMC4168338__F1",)
    assert (seed.score, seed.rank) == ("0.9789352", "142986")
    assert seed.paper.title.startswith("RANK, RANKL and OPG Expression in Breast Cancer – Infl")

    newest = figure_of(real["today"]["PMC6365454__fnins-13-00025-g0002"])
    assert newest.wikipathways == ("https://identifiers.org/wikipathways/WP5283",)
    assert newest.ndex == (
        "https://www.ndexbio.org/viewer/networks/1c2b5aa2-deed-11ea-99da-0ac135e8bacf"
    )
    assert (newest.score, newest.rank) == ("0.9337271", "")
    assert {"na", "Na", "NAD"} <= set(newest.keywords)


def test_one_figure_in_two_generations_has_one_iri(real: dict[str, dict[str, Real]]) -> None:
    old, new = (figure_of(real[group]["PMC100003__mb2410470011"]) for group in ("old", "today"))
    assert old.iri == new.iri
    assert names(old.organisms) == ["Homo sapiens"]
    assert (old.rank != "", new.rank) == (True, "")
    assert {m.statement.organism for m in new.mentions} == {"7227"}
    assert names(new.organisms_recognized) == ["Drosophila melanogaster"]
    assert (new.paper.doi, new.paper.journal, new.paper.keywords) == ("", "", ())


def test_figures_without_genes(real: dict[str, dict[str, Real]]) -> None:
    chemicals_only = figure_of(real["today"]["PMC100028__ii1110348001"])
    assert (chemicals_only.organisms, chemicals_only.organisms_recognized) == ((), ())
    assert {m.statement.kind for m in chemicals_only.mentions} == {Kind.CHEMICAL}
    assert chemicals_only.keyword_mentions == ()

    plant = figure_of(real["today"]["PMC10033964__fpls-14-1114840-g002"])
    assert "NO" in plant.keywords
    (nitric_oxide,) = [m for m in plant.mentions if m.statement.word == "NO"]
    assert nitric_oxide.statement[2:] == ("", "", "", "", "", "", "", "")

    scheme = figure_of(real["today"]["PMC10033909__d3sc00173c-s1"])
    assert scheme.type == PFOCR.SupplementalFigure
    assert scheme.number == "SF1"
    assert "[O]" in scheme.keywords
    assert any(word.endswith(" ") and "  " in word for word in scheme.keywords)
    assert any(m.statement.word == "Me  Me  Me " for m in scheme.mentions)


def test_a_keyword_may_be_a_scalar(real: dict[str, dict[str, Real]]) -> None:
    one = real["today"]["PMC11025832__pone.0302406.g007"]
    assert one.raw.page is not None
    assert "\n  keywords: Ca2+\n" in one.raw.page
    assert figure_of(one).keywords == ("Ca2+",)
    (calcium,) = figure_of(one).mentions
    assert calcium.occurrences == 5
    assert calcium.statement.accession == "29108"


@pytest.mark.parametrize(
    ("figid", "number", "concept"),
    [
        ("PMC10031380__sc1", "S1", PFOCR.Scheme),
        ("PMC10036500__ga1", "GA1", PFOCR.GraphicalAbstract),
    ],
)
def test_figure_types(
    real: dict[str, dict[str, Real]], figid: str, number: str, concept: str
) -> None:
    found = figure_of(real["today"][figid])
    assert (found.number, found.type) == (number, concept)


def test_organisms_as_text_mining_left_them(real: dict[str, dict[str, Real]]) -> None:
    strain = figure_of(real["today"]["PMC10028837__nihpp-2023.03.03.530734v1-f0001"])
    assert strain.figid.count(".") == 3
    assert "NA" not in names(strain.organisms)
    assert len(strain.organisms_recognized) >= 2
    assert strain.paper.doi == "10.1101/2023.03.03.530734"

    both = figure_of(real["old"]["PMC2728865__GEN18241279f2"])
    assert [(o.name, o.taxon_id != "") for o in both.organisms] == [
        ("Homo sapiens", True), ("Drosophila mojavensis", False),
    ]  # fmt: skip
    assert "P(k)" in {m.statement.match for m in both.mentions}
    assert both.title.endswith(".")

    bacteria = figure_of(real["today"]["PMC10039701__fuad010fig2"])
    assert (len(bacteria.organisms), len(bacteria.organisms_recognized)) == (39, 9)
    assert {"l(3)mbt", "be", "im"} <= set(bacteria.keywords)

    mouse = figure_of(real["today"]["PMC10034247__11064_2023_3912_Fig1_HTML"])
    assert {"Mus musculus", "Rattus norvegicus", "Homo sapiens"} <= set(names(mouse.organisms))
    assert names(mouse.organisms_recognized) == ["Mus musculus"]
    assert mouse.may_be_human, "curators say human too"
    assert "23 :1-5." in mouse.paper.citation


def test_captions_with_all_that_yaml_quotes(real: dict[str, dict[str, Real]]) -> None:
    quoted = figure_of(real["old"]["PMC2277018__tjp0583-0415-f1"])
    assert ": " in quoted.description
    assert any("α" <= c <= "ω" for c in quoted.description)
    assert {"PKA+", "MAKAP"} <= {m.statement.word for m in quoted.mentions}
    assert "mAKAP" in {m.statement.match for m in quoted.mentions}

    elife = real["today"]["PMC4608393__elife08931f008"]
    assert (figure_of(elife).number, "fig8" in str(figure_of(elife).page)) == ("F1", True)
    assert figure_of(elife).ndex is not None
    assert "http" in figure_of(elife).description
    words = {m.statement.word for m in figure_of(elife).mentions}
    assert any("»" in word or "«" in word for word in words)
    assert figure_of(real["today"]["PMC10036500__ga1"]).description == "Figure"


def test_words_that_need_quotes(real: dict[str, dict[str, Real]]) -> None:
    one = figure_of(real["old"]["PMC2663056__pcbi.1000340.g003"])
    words = {m.statement.word for m in one.mentions}
    assert {"[EGF]1", "(ERK]1"} <= words
    chuk = {m.statement.match for m in one.mentions if m.statement.symbol == "CHUK"}
    assert {"IKK1", "IKK"} <= chuk


def test_only_oddities_that_are_there_are_found(real: dict[str, dict[str, Real]]) -> None:
    expected = {
        "text-repaired", "organism-unlinked", "no-identifier", "symbol-renamed", "unknown-symbol",
        "alias-only", "ambiguous-symbol", "gene-not-in-hgnc", "symbol-entrez-conflict",
    }  # fmt: skip
    found = {code for group in real.values() for one in group.values() for code in one.codes}
    assert found <= expected
    assert {"text-repaired", "organism-unlinked", "no-identifier"} <= found


def test_what_a_page_says_beyond_the_graph_is_left_out_on_purpose(
    real: dict[str, dict[str, Real]],
) -> None:
    left_out = {
        entry.path
        for group in real.values()
        for one in group.values()
        for entry in one.outcome.entries
        if entry.reason == "not-mapped"
    }
    assert left_out == set(NOT_MAPPED)


# --- field by field --------------------------------------------------------------------------


def test_a_whole_page() -> None:
    found = figure(fields(figid_alias="PMC1000001__F1", redirect_from="/figures/PMC1000001__F1"))
    assert (found.figid, found.iri, found.title) == (FIGID, FIGURE, "A pathway")
    assert found.image == "https://europepmc.org/articles/PMC1000001/bin/fig-1.jpg"
    assert found.license == CC0
    assert found.creator == Creator("WikiPathways", is_person=False)
    assert found.paper.pmcid == "PMC1000001"


@pytest.mark.parametrize("key", sorted(fields(ndex="x", wpid="x", genes="x", annotations="x",
                                              keywords="x", pathway_score="x", chemicals="x",
                                              pmc_ranked_result_index="x", redirect_from="x",
                                              journal_title="x", publisher_name="x",
                                              figid_alias="x").keys() - {"figid"}))  # fmt: skip
@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_a_missing_value_of_any_field_is_missing_and_booked(key: str, value: object) -> None:
    page = fields()
    page[key] = value
    found, findings, outcome = decoded(page)
    assert findings == []
    assert reasons(outcome)[key] == "missing-value"
    without = {k: v for k, v in page.items() if k != key}
    if key == "genes" and value == []:
        assert found.keyword_mentions == ()  # it states that there are none
        return
    assert found == decoded(without)[0]


@pytest.mark.parametrize("key", ["@id", "description", "license", "creator", "keywords"])
@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_a_missing_value_of_the_block_is_missing_and_booked(key: str, value: object) -> None:
    block = jsonld() | {key: value}
    _, findings, outcome = decoded(fields(**{"schema-jsonld": block}))
    assert findings == []
    assert reasons(outcome)[f"schema-jsonld.{key}"] == "missing-value"


@pytest.mark.parametrize("key", sorted(fields().keys() - {"figid", "organisms", "organisms_ner"}))
@pytest.mark.parametrize("value", [["a", "b"], {"a": "b"}, [["a"]], "just text"])
def test_a_value_of_another_form_is_a_finding_and_its_leaves_are_booked(
    key: str, value: object
) -> None:
    page = fields()
    page[key] = value
    _, findings, outcome = decoded(page)
    if value == "just text" and key in {"figtitle", "caption", "papertitle", "number"}:
        return
    if key == "filename" and value == "just text":
        assert [f.code for f in findings] == ["bad-identifier"]
        return
    assert findings, key
    assert all(f.field.startswith((key, "schema-jsonld.description")) for f in findings)
    assert any(path.startswith(key) for path in reasons(outcome))


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("year", "08", "bad-value"), ("year", "2020-01-01", "bad-value"),
        ("automl_pathway", "1.1", "bad-value"), ("automl_pathway", "-0.1", "bad-value"),
        ("automl_pathway", "NaN", "bad-value"), ("automl_pathway", "Infinity", "bad-value"),
        ("automl_pathway", "0,9", "bad-value"), ("automl_pathway", "1e-999999999", "bad-value"),
        ("automl_pathway", "0_1", "bad-value"), ("automl_pathway", "٠.٥", "bad-value"),
        ("pathway_score", "x", "bad-value"), ("pathway_score", "0.8", "value-conflict"),
        ("pmc_ranked_result_index", "1.5", "bad-value"),
        ("pmc_ranked_result_index", "01", "bad-value"),
        ("pmc_ranked_result_index", "9" * 5000, "bad-value"),
        ("doi", "doi", "bad-identifier"), ("doi", "10.1/x", "bad-identifier"),
        ("pmcid", "1000001", "bad-identifier"), ("figlink", "/articles/x", "bad-identifier"),
        ("figtype", "Photo", "unknown-figure-type"), ("ndex", "no-uuid", "bad-identifier"),
        ("wpid", "5283", "bad-identifier"), ("redirect_from", "/x/PMC1__F1", "bad-identifier"),
        ("made_up", "x", "unknown-field"),
    ],
)  # fmt: skip
def test_a_value_that_fails_its_pattern_is_never_in_the_graph(
    key: str, value: str, code: str
) -> None:
    found, findings, outcome = decoded(fields() | {key: value})
    assert [(f.code, f.field, f.value) for f in findings] == [(code, key, value[:500])]
    assert reasons(outcome)[key] == code
    page = fields() | {key: None if key != "pathway_score" else ""}
    assert found == decoded({k: v for k, v in page.items() if v is not None})[0]


@pytest.mark.parametrize(
    ("stated", "kept"),
    [("0", "0"), ("1", "1"), ("1.0", "1.0"), (".5", "0.5"), ("1.", "1"), ("9.5e-1", "0.95"),
     ("1E-7", "0.0000001"), ("0.9789352", "0.9789352"), (" 0.5 ", "0.5")],
)  # fmt: skip
def test_scores_keep_their_digits_and_lose_their_exponent(stated: str, kept: str) -> None:
    assert figure(fields(automl_pathway=stated)).score == kept
    assert figure(fields(automl_pathway=None, pathway_score=stated)).score == kept


def test_two_equal_scores_are_one() -> None:
    found, findings, outcome = decoded(fields(pathway_score="0.90"))
    assert (found.score, findings) == ("0.9", [])
    assert reasons(outcome)["pathway_score"] == "equals-automl_pathway"


@pytest.mark.parametrize("link", ["pmc/articles/PMC1000001/figure/F1", "/pmc/articles/PMC1000001/figure/F1/",
                                  "/articles/PMC1000001/figure/F1", " pmc/articles/PMC1000001/figure/F1/ "])  # fmt: skip
def test_a_figlink_with_and_without_slashes_is_one_page(link: str) -> None:
    page = "https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/figure/F1/"
    assert figure(fields(figlink=link)).page == page


def test_a_paper_that_is_not_that_of_the_figid() -> None:
    found, findings, _ = decoded(fields(pmcid="PMC7"))
    assert found.paper.pmcid == "PMC7"
    assert [(f.code, f.field) for f in findings] == [
        ("pmcid-mismatch", "pmcid"), ("pmcid-mismatch", "figlink"),
    ]  # fmt: skip
    assert found.page is None
    assert found.image == "https://europepmc.org/articles/PMC7/bin/fig-1.jpg"


def test_a_figlink_of_another_paper_is_never_the_same_figure() -> None:
    link = "/pmc/articles/PMC149053/figure/fig7/"
    found, findings, outcome = decoded(fields(figlink=link))
    assert found.page is None
    assert [(f.code, f.field, f.value) for f in findings] == [("pmcid-mismatch", "figlink", link)]
    assert reasons(outcome)["figlink"] == "pmcid-mismatch"
    assert Said(outcome.graph).by_subject[found.iri].get(SCHEMA.sameAs) is None


@pytest.mark.parametrize(
    ("stated", "number", "concept"),
    [
        ("Extended view", "EV2", PFOCR.ExtendedView),
        ("Appendix figure", "AF1", PFOCR.AppendixFigure),
    ],
)
def test_figure_types_of_online_journals(stated: str, number: str, concept: str) -> None:
    found = figure(fields(figtype=stated, number=number))
    assert (found.type, found.number) == (concept, number)


@pytest.mark.parametrize("name", ["NULL", "None", "nan", "NaN", "N/A", "n/a", " null "])
@pytest.mark.parametrize(
    "key",
    ["figtitle", "papertitle", "journal_title", "publisher_name", "number", "figid_alias", "doi"],
)
def test_what_other_programs_write_for_nothing_is_no_name(key: str, name: str) -> None:
    found, findings, outcome = decoded(fields(**{key: name}))
    assert findings == []
    assert reasons(outcome)[key] == "missing-value"
    assert found == decoded({k: v for k, v in fields().items() if k != key})[0]


def test_what_stands_for_nothing_may_be_a_word() -> None:
    block = jsonld("NAN", "None", "NULL", "N/A")
    found, _, _ = decoded(fields(organisms=["NULL", "nan"], **{"schema-jsonld": block}))
    assert found.keywords == ("NAN", "None", "NULL", "N/A")
    assert found.organisms == ()


def test_a_keyword_with_blanks_around_it_is_the_keyword() -> None:
    outcome = outcome_of(fields(**{"schema-jsonld": jsonld("TNF ", " IL6", "TNF")}))
    assert outcome.figure is not None
    assert [m.statement.symbol for m in outcome.figure.keyword_mentions] == ["TNF", "IL6"]
    assert outcome.figure.keywords == ("TNF ", " IL6", "TNF")
    row = {"word": "TNF ", "source": "MESH", "identifier": "D014409"}
    found = figure(fields(chemicals=[row], **{"schema-jsonld": jsonld("TNF")}))
    assert found.keyword_mentions == ()


def test_several_former_pages_are_kept() -> None:
    stated = ["/figures/PMC1__F1", "figures/PMC1__F2", "/figures/PMC1__F1", "elsewhere"]
    found, findings, outcome = decoded(fields(redirect_from=stated))
    site = "https://pfocr.wikipathways.org/figures/"
    assert found.redirects == (f"{site}PMC1__F1", f"{site}PMC1__F2")
    assert [(f.code, f.field) for f in findings] == [("bad-identifier", "redirect_from[3]")]
    assert reasons(outcome)["redirect_from[2]"] == "repeated"


@pytest.mark.parametrize("stated", [["WP5283_r120", "WP254"], "WP5283, WP254", "WP5283 WP254_r3"])
def test_a_figure_in_two_pathways_keeps_both(stated: object) -> None:
    around = SideTables(NOWHERE.taxa, {}, {FIGID: ("WP254", "WP9", "WP9_r1")})
    outcome = outcome_of(fields(wpid=stated), around=around)
    assert outcome.figure is not None
    assert [each.rpartition("/")[2] for each in outcome.figure.wikipathways] == [
        "WP5283",
        "WP254",
        "WP9",
    ]
    assert [f for f in outcome.findings if f.code != "unknown-symbol"] == []
    booked = {key[1:]: n for key, n in outcome.ledger.outcomes.items() if key[0] is Counted.MAP_ROW}
    assert booked == {
        (Outcome.MERGED, "equals-page"): 1, (Outcome.EMITTED, ""): 1, (Outcome.MERGED, "repeated-row"): 1,
    }  # fmt: skip
    said = Said(outcome.graph).of(outcome.figure.iri, PFOCR.wikiPathway)
    assert len(said) == 3


def test_a_figure_has_one_network() -> None:
    one, other = "6c5e1f14-0d10-11e8-b939-0ac135e8bacf", "0fbb2d0c-7b11-11ed-8bf8-005056ae23aa"
    around = SideTables(NOWHERE.taxa, {FIGID: (other,)}, {})
    outcome = outcome_of(fields(ndex=one.upper()), around=around)
    assert outcome.figure is not None
    assert outcome.figure.ndex == f"https://www.ndexbio.org/viewer/networks/{one}"
    assert "value-conflict" in {f.code for f in outcome.findings}
    assert outcome.ledger.outcomes[Counted.MAP_ROW, Outcome.SKIPPED, "value-conflict"] == 1


@pytest.mark.parametrize("word", ["1-Mar", "2-Sep", "Sep-07", "44256"])
def test_spreadsheet_dates_are_findings_and_stay_terms(word: str) -> None:
    found, findings, _ = decoded(fields(**{"schema-jsonld": jsonld(word, "TNF")}))
    (finding,) = [f for f in findings if f.code == "spreadsheet-date"]
    assert (finding.field, finding.value) == ("schema-jsonld.keywords[0]", word)
    assert finding.detail.startswith(("may have been MARCH", "may have been SEPT"))
    assert found.keyword_mentions[0].statement.symbol == word
    assert found.keywords[0] == word


def test_text_below_the_page_is_booked() -> None:
    outcome = outcome_of(written(fields()) + "\n<!-- checked -->\n")
    assert outcome.figure is not None
    assert "text-below-front-matter" in {f.code for f in outcome.findings}
    reason = (Counted.TEXT_BELOW, Outcome.SKIPPED, "text-below-front-matter")
    assert outcome.ledger.outcomes[reason] == 1
    assert outcome.ledger.imbalances() == []
    for page in ({"figid": "x"}, {"figid": FIGID}):
        raw = RawFigure("p.md", written(page) + "text\n", (), InputDigest("", 0, ""), ())
        skipped = pipeline().figure(raw, lambda _: True)
        assert (skipped.figure, skipped.ledger.imbalances()) == (None, [])
        assert skipped.ledger.outcomes[reason] == 1


@pytest.mark.parametrize("table", ["", "word\tmatch\n", "a\tb\nx\ty\n", None, "header"])
def test_a_gene_table_without_rows_says_as_little_as_none(table: str | None) -> None:
    page = fields(**{"schema-jsonld": jsonld("TNF")})
    if table == "header":
        table = _ROWS.partition("\n")[0] + "\n"
    outcome = outcome_of(page, {} if table is None else {Kind.GENE: table})
    assert outcome.figure is not None
    assert [m.statement.symbol for m in outcome.figure.keyword_mentions] == ["TNF"]


def test_a_file_name_that_repeats_the_figid_or_cannot_be_an_address() -> None:
    again = figure(fields(filename="PMC1000001__fig-1.jpg"))
    assert again.image == "https://europepmc.org/articles/PMC1000001/bin/fig-1.jpg"
    assert again.filename == "PMC1000001__fig-1.jpg"
    found, findings, _ = decoded(fields(filename="fig 1.jpg"))
    assert (found.filename, found.image) == ("fig 1.jpg", None)
    assert [(f.code, f.field) for f in findings] == [("bad-identifier", "filename")]


@pytest.mark.parametrize(
    ("name", "field"), [("PMC9__x.md", "figid"), ("elsewhere.md", ""), (f"{FIGID}.txt", "")]
)
def test_the_file_name_must_agree_where_it_is_a_figid(name: str, field: str) -> None:
    findings = outcome_of(fields(), name=name).findings
    assert [f.field for f in findings if f.code == "figid-mismatch"] == [field] * bool(field)


def test_the_block_must_name_the_same_figure() -> None:
    _, findings, _ = decoded(fields(**{"schema-jsonld": jsonld() | {"@id": "https://x.org/"}}))
    assert [(f.code, f.field, f.value) for f in findings] == [
        ("figid-mismatch", "schema-jsonld.@id", "https://x.org/")
    ]


@pytest.mark.parametrize("figid", ["PMC1", "PMC1__", "1__x", "PMC1__a b", "PMC1__../x", "PMC1__<x>",
                                   'PMC1__"', "PMC1__a\nb", "PMC1__é", "", None, ["PMC1__x"], {}])  # fmt: skip
def test_a_page_without_a_figid_that_can_be_an_iri_is_skipped(figid: object) -> None:
    outcome = outcome_of(fields() | {"figid": figid})
    assert (outcome.figure, outcome.graph) == (None, None)
    assert [f.code for f in outcome.findings] == ["bad-figid"]
    assert outcome.ledger.imbalances() == []
    assert outcome.ledger.outcomes[Counted.PAGE, Outcome.SKIPPED, "bad-figid"] == 1
    outcome = outcome_of({k: v for k, v in fields().items() if k != "figid"})
    assert [(f.code, f.value) for f in outcome.findings] == [("bad-figid", "none")]


@pytest.mark.parametrize(
    "figid", ["PMC1__a", "PMC1__a_b__c", "PMC1__a_.b", "PMC12__-", "PMC1__1.2-3"]
)
def test_a_figid_is_split_at_its_first_double_underscore(figid: str) -> None:
    found = outcome_of({"figid": figid}).figure
    assert found is not None
    assert found.paper.pmcid == figid.split("__", maxsplit=1)[0]
    assert found.title == figid


def test_the_title_falls_back_to_the_paper_and_the_number() -> None:
    assert figure(fields(figtitle=None)).title == "A paper F1"
    assert figure(fields(figtitle="NA", papertitle=None)).title == "F1"


def test_the_caption_stands_and_the_description_must_agree_but_for_blanks() -> None:
    block = jsonld(description="What\n happens ")
    found, findings, outcome = decoded(fields(**{"schema-jsonld": block}))
    assert (found.description, findings) == ("What happens", [])
    assert reasons(outcome)["schema-jsonld.description"] == "equals-caption"
    block = jsonld(description="What else happens")
    found, findings, _ = decoded(fields(**{"schema-jsonld": block}))
    assert found.description == "What happens"
    assert [(f.code, f.field) for f in findings] == [
        ("description-mismatch", "schema-jsonld.description")
    ]
    assert figure(fields(caption=None)).description == "What happens"


def test_captions_are_left_out_when_asked_for() -> None:
    around = SideTables(TaxonTable(), {}, {}, captions=False)
    outcome = outcome_of(fields(), around=around)
    assert outcome.figure is not None
    assert outcome.figure.description == ""
    left_out = [path for path, why in reasons(outcome).items() if why == "captions-left-out"]
    assert left_out == ["caption", "schema-jsonld.description"]
    assert outcome.ledger.imbalances() == []
    nothing = fields(caption=None, **{"schema-jsonld": jsonld(description="")})
    assert outcome_of(nothing, around=around).ledger.imbalances() == []


def test_prose_is_repaired_and_words_are_not() -> None:
    torn = "Cancer â€“ Influence"
    page = fields(figtitle=torn, papertitle=torn, caption=torn, journal_title=torn, keywords=torn,
                  reftext=torn, publisher_name=torn, figid_alias=torn,
                  **{"schema-jsonld": jsonld(torn, description=torn)})  # fmt: skip
    found, findings, _ = decoded(page)
    mended = "Cancer – Influence"
    assert (found.title, found.description, found.paper.title) == (mended,) * 3
    assert (found.paper.journal, found.paper.publisher, found.paper.keywords) == (
        mended, mended, (mended,),
    )  # fmt: skip
    assert (found.keywords, found.alias) == ((torn,), torn)
    assert {(f.code, f.field) for f in findings} == {
        ("text-repaired", key)
        for key in ("figtitle", "papertitle", "caption", "journal_title", "keywords", "reftext",
                    "publisher_name")
    }  # fmt: skip


@pytest.mark.parametrize(
    ("organisms", "expected"),
    [
        ("Homo sapiens", ["Homo sapiens"]),
        ("Homo sapiens, Drosophila mojavensis", ["Homo sapiens", "Drosophila mojavensis"]),
        (["Homo sapiens", "Mus  musculus"], ["Homo sapiens", "Mus musculus"]),
        (["Influenza A virus (A/X, B)"], ["Influenza A virus (A/X, B)"]),
        (["NA", "Mus musculus", "NA"], ["Mus musculus"]),
        ("NA, prion", ["prion"]),
        (["Mus musculus", "Mus musculus"], ["Mus musculus"]),
    ],
)
def test_organisms_are_a_string_a_joined_string_or_a_list(
    organisms: object, expected: list[str]
) -> None:
    found, findings, outcome = decoded(fields(organisms=organisms, organisms_ner=organisms))
    assert names(found.organisms) == names(found.organisms_recognized) == expected
    assert {f.code for f in findings} <= {"organism-unlinked"}
    unlinked = [f.value for f in findings if f.field.startswith("organisms_ner")]
    known = {"Homo sapiens", "Mus musculus"}
    assert [" ".join(name.split()) for name in unlinked] == [n for n in expected if n not in known]
    assert outcome.ledger.imbalances() == []


def test_a_string_of_nothing_but_placeholders_is_missing() -> None:
    _, findings, outcome = decoded(fields(organisms="NA, NA"))
    assert findings == []
    assert reasons(outcome)["organisms"] == "missing-value"


@pytest.mark.parametrize(
    ("organisms", "recognized", "may_be"),
    [
        ([], [], True), (["NA"], ["NA"], True), (["Homo sapiens"], [], True),
        (["Mus musculus"], [], False), (["Homo sapiens"], ["Mus musculus"], True),
        (["Mus musculus"], ["Homo sapiens"], True), ([], ["prion"], True),
        ([], ["Mus musculus", "Homo sapiens"], True), ([], ["homo sapiens"], True),
        (["clinical samples"], ["Human"], True), (["clinical samples"], ["mus Musculus"], False),
        ([], ["prion", "Mus musculus"], False),
    ],
)  # fmt: skip
def test_keywords_may_be_human_unless_a_species_is_known_and_none_is_human(
    organisms: list[str], recognized: list[str], may_be: bool
) -> None:
    found, _, _ = decoded(fields(organisms=organisms, organisms_ner=recognized))
    assert found.may_be_human is may_be


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([{"type": "Pathway Ontology", "value": "apoptosis"}],
         (Annotation("Pathway Ontology", "apoptosis"),)),
        (["apoptosis", "apoptosis"], (Annotation("", "apoptosis"),)),
        ("apoptosis", (Annotation("", "apoptosis"),)),
        ([{"value": "apoptosis"}, {"type": None, "value": "apoptosis"}],
         (Annotation("", "apoptosis"),)),
    ],
)  # fmt: skip
def test_annotations(stated: object, expected: tuple[Annotation, ...]) -> None:
    assert figure(fields(annotations=stated)).annotations == expected


@pytest.mark.parametrize("item", [{"type": "x"}, {"value": ""}, {"value": ["x"]}, {"a": "b"}, ["x"],
                                  {"type": ["x"], "value": "y"}])  # fmt: skip
def test_annotations_of_another_form_are_findings(item: object) -> None:
    found, findings, _ = decoded(fields(annotations=[item]))
    assert found.annotations == ()
    assert [(f.code, f.field) for f in findings] == [("field-malformed", "annotations[0]")]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Jane Doe", Creator("Jane Doe", is_person=False)),
        ({"name": "Jane Doe", "@type": "Person"}, Creator("Jane Doe", is_person=True)),
        ({"name": "WikiPathways"}, Creator("WikiPathways", is_person=False)),
    ],
)
def test_creators(stated: object, expected: Creator) -> None:
    assert figure(fields(**{"schema-jsonld": jsonld(creator=stated)})).creator == expected


@pytest.mark.parametrize(
    ("stated", "code", "field"),
    [
        ({"@type": "Organization"}, "field-malformed", "@type"),
        ({"@type": "Robot", "name": "x"}, "field-malformed", "@type"),
        ({"name": "x", "url": "y"}, "unknown-field", "url"),
        ({"name": ["x"]}, "field-malformed", "name"),
    ],
)
def test_creators_of_another_form_are_findings(stated: Fields, code: str, field: str) -> None:
    _, findings, _ = decoded(fields(**{"schema-jsonld": jsonld(creator=stated)}))
    assert [(f.code, f.field) for f in findings] == [(code, f"schema-jsonld.creator.{field}")]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("CC0", CC0), ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
     ("https://example.org/licence", "https://example.org/licence")],
)  # fmt: skip
def test_licences(stated: str, expected: str) -> None:
    assert figure(fields(**{"schema-jsonld": jsonld(license=stated)})).license == expected


@pytest.mark.parametrize(
    "stated", ["all rights reserved", "https://x/%zz", "javascript:x", "http://x/<y>"]
)
def test_unknown_licences_are_findings(stated: str) -> None:
    found, findings, _ = decoded(fields(**{"schema-jsonld": jsonld(license=stated)}))
    assert found.license is None
    assert [f.code for f in findings] == ["unknown-licence"]


@pytest.mark.parametrize(
    ("own", "of_map", "kept", "outcome"),
    [
        ("", "WP1", "WP1", (Outcome.EMITTED, "")),
        ("WP1", "WP1", "WP1", (Outcome.MERGED, "equals-page")),
        ("WP1", "WP1_r3", "WP1", (Outcome.MERGED, "equals-page")),
        ("WP1", "2", "WP1", (Outcome.SKIPPED, "bad-identifier")),
        ("", "2", "", (Outcome.SKIPPED, "bad-identifier")),
        ("1", "WP2", "WP2", (Outcome.EMITTED, "")),
    ],
)
def test_map_files_fill_in_and_never_overrule(
    own: str, of_map: str, kept: str, outcome: tuple[Outcome, str]
) -> None:
    around = SideTables(NOWHERE.taxa, {}, {FIGID: (of_map,), "PMC2__other": ("WP9",)})
    found = outcome_of(fields(wpid=own), around=around)
    assert found.figure is not None
    wanted = (f"https://identifiers.org/wikipathways/{kept}",) if kept else ()
    assert found.figure.wikipathways == wanted
    booked = {key[1:]: n for key, n in found.ledger.outcomes.items() if key[0] is Counted.MAP_ROW}
    assert booked == {outcome: 1}
    codes = {f.code for f in found.findings if f.field == "map: wpid"}
    assert codes == ({outcome[1]} if outcome[0] is Outcome.SKIPPED else set())


def test_rows_of_the_page_and_of_tables_add_up() -> None:
    row = {"word": "Ca2+", "source": "MESH", "identifier": "D002118"}
    table = "word\tsource\tidentifier\nCa2+\tMESH\tD002118\n"
    outcome = outcome_of(fields(chemicals=[row]), {Kind.CHEMICAL: table})
    assert outcome.figure is not None
    assert [m.occurrences for m in outcome.figure.mentions] == [2]


@pytest.mark.parametrize("genes", [[], [{"word": "x"}], None])
def test_keywords_are_mentions_only_where_there_are_no_gene_rows(genes: object) -> None:
    page = fields(genes=genes, **{"schema-jsonld": jsonld("TNF", "NO", "TNF")})
    found, _, outcome = decoded(page)
    said = [m.statement.symbol for m in found.keyword_mentions]
    assert said == ([] if genes is not None else ["TNF", "NO"])
    assert reasons(outcome)["schema-jsonld.keywords[2]"] == "repeated"
    assert found.keywords == ("TNF", "NO")


def test_keywords_that_rows_explain_are_no_mentions() -> None:
    page = fields(
        chemicals=[{"word": "TNF", "source": "MESH", "identifier": "D014409"}],
        **{"schema-jsonld": jsonld("TNF", "NO")},
    )
    said = Said(outcome_of(page).graph)
    assert said.where(PFOCR.statedSymbol, "TNF") == []
    assert len(said.where(PFOCR.statedSymbol, "NO")) == 1
    assert len(said.where(PFOCR.recognizedText, "TNF")) == 1


def test_words_of_yaml_stay_words_all_the_way() -> None:
    words = ["NO", "ON", "08", "1e3", "12:30", "2001-12-01", "na", "Na", "true"]
    body = "".join(f"  - {word}\n" for word in words)
    text = written(fields(**{"schema-jsonld": None})).removesuffix("---\n")
    outcome = outcome_of(f"{text}schema-jsonld:\n  keywords:\n{body}---\n")
    assert outcome.figure is not None
    assert outcome.figure.keywords == tuple(words)


def test_seeds_are_read_as_they_are(seeds: Path) -> None:
    for path in sorted(seeds.glob("*.txt")):
        outcome = outcome_of(path.read_text(), name=path.name)
        assert outcome.figure is not None
        assert outcome.figure.figid == base_tree(path.read_text())["figid"]
        assert outcome.ledger.imbalances() == []


_ROWS = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource\n"
    "77\tHomo  sapiens\tPrimates\tA\tA\tA\t1\tncbigene_symbol\n"
    "88\tYeti ignotus\tPrimates\tA\tA\tA\t1\tncbigene_symbol\n"
)


def test_an_organism_has_the_id_that_the_figures_own_table_gives_it() -> None:
    page = fields(organisms=["Homo sapiens", "Yeti ignotus", "prion"], organisms_ner=["NA"])
    outcome = outcome_of(page, {Kind.GENE: _ROWS})
    assert outcome.figure is not None
    assert [o.taxon_id for o in outcome.figure.organisms] == ["77", "88", ""]
    assert [(f.code, f.field, f.value) for f in outcome.findings] == [
        ("organism-conflict", "organisms[0]", "Homo sapiens"),
        ("organism-unlinked", "organisms[2]", "prion"),
    ]


def test_names_of_organisms_are_found_in_the_figures_own_table_whatever_their_case() -> None:
    page = fields(organisms=["yeti IGNOTUS", "Yeti ignotus"], organisms_ner=["NA"])
    outcome = outcome_of(page, {Kind.GENE: _ROWS})
    assert outcome.figure is not None
    assert [o.taxon_id for o in outcome.figure.organisms] == ["88"]
    assert reasons(outcome)["organisms[1]"] == "repeated"


def test_the_tables_of_a_skipped_page_are_booked_even_when_empty() -> None:
    outcome = outcome_of({"figid": "x"}, {Kind.GENE: _ROWS, Kind.DISEASE: ""})
    assert outcome.ledger.imbalances() == []
    assert outcome.ledger.outcomes[Counted.GENE_ROW, Outcome.SKIPPED, "bad-figid"] == 2
    assert outcome.ledger.came_in[Counted.DISEASE_ROW] == 0
