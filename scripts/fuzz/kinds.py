"""Each kind of input, mutated, and what it goes through."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import orjson
import pyoxigraph
from hypothesis import strategies as st

from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.shipped import shipped_shapes
from scripts.fuzz import after, held, mutate
from scripts.fuzz.answers import answering
from scripts.fuzz.hostile import MARK, TEXTS, texts
from scripts.fuzz.mutate import Draw, Member
from scripts.fuzz.requests import served
from scripts.fuzz.run import for_terminal, need, ran
from tests.support.pages import write
from tests.support.samples import MADE, SAMPLES

_SAMPLE: Final = SAMPLES[-1]
_SEEDS: Final = Path(__file__).resolve().parent.parent.parent / "seeds"
PAGES: Final = 20
"""Mutated pages that share an export."""
_FORMS: Final = "kgx,gmt,biothings,sssom,parquet,rocrate"
_KEPT: Final = ("PMC100003__mb2410470011", "PMC10031380__sc1", "PMC11967956__pone.0303736.g007")
"""Figures of the checkout that is mutated; with tables of all three kinds."""


class Place:
    """Where inputs are tried: what is real, once, and a folder for each input.

    Args:
        folder: To work in; empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run = folder / "run"
        self.table = MADE.hgnc
        self.pages = [path.read_text() for path in sorted(_SEEDS.glob("*.txt"))]
        self.pages += [path.read_text() for path in sorted(_SAMPLE.pages.glob("_figures/*.md"))]

    def clear(self) -> Path:
        """Return the folder of an input, empty."""
        if self.run.exists():
            shutil.rmtree(self.run)
        self.run.mkdir(parents=True)
        return self.run

    @cached_property
    def checkout(self) -> dict[str, bytes]:
        """A small checkout: three figures with tables, organisms and maps."""
        made = {
            str(path.relative_to(MADE.pages)): path.read_bytes()
            for figid in _KEPT
            for path in sorted(MADE.pages.rglob(f"{figid}*"))
            if "old" not in path.parts
        }
        made |= {
            f"_organisms/{path.name}": path.read_bytes()
            for path in sorted((MADE.pages / "_organisms").glob("*.md"))
        }
        made["_data/wpid_map.tsv"] = f"{_KEPT[1]}\tWP5283\n".encode()
        made["_data/ndex_map.tsv"] = f"{_KEPT[0]}\t0fbb2d0c-7b11-11ed-8bf8-005056ae23aa\n".encode()
        return made

    @cached_property
    def release(self) -> Path:
        """A release of that checkout with all forms, and its store."""
        write(self.folder / "real", self.checkout)
        self.export(self.folder / "real", self.folder / "out", "--also", _FORMS)
        ran("query", self.folder / "out", "ASK {}")
        return self.folder / "out"

    def export(
        self,
        inputs: Path,
        out: Path,
        *options: object,
        hgnc: Path | None = None,
        quick: bool = False,
    ) -> bool:
        """Export, hold the release to all that is promised, and say whether there is one.

        Args:
            inputs: What is exported.
            out: Where to.
            options: Of the command.
            hgnc: The table; else the one at hand.
            quick: Whether shapes are left to the export itself.
        """
        command = ("export", inputs, "-o", out, "--jobs", 1, "--allow-shrink")
        done = ran(*command, "--hgnc", hgnc or self.table, *options, codes=(0, 1, 2))
        for_terminal(done.out.decode(), "export")
        if done.code < 2:
            held.release(out, quick=quick)
            lacks = b"shape-violation" in done.out
            need(done.code == int(lacks), f"export: exit code {done.code}")
        else:
            need(
                not out.exists() or (out / "manifest.json").exists(), "something half is published"
            )
        return done.code < 2


class Kind(NamedTuple):
    """A kind of input.

    Attributes:
        name: As the table of inputs has it.
        weight: Of how many inputs in a hundred.
        each: Inputs of one attempt: several pages share an export.
        attempt: Draws an input and tries it.
    """

    name: str
    weight: int
    each: int
    attempt: Callable[[Draw, Place], None]


class _Way(NamedTuple):
    """What is done with an export, drawn before it: its options, and what follows."""

    options: tuple[str, ...]
    then: int


def _way(draw: Draw) -> _Way:
    return _Way(draw(st.sampled_from(_OPTIONS)), draw(st.integers(0, 2 * len(after.AFTER) + 2)))


