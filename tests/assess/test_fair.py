"""The FAIR self-check: what it reads it has really read, and without it a metric fails."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyoxigraph
import pytest
from typer.testing import CliRunner

from pfocr_rdf.assess.fair import CHECKS, METRICS, FairOutcome, assess, gather
from pfocr_rdf.cli.main import app
from pfocr_rdf.errors import InputError
from pfocr_rdf.release.description import DATASET
from tests.support.pages import checkout, run
from tests.support.site_making import BASE, make_site

PREFIXES: Final = {
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "prov": "http://www.w3.org/ns/prov#",
    "pav": "http://purl.org/pav/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "schema": "http://schema.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
FILE: Final = "https://example.org/pfocr/files/pfocr.ttl"
WHOLE: Final = f"""
<{DATASET}> dcterms:publisher <https://www.wikipathways.org/> ; dcterms:issued "2024-10-18" ;
    dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dcat:keyword "pathways" ; dcterms:conformsTo <https://www.w3.org/TR/hcls-dataset/> ;
    dcat:distribution <{DATASET}/turtle> .
<{DATASET}/turtle> dcat:downloadURL <{FILE}> ; dcat:mediaType "text/turtle" ; dcat:byteSize 12 .
"""
PAGE: Final = "index.html"
Results = dict[str, FairOutcome]


def outcomes(folder: Path, page: str = PAGE) -> Results:
    """Return the outcome of each metric."""
    return {each.metric.id: each.outcome for each in assess(gather(folder, page))}


def failing(folder: Path, page: str = PAGE) -> set[str]:
    """Return the metrics that fail."""
    return {name for name, outcome in outcomes(folder, page).items() if outcome is FairOutcome.FAIL}


def evidence(folder: Path, test: str, page: str = PAGE) -> list[str]:
    """Return the evidence of one test."""
    return next(
        list(verdict.evidence)
        for result in assess(gather(folder, page))
        for each, verdict in result.tests
        if each.id == test
    )


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file of an export anew, and let the manifest know."""
    (folder / name).write_bytes(content)
    path = folder / "manifest.json"
    record = json.loads(path.read_bytes())
    for entry in record["outputs"]:
        if entry["name"] == name:
            entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path.write_text(json.dumps(record))


def prefixed(text: str) -> bytes:
    """Return Turtle with the prefixes that tests use."""
    return ("".join(f"@prefix {p}: <{n}> .\n" for p, n in PREFIXES.items()) + text).encode()


