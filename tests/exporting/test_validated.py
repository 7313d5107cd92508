"""An export validates figure by figure, and finds what a validation of its whole graph finds.

Also with shapes that look past a figure into its entities; those that only the whole graph can
answer are refused.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TypeVar

import pytest

import pfocr_rdf
from pfocr_rdf.errors import ShapesError
from pfocr_rdf.exporting import local
from pfocr_rdf.exporting.cluster import driver, worker
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.figures.pipeline import violations
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.shacl.validation import ShaclEngine, validate_files
from tests.support.pages import findings, many, page, run, unmeasured, write
from tests.support.samples import Sample
from tests.support.tasks import InTurn

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix pfocr: <https://w3id.org/pfocr/vocab#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
OUTSIDE = (
    PREFIXES
    + """
ex:Figure sh:targetClass pfocr:PathwayFigure ; sh:property
    [ sh:path ( schema:isPartOf schema:name ) ; sh:minCount 1 ; sh:message "paper has a title" ] ,
    [ sh:path ( schema:mentions schema:identifier ) ; sh:minCount 1 ; sh:pattern "^ncbigene:" ;
      sh:message "only Entrez genes" ] ,
    [ sh:path ( [ sh:inversePath oa:hasTarget ] oa:hasBody schema:name ) ; sh:maxLength 4 ;
      sh:message "bodies have short names" ] ,
    [ sh:path ( schema:isPartOf schema:isPartOf schema:name ) ; sh:maxCount 0 ;
      sh:message "paper in no journal" ] .
ex:Mention sh:targetClass pfocr:GeneMention ; sh:property
    [ sh:path oa:hasBody ; sh:node ex:NamedGene ; sh:message "body is a gene with a name" ] .
ex:NamedGene sh:property
    [ sh:path schema:name ; sh:minCount 1 ; sh:pattern "[AEIOU]" ; sh:message "a vowel" ] .
ex:Gene sh:targetClass schema:Gene ; sh:property
    [ sh:path ( schema:taxonomicRange schema:name ) ; sh:minCount 1 ; sh:minLength 13 ;
      sh:message "gene of a long-named organism" ] .
ex:Paper sh:targetClass schema:ScholarlyArticle ; sh:property
    [ sh:path ( schema:isPartOf schema:alternateName ) ; sh:maxCount 0 ;
      sh:message "paper in a journal without an abbreviation" ] .
"""
)
ONLY_WHOLE = {
    "sh:targetNode": "ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal .",
    "sh:targetObjectsOf": "ex:S sh:targetObjectsOf oa:hasBody ; sh:nodeKind sh:Literal .",
    "a path back from a node": "ex:S sh:targetClass schema:Gene ; sh:property "
    "[ sh:path [ sh:inversePath oa:hasBody ] ; sh:minCount 1 ] .",
    "a path back": "ex:S sh:targetClass pfocr:PathwayFigure ; sh:property "
    "[ sh:path ( schema:isPartOf [ sh:inversePath schema:isPartOf ] ) ; sh:maxCount 1 ] .",
}
Said = set[tuple[str, str, str]]
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


def with_shapes(patch: pytest.MonkeyPatch, path: Path, text: str) -> Path:
    """Put other shapes in the place of the shipped ones, for exports in this process."""
    path.write_text(text, encoding="utf-8")
    patch.setattr("pfocr_rdf.figures.pipeline.dump_shapes", lambda: [path])
    return path


def found_by_export(out: Path) -> Said:
    """Return (path, value, focus node with message) of each result in findings.jsonl."""
    return {
        (finding["field"], finding["value"], finding["detail"])
        for finding in findings(out)
        if finding["code"] == "shape-violation"
    }


def found_in_dump(out: Path, shapes: Path, engine: ShaclEngine) -> Said:
    """Return the same of a validation of all triples together."""
    outcome = validate_files(sorted(out.glob("*.nt")), [shapes], engine)
    told = violations(outcome.results, "", Prefixes(Iris()).curie)
    return {(finding.field, finding.value, finding.detail) for finding in told}


def agree(out: Path, shapes: Path) -> Said:
    """Return what the export and both engines on the whole graph have found alike."""
    found = found_by_export(out)
    assert found == found_in_dump(out, shapes, ShaclEngine.FAST)
    assert found == found_in_dump(out, shapes, ShaclEngine.PYSHACL)
    return found


@pytest.mark.whole
@pytest.mark.parametrize("at_once", [1, 500])
def test_shapes_that_look_into_entities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path, at_once: int
) -> None:
    """However few entities are validated together, each knows its neighbours."""
    monkeypatch.setattr(local, "ENTITIES_AT_ONCE", at_once)
    shapes = with_shapes(monkeypatch, tmp_path / "own.ttl", OUTSIDE)
    run(seeds, out=tmp_path / "out", formats=(FormatName.NTRIPLES,))
    said = {detail.partition(": ")[2] for _, _, detail in agree(tmp_path / "out", shapes)}
    # What every seed has is not at fault; what only an entity says is.
    assert "paper has a title" not in said
    assert {"bodies have short names", "body is a gene with a name"} <= said


@pytest.mark.whole
def test_shapes_that_look_into_entities_of_real_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    """Pages of every generation, with chemicals, diseases and journals."""
    shapes = with_shapes(monkeypatch, tmp_path / "own.ttl", OUTSIDE)
    run(sample.pages / "_figures", out=tmp_path / "out", formats=(FormatName.NTRIPLES,))
    assert agree(tmp_path / "out", shapes)


def test_neighbours_are_those_of_this_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only a page of an earlier run said of a journal is not held against its papers."""
    monkeypatch.setattr(local, "ENTITIES_AT_ONCE", 1)
    shapes = with_shapes(monkeypatch, tmp_path / "own.ttl", OUTSIDE)
    out, name = tmp_path / "out", "Cell Research"
    pages = {f"PMC{n}__a.md": page(f"PMC{n}__a", journal_title=name) for n in (1, 2)}
    short = {"PMC1__a.md": page("PMC1__a", journal_title=name, journal_nlm_ta="Cell Res")}
    folder = write(tmp_path / "in", pages | short)
    run(folder, out=out, formats=(FormatName.NTRIPLES,))
    message = "paper in a journal without an abbreviation"
    assert sum(detail.endswith(message) for _, _, detail in agree(out, shapes)) == 2
    run(write(folder, pages), out=out, formats=(FormatName.NTRIPLES,))
    assert not any(detail.endswith(message) for _, _, detail in agree(out, shapes))


