"""The names of the library: each is there, and none is loaded before it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pfocr_rdf


@pytest.mark.whole
def test_importing_the_library_imports_no_room() -> None:
    program = "import sys, pfocr_rdf; print(*(m for m in sys.modules if m.startswith('pfocr')))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == {"pfocr_rdf"}


@pytest.mark.parametrize("name", pfocr_rdf.__all__)
def test_a_name_is_there_and_looked_up_once(name: str) -> None:
    assert name in dir(pfocr_rdf)
    assert getattr(pfocr_rdf, name) is vars(pfocr_rdf)[name]


@pytest.mark.parametrize("name", ["exports", "exporting_"])
def test_no_other_name_is_there(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(pfocr_rdf, name)
