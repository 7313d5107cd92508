"""A validation's outcome as text: for a reader, as JSON, as a standard report in Turtle.

Pure: each function takes a `ValidationOutcome` and returns a str.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson
import pyoxigraph

from pfocr_rdf.errors import OutputError
from pfocr_rdf.rdf import (
    IRI,
    XSD,
    XSD_STRING,
    BlankNode,
    Iris,
    Literal,
    Prefixes,
    Term,
    Triple,
    oxigraph_term,
)
from pfocr_rdf.shacl import (
    SH,
    SH_BASE,
    Group,
    Path,
    Result,
    ValidationOutcome,
    group_results,
    report_triples,
    show_path,
)
from pfocr_rdf.text import printable

EXAMPLES = 5
_WORST_FIRST = (SH.Violation, SH.Warning, SH.Info)
_LONGEST = 100


def format_human(outcome: ValidationOutcome) -> str:
    """Return the findings grouped by shape, path and message, with five examples each."""
    names = _Names()
    lines = [_summary(outcome, names)]
    for shape, reason in outcome.whole:
        lines.append(f"Run on the whole graph, for {reason}: {names.term(shape)}")
    groups = sorted(group_results(outcome.results), key=_severity_rank)
    for group in groups:
        lines += ["", *_group_lines(group, names)]
    return "\n".join(lines) + "\n"


def _severity_rank(group: Group) -> int:
    known = group.severity in _WORST_FIRST
    return _WORST_FIRST.index(group.severity) if known else len(_WORST_FIRST)


def _summary(outcome: ValidationOutcome, names: _Names) -> str:
    seen = [f"{outcome.triples:,} triples"]
    if outcome.files:
        seen.insert(0, _counted(len(outcome.files), "file"))
    if outcome.focus_nodes is not None:
        seen.append(_counted(outcome.focus_nodes, "focus node"))
    looked_at = ", ".join(seen)
    if outcome.conforms:
        nothing = outcome.focus_nodes == 0
        warning = " No shape applies to this data, so nothing was checked." if nothing else ""
        return f"Conforms ({looked_at}; engine {outcome.engine}).{warning}"
    counts = ", ".join(
        f"{number:,} {names.short(severity)}" for severity, number in outcome.severities.items()
    )
    return f"Does not conform: {counts} ({looked_at}; engine {outcome.engine})."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _group_lines(group: Group, names: _Names) -> Iterator[str]:
    path = "" if group.path is None else f"  {show_path(group.path, names.short)}"
    shape = "" if isinstance(group.shape, BlankNode) else f"  {names.short(group.shape)}"
    yield f"{names.short(group.severity)}{shape}{path}  ({_counted(len(group.results), 'result')})"
    for message in group.messages:
        yield f"  {_shortened(message.lexical)}"
    component = names.short(group.component).removesuffix("ConstraintComponent")
    yield f"  constraint: {component}"
    for result in group.results[:EXAMPLES]:
        value = ""
        if result.value is not None and result.value != result.focus:
            value = f"  value {names.term(result.value)}"
        yield f"    {names.term(result.focus)}{value}"
    if len(group.results) > EXAMPLES:
        yield f"    ... and {len(group.results) - EXAMPLES:,} more"


class _Names:
    """CURIEs of an export, of SHACL and of a few more; other IRIs in angle brackets."""

    def __init__(self) -> None:
        self._prefixes = Prefixes(Iris())

    def short(self, iri: IRI) -> str:
        if iri.startswith(SH_BASE):
            return f"sh:{iri[len(SH_BASE) :]}"
        return self._prefixes.curie(iri) or f"<{_shortened(iri)}>"

    def term(self, term: Term) -> str:
        if isinstance(term, BlankNode):
            return f"_:{term.label}"
        if not isinstance(term, Literal):
            return self.short(term)
        text = f'"{_shortened(term.lexical)}"'
        if term.language:
            return f"{text}@{term.language}"
        if term.datatype == XSD_STRING:
            return text
        if term.datatype.startswith(XSD):
            return f"{text}^^xsd:{term.datatype[len(XSD) :]}"
        return f"{text}^^{self.short(term.datatype)}"


def _shortened(text: str) -> str:
    """Return a text fit for a terminal, cut where it is long."""
    plain = printable(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 3] + "..."


def format_json(outcome: ValidationOutcome) -> str:
    """Return everything as JSON; terms are written as in SPARQL's JSON results."""
    document = {
        "conforms": outcome.conforms,
        "engine": outcome.engine.value,
        "files": list(outcome.files),
        "triples": outcome.triples,
        "focusNodes": outcome.focus_nodes,
        "wholeGraph": [
            {"shape": _json_term(shape), "reason": reason} for shape, reason in outcome.whole
        ],
        "severities": dict(outcome.severities),
        "results": [_json_result(result) for result in outcome.results],
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, option=options).decode()


def _json_result(result: Result) -> dict[str, object]:
    return {
        "focusNode": _json_term(result.focus),
        "path": None if result.path is None else _json_path(result.path),
        "value": None if result.value is None else _json_term(result.value),
        "sourceShape": _json_term(result.shape),
        "component": result.component,
        "severity": result.severity,
        "messages": [_json_term(message) for message in result.messages],
        "detail": [_json_result(inner) for inner in result.detail],
    }


def _json_path(path: Path) -> str:
    return show_path(path, lambda iri: f"<{iri}>")


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.label}
    if not isinstance(term, Literal):
        return {"type": "uri", "value": term}
    written = {"type": "literal", "value": term.lexical}
    if term.language:
        written["xml:lang"] = term.language
    elif term.datatype != XSD_STRING:
        written["datatype"] = term.datatype
    return written


def format_turtle(outcome: ValidationOutcome) -> str:
    """Return a standard sh:ValidationReport.

    Raises:
        OutputError: A node of a graph from memory has an IRI that RDF does not allow.
    """
    by_subject: dict[Term, list[Triple]] = {}
    for triple in report_triples(outcome.results):
        by_subject.setdefault(triple[0], []).append(triple)
    triples = [triple for about in by_subject.values() for triple in about]
    prefixes = {"sh": SH_BASE, **Prefixes(Iris()).namespaces}
    try:
        written = pyoxigraph.serialize(
            _oxigraph(triples), format=pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes
        )
    except ValueError as error:
        raise OutputError(f"report: expected valid IRIs and labels, found {error}") from error
    assert written is not None, "nothing is returned only when writing to a file"
    return written.decode()


def _oxigraph(triples: Sequence[Triple]) -> Iterator[pyoxigraph.Triple]:
    for each, predicate, value in triples:
        subject = oxigraph_term(each)
        assert not isinstance(subject, pyoxigraph.Literal), "no subject is a literal"
        yield pyoxigraph.Triple(subject, pyoxigraph.NamedNode(predicate), oxigraph_term(value))
