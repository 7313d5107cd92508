"""Rows of pages and tables become mentions: equal ones are one, and none is lost or bettered."""

from __future__ import annotations

import pytest

from pfocr_rdf.figures.model import Mention, Statement
from pfocr_rdf.figures.pipeline import FigureOutcome
from pfocr_rdf.findings import Counted, Finding, Outcome
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, SCHEMA, SKOS
from tests.support.pathway_pages import FIGID, Said, Tables, fields, outcome_of
from tests.support.samples import Sample

GENE, CHEMICAL, DISEASE = Kind.GENE, Kind.CHEMICAL, Kind.DISEASE
GENES = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource"
    "\tcount_direct\tcount_synonym\tcount_match\n"
)
CHEMICALS = "word\tmesh\tmatch\tname\tchebi\n"
DISEASES = "word\tmesh\tmatch\tname\tdoid\n"
OLD = "word\tsource\tidentifier\n"
HUMAN_ROW = "9606\tHomo sapiens\tPrimates\tRANKL\tRANKL\tTNFSF11\t8600\tncbigene_synonym\t1\t2\t3\n"


def rows(
    tables: Tables | None = None, **inline: object
) -> tuple[tuple[Mention, ...], list[Finding], FigureOutcome]:
    """Decode a page with rows, and balance its books."""
    outcome = outcome_of(fields(**inline, **{"schema-jsonld": None}), tables)
    assert outcome.figure is not None
    assert outcome.ledger.imbalances() == []
    found = [f for f in outcome.findings if f.code not in {"no-identifier", "gene-not-in-hgnc"}]
    return outcome.figure.mentions, found, outcome


def of_tables(kind: Kind, text: str) -> tuple[list[Statement], list[Finding]]:
    mentions, findings, _ = rows({kind: text})
    return [mention.statement for mention in mentions], findings


def test_a_gene_row() -> None:
    mentions, findings, outcome = rows({GENE: GENES + HUMAN_ROW})
    assert findings == []
    assert mentions == (
        Mention(
            Statement(GENE, "RANKL", "RANKL", "ncbigene_synonym", "9606", "TNFSF11", "8600"),
            1,
            f"{FIGID}-genes.tsv",
            "line 2",
        ),
    )
    assert outcome.figure is not None
    assert [o[:3] for o in outcome.figure.organisms_of_rows] == [
        ("Homo sapiens", "9606", "Primates")
    ]


def test_rows_that_repeat_or_differ_in_counts_only_are_one_mention() -> None:
    other_counts = HUMAN_ROW.replace("\t1\t2\t3\n", "\tNA\t2\t3\n")
    mentions, _, outcome = rows({GENE: GENES + HUMAN_ROW * 2 + other_counts})
    assert [m.occurrences for m in mentions] == [3]
    booked = outcome.ledger.outcomes
    assert booked[Counted.GENE_ROW, Outcome.EMITTED, ""] == 1
    assert booked[Counted.GENE_ROW, Outcome.MERGED, "repeated-row"] == 2
    assert [e.path for e in outcome.entries if e.kind is Counted.GENE_ROW] == [
        f"{FIGID}-genes.tsv#line 3", f"{FIGID}-genes.tsv#line 4",
    ]  # fmt: skip


@pytest.mark.parametrize("column", range(8))
def test_rows_that_differ_in_anything_else_are_several(column: int) -> None:
    cells = HUMAN_ROW.split("\t")
    cells[column] = "10090" if column == 0 else "7"
    mentions, _, _ = rows({GENE: GENES + HUMAN_ROW + "\t".join(cells)})
    # A name and a group say something of the organism, not of the mention.
    assert len(mentions) == (1 if column in {1, 2} else 2)


def test_one_word_may_match_several_genes_and_one_gene_several_words() -> None:
    more = HUMAN_ROW.replace("TNFSF11\t8600", "TNFRSF11A\t8792") + HUMAN_ROW.replace(
        "RANKL", "OPGL"
    )
    mentions, _, _ = rows({GENE: GENES + HUMAN_ROW + more})
    said = [(m.statement.word, m.statement.entrez_id) for m in mentions]
    assert said == [("RANKL", "8600"), ("RANKL", "8792"), ("OPGL", "8600")]


