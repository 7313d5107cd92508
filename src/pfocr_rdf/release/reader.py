"""Reads the dump of a release back: one figure with its mentions, or one entity, at a time.

What an export has written is the only thing that all its figures have passed through, whether
this run made them or an earlier one. Everything that is made of a finished release (pages,
tables for other tools, comparisons) therefore starts here. Cutting a dump into pieces costs
little; a piece is parsed by whoever needs it, so that several processes can share the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

import orjson
import pyoxigraph

from pfocr_rdf.errors import unread
from pfocr_rdf.files import BROKEN, decompressed, plain_name
from pfocr_rdf.rdf import (
    FIGURES,
    IRI,
    OA,
    PROPERTIES,
    RDF,
    REVERSE_TARGET,
    SCHEMA,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_GYEAR,
    XSD_INTEGER,
    XSD_STRING,
    FigureNodes,
    Iris,
    IriStyle,
    Literal,
    Memo,
    Node,
    Prefixes,
    Range,
    Term,
    json_keys,
    ordered,
    predicate_of,
    term_of,
)
from pfocr_rdf.release.files import WrittenFile, dump_of

_CHEAPEST_FIRST: Final = (".jsonld", ".nt", ".nq", ".ttl", ".trig")
_OBJECT: Final = b'{"@id":"'
_DATATYPES: Final = {
    Range.STRING: XSD_STRING,
    Range.INTEGER: XSD_INTEGER,
    Range.DECIMAL: XSD_DECIMAL,
    Range.YEAR: XSD_GYEAR,
    Range.DATE: XSD_DATE,
}
_CACHE_SIZE: Final = 30_000


class Dumped(Protocol):
    """What is read here of a release, as `opened` has it."""

    @property
    def folder(self) -> Path:
        """Where it lies."""

    @property
    def iri_style(self) -> IriStyle:
        """Whose spelling its IRIs follow."""

    def dump(self, suffixes: Sequence[str]) -> tuple[WrittenFile, ...]:
        """Return the files of the whole graph, in the first of these formats that there is."""


class Piece(NamedTuple):
    """The text of a figure with its mentions, or of one entity, as it stands in the dump.

    Equal texts of one release say the same. `form` is the suffix of the dump's format.
    """

    form: str
    is_figure: bool
    content: bytes


class Reader:
    """Parses the pieces of one release.

    Args:
        style: Of its IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        prefixes = Prefixes(Iris(style))
        self._json = _JsonReader(prefixes)
        self._turtle = "".join(
            f"@prefix {prefix}: <{namespace}> .\n"
            for prefix, namespace in prefixes.namespaces.items()
        ).encode()

    def figure(self, piece: Piece) -> FigureNodes:
        """Return the figure of a piece."""
        if piece.form == ".jsonld":
            return self._json.figure(orjson.loads(piece.content))
        figure, *mentions = self._nodes(piece)
        return FigureNodes(figure, tuple(mentions))

    def entity(self, piece: Piece) -> Node:
        """Return the entity of a piece."""
        if piece.form == ".jsonld":
            return self._json.entity(orjson.loads(piece.content))
        (node,) = self._nodes(piece)
        return node

    def subject(self, piece: Piece) -> IRI:
        """Return the IRI of the figure or entity of a piece, without parsing it."""
        if piece.form == ".jsonld":
            # An IRI holds nothing that JSON would escape.
            end = piece.content.index(b'"', len(_OBJECT))
            return self._json.iri(piece.content[len(_OBJECT) : end].decode())
        shown = piece.content.split(maxsplit=1)[0].decode()
        return IRI(shown[1:-1]) if shown.startswith("<") else self._json.iri(shown)

    def mentioned(self, piece: Piece) -> tuple[IRI, ...]:
        """Return the entities that the figure of a piece shows, without making its nodes."""
        if piece.form == ".jsonld":
            return self._json.mentioned(orjson.loads(piece.content))
        return dict(self.figure(piece).figure.properties).get(SCHEMA.mentions, ())  # type: ignore[return-value]

    def _nodes(self, piece: Piece) -> Iterator[Node]:
        syntax, header = _SYNTAXES[piece.form], b""
        if syntax is pyoxigraph.RdfFormat.TURTLE:
            header = self._turtle
        subjects: dict[str, dict[IRI, list[Term]]] = {}
        for quad in pyoxigraph.parse(header + piece.content, syntax):
            said = subjects.setdefault(quad.subject.value, {})
            said.setdefault(predicate_of(quad), []).append(term_of(quad.object))
        for subject, said in subjects.items():
            yield ordered(
                IRI(subject), [(predicate, tuple(values)) for predicate, values in said.items()]
            )


_SYNTAXES: Final = {
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".trig": pyoxigraph.RdfFormat.TURTLE,  # a piece is inside the graph
}


def dump_form(release: Dumped) -> str:
    """Return the suffix of the format that the pieces of a release have.

    Raises:
        InputError: It has no dump.
    """
    return _form(release.dump(_CHEAPEST_FIRST)[0].name)


def dump_files(files: Iterable[WrittenFile]) -> tuple[WrittenFile, ...]:
    """Return those of a release's files that `read_pieces` would read, in their order."""
    return dump_of(files, _CHEAPEST_FIRST)


