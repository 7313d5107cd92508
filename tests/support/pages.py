"""Small corpora for tests of the input and output, and a look at what an export left."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph
import zstandard

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.exporting.run import ExportResult, export
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.release.files import PAGE_CACHE
from tests.support.yaml_text import dumped

GENE_HEADER = (
    "organism_id organism_name organism_group word match ncbigene_symbol ncbigene_id source "
    "count_direct count_synonym count_match"
).split()
TNFSF11 = ("RANKL", "RANKL", "hgnc_alias_symbol", "TNFSF11", "8600")
OPG = ("OPG", "OPG", "hgnc_prev_symbol", "TNFRSF11B", "4982")
FIGURES_AT = "https://pfocr.wikipathways.org/figures/"


def page(figid: str = "PMC1__a", genes: tuple[tuple[str, ...], ...] = (), **changes: Any) -> str:
    """Return a page of the old generation; a change to None leaves a field out."""
    pmcid, _, stem = figid.partition("__")
    fields: dict[str, Any] = {
        "figid": figid,
        "figlink": f"/pmc/articles/{pmcid}/figure/F1/",
        "number": "F1",
        "caption": f"The caption of {figid}.",
        "pmcid": pmcid,
        "papertitle": f"The paper {pmcid}",
        "reftext": f"A. Author, et al. {pmcid}.",
        "year": "2012",
        "filename": f"{stem}.jpg",
        "figtitle": f"The figure {figid}",
        "organisms": "Homo sapiens",
        "schema-jsonld": {
            "@id": f"{FIGURES_AT}{figid}.html",
            "description": f"The caption of {figid}.",
            "license": "CC0",
            "creator": {"@type": "Organization", "name": "WikiPathways"},
        },
        "genes": [
            {"word": w, "symbol": s, "source": src, "hgnc_symbol": h, "entrez": e}
            for w, s, src, h, e in genes
        ],
        "figtype": "Figure",
    } | changes
    if "caption" in changes:
        fields["schema-jsonld"]["description"] = changes["caption"]
    kept = {key: value for key, value in fields.items() if value is not None}
    return f"---\n{dumped(kept, allow_unicode=True)}---\n"


def gene_table(*rows: tuple[str, str, str]) -> str:
    """Return a table of human genes, each (word, symbol, Entrez id)."""
    lines = ["\t".join(GENE_HEADER)]
    for word, symbol, entrez in rows:
        human = ["9606", "Homo sapiens", "Primates", word, word, symbol, entrez]
        lines.append("\t".join([*human, "ncbigene_symbol", "1", "0", "1"]))
    return "\n".join(lines) + "\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def checkout(folder: Path) -> Path:
    """Write a checkout with all that one can have: three figures, tables, maps, organisms."""
    return write(
        folder,
        {
            "README.md": "# not a figure\n",
            "_figures/PMC1__a.md": page("PMC1__a", (TNFSF11,)),
            "_figures/PMC1__b.md": page("PMC1__b", genes=(), organisms="Mus cookii", number="F2"),
            "_figures/PMC2__c.md": page("PMC2__c", (OPG,), ndex=""),
            "_data/PMC1__b-genes.tsv": gene_table(("RANK", "TNFRSF11A", "8792")),
            "_data/PMC1__b-chemicals.tsv": "word\tmesh\tmatch\tname\tchebi\n"
            "Ca2+\tmesh:D002118\tCa2+\tCalcium\tchebi:22984\n",
            "_data/PMC2__c-diseases.tsv": "word\tmesh\tmatch\tname\tdoid\n"
            "cancer\tNA\tcancer\tcancer\tDOID:162\n",
            "_data/wpid_map.tsv": "PMC2__c\tWP5283\n",
            "_data/ndex_map.tsv": "PMC1__a\t0fbb2d0c-7b11-11ed-8bf8-005056ae23aa\n",
            "_organisms/mus_cookii.md": "---\nlatin: Mus cookii\nncbi: 10098\ngroup: Rodents\n---\n",
        },
    )


def run(*inputs: Path, out: Path, **options: Any) -> ExportResult:
    """Export in this process, over one job unless told otherwise.

    Of three figures one that is gone is a third, and no reason to stop.
    """
    return export(inputs, out, ExportOptions(**({"jobs": 1, "allow_shrink": True} | options)))


def command(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the real command, with no table in its cache."""
    return subprocess.run(
        [sys.executable, "-m", "pfocr_rdf", *map(str, args)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=120,
        **options,
    )


def unmeasured() -> dict[str, str]:
    """Return the environment for a process that coverage has no part in.

    What is interrupted, killed, forked or limited is not measured: coverage holds a lock that
    an interrupt or a fork may leave locked for ever, and writes a file at the end.
    """
    return {key: value for key, value in os.environ.items() if not key.startswith("COV")}


def start(*args: object, **options: Any) -> subprocess.Popen[str]:
    """Start the real command in a session of its own, to be killed or interrupted."""
    return subprocess.Popen(
        [sys.executable, "-m", "pfocr_rdf", *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=unmeasured(),
        **options,
    )


def end(process: subprocess.Popen[str]) -> None:
    """Kill what `start` started, with all its workers, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a release; hidden ones too, so that none goes unnoticed.

    Not the ledger, which is not of the release: equal releases have ledgers of other bytes.
    """
    return {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != PAGE_CACHE
    }


def manifest(folder: Path) -> Any:
    """Return manifest.json."""
    return json.loads((folder / "manifest.json").read_bytes())


def report(folder: Path) -> Any:
    """Return report.json."""
    return json.loads((folder / "report.json").read_bytes())


def findings(folder: Path) -> list[dict[str, str]]:
    """Return findings.jsonl."""
    return [json.loads(line) for line in (folder / "findings.jsonl").read_bytes().splitlines()]


def assert_complete(folder: Path) -> None:
    """Hold every file of a release to its manifest, and the manifest to the files."""
    listed = {file["name"]: file for file in manifest(folder)["outputs"]}
    # A run that is killed right after it has published cannot take its lock away any more.
    present = {path.name for path in folder.iterdir()} - {"manifest.json", PAGE_CACHE, ".lock"}
    assert present == set(listed)
    for name, entry in listed.items():
        data = (folder / name).read_bytes()
        assert len(data) == entry["bytes"], name
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], name


FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
}
SUFFIXES = dict(zip(FormatName, (".ttl", ".jsonld", ".nt", ".nq", ".trig"), strict=True))