def test_symbols_that_differ_in_case_only_are_two() -> None:
    text = GENES + HUMAN_ROW.replace("TNFSF11\t8600", "TF\t7018")
    statements, _ = of_tables(GENE, text + HUMAN_ROW.replace("TNFSF11\t8600", "tf\t7018"))
    assert [s.symbol for s in statements] == ["TF", "tf"]


@pytest.mark.parametrize("stated", ["0", "08600", "8600.0", "-1", "x", "8 600", "8600;1"])
def test_an_entrez_id_that_fails_its_pattern_is_kept_as_rejected(stated: str) -> None:
    statements, findings = of_tables(GENE, GENES + HUMAN_ROW.replace("8600", stated))
    assert [(s.entrez_id, s.rejected) for s in statements] == [("", stated)]
    assert [(f.code, f.file, f.field, f.value) for f in findings] == [
        ("bad-identifier", f"{FIGID}-genes.tsv", "line 2: ncbigene_id", stated)
    ]


@pytest.mark.parametrize("taxon", ["x", "0"])
def test_a_taxon_id_that_fails_its_pattern_is_a_finding_and_the_name_stands(taxon: str) -> None:
    statements, findings = of_tables(GENE, GENES + HUMAN_ROW.replace("9606", taxon) * 2)
    assert [s.organism for s in statements] == ["Homo sapiens"]
    assert [(f.code, f.field) for f in findings] == [("bad-identifier", "line 2: organism_id")]


def test_a_row_without_an_organism_still_states_its_gene() -> None:
    text = GENES + HUMAN_ROW.replace("9606\tHomo sapiens\tPrimates", "NA\tNA\tNA")
    _, findings, outcome = rows({GENE: text})
    assert findings == []
    said = Said(outcome.graph)
    assert said.by_predicate[OA.hasBody] == {"http://identifiers.org/ncbigene/8600"}
    assert said.of("http://identifiers.org/ncbigene/8600", SCHEMA.taxonomicRange) == []


def test_a_row_without_a_name_of_its_organism_gets_one_from_the_id() -> None:
    _, findings, outcome = rows({GENE: GENES + HUMAN_ROW.replace("9606\tHomo sapiens", "34\tNA")})
    assert [(f.code, f.value) for f in findings] == [("organism-not-of-figure", "taxon 34")]
    taxon = "http://purl.obolibrary.org/obo/NCBITaxon_34"
    assert Said(outcome.graph).of(taxon, SCHEMA.name) == ["taxon 34"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("mesh:D002118", "chebi:22984"), ("D002118", "22984")),
        (("MESH:D002118", "CHEBI:22984"), ("D002118", "22984")),
        (("D002118", "22984"), ("D002118", "22984")),
        (("mesh:C000657245", "NA"), ("C000657245", "")),
        (("NA", "chebi:29108"), ("", "29108")),
        (("NA", "NA"), ("", "")),
    ],
)
def test_identifiers_of_chemicals(cells: tuple[str, str], expected: tuple[str, str]) -> None:
    mesh, chebi = cells
    statements, findings = of_tables(CHEMICAL, f"{CHEMICALS}Ca2+\t{mesh}\tCalcium\tNA\t{chebi}\n")
    assert [(s.mesh_id, s.accession) for s in statements] == [expected]
    assert findings == []


@pytest.mark.parametrize(("stated", "number"), [("DOID:162", "162"), ("doid:0080600", "0080600")])
def test_identifiers_of_diseases(stated: str, number: str) -> None:
    statements, findings = of_tables(DISEASE, f"{DISEASES}cancer\tNA\tcancer\tcancer\t{stated}\n")
    assert [s.accession for s in statements] == [number]
    assert findings == []


@pytest.mark.parametrize(
    ("kind", "row", "field", "rejected"),
    [
        (CHEMICAL, "x\tmesh:2118\tNA\tNA\tNA", "mesh", "mesh:2118"),
        (CHEMICAL, "x\tNA\tNA\tNA\tDOID:162", "chebi", "DOID:162"),
        (CHEMICAL, "x\tmesh:D002118\tNA\tNA\tchebi:0", "chebi", ""),
        (DISEASE, "x\tNA\tNA\tNA\tchebi:162", "doid", "chebi:162"),
        (DISEASE, "x\tmesh:D1\tNA\tNA\tDOID:162", "mesh", ""),
    ],
)
def test_identifiers_that_fail_their_pattern(
    kind: Kind, row: str, field: str, rejected: str
) -> None:
    header = CHEMICALS if kind is CHEMICAL else DISEASES
    statements, findings = of_tables(kind, f"{header}{row}\n")
    assert [s.rejected for s in statements] == [rejected]
    assert [(f.code, f.field) for f in findings] == [("bad-identifier", f"line 2: {field}")]


