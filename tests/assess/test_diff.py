"""What `diff` says of two releases is true: every fact, every count, and the patch is exact."""

from __future__ import annotations

import io
import shutil
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pyoxigraph
import pytest
from typer.testing import CliRunner

from pfocr_rdf.assess.diff import ChangeKind, DiffFormat, Summary, compare, make_sink
from pfocr_rdf.cli.main import app
from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH, Iris, IriStyle
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import Triple
from pfocr_rdf.rdf.vocabulary import PFOCR, RDF, SCHEMA
from pfocr_rdf.release.files import Compression
from pfocr_rdf.release.opened import open_release
from tests.support.pathway_pages import fields, written
from tests.support.samples import Sample

GRAPH = "https://example.org/figures"


def exported(inputs: Path, out: Path, **options: object) -> Path:
    given: dict[str, Any] = {"jobs": 1, "validate": False, **options}
    export([inputs], out, ExportOptions(**given))
    return out


def compared(
    old: Path, new: Path, form: DiffFormat = DiffFormat.JSON, **options: Any
) -> tuple[Summary, str]:
    out = io.BytesIO()
    alignment = options.pop("alignment", "")
    sink = make_sink(form, out, Prefixes(Iris()), limit=options.pop("limit", 20), **options)
    summary = compare(open_release(old), open_release(new), sink, alignment)
    return summary, out.getvalue().decode()


def dumped(out: Path) -> set[Triple]:
    release = open_release(out)
    return {t for file in release.dump() for t in read_triples(release.path(file))}


@pytest.fixture
def pages(seeds: Path, tmp_path: Path) -> Path:
    """Seeds that a test may change."""
    return Path(shutil.copytree(seeds, tmp_path / "pages"))


def changed_pages(pages: Path) -> None:
    """Take one page away, add one, and change the title of one and a gene of another."""
    first, second, *_, last = sorted(pages.glob("*.txt"))
    text = last.read_text()
    figid = next(line.split(": ")[1] for line in text.splitlines() if line.startswith("figid:"))
    (pages / "new.txt").write_text(text.replace(figid, figid + "x"))
    first.unlink()
    lines = second.read_text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith("figtitle:"))
    lines[at] = "figtitle: Another title\n"
    second.write_text("".join(lines))


def test_nothing_differs(pages: Path, tmp_path: Path) -> None:
    old, new = exported(pages, tmp_path / "old"), exported(pages, tmp_path / "new")
    for form in DiffFormat:
        summary, text = compared(old, new, form, issued="2024-11-30")
        assert summary.same
        assert "say the same" in text or form in (DiffFormat.JSON, DiffFormat.ATOM)
    assert orjson.loads(compared(old, new)[1])["changes"] == []


@pytest.mark.parametrize("formats", [("jsonld", "jsonld"), ("ttl", "nt"), ("jsonld", "trig")])
def test_facts_are_the_difference_of_the_graphs(
    pages: Path, tmp_path: Path, formats: tuple[str, str]
) -> None:
    names = {"jsonld": FormatName.JSONLD, "ttl": FormatName.TURTLE, "nt": FormatName.NTRIPLES,
             "trig": FormatName.TRIG}  # fmt: skip
    old = exported(pages, tmp_path / "old", formats=(names[formats[0]],))
    changed_pages(pages)
    new = exported(
        pages, tmp_path / "new", formats=(names[formats[1]],), compression=Compression.GZIP
    )
    summary, text = compared(old, new)
    before, now = dumped(old), dumped(new)
    record = orjson.loads(text)
    changes = record["changes"]
    assert record["summary"]["figures"] == {
        "before": 5, "now": 5, "added": 1, "removed": 1, "changed": 1
    }  # fmt: skip
    assert {tuple(t) for c in changes for t in c["removed"]} == shown(before - now)
    assert {tuple(t) for c in changes for t in c["added"]} == shown(now - before)
    assert summary.triples_removed == len(before - now)
    assert summary.triples_added == len(now - before)
    assert dict(summary.figures) == figures_of(before, now)
    assert [c["label"] for c in changes if c["change"] == "changed" and c["what"] == "figure"] == [
        "Another title"
    ]