def without(content: bytes, *names: str) -> bytes:
    """Return Turtle without what some properties say; "prov:*" is a whole vocabulary."""
    gone = [PREFIXES[name.partition(":")[0]] + name.partition(":")[2].rstrip("*") for name in names]
    whole = [name.endswith("*") for name in names]

    def is_gone(quad: pyoxigraph.Quad) -> bool:
        said = [quad.predicate.value]
        if isinstance(quad.object, pyoxigraph.NamedNode) and said[0].endswith("#type"):
            said.append(quad.object.value)
        return any(
            term.startswith(iri) if all_of_it else term == iri
            for term in said
            for iri, all_of_it in zip(gone, whole, strict=True)
        )

    quads = pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE)
    kept = [quad.triple for quad in quads if not is_gone(quad)]
    turtle = pyoxigraph.serialize(kept, format=pyoxigraph.RdfFormat.TURTLE)
    assert turtle is not None
    return turtle


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of three figures that says all of itself, and its site."""
    folder = tmp_path_factory.mktemp("fair")
    run(checkout(folder / "in"), out=folder / "out")
    put(folder / "out", "void.ttl", (folder / "out/void.ttl").read_bytes() + prefixed(WHOLE))
    make_site(folder / "out", folder / "site")
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    """A copy of the export."""
    return Path(shutil.copytree(made / "out", tmp_path / "out"))


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    """A copy of the site."""
    return Path(shutil.copytree(made / "site", tmp_path / "site"))


def test_every_test_of_every_metric_is_decided_by_one_check() -> None:
    tests = [test.id for metric in METRICS for test in metric.tests]
    assert sorted(tests) == sorted(CHECKS)
    assert len(METRICS) == 17
    for metric in METRICS:
        for test in metric.tests:
            assert re.fullmatch(rf"{re.escape(metric.id)}-[1-9]", test.id)


def test_an_export_that_says_all_passes_what_can_be_decided(out: Path) -> None:
    found = outcomes(out)
    undecided = {name for name in found if found[name] is FairOutcome.UNDECIDED}
    assert undecided == {"FsF-F4-01M", "FsF-A1-02MD"}
    assert failing(out) == set()


def test_a_site_passes_what_can_be_decided(site: Path) -> None:
    found = outcomes(site)
    assert {name for name in found if found[name] is FairOutcome.UNDECIDED} == {"FsF-A1-02MD"}
    assert failing(site) == set()


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("dcterms:license", "FsF-R1.1-01M"),
        ("dcterms:accessRights", "FsF-A1-01M"),
        ("dcterms:creator", "FsF-F2-01M"),
        ("dcterms:title", "FsF-F2-01M"),
        ("dcterms:issued", "FsF-F2-01M"),
        ("dcterms:publisher", "FsF-F2-01M"),
        ("dcterms:description", "FsF-F2-01M"),
        ("dcat:keyword dcat:theme", "FsF-F2-01M"),
        ("rdf:type dcterms:type", "FsF-R1-01M FsF-F2-01M"),
        (
            "dcat:downloadURL dcat:accessURL void:dataDump",
            "FsF-F3-01M FsF-A1.1-01MD FsF-A1.2-01MD",
        ),
        ("dcat:mediaType dcterms:format", "FsF-R1.3-02D"),
        ("prov:* pav:*", "FsF-R1.2-01M"),
        ("dcterms:conformsTo", "FsF-R1.3-01M"),
        ("prov:* pav:* dcat:* void:* dctypes:*", "FsF-I2-01M"),
    ],
)
def test_what_an_export_does_not_say_fails_its_metric(out: Path, gone: str, expected: str) -> None:
    put(out, "void.ttl", without((out / "void.ttl").read_bytes(), *gone.split()))
    assert set(expected.split()) <= failing(out)


def test_sizes_services_and_relations_of_an_export(out: Path) -> None:
    whole = (out / "void.ttl").read_bytes()
    services = "void:sparqlEndpoint dcat:endpointURL dcat:accessService".split()
    put(out, "void.ttl", without(whole, "dcat:byteSize", *services))
    assert "FsF-R1-01M" in failing(out)
    put(
        out,
        "void.ttl",
        prefixed(f'<{DATASET}> a dcat:Dataset ; dcterms:title "x" ; void:triples 1 .'),
    )
    assert "FsF-I3-01M" in failing(out)


def test_related_things_by_text_alone_are_not_enough(out: Path) -> None:
    put(out, "void.ttl", prefixed(f'<{DATASET}> a dcat:Dataset ; dcterms:source "some figures" .'))
    result = next(each for each in assess(gather(out)) if each.metric.id == "FsF-I3-01M")
    assert [verdict.outcome for _, verdict in result.tests] == [FairOutcome.PASS, FairOutcome.FAIL]
    assert result.outcome is FairOutcome.FAIL


def test_a_description_of_another_data_set_describes_nothing(out: Path) -> None:
    content = (out / "void.ttl").read_bytes().replace(DATASET.encode(), b"https://example.org/d")
    put(out, "void.ttl", content)
    assert {"FsF-F1-01MD", "FsF-F1-02MD", "FsF-I1-01M", "FsF-R1.1-01M"} <= failing(out)


def test_an_identifier_that_is_no_pid_is_unique_only(out: Path) -> None:
    crate: dict[str, Any] = {
        "@context": "https://w3id.org/ro/crate/1.2/context",
        "@graph": [
            {"@id": "./", "@type": "Dataset", "name": "x", "identifier": "https://example.org/d"}
        ],
    }
    put(out, "void.ttl", prefixed("<https://example.org/d> a dcat:Dataset ."))
    (out / "ro-crate-metadata.json").write_text(json.dumps(crate))
    found = outcomes(out)
    assert (found["FsF-F1-01MD"], found["FsF-F1-02MD"]) == (FairOutcome.PASS, FairOutcome.FAIL)


def test_the_parts_of_a_crate_are_files_of_the_data(out: Path) -> None:
    part = {"@id": "a.ttl", "@type": "File", "encodingFormat": "text/turtle", "contentSize": "9"}
    root = {"@id": "./", "@type": "Dataset", "license": {"@id": "x"}, "hasPart": {"@id": "a.ttl"}}
    crate = {"@context": "x", "@graph": [root, part]}
    (out / "ro-crate-metadata.json").write_text(json.dumps(crate))
    put(out, "void.ttl", prefixed(f"<{DATASET}> a dcat:Dataset ."))
    assert evidence(out, "FsF-R1-01M-2") == [
        "ro-crate-metadata.json: <file:///crate/a.ttl> schema:encodingFormat text/turtle",
        "ro-crate-metadata.json: <file:///crate/a.ttl> schema:contentSize 9",
    ]
    assert evidence(out, "FsF-R1.1-01M-1") == [
        "ro-crate-metadata.json: <file:///crate/> schema:license file:///crate/x"
    ]
    (out / "ro-crate-metadata.json").write_text("[1]")
    with pytest.raises(InputError, match="expected an RO-Crate"):
        gather(out)


def test_what_a_version_says_counts_for_the_data_set(out: Path) -> None:
    version = f"{DATASET}/2024-12"
    put(
        out,
        "void.ttl",
        prefixed(
            f"<{version}> a dcat:Dataset ; dcterms:isVersionOf <{DATASET}> ; "
            "dcterms:license <https://example.org/l> . "
            f"<{DATASET}> a dcat:Dataset ; dcat:hasCurrentVersion <{version}> . "
            "<https://example.org/other> a dcat:Dataset ; dcterms:accessRights 'none' ."
        ),
    )
    assert evidence(out, "FsF-R1.1-01M-1") == [
        f"void.ttl: <{version}> dcterms:license https://example.org/l"
    ]
    assert "FsF-A1-01M" in failing(out), "another data set's rights are not those of this one"


def test_an_endpoint_serves_as_the_manner_of_delivery(out: Path) -> None:
    put(
        out,
        "void.ttl",
        prefixed(
            f"<{DATASET}> a void:Dataset ; void:sparqlEndpoint <https://example.org/sparql> ."
        ),
    )
    assert evidence(out, "FsF-R1-01M-2") == [
        f"void.ttl: <{DATASET}> void:sparqlEndpoint https://example.org/sparql"
    ]


def test_a_blank_node_can_be_the_license_and_its_distribution(out: Path) -> None:
    put(
        out,
        "void.ttl",
        prefixed(
            f"<{DATASET}> a dcat:Dataset ; dcterms:license [ dcterms:title 'ours' ] ; "
            f"dcat:distribution [ dcat:downloadURL <{FILE}> ; dcterms:license <{FILE}> ] ."
        ),
    )
    assert "FsF-R1.1-01M" not in failing(out)
    assert len(evidence(out, "FsF-R1.1-01M-1")) == 1, "that of a file is not the data set's"
    assert evidence(out, "FsF-F3-01M-2")[0].endswith(f"dcat:downloadURL {FILE}")


@pytest.mark.parametrize("address", ["..%2f..%2fetc/x.ttl", "/etc/x.ttl", "../x.ttl"])
def test_no_link_leads_out_of_the_folder(site: Path, address: str) -> None:
    edit(site, lambda text: text.replace("./files/void.ttl", f"{BASE}{address}"))
    result = next(each for each in assess(gather(site)) if each.metric.id == "FsF-I1-01M")
    assert "lies outside the site" in result.tests[1][1].reason


def test_a_description_of_something_else_does_not_serve(site: Path) -> None:
    (site / "files/void.ttl").write_bytes(prefixed("<https://example.org/d> a dcat:Dataset ."))
    assert {"FsF-I1-01M", "FsF-A1-02MD"} <= failing(site)


def edit(site: Path, change: Callable[[str], str], page: str = PAGE) -> None:
    """Change a page; a change that changes nothing is a mistake of the test."""
    before = (site / page).read_text()
    after = change(before)
    assert after != before
    (site / page).write_text(after)


def no_link(relation: str) -> Callable[[str], str]:
    """Return what takes the links of a relation out of a page."""
    return lambda text: re.sub(rf'<link rel="{relation}"[^>]*>\n', "", text)


def no_term(name: str) -> Callable[[str], str]:
    """Return what takes a property out of the JSON-LD of a page, at every depth."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strip(each) for key, each in value.items() if key != name}
        return [strip(each) for each in value] if isinstance(value, list) else value

    def change(text: str) -> str:
        head, start, rest = text.partition('<script type="application/ld+json">')
        data, end, tail = rest.partition("</script>")
        return head + start + json.dumps(strip(json.loads(data))) + end + tail

    return change


