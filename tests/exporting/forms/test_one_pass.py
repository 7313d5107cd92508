"""`--also`: one pass for all forms, listed in the manifest, the same bytes for any way of running."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.errors import InputError, OutputError, UsageError
from pfocr_rdf.exporting.forms import names as form_names
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.forms.one_pass import InOrder, make_batch, make_forms
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.release.files import ALIGNMENT_FILE, Compression, WrittenFile
from pfocr_rdf.release.opened import Release, open_release
from pfocr_rdf.release.reader import read_file, read_pieces
from tests.support.formed import ALL, formed, gene_links, is_form, made, records, sha256s
from tests.support.pages import (
    assert_complete,
    checkout,
    command,
    decompressed,
    left_behind,
    manifest,
    many,
    page,
    run,
)
from tests.support.samples import Sample

FILES = {
    Form.KGX: {
        "pfocr_nodes.jsonl",
        "pfocr_edges.jsonl",
        "pfocr_prefix_map.json",
        "pfocr_kgx_metadata.json",
    },
    Form.GMT: {
        "pfocr-20241018-gmt-Homo_sapiens.gmt",
        "pfocr-20241018-synonyms-gmt-Homo_sapiens.gmt",
    },
    Form.GMT_SYMBOLS: {
        "pfocr-20241018-symbols-gmt-Homo_sapiens.gmt",
        "pfocr-20241018-synonyms-symbols-gmt-Homo_sapiens.gmt",
    },
    Form.BIOTHINGS: {f"pfocr-biothings-{tier}.ndjson" for tier in ("strict", "synonyms", "all")},
    Form.BIOTHINGS_HUMAN: {
        f"pfocr-biothings-human-{tier}.ndjson" for tier in ("strict", "synonyms", "all")
    },
    Form.SSSOM: {"pfocr.sssom.tsv"},
    Form.PARQUET: {"figures.parquet", "mentions.parquet", "entities.parquet"},
    Form.ROCRATE: {"ro-crate-metadata.json"},
}


@pytest.mark.parametrize("form", Form)
def test_each_form_alone_has_its_files(seeds: Path, tmp_path: Path, form: Form) -> None:
    out = formed(seeds, tmp_path / "out", form)
    assert set(sha256s(out)) == FILES[form]
    assert_complete(out)
    assert manifest(out)["options"]["also"] == [form]


def test_together_they_are_what_each_is_alone(seeds: Path, tmp_path: Path) -> None:
    together = sha256s(formed(seeds, tmp_path / "together"))
    alone: dict[str, str] = {}
    for form in ALL:
        if form is not Form.ROCRATE:  # it describes the others
            alone |= sha256s(formed(seeds, tmp_path / form, form))
    assert {name: sha for name, sha in together.items() if name in alone} == alone
    assert set(together) == set(alone) | FILES[Form.ROCRATE]


@pytest.mark.whole
@pytest.mark.parametrize("formats", [(FormatName.TURTLE,), (FormatName.NQUADS,), tuple(FormatName)])
def test_the_dump_they_are_made_of_does_not_matter(
    seeds: Path, tmp_path: Path, formats: tuple[FormatName, ...]
) -> None:
    forms = [form for form in ALL if form is not Form.ROCRATE]
    expected = sha256s(formed(seeds, tmp_path / "jsonld", *forms, formats=(FormatName.JSONLD,)))
    ways: dict[str, dict[str, Any]] = {
        "plain": {},
        "shards": {"shard_size": 2},
        "zstd": {"compression": Compression.ZSTD},
    }
    for name, options in ways.items():
        out = formed(seeds, tmp_path / name, *forms, formats=formats, **options)
        got = {file: decompressed(out / file) for file in sha256s(out)}
        assert {file.removesuffix(".zst") for file in got} == set(expected)
        for file, content in got.items():
            plain = (tmp_path / "jsonld" / file.removesuffix(".zst")).read_bytes()
            assert content == plain, (name, file)


@pytest.mark.whole
def test_any_number_of_jobs_makes_the_same(tmp_path: Path) -> None:
    corpus = many(tmp_path / "in", 150)
    one = formed(corpus, tmp_path / "one", jobs=1)
    two = formed(corpus, tmp_path / "two", jobs=2)
    assert sha256s(one) == sha256s(two)
    assert len(records(one / "pfocr-biothings-all.ndjson")) == 150


@pytest.mark.whole
def test_real_figures_are_complete_in_every_style(sample: Sample, tmp_path: Path) -> None:
    for style in IriStyle:
        out = formed(sample.pages, tmp_path / style, style=style)
        assert_complete(out)
        same = ("pfocr-biothings-all.ndjson", "pfocr_edges.jsonl")
        assert sha256s(out, same) == sha256s(tmp_path / IriStyle.OBO, same)


def test_a_changed_page_changes_its_figure_alone(tmp_path: Path) -> None:
    corpus = checkout(tmp_path / "in")
    out = formed(corpus, tmp_path / "out")
    before = {each["_id"]: each for each in records(out / "pfocr-biothings-all.ndjson")}
    path = corpus / "_figures/PMC1__a.md"
    path.write_text(path.read_text().replace("The figure PMC1__a", "Another title"))
    again = made(corpus, out)
    assert again.changes is not None
    assert again.changes.changed == ("PMC1__a",)
    after = {each["_id"]: each for each in records(out / "pfocr-biothings-all.ndjson")}
    assert [figid for figid in after if after[figid] != before[figid]] == ["PMC1__a"]
    assert sha256s(out) == sha256s(formed(corpus, tmp_path / "anew"))


def test_where_nothing_has_changed_the_forms_are_left_as_they_are(tmp_path: Path) -> None:
    corpus = checkout(tmp_path / "in")
    out = formed(corpus, tmp_path / "out")
    times = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    result = made(corpus, out)
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == times
    assert {file.name for file in result.files if is_form(file.name)} == set(sha256s(out))


@pytest.mark.parametrize("name", ["pfocr_edges.jsonl", "ro-crate-metadata.json"])
def test_a_form_that_was_damaged_is_made_again(tmp_path: Path, name: str) -> None:
    corpus = checkout(tmp_path / "in")
    out = formed(corpus, tmp_path / "out")
    expected = sha256s(out)
    (out / name).write_text("{}")
    formed(corpus, out)
    assert sha256s(out) == expected
    assert_complete(out)


def test_a_form_that_is_added_or_left_out_is_written_or_gone(tmp_path: Path) -> None:
    corpus = checkout(tmp_path / "in")
    out = tmp_path / "out"
    run(corpus, out=out)
    assert sha256s(out) == {}
    formed(corpus, out, Form.GMT)
    assert {Path(name).suffix for name in sha256s(out)} == {".gmt"}
    assert_complete(out)
    run(corpus, out=out)
    assert sha256s(out) == {}
    assert_complete(out)


def test_an_interrupted_run_publishes_no_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = checkout(tmp_path / "in")
    out = formed(corpus, tmp_path / "out", Form.GMT)
    before = sha256s(out)
    (corpus / "_figures/PMC3__d.md").write_text(page("PMC3__d"))
    full = OSError(28, "No space left on device")

    def refuse(*_: object) -> None:
        raise full

    monkeypatch.setattr("pfocr_rdf.exporting.forms.lines.LinesWriter.write", refuse)
    with pytest.raises(OutputError, match="nothing was published"):
        made(corpus, out, Form.KGX)
    assert sha256s(out) == before
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(("form", "library"), [("parquet", "pyarrow"), ("rocrate", "rocrate")])
def test_a_missing_library_is_named_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, library: str
) -> None:
    monkeypatch.setattr(form_names, "find_spec", lambda name: None if name == library else object())
    message = (
        rf"--also {form}: expected the library {library}, found none "
        rf"\(pip install 'pfocr-rdf\[{form}\]'\)"
    )
    with pytest.raises(UsageError, match=message):
        made(checkout(tmp_path / "in"), tmp_path / "out", *ALL)
    assert not (tmp_path / "out").exists()
    made(checkout(tmp_path / "in"), tmp_path / "out", Form.KGX)


@pytest.mark.whole
def test_libraries_of_extras_are_not_imported_unasked(tmp_path: Path) -> None:
    corpus = checkout(tmp_path / "in")
    code = (
        "import sys; from pfocr_rdf import export, ExportOptions; "
        "from pfocr_rdf.exporting.forms.names import Form; "
        f"export([{str(corpus)!r}], {str(tmp_path / 'out')!r}, "
        "ExportOptions(jobs=1, also=(Form.KGX, Form.GMT, Form.BIOTHINGS, Form.SSSOM))); "
        "print({'pyarrow', 'rocrate'} & set(sys.modules))"
    )
    run_ = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=280
    )
    assert run_.stdout.strip() == "set()", run_.stderr


@pytest.mark.whole
def test_the_command(tmp_path: Path) -> None:
    corpus, out = checkout(tmp_path / "in"), tmp_path / "out"
    done = command("export", corpus, "-o", out, "--also", "kgx, gmt,kgx", "--quiet")
    assert done.returncode == 0, done.stderr
    assert manifest(out)["options"]["also"] == ["gmt", "kgx"]
    assert (out / "pfocr_edges.jsonl").exists()
    wrong = command("export", corpus, "-o", out, "--also", "kgx,csv")
    assert wrong.returncode == 2
    known = "kgx, gmt, gmt-symbols, biothings, biothings-human, sssom, parquet, rocrate"
    assert wrong.stderr == f"error: --also: expected some of {known}, found 'kgx,csv'\n"


def forms_of(release: Release, in_order: InOrder) -> list[WrittenFile]:
    """Make all forms of a finished release, in its folder."""
    return make_forms(
        read_pieces(release),
        read_file(release.folder / ALIGNMENT_FILE),
        release.folder,
        ALL,
        name=release.name,
        date="2024-10-18",
        style=release.iri_style,
        compression=None,
        in_order=in_order,
    )


def test_a_dump_that_is_damaged_is_an_error_of_its_name(seeds: Path, tmp_path: Path) -> None:
    out = formed(seeds, tmp_path / "out", formats=(FormatName.JSONLD,))
    release = open_release(out)
    (out / "pfocr.jsonld").write_bytes((out / "pfocr.jsonld").read_bytes()[:-100])
    with pytest.raises(InputError, match=r"pfocr\.jsonld"):
        forms_of(release, lambda function, jobs: ((j, function(j)) for j in jobs))


def test_a_batch_is_made_of_what_can_be_sent_to_a_worker(seeds: Path, tmp_path: Path) -> None:
    import pickle

    out = formed(seeds, tmp_path / "out", Form.GMT)
    sent: list[int] = []

    def in_turn(function, jobs):  # type: ignore[no-untyped-def]
        assert function is make_batch
        for job in jobs:
            there = pickle.dumps((function, job))
            sent.append(len(there))
            function_, job_ = pickle.loads(there)
            yield job, pickle.loads(pickle.dumps(function_(job_)))

    files = forms_of(open_release(out), in_turn)
    assert len(sent) == 2, "five figures, and their entities"
    expected = {name for form in ALL if form is not Form.ROCRATE for name in FILES[form]}
    assert {file.name for file in files} == expected


def test_figures_have_one_set_of_genes_in_all_forms(sample: Sample, tmp_path: Path) -> None:
    out = formed(sample.pages, tmp_path / "out", Form.KGX, Form.BIOTHINGS)
    edges = {
        (edge["subject"][len("PFOCR:") : -len(".html")], edge["object"].removeprefix("NCBIGene:"))
        for edge in records(out / "pfocr_edges.jsonl")
        if edge["object"].startswith("NCBIGene:")
    }
    documents = {
        (each["_id"], gene)
        for each in records(out / "pfocr-biothings-all.ndjson")
        for gene in each["associatedWith"]["mentions"]["genes"]["ncbigene"]
    }
    assert edges == documents == gene_links(out)
    described = json.loads((out / "manifest.json").read_bytes())["options"]["also"]
    assert described == ["biothings", "kgx"]
