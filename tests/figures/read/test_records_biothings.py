"""BioThings documents of an earlier release as INPUT: what they say, and what they do not."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.figures.api import read_figures
from pfocr_rdf.figures.link.table_source import load_gene_table
from pfocr_rdf.figures.read.archive import MAX_MEMBER_BYTES
from pfocr_rdf.figures.read.records import find_records, open_records
from pfocr_rdf.figures.show import View, show_figure
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.vocabulary import PFOCR, RDF, SCHEMA
from tests.support.formed import figures_of, formed, gene_links, records, said
from tests.support.pages import (
    TNFSF11,
    command,
    findings,
    gene_table,
    manifest,
    page,
    report,
    run,
    triples,
    write,
)
from tests.support.samples import REAL, Sample


def document(figid: str = "PMC1__a", **changes: Any) -> dict[str, Any]:
    """Return a document in the shape of the API; a change to None leaves a field out."""
    pmcid, _, name = figid.partition("__")
    inner = {
        "title": f"The figure {figid}",
        "pfocrUrl": f"https://pfocr.wikipathways.org/figures/{figid}.html",
        "figureUrl": f"https://www.ncbi.nlm.nih.gov/pmc/articles/{pmcid}/bin/{name}.jpg",
        "pmc": pmcid,
        "mentions": {
            "chemicals": {"mesh": ["D002118"], "chebi": ["63620"]},
            "diseases": {"mesh": [], "doid": ["162"]},
            "genes": {"ncbigene": ["8600", "4982"]},
        },
    } | changes
    kept = {key: value for key, value in inner.items() if value is not None}
    return {"_id": figid, "associatedWith": kept}


def lines(*documents: object) -> str:
    return "".join(
        f"{each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)}\n"
        for each in documents
    )


def given(folder: Path, *documents: object, name: str = "pfocr.ndjson") -> Path:
    return write(folder, {name: lines(*documents)}) / name


def codes(out: Path) -> Counter[str]:
    return Counter(each["code"] for each in findings(out))


def books(out: Path) -> dict[str, Any]:
    """Return the ledger; fail when it does not balance."""
    ledger: dict[str, Any] = report(out)["ledger"]
    for kind, entry in ledger.items():
        settled = entry["emitted"] + sum(entry["merged"].values()) + sum(entry["skipped"].values())
        assert entry["read"] == settled, kind
    return ledger


def test_a_document_is_a_figure_with_its_genes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(given(tmp_path, document()), out=out)
    assert result.report.violations == 0, "it conforms to the shapes"
    (dumped,) = figures_of(out)
    facts = said(dumped.figure)
    assert facts == {
        RDF.type: [SCHEMA.Dataset, SCHEMA.ImageObject, PFOCR.PathwayFigure],
        SCHEMA.identifier: ["PMC1__a"],
        SCHEMA.name: ["The figure PMC1__a"],
        SCHEMA.url: ["https://pfocr.wikipathways.org/figures/PMC1__a.html"],
        SCHEMA.contentUrl: ["https://europepmc.org/articles/PMC1/bin/a.jpg"],
        SCHEMA.isPartOf: ["http://identifiers.org/pmc/PMC1"],
        SCHEMA.license: ["https://creativecommons.org/publicdomain/zero/1.0/"],
        SCHEMA.creator: ["https://www.wikipathways.org/"],
        SCHEMA.includedInDataCatalog: ["https://pfocr.wikipathways.org/"],
        SCHEMA.mentions: [
            "http://id.nlm.nih.gov/mesh/D002118",
            "http://identifiers.org/ncbigene/4982",
            "http://identifiers.org/ncbigene/8600",
            "http://purl.obolibrary.org/obo/CHEBI_63620",
            "http://purl.obolibrary.org/obo/DOID_162",
        ],
        PFOCR.fileName: ["a.jpg"],
    }
    assert Counter(said(mention)[RDF.type][0] for mention in dumped.mentions) == {
        PFOCR.GeneMention: 2,
        PFOCR.ChemicalMention: 2,
        PFOCR.DiseaseMention: 1,
    }
    # HGNC knows the genes by their Entrez ids, so they have their names and are human.
    text = (out / "pfocr.ttl").read_text()
    assert '"TNFSF11"' in text
    assert "hgnc:11926" in text
    assert codes(out) == {"fewer-facts": 1}
    (finding,) = findings(out)
    assert finding["file"] == "pfocr.ndjson"
    assert "captions" in finding["detail"]
    assert "how strictly they were matched" in finding["detail"]
    assert books(out) == {
        "figure record": {"read": 1, "emitted": 1, "merged": {}, "skipped": {}},
        "record leaf": {
            "read": 11,
            "emitted": 9,
            "merged": {"equals-figid": 1},
            "skipped": {"missing-value": 1},
        },
    }
    (entry,) = manifest(out)["inputs"]
    assert entry["name"] == "pfocr.ndjson"
    assert entry["kind"] == "BioThings documents"
    assert (entry["figures"], entry["tables"]) == (1, 0)
    assert entry["bytes read"] == (tmp_path / "pfocr.ndjson").stat().st_size


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("name", ["pfocr.ndjson", "PFOCR.JSONL"])
def test_a_compressed_file_says_the_same(tmp_path: Path, name: str, suffix: str) -> None:
    plain = given(tmp_path / "plain", document(), document("PMC1__b"), name=name)
    squeezed = tmp_path / f"{name}{suffix}"
    content = plain.read_bytes()
    squeezed.write_bytes(
        gzip.compress(content) if suffix == ".gz" else zstandard.ZstdCompressor().compress(content)
    )
    run(plain, out=tmp_path / "a")
    run(squeezed, out=tmp_path / "b")
    assert triples(tmp_path / "a" / "pfocr.ttl") == triples(tmp_path / "b" / "pfocr.ttl")


def test_an_earlier_shape(tmp_path: Path) -> None:
    """With the suffix of the image in the id, numbers for ids, and what the API adds."""
    old = document("PMC2__b", pfocrUrl=None, title=None, figureTitle="An old title", pubmed="123")
    old["_id"] = "PMC2__b.jpg"
    old["_score"], old["_version"] = 11.39, 1
    old["associatedWith"]["mentions"] = {"genes": {"ncbigene": [8600, 4982]}}
    out = tmp_path / "out"
    assert run(given(tmp_path, old), out=out).report.violations == 0
    assert gene_links(out) == {("PMC2__b", "8600"), ("PMC2__b", "4982")}
    (dumped,) = figures_of(out)
    assert said(dumped.figure)[SCHEMA.name] == ["An old title"]
    assert codes(out) == {"fewer-facts": 1}
    assert books(out)["record leaf"]["skipped"] == {"not-mapped": 3}
    left_out = report(out)["left out on purpose"]
    assert {f"BioThings: {key}" for key in ("_score", "_version", "associatedWith.pubmed")} <= set(
        left_out
    )


FAULTS: list[tuple[object, str, str, str]] = [
    ("{", "record-malformed", "", "{"),
    ("[1]", "record-malformed", "", "[1]"),
    ("{}", "record-malformed", "", "{}"),
    ({"_id": "x", "associatedWith": {}}, "bad-figid", "_id", "'x'"),
    ({"_id": 7}, "bad-figid", "_id", "'7'"),
    ("[" * 20 + "]" * 20, "record-malformed", "", "[" * 20 + "]" * 20),
]


@pytest.mark.parametrize(("line", "code", "field", "value"), FAULTS)
def test_a_line_that_is_no_figure_is_skipped(
    tmp_path: Path, line: object, code: str, field: str, value: str
) -> None:
    out = tmp_path / "out"
    run(given(tmp_path, document(), line), out=out)
    (found,) = (each for each in findings(out) if each["code"] == code)
    assert (found["file"], found["field"]) == ("pfocr.ndjson/line 2", field)
    assert found["value"] == value
    assert found["severity"] == "error"
    assert books(out)["figure record"] == {
        "read": 2, "emitted": 1, "merged": {}, "skipped": {code: 1},
    }  # fmt: skip
    assert len(list(figures_of(out))) == 1


def test_text_that_is_not_utf_8_is_skipped(tmp_path: Path) -> None:
    path = given(tmp_path, document())
    path.write_bytes(path.read_bytes() + b'{"_id": "PMC1__b", "associatedWith": "\xc4"}\n\n')
    run(path, out=tmp_path / "out")
    assert codes(tmp_path / "out") == {"fewer-facts": 1, "record-malformed": 1}
    books(tmp_path / "out")


FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"pmc": "PMC9"}, "pmcid-mismatch", "associatedWith.pmc"),
    ({"pmc": "9"}, "bad-identifier", "associatedWith.pmc"),
    ({"pfocrUrl": "https://pfocr.wikipathways.org/x"}, "figid-mismatch", "associatedWith.pfocrUrl"),
    ({"figureUrl": "a.jpg"}, "bad-identifier", "associatedWith.figureUrl"),
    ({"reviewer": "A. Curator"}, "unknown-field", "associatedWith.reviewer"),
    ({"title": ["one", "two"]}, "field-malformed", "associatedWith.title"),
    ({"title": "Cancer â€“ Influence"}, "text-repaired", "associatedWith.title"),
    ({"mentions": "RANKL"}, "field-malformed", "associatedWith.mentions"),
    ({"mentions": {"genes": ["8600"]}}, "field-malformed", "associatedWith.mentions.genes"),
    (
        {"mentions": {"genes": {"ncbigene": ["8600", "RANKL"]}}},
        "bad-identifier",
        "associatedWith.mentions.genes.ncbigene[1]",
    ),
    (
        {"mentions": {"chemicals": {"chebi": ["water"]}}},
        "bad-identifier",
        "associatedWith.mentions.chemicals.chebi[0]",
    ),
    (
        {"mentions": {"diseases": {"icd": ["C50"]}}},
        "unknown-field",
        "associatedWith.mentions.diseases.icd",
    ),
]


@pytest.mark.parametrize(("changes", "code", "field"), FIELDS)
def test_an_odd_field_is_found_where_it_is(
    tmp_path: Path, changes: dict[str, Any], code: str, field: str
) -> None:
    out = tmp_path / "out"
    run(given(tmp_path, document(**changes)), out=out, validate=False)
    (found,) = (each for each in findings(out) if each["code"] != "fewer-facts")
    assert (found["code"], found["field"]) == (code, field)
    assert found["file"] == "pfocr.ndjson/PMC1__a"
    assert len(list(figures_of(out))) == 1
    books(out)


def test_ids_that_repeat_are_one_mention(tmp_path: Path) -> None:
    out = tmp_path / "out"
    twice = {"genes": {"ncbigene": ["8600", " 8600", "8600"]}, "chemicals": {}, "diseases": None}
    run(given(tmp_path, document(mentions=twice)), out=out)
    (dumped,) = figures_of(out)
    assert len(dumped.mentions) == 1
    leaf = books(out)["record leaf"]
    assert leaf["merged"] == {"equals-figid": 1, "repeated": 2}
    assert leaf["skipped"] == {"missing-value": 2}


def test_a_figure_that_repeats_is_kept_once(tmp_path: Path) -> None:
    """In a file, in another file, and as a page."""
    corpus = write(tmp_path / "in", {"PMC1__c.md": page("PMC1__c", (TNFSF11,))})
    first = given(tmp_path / "1", document(), document("PMC1__b"), document(title="Again"))
    second = given(tmp_path / "2", document("PMC1__b"), document("PMC1__c"))
    out = tmp_path / "out"
    run(corpus, first, second, out=out)
    assert sorted(said(each.figure)[SCHEMA.identifier][0] for each in figures_of(out)) == [
        "PMC1__a", "PMC1__b", "PMC1__c",
    ]  # fmt: skip
    assert [
        (each["file"], each["value"])
        for each in findings(out)
        if each["code"] == "duplicate-figure"
    ] == [
        ("pfocr.ndjson/PMC1__a~2", "PMC1__a"),
        ("pfocr.ndjson~2/PMC1__b", "PMC1__b"),
        ("pfocr.ndjson~2/PMC1__c", "PMC1__c"),
    ]
    assert books(out)["figure record"]["skipped"] == {"duplicate-figure": 3}


def test_maps_of_a_checkout_are_used(tmp_path: Path) -> None:
    corpus = write(
        tmp_path / "in",
        {
            "_figures/PMC9__z.md": page("PMC9__z"),
            "_data/wpid_map.tsv": "PMC1__a\tWP5283\nPMC1__b\tWP?\n",
            "_data/PMC9__z-genes.tsv": gene_table(("RANKL", "TNFSF11", "8600")),
        },
    )
    out = tmp_path / "out"
    run(corpus, given(tmp_path, document(), document("PMC1__b")), out=out)
    facts = {said(each.figure)[SCHEMA.identifier][0]: said(each.figure) for each in figures_of(out)}
    assert facts["PMC1__a"][PFOCR.wikiPathway] == ["https://identifiers.org/wikipathways/WP5283"]
    assert PFOCR.wikiPathway not in facts["PMC1__b"]
    assert books(out)["map row"]["skipped"] == {"bad-identifier": 1}


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = given(tmp_path, ["PMC1__a", "2018"], {"id": "PMC1__a"}, name="figids.jsonl")
    with pytest.raises(InputError, match=r"figids\.jsonl: expected a figid \(PMC…__name\)"):
        run(path, out=tmp_path / "out")
    empty = given(tmp_path, name="empty.ndjson")
    with pytest.raises(InputError, match=r"empty\.ndjson: expected a figid"):
        run(empty, out=tmp_path / "out")


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_broken_archive_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"pfocr.ndjson{suffix}"
    content = lines(*(document(f"PMC{i}__a") for i in range(500))).encode()
    whole = gzip.compress(content) if suffix == ".gz" else zstandard.compress(content)
    path.write_bytes(whole[:-20])
    with pytest.raises(InputError, match=r"expected a whole archive, found it broken"):
        run(path, out=tmp_path / "out")


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pfocr.ndjson"
    with path.open("wb") as out:
        out.truncate(MAX_MEMBER_BYTES + 10)
    file = open_records(path, path.name, tmp_path)
    with pytest.raises(InputError, match=r"pfocr\.ndjson: line 1: expected at most"):
        list(find_records(file))


def test_a_second_run_reads_only_what_has_changed(tmp_path: Path) -> None:
    path = given(tmp_path, *(document(f"PMC{i}__a") for i in range(5)))
    out = tmp_path / "out"
    run(path, out=out)
    again = run(path, out=out)
    assert again.changes is not None
    assert not any(again.changes)
    given(
        tmp_path,
        document("PMC9__new"),
        *(
            document(f"PMC{i}__a", title="Changed" if i == 2 else f"The figure PMC{i}__a")
            for i in range(4)
        ),
    )
    third = run(path, out=out)
    assert third.changes is not None
    assert third.changes == (("PMC9__new",), ("PMC2__a",), ("PMC4__a",))
    assert triples(out / "pfocr.ttl") == triples(
        run(path, out=tmp_path / "anew").folder / "pfocr.ttl"
    )


@pytest.mark.whole
def test_any_number_of_jobs_reads_the_same(tmp_path: Path) -> None:
    path = given(tmp_path, *(document(f"PMC{i}__a") for i in range(150)))
    run(path, out=tmp_path / "one", jobs=1)
    run(path, out=tmp_path / "two", jobs=2)
    one, two = ((tmp_path / name / "manifest.json").read_bytes() for name in ("one", "two"))
    assert one == two


def test_api_and_show_read_documents(tmp_path: Path) -> None:
    path = given(tmp_path, document(), document("PMC1__b"))
    found: list[str] = []
    figures = list(read_figures(path, on_finding=lambda finding: found.append(finding.code)))
    assert [figure.figid for figure in figures] == ["PMC1__a", "PMC1__b"]
    assert found == ["fewer-facts"]
    table = load_gene_table()
    shown = show_figure("PMC1__b", path, View.TABLE, table)
    assert {row.symbol for row in shown.rows} >= {"TNFSF11", "TNFRSF11B"}
    with pytest.raises(UsageError, match="holds 2 figures"):
        show_figure(str(path), None, View.TABLE, table)


@pytest.mark.whole
def test_the_command(tmp_path: Path) -> None:
    path = given(tmp_path, document())
    done = command("export", path, "-o", tmp_path / "out", "--strict")
    assert done.returncode == 0, done.stderr
    assert "fewer-facts" in done.stdout


@pytest.mark.parametrize("style", IriStyle)
def test_what_is_written_can_be_read_again(seeds: Path, tmp_path: Path, style: IriStyle) -> None:
    first = formed(seeds, tmp_path / "first", Form.BIOTHINGS, style=style)
    again = formed(first / "pfocr-biothings-all.ndjson", tmp_path / "again", Form.BIOTHINGS)
    expected = formed(seeds, tmp_path / "obo", Form.BIOTHINGS)
    assert gene_links(again) == gene_links(expected) != set()
    name = "pfocr-biothings-all.ndjson"
    assert sorted(records(again / name), key=str) == sorted(records(expected / name), key=str)


@pytest.mark.whole
def test_real_figures_there_and_back(sample: Sample, tmp_path: Path) -> None:
    first = formed(sample.pages, tmp_path / "first", Form.BIOTHINGS)
    name = "pfocr-biothings-all.ndjson"
    result = run(first / name, out=tmp_path / "again", also=(Form.BIOTHINGS,))
    again = tmp_path / "again"
    assert gene_links(again) == gene_links(first)
    assert (again / name).read_bytes() == (first / name).read_bytes()
    assert result.report.violations == 0
    books(again)
    strict = first / "pfocr-biothings-strict.ndjson"
    fewer = formed(strict, tmp_path / "strict", Form.BIOTHINGS)
    assert gene_links(fewer) < gene_links(first)


@pytest.mark.whole
def test_genes_of_the_release_of_2021(shared: Path, tmp_path: Path) -> None:
    """90,719 rows of 2,659 real figures, as documents: each gene by its stated id."""
    with gzip.open(shared / "data" / "pfocr_2021_genes.jsonl.gz", "rt") as rows:
        stated: dict[str, list[str]] = {
            figid: [str(row[-1]) for row in genes] for figid, genes in map(json.loads, rows)
        }
    chosen = dict(list(stated.items())[:400])
    path = given(tmp_path, *(_of_2021(figid, genes) for figid, genes in chosen.items()))
    out = tmp_path / "out"
    hgnc = REAL.hgnc
    result = run(path, out=out, hgnc=hgnc)
    assert result.report.violations == 0
    expected = {(figid, gene) for figid, genes in chosen.items() for gene in genes}
    assert gene_links(out) == expected
    ledger = books(out)
    assert ledger["figure record"]["emitted"] == 400
    repeated = sum(len(genes) - len(set(genes)) for genes in chosen.values())
    assert ledger["record leaf"]["merged"]["repeated"] == repeated > 100
    linked = result.report.genes_with_hgnc / result.report.things()["genes"]
    assert linked > 0.99, "HGNC still has nearly all genes of 2021"
    assert len(records(path)) == 400


def _of_2021(figid: str, genes: Iterable[str]) -> dict[str, Any]:
    return document(figid, mentions={"genes": {"ncbigene": list(genes)}})


def test_a_file_that_is_gone_is_an_error_of_its_name(tmp_path: Path) -> None:
    file = open_records(given(tmp_path, document()), "pfocr.ndjson", tmp_path)
    (tmp_path / "pfocr.ndjson").unlink()
    with pytest.raises(InputError, match=r"pfocr\.ndjson: cannot be read: No such file"):
        list(find_records(file))
    with pytest.raises(InputError, match=r"gone\.ndjson\.gz: cannot be unpacked: No such file"):
        open_records(tmp_path / "gone.ndjson.gz", "gone", tmp_path / "w")


def test_a_figure_without_an_image_is_a_document_without_its_address(tmp_path: Path) -> None:
    path = given(tmp_path, document(figureUrl=None))
    out = formed(path, tmp_path / "out", Form.BIOTHINGS)
    (again,) = records(out / "pfocr-biothings-all.ndjson")
    assert set(again["associatedWith"]) == {"title", "pfocrUrl", "pmc", "mentions"}
