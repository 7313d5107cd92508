"""Inputs of a run: which pages there are, which tables go with them, and their text.

The only module that opens input files. Nothing but names is held for a figure until its turn
comes, so that a release of any size needs no more memory than its list of file names.

Source: design/input.md, the layout of a checkout
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf import iri
from pfocr_rdf.archive import MAX_MEMBER_BYTES, extract, is_archive, readable
from pfocr_rdf.errors import InputError
from pfocr_rdf.findings import Finding
from pfocr_rdf.model import MentionKind

_PAGE_SUFFIXES: Final = frozenset((".md", ".txt"))
TABLE_SUFFIXES: Final = {
    "-genes.tsv": MentionKind.GENE,
    "-chemicals.tsv": MentionKind.CHEMICAL,
    "-diseases.tsv": MentionKind.DISEASE,
}
MAP_FILES: Final = {"ndex_map.tsv": "ndex", "wpid_map.tsv": "wpid"}


class Folder(NamedTuple):
    """A folder of pages and the one of their tables; paths, and how findings name them."""

    pages: str
    pages_name: str
    tables: str
    tables_name: str


class FigureSource(NamedTuple):
    """One page and the kinds of tables that go with it; its paths follow from its folder."""

    folder: Folder
    file: str
    tables: tuple[str, ...]

    @property
    def name(self) -> str:
        """How findings name the page: its path below the input, in POSIX form."""
        return _joined(self.folder.pages_name, self.file)

    @property
    def stem(self) -> str:
        """The file's name without its suffix; in a checkout this is the figid."""
        return os.path.splitext(self.file)[0]


class NamedFile(NamedTuple):
    """A file, and how findings name it."""

    name: str
    path: str


class InputSummary(NamedTuple):
    """One INPUT as the manifest describes it."""

    name: str
    kind: str
    figures: int
    tables: int


@dataclass(slots=True)
class Corpus:
    """All that a run reads, in sorted path order.

    `orphans` are tables without a page. `findings` concern the inputs as a whole.
    """

    figures: list[FigureSource] = field(default_factory=list)
    organism_pages: list[NamedFile] = field(default_factory=list)
    maps: dict[str, list[NamedFile]] = field(default_factory=dict)
    orphans: list[tuple[MentionKind, NamedFile]] = field(default_factory=list)
    inputs: list[InputSummary] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class InputDigest(NamedTuple):
    """The size and hash of what was read for one figure; `input` is the INPUT's label."""

    input: str
    bytes: int
    sha256: str


class Reading:
    """Adds up the size and hash of files as they are read."""

    def __init__(self) -> None:
        self.bytes = 0
        self._sha256 = hashlib.sha256()

    def update(self, name: str, data: bytes) -> None:
        """Add a file; its folder's name does not count, so that moving a corpus changes nothing."""
        self.bytes += len(data)
        self._sha256.update(f"{name.rpartition('/')[2]}\0{len(data)}\0".encode(errors="replace"))
        self._sha256.update(data)

    def digest(self, name: str) -> InputDigest:
        """Return the sum under the label that a name starts with."""
        return InputDigest(name.partition("/")[0], self.bytes, self._sha256.hexdigest())


class RawTable(NamedTuple):
    """The text of a table."""

    kind: MentionKind
    text: str
    name: str


class RawFigure(NamedTuple):
    """The texts of one figure. `page` is None when it cannot be read; a finding says why."""

    name: str
    page: str | None
    tables: tuple[RawTable, ...]
    digest: InputDigest
    findings: tuple[Finding, ...]


def discover(inputs: Iterable[Path], workspace: Path) -> Corpus:
    """Return what the inputs hold.

    Args:
        inputs: Pages, folders of pages, checkouts, or archives of one, in any order.
        workspace: A folder that archives may be unpacked into.

    Raises:
        InputError: An input does not exist, cannot be read, or holds no page at all.
    """
    corpus = Corpus()
    taken: dict[str, int] = {}
    for number, path in enumerate(sorted(inputs, key=lambda p: (p.name, str(p)))):
        name = readable(path.name or path.resolve().name)
        taken[name] = taken.get(name, 0) + 1
        # Two inputs may have the same name; findings must still tell them apart.
        label = name if taken[name] == 1 else f"{name}~{taken[name]}"
        _Discovery(corpus, path, label).run(workspace / f"input-{number}")
    corpus.figures.sort(key=lambda source: source.name)
    corpus.organism_pages.sort()
    corpus.orphans.sort(key=lambda orphan: orphan[1])
    return corpus


