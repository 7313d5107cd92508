"""Every page of the sites of the seeds, of figures of all kinds, of attacks and of real figures.

They are valid HTML, lead to files that are there, show what the server shows, and say the same
to programs in their heads, in linksets, in sitemaps and in the data beside them.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.processes import batched
from pfocr_rdf.query.index.gather import gather
from pfocr_rdf.query.index.neighbours import Neighbour, neighbours
from pfocr_rdf.query.index.read import Index
from pfocr_rdf.query.index.write import write_index
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.kinds import PAGED, Kind
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.rdf.terms import Node
from pfocr_rdf.rdf.vocabulary import PFOCR, RDF
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.release.reader import Reader, read_dump, read_pieces
from pfocr_rdf.web.pages import read_entity
from pfocr_rdf.web.pages.links import web_address
from pfocr_rdf.web.pages.read_entity import entity_view, entity_views
from pfocr_rdf.web.pages.read_figure import figure_view, figures_around
from pfocr_rdf.web.pages.read_paper import paper_view
from pfocr_rdf.web.pages.views import EntityView, FigureView, PaperView
from pfocr_rdf.web.site import (
    SiteOptions,
    entity_pages,
)
from pfocr_rdf.web.site import (
    host_files as hosts,
)
from pfocr_rdf.web.site.figure_words import title_words
from tests.support.corpora import make_corpus
from tests.support.page_oracle import Oracle
from tests.support.pages import checkout, gene_table, many, page, run, triples, write
from tests.support.referees import html_faults, jsonld_triples_of
from tests.support.releases import SharedReleases
from tests.support.samples import MADE, REAL, SAMPLES, Sample
from tests.support.site_making import BASE, broken_links, files_of, make_site, names_of, pages_of
from tests.support.web_pages import Page, faults, store_of, text_of
from tests.web.pages.test_hostile import ATTACKS, CAPTION, FIGID

pytestmark = pytest.mark.whole  # takes long

SEED = "figures/PMC4168338__10-1055-s-0031-1298276-i430gf01"
EVIL = f"figures/{FIGID}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOT_OURS = "vocabulary/index.html"
"""Drawn by pyLODE, with a style element and without landmarks."""


class Site(NamedTuple):
    """A release and its site."""

    release: Path
    folder: Path
    pages: dict[str, Page]


@pytest.fixture(scope="module")
def seeds_site(releases: SharedReleases, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The seeds, at the address of their IRIs."""
    folder, release = tmp_path_factory.mktemp("seeds"), releases.of_seeds(release="test")
    make_site(release, folder / "site", "https://pfocr.wikipathways.org/")
    return Site(release, folder / "site", pages_of(folder / "site"))


