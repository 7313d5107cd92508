"""Inputs of a run: which pages there are, which tables go with them, and their text.

The only module that opens input files. Nothing but names is held for a figure until its turn
comes, so that a release of any size needs no more memory than its list of file names.

Source: design/input.md, the layout of a checkout
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.read.archive import MAX_MEMBER_BYTES, extract, readable
from pfocr_rdf.figures.read.archive_kinds import is_archive, refuse_unread
from pfocr_rdf.figures.read.record_forms import MISSING, RecordText
from pfocr_rdf.figures.read.records import (
    Record,
    collect_records,
    is_of_sets,
    read_record,
    record_form,
)
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import Kind
from pfocr_rdf.rdf import iris as iri

PAGE_SUFFIXES: Final = frozenset((".md", ".txt"))
TABLE_SUFFIXES: Final = {
    "-genes.tsv": Kind.GENE,
    "-chemicals.tsv": Kind.CHEMICAL,
    "-diseases.tsv": Kind.DISEASE,
}
# `-Genes.tsv`, `_genes.tsv`, `-genes.tsv.gz`, `-genes (1).csv`: names that are nearly right.
_NEARLY_TABLE: Final = re.compile(
    r"(?P<stem>.+?)[-_. ]*(?P<kind>gene|chemical|disease)s?[^A-Za-z.]*"
    r"(?:\.(?:tsv|txt|csv|tab|xlsx?)[^A-Za-z]*(?:\.[a-z0-9]+)?)?",
    re.IGNORECASE,
)
_NEARLY_MAP: Final = re.compile(r"(?P<kind>ndex|wpid)[-_. ]?map\b.*", re.IGNORECASE)
MAP_FILES: Final = {"ndex_map.tsv": "ndex", "wpid_map.tsv": "wpid"}
NOT_FLAT: Final = "a folder, where a checkout has only files"
_RELEASE_FILES: Final = frozenset(("manifest.json", "findings.jsonl", "report.json"))


class Folder(NamedTuple):
    """A folder of pages and the one of their tables; paths, and how findings name them.

    `input` is the label of the INPUT it belongs to.
    """

    input: str
    pages: str
    pages_name: str
    tables: str
    tables_name: str


class FigureSource(NamedTuple):
    """One page and the kinds of tables that go with it; its paths follow from its folder.

    Or a figure's records in files of an earlier release: `file` is then what names them there.
    """

    folder: Folder
    file: str
    tables: tuple[str, ...]
    records: tuple[Record, ...] = ()

    @property
    def name(self) -> str:
        """How findings name the page: its path below the input, in POSIX form."""
        return _joined(self.folder.pages_name, self.file)

    @property
    def stem(self) -> str:
        """The file's name without its suffix; in a checkout this is the figid."""
        return self.file if self.records else os.path.splitext(self.file)[0]


class NamedFile(NamedTuple):
    """A file of an INPUT, and how findings name it."""

    input: str
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

    `orphans` are tables without a page. `unread` are files that lie where tables do and are none
    by their name, each with what it may have been meant for. `findings` concern the inputs as a
    whole.
    """

    figures: list[FigureSource] = field(default_factory=list)
    organism_pages: list[NamedFile] = field(default_factory=list)
    maps: dict[str, list[NamedFile]] = field(default_factory=dict)
    orphans: list[tuple[Kind, NamedFile]] = field(default_factory=list)
    unread: list[tuple[NamedFile, str]] = field(default_factory=list)
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

    def remark(self, text: str) -> None:
        """Add what is in no file's bytes but decides what is made of them."""
        self._sha256.update(f"\0{text}\0".encode(errors="replace"))

    def digest(self, label: str) -> InputDigest:
        """Return the sum for the INPUT of a label."""
        return InputDigest(label, self.bytes, self._sha256.hexdigest())


class RawTable(NamedTuple):
    """The text of a table."""

    kind: Kind
    text: str
    name: str


