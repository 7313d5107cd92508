"""`/enrich` of a real server: the page says what the command does, and stays within its limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import in_process
from tests.support.pages import OPG, TNFSF11, page, run, write
from tests.support.serving import Serving, serving
from tests.support.web_pages import Page, faults, text_of

LIST = "RANKL OPG nix123"
TRAF6 = ("TRAF6", "TRAF6", "hgnc_symbol", "TRAF6", "7189")
WORD = "PKB<b>"
AKTS = tuple(
    (WORD, WORD, "hgnc_alias_symbol", f"AKT{n}", id_) for n, id_ in ((1, "207"), (2, "208"))
)
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("enrich-page")
    pages = {
        "PMC1__a.md": page("PMC1__a", (TNFSF11, OPG), figtitle="Bone"),
        "PMC2__a.md": page("PMC2__a", (TRAF6,), figtitle="<b>Other</b>"),
        "PMC3__a.md": page("PMC3__a", (TRAF6, *AKTS), figtitle="More"),
    } | {f"PMC{n}__a.md": page(f"PMC{n}__a", (TRAF6,)) for n in range(10, 70)}
    run(write(folder / "in", pages), out=folder / "out", validate=False)
    return folder / "out"


@pytest.fixture(scope="module")
def server(out: Path) -> Iterator[Serving]:
    with serving(out, "--max-request", 200_000) as server:
        yield server


def shown(server: Serving, **given: str) -> str:
    answer = server.client.get("enrich", params=given, headers=HTML)
    assert answer.status_code == 200, answer.text
    page = Page(answer.text)
    assert faults(page) == []
    return text_of(page.root)


def test_the_page_opens_with_a_form_and_all_pages_lead_to_it(server: Serving) -> None:
    assert "Find figures" in shown(server)
    home = server.client.get("").text
    assert 'href="/enrich"' in home
    assert "What your names are taken for" not in shown(server, genes="  ")


def test_the_page_and_its_data_are_those_of_the_command(server: Serving, out: Path) -> None:
    page = shown(server, genes=LIST)
    assert "2 of 3 names count, 1 unknown." in page
    assert "RANKL is a word for TNFSF11 in 1 figure" in page
    assert "2 of 2" in page
    for name, kind in (
        ("tsv", "text/tab-separated-values"),
        ("json", "application/json"),
        ("turtle", "text/turtle"),
    ):
        answer = server.client.get("enrich", params={"genes": LIST, "format": name})
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.text == in_process("enrich", out, *LIST.split(), "--format", name).stdout


def test_a_long_answer_has_pages_and_a_switch_of_tiers(server: Serving) -> None:
    first = server.client.get("enrich", params={"genes": "TRAF6"}).text
    assert "Page 1 of 2" in first
    assert "page=2" in first
    assert "tier=strict" in first
    second = shown(server, genes="TRAF6", page="2")
    assert "Page 2 of 2" in second
    assert "Page 2 of 2" in shown(server, genes="TRAF6", page="999")


def test_the_ambiguous_can_be_chosen(server: Serving) -> None:
    given = {"genes": WORD, "tier": "all"}
    answer = server.client.get("enrich", params=given).text
    assert "Choose what is meant" in answer
    assert "PKB&lt;b&gt;=ncbigene:208" in answer
    page = shown(server, **given, choose=f"{WORD}=ncbigene:208")
    assert "1 of 1 name counts." in page


def test_a_long_list_is_sent_by_post_and_goes_on_so(server: Serving) -> None:
    names = " ".join(["TRAF6", *(f"unknown{n}" for n in range(900))])
    answer = server.client.post("enrich", data={"genes": names, "background": "TRAF6 RANKL"})
    assert answer.status_code == 200
    assert faults(Page(answer.text)) == []
    assert 'method="post"' in answer.text
    assert '<button type="submit" form="enrich" name="format" value="tsv"' in answer.text
    # By its address it is too long for links.
    assert "&amp;format=tsv" not in server.client.get("enrich", params={"genes": names}).text
    data = server.client.post(
        "enrich", data={"genes": "TRAF6", "background": "TRAF6 RANKL", "format": "json"}
    )
    assert json.loads(data.content)["universe"] == 2


def test_of_a_field_that_comes_twice_the_last_counts(server: Serving) -> None:
    answer = server.client.get("enrich?genes=TRAF6&tier=all&tier=strict&format=json")
    assert answer.json()["parameters"]["tier"] == "strict"


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"genes": "A1 " * 2001}, 400, "genes: expected 2,000 names at most, found 2,001"),
        (
            {"genes": "TRAF6", "background": "A1 " * 30_001},
            400,
            "background: expected 30,000 names",
        ),
        ({"genes": "TRAF6", "organism": "unicorn"}, 400, "organism unicorn: expected one whose"),
        ({"genes": "TRAF6", "tier": "lenient"}, 400, "tier: expected one of strict, synonyms, all"),
        ({"genes": "TRAF6", "by": "journal"}, 400, "by: one of figure, paper"),
        ({"genes": "TRAF6", "page": "0"}, 400, "page: expected a number from 1"),
        ({"genes": "TRAF6", "page": "x"}, 400, "page: expected a number from 1"),
        ({"genes": "TRAF6", "format": "xml"}, 400, "format: expected one of tsv, json, turtle"),
        ({"genes": "", "format": "tsv"}, 400, "genes: expected names of genes, found none"),
    ],
)
def test_what_cannot_be_answered_says_why(
    server: Serving, given: dict[str, str], status: int, said: str
) -> None:
    answer = server.client.post("enrich", data=given, headers=HTML)
    assert answer.status_code == status
    assert said in answer.text.replace("&#39;", "'")
    assert faults(Page(answer.text)) == []


def test_what_is_too_much_is_not_read(server: Serving) -> None:
    assert server.client.post("enrich", data={"genes": "x" * 200_001}).status_code == 413
    request = f"GET /enrich?genes={'x' * 200_001} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert server.raw(request.encode()).startswith(b"HTTP/1.1 414 ")
    assert (
        server.client.post(
            "enrich", content=b"{}", headers={"content-type": "application/json"}
        ).status_code
        == 415
    )
    many = "&".join(f"a{n}=1" for n in range(501))
    assert server.client.get(f"enrich?{many}").status_code == 400
    assert server.client.get("enrich?genes=%FF").status_code == 400


def test_what_is_pasted_stays_text(server: Serving) -> None:
    page = server.client.get("enrich", params={"genes": "<script>alert(1)</script>\x00\x1b;TRAF6"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert faults(Page(page.text)) == []


def test_the_servers_limit_of_rows_holds_for_data(out: Path) -> None:
    with serving(out, "--max-rows", 5) as server:
        answer = server.client.get("enrich", params={"genes": "TRAF6", "format": "tsv"})
        assert len(answer.text.splitlines()) == 6
