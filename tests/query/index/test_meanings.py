"""Sixty things that people type, and what they mean by them: it stands first, or on the page.

The queries are what biologists call genes, drugs, diseases and animals. The release holds the
sample and made pages whose words are those that figures use.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pfocr_rdf.query.index.words import Search
from pfocr_rdf.query.store import StorePlace, ensure_store
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.pages.read_search import search_view
from tests.support.pages import GENE_HEADER, page, run, write
from tests.support.samples import Sample

HUMAN, MOUSE, FISH = ("9606", "Homo sapiens"), ("10090", "Mus musculus"), ("7955", "Danio rerio")
# Word, symbol, Entrez id: each figure has the words of one pathway, as OCR reads them.
GENES = {
    "bone": "RANKL TNFSF11 8600|OPG TNFRSF11B 4982|RANK TNFRSF11A 8792|TRAF6 TRAF6 7189|NFATc1 NFATC1 4772|"
    "Cathepsin-K CTSK 1513",
    "tumour": "p53 TP53 7157|MDM2 MDM2 4193|p21 CDKN1A 1026|HER2 ERBB2 2064|EGFR EGFR 1956|c-Myc MYC 4609|"
    "PD-L1 CD274 29126|PD-1 PDCD1 5133|Rb RB1 5925|cyclin-D1 CCND1 595|p16 CDKN2A 1029",
    "wnt": "β-catenin CTNNB1 1499|GSK3β GSK3B 2932|APC APC 324|E-cadherin CDH1 999|N-cadherin CDH2 1000",
    "akt": "AKT AKT1 207|AKT AKT2 208|AKT AKT3 10000|mTOR MTOR 2475|PTEN PTEN 5728|AMPK PRKAA1 5562|"
    "LC3 MAP1LC3B 81631|GLUT4 SLC2A4 6517|insulin INS 3630|Beclin-1 BECN1 8678",
    "map": "ERK MAPK1 5594|ERK MAPK3 5595|ERK1 MAPK3 5595|p38 MAPK14 1432|JNK MAPK8 5599|Raf RAF1 5894|"
    "FAK PTK2 5747",
    "fire": "TNF-α TNF 7124|IL-6 IL6 3569|IL-1β IL1B 3553|IFN-γ IFNG 3458|NF-κB NFKB1 4790|p65 RELA 5970|"
    "TLR4 TLR4 7099|COX-2 PTGS2 5743|iNOS NOS2 4843|TGF-β1 TGFB1 7040|VEGF VEGFA 7422|MCP-1 CCL2 6347|"
    "SDF-1 CXCL12 6387|CAT CAT 847",
    "death": "Caspase-3 CASP3 836|Bcl-2 BCL2 596|Bax BAX 581|cyt-c CYCS 54205|TRAIL TNFSF10 8743|"
    "Nrf2 NFE2L2 4780|HO-1 HMOX1 3162|Keap1 KEAP1 9817",
    "mind": "tau MAPT 4137|APP APP 351|α-synuclein SNCA 6622|BDNF BDNF 627|PSD95 DLG4 1742|TrkB NTRK2 4915",
}  # fmt: skip
OTHERS = {  # of other organisms, in the figure of that name
    "bone": (MOUSE, "RANKL Tnfsf11 21943|p53 Trp53 22059"),
    "tumour": (FISH, "tp53 tp53 30590"),
}
CHEMICALS = {
    "bone": "Ca2+ D002118 22984 Calcium|vitamin D D014807 27300 vitamin D",
    "akt": "glucose D005947 17234 glucose|metformin D008687 6801 metformin|rapamycin D020123 9168 sirolimus",
    "fire": "aspirin D001241 15365 acetylsalicylic acid|LPS D008070 16412 lipopolysaccharide|NO D009569 16480 "
    "nitric oxide|PGE2 D015232 15551 prostaglandin E2|ATP D000255 15422 ATP",
    "mind": "dopamine D004298 18243 dopamine|GABA D005680 16865 gamma-aminobutyric acid",
}  # fmt: skip
DISEASES = {
    "bone": "osteoporosis D010024 11476 osteoporosis",
    "tumour": "breast cancer D001943 1612 breast cancer|tumors D009369 162 cancer",
    "akt": "T2DM D003924 9352 type 2 diabetes mellitus",
    "fire": "RA D001172 7148 rheumatoid arthritis",
    "mind": "Alzheimer D000544 10652 Alzheimer's disease|Parkinson's D010300 14330 Parkinson's disease",
}
ORGANISMS = {
    "bone": "Mus musculus",
    "tumour": "Homo sapiens",
    "wnt": "Drosophila melanogaster",
    "akt": "Caenorhabditis elegans",
    "map": "Saccharomyces cerevisiae",
    "fire": "Felis catus",
    "death": "Rattus norvegicus",
    "mind": "Danio rerio",
}

# What is typed, what it means, and its kind.
QUERIES: Sequence[tuple[str, str, Kind]] = [
    *(
        (typed, meant, Kind.GENE)
        for typed, meant in (
            ("RANKL", "TNFSF11"),
            ("rankl", "TNFSF11"),
            ("osteoprotegerin", "TNFRSF11B"),
            ("RANK", "TNFRSF11A"),
            ("p53", "TP53"),
            ("TP53", "TP53"),
            ("tp53", "TP53"),
            ("P-53", "TP53"),
            ("HER2", "ERBB2"),
            ("HER-2/neu", "ERBB2"),
            ("c-myc", "MYC"),
            ("PDL1", "CD274"),
            ("PD-L1", "CD274"),
            ("PD-1", "PDCD1"),
            ("p21", "CDKN1A"),
            ("b-catenin", "CTNNB1"),
            ("beta catenin", "CTNNB1"),
            ("betacatenin", "CTNNB1"),
            ("β-catenin", "CTNNB1"),
            ("GSK-3beta", "GSK3B"),
            ("E cadherin", "CDH1"),
            ("akt", "AKT1"),
            ("GLUT-4", "SLC2A4"),
            ("insulin", "INS"),
            ("p38", "MAPK14"),
            ("JNK", "MAPK8"),
            ("TNF alpha", "TNF"),
            ("TNFα", "TNF"),
            ("IL6", "IL6"),
            ("interleukin 6", "IL6"),
            ("IL-1 beta", "IL1B"),
            ("interferon gamma", "IFNG"),
            ("NFkB", "NFKB1"),
            ("NF-kappaB", "NFKB1"),
            ("p65", "RELA"),
            ("Cox2", "PTGS2"),
            ("VEGF", "VEGFA"),
            ("TGF beta 1", "TGFB1"),
            ("caspases-3", "CASP3"),
            ("caspase 3", "CASP3"),
            ("TRAIL", "TNFSF10"),
            ("NRF2", "NFE2L2"),
            ("tau", "MAPT"),
            ("alpha synuclein", "SNCA"),
            ("CAT", "CAT"),
            ("ENSG00000120659", "TNFSF11"),
            ("O14788", "TNFSF11"),
            ("RNAKL", "TNFSF11"),
            ("caspsae 3", "CASP3"),
        )
    ),
    ("Ca2+", "Calcium", Kind.CHEMICAL),
    ("calcium", "Calcium", Kind.CHEMICAL),
    ("aspirin", "acetylsalicylic acid", Kind.CHEMICAL),
    ("rapamycin", "sirolimus", Kind.CHEMICAL),
    ("γ-aminobutyric acid", "gamma-aminobutyric acid", Kind.CHEMICAL),
    ("metfromin", "metformin", Kind.CHEMICAL),
    ("Alzheimer disease", "Alzheimer's disease", Kind.DISEASE),
    ("alzhiemers", "Alzheimer's disease", Kind.DISEASE),
    ("breast cancers", "breast cancer", Kind.DISEASE),
    ("tumor", "cancer", Kind.DISEASE),
    ("type 2 diabetes", "type 2 diabetes mellitus", Kind.DISEASE),
    ("mouse", "Mus musculus", Kind.ORGANISM),
    ("mice", "Mus musculus", Kind.ORGANISM),
    ("fruit flies", "Drosophila melanogaster", Kind.ORGANISM),
    ("C. elegans", "Caenorhabditis elegans", Kind.ORGANISM),
    ("yeast", "Saccharomyces cerevisiae", Kind.ORGANISM),
    ("cat", "Felis catus", Kind.ORGANISM),
    ("zebra fish", "Danio rerio", Kind.ORGANISM),
]


def _gene_rows(name: str) -> str:
    text = io.StringIO()
    rows = csv.writer(text, "excel-tab", lineterminator="\n")
    rows.writerow(GENE_HEADER)
    for (taxon, latin), genes in (
        (HUMAN, GENES[name]),
        *([OTHERS[name]] if name in OTHERS else []),
    ):
        for gene in genes.split("|"):
            word, symbol, entrez = gene.rsplit(" ", 2)
            rows.writerow(
                [taxon, latin, "", word, word, symbol, entrez, "ncbigene_synonym", 1, 1, 1]
            )
    return text.getvalue()


def _term_rows(terms: str, accession: str) -> str:
    rows = [f"word\tmesh\tmatch\tname\t{accession}"]
    for term in terms.split("|"):
        before, number, name = _parted(term)
        word, mesh = before.rsplit(" ", 1)
        prefix = "DOID:" if accession == "doid" else "chebi:"
        rows.append(f"{word}\tmesh:{mesh}\t{word}\t{name}\t{prefix}{number}")
    return "\n".join(rows) + "\n"


def _parted(term: str) -> tuple[str, str, str]:
    """Part `word MESH number name` before and after the number that follows the MeSH id."""
    words = term.split(" ")
    place = next(
        n for n, word in enumerate(words) if n and words[n - 1].startswith("D0") and word.isdigit()
    )
    return " ".join(words[:place]), words[place], " ".join(words[place + 1 :])


def made_pages(folder: Path) -> Path:
    files: dict[str, str | bytes] = {}
    for number, name in enumerate(GENES, 9000):
        figid = f"PMC{number}__{name}"
        files[f"_figures/{figid}.md"] = page(
            figid,
            genes=(),
            organisms=ORGANISMS[name],
            figtitle=f"What happens in {name}",
            caption=f"Nothing is said of {name} here.",
            doi="10.1000/x-1.y" if name == "tumour" else None,
        )
        files[f"_data/{figid}-genes.tsv"] = _gene_rows(name)
        for kind, accession, terms in (
            ("chemicals", "chebi", CHEMICALS), ("diseases", "doid", DISEASES),
        ):  # fmt: skip
            if name in terms:
                files[f"_data/{figid}-{kind}.tsv"] = _term_rows(terms[name], accession)
    return write(folder, files)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> StorePlace:
    folder = tmp_path_factory.mktemp("meanings")
    made = made_pages(folder / "made")
    run(sample.pages, made, out=folder / "out", validate=False)
    return ensure_store(open_release(folder / "out"))


@pytest.fixture(scope="module")
def search(place: StorePlace) -> Iterator[Search]:
    search = Search(place.index_file)
    yield search
    search.close()


def shown(search: Search, asked: str) -> list[tuple[str, Kind]]:
    """Return what the page of a search shows, in its order."""
    view = search_view(search, asked)
    return [(each.label, each.ref.kind) for each in view.guesses] + [
        (hit.ref.label, hit.ref.kind) for hit in view.hits.items
    ]


def test_there_are_sixty_queries_and_more() -> None:
    assert len({typed for typed, *_ in QUERIES}) == len(QUERIES) >= 60


@pytest.mark.parametrize(("typed", "meant", "kind"), QUERIES)
def test_what_is_meant_is_on_the_page(search: Search, typed: str, meant: str, kind: Kind) -> None:
    assert (meant, kind) in shown(search, typed)


def test_what_is_meant_comes_first(search: Search) -> None:
    wrong = [
        (typed, meant, shown(search, typed)[:1])
        for typed, meant, kind in QUERIES
        if shown(search, typed)[:1] != [(meant, kind)]
    ]
    assert len(wrong) <= 0.05 * len(QUERIES), wrong


def test_suggestions_rank_as_the_page_does(search: Search) -> None:
    for typed, *_ in QUERIES:
        (first,) = search.suggest(typed, limit=1)
        assert (first.label, first.kind) == shown(search, typed)[0], typed


def test_a_card_says_why_and_of_which_organism(search: Search) -> None:
    view = search_view(search, "rankl")
    first, *others = [hit.meant for hit in view.hits.items if hit.meant]
    assert view.is_sure
    assert (first.label, first.organism) == ("TNFSF11", "human")
    assert first.reason.startswith("RANKL is a word for TNFSF11 in ")
    many = search.meanings("rankl")[0]._replace(used=1234)
    assert many.reason == "RANKL is a word for TNFSF11 in 1,234 figures"
    assert many.why("{:_}".format) == "RANKL is a word for TNFSF11 in 1_234 figures"
    assert ("Tnfsf11", "mouse") in {(each.label, each.organism) for each in others}
    tp53 = {(m.label, m.organism) for m in search.meanings("tp53")}
    assert {("TP53", "human"), ("tp53", "zebrafish")} <= tp53
    (alias, *_) = search.meanings("osteoprotegerin")
    assert alias.reason == "osteoprotegerin is a former name of TNFRSF11B"


def test_figures_then_papers_follow_what_is_meant(search: Search) -> None:
    kinds = [hit.ref.kind for hit in search_view(search, "PMC9000").hits.items]
    assert kinds == sorted(kinds, key=[Kind.PAPER, Kind.FIGURE].index)
    view = search_view(search, "RANKL")
    rest = [hit.ref.kind for hit in view.hits.items if not hit.meant]
    order = [kind for kind in (Kind.FIGURE, Kind.PAPER) if kind in rest]
    assert [kind for kind in dict.fromkeys(rest) if kind in order] == order
    assert rest[0] is Kind.FIGURE


@pytest.mark.parametrize(
    "asked",
    [
        "PMC9000__bone",
        "pmc9000__BONE",
        "https://pfocr.wikipathways.org/figures/PMC9000__bone.html",
    ],
)
def test_a_figure_is_found_by_its_id_and_address(search: Search, asked: str) -> None:
    assert shown(search, asked)[0] == ("What happens in bone", Kind.FIGURE)


@pytest.mark.parametrize(
    "asked",
    ["PMC9001", "https://pmc.ncbi.nlm.nih.gov/articles/PMC9001/", "doi:10.1000/x-1.y",
     "10.1000/x-1.y", "https://doi.org/10.1000/X-1.y", "The paper PMC9001"],
)  # fmt: skip
def test_a_paper_is_found_by_title_and_ids(search: Search, asked: str) -> None:
    papers = [name for name, kind in shown(search, asked) if kind is Kind.PAPER]
    assert papers[0] == "The paper PMC9001"


def test_quotes_hold_a_phrase(search: Search) -> None:
    assert search.find('"said of bone"').totals == {Kind.FIGURE: 1}
    assert search.find('"bone of said"').totals == {}
    assert search.find("bone of said").totals == {Kind.FIGURE: 1}


def test_a_name_that_means_one_thing_is_sure(search: Search) -> None:
    assert [each.label for each in search.sure("RANKL", Kind.GENE)] == ["TNFSF11"]
    assert {each.label for each in search.sure("AKT", Kind.GENE)} >= {"AKT1", "AKT2", "AKT3"}
    assert search.sure("RNAKL", Kind.GENE) == []
    assert search.near("RNAKL", Kind.GENE)[0].label == "TNFSF11"
