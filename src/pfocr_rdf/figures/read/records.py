"""Files of an earlier release that hold a figure a line: BioThings documents, gene sets.

They are cut into records when a run begins, and a record is read when its turn comes, so that
a file of a whole release costs no more memory than the names of its figures.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.read.archive import MAX_MEMBER_BYTES
from pfocr_rdf.figures.read.record_forms import RecordForm, RecordText, figid_in
from pfocr_rdf.files import BROKEN, COMPRESSED, open_plain, plain_name

_SPECIES: Final = re.compile(r"-(?:(chemical)-)?gmt-(?:(disease)-)?([^/]+)\.gmt$")


_SUFFIXES: Final = {
    ".ndjson": RecordForm.BIOTHINGS,
    ".jsonl": RecordForm.BIOTHINGS,
    ".gmt": RecordForm.GENE_SETS,
}


class RecordFile(NamedTuple):
    """A file of records, not compressed, and how findings name it.

    `organism` is the one of the file's name, as words; "" when the name has none.
    """

    form: RecordForm
    name: str
    path: str
    organism: str


class Record(NamedTuple):
    """Where a line stands in its file."""

    file: RecordFile
    offset: int
    length: int


def record_form(path: Path) -> RecordForm | None:
    """Return what a file's name says that its lines are, None when they are no records."""
    suffix = Path(plain_name(path.name)).suffix.lower()
    form = _SUFFIXES.get(suffix)
    species = _SPECIES.search(plain_name(path.name))
    if form is RecordForm.GENE_SETS and species:
        form = RecordForm.CHEMICAL_SETS if species[1] else form
        form = RecordForm.DISEASE_SETS if species[2] else form
    return form


def is_compressed(path: Path) -> bool:
    """Say whether a file's name is that of compressed records."""
    return record_form(path) is not None and path.suffix.lower() in COMPRESSED


def is_of_sets(path: Path) -> bool:
    """Say whether a file's name is that of sets, whose figures may lie in several files."""
    return record_form(path) not in (RecordForm.BIOTHINGS, None)


def collect_records(
    paths: Sequence[tuple[Path, str]], workspace: Path
) -> tuple[list[RecordFile], dict[str, tuple[Record, ...]]]:
    """Return files of records, and the figures in them: what names each, and its records.

    A name that stands again in another file is the same figure; one that stands again in its
    file is told apart by a number, for whoever decodes it to say that it repeats.

    Args:
        paths: The files, each with how findings name it.
        workspace: A folder that files may be decompressed into.

    Raises:
        InputError: A file cannot be read, or none of their lines states a figid.
    """
    files = []
    figures: dict[str, list[Record]] = {}
    again: Counter[str] = Counter()
    named = False
    for number, (path, name) in enumerate(paths):
        file = open_records(path, name, workspace / f"{number}")
        files.append(file)
        here: set[str] = set()
        for stated, line, record in find_records(file):
            named = named or bool(stated)
            key = stated or (f"line {line}" if len(paths) == 1 else f"{name} line {line}")
            if key in here:
                again[key] += 1
                key = f"{key}~{again[key] + 1}"
            here.add(key)
            figures.setdefault(key, []).append(record)
    if not named:
        raise InputError(
            f"{paths[0][0]}: expected a figid (PMC…__name) in each line, as `_id` of a JSON object "
            "or as the name of a gene set, found none"
        )
    return files, {key: tuple(records) for key, records in figures.items()}


def open_records(path: Path, name: str, workspace: Path) -> RecordFile:
    """Return a file of records that can be read at any place.

    Args:
        path: The file; one with .gz or .zst is decompressed first.
        name: How findings name it.
        workspace: A folder that it may be decompressed into.

    Raises:
        InputError: It cannot be read, or is a broken archive.
    """
    form = record_form(path)
    assert form is not None, "the caller has asked"
    species = _SPECIES.search(plain_name(path.name))
    organism = species[3].replace("_", " ") if species else ""
    if not is_compressed(path):
        return RecordFile(form, name, str(path.resolve()), organism)
    workspace.mkdir(parents=True, exist_ok=True)
    target = workspace / "records"
    try:
        with open_plain(path) as content, target.open("wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
    except OSError as error:
        raise InputError(f"{path}: cannot be unpacked: {error.strerror or error}") from error
    except BROKEN as error:
        message = f"{path}: expected a whole archive, found it broken: {error} (fetch it again)"
        raise InputError(message) from error
    return RecordFile(form, name, str(target), organism)


def find_records(file: RecordFile) -> Iterator[tuple[str, int, Record]]:
    """Yield the records of a file, each with the figid or alias it states, and its line.

    Raises:
        InputError: The file cannot be read, or has a line that is too long to be a record.
    """
    try:
        with open(file.path, "rb") as handle:  # noqa: PTH123 - the path is a string for workers
            offset = number = 0
            while line := handle.readline(MAX_MEMBER_BYTES + 1):
                number += 1
                if len(line) > MAX_MEMBER_BYTES:
                    raise InputError(
                        f"{file.name}: line {number}: expected at most {MAX_MEMBER_BYTES} bytes"
                    )
                if line.strip():
                    stated = stated_name(file.form, line)
                    yield stated, number, Record(file, offset, len(line))
                offset += len(line)
    except OSError as error:
        raise InputError(f"{file.name}: cannot be read: {error.strerror or error}") from error


def stated_name(form: RecordForm, line: bytes) -> str:
    """Return the figid or alias that a line states, "" when it states none."""
    if form is RecordForm.BIOTHINGS:
        try:
            document = orjson.loads(line)
        except orjson.JSONDecodeError:
            return ""
        stated = document.get("_id") if isinstance(document, dict) else None
        return figid_in(stated) if isinstance(stated, str) else ""
    return figid_in(line.partition(b"\t")[0].decode(errors="replace"))


def read_record(record: Record) -> tuple[RecordText, bytes]:
    """Return the text of a record, None when it cannot be had, and its bytes."""
    file = record.file
    text: str | None = None
    data = b""
    with suppress(OSError, UnicodeDecodeError):
        with open(file.path, "rb") as handle:  # noqa: PTH123 - the path is a string for workers
            handle.seek(record.offset)
            data = handle.read(record.length)
        text = data.decode("utf-8")
    return RecordText(file.form, file.name, file.organism, text), data
