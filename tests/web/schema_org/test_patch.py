"""The corrected block in a page: what is right, wrong and missing, and nothing else touched.

How a page reads before and after is told by PyYAML's BaseLoader and, for the figure, by the
project's own reader; what has changed in its bytes by the bytes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.page import TableText, decode_figure
from pfocr_rdf.figures.model import Figure
from pfocr_rdf.figures.read.frontmatter import parse_front_matter
from pfocr_rdf.figures.read.sources import discover, read_figure
from pfocr_rdf.figures.read.tables import parse_table
from pfocr_rdf.findings import Finding
from pfocr_rdf.web.schema_org import Profile
from pfocr_rdf.web.schema_org.check import check_page
from pfocr_rdf.web.schema_org.patch import PagePatch, patch_page
from pfocr_rdf.web.schema_org.profiles import CONFORMS_TO
from tests.support.pathway_pages import (
    FIGID,
    FIGURE,
    NOWHERE,
    base_tree,
    fields,
    jsonld,
    outcome_of,
    written,
)
from tests.support.samples import Sample

pytestmark = pytest.mark.whole  # takes long

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
LONG = "What happens in the cell when the receptor is bound by its ligand, as we think."


class RealPage(NamedTuple):
    """A page as it lies in a checkout, and its tables."""

    name: str
    text: str
    tables: tuple[TableText, ...]


def pages_in(folder: Path) -> Iterator[RealPage]:
    for source in discover([folder], folder / "nowhere").figures:
        raw = read_figure(source)
        assert raw.page is not None
        tables = tuple(
            TableText(table.kind, parse_table(table.kind, table.text), table.name)
            for table in raw.tables
        )
        yield RealPage(raw.name, raw.page, tables)


@pytest.fixture(scope="module")
def real(sample: Sample, seeds: Path) -> list[RealPage]:
    """The seeds, and pages of every generation."""
    folders = (seeds, sample.pages, sample.pages / "old")
    return [page for folder in folders for page in pages_in(folder)]


def read(text: str, tables: tuple[TableText, ...] = ()) -> tuple[Figure, list[Finding]]:
    log = DecodeLog("page.md")
    figure = decode_figure(parse_front_matter(text, "page.md"), tables, NOWHERE, log)
    assert figure is not None
    assert not log.ledger.imbalances()
    return figure, log.findings


def patched(text: str) -> PagePatch:
    patch = patch_page(text, "page.md")
    assert not patch.findings
    again = patch_page(patch.text, "page.md")
    assert again == PagePatch(patch.text), "a second run changes nothing"
    return patch


def block_of(text: str) -> Any:
    return base_tree(text)["schema-jsonld"]


def of_block(**changes: Any) -> str:
    """Return a page with a block; a change to None leaves a key out."""
    block: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "CreativeWork",
        **jsonld(description=LONG),
        **changes,
    }
    kept = {key: value for key, value in block.items() if value is not None}
    return written(fields(caption=LONG, figid_alias=f"{FIGID}-alias", **{"schema-jsonld": kept}))


# --- real pages ------------------------------------------------------------------------------


def test_every_real_page_is_patched(real: list[RealPage]) -> None:
    assert len(real) == 24
    for page in real:
        patch = patched(page.text)
        assert set(patch.replaced) - {"description"} == {"license", "name", "creator"}
        assert CONFORMS_TO in patch.added
        assert not patch.removed
        assert block_of(patch.text)["name"] != "CreativeWork"


def test_nothing_beside_the_block_changes(real: list[RealPage]) -> None:
    for page in real:
        before, after = page.text, patched(page.text).text
        start = before.index("\nschema-jsonld:\n") + 1
        rest = re.compile(r"^(?![ -])", re.MULTILINE)  # the next key, or the fence
        end = rest.search(before, start + len("schema-jsonld:\n"))
        assert end is not None
        head, tail = before[:start], before[end.start() :]
        assert after.startswith(head)
        assert after.endswith(tail)
        assert len(after) > len(head) + len(tail)
        old, new = base_tree(before), base_tree(after)
        assert list(old) == list(new)
        assert {k: v for k, v in old.items() if k != "schema-jsonld"} == {
            k: v for k, v in new.items() if k != "schema-jsonld"
        }


def test_of_the_block_only_wrong_lines_are_replaced(real: list[RealPage]) -> None:
    for page in real:
        lines = page.text.split("\n"), patched(page.text).text.split("\n")
        removed = [line[2:] for line in difflib.ndiff(*lines) if line.startswith("- ")]
        short = (
            block_of(page.text)["description"] != block_of(patched(page.text).text)["description"]
        )
        assert removed[-2:] == ["  license: CC0", "  name: CreativeWork"]
        assert len(removed) == 2 or short


def test_the_same_figure_is_read_in_it(real: list[RealPage]) -> None:
    """Same figure, same findings: a reader learns nothing new and misses nothing."""
    for page in real:
        assert read(patched(page.text).text, page.tables) == read(page.text, page.tables)


def test_keywords_and_caption_are_as_they_were(real: list[RealPage]) -> None:
    for page in real:
        old, new = block_of(page.text), block_of(patched(page.text).text)
        assert new["keywords"] == old["keywords"]
        assert new["@id"] == old["@id"]
        if len(base_tree(page.text)["caption"]) >= 50:
            assert new["description"] == old["description"] == base_tree(page.text)["caption"]


def as_json(text: str) -> Any:
    """Return the block as a YAML reader with types, such as Jekyll's, hands it to JSON."""
    body = text.removeprefix("\ufeff").partition("---\n")[2].split("\n---", 1)[0]
    return yaml.safe_load(body)["schema-jsonld"]


