"""What void.ttl counts is what SPARQL counts in the dumps, however a release came about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.exporting.cluster import export_on_dask
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, SCHEMA, SKOS
from pfocr_rdf.release.counts import spill as object_counter
from pfocr_rdf.release.files import Compression
from pfocr_rdf.shacl.validation import ShaclEngine, validate_files
from tests.support.corpora import make_corpus
from tests.support.described import assert_counts_are_true, said
from tests.support.pages import (
    OPG,
    TNFSF11,
    checkout,
    files,
    gene_table,
    many,
    page,
    run,
    write,
)
from tests.support.samples import Sample

SUFFIXES = {
    FormatName.TURTLE: ".ttl",
    FormatName.JSONLD: ".jsonld",
    FormatName.NTRIPLES: ".nt",
    FormatName.NQUADS: ".nq",
    FormatName.TRIG: ".trig",
}


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Merge and spill after every few figures, as a whole release does."""
    monkeypatch.setattr(object_counter, "MERGED_AT_ONCE", 4_000)


def test_the_seeds(tmp_path: Path, seeds: Path) -> None:
    run(seeds, out=tmp_path / "o")
    claimed = assert_counts_are_true(tmp_path / "o")
    properties = claimed["properties"]
    assert isinstance(properties, dict)
    assert len(properties) > 40