def test_names_stand_on_the_entity_and_a_second_one_is_not_lost() -> None:
    text = CHEMICALS + "".join(
        f"Ca{n}\tmesh:D002118\tCalcium\t{name}\tchebi:22984\n"
        for n, name in enumerate(["calcium atom", "calcium", "NA"])
    )
    _, _, outcome = rows({CHEMICAL: text})
    said, body = Said(outcome.graph), "http://purl.obolibrary.org/obo/CHEBI_22984"
    assert said.of(body, SCHEMA.name) == ["calcium"]
    assert said.of(body, SCHEMA.alternateName) == ["calcium atom"]
    assert said.of(body, SKOS.closeMatch) == ["http://id.nlm.nih.gov/mesh/D002118"]
    assert said.of(body, SCHEMA.identifier) == ["chebi:22984"]


def test_a_name_without_an_identifier_becomes_what_was_matched() -> None:
    statements, _ = of_tables(CHEMICAL, f"{CHEMICALS}x\tNA\tNA\tsome acid\tNA\n")
    assert [s.match for s in statements] == ["some acid"]


@pytest.mark.parametrize(
    ("kind", "source", "identifier", "expected"),
    [
        (CHEMICAL, "MESH", "D015232", ("D015232", "", "")),
        (CHEMICAL, "MESH", "mesh:D015232", ("D015232", "", "")),
        (CHEMICAL, "", "D015232", ("D015232", "", "")),
        (CHEMICAL, "CHEBI", "CHEBI:1", ("", "1", "")),
        (DISEASE, "DOID", "DOID:162", ("", "162", "")),
        (CHEMICAL, "DOID", "DOID:162", ("", "", "DOID:162")),
        (CHEMICAL, "CAS", "50-00-0", ("", "", "50-00-0")),
        (CHEMICAL, "MESH", "", ("", "", "")),
    ],
)
def test_the_older_schema_in_tables_and_pages(
    kind: Kind, source: str, identifier: str, expected: tuple[str, str, str]
) -> None:
    statements, _ = of_tables(kind, f"{OLD}PGE2\t{source}\t{identifier}\n")
    inline = {"word": "PGE2", "source": source, "identifier": identifier}
    mentions, _, _ = rows({}, **{f"{kind.value}s": [inline]})
    assert statements == [mention.statement for mention in mentions]
    (statement,) = statements
    assert (statement.mesh_id, statement.accession, statement.rejected) == expected
    assert (statement.word, statement.source, statement.match) == ("PGE2", source, "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [(GENE, CHEMICALS + "a\tb\tc\td\te\n"), (CHEMICAL, DISEASES + "a\tb\tc\td\te\n"),
     (DISEASE, "word\nx\n"), (CHEMICAL, ""), (CHEMICAL, "word\tmesh\tmatch\tname\tchebi\tword\n"),
     (CHEMICAL, "word\tmesh\tmatch\tname\tchebi\tword\na\tb\tc\td\te\tf\n")],
)  # fmt: skip
def test_a_table_without_its_columns_is_one_finding_and_its_rows_are_booked(
    kind: Kind, text: str
) -> None:
    mentions, findings, outcome = rows({kind: text})
    assert mentions == ()
    assert [(f.code, f.field) for f in findings] == [("table-malformed", "line 1")]
    assert outcome.ledger.came_in[Counted[f"{kind.name}_ROW"]] == max(text.count("\n") - 1, 0)


def test_a_table_without_a_label_is_read_and_so_are_blanks_in_its_header() -> None:
    header, row = GENES.split("\t"), HUMAN_ROW.split("\t")
    del header[2], row[2]
    text = "\t".join(header).replace("word", "word ").replace("source", " source") + "\t".join(row)
    mentions, findings, outcome = rows({GENE: text})
    assert findings == []
    assert [m.statement for m in mentions] == of_tables(GENE, GENES + HUMAN_ROW)[0]
    assert outcome.figure is not None
    assert [(o.taxon_id, o.group) for o in outcome.figure.organisms_of_rows] == [("9606", "")]


