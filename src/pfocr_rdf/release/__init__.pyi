from .figure_count import count_figures
from .files import (
    ALIGNMENT_FILE,
    CRATE_FILE,
    FINDINGS_FILE,
    MANIFEST,
    PAGE_CACHE,
    REPORT_FILE,
    VOID_FILE,
    Compression,
    DumpFile,
    WrittenFile,
    entry_of,
    is_intact,
    times_of,
    write_whole,
)
from .manifest import InputHashes, files_of, is_release_name, manifest_json
from .opened import Release, open_release
from .progress import BYTES, OnProgress, Progress, unseen
from .purposes import purpose_of
from .reader import Piece, Reader, dump_files, dump_form, read_dump, read_file, read_pieces
from .report import Report
from .staging import Stage, listed_in, remove_abandoned, staged_release

__all__ = [
    "ALIGNMENT_FILE",
    "BYTES",
    "CRATE_FILE",
    "FINDINGS_FILE",
    "MANIFEST",
    "PAGE_CACHE",
    "REPORT_FILE",
    "VOID_FILE",
    "Compression",
    "DumpFile",
    "InputHashes",
    "OnProgress",
    "Piece",
    "Progress",
    "Reader",
    "Release",
    "Report",
    "Stage",
    "WrittenFile",
    "count_figures",
    "dump_files",
    "dump_form",
    "entry_of",
    "files_of",
    "is_intact",
    "is_release_name",
    "listed_in",
    "manifest_json",
    "open_release",
    "purpose_of",
    "read_dump",
    "read_file",
    "read_pieces",
    "remove_abandoned",
    "staged_release",
    "times_of",
    "unseen",
    "write_whole",
]