def decompressed(path: Path) -> bytes:
    """Return the bytes of a file, whatever it is compressed with."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return data


def quads(path: Path) -> list[pyoxigraph.Quad]:
    """Return the statements of an RDF file, one for each time that it makes them."""
    suffix = Path(path.name.removesuffix(".gz").removesuffix(".zst")).suffix
    return list(pyoxigraph.parse(decompressed(path), FORMATS[suffix]))


def triples(*paths: Path) -> set[pyoxigraph.Triple]:
    """Return the triples of RDF files, whatever graph they are in."""
    return {quad.triple for path in paths for quad in quads(path)}


def page_of(triple: pyoxigraph.Triple) -> str:
    """Return the subject without its fragment: a mention counts to its figure."""
    assert isinstance(triple.subject, pyoxigraph.NamedNode)
    return triple.subject.value.partition("#")[0]


def text_of(folder: Path) -> str:
    """Return all that a release says, in one text."""
    return "\n".join(
        decompressed(path).decode()
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != PAGE_CACHE
    )


def left_behind(folder: Path) -> list[str]:
    """Return the hidden files that an export should not have left beside its output."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def noted(out: Path) -> set[str]:
    """Return the pages that runs which broke off have in their ledgers, by name."""
    names: set[str] = set()
    for stage in out.parent.glob(f".{out.name}.staging-*"):
        cache = PageCache.open(stage / PAGE_CACHE)
        if cache is not None:
            names.update(cache.names())
            cache.close()
    return names


def many(folder: Path, count: int, word: str = "RANKL") -> Path:
    """Write a checkout of many small figures, each with a table and a few oddities."""
    content: dict[str, str | bytes] = {}
    for number in range(count):
        figid = f"PMC{number // 3}__f{number:04}"
        organism = ("Homo sapiens", "Mus cookii", "Homo sapiens, prion")[number % 3]
        content[f"_figures/{figid}.md"] = page(
            figid, (TNFSF11,), organisms=organism, papertitle=f"Title {number % 7} â€“ of {word}"
        )
        if number % 2:
            rows = gene_table((word, "TNFSF11", "8600"), (f"W{number}", f"G{number}", str(number)))
            content[f"_data/{figid}-genes.tsv"] = rows
    return write(folder, content)
