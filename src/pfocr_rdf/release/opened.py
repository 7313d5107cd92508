"""A finished release, as those see it who read one: notebooks, query, serve, load.

What an export wrote is known from its manifest alone; nothing here looks for files by their
endings in a folder that may hold others.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.errors import InputError
from pfocr_rdf.rdf import IRI, VOID, FigureNodes, IriStyle, Literal, Node, Subject, read_triples
from pfocr_rdf.release.files import MANIFEST, VOID_FILE, WrittenFile, dump_of
from pfocr_rdf.release.manifest import files_of, is_file_name, is_release_name
from pfocr_rdf.release.reader import Reader, read_pieces

QUICKEST_TO_LOAD: Final = (".nt", ".ttl", ".nq", ".trig", ".jsonld")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_OURS: Final = "expected the manifest of an export, found another file"


class Release(NamedTuple):
    """A folder that `pfocr-rdf export` wrote.

    Attributes:
        folder: Where it lies.
        key: SHA-256 of its manifest, in hexadecimal: it names the content.
        name: Of the release, or "" when it has none.
        issued: When it was published, YYYY-MM-DD, or "".
        outputs: All files that the manifest lists, in its order.
        iri_style: Whose spelling its gene, taxon, chemical and disease IRIs follow.
    """

    folder: Path
    key: str
    name: str
    issued: str
    outputs: tuple[WrittenFile, ...]
    iri_style: IriStyle

    def dump(self, suffixes: Sequence[str] = QUICKEST_TO_LOAD) -> tuple[WrittenFile, ...]:
        """Return the files of the whole graph in one format.

        Figures come before entities, shards in their order, compressed or not.

        Args:
            suffixes: Of formats; the first that there is.

        Raises:
            InputError: The manifest lists no dump.
        """
        if dump := dump_of(self.outputs, suffixes):
            return dump
        raise InputError(
            f"{self.folder / MANIFEST}: outputs: expected a dump (pfocr.ttl or the like), found none"
        )

    @property
    def triples(self) -> int:
        """How many triples the dump has."""
        return sum(file.triples for file in self.dump())

    @property
    def class_counts(self) -> Mapping[IRI, int]:
        """How many entities each class has, as void.ttl says; the file is read each time."""
        return class_counts(self.folder / VOID_FILE)

    def path(self, file: WrittenFile) -> Path:
        """Return where a file of the release lies."""
        return self.folder / file.name

    def listed(self, name: str) -> WrittenFile | None:
        """Return the manifest's entry of a file, or None when the release has none."""
        return next((file for file in self.outputs if file.name == name), None)

    def figures(self) -> Iterator[FigureNodes]:
        """Yield each figure with its mentions, as the dump says them, in its order.

        Raises:
            InputError: A file of the dump cannot be read, or ends too early.
        """
        reader = Reader(self.iri_style)
        return (reader.figure(piece) for piece in read_pieces(self) if piece.is_figure)

    def entities(self) -> Iterator[Node]:
        """Yield what figures share, likewise: genes, papers, organisms; and the data set.

        Raises:
            InputError: A file of the dump cannot be read, or ends too early.
        """
        reader = Reader(self.iri_style)
        return (reader.entity(piece) for piece in read_pieces(self) if not piece.is_figure)


def open_release(folder: str | os.PathLike[str]) -> Release:
    """Return the release in a folder, after a look at the sizes of its files.

    Raises:
        InputError: It is no release, or a file of it is missing or of another size.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(
            f"{folder}: expected the folder of an export, found no {MANIFEST} in it "
            "(write one with `pfocr-rdf export`)"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        record = orjson.loads(content)
        outputs = files_of(content)
        style = IriStyle(record["options"]["iri style"])
        name = str(record["release"])
        issued = str(record["options"].get("issued", ""))
        ours = "pfocr-rdf" in record["versions"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: {_NOT_OURS}") from error
    if not ours or (name and not is_release_name(name)) or (issued and not _DAY.fullmatch(issued)):
        raise InputError(f"{path}: {_NOT_OURS}")
    _check_files(folder, outputs)
    return Release(folder, hashlib.sha256(content).hexdigest(), name, issued, outputs, style)


def _check_files(folder: Path, files: Iterable[WrittenFile]) -> None:
    for file in files:
        if not is_file_name(file.name):
            raise InputError(f"{folder / MANIFEST}: expected names of files, found {file.name!r}")
        path = folder / file.name
        try:
            size = path.stat().st_size
        except OSError as error:
            raise InputError(
                f"{path}: expected a file that {MANIFEST} lists, found none (export again)"
            ) from error
        if size != file.bytes:
            raise InputError(
                f"{path}: expected {file.bytes:,} bytes as {MANIFEST} lists, found {size:,} "
                "(export again)"
            )


def class_counts(void: Path) -> dict[IRI, int]:
    """Return how many entities each class has, as a void.ttl says."""
    classes: dict[Subject, IRI] = {}
    counts: dict[Subject, int] = {}
    for subject, predicate, value in read_triples(void):
        if predicate == VOID["class"] and isinstance(value, str):
            classes[subject] = IRI(value)
        elif predicate == VOID.entities and isinstance(value, Literal):
            counts[subject] = int(value.lexical)
    # Some partitions count what is no class of the graph, and no entities.
    return {
        name: counts[part]
        for part, name in sorted(classes.items(), key=lambda each: each[1])
        if part in counts
    }
