"""The fields of one page, taken out one by one and booked as they go.

Whoever decodes asks for a field by name and form; the leaf is booked as in the graph, or as
skipped with a finding that has its path. What nobody asked for is left, and is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Final

from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.prose import repaired
from pfocr_rdf.figures.read import Value
from pfocr_rdf.rdf import iris as iri

MISSING: Final = frozenset(
    ("", "NA", ".na", ".na.character", ".na.integer", ".na.real", ".na.logical")
)
"""What stands for "no value" in front matter; `na` and `NO` are words (sodium, nitric oxide)."""
NO_NAMES: Final = frozenset(("null", "none", "nan", "n/a", "#n/a", "<na>"))
"""What other programs write for "no value", in small letters. A name is never one of these, but
a word or symbol that was read in a figure may be (NAN is a gene's alias)."""


def is_missing(value: Value) -> bool:
    """Say whether a value stands for none: null, an empty container or a placeholder."""
    return not value or (isinstance(value, str) and value.strip() in MISSING)


def is_no_name(value: Value) -> bool:
    """Say whether a value that should name, number or identify something stands for none."""
    return is_missing(value) or (isinstance(value, str) and value.strip().lower() in NO_NAMES)


class Fields:
    """A mapping of a page whose leaves are taken at most once each.

    Args:
        fields: The mapping; it is copied.
        log: Where outcomes and findings go.
        path: The path of the mapping in its page, "" for the page itself.
    """

    def __init__(self, fields: Mapping[str, Value], log: DecodeLog, path: str = "") -> None:
        self.left = dict(fields)
        self.log = log
        self.path = path

    def at(self, key: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def take(self, key: str, missing: Callable[[Value], bool] = is_no_name) -> str:
        """Return a scalar that the caller notes; "" when missing or not a scalar (noted here)."""
        if key not in self.left:
            return ""
        value = self.left.pop(key)
        if missing(value):
            self.log.skipped(self.at(key), "missing-value")
            return ""
        if isinstance(value, str):
            return value
        self.log.find("field-malformed", self.at(key), str(value), "expected one value")
        self.log.skipped_all(self.at(key), value, "field-malformed")
        return ""

    def leave_out(self, key: str, reason: str) -> None:
        """Note a field as skipped, whatever it holds, and without a word of it in a finding."""
        if key in self.left:
            value = self.left.pop(key)
            missing = is_missing(value)
            self.log.skipped_all(self.at(key), value, "missing-value" if missing else reason)

    def text(self, key: str) -> str:
        """Return a scalar verbatim."""
        value = self.take(key)
        self.log.emitted(bool(value))
        return value

    def prose(self, key: str) -> str:
        """Return a scalar of prose with its encoding mended."""
        return self.mended(key, self.text(key))

    def mended(self, key: str, value: str) -> str:
        """Return prose with its encoding mended, and report it when that changed anything."""
        mended = repaired(value)
        if mended != value:
            self.log.find("text-repaired", self.at(key), value, f"now: {mended[:200]}")
        return mended

    def checked(self, key: str, parse: iri.Parse, code: str, expected: str) -> str:
        """Return a scalar in its one form; one that fails its pattern is a finding."""
        # NaN is no number, and says that a computation went wrong.
        stated = self.take(key, is_missing if code == "bad-value" else is_no_name)
        if not stated:
            return ""
        value = parse(stated.strip())
        if value is None:
            self.reject(key, code, stated, f"expected {expected}")
            return ""
        self.log.emitted()
        return value

    def reject(self, key: str, code: str, value: str, detail: str = "") -> None:
        """Report a taken leaf and note it as skipped."""
        self.log.find(code, self.at(key), value, detail)
        self.log.skipped(self.at(key), code)

    def texts(self, key: str, *, words: bool = False) -> list[tuple[str, str]]:
        """Return (path, text) of a list of scalars, or of the scalar that stands for one.

        The caller notes them; what is missing or not text is noted here.

        Args:
            key: Of the field.
            words: Whether it holds words that were read in a figure, and not names.
        """
        missing = is_missing if words else is_no_name
        if key not in self.left:
            return []
        value = self.left.pop(key)
        path = self.at(key)
        if not isinstance(value, list) or not value:
            items: list[tuple[str, Value]] = [(path, value)]
        else:
            items = [(f"{path}[{i}]", item) for i, item in enumerate(value)]
        out = []
        for where, item in items:
            if missing(item):
                self.log.skipped(where, "missing-value")
            elif isinstance(item, str):
                out.append((where, item))
            else:
                self.log.find("field-malformed", where, str(item), "expected text")
                self.log.skipped_all(where, item, "field-malformed")
        return out

    def finish(self, not_mapped: Container[str]) -> None:
        """Note what is left: left out on purpose, or not known."""
        for key, value in self.left.items():
            reason = "not-mapped" if self.at(key) in not_mapped else "unknown-field"
            if reason == "unknown-field":
                self.log.find(reason, self.at(key), str(value))
            self.log.skipped_all(self.at(key), value, reason)
        self.left.clear()
