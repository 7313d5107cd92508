"""A slice of the hostile inputs of `make torture`, and what they have found, each by itself."""

from __future__ import annotations

from pathlib import Path

from scripts.fuzz import table
from scripts.fuzz.kinds import KINDS, Place
from scripts.fuzz.requests import closing_servers
from scripts.fuzz.run import plain_environment
from scripts.fuzz.trial import share, try_kind

_INPUTS = 80
_SEED = 12


def test_hostile_input_breaks_no_promise(tmp_path: Path) -> None:
    with plain_environment(str(tmp_path / "cache")), closing_servers():
        place = Place(tmp_path / "a" / "b")
        for kind in KINDS.values():
            tried = try_kind(kind, share(kind, _INPUTS), _SEED, place)
            assert tried.inputs >= kind.each
            assert tried.times_broken == 0


def test_the_page_says_what_was_tried_and_that_nothing_is_broken() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    rows = table.rows_of(page)
    assert rows.keys() <= KINDS.keys()
    assert table.drawn(rows) in page
    assert {broken for _, broken in rows.values()} == {0}
