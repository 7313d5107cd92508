"""The W3C SHACL test suite: its cases, and what each engine makes of them.

Run as a script it rewrites the conformance table in docs/shacl.md:
`python -m tests.support.shacl_conformance`. `python -m tests.support.shacl_conformance --check` only says
whether the table is current.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

import rdflib
from rdflib.compare import isomorphic

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.terms import IRI, BlankNode, Literal, Subject, Term, Triple
from pfocr_rdf.shacl import Index, Result, compile_shapes, index_triples, report_triples
from pfocr_rdf.shacl.graph import NOTHING
from pfocr_rdf.shacl.names import SH
from pfocr_rdf.shacl.rdflib_terms import to_rdflib_graph
from pfocr_rdf.shacl.reference import validate_with_pyshacl
from tests.support.places import ROOT

SUITE = (ROOT / "tests/js/node_modules/shacl-engine/test/assets/data-shapes").resolve()
"""W3C's test suite as the npm package shacl-engine carries it, with all its cases."""
DOCUMENT = ROOT / "docs" / "shacl.md"
BEGIN, END = "<!-- conformance: begin -->", "<!-- conformance: end -->"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

Engine = Callable[[list[Triple], list[Triple]], list[Result]]


@dataclass(frozen=True)
class Case:
    """One test of the suite: validate `data` against `shapes`, expect `report`."""

    name: str
    data: Path
    shapes: Path
    expected: Path
    report: Subject

    def expected_triples(self) -> list[Triple]:
        """The expected report, without what its values and shapes are made of."""
        index = index_triples(read_triples(self.expected))
        return list(_report(index, self.report))


def fast(data: list[Triple], shapes: list[Triple]) -> list[Result]:
    """The engine under test; no axioms, as the specification has it."""
    return compile_shapes(shapes).validate(index_triples(data))


def pyshacl(data: list[Triple], shapes: list[Triple]) -> list[Result]:
    return validate_with_pyshacl(data, shapes)


ENGINES: dict[str, Engine] = {"fast": fast, "pyshacl": pyshacl}


def collect(part: str) -> list[Case]:
    """Return the cases below `core` or `sparql`.

    They are looked for in all files, as the package leaves out of its manifests what the engine
    that it belongs to does not do.
    """
    return sorted(
        (case for path in (SUITE / part).rglob("*.ttl") for case in _cases(path)),
        key=lambda case: case.name,
    )


def _cases(path: Path) -> Iterator[Case]:
    index = index_triples(read_triples(path))
    for subject, properties in index.items():
        if IRI(SHT + "Validate") in properties.get(_rdf("type"), ()):
            (action,) = properties[IRI(MF + "action")]
            (report,) = properties[IRI(MF + "result")]
            assert not isinstance(action, Literal)
            # A blank node, or sht:Failure: the processor is to refuse.
            assert not isinstance(report, Literal), f"{subject} expects no report"
            (data,) = index[action][IRI(SHT + "dataGraph")]
            (shapes,) = index[action][IRI(SHT + "shapesGraph")]
            name = path.relative_to(SUITE).with_suffix("").as_posix()
            yield Case(name, _path(data), _path(shapes), path, report)


def _path(term: Term) -> Path:
    assert isinstance(term, str)
    return Path(unquote(urlparse(term).path))


def _rdf(name: str) -> IRI:
    return IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#" + name)


def _report(index: Index, report: Subject) -> Iterator[Triple]:
    yield report, _rdf("type"), SH.ValidationReport
    for value in index[report].get(SH.conforms, ()):
        yield report, SH.conforms, value
    for result in index[report].get(SH.result, ()):
        assert not isinstance(result, Literal)
        yield report, SH.result, result
        for predicate, values in index[result].items():
            for value in values:
                yield result, predicate, value
                if predicate == SH.resultPath:
                    yield from _below(index, value)


def _below(index: Index, node: Term) -> Iterator[Triple]:
    if isinstance(node, BlankNode):
        for predicate, values in index.get(node, NOTHING).items():
            for value in values:
                yield node, predicate, value
                yield from _below(index, value)


def actual_triples(results: list[Result], *, with_messages: bool) -> Iterator[Triple]:
    """A report of ours, less the messages and details that a test does not state."""
    dropped = {SH.detail} if with_messages else {SH.detail, SH.resultMessage}
    plain = [
        Result(r.focus, r.path, r.value, r.shape, r.component, r.severity, r.messages)
        for r in results
    ]
    return (triple for triple in report_triples(plain) if triple[1] not in dropped)


def same_report(expected: Iterable[Triple], results: list[Result]) -> bool:
    """Return whether results are the expected report, up to the names of blank nodes."""
    wanted = list(expected)
    with_messages = any(predicate == SH.resultMessage for _, predicate, _ in wanted)
    actual = actual_triples(results, with_messages=with_messages)
    return isomorphic(_graph(wanted), _graph(actual))


def _graph(triples: Iterable[Triple]) -> rdflib.Graph:
    return to_rdflib_graph(triples)


def passes(case: Case, engine: Engine) -> bool:
    try:
        results = engine(list(read_triples(case.data)), list(read_triples(case.shapes)))
    except ShapesError:
        return False
    return same_report(case.expected_triples(), results)


def table() -> str:
    """The conformance table: cases passed per folder, then what fails by name."""
    groups: dict[str, list[Case]] = {}
    for case in collect("core"):
        groups.setdefault(case.name.rpartition("/")[0], []).append(case)
    failed: dict[str, list[str]] = {name: [] for name in ENGINES}
    lines = ["| folder | cases | fast | pyshacl |", "|---|---:|---:|---:|"]
    totals = dict.fromkeys(ENGINES, 0)
    for folder, cases in groups.items():
        passed = dict.fromkeys(ENGINES, 0)
        for case in cases:
            for name, engine in ENGINES.items():
                if passes(case, engine):
                    passed[name] += 1
                else:
                    failed[name].append(case.name)
        for name, number in passed.items():
            totals[name] += number
        counts = " | ".join(str(number) for number in passed.values())
        lines.append(f"| {folder} | {len(cases)} | {counts} |")
    total = sum(map(len, groups.values()))
    lines.append(f"| all | {total} | {' | '.join(map(str, totals.values()))} |")
    for name, cases_failed in failed.items():
        listed = ", ".join(f"`{case}`" for case in cases_failed) or "none"
        lines += ["", f"Not as the suite expects, {name}: {listed}."]
    return "\n".join(lines)


def documented() -> str:
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.split(BEGIN)[1].split(END)[0].strip()


def main() -> int:
    made = table()
    if "--check" in sys.argv[1:]:
        return 0 if made == documented() else 1
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{before}{BEGIN}\n{made}\n{END}{after}"
    DOCUMENT.write_text(text, encoding="utf-8")
    sys.stdout.write(made + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