def test_the_block_conforms_as_json_ld(real: list[RealPage]) -> None:
    for page in real:
        block = as_json(patched(page.text).text)
        assert block[CONFORMS_TO] == {"@id": Profile.DATASET.iri, "@type": "CreativeWork"}
        assert block["isAccessibleForFree"] is True
        found = {
            result.messages[0].lexical
            for result in check_page(block)
            if not result.severity.endswith("Info")
        }
        assert found == {
            "Dataset datePublished: recommended by the profile, found none",
            "Dataset distribution: recommended by the profile, found none",
            "Dataset version: recommended by the profile, found none",
        } | (
            set()
            if "figid_alias" in base_tree(page.text)
            else {"Dataset alternateName: recommended by the profile, found none"}
        )


def test_readers_with_types_take_all_text_for_text(real: list[RealPage]) -> None:
    """`'2012'`, `no` and the like are quoted in what is written."""
    for page in real:
        text = patched(page.text).text
        plain, typed = block_of(text), as_json(text)
        assert typed.pop("isAccessibleForFree") is True
        assert plain.pop("isAccessibleForFree") == "true"
        for key in set(patched(page.text).added) - {"isAccessibleForFree"}:
            assert typed[key] == plain[key]


# --- entry by entry --------------------------------------------------------------------------


