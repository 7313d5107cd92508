"""The redirects of https://w3id.org/pfocr/ on a real Apache: each leads to what a site has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph
import pytest

from pfocr_rdf.rdf.iris import OURS, SITE, our_iri
from pfocr_rdf.shipped import ontology_file
from tests.support.pages import TNFSF11, page, run, write
from tests.support.site_hosts import apache
from tests.support.site_making import make_site

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TURTLE = "text/turtle"
JSONLD = "application/ld+json"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,*/*;q=0.3"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, */*; q=0.09"


@pytest.fixture(scope="module")
def host(root: Path) -> Iterator[httpx.Client]:
    """A client of Apache with the redirects below /pfocr/, as at w3id.org."""
    with apache(root / "w3id") as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with an organism that has no taxon."""
    folder = tmp_path_factory.mktemp("w3id")
    figure = page("PMC1__a", (TNFSF11,), organisms="Mus cookii")
    run(write(folder / "in", {"_figures/PMC1__a.md": figure}), out=folder / "out")
    make_site(folder / "out", folder / "site", base=SITE)
    return folder / "site"


def leads_to(host: httpx.Client, path: str, accept: str = HTML) -> tuple[int, str]:
    """Return the status of an answer, and where it leads below the site's address."""
    answer = host.get(path, headers={"accept": accept})
    location = answer.headers.get("location", "")
    assert not location or location.startswith(SITE), location
    return answer.status_code, location.removeprefix(SITE)


@pytest.mark.parametrize(
    ("path", "accept", "status", "target"),
    [
        ("", HTML, 302, ""),
        ("vocab", HTML, 303, "vocabulary/"),
        ("vocab", "*/*", 303, "vocabulary/"),
        ("vocab", TURTLE, 303, "vocabulary/pfocr.ttl"),
        ("vocab/", TURTLE, 303, "vocabulary/pfocr.ttl"),
        ("vocab", JSONLD, 303, "vocabulary/pfocr.jsonld"),
        ("vocab", JENA, 303, "vocabulary/pfocr.ttl"),
        ("vocab", PROTEGE, 303, "vocabulary/pfocr.ttl"),
        ("vocab", f"{HTML},{TURTLE}", 303, "vocabulary/"),
        ("vocab/0.1.0", HTML, 303, "vocabulary/"),
        ("vocab/0.1.0", TURTLE, 303, "vocabulary/pfocr.ttl"),
        ("vocab/0.1.0", JSONLD, 303, "vocabulary/pfocr.jsonld"),
        ("vocab.ttl", HTML, 302, "vocabulary/pfocr.ttl"),
        ("vocab.jsonld", HTML, 302, "vocabulary/pfocr.jsonld"),
        ("context.jsonld", JSONLD, 302, "vocabulary/context.jsonld"),
        ("shapes", HTML, 303, "shapes/"),
        ("shapes", TURTLE, 303, "shapes/"),
        ("shapes/figure.ttl", TURTLE, 302, "shapes/figure.ttl"),
        ("shapes/bioschemas", TURTLE, 303, "shapes/"),
        ("shapes/bioschemas/data-catalog.ttl", TURTLE, 302, "shapes/bioschemas/data-catalog.ttl"),
        ("release/2024-11", HTML, 303, "about.html"),
        ("release/2024-11/pfocr.ttl", TURTLE, 302, "files/pfocr.ttl"),
        ("release/2024-11/pfocr.ttl", HTML, 302, "files/pfocr.ttl"),
        ("dataset", HTML, 303, ""),
        ("dataset", TURTLE, 303, "files/void.ttl"),
        ("dataset", JSONLD, 303, ""),
        ("dataset/void", HTML, 302, "files/void.ttl"),
        ("dataset/class/schema-Gene", TURTLE, 303, "files/void.ttl"),
        ("dataset/class/schema-Gene", HTML, 303, "about.html"),
        ("hgnc/2024-10-18-7fc6c755f604", TURTLE, 303, "files/void.ttl"),
        ("hgnc/2024-10-18-7fc6c755f604", HTML, 303, "about.html"),
        ("graph/figures", HTML, 303, "about.html"),
        ("graph/figures", TURTLE, 303, "files/void.ttl"),
        ("graph/release/2024-12", TURTLE, 303, "files/void.ttl"),
        ("graph/release/2024-12", HTML, 303, "about.html"),
        ("graph/alignment", TURTLE, 303, "files/alignment.ttl"),
        ("graph/vocabulary", HTML, 303, "vocabulary/pfocr.ttl"),
        ("organism/mus-cookii", HTML, 303, "organisms/mus-cookii.html"),
        ("organism/mus-cookii", TURTLE, 303, "organisms/mus-cookii.ttl"),
        ("organism/mus-cookii", JSONLD, 303, "organisms/mus-cookii.jsonld"),
    ],
)
def test_an_identifier_leads_to_a_file_of_the_site(
    host: httpx.Client, site: Path, path: str, accept: str, status: int, target: str
) -> None:
    assert leads_to(host, path, accept) == (status, target)
    file = site / target
    assert (file / "index.html" if file.is_dir() else file).is_file()


