"""docs/findings.md: every code of findings.CODES, with an example that an export really gives.

The examples come from one input that has every fault there is; `--update-golden` writes them
into the page anew.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
from pathlib import Path
from typing import NamedTuple

import pytest

from pfocr_rdf import ExportOptions, export
from pfocr_rdf.figures.link.table_source import embedded_gene_table, read_table_text
from pfocr_rdf.findings import CODES
from tests.support.places import ROOT

PAGE = "docs/findings.md"

# Rows as a spreadsheet has left them.
BAD_GENE = "HGNC:99999\tMADEUP\tno gene\tApproved\t\t\t\t207.0\t\t\t\t\t\t\n"
BAD_REFERENCE = "HGNC:99998\tMADEUP2\tno gene\tApproved\t\t\t\t\t\t\t1.4E+05\t\t\t\n"

GENE_HEADER = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\t"
    "source\tcount_direct\tcount_synonym\tcount_match\n"
)
TERM_HEADER = "word\tmesh\tmatch\tname\tchebi\n"


def page(name: str, *, license: str = "CC0", schema: str = "", **fields: str) -> str:
    """Return a page that is in order but for what is given; "" leaves a field out."""
    pmcid = name.partition("__")[0]
    stated = {
        "figid": name,
        "pmcid": pmcid,
        "filename": f"{name.partition('__')[2]}.jpg",
        "figtitle": "A pathway",
        "papertitle": f"The paper {pmcid}",
        "caption": "What the pathway shows.",
        "organisms_ner": "Homo sapiens",
        **fields,
    }
    lines = [f"{key}: {value}" for key, value in stated.items() if value]
    block = ["schema-jsonld:", "  creator: WikiPathways"]
    if license:
        block.append(f"  license: {license}")
    if schema:
        block.append(schema)
    return "\n".join(["---", *lines, *block, "---", ""])


def gene_row(symbol: str, entrez: str, source: str = "ncbigene_symbol", word: str = "") -> str:
    word = word or symbol
    cells = ["9606", "Homo sapiens", "Mammals", word, word, symbol, entrez, source, "1", "NA", "1"]
    return "\t".join(cells) + "\n"


FILES: dict[str, str | bytes] = {
    # files
    "_figures/PMC1__latin1.md": b"---\nfigid: PMC1__latin1\ncaption: \xc4quator\n---\n",
    "_figures/PMC2__cut.md": "---\nfigid: PMC2__cut\ncaption: the file ends he",
    "_figures/PMC3__f1.md": page("PMC3__f1"),
    "_data/PMC3__f1-chemicals.tsv": "term\tid\nGlucose\tD005947\n",
    "_data/PMC4__gone-genes.tsv": GENE_HEADER + gene_row("TP53", "7157"),
    "_data/wpid_map.tsv": "PMC5__gone\tWP5283\n",
    "_data/ndex_map.tsv": "PMC16__f1\t0fbb2d0c-7b11-11ed-8bf8-005056ae23aa\n",
    "_data/PMC29__f1_genes.tsv": GENE_HEADER + gene_row("TP53", "7157"),
    "_figures/PMC29__f1.md": page("PMC29__f1") + "\nSeen by a curator.\n",
    # figures
    "_figures/no-figid.md": page("PMC6__f1", figid=""),
    "_figures/PMC7__f1.md": page("PMC7__f1"),
    "_figures/PMC7__f1-copy.md": page("PMC7__f1"),
    "_figures/PMC8__f1.md": page("PMC8__f2"),
    "_figures/PMC9__f1.md": page("PMC9__f1", pmcid="PMC99"),
    "_figures/PMC10__f1.md": page("PMC10__f1", schema="  description: Another caption."),
    "_figures/PMC11__f1.md": page("PMC11__f1", number="F1\nnumber: F2"),
    "_figures/PMC12__f1.md": page("PMC12__f1", reviewer="A. Curator"),
    "_figures/PMC13__f1.md": page("PMC13__f1", number="[F1, F2]"),
    "_figures/PMC14__f1.md": page("PMC14__f1", doi="not yet known"),
    "_figures/PMC15__f1.md": page("PMC15__f1", year="'20012'"),
    "_figures/PMC16__f1.md": page("PMC16__f1", ndex="6c5e1f14-0d10-11e8-b939-0ac135e8bacf"),
    "_figures/PMC17__f1.md": page("PMC17__f1", figtype="Table"),
    "_figures/PMC18__f1.md": page("PMC18__f1", license="ask the authors"),
    "_figures/PMC19__f1.md": page(
        "PMC19__f1", papertitle="Expression in Breast Cancer â€“ Influence on Metastasis."
    ),
    "_figures/PMC20__f1.md": page("PMC20__f1", caption="a stray\x07 bell"),
    # rows and mentions
    "_figures/PMC21__f1.md": page("PMC21__f1"),
    "_data/PMC21__f1-chemicals.tsv": TERM_HEADER + "Glucose\tmesh:D005947\nNO\tNA\tNA\tNA\tNA\n",
    "_figures/PMC22__f1.md": page("PMC22__f1"),
    "_data/PMC22__f1-genes.tsv": GENE_HEADER
    + gene_row("TP53", "7157", "my_own_list", word="p53")
    + gene_row("G6PC", "2538")
    + gene_row("MIA2", "117153")
    + gene_row("PRS", "5640"),
    "_figures/PMC23__f1.md": page("PMC23__f1", schema="  keywords: [TRAP, TRAcP, Ca2+, G6PC, 1-Mar]"),
    "_figures/PMC32__f1.md": page("PMC32__f1"),
    "_data/PMC32__f1-genes.tsv": GENE_HEADER
    + gene_row("ACE", "1636")
    + gene_row("Trp53", "22059").replace("9606\tHomo sapiens", "10090\tMus musculus"),
    "_data/PMC32__f1-chemicals.tsv": TERM_HEADER + "ACE\tmesh:D000085\tACE\tacetone\tchebi:15347\n",
    # entities
    "_figures/PMC24__f1.md": page("PMC24__f1", organisms="[prion]"),
    "_figures/PMC25__f1.md": page("PMC25__f1", organisms="[Mus musculus]", organisms_ner=""),
    "_data/PMC25__f1-genes.tsv": GENE_HEADER
    + gene_row("Trp53", "22059").replace("9606\tHomo sapiens", "10092\tMus musculus"),
    "_figures/PMC26__f1.md": page("PMC26__f1", year="'2011'"),
    "_figures/PMC26__f2.md": page("PMC26__f2", year="'2012'"),
    "_data/PMC26__f2-chemicals.tsv": "word\tsource\tidentifier\nATP\tMESH\tD000255\n",
    # the graph
    "_figures/PMC27__f1.md": page("PMC27__f1", license=""),
}  # fmt: skip


class Section(NamedTuple):
    """What the page says about one code."""

    severity: str
    meaning: str
    action: str
    example: dict[str, str]
    advice: str


SECTION = re.compile(
    r"### `(?P<code>[a-z-]+)`\n\n"
    r"\*(?P<severity>[a-z]+)\*: (?P<meaning>.+?)\.\n"
    r"Exporter: (?P<action>.+?)\.\n\n"
    r"```json\n(?P<example>.+?)\n```\n\n"
    r"You: (?P<advice>.+?)\n(?=\n#|$)",
    re.DOTALL,
)


def sections(text: str) -> dict[str, Section]:
    return {
        match["code"]: Section(
            match["severity"],
            " ".join(match["meaning"].split()),
            " ".join(match["action"].split()),
            json.loads(match["example"]),
            match["advice"],
        )
        for match in SECTION.finditer(text)
    }


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> dict[str, dict[str, str]]:
    """The first finding of each code, without what its code says already."""
    folder = tmp_path_factory.mktemp("findings")
    for name, content in FILES.items():
        path = folder / "pfocr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with tarfile.open(folder / "more.tar.gz", "w:gz") as archive:
        for name in ("../../.profile.md", "_figures/PMC28__f1.md"):
            content = page("PMC28__f1").encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    sets = folder / "published-gmt-Homo_sapiens.gmt"
    sets.write_text("PMC30__F1\tA pathway\t7157\nPMC31__F1\tA pathway without genes\n")
    embedded = ROOT / "src/pfocr_rdf/data" / embedded_gene_table().release.name
    table = folder / "hgnc.tsv"
    table.write_text(read_table_text(embedded) + BAD_GENE + BAD_REFERENCE, encoding="utf-8")
    ids, mesh, mapped = folder / "PMC-ids.csv", folder / "d2024.bin", folder / "mine.sssom.tsv"
    ids.write_text("DOI,PMCID,PMID\n,PMC26,21\n,PMC26,22\n")
    mesh.write_text("*NEWRECORD\nRECTYPE = D\nMH = Calcimycin\nUI = D000001\n")
    mapped.write_text(
        "#curie_map:\n#  MESH: http://id.nlm.nih.gov/mesh/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "MESH:D005947\tskos:exactMatch\tCHEBI:17234\tsemapv:ManualMappingCuration\n"
    )
    options = ExportOptions(hgnc=table, jobs=1, pmc_ids=ids, mesh=(mesh,), mappings=mapped)
    out = folder / "out"
    export([folder / "pfocr", folder / "more.tar.gz", sets], out, options)
    found: dict[str, dict[str, str]] = {}
    for line in (out / "findings.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        wanted = {key: record[key] for key in ("file", "field", "value", "detail")}
        found.setdefault(record["code"], {key: value for key, value in wanted.items() if value})
    return found


def test_every_code_can_be_found_in_an_export(examples: dict[str, dict[str, str]]) -> None:
    assert set(examples) == set(CODES)


def test_the_page_explains_every_code_in_order(root: Path) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    described = sections(text)
    assert list(described) == list(CODES)
    assert re.findall(r"^### `(.+)`$", text, re.MULTILINE) == list(CODES)
    for code, section in described.items():
        assert section[:3] == CODES[code], code
        assert len(section.advice) > 20, code


def test_the_summary_lists_every_code_with_its_severity(root: Path) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`([a-z-]+)`\]\(#([a-z-]+)\) \| ([a-z]+) \|", text, re.MULTILINE)
    assert rows == [(code, code, what.severity) for code, what in CODES.items()]


def test_the_examples_are_what_an_export_finds(
    root: Path, examples: dict[str, dict[str, str]], *, update_golden: bool
) -> None:
    path = root / PAGE
    text = path.read_text(encoding="utf-8")
    if update_golden:

        def written_anew(match: re.Match[str]) -> str:
            new = json.dumps(examples[match["code"]], ensure_ascii=False, indent=2)
            return match[0].replace(match["example"], new)

        path.write_text(SECTION.sub(written_anew, text), encoding="utf-8")
        return
    described = sections(text)
    assert {code: section.example for code, section in described.items()} == examples
