"""Long work in a library that knows nothing of Ctrl-C.

Oxigraph lets other threads run while it works, but Python looks for signals only in the main
thread, between two of its own steps.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from traceback import clear_frames
from typing import Final, TypeVar

from pfocr_rdf.errors import PfocrError

_T = TypeVar("_T")
_WAIT: Final = 0.1  # seconds in which Ctrl-C is noticed


def run_interruptibly(work: Callable[[], _T]) -> _T:
    """Do work in a thread, so that the one that waits for it can be interrupted.

    After KeyboardInterrupt the work goes on by itself until the process ends.

    Raises:
        PfocrError: As the work does; OSError likewise.
    """
    results: list[_T] = []
    faults: list[PfocrError | OSError] = []

    def run() -> None:
        try:
            results.append(work())
        except (PfocrError, OSError) as fault:
            _let_go(fault)
            faults.append(fault)

    thread = Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_WAIT)
    if faults:
        raise faults[0]
    return results[0]


def _let_go(fault: BaseException | None) -> None:
    """Drop what the frames of a fault hold: answers may end only in the thread they are of."""
    while fault is not None:
        clear_frames(fault.__traceback__)
        fault = fault.__cause__ or fault.__context__