@pytest.mark.whole
def test_a_cluster_knows_the_entities_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions have the entities of their figures, buckets the neighbours of theirs."""
    shapes = with_shapes(monkeypatch, tmp_path / "own.ttl", OUTSIDE)
    monkeypatch.setattr(worker, "_PER_THREAD", threading.local())  # which keeps shapes
    inputs, out = many(tmp_path / "in", 45), tmp_path / "out"
    options = ExportOptions((FormatName.NTRIPLES,), shard_size=2)
    driver.run([inputs], out, options, lambda _: None, lambda _: InTurn())
    assert len(list(out.glob("pfocr-entities-*.nt"))) > 1
    assert agree(out, shapes)


@pytest.mark.parametrize("reason", ONLY_WHOLE)
def test_shapes_for_the_whole_graph_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: Path, reason: str
) -> None:
    """By name, with the way out, before anything is written; without validation they pass."""
    with_shapes(monkeypatch, tmp_path / "own.ttl", PREFIXES + ONLY_WHOLE[reason])
    out = tmp_path / "out"
    with pytest.raises(ShapesError) as caught:
        run(seeds, out=out)
    message = str(caught.value)
    assert f"<http://example.org/S> ({reason}" in message
    assert "--no-validate" in message
    assert "pfocr-rdf validate" in message
    assert "\n" not in message
    assert not out.exists()
    run(seeds, out=out, validate=False)


def installed_with(folder: Path, root: Path, shapes: str) -> dict[str, str]:
    """Copy the package, with other shapes beside its own; return the environment that runs it.

    It is not measured: its files are gone when the coverage of all is added up.
    """
    shutil.copytree(
        Path(pfocr_rdf.__file__).parent,
        folder / "pfocr_rdf",
        ignore=shutil.ignore_patterns("__pycache__", "vendor"),
    )
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(root / name, folder / "pfocr_rdf" / name)
    (folder / "pfocr_rdf" / "shapes" / "own.ttl").write_text(shapes, encoding="utf-8")
    return unmeasured() | {"PYTHONPATH": str(folder)}


@pytest.mark.whole
def test_the_command_with_shapes_beside_the_shipped_ones(
    tmp_path: Path, root: Path, seeds: Path
) -> None:
    """As somebody who adds a file to shapes/ sees it: results, or a refusal with exit code 2."""
    environment = installed_with(tmp_path / "lib", root, OUTSIDE)
    own = tmp_path / "lib" / "pfocr_rdf" / "shapes" / "own.ttl"

    def command(*more: str) -> subprocess.CompletedProcess[str]:
        start = [sys.executable, "-P", "-m", "pfocr_rdf", "export", str(seeds)]
        return subprocess.run(
            [*start, "-o", str(tmp_path / "out"), "--format", "ntriples", *more],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=environment,
        )

    done = command("--jobs", "2")
    assert done.returncode == 1, done.stderr
    assert found_by_export(tmp_path / "out") == found_in_dump(
        tmp_path / "out", own, ShaclEngine.PYSHACL
    )
    own.write_text(PREFIXES + ONLY_WHOLE["sh:targetNode"], encoding="utf-8")
    refused = command()
    assert refused.returncode == 2, refused.stderr
    assert "<http://example.org/S> (sh:targetNode)" in refused.stderr