class RawFigure(NamedTuple):
    """The texts of one figure. `page` is None when it cannot be read; a finding says why.

    A figure of `records` has neither page nor tables.
    """

    name: str
    page: str | None
    tables: tuple[RawTable, ...]
    digest: InputDigest
    findings: tuple[Finding, ...]
    records: tuple[RecordText, ...] = ()


def discover(inputs: Iterable[Path], workspace: Path) -> Corpus:
    """Return what the inputs hold.

    Args:
        inputs: Pages, folders of pages, checkouts, archives of one, or files of an earlier
            release (BioThings documents, GMT), in any order.
        workspace: A folder that archives may be unpacked into.

    Raises:
        InputError: An input does not exist, cannot be read, or holds no page at all.
    """
    corpus = Corpus()
    taken: set[str] = set()
    ordered = sorted(inputs, key=lambda p: (_real_name(p), str(p)))
    sets = [path for path in ordered if is_of_sets(path) and path.is_file()]
    if sets:
        # A figure's sets lie in a file each organism and tier, so they are one input.
        taken.add(_Discovery(corpus, sets[0], _label_of(sets)).sets(sets, workspace / "sets"))
    for number, path in enumerate(path for path in ordered if path not in sets):
        name = label = readable(_real_name(path))
        # Two inputs may have the same name; findings must still tell them apart.
        again = 1
        while label in taken:
            label = f"{name}~{(again := again + 1)}"
        taken.add(label)
        _Discovery(corpus, path, label).run(workspace / f"input-{number}")
    corpus.figures.sort(key=lambda source: source.name)
    corpus.organism_pages.sort()
    corpus.orphans.sort(key=lambda orphan: orphan[1])
    corpus.unread.sort()
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
        elif stat.S_ISREG(mode) and record_form(self.path) is not None:
            kind = self._records([self.path], workspace)
        elif stat.S_ISREG(mode) and is_archive(self.path):
            workspace.mkdir(parents=True)
            self.corpus.findings.extend(extract(self.path, workspace))
            kind = f"archive of a {self._folder(workspace, self.label)}"
        elif stat.S_ISREG(mode):
            refuse_unread(self.path)
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

    def sets(self, paths: Sequence[Path], workspace: Path) -> str:
        """Add the sets of several files as one input, and return its label."""
        before = len(self.corpus.figures)
        kind = self._records(paths, workspace)
        found = len(self.corpus.figures) - before
        self.corpus.inputs.append(InputSummary(self.label, kind, found, 0))
        return self.label

    def _records(self, paths: Sequence[Path], workspace: Path) -> str:
        """Add the figures of files with a record a line; a name is a figure in all of them."""
        named = [(path, readable(_real_name(path))) for path in paths]
        files, figures = collect_records(named, workspace)
        self.corpus.findings += [
            Finding("fewer-facts", f.name, detail=f"{f.form} do not say: {MISSING[f.form]}")
            for f in files
        ]
        folder = Folder(self.label, "", self.label, "", self.label)
        self.corpus.figures += [
            FigureSource(folder, name, (), records) for name, records in figures.items()
        ]
        return ", ".join(dict.fromkeys(file.form for file in files))

    def _table_count(self) -> int:
        return sum(len(source.tables) for source in self.corpus.figures)

    def _folder(self, path: Path, label: str) -> str:
        checkouts = _checkouts(path)
        for checkout in checkouts:
            inner = checkout.relative_to(path).as_posix()
            self._checkout(checkout, label if inner == "." else f"{label}/{inner}")
        if checkouts:
            return "checkout" if len(checkouts) == 1 else "folder of checkouts"
        for folder, subfolders, files in os.walk(path, onerror=_cannot_list):
            if _RELEASE_FILES.issubset(files):
                subfolders.clear()  # report.md of an earlier export is not a page
                continue
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            inner = Path(folder).relative_to(path).as_posix()
            name = label if inner == "." else f"{label}/{inner}"
            self._pages(Folder(self.label, folder, name, folder, name))
        return "folder"

    def _checkout(self, root: Path, label: str) -> None:
        data = root / "_data"
        figures = str(root / "_figures")
        self._pages(Folder(self.label, figures, f"{label}/_figures", str(data), f"{label}/_data"))
        self._organisms(root / "_organisms", f"{label}/_organisms")
        self.corpus.findings += [
            Finding("unreadable-file", f"{label}/{folder}/{readable(name)}", detail=NOT_FLAT)
            for folder in ("_figures", "_data", "_organisms")
            for name in _names(root / folder, of_folders=True)
        ]
        for name in _names(data):
            if key := MAP_FILES.get(name):
                named = NamedFile(self.label, f"{label}/_data/{name}", str(data / name))
                self.corpus.maps.setdefault(key, []).append(named)

    def _organisms(self, folder: Path, name: str) -> None:
        known = {file.path for file in self.corpus.organism_pages}
        self.corpus.organism_pages += [
            NamedFile(self.label, f"{name}/{file}", path)
            for file in _names(folder)
            if os.path.splitext(file)[1].lower() in PAGE_SUFFIXES
            # Several pages of one checkout, each an INPUT, have the same organisms.
            and (path := str(folder / file)) not in known
        ]

    def _pages(self, folder: Folder, only: str = "") -> None:
        pages = [only] if only else _names(Path(folder.pages))
        pair_up(self.corpus, folder, pages, _names(Path(folder.tables)), single=bool(only))

    def _single_page(self) -> str:
        parent = self.path.resolve().parent
        pages, tables = str(parent), str(parent)
        name = tables_name = "" if self.label == readable(_real_name(self.path)) else self.label
        if parent.name == "_figures":
            # A page of a checkout: its tables and organisms lie where the checkout has them.
            tables, tables_name = str(parent.parent / "_data"), _joined(name, "_data")
            self._organisms(parent.parent / "_organisms", _joined(name, "_organisms"))
        folder = Folder(self.label, pages, name, tables, tables_name)
        self._pages(folder, only=_real_name(self.path))
        return "page"