def shown(triples: set[Triple]) -> set[tuple[str, ...]]:
    nodes = {str(quad.triple) for quad in _parsed(triples)}
    return {tuple(_cut(line)) for line in nodes}


def _parsed(triples: set[Triple]) -> list[pyoxigraph.Quad]:
    from pfocr_rdf.rdf.ntriples import ntriples_term

    lines = "".join(f"<{s}> <{p}> {ntriples_term(o)} .\n" for s, p, o in triples)
    return list(pyoxigraph.parse(lines.encode(), pyoxigraph.RdfFormat.N_TRIPLES))


def _cut(line: str) -> list[str]:
    return line.split(" ", 2)


def figures_of(before: set[Triple], now: set[Triple]) -> Mapping[ChangeKind, int]:
    """Count figures by what became of them, from the sets of all triples."""
    facts: list[dict[str, set[Triple]]] = []
    for triples in (before, now):
        of: dict[str, set[Triple]] = {
            str(s): set() for s, p, o in triples if p == RDF.type and o == PFOCR.PathwayFigure
        }
        for triple in triples:
            subject = str(triple[0]).partition("#")[0]
            if subject in of:
                of[subject].add(triple)
        facts.append(of)
    old, new = facts
    return {
        ChangeKind.ADDED: len(new.keys() - old.keys()),
        ChangeKind.REMOVED: len(old.keys() - new.keys()),
        ChangeKind.CHANGED: sum(old[s] != new[s] for s in old.keys() & new.keys()),
    }


@pytest.mark.parametrize("graph", ["", GRAPH])
def test_the_patch_turns_old_into_new(pages: Path, tmp_path: Path, graph: str) -> None:
    old = exported(pages, tmp_path / "old")
    changed_pages(pages)
    new = exported(pages, tmp_path / "new")
    assert patched(old, new, graph) == stored(new, graph)


@pytest.mark.whole
def test_the_patch_of_real_figures_and_two_hgnc_tables(best_sample: Sample, tmp_path: Path) -> None:
    old, new = (
        exported(best_sample.pages, tmp_path / year, hgnc=table)
        for year, table in (("2018", best_sample.hgnc_2018), ("2024", best_sample.hgnc))
    )
    assert patched(old, new, GRAPH) == stored(new, GRAPH)
    summary, _ = compared(old, new)
    assert not summary.figures[ChangeKind.ADDED] + summary.figures[ChangeKind.REMOVED]
    assert {(r.before, r.now) for r in summary.renamed} == renamed_by_hand(dumped(old), dumped(new))


@pytest.mark.whole
def test_symbols_that_hgnc_has_renamed(best_sample: Sample, tmp_path: Path) -> None:
    genes = [
        {"word": symbol, "symbol": symbol, "source": "hgnc_symbol", "hgnc_symbol": symbol,
         "entrez": entrez}
        for symbol, entrez in (("G6PC", "2538"), ("DDX58", "23586"), ("TNF", "7124"))
    ]  # fmt: skip
    (tmp_path / "pages").mkdir()
    page = written(fields(figid="PMC1__a", pmcid="PMC1", genes=genes))
    (tmp_path / "pages" / "a.md").write_text(page)
    old, new = (
        exported(tmp_path / "pages", tmp_path / year, hgnc=table)
        for year, table in (("2018", best_sample.hgnc_2018), ("2024", best_sample.hgnc))
    )
    summary, text = compared(old, new, DiffFormat.HUMAN)
    names = [(r.before, r.now) for r in summary.renamed]
    assert names == [("DDX58", "RIGI"), ("G6PC", "G6PC1")]
    assert "G6PC is now G6PC1 (ncbigene:2538)" in text
    assert patched(old, new, "") == stored(new, "")


