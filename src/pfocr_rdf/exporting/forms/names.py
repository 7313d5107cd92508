"""The other forms an export can also write, and the libraries that some of them need."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from importlib.util import find_spec
from typing import Final

from pfocr_rdf.errors import UsageError


class Form(StrEnum):
    """The other forms of a release, each for the tools of one field."""

    KGX = "kgx"
    GMT = "gmt"
    GMT_SYMBOLS = "gmt-symbols"
    BIOTHINGS = "biothings"
    BIOTHINGS_HUMAN = "biothings-human"
    SSSOM = "sssom"
    PARQUET = "parquet"
    ROCRATE = "rocrate"


_NEEDS: Final = {Form.PARQUET: "pyarrow", Form.ROCRATE: "rocrate"}
"""Libraries of the extras that have the form's name."""


def check_forms(forms: Iterable[Form]) -> None:
    """Raise UsageError when a form needs a library that is not installed."""
    for form in forms:
        library = _NEEDS.get(form)
        if library is not None and find_spec(library) is None:
            raise UsageError(
                f"--also {form}: expected the library {library}, found none "
                f"(pip install 'pfocr-rdf[{form}]')"
            )
