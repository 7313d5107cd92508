"""A run beside real data has seen all of it; one without says so once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.samples import MADE, REAL, SAMPLES
from tests.support.shared_data import PARTS, SHARED, missing_parts


def test_real_data_is_here_whole_or_not_at_all() -> None:
    """A part that is lost would take its tests with it, under CI=true as anywhere."""
    if not SHARED.is_dir():
        assert SAMPLES == (MADE,)
        pytest.skip(f"{SHARED}: no real data here; tests ran on pages of our own making alone")
    assert missing_parts() == []
    assert SAMPLES == (MADE, REAL)
    assert all(path.exists() for path in REAL[1:])


def test_each_part_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert missing_parts(tmp_path) == list(PARTS)
    for part in PARTS:
        (tmp_path / part).mkdir(parents=True)
    assert missing_parts(tmp_path) == []
