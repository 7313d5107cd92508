"""Which HGNC table a run uses, and how a table file is opened.

A file that the user names always wins; then the full table in the cache, put there by
`download`; then the embedded one, so that a first run is right without a network.
`GeneTable.release.origin` tells which it was. A table that was asked for but cannot be
used stops the run: quietly taking a smaller one would change the graph unnoticed.

Kept apart from `download` so that an export does not load an HTTP library.
"""

from __future__ import annotations

from functools import cache as once
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.link.table import GeneTable, parse_checked, parse_hgnc
from pfocr_rdf.files import BROKEN, compression_of, decompressed
from pfocr_rdf.shipped import cache_folder

TABLE_NAME = "hgnc_complete_set.txt"
"""Name of the full table in the cache; also HGNC's own name for it."""

EMBEDDED_NAME = "hgnc_genes.tsv.zst"
"""Name of the embedded table, made by scripts/make_embedded_hgnc.py."""

MAX_BYTES = 256 * 1024 * 1024
"""Most that a decompressed table may hold; HGNC's has 16 MB."""


def cached_table(cache: Path | None = None) -> Path:
    """Path of the full table in the cache; the file need not exist."""
    return (cache or cache_folder()) / TABLE_NAME


def load_gene_table(path: Path | None = None, *, cache: Path | None = None) -> GeneTable:
    """Load the table that a run uses: the given file, else the cached, else the embedded.

    Args:
        path: A table as HGNC publishes it, plain or compressed (.gz, .zst); None for the
            best table there is.
        cache: Cache folder; None for `cache_folder()`.

    Raises:
        InputError: The given or the cached file cannot be read, or is no HGNC table.
    """
    if path is not None:
        return read_gene_table(path, "file")
    cached = cached_table(cache)
    if not cached.exists():
        return embedded_gene_table()
    try:
        return read_gene_table(cached, "cache")
    except InputError as error:
        message = f"{error}; to replace the cached table: pfocr-rdf genes update"
        raise InputError(message) from error


@once
def embedded_gene_table() -> GeneTable:
    """The table inside the package: all approved genes, and of each the columns that are used."""
    with resources.as_file(resources.files("pfocr_rdf").joinpath("data", EMBEDDED_NAME)) as path:
        return parse_checked(read_table_text(path), "embedded", EMBEDDED_NAME)


def read_gene_table(path: Path, origin: str) -> GeneTable:
    """Read one table file, compressed or not.

    Args:
        path: As for `read_table_text`.
        origin: For `TableRelease.origin`.

    Raises:
        InputError: As `read_table_text`, or a column is missing, or no gene is approved.
    """
    text = read_table_text(path)
    try:
        table = parse_hgnc(text, origin, path.name)
    except InputError as error:
        # The parser's message starts with the short name; the user needs the whole path.
        raise InputError(f"{str(path).removesuffix(path.name)}{error}") from error
    if not table:
        raise InputError(
            f"{path}: expected approved genes, found none; {len(table.problems)} rows "
            "could not be used (is the file complete?)"
        )
    return table


def read_table_text(path: Path) -> str:
    """The text of a table file.

    Args:
        path: Plain, gzip or zstd; told by the first bytes, not by the name.

    Raises:
        InputError: The file cannot be read or decompressed, is too big, or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = _decompress(file)
    except (OSError, *BROKEN) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(
            f"{path}: expected an HGNC table, cannot be read: {reason} "
            "(give the file hgnc_complete_set.txt, plain, .gz or .zst)"
        ) from error
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{path}: expected an HGNC table of some 16 MB, found more than "
            f"{MAX_BYTES // 2**20} MB (is this the file hgnc_complete_set.txt?)"
        )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: expected UTF-8 text, found byte 0x{data[error.start]:02x} at offset "
            f"{error.start} (is this the file hgnc_complete_set.txt?)"
        ) from error


def _decompress(file: BinaryIO) -> bytes:
    """All bytes of a file that may be compressed; a little over `MAX_BYTES` at most."""
    compression = compression_of(file.read(4))
    file.seek(0)
    try:
        # Small pieces keep a bomb from unfolding at once.
        return decompressed(file, compression, chunk=4096).read(MAX_BYTES + 1)
    except EOFError as error:
        raise EOFError("compressed file ended before the end of its data") from error