@pytest.mark.parametrize(
    ("links", "terms", "gone", "expected"),
    [
        ("license", "license", "dcterms:license", "FsF-R1.1-01M"),
        ("", "isAccessibleForFree", "dcterms:accessRights dcterms:rights", "FsF-A1-01M"),
        ("item", "contentUrl", "dcat:downloadURL dcat:accessURL void:dataDump", "FsF-F3-01M"),
        ("", "encodingFormat", "dcat:mediaType dcterms:format", "FsF-R1.3-02D"),
        ("", "keywords", "dcat:keyword dcat:theme", "FsF-F2-01M"),
        ("", "datePublished", "dcterms:issued", "FsF-F2-01M"),
        ("", "http://purl.org/dc/terms/conformsTo", "dcterms:conformsTo", "FsF-R1.3-01M"),
        ("", "", "prov:* pav:*", "FsF-R1.2-01M"),
    ],
)
def test_each_source_of_a_page_gives_its_piece_and_all_gone_fail(
    site: Path, links: str, terms: str, gone: str, expected: str
) -> None:
    metric = expected
    void = site / "files/void.ttl"
    for change in (no_link(links) if links else None, no_term(terms) if terms else None):
        assert outcomes(site)[metric] is FairOutcome.PASS
        if change is not None and change((site / PAGE).read_text()) != (site / PAGE).read_text():
            edit(site, change)
    void.write_bytes(without(void.read_bytes(), *gone.split()))
    assert metric in failing(site)


