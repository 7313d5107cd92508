"""A run under CI=true has real data; one without it says so once, and is not green."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.shared_data import PARTS, SHARED, missing_parts


def test_the_real_data_is_here_under_ci() -> None:
    missing = missing_parts()
    if not missing:
        return
    said = f"{SHARED}: expected real data to test with, found no {', '.join(missing)}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{said} (under CI=true the tests that need it must not be skipped)", False)
    pytest.skip(said)


def test_each_part_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert missing_parts(tmp_path) == list(PARTS)
    for part in PARTS:
        (tmp_path / part).mkdir(parents=True)
    assert missing_parts(tmp_path) == []
