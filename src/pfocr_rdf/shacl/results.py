"""What a validation finds: one frozen `Result` per violated constraint and value.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pfocr_rdf.rdf import IRI, Literal, Subject, Term
from pfocr_rdf.shacl.paths import Path


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult.

    Attributes:
        focus: The node that was validated; a literal where a target names one.
        path: sh:resultPath; None for a constraint on the focus node itself.
        value: The value at fault; None where the count or the absence of values is.
        shape: sh:sourceShape.
        component: sh:sourceConstraintComponent.
        severity: sh:Violation, sh:Warning, sh:Info or an IRI of the shapes' own.
        messages: sh:message of the shape, or a sentence of the engine; never empty.
        detail: The results for which a value does not conform to the shape of sh:node.
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: Subject
    component: IRI
    severity: IRI
    messages: tuple[Literal, ...]
    detail: tuple[Result, ...] = field(default=())


def conforms(results: Sequence[Result]) -> bool:
    """Return whether there is no result at all: a warning is a result too."""
    return not results


def count_severities(results: Iterable[Result]) -> dict[IRI, int]:
    """Return how many results each severity has, in the order of the IRIs."""
    return dict(sorted(Counter(result.severity for result in results).items()))