def test_a_whole_block() -> None:
    assert block_of(patched(of_block()).text) == {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "A pathway",
        "@id": FIGURE,
        "description": LONG,
        "license": CC0,
        "creator": {
            "@type": "Organization",
            "name": "WikiPathways",
            "url": "https://www.wikipathways.org/",
        },
        "keywords": ["TNF"],
        CONFORMS_TO: {
            "@id": "https://bioschemas.org/profiles/Dataset/1.0-RELEASE",
            "@type": "CreativeWork",
        },
        "alternateName": f"{FIGID}-alias",
        "url": FIGURE,
        "identifier": FIGID,
        "isAccessibleForFree": "true",
        "publisher": {
            "@type": "Organization",
            "@id": "https://www.wikipathways.org/",
            "name": "WikiPathways",
            "url": "https://www.wikipathways.org/",
        },
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": "https://pfocr.wikipathways.org/",
            "name": "Pathway Figure OCR",
            "url": "https://pfocr.wikipathways.org/",
        },
        "isBasedOn": {
            "@type": "ScholarlyArticle",
            "@id": "http://identifiers.org/pmc/PMC1000001",
            "name": "A paper",
            "identifier": ["pmc:PMC1000001", "doi:10.1234/abc"],
            "url": "https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/",
            "sameAs": ["https://doi.org/10.1234/abc"],
            "datePublished": "2020",
        },
        "image": "https://europepmc.org/articles/PMC1000001/bin/fig-1.jpg",
        "sameAs": ["https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/figure/F1/"],
        "measurementTechnique": ["optical character recognition", "named entity recognition"],
        "variableMeasured": ["genes named", "chemicals named", "diseases named"],
    }


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"@id": "https://example.org/other"}, "@id", FIGURE),
        ({"@id": None}, "@id", FIGURE),
        ({"@context": "http://schema.org"}, "@context", "http://schema.org"),
        ({"@context": "https://example.org/"}, "@context", "https://schema.org/"),
        ({"@type": "CreativeWork"}, "@type", "Dataset"),
        ({"description": "Another caption"}, "description", LONG),
        ({"description": f"{LONG} "}, "description", f"{LONG} "),
        ({"license": CC0}, "license", CC0),
        ({"license": "CC BY 4.0"}, "license", "https://creativecommons.org/licenses/by/4.0/"),
        ({"license": "as you like"}, "license", "as you like"),
        ({"keywords": "Ca2+"}, "keywords", "Ca2+"),
        ({"keywords": ["b", "a", "b"]}, "keywords", ["b", "a", "b"]),
        ({"creator": "WikiPathways"}, "creator", {
            "@type": "Organization", "name": "WikiPathways",
            "url": "https://www.wikipathways.org/",
        }),
        ({"creator": {"@type": "Person", "name": "A. Author", "more": "x"}}, "creator", {
            "@type": "Person", "name": "A. Author", "more": "x",
        }),
        ({"creator": {"name": "Somebody"}}, "creator", {
            "name": "Somebody", "@type": "Organization",
        }),
        ({"our own": {"key": ["x"]}}, "our own", {"key": ["x"]}),
        ({"url": "https://example.org/"}, "url", FIGURE),
    ],
)  # fmt: skip
def test_one_entry(changes: dict[str, Any], key: str, expected: object) -> None:
    text = of_block(**changes)
    patch = patched(text)
    assert block_of(patch.text)[key] == expected
    stated = block_of(text).get(key)
    assert (key in patch.replaced) is (stated is not None and stated != expected)
    assert (key in patch.added) is (stated is None)


@pytest.mark.parametrize(
    "changes",
    [
        {"license": None},
        {"license": ""},
        {"license": "as you like"},
        {"keywords": None},
        {"keywords": []},
        {"keywords": "NA"},
    ],
)
def test_without_the_minimum_there_is_no_claim(changes: dict[str, Any]) -> None:
    patch = patched(of_block(**changes))
    assert CONFORMS_TO not in block_of(patch.text)
    for key, value in changes.items():
        if value is None:
            assert key not in block_of(patch.text), "nothing is made up"
    claiming = of_block(**changes, **{CONFORMS_TO: {"@id": Profile.DATASET.iri}})
    again = patched(claiming)
    assert again.removed == (CONFORMS_TO,)
    assert block_of(again.text) == block_of(patch.text)


def test_no_creator_is_made_up() -> None:
    assert "creator" not in block_of(patched(of_block(creator=None)).text)


@pytest.mark.parametrize("caption", [None, "NA", "", "Figure", "Figure 1."])
@pytest.mark.parametrize("stated", ["Figure", "", None, LONG])
def test_short_captions_are_lengthened_and_told_from_others(
    caption: str | None, stated: str | None
) -> None:
    """What a reader takes for the figure's description is not what was lengthened."""
    block = jsonld(description=stated)
    if stated is None:
        del block["description"]
    text = written(fields(caption=caption, **{"schema-jsonld": block}))
    after = patched(text).text
    description = block_of(after)["description"]
    assert len(description) >= 50
    has_caption = caption not in (None, "NA", "")
    if has_caption or not stated:
        assert description.endswith("read in the pathway figure: A pathway")
        old, findings = read(text)
        new, left = read(after)
        assert new == old
        assert {f.code for f in left} <= {f.code for f in findings} - {"description-mismatch"}
    else:
        assert description.startswith(stated)


def test_a_long_caption_is_cut() -> None:
    caption = "word " * 2000 + "end"
    text = written(fields(caption=caption, **{"schema-jsonld": jsonld(description=caption)}))
    after = patched(text).text
    assert 4900 < len(block_of(after)["description"]) <= 5000
    assert read(after) == read(text)