def test_the_evidence_names_file_and_line_and_goes_with_them(site: Path) -> None:
    before = evidence(site, "FsF-R1.1-01M-1")
    assert [each.partition(":")[0] for each in before] == [PAGE, PAGE, *["files/void.ttl"] * 2]
    line = next(
        number
        for number, text in enumerate((site / PAGE).read_text().splitlines(), 1)
        if 'rel="license"' in text
    )
    assert before[0].startswith(f"{PAGE}: line {line} link license https://creativecommons.org/")
    edit(site, no_link("license"))
    assert evidence(site, "FsF-R1.1-01M-1") == before[1:]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (no_link("describedby"), "FsF-I1-01M FsF-A1-02MD"),
        (
            lambda text: re.sub(r'<script type="application/ld\+json">.*?</script>', "", text),
            "FsF-I1-01M FsF-F4-01M",
        ),
        (
            lambda text: text.replace('{"@context":', '{"@context":,', 1),
            "FsF-I1-01M FsF-F4-01M",
        ),
        (
            lambda text: text.replace("<head>", '<head><meta name="robots" content="noindex">'),
            "FsF-F4-01M",
        ),
        (lambda text: text.replace("files/void.ttl", "files/gone.ttl"), "FsF-I1-01M FsF-A1-02MD"),
        (
            lambda text: text.replace('void.ttl" type="text/turtle"', 'void.ttl" type="text/css"'),
            "FsF-I1-01M",
        ),
    ],
    ids="signpost script syntax noindex missing type".split(),
)
def test_a_spoilt_page_fails(site: Path, change: Callable[[str], str], expected: str) -> None:
    edit(site, change)
    assert set(expected.split()) <= failing(site)


