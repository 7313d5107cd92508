"""Why a run cannot go on. Bad data is a `Finding`, never one of these.

    PfocrError
    ├── InputError        a file or folder that cannot be read as a whole   exit 2
    ├── UsageError        options that do not fit together                  exit 2
    ├── OutputError       the release could not be written                  exit 2
    ├── WorkerError       a worker process is gone                          exit 2
    ├── DownloadError     the HGNC table could not be fetched               exit 2
    ├── ShapesError       a shapes graph that an engine cannot run          exit 2
    ├── LoadError         a store does not take a release                   exit 2
    ├── QueryError        a query that is not SPARQL or cannot be answered  exit 2
    ├── StrictError       errors, and --strict asked to publish none         exit 1
    ├── ShrinkError       a release far smaller than the one it replaces     exit 4
    └── IntegrityError    our own ledger does not balance                    exit 3

Each message is one line: `what: where: expected, found (what to do)`.
"""

from __future__ import annotations


class PfocrError(Exception):
    """Anything that ends a run; `exit_code` is what the command returns."""

    exit_code = 2


class InputError(PfocrError):
    """A file, folder or archive that cannot be read at all."""


class UsageError(PfocrError):
    """Options that do not fit together, or a name that does not exist."""


class OutputError(PfocrError):
    """The output cannot be written; what was published before is untouched."""


class WorkerError(PfocrError):
    """A worker process is gone, most likely killed for want of memory."""


class DownloadError(PfocrError):
    """The HGNC table cannot be downloaded, and why."""


class ShapesError(PfocrError):
    """A shapes graph that is ill-formed, or uses what the engine does not support."""


class LoadError(PfocrError):
    """A store cannot be reached, or refuses what is sent to it; the message says what to do."""


class QueryError(PfocrError):
    """A query that is not SPARQL, or that the store cannot answer; never the data's fault."""


class StrictError(PfocrError):
    """The run has errors, and was told to publish nothing then."""

    exit_code = 1


class ShrinkError(PfocrError):
    """The new release has far fewer figures than the one it would replace, which stays."""

    exit_code = 4


class IntegrityError(PfocrError):
    """An internal check failed: totals that do not balance. Never the input's fault."""

    exit_code = 3


def check_least(option: str, found: int, least: int = 0) -> None:
    """Raise UsageError for a number below the least that an option takes."""
    if found < least:
        raise UsageError(f"{option}: expected {least} or more, found {found}")


def unread(path: object, error: BaseException) -> InputError:
    """Return why a file cannot be read: what the system says, or that it is cut short or broken."""
    if isinstance(error, OSError) and error.errno is not None:
        return InputError(f"{path}: cannot be read: {error.strerror or error}")
    return InputError(f"{path}: expected a complete archive, found {error}")
