"""A PFOCR page -> the same page with a corrected `schema-jsonld` block, every other byte kept.

Only the lines of wrong entries are replaced, missing ones follow the last. What comes out is
read again before anybody sees it: where another field changed, or the block does not say what
it should, the page is left alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from pfocr_rdf.figures.decode import DecodeLog, SideTables, TaxonTable, decode_figure
from pfocr_rdf.figures.read import FrontMatter, Value, parse_front_matter
from pfocr_rdf.findings import Finding
from pfocr_rdf.web.schema_org.block import BLOCK, as_read, corrected_block
from pfocr_rdf.web.schema_org.layout import BlockLayout, LayoutError, find_block, rendered
from pfocr_rdf.web.schema_org.profiles import JsonObject

_AROUND: Final = SideTables(TaxonTable(), {}, {})
_FATAL: Final = frozenset(("front-matter-malformed", "bad-figid"))


class PagePatch(NamedTuple):
    """What became of a page.

    Attributes:
        text: The page as it should be; the page itself when it is right or left alone.
        replaced: Keys of the block that said something else.
        added: Keys that the block lacked.
        removed: Keys that the block should not have.
        findings: Why the page is left alone; empty when it is not.
    """

    text: str
    replaced: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether the page has to be written."""
        return bool(self.replaced or self.added or self.removed)


def patch_page(text: str, file: str) -> PagePatch:
    """Return a page with its `schema-jsonld` block corrected.

    Args:
        text: The whole page.
        file: The name that findings carry.
    """
    page = parse_front_matter(text, file)
    log = DecodeLog(file)
    figure = decode_figure(page, (), _AROUND, log)
    if figure is None or page.fields is None:
        fatal = [finding for finding in log.findings if finding.code in _FATAL]
        return PagePatch(text, findings=tuple(fatal))
    stated = page.fields.get(BLOCK)
    if not isinstance(stated, dict):
        return _left(text, file, "expected a mapping, found none")
    try:
        layout = find_block(text, BLOCK)
        block = corrected_block(figure, page.fields)
        patched = _edited(text, layout, stated, block)
        _check(page, parse_front_matter(patched.text, file), block)
    except LayoutError as reason:
        return _left(text, file, str(reason))
    return patched


def _left(text: str, file: str, reason: str) -> PagePatch:
    return PagePatch(text, findings=(Finding("field-malformed", file, BLOCK, "", reason),))


def _edited(
    text: str, layout: BlockLayout, stated: dict[str, Value], block: JsonObject
) -> PagePatch:
    replaced, removed, pieces = [], [], []
    done = 0
    for key, start, end in layout.entries:
        pieces.append(text[done:start])
        if key not in block:
            removed.append(key)
        elif key in stated and as_read(block[key]) == stated[key]:
            pieces.append(text[start:end])
        else:
            replaced.append(key)
            pieces.append(rendered({key: block[key]}, layout))
        done = end
    added = {key: value for key, value in block.items() if key not in stated}
    pieces += [rendered(added, layout), text[done:]]
    return PagePatch("".join(pieces), tuple(replaced), tuple(added), tuple(removed))


def _check(before: FrontMatter, after: FrontMatter, block: JsonObject) -> None:
    """Compare what a reader finds in the page before and after."""
    assert before.fields is not None, "the caller has read it"
    expected = {**before.fields, BLOCK: as_read(block)}
    found = after.fields or {}
    if [*found.items()] != [*expected.items()] or set(after.findings) - set(before.findings):
        raise LayoutError("expected lines that nothing else depends on")