def test_mojibake_is_mended_in_what_is_written_only() -> None:
    title = "Cancer â€“ Influence"
    text = written(fields(figtitle=title, caption=LONG,
                          **{"schema-jsonld": jsonld(description=LONG)}))  # fmt: skip
    after = base_tree(patched(text).text)
    assert after["figtitle"] == title
    assert after["schema-jsonld"]["name"] == "Cancer – Influence"


# --- how pages are laid out ------------------------------------------------------------------

PAGE = f"""---
figid: {FIGID}
figtitle: 'A  pathway'
caption: "{LONG}"
schema-jsonld:
  '@id': {FIGURE}   # where it stands
  description: {LONG}

  # a comment between
  name: >-
    Creative
    Work
  license: "CC0"
  keywords: [TNF, 'no', 08]
# a comment behind
papertitle:   A paper{"   "}
---
"""


def test_comments_blanks_and_quotes_stay() -> None:
    after = patched(PAGE).text
    kept = PAGE.replace('  license: "CC0"\n', f"  license: {CC0}\n").replace(
        "  name: >-\n    Creative\n    Work\n", "  name: A  pathway\n"
    )
    head, keywords, tail = kept.partition("  keywords: [TNF, 'no', 08]\n")
    assert after.startswith(head + keywords)
    assert after.endswith(tail)
    assert after[len(head + keywords) : -len(tail)].startswith(f"  {CONFORMS_TO}:\n")


