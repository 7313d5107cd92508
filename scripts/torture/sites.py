"""Where in a command a call is made: the name of the call, and what it is made on.

A command makes tens of thousands of calls, but most of them are the same in another place: the
next page of a book, the next module of a library. Two calls are of one site when they have one name
and are made on one file, numbers and random letters in its name apart. Modules, which are hundreds,
are of one site each by whose they are.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_CALL: Final = re.compile(r"^(?:(?P<thread>\d+) +)?[\d.]+ (?P<call>\w+)\((?P<rest>.*)")
_NAMED: Final = frozenset(
    ("openat", "rename", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "rmdir")
)
"""Calls that are given a name; the others have an open file, or none."""
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER: Final = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>, \"")
_OPEN: Final = re.compile(r"\b\d+<([^>]*)>")
_RANDOM: Final = (
    (re.compile(r"(staging|building|input|loading|spill|scratch)-\w+"), r"\1-*"),
    (re.compile(r"\btmp[a-z0-9_]{8}\b"), "tmp*"),
    (re.compile(r"[0-9a-f]{16,}"), "*"),
    (re.compile(r"\d+"), "0"),
)
_LIBRARY: Final = re.compile(r"/(?:site-packages|lib/python3|pyenv)")
_SHARED_OBJECT: Final = re.compile(r"\.so\b|/lib/|/usr/lib|glibc-hwcaps|ld\.so")


def call_of(line: str) -> tuple[str, str] | None:
    """Return the thread, "" in a log of one, and the name of the call of a line of strace."""
    match = _CALL.match(line)
    return None if match is None else (match["thread"] or "", match["call"])


def site_of(line: str, folder: Path) -> str:
    """Return the site of a call, as strace (`-y`) has it in a line.

    Args:
        line: Of its log.
        folder: In which the command ran.

    Example:
        >>> line = '17.5 write(9</x/run/.out.staging-ff_9/pfocr-00001.ttl>, "@prefix", 7) = 7'
        >>> site_of(line, Path("/x/run"))
        'write .out.staging-*/pfocr-0.ttl'
    """
    match = _CALL.match(line)
    assert match is not None, line
    return f"{match['call']} {_kind(_path(match['call'], match['rest']), str(folder))}"


def _path(call: str, rest: str) -> str:
    if call not in _NAMED:
        found = _OPEN.search(rest)
        return found[1] if found else ""
    texts = _TEXT.findall(rest)
    name: str = texts[-1] if texts else ""
    folders = _FOLDER.findall(rest)
    return name if name.startswith("/") or not folders else f"{folders[-1]}/{name}"


def _kind(path: str, folder: str) -> str:
    if not path:
        return "memory"
    if path.startswith(f"{folder}/"):
        return _told(path.removeprefix(f"{folder}/"))
    if path.endswith((".py", ".pyc", ".pyi")) or "/__pycache__" in path:
        return "a module of ours" if "/pfocr_rdf/" in path else "a module of a library"
    if _LIBRARY.search(path) and not _SHARED_OBJECT.search(path.rpartition("/")[2]):
        return "a file of a library"
    if _SHARED_OBJECT.search(path):
        return "a shared object"
    if "/src/pfocr_rdf" in path:
        inside = path.partition("/src/pfocr_rdf")[2]
        return _told(inside[1:]) if "." in inside else "a folder of modules"
    if path.startswith(("/proc", "/sys", "/etc", "/dev", "/usr")):
        return _told("/".join(path.split("/")[:3]))
    return _told(path.rpartition("/")[2])


def _told(name: str) -> str:
    for random, same in _RANDOM:
        name = random.sub(same, name)
    return name
