"""Questions as RDF, in the form that SIB's SPARQL editors and example collections read.

Each is a `sh:SPARQLExecutable` with its text, a comment, keywords and the endpoint it is for;
the prefixes are declared by `sh:declare`, and a federated one says whom it asks. There are no
blank nodes, so that two collections can be merged.

Source: https://github.com/sib-swiss/sparql-examples, https://www.w3.org/TR/shacl/#sparql-prefixes
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.questions.header import Question
from pfocr_rdf.rdf import IRI, OURS, XSD, quoted

QUERY: Final = OURS + "query/"
"""Where questions have their IRIs."""

_PREFIXES: Final = QUERY + "prefixes"
_HEADER: Final = f"""\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix spex: <https://purl.expasy.org/sparql-examples/ontology#> .
@prefix xsd: <{XSD}> .
"""


def as_rdf(questions: Iterable[Question], endpoint: IRI | None = None) -> bytes:
    """Return questions as Turtle.

    Args:
        questions: In the order they shall stand.
        endpoint: The SPARQL endpoint that answers them; None where it is not known.
    """
    chosen = tuple(questions)
    return "\n".join(
        (_HEADER, _declarations(chosen), *(_question(each, endpoint) for each in chosen))
    ).encode()


def question_iri(name: str) -> IRI:
    """Return the IRI of a question."""
    return IRI(QUERY + name)


def _declarations(questions: tuple[Question, ...]) -> str:
    declared: dict[str, str] = {}
    for question in questions:
        declared |= question.prefixes
    subjects = {prefix: f"<{_PREFIXES}/{prefix}>" for prefix in sorted(declared)}
    said = f"<{_PREFIXES}>\n    a owl:Ontology"
    if subjects:
        said += " ;\n    sh:declare " + " ,\n        ".join(subjects.values())
    blocks = [said + " .\n"]
    blocks += [
        f"{subject}\n    sh:prefix {quoted(prefix)} ;\n"
        f"    sh:namespace {quoted(declared[prefix])}^^xsd:anyURI .\n"
        for prefix, subject in subjects.items()
    ]
    return "\n".join(blocks)


def _question(question: Question, endpoint: IRI | None) -> str:
    form = question.form
    lines = [
        f"a sh:SPARQLExecutable , sh:SPARQL{form.capitalize()}Executable",
        f"rdfs:comment {quoted(f'{question.title}. {question.description}')}@en",
        f"schema:keywords {' , '.join(map(quoted, question.keywords))}",
        f"sh:prefixes <{_PREFIXES}>",
        f"sh:{form} {_long(question.text)}",
    ]
    if endpoint:
        lines.append(f"schema:target <{endpoint}>")
    if question.federated:
        others = " , ".join(f"<{other}>" for other in question.federated)
        lines.append(f"spex:federatesWith {others}")
    return f"<{question_iri(question.name)}>\n    " + " ;\n    ".join(lines) + " .\n"


def _long(text: str) -> str:
    r"""Return a text of several lines as Turtle reads it.

    Example:
        >>> print(_long('ASK { ?s ?p "a\\tb" }'))
        '''ASK { ?s ?p "a\\tb" }'''
    """
    inner = re.sub(r"'(?='|\Z)", r"\\'", text.replace("\\", "\\\\"))
    return f"'''{inner}'''"
