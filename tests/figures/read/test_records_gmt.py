"""Gene sets of an earlier release as INPUT: one figure out of its sets in several files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pfocr_rdf.errors import InputError
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.findings import CODES, Severity
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA
from tests.figures.read.test_records_biothings import books, codes, given
from tests.figures.read.test_records_biothings import document as biothings_document
from tests.support.formed import figures_of, formed, gene_links, said
from tests.support.pages import TNFSF11, findings, manifest, page, report, run, write
from tests.support.samples import Sample

HUMAN = "pfocr-20240910-gmt-Homo_sapiens.gmt"
MOUSE = "pfocr-20240910-gmt-Mus_musculus.gmt"
CHEMICALS = "pfocr-20240910-chemical-gmt-Homo_sapiens.gmt"


def gmt(*sets: tuple[str, ...]) -> str:
    return "".join("\t".join(fields) + "\n" for fields in sets)


def facts_of(out: Path) -> dict[str, dict[str, list[str]]]:
    return {
        said(each.figure)[SCHEMA.identifier][0]: {str(k): v for k, v in said(each.figure).items()}
        for each in figures_of(out)
    }


def test_a_set_is_a_figure_with_its_genes(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {HUMAN: gmt(("PMC1__F2", "A pathway", "8600", "4982"))})
    out = tmp_path / "out"
    result = run(folder / HUMAN, out=out)
    facts = facts_of(out)["PMC1__F2"]
    assert facts[SCHEMA.name] == ["A pathway"]
    assert facts[PFOCR.figureNumber] == ["F2"]
    assert facts[SCHEMA.isPartOf] == ["http://identifiers.org/pmc/PMC1"]
    assert facts[SCHEMA.url] == ["https://pfocr.wikipathways.org/figures/PMC1__F2.html"]
    assert gene_links(out) == {("PMC1__F2", "8600"), ("PMC1__F2", "4982")}
    # A set says nothing of the image, and the shapes ask for one.
    violations = [each for each in findings(out) if each["code"] == "shape-violation"]
    assert [each["field"] for each in violations] == ["schema:contentUrl"]
    assert result.report.violations == 1
    assert codes(out) == {"fewer-facts": 1, "figid-is-alias": 1, "shape-violation": 1}
    assert books(out) == {
        "figure record": {"read": 1, "emitted": 1, "merged": {}, "skipped": {}},
        "record leaf": {"read": 4, "emitted": 4, "merged": {}, "skipped": {}},
    }
    (entry,) = manifest(out)["inputs"]
    assert (entry["name"], entry["kind"]) == (HUMAN, "gene sets (GMT)")


def test_files_of_one_release_are_one_input(tmp_path: Path) -> None:
    """A figure's human genes, mouse genes and chemicals lie in three files."""
    folder = write(
        tmp_path / "in",
        {
            HUMAN: gmt(("PMC1__F1", "A", "8600"), ("PMC1__F2", "B", "4982")),
            MOUSE: gmt(("PMC1__F1", "A", "21943")),
            CHEMICALS: gmt(("PMC1__F1", "A", "CHEBI:63620", "28398", "NA")),
        },
    )
    out = tmp_path / "out"
    run(folder / MOUSE, folder / CHEMICALS, folder / HUMAN, out=out, validate=False)
    facts = facts_of(out)
    assert set(facts) == {"PMC1__F1", "PMC1__F2"}
    assert {iri.rpartition("/")[2] for iri in facts["PMC1__F1"][SCHEMA.mentions]} == {
        "8600", "21943", "CHEBI_63620", "CHEBI_28398",
    }  # fmt: skip
    text = (out / "pfocr.ttl").read_text()
    assert "NCBITaxon_10090" in text
    assert "Mus musculus" in text
    assert codes(out) == {"fewer-facts": 3, "figid-is-alias": 2, "bad-identifier": 1}
    (finding,) = (each for each in findings(out) if each["code"] == "bad-identifier")
    assert finding["field"] == f"{CHEMICALS}#member[2]"
    ledger = books(out)
    assert ledger["figure record"]["merged"] == {"same-figure": 2}
    assert ledger["record leaf"]["merged"] == {"same-figure": 2, "repeated": 2}
    (entry,) = manifest(out)["inputs"]
    assert entry["name"] == f"{CHEMICALS} and 2 more"
    assert entry["kind"] == "chemical sets (GMT), gene sets (GMT)"
    assert entry["figures"] == 2
    sizes = [(folder / name).stat().st_size for name in (HUMAN, MOUSE, CHEMICALS)]
    assert entry["bytes read"] == sum(sizes)


