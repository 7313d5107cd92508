"""The store of a release: what is in it, when it is built, and what is left when it is not."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyoxigraph
import pytest

from pfocr_rdf.errors import InputError, OutputError, QueryError, WorkerError
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.query.answers import run_query
from pfocr_rdf.query.index.read import Index
from pfocr_rdf.query.index.words import Search
from pfocr_rdf.query.questions import as_rdf, load_questions
from pfocr_rdf.query.store import (
    VOCABULARY_GRAPH,
    BuildStep,
    StorePlace,
    ensure_store,
    open_triples,
)
from pfocr_rdf.query.store.triples import QUESTIONS_GRAPH, SHAPES_GRAPH, _quads, _Stream
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import ALIGNMENT_GRAPH
from pfocr_rdf.rdf.terms import Literal, Triple
from pfocr_rdf.release import Progress
from pfocr_rdf.release.files import ALIGNMENT_FILE, VOID_FILE, Compression
from pfocr_rdf.release.opened import Release, open_release
from pfocr_rdf.shipped import CACHE_VARIABLE, ontology_file, shipped_shapes
from tests.support.pages import many, run, unmeasured
from tests.support.samples import Sample
from tests.support.serving import children

DEADLINE = 120.0  # seconds that a loaded machine may take
BUILD = (
    "import sys; from pathlib import Path;"
    "from pfocr_rdf.release.opened import open_release; from pfocr_rdf.query.store import ensure_store;"
    "sys.stdout.write(str(ensure_store(open_release(Path(sys.argv[1]))).folder))"
)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    out = tmp_path_factory.mktemp("store") / "out"
    export([str(seeds)], str(out), ExportOptions(formats=(FormatName.TURTLE,), jobs=1))
    return out


@pytest.fixture
def out(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "out"))


def canonical(triples: Iterable[Triple]) -> set[tuple[str, str, str]]:
    """Return triples as Oxigraph keeps them: numbers by their value."""
    store = pyoxigraph.Store()
    lines = []
    for subject, predicate, value in triples:
        assert isinstance(subject, str)
        if isinstance(value, str):
            term: Any = pyoxigraph.NamedNode(value)
        else:
            assert isinstance(value, Literal)
            term = (
                pyoxigraph.Literal(value.lexical, language=value.language)
                if value.language
                else pyoxigraph.Literal(
                    value.lexical, datatype=pyoxigraph.NamedNode(value.datatype)
                )
            )
        lines.append(
            pyoxigraph.Quad(pyoxigraph.NamedNode(subject), pyoxigraph.NamedNode(predicate), term)
        )
    store.extend(lines)
    return texts(store, pyoxigraph.DefaultGraph())


def texts(
    store: pyoxigraph.Store, graph: pyoxigraph.DefaultGraph | pyoxigraph.NamedNode
) -> set[tuple[str, str, str]]:
    return {
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in store.quads_for_pattern(None, None, None, graph)
    }


def dumped(release: Release) -> set[tuple[str, str, str]]:
    """Return what the default graph must hold, as another reader of the files has it."""
    names = [file.name for file in release.dump()] + [VOID_FILE]
    shown = canonical(triple for name in names for triple in read_triples(release.folder / name))
    return shown | questions()


def questions() -> set[tuple[str, str, str]]:
    """Return the shipped questions as RDF, in the words of pyoxigraph."""
    parsed = pyoxigraph.parse(as_rdf(load_questions().values()), pyoxigraph.RdfFormat.TURTLE)
    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parsed}


def assert_whole(place: StorePlace, release: Release) -> None:
    store = open_triples(place)
    assert texts(store, pyoxigraph.DefaultGraph()) == dumped(release)
    assert Index(place.index_file).numbers.totals["triples"] == release.triples


def beside(folder: Path) -> list[str]:
    """Return what lies beside a release."""
    return sorted(path.name for path in folder.parent.iterdir() if path != folder)


def test_every_triple_and_graph_is_there(out: Path) -> None:
    release = open_release(out)
    place = ensure_store(release)
    assert place.folder == out.with_name("out.store")
    assert beside(out) == ["out.store"]
    store = open_triples(place)
    assert texts(store, pyoxigraph.DefaultGraph()) == dumped(release)
    for graph, path in (
        (ALIGNMENT_GRAPH, out / ALIGNMENT_FILE),
        (VOCABULARY_GRAPH, ontology_file()),
    ):
        assert texts(store, pyoxigraph.NamedNode(graph)) == canonical(read_triples(path))
    assert texts(store, pyoxigraph.NamedNode(QUESTIONS_GRAPH)) == questions()
    shapes = pyoxigraph.Store()
    for path in shipped_shapes():
        shapes.load(path=str(path))
    assert len(texts(store, pyoxigraph.NamedNode(SHAPES_GRAPH))) == len(shapes)
    assert {graph.value for graph in store.named_graphs() if hasattr(graph, "value")} == {
        ALIGNMENT_GRAPH,
        QUESTIONS_GRAPH,
        SHAPES_GRAPH,
        VOCABULARY_GRAPH,
    }


def test_an_editor_finds_examples_and_prefixes(out: Path) -> None:
    """What sparql-editor asks an endpoint for, in its words."""
    store = open_triples(ensure_store(open_release(out)))
    examples = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
  ?sq a sh:SPARQLExecutable ;
    rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
    prefixes = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
    assert len(list(run_query(store, examples).rows())) == len(load_questions())
    found = {
        str(prefix).strip('"'): str(space).partition('"^^')[0].strip('"')
        for prefix, space in run_query(store, prefixes).rows()
    }
    assert found["pfocr"] == "https://w3id.org/pfocr/vocab#"
    assert {"schema", "oa", "skos"} <= set(found)


def test_an_editor_finds_every_class_and_property(out: Path) -> None:
    """What sparql-editor asks a VoID description for, pattern by pattern."""
    store = open_triples(ensure_store(open_release(out)))
    schema = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?other ?datatype ?triples ?label {
  {
    OPTIONAL { ?graph sd:graph ?described . ?described void:classPartition ?part }
    ?part void:class ?class ; void:propertyPartition ?within .
    OPTIONAL { ?class rdfs:label ?label }
    ?within void:property ?property .
    OPTIONAL { ?within void:triples ?triples }
    OPTIONAL {
      { ?within void:classPartition [ void:class ?other ] }
      UNION { ?within ext:datatypePartition [ ext:datatype ?datatype ] }
    }
  } UNION {
    ?links void:subjectsTarget [ void:class ?class ] ; void:linkPredicate ?property ;
      void:objectsTarget [ void:class ?other ] .
  }
} ORDER BY ?class ?other ?datatype ?triples"""
    found = [tuple(map(str, row)) for row in run_query(store, schema).rows()]
    data = pyoxigraph.Store()
    data.load(path=str(out / "pfocr.ttl"), format=pyoxigraph.RdfFormat.TURTLE)

    def asked(query: str) -> set[tuple[str, ...]]:
        return {tuple(map(str, row)) for row in run_query(data, query).rows()}

    true = asked("SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p")
    assert len(true) > 100
    assert {(row[0], row[1], row[4]) for row in found} == true
    assert {row[:3] for row in found if row[2] != "None"} == asked(
        "SELECT DISTINCT ?c ?p ?d { ?s a ?c ; ?p ?o . ?o a ?d }"
    )
    assert {(row[0], row[1], row[3]) for row in found if row[3] != "None"} == asked(
        "SELECT DISTINCT ?c ?p ?t { ?s a ?c ; ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?t) }"
    )


