"""Reads Turtle and N-Triples of one layout much faster than a parser: what was read once is looked up.

A release says the same few thousand properties of millions of nodes. Where a text has one subject
and its properties a block, as our dumps and those of most programs have, each property's text is
parsed once and remembered. Nothing is taken on trust: a text of another layout is not read at all,
and each property is parsed so that it must be one alone.
"""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph

from pfocr_rdf.rdf.oxigraph import predicate_of, term_of
from pfocr_rdf.rdf.terms import IRI, XSD_STRING, Literal, Subject, Term

Said = tuple[IRI, tuple[Term, ...]]
"""A predicate with its distinct objects."""
Blocks = dict[Subject, dict[IRI, tuple[Term, ...]]]

_REMEMBERED: Final = 20_000
_LONGEST: Final = 240
"""Bytes of a property that is worth remembering: longer ones are captions, which do not come again."""

_LIST: Final = b"\n        "
_COMMA: Final = b" ,\n        "
_TEXT = rb"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
_PLAIN_IRI: Final = re.compile(
    rb"<https?://[A-Za-z0-9.-]+(?:/" + _TEXT + rb")?(?:#" + _TEXT + rb")?>"
)
"""IRIs, names and strings that need no parser to be known as such."""
_PLAIN_NAME: Final = re.compile(rb"([A-Za-z][A-Za-z0-9]*):([A-Za-z0-9_][A-Za-z0-9_-]*)")
_PLAIN_STRING: Final = re.compile(rb'"[^"\\\r\n]*"')
_PREDICATE: Final = re.compile(rb"""[^\s"']+""")
_PREFIX: Final = re.compile(rb"@prefix ([A-Za-z][A-Za-z0-9]*): (<[^ <>]*>) \.\n")


class NotBlocks(Exception):  # noqa: N818 - a signal, not an error
    """The text has another layout, or is broken: for a parser."""