@pytest.mark.parametrize(
    ("kind", "header", "value", "detail"),
    [
        (GENE, GENES.replace("word", "Word"), "Word", "missing: word (found 'Word')"),
        (GENE, GENES.replace("ncbigene_id", "entrez").replace("\tsource", ""), "",
         "missing: ncbigene_id, source"),
        (GENE, GENES.replace("ncbigene_id", "NCBIGene-ID"), "NCBIGene-ID",
         "missing: ncbigene_id (found 'NCBIGene-ID')"),
        (CHEMICAL, "word\tmesh\tname\tchebi\n", "", "missing: match"),
        (DISEASE, "word\tidentifier\n", "", "missing: source"),
        (DISEASE, "term\tid\n", "term, id",
         "expected word, mesh, match, name, doid or word, source, identifier"),
    ],
)  # fmt: skip
def test_a_missing_column_is_named_alone(kind: Kind, header: str, value: str, detail: str) -> None:
    text = header + "\t".join("x" for _ in header.split("\t")) + "\n"
    _, findings, _ = rows({kind: text})
    assert [(f.code, f.value, f.detail) for f in findings] == [("table-malformed", value, detail)]


@pytest.mark.parametrize("nothing", ["NULL", "None", "nan", "N/A", " NA "])
def test_what_other_programs_write_for_nothing_is_none_but_in_words(nothing: str) -> None:
    text = GENES + "\t".join([nothing] * 3 + ["NAN", "NAN", "NAN"] + [nothing] * 5) + "\n"
    (statement,), findings = of_tables(GENE, text)
    assert statement == Statement(GENE, "NAN", "NAN", "", "", "NAN")
    assert findings == []
    text = CHEMICALS + f"None\t{nothing}\tNone\t{nothing}\tchebi:1\n"
    mentions, findings, outcome = rows({CHEMICAL: text})
    assert mentions[0].statement == Statement(CHEMICAL, "None", "None", "", "", accession="1")
    assert outcome.figure is not None
    assert (findings, outcome.figure.names) == ([], ())
    row = {
        "word": "None",
        "symbol": "None",
        "source": nothing,
        "hgnc_symbol": "NAN",
        "entrez": nothing,
    }
    mentions, findings, outcome = rows(genes=[row])
    assert mentions[0].statement == Statement(GENE, "None", "None", "", "9606", "NAN")


def test_a_symbol_with_blanks_around_it_is_the_symbol() -> None:
    text = GENES + HUMAN_ROW.replace("TNFSF11", " TNFSF11 ").replace("8600", "8600 ")
    (statement,), findings = of_tables(GENE, text)
    assert (statement.symbol, statement.entrez_id, findings) == ("TNFSF11", "8600", [])
    row = {"word": "RANKL ", "symbol": "RANKL", "source": "hgnc_alias_symbol ",
           "hgnc_symbol": "TNFSF11 ", "entrez": " 8600"}  # fmt: skip
    mentions, findings, _ = rows(genes=[row])
    assert mentions[0].statement == Statement(
        GENE, "RANKL ", "RANKL", "hgnc_alias_symbol", "9606", "TNFSF11", "8600"
    )
    assert findings == []


def test_columns_may_stand_in_any_order_and_unknown_ones_are_findings() -> None:
    text = "chebi\tname\tscore\tmatch\tmesh\tword\nchebi:1\tn\t0.5\tm\tNA\tw\n"
    statements, findings = of_tables(CHEMICAL, text)
    assert [(s.word, s.match, s.accession) for s in statements] == [("w", "m", "1")]
    assert [(f.code, f.field) for f in findings] == [("unknown-field", "line 1: score")]


