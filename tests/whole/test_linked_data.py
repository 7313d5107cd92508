"""Every figure and entity has its page and its RDF, which is the block of the export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph
import pytest

from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.kinds import PAGED, Kind
from pfocr_rdf.web.pages.links import key_of
from tests.support.pages import checkout, page, run, triples, write
from tests.support.serving import PATIENCE, Serving, serving, store_of
from tests.support.web_pages import CLASSES, Page, faults

TYPES = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
FORMATS = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
}
SEED = "PMC4168338__10-1055-s-0031-1298276-i430gf01"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GENE = "http://identifiers.org/ncbigene/8600"
TARGET = pyoxigraph.NamedNode("http://www.w3.org/ns/oa#hasTarget")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    folder = tmp_path_factory.mktemp("linked")
    write(
        checkout(folder / "in"),
        {
            "_figures/PMC3__d.ttl.md": page(
                "PMC3__d.ttl", figid_alias="PMC3__F1", redirect_from="/figures/PMC3__old"
            )
        },
    )
    run(folder / "in", seeds, out=folder / "out", formats=tuple(FormatName), release="2026-11")
    return folder / "out"


@pytest.fixture(scope="module")
def server(release: Path) -> Iterator[Serving]:
    with serving(release, "--timeout", PATIENCE, "--workers", 1) as running:
        yield running


@pytest.fixture(scope="module")
def addresses(release: Path) -> dict[Kind, dict[str, str]]:
    """The IRI of every resource, by kind and key."""
    store = store_of(release / "pfocr.nt")
    found: dict[Kind, dict[str, str]] = {}
    for kind, name in CLASSES.items():
        for subject in store.query(f"SELECT ?s {{ ?s a <{name}> }}"):  # type: ignore[union-attr]
            iri = subject["s"].value
            key = key_of(kind, iri, IriStyle.OBO)
            assert key is not None, iri
            found.setdefault(kind, {})[key] = iri
    assert set(found) == set(PAGED)
    return found


def paths(addresses: dict[Kind, dict[str, str]], most: int) -> Iterator[tuple[str, str]]:
    """Yield paths and IRIs of all kinds, of each not more than a number, evenly chosen."""
    for kind, known in addresses.items():
        every = -(-len(known) // most)
        for key in sorted(known)[::every]:
            yield f"{kind.plural}/{quote(key)}", known[key]


def parsed(answer: httpx.Response, suffix: str) -> set[pyoxigraph.Triple]:
    assert answer.status_code == 200, answer.url
    assert answer.headers["content-type"].partition(";")[0] == TYPES[suffix]
    return {quad.triple for quad in pyoxigraph.parse(answer.content, format=FORMATS[suffix])}


def canonical(given: set[pyoxigraph.Triple]) -> set[pyoxigraph.Triple]:
    """Return triples as Oxigraph keeps them: its numbers have one form."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in given)
    return {quad.triple for quad in store}


def test_every_resource_is_there_in_every_form(
    server: Serving, release: Path, addresses: dict[Kind, dict[str, str]]
) -> None:
    everything = canonical(triples(release / "pfocr.nt"))
    by_subject: dict[str, set[pyoxigraph.Triple]] = {}
    for triple in everything:
        assert isinstance(triple.subject, pyoxigraph.NamedNode)
        # A figure's mentions stand in its document.
        by_subject.setdefault(triple.subject.value.partition("#")[0], set()).add(triple)
    for path, iri in paths(addresses, 10):
        for suffix, media_type in TYPES.items():
            if suffix == "html":
                answer = server.client.get(path, headers={"accept": media_type})
                assert faults(Page(answer.text)) == []
                assert server.client.get(f"{path}.html").content == answer.content
                continue
            expected = by_subject[iri]
            assert parsed(server.client.get(f"{path}.{suffix}"), suffix) == expected, path
            accepted = server.client.get(path, headers={"accept": media_type})
            assert parsed(accepted, suffix) == expected, path