def test_every_format_and_style_has_these_counts(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o", formats=tuple(FormatName))
    for suffix in SUFFIXES.values():
        assert_counts_are_true(tmp_path / "o", suffix)
    for style in IriStyle:
        run(root, out=tmp_path / style, style=style)
        assert assert_counts_are_true(tmp_path / style)["linksets"]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("shard_size", [0, 70])
def test_jobs_and_shards(tmp_path: Path, in_parts: None, jobs: int, shard_size: int) -> None:
    root = many(tmp_path / "c", 150)
    run(root, out=tmp_path / "o", jobs=jobs, shard_size=shard_size, validate=False)
    assert_counts_are_true(tmp_path / "o")


def test_real_figures(tmp_path: Path, sample: Sample, in_parts: None) -> None:
    run(sample.pages, sample.pages / "old", out=tmp_path / "o")
    assert_counts_are_true(tmp_path / "o")


def test_a_corpus_like_the_database(tmp_path: Path, best_sample: Sample, in_parts: None) -> None:
    make_corpus(best_sample, tmp_path / "c", 300)
    run(tmp_path / "c", out=tmp_path / "o", jobs=2, validate=False)
    claimed = assert_counts_are_true(tmp_path / "o")
    assert isinstance(claimed["linksets"], dict)
    ends = " ".join(claimed["linksets"])
    for space in ("ncbigene", "hgnc", "mesh", "CHEBI_", "DOID_", "NCBITaxon_", "pmc", "doi.org"):
        assert space in ends


EDITS: dict[str, Callable[[Path], object]] = {
    "changed": lambda c: write(c, {"_figures/PMC1__a.md": page("PMC1__a", (OPG,), year="1999")}),
    "said before by another": lambda c: write(
        c, {"_figures/PMC1__b.md": page("PMC1__b", (TNFSF11,), number="F1")}
    ),
    "new": lambda c: write(c, {"_figures/PMC3__new.md": page("PMC3__new", (OPG, TNFSF11))}),
    "deleted": lambda c: (c / "_figures" / "PMC2__c.md").unlink(),
    "renamed": lambda c: (c / "_figures" / "PMC1__a.md").rename(c / "_figures" / "z.md"),
    "another figid": lambda c: write(c, {"_figures/PMC1__a.md": page("PMC9__a", (TNFSF11,))}),
    "broken": lambda c: write(c, {"_figures/PMC1__a.md": "---\nfigid: [\n---\n"}),
    "like another": lambda c: write(c, {"_figures/PMC0__.md": page("PMC1__a", (OPG,))}),
    "another table": lambda c: write(
        c, {"_data/PMC1__b-genes.tsv": gene_table(("AKT", "AKT1", "207"))}
    ),
}


def anew(root: Path) -> None:
    """Undo all edits."""
    shutil.rmtree(root)
    checkout(root)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("formats", [(FormatName.TURTLE,), (FormatName.JSONLD,)])
def test_after_each_edit_the_counts_are_those_of_a_full_run(
    tmp_path: Path, edit: str, formats: tuple[FormatName, ...], in_parts: None
) -> None:
    root = checkout(tmp_path / "c")
    run(root, out=tmp_path / "o", formats=formats)
    before = said(tmp_path / "o")
    for step in (EDITS[edit], anew):
        step(root)
        run(root, out=tmp_path / "o", formats=formats)
        run(root, out=tmp_path / "full", formats=formats, reuse=False)
        assert files(tmp_path / "o")["void.ttl"] == files(tmp_path / "full")["void.ttl"]
        assert_counts_are_true(tmp_path / "o", SUFFIXES[formats[0]])
    assert said(tmp_path / "o") == before, "what was taken away is not counted any more"


def test_many_edits_over_many_batches(tmp_path: Path, in_parts: None) -> None:
    root = many(tmp_path / "c", 200)
    run(root, out=tmp_path / "o", jobs=2, validate=False)
    pages = sorted((root / "_figures").iterdir())
    for old in pages[10:60:10]:
        old.unlink()
    for old in pages[65:200:20]:
        old.rename(old.with_name("renamed-" + old.name))
    for old in pages[66:200:20]:
        old.write_text(old.read_text().replace("caption: ", "caption: Edited. "))
    run(root, out=tmp_path / "o", jobs=2, validate=False)
    assert_counts_are_true(tmp_path / "o")
    run(root, out=tmp_path / "full", validate=False, reuse=False)
    assert files(tmp_path / "o")["void.ttl"] == files(tmp_path / "full")["void.ttl"]


def quarrel(root: Path) -> Path:
    """Write a checkout whose figures call one thing by several classes, and name each other."""
    head = "word\tmesh\tmatch\tname\t"
    person = {"creator": {"@type": "Person", "name": "WikiPathways"}}
    elsewhere = {"license": "https://pfocr.wikipathways.org/figures/PMC1__a.html"}
    unknown = ("X", "X", "our_words", "TNFSF11", "8600")
    return write(
        checkout(root),
        {
            "_data/PMC1__a-chemicals.tsv": f"{head}chebi\npressor\tmesh:D006973\tx\tNA\tNA\n"
            "Calcium\tmesh:D002118\tCalcium\tNA\tNA\n",
            "_data/PMC1__b-diseases.tsv": f"{head}doid\nhypertensive\tmesh:D006973\tx\tNA\tNA\n"
            "Hypertension\tmesh:D006973\tx\tNA\tNA\n",
            "_figures/PMC3__d.md": page("PMC3__d", (unknown,), **{"schema-jsonld": person}),
            "_figures/PMC3__e.md": page(
                "PMC3__e",
                (),
                **{"schema-jsonld": elsewhere},
                redirect_from=["/figures/PMC2__c.html", "/figures/PMC9__gone.html"],
            ),
        },
    )


def test_figures_that_disagree_on_classes(tmp_path: Path) -> None:
    root = quarrel(tmp_path / "c")
    run(root, out=tmp_path / "o")
    claimed = assert_counts_are_true(tmp_path / "o")["classes of objects"]
    assert isinstance(claimed, dict)
    figure, mention, here = (
        Kind.FIGURE.of_class,
        Kind.DISEASE.mention_class,
        Kind.CHEMICAL.of_class,
    )
    told = {
        f"{figure} {SCHEMA.mentions} {here}": 4,  # what PMC1__b takes for a disease is one too
        f"{mention} {OA.hasBody} {here}": 2,
        f"{figure} {SCHEMA.creator} {Kind.PERSON.of_class}": 4,
        f"{here} {SKOS.closeMatch} {here}": 1,
        f"{figure} {PFOCR.redirectsFrom} {figure}": 1,
        f"{figure} {SCHEMA.license} {figure}": 1,
        f"{Kind.GENE.mention_class} {PFOCR.lexicon} {Kind.LEXICON.of_class}": 1,
    }
    assert {key: claimed.get(key) for key in told} == {key: (n,) for key, n in told.items()}

    (root / "_data" / "PMC1__a-chemicals.tsv").unlink()
    run(root, out=tmp_path / "o")
    claimed = assert_counts_are_true(tmp_path / "o")["classes of objects"]
    assert isinstance(claimed, dict)
    assert f"{mention} {OA.hasBody} {here}" not in claimed
    export_on_dask([str(root)], tmp_path / "there", ExportOptions(jobs=1, shard_size=2))
    assert assert_counts_are_true(tmp_path / "there") == said(tmp_path / "o")


@pytest.mark.parametrize("compression", [None, Compression.ZSTD])
def test_on_a_cluster(tmp_path: Path, compression: Compression | None) -> None:
    root = many(tmp_path / "c", 120)
    options: dict[str, Any] = {"shard_size": 25, "compression": compression, "validate": False}
    run(root, out=tmp_path / "here", **options)
    export_on_dask([str(root)], tmp_path / "there", ExportOptions(jobs=1, **options))
    assert assert_counts_are_true(tmp_path / "there") == said(tmp_path / "here")


@pytest.mark.parametrize("engine", [ShaclEngine.FAST, ShaclEngine.PYSHACL])
def test_it_conforms_to_the_shapes(tmp_path: Path, engine: ShaclEngine) -> None:
    told = {
        "release": "2024-11", "issued": "2024-11-30", "previous": "2024-05",
        "endpoint": "https://example.org/sparql", "download": "https://example.org/pfocr/",
    }  # fmt: skip
    root = checkout(tmp_path / "c")
    for number, options in enumerate(({}, told)):
        out = tmp_path / str(number)
        run(root, out=out, compression=Compression.GZIP if number else None, **options)
        outcome = validate_files([out / "void.ttl"], None, engine)
        assert outcome.conforms
        assert outcome.triples > 400
        spoilt = (out / "void.ttl").read_text().replace("    void:triples", "    void:entities", 1)
        (out / "spoilt.ttl").write_text(spoilt)
        assert not validate_files([out / "spoilt.ttl"], None, engine).conforms
