"""Structures changed in a few places: trees, tables, files of an archive, bytes, statements.

Whoever draws gives the real one; what comes out is mostly still of its form.
"""

from __future__ import annotations

import bz2
import copy
import gzip
import io
import lzma
import tarfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import pyoxigraph
import yaml
import zstandard
from hypothesis import strategies as st

from scripts.fuzz.hostile import texts

_T = TypeVar("_T")


class Draw(Protocol):
    """Draws a value of a strategy."""

    def __call__(self, strategy: st.SearchStrategy[_T], /) -> _T:
        """Return it."""


Tree = Any
"""Mappings, lists and texts."""
_TIMES: Final = st.integers(1, 4)


def tree(draw: Draw, real: Tree) -> Tree:
    """Return a tree with some of its places changed."""
    made = [copy.deepcopy(real)]
    for _ in range(draw(_TIMES)):
        if not (places := list(_places(made))):
            return {}
        where, key = draw(st.sampled_from(places))
        _change(draw, made, where, key)
    return made[0] if made else {}


def _places(top: Tree) -> Iterator[tuple[Any, Any]]:
    """Yield each container with each of its keys."""
    for key in range(len(top)) if isinstance(top, list) else list(top):
        yield top, key
        if isinstance(top[key], (dict, list)):
            yield from _places(top[key])


def _change(draw: Draw, top: Tree, where: Any, key: Any) -> None:
    old = where[key]
    match draw(st.integers(0, 10)):
        case 0:
            del where[key]
        case 1 | 2 | 3:
            where[key] = draw(texts)
        case 4:
            text = draw(texts)
            where[key] = draw(st.sampled_from((f"{old}{text}", f"{text}{old}")))
        case 5:
            where[key] = [old, old] if draw(st.booleans()) else [old, draw(texts)]
        case 6:
            where[key] = {draw(texts): old}
        case 7:
            other, at = draw(st.sampled_from(list(_places(top))))
            where[key] = copy.deepcopy(other[at])
        case 8:
            if isinstance(where, dict):
                where[draw(texts)] = where.pop(key)
            else:
                where.insert(key, draw(texts))
        case 9:
            for _ in range(draw(st.sampled_from((3, 40, 120)))):
                old = [old]
            where[key] = old
        case _:
            where[key] = draw(st.sampled_from((None, [], {}, True, 0, -1, 1.5, 2**70, [[]], [{}])))


def page(draw: Draw, real: str) -> bytes:
    """Return a page whose front matter has changed as a tree, as lines or as bytes."""
    how = draw(st.integers(0, 9))
    if how < 6:
        fields = _fields(real)
        text = yaml.dump(
            _writable(tree(draw, fields)),
            Dumper=yaml.SafeDumper,
            allow_unicode=draw(st.booleans()),
            default_style=draw(st.sampled_from((None, None, '"', "'", "|"))),
            sort_keys=False,
        )
        return f"---\n{text}---\n".encode(errors="surrogatepass")
    if how < 9:
        return "\n".join(lines(draw, real.split("\n"))).encode(errors="surrogatepass")
    return data(draw, real.encode())


@cache
def _fields(page: str) -> Tree:
    text = page.split("\n---", maxsplit=1)[0].removeprefix("---")
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - knows texts alone


def _writable(value: Tree) -> Tree:
    """Return a tree without surrogates, which no YAML can say but in an escape."""
    if isinstance(value, dict):
        return {_writable(key): _writable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_writable(each) for each in value]
    return value.replace("\ud800", "") if isinstance(value, str) else value


_LINES: Final = (
    "---", "...", "--- !!python/object:os.system pfz", "!!binary pfz", "a: &a [*a, *a]",
    "<<: *a", "\t", "? pfz", "- pfz", "'pfz", '"pfz', "%YAML 9.9", "# pfz", "x: !!set {pfz}",
    "b: &b ['pfz']", "c: [*b, *b, *b]", "\x00", "key: |", ": ", '"\\ud800": "\\ud800pfz"', '"\\x1b[1m": "\\0pfz"',
)  # fmt: skip