def pair_up(
    corpus: Corpus,
    folder: Folder,
    pages: Iterable[str],
    tables: Iterable[str],
    *,
    single: bool = False,
) -> None:
    """Add the pages of a folder to a corpus, each with its tables, and tables without a page.

    Args:
        corpus: What they are added to.
        folder: Where the files are.
        pages: Names of the files where the pages are, sorted.
        tables: Names of the files where the tables are.
        single: The one page was asked for by name: any suffix will do, and no table is an orphan.
    """
    # Figures share a handful of combinations; one tuple of each is enough.
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    kinds_of: dict[str, tuple[str, ...]] = {}
    others = []
    for name in tables:
        suffix = next((suffix for suffix in TABLE_SUFFIXES if name.endswith(suffix)), "")
        if suffix:
            stem = name.removesuffix(suffix)
            kinds = (*kinds_of.get(stem, ()), suffix)
            kinds_of[stem] = shared.setdefault(kinds, kinds)
        else:
            others.append(name)
    taken = frozenset(
        name for name in pages if single or os.path.splitext(name)[1].lower() in PAGE_SUFFIXES
    )
    for name in sorted(taken):
        stem = os.path.splitext(name)[0]
        kinds = tuple(sorted(kinds_of.pop(stem, ())))
        corpus.figures.append(FigureSource(folder, name, shared.setdefault(kinds, kinds)))
    _note_unread(corpus, folder, taken, others, single=single)
    if single:
        return
    for stem, suffixes in kinds_of.items():
        for suffix in suffixes:
            orphan = NamedFile(
                folder.input,
                _joined(folder.tables_name, stem + suffix),
                os.path.join(folder.tables, stem + suffix),
            )
            corpus.orphans.append((TABLE_SUFFIXES[suffix], orphan))


