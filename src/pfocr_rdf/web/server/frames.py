"""What a server and its worker processes say to each other, over two pipes.

A frame is one byte for its kind, four for the length of what follows. A request is one frame
of JSON; an answer is any number of pieces and then its end, or a refusal.
"""

from __future__ import annotations

import struct
from enum import Enum, StrEnum
from typing import Final, NamedTuple

import orjson

HEADER: Final = struct.Struct(">cI")


class Frame(Enum):
    """The kinds of frames."""

    REQUEST = b"Q"
    READY = b"R"
    PIECE = b"P"
    END = b"E"
    REFUSAL = b"X"


class Reason(StrEnum):
    """Why a worker gives no answer."""

    MALFORMED = "malformed"
    NOT_ACCEPTABLE = "not acceptable"
    SERVICE = "service"
    TOO_LARGE = "too large"
    FAILED = "failed"


class QueryRequest(NamedTuple):
    """A query and how its answer shall be.

    Attributes:
        query: SPARQL.
        rows_as: Media type for SELECT and ASK, "" when the reader takes none of ours.
        graph_as: Media type for CONSTRUCT and DESCRIBE, "" likewise.
        default_graphs: IRIs merged into the default graph, "" being the store's own default
            graph; None for what the query says.
        named_graphs: IRIs of named graphs; None for what the query says.
    """

    query: str
    rows_as: str
    graph_as: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None

    def packed(self) -> bytes:
        """Return the request as the content of a frame."""
        return orjson.dumps(tuple(self))

    @classmethod
    def unpacked(cls, content: bytes) -> QueryRequest:
        """Return the request in a frame."""
        query, rows_as, graph_as, default, named = orjson.loads(content)
        return cls(
            query,
            rows_as,
            graph_as,
            None if default is None else tuple(default),
            None if named is None else tuple(named),
        )


class Limits(NamedTuple):
    """What a worker keeps to; `federation` has the endpoints that SERVICE may name."""

    rows: int
    bytes: int
    memory: int
    federation: tuple[str, ...]


def frame(kind: Frame, content: bytes = b"") -> bytes:
    """Return a frame."""
    return HEADER.pack(kind.value, len(content)) + content


def head(raw: bytes) -> tuple[Frame, int]:
    """Return the kind of a frame and the length of what follows, from its first five bytes."""
    kind, length = HEADER.unpack(raw)
    return Frame(kind), length