def test_turtle_and_json_are_the_blocks_of_the_export(
    server: Serving, release: Path, addresses: dict[Kind, dict[str, str]]
) -> None:
    """To the byte; Oxigraph's numbers have one form, and the seeds' have that form."""
    turtle, json = ((release / f"pfocr.{name}").read_text("utf-8") for name in ("ttl", "jsonld"))
    lines = set((release / "pfocr.nt").read_text("utf-8").splitlines())
    for path, _ in paths(addresses, 30):
        head, _, block = server.client.get(f"{path}.ttl").text.partition("\n\n")
        assert turtle.startswith(head)
        assert block, path
        assert f"\n\n{block}" in turtle, path
        context, _, rest = server.client.get(f"{path}.jsonld").text.partition('\n"@graph":[\n')
        assert json.startswith(context)
        assert f"\n{rest.removesuffix(chr(10) + ']}' + chr(10))}" in json, path
        assert set(server.client.get(f"{path}.nt").text.splitlines()) <= lines, path


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("", "html"),
        ("*/*", "html"),
        (BROWSER, "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json, text/turtle;q=0.9", "jsonld"),
        ("application/rdf+xml, */*;q=0.1", "rdf"),
        ("application/n-triples;q=0.5, text/turtle;q=0.4, text/html;q=0.3", "nt"),
        ("image/png, text/*;q=0.1", "html"),
        ("text/html;q=0, */*", "ttl"),
    ],
)
def test_the_best_of_what_is_accepted_is_given(server: Serving, accept: str, suffix: str) -> None:
    answer = server.client.get(f"figures/{SEED}", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == TYPES[suffix]
    assert "Accept" in answer.headers["vary"].split(", ")
    assert answer.headers["content-location"] == f"/figures/{SEED}.{suffix}"


def test_a_suffix_is_over_what_is_accepted(server: Serving) -> None:
    answer = server.client.get(f"figures/{SEED}.nt", headers={"accept": "image/png"})
    assert answer.headers["content-type"] == "application/n-triples"
    assert "Accept" not in answer.headers.get("vary", "").split(", ")


def test_other_forms_are_linked(server: Serving) -> None:
    links = server.client.get(f"figures/{SEED}").headers["link"]
    found = dict(re.findall(r'<([^>]*)>; rel="([^"]*)"', links))
    assert found == {
        f"/figures/{SEED}.ttl": "alternate describedby",
        f"/figures/{SEED}.jsonld": "alternate",
        f"/figures/{SEED}.nt": "alternate",
        f"/figures/{SEED}.rdf": "alternate",
    }
    for address in found:
        assert server.client.get(address).status_code == 200
    assert f"</figures/{SEED}.html>" in server.client.get(f"figures/{SEED}.nt").headers["link"]


@pytest.mark.parametrize("path", [f"figures/{SEED}", f"figures/{SEED}.ttl", "genes/8600.jsonld"])
def test_what_a_reader_has_is_not_sent_again(server: Serving, path: str) -> None:
    first = server.client.get(path)
    tag = first.headers["etag"]
    for known in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
        again = server.client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert ("Accept" in again.headers.get("vary", "").split(", ")) == (
            "Accept" in first.headers.get("vary", "").split(", ")
        )
    for unknown in ('"x"', f"{tag}x", ""):
        assert server.client.get(path, headers={"if-none-match": unknown}).status_code == 200
    other = server.client.get(path, headers={"accept": "application/rdf+xml", "if-none-match": tag})
    assert other.status_code == (200 if path == f"figures/{SEED}" else 304)


def test_another_release_has_other_tags(server: Serving, tmp_path: Path, seeds: Path) -> None:
    run(seeds, out=tmp_path / "out", release="other")
    tag = server.client.get(f"figures/{SEED}.ttl").headers["etag"]
    with serving(tmp_path / "out", "--workers", 1) as other:
        assert other.client.get(f"figures/{SEED}.ttl").headers["etag"] != tag


def test_head_is_get_without_a_body(server: Serving) -> None:
    for path in (
        f"figures/{SEED}",
        f"figures/{SEED}.ttl",
        "",
        "files/void.ttl",
        "static/style.css",
    ):
        plain = {"accept-encoding": "identity"}
        full, head = server.client.get(path, headers=plain), server.client.head(path, headers=plain)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("figures/PMC3__F1", "/figures/PMC3__d.ttl"),
        ("figures/PMC3__old", "/figures/PMC3__d.ttl"),
        ("figures/PMC3__old.html", "/figures/PMC3__d.ttl.html"),
        ("figures/PMC3__F1.nt", "/figures/PMC3__d.ttl.nt"),
        ("genes/HGNC_11926", "/genes/8600"),
        ("genes/HGNC:11926", "/genes/8600"),
        ("genes/TNFSF11", "/genes/8600"),
        ("genes/TNFSF11.ttl", "/genes/8600.ttl"),
        ("chemicals/D002118", "/chemicals/CHEBI_22984"),
        ("chemicals/CHEBI:22984", "/chemicals/CHEBI_22984"),
        ("organisms/Mus_cookii", "/organisms/10098"),
        ("genes/RANKL", "/genes/8600"),
        ("genes/RANKL.ttl", "/genes/8600.ttl"),
        ("genes/osteoprotegerin", "/genes/4982"),
        ("organisms/human", "/organisms/9606"),
        ("chemicals/Ca2+", "/chemicals/CHEBI_22984"),
        (f"resource?iri={quote(GENE)}", "/genes/8600"),
        ("resource?iri=http://purl.obolibrary.org/obo/DOID_162", "/diseases/DOID_162"),
    ],
)
def test_other_names_lead_to_the_address(server: Serving, name: str, address: str) -> None:
    answer = server.client.get(name)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert server.client.get(address).status_code == 200