def lines(draw: Draw, real: Sequence[str]) -> list[str]:
    """Return lines of which some were taken away, doubled, indented, mixed or put in."""
    made = list(real)
    for _ in range(draw(_TIMES)):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        match draw(st.integers(0, 7)):
            case 0:
                del made[at : at + draw(st.integers(1, 5))]
            case 1:
                made.insert(at, draw(st.sampled_from(_LINES)))
            case 2:
                made.insert(at, draw(texts))
            case 3:
                made[at : at + 1] = [f"  {line}" for line in made[at : at + 1]]
            case 4:
                made += made[at : at + 3]
            case 5:
                made[at : at + 1] = [f"{line}{draw(texts)}" for line in made[at : at + 1]]
            case 6:
                made[at : at + 1] = [f"{line}\r" for line in made[at : at + 1]]
            case _:
                made = made[at:] + made[:at]
    return made


def data(draw: Draw, real: bytes) -> bytes:
    """Return bytes of which some were turned, cut out, put in or repeated."""
    made = bytearray(real)
    for _ in range(draw(_TIMES)):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        size = draw(st.sampled_from((1, 4, 100, 5000)))
        match draw(st.integers(0, 4)):
            case 0:
                made[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = draw(st.binary(max_size=20))
            case 3:
                made[at:at] = made[at : at + size] * draw(st.sampled_from((1, 2, 30)))
            case _:
                del made[at:]
    return bytes(made)


def table(draw: Draw, real: str) -> bytes:
    """Return a table whose cells, columns or rows have changed, or its bytes."""
    if draw(st.integers(0, 9)) == 0:
        return data(draw, real.encode())
    rows = [line.split("\t") for line in real.split("\n")]
    if len(rows) > 1 and draw(st.booleans()):
        rows = [rows[0], *rows[1 : draw(st.integers(2, len(rows)))]]
    for _ in range(draw(_TIMES)):
        row = rows[draw(st.integers(0, len(rows) - 1))]
        at = draw(st.integers(0, max(len(row) - 1, 0)))
        match draw(st.integers(0, 9)):
            case 0 | 1 | 2 | 3:
                row[at : at + 1] = [draw(texts)]
            case 4:
                del row[at : at + 1]
            case 5:
                row.insert(at, draw(texts))
            case 6:
                rows.insert(draw(st.integers(0, len(rows))), list(row))
            case 7:
                rows[0][at : at + 1] = [draw(texts)]
            case 8:
                for each in rows:
                    each[:] = each[at:] + each[:at]
            case _:
                row[:] = [f'"{cell}"' for cell in row]
    end = draw(st.sampled_from(("\n", "\n", "\r\n", "\r")))
    return end.join("\t".join(row) for row in rows).encode(errors="surrogatepass")


class Member(NamedTuple):
    """A file of an archive: its name, its content, and the letter of tar for its kind."""

    name: str
    content: bytes
    kind: bytes = tarfile.REGTYPE
    leads_to: str = ""


def archive(draw: Draw, members: Sequence[Member]) -> tuple[str, bytes]:
    """Return the suffix and the bytes of an archive of members, of which some have changed."""
    made = list(members)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(made) - 1))
        name, content, *_ = made[at]
        match draw(st.integers(0, 5)):
            case 0:
                made[at] = Member(draw(texts), content)
            case 1:
                made[at] = Member(f"{name}{draw(texts)}", content)
            case 2:
                kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE)
                links = ("/etc/passwd", "../pfz", name, made[0].name)
                made[at] = Member(
                    name, b"", draw(st.sampled_from(kinds)), draw(st.sampled_from(links))
                )
            case 3:
                made.insert(at, Member(draw(st.sampled_from(("/pfz.md", "../../pfz.md", "a/../../pfz.md", ".", "..", "_figures", "_figures/pfz.md/x"))), content))  # fmt: skip
            case 4:
                made.append(made[at])
            case _:
                made[at] = Member(name, data(draw, content))
    if draw(st.integers(0, 2)) == 0:
        suffix, packed = ".zip", _zipped(draw, made)
    else:
        suffix, packed = _tarred(draw, made)
    if draw(st.integers(0, 2)) == 0:
        packed = data(draw, packed)
    return suffix, packed


