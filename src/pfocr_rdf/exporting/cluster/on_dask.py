"""An export on a dask cluster, for whoever has the extra; without it, a message that says so."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from pfocr_rdf.errors import UsageError
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.release import OnProgress, unseen

if TYPE_CHECKING:
    from pfocr_rdf.exporting.run import ExportResult

_EXTRA: Final = frozenset(("dask", "distributed", "fsspec"))


def export_on_dask(
    inputs: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: ExportOptions | None = None,
    on_progress: OnProgress = unseen,
    *,
    scheduler: str = "",
) -> ExportResult:
    """Export figures on a dask cluster; the triples are those of a run on one machine.

    Args:
        inputs: Pages, folders of pages or checkouts; paths or URLs that fsspec knows.
        out: Folder or URL for the release. It must not hold one already.
        options: As for `export`; `shard_size` is the figures of a task (0: 5,000), `jobs` the
            processes when there is no scheduler. `reuse` has no meaning here.
        on_progress: Called when a partition is done.
        scheduler: Address of a scheduler, such as `tcp://10.0.0.5:8786`; "" for processes of
            this machine.

    Raises:
        UsageError: The extra is not installed, or options do not fit together.
        InputError: An input cannot be read at all, or holds no page.
        OutputError: The release cannot be written, or `out` is in use.
        IntegrityError: The totals do not balance; there is no manifest then.
    """
    try:
        from pfocr_rdf.exporting.cluster.dask import DaskTasks  # noqa: PLC0415 - an extra
        from pfocr_rdf.exporting.cluster.driver import run  # noqa: PLC0415 - likewise
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        message = f"--engine dask: {error.name} is not installed (pip install pfocr-rdf[dask])"
        raise UsageError(message) from error
    options = options or ExportOptions()
    return run(
        inputs,
        out,
        options,
        on_progress,
        lambda shared: DaskTasks(scheduler, options.jobs, in_one_process=not shared),
    )
