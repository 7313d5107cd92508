"""Gene sets as PFOCR publishes them: names, tiers, organisms, and nothing lost between them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pfocr_rdf.exporting.forms import gmt
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from tests.support.formed import entities_of, figures_of, formed, gene_links, gene_sets, said
from tests.support.pages import GENE_HEADER, TNFSF11, page, write
from tests.support.releases import SharedReleases
from tests.support.samples import Sample

TIERS = ("strict", "synonyms", "all")
WITHIN: dict[str, set[str]] = {
    "strict": {PFOCR.Symbol},
    "synonyms": {PFOCR.Symbol, PFOCR.Synonym},
    "all": {PFOCR.Symbol, PFOCR.Synonym, PFOCR.Family, ""},
}


TIERED = re.compile(r"pfocr-\d{8}-(?:(strict|synonyms)-)?gmt-(?!disease-)([\w-]+)\.gmt")


def table(*rows: tuple[str, str, str, str, str]) -> str:
    """Return a table of genes: (taxon, organism, symbol, Entrez id, source)."""
    lines = ["\t".join(GENE_HEADER)]
    for taxon, organism, symbol, entrez, source in rows:
        cells = [taxon, organism, "G", symbol, symbol, symbol, entrez, source, "1", "0", "1"]
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def sample_out(sample: Sample, releases: SharedReleases) -> Path:
    return releases.of_sample(sample)


def test_the_first_seed_is_a_set(seeds: Path, tmp_path: Path) -> None:
    out = formed(seeds, tmp_path / "out", Form.GMT)
    title = "Control of osteoclast differentiation by the RANK/RANKL/OPG signal pathway"
    path = out / "pfocr-20241018-synonyms-gmt-Homo_sapiens.gmt"
    assert path.read_text() == f"PMC4168338__F1\t{title}\t4982\t8600\t8792\n"
    # Its genes are matched by alias and previous symbol; keywords of other seeds have no tier.
    assert not (out / "pfocr-20241018-strict-gmt-Homo_sapiens.gmt").exists()
    assert "PMC4168338__F1" in gene_sets(out / "pfocr-20241018-gmt-Homo_sapiens.gmt")
    assert len(gene_sets(out / "pfocr-20241018-gmt-Homo_sapiens.gmt")) == 5


def test_all_genes_of_real_figures_are_in_the_widest_files(sample_out: Path) -> None:
    figid_of = {
        said(dumped.figure).get(SCHEMA.alternateName, said(dumped.figure)[SCHEMA.identifier])[0]: (
            said(dumped.figure)[SCHEMA.identifier][0]
        )
        for dumped in figures_of(sample_out)
    }
    got = {
        (figid_of[name], gene)
        for path in sample_out.glob("pfocr-*-gmt-*.gmt")
        if TIERED.fullmatch(path.name)
        for name, (_, genes) in gene_sets(path).items()
        for gene in genes
    }
    assert got == gene_links(sample_out)
    assert len(got) > 150


def test_tiers_and_organisms_of_real_figures(sample_out: Path) -> None:
    organisms: dict[str, str] = {}
    names: dict[str, str] = {}
    for entity in entities_of(sample_out):
        facts = said(entity)
        if SCHEMA.Gene in facts[RDF.type]:
            organisms[entity.subject] = facts[SCHEMA.taxonomicRange][0]
        elif SCHEMA.Taxon in facts[RDF.type]:
            names[entity.subject] = "_".join(re.findall("[A-Za-z0-9]+", facts[SCHEMA.name][0]))
    expected: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for dumped in figures_of(sample_out):
        name = said(dumped.figure)[SCHEMA.alternateName][0]
        for mention in dumped.mentions:
            facts = said(mention)
            if facts[RDF.type] != [PFOCR.GeneMention] or OA.hasBody not in facts:
                continue
            gene = facts[OA.hasBody][0]
            (tier,) = facts.get(PFOCR.matchTier, [""])
            for of_tier, within in WITHIN.items():
                if tier in within:
                    key = of_tier, names[organisms[gene]]
                    expected.setdefault(key, set()).add((name, gene.rpartition("/")[2]))
    got = {}
    for path in sample_out.glob("*.gmt"):
        named = TIERED.fullmatch(path.name)
        if named is None:
            continue
        tier, organism = named[1] or "all", named[2]
        sets = gene_sets(path)
        assert all(genes == sorted(genes, key=int) for _, genes in sets.values())
        got[tier, organism] = {(name, gene) for name, (_, genes) in sets.items() for gene in genes}
    assert got == expected
    assert {tier for tier, _ in got} == set(TIERS)
    assert {"Homo_sapiens", "Mus_musculus", "Danio_rerio"} <= {organism for _, organism in got}


def test_those_who_read_pfocrs_files_find_ours(sample_out: Path) -> None:
    """Source: how pypath, ifx-registry, Interactive-Enrichment-Analysis and PFOCRummage find files."""
    names = sorted(path.name for path in sample_out.glob("*.gmt"))
    (release,) = {name.split("-")[1] for name in names}
    assert re.fullmatch("[0-9]{8}", release)
    genes = f"pfocr-{release}-gmt-Homo_sapiens.gmt"
    chemicals = f"pfocr-{release}-chemical-gmt-Homo_sapiens.gmt"
    assert {genes, chemicals, f"pfocr-{release}-gmt-Mus_musculus.gmt"} <= set(names)
    pypath = re.compile(r"pfocr-\d+-(chemical-)?gmt-([A-Za-z_]+)\.gmt")
    of_pypath = {m[0]: (m[1] or "", m[2]) for name in names if (m := pypath.fullmatch(name))}
    assert of_pypath[genes] == ("", "Homo_sapiens")
    assert of_pypath[chemicals] == ("chemical-", "Homo_sapiens")
    assert not [name for name in of_pypath if "strict" in name or "disease" in name]
    first = next(n for n in names if "-gmt-Homo_sapiens.gmt" in n and "chemical" not in n)
    assert first == genes


def test_chemicals_and_diseases_of_real_figures(sample_out: Path) -> None:
    kinds = {"-chemical-gmt-": PFOCR.ChemicalMention, "-gmt-disease-": PFOCR.DiseaseMention}
    for part, kind in kinds.items():
        expected = {
            (said(dumped.figure)[SCHEMA.alternateName][0], re.split("[/_]", body)[-1])
            for dumped in figures_of(sample_out)
            for mention in dumped.mentions
            if kind in said(mention)[RDF.type]
            for body in said(mention).get(OA.hasBody, ())
        }
        (path,) = sample_out.glob(f"*{part}*.gmt")
        got = {(name, id_) for name, (_, ids) in gene_sets(path).items() for id_ in ids}
        assert got == expected != set()


def test_a_second_figure_of_an_alias_goes_by_its_figid(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "in",
        {
            "PMC1__a.md": page("PMC1__a", (TNFSF11,), figid_alias="PMC1__F1"),
            "PMC1__b.md": page("PMC1__b", (TNFSF11,), figid_alias="PMC1__F1"),
            "PMC1__c.md": page("PMC1__c", (TNFSF11,)),
        },
    )
    out = formed(folder, tmp_path / "out", Form.GMT)
    names = list(gene_sets(out / "pfocr-20241018-gmt-Homo_sapiens.gmt"))
    assert names == ["PMC1__F1", "PMC1__b", "PMC1__c"]


def test_a_title_stays_in_its_field(tmp_path: Path) -> None:
    text = page("PMC1__a", (TNFSF11,), figtitle="one\ttab\nand  a line")
    out = formed(write(tmp_path / "in", {"PMC1__a.md": text}), tmp_path / "out", Form.GMT)
    (each,) = gene_sets(out / "pfocr-20241018-gmt-Homo_sapiens.gmt").values()
    assert each == ("one tab and a line", ["8600"])


def test_files_of_many_organisms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than are written at once, two of one name, one without a name."""
    monkeypatch.setattr(gmt, "_OPEN_AT_ONCE", 2)
    rows = (
        ("10090", "Mus musculus", "Tnfsf11", "21943", "ncbigene_symbol"),
        ("100901", "Mus/musculus", "Xa", "1001", "ncbigene_synonym"),
        ("10116", "Rattus norvegicus", "Tnfsf11", "117516", "ncbigene_symbol"),
        ("9606", "Homo sapiens", "TNFSF11", "8600", "famplex_relations"),
        ("", "", "Abc1", "77", "ncbigene_symbol"),
        ("7955", "Danio rerio", "tnfsf11", "795", "my_own_list"),
    )
    folder = write(
        tmp_path / "in", {"PMC1__a.md": page("PMC1__a"), "PMC1__a-genes.tsv": table(*rows)}
    )
    out = formed(folder, tmp_path / "out", Form.GMT)
    got = {path.name: next(iter(gene_sets(path).values()))[1] for path in out.glob("*.gmt")}
    assert got == {
        "pfocr-20241018-gmt-Danio_rerio.gmt": ["795"],
        "pfocr-20241018-gmt-Homo_sapiens.gmt": ["8600"],
        "pfocr-20241018-gmt-Mus_musculus-10090.gmt": ["21943"],
        "pfocr-20241018-gmt-Mus_musculus-100901.gmt": ["1001"],
        "pfocr-20241018-gmt-Rattus_norvegicus.gmt": ["117516"],
        "pfocr-20241018-gmt-unknown_organism.gmt": ["77"],
        "pfocr-20241018-strict-gmt-Mus_musculus-10090.gmt": ["21943"],
        "pfocr-20241018-strict-gmt-Rattus_norvegicus.gmt": ["117516"],
        "pfocr-20241018-strict-gmt-unknown_organism.gmt": ["77"],
        "pfocr-20241018-synonyms-gmt-Mus_musculus-10090.gmt": ["21943"],
        "pfocr-20241018-synonyms-gmt-Mus_musculus-100901.gmt": ["1001"],
        "pfocr-20241018-synonyms-gmt-Rattus_norvegicus.gmt": ["117516"],
        "pfocr-20241018-synonyms-gmt-unknown_organism.gmt": ["77"],
    }


