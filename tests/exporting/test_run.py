"""The export as a whole: formats, options, books, duplicates, conflicts, descriptions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from pfocr_rdf.errors import InputError, IntegrityError, UsageError
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.exporting.run import export
from pfocr_rdf.findings import Counted, Ledger, Severity
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.vocabulary import ALIGNMENT_PROPERTIES, SKOS
from pfocr_rdf.release import Progress
from pfocr_rdf.release.files import PAGE_CACHE, Compression
from pfocr_rdf.shacl.validation import validate_files
from tests.support.described import assert_counts_are_true, said
from tests.support.pages import (
    FIGURES_AT,
    OPG,
    SUFFIXES,
    TNFSF11,
    assert_complete,
    checkout,
    decompressed,
    files,
    findings,
    gene_table,
    left_behind,
    manifest,
    page,
    page_of,
    quads,
    report,
    run,
    text_of,
    triples,
    write,
)

ALL = tuple(FormatName)
GRAPHS = "https://w3id.org/pfocr/graph/"


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("corpus") / "c")


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """An export of the small checkout and of the seeds' genes, in all formats."""
    out = tmp_path_factory.mktemp("everything") / "out"
    run(corpus, out=out, formats=ALL)
    return out


def ask(query: str, *paths: Path) -> list[tuple[str, ...]]:
    store = pyoxigraph.Store()
    for path in paths:
        store.extend(quads(path))
    answer = store.query(query)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return sorted(tuple(getattr(v, "value", "") for v in solution) for solution in answer)


def numbers(query: str, *paths: Path) -> dict[str, int]:
    return {name: int(count) for name, count in ask(query, *paths)}


def said_of(path: Path) -> dict[str, set[str]]:
    """Return the subjects of a file, each with the values it has."""
    said: dict[str, set[str]] = {}
    for subject, value in ask("SELECT ?s ?o { ?s ?p ?o }", path):
        said.setdefault(subject, set()).add(value)
    return said


def codes(out: Path) -> Counter[str]:
    return Counter(finding["code"] for finding in findings(out))


def balance(out: Path) -> dict[str, dict[str, int]]:
    """Return the ledger with its reasons; fail when it does not balance."""
    books: dict[str, dict[str, int]] = {}
    for kind, entry in report(out)["ledger"].items():
        reasons = {**entry["merged"], **entry["skipped"]}
        assert len(reasons) == len(entry["merged"]) + len(entry["skipped"]), "one word, one outcome"
        assert entry["read"] == entry["emitted"] + sum(reasons.values()), kind
        books[kind] = {"read": entry["read"], "emitted": entry["emitted"], **reasons}
    return books


# formats


@pytest.mark.parametrize("name", FormatName)
def test_every_format_says_the_same(everything: Path, name: FormatName) -> None:
    path = everything / f"pfocr{SUFFIXES[name]}"
    got = quads(path)
    assert set(triples(path)) == triples(everything / "pfocr.nt")
    assert len(got) == len(set(got)), "a statement is made once"
    graphs = {str(quad.graph_name) for quad in got}
    in_graph = name in (FormatName.NQUADS, FormatName.TRIG)
    assert graphs == {f"<{GRAPHS}figures>" if in_graph else "DEFAULT"}


def test_there_are_no_blank_nodes(everything: Path) -> None:
    for path in everything.glob("*.*"):
        if path.suffix in SUFFIXES.values():
            assert not any(
                isinstance(term, pyoxigraph.BlankNode) for quad in quads(path) for term in quad
            )


def test_the_release_has_its_files(everything: Path) -> None:
    assert sorted(files(everything)) == sorted(
        [f"pfocr{suffix}" for suffix in SUFFIXES.values()]
        + ["alignment.ttl", "void.ttl", "findings.jsonl", "manifest.json", "report.json"]
        + ["report.md"]
    )
    assert left_behind(everything.parent) == []


