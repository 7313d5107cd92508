"""What every test may ask for: the seeds, and the real data that lies beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The five seed pages."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real figures, HGNC tables and the W3C test suite; not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real data is not here")
    return SHARED