def test_figures_without_genes_make_no_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"PMC1__a.md": page("PMC1__a")})
    out = formed(folder, tmp_path / "out", Form.GMT)
    assert list(out.glob("*.gmt")) == []
    assert [path.name for path in out.iterdir() if path.name.startswith("tmp")] == []


def test_sets_of_symbols_are_the_sets_of_ids_by_symbol(sample_out: Path) -> None:
    symbols = {
        entity.subject.rpartition("/")[2]: said(entity)[SCHEMA.name][0]
        for entity in entities_of(sample_out)
        if SCHEMA.Gene in said(entity)[RDF.type] and SCHEMA.name in said(entity)
    }
    of_ids = [path for path in sample_out.glob("*.gmt") if TIERED.fullmatch(path.name)]
    assert len(of_ids) > 3
    for path in of_ids:
        before, behind = path.name.split("gmt-", 1)
        got = gene_sets(path.with_name(f"{before}symbols-gmt-{behind}"))
        assert got == {
            name: (title, sorted({symbols.get(gene, gene) for gene in genes}))
            for name, (title, genes) in gene_sets(path).items()
        }
    assert len(list(sample_out.glob("*-symbols-gmt-*"))) == len(of_ids)


def test_genes_of_one_symbol_are_one_member_and_none_without_is_lost(tmp_path: Path) -> None:
    rows = (
        ("9606", "Homo sapiens", "TNFSF11", "8600", "ncbigene_symbol"),
        ("10090", "Mus musculus", "Xa", "1001", "ncbigene_symbol"),
        ("10090", "Mus musculus", "Xa", "1002", "ncbigene_symbol"),
        ("10090", "Mus musculus", "", "1003", "ncbigene_symbol"),
    )
    folder = write(
        tmp_path / "in", {"PMC1__a.md": page("PMC1__a"), "PMC1__a-genes.tsv": table(*rows)}
    )
    out = formed(folder, tmp_path / "out", Form.GMT_SYMBOLS)
    (members,) = [
        genes
        for _, genes in gene_sets(out / "pfocr-20241018-symbols-gmt-Mus_musculus.gmt").values()
    ]
    assert members == ["Xa", "ncbigene:1003"]
    assert not list(out.glob("*-gmt-disease-*")) + list(out.glob("*-chemical-gmt-*"))
