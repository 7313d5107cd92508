"""Organism pages and map files: what is read of them, booked, and hashed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pfocr_rdf.figures.read.sources import discover
from pfocr_rdf.figures.side_tables import SideTablesRead, read_side_tables
from pfocr_rdf.findings import Counted, Outcome
from tests.support.pages import checkout, page, write


def read(root: Path, *others: Path) -> SideTablesRead:
    return read_side_tables(discover([root, *others], root.parent / ".workspace"))


def codes(read: SideTablesRead) -> list[tuple[str, str]]:
    return [(finding.code, finding.file) for finding in read.findings]


def test_what_a_checkout_has(tmp_path: Path) -> None:
    got = read(checkout(tmp_path / "c"))
    around = got.side_tables
    assert around.ndex == {"PMC1__a": ("0fbb2d0c-7b11-11ed-8bf8-005056ae23aa",)}
    assert around.wikipathways == {"PMC2__c": ("WP5283",)}
    assert around.taxa.find("Mus cookii").taxon_id == "10098"
    assert [organism.name for organism in got.organisms] == ["Mus cookii"]
    assert around.captions
    assert got.findings == ()
    assert {digest.input for digest in got.digests} == {"c"}
    assert sum(digest.bytes for digest in got.digests) == sum(
        (tmp_path / "c" / name).stat().st_size
        for name in ("_organisms/mus_cookii.md", "_data/ndex_map.tsv", "_data/wpid_map.tsv")
    )
    # The rows are booked by whoever uses them.
    assert got.ledger.came_in[Counted.MAP_ROW] == 2


def test_what_a_folder_of_pages_lacks(tmp_path: Path) -> None:
    corpus = discover([write(tmp_path / "p", {"a.md": page()})], tmp_path)
    got = read_side_tables(corpus, captions=False)
    assert (got.organisms, got.digests, got.findings) == ((), (), ())
    assert not got.side_tables.captions
    assert got.ledger.imbalances() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff", "unreadable-file"),
        (b"no front matter", "front-matter-malformed"),
        (b"---\nncbi: 10098\n---\n", "field-malformed"),
    ],
)
def test_a_bad_organism_page_is_skipped_and_booked(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    root = write(checkout(tmp_path / "c"), {"_organisms/bad.md": content})
    got = read(root)
    assert codes(got) == [(reason, "c/_organisms/bad.md")]
    assert got.ledger.outcomes[Counted.ORGANISM_PAGE, Outcome.SKIPPED, reason] == 1
    assert [organism.name for organism in got.organisms] == ["Mus cookii"]
    assert not any("organism" in line for line in got.ledger.imbalances())


def test_rows_of_maps(tmp_path: Path) -> None:
    root = write(
        checkout(tmp_path / "c"),
        {
            "_data/wpid_map.tsv": "PMC2__c\tWP1\nPMC2__c\tWP1\nPMC2__c\tWP2\nPMC1__a\nPMC1__b\tNA\n"
            "PMC1__b\tWP3\textra\n"
        },
    )
    got = read(root)
    assert got.side_tables.wikipathways == {"PMC2__c": ("WP1", "WP2")}
    file = "c/_data/wpid_map.tsv"
    assert codes(got) == [("row-malformed", file)] * 3
    outcomes = got.ledger.outcomes
    assert outcomes[Counted.MAP_ROW, Outcome.MERGED, "repeated-row"] == 1
    assert outcomes[Counted.MAP_ROW, Outcome.SKIPPED, "row-malformed"] == 3
    assert outcomes[Counted.MAP_ROW, Outcome.SKIPPED, "value-conflict"] == 0


def test_the_first_network_in_path_order_stands_and_all_pathways_do(tmp_path: Path) -> None:
    inputs = []
    for name in "12":
        files = {
            "_data/wpid_map.tsv": f"PMC2__c\tWP{name}\n",
            "_data/ndex_map.tsv": f"PMC2__c\t{name}\n",
        }
        inputs.append(write(checkout(tmp_path / name), files))
    for order in (inputs, inputs[::-1]):
        got = read(*order)
        assert got.side_tables.wikipathways == {"PMC2__c": ("WP1", "WP2")}
        assert got.side_tables.ndex == {"PMC2__c": ("1",)}
        assert codes(got) == [("value-conflict", "2/_data/ndex_map.tsv")]


HUMAN = "---\ncommon: Human\nlatin: Homo sapiens\nncbi: '{}'\n---\n"
YETI = "---\nlatin: Yeti ignotus\nncbi: '{}'\n---\n"


def test_of_pages_that_disagree_the_built_in_table_decides(tmp_path: Path) -> None:
    root = write(
        checkout(tmp_path / "c"),
        {"_organisms/a.md": HUMAN.format(10090), "_organisms/homo_sapiens.md": HUMAN.format(9606)},
    )
    got = read(root)
    (finding,) = got.findings
    assert (finding.code, finding.file, finding.field, finding.value) == (
        "organism-conflict", "c/_organisms/a.md", "ncbi", "10090",
    )  # fmt: skip
    assert finding.detail == "Homo sapiens is 9606 in the built-in table"
    assert {o.taxon_id for o in got.organisms} == {"9606", "10098"}
    assert got.side_tables.taxa.find("human").taxon_id == "9606"
    assert got.ledger.outcomes[Counted.ORGANISM_PAGE, Outcome.SKIPPED, "organism-conflict"] == 1
    assert got.ledger.outcomes[Counted.ORGANISM_LEAF, Outcome.SKIPPED, "organism-conflict"] == 3
    assert [line for line in got.ledger.imbalances() if "organism" in line] == []


def test_of_pages_that_disagree_on_an_unknown_name_the_first_stands(tmp_path: Path) -> None:
    root = write(
        checkout(tmp_path / "c"),
        {
            "_organisms/a.md": YETI.format(77),
            "_organisms/b.md": YETI.format(78).replace("Yeti", "yeti"),
        },
    )
    got = read(root)
    assert codes(got) == [("organism-conflict", "c/_organisms/b.md")]
    assert got.side_tables.taxa.find("Yeti ignotus").taxon_id == "77"


def test_a_common_name_of_two_organisms_is_a_finding(tmp_path: Path) -> None:
    two = {
        f"_organisms/{n}.md": f"---\ncommon: Yeti\nlatin: Yeti {n}\nncbi: '{n}'\n---\n"
        for n in (7, 8)
    }
    got = read(write(checkout(tmp_path / "c"), two))
    assert [(f.code, f.file, f.value) for f in got.findings] == [
        ("organism-conflict", "c/_organisms/8.md", "Yeti")
    ]
    assert got.side_tables.taxa.find("yeti").taxon_id == ""


def test_text_below_an_organism_page_is_booked(tmp_path: Path) -> None:
    got = read(write(checkout(tmp_path / "c"), {"_organisms/y.md": YETI.format(77) + "text\n"}))
    assert codes(got) == [("text-below-front-matter", "c/_organisms/y.md")]
    assert got.side_tables.taxa.find("Yeti ignotus").taxon_id == "77"
    assert got.ledger.outcomes[Counted.TEXT_BELOW, Outcome.SKIPPED, "text-below-front-matter"] == 1


def test_a_map_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    (root / "_data" / "wpid_map.tsv").write_bytes(b"\xff")
    (root / "_data" / "ndex_map.tsv").unlink()
    (root / "_data" / "ndex_map.tsv").symlink_to("nowhere")
    got = read(root)
    assert sorted(codes(got)) == [
        ("unreadable-file", "c/_data/ndex_map.tsv"),
        ("unreadable-file", "c/_data/wpid_map.tsv"),
    ]
    assert got.side_tables.wikipathways == {}
