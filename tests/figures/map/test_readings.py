"""Words that are read as several things, genes of other organisms, and what is left as certain."""

from __future__ import annotations

from typing import Any

import pytest

from pfocr_rdf.figures.decode.page import SideTables
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.model import Organism
from pfocr_rdf.figures.pipeline import FigureOutcome
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, SCHEMA
from tests.support.pathway_pages import FIGURE, Said, fields, outcome_of

GENES = "organism_id organism_name organism_group word match ncbigene_symbol ncbigene_id source"
CHEMICALS = "word mesh match name chebi"
DISEASES = "word mesh match name doid"
HUMAN, MOUSE = "9606 Homo_sapiens G", "10090 Mus_musculus G"


def table(header: str, *rows: str) -> str:
    """Return a table; blanks stand for tabs, underlines for blanks."""
    text = "".join(f"{line.replace(' ', chr(9))}\n" for line in (header, *rows))
    for name in ("Homo_sapiens", "Mus_musculus", "Saccharomyces_cerevisiae_S288C"):
        text = text.replace(name, name.replace("_", " "))
    return text


def read(
    genes: tuple[str, ...] = (),
    chemicals: tuple[str, ...] = (),
    diseases: tuple[str, ...] = (),
    **page: object,
) -> FigureOutcome:
    tables = {
        Kind.GENE: table(GENES, *genes),
        Kind.CHEMICAL: table(CHEMICALS, *chemicals),
        Kind.DISEASE: table(DISEASES, *diseases),
    }
    return outcome_of(fields(**page), tables)


def readings(outcome: FigureOutcome) -> dict[str, set[str]]:
    """Return what the mentions of each word say."""
    said = Said(outcome.graph)
    assert outcome.graph is not None
    out: dict[str, set[str]] = {}
    for mention in outcome.graph.mentions:
        word = said.one(mention.subject, PFOCR.recognizedText)
        out.setdefault(word, set()).add(said.one(mention.subject, PFOCR.readings))
    return out


def certain(outcome: FigureOutcome) -> list[str]:
    found = Said(outcome.graph).of(FIGURE, PFOCR.mentionsUnambiguously)
    return [iri.rpartition("/")[2] for iri in found]


def of_code(outcome: FigureOutcome, code: str) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.code == code]


def test_things_are_counted_over_kinds_and_organisms_each_once() -> None:
    outcome = read(
        (
            f"{HUMAN} ACE ACE ACE 1636 ncbigene_symbol",
            f"{HUMAN} ACE Ace ACE 1636 ncbigene_synonym",
            f"{MOUSE} ACE ACE Ace 11421 ncbigene_symbol",
            f"{HUMAN} ace ACE ACE 1636 ncbigene_symbol",
            f"{HUMAN} TNF TNF TNF 7124 ncbigene_symbol",
            f"{HUMAN} ODD ODD ODD1 NA ncbigene_symbol",
            f"{HUMAN} ODD ODD ODD2 NA ncbigene_symbol",
        ),
        ("ACE mesh:D000085 ACE acetone chebi:15347", "NO NA NA NA NA"),
        ("ACE mesh:D000001 ACE acid DOID:162",),
    )
    assert readings(outcome) == {
        "ACE": {"4"}, "ace": {"1"}, "TNF": {"1"}, "ODD": {"2"}, "NO": {"1"},
    }  # fmt: skip


@pytest.mark.parametrize("source", ["famplex_relations", "bioentities_symbol"])
def test_a_family_with_its_members_is_one_reading(source: str) -> None:
    members = [f"{HUMAN} PI3K PI3K PIK3C{x} {n} {source}" for x, n in (("A", 5290), ("B", 5291))]
    assert readings(read(tuple(members))) == {"PI3K": {"1"}}
    of_mouse = f"{MOUSE} PI3K PI3K Pik3ca 18706 {source}"
    assert readings(read((*members, of_mouse))) == {"PI3K": {"2"}}, "of another organism"
    other = f"{HUMAN} PI3K PIK PIK3CD 5293 {source}"
    assert readings(read((*members, other))) == {"PI3K": {"2"}}, "another family"
    itself = f"{HUMAN} PI3K PI3K PIK3CG 5294 ncbigene_synonym"
    assert readings(read((*members, itself))) == {"PI3K": {"2"}}, "a gene by its own name"
    unknown = [row.replace(source, "my_list") for row in members]
    assert readings(read(tuple(unknown))) == {"PI3K": {"2"}}, "no family"
    assert certain(read(tuple(members))) == []


