"""Cuts RDF files into parts that can be read alone: Turtle, N-Triples, N-Quads and dumps in JSON-LD.

A cut is a guess, made so that what one document says of its fragments stays together; whether
it was right is seen when the part is read. Files of other syntaxes are one part each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyoxigraph

from pfocr_rdf.errors import InputError
from pfocr_rdf.files import BROKEN, COMPRESSED, open_plain, plain_name
from pfocr_rdf.rdf import (
    BlankNode,
    BlockReader,
    Literal,
    NotBlocks,
    Subject,
    Triple,
    read_triples,
    triples_of,
)
from pfocr_rdf.shacl.graph import Index, index_triples

PART: Final = 2_000_000
"""Bytes of a part, about: 50,000 triples of Turtle."""

_LINES: Final = {".nt": pyoxigraph.RdfFormat.N_TRIPLES, ".nq": pyoxigraph.RdfFormat.N_QUADS}
_SYNTAXES: Final = {
    **_LINES,
    **dict.fromkeys((".ttl", ".turtle"), pyoxigraph.RdfFormat.TURTLE),
    **dict.fromkeys((".jsonld", ".json"), pyoxigraph.RdfFormat.JSON_LD),
}
_JSON: Final = (".jsonld", ".json")
_HEADER: Final = re.compile(
    rb"(?:[ \t]*(?:(?:@prefix|(?i:prefix))[ \t]+[^\s:<>#]*:[ \t]*<[^<>\s]*>[ \t]*\.?"
    rb"|(?:@base|(?i:base))[ \t]*<[^<>\s]*>[ \t]*\.?)?[ \t]*(?:#[^\n]*)?\n)*"
)
_JSON_HEADER: Final = re.compile(rb'\{"@context":[^\n]*\n"@graph":\[\n')
_STATEMENT: Final = re.compile(rb"\.[ \t]*\n\n*(?=[<A-Za-z_])")
_LINE: Final = re.compile(rb"\n(?=[^\n])")
_GAP: Final = rb"(?:\s|#[^\n]*\n)*"
_DIRECTIVE: Final = re.compile(
    rb"prefix" + _GAP + rb"[^\s:<>\"]*:" + _GAP + rb"<|base" + _GAP + rb"<"
)
_LABELS: Final = re.compile(rb'_:([^\s,;)\]"]+)')
_WINDOW: Final = 1 << 16
_WHOLE: Final = 4
"""How many parts a file may have that is read as one because it cannot be cut."""
_FOLDED: Final = 8
"""How much smaller text is when it is compressed, about."""
_FAR: Final = 2_000
"""How many statements behind its place a cut is looked for that keeps a document together."""


class NotCut(Exception):  # noqa: N818 - a signal, not an error
    """The file cannot be read in parts: it is to be read from its beginning to its end."""


class Part(NamedTuple):
    """A part of a file.

    Attributes:
        number: Of all parts of all files; with the bytes of a part it names it.
        path: The file.
        labels: What is put before the labels of the file's blank nodes.
        header: What stands before it: prefixes, base, context.
        start: Its first byte, in the file as it is before compression.
        stop: The first one behind it; -1 where the part is the file.
        content: Its bytes, where the file is compressed.
    """

    number: int
    path: Path
    labels: str
    header: bytes = b""
    start: int = 0
    stop: int = -1
    content: bytes | None = None


def text_size(paths: Iterable[Path]) -> int:
    """Return how many bytes of text files have, about; 0 for what is not there."""
    return sum(
        path.stat().st_size * (_FOLDED if path.suffix.lower() in COMPRESSED else 1)
        for path in paths
        if path.is_file()
    )


def cut_files(paths: Sequence[Path], labels: Sequence[str], size: int = PART) -> Iterator[Part]:
    """Yield the parts of files, in their order.

    Args:
        paths: The files.
        labels: What goes before the labels of blank nodes of each.
        size: Bytes of a part, about.

    Raises:
        InputError: A file cannot be read.
    """
    number = 0
    for path, label in zip(paths, labels, strict=True):
        for part in _cut_file(path, label, size):
            yield part._replace(number=number)
            number += 1


def _cut_file(path: Path, labels: str, size: int) -> Iterator[Part]:
    whole = Part(0, path, labels)
    suffix = _suffix(path)
    boundary = _LINE if suffix in (*_LINES, *_JSON) else _STATEMENT
    compressed = path.suffix.lower() in COMPRESSED
    try:
        small = text_size([path]) <= _WHOLE * size
        if suffix not in _SYNTAXES:
            if not small:
                raise NotCut(path)
            yield whole
            return
        with open_plain(path) as stream:
            buffer = _read(stream, max(size, _WINDOW) + _WINDOW)
            header = b"" if suffix in _LINES else _header(suffix, buffer)
            if len(buffer) <= size or (header is None and small):
                yield whole
                return
            if header is None:
                raise NotCut(path)
            start, buffer = len(header), buffer[len(header) :]
            while buffer:
                length = _place(buffer, size, boundary)
                while length is None:
                    more = _read(stream, max(size, _WINDOW))
                    if not more:
                        length = len(buffer)
                    else:
                        buffer += more
                        length = _place(buffer, size, boundary)
                content = buffer[:length] if compressed else None
                yield Part(0, path, labels, header, start, start + length, content)
                start += length
                buffer = buffer[length:] + _read(
                    stream, max(size + _WINDOW - len(buffer) + length, 0)
                )
    except BROKEN as error:
        raise InputError(f"{path}: expected a complete archive, found {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _suffix(path: Path) -> str:
    return Path(plain_name(path.name)).suffix.lower()


def _read(stream: IO[bytes], length: int) -> bytes:
    """Read so many bytes, fewer at the end alone."""
    blocks = []
    while length > 0 and (block := stream.read(length)):
        blocks.append(block)
        length -= len(block)
    return b"".join(blocks)


def _header(suffix: str, beginning: bytes) -> bytes | None:
    found = (_JSON_HEADER if suffix in _JSON else _HEADER).match(beginning)
    return found[0] if found else None


def _place(buffer: bytes, size: int, boundary: re.Pattern[bytes]) -> int | None:
    """Return where to cut: behind `size` bytes, and before another document if one is near."""
    first = before = None
    for number, found in enumerate(boundary.finditer(buffer, size - 1)):
        about = buffer[found.end() : found.end() + 2_048].split(None, 1)[0].partition(b"#")[0]
        if first is None:
            first = found.end()
        elif about.rstrip(b">") != before:
            return found.end()
        if number >= _FAR:
            return first
        before = about.rstrip(b">")
    return None


class PartReader:
    """Reads parts; remembers what it has read of the same file."""

    def __init__(self) -> None:
        self._of: tuple[Path, bytes] | None = None
        self._blocks: BlockReader | None = None

    def read(self, part: Part) -> Index:
        """Return the index of a part: subject -> predicate -> distinct objects.

        Raises:
            NotCut: The part cannot be read alone.
            InputError: The file cannot be read.
        """
        if part.stop < 0:
            return index_triples(own_labels(read_triples(part.path), part.labels))
        text = part.content if part.content is not None else _text(part)
        syntax, base = _SYNTAXES[_suffix(part.path)], part.path.resolve().as_uri()
        if syntax == pyoxigraph.RdfFormat.TURTLE and _DIRECTIVE.search(text.lower()):
            raise NotCut
        if syntax == pyoxigraph.RdfFormat.JSON_LD:
            document = part.header + text.removesuffix(b"]}\n").rstrip(b",\n") + b"\n]}\n"
        else:
            document = part.header + text
            if b"_:" not in text:
                try:
                    return self._reader(part, syntax, base).read(text)
                except NotBlocks:
                    pass
        try:
            quads = pyoxigraph.parse(document, syntax, base_iri=base)
            return index_triples(triples_of(quads, _namer(part, text)))
        except (SyntaxError, ValueError) as error:
            raise NotCut from error

    def _reader(self, part: Part, syntax: pyoxigraph.RdfFormat, base: str) -> BlockReader:
        of = part.path, part.header
        if self._blocks is None or self._of != of:
            self._of, self._blocks = of, BlockReader(syntax, part.header, base)
        return self._blocks


def own_labels(triples: Iterable[Triple], prefix: str) -> Iterator[Triple]:
    """Yield triples with something before the labels of all blank nodes."""
    if not prefix:
        yield from triples
        return

    def own(term: Subject) -> Subject:
        return BlankNode(prefix + term.label) if isinstance(term, BlankNode) else term

    for subject, predicate, value in triples:
        yield own(subject), predicate, value if isinstance(value, Literal) else own(value)


def _text(part: Part) -> bytes:
    try:
        with part.path.open("rb") as stream:
            stream.seek(part.start)
            return stream.read(part.stop - part.start)
    except OSError as error:
        raise InputError(f"{part.path}: cannot be read: {error.strerror or error}") from error


def _namer(part: Part, text: bytes) -> Callable[[str, int], str]:
    """Return how blank nodes are labelled: as the file does; those without a label, by the part."""
    given = {label for found in _LABELS.findall(text) for label in (found, found.rstrip(b"."))}
    stated = {label.decode(errors="replace") for label in given}

    def name(label: str, before: int) -> str:
        if label not in stated:
            return f"{part.labels}part{part.number}-{before}"
        # So that no label of the file is one of ours.
        taken = label.startswith(("part", "given-"))
        return f"{part.labels}{'given-' if taken else ''}{label}"

    return name
