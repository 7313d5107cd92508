"""What sssom-py says of tables: a task and a path on stdin, a line; to each a JSON list of messages.

The task is `faults`, or `lost`: which rows `sssom parse` and sssom-pydantic do not give again.

`tests/referees.py` runs it with `.venv/sssom` on the path: sssom-py has some ninety dependencies, a
plug-in for pytest among them, and so a folder of its own.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import logging
import sys
from pathlib import Path
from typing import Any


class _Heard(logging.Handler):
    """Keeps warnings: much of what sssom-py objects to it only logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def faults(path: Path) -> list[str]:
    """Return what parser and validators object to, and what they had to fill in or drop."""
    # Imported here, as pytest looks for doctests in this file where there is no sssom-py.
    from sssom.constants import DEFAULT_VALIDATION_TYPES  # type: ignore[import-not-found]
    from sssom.parsers import parse_sssom_table  # type: ignore[import-not-found]
    from sssom.validators import validate  # type: ignore[import-not-found]

    heard = _Heard()
    logging.getLogger().handlers[:] = [heard]
    try:
        # Not `strict`: that refuses valid metadata and lets unknown ones pass (0.4.21).
        table = parse_sssom_table(path)
        differing = _differing(path, table)
        reports = validate(table, DEFAULT_VALIDATION_TYPES, fail_on_error=False)
    except Exception as error:  # noqa: BLE001 # whatever it raises is what it has to say
        return [f"{type(error).__name__}: {error}"]
    found = [result.message for report in reports.values() for result in report.results]
    return list(dict.fromkeys([*differing, *found, *heard.messages]))


def lost(path: Path) -> list[str]:
    """Return the rows that `sssom parse` or sssom-pydantic does not give again.

    Its three modes read alike (20 s each); `merged` has most to stumble over.
    """
    from sssom.io import parse_file  # type: ignore[import-not-found]
    from sssom_pydantic import read  # type: ignore[import-not-found]

    keys = ("subject_id", "predicate_id", "object_id", "mapping_justification")
    written = {tuple(row[key] for key in keys) for row in _rows(path.read_text(encoding="utf-8"))}
    parsed = io.StringIO()
    try:
        parse_file(str(path), parsed, prefix_map_mode="merged")
    except Exception as error:  # noqa: BLE001 # whatever it raises is what it has to say
        return [f"sssom parse: {type(error).__name__}: {error}"]
    rows = _rows(parsed.getvalue())
    kept = {"sssom parse": {tuple(row[key] for key in keys) for row in rows}}
    kept["sssom-pydantic"] = {
        (each.subject.curie, each.predicate.curie, each.object.curie, each.justification.curie)
        for each in read(path).mappings
    }
    return [
        f"{reader}: {len(written - found)} of {len(written)} rows lost, {min(written - found)}"
        for reader, found in kept.items()
        if written - found
    ]


def _rows(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if line[:1] != "#"]
    return list(csv.DictReader(lines, delimiter="\t"))


def _differing(path: Path, table: Any) -> list[str]:
    """Return what is read otherwise than it is written: a missing justification is made up."""
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = {line[1:].partition(":")[0] for line in lines if line.startswith("#")}
    found = [f"{key} is not stated" for key in sorted(table.metadata.keys() - keys)]
    written = {_filled(row) for row in _rows("\n".join(lines))}
    read = {_filled(row) for row in table.df.fillna("").to_dict("records")}
    found += [f"dropped or changed: {dict(row)}" for row in sorted(written - read)[:3]]
    found += [f"made up: {dict(row)}" for row in sorted(read - written)[:3]]
    return found


def _filled(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in row.items() if value != ""))


if __name__ == "__main__":
    gc.disable()  # each reading builds tries of a million nodes: most of its time were collections
    for line in sys.stdin:
        task, _, name = line.rstrip("\n").partition(" ")
        found = lost(Path(name)) if task == "lost" else faults(Path(name))
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