def test_families_of_inline_rows_are_one_reading_too() -> None:
    rows = [
        {"word": "PI3K", "symbol": "PI3K", "source": "bioentities_symbol", "hgnc_symbol": s, "entrez": e}
        for s, e in (("PIK3CA", "5290"), ("PIK3CB", "5291"))
    ]  # fmt: skip
    assert readings(outcome_of(fields(genes=rows))) == {"PI3K": {"1"}}


def test_blanks_around_a_word_make_no_other_word() -> None:
    """`TNF ` is a gene and `TNF` a chemical: neither is the only reading of TNF."""
    page = fields()
    genes = f"{HUMAN} TNF_ TNF TNF 7124 ncbigene_symbol"
    tables = {
        Kind.GENE: table(GENES, genes).replace("TNF_", "TNF "),
        Kind.CHEMICAL: table(CHEMICALS, "TNF D000001 TNF NA NA"),
    }
    outcome = outcome_of(page, tables)
    assert readings(outcome) == {"TNF ": {"2"}, "TNF": {"2"}}
    assert [finding.value for finding in of_code(outcome, "word-of-several-kinds")] == ["TNF"]
    assert certain(outcome) == []


def test_mentions_without_a_word_have_no_readings() -> None:
    row = f"{HUMAN} NA TNF TNF 7124 ncbigene_symbol".replace(" NA ", "  ")
    assert readings(read((row,))) == {"": {""}}
    keywords = readings(outcome_of(fields()))
    assert keywords == {"": {""}}, "keywords"


def test_only_mentions_of_the_same_word_and_of_another_kind_are_linked_both_ways() -> None:
    outcome = read(
        (
            f"{HUMAN} ACE ACE ACE 1636 ncbigene_symbol",
            f"{MOUSE} ACE ACE Ace 11421 ncbigene_symbol",
            f"{HUMAN} Ace ACE ACE 1636 ncbigene_symbol",
        ),
        ("ACE mesh:D000085 ACE acetone chebi:15347",),
        ("ACE mesh:D000001 ACE acid NA", "ACE. mesh:D000001 ACE acid NA"),
    )
    said = Said(outcome.graph)
    links = {
        (one.partition("#")[2][:4], other.partition("#")[2][:4])
        for one in said.by_subject
        for other in said.of(one, PFOCR.alsoReadAs)
    }
    assert links == {
        ("gene", "chem"), ("gene", "dise"), ("chem", "gene"), ("chem", "dise"),
        ("dise", "gene"), ("dise", "chem"),
    }  # fmt: skip
    for one in said.by_subject:
        for other in said.of(one, PFOCR.alsoReadAs):
            assert one in said.of(other, PFOCR.alsoReadAs)
            for mention in (one, other):
                assert said.one(mention, PFOCR.recognizedText) == "ACE"
    (finding,) = of_code(outcome, "word-of-several-kinds")
    assert (finding.field, finding.value) == ("line 2", "ACE")
    assert finding.detail == "gene ACE, Ace; chemical CHEBI:15347; disease D000001"


def test_rows_of_an_organism_that_the_figure_has_not_are_found_once() -> None:
    rows = (
        f"{HUMAN} a A TNF 7124 ncbigene_symbol",
        f"{MOUSE} b B Tnf 21926 ncbigene_symbol",
        f"{MOUSE} c C Ace 11421 ncbigene_symbol",
    )
    outcome = read(rows)
    (finding,) = of_code(outcome, "organism-not-of-figure")
    assert (finding.field, finding.value) == ("line 3", "Mus musculus")
    assert finding.detail == "2 gene rows; the figure has Homo sapiens"
    assert certain(outcome) == ["7124"]
    both = read(rows, organisms=["Homo sapiens"], organisms_ner=["Mus musculus"])
    assert of_code(both, "organism-not-of-figure") == []
    assert certain(both) == ["11421", "21926", "7124"]
    assert len(Said(both.graph).of(FIGURE, SCHEMA.mentions)) == 3


def test_without_a_known_organism_the_text_decides_and_without_it_nothing_speaks_against() -> None:
    rows = (f"{HUMAN} a A TNF 7124 ncbigene_symbol", f"{MOUSE} b B Tnf 21926 ncbigene_symbol")
    none: dict[str, Any] = {"organisms": ["NA"], "organisms_ner": ["clinical samples"]}
    silent = read(rows, **none)
    assert of_code(silent, "organism-not-of-figure") == []
    assert certain(silent) == ["21926", "7124"]
    of_mice = read(rows, **none, papertitle="TNF in mice")
    assert of_code(of_mice, "organism-not-of-figure") == []
    assert certain(of_mice) == ["21926"]
    stated = read(rows, papertitle="TNF in mice")
    assert certain(stated) == ["7124"], "what is curated goes before the text"


