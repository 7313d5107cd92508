"""What the tests of questions share: the stores of a few releases."""

from __future__ import annotations

from tests.query.questions.test_rows import store_of

__all__ = ["store_of"]
