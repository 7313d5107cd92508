"""Files of a release -> bodies of a request: cut between figures, with bounded memory.

A store takes only so much at once, and a load that was interrupted goes on at the slice where
it was; so equal files and sizes always give equal slices. N-Triples and Turtle are cut as they
are, N-Quads and TriG after the name of their graph has been taken out (the request names the
graph), and JSON-LD is read piece by piece and sent as N-Triples. Nothing in a release is a blank
node, so a cut between any two nodes would be safe; a figure stays whole with its mentions for
whoever looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyoxigraph

from pfocr_rdf.errors import InputError, unread
from pfocr_rdf.files import BROKEN, decompressed, plain_name
from pfocr_rdf.rdf import documents

N_TRIPLES: Final = "application/n-triples"
TURTLE: Final = "text/turtle"

_OPENING: Final = b"@prefix void: <http://rdfs.org/ns/void#> .\n"
"""A line that makes N-Triples Turtle, for stores that guess the syntax by the first bytes."""


class Slice(NamedTuple):
    """The body of one request.

    Attributes:
        body: A whole document.
        media_type: N-Triples or Turtle.
        read: Bytes of the file that have been read, as it lies on the disk.
    """

    body: bytes
    media_type: str
    read: int


class _Units(NamedTuple):
    """What a document consists of: lines, or blocks with a blank line behind each."""

    end: bytes
    after_subject: bytes


_LINES: Final = _Units(b"\n", b" ")
_BLOCKS: Final = _Units(b"\n\n", b"\n")


def slices_of(path: Path, size: int, *, opening: bool = False) -> Iterator[Slice]:
    """Yield a file of a release in slices.

    Args:
        path: A dump, alignment.ttl or void.ttl; plain or compressed.
        size: Bytes that a slice has at most, its prefixes included; one figure that has more
            is cut between its nodes, one node that has more is a slice of its own.
        opening: Put a prefix before slices of N-Triples, which are Turtle then.

    Raises:
        InputError: The file cannot be read, or is JSON-LD that no export has written.
    """
    suffix = Path(plain_name(path.name)).suffix
    try:
        with path.open("rb") as raw:
            stream = decompressed(raw, path.name)
            if suffix in {".ttl", ".trig"}:
                header, bodies = _blocks(stream, size, in_graph=suffix == ".trig")
                media_type = TURTLE
            else:
                header = _OPENING if opening else b""
                room = size - len(header)
                bodies = _lines(stream, room) if suffix != ".jsonld" else _converted(stream, room)
                if suffix == ".nq":
                    bodies = _without_graph(bodies)
                media_type = TURTLE if opening else N_TRIPLES
            for body in bodies:
                yield Slice(header + body, media_type, raw.tell())
    except (OSError, *BROKEN) as error:
        raise unread(path, error) from error
    except SyntaxError as error:
        raise InputError(f"{path}: expected RDF as it was exported, found {error}") from error


def triples_in(piece: Slice) -> int:
    """Return how many triples a slice has."""
    if piece.media_type == N_TRIPLES:
        return piece.body.count(b"\n")
    return sum(1 for _ in pyoxigraph.parse(piece.body, pyoxigraph.RdfFormat.TURTLE))


def _lines(stream: IO[bytes], size: int) -> Iterator[bytes]:
    return _cut(stream, size, _LINES)


def _blocks(stream: IO[bytes], size: int, *, in_graph: bool) -> tuple[bytes, Iterator[bytes]]:
    """Return the prefixes of Turtle or TriG, and what follows in slices without them."""
    prefixes = []
    while (line := stream.readline()).strip():
        prefixes.append(line)
    header = b"".join((*prefixes, b"\n"))
    blocks = _cut(stream, size - len(header), _BLOCKS)
    if in_graph:
        stream.readline()  # the name of the graph and its brace
        stream.readline()
        blocks = (text for body in blocks if (text := body.removesuffix(b"}\n")))
    return header, blocks


def _cut(stream: IO[bytes], size: int, units: _Units) -> Iterator[bytes]:
    text = b""
    while True:
        while len(text) > size:
            place = _place_of_cut(text[:size], units)
            if not place:  # one line or block that is longer: it goes alone
                end = text.find(units.end, max(size - len(units.end), 0))
                if end < 0:
                    break
                place = end + len(units.end)
            yield text[:place]
            text = text[place:]
        read = stream.read(max(size, 1))
        if not read:
            if text:
                yield text
            return
        text += read


def _place_of_cut(text: bytes, units: _Units) -> int:
    """Return where the last figure or entity begins; 0 when there is nowhere to cut.

    A mention's IRI is that of its figure with a fragment, so a subject without one begins
    something new.
    """
    end = text.rfind(units.end)
    if end < 0:
        return 0
    last = stop = end + len(units.end)
    later: bytes | None = None
    while stop > 0:
        start = text.rfind(units.end, 0, stop - len(units.end))
        start = 0 if start < 0 else start + len(units.end)
        subject = text[start : text.find(units.after_subject, start)]
        if later is not None and later != subject and b"#" not in later:
            return stop
        later, stop = subject, start
    return last


def _without_graph(bodies: Iterable[bytes]) -> Iterator[bytes]:
    for body in bodies:
        # A literal holds no line end of its own, so this stands only behind an object.
        graph = body[: body.index(b"\n")].rsplit(b" ", 2)[1]
        yield body.replace(b" " + graph + b" .\n", b" .\n")


def _converted(stream: IO[bytes], size: int) -> Iterator[bytes]:
    kept: list[bytes] = []
    length = 0
    for figure in _figures(stream, size):
        if kept and length + len(figure) > size:
            yield b"".join(kept)
            kept, length = [], 0
        kept.append(figure)
        length += len(figure)
    if kept:
        yield b"".join(kept)


def _figures(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """Yield JSON-LD as N-Triples, one figure with its mentions or one entity at a time."""
    lines: list[bytes] = []
    length = 0
    before = ""
    for quad in _quads(stream):
        line = f"{quad.subject} {quad.predicate} {quad.object} .\n".encode()
        assert isinstance(quad.subject, pyoxigraph.NamedNode), "a release has no blank nodes"
        figure = quad.subject.value.partition("#")[0]
        if lines and (figure != before or length + len(line) > size):
            yield b"".join(lines)
            lines, length = [], 0
        lines.append(line)
        length += len(line)
        before = figure
    if lines:
        yield b"".join(lines)


def _quads(stream: IO[bytes]) -> Iterator[pyoxigraph.Quad]:
    for document in documents(stream):
        yield from pyoxigraph.parse(document, pyoxigraph.RdfFormat.JSON_LD)
