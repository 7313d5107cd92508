"""Journals of loads are kept apart: each test has a cache folder of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_journal(own_cache: None) -> None:
    """Have no journal of another test."""
