"""Exports with other forms, and what stands in the files of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.run import ExportResult
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.rdf.terms import IRI, Node
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.release.reader import read_dump
from tests.support.pages import decompressed, run

ALL = tuple(Form)


def formed(inputs: Path, out: Path, *forms: Form, **options: Any) -> Path:
    """Export with forms, all when none is named; return the release."""
    made(inputs, out, *forms, **options)
    return out


def made(inputs: Path, out: Path, *forms: Form, **options: Any) -> ExportResult:
    """Export with forms, all when none is named; return what the export says."""
    return run(inputs, out=out, also=forms or ALL, **({"validate": False} | options))


def records(path: Path) -> list[dict[str, Any]]:
    """Return the JSON objects of a file of lines."""
    return [json.loads(line) for line in decompressed(path).splitlines()]


def gene_sets(path: Path) -> dict[str, tuple[str, list[str]]]:
    """Return the description and members of each set of a GMT file."""
    sets: dict[str, tuple[str, list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, description, *members = line.split("\t")
        assert name not in sets
        sets[name] = description, members
    return sets


def figures_of(out: Path) -> Iterator[FigureNodes]:
    """Yield the figures of a release's dump."""
    return (item for item in read_dump(open_release(out)) if isinstance(item, FigureNodes))


def entities_of(out: Path) -> Iterator[Node]:
    """Yield the entities of a release's dump."""
    return (item for item in read_dump(open_release(out)) if isinstance(item, Node))


def said(node: Node) -> dict[IRI, list[str]]:
    """Return what a node says, as texts."""
    return {
        predicate: [value if isinstance(value, str) else value[0] for value in values]
        for predicate, values in node.properties
    }


def gene_links(out: Path) -> set[tuple[str, str]]:
    """Return (figid, Entrez id) of every gene that a figure of a release mentions."""
    mentions = IRI("http://schema.org/mentions")
    identifier = IRI("http://schema.org/identifier")
    genes = "http://identifiers.org/ncbigene/"
    return {
        (said(dumped.figure)[identifier][0], gene.removeprefix(genes))
        for dumped in figures_of(out)
        for gene in said(dumped.figure).get(mentions, ())
        if gene.startswith(genes)
    }


def sha256s(out: Path, names: Iterable[str] = ()) -> dict[str, str]:
    """Return the hashes that the manifest has of the files of forms, or of some files."""
    outputs = json.loads((out / "manifest.json").read_bytes())["outputs"]
    wanted = frozenset(names)
    return {
        file["name"]: file["sha256"]
        for file in outputs
        if (file["name"] in wanted if wanted else is_form(file["name"]))
    }


def is_form(name: str) -> bool:
    """Say whether a file is of another form, by its name."""
    plain = name.removesuffix(".gz").removesuffix(".zst")
    return plain.endswith(
        (".jsonl", ".ndjson", ".gmt", ".tsv", ".parquet", "metadata.json", "_map.json")
    ) and (plain != "findings.jsonl")