def test_a_query_sees_the_default_graph_only(out: Path) -> None:
    store = open_triples(ensure_store(open_release(out)))
    ask = "ASK { ?gene <http://www.w3.org/2004/02/skos/core#exactMatch> ?other %s }"
    styles = 'FILTER(STRSTARTS(STR(?other), "http://purl.uniprot.org/"))'
    assert not bool(store.query(ask % styles))
    inside = f"ASK {{ GRAPH <{ALIGNMENT_GRAPH}> {{ ?s ?p ?other {styles} }} }}"
    assert bool(store.query(inside))


@pytest.mark.parametrize("format_", list(FormatName))
@pytest.mark.parametrize("compression", [None, *Compression])
@pytest.mark.parametrize("shard_size", [0, 2])
def test_any_export_can_be_loaded(
    tmp_path: Path,
    seeds: Path,
    format_: FormatName,
    compression: Compression | None,
    shard_size: int,
) -> None:
    out = tmp_path / "out"
    options = ExportOptions(
        formats=(format_,), compression=compression, shard_size=shard_size, jobs=1, validate=False
    )
    export([str(seeds)], str(out), options)
    release = open_release(out)
    assert_whole(ensure_store(release), release)


def test_a_real_sample_is_loaded_whole(tmp_path: Path, sample: Sample) -> None:
    out = tmp_path / "out"
    export(
        [str(sample.pages)],
        str(out),
        ExportOptions(formats=(FormatName.NTRIPLES,), jobs=1, validate=False),
    )
    release = open_release(out)
    assert_whole(ensure_store(release), release)


