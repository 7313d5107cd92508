"""Files by URL, wherever fsspec can reach them: what a cluster run reads and writes.

The only module that imports fsspec. Credentials and other settings of a store are fsspec's
own (its configuration files and environment), on every worker as on the machine of the run.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import fsspec  # type: ignore[import-untyped]
from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]

from pfocr_rdf.errors import UsageError
from pfocr_rdf.processes import batched

_AT_ONCE: Final = 32
"""Requests under way at a time; an object store answers each after some 30 ms."""
_WHOLE_ON_PUT: Final = frozenset(
    "s3 s3a gs gcs abfs abfss az adl oci oss r2 memory".split()
)  # fmt: skip
"""Stores where an object appears whole or not at all. Elsewhere it is moved into place."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Listing(NamedTuple):
    """The files of one folder with their sizes, and its subfolders; hidden ones are not."""

    files: dict[str, int]
    folders: list[str]


def is_url(path: str) -> bool:
    """Say whether a path is a URL of a store rather than one of this machine."""
    return "://" in path or "::" in path


class Store:
    """A folder of a store.

    Args:
        url: A URL that fsspec knows, or a local path.

    Raises:
        UsageError: fsspec does not know the protocol, or lacks the package for it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            self._fs, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{url}: {error}") from error
        self.root: str = root.rstrip("/")
        self.local = Path(self.root) if isinstance(self._fs, LocalFileSystem) else None
        """Where it is on this machine, None for all other stores."""
        names = (self._fs.protocol,) if isinstance(self._fs.protocol, str) else self._fs.protocol
        self.is_shared = "memory" not in names
        """Whether other processes see the same files."""
        self._whole_on_put = not _WHOLE_ON_PUT.isdisjoint(names)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.root.rpartition("/")[2]

    def at(self, name: str) -> str:
        """Return the path of a file or folder in it, "" for itself."""
        return f"{self.root}/{name}" if name else self.root

    def listing(self, folder: str = "") -> Listing:
        """List a folder; one that is not there is empty."""
        files: dict[str, int] = {}
        folders: list[str] = []
        # A listing that this process remembers may be older than what others have written.
        self._fs.invalidate_cache()
        try:
            entries = self._fs.ls(self.at(folder), detail=True)
        except (FileNotFoundError, NotADirectoryError):
            entries = []
        for entry in entries:
            name = entry["name"].rstrip("/").rpartition("/")[2]
            if not name or name.startswith(".") or entry["name"].strip("/") == self.at(folder):
                continue
            if entry["type"] == "directory":
                folders.append(name)
            else:
                files[name] = entry["size"] or 0
        self._fs.invalidate_cache()  # it costs more memory than what is kept of it
        return Listing(dict(sorted(files.items())), sorted(folders))

    def holds_folder(self, name: str) -> bool:
        """Say whether there is such a folder; hidden ones count."""
        self._fs.invalidate_cache()
        return bool(self._fs.isdir(self.at(name)))

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises:
            OSError: It cannot be read.
        """
        return bytes(self._fs.cat_file(self.at(name)))

    def read_ranges(self, ranges: Iterable[tuple[str, int, int]]) -> Iterator[bytes]:
        """Yield the bytes from `start` to `end` of files, in order, several read at once."""

        def one(wanted: tuple[str, int, int]) -> bytes:
            name, start, end = wanted
            return bytes(self._fs.cat_file(self.at(name), start=start, end=end))

        return in_threads(one, ranges)

    def read_all(self, names: Iterable[str]) -> Iterator[bytes]:
        """Yield the bytes of files, in order, several read at once."""
        return in_threads(self.read, names)

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to this machine; one that is gone or forbidden leaves nothing there."""
        try:
            data = self._fs.cat_file(self.at(name))
        except (FileNotFoundError, PermissionError, IsADirectoryError):
            return  # whoever reads the copy says that it is not there
        target.write_bytes(data)

    def put(self, source: Path, name: str) -> None:
        """Copy a file of this machine into the store, where it appears whole.

        Raises:
            OSError: It cannot be written.
        """
        target = self.at(name)
        self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
        if self._whole_on_put:
            self._fs.put_file(str(source), target)
            return
        part = f"{target}.{uuid.uuid4().hex}.tmp"
        self._fs.put_file(str(source), part)
        if self.local is not None:
            Path(part).replace(target)
        else:
            self._fs.mv(part, target)

    def remove(self, names: Iterable[str]) -> None:
        """Delete files."""
        for name in names:
            self._fs.rm_file(self.at(name))

    def remove_folder(self, name: str) -> None:
        """Delete a folder with all that is in it, if it is there."""
        self._fs.invalidate_cache()
        if self._fs.exists(self.at(name)):
            self._fs.rm(self.at(name), recursive=True)


def in_threads(function: Callable[[_In], _Out], many: Iterable[_In]) -> Iterator[_Out]:
    """Yield the results of a function that waits for a store, in order, a few at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for some in batched(many, _AT_ONCE):
            yield from pool.map(function, some)