def test_a_name_of_several_lets_choose_and_one_of_none_says_what_is_near(
    tmp_path: Path,
) -> None:
    pages = {
        "a.md": page(genes=(("AKT", "AKT", "x", "AKT1", "207"), ("AKT", "AKT", "x", "AKT2", "208")))
    }
    run(write(tmp_path / "in", pages), out=tmp_path / "out", validate=False)
    with serving(tmp_path / "out", "--workers", 1) as running:
        several = running.client.get("genes/AKT", headers={"accept": BROWSER})
        assert several.status_code == 300
        links = {a.get("href") for a in Page(several.text).all("a")}
        assert {"/genes/207", "/genes/208"} <= links
        data = running.client.get("genes/AKT.ttl")
        assert (data.status_code, data.text.split()) == (300, ["/genes/207.ttl", "/genes/208.ttl"])
        none = running.client.get("genes/AKTT1", headers={"accept": BROWSER})
        assert none.status_code == 404
        assert "/genes/207" in {a.get("href") for a in Page(none.text).all("a")}
        assert "no gene 'AKTT1'" in running.client.get("genes/AKTT1").text


def test_a_mention_leads_into_the_page_of_its_figure(server: Serving, release: Path) -> None:
    (figure, mention) = next(
        (quad.object.value, quad.subject.value)  # type: ignore[union-attr]
        for quad in store_of(release / "pfocr.nt").quads_for_pattern(None, TARGET, None)
        if SEED in str(quad.object)
    )
    answer = server.client.get("resource", params={"iri": mention})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/figures/{SEED}#{mention.partition('#')[2]}"
    assert server.client.get("resource", params={"iri": figure}).status_code == 303


def test_what_looks_like_a_suffix_may_be_part_of_a_name(server: Serving) -> None:
    named = server.client.get("figures/PMC3__d.ttl", headers={"accept": "text/html"})
    assert named.headers["content-type"].startswith("text/html")
    assert parsed(server.client.get("figures/PMC3__d.ttl.ttl"), "ttl")