@pytest.mark.parametrize(
    "path",
    [
        "vocab/0.2.0",
        "vocab/0x1x0",
        "vocabulary",
        "dataset-of-others",
        "graph/none",
        "shapes/../vocab.ttl.bak",
        "organism/Mus_cookii",
        "organism/a/b",
        "README.md",
        *(
            our_iri(*names).removeprefix(OURS)
            for names in (
                ("journal", "PLOS ONE"),
                ("publisher", "MDPI"),
                ("creator", "A. Name"),
                ("lexicon", "hgnc"),
                ("term", "keyword", "osteoclast"),
                ("termset", "keyword"),
            )
        ),
    ],
)
def test_what_has_no_page_answers_404(host: httpx.Client, path: str) -> None:
    assert leads_to(host, path) == (404, "")
    assert leads_to(host, path, TURTLE) == (404, "")


def test_an_answer_tells_caches_and_scripts_of_other_sites(host: httpx.Client) -> None:
    answer = host.get("vocab")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Accept" in answer.headers["vary"]


def test_every_iri_of_ours_that_a_release_describes_leads_to_void(
    host: httpx.Client, site: Path
) -> None:
    described = {
        quad.subject.value.partition("#")[0]
        for quad in pyoxigraph.parse(path=site / "files/void.ttl")
        if isinstance(quad.subject, pyoxigraph.NamedNode) and quad.subject.value.startswith(OURS)
    }
    assert described
    for iri in sorted(described):
        assert leads_to(host, iri.removeprefix(OURS), TURTLE) == (303, "files/void.ttl"), iri


def test_mappings_lead_to_their_table(host: httpx.Client) -> None:
    assert leads_to(host, "mappings/2024-11", TURTLE) == (302, "files/pfocr.sssom.tsv")


def test_the_address_of_the_site_stands_once(root: Path) -> None:
    rules = (root / "w3id/.htaccess").read_text()
    assert rules.count(SITE) == 1
    assert re.findall(r"https?://\S+", re.sub(r"(?m)^#.*$", "", rules)) == [f"{SITE}]"]


def test_the_rules_know_the_version_of_the_vocabulary(root: Path) -> None:
    version = re.search(r"owl:versionIRI <([^>]+)>", ontology_file().read_text())
    assert version is not None
    path = version[1].removeprefix(OURS).replace("vocab", "^vocab(").replace(".", r"\.") + ")?/?$"
    assert path in (root / "w3id/.htaccess").read_text()


def test_the_readme_names_only_what_answers(host: httpx.Client, root: Path) -> None:
    iris = re.findall(rf"<({OURS}[^>]*)>", (root / "w3id/README.md").read_text())
    assert len(iris) > 5
    for iri in iris:
        assert leads_to(host, iri.removeprefix(OURS))[0] in {302, 303}, iri