def test_progress_covers_all_steps_and_ends_at_the_total(tmp_path: Path) -> None:
    run(many(tmp_path / "in", 700), out=tmp_path / "out", validate=False)
    seen: list[Progress] = []
    ensure_store(open_release(tmp_path / "out"), seen.append)
    assert list(dict.fromkeys(each.step for each in seen)) == list(BuildStep)
    for step in (BuildStep.LOAD, BuildStep.INDEX):
        of_step = [each for each in seen if each.step is step]
        assert len(of_step) > 1
        assert [each.done for each in of_step] == sorted(each.done for each in of_step)
        assert of_step[-1].done == of_step[-1].total > 0


def test_a_current_store_is_used_as_it_is(out: Path) -> None:
    place = ensure_store(open_release(out))
    before = place.index_file.stat().st_ino
    seen: list[Progress] = []
    assert ensure_store(open_release(out), seen.append) == place
    assert not seen
    assert place.index_file.stat().st_ino == before
    assert ensure_store(open_release(out), seen.append, rebuild=True) == place
    assert seen
    assert place.index_file.stat().st_ino != before


def test_opening_a_store_does_not_make_it_stale(out: Path) -> None:
    place = ensure_store(open_release(out))
    for _ in range(3):
        assert len(open_triples(place)) > 0
        Search(place.index_file).close()
    seen: list[Progress] = []
    ensure_store(open_release(out), seen.append)
    assert not seen