_OPTIONS: Final = (
    (),
    ("--also", _FORMS),
    ("--also", "gmt,sssom"),
    ("--format", "turtle,jsonld,ntriples,nquads,trig"),
    ("--iri-style", "uniprot", "--no-captions"),
)


def _exported(
    place: Place, inputs: Path, way: _Way, *more: object, hgnc: Path | None = None
) -> None:
    """Export, and go on with the release by one of the ways there are."""
    out = place.run / "out"
    if not place.export(inputs, out, *way.options, *more, hgnc=hgnc):
        return
    if way.then < len(after.AFTER):
        after.AFTER[way.then](out, place.run, place.release)
    elif way.then == len(after.AFTER):
        after.show(out, inputs, place.table)
    elif way.then == len(after.AFTER) + 1:
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        place.export(inputs, out, "--changed", *way.options, *more, hgnc=hgnc)
        for name, content in before.items():
            same = name == "ledger.sqlite" or (out / name).read_bytes() == content
            need(same, f"export again: {name} has other bytes")


def _page(draw: Draw, place: Place) -> None:
    files: dict[str, bytes] = {}
    for number in range(PAGES):
        real = draw(st.sampled_from(place.pages))
        # Else all but the first would be duplicates.
        figid = re.search("(?m)^figid: (.+)$", real)
        assert figid is not None
        real = real.replace(figid[1], f"PMC{number}{figid[1][3:]}")
        files[f"_figures/PMC{number}__pfz.md"] = mutate.page(draw, real)
    way, is_patched = _way(draw), draw(st.integers(0, 4)) == 0
    inputs = write(place.run / "in", files)
    if is_patched:
        after.patch(inputs)
    else:
        _exported(place, inputs, way)


def _table(draw: Draw, place: Place) -> None:
    files = dict(place.checkout)
    for name in sorted(files)[:]:
        if name.startswith("_data/"):
            files[name] = mutate.table(draw, files[name].decode())
    _exported_files(draw, place, files)


def _organism(draw: Draw, place: Place) -> None:
    files = dict(place.checkout)
    for name in sorted(files):
        if name.startswith("_organisms/"):
            files[name] = mutate.page(draw, files[name].decode())
    _exported_files(draw, place, files)


def _exported_files(draw: Draw, place: Place, files: dict[str, bytes]) -> None:
    way = _way(draw)
    _exported(place, write(place.run / "in", files), way)


def _archive(draw: Draw, place: Place) -> None:
    members = [
        Member(name, content) for name, content in place.checkout.items() if _KEPT[1] in name
    ]
    suffix, content = mutate.archive(draw, members)
    path = place.run / f"in{draw(st.sampled_from((suffix, suffix, '.zip', '.tar.gz')))}"
    path.write_bytes(content)
    place.export(path, place.run / "out", quick=True)
    need(
        not list(place.folder.glob(MARK)) and not list(place.folder.parent.glob(f"{MARK}*")),
        "a member has left its folder",
    )


def _records(draw: Draw, place: Place) -> None:
    """An earlier release in another form, as input."""
    name = draw(
        st.sampled_from(
            (
                "pfocr-biothings-all.ndjson",
                "pfocr-biothings-strict.ndjson",
                "pfocr-20241018-gmt-Homo_sapiens.gmt",
            )
        )
    )
    real = (place.release / name).read_text()
    path, way = place.run / name, _way(draw)
    if name.endswith(".gmt"):
        path.write_bytes(mutate.table(draw, real))
    else:
        lines = [
            json.dumps(
                mutate.tree(draw, json.loads(line)), ensure_ascii=draw(st.booleans())
            ).encode(errors="surrogatepass")
            for line in real.splitlines()
        ]
        content = b"\n".join(lines) + b"\n"
        path.write_bytes(mutate.data(draw, content) if draw(st.integers(0, 4)) == 0 else content)
    _exported(place, path, way)


def _hgnc(draw: Draw, place: Place) -> None:
    path = place.run / "hgnc.tsv"
    content = mutate.table(draw, place.table.read_text())
    path.write_bytes(gzip.compress(content, 1) if draw(st.integers(0, 9)) == 0 else content)
    word, way = draw(texts).replace("\x00", "") or "OPG", _way(draw)
    for each in ("TNFSF11", word):
        done = ran("genes", "lookup", "--hgnc", path, "--", each)
        for_terminal(done.out.decode(), "genes lookup")
    _exported(place, write(place.run / "in", place.checkout), way, hgnc=path)