@pytest.mark.parametrize("style", IriStyle)
def test_every_style_says_as_much_and_conforms(tmp_path: Path, corpus: Path, style: str) -> None:
    result = run(corpus, out=tmp_path / "o", style=IriStyle(style), formats=ALL)
    assert result.report.violations == 0
    said = [triples(tmp_path / "o" / f"pfocr{suffix}") for suffix in SUFFIXES.values()]
    assert all(each == said[0] for each in said)
    gene = {"obo": "http://identifiers.org/ncbigene/", "uniprot": "http://purl.uniprot.org/geneid/"}
    genes = gene.get(style, "https://identifiers.org/ncbigene/")
    assert f"{genes}8600" in said_of(tmp_path / "o" / "pfocr.ttl")
    others = said_of(tmp_path / "o" / "alignment.ttl")[f"{genes}8600"]
    spelled = {other for other in others if other.endswith("/8600")}
    assert len(spelled) == len(IriStyle) - 1
    assert f"{genes}8600" not in spelled
    assert "http://purl.uniprot.org/uniprot/O14788" in others


def test_the_alignment_has_each_gene_chemical_disease_and_organism(everything: Path) -> None:
    query = "SELECT ?s (COUNT(?o) AS ?n) { ?s <http://www.w3.org/2004/02/skos/core#exactMatch> ?o}"
    spelled = numbers(f"{query} GROUP BY ?s", everything / "alignment.ttl")
    of_kind = "VALUES ?k { s:Gene s:ChemicalSubstance s:MedicalCondition s:Taxon } ?e a ?k"
    ours = "FILTER(!STRSTARTS(STR(?e), 'https://w3id.org/pfocr/'))"
    entities = ask(
        f"PREFIX s: <http://schema.org/> SELECT ?e {{ {of_kind} {ours} }}", everything / "pfocr.ttl"
    )
    assert set(spelled) == {entity for (entity,) in entities} != set()
    predicates = {triple.predicate.value for triple in triples(everything / "alignment.ttl")}
    of_mappings = {SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}  # of a user, if any
    assert predicates == set(ALIGNMENT_PROPERTIES) - of_mappings


# shards and compression


