"""alignment.ttl: what each kind of entity is elsewhere, in every style, and counted."""

from __future__ import annotations

from pathlib import Path

import orjson
import pyoxigraph
import pytest

from pfocr_rdf.exporting.alignment import Aligner
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.figures.link.linker import Gene
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.figures.map.entities import gene_node, organism_node, paper_nodes, term_node
from pfocr_rdf.figures.model import Organism, Paper
from pfocr_rdf.rdf.cross_references import CROSS_REFERENCES
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.terms import IRI, Node, Term
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA, SKOS
from pfocr_rdf.release.counts.linksets import ALIGNED, aligned_spaces
from pfocr_rdf.release.opened import open_release
from tests.support.pages import run

TP53 = Gene("7157", "11998", "TP53", "tumor protein p53", "9606")
TRP53 = Gene("22059", "", "Trp53", "", "10090")


def aligned(style: IriStyle, entity: Node) -> dict[IRI, tuple[Term, ...]]:
    found = Aligner(Iris(style), embedded_gene_table()).aligned(entity)
    assert found is None or found.subject == entity.subject
    return dict(found.properties) if found else {}


@pytest.mark.parametrize("style", IriStyle)
def test_a_human_gene_is_aligned_by_what_hgnc_states(style: IriStyle) -> None:
    by = Iris(style)
    said = aligned(style, gene_node(TP53, by))
    space = {each.prefix: each.space(style) for each in CROSS_REFERENCES}
    spelled = {*by.spellings(by.gene("7157")), *by.spellings(by.hgnc("11998"))}
    assert len(spelled) == 4
    assert set(said.pop(SKOS.exactMatch)) == spelled | {f"{space['ENSEMBL']}ENSG00000141510"}
    assert said == {
        SKOS.closeMatch: (f"{space['OMIM']}191170",),
        SCHEMA.encodesBioChemEntity: ("http://purl.uniprot.org/uniprot/P04637",),
        PFOCR.ortholog: tuple(sorted((f"{space['MGI']}98834", f"{space['RGD']}3889"))),
        PFOCR.referenceSequence: (f"{space['RefSeq']}NM_000546",),
    }


@pytest.mark.parametrize("style", IriStyle)
def test_a_gene_without_an_entrez_id_is_found_by_its_hgnc_id(style: IriStyle) -> None:
    by = Iris(style)
    said = aligned(style, gene_node(TP53._replace(entrez_id=""), by))
    assert said[SCHEMA.encodesBioChemEntity] == ("http://purl.uniprot.org/uniprot/P04637",)
    assert set(by.spellings(by.hgnc("11998"))) <= set(said[SKOS.exactMatch])


@pytest.mark.parametrize("style", IriStyle)
def test_a_gene_of_another_species_has_only_other_spellings(style: IriStyle) -> None:
    by = Iris(style)
    assert aligned(style, gene_node(TRP53, by)) == {
        SKOS.exactMatch: tuple(sorted(by.spellings(by.gene("22059"))))
    }


@pytest.mark.parametrize("style", IriStyle)
def test_chemicals_diseases_and_organisms_have_other_spellings(style: IriStyle) -> None:
    by = Iris(style)
    chemical = aligned(style, term_node(Kind.CHEMICAL, "D002118", "22984", "calcium", by))
    assert set(chemical[SKOS.exactMatch]) == set(by.spellings(by.chebi("22984"))) != set()
    assert "http://identifiers.org/mesh/D002118" in chemical[SKOS.closeMatch]
    disease = aligned(style, term_node(Kind.DISEASE, "D009369", "", "cancer", by))
    assert "http://identifiers.org/mesh/D009369" in disease[SKOS.exactMatch]
    assert len(disease[SKOS.exactMatch]) == 3
    taxon = aligned(style, organism_node(Organism("Homo sapiens", "9606"), by))
    assert set(taxon[SKOS.exactMatch]) == set(by.spellings(by.taxon("9606"))) != set()


def test_others_are_not_aligned() -> None:
    by, paper = Iris(), Paper("PMC1", "", "", "", "", "", "", "", ())
    for entity in (organism_node(Organism("prion", ""), by), *paper_nodes(paper)):
        assert aligned(IriStyle.OBO, entity) == {}


@pytest.mark.parametrize("style", IriStyle)
def test_linksets_say_what_the_file_has(seeds: Path, tmp_path: Path, style: IriStyle) -> None:
    run(seeds, out=tmp_path / "o", hgnc=None, style=style)
    triples = list(read_triples(tmp_path / "o" / "alignment.ttl"))
    spaces = aligned_spaces(Iris(style))
    expected = {
        (str(predicate), target.name): n
        for predicate, target in ALIGNED
        if (n := sum(p == predicate and str(o).startswith(spaces[target]) for _, p, o in triples))
    }
    assert sum(expected.values()) == len(triples) > 500, "each triple is of one linkset"
    store = pyoxigraph.Store()
    store.load(path=tmp_path / "o" / "void.ttl")
    rows = store.query(
        "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?p ?t ?n ?all { ?g void:subset ?l ; "
        "void:triples ?all . ?l void:linkPredicate ?p ; void:objectsTarget ?t ; void:triples ?n "
        "FILTER(STRENDS(STR(?g), '/alignment')) }"
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    said = {
        (row["p"].value, row["t"].value.rpartition("/")[2]): (
            int(row["n"].value),
            int(row["all"].value),
        )
        for row in rows
    }
    assert said == {key: (n, len(triples)) for key, n in expected.items()}
    listed = open_release(tmp_path / "o").listed("alignment.ttl")
    assert listed is not None
    assert listed.triples == len(triples)
    subjects = [s for s, _, _ in triples]
    assert subjects == sorted(subjects), "in the order of IRIs"


def test_a_table_without_cross_references_gives_other_spellings(
    seeds: Path, tmp_path: Path
) -> None:
    table = tmp_path / "old.tsv"
    rows = ("hgnc_id symbol name status alias_symbol prev_symbol date_modified entrez_id").split()
    gene = ("HGNC:11926", "TNFSF11", "TNF superfamily member 11", "Approved", "", "", "", "8600")
    table.write_text("".join("\t".join(line) + "\n" for line in (rows, gene)))
    run(seeds, out=tmp_path / "o", hgnc=table)
    predicates = {p for _, p, _ in read_triples(tmp_path / "o" / "alignment.ttl")}
    assert SKOS.exactMatch in predicates
    assert predicates <= {SKOS.exactMatch, SKOS.closeMatch}


def test_kgx_has_the_gene_elsewhere_but_no_orthologs(seeds: Path, tmp_path: Path) -> None:
    run(seeds, out=tmp_path / "o", hgnc=None, also=(Form.KGX,))
    lines = (tmp_path / "o" / "pfocr_nodes.jsonl").read_bytes().splitlines()
    nodes = {node["id"]: node for node in map(orjson.loads, lines)}
    assert nodes["NCBIGene:8600"]["xref"] == [
        "HGNC:11926", "ENSEMBL:ENSG00000120659", "OMIM:602642", "UniProtKB:O14788",
        "RefSeq:NM_003701",
    ]  # fmt: skip
    assert not [
        x for node in nodes.values() for x in node.get("xref", ()) if x[:3] in ("MGI", "RGD")
    ]
