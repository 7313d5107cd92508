"""The linking rules, on small tables for each branch and on the real ones for the measured facts."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from pfocr_rdf.figures.link import linker as module
from pfocr_rdf.figures.link.linker import Gene, Link, Linker
from pfocr_rdf.figures.link.table import COLUMNS, GeneTable, parse_hgnc
from pfocr_rdf.figures.model import HUMAN, Statement
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, SCHEMA
from tests.support.pathway_pages import Said, all_real, fields, hgnc_table, jsonld, outcome_of
from tests.support.samples import REAL, Sample

GENE_COLUMNS = "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource\n"


def table_of(*rows: tuple[str, str, str, str, str]) -> GeneTable:
    """Return a table of (hgnc_id, symbol, aliases, previous, entrez)."""
    lines = [
        "\t".join((f"HGNC:{number}", symbol, f"{symbol} name", "Approved", aliases, previous, "", entrez))
        for number, symbol, aliases, previous, entrez in rows
    ]  # fmt: skip
    return parse_hgnc("\n".join(["\t".join(COLUMNS), *lines]), "file", "t.tsv")


TABLE = table_of(
    ("1", "AAA", "AL1|AL2|BOTH", "OLD1|OLDA|OLDX|SWAP", "101"),
    ("2", "BBB", "AL2", "OLDX", "102"),
    ("3", "CCC", "OLD1", "", "103"),
    ("4", "SWAP", "", "", "104"),
    ("5", "NOID", "", "OLDNOID", ""),
    ("6", "DDD", "AAA", "BOTH", "106"),
    ("7", "EEE", "TWICE", "LPS|COPD|STAT|T|TWICE", "107"),
    ("8", "Q", "", "", "108"),
    ("9", "RNR1", "", "", "6052"),
    ("10", "MT-RNR1", "12S", "MTRNR1", "4549"),
    ("11", "MT-CO1", "COX1|COI", "MTCO1", "4512"),
    ("12", "SDHCP5", "", "", "642502"),
)
NAMESAKES = table_of(
    ("6018", "IL6", "IL-6|BSF2|HGF|HSF", "IFNB2", "3569"),
    ("6121", "IRF6", "OFC6|VWS1", "VWS|LPS", "3664"),
    ("633", "AQP1", "CHIP28", "CO", "358"),
    ("649", "ARCN1", "", "COPD", "372"),
    ("9833", "MOK", "RAGE1|STK30", "RAGE", "5891"),
    ("320", "AGER", "RAGE|SCARJ1|sRAGE", "", "177"),
    ("2730", "DDR1", "RTK6|CD167", "NTRK4|PTK3A|NEP|CAK|EDDR1", "780"),
    ("7154", "MME", "CALLA|CD10|NEP", "", "4311"),
)
"""Rows of HGNC: genes whose previous symbols figures mean as something else."""
A = Gene("101", "1", "AAA", "AAA name", HUMAN)
B = Gene("102", "2", "BBB", "BBB name", HUMAN)
C = Gene("103", "3", "CCC", "CCC name", HUMAN)
SWAP = Gene("104", "4", "SWAP", "SWAP name", HUMAN)
NOID = Gene("", "5", "NOID", "NOID name", HUMAN)
D = Gene("106", "6", "DDD", "DDD name", HUMAN)
E = Gene("107", "7", "EEE", "EEE name", HUMAN)
Q = Gene("108", "8", "Q", "Q name", HUMAN)


def row(symbol: str = "", entrez: str = "", organism: str = HUMAN, **more: str) -> Statement:
    return Statement(Kind.GENE, "w", "m", "s", organism, symbol, entrez, **more)


def keyword_link(
    linker: Linker, keyword: str, *, before: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> Link:
    """Return what a keyword is linked to in a list."""
    links = linker.link_keywords([*before, keyword, *after], may_be_human=True)
    return links[len(before)]


@pytest.fixture
def linker() -> Linker:
    return Linker(TABLE)


@pytest.fixture(scope="module")
def table_2024(sample: Sample) -> GeneTable:
    return hgnc_table(sample.hgnc)


@pytest.fixture(scope="module")
def table_2018(sample: Sample) -> GeneTable:
    return hgnc_table(sample.hgnc_2018)


@pytest.mark.parametrize(
    ("symbol", "entrez", "gene", "candidates", "code"),
    [
        ("AAA", "101", A, (), ""),
        ("", "101", A, (), ""),
        ("OLD1", "101", A, (), "symbol-renamed"),
        ("AL1", "101", A, (), "symbol-renamed"),
        ("SWAP", "101", A, (), "symbol-renamed"),  # right when it was stated
        ("BBB", "101", A, (B,), "symbol-entrez-conflict"),
        ("OLD1", "102", B, (A,), "symbol-entrez-conflict"),
        ("OLDX", "103", C, (), "symbol-entrez-conflict"),  # two had it: neither is proposed
        ("ZZZ", "101", A, (), "symbol-entrez-conflict"),
        ("aaa", "101", A, (), "symbol-entrez-conflict"),
        ("ZZZ", "999", Gene("999", "", "ZZZ", "", HUMAN), (), "gene-not-in-hgnc"),
        ("", "999", Gene("999", "", "ncbigene:999", "", HUMAN), (), "gene-not-in-hgnc"),
        ("AAA", "999", Gene("999", "", "AAA", "", HUMAN), (A,), "symbol-entrez-conflict"),
        ("OLDNOID", "999", Gene("999", "", "OLDNOID", "", HUMAN), (NOID,), "symbol-entrez-conflict"),
    ],
)  # fmt: skip
def test_rule_1_the_entrez_id_decides_for_human_genes(
    linker: Linker, symbol: str, entrez: str, gene: Gene, candidates: tuple[Gene, ...], code: str
) -> None:
    found = linker.link(row(symbol, entrez))
    assert (found.method, found.reason) == (PFOCR.StatedEntrez, None)
    assert (found.gene, found.candidates) == (gene, candidates)
    assert (found.remark[0] if found.remark else "") == code


@pytest.mark.parametrize(
    ("organism", "taxon"),
    [("10090", "10090"), ("", ""), ("Mus musculus", ""), ("Homo sapiens", "")],
)
def test_rule_1_other_genes_are_never_looked_up(linker: Linker, organism: str, taxon: str) -> None:
    for symbol, entrez in (("AAA", "101"), ("OLD1", "101"), ("AAA", "102"), ("", "101")):
        found = linker.link(row(symbol, entrez, organism))
        gene = Gene(entrez, "", symbol or f"ncbigene:{entrez}", "", taxon)
        if symbol or organism:
            assert found == (PFOCR.StatedEntrez, None, gene, (), None)


def test_rule_1_a_bare_id_of_hgnc_is_human(linker: Linker) -> None:
    """As in gene sets and documents, which state nothing but ids."""
    assert linker.link(row("", "101", "")) == (PFOCR.StatedEntrez, None, A, (), None)
    unknown = Gene("999", "", "ncbigene:999", "", "")
    assert linker.link(row("", "999", "")) == (PFOCR.StatedEntrez, None, unknown, (), None)


@pytest.mark.parametrize(
    ("symbol", "method", "reason", "gene", "candidates", "code"),
    [
        ("AAA", PFOCR.ApprovedSymbol, None, A, (), ""),
        ("SWAP", PFOCR.ApprovedSymbol, None, SWAP, (), ""),
        ("OLDNOID", PFOCR.PreviousSymbol, None, NOID, (), "symbol-renamed"),
        ("OLDA", PFOCR.PreviousSymbol, None, A, (), "symbol-renamed"),
        ("TWICE", PFOCR.PreviousSymbol, None, E, (), "symbol-renamed"),  # of one gene, in two roles
        ("OLD1", None, PFOCR.AmbiguousSymbol, None, (A, C), "ambiguous-symbol"),
        ("BOTH", None, PFOCR.AmbiguousSymbol, None, (D, A), "ambiguous-symbol"),
        ("OLDX", None, PFOCR.AmbiguousSymbol, None, (A, B), "ambiguous-symbol"),
        ("AL1", None, PFOCR.AliasOnly, None, (A,), "alias-only"),
        ("AL2", None, PFOCR.AmbiguousSymbol, None, (A, B), "ambiguous-symbol"),
        ("aaa", None, PFOCR.UnknownSymbol, None, (), "unknown-symbol"),
        ("AAA ", None, PFOCR.UnknownSymbol, None, (), "unknown-symbol"),
        ("", None, PFOCR.UnknownSymbol, None, (), "unknown-symbol"),
    ],
)
def test_rule_2_keywords_and_rows_with_a_symbol_alone(
    linker: Linker, symbol: str, method: str | None, reason: str | None, gene: Gene | None,
    candidates: tuple[Gene, ...], code: str,
) -> None:  # fmt: skip
    found = keyword_link(linker, symbol, after=("AAA",))
    assert found[:4] == (method, reason, gene, candidates)
    assert (found.remark[0] if found.remark else "") == code
    if symbol:
        assert linker.link(row(symbol)) == found


@pytest.mark.parametrize("symbol", ["AAA", "OLD1", "AL1", "zzz"])
def test_rule_3_keywords_of_figures_of_others_are_never_looked_up(
    linker: Linker, symbol: str
) -> None:
    found = linker.link_keywords([symbol, "BBB"], may_be_human=False)
    assert found == ((None, PFOCR.NonHumanFigure, None, (), None),) * 2


@pytest.mark.parametrize(
    ("before", "after"),
    [((), ()), ((), ("zzz", "AL1")), (("AAA",), ()), (("AAA", "zzz"), ("OLDNOID",)), ((), ("Q",))],
)
def test_a_previous_symbol_behind_the_last_approved_one_is_a_candidate(
    linker: Linker, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    found = keyword_link(linker, "OLDA", before=before, after=after)
    detail = "previous symbol of AAA, but it stands behind the gene symbols"
    assert found == (None, PFOCR.DoubtfulSymbol, None, (A,), ("doubtful-symbol", detail))


@pytest.mark.parametrize(
    ("before", "after"), [((), ("AAA",)), (("zzz",), ("AL1", "BBB", "zzz")), (("AAA",), ("AAA",))]
)
def test_a_previous_symbol_before_the_last_approved_one_is_asserted(
    linker: Linker, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    found = keyword_link(linker, "OLDA", before=before, after=after)
    assert (found.method, found.gene) == (PFOCR.PreviousSymbol, A)


def test_what_stands_behind_the_genes_and_is_no_previous_symbol_is_as_before(
    linker: Linker,
) -> None:
    for symbol in ("AL1", "AL2", "zzz", "OLDX"):
        behind = keyword_link(linker, symbol, before=("AAA",))
        assert behind == keyword_link(linker, symbol, after=("AAA",))


@pytest.mark.parametrize(
    ("keyword", "gene", "detail"),
    [
        ("LPS", E, "previous symbol of EEE, but figures use it for lipopolysaccharide"),
        ("COPD", E, "previous symbol of EEE, but figures use it for chronic obstructive pulmonary disease"),
        ("STAT", E, "previous symbol of EEE, but figures use it for signal transducers and activators of transcription"),
        ("T", E, "previous symbol of EEE, but a single letter"),
        ("Q", Q, "symbol of Q, but a single letter"),
    ],
)  # fmt: skip
def test_words_for_other_things_and_letters_are_candidates_wherever_they_stand(
    linker: Linker, keyword: str, gene: Gene, detail: str
) -> None:
    for after in ((), ("AAA",)):
        found = keyword_link(linker, keyword, after=after)
        assert found == (None, PFOCR.DoubtfulSymbol, None, (gene,), ("doubtful-symbol", detail))
    # A row has called it a gene.
    assert linker.link(row(keyword)).gene == gene


def test_one_keyword_is_remembered_for_each_place(linker: Linker) -> None:
    lists = (["OLDA", "AAA"], ["AAA", "OLDA"], ["OLDA"])
    fresh = [Linker(TABLE).link_keywords(words, may_be_human=True) for words in lists]
    for words, links in [*zip(lists, fresh, strict=True)] * 2:
        assert linker.link_keywords(words, may_be_human=True) == links
    assert linker.link_keywords([], may_be_human=True) == ()


@pytest.mark.parametrize(
    ("symbol", "entrez"), [("RNR1", "4549"), ("COX1", "4512"), ("LOC642502", "642502")]
)
def test_ncbis_own_symbols_agree_with_their_ids(linker: Linker, symbol: str, entrez: str) -> None:
    found = linker.link(row(symbol, entrez))
    assert found.gene is not None
    assert (found.gene.entrez_id, found.candidates, found.remark) == (entrez, (), None)
    assert found.gene.hgnc_id


@pytest.mark.parametrize(
    ("symbol", "entrez", "code"),
    [
        ("RNR1", "6052", ""),  # HGNC's gene of this symbol
        ("RNR1", "4512", "symbol-entrez-conflict"),
        ("COX1", "4549", "symbol-entrez-conflict"),
        ("LOC642503", "642502", "symbol-entrez-conflict"),
        ("LOC0642502", "642502", "symbol-entrez-conflict"),
        ("MTCO1", "4512", "symbol-renamed"),
        ("LOC999", "999", "gene-not-in-hgnc"),
        ("RNR2", "4550", "gene-not-in-hgnc"),
    ],
)
def test_ncbis_symbols_agree_with_no_other_id(
    linker: Linker, symbol: str, entrez: str, code: str
) -> None:
    found = linker.link(row(symbol, entrez))
    assert (found.remark[0] if found.remark else "") == code


def test_ncbis_symbol_of_a_gene_that_a_cut_table_lacks_is_not_anothers() -> None:
    cut = Linker(table_of(("9", "RNR1", "", "", "6052")))
    found = cut.link(row("RNR1", "4549"))
    assert (found.candidates, found.remark) == ((), ("gene-not-in-hgnc", "RNR1, Entrez 4549"))


@pytest.mark.parametrize(
    ("kind", "more", "method", "reason"),
    [
        (Kind.CHEMICAL, {"accession": "1", "mesh_id": "D1"}, PFOCR.StatedChebi, None),
        (Kind.DISEASE, {"accession": "1"}, PFOCR.StatedDoid, None),
        (Kind.CHEMICAL, {"mesh_id": "D1"}, PFOCR.StatedMesh, None),
        (Kind.DISEASE, {"rejected": "x"}, None, PFOCR.BadIdentifier),
        (Kind.CHEMICAL, {}, None, PFOCR.NoIdentifier),
    ],
)
def test_rule_4_chemicals_and_diseases_only_by_their_stated_ids(
    linker: Linker, kind: Kind, more: dict[str, str], method: str, reason: str
) -> None:
    # The word is a gene's approved symbol, and that must not matter.
    found = linker.link(Statement(kind, "AAA", "AAA", "MESH", "", **more))
    assert found[:4] == (method, reason, None, ())


def test_a_row_whose_id_failed_its_pattern_proposes_what_its_symbol_names(linker: Linker) -> None:
    assert linker.link(row("OLDX", rejected="x"))[:4] == (None, PFOCR.BadIdentifier, None, (A, B))
    assert linker.link(row("AAA", rejected="x")).candidates == (A, D)
    assert linker.link(row("AAA", organism="10090", rejected="x")).candidates == ()
    assert linker.link(row("", rejected="x")).candidates == ()


def test_a_row_without_symbol_and_id_or_of_another_organism_has_no_identifier(
    linker: Linker,
) -> None:
    for statement in (row(), row("AAA", organism="10090"), row("AAA", organism="")):
        assert linker.link(statement)[:4] == (None, PFOCR.NoIdentifier, None, ())


def test_every_answer_has_either_a_method_or_a_reason(linker: Linker) -> None:
    for symbol in ("", "AAA", "OLDX", "zzz"):
        for entrez in ("", "101", "999"):
            for organism in ("", HUMAN, "7227"):
                for rejected in ("", "x"):
                    found = linker.link(row(symbol, entrez, organism, rejected=rejected))
                    assert (found.method is None) != (found.reason is None)
                    assert (found.gene is not None) == (found.method is not None)


def test_the_memory_is_bounded_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statements = [
        row(symbol, entrez) for symbol in ("AAA", "OLD1") for entrez in ("101", "102", "")
    ]
    fresh = [Linker(TABLE).link(statement) for statement in statements]
    monkeypatch.setattr(module, "_CACHE_SIZE", 2)
    linker = Linker(TABLE)
    assert [linker.link(statement) for statement in statements * 2] == fresh * 2
    assert len(linker._answers) <= 2
    lists = (["OLDA", "AAA"], ["AAA", "OLDA", "LPS"], ["zzz", "OLD1"])
    alone = [Linker(TABLE).link_keywords(words, may_be_human=True) for words in lists]
    assert [linker.link_keywords(words, may_be_human=True) for words in lists * 2] == alone * 2
    assert len(linker._keywords) <= 2


# --- the measured facts ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def pairs(shared: Path) -> list[tuple[str, str]]:
    """The (symbol, Entrez id) pairs that PFOCR stated in 2021."""
    with gzip.open(shared / "data" / "pfocr_2021_genes.jsonl.gz", "rt") as lines:
        return sorted({(r[3], str(r[4])) for line in lines for r in json.loads(line)[1]})


def test_of_the_pairs_of_2021_104_are_renamed_and_two_in_conflict(
    pairs: list[tuple[str, str]],
) -> None:
    linker = Linker(hgnc_table(REAL.hgnc))
    links = {pair: linker.link(row(*pair)) for pair in pairs}
    codes = Counter(link.remark[0] if link.remark else "" for link in links.values())
    assert len(pairs) == 6_947
    assert codes == {"": 6_841, "symbol-renamed": 104, "symbol-entrez-conflict": 2}
    conflicts = {
        pair: [gene.symbol for gene in link.candidates]
        for pair, link in links.items()
        if link.remark and link.remark[0] == "symbol-entrez-conflict"
    }
    assert conflicts == {("MIA2", "117153"): ["MIA2"], ("AKAP2", "11217"): ["AKAP2"]}
    for pair in conflicts:
        gene = links[pair].gene
        assert gene is not None
        assert (gene.entrez_id, gene.hgnc_id) == (pair[1], "")
    for (symbol, entrez), now in {
        ("G6PC", "2538"): "G6PC1", ("DDX58", "23586"): "RIGI", ("SEPT3", "55964"): "SEPTIN3",
    }.items():  # fmt: skip
        gene = links[symbol, entrez].gene
        assert gene is not None
        assert gene.symbol == now


@pytest.mark.whole
def test_with_the_table_of_2018_most_of_them_had_not_been_renamed(
    pairs: list[tuple[str, str]],
) -> None:
    linker = Linker(hgnc_table(REAL.hgnc_2018))
    remarks = [linker.link(row(*pair)).remark for pair in pairs]
    codes = Counter(remark[0] if remark else "" for remark in remarks)
    assert codes == {"": 6_928, "symbol-renamed": 18, "symbol-entrez-conflict": 1}


@pytest.mark.parametrize(
    ("symbol", "now"), [("G6PC", "G6PC1"), ("DDX58", "RIGI"), ("SEPT3", "SEPTIN3")]
)
def test_renamed_keywords_are_found_by_their_previous_symbol(
    symbol: str, now: str, table_2018: GeneTable, table_2024: GeneTable
) -> None:
    before = keyword_link(Linker(table_2018), symbol, after=("TNF",))
    after = keyword_link(Linker(table_2024), symbol, after=("TNF",))
    assert (before.method, after.method) == (PFOCR.ApprovedSymbol, PFOCR.PreviousSymbol)
    assert before.gene is not None
    assert after.gene is not None
    assert (before.gene.symbol, after.gene.symbol) == (symbol, now)
    assert before.gene.hgnc_id == after.gene.hgnc_id


def test_trap_stays_a_term_with_three_candidates(seeds: Path) -> None:
    outcome = outcome_of((seeds / "004_be595aa5e10b067e.txt").read_text())
    assert outcome.graph is not None
    said = Said(outcome.graph)
    (trap,) = said.where(PFOCR.statedSymbol, "TRAP")
    assert said.one(trap, PFOCR.unresolvedReason) == PFOCR.AmbiguousSymbol
    assert said.of(trap, OA.hasBody) == []
    genes = {
        f"http://identifiers.org/ncbigene/{n}": s
        for n, s in (("54", "ACP5"), ("57410", "SCYL1"), ("959", "CD40LG"))
    }
    assert set(said.of(trap, PFOCR.candidate)) == set(genes)
    for keyword in ("XS", "Ca2+", "ATP"):
        (term,) = said.where(PFOCR.statedSymbol, keyword)
        assert said.one(term, PFOCR.unresolvedReason) == PFOCR.UnknownSymbol
        assert "#term-" in term


@pytest.mark.parametrize(
    ("organisms", "recognized", "is_human"),
    [
        (["Human"], ["Mus musculus"], True),
        ([], ["Human", "Mus musculus"], True),
        (["Mouse"], [], False),
        (["rats"], [], False),
    ],
)
def test_common_names_of_organisms_need_no_page(
    table_2024: GeneTable, organisms: list[str], recognized: list[str], *, is_human: bool
) -> None:
    page = fields(
        organisms=organisms, organisms_ner=recognized, **{"schema-jsonld": jsonld("FAM46C")}
    )
    said = Said(outcome_of(page, table=table_2024).graph)
    reasons = said.by_predicate.get(PFOCR.unresolvedReason, set())
    assert (PFOCR.NonHumanFigure not in reasons) is is_human


def test_spg21_is_never_looked_up_in_a_figure_of_a_mouse(
    table_2024: GeneTable, sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert table_2024.by_symbol("SPG21") is not None
    page = fields(
        organisms=["Mus musculus"], organisms_ner=["Mus musculus"],
        **{"schema-jsonld": jsonld("Spg21", "SPG21")},
    )  # fmt: skip
    said = Said(outcome_of(page, table=table_2024).graph)
    assert OA.hasBody not in said.by_predicate
    assert PFOCR.candidate not in said.by_predicate
    assert said.by_predicate[PFOCR.unresolvedReason] == {PFOCR.NonHumanFigure}
    # In the real figure the table's Entrez ids stand, and no HGNC entry is near them.
    groups = all_real(sample, seeds, tmp_path_factory.getbasetemp())
    (mouse,) = [one for one in groups["today"] if "PMC10034247" in one.raw.name]
    said = Said(mouse.graph)
    (spg21,) = said.where(PFOCR.statedSymbol, "Spg21")
    assert said.one(spg21, OA.hasBody) == "http://identifiers.org/ncbigene/27965"
    assert not any("hgnc" in value for value in said.by_subject)


def test_words_that_rows_explain_do_not_lengthen_the_gene_symbols(table_2024: GeneTable) -> None:
    chemicals = "word\tmesh\tmatch\tname\tchebi\nTNF\tNA\tTNF\tNA\tchebi:1\n"
    page = fields(**{"schema-jsonld": jsonld("IL6", "G6PC", "TNF")})
    for tables, reason in (({}, ""), ({Kind.CHEMICAL: chemicals}, PFOCR.DoubtfulSymbol)):
        said = Said(outcome_of(page, tables, table=table_2024).graph)
        (g6pc,) = said.where(PFOCR.statedSymbol, "G6PC")
        assert said.one(g6pc, PFOCR.unresolvedReason) == reason


def test_lps_co_and_copd_are_terms_with_their_genes_as_candidates() -> None:
    page = fields(**{"schema-jsonld": jsonld("LPS", "IL6", "CO", "COPD")})
    said = Said(outcome_of(page, table=NAMESAKES).graph)
    assert said.by_predicate[OA.hasBody] == {"http://identifiers.org/ncbigene/3569"}
    assert said.by_predicate[SCHEMA.mentions] == {"http://identifiers.org/ncbigene/3569"}
    terms = said.where(PFOCR.unresolvedReason, PFOCR.DoubtfulSymbol)
    found = {said.one(t, PFOCR.statedSymbol): said.one(t, PFOCR.candidate) for t in terms}
    assert found == {
        "LPS": "http://identifiers.org/ncbigene/3664",
        "CO": "http://identifiers.org/ncbigene/358",
        "COPD": "http://identifiers.org/ncbigene/372",
    }
    assert all("#term-" in term for term in terms)


def test_rage_and_nep_stay_terms_with_two_candidates() -> None:
    page = fields(**{"schema-jsonld": jsonld("RAGE", "NEP", "IL6")})
    said = Said(outcome_of(page, table=NAMESAKES).graph)
    for keyword, genes in (("RAGE", {"5891", "177"}), ("NEP", {"780", "4311"})):
        (term,) = said.where(PFOCR.statedSymbol, keyword)
        assert said.one(term, PFOCR.unresolvedReason) == PFOCR.AmbiguousSymbol
        candidates = {f"http://identifiers.org/ncbigene/{gene}" for gene in genes}
        assert set(said.of(term, PFOCR.candidate)) == candidates


def test_figures_with_gene_rows_never_use_their_keywords() -> None:
    table = (
        GENE_COLUMNS
        + "9606\tHomo sapiens\tPrimates\tRANK\tRANK\tTNFRSF11A\t8792\tncbigene_synonym\n"
    )
    page = fields(**{"schema-jsonld": jsonld("TNFRSF11A", "TNFSF11", "TRAP")})
    said = Said(outcome_of(page, {Kind.GENE: table}).graph)
    assert said.by_predicate[OA.hasBody] == {"http://identifiers.org/ncbigene/8792"}
    assert len(said.by_predicate[OA.hasTarget]) == len(said.where(PFOCR.occurrences, "1")) == 1


def test_a_row_of_an_unknown_source_is_kept_in_the_widest_tier() -> None:
    table = GENE_COLUMNS + "9606\tHomo sapiens\tPrimates\tRANK\tRANK\tTNFRSF11A\t8792\ttea leaves\n"
    outcome = outcome_of(fields(), {Kind.GENE: table})
    said = Said(outcome.graph)
    (mention,) = said.where(OA.hasBody, "http://identifiers.org/ncbigene/8792")
    assert said.one(mention, PFOCR.matchTier) == PFOCR.Family
    assert said.one(mention, PFOCR.lexicon) == "https://w3id.org/pfocr/lexicon/tea-leaves"
    assert [(f.code, f.value) for f in outcome.findings] == [("unknown-source", "tea leaves")]
