"""The names of the library: each is there, and none is loaded before it is asked for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import pfocr_rdf


def test_importing_the_library_imports_no_room() -> None:
    program = "import sys, pfocr_rdf; print(*(m for m in sys.modules if m.startswith('pfocr')))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == {"pfocr_rdf", "pfocr_rdf.version"}


@pytest.mark.parametrize("name", pfocr_rdf.__all__)
def test_a_name_is_what_its_home_has(name: str) -> None:
    found = getattr(pfocr_rdf, name)
    if name == "__version__":
        assert found == import_module("pfocr_rdf.version").__version__
        return
    assert name in dir(pfocr_rdf)
    assert found is getattr(import_module(f"pfocr_rdf.{pfocr_rdf._HOMES[name]}"), name)
    assert found is vars(pfocr_rdf)[name], "it is looked up once"


@pytest.mark.parametrize("name", ["exports", "exporting_"])
def test_no_other_name_is_there(name: str) -> None:
    assert {*pfocr_rdf._HOMES, "__version__"} == set(pfocr_rdf.__all__)
    with pytest.raises(AttributeError, match=f"module 'pfocr_rdf' has no attribute '{name}'"):
        getattr(pfocr_rdf, name)
