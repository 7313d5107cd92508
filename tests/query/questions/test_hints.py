"""What is said of names that a release does not have; over a real store of made pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.index.words import Search
from pfocr_rdf.query.questions import (
    bind,
    check_values,
    hints,
    load_questions,
    near_questions,
    resolve,
)
from pfocr_rdf.query.questions.hints import SOUGHT
from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.release.opened import open_release
from tests.support.pages import checkout, page, run, write

HERE = Path(__file__).parent / "rows"
QUESTIONS = load_questions()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[pyoxigraph.Store, Search]]:
    """The triples and the names of a release with renamed symbols and entities of all kinds."""
    folder = tmp_path_factory.mktemp("hints")
    journals = {
        "PMC7__a.md": page("PMC7__a", journal_title="Annals of Botany", journal_nlm_ta="Ann Bot")
    }
    inputs = (HERE / "pages", checkout(folder / "in"), write(folder / "journals", journals))
    run(*inputs, out=folder / "out", hgnc=HERE / "hgnc.tsv")
    place = ensure_store(open_release(folder / "out"))
    search = Search(place.index_file)
    yield open_triples(place), search
    search.close()


Known = tuple[pyoxigraph.Store, Search]
Given = Mapping[str, str | Sequence[str]]


def said(known: Known, name: str, given: Given) -> list[str]:
    bind(QUESTIONS[name], given)  # what is hinted at is well formed
    return list(map(str, hints(QUESTIONS[name], given, *known)))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        (
            "figures-of-gene",
            {"gene": "G6PC11"},
            "parameter gene: this release has no gene 'G6PC11' (did you mean G6PC1?)",
        ),
        (
            "figures-of-gene",
            {"gene": "g6pc1"},
            "parameter gene: this release has no gene 'g6pc1' (did you mean G6PC1?)",
        ),
        (
            "figures-of-gene",
            {"gene": "SEPT3"},
            (
                "parameter gene: this release has no gene 'SEPT3' "
                "(did you mean SEPTIN3 (SEPT3 in figures)?)"
            ),
        ),
        (
            "figures-of-gene",
            {"gene": "RIG-I"},
            (
                "parameter gene: this release has no gene 'RIG-I' "
                "(did you mean RIGI (RIG-I in figures)?)"
            ),
        ),
        (
            "figures-of-gene",
            {"gene": "HGNC:5"},
            "parameter gene: this release has no gene 'hgnc:5'",
        ),
        (
            "figures-of-gene",
            {"gene": "QQQQQ"},
            "parameter gene: this release has no gene 'QQQQQ'",
        ),
        (
            "wikidata-drugs-of-gene",
            {"entrez": "77"},
            "parameter entrez: this release has no gene 'ncbigene:77'",
        ),
        (
            "figures-of-chemical",
            {"chemical": "Calcum"},
            "parameter chemical: this release has no chemical 'Calcum' (did you mean Calcium?)",
        ),
        (
            "figures-of-chemical",
            {"chemical": "Ca2+"},
            (
                "parameter chemical: this release has no chemical 'Ca2+' "
                "(did you mean Calcium (Ca2+ in figures)?)"
            ),
        ),
        (
            "figures-of-disease",
            {"disease": "canccer"},
            "parameter disease: this release has no disease 'canccer' (did you mean cancer?)",
        ),
        (
            "figures-of-organism",
            {"organism": "mus cooki"},
            (
                "parameter organism: this release has no organism 'mus cooki' "
                "(did you mean Mus cookii?)"
            ),
        ),
        (
            "figures-of-journal",
            {"journal": "annals of Botani"},
            (
                "parameter journal: this release has no journal 'annals of Botani' "
                "(did you mean Annals of Botany?)"
            ),
        ),
        (
            "figure-contents",
            {"figid": "PMC1__z"},
            "parameter figid: this release has no figure 'PMC1__z'",
        ),
        (
            "figures-of-paper",
            {"pmcid": "PMC99"},
            "parameter pmcid: this release has no paper 'PMC99'",
        ),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are_near(
    known: Known, name: str, given: Given, expected: str
) -> None:
    assert said(known, name, given) == [expected]


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("figures-of-gene", {"gene": "G6PC1"}),
        ("figures-of-gene", {"gene": "HGNC:4056"}),
        ("figures-of-gene", {"gene": "2538"}),
        ("wikidata-drugs-of-gene", {"entrez": "2538"}),
        ("figures-of-chemical", {"chemical": "Calcium"}),
        ("figures-of-chemical", {"chemical": "CHEBI:22984"}),
        ("figures-of-disease", {"disease": "cancer"}),
        ("figures-of-organism", {"organism": "10098"}),
        ("figures-of-journal", {"journal": "Ann Bot"}),
        ("figure-contents", {"figid": "PMC1000001__fig-3"}),
        ("figures-of-paper", {"pmcid": "PMC7"}),
        ("figures-of-year", {"year": "1901"}),
        ("figures-by-title", {"words": "nowhere"}),
        ("coverage", {}),
    ],
)
def test_nothing_is_said_of_what_is_there_or_names_nothing(
    known: Known, name: str, given: Given
) -> None:
    assert said(known, name, given) == []


def test_of_several_values_each_is_looked_at_and_defaults_too(known: Known) -> None:
    two = said(known, "figures-of-genes", {"genes": ["G6PC1,NIX1", "NIX2"]})
    assert [line.split("'")[1] for line in two] == ["NIX1", "NIX2"]
    (default,) = said(known, "genes-together", {"gene": "RIGI", "other": "TNFSF12"})
    assert default.startswith("parameter other: this release has no gene 'TNFSF12'")
    assert len(said(known, "wikipathways-of-gene", {})) == 1


def test_names_are_of_the_kind_that_is_sought(known: Known) -> None:
    # A gene of the checkout is named nearly so; a disease is not.
    (line,) = said(known, "figures-of-disease", {"disease": "TNFSF1"})
    assert "did you mean" not in line
    kinds = {sought.kind.value for sought in SOUGHT.values() if sought.is_named}
    assert kinds <= set(Kind)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("figures-of-gen", ["figures-of-gene"]),
        ("Coverage", ["coverage"]),
        ("renamed", ["renamed-symbols", "symbols-of-gene"]),
        ("drug", ["wikidata-drugs-of-gene"]),
        ("shortest-path", ["co-mention-path"]),
        ("jurnals", ["figures-of-journal", "figures-per-journal"]),
        ("the of and", []),
        ("", []),
        ("qzx", []),
    ],
)
def test_a_question_is_found_by_what_one_remembers_of_it(text: str, names: list[str]) -> None:
    assert near_questions(QUESTIONS, text) == names


def test_no_more_questions_are_proposed_than_one_can_read() -> None:
    assert len(near_questions(QUESTIONS, "gene")) == 3


@pytest.mark.parametrize(
    ("name", "given", "values", "notes"),
    [
        (
            "figures-of-gene",
            {"gene": "RIG-I"},
            {"gene": ["ncbigene:23586"]},
            ["parameter gene: RIG-I is taken for RIGI"],
        ),
        (
            "figures-of-gene",
            {"gene": "g6pc1"},
            {"gene": ["ncbigene:2538"]},
            ["parameter gene: g6pc1 is taken for G6PC1"],
        ),
        (
            "figures-of-genes",
            {"genes": "G6PC1,rank ligand"},
            {"genes": ["G6PC1", "rank ligand"]},
            [],
        ),
        (
            "figures-of-genes",
            {"genes": "g6pc1 HGNC:4056"},
            {"genes": ["ncbigene:2538", "HGNC:4056"]},
            ["parameter genes: g6pc1 is taken for G6PC1"],
        ),
        (
            "figures-of-chemical",
            {"chemical": "Ca2+"},
            {"chemical": ["chebi:22984"]},
            [
                (
                    "parameter chemical: Ca2+ is taken for Calcium "
                    "(Ca2+ is a word for Calcium in 1 figure)"
                )
            ],
        ),
        ("figures-of-gene", {"gene": "HGNC:4056"}, {"gene": ["HGNC:4056"]}, []),
        ("figures-of-gene", {"gene": "QQQQQ"}, {"gene": ["QQQQQ"]}, []),
        ("figures-of-year", {"year": "1901"}, {"year": "1901"}, []),
    ],
)
def test_a_word_that_means_one_thing_is_asked_for_as_that(
    known: Known,
    name: str,
    given: Given,
    values: Mapping[str, str | list[str]],
    notes: list[str],
) -> None:
    check_values(QUESTIONS[name], given)
    resolved = resolve(QUESTIONS[name], given, *known)
    assert (resolved.values, resolved.notes) == (values, notes)


def test_a_name_need_not_have_the_form_of_a_symbol_but_the_rest_is_held_to_it() -> None:
    check_values(QUESTIONS["figures-of-gene"], {"gene": "TNF alpha"})
    with pytest.raises(UsageError, match="no such parameter"):
        check_values(QUESTIONS["figures-of-gene"], {"gen": "TNF"})
    with pytest.raises(UsageError, match="parameter year"):
        check_values(QUESTIONS["figures-of-year"], {"year": "x"})
