"""BioThings documents: the shape of PFOCR's API, a file each tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from tests.support.formed import entities_of, figures_of, formed, gene_links, records, said
from tests.support.releases import SharedReleases
from tests.support.samples import Sample

TIERS = ("strict", "synonyms", "all")


@pytest.fixture(scope="module")
def sample_out(sample: Sample, releases: SharedReleases) -> Path:
    return releases.of_sample(sample)


def documents(out: Path, tier: str) -> dict[str, dict[str, Any]]:
    return {each["_id"]: each for each in records(out / f"pfocr-biothings-{tier}.ndjson")}


def test_the_first_seed_is_a_document(seeds: Path, tmp_path: Path) -> None:
    out = formed(seeds, tmp_path / "out", Form.BIOTHINGS)
    figid = "PMC4168338__10-1055-s-0031-1298276-i430gf01"
    expected = {
        "_id": figid,
        "associatedWith": {
            "title": "Control of osteoclast differentiation by the RANK/RANKL/OPG signal pathway",
            "pfocrUrl": f"https://pfocr.wikipathways.org/figures/{figid}.html",
            "figureUrl": "https://europepmc.org/articles/PMC4168338/bin/"
            "10-1055-s-0031-1298276-i430gf01.jpg",
            "pmc": "PMC4168338",
            "mentions": {
                "chemicals": {"mesh": [], "chebi": []},
                "diseases": {"mesh": [], "doid": []},
                "genes": {"ncbigene": ["4982", "8600", "8792"]},
            },
        },
    }
    assert documents(out, "all")[figid] == expected
    assert documents(out, "synonyms")[figid] == expected
    expected["associatedWith"]["mentions"]["genes"] = {"ncbigene": []}  # type: ignore[index]
    assert documents(out, "strict")[figid] == expected


def test_every_tier_has_every_figure_in_the_order_of_the_dump(sample_out: Path) -> None:
    figids = [said(dumped.figure)[SCHEMA.identifier][0] for dumped in figures_of(sample_out)]
    for tier in TIERS:
        assert list(documents(sample_out, tier)) == figids


def test_genes_of_real_figures_by_tier(sample_out: Path) -> None:
    of_tier = {
        tier: {
            (figid, gene)
            for figid, each in documents(sample_out, tier).items()
            for gene in each["associatedWith"]["mentions"]["genes"]["ncbigene"]
        }
        for tier in TIERS
    }
    assert of_tier["all"] == gene_links(sample_out)
    by_symbol = set()
    by_synonym = set()
    for dumped in figures_of(sample_out):
        figid = said(dumped.figure)[SCHEMA.identifier][0]
        for mention in dumped.mentions:
            facts = said(mention)
            if facts[RDF.type] == [PFOCR.GeneMention] and OA.hasBody in facts:
                pair = figid, facts[OA.hasBody][0].rpartition("/")[2]
                if facts.get(PFOCR.matchTier) == [PFOCR.Symbol]:
                    by_symbol.add(pair)
                elif facts.get(PFOCR.matchTier) == [PFOCR.Synonym]:
                    by_synonym.add(pair)
    assert of_tier["strict"] == by_symbol
    assert of_tier["synonyms"] == by_symbol | by_synonym
    assert by_symbol < by_symbol | by_synonym < of_tier["all"]


def test_chemicals_and_diseases_of_real_figures(sample_out: Path) -> None:
    """Bare ids, ChEBI and DOID where there are any, as in the newest documents of the API."""
    prefixes = {
        "http://purl.obolibrary.org/obo/CHEBI_": ("chemicals", "chebi"),
        "http://purl.obolibrary.org/obo/DOID_": ("diseases", "doid"),
    }
    seen = set()
    for tier in TIERS:
        found = documents(sample_out, tier)
        for dumped in figures_of(sample_out):
            facts = said(dumped.figure)
            mentions = found[facts[SCHEMA.identifier][0]]["associatedWith"]["mentions"]
            listed = {
                (kind, of, id_)
                for kind in ("chemicals", "diseases")
                for of, ids in mentions[kind].items()
                for id_ in ids
            }
            expected = set()
            for mention in dumped.mentions:
                says = said(mention)
                if OA.hasBody not in says or says[RDF.type] == [PFOCR.GeneMention]:
                    continue
                (body,) = says[OA.hasBody]
                chemical = says[RDF.type] == [PFOCR.ChemicalMention]
                kind, of = "chemicals" if chemical else "diseases", "mesh"
                for prefix, key in prefixes.items():
                    if body.startswith(prefix):
                        kind, of = key
                        body = body.removeprefix(prefix)
                expected.add((kind, of, body.rpartition("/")[2]))
            assert listed == expected
            seen |= {pair[:2] for pair in listed}
    assert seen == {
        ("chemicals", "mesh"), ("chemicals", "chebi"), ("diseases", "mesh"), ("diseases", "doid"),
    }  # fmt: skip


def test_the_human_subset_has_the_human_genes_and_the_figures_that_have_one(
    sample_out: Path,
) -> None:
    human = {
        entity.subject.rpartition("/")[2]
        for entity in entities_of(sample_out)
        if SCHEMA.Gene in said(entity)[RDF.type]
        and said(entity)[SCHEMA.taxonomicRange][0].endswith(("/9606", "_9606"))
    }
    left_out = 0
    for tier in TIERS:
        whole = documents(sample_out, tier)
        expected = {}
        for figid, each in whole.items():
            of = each["associatedWith"]["mentions"]["genes"]
            of["ncbigene"], every = [id_ for id_ in of["ncbigene"] if id_ in human], of["ncbigene"]
            left_out += len(every) - len(of["ncbigene"])
            if of["ncbigene"]:
                expected[figid] = each
        got = documents(sample_out, f"human-{tier}")
        assert got == expected
        assert list(got) == list(expected)
        assert 0 < len(got) < len(whole)
    assert left_out
