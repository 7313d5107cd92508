"""`pfocr-rdf validate` beside the SHACL engines in Rust that PyPI has, on one file of Turtle.

Each is a process of its own, timed from its start to its end: reading the file is part of the
work. They get the shapes of a dump in one file. The data is a release of ours with faults put
in, and what each finds is compared with what ours finds, by focus node, component and value:
what it misses, and what it adds.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from end_to_end import run_export
from measured import Run, measure
from page import ratio, table
from places import CACHE, ROOT, Places, cores, say

from pfocr_rdf.rdf import IRI, XSD_STRING, Literal, ntriples_term
from pfocr_rdf.shipped import dump_shapes

_PINS = ROOT / "benchmarks" / "peers" / "rust-engines.txt"
_SCRIPT = ROOT / "benchmarks" / "peers" / "rust_engine.py"
_LIMIT = 900.0
_ENGINES = 3
_FAULTS = (
    (re.compile(r"^    schema:license .*\n", re.MULTILINE), "", 50),
    (re.compile(r"pfocr:occurrences \d+"), "pfocr:occurrences 0", 2_000),
    (re.compile(r'"\d{4}"\^\^xsd:gYear'), '"20x1"^^xsd:gYear', 50),
)
"""What is replaced by what, and every how manyth of it."""

Row = tuple[str, str, str | None]
Found = Counter[Row]


class Judged(NamedTuple):
    """An engine's run; `missed` and `added` are results, against ours."""

    engine: str
    run: Run
    processor: float
    found: Found
    missed: Found
    added: Found


def run_rust_engines(places: Places, figures: int) -> list[Judged]:
    """Time ours and the others on the Turtle of so many figures."""
    folder = CACHE / "rust-engines-data"
    folder.mkdir(parents=True, exist_ok=True)
    python = _python()
    run_export(places, figures, validate=False, times=1, formats="turtle")
    data, shapes = folder / "data.ttl", folder / "shapes.ttl"
    data.write_text(_spoilt((CACHE / "release" / "pfocr.ttl").read_text("utf-8")), "utf-8")
    # No file of ours has a blank node with a label, so that they can be written one after another.
    shapes.write_bytes(b"".join(path.read_bytes() for path in dump_shapes()))
    out = folder / "found"
    command = Path(sys.executable).with_name("pfocr-rdf")
    ours = f'{command} validate {data} --shapes {shapes} --format json > {out} || test "$?" = 1'
    first = _judge(f"pfocr-rdf validate, {cores()} processes", ["sh", "-c", ours], out, None)
    judged = [first]
    for pin in _PINS.read_text(encoding="utf-8").split()[:_ENGINES]:
        name, _, version = pin.partition("==")
        out.unlink()
        other: list[str | Path] = [python, _SCRIPT, name, data, shapes, out]
        judged.append(_judge(f"{name} {version}", other, out, first.found))
    return judged


def _judge(engine: str, command: Sequence[str | Path], out: Path, expected: Found | None) -> Judged:
    say(f"SHACL engine: {engine}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = measure(command, limit=_LIMIT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = Counter(_found(out)) if run.finished else Found()
    due = found if expected is None or not run.finished else expected
    return Judged(engine, run, processor, found, due - found, found - due)


def _found(out: Path) -> Iterator[Row]:
    text = out.read_text(encoding="utf-8")
    if text.startswith("{"):
        for each in json.loads(text)["results"]:
            value = each["value"] and _term(each["value"])
            yield _term(each["focusNode"]), f"<{each['component']}>", value
    else:
        for line in text.splitlines():
            focus, component, value = json.loads(line)
            yield focus, component, value


def _term(written: dict[str, str]) -> str:
    if written["type"] == "uri":
        return f"<{written['value']}>"
    if written["type"] == "bnode":
        return f"_:{written['value']}"
    datatype = IRI(written.get("datatype", XSD_STRING))
    return ntriples_term(Literal(written["value"], datatype, written.get("xml:lang", "")))


def _spoilt(turtle: str) -> str:
    for pattern, replacement, each in _FAULTS:
        places = count()

        def put(found: re.Match[str]) -> str:
            return found[0] if next(places) % each else replacement  # noqa: B023 - called at once

        turtle = pattern.sub(put, turtle)
    return turtle


def _python() -> Path:
    """Return the interpreter of a virtualenv with the engines, made when it is not there."""
    folder = CACHE / "rust-engines"
    python, done = folder / "bin" / "python", folder / "installed.txt"
    if not done.is_file() or done.read_bytes() != _PINS.read_bytes():
        say("installing the SHACL engines in Rust into a virtualenv of their own")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-deps", "-r", _PINS],
            check=True,
            env=os.environ | {"PIP_CACHE_DIR": str(ROOT / ".cache" / "pip")},
        )
        done.write_bytes(_PINS.read_bytes())
    return python


def rust_table(judged: list[Judged]) -> str:
    """Return all engines, ours first, with what the others get wrong."""
    ours = judged[0].run.seconds

    def shown(each: Judged, text: str) -> str:
        return text if each.run.finished else "-"

    return table(
        ("engine", "seconds", "against ours", "processor seconds", "peak RSS, MiB", "results",
         "missed", "false"),
        [
            (
                each.engine,
                f"{'' if each.run.finished else 'over '}{each.run.seconds:.1f}",
                ratio(each.run.seconds / ours),
                f"{each.processor:.1f}",
                f"{each.run.rss:,.0f}",
                shown(each, f"{each.found.total():,}"),
                shown(each, f"{each.missed.total():,}"),
                shown(each, f"{each.added.total():,}"),
            )
            for each in judged
        ],
    )  # fmt: skip
