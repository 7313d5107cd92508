"""A release as those see it who read one: its name, its dump, and what is no release."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import orjson
import pytest

from pfocr_rdf.errors import InputError
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA
from pfocr_rdf.release.files import MANIFEST, Compression
from pfocr_rdf.release.opened import open_release


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    out = tmp_path_factory.mktemp("release") / "out"
    options = ExportOptions(
        formats=(FormatName.JSONLD, FormatName.TURTLE),
        shard_size=2,
        compression=Compression.ZSTD,
        release="2024-11",
        style=IriStyle.UNIPROT,
        jobs=1,
    )
    export([str(seeds)], str(out), options)
    return out


@pytest.fixture
def copy(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "copy"))


def test_release_is_known_from_its_manifest(released: Path) -> None:
    release = open_release(released)
    content = (released / MANIFEST).read_bytes()
    assert release.folder == released
    assert release.key == hashlib.sha256(content).hexdigest()
    assert release.name == "2024-11"
    assert release.iri_style is IriStyle.UNIPROT
    assert [file.name for file in release.outputs] == [
        file["name"] for file in orjson.loads(content)["outputs"]
    ]


def test_dump_is_one_format_with_figures_before_entities(released: Path) -> None:
    release = open_release(released)
    assert [file.name for file in release.dump()] == [
        "pfocr-00001.ttl.zst",
        "pfocr-00002.ttl.zst",
        "pfocr-00003.ttl.zst",
        *sorted(path.name for path in released.glob("pfocr-entities-*.ttl.zst")),
    ]
    assert release.triples == sum(file.triples for file in release.dump()) > 2000


@pytest.mark.parametrize(
    ("formats", "first"),
    [
        (tuple(FormatName), "pfocr.nt"),
        ((FormatName.TURTLE, FormatName.NQUADS), "pfocr.ttl"),
        ((FormatName.TRIG, FormatName.NQUADS), "pfocr.nq"),
        ((FormatName.JSONLD, FormatName.TRIG), "pfocr.trig"),
        ((FormatName.JSONLD,), "pfocr.jsonld"),
    ],
)
def test_dump_is_of_the_quickest_format(
    tmp_path: Path, seeds: Path, formats: tuple[FormatName, ...], first: str
) -> None:
    export([str(seeds)], str(tmp_path / "out"), ExportOptions(formats=formats, jobs=1))
    assert [file.name for file in open_release(tmp_path / "out").dump()] == [first]


def test_class_counts_are_those_of_void(released: Path) -> None:
    counts = open_release(released).class_counts
    assert counts[PFOCR.PathwayFigure] == 5
    assert counts[SCHEMA.ScholarlyArticle] == 5
    assert counts[PFOCR.GeneMention] > 100
    assert list(counts) == sorted(counts)
    assert IRI("http://schema.org/Nothing") not in counts


def test_a_folder_without_manifest_is_no_release(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(
            InputError, match=r"expected the folder of an export, found no manifest"
        ):
            open_release(folder)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="expected the folder of an export"):
        open_release(tmp_path / "file")


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b'{"outputs": []}', b'{"outputs": [{"name": "x"}]}', b"null"],
)
def test_other_manifests_are_told_apart(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(InputError, match="expected the manifest of an export, found another file"):
        open_release(tmp_path)


def test_the_manifest_of_another_program_is_no_release(copy: Path) -> None:
    record = orjson.loads((copy / MANIFEST).read_bytes())
    record["versions"] = {"other": "1"}
    (copy / MANIFEST).write_bytes(orjson.dumps(record))
    with pytest.raises(InputError, match="expected the manifest of an export, found another file"):
        open_release(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "pfocr-00002.ttl.zst").unlink()
    with pytest.raises(InputError, match=r"pfocr-00002\.ttl\.zst: expected a file that .* lists"):
        open_release(copy)


def test_a_file_of_another_size_is_named(copy: Path) -> None:
    path = copy / "pfocr-00002.ttl.zst"
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=rf"expected {size:,} bytes .*, found {size - 1:,}"):
        open_release(copy)


def test_names_may_not_lead_out_of_the_folder(copy: Path) -> None:
    record = orjson.loads((copy / MANIFEST).read_bytes())
    record["outputs"][0]["name"] = "../other/alignment.ttl"
    (copy / MANIFEST).write_bytes(orjson.dumps(record))
    with pytest.raises(InputError, match=r"expected names of files, found '\.\./other"):
        open_release(copy)


def test_a_release_without_dump_is_refused_when_it_is_asked_for(copy: Path) -> None:
    record = orjson.loads((copy / MANIFEST).read_bytes())
    record["outputs"] = [file for file in record["outputs"] if file["name"] == "void.ttl"]
    (copy / MANIFEST).write_bytes(orjson.dumps(record))
    release = open_release(copy)
    assert release.listed("void.ttl") is not None
    assert release.listed("alignment.ttl") is None
    with pytest.raises(InputError, match="expected a dump"):
        release.dump()
