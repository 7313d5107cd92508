"""RO-Crate: `ro-crate-metadata.json`, which describes a release and each of its files.

It is written after all other files but the manifest, which lists it in turn; so the crate has
the size and hash of every file but the manifest's. It names no time and no machine: the date of
publication, which RO-Crate requires, is the one that was given, else that in the release's name,
else that of the HGNC table it was linked with.

Source: RO-Crate 1.2, https://w3id.org/ro/crate/1.2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from pfocr_rdf.release import (
    CRATE_FILE,
    MANIFEST,
    WrittenFile,
    purpose_of,
    write_whole,
)
from pfocr_rdf.release.description import (
    CC0,
    DESCRIPTION,
    PAPER,
    PAPER_TITLE,
    RUN_TITLE,
    WIKIPATHWAYS,
    Edition,
    hgnc_release_iri,
)
from pfocr_rdf.version import __version__

_VERSION: Final = "1.2"
_DATE: Final = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_UNDATED: Final = "2020-11-09"
"""When PFOCR was published: a release whose table has no date is at least no older."""


class CrateFacts(NamedTuple):
    """What a crate says of a release beside its files.

    `inputs` and `options` are as in the manifest.
    """

    edition: Edition
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
    maker = add(str(WIKIPATHWAYS), type_="Organization", name="WikiPathways", url=str(WIKIPATHWAYS))
    paper = add(
        str(PAPER),
        type_="ScholarlyArticle",
        name=PAPER_TITLE,
    )
    edition, table_release = facts.edition, facts.edition.table
    crate.name = edition.title
    crate.description = f"{DESCRIPTION}, as a graph and in other forms."
    crate.datePublished = published(edition)
    crate.license = licence
    crate.creator = maker
    crate.publisher = maker
    crate.root_dataset["citation"] = paper
    if edition.name:
        crate.root_dataset["version"] = edition.name
    results = [
        crate.add_file(
            dest_path=file.name,
            properties={
                "name": purpose_of(file.name),
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
            properties={"name": purpose_of(MANIFEST), "encodingFormat": "application/json"},
        )
    )
    program = add(
        "#pfocr-rdf",
        type_="SoftwareApplication",
        name="pfocr-rdf",
        softwareVersion=__version__,
    )
    table = add(
        str(hgnc_release_iri(table_release)),
        type_="CreativeWork",  # a Dataset would be a part of the crate
        name=f"HGNC gene table, {table_release.genes} genes",
        sha256=table_release.sha256,
        **({"dateModified": table_release.date} if table_release.date else {}),
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
            "name": RUN_TITLE,
            "description": orjson.dumps(facts.options).decode(),
        },
    )
    crate.root_dataset["mentions"] = action
    content = orjson.dumps(
        crate.metadata.generate(),
        option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
    )
    return write_whole(folder, CRATE_FILE, content, "application/ld+json")


def published(edition: Edition) -> str:
    """Return the date of publication, YYYY-MM-DD, as far as the release itself tells it."""
    named = _DATE.search(edition.name)
    return edition.issued or ("-".join(named.groups()) if named else edition.table.date or _UNDATED)