def renamed_by_hand(before: set[Triple], now: set[Triple]) -> set[tuple[str, str]]:
    names: list[dict[str, str]] = []
    for triples in (before, now):
        genes = {s for s, p, o in triples if p == RDF.type and o == SCHEMA.Gene}
        names.append(
            {
                str(s): o.lexical  # type: ignore[union-attr]
                for s, p, o in triples
                if p == SCHEMA.name and s in genes
            }
        )
    old, new = names
    return {(old[g], new[g]) for g in old.keys() & new.keys() if old[g] != new[g]}


def stored(out: Path, graph: str) -> set[pyoxigraph.Quad]:
    store = pyoxigraph.Store()
    target = pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()
    release = open_release(out)
    for file in release.dump():
        store.load(path=release.path(file), to_graph=target)
    store.load(path=out / "alignment.ttl", to_graph=pyoxigraph.NamedNode(ALIGNMENT_GRAPH))
    return set(store)


def patched(old: Path, new: Path, graph: str) -> set[pyoxigraph.Quad]:
    store = pyoxigraph.Store()
    store.extend(stored(old, graph))
    _, update = compared(old, new, DiffFormat.SPARQL_UPDATE, graph=graph, alignment=ALIGNMENT_GRAPH)
    store.update(update)
    return set(store)


def test_genes_that_figures_show_for_the_first_time(pages: Path, tmp_path: Path) -> None:
    page = min(pages.glob("*.txt"))
    kept = page.read_text()
    page.unlink()
    old = exported(pages, tmp_path / "old")
    page.write_text(kept)
    new = exported(pages, tmp_path / "new")
    forth, _ = compared(old, new)
    back, _ = compared(new, old)
    before, now = mentioned(dumped(old)), mentioned(dumped(new))
    assert {(g.gene, g.figures) for g in forth.newly_linked} == {
        (gene, count) for gene, count in now.items() if gene not in before
    }
    assert forth.newly_linked == back.no_longer_linked
    assert forth.newly_linked
    assert not forth.no_longer_linked
    assert all(linked.symbol for linked in forth.newly_linked)


def mentioned(triples: set[Triple]) -> Counter[str]:
    genes = {s for s, p, o in triples if p == RDF.type and o == SCHEMA.Gene}
    return Counter(str(o) for _, p, o in triples if p == SCHEMA.mentions and o in genes)


def test_counts_per_class_are_those_of_the_dumps(pages: Path, tmp_path: Path) -> None:
    old = exported(pages, tmp_path / "old")
    changed_pages(pages)
    new = exported(pages, tmp_path / "new")
    summary, _ = compared(old, new)
    for side, out in enumerate((old, new)):
        counts = Counter(o for _, p, o in dumped(out) if p == RDF.type)
        assert {name: totals[side] for name, totals in summary.classes.items() if totals[side]} == (
            counts
        )


@pytest.mark.parametrize("form", [DiffFormat.HUMAN, DiffFormat.MARKDOWN])
def test_people_are_shown_what_changed(pages: Path, tmp_path: Path, form: DiffFormat) -> None:
    old = exported(pages, tmp_path / "old", release="2023")
    changed_pages(pages)
    new = exported(pages, tmp_path / "new", release="2024")
    _, text = compared(old, new, form)
    assert "From 2023 to 2024" in text
    for said in ("Figures added: 1", "Figures removed: 1", "Figures changed: 1"):
        assert said in text
    assert '"Another title"' in text
    assert ("## " in text) == (form is DiffFormat.MARKDOWN)
    table = {row[0]: row[1:] for line in text.splitlines() if len(row := cells(line)) == 6}
    assert table["figures"] == ["5", "5", "1", "1", "1"]
    assert table["triples"][:2] == [f"{len(dumped(out)):,}" for out in (old, new)]
    for side, out in enumerate((old, new)):
        pieces = {str(s).partition("#")[0] for s, _, _ in dumped(out)}
        assert table["entities"][side] == str(len(pieces) - 5)
    assert all("" not in row for row in table.values())
    _, short = compared(old, new, form, limit=1)
    assert "more (--limit 0 shows all)" in short
    _, whole = compared(old, new, form, limit=0)
    assert "--limit" not in whole


