"""RO-Crate: `ro-crate-metadata.json`, which describes a release and each of its files.

It is written after all other files but the manifest, which lists it in turn; so the crate has
the size and hash of every file but the manifest's. It names no time and no machine: the date of
publication is that in the release's name, else that of the HGNC table it was linked with.

Source: RO-Crate 1.2, https://w3id.org/ro/crate/1.2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from pfocr_rdf.description import CC0, hgnc_release_iri
from pfocr_rdf.hgnc import TableRelease
from pfocr_rdf.version import __version__
from pfocr_rdf.write.files import MANIFEST, WrittenFile, write_whole

CRATE: Final = "ro-crate-metadata.json"
_VERSION: Final = "1.2"
_DATE: Final = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_UNDATED: Final = "2020-11-09"
"""When PFOCR was published: a release whose table has no date is at least no older."""
_CITATION: Final = "https://doi.org/10.1186/s13059-020-02181-2"
_WIKIPATHWAYS: Final = "https://www.wikipathways.org/"
_WHAT: Final = {
    ".ttl": "The graph in Turtle",
    ".jsonld": "The graph in JSON-LD",
    ".nt": "The graph in N-Triples",
    ".nq": "The graph in N-Quads",
    ".trig": "The graph in TriG",
    ".gmt": "Gene sets of figures",
    ".parquet": "A table for DuckDB, Polars or Arrow",
}
_NAMED: Final = {
    "alignment.ttl": "Other spellings of the genes' IRIs",
    "void.ttl": "Description of the data set with its counts",
    "findings.jsonl": "What was found in the input, one finding a line",
    "report.json": "Totals, links, findings and ledger of the export",
    "report.md": "Totals, links, findings and ledger of the export, to read",
    "pfocr_nodes.jsonl": "Nodes of the knowledge graph in KGX",
    "pfocr_edges.jsonl": "Edges of the knowledge graph in KGX",
    "pfocr.sssom.tsv": "Alignments of genes, chemicals and diseases in SSSOM",
    "pfocr-biothings-strict.ndjson": "BioThings documents, genes matched by symbol",
    "pfocr-biothings-synonyms.ndjson": "BioThings documents, genes matched by symbol or synonym",
    "pfocr-biothings-all.ndjson": "BioThings documents, all genes",
    "figures.parquet": "Table of the figures",
    "mentions.parquet": "Table of the mentions",
    "entities.parquet": "Table of the genes, chemicals, diseases, papers and the rest",
    MANIFEST: "What went into the release, and its files by size and SHA-256",
}


class CrateFacts(NamedTuple):
    """What a crate says of a release beside its files.

    `inputs` and `options` are as in the manifest.
    """

    release: str
    table: TableRelease
    inputs: Sequence[Mapping[str, object]]
    options: Mapping[str, object]


def write_crate(folder: Path, files: Iterable[WrittenFile], facts: CrateFacts) -> WrittenFile:
    """Write the crate of a release.

    Args:
        folder: Of the release.
        files: All of its files but the manifest.
        facts: What else there is to say.

    Returns:
        Its entry for the manifest.
    """
    # rocrate takes a while to import, and few releases want it.
    from rocrate.model.contextentity import ContextEntity  # type: ignore[import-untyped]  # noqa: PLC0415
    from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]  # noqa: PLC0415

    crate: Any = ROCrate(version=_VERSION)

    def add(id_: str, **properties: object) -> Any:
        said = {key.replace("type_", "@type"): value for key, value in properties.items()}
        return crate.add(ContextEntity(crate, id_, properties=said))

    licence = add(str(CC0), type_="CreativeWork", name="CC0 1.0 Universal")
    maker = add(_WIKIPATHWAYS, type_="Organization", name="WikiPathways", url=_WIKIPATHWAYS)
    paper = add(
        _CITATION,
        type_="ScholarlyArticle",
        name="Pathway information extracted from 25 years of pathway figures",
    )
    title = "PFOCR pathway figures as linked data"
    crate.name = f"{title}, {facts.release}" if facts.release else title
    crate.description = (
        "Pathway figures that Pathway Figure OCR found in the literature, with the genes, "
        "chemicals and diseases read in them, as a graph and in other forms."
    )
    crate.datePublished = published(facts.release, facts.table)
    crate.license = licence
    crate.creator = maker
    crate.publisher = maker
    crate.root_dataset["citation"] = paper
    if facts.release:
        crate.root_dataset["version"] = facts.release
    results = [
        crate.add_file(
            dest_path=file.name,
            properties={
                "name": _described(file.name),
                "contentSize": str(file.bytes),
                "encodingFormat": file.media_type,
                "sha256": file.sha256,
            },
        )
        for file in files
    ]
    results.append(
        crate.add_file(
            dest_path=MANIFEST,
            properties={"name": _NAMED[MANIFEST], "encodingFormat": "application/json"},
        )
    )
    program = add(
        "#pfocr-rdf",
        type_="SoftwareApplication",
        name="pfocr-rdf",
        softwareVersion=__version__,
    )
    table = add(
        str(hgnc_release_iri(facts.table)),
        type_="CreativeWork",  # a Dataset would be a part of the crate
        name=f"HGNC gene table, {facts.table.genes} genes",
        sha256=facts.table.sha256,
        **({"dateModified": facts.table.date} if facts.table.date else {}),
    )
    inputs = [
        add(
            f"#input-{number}",
            type_="Dataset",
            name=str(each["name"]),
            description=f"{each['kind']}, {each['figures']} figures, {each['tables']} tables",
            sha256=str(each["sha256"]),
        )
        for number, each in enumerate(facts.inputs, 1)
    ]
    action = crate.add_action(
        program,
        "#export",
        object=[*inputs, table],
        result=results,
        properties={
            "@type": "CreateAction",
            "name": "Export of the pathway figures",
            "description": orjson.dumps(facts.options).decode(),
        },
    )
    crate.root_dataset["mentions"] = action
    content = orjson.dumps(
        crate.metadata.generate(),
        option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
    )
    return write_whole(folder, CRATE, content, "application/ld+json")


def published(release: str, table: TableRelease) -> str:
    """Return the date of publication, YYYY-MM-DD, as far as the release itself tells it.

    Args:
        release: Its name, or "".
        table: The HGNC table it was linked with.
    """
    named = _DATE.search(release)
    return "-".join(named.groups()) if named else table.date or _UNDATED


def _described(name: str) -> str:
    plain = name.removesuffix(".gz").removesuffix(".zst")
    return _NAMED.get(plain) or _WHAT.get(Path(plain).suffix, plain)