@pytest.fixture(scope="module")
def all_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Figures with chemicals, diseases, organisms, maps; and one whose every text is an attack."""
    folder = tmp_path_factory.mktemp("all")
    words = tuple((attack, attack, "hgnc_alias_symbol", attack, "8600") for attack in ATTACKS)
    evil = page(
        FIGID,
        words,
        caption=CAPTION,
        figtitle=CAPTION,
        papertitle=CAPTION,
        reftext=CAPTION,
        journal_title=ATTACKS[0],
        publisher_name=ATTACKS[2],
        keywords=" | ".join(ATTACKS[:3]),
        organisms=ATTACKS[0],
    )
    write(checkout(folder / "in"), {f"_figures/{FIGID}.md": evil})
    run(folder / "in", out=folder / "out", release="r-1")
    make_site(folder / "out", folder / "site", endpoint="https://sparql.example.org/query")
    return Site(folder / "out", folder / "site", pages_of(folder / "site"))


@pytest.fixture(scope="module")
def many_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """So many figures of one gene and organism that their lists have several parts."""
    folder = tmp_path_factory.mktemp("many")
    run(many(folder / "in", 130), out=folder / "out")
    make_site(folder / "out", folder / "site")
    return Site(folder / "out", folder / "site", pages_of(folder / "site"))


def site_of(sample: Sample, folder: Path) -> Site:
    run(sample.pages, out=folder / "out")
    make_site(folder / "out", folder / "site")
    return Site(folder / "out", folder / "site", pages_of(folder / "site"))


@pytest.fixture(scope="module")
def made_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Made pages of every generation."""
    return site_of(MADE, tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Real figures."""
    return site_of(REAL, tmp_path_factory.mktemp("real"))


OF_SAMPLES = tuple(f"{each}_site" for each in SAMPLES)
WHICH = ("seeds_site", "all_site", "many_site", *OF_SAMPLES)


@pytest.fixture(params=WHICH)
def site(request: pytest.FixtureRequest) -> Site:
    """Each of the sites."""
    made: Site = request.getfixturevalue(request.param)
    return made


def base_of(site: Site) -> str:
    return str(json.loads((site.folder / "site.json").read_bytes())["address"])


def kind_of(path: str) -> str:
    return path.partition("/")[0]


def is_data(path: str, suffix: str) -> bool:
    """Say whether a path is of RDF beside the page of a figure or entity."""
    return path.endswith(suffix) and kind_of(path) in {kind.plural for kind in PAGED}


def data_of(page: Page) -> dict[str, Any] | None:
    """Return the JSON-LD of a page."""
    scripts = [e for e in page.all("script") if e.get("type") == "application/ld+json"]
    assert len(scripts) <= 1
    return json.loads(scripts[0].text or "") if scripts else None


def signs_of(page: Page) -> list[tuple[str, str, str]]:
    """Return the typed links of a page's head: relation, address, media type."""
    return [
        (link.get("rel", ""), link.get("href", ""), link.get("type", ""))
        for link in page.one("head").iter("{http://www.w3.org/1999/xhtml}link")
    ]


def test_every_link_into_the_site_leads_to_a_file(site: Site) -> None:
    broken = broken_links(site.folder, site.pages, base_of(site))
    example = f"{NOT_OURS}: https://pfocr.wikipathways.org/figures/"
    assert [each for each in broken if not each.startswith(example)] == []


def test_a_broken_link_would_be_seen(seeds_site: Site) -> None:
    html = seeds_site.pages["index.html"].html
    broken = Page(html.replace('href="./about.html"', 'href="./abuot.html"'))
    pages = {"index.html": broken, "genes/x.html": Page(html.replace('href="#main"', 'href="#x"'))}
    found = list(broken_links(seeds_site.folder, pages))
    assert "index.html: ./abuot.html: no such file" in found
    assert "genes/x.html: #x: no such place" in found or any("#x" in each for each in found)


def test_links_out_of_the_site_are_plain(site: Site) -> None:
    for path, parsed in site.pages.items():
        for target in () if path == NOT_OURS else parsed.addresses():
            assert not urlsplit(target).scheme or web_address(target) == target, (path, target)


def test_pages_have_no_fault_that_a_parser_can_see(site: Site) -> None:
    assert {"index.html", "about.html", "404.html"} < set(site.pages)
    for path, parsed in site.pages.items():
        assert path == NOT_OURS or faults(parsed) == [], path


def test_pages_are_valid_html(request: pytest.FixtureRequest) -> None:
    sites: list[Site] = [request.getfixturevalue(name) for name in WHICH]
    paths = [site.folder / path for site in sites for path in site.pages if path != NOT_OURS]
    assert html_faults(paths) == []


def test_the_checker_finds_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<!DOCTYPE html><html lang=en><title>x</title><p><div id=a>")
    assert any("div" in fault for fault in html_faults([tmp_path / "x.html"]))


def test_there_is_a_page_and_data_for_all_that_has_an_address(site: Site) -> None:
    release = open_release(site.release)
    names = names_of(site.folder)
    counts = Counter[str]()
    for found in read_dump(release):
        node = found if isinstance(found, Node) else found.figure
        classes = dict(node.properties)[RDF.type]
        for kind, cls in read_classes().items():
            if cls in classes:
                counts[kind.plural] += 1
    pages = Counter(kind_of(name) for name in names if is_data(name, ".ttl"))
    assert pages == counts
    stated = json.loads((site.folder / "site.json").read_bytes())["pages"]
    assert {kind: count for kind, count in stated.items() if count} == dict(counts)
    for name in names:
        stem = name.rpartition(".")[0]
        if is_data(name, ".ttl"):
            assert {f"{stem}.html", f"{stem}.jsonld"} <= names


def read_classes() -> dict[Kind, str]:
    return {
        Kind.FIGURE: PFOCR.PathwayFigure,
        Kind.GENE: "http://schema.org/Gene",
        Kind.CHEMICAL: "http://schema.org/ChemicalSubstance",
        Kind.DISEASE: "http://schema.org/MedicalCondition",
        Kind.ORGANISM: "http://schema.org/Taxon",
        Kind.PAPER: "http://schema.org/ScholarlyArticle",
    }


def test_figures_lie_at_their_iris(seeds_site: Site) -> None:
    for path, parsed in seeds_site.pages.items():
        if kind_of(path) == "figures":
            iri = f"https://pfocr.wikipathways.org/{path}"
            signs = signs_of(parsed)
            assert ("canonical", iri, "") in signs
            assert ("cite-as", iri, "") in signs


@pytest.mark.parametrize("which", ["seeds_site", "all_site"])
def test_the_data_beside_pages_are_the_dump(which: str, request: pytest.FixtureRequest) -> None:
    site: Site = request.getfixturevalue(which)
    dump = triples(site.release / "pfocr.ttl")
    names = names_of(site.folder)
    turtle = triples(*(site.folder / path for path in names if is_data(path, ".ttl")))
    json_ld = triples(*(site.folder / path for path in names if is_data(path, ".jsonld")))
    assert turtle == json_ld
    assert turtle <= dump
    left = {triple.subject for triple in dump - turtle}
    assert not left & {triple.subject for triple in turtle}
    shown = set(map(str, read_classes().values()))
    classes = {str(t.object)[1:-1] for t in dump - turtle if str(t.predicate)[1:-1] == RDF.type}
    assert not classes & shown


def test_the_data_of_one_figure_are_its_own(seeds_site: Site) -> None:
    own = triples(seeds_site.folder / f"{SEED}.ttl")
    subjects = {str(triple.subject)[1:-1].partition("#")[0] for triple in own}
    assert subjects == {f"https://pfocr.wikipathways.org/{SEED}.html"}
    assert len(own) > 50


def test_a_page_says_to_programs_what_it_is(seeds_site: Site) -> None:
    signs = signs_of(seeds_site.pages[f"{SEED}.html"])
    name = SEED.rpartition("/")[2]
    for suffix, media_type in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
        for relation in ("alternate", "describedby"):
            assert (relation, f"../figures/{name}.{suffix}", media_type) in signs
    (item,) = [sign for sign in signs if sign[0] == "item"]
    assert item[1].startswith("https://europepmc.org/articles/PMC4168338/bin/")
    assert item[2] == "image/jpeg"
    assert ("license", "https://creativecommons.org/publicdomain/zero/1.0/", "") in signs
    assert {sign[1] for sign in signs if sign[0] == "type"} == {
        "https://schema.org/AboutPage",
        "https://schema.org/ImageObject",
        "https://schema.org/Dataset",
    }
    gene = signs_of(seeds_site.pages["genes/8600.html"])
    assert ("describedby", "../genes/8600.ttl", "text/turtle") in gene
    assert not [sign for sign in gene if sign[0] in {"cite-as", "item", "license"}]


def test_a_linkset_says_what_the_heads_of_pages_say(site: Site) -> None:
    base = base_of(site)
    linksets: dict[str, dict[str, Any]] = {}
    for path in names_of(site.folder):
        if path.startswith("linksets/"):
            for context in json.loads((site.folder / path).read_bytes())["linkset"]:
                anchor = context.pop("anchor")
                assert anchor not in linksets
                linksets[anchor] = context
                linksets[anchor]["in"] = path
    figures = [path for path in site.pages if kind_of(path) == "figures"]
    assert len(linksets) == 3 * len(figures) > 0
    for path in figures:
        context = dict(linksets[base + path])
        signs = signs_of(site.pages[path])
        assert ("linkset", f"../{context.pop('in')}", "application/linkset+json") in signs
        stated = {
            (relation, target["href"].replace(base, "../"), target.get("type", ""))
            for relation, targets in context.items()
            for target in targets
        }
        other = {"alternate", "canonical", "icon", "stylesheet", "linkset"}
        heads = {(r, a.replace(base, "../"), t) for r, a, t in signs if r not in other}
        assert stated == heads
        back = linksets[(base + path).replace(".html", ".ttl")]
        assert back["describes"] == [{"href": base + path, "type": "text/html"}]


def test_the_structured_data_of_pages(site: Site) -> None:
    base = base_of(site)
    types = {"figures": "Dataset", "genes": "Gene", "organisms": "Taxon",
             "papers": "ScholarlyArticle"}  # fmt: skip
    for path, parsed in site.pages.items():
        data = data_of(parsed)
        if re.search(r"/[^_]*_(?:strict|synonyms|all|page[0-9]+)", path) or kind_of(path) not in {
            *types,
            "index.html",
        }:
            assert data is None or path == NOT_OURS, path
            continue
        assert data is not None, path
        assert data["@context"] == "https://schema.org/"
        if path == "index.html":
            assert data["@type"] == "DataCatalog"
            files = [each["contentUrl"] for each in data["dataset"]["distribution"]]
            assert {f"{base}files/pfocr.ttl", f"{base}files/pfocr.jsonld"} <= set(files)
        else:
            assert data["@type"] == types[kind_of(path)]
            assert base + path in (data.get("url"), data.get("mainEntityOfPage"))


def test_a_hostile_figure_stays_text(all_site: Site) -> None:
    for path, parsed in all_site.pages.items():
        names = [str(element.tag).rpartition("}")[2] for element in parsed.root.iter()]
        assert not {"iframe", "object", "embed"} & set(names), path
        assert "img" not in names or path == "shapes/index.html", path
        sources = [script.get("src", "") for script in parsed.all("script")]
        ours = {f"{name}.js" for name in ("search", "take", "find")}
        assert {each.rpartition("/")[2] for each in sources if each} <= ours, path
        assert sources.count("") <= 1, path
        assert "owned" not in [text_of(heading) for heading in parsed.all("h1")], path
        assert not [target for target in parsed.addresses() if "javascript" in target], path
    page_ = all_site.pages[f"{EVIL}.html"]
    for attack in ATTACKS:
        assert " ".join(attack.split()) in text_of(page_.one("main"))
    data = data_of(page_)
    assert data is not None
    assert data["name"] == CAPTION
    script = page_.html.partition('<script type="application/ld+json">')[2].partition("</script>")
    assert json.loads(script[0])["name"] == CAPTION, "nothing in it ends the element"


def test_server_and_site_show_what_the_graph_has(
    seeds_site: Site, all_site: Site, tmp_path: Path
) -> None:
    for site in (seeds_site, all_site):
        compare_with_graph(site.release, tmp_path)


@pytest.mark.parametrize("which", OF_SAMPLES)
def test_server_and_site_show_what_real_figures_have(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    real_site: Site = request.getfixturevalue(which)
    compare_with_graph(real_site.release, tmp_path)


def compare_with_graph(folder: Path, tmp_path: Path) -> None:
    """Hold all that pages show, in parts as a server and as a site has them, to the triples."""
    oracle = Oracle(store_of(folder))
    release = open_release(folder)
    index, numbers = indexed(folder, tmp_path / "compared.sqlite")
    shown: list[EntityView | FigureView | PaperView] = []
    for number, nodes in enumerate(read_dump(release), 1):
        if isinstance(nodes, FigureNodes):
            shown.append(figure_view(index, nodes, figures_around(index, number)))
    assert [view.iri for view in shown] == [index.figure(n + 1).iri for n in range(len(shown))]
    for kind in PAGED:
        for number in numbers[kind]:
            iri = index.content(number)[0].subject
            if kind is Kind.PAPER:
                paper = paper_view(index, iri)
                assert paper is not None
                shown.append(paper)
                continue
            parts = list(entity_views(index, kind, number, entity_pages.PAGE_SIZE))
            served = entity_view(index, kind, iri)
            assert served is not None
            items = parts[0].figures.items[: read_entity.PAGE_SIZE]
            assert replace(parts[0], figures=replace(served.figures, items=items)) == served
            shown += [served, *parts]
    assert {view.iri for view in shown} == {
        iri for cls in read_classes().values() for iri in oracle.members(cls)
    }
    assert [each for view in shown for each in oracle.differences(view)] == []


def indexed(folder: Path, path: Path) -> tuple[Index, dict[Kind, list[int]]]:
    """Return the index of a release, and the entities of each kind."""
    release = open_release(folder)
    path.unlink(missing_ok=True)
    found = map(partial(gather, Reader(release.iri_style)), batched(read_pieces(release), 7))
    write_index(release, path, found, lambda *_: None, words=False)
    index = Index(path)
    return index, {kind: list(index.of_kind(kind)) for kind in PAGED}


def test_neighbours_are_those_that_share_most_genes(sample: Sample, tmp_path: Path) -> None:
    make_corpus(sample, tmp_path / "in", 150)
    run(tmp_path / "in", out=tmp_path / "out", validate=False)
    index, _ = indexed(tmp_path / "out", tmp_path / "index.sqlite")
    genes = {
        figure: {each for each in index.mentioned(figure) if index.kind(each) is Kind.GENE}
        for figure in range(1, len(index.years))
    }
    compared = 0
    for figure, own in genes.items():
        common = {other: len(own & theirs) for other, theirs in genes.items() if other != figure}
        best = sorted(
            (other for other, count in common.items() if count),
            key=lambda other: (-common[other], index.ranks[other]),
        )
        found = neighbours(index, figure)
        assert found == [Neighbour(each, common[each]) for each in best[:8]]
        compared += len(found)
    assert compared > 100


def test_few_figures_are_counted_for_neighbours(
    many_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, _ = indexed(many_site.release, tmp_path / "index.sqlite")
    monkeypatch.setattr(import_module("pfocr_rdf.query.index.neighbours"), "COUNTED", 3)
    for figure in range(1, 40):
        found = neighbours(index, figure)
        own = set(index.mentioned(figure))
        assert len(found) == 8
        for each in found:
            assert each.genes == len(own & set(index.mentioned(each.figure))) > 0


def test_a_long_list_has_several_parts(many_site: Site) -> None:
    first, second = many_site.pages["genes/8600.html"], many_site.pages["genes/8600_page2.html"]
    listed = [
        element.get("href")
        for parsed in (first, second)
        for element in parsed.all("a")
        if "figure-title" in (element.get("class") or "")
    ]
    assert len(listed) == len(set(listed)) == 130
    assert "genes/8600_page3.html" not in many_site.pages
    assert "genes/8600_page2.ttl" not in names_of(many_site.folder)
    assert ("canonical", f"{BASE}genes/8600_page2.html", "") in signs_of(second)


def test_sitemaps_have_each_page_once(site: Site) -> None:
    base = base_of(site)
    index = ET.fromstring((site.folder / "sitemap.xml").read_bytes())
    found: list[str] = []
    for entry in index.iter(f"{SITEMAP}loc"):
        path = (entry.text or "").removeprefix(base)
        part = ET.fromstring((site.folder / path).read_bytes())
        found += [each.text or "" for each in part.iter(f"{SITEMAP}loc")]
    wanted = {base + path.removesuffix("index.html") for path in site.pages}
    assert sorted(found) == sorted(wanted - {f"{base}404.html", f"{base}search.html"})
    robots = (site.folder / "robots.txt").read_text()
    assert f"Sitemap: {base}sitemap.xml\n" in robots


def test_a_sitemap_has_50000_addresses_at_most() -> None:
    pages = ((f"figures/{n}.html", "2026-01-02") for n in range(50_001))
    files = dict(hosts.sitemaps(SiteOptions(BASE), pages))
    assert list(files) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]
    assert files["sitemap-1.xml"].count(b"<url>") == 50_000
    assert files["sitemap-2.xml"].count(b"<url>") == 1
    assert files["sitemap.xml"].count(b"<sitemap>") == 2


def _entries(site: Site, name: str) -> list[list[Any]]:
    found: list[list[Any]] = json.loads((site.folder / f"search/{name}.json").read_bytes())
    return found


def test_the_search_box_finds_names_and_words(all_site: Site) -> None:
    about = json.loads((all_site.folder / "search/files.json").read_bytes())
    words = ("search/words", "search/figures/")
    files = {path for path in names_of(all_site.folder) if path.startswith("search/")}
    files = {path for path in files if not path.startswith(words)}
    assert files == {f"search/{name}.json" for name in (*about["files"], "files")}
    entries = json.loads((all_site.folder / "search/tn.json").read_bytes())
    (symbol,) = [entry for entry in entries if entry[0] == "tnfsf11"]
    assert symbol[1:5] == [about["kinds"].index("gene"), "TNFSF11", "genes/8600.html", 1]
    (word,) = [entry for entry in _entries(all_site, "ra") if entry[0] == "rankl"]
    assert (word[2], word[6]) == ("TNFSF11", "RANKL")
    (ensembl,) = [e for e in _entries(all_site, "ensg59") if e[0] == "ensg00000120659"]
    assert ensembl[2] == "TNFSF11"
    calcium = json.loads((all_site.folder / "search/ca.json").read_bytes())
    assert ["calcium", about["kinds"].index("chemical"), "Calcium"] in [e[:3] for e in calcium]
    for path in files - {"search/files.json"}:
        for entry in json.loads((all_site.folder / path).read_bytes()):
            assert (all_site.folder / entry[3]).is_file()


def test_the_results_page_finds_figures_by_words_of_titles_and_pmcids(all_site: Site) -> None:
    folder = all_site.folder / "search"
    about = json.loads((folder / "words.json").read_bytes())
    assert {path.stem for path in (folder / "words").iterdir()} == set(about["files"])
    words = {
        word: list(accumulate(steps))
        for path in (folder / "words").iterdir()
        for word, steps in json.loads(path.read_bytes()).items()
    }
    titles = [
        figure
        for number in range(len(list((folder / "figures").iterdir())))
        for figure in json.loads((folder / "figures" / f"{number}.json").read_bytes())
    ]
    assert {path for path, *_ in titles} == {p for p in all_site.pages if p[:8] == "figures/"}
    assert [-int(year or 0) for _, _, year, _ in titles] == sorted(-int(t[2] or 0) for t in titles)
    for at, (_, title, _, pmcid) in enumerate(titles):
        for word in title_words(f"{title} {pmcid}"):
            assert at in words[word], word
    assert sum(map(len, words.values())) == sum(len(title_words(f"{t[1]} {t[3]}")) for t in titles)
    assert [titles[at][3] for at in words["pmc1"]].count("PMC1") == len(words["pmc1"]) > 0
    for figure in titles:
        assert (all_site.folder / f"papers/{figure[3]}.html").is_file() or not figure[3]


def test_lists_of_a_site_have_all_and_say_the_same_as_its_files(many_site: Site) -> None:
    for kind in PAGED:
        rows = [
            text_of(cell)
            for path in (f"{kind.plural}_a-z.html", f"{kind.plural}_a-z_page2.html")
            if path in many_site.pages
            for cell in many_site.pages[path].root.iterfind(".//{*}tbody/{*}tr/{*}td/{*}a")
        ]
        table = (many_site.folder / f"{kind.plural}.tsv").read_text(encoding="utf-8")
        names = [line.split("\t")[1] for line in table.splitlines()[1:]]
        assert sorted(rows) == sorted(" ".join(name.split()) for name in names), kind
    assert "genes_all.html" in many_site.pages
    assert "figures_2012.html" in many_site.pages
    assert "figures_newest.html" in many_site.pages
    assert (many_site.folder / "genes.gmt").read_text().startswith("genes_of_pathway_figures\t")


def test_downloads_are_the_release(all_site: Site) -> None:
    for path in all_site.release.iterdir():
        if path.suffix != ".sqlite":
            assert (all_site.folder / "files" / path.name).read_bytes() == path.read_bytes()
    assert not (all_site.folder / ".well-known").exists(), "it is not at the top of its host"


def test_a_site_at_the_top_of_its_host_has_void_at_its_known_place(seeds_site: Site) -> None:
    known = seeds_site.folder / ".well-known/void"
    assert known.read_bytes() == (seeds_site.release / "void.ttl").read_bytes()


def test_the_first_page_counts_what_void_counts(seeds_site: Site) -> None:
    main = seeds_site.pages["index.html"].one("main")
    tiles = [text_of(each) for each in main.iter() if each.tag.endswith("}dd")]
    release = open_release(seeds_site.release)
    assert tiles[0] == str(release.class_counts[PFOCR.PathwayFigure]) == "5"
    assert f"{release.triples:,}".replace(",", " ") in tiles


def test_files_and_endpoint_may_lie_elsewhere(seeds_site: Site, tmp_path: Path) -> None:
    options = {
        "files_url": "https://files.example.org/r1",
        "endpoint": "https://sparql.example.org/q",
    }
    make_site(seeds_site.release, tmp_path / "site", **options)
    assert not (tmp_path / "site" / "files").exists()
    pages = pages_of(tmp_path / "site")
    about = set(pages["about.html"].addresses())
    assert "https://files.example.org/r1/pfocr.ttl" in about
    for path, parsed in pages.items():
        assert path == NOT_OURS or "https://sparql.example.org/q" in set(parsed.addresses()), path
    assert list(broken_links(tmp_path / "site", pages)) == []


@pytest.mark.parametrize("style", IriStyle)
@pytest.mark.parametrize("form", ["ntriples", "turtle,jsonld"])
def test_a_site_is_the_same_in_every_form(
    style: IriStyle, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    inputs = checkout(tmp_path / "in")
    formats = tuple(form.split(","))
    run(inputs, out=tmp_path / "out", style=style, formats=formats)
    make_site(tmp_path / "out", tmp_path / "site")
    made = {
        path: content
        for path, content in files_of(tmp_path / "site").items()
        if "/" in path and not path.startswith(("files/", "static/"))
    }
    run(inputs, out=tmp_path / "plain", style=style)
    make_site(tmp_path / "plain", tmp_path / "other")
    for path, content in made.items():
        assert (tmp_path / "other" / path).read_bytes() == content, path
    assert list(broken_links(tmp_path / "site", pages_of(tmp_path / "site"))) == []
    assert "genes/8600.html" in made


def test_a_figure_whose_name_is_too_long_for_a_file_has_no_page(tmp_path: Path) -> None:
    long = "PMC1__" + "x" * 238
    content = {
        f"_figures/{figid}.md": page(
            figid, (("RANKL", "RANKL", "hgnc_alias_symbol", "TNFSF11", "8600"),)
        )
        for figid in (long, "PMC1__a")
    }
    run(write(tmp_path / "in", content), out=tmp_path / "out")
    result = make_site(tmp_path / "out", tmp_path / "site")
    assert result.without == 1
    assert result.pages[Kind.FIGURE] == 1
    pages = pages_of(tmp_path / "site")
    assert list(broken_links(tmp_path / "site", pages)) == []
    assert f"The figure {long}" in text_of(pages["genes/8600.html"].one("main"))


def test_a_figure_without_anything_has_a_page(tmp_path: Path) -> None:
    bare = page("PMC7__x", caption=None, year=None, figtitle="x", organisms=None)
    table = gene_table(("RANK", "TNFRSF11A", "8792"))
    write(tmp_path / "in", {"_figures/PMC7__x.md": bare, "_data/PMC8__y-genes.tsv": table})
    run(tmp_path / "in", out=tmp_path / "out")
    make_site(tmp_path / "out", tmp_path / "site")
    pages = pages_of(tmp_path / "site")
    assert faults(pages["figures/PMC7__x.html"]) == []
    assert list(broken_links(tmp_path / "site", pages)) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"base_url": "pfocr"}, "--base-url: expected an http or https address, found 'pfocr'"),
        ({"base_url": "https://x.org/?a"}, "--base-url: expected the address of a folder"),
        ({"endpoint": "javascript:alert(1)"}, "--endpoint: expected an http"),
        ({"files_url": "files"}, "--files-url: expected an http"),
        ({"jobs": -1}, "--jobs: expected 0 or more, found -1"),
    ],
)
def test_options_that_cannot_be(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as error:
        SiteOptions(**options).check()  # type: ignore[arg-type]
    assert words in str(error.value)


def test_json_ld_beside_pages_is_read_by_others(seeds_site: Site) -> None:
    paths = [seeds_site.folder / f"{SEED}.jsonld", seeds_site.folder / "genes/8600.jsonld"]
    turtle = [path.with_suffix(".ttl") for path in paths]
    for read, path in zip(jsonld_triples_of(paths), turtle, strict=True):
        assert len(read) == len(list(pyoxigraph.parse(path=path)))


def test_the_json_ld_of_a_gene_says_what_it_is_elsewhere(seeds_site: Site) -> None:
    html = (seeds_site.folder / "genes" / "8600.html").read_text(encoding="utf-8")
    data = data_of(Page(html))
    assert data is not None
    same = data["sameAs"]
    assert "http://identifiers.org/ensembl/ENSG00000120659" in same
    assert "http://identifiers.org/hgnc/11926" in same
    assert not [iri for iri in same if "mgi" in iri or "rgd" in iri or "refseq" in iri]
    assert data["encodesBioChemEntity"] == [
        {"@type": "Protein", "@id": "http://purl.uniprot.org/uniprot/O14788"}
    ]
