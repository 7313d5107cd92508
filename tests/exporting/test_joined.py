"""Names for the nameless, and what files of others add: PubMed ids, MeSH names, mappings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import rdflib

from pfocr_rdf import map_figure, read_figures, to_graph
from pfocr_rdf.errors import InputError
from pfocr_rdf.exporting.cluster import driver
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA
from tests.support.pages import findings, manifest, page, quads, report, run, write
from tests.support.tasks import InTurn

PGE2 = "http://id.nlm.nih.gov/mesh/D015232"
PAIN = "http://id.nlm.nih.gov/mesh/D010146"
HEAD = "Journal Title,ISSN,eISSN,Year,Volume,Issue,Page,DOI,PMCID,PMID,Manuscript Id,Release Date\n"
SSSOM = (
    "#curie_map:\n"
    "#  MESH: http://id.nlm.nih.gov/mesh/\n"
    '#  "MONDO": "http://purl.obolibrary.org/obo/MONDO_"\n'
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
)


def old(*rows: tuple[str, str]) -> str:
    return "word\tsource\tidentifier\n" + "".join(f"{w}\tMESH\t{i}\n" for w, i in rows)


def corpus(folder: Path) -> Path:
    """Two of three figures say `PGE2`, one says two other words; pain is `Pain` and `ache` once."""
    return write(
        folder,
        {
            "_figures/PMC1__a.md": page("PMC1__a", doi="10.1234/a"),
            "_data/PMC1__a-chemicals.tsv": old(("PGE2", "D015232"), ("PGE2", "D015232")),
            "_data/PMC1__a-diseases.tsv": old(("ache", "D010146")),
            "_figures/PMC2__b.md": page("PMC2__b"),
            "_data/PMC2__b-chemicals.tsv": old(("PGE2", "D015232")),
            "_data/PMC2__b-diseases.tsv": old(("Pain", "D010146")),
            "_figures/PMC3__c.md": page("PMC3__c"),
            "_data/PMC3__c-chemicals.tsv": old(*[("A", "D015232")] * 5, ("PG-E2", "D015232")),
            "_figures/PMC11__d.md": page("PMC11__d"),
        },
    )


def told(path: Path) -> set[tuple[str, str, str]]:
    """Return the triples of a file as texts."""
    return {
        (str(q.subject).strip("<>"), q.predicate.value, getattr(q.object, "value", ""))
        for q in quads(path)
    }


def said(out: Path, subject: str, predicate: str) -> set[str]:
    return {o for s, p, o in told(out / "pfocr.ttl") if (s, p) == (subject, predicate)}


def found(out: Path, code: str) -> list[tuple[str, str, str]]:
    return [
        (one["field"], one["value"], one["detail"]) for one in findings(out) if one["code"] == code
    ]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("joined") / "c")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, figures: Path) -> Path:
    out = tmp_path_factory.mktemp("joined") / "out"
    run(figures, out=out, also=(Form.KGX, Form.SSSOM))
    return out


def test_the_nameless_are_called_by_the_word_of_most_figures(plain: Path) -> None:
    assert said(plain, PGE2, PFOCR.labelFromFigures) == {"PGE2"}
    assert not said(plain, PGE2, SCHEMA.name)


def test_of_words_in_as_many_figures_the_first_by_code_point_is_taken(plain: Path) -> None:
    assert said(plain, PAIN, PFOCR.labelFromFigures) == {"Pain"}


def test_a_graph_of_all_figures_has_the_labels_of_the_release(figures: Path, plain: Path) -> None:
    graph = to_graph(map_figure(figure) for figure in read_figures(figures))
    release = rdflib.Graph().parse(plain / "pfocr.ttl")
    label = rdflib.URIRef(PFOCR.labelFromFigures)
    assert set(graph.subject_objects(label)) == set(release.subject_objects(label)) != set()


def test_a_name_that_any_figure_states_stands_alone(tmp_path: Path, figures: Path) -> None:
    write(
        tmp_path,
        {
            "_figures/PMC9__z.md": page("PMC9__z"),
            "_data/PMC9__z-diseases.tsv": "word\tmesh\tmatch\tname\tdoid\n"
            "pains\tmesh:D010146\tpain\tpain (sense)\tNA\n",
        },
    )
    run(figures, tmp_path, out=tmp_path / "out")
    assert said(tmp_path / "out", PAIN, SCHEMA.name) == {"pain (sense)"}
    assert not said(tmp_path / "out", PAIN, PFOCR.labelFromFigures)


def test_a_label_is_counted_anew_where_figures_are_reused(tmp_path: Path, figures: Path) -> None:
    """Three more figures change the word of those that are as they were."""
    write(tmp_path / "c", {"x": ""})
    source = corpus(tmp_path / "c")
    run(source, out=tmp_path / "again")
    for stem in "efg":
        name = f"PMC4__{stem}"
        write(
            source,
            {
                f"_figures/{name}.md": page(name),
                f"_data/{name}-chemicals.tsv": old(("dinoprostone", "D015232")),
            },
        )
    run(source, out=tmp_path / "again")
    run(source, out=tmp_path / "anew")
    assert said(tmp_path / "again", PGE2, PFOCR.labelFromFigures) == {"dinoprostone"}
    assert (tmp_path / "again/pfocr.ttl").read_bytes() == (tmp_path / "anew/pfocr.ttl").read_bytes()


def test_nodes_of_kgx_show_the_label_in_quotes(plain: Path) -> None:
    rows = [json.loads(line) for line in (plain / "pfocr_nodes.jsonl").read_text().splitlines()]
    assert {row["id"]: row.get("name") for row in rows}["MESH:D015232"] == "“PGE2”"


def everything(folder: Path) -> dict[str, Any]:
    table = HEAD + (
        '"Proc, A",1,,2000,3,1,55,10.1234/A,PMC1,11,,live\n'
        "J,1,,2000,3,1,55,,PMC11,110,,live\n"
        "J,1,,2000,3,1,55,,PMC2,,,live\n"
    )
    write(
        folder,
        {
            "ids.csv.gz": gzip.compress(table.encode()),
            "d.bin": "*NEWRECORD\nRECTYPE = D\nMH = Dinoprostone\nUI = D015232\n",
            "m.tsv": SSSOM
            + "MESH:D015232\tskos:exactMatch\thttp://x.org/1\tsemapv:LexicalMatching\n",
        },
    )
    return {
        "pmc_ids": folder / "ids.csv.gz",
        "mesh": (folder / "d.bin",),
        "mappings": folder / "m.tsv",
    }


def test_a_cluster_joins_the_same(tmp_path: Path, figures: Path) -> None:
    options = everything(tmp_path)
    run(figures, out=tmp_path / "here", **options)
    there = tmp_path / "there"
    driver.run(
        [str(figures)],
        str(there),
        ExportOptions(shard_size=2, **options),
        lambda _: None,
        lambda _: InTurn(),
    )
    spread = [quad for path in there.glob("pfocr-*.ttl") for quad in quads(path)]
    assert {str(quad.triple) for quad in spread} == {
        str(quad.triple) for quad in quads(tmp_path / "here/pfocr.ttl")
    }
    assert (there / "alignment.ttl").read_bytes() == (tmp_path / "here/alignment.ttl").read_bytes()
    assert sorted(map(str, findings(there))) == sorted(map(str, findings(tmp_path / "here")))


def test_papers_get_their_pubmed_record(tmp_path: Path, figures: Path) -> None:
    run(figures, out=tmp_path / "out", **everything(tmp_path))
    paper = "http://identifiers.org/pmc/PMC1"
    assert said(tmp_path / "out", paper, SCHEMA.identifier) == {"PMC1", "doi:10.1234/a", "pmid:11"}
    assert said(tmp_path / "out", paper, SCHEMA.sameAs) == {
        "https://doi.org/10.1234/a",
        "http://identifiers.org/pubmed/11",
    }
    assert said(tmp_path / "out", "http://identifiers.org/pmc/PMC11", SCHEMA.identifier) == {
        "PMC11",
        "pmid:110",
    }
    assert found(tmp_path / "out", "pubmed-id-missing") == [
        ("PMCID", "PMC2", "its row has none"),
        ("PMCID", "PMC3", "there is no row of it"),
    ]


def test_rows_that_contradict_are_found_and_nothing_is_guessed(
    tmp_path: Path, figures: Path
) -> None:
    rows = (
        "J,1,,2000,3,1,55,10.9999/other,PMC1,11,,live\n"
        "J,1,,2000,3,1,55,,PMC2,12,,live\n"
        "J,1,,2000,3,1,55,,PMC2,13,,live\n"
        "J,1,,2000,3,1,55,,PMC3,0x,,live\n"
        "J,PMC3,7\n"
        "J,1,,2000,3,1,55,,PMC11,11,,live\n"
    )
    (tmp_path / "ids.csv").write_text(HEAD + rows)
    run(figures, out=tmp_path / "out", pmc_ids=tmp_path / "ids.csv")
    assert found(tmp_path / "out", "pubmed-id-conflict") == [
        ("line 2: DOI", "10.9999/other", "the page has 10.1234/a"),
        ("line 2: PMID", "11", "of PMC1, and of PMC11 too"),
        ("line 7: PMID", "11", "of PMC11, and of PMC1 too"),
        ("line 4: PMID", "13", "rows of PMC2: 12, 13"),
    ]
    assert found(tmp_path / "out", "bad-identifier") == [("line 5: PMID", "0x", "")]
    assert [field for field, _, _ in found(tmp_path / "out", "row-malformed")] == ["line 6"]
    assert not [o for _, _, o in told(tmp_path / "out/pfocr.ttl") if "/pubmed/" in o]


NT = (
    "<http://id.nlm.nih.gov/mesh/2024/D015232> <http://www.w3.org/2000/01/rdf-schema#label> "
    '"Dino\\u00F6prostone"@en .\n'
    '<http://id.nlm.nih.gov/mesh/D010146> <http://www.w3.org/2000/01/rdf-schema#label> "Pain" .\n'
    '<http://id.nlm.nih.gov/mesh/T000001> <http://www.w3.org/2000/01/rdf-schema#label> "x"@en .\n'
)


@pytest.mark.parametrize(
    ("lists", "name"),
    [
        (("*NEWRECORD\nRECTYPE = D\nMH = Dinoprostone\nDX = 1\nUI = D015232\n",), "Dinoprostone"),
        (("*NEWRECORD\nRECTYPE = C\nUI = C1\n", "*NEWRECORD\r\nNM = X\r\nUI = D015232\r\n"), "X"),
        ((NT,), "Dinoöprostone"),
    ],
)
def test_mesh_gives_real_names(
    tmp_path: Path, figures: Path, lists: Sequence[str], name: str
) -> None:
    paths = [tmp_path / f"{number}.gz" for number in range(len(lists))]
    for path, text in zip(paths, lists, strict=True):
        path.write_bytes(gzip.compress(text.encode()))
    run(figures, out=tmp_path / "out", mesh=tuple(paths))
    assert said(tmp_path / "out", PGE2, SCHEMA.name) == {name}
    assert not said(tmp_path / "out", PGE2, PFOCR.labelFromFigures)
    missing = [] if "D010146" in lists[0] else [("UI", "D010146", "")]
    assert found(tmp_path / "out", "mesh-name-missing") == missing


def test_mappings_stand_in_the_alignment_with_their_reason(tmp_path: Path, figures: Path) -> None:
    rows = (
        # PubTator's spelling of the same
        "http://identifiers.org/mesh/D010146\tskos:broadMatch\tMONDO:0021668\tsemapv:ManualMappingCuration\n"
        "MESH:D015232\tskos:exactMatch\thttp://x.org/1\tsemapv:LexicalMatching\n"
        "MESH:D015232\tskos:exactMatch\thttp://x.org/1\tsemapv:LexicalMatching\n"
        "MESH:D999999\tskos:exactMatch\thttp://x.org/1\tsemapv:LexicalMatching\n"
        "MESH:D015232\tskos:like\thttp://x.org/1\tsemapv:LexicalMatching\n"
        "MESH:D015232\tskos:exactMatch\tCHEBI:1\tsemapv:LexicalMatching\n"
        "MESH:D015232\tskos:exactMatch\thttp://x.org/1\tfelt\n"
        "MESH:D015232\n"
    )
    (tmp_path / "m.sssom.tsv").write_text(SSSOM + rows)
    out = tmp_path / "out"
    run(figures, out=out, mappings=tmp_path / "m.sssom.tsv", also=(Form.SSSOM,))
    assert [(field, value) for field, value, _ in found(out, "mapping-malformed")] == [
        ("line 9: predicate_id", "skos:like"),
        ("line 10: object_id", "CHEBI:1"),
        ("line 11: mapping_justification", "felt"),
        ("line 12", "MESH:D015232"),
    ]
    assert report(out)["ledger"]["mapping row"] == {
        "read": 8,
        "emitted": 2,
        "merged": {"repeated": 1},
        "skipped": {"mapping-malformed": 4, "not-of-this-release": 1},
    }
    aligned = told(out / "alignment.ttl")
    skos, mondo = "http://www.w3.org/2004/02/skos/core#", "http://purl.obolibrary.org/obo/MONDO_"
    assert (PAIN, f"{skos}broadMatch", f"{mondo}0021668") in aligned
    why = {s: o for s, p, o in aligned if p == "https://w3id.org/sssom/mapping_justification"}
    assert sorted(value.rpartition("/")[2] for value in why.values()) == [
        "LexicalMatching",
        "ManualMappingCuration",
    ]
    table = (out / "pfocr.sssom.tsv").read_text()
    assert (
        "MESH:D010146\t“Pain”\tskos:broadMatch\tMONDO:0021668\tsemapv:ManualMappingCuration\t"
        in table
    )
    assert f"#  MONDO: {mondo}\n" in table


def test_what_was_joined_decides_whether_a_release_is_as_it_was(
    tmp_path: Path, figures: Path
) -> None:
    options = everything(tmp_path)
    out = tmp_path / "out"
    run(figures, out=out, **options)
    before = (out / "manifest.json").stat().st_ino
    assert [one["option"] for one in manifest(out)["joined"]] == [
        "--pmc-ids",
        "--mesh",
        "--mappings",
    ]
    run(figures, out=out, **options)
    assert (out / "manifest.json").stat().st_ino == before, "nothing was written"
    (tmp_path / "d.bin").write_text("*NEWRECORD\nMH = Other\nUI = D015232\n")
    run(figures, out=out, **options)
    assert said(out, PGE2, SCHEMA.name) == {"Other"}


@pytest.mark.parametrize(
    ("option", "content", "message"),
    [
        ("pmc_ids", None, "cannot be read: No such file"),
        ("pmc_ids", b"", "found an empty file"),
        ("pmc_ids", b"PMCID,DOI\nPMC1,x\n", "found a first line without PMID"),
        ("pmc_ids", HEAD.encode(), "found no row"),
        ("pmc_ids", gzip.compress(HEAD.encode() * 999)[:-20], "ended before the end"),
        ("mesh", b"<html>\n", "found '<html>"),
        ("mappings", b"subject_id\tobject_id\n", "found none of predicate_id"),
        ("mappings", b"\xff\n", "not UTF-8"),
    ],
)
def test_a_missing_or_broken_file_stops_the_run_before_it_begins(
    tmp_path: Path, figures: Path, option: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    given: Any = (path,) if option == "mesh" else path
    with pytest.raises(InputError, match=message) as error:
        run(figures, out=tmp_path / "out", **{option: given})
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out").exists()