@pytest.mark.parametrize("ending", ["", "\n", "\n\n", " \n", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_marks_and_the_end_of_the_file_stay(mark: str, newline: str, ending: str) -> None:
    text = mark + (PAGE.removesuffix("\n") + ending).replace("\n", newline)
    after = patched(text).text
    assert after.startswith(mark + "---" + newline)
    assert after.endswith(newline + "---" + ending.replace("\n", newline))
    assert after.replace("\r\n", "\n") == mark + (patched(PAGE).text.removesuffix("\n") + ending)
    if newline == "\r\n":
        assert "\n" not in after.replace("\r\n", "")


def test_the_block_may_be_the_last_and_deeper() -> None:
    text = f"---\nfigid: {FIGID}\ncaption: {LONG}\nschema-jsonld:\n      name: x\n---"
    after = patched(text).text
    lines = after.split("\n")
    assert lines[4] == f"      name: {FIGID}"
    assert lines[-1] == "---"
    assert all(line.startswith("      ") for line in lines[4:-1])
    assert block_of(after)["publisher"]["name"] == "WikiPathways"


def test_the_page_may_be_indented() -> None:
    text = f"---\n  figid: {FIGID}\n  caption: {LONG}\n  schema-jsonld:\n   name: x\n  year: 2020\n---\n"
    after = patched(text).text
    assert after.startswith(text.partition("   name")[0] + f"   name: {FIGID}\n   '@context': ")
    assert after.endswith("\n  year: 2020\n---\n")


def test_long_text_is_folded_as_in_the_pages() -> None:
    title = "The signalling of a receptor " * 8
    after = patched(written(fields(figtitle=title.strip(), caption=LONG))).text
    at = after.index("\n  name: ") + 1
    name = after[at : after.index("\n  ", after.index(title.rsplit(maxsplit=1)[-1], at + 200))]
    assert max(map(len, name.split("\n"))) <= 90
    assert block_of(after)["name"] == title.strip()


LEFT_ALONE = {
    "no block": f"---\nfigid: {FIGID}\n---\n",
    "an empty block": f"---\nfigid: {FIGID}\nschema-jsonld: {{}}\n---\n",
    "no mapping": f"---\nfigid: {FIGID}\nschema-jsonld: text\n---\n",
    "null": f"---\nfigid: {FIGID}\nschema-jsonld:\n---\n",
    "in braces": f"---\nfigid: {FIGID}\nschema-jsonld: {{name: CreativeWork}}\n---\n",
    "all in braces": f"---\n{{figid: {FIGID}, schema-jsonld: {{name: x}}}}\n---\n",
    "a key twice": f"---\nfigid: {FIGID}\nschema-jsonld:\n  name: x\n  name: y\n---\n",
    "the block twice": f"---\nschema-jsonld:\n  name: x\nfigid: {FIGID}\nschema-jsonld:\n  name: y\n---\n",
    "a key apart": f"---\nfigid: {FIGID}\nschema-jsonld:\n  ? name\n  : x\n---\n",
    "an alias": f"---\nfigid: {FIGID}\nfigtitle: &t x\nschema-jsonld:\n  name: *t\n---\n",
    "an anchor used later": f"---\nfigid: {FIGID}\nschema-jsonld:\n  license: &t CC0\nother: *t\n---\n",
    "the block by alias": f"---\nfigid: {FIGID}\nx: &b\n  name: y\nschema-jsonld: *b\n---\n",
    "a control character in place of a blank": f"---\nfigid: {FIGID}\nx:\x00 y\nschema-jsonld:\n  name: x\n---\n",
    "no figid": "---\nschema-jsonld:\n  name: x\n---\n",
    "a bad figid": "---\nfigid: ../etc\nschema-jsonld:\n  name: x\n---\n",
    "no front matter": "# A page\n",
    "cut off": PAGE[:200],
    "not YAML": f"---\nfigid: {FIGID}\nschema-jsonld:\n  name: 'x\n---\n",
    "nothing": "",
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_cannot_be_edited_is_left_alone_with_a_finding(name: str) -> None:
    text = LEFT_ALONE[name]
    patch = patch_page(text, "page.md")
    assert patch.text == text
    assert not patch.is_changed
    (finding,) = patch.findings
    assert finding.file == "page.md"
    assert finding.detail
    assert "\n" not in finding.detail


def test_control_characters_elsewhere_do_not_matter() -> None:
    text = PAGE.replace("A paper", "A\x07 pa\x85per\u2028").replace("A  pathway", "A \x1b pathway")
    after = patched(text).text
    assert after.endswith("papertitle:   A\x07 pa\x85per\u2028   \n---\n")
    assert read(after)[0] == read(text)[0]
    front_matter = parse_front_matter(after, "page.md").fields
    assert front_matter is not None
    block = front_matter["schema-jsonld"]
    assert isinstance(block, dict)
    assert block["name"] == "A \x1b pathway"


def test_a_nul_elsewhere_does_not_matter() -> None:
    text = PAGE.replace("A paper", "A\x00 paper")
    assert patched(text).text.endswith("papertitle:   A\x00 paper   \n---\n")


# --- any page --------------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\r\n\x85\u2028\u2029", exclude_categories=("Cc", "Cs")
    ),
    max_size=60,
)
STYLES = st.sampled_from([None, "'", '"', "|", ">"])


def dumped(key: str, value: object, style: str | None, indent: int) -> str:
    """Return an entry as PyYAML writes it in a style, moved to the right."""
    text = yaml.safe_dump(
        {key: value}, default_style=style, allow_unicode=True, sort_keys=False, width=60
    )
    margin = " " * indent
    return "".join(
        margin + line if line.strip() else line for line in text.splitlines(keepends=True)
    )


JUNK = st.sampled_from(["", "# a comment\n", "\n", "#\n\n", "   \n"])


@st.composite
def odd_pages(draw: st.DrawFn) -> tuple[str, str, list[str], str]:
    """Return what stands before the block's entries, them one by one, and what stands behind."""

    def others(prefix: str) -> str:
        entries = draw(st.lists(st.tuples(TEXTS, STYLES, JUNK), max_size=3))
        return "".join(
            dumped(f"{prefix}{i}", value, style, 0) + junk
            for i, (value, style, junk) in enumerate(entries)
        )

    title, style = draw(TEXTS), draw(STYLES)
    indent = draw(st.integers(1, 5))
    known = {
        "@context": "https://schema.org/", "@id": FIGURE, "@type": draw(st.sampled_from(["Dataset", "Thing"])),
        "description": draw(st.sampled_from([LONG, "short", ""])), "license": draw(st.sampled_from(["CC0", CC0])),
        "name": draw(TEXTS), "creator": draw(st.sampled_from(["WikiPathways", {"name": "WikiPathways"}])),
        "keywords": draw(st.one_of(TEXTS, st.lists(TEXTS, max_size=4))), "x": draw(TEXTS),
    }  # fmt: skip
    keys = draw(st.lists(st.sampled_from(sorted(known)), min_size=1, unique=True))
    entries = [dumped(key, known[key], draw(STYLES), indent) for key in keys]
    head = (
        f"{draw(st.sampled_from(['', chr(0xFEFF)]))}---\n{others('a')}figid: {FIGID}\n"
        f"{dumped('figtitle', title, style, 0)}caption: {LONG}\n{others('b')}schema-jsonld:"
        f"{draw(st.sampled_from(['', '  ', ' # what search engines read']))}\n"
    )
    tail = f"{draw(JUNK)}{others('c')}---{draw(st.sampled_from(['', chr(10), ' ']))}"
    return head, tail, entries, draw(st.sampled_from(["\n", "\r\n"]))


@given(odd_pages())
def test_any_page_keeps_every_byte_beside_wrong_entries(
    page: tuple[str, str, list[str], str],
) -> None:
    head, tail, entries, newline = page
    text = (head + "".join(entries) + tail).replace("\n", newline)
    patch = patch_page(text, "page.md")
    if patch.findings:
        assert patch.text == text
        assert parse_front_matter(text, "page.md").fields is None or patch.findings
        return
    assert patch_page(patch.text, "page.md") == PagePatch(patch.text)
    # Blank lines after a literal block are part of it, as far as YAML goes.
    assert patch.text.startswith(head.replace("\n", newline))
    assert patch.text.endswith(tail.lstrip("\n ").replace("\n", newline))
    position = 0
    for entry in entries:
        key = yaml.load(entry, Loader=yaml.BaseLoader).popitem()[0]
        if key not in (*patch.replaced, *patch.removed):
            position = patch.text.index(entry.rstrip("\n").replace("\n", newline), position)
    before, after = (parse_front_matter(t, "page.md").fields for t in (text, patch.text))
    assert before is not None
    assert after is not None
    before.pop("schema-jsonld")
    after.pop("schema-jsonld")
    assert after == before
    added = patch.text[len(head.replace("\n", newline)) :]
    assert ("\n" in added.replace("\r\n", "")) is (newline == "\n")


@given(odd_pages())
def test_most_odd_pages_are_patched(page: tuple[str, str, list[str], str]) -> None:
    """The property above would hold if all pages were left alone."""
    head, tail, entries, _ = page
    text = head + "".join(entries) + tail
    if parse_front_matter(text, "page.md").fields is not None:
        assert not patch_page(text, "page.md").findings, text


@given(st.text(max_size=300), st.integers(0, 400))
def test_no_text_is_a_fault(text: str, at: int) -> None:
    for page in (
        text,
        f"---\n{text}\n---\n",
        PAGE[:at] + text + PAGE[at:],
        PAGE[:at] + PAGE[at + 9 :],
    ):
        patch = patch_page(page, "page.md")
        assert patch.is_changed or patch.text == page
        assert bool(patch.findings) <= (patch.text == page)


def test_the_whole_pipeline_reads_a_patched_page_as_before() -> None:
    """Linked and mapped too: no triple differs, and every leaf is accounted for."""
    text = of_block()
    before, after = outcome_of(text), outcome_of(patched(text).text)
    assert before.graph is not None
    assert after.graph == before.graph
    assert after.findings == before.findings
    assert not after.ledger.imbalances()


OF_ANOTHER = "/pmc/articles/PMC149053/figure/fig7/"


def test_the_figure_of_another_paper_is_never_written() -> None:
    patch = patch_page(written(fields(figlink=OF_ANOTHER)), f"{FIGID}.md")
    assert patch.is_changed
    assert "sameAs" not in block_of(patch.text)


def test_the_figure_of_another_paper_is_taken_out_where_it_was_written() -> None:
    block = jsonld(sameAs=[f"https://pmc.ncbi.nlm.nih.gov{OF_ANOTHER.removeprefix('/pmc')}"])
    patch = patch_page(
        written(fields(figlink=OF_ANOTHER, **{"schema-jsonld": block})), f"{FIGID}.md"
    )
    assert "sameAs" in patch.removed
    assert "sameAs" not in block_of(patch.text)
    right = jsonld(sameAs=["https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/figure/F1/"])
    kept = patch_page(written(fields(**{"schema-jsonld": right})), f"{FIGID}.md")
    assert block_of(kept.text)["sameAs"] == right["sameAs"]


def test_text_below_the_page_stays() -> None:
    below = "\n<!-- checked by a curator -->\n"
    patch = patch_page(written(fields()) + below, f"{FIGID}.md")
    assert patch.is_changed
    assert patch.text.endswith(f"---\n{below}")
