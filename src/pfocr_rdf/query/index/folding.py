"""What names have in common however they are written: `TNF-α`, `TNF alpha`, `tnfa`.

A name is compared by its keys, which have neither case nor accents, hyphens, blanks or slashes.
Greek letters stand in them as one Latin letter and spelled out; words without the s of a plural.
A plus stays, as `Ca2+` is no `CA2`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_KEPT: Final = 65_536
_LETTERS: Final = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
GREEK: Final = str.maketrans(_LETTERS)
"""Greek letters, small, by what they are called."""

# Those that stand in names of genes and chemicals, and end there (`TGF-beta 1`, `PGC1alpha`) or
# have a letter behind (`NFkappaB`).
_SPELLED: Final = "alpha|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|omega"
_IN_NAMES: Final = re.compile(rf"({_SPELLED})(?=[ab]?[0-9]*(?![a-z0-9])|(?![a-z]))")
_NO_KEY: Final = re.compile(r"[^\w+]|_")
# Only a small s: the one of HRAS is none of a plural.
_PLURAL: Final = re.compile(
    r"(?<=\w{3})(?:['’]s|(?<=us)es|(?<=ss)es|(?<=x)es|(?<=ch)es|(?<=sh)es|(?<![SsuUiI])s)\b"
)
_SEVERAL: Final = re.compile(r"(?<=\w{3})ies\b")


@lru_cache(_KEPT)
def keys_of(text: str) -> tuple[str, ...]:
    """Return what a name is compared by, the nearest to how it is written first.

    Example:
        >>> keys_of("TNF-α")
        ('tnfa', 'tnfalpha')
        >>> keys_of("Alzheimer's disease")
        ('alzheimersdisease', 'alzheimerdisease')
        >>> keys_of("…")
        ()
    """
    keys: dict[str, None] = {}
    for form in dict.fromkeys((text, _PLURAL.sub("", _SEVERAL.sub("y", text)))):
        spelled = folded(form).translate(GREEK)
        short = _IN_NAMES.sub(lambda found: found[1][0], spelled)
        for each in dict.fromkeys((short, spelled)):
            key = _NO_KEY.sub("", each)
            # `tau` is a name, t is none.
            if any(map(str.isalnum, key)) and (len(key) > 1 or each is spelled):
                keys[key] = None
    return tuple(keys)


def key_of(text: str) -> str:
    """Return the first key of a name, "" of one without letters and digits."""
    return next(iter(keys_of(text)), "")


def key_of_id(identifier: str) -> str:
    """Return the one key of an identifier, which neither plurals nor Greek letters have.

    Example:
        >>> key_of_id("doi:10.1000/x-1")
        'doi101000x1'
    """
    return _NO_KEY.sub("", folded(identifier))


def folded(text: str) -> str:
    """Return a text without case and accents, its white space single.

    Example:
        >>> folded(" Sjögren  Syndrome")
        'sjogren syndrome'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())
