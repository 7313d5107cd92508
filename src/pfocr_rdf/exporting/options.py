"""What an export may be told, and which of it decides what the bytes of a figure are."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import orjson

from pfocr_rdf.errors import UsageError, check_least
from pfocr_rdf.exporting.forms import Form, check_forms
from pfocr_rdf.figures.link import TableRelease
from pfocr_rdf.rdf import FIGURES_GRAPH, IRI, OURS, FormatName, IriStyle, web_iri
from pfocr_rdf.release import Compression, is_release_name
from pfocr_rdf.release.description import Edition, version_iri
from pfocr_rdf.shipped import dump_shapes, export_code_files, export_data_files, ontology_file

_DECIDING: Final = ("ftfy", "PyYAML")
_WITH_GRAPH: Final = frozenset((FormatName.NQUADS, FormatName.TRIG))


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export may be told, as on the command line.

    `hgnc` None means the cached table, or the embedded one. `jobs` 0 means every core,
    `limit` 0 all figures, `shard_size` 0 one file a format. `release` is a name, or "".
    `reuse` False parses every page, also those that an earlier run has seen. `also` are other
    forms to write beside the graph. The next four are for the description of the data set:
    `issued` is the day of publication, YYYY-MM-DD, `previous` the name or IRI of the version
    before, `download` the address of the folder that the files will be in, `endpoint` that of
    a SPARQL endpoint. `strict` publishes nothing when a finding is an error, and
    `allow_shrink` also a release that has lost more than a fifth of the figures of the one it
    replaces. `pmc_ids`, `mesh` and `mappings` are files of others, see `join`: NCBI's table of
    papers, NLM's lists of names, a table of SSSOM.
    """

    formats: tuple[FormatName, ...] = (FormatName.TURTLE, FormatName.JSONLD)
    compression: Compression | None = None
    hgnc: Path | None = None
    style: IriStyle = IriStyle.OBO
    captions: bool = True
    jobs: int = 0
    limit: int = 0
    validate: bool = True
    shard_size: int = 0
    release: str = ""
    reuse: bool = True
    also: tuple[Form, ...] = ()
    issued: str = ""
    previous: str = ""
    download: str = ""
    endpoint: str = ""
    strict: bool = False
    allow_shrink: bool = False
    pmc_ids: Path | None = None
    mesh: tuple[Path, ...] = ()
    mappings: Path | None = None

    def check(self) -> None:
        """Raise UsageError for values that no export can follow."""
        if not self.formats:
            raise UsageError(f"no format given (one or more of {', '.join(FormatName)})")
        numbers = {"--jobs": self.jobs, "--limit": self.limit, "--shard-size": self.shard_size}
        for name, number in numbers.items():
            check_least(name, number)
        check_forms(self.also)
        if self.release and not is_release_name(self.release):
            expected = "letters, digits, . _ -"
            raise UsageError(f"--release: expected {expected}, found {self.release!r}")
        if self.issued and not _is_day(self.issued):
            raise UsageError(f"--issued: expected a day as 2024-11-30, found {self.issued!r}")
        previous = self.previous
        if previous and not is_release_name(previous) and web_iri(previous) is None:
            raise UsageError(
                f"--previous: expected the name of a release or an IRI, found {previous!r}"
            )
        if self.release and previous and version_iri(previous) == version_iri(self.release):
            raise UsageError(f"--previous: expected another release, found {previous!r} again")
        for name, address in {"--download": self.download, "--endpoint": self.endpoint}.items():
            if address and web_iri(address) is None:
                raise UsageError(f"{name}: expected an http or https address, found {address!r}")
        if urlsplit(self.download).query or urlsplit(self.download).fragment:
            raise UsageError(
                f"--download: expected the address of a folder, found {self.download!r}"
            )

    def graph(self) -> IRI:
        """Return the named graph of the figures."""
        return IRI(f"{OURS}graph/release/{self.release}") if self.release else FIGURES_GRAPH

    def edition(self, table: TableRelease) -> Edition:
        """Return what the release says of itself.

        Args:
            table: The HGNC table.
        """
        previous = version_iri(self.previous) if self.previous else ""
        return Edition(
            self.release, table, self.graph(), self.issued, previous, self.download, self.endpoint
        )

    def record(self) -> dict[str, object]:
        """Return the options that decide what the release is, for the manifest."""
        return {
            "formats": list(self.formats),
            "compression": self.compression,
            "iri style": self.style,
            "captions": self.captions,
            "limit": self.limit,
            "validated": self.validate,
            "shard size": self.shard_size,
            "also": sorted(self.also),
            "issued": self.issued,
            "previous": self.previous,
            "download": self.download,
            "endpoint": self.endpoint,
        }

    def figure_key(self, table: TableRelease, side_tables: str) -> bytes:
        """Return a hash of all, but its own files, that decides what a figure's bytes are.

        Args:
            table: The HGNC table.
            side_tables: Hash of the organism pages and map files.
        """
        digest = hashlib.sha256()
        named = any(name in _WITH_GRAPH for name in self.formats)
        digest.update(
            orjson.dumps(
                [
                    self.formats,
                    self.style,
                    self.captions,
                    self.validate,
                    self.graph() if named else "",
                    table.sha256,
                    side_tables,
                ]
            )
        )
        digest.update(_program())
        return digest.digest()


def day_of_epoch(seconds: str) -> str:
    """Return the day of SOURCE_DATE_EPOCH, YYYY-MM-DD, "" for no value.

    Args:
        seconds: Since 1970-01-01, UTC.

    Raises:
        UsageError: It is no number of seconds.

    Source:
        https://reproducible-builds.org/specs/source-date-epoch/
    """
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat() if seconds else ""
    except (ValueError, OverflowError, OSError) as error:
        message = f"SOURCE_DATE_EPOCH: expected a number of seconds, found {seconds!r}"
        raise UsageError(message) from error


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@cache
def _program() -> bytes:
    """Return a hash of what an export runs, of its tables, its ontology and the shapes of its dumps.

    Its version would do for a release, but not while the program is being changed. What it
    builds on counts as far as it decides how a text is read or repaired.
    """
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for library in _DECIDING:
        digest.update(f"{library}\0{version(library)}\0".encode())
    for path in (*export_code_files(), *export_data_files(), ontology_file(), *dump_shapes()):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()