def test_files_of_sets_beside_other_inputs(tmp_path: Path) -> None:
    corpus = write(tmp_path / "pages", {"PMC1__c.md": page("PMC1__c", (TNFSF11,))})
    folder = write(tmp_path / "in", {HUMAN: gmt(("PMC1__c", "A", "8600"), ("PMC2__F1", "B", "1"))})
    documents = given(tmp_path, biothings_document())
    out = tmp_path / "out"
    run(corpus, documents, folder / HUMAN, out=out, validate=False)
    assert set(facts_of(out)) == {"PMC1__a", "PMC1__c", "PMC2__F1"}
    assert [entry["name"] for entry in manifest(out)["inputs"]] == [
        HUMAN, "pages", "pfocr.ndjson",
    ]  # fmt: skip
    assert codes(out)["duplicate-figure"] == 1
    books(out)


FAULTS: list[tuple[str, str, str]] = [
    ("PMC1__b\tA pathway", "record-malformed", "error"),
    ("PMC1__b", "record-malformed", "error"),
    ("PMC1__b\tA pathway\t\t", "record-malformed", "error"),
    ("WP5283\tStatin\t8600", "bad-figid", "error"),
]


@pytest.mark.parametrize(("line", "code", "severity"), FAULTS)
def test_a_line_that_is_no_set_is_skipped(
    tmp_path: Path, line: str, code: str, severity: str
) -> None:
    content = gmt(("PMC1__a", "A", "8600")) + f"{line}\n\n"
    out = tmp_path / "out"
    run(write(tmp_path / "in", {HUMAN: content}) / HUMAN, out=out, validate=False)
    (found,) = (each for each in findings(out) if each["code"] == code)
    assert found["severity"] == severity
    assert list(facts_of(out)) == ["PMC1__a"]
    assert books(out)["figure record"]["skipped"] == {code: 1}


def test_odd_members_titles_and_ends_of_lines(tmp_path: Path) -> None:
    content = "PMC1__a\tCancer â€“ Influence\t8600\t\tRANKL\t8600\r\nPMC1__b\tNA\t4982"
    other = gmt(("PMC1__a", "Another title", "8600"), ("PMC1__b", "A title", "1"))
    folder = write(tmp_path / "in", {"a.gmt": content, "b.gmt": other})
    out = tmp_path / "out"
    run(folder / "a.gmt", folder / "b.gmt", out=out, validate=False)
    titles = {figid: facts[SCHEMA.name] for figid, facts in facts_of(out).items()}
    assert titles == {"PMC1__a": ["Cancer – Influence"], "PMC1__b": ["A title"]}
    assert gene_links(out) == {("PMC1__a", "8600"), ("PMC1__b", "4982"), ("PMC1__b", "1")}
    found = codes(out)
    assert found["text-repaired"] == found["bad-identifier"] == found["value-conflict"] == 1
    skipped = books(out)["record leaf"]["skipped"]
    assert skipped == {"bad-identifier": 1, "missing-value": 2, "value-conflict": 1}


@pytest.mark.parametrize(
    ("name", "taxon"),
    [
        ("pfocr-all-gmt-Danio_rerio.gmt", "NCBITaxon_7955"),
        ("pfocr-all-gmt-Some_worm-4242.gmt", "NCBITaxon_4242"),
        ("pfocr-all-gmt-Some_worm.gmt", "organism/some-worm"),
        ("pfocr-all-gmt-unknown_organism.gmt", ""),
        ("sets.gmt", ""),
    ],
)
def test_the_organism_is_that_of_the_name(tmp_path: Path, name: str, taxon: str) -> None:
    folder = write(tmp_path / "in", {name: gmt(("PMC1__a", "A", "4242424"))})
    out = tmp_path / "out"
    run(folder / name, out=out, validate=False)
    text = (out / "pfocr.nt").read_text() if (out / "pfocr.nt").exists() else ""
    text = text or (out / "pfocr.ttl").read_text()
    assert ("Taxon_" in text or "organism/" in text) == bool(taxon)
    assert taxon in text
    assert codes(out)["organism-unlinked"] == taxon.startswith("organism")