_MESH: Final = (
    "<http://id.nlm.nih.gov/mesh/D002118> <http://www.w3.org/2000/01/rdf-schema#label> "
    '"Calcium"@en .\n'
    "<http://id.nlm.nih.gov/mesh/C000657245> <http://www.w3.org/2000/01/rdf-schema#label> "
    '"COVID-19"@en .\n'
)
_MESH_BIN: Final = "*NEWRECORD\nRECTYPE = D\nMH = Calcium\nUI = D002118\n\n*NEWRECORD\nRECTYPE = C\nNM = COVID-19\nUI = C000657245\n"
_PMC: Final = (
    "Journal Title,ISSN,eISSN,Year,Volume,Issue,Page,DOI,PMCID,PMID,Manuscript Id,Release Date\n"
    "A journal,1,2,2003,1,2,3,10.1/x,PMC100003,12345678,,live\n"
    '"B, journal",1,2,2003,1,2,3,10.1/y,PMC10031380,23456789,,live\n'
)
_SSSOM: Final = (
    "#mapping_set_id: https://example.org/m\n#license: https://creativecommons.org/publicdomain/zero/1.0/\n"
    "#curie_map:\n#  MESH: http://id.nlm.nih.gov/mesh/\n#  MONDO: http://purl.obolibrary.org/obo/MONDO_\n"
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    "MESH:D002118\tskos:exactMatch\tMONDO:0000001\tsemapv:ManualMappingCuration\n"
)


def _joined(draw: Draw, place: Place) -> None:
    option, name, real = draw(
        st.sampled_from(
            (
                ("--pmc-ids", "PMC-ids.csv", _PMC.replace(",", "\t")),
                ("--mesh", "mesh.nt", _MESH),
                ("--mesh", "d2024.bin", _MESH_BIN),
                ("--mappings", "mine.sssom.tsv", _SSSOM),
            )
        )
    )
    if draw(st.booleans()):
        content = mutate.table(draw, real)
    else:
        content = "\n".join(mutate.lines(draw, real.split("\n"))).encode(errors="surrogatepass")
    path = place.run / name
    path.write_bytes(content.replace(b"\t", b",") if name.endswith(".csv") else content)
    _exported(place, write(place.run / "in", place.checkout), _way(draw), option, path)


def _ledger(draw: Draw, place: Place) -> None:
    """The cache of an earlier run: the next run's bytes are those without it."""
    out = place.run / "out"
    shutil.copytree(place.release, out)
    path, is_changed = out / "ledger.sqlite", draw(st.booleans())
    if draw(st.integers(0, 2)) == 0:
        path.write_bytes(mutate.data(draw, path.read_bytes()))
    else:
        _sqlite(draw, path)
    inputs = place.folder / "real"
    files = dict.fromkeys(("pfocr.ttl", "pfocr.jsonld", "findings.jsonl", "report.json"))
    if is_changed:
        changed = dict(place.checkout)
        name = f"_figures/{_KEPT[0]}.md"
        changed[name] = changed[name].replace(b"figtitle: ", b"figtitle: Now ")
        inputs = write(place.run / "in", changed)
        place.export(inputs, place.run / "anew", "--also", _FORMS)
        wanted = {each: (place.run / "anew" / each).read_bytes() for each in files}
    else:
        wanted = {each: (place.release / each).read_bytes() for each in files}
    need(place.export(inputs, out, "--also", _FORMS), "no release beside a bad ledger")
    for each, content in wanted.items():
        need((out / each).read_bytes() == content, f"{each}: other bytes than without the ledger")