class BlockReader:
    """Reads texts of one file.

    Args:
        syntax: Turtle, N-Triples or N-Quads, whose graphs are merged.
        header: The prefixes and base of a Turtle file.
        base: Its address.
    """

    def __init__(self, syntax: pyoxigraph.RdfFormat, header: bytes, base: str) -> None:
        self._lines = syntax != pyoxigraph.RdfFormat.TURTLE
        self._syntax = syntax
        self._header = header
        self._base = base
        self._namespaces = {} if self._lines else _namespaces(header)
        # No text can name these by chance.
        self._mark = f"urn:{secrets.token_hex(16)}:"
        self._end = f"<{self._mark}end>".encode()
        self._known: dict[bytes, Said] = {}
        self._older: dict[bytes, Said] = {}

    def read(self, text: bytes) -> Blocks:
        """Return what a text says: subject -> predicate -> distinct objects, in its order.

        Args:
            text: Whole statements, from the start of a line to the end of one.

        Raises:
            NotBlocks: It is no such text, or names a blank node.
        """
        blocks = self._cut_lines(text) if self._lines else self._cut_blocks(text)
        wanted: set[bytes] = set()
        wanted.update(*[said for _, said in blocks])
        known = self._look_up(wanted)
        subjects = self._subjects({head for head, _ in blocks})
        index: Blocks = {}
        look_up = known.__getitem__
        for head, said in blocks:
            subject = subjects[head]
            properties = dict(map(look_up, said))
            if len(properties) < len(said) or subject in index:
                _merge(index.setdefault(subject, {}), map(look_up, said))
            else:
                index[subject] = properties
        return index

    def _cut_blocks(self, text: bytes) -> list[tuple[bytes, Sequence[bytes]]]:
        blocks: list[tuple[bytes, Sequence[bytes]]] = []
        for block in text.strip(b"\n").split(b"\n\n"):
            head, _, rest = block.strip(b"\n").partition(b"\n    ")
            if not rest.endswith(b" ."):
                if not head and not rest:
                    continue
                raise NotBlocks
            blocks.append((head, rest[:-2].split(b" ;\n    ")))
        return blocks

    def _cut_lines(self, text: bytes) -> list[tuple[bytes, Sequence[bytes]]]:
        blocks: list[tuple[bytes, Sequence[bytes]]] = []
        before: bytes | None = None
        said: list[bytes] = []
        for line in text.splitlines():
            head, _, rest = line.partition(b" ")
            if head != before:
                said = []
                blocks.append((head, said))
                before = head
            said.append(rest)
        return blocks

    def _look_up(self, wanted: set[bytes]) -> dict[bytes, Said]:
        """Return what each text of a property says; those that are new are parsed together."""
        if len(self._known) > _REMEMBERED:
            self._older, self._known = self._known, {}
        known, older = self._known, self._older
        # Of a list it is the members that come again.
        lists = {text: self._cut_objects(text) for text in wanted if _COMMA in text}
        alone = wanted.difference(lists).union(*lists.values())
        new = alone.difference(known)
        for text in new.intersection(older):
            known[text] = older[text]
        new.difference_update(older)
        here = {text: known[text] for text in alone.difference(new)}
        if new:
            parsed = {text: said for text in new if (said := self._simple(text)) is not None}
            order = sorted(new.difference(parsed))
            if order:
                parsed.update(zip(order, self._parse(order), strict=True))
            known.update((text, said) for text, said in parsed.items() if len(text) <= _LONGEST)
            here.update(parsed)
        here.update((text, _joined([here[each] for each in lists[text]])) for text in lists)
        return here

    def _cut_objects(self, text: bytes) -> list[bytes]:
        """Return the texts of the same property with one object each."""
        predicate, _, objects = text.partition(_LIST)
        if not _PREDICATE.fullmatch(predicate):  # it is in a string that they stand
            raise NotBlocks
        return [b"%b %b" % (predicate, each) for each in objects.split(_COMMA)]

    def _simple(self, text: bytes) -> Said | None:
        """Return what a text says whose grammar can be seen: one short string or IRI."""
        shown, _, value = text.partition(b" ")
        if self._lines:
            if not value.endswith(b" ."):
                return None
            value = value[:-2]
        predicate = self._iri(shown)
        if predicate is None:
            return None
        if _PLAIN_STRING.fullmatch(value):
            try:
                return predicate, (Literal(value[1:-1].decode(), XSD_STRING),)
            except UnicodeDecodeError as error:
                raise NotBlocks from error
        iri = self._iri(value)
        return None if iri is None else (predicate, (iri,))

    def _iri(self, shown: bytes) -> IRI | None:
        """Return an IRI that can be told without a parser."""
        if _PLAIN_IRI.fullmatch(shown):
            return IRI(sys.intern(shown[1:-1].decode("ascii")))
        name = _PLAIN_NAME.fullmatch(shown)
        namespace = self._namespaces.get(name[1]) if name else None
        if namespace is None or name is None:
            return None
        return IRI(sys.intern((namespace + name[2]).decode("ascii")))

    def _parse(self, texts: Sequence[bytes]) -> list[Said]:
        """Parse texts of properties, each as all that one node of our own says.

        A property is right alone if a full stop ends it, or one more object can follow: no
        string or bracket is left open, and no comment hides what comes behind it.
        """
        mark = self._mark.encode()
        if self._lines:
            document = b"".join(b"<%b%d> %b\n" % (mark, n, text) for n, text in enumerate(texts))
        else:
            followed = b" , %b\n .\n" % self._end
            document = self._header + b"".join(
                b"<%b%d> %b%b" % (mark, n, text, followed if _may_end(text) else b" .\n")
                for n, text in enumerate(texts)
            )
        found: list[list[tuple[IRI, Term]]] = [[] for _ in texts]
        ended = 0
        end, start = self._end[1:-1].decode(), len(self._mark)
        for quad in self._quads(document):
            assert not isinstance(quad.subject, pyoxigraph.Triple)
            subject, value = quad.subject.value, quad.object
            if not subject.startswith(self._mark):
                raise NotBlocks
            if isinstance(value, (pyoxigraph.BlankNode, pyoxigraph.Triple)):
                raise NotBlocks
            if value.value == end:
                ended += 1
            else:
                found[int(subject[start:])].append((predicate_of(quad), term_of(value)))
        if not self._lines and ended != sum(map(_may_end, texts)):
            raise NotBlocks
        return [_said(pairs) for pairs in found]

    def _subjects(self, heads: Iterable[bytes]) -> dict[bytes, Subject]:
        plain, others = {}, []
        for head in heads:
            if _PLAIN_IRI.fullmatch(head):
                plain[head] = IRI(head[1:-1].decode("ascii"))
            else:
                others.append(head)
        found: dict[bytes, Subject] = dict(plain)
        if others:
            others.sort()
            document = b"".join(
                b"%b %b <%b%d> .\n" % (head, self._end, self._mark.encode(), n)
                for n, head in enumerate(others)
            )
            if not self._lines:
                document = self._header + document
            for quad in self._quads(document):
                number = str(quad.object)[1:-1]
                if not isinstance(quad.subject, pyoxigraph.NamedNode) or not number.startswith(
                    self._mark
                ):
                    raise NotBlocks
                head = others[int(number[len(self._mark) :])]
                subject = IRI(quad.subject.value)
                if found.setdefault(head, subject) != subject:
                    raise NotBlocks
            if len(found) < len(plain) + len(others):
                raise NotBlocks
        return found

    def _quads(self, document: bytes) -> Iterable[pyoxigraph.Quad]:
        try:
            return list(pyoxigraph.parse(document, self._syntax, base_iri=self._base))
        except (SyntaxError, ValueError) as error:
            raise NotBlocks from error


def _namespaces(header: bytes) -> dict[bytes, bytes]:
    """Return the prefixes of a header that says each once, in one layout; else none."""
    found = dict(_PREFIX.findall(header))
    if _PREFIX.sub(b"", header).strip() or len(found) < header.count(b"@prefix"):
        return {}
    return {name: shown[1:-1] for name, shown in found.items() if _PLAIN_IRI.fullmatch(shown)}


def _may_end(text: bytes) -> bool:
    """Return whether a comment, or the end of a property, might stand in a text."""
    return b"#" in text or b";" in text


def _said(pairs: Sequence[tuple[IRI, Term]]) -> Said:
    predicates = {predicate for predicate, _ in pairs}
    if len(predicates) != 1:
        raise NotBlocks
    return pairs[0][0], tuple(dict.fromkeys(value for _, value in pairs))


def _joined(said: Sequence[Said]) -> Said:
    predicates = {predicate for predicate, _ in said}
    if len(predicates) != 1:
        raise NotBlocks
    return said[0][0], tuple(dict.fromkeys(value for _, values in said for value in values))


def _merge(properties: dict[IRI, tuple[Term, ...]], pairs: Iterable[Said]) -> None:
    for predicate, values in pairs:
        before = properties.get(predicate, ())
        properties[predicate] = tuple(dict.fromkeys((*before, *values))) if before else values