def test_names_of_earlier_files(tmp_path: Path) -> None:
    """Names joined by `%`, of which one is a figid with the suffix of its image."""
    line = ("Statin pathway%PMC1052008__JCI0524178.f3.jpg%Homo sapiens", "A", "8600")
    folder = write(tmp_path / "in", {"pfocr20200224.gmt": gmt(line)})
    run(folder / "pfocr20200224.gmt", out=tmp_path / "out", validate=False)
    assert gene_links(tmp_path / "out") == {("PMC1052008__JCI0524178.f3", "8600")}


def test_a_compressed_file_says_the_same(tmp_path: Path) -> None:
    content = gmt(("PMC1__a", "A", "8600"), ("PMC1__b", "B", "21943"))
    folder = write(
        tmp_path / "in", {MOUSE: content, f"{MOUSE}.gz": gzip.compress(content.encode())}
    )
    outs: list[Path] = []
    for name in (MOUSE, f"{MOUSE}.gz"):
        outs.append(tmp_path / f"out{len(outs)}")
        run(folder / name, out=outs[-1], validate=False)
    first, second = ((out / "pfocr.ttl").read_bytes() for out in outs)
    assert first == second


def test_a_file_without_figids_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"wp.gmt": gmt(("WP5283", "Statin", "8600"))})
    with pytest.raises(InputError, match=r"wp\.gmt: expected a figid \(PMC…__name\)"):
        run(folder / "wp.gmt", out=tmp_path / "out")
    with pytest.raises(InputError, match="No such file"):
        run(folder / "none.gmt", out=tmp_path / "out")


def test_sets_in_a_folder_of_pages_are_not_read(tmp_path: Path) -> None:
    """A checkout may hold downloads; only what is named is read."""
    folder = write(tmp_path / "in", {"PMC1__a.md": page(), HUMAN: gmt(("PMC2__b", "B", "1"))})
    run(folder, out=tmp_path / "out")
    assert list(facts_of(tmp_path / "out")) == ["PMC1__a"]


def test_what_is_written_can_be_read_again(seeds: Path, tmp_path: Path) -> None:
    first = formed(seeds, tmp_path / "first", Form.GMT)
    again = formed(first / "pfocr-20241018-gmt-Homo_sapiens.gmt", tmp_path / "again", Form.GMT)
    assert gene_links(again) == by_alias(first)
    name = "pfocr-20241018-gmt-Homo_sapiens.gmt"
    expected = sorted((first / name).read_text().splitlines())
    assert sorted((again / name).read_text().splitlines()) == expected


def test_chemicals_and_diseases_can_be_read_again(sample: Sample, tmp_path: Path) -> None:
    first = formed(sample.pages, tmp_path / "first", Form.GMT)
    (chemicals,), (diseases,) = first.glob("*-chemical-gmt-*"), first.glob("*-gmt-disease-*")
    (tmp_path / "in").mkdir()
    for path in (chemicals, diseases):
        again = formed(path, tmp_path / path.stem, Form.GMT)
        assert sorted((again / path.name).read_text().splitlines()) == sorted(
            path.read_text().splitlines()
        )


def by_alias(out: Path) -> set[tuple[str, str]]:
    """Return the gene links of a release, its figures by their aliases."""
    alias = {
        said(each.figure)[SCHEMA.identifier][0]: said(each.figure)[SCHEMA.alternateName][0]
        for each in figures_of(out)
    }
    return {(alias[figid], gene) for figid, gene in gene_links(out)}


def test_real_figures_there_and_back(sample: Sample, tmp_path: Path) -> None:
    first = formed(sample.pages, tmp_path / "first", Form.GMT)
    every = sorted(first.glob("*.gmt"))
    out = tmp_path / "again"
    run(*every, out=out, validate=False, also=(Form.GMT,))
    assert gene_links(out) == by_alias(first) != set()
    books(out)
    errors = {code for code, what in CODES.items() if what.severity is Severity.ERROR}
    assert not errors & set(codes(out))
    # Sets have the genes that figures mention; not those that a word could also mean.
    assert report(out)["entities"]["genes"] == len({gene for _, gene in gene_links(first)})
