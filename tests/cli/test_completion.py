"""What a shell proposes, asked as bash asks: by the real door, with the words typed so far."""

from __future__ import annotations

import pytest
import typer.main
from typer._completion_classes import BashComplete

from pfocr_rdf.cli.main import app
from pfocr_rdf.query.questions import load_questions


def proposed(*words: str) -> list[str]:
    command = typer.main.get_command(app)
    complete = BashComplete(command, {}, "pfocr-rdf", "_PFOCR_RDF_COMPLETE")
    return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("quer",), ["query", "queries"]),
        (("query", "out", "figures-of-gene"), None),
        (("queries", "figures-of-gene"), None),
        (("query", "out", "figures-of-gene", "-p", ""), ["gene=", "certain="]),
        (("query", "out", "figures-of-gene", "-p", "ge"), ["gene="]),
        (("query", "out", "figures-of-gene", "--format", "js"), ["json", "jsonld"]),
        (("queries", "-k", "dis"), ["disease"]),
        (("query", "out", "no-such", "-p", ""), []),
    ],
)
def test_questions_parameters_and_formats(
    words: tuple[str, ...], expected: list[str] | None
) -> None:
    if expected is None:
        expected = [name for name in load_questions() if name.startswith("figures-of-gene")]
    assert proposed(*words) == expected