def test_a_strain_is_of_its_species() -> None:
    row = "559292 Saccharomyces_cerevisiae_S288C Fungi GAL4 GAL4 GAL4 855828 ncbigene_symbol"
    yeast = read((row,), organisms=["Saccharomyces cerevisiae"], organisms_ner=[])
    assert of_code(yeast, "organism-not-of-figure") == []
    assert certain(yeast) == ["855828"]


def test_inline_rows_are_human() -> None:
    row = {"word": "TNF", "symbol": "TNF", "source": "hgnc_symbol", "hgnc_symbol": "TNF", "entrez": "7124"}  # fmt: skip
    outcome = outcome_of(fields(genes=[row], organisms=["Mus musculus"], organisms_ner=[]))
    (finding,) = of_code(outcome, "organism-not-of-figure")
    assert (finding.value, finding.field) == ("Homo sapiens", "genes[0]")
    assert certain(outcome) == []


def test_what_is_unambiguous_is_of_one_reading_and_of_a_strict_tier() -> None:
    outcome = read(
        (
            f"{HUMAN} RANKL RANKL TNFSF11 8600 ncbigene_synonym",
            f"{HUMAN} TNF TNF TNF 7124 ncbigene_symbol",
            f"{HUMAN} x X FOS 2353 famplex_relations",
            f"{HUMAN} y Y JUN 3725 unheard_of",
            f"{HUMAN} z Z TP53 7157 ncbigene_symbol",
            f"{HUMAN} z Z MDM2 4193 ncbigene_symbol",
            f"{HUMAN} w W MIA2 117153 ncbigene_symbol",
            f"{HUMAN} v V TP53 4313 ncbigene_symbol",
        ),
        ("Ca mesh:D002118 CA2+ Calcium chebi:29108", "z mesh:D000085 Z acetone chebi:15347"),
    )
    # Of MIA2 and Entrez 117153, HGNC's gene of that symbol is a candidate.
    assert certain(outcome) == ["7124", "8600", "CHEBI_29108"]
    said = Said(outcome.graph)
    assert set(said.of(FIGURE, PFOCR.mentionsUnambiguously)) < set(said.of(FIGURE, SCHEMA.mentions))


def test_organisms_of_title_caption_and_paper_title_are_stated_and_described() -> None:
    page = fields(
        figtitle="Mice", caption="a rat", papertitle="In C. elegans",
        organisms=["Homo sapiens"], organisms_ner=[],
    )  # fmt: skip
    page["schema-jsonld"]["description"] = "a rat"
    said = Said(outcome_of(page).graph)
    taxa = said.of(FIGURE, PFOCR.organismInText)
    assert [iri.rpartition("_")[2] for iri in taxa] == ["10090", "10116", "6239"]
    assert [said.one(iri, SCHEMA.name) for iri in taxa] == [
        "Mus musculus", "Rattus norvegicus", "Caenorhabditis elegans",
    ]  # fmt: skip
    around = SideTables(TaxonTable([Organism("Apis mellifera", "7460", "", "Bee")]), {}, {})
    of_page = Said(outcome_of(fields(figtitle="A bee"), around=around).graph)
    assert [iri[-4:] for iri in of_page.of(FIGURE, PFOCR.organismInText)] == ["7460"]
    left_out = SideTables(TaxonTable(), {}, {}, captions=False)
    silent = Said(outcome_of(fields(caption="a rat", figtitle="X"), around=left_out).graph)
    assert silent.of(FIGURE, PFOCR.organismInText) == []


def test_nothing_of_before_is_gone() -> None:
    """Every mention keeps its body, whatever else its word is read as."""
    outcome = read(
        (f"{HUMAN} ACE ACE ACE 1636 ncbigene_symbol", f"{MOUSE} ACE ACE Ace 11421 ncbigene_symbol"),
        ("ACE mesh:D000085 ACE acetone chebi:15347",),
    )
    said = Said(outcome.graph)
    assert said.by_predicate[OA.hasBody] == set(said.of(FIGURE, SCHEMA.mentions))
    assert len(said.by_predicate[OA.hasBody]) == 3