def read_pieces(release: Dumped) -> Iterator[Piece]:
    """Yield all figures, then all entities, in the order of the dump.

    Raises:
        InputError: A file of the dump cannot be read, or ends too early.
    """
    for file in release.dump(_CHEAPEST_FIRST):
        yield from read_file(release.folder / file.name)


def read_file(path: Path) -> Iterator[Piece]:
    """Yield the pieces of one file of a release, in its order.

    Raises:
        InputError: It cannot be read, or ends too early.
    """
    form = _form(path.name)
    try:
        with path.open("rb") as raw:
            yield from _CUTS[form](form, decompressed(raw, path.name))
    except (OSError, *BROKEN) as error:
        raise unread(path, error) from error


def read_dump(release: Dumped) -> Iterator[FigureNodes | Node]:
    """Yield the figures of a release, then its entities.

    Raises:
        InputError: A file of the dump cannot be read, or ends too early.
    """
    reader = Reader(release.iri_style)
    for piece in read_pieces(release):
        yield reader.figure(piece) if piece.is_figure else reader.entity(piece)


def _form(name: str) -> str:
    return Path(plain_name(name)).suffix


def _objects(form: str, stream: IO[bytes]) -> Iterator[Piece]:
    figures = _OBJECT + FIGURES.encode()
    line = b""
    for line in stream:
        if line.startswith(_OBJECT):
            yield Piece(form, line.startswith(figures), line.rstrip(b",\n"))
    if line != b"]}\n":
        raise EOFError("one that ends in the middle of the graph")


def _statements(form: str, stream: IO[bytes]) -> Iterator[Piece]:
    return _grouped(form, ((line.partition(b" ")[0], line) for line in stream))


def _blocks(form: str, stream: IO[bytes]) -> Iterator[Piece]:
    def nodes() -> Iterator[tuple[bytes, bytes]]:
        lines: list[bytes] = []
        for line in stream:
            if line != b"\n":
                lines.append(line)
                continue
            # Prefixes, and the name of the graph of TriG, stand in blocks of their own.
            if not lines[0].startswith(b"@prefix ") and not lines[0].endswith(b"{\n"):
                yield lines[0].rstrip(b"\n"), b"".join(lines)
            lines = []
        if lines not in ([], [b"}\n"]):
            raise EOFError("one that ends in the middle of a node")

    return _grouped(form, nodes())


def _grouped(form: str, units: Iterable[tuple[bytes, bytes]]) -> Iterator[Piece]:
    """Yield units of one subject, or of one figure and its mentions, as one piece each."""
    figures = b"<" + FIGURES.encode()
    before = b""
    kept: list[bytes] = []
    for subject, text in units:
        about = subject.rstrip(b">")
        if subject.startswith(figures):
            about = about.partition(b"#")[0]
        if kept and about != before:
            yield Piece(form, before.startswith(figures), b"".join(kept))
            kept = []
        kept.append(text)
        before = about
    if kept:
        yield Piece(form, before.startswith(figures), b"".join(kept))


_CUTS: Final[dict[str, Callable[[str, IO[bytes]], Iterator[Piece]]]] = {
    ".jsonld": _objects,
    ".nt": _statements,
    ".nq": _statements,
    ".ttl": _blocks,
    ".trig": _blocks,
}


class _JsonReader:
    """Nodes from the JSON of `write.jsonld`, whose context is known."""

    def __init__(self, prefixes: Prefixes) -> None:
        self._namespaces = prefixes.namespaces
        self._keys: dict[str, tuple[IRI, IRI | None]] = {"@type": (RDF.type, None)}
        for predicate, key in json_keys(prefixes).items():
            self._keys[key] = predicate, _DATATYPES.get(PROPERTIES[predicate].range)
        self._mentions = json_keys(prefixes)[SCHEMA.mentions]
        # The IRI of a mention, written out, is not met again.
        self._iris = Memo(self._made_iri, _CACHE_SIZE, lambda shown: "#" not in shown)

    def figure(self, said: dict[str, Any]) -> FigureNodes:
        inside = said.pop(REVERSE_TARGET, [])
        figure = self._node(said)
        target = OA.hasTarget, (figure.subject,)
        mentions = [self._node(mention, target) for mention in inside]
        return FigureNodes(figure, tuple(mentions))

    def entity(self, said: dict[str, Any]) -> Node:
        return self._node(said)

    def mentioned(self, said: dict[str, Any]) -> tuple[IRI, ...]:
        return tuple(map(self.iri, said.get(self._mentions, ())))

    def _node(self, said: dict[str, Any], *more: tuple[IRI, tuple[Term, ...]]) -> Node:
        subject = said.pop("@id")
        keys = self._keys
        properties = list(more)
        for key, value in said.items():
            predicate, datatype = keys[key]
            values = value if isinstance(value, list) else [value]
            if datatype is None:
                properties.append((predicate, tuple([self.iri(each) for each in values])))
            else:
                objects = tuple([Literal(str(each), datatype) for each in values])
                properties.append((predicate, objects))
        return ordered(self.iri(subject), properties)

    def iri(self, shown: str) -> IRI:
        return self._iris[shown]

    def _made_iri(self, shown: str) -> IRI:
        prefix, colon, local = shown.partition(":")
        namespace = self._namespaces.get(prefix) if colon and not local.startswith("//") else None
        return IRI(shown if namespace is None else namespace + local)