def test_another_release_in_the_folder_gets_another_store(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(many(tmp_path / "in", 3), out=out)
    old = ensure_store(open_release(out))
    reader = open_triples(old)
    run(many(tmp_path / "in", 4), out=out)
    release = open_release(out)
    assert_whole(ensure_store(release), release)
    assert Index(old.index_file).numbers.totals["figures"] == 4
    assert len(reader) > 0, "one who reads the old store reads on"
    assert beside(out) == ["in", "out.store"]


def _replaced_by_a_file(place: StorePlace) -> None:
    shutil.rmtree(place.folder)
    place.folder.write_text("a file")


@pytest.mark.parametrize(
    "harm",
    [
        lambda place: place.index_file.unlink(),
        lambda place: (place.folder / "key.json").write_text("{"),
        lambda place: (place.folder / "key.json").unlink(),
        lambda place: next(place.oxigraph.glob("*.sst")).unlink(),
        lambda place: os.truncate(next(place.oxigraph.glob("*.sst")), 100),
        lambda place: os.truncate(place.index_file, 4096),
        lambda place: shutil.rmtree(place.oxigraph),
        _replaced_by_a_file,
    ],
)
def test_a_damaged_store_is_built_again(out: Path, harm: Any) -> None:
    release = open_release(out)
    harm(ensure_store(release))
    assert_whole(ensure_store(release), release)
    assert beside(out) == ["out.store"]


def test_a_store_of_another_format_is_built_again(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = open_release(out)
    ensure_store(release)
    monkeypatch.setattr("pfocr_rdf.query.store.location.FORMAT", 999)
    seen: list[Progress] = []
    ensure_store(release, seen.append)
    assert seen


def test_damage_that_sizes_do_not_show_is_told_and_mended(out: Path) -> None:
    place = ensure_store(open_release(out))
    for manifest in place.oxigraph.glob("MANIFEST-*"):
        manifest.write_bytes(b"\xff" * manifest.stat().st_size)
    with pytest.raises(InputError, match="found it damaged") as caught:
        open_triples(place)
    assert "\n" not in str(caught.value)
    assert_whole(ensure_store(open_release(out)), open_release(out))


def test_damage_within_the_triples_is_told_when_they_are_asked_for(out: Path) -> None:
    place = ensure_store(open_release(out))
    for table in place.oxigraph.glob("*.sst"):
        content = bytearray(table.read_bytes())
        content[: len(content) // 2] = bytes(len(content) // 2)
        table.write_bytes(content)
    with pytest.raises((InputError, QueryError), match=r"damaged") as caught:
        list(run_query(open_triples(place), "SELECT * { ?s ?p ?o }").rows())
    assert "\n" not in str(caught.value)


def test_a_broken_dump_is_named_and_leaves_nothing(out: Path) -> None:
    path = out / "pfocr.ttl"
    content = path.read_bytes()
    path.write_bytes(content[:-200] + b"?" * 200)
    with pytest.raises(InputError, match=r"pfocr\.ttl: expected RDF as it was exported"):
        ensure_store(open_release(out))
    assert beside(out) == []


@pytest.mark.parametrize("compression", list(Compression))
def test_a_broken_archive_is_named_and_leaves_nothing(
    tmp_path: Path, compression: Compression
) -> None:
    out = tmp_path / "out"
    run(many(tmp_path / "in", 30), out=out, compression=compression)
    (dump,) = open_release(out).dump()
    path = out / dump.name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
    with pytest.raises(InputError, match=r"expected a complete archive|expected RDF") as caught:
        ensure_store(open_release(out))
    assert "\n" not in str(caught.value)
    assert beside(out) == ["in"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:-100], "expected a complete archive, found one that ends"),
        (
            lambda text: text.replace(b"[\n", b"[", 1),
            "expected RDF as it was exported, found: JSON",
        ),
        (lambda text: text.replace(b'"@type":', b'"@type" ', 1), "expected RDF as it was exported"),
    ],
)
def test_broken_json_ld_is_named_and_leaves_nothing(
    tmp_path: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    out = tmp_path / "out"
    run(many(tmp_path / "in", 3), out=out, formats=(FormatName.JSONLD,))
    release = open_release(out)
    path = out / "pfocr.jsonld"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(InputError, match=rf"pfocr\.jsonld: {said}") as caught:
        ensure_store(release)
    assert "\n" not in str(caught.value)
    assert beside(out) == ["in"]


def test_json_ld_is_not_read_whole_before_it_is_stored(tmp_path: Path) -> None:
    """Its parser holds all that it is handed; a dump of a release would be several gigabytes."""
    out = tmp_path / "out"
    run(many(tmp_path / "in", 300), out=out, formats=(FormatName.JSONLD,), validate=False)
    (dump,) = open_release(out).dump()
    with (out / dump.name).open("rb") as raw:
        quads = _quads(_Stream(raw, dump.name, lambda _: None), pyoxigraph.RdfFormat.JSON_LD)
        next(quads)
        assert raw.tell() < dump.bytes / 2
        assert 1 + sum(1 for _ in quads) == dump.triples
        assert raw.tell() == dump.bytes


def test_interrupting_leaves_nothing(out: Path) -> None:
    for step in BuildStep:

        def stop(progress: Progress, step: BuildStep = step) -> None:
            if progress.step is step:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ensure_store(open_release(out), stop)
        assert beside(out) == []


def test_interrupting_within_a_big_file_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(many(tmp_path / "in", 700), out=out, validate=False)

    def stop(progress: Progress) -> None:
        if 0 < progress.done < progress.total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure_store(open_release(out), stop)
    assert beside(out) == ["in"]


def test_two_builders_make_one_store(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(many(tmp_path / "in", 200), out=out, validate=False)
    processes = [
        subprocess.Popen([sys.executable, "-c", BUILD, out], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    try:
        places = {process.communicate(timeout=DEADLINE)[0] for process in processes}
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert places == {str(tmp_path / "out.store")}
    release = open_release(out)
    assert_whole(StorePlace(tmp_path / "out.store"), release)
    assert beside(out) == ["in", "out.store"]


@pytest.mark.whole
def test_a_process_that_is_killed_while_the_index_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(many(tmp_path / "in", 300), out=tmp_path / "out", validate=False)
    monkeypatch.setattr("pfocr_rdf.query.store.build._FEW", 0)

    def kill(progress: Progress) -> None:
        if progress.step is BuildStep.INDEX:
            for process in children(os.getpid()):
                os.kill(process, signal.SIGKILL)

    with pytest.raises(WorkerError, match="was killed"):
        ensure_store(open_release(tmp_path / "out"), kill, jobs=2)
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    assert ensure_store(open_release(tmp_path / "out"), jobs=2).index_file.exists()


@pytest.mark.whole
@pytest.mark.parametrize("after", ["loading", "optimizing", "indexing"])
def test_a_killed_builder_does_no_harm(tmp_path: Path, after: str) -> None:
    out = tmp_path / "out"
    run(many(tmp_path / "in", 300), out=out, validate=False)
    program = (
        "import sys, time; from pathlib import Path;"
        "from pfocr_rdf.release.opened import open_release; from pfocr_rdf.query.store import ensure_store;\n"
        "def show(progress):\n"
        "    if progress.step.startswith(sys.argv[2]):\n"
        "        print('now', flush=True); time.sleep(600)\n"
        "ensure_store(open_release(Path(sys.argv[1])), show)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, out, after], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE)
        assert any(".building-" in name for name in beside(out)), "it has left something"
        release = open_release(out)
        assert_whole(ensure_store(release), release)
        assert beside(out) == ["in", "out.store"]
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def shut(released: Path) -> Iterator[Path]:
    """A release whose parent may only be read, by a user whom that binds: root it does not."""
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name)
        out = Path(shutil.copytree(released, parent / "out"))
        out.chmod(0o777)
        parent.chmod(0o555)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            yield out
        finally:
            os.seteuid(user)
            parent.chmod(0o755)


def test_a_folder_that_cannot_be_written_has_its_store_in_the_cache(
    shut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = shut / "cache"  # within the release, which may be written
    monkeypatch.setenv(CACHE_VARIABLE, str(cache))
    release = open_release(shut)
    place = ensure_store(release)
    assert place.folder.parent == cache / "stores"
    assert_whole(place, release)
    seen: list[Progress] = []
    assert ensure_store(release, seen.append) == place
    assert not seen
    assert [path.suffix for path in (cache / "stores").iterdir()] == [".store"]
    assert beside(shut) == []


def test_a_store_that_can_be_written_nowhere_is_one_line(
    shut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(shut.parent / "cache"))
    with pytest.raises(OutputError, match="cannot be written: Permission denied") as caught:
        ensure_store(open_release(shut))
    assert str(caught.value).startswith(f"{shut.parent / 'cache' / 'stores'}")


def test_a_store_that_may_only_be_read_is_used(released: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        out = Path(shutil.copytree(released, Path(name) / "out"))
        place = ensure_store(open_release(out))
        folders = [Path(name), place.folder, place.oxigraph]
        for folder in folders:
            folder.chmod(0o555)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            seen: list[Progress] = []
            assert ensure_store(open_release(out), seen.append) == place
            assert not seen
            assert_whole(place, open_release(out))
        finally:
            os.seteuid(user)
            for folder in folders:
                folder.chmod(0o755)


@pytest.mark.parametrize("size", [20_000, 150_000])
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path, size: int) -> None:
    """A limit on the size of files is the nearest to a full disk that needs no disk."""
    out = tmp_path / "out"
    run(many(tmp_path / "in", 300), out=out, validate=False)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, out],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
        # What coverage writes would meet the limit first.
        env=unmeasured(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert f"OutputError: {out}.store: the store cannot be written: " in last
    assert beside(out) == ["in"]


def test_a_full_disk_in_the_index_is_an_output_error(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = "PRAGMA max_page_count = 20; "
    monkeypatch.setattr("pfocr_rdf.query.index.write._UNSAFE", schema)
    with pytest.raises(OutputError, match="database or disk is full"):
        ensure_store(open_release(out))
    assert beside(out) == []


def test_key_names_release_and_format(out: Path) -> None:
    release = open_release(out)
    noted = orjson.loads((ensure_store(release).folder / "key.json").read_bytes())
    assert noted["release"] == release.key
    assert isinstance(noted["format"], int)
    assert not any(name.startswith("LOG") for name in noted["files"])


def test_waiting_ends_when_the_other_builder_is_gone(out: Path) -> None:
    """The lock of a builder is let go of when it dies, so nobody waits for ever."""
    lock = out.with_name(".out.store.lock")
    program = (
        "import fcntl, os, sys, time; f = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR);"
        "fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, lock], stdout=subprocess.PIPE, text=True
    )
    waiting: subprocess.Popen[bytes] | None = None
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waiting = subprocess.Popen([sys.executable, "-c", BUILD, out], stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(3)
        assert not out.with_name("out.store").exists()
        holder.kill()
        assert waiting.wait(DEADLINE) == 0
    finally:
        processes: list[subprocess.Popen[Any]] = [holder, *([] if waiting is None else [waiting])]
        for process in processes:
            process.kill()
            process.communicate()
    start = time.monotonic()
    release = open_release(out)
    assert_whole(ensure_store(release), release)
    assert time.monotonic() - start < DEADLINE
    assert beside(out) == ["out.store"]