@pytest.mark.parametrize("compression", [None, *Compression])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_shards_say_what_one_file_says(
    tmp_path: Path, everything: Path, corpus: Path, size: int, compression: Compression | None
) -> None:
    out = tmp_path / "out"
    run(corpus, out=out, shard_size=size, formats=ALL, compression=compression)
    assert_complete(out)
    for suffix in SUFFIXES.values():
        shards = sorted(out.glob(f"pfocr*{suffix}*"))
        assert triples(*shards) == triples(everything / f"pfocr{suffix}")
        figures = [path for path in shards if "entities" not in path.name]
        names = [path.name.partition(".")[0] for path in figures]
        assert names == [f"pfocr-{n:05}" for n in range(1, -(-3 // size) + 1)]
        said = {path: set(map(page_of, triples(path))) for path in shards}
        for path in figures:
            # A figure, with its mentions, is in one shard, and shards have figures only.
            assert 1 <= len(said[path]) <= size
            assert all(subject.startswith(FIGURES_AT) for subject in said[path])
            assert not any(said[path] & said[other] for other in shards if other != path)


@pytest.mark.parametrize("compression", Compression)
def test_compressed_dumps_hold_the_same_bytes(
    tmp_path: Path, everything: Path, corpus: Path, compression: Compression
) -> None:
    run(corpus, out=tmp_path / "a", formats=ALL, compression=compression)
    run(corpus, out=tmp_path / "b", formats=ALL, compression=compression)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    ending = {Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}[compression]
    for suffix in SUFFIXES.values():
        packed = tmp_path / "a" / f"pfocr{suffix}{ending}"
        assert decompressed(packed) == (everything / f"pfocr{suffix}").read_bytes()
    # What is read first, by people, is not compressed, and only says other things of files.
    assert said(tmp_path / "a") == said(everything)


# options


def test_the_limit_cuts_in_path_order(tmp_path: Path, corpus: Path) -> None:
    progress: list[Progress] = []
    export([corpus], tmp_path / "o", ExportOptions(limit=1, jobs=1), progress.append)
    assert [(p.done, p.total) for p in progress] == [(1, 1)]
    figures = ask(
        "SELECT ?f { ?f a <http://schema.org/ImageObject> }", tmp_path / "o" / "pfocr.ttl"
    )
    assert figures == [(f"{FIGURES_AT}PMC1__a.html",)]
    assert balance(tmp_path / "o")["map row"] == {"read": 2, "emitted": 1, "beyond-limit": 1}
    assert codes(tmp_path / "o")["orphan-map-row"] == 0
    run(corpus, out=tmp_path / "p", limit=99)
    assert triples(tmp_path / "p" / "pfocr.ttl") > triples(tmp_path / "o" / "pfocr.ttl")


def test_without_captions_no_caption_is_anywhere(tmp_path: Path) -> None:
    unlike = page("PMC1__a", caption="Xylophone â€“ secret")
    other = page("PMC1__b").replace("description: The caption of", "description: Xylophone of")
    broken = page("PMC1__c", caption=["Xylophone", "secret"])
    nested = page("PMC1__d", (), **{"schema-jsonld": {"description": ["Xylophone"]}})
    root = write(
        tmp_path / "p",
        {"PMC1__a.md": unlike, "PMC1__b.md": other, "PMC1__c.md": broken, "PMC1__d.md": nested},
    )
    run(root, out=tmp_path / "with")
    for name in ("pfocr.ttl", "pfocr.jsonld"):
        assert "Xylophone – secret" in (tmp_path / "with" / name).read_text()
    run(root, out=tmp_path / "without", captions=False)
    text = text_of(tmp_path / "without")
    assert "Xylophone" not in text
    assert "The caption of" not in text
    assert b"Xylophone" not in (tmp_path / "without" / PAGE_CACHE).read_bytes()
    assert "The figure PMC1__a" in text
    assert balance(tmp_path / "without")["front-matter leaf"]["captions-left-out"] >= 4
    description = "<http://schema.org/description>"
    query = f"SELECT ?f {{ ?f a <http://schema.org/ImageObject>; {description} ?d }}"
    assert len(ask(query, tmp_path / "with" / "pfocr.ttl")) >= 2
    assert ask(query, tmp_path / "without" / "pfocr.ttl") == []


def test_the_release_is_named_everywhere(tmp_path: Path, corpus: Path) -> None:
    run(corpus, out=tmp_path / "o", release="2024-11", formats=ALL)
    assert manifest(tmp_path / "o")["release"] == report(tmp_path / "o")["release"] == "2024-11"
    assert "# Export report: 2024-11" in (tmp_path / "o" / "report.md").read_text()
    for suffix in (".nq", ".trig"):
        graphs = {str(quad.graph_name) for quad in quads(tmp_path / "o" / f"pfocr{suffix}")}
        assert graphs == {f"<{GRAPHS}release/2024-11>"}
    version = "SELECT ?v { ?d <http://www.w3.org/ns/dcat#version> ?v }"
    for name in ("pfocr.ttl", "void.ttl"):
        assert ask(version, tmp_path / "o" / name) == [("2024-11",)]


def test_without_validation_the_report_says_so(tmp_path: Path, corpus: Path) -> None:
    result = run(corpus, out=tmp_path / "o", validate=False)
    assert not result.report.validated
    assert (report(tmp_path / "o")["validated"], report(tmp_path / "o")["conforms"]) == (
        False,
        None,
    )
    assert "was not validated" in (tmp_path / "o" / "report.md").read_text()
    assert manifest(tmp_path / "o")["options"]["validated"] is False


def test_what_was_validated_is_what_the_command_validates(everything: Path) -> None:
    assert report(everything)["conforms"] is True
    assert validate_files([everything / "pfocr.ttl"]).conforms


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ExportOptions(formats=()), "no format given"),
        (ExportOptions(jobs=-1), "--jobs: expected 0 or more, found -1"),
        (ExportOptions(limit=-5), "--limit: expected 0 or more, found -5"),
        (ExportOptions(shard_size=-1), "--shard-size: expected 0 or more, found -1"),
        (ExportOptions(release="a b"), "--release: expected letters"),
        (ExportOptions(release="../x"), "--release: expected letters"),
        (ExportOptions(release="x\n"), "--release: expected letters"),
    ],
)
def test_options_that_cannot_be_followed(
    tmp_path: Path, corpus: Path, options: ExportOptions, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        export([corpus], tmp_path / "o", options)
    assert not (tmp_path / "o").exists()


def test_an_export_needs_an_input(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no input given"):
        export([], tmp_path / "o")


# inputs


def test_a_page_alone_says_what_it_says_in_its_checkout(tmp_path: Path, corpus: Path) -> None:
    run(corpus / "_figures" / "PMC1__b.md", out=tmp_path / "one")
    run(corpus, out=tmp_path / "all")
    figure = f"{FIGURES_AT}PMC1__b.html"

    def of_figure(out: Path) -> set[pyoxigraph.Triple]:
        said = triples(out / "pfocr.ttl")
        return {t for t in said if page_of(t) == figure}

    assert of_figure(tmp_path / "one") == of_figure(tmp_path / "all") != set()
    assert codes(tmp_path / "one") == {"organism-not-of-figure": 1}


def test_several_inputs_are_one_release(tmp_path: Path, corpus: Path, seeds: Path) -> None:
    run(corpus, seeds, out=tmp_path / "o")
    inputs = {entry["name"]: entry for entry in manifest(tmp_path / "o")["inputs"]}
    assert {name: entry["figures"] for name, entry in inputs.items()} == {"c": 3, "seeds": 5}
    assert report(tmp_path / "o")["entities"]["figures"] == 8
    balance(tmp_path / "o")


# books


def _count_of_classes(path: Path) -> dict[str, int]:
    return numbers("SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c", path)


def assert_manifest_is_true(out: Path) -> None:
    assert_complete(out)
    for entry in manifest(out)["outputs"]:
        path = out / entry["name"]
        if path.suffix in SUFFIXES.values():
            assert entry["triples"] == len(quads(path)), entry["name"]
        else:
            assert entry["triples"] == 0


def test_the_manifest_of_the_seeds_is_true(tmp_path: Path, seeds: Path) -> None:
    run(seeds, out=tmp_path / "o")
    assert_manifest_is_true(tmp_path / "o")


def test_the_manifest_is_true(everything: Path) -> None:
    assert_manifest_is_true(everything)
    record = manifest(everything)
    assert record["options"]["formats"] == list(ALL)
    assert {entry["media_type"] for entry in record["outputs"]} >= {
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "application/n-quads",
        "application/trig",
        "application/json",
        "application/x-ndjson",
        "text/markdown",
    }


def test_the_manifest_counts_the_triples_of_each_shard(tmp_path: Path, corpus: Path) -> None:
    run(corpus, out=tmp_path / "o", shard_size=2, formats=ALL)
    assert_manifest_is_true(tmp_path / "o")


def test_the_report_counts_what_sparql_counts(everything: Path) -> None:
    of = _count_of_classes(everything / "pfocr.ttl")
    said = report(everything)["entities"]
    schema, pfocr = "http://schema.org/", "https://w3id.org/pfocr/vocab#"
    assert said["figures"] == of[f"{pfocr}PathwayFigure"] == 3
    assert said["genes"] == of[f"{schema}Gene"] == 3
    assert said["papers"] == of[f"{schema}ScholarlyArticle"] == 2
    assert said["chemicals"] == of[f"{schema}ChemicalSubstance"] == 1
    assert said["diseases"] == of[f"{schema}MedicalCondition"] == 1
    assert report(everything)["triples"] == len(triples(everything / "pfocr.ttl"))
    hgnc = "SELECT DISTINCT ?g { ?g a <http://schema.org/Gene> ; "
    hgnc += "<http://www.w3.org/2004/02/skos/core#exactMatch> ?h }"
    assert report(everything)["genes with HGNC match"] == len(ask(hgnc, everything / "pfocr.ttl"))
    assert report(everything)["mentions by link"] == {
        "StatedChebi": 1,
        "StatedDoid": 1,
        "StatedEntrez": 3,
    }


def test_the_books_balance(everything: Path) -> None:
    books = balance(everything)
    assert books["figure page"] == {"read": 3, "emitted": 3}
    assert books["map row"] == {"read": 2, "emitted": 2}
    assert books["gene row"] == {"read": 3, "emitted": 3}
    assert books["organism page"] == {"read": 1, "emitted": 1}


def test_the_hgnc_table_stands_in_report_manifest_and_graph(
    tmp_path: Path, corpus: Path, everything: Path
) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text(
        "hgnc_id\tsymbol\tname\tstatus\talias_symbol\tprev_symbol\tentrez_id\tdate_modified\n"
        "HGNC:11926\tTNFSF11\tTNF superfamily member 11\tApproved\tRANKL\t\t8600\t2023-05-06\n"
    )
    run(corpus, out=tmp_path / "o", hgnc=table)
    used = manifest(tmp_path / "o")["versions"]["hgnc"]
    assert used == report(tmp_path / "o")["hgnc"]
    assert (used["date"], used["genes"], used["origin"]) == ("2023-05-06", 1, "file")
    assert "mine.tsv" in json.dumps(used)
    assert "2023-05-06" in (tmp_path / "o" / "report.md").read_text()
    query = (
        "SELECT ?date ?id { <https://w3id.org/pfocr/release/unnamed> "
        "<http://www.w3.org/ns/prov#wasDerivedFrom> ?table . "
        "?table <http://purl.org/dc/terms/issued> ?date ; "
        "<http://purl.org/dc/terms/identifier> ?id }"
    )
    for name in ("pfocr.ttl", "void.ttl"):
        assert ask(query, tmp_path / "o" / name) == [("2023-05-06", f"sha256:{used['sha256']}")]
    embedded = manifest(everything)["versions"]["hgnc"]
    assert embedded["origin"] == "embedded"
    assert ask(query, everything / "pfocr.ttl")[0][1] == f"sha256:{embedded['sha256']}"
    assert report(tmp_path / "o")["genes with HGNC match"] == 1


# duplicates


def duplicate(out: Path) -> dict[str, str]:
    (finding,) = [f for f in findings(out) if f["code"] == "duplicate-figure"]
    return finding


def test_of_two_pages_with_one_figid_the_first_is_kept(tmp_path: Path) -> None:
    root = write(
        tmp_path / "p",
        {
            "1.md": page("PMC1__a", (TNFSF11,)),
            "2.md": page("PMC1__a", (OPG,), organisms="Mus cookii", pmcid="PMC77"),
            "2-genes.tsv": gene_table(("RANK", "TNFRSF11A", "8792")),
            "2-chemicals.tsv": "word\tmesh\tmatch\tname\tchebi\nx\tNA\tx\tx\tchebi:1\n",
        },
    )
    result = run(root, out=tmp_path / "o")
    assert result.has_errors
    assert (duplicate(tmp_path / "o")["file"], duplicate(tmp_path / "o")["value"]) == (
        "p/2.md",
        "PMC1__a",
    )
    # Nothing of the second page, its tables or its entities is in the graph.
    run(root / "1.md", out=tmp_path / "alone")
    assert triples(tmp_path / "o" / "pfocr.ttl") == triples(tmp_path / "alone" / "pfocr.ttl")
    assert files(tmp_path / "o")["alignment.ttl"] == files(tmp_path / "alone")["alignment.ttl"]
    assert said(tmp_path / "o") == said(tmp_path / "alone")
    books = balance(tmp_path / "o")
    assert books["figure page"] == {"read": 2, "emitted": 1, "duplicate-figure": 1}
    assert books["gene row"] == {"read": 2, "emitted": 1, "duplicate-figure": 1}
    assert books["chemical row"] == {"read": 1, "emitted": 0, "duplicate-figure": 1}


@pytest.mark.whole
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("shard_size", [0, 50])
def test_duplicates_in_different_batches(tmp_path: Path, jobs: int, shard_size: int) -> None:
    pages: dict[str, str | bytes] = {
        f"PMC1__{n:03}.md": page(f"PMC1__{n:03}", (TNFSF11,)) for n in range(150)
    }
    plain = write(tmp_path / "plain" / "p", pages)
    run(plain, out=tmp_path / "alone")
    again: dict[str, str | bytes] = {
        "PMC1__149x.md": page("PMC1__000", (OPG,)),
        "PMC1__149y.md": page("PMC1__149", (OPG,)),
        "PMC1__149z.md": page("PMC1__000", (OPG,)),
    }
    run(
        write(tmp_path / "again" / "p", pages | again),
        out=tmp_path / "o",
        jobs=jobs,
        shard_size=shard_size,
        formats=ALL,
    )
    for suffix in (".ttl", ".jsonld", ".trig"):
        shards = list((tmp_path / "o").glob(f"pfocr*{suffix}"))
        assert triples(*shards) == triples(tmp_path / "alone" / "pfocr.ttl")
    assert [f["file"] for f in findings(tmp_path / "o") if f["code"] == "duplicate-figure"] == [
        f"p/PMC1__149{letter}.md" for letter in "xyz"
    ]
    assert balance(tmp_path / "o")["figure page"] == {
        "read": 153,
        "emitted": 150,
        "duplicate-figure": 3,
    }
    assert_complete(tmp_path / "o")


def test_duplicates_in_different_inputs(tmp_path: Path) -> None:
    first = write(tmp_path / "a", {"z.md": page("PMC1__a", (TNFSF11,))})
    second = write(tmp_path / "b", {"a.md": page("PMC1__a", (OPG,))})
    run(second, first, out=tmp_path / "o")
    assert duplicate(tmp_path / "o")["file"] == "b/a.md"
    genes = ask("SELECT ?g { ?g a <http://schema.org/Gene> }", tmp_path / "o" / "pfocr.ttl")
    assert genes == [("http://identifiers.org/ncbigene/8600",)]
    run(first, first, out=tmp_path / "o")
    assert duplicate(tmp_path / "o")["file"] == "a~2/z.md"


def test_a_page_that_is_skipped_does_not_take_its_figid(tmp_path: Path) -> None:
    root = write(
        tmp_path / "p", {"1.md": page().removesuffix("---\n"), "2.md": page("PMC1__a", (OPG,))}
    )
    run(root, out=tmp_path / "o")
    assert codes(tmp_path / "o")["front-matter-malformed"] == 1
    assert codes(tmp_path / "o")["duplicate-figure"] == 0
    assert balance(tmp_path / "o")["figure page"]["emitted"] == 1


# orphans and conflicts


def test_orphans_are_reported_and_booked(tmp_path: Path) -> None:
    root = write(
        checkout(tmp_path / "c"),
        {
            "_data/PMC9__gone-genes.tsv": gene_table(("a", "A", "1"), ("b", "B", "2")) + "short\n",
            "_data/PMC9__gone-diseases.tsv": b"\xff",
            "_data/PMC9__none-chemicals.tsv": "",
            "_data/wpid_map.tsv": "PMC2__c\tWP5283\nPMC9__gone\tWP1\n",
        },
    )
    run(root, out=tmp_path / "o")
    seen = {(f["code"], f["file"]): f for f in findings(tmp_path / "o")}
    assert seen["orphan-table", "c/_data/PMC9__gone-genes.tsv"]["detail"] == "3 rows"
    assert seen["orphan-table", "c/_data/PMC9__none-chemicals.tsv"]["detail"] == "0 rows"
    assert ("unreadable-file", "c/_data/PMC9__gone-diseases.tsv") in seen
    row = seen["orphan-map-row", "c/_data/wpid_map.tsv"]
    assert (row["field"], row["value"]) == ("PMC9__gone", "WP1")
    books = balance(tmp_path / "o")
    assert books["gene row"]["orphan-table"] == 3
    assert books["map row"]["orphan-map-row"] == 1
    run(checkout(tmp_path / "d" / "c"), out=tmp_path / "p")
    assert triples(tmp_path / "o" / "pfocr.ttl") == triples(tmp_path / "p" / "pfocr.ttl")


def test_two_tables_of_a_page_with_two_suffixes_go_to_the_first(tmp_path: Path) -> None:
    root = write(
        tmp_path / "p",
        {"a.md": page("PMC1__a"), "a.txt": page("PMC1__b"), "a-genes.tsv": gene_table()},
    )
    run(root, out=tmp_path / "o")
    assert balance(tmp_path / "o")["figure page"] == {"read": 2, "emitted": 2}


def test_what_lies_around_figures_is_booked_and_costs_none(tmp_path: Path) -> None:
    root = write(
        checkout(tmp_path / "in" / "some" / "folders" / "deep" / "c"),
        {
            "_figures/PMC1__a.md": page("PMC1__a") + "\n<!-- seen -->\n",
            "_organisms/mus.md": "---\nlatin: Mus musculus\nncbi: 9606\n---\nmore\n",
            "_data/PMC1__a_genes.tsv": gene_table(),
        },
    )
    run(tmp_path / "in", out=tmp_path / "o")
    assert root.is_dir()
    assert codes(tmp_path / "o") == {
        "text-below-front-matter": 2, "unread-file": 1, "organism-conflict": 1,
        "organism-not-of-figure": 1,
    }  # fmt: skip
    books = balance(tmp_path / "o")
    below = {"read": 2, "emitted": 0, "text-below-front-matter": 2}
    assert books["text below front matter"] == below
    assert books["other file beside tables"] == {"read": 1, "emitted": 0, "unread-file": 1}
    assert books["organism page"] == {"read": 2, "emitted": 1, "organism-conflict": 1}


def test_a_map_adds_to_the_pathways_of_a_page(tmp_path: Path) -> None:
    root = write(
        checkout(tmp_path / "c"),
        {
            "_figures/PMC2__c.md": page("PMC2__c", wpid="WP1"),
            "_figures/PMC1__a.md": page("PMC1__a", wpid="WP7"),
            "_data/wpid_map.tsv": "PMC2__c\tWP5283\nPMC1__a\tWP7\nPMC1__b\t5283\n",
        },
    )
    run(root, out=tmp_path / "o")
    assert codes(tmp_path / "o") == {"bad-identifier": 1, "organism-not-of-figure": 1}
    assert balance(tmp_path / "o")["map row"] == {
        "read": 4,
        "emitted": 2,
        "equals-page": 1,
        "bad-identifier": 1,
    }
    query = "SELECT ?w { ?f <https://w3id.org/pfocr/vocab#wikiPathway> ?w }"
    at = "https://identifiers.org/wikipathways/"
    assert ask(query, tmp_path / "o" / "pfocr.ttl") == [
        (f"{at}WP1",), (f"{at}WP5283",), (f"{at}WP7",),
    ]  # fmt: skip


def test_pages_that_state_different_things_of_their_paper(tmp_path: Path) -> None:
    root = write(
        tmp_path / "p",
        {
            "1.md": page("PMC1__a", year="2013", reftext="Z. Last"),
            "2.md": page("PMC1__b", year="2013", papertitle="Another title"),
            "3.md": page("PMC1__c", year="2012", reftext="A. First"),
            "4.md": page("PMC1__d", year=None, reftext=None),
        },
    )
    run(root, out=tmp_path / "o")
    lost = [f for f in findings(tmp_path / "o") if f["code"] == "entity-conflict"]
    assert [(f["field"], f["value"], f["detail"]) for f in lost] == [
        ("datePublished", "2013", "kept: 2012"),
        ("bibliographicCitation", "A. First", "kept: A. Author, et al. PMC1."),
        ("bibliographicCitation", "Z. Last", "kept: A. Author, et al. PMC1."),
    ]
    # Three citations, of which two are lost; two of three years.
    assert balance(tmp_path / "o")["front-matter leaf"]["entity-conflict"] == 4
    paper = "<http://identifiers.org/pmc/PMC1>"
    names = f"SELECT ?n {{ {paper} <http://schema.org/name>|<http://schema.org/alternateName> ?n }}"
    assert ask(names, tmp_path / "o" / "pfocr.ttl") == [("Another title",), ("The paper PMC1",)]
    assert report(tmp_path / "o")["conforms"] is True
    assert_counts_are_true(tmp_path / "o")


# bad pages


def test_one_bad_file_never_stops_a_run(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    figures = root / "_figures"
    (figures / "PMC3__dir.md").mkdir()
    (figures / "PMC3__dangling.md").symlink_to("nowhere")
    (figures / "PMC3__loop.md").symlink_to("PMC3__loop.md")
    write(
        figures,
        {
            "PMC3__binary.md": b"\xff\xfe",
            "PMC3__empty.md": "",
            "PMC3__yaml.md": "---\n{{{\n---\n",
            "PMC3__nofigid.md": page().replace("figid: PMC1__a", "figure: x"),
        },
    )
    run(root, out=tmp_path / "o")
    assert codes(tmp_path / "o") == {
        "unreadable-file": 4,
        "front-matter-malformed": 2,
        "bad-figid": 1,
        "organism-not-of-figure": 1,
    }
    books = balance(tmp_path / "o")["figure page"]
    assert (books["read"], books["emitted"]) == (9, 3)
    run(checkout(tmp_path / "d" / "c"), out=tmp_path / "p")
    assert triples(tmp_path / "o" / "pfocr.ttl") == triples(tmp_path / "p" / "pfocr.ttl")


@pytest.mark.parametrize(
    "figid",
    ["PMC1__../../etc", "PMC1__a b", "PMC1__a\nb", 'PMC1__"a"', "PMC1__<a>", "PMC1__a'b", "../x"],
)
def test_a_figid_that_cannot_be_an_iri(tmp_path: Path, figid: str) -> None:
    root = write(tmp_path / "p", {"bad.md": page(figid), "good.md": page()})
    result = run(root, out=tmp_path / "o", formats=ALL)
    assert result.report.counts.figures == 1
    assert codes(tmp_path / "o")["bad-figid"] == 1
    said = [triples(tmp_path / "o" / f"pfocr{suffix}") for suffix in SUFFIXES.values()]
    assert all(each == said[0] for each in said)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o", "p"]


def test_file_names_that_are_odd(tmp_path: Path) -> None:
    odd = ["a\nb.md", 'it\'s "c" <d>.md', b"caf\xe9.md".decode(errors="surrogateescape")]
    root = write(tmp_path / "p", {name: page(f"PMC1__{i}") for i, name in enumerate(odd)})
    write(root, {"bad\udce9.md": b"\xff"})
    run(root, out=tmp_path / "o")
    assert report(tmp_path / "o")["entities"]["figures"] == 3
    assert [f["file"] for f in findings(tmp_path / "o")] == ["p/bad\ufffd.md"]


def test_only_bad_pages_publish_nothing(tmp_path: Path) -> None:
    root = write(tmp_path / "p", {"bad.md": "no page", "worse.md": ""})
    for size in (0, 1):
        with pytest.raises(InputError, match=r"of 2 pages, the first is p/bad\.md: front-matter"):
            run(root, out=tmp_path / "o", formats=ALL, shard_size=size)
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_an_input_that_cannot_be_read_publishes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        run(tmp_path / "none", out=tmp_path / "o")
    assert list(tmp_path.iterdir()) == []


def test_violations_are_findings_and_the_release_is_published(tmp_path: Path) -> None:
    # A figure needs an image; a page without a file name has none.
    root = write(tmp_path / "p", {"1.md": page(filename=None)})
    result = run(root, out=tmp_path / "o")
    assert result.report.violations > 0
    assert result.has_errors
    assert report(tmp_path / "o")["conforms"] is False
    assert "does **not** conform" in (tmp_path / "o" / "report.md").read_text()
    violation = next(f for f in findings(tmp_path / "o") if f["code"] == "shape-violation")
    assert (violation["file"], violation["severity"]) == ("p/1.md", Severity.ERROR)
    assert violation["detail"].startswith(f"<{FIGURES_AT}PMC1__a.html>: ")
    assert not validate_files([tmp_path / "o" / "pfocr.ttl"]).conforms


def test_books_that_do_not_balance_publish_nothing(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(corpus, out=tmp_path / "o")
    before = files(tmp_path / "o")
    real = Ledger.emitted

    def forgetful(self: Ledger, kind: Counted, count: int = 1) -> None:
        real(self, kind, count - 1 if kind is Counted.PAGE else count)

    monkeypatch.setattr(Ledger, "emitted", forgetful)
    with pytest.raises(IntegrityError, match="does not balance: figure page: 3 came in, 0 acc"):
        run(corpus, out=tmp_path / "o", reuse=False)
    assert IntegrityError.exit_code == 3
    assert files(tmp_path / "o") == before
    assert left_behind(tmp_path) == []


def test_a_batch_that_is_run_again_loses_no_entity(tmp_path: Path) -> None:
    """A worker sends a node once; what it sent with a repeated figid must be kept."""
    rows = gene_table(("W", "G139", "139"))
    same = {f"_figures/PMC{n}__f.md": page(f"PMC{n}__f") for n in range(1000, 1070)}
    root = write(
        tmp_path / "c",
        same
        | {
            "_figures/PMC1068__g.md": page("PMC1000__f"),  # repeats one of an earlier batch
            "_data/PMC1068__g-genes.tsv": rows,
            "_figures/PMC2000__f.md": page("PMC2000__f"),
            "_data/PMC2000__f-genes.tsv": rows,
        },
    )
    run(root, out=tmp_path / "o")
    gene = pyoxigraph.NamedNode("http://identifiers.org/ncbigene/139")
    assert any(triple.subject == gene for triple in triples(tmp_path / "o" / "pfocr.ttl"))


def test_entities_that_are_lost_publish_nothing(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = PageCache.add

    def forgetful(self: PageCache, rows: Iterable[Any], nodes: Iterable[Any]) -> None:
        real(self, rows, list(nodes)[1:])

    monkeypatch.setattr(PageCache, "add", forgetful)
    with pytest.raises(IntegrityError, match=r"figures state \d+ nodes of entities, \d+ are store"):
        run(corpus, out=tmp_path / "o")
    assert left_behind(tmp_path) == []