def _sqlite(draw: Draw, path: Path) -> None:
    """Change rows, tables or the schema of a database."""
    base = sqlite3.connect(path)
    try:
        tables = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]  # fmt: skip
        for _ in range(draw(st.integers(1, 3))):
            name = draw(st.sampled_from(tables))
            names = [row[1] for row in base.execute(f'PRAGMA table_info("{name}")')]
            if not names:
                continue
            column = draw(st.sampled_from(names))
            value: Any = draw(
                st.sampled_from((None, -1, 2**62, 0.5, b"", b"pfz")) | st.binary(max_size=40)
                | texts.map(lambda text: text.encode(errors="replace").decode())
            )  # fmt: skip
            match draw(st.integers(0, 6)):
                case 0 | 1 | 2:
                    base.execute(f'UPDATE "{name}" SET "{column}" = ? WHERE rowid % 2 = ?', (value, draw(st.integers(0, 1))))  # fmt: skip # noqa: S608
                case 3:
                    base.execute(f'DELETE FROM "{name}" WHERE rowid % 2 = ?', (draw(st.integers(0, 1)),))  # fmt: skip # noqa: S608
                case 4:  # a view that never ends
                    base.execute(f'ALTER TABLE "{name}" RENAME TO "pfz{len(tables)}"')
                    base.execute(f'CREATE VIEW "{name}" AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT n AS "{column}" FROM r')  # fmt: skip # noqa: S608
                    tables.remove(name)
                    if not tables:
                        return
                case 5:
                    base.execute(f'ALTER TABLE "{name}" DROP COLUMN "{column}"')
                case _:
                    base.execute(
                        f"PRAGMA {draw(st.sampled_from(('user_version', 'application_id')))} = 7"
                    )
    except sqlite3.Error:
        pass  # what cannot be done is not; what was done before it stays
    finally:
        base.commit()
        base.close()


def _manifest(draw: Draw, place: Place) -> None:
    """The manifest, report or description of a release that others read."""
    out = place.run / "out"
    shutil.copytree(place.release, out)
    name = draw(st.sampled_from(("manifest.json", "manifest.json", "manifest.json", "report.json")))
    path = out / name
    record = orjson.loads(path.read_bytes())
    how = draw(st.integers(0, 3))
    if how == 0:
        record["release"] = draw(texts)
        changed = record
    elif how == 1:
        record["outputs" if "outputs" in record else "entities"] = mutate.tree(draw, record.get("outputs", {}))  # fmt: skip
        changed = record
    else:
        changed = mutate.tree(draw, record)
    content = json.dumps(changed).encode(errors="surrogatepass")
    path.write_bytes(mutate.data(draw, content) if draw(st.integers(0, 9)) == 0 else content)
    way = draw(st.integers(0, 7))
    if way == 7:
        place.export(place.folder / "real", out, quick=True)
    else:
        _read(way, place, out)


def _read(way: int, place: Place, out: Path) -> None:
    """Read a release that is not as an export left it: with what it should have, or an error."""
    match way:
        case 0:
            done = ran("site", out, "-o", place.run / "site", "--jobs", 1, "-q")
            if done.code == 0:
                held.site(place.run / "site")
        case 1:
            for old, new in ((place.release, out), (out, place.release)):
                done = ran("diff", old, new, "--format", "markdown", "--limit", 0)
                held.markdown(done.out.decode(), "diff")
                for_terminal(ran("diff", old, new).out.decode(), "diff")
        case 2:
            for_terminal(ran("stats", out).out.decode(), "stats")
            ran("stats", out, "--html")
        case 3:
            for_terminal(ran("fair", out, codes=(0, 1, 2)).out.decode(), "fair")
        case 4:
            done = ran("query", out, "SELECT * { ?s ?p ?o }")
            for_terminal(done.out.decode(), "query")
            held.csv_answer(ran("query", out, "SELECT * { ?s ?p ?o }", "--format", "csv").out)
        case 5:
            after.recipes(out, place.run)
        case _:
            with answering(lambda _: (204, {}, b"")) as url:
                ran("load", out, "--to", url, "--store", "oxigraph", "--retries", 0, "--timeout", 1, "-q", codes=(0, 2, 3))  # fmt: skip


def _rdf(draw: Draw, place: Place) -> None:
    """RDF files: a dump, the description, the alignments, of a release or alone."""
    out = place.run / "out"
    shutil.copytree(place.release, out)
    name = draw(st.sampled_from(("pfocr.ttl", "pfocr.ttl", "void.ttl", "alignment.ttl", "pfocr.jsonld")))  # fmt: skip
    path = out / name
    if draw(st.booleans()) and name.endswith(".ttl"):
        quads = mutate.statements(draw, held.parsed(path))
        content = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.TURTLE)
        assert content is not None
    elif draw(st.booleans()):
        content = "\n".join(mutate.lines(draw, path.read_text().split("\n"))).encode(
            errors="surrogatepass"
        )
    else:
        content = mutate.data(draw, path.read_bytes())
    path.write_bytes(content)
    way, in_json = draw(st.integers(0, 6)), draw(st.booleans())
    done = ran("validate", path, codes=(0, 1, 2))
    for_terminal(done.out.decode(), "validate")
    if in_json:
        json.loads(ran("validate", path, "--format", "json", codes=(0, 1, 2)).out or b"{}")
    manifest = orjson.loads((out / "manifest.json").read_bytes())
    for entry in manifest["outputs"]:
        if entry["name"] == name:
            entry["bytes"] = len(content)
    (out / "manifest.json").write_bytes(orjson.dumps(manifest))
    _read(way, place, out)