@pytest.mark.parametrize("row", ["\t\t\t\t\n", "NA\tNA\tNA\tNA\tNA\n"])
def test_a_row_that_says_nothing_is_skipped(row: str) -> None:
    mentions, findings, outcome = rows({CHEMICAL: f"{CHEMICALS}NO\tNA\tNA\tNA\tNA\n{row}"})
    assert [m.statement.word for m in mentions] == ["NO"]
    assert [(f.code, f.field) for f in findings] == [("row-malformed", "line 3")]
    assert outcome.ledger.outcomes[Counted.CHEMICAL_ROW, Outcome.SKIPPED, "row-malformed"] == 1


def test_an_inline_gene_is_human_and_keeps_every_word() -> None:
    row = {"word": "[EGF]1", "symbol": "EGF", "source": "hgnc_symbol", "hgnc_symbol": "EGF",
           "entrez": "1950"}  # fmt: skip
    mentions, findings, _ = rows(genes=[row, row])
    assert findings == []
    assert mentions == (
        Mention(
            Statement(GENE, "[EGF]1", "EGF", "hgnc_symbol", "9606", "EGF", "1950"),
            2,
            f"{FIGID}.md",
            "genes[0]",
        ),
    )


@pytest.mark.parametrize("missing", ["", None, "NA", ".na.character"])
def test_missing_cells_of_inline_rows_are_booked(missing: object) -> None:
    row = {"word": "NO", "source": missing, "identifier": missing}
    mentions, findings, outcome = rows(chemicals=[row])
    assert findings == []
    assert mentions[0].statement == Statement(CHEMICAL, "NO", "", "", "")
    missed = [e.path for e in outcome.entries if e.reason == "missing-value"]
    assert missed == ["chemicals[0].source", "chemicals[0].identifier"]
    assert Said(outcome.graph).by_predicate[PFOCR.unresolvedReason] == {PFOCR.NoIdentifier}


@pytest.mark.parametrize("row", ["x", None, [], ["x"], {}, {"word": ["x"]}, {"word": {"a": "b"}}])
def test_an_inline_row_of_another_form_is_skipped_whole(row: object) -> None:
    good = {"word": "EGF", "symbol": "EGF", "source": "hgnc_symbol", "entrez": "1950"}
    mentions, findings, outcome = rows(genes=[row, good])
    assert [m.field for m in mentions] == ["genes[1]"]
    assert [(f.code, f.field) for f in findings] == [("row-malformed", "genes[0]")]
    assert outcome.ledger.outcomes[Counted.GENE_ROW, Outcome.SKIPPED, "row-malformed"] == 1


def test_inline_rows_that_are_no_list_are_a_finding() -> None:
    _, findings, _ = rows(genes={"word": "x"})
    assert [(f.code, f.field) for f in findings] == [("field-malformed", "genes")]


def test_unknown_keys_and_bad_identifiers_of_inline_rows_are_booked_by_leaf() -> None:
    row = {"word": "x", "symbol": "x", "source": "hgnc_symbol", "entrez": "no", "score": "1"}
    _, findings, outcome = rows(genes=[row])
    assert [(f.code, f.field) for f in findings] == [
        ("unknown-field", "genes[0].score"), ("bad-identifier", "genes[0].entrez"),
    ]  # fmt: skip
    assert {(e.path, e.reason) for e in outcome.entries if e.path.startswith("genes")} == {
        ("genes[0].score", "unknown-field"), ("genes[0].entrez", "bad-identifier"),
    }  # fmt: skip


def test_real_gene_rows_of_two_organisms_stay_apart(sample: Sample) -> None:
    name = "PMC11967956__pone.0303736.g007-genes.tsv"
    text = (sample.pages / "_data" / name).read_text()
    statements, findings = of_tables(GENE, text)
    assert [(f.code, f.value) for f in findings] == [("organism-not-of-figure", "Danio rerio")]
    mmp2 = {(s.organism, s.symbol) for s in statements if "MMP-2" in s.word or s.match == "MMP2"}
    assert {"9606", "7955"} == {organism for organism, _ in mmp2}
    assert {"COX2", "MS"} & {s.symbol for s in statements}


def test_real_rows_that_stand_twice_with_other_counts_are_one(sample: Sample) -> None:
    name = "PMC10034247__11064_2023_3912_Fig1_HTML-genes.tsv"
    text = (sample.pages / "_data" / name).read_text()
    mentions, _, _ = rows({GENE: text})
    assert {m.occurrences for m in mentions} == {2}
    assert "Kv1.3" in {m.statement.word for m in mentions}