def cells(line: str) -> list[str]:
    """Return the cells of a line of a table, Markdown or not."""
    return line.strip("| ").replace("|", " ").split()


@pytest.mark.parametrize("form", [DiffFormat.HUMAN, DiffFormat.MARKDOWN])
def test_texts_of_others_do_not_reach_the_terminal_raw(
    pages: Path, tmp_path: Path, form: DiffFormat
) -> None:
    old = exported(pages, tmp_path / "old")
    page = max(pages.glob("*.txt"))
    lines = page.read_text().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith("figtitle:"))
    lines[at] = 'figtitle: "A \\u202Eeltit\\u2066 \\u200F\\x9B31m"\n'
    page.write_text("".join(lines))
    _, text = compared(old, exported(pages, tmp_path / "new"), form)
    assert "A \ufffdeltit\ufffd" in text
    assert {c for c in text if not c.isprintable()} == {"\n"}


def test_styles_must_agree(pages: Path, tmp_path: Path) -> None:
    old = exported(pages, tmp_path / "old")
    new = exported(pages, tmp_path / "new", style=IriStyle.UNIPROT)
    with pytest.raises(UsageError, match="one IRI style, found obo and uniprot"):
        compared(old, new)


def test_command(pages: Path, tmp_path: Path) -> None:
    old = exported(pages, tmp_path / "old")
    changed_pages(pages)
    new = exported(pages, tmp_path / "new")
    run = CliRunner().invoke
    result = run(app, ["diff", str(old), str(new), "--exit-code"])
    assert result.exit_code == 1
    assert "Figures added: 1" in result.stdout
    assert run(app, ["diff", str(old), str(old), "--exit-code"]).exit_code == 0
    target = tmp_path / "patch.ru"
    result = run(app, ["diff", str(old), str(new), "--format", "sparql-update", "-o", str(target)])
    assert result.exit_code == 0
    assert target.read_text().startswith("DELETE DATA {")
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


def test_a_comparison_that_fails_leaves_the_file_that_was_there(
    pages: Path, tmp_path: Path
) -> None:
    old = exported(pages, tmp_path / "old")
    target = tmp_path / "diff.json"
    target.write_text("earlier")
    missing = tmp_path / "nothing"
    result = CliRunner().invoke(app, ["diff", str(old), str(missing), "-o", str(target)])
    assert isinstance(result.exception, InputError)
    assert target.read_text() == "earlier"


def test_a_feed_has_new_figures_and_the_release(pages: Path, tmp_path: Path) -> None:
    old = exported(pages, tmp_path / "old", release="one")
    evil = "<b>PI3K & AKT</b>"
    page = fields(figid="PMC9__new", pmcid="PMC9") | {
        "figtitle": evil,
        "caption": "What\x0b is ]]> new",
    }
    (pages / "PMC9__new.md").write_text(written(page), encoding="utf-8")
    new = exported(pages, tmp_path / "new", release="two", issued="2026-11-30")
    summary, text = compared(old, new, DiffFormat.ATOM, issued="2026-11-30")
    feed = ET.fromstring(text)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = {entry.findtext(f"{atom}id"): entry for entry in feed.iter(f"{atom}entry")}
    figure = "https://pfocr.wikipathways.org/figures/PMC9__new.html"
    assert list(entries) == [figure, "https://w3id.org/pfocr/release/two"]
    assert entries[figure].findtext(f"{atom}title") == evil
    link = entries[figure].find(f"{atom}link")
    assert link is not None
    assert link.get("href") == figure
    assert "]]> new" in (entries[figure].findtext(f"{atom}summary") or "")
    told = entries["https://w3id.org/pfocr/release/two"].findtext(f"{atom}summary")
    assert told == "Since one, figures added: 1, removed: 0, changed: 0; 6 in all."
    assert summary.figures[ChangeKind.ADDED] == 1
    every = [feed, *entries.values()]
    assert {each.findtext(f"{atom}updated") for each in every} == {"2026-11-30T00:00:00Z"}
    with pytest.raises(UsageError, match=r"a newer release with a day, found none"):
        compared(old, new, DiffFormat.ATOM)
