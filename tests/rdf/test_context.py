"""The published JSON-LD context is that of the code, and gives every property its range."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from pfocr_rdf.rdf.context import REVERSE_TARGET, context_text, json_keys, make_context
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, PROPERTIES, SCHEMA, Range


@pytest.mark.whole
def test_the_file_is_current(root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pfocr_rdf.rdf.context"], capture_output=True, check=True
    )
    assert run.stdout == context_text()
    path = root / "ontology" / "context.jsonld"
    message = "run: python -m pfocr_rdf.rdf.context > ontology/context.jsonld"
    assert path.read_bytes() == context_text(), message


@pytest.mark.parametrize("style", IriStyle)
def test_every_property_has_one_key_and_no_key_is_a_prefix(style: IriStyle) -> None:
    prefixes = Prefixes(Iris(style))
    keys = json_keys(prefixes)
    assert set(keys) == set(PROPERTIES)
    assert len(set(keys.values()) | {REVERSE_TARGET}) == len(keys) + 1
    assert not (set(keys.values()) | {REVERSE_TARGET}) & set(prefixes.namespaces)


def test_keys_are_bare_for_the_three_main_vocabularies_only() -> None:
    keys = json_keys(Prefixes(Iris()))
    assert keys[SCHEMA.name] == "name"
    assert keys[PFOCR.organism] == "organism"
    assert keys[OA.hasBody] == "hasBody"
    assert {key for key in keys.values() if ":" in key} == {
        key for iri, key in keys.items() if not iri.startswith((SCHEMA.base, PFOCR.base, OA.base))
    }


def test_ranges_are_coercions_and_many_values_are_sets() -> None:
    prefixes = Prefixes(Iris())
    context = make_context(prefixes)
    for iri, key in json_keys(prefixes).items():
        term = context[key]
        of_type = term.get("@type") if isinstance(term, dict) else None
        container = term.get("@container") if isinstance(term, dict) else None
        known = PROPERTIES[iri]
        expected = {Range.IRI: "@id", Range.STRING: None}.get(known.range, f"xsd:{known.range}")
        assert of_type == expected, key
        assert container == ("@set" if known.many else None), key
    assert context[REVERSE_TARGET] == {"@reverse": "oa:hasTarget", "@container": "@set"}


def test_the_document_is_sorted_and_needs_no_other() -> None:
    document = orjson.loads(context_text())
    assert list(document) == ["@context"]
    assert list(document["@context"]) == sorted(document["@context"])
    assert document["@context"]["@version"] == 1.1