def _note_unread(
    corpus: Corpus, folder: Folder, pages: AbstractSet[str], others: Iterable[str], *, single: bool
) -> None:
    """Note the files beside tables that are none by their names.

    In a folder of its own every file is a table or a map. Beside pages anything may lie, and
    beside a page that was asked for by name tables of others do: there the name must tell.
    """
    apart = folder.tables != folder.pages
    stems = {os.path.splitext(page)[0] for page in pages}
    for name in others:
        stem, meant = _meant(name)
        if apart and not single:
            is_unread = name not in MAP_FILES
        else:
            is_unread = stem in stems and name not in pages
        if is_unread:
            path = os.path.join(folder.tables, name)
            file = NamedFile(folder.input, _joined(folder.tables_name, name), path)
            corpus.unread.append((file, meant))


def _meant(name: str) -> tuple[str, str]:
    """Return the stem of a name that is nearly a table's, and the right name; "" for others."""
    if match := _NEARLY_MAP.fullmatch(name):
        return "", f"{match['kind'].lower()}_map.tsv"
    match = _NEARLY_TABLE.fullmatch(name)
    return (match["stem"], f"{match['stem']}-{match['kind'].lower()}s.tsv") if match else ("", "")


def _label_of(sets: Sequence[Path]) -> str:
    """Return how findings and the manifest name several files of sets."""
    first = readable(_real_name(sets[0]))
    return f"{first} and {len(sets) - 1} more" if len(sets) > 1 else first


def _real_name(path: Path) -> str:
    """Return the name of what a path leads to, so that `.` and links are named as their target."""
    return os.path.basename(os.path.realpath(path))


def _checkouts(path: Path) -> list[Path]:
    """Return the folders that hold `_figures`, however deep; none of them lies in another."""
    found = []
    for folder, subfolders, _ in os.walk(path):
        if os.path.isdir(os.path.join(folder, "_figures")):
            found.append(Path(folder))
            subfolders.clear()
            continue
        # A link is looked into, but not followed further: it may lead in a circle.
        links = (os.path.join(folder, name) for name in subfolders if not name.startswith("."))
        found += [
            Path(link)
            for link in links
            if os.path.islink(link) and os.path.isdir(os.path.join(link, "_figures"))
        ]
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
    return sorted(found)


def _names(folder: Path, *, of_folders: bool = False) -> list[str]:
    """Return the names of the files in a folder, or those of its folders; hidden ones are not."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and _is_dir(entry) is of_folders
            )
    except FileNotFoundError:
        return []
    except OSError as error:
        _cannot_list(error)


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a loop of links: whoever reads it says so


def _cannot_list(error: OSError) -> NoReturn:
    raise InputError(f"{error.filename}: cannot be listed: {error.strerror}") from error


def _joined(folder: str, name: str) -> str:
    return readable(f"{folder}/{name}" if folder else name)


def read_figure(source: FigureSource) -> RawFigure:
    """Return the texts of a figure; what cannot be read is a finding, not an exception."""
    findings: list[Finding] = []
    reading = Reading()
    folder = source.folder
    if source.records:
        return _read_records(source, reading)
    path = os.path.join(folder.pages, source.file)
    page = read_text(NamedFile(folder.input, source.name, path), findings, reading)
    if source.tables and folder.tables_name != folder.pages_name:
        reading.remark("tables apart")  # findings name them by their folder
    tables = []
    for suffix in source.tables:
        file = source.stem + suffix
        name = _joined(folder.tables_name, file)
        path = os.path.join(folder.tables, file)
        text = read_text(NamedFile(folder.input, name, path), findings, reading)
        if text is not None:
            tables.append(RawTable(TABLE_SUFFIXES[suffix], text, name))
    return RawFigure(
        source.name, page, tuple(tables), reading.digest(folder.input), tuple(findings)
    )


def _read_records(source: FigureSource, reading: Reading) -> RawFigure:
    texts = []
    for record in source.records:
        text, data = read_record(record)
        reading.update(record.file.name, data)
        reading.remark(f"{text.form} {text.organism} {text.text is None}")
        texts.append(text)
    digest = reading.digest(source.folder.input)
    return RawFigure(source.name, None, (), digest, (), tuple(texts))


ReadText = Callable[[NamedFile, list[Finding], Reading], str | None]
"""Reads a file as `read_text` does, wherever it lies."""


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
        if reason:
            reading.remark(reason)  # it must not look like a file that is empty
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