@pytest.mark.parametrize(
    "path",
    [
        "figures/PMC1__nix", "figures/PMC1__nix.ttl", "figures/", "journals", "figures/x/y",
        "genes/0", "genes/99999999", "genes/8600.xml", "genes/8600.ttl.ttl", "genes/NIX",
        "papers/PMC9", "chemicals/8600", "diseases/CHEBI_22984", "organisms/8600",
        "resource", "resource?iri=urn:x", "resource?iri=%22%3E%3Cscript%3E", "nix", "search/",
        "search?q=x&kind=nix", "search?q=x&page=99999999999", f"search?q=x&page=000000001{'9' * 5000}", "query?question=nix",
        "api/network/1", "api/nix", "files/nix.ttl", "files/", "static/", "static/nix.js",
        "genes/%00", "genes/8600%00", "genes/%FF", "figures/%3Cscript%3E",
        "figures/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_readably(server: Serving, path: str) -> None:
    page_ = server.client.get(path, headers={"accept": BROWSER})
    line = server.client.get(path, headers={"accept": "text/turtle"})
    assert (page_.status_code, line.status_code) == (404, 404)
    assert line.headers["content-type"].startswith("text/plain")
    assert 0 < len(line.text) < 600
    assert line.text.count("\n") == 1
    if not path.startswith("api/"):
        assert faults(Page(page_.text)) == []
        assert "<script>" not in page_.text


@pytest.mark.parametrize("number", ["0", "99", "x", "%C2%B2", "-1", "9" * 30, ""])
def test_a_part_of_a_page_that_is_not_there_is_told(server: Serving, number: str) -> None:
    answer = server.client.get(f"genes/8600?page={number}")
    assert answer.status_code == 404
    # Data has no parts.
    assert server.client.get(f"genes/8600.ttl?page={number}").status_code == 200


def test_a_form_that_there_is_not_is_told_which_there_are(server: Serving) -> None:
    answer = server.client.get(f"figures/{SEED}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert all(media_type in answer.text for media_type in TYPES.values())
    assert f"</figures/{SEED}.ttl>" in answer.headers["link"]
    malformed = server.client.get(f"figures/{SEED}", headers={"accept": "text/html/x"})
    assert malformed.status_code == 400


TRICKS = (
    b"/static/../render.py", b"/static/%2e%2e/render.py", b"/static/..%2frender.py",
    b"/static//etc/passwd", b"/static/%2Fetc%2Fpasswd", b"/static/vendor/../../render.py",
    b"/static/..\\render.py", b"/static/%5c..%5crender.py", b"/static/%00", b"/static/style.css%00",
    b"/files/../manifest.json", b"/files/%2e%2e%2fout%2fmanifest.json", b"/files//etc/passwd",
    b"/files/..%2f..%2fetc%2fpasswd", b"/files/ledger.sqlite", b"/files/.", b"/files/..",
    b"//etc/passwd", b"/../../etc/passwd", b"/genes/..%2f..%2f..%2fetc%2fpasswd", b"/.git/config",
    b"/static/" + b"../" * 50 + b"etc/passwd", b"*", b"/static/" + b"a" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("path", TRICKS)
def test_no_path_leads_out(server: Serving, path: bytes) -> None:
    answer = server.raw(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    status = answer.split(b" ", 2)[1]
    assert status in {b"400", b"404"}, answer[:300]
    for leak in (b"root:", b"import ", b"SQLite format", b"[core]", b'"outputs"'):
        assert leak not in answer


def test_the_files_of_the_release_can_be_had(server: Serving, release: Path) -> None:
    for path in release.iterdir():
        answer = server.client.get(f"files/{path.name}")
        if path.name == "ledger.sqlite":
            assert answer.status_code == 404
        else:
            assert (answer.status_code, answer.content) == (200, path.read_bytes())
    part = server.client.get("files/pfocr.nt", headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    well_known = server.client.get(".well-known/void")
    assert (well_known.status_code, well_known.headers["location"]) == (302, "/files/void.ttl")


def test_the_pages_of_the_release_are_there(server: Serving) -> None:
    for path in ("", "about", "query", "search", "search?q=RANKL", "search?q=%00%22%27*", "nix"):
        page_ = server.client.get(path, headers={"accept": BROWSER})
        assert faults(Page(page_.text)) == [], path
    assert SEED in server.client.get("search?q=osteoclast").text
    assert server.client.get("search?q=TNFSF11&kind=gene").status_code == 200
    found = server.client.get("api/suggest?q=TNFSF1").json()["suggestions"]
    assert "/genes/8600" in [each["page"] for each in found]
    network = server.client.get("api/network/8600").json()
    assert network["nodes"][0]["id"] == GENE
    shipped = server.client.get("queries.ttl")
    assert list(pyoxigraph.parse(shipped.content, format=pyoxigraph.RdfFormat.TURTLE))
    assert f"<{server.url}sparql>" in shipped.text


def test_behind_a_proxy_all_addresses_are_the_proxys(release: Path) -> None:
    with serving(release, "--workers", 1, "--base-url", "https://x.example/pfocr") as server:
        home = Page(server.client.get("").text)
        ours = [each for each in home.addresses() if each.startswith("/")]
        assert ours
        assert all(each.startswith("/pfocr/") for each in ours)
        assert "<https://x.example/pfocr/sparql>" in server.client.get("sparql").text
        assert server.client.get("genes/TNFSF11").headers["location"] == "/pfocr/genes/8600"
        links = server.client.get("genes/8600").headers["link"]
        assert "</pfocr/genes/8600.ttl>" in links


@pytest.mark.parametrize("style", [IriStyle.WIKIPATHWAYS, IriStyle.UNIPROT])
def test_addresses_do_not_depend_on_the_style_of_iris(tmp_path: Path, style: IriStyle) -> None:
    run(checkout(tmp_path / "in"), out=tmp_path / "out", style=style)
    with serving(tmp_path / "out", "--workers", 1) as server:
        for path in (
            "genes/8600", "chemicals/CHEBI_22984", "diseases/DOID_162", "organisms/9606",
            "papers/PMC1", "figures/PMC1__a",
        ):  # fmt: skip
            for suffix in TYPES:
                assert server.client.get(f"{path}.{suffix}").status_code == 200, path
        assert server.client.get("genes/TNFSF11").headers["location"] == "/genes/8600"
        answer = server.ask("DESCRIBE ?g { ?g <http://schema.org/name> 'TNFSF11' }")
        assert "ncbigene:8600" in answer.text
