"""How the pages of a run differ from those of the release that it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pfocr_rdf.exporting.previous_runs import EarlierPage, EarlierRuns
from pfocr_rdf.figures.read import FigureSource, InputDigest

_ASKED_AT_ONCE: Final = 500


class Changes(NamedTuple):
    """How this release differs from the one it replaces, sorted.

    Pages in `added` and `changed` go by the stem of their file, which in a checkout is the
    figid. Those in `removed` go by figid, or, skipped as they were, by name. A page of which
    the earlier page cache has lost what it said counts as changed.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class ChangeLog:
    """How the pages of this run differ from those of the release that it replaces."""

    def __init__(self) -> None:
        self.compared = False
        self._added: list[str] = []
        self._changed: list[str] = []
        self._removed: list[str] = []

    def note(
        self,
        sources: Sequence[FigureSource],
        digests: Sequence[InputDigest],
        found: Mapping[str, EarlierPage],
        earlier: EarlierRuns,
    ) -> None:
        """Compare a batch.

        Args:
            sources: Its pages.
            digests: What was read of each.
            found: Rows of earlier runs that are known already, by page.
            earlier: To be asked for the others.
        """
        if earlier.release is None:
            return
        self.compared = True
        names = [source.name for source in sources]
        old = {name: known.row for name in names if (known := found.get(name)) and known.published}
        if asked := [name for name in names if name not in old]:
            old |= earlier.replaced(asked)
        for source, digest in zip(sources, digests, strict=True):
            row = old.get(source.name)
            if row is None and source.name not in earlier.release.damaged:
                self._added.append(source.stem)
            elif row is None or row.digest != digest.sha256:
                self._changed.append(source.stem)

    def note_removed(self, sources: Sequence[FigureSource], earlier: EarlierRuns) -> None:
        """Find the pages that are gone."""
        if earlier.release is None:
            return
        names = {source.name for source in sources}
        gone = [name for name in earlier.release.names() if name not in names]
        for at in range(0, len(gone), _ASKED_AT_ONCE):
            rows = earlier.replaced(gone[at : at + _ASKED_AT_ONCE]).values()
            self._removed += [row.figid or row.name for row in rows]

    def changes(self) -> Changes | None:
        """Return the changes, None when there was nothing to compare with."""
        if not self.compared:
            return None
        lists = (self._added, self._changed, self._removed)
        return Changes(*(tuple(sorted(names)) for names in lists))
