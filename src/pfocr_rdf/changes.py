"""How the pages of a run differ from those of the release that it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pfocr_rdf.earlier import EarlierRuns
from pfocr_rdf.sources import FigureSource, InputDigest


class Changes(NamedTuple):
    """How this release differs from the one it replaces, in figids, sorted."""

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
        self, sources: Sequence[FigureSource], digests: Sequence[InputDigest], earlier: EarlierRuns
    ) -> None:
        """Compare a batch."""
        if earlier.release is None:
            return
        self.compared = True
        old = earlier.replaced([source.name for source in sources])
        for source, digest in zip(sources, digests, strict=True):
            row = old.get(source.name)
            if row is None:
                self._added.append(source.stem)
            elif row.digest != digest.sha256:
                self._changed.append(source.stem)

    def note_removed(self, sources: Sequence[FigureSource], earlier: EarlierRuns) -> None:
        """Find the pages that are gone."""
        if earlier.release is not None:
            names = {source.name for source in sources}
            self._removed += [
                figid or name for name, figid in earlier.release.names() if name not in names
            ]

    def changes(self) -> Changes | None:
        """Return the changes, None when there was nothing to compare with."""
        if not self.compared:
            return None
        lists = (self._added, self._changed, self._removed)
        return Changes(*(tuple(sorted(names)) for names in lists))
