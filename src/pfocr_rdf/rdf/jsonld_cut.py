"""A JSON-LD dump -> small documents, as no parser reads one of a release with flat memory.

JSON-LD may say at its end what its beginning means, so parsers hold a whole document. The dumps
of `write.jsonld` have their context first and then one object a line: cut between lines, with
the context before each piece, they are many documents that together say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

_DOCUMENT: Final = 250_000
_CONTEXT: Final = b'{"@context":'
_GRAPH: Final = b'"@graph":[\n'
_OBJECT: Final = b"{"
_END: Final = b"]}\n"


def documents(lines: Iterable[bytes], size: int = _DOCUMENT) -> Iterator[bytes]:
    """Yield a dump as documents of whole figures and entities.

    Args:
        lines: Of the dump, each with its end; a binary stream is that.
        size: Bytes of objects that a document has at most; one larger object goes alone.

    Raises:
        EOFError: The dump ends in the middle of the graph.
        SyntaxError: It is JSON-LD of another layout.
    """
    given = iter(lines)
    context, graph = next(given, b""), next(given, b"")
    if not context.startswith(_CONTEXT) or graph != _GRAPH:
        raise SyntaxError("JSON-LD of another layout than that of an export")
    kept: list[bytes] = []
    length = 0
    for line in given:
        if line == _END:
            break
        if line == b"\n":  # a dump without objects
            continue
        if not line.startswith(_OBJECT):
            raise SyntaxError("JSON-LD that has not one object a line")
        if kept and length + len(line) > size:
            yield _document(context, kept)
            kept, length = [], 0
        kept.append(line.rstrip(b",\n"))
        length += len(line)
    else:
        raise EOFError("one that ends in the middle of the graph")
    if next(given, None) is not None:  # an archive is checked only when it is read to its end
        raise SyntaxError("JSON-LD that goes on behind its end")
    if kept:
        yield _document(context, kept)


def _document(context: bytes, objects: list[bytes]) -> bytes:
    return context + _GRAPH + b",\n".join(objects) + b"\n" + _END