def _shapes(draw: Draw, place: Place) -> None:
    real = draw(st.sampled_from(shipped_shapes()))
    path = place.run / "shapes.ttl"
    if draw(st.integers(0, 3)):
        quads = mutate.statements(draw, list(pyoxigraph.parse(path=real)))
        content = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.TURTLE)
        assert content is not None
    else:
        lines = real.read_text().split("\n")
        content = "\n".join(mutate.lines(draw, lines)).encode(errors="surrogatepass")
    path.write_bytes(content)
    form = draw(st.sampled_from(("human", "json", "turtle")))
    done = ran(
        "validate",
        place.release / "void.ttl",
        place.release / "alignment.ttl",
        "--shapes",
        path,
        "--format",
        form,
        codes=(0, 1, 2),
    )
    if form == "human":
        for_terminal(done.out.decode(), "validate")


def _question(draw: Draw, place: Place) -> None:
    """Values of questions, which become part of SPARQL."""
    questions = load_questions()
    question = questions[draw(st.sampled_from(sorted(questions)))]
    given = []
    for parameter in question.parameters:
        value = draw(texts).replace("\x00", "").encode(errors="replace").decode()
        given += ["-p", f"{parameter.name}={value}"]
    done = ran("query", place.release, question.name, *given, "--limit", 50)
    if done.code == 0:
        for_terminal(done.out.decode(), question.name)


_STORES: Final = ("oxigraph", "virtuoso", "fuseki", "graphdb", "gsp")


def _answers(draw: Draw, place: Place) -> None:
    """What a server of the HGNC table or a store may answer."""
    table = mutate.table(draw, place.table.read_text())
    status = draw(st.sampled_from((200, 200, 200, 204, 301, 304, 400, 401, 404, 429, 500, 503)))
    body = draw(
        st.sampled_from(
            (
                table,
                gzip.compress(table, 1),
                b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"5"}}]}}',
                b"[" * 5000,
                b"",
            )
        )
        | st.sampled_from(TEXTS).map(lambda text: text.encode(errors="replace"))
    )
    headers = draw(
        st.sampled_from(
            (
                {},
                {"Content-Encoding": "gzip"},
                {"Location": "file:///etc/passwd"},
                {"Location": "/"},
                {"Retry-After": "-1"},
                {"ETag": "\x1b[31mpfz"},
                {"WWW-Authenticate": "Digest realm=pfz\x1b"},
                {"Content-Length": "5000000"},
                {"Last-Modified": "pfz"},
            )
        )
    )
    is_table, store = draw(st.booleans()), draw(st.sampled_from(_STORES))
    # Pauses between tries are of the wall, not of what is tried.
    with answering(lambda _: (status, headers, body)) as url, patch("time.sleep"):
        if is_table:
            ran("genes", "update", "--url", f"{url}/hgnc.txt")
            for_terminal(ran("genes", "status").out.decode(), "genes status")
        else:
            ran(
                "load", place.release, "--to", url, "--store", store, "--retries", 0,
                "--timeout", 1, "-q", codes=(0, 2, 3),
            )  # fmt: skip


def _request(draw: Draw, place: Place) -> None:
    served(place.release).request(draw)


def _sparql(draw: Draw, place: Place) -> None:
    served(place.release).sparql(draw)


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("pages", 24, PAGES, _page),
        Kind("tables", 12, 8, _table),
        Kind("archives", 12, 1, _archive),
        Kind("organism pages", 5, 4, _organism),
        Kind("records and gene sets", 3, 3, _records),
        Kind("HGNC tables", 2, 1, _hgnc),
        Kind("files of others", 2, 1, _joined),
        Kind("earlier ledgers", 2, 1, _ledger),
        Kind("manifests and reports", 5, 1, _manifest),
        Kind("RDF files", 4, 1, _rdf),
        Kind("shapes", 3, 1, _shapes),
        Kind("values of questions", 4, 1, _question),
        Kind("SPARQL", 9, 1, _sparql),
        Kind("HTTP requests", 10, 1, _request),
        Kind("answers of servers", 3, 1, _answers),
    )
}
"""In the order of the table; weights add up to a hundred."""