def test_what_may_be_said_elsewhere_is_not_decided(site: Path) -> None:
    edit(site, lambda text: text.replace("./files/void.ttl", "https://x.org/v.ttl"))
    edit(site, no_term("datePublished"))
    assert failing(site) == set()
    found = {name for name, outcome in outcomes(site).items() if outcome is FairOutcome.UNDECIDED}
    assert {"FsF-F2-01M", "FsF-A1-02MD"} <= found


def test_without_its_pid_a_page_fails(site: Path) -> None:
    for name in (PAGE, "files/void.ttl"):
        text = (site / name).read_text()
        (site / name).write_text(text.replace("https://w3id.org/pfocr/", "https://example.org/d/"))
    assert "FsF-F1-02MD" in failing(site)


def test_a_spoilt_file_beside_the_page_fails(site: Path) -> None:
    (site / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
    assert failing(site) == {"FsF-F4-01M"}
    (site / "robots.txt").unlink()
    assert failing(site) == set()
    (site / "files/pfocr.ttl").unlink()
    assert failing(site) == {"FsF-A1-02MD"}
    (site / "files/void.ttl").write_text("<a> <b>")
    assert {"FsF-A1-02MD", "FsF-I1-01M"} <= failing(site)


def test_any_page_can_be_checked(site: Path) -> None:
    page = "figures/PMC1__a.html"
    found = outcomes(site, page)
    assert found["FsF-R1.1-01M"] is FairOutcome.PASS
    assert found["FsF-I1-01M"] is FairOutcome.PASS
    assert f"{page[:-5]}.ttl: data set IRI" in " ".join(evidence(site, "FsF-F1-01MD-1", page))
    with pytest.raises(InputError, match="name one with --page"):
        gather(site, "figures/none.html")


def test_what_is_neither_export_nor_site_is_refused(tmp_path: Path, site: Path) -> None:
    with pytest.raises(InputError, match="expected an export or a site"):
        gather(tmp_path)
    (site / "site.json").write_text("{}")
    with pytest.raises(InputError, match="expected the record of a site"):
        gather(site)


def test_the_verb_says_by_its_exit_code_whether_all_passes(site: Path) -> None:
    good = CliRunner().invoke(app, ["fair", str(site)])
    assert good.exit_code == 0
    assert good.stdout.splitlines()[-1] == "16 pass, 0 fail, 1 not decidable offline"
    assert BASE in good.stdout
    edit(site, no_link("describedby"))
    bad = CliRunner().invoke(app, ["fair", str(site), "--json"])
    assert bad.exit_code == 1
    record = json.loads(bad.stdout)
    assert record["totals"]["fail"] == sum(r["outcome"] == "fail" for r in record["results"]) > 0
    tests = {test["test"]: test for result in record["results"] for test in result["tests"]}
    assert tests["FsF-I1-01M-2"]["reason"] == "index.html: no link describedby"
    assert "rel=describedby" in tests["FsF-I1-01M-2"]["advice"]


def test_the_table_keeps_to_its_lines_whatever_a_file_says(out: Path) -> None:
    title = f'<{DATASET}> dcterms:license "a\\nb\\u001b[31m{"x" * 300}" .'
    put(out, "void.ttl", prefixed(title))
    text = CliRunner().invoke(app, ["fair", str(out)]).stdout
    shown = next(line for line in text.splitlines() if "a b\ufffd[31m" in line)
    assert shown.endswith("x…")
    assert "\x1b" not in text