def _zipped(draw: Draw, members: Sequence[Member]) -> bytes:
    out = io.BytesIO()
    method = draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)))
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content, kind, leads_to in members:
            entry = zipfile.ZipInfo(name.replace("\ud800", "") or "pfz")
            entry.compress_type = method
            if kind == tarfile.SYMTYPE:
                entry.external_attr = 0o120777 << 16
            with warnings.catch_warnings(action="ignore"):  # two members of one name
                made.writestr(entry, leads_to.encode(errors="replace") or content)
    return out.getvalue()


def _tarred(draw: Draw, members: Sequence[Member]) -> tuple[str, bytes]:
    out = io.BytesIO()
    form = draw(st.sampled_from((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)))
    with tarfile.open(fileobj=out, mode="w", format=form, errors="surrogateescape") as made:
        for name, content, kind, leads_to in members:
            entry = tarfile.TarInfo(name.replace("\ud800", ""))
            entry.type, entry.linkname = kind, leads_to
            entry.size = len(content) if kind == tarfile.REGTYPE else 0
            made.addfile(entry, io.BytesIO(content))
    packed = out.getvalue()
    match draw(st.integers(0, 4)):
        case 0:
            return ".tar.gz", gzip.compress(packed, 1)
        case 1:
            return ".tar.bz2", bz2.compress(packed, 1)
        case 2:
            return ".tar.xz", lzma.compress(packed, preset=0)
        case 3:
            return ".tar.zst", zstandard.compress(packed, 1)
    return ".tar", packed


def statements(draw: Draw, real: Sequence[pyoxigraph.Quad]) -> list[pyoxigraph.Quad]:
    """Return statements of which some parts were exchanged, dropped, doubled or made hostile."""
    made = list(real)
    for _ in range(draw(st.integers(1, 6))):
        if not made:
            break
        at = draw(st.integers(0, len(made) - 1))
        quad, other = made[at], made[draw(st.integers(0, len(made) - 1))]
        match draw(st.integers(0, 7)):
            case 0:
                del made[at]
            case 1:
                made[at] = pyoxigraph.Quad(quad.subject, quad.predicate, other.object)
            case 2:
                made[at] = pyoxigraph.Quad(quad.subject, other.predicate, quad.object)
            case 3:
                made[at] = pyoxigraph.Quad(other.subject, quad.predicate, quad.object)
            case 4:
                made.append(pyoxigraph.Quad(other.subject, quad.predicate, quad.object))
            case 5:
                made[at] = pyoxigraph.Quad(quad.subject, quad.predicate, quad.subject)
            case 6:
                made[at] = pyoxigraph.Quad(quad.subject, quad.predicate, _literal(draw))
            case _:
                name = draw(st.sampled_from(("urn:pfz", "http://pfz/'$(:)pfz", "http://pfz/?a=b&c", "https://w3id.org/pfocr/pfz")))  # fmt: skip
                made[at] = pyoxigraph.Quad(quad.subject, quad.predicate, pyoxigraph.NamedNode(name))
    return made


def _literal(draw: Draw) -> pyoxigraph.Literal:
    text = draw(texts).replace("\ud800", "")
    kind = draw(st.sampled_from(("", "en", "integer", "date", "decimal", "boolean")))
    if kind == "en":
        return pyoxigraph.Literal(text, language="en")
    if kind:
        xsd = pyoxigraph.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}")
        return pyoxigraph.Literal(text, datatype=xsd)
    return pyoxigraph.Literal(text)
