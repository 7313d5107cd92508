"""RO-Crate: `ro-crate-metadata.json`, which describes a release and each of its files.

It is written after all other files but the manifest, which lists it in turn; so the crate has
the size and hash of every file, but only the size of the manifest. It names no time and no
machine: the date of publication, which RO-Crate requires, is the one that was given, else that in
the release's name, else that of the HGNC table it was linked with.

Source: RO-Crate 1.2, https://w3id.org/ro/crate/1.2
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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
    program_iri,
)
from pfocr_rdf.version import __version__

_VERSION: Final = "1.2"
_MEDIA_TYPE: Final = "application/ld+json"
_DATE: Final = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_UNDATED: Final = "2020-11-09"
"""When PFOCR was published: a release whose table has no date is at least no older."""
_CC0_TEXT: Final = (
    "The creators have waived their copyright and related rights worldwide: anyone may copy, "
    "change and distribute the data, also commercially, without asking."
)
_ROUNDS: Final = 9
_HOME: Final = "https://ror.org/038321296"
"""Of WikiPathways and PFOCR: the Gladstone Institutes, where their authors are."""


class CrateFacts(NamedTuple):
    """What a crate says of a release beside its files.

    `inputs` and `options` are as in the manifest.
    """

    edition: Edition
    inputs: Sequence[Mapping[str, object]]
    options: Mapping[str, object]


def write_crate(
    folder: Path,
    files: Sequence[WrittenFile],
    facts: CrateFacts,
    manifest: Callable[[Sequence[WrittenFile]], bytes],
) -> WrittenFile:
    """Write the crate of a release.

    Args:
        folder: Of the release.
        files: All of its files but the manifest.
        facts: What else there is to say.
        manifest: Makes the manifest of files. It lists the crate, which has its size.

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

    licence = add(
        str(CC0),
        type_="CreativeWork",
        name="CC0 1.0 Universal",
        description=_CC0_TEXT,
        url=str(CC0),
    )
    contact = add(
        f"{WIKIPATHWAYS}#contact",
        type_="ContactPoint",
        name="WikiPathways",
        contactType="data and curation",
        url=str(WIKIPATHWAYS),
    )
    # RO-Crate wants a publisher that the registry of research organizations (ROR) has.
    home = add(
        _HOME,
        type_="Organization",
        name="Gladstone Institutes",
        url="https://gladstone.org/",
        contactPoint=contact,
    )
    maker = add(
        str(WIKIPATHWAYS),
        type_="ResearchOrganization",
        name="WikiPathways",
        url=str(WIKIPATHWAYS),
        parentOrganization=home,
        contactPoint=contact,
    )
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
    crate.publisher = home
    crate.root_dataset["citation"] = paper
    if edition.name:
        crate.root_dataset["version"] = edition.name
    results = [
        crate.add_file(
            dest_path=file.name,
            properties={
                **_described(file.name),
                "contentSize": str(file.bytes),
                "encodingFormat": file.media_type,
                "sha256": file.sha256,
            },
        )
        for file in files
    ]
    listing = crate.add_file(
        dest_path=MANIFEST,
        properties={**_described(MANIFEST), "encodingFormat": "application/json"},
    )
    results.append(listing)
    program = add(
        "#pfocr-rdf",
        type_="SoftwareApplication",
        name="pfocr-rdf",
        url=str(program_iri()),
        version=__version__,
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
    # The manifest has the size of the crate, and the crate that of the manifest: the lengths of
    # both hang on the digits alone, which settle at once.
    content, size = b"", ""
    for _ in range(_ROUNDS):
        listing["contentSize"] = size
        content = orjson.dumps(
            crate.metadata.generate(),
            option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE,
        )
        written = WrittenFile(CRATE_FILE, len(content), "0" * 64, _MEDIA_TYPE, 0)
        before, size = size, str(len(manifest([*files, written])))
        if size == before:
            break
    return write_whole(folder, CRATE_FILE, content, _MEDIA_TYPE)


def published(edition: Edition) -> str:
    """Return the date of publication, YYYY-MM-DD, as far as the release itself tells it."""
    named = _DATE.search(edition.name)
    return edition.issued or ("-".join(named.groups()) if named else edition.table.date or _UNDATED)


def _described(name: str) -> dict[str, str]:
    purpose = purpose_of(name)
    return {"name": purpose.title, "description": f"{purpose.content}."}