class _Discovery:
    """Adds what one input holds to the corpus."""

    def __init__(self, corpus: Corpus, path: Path, label: str) -> None:
        self.corpus = corpus
        self.path = path
        self.label = label

    def run(self, workspace: Path) -> None:
        figures, tables = len(self.corpus.figures), self._table_count()
        try:
            mode = self.path.stat().st_mode
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror} (give a file or folder)") from error
        if stat.S_ISDIR(mode):
            kind = self._folder(self.path, self.label)
        elif stat.S_ISREG(mode) and is_archive(self.path):
            workspace.mkdir(parents=True)
            self.corpus.findings.extend(extract(self.path, workspace))
            kind = f"archive of a {self._folder(workspace, self.label)}"
        elif stat.S_ISREG(mode):
            kind = self._single_page()
        else:
            raise InputError(f"{self.path}: expected a file or folder")
        found = len(self.corpus.figures) - figures
        if not found:
            expected = "*.md or *.txt pages, or a checkout with a folder _figures"
            raise InputError(f"{self.path}: expected {expected}, found none")
        self.corpus.inputs.append(
            InputSummary(self.label, kind, found, self._table_count() - tables)
        )

    def _table_count(self) -> int:
        return sum(len(source.tables) for source in self.corpus.figures)

    def _folder(self, path: Path, label: str) -> str:
        checkout = next(_checkouts(path), None)
        if checkout is not None:
            inner = checkout.relative_to(path).as_posix()
            self._checkout(checkout, label if inner == "." else f"{label}/{inner}")
            return "checkout"
        for folder, subfolders, _ in os.walk(path):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            inner = Path(folder).relative_to(path).as_posix()
            name = label if inner == "." else f"{label}/{inner}"
            self._pages(Folder(folder, name, folder, name))
        return "folder"

    def _checkout(self, root: Path, label: str) -> None:
        data = root / "_data"
        self._pages(
            Folder(str(root / "_figures"), f"{label}/_figures", str(data), f"{label}/_data")
        )
        organisms = root / "_organisms"
        self.corpus.organism_pages += [
            NamedFile(f"{label}/_organisms/{name}", str(organisms / name))
            for name in _file_names(organisms)
            if os.path.splitext(name)[1] in _PAGE_SUFFIXES
        ]
        for name, key in MAP_FILES.items():
            if (data / name).is_file():
                named = NamedFile(f"{label}/_data/{name}", str(data / name))
                self.corpus.maps.setdefault(key, []).append(named)

    def _pages(self, folder: Folder, only: str = "") -> None:
        tables: dict[str, list[str]] = {}
        for name in _file_names(Path(folder.tables)):
            for suffix in TABLE_SUFFIXES:
                if name.endswith(suffix):
                    tables.setdefault(name.removesuffix(suffix), []).append(suffix)
        # Figures share a handful of combinations; one tuple of each is enough.
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for name in [only] if only else _file_names(Path(folder.pages)):
            stem, suffix = os.path.splitext(name)
            if suffix.lower() in _PAGE_SUFFIXES or only:
                kinds = tuple(sorted(tables.pop(stem, ())))
                source = FigureSource(folder, name, shared.setdefault(kinds, kinds))
                self.corpus.figures.append(source)
        if only:
            return
        for stem, suffixes in tables.items():
            for suffix in suffixes:
                orphan = NamedFile(
                    _joined(folder.tables_name, stem + suffix),
                    os.path.join(folder.tables, stem + suffix),
                )
                self.corpus.orphans.append((TABLE_SUFFIXES[suffix], orphan))

    def _single_page(self) -> str:
        parent = self.path.resolve().parent
        pages, tables = str(parent), str(parent)
        tables_name = ""
        if parent.name == "_figures":
            # A page of a checkout: its tables and organisms lie where the checkout has them.
            tables, tables_name = str(parent.parent / "_data"), "_data"
            organisms = parent.parent / "_organisms"
            self.corpus.organism_pages += [
                NamedFile(f"_organisms/{name}", str(organisms / name))
                for name in _file_names(organisms)
                if name.endswith(".md")
            ]
        self._pages(Folder(pages, "", tables, tables_name), only=self.path.name)
        return "page"


def _checkouts(path: Path) -> Iterator[Path]:
    """Yield the folders that hold `_figures`: the input itself, or up to two levels below."""
    for pattern in ("_figures", "*/_figures", "*/*/_figures"):
        yield from sorted(found.parent for found in path.glob(pattern) if found.is_dir())


def _file_names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(e.name for e in entries if not e.name.startswith(".") and not e.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{folder}: cannot be listed: {error.strerror}") from error


def _joined(folder: str, name: str) -> str:
    return readable(f"{folder}/{name}" if folder else name)


def read_figure(source: FigureSource) -> RawFigure:
    """Return the texts of a figure; what cannot be read is a finding, not an exception."""
    findings: list[Finding] = []
    reading = Reading()
    folder = source.folder
    page = read_text(
        NamedFile(source.name, os.path.join(folder.pages, source.file)), findings, reading
    )
    tables = []
    for suffix in source.tables:
        file = source.stem + suffix
        name = _joined(folder.tables_name, file)
        text = read_text(NamedFile(name, os.path.join(folder.tables, file)), findings, reading)
        if text is not None:
            tables.append(RawTable(TABLE_SUFFIXES[suffix], text, name))
    return RawFigure(source.name, page, tuple(tables), reading.digest(source.name), tuple(findings))


def read_text(
    file: NamedFile, findings: list[Finding], reading: Reading | None = None
) -> str | None:
    """Return a file's text, or None with a finding added.

    Args:
        file: What to read.
        findings: Where an `unreadable-file` goes.
        reading: Is told of the file's bytes.
    """
    reason = ""
    data = b""
    try:
        status = os.stat(file.path)
        if not stat.S_ISREG(status.st_mode):
            reason = "not a plain file"
        elif status.st_size > MAX_MEMBER_BYTES:
            reason = f"{status.st_size} bytes, more than {MAX_MEMBER_BYTES}"
        else:
            with open(file.path, "rb") as handle:
                data = handle.read()
    except OSError as error:
        reason = error.strerror or type(error).__name__
    if reading is not None:
        reading.update(file.name, data)
    if not reason:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            reason = f"not UTF-8 at byte {error.start}"
    findings.append(Finding("unreadable-file", file.name, "", "", reason))
    return None


def is_figure_name(name: str) -> bool:
    """Say whether a word on the command line is a figid rather than a path."""
    return iri.is_figid(name)
