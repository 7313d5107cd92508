"""A comparison as an Atom feed: an entry for each new figure, and one for the release.

The ids of entries last, so that a reader who follows the feed sees each figure and each release
once, whenever the feed is made again for the next release.

Source: RFC 4287, https://www.rfc-editor.org/rfc/rfc4287
"""

from __future__ import annotations

from typing import BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from pfocr_rdf.assess.diff.model import Change, ChangeKind, Summary
from pfocr_rdf.errors import UsageError
from pfocr_rdf.rdf import OURS, SCHEMA
from pfocr_rdf.release.description import version_iri
from pfocr_rdf.text import one_line

_FEED: Final = f"{OURS}dataset#new-figures"
_SITE: Final = "https://pfocr.wikipathways.org/"


class AtomSink:
    """Writes the feed as the comparison is made.

    Args:
        out: Where to.
        issued: Day of the newer release, YYYY-MM-DD.

    Raises:
        UsageError: That day is not known; a feed has to say when something is from.
    """

    def __init__(self, out: BinaryIO, issued: str) -> None:
        if not issued:
            raise UsageError(
                "--format atom: expected a newer release with a day, found none (export it with --issued)"
            )
        self._out = out
        self._day = f"{issued}T00:00:00Z"
        self._out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<feed xmlns="http://www.w3.org/2005/Atom">\n'
            "<title>New pathway figures</title>\n"
            f"<id>{_FEED}</id>\n<updated>{self._day}</updated>\n"
            f"<author><name>Pathway Figure OCR</name><uri>{_SITE}</uri></author>\n".encode()
        )

    def change(self, change: Change) -> None:
        """Write an entry for a new figure; other changes are only counted."""
        if not change.is_figure or change.kind is not ChangeKind.ADDED or change.graph:
            return
        captions = (
            value[0]
            for subject, predicate, value in change.added
            if (subject, predicate) == (change.subject, SCHEMA.description)
            and not isinstance(value, str)
        )
        title = change.label or change.subject
        self._entry(change.subject, title, next(captions, ""), change.subject)

    def end(self, summary: Summary) -> None:
        """Write the entry of the release, when all changes have been told."""
        old, new = (
            name or f"sha256-{key}" for name, key in zip(summary.names, summary.keys, strict=True)
        )
        counts = summary.figures
        said = ", ".join(f"{kind}: {counts[kind]:,}" for kind in ChangeKind)
        text = f"Since {old}, figures {said}; {summary.all_figures.now:,} in all."
        self._entry(version_iri(new), f"Release {new}", text, version_iri(new))
        self._out.write(b"</feed>\n")

    def _entry(self, id_: str, title: str, summary: str, address: str) -> None:
        about = f"<summary>{escape(one_line(summary))}</summary>\n" if summary else ""
        self._out.write(
            f"<entry>\n<title>{escape(one_line(title))}</title>\n<id>{escape(id_)}</id>\n"
            f"<link href={quoteattr(address)}/>\n<updated>{self._day}</updated>\n{about}"
            "</entry>\n".encode()
        )
