"""What sssom-py says of tables: paths on stdin, one a line; to each a JSON list of messages.

`tests/referees.py` runs it with `.venv/sssom` on the path: sssom-py has some ninety dependencies, a
plug-in for pytest among them, and so a folder of its own.
"""

from __future__ import annotations

import csv
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


def _differing(path: Path, table: Any) -> list[str]:
    """Return what is read otherwise than it is written: a missing justification is made up."""
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = {line[1:].partition(":")[0] for line in lines if line.startswith("#")}
    found = [f"{key} is not stated" for key in sorted(table.metadata.keys() - keys)]
    rows = csv.DictReader((line for line in lines if line[:1] != "#"), delimiter="\t")
    written = {_filled(row) for row in rows}
    read = {_filled(row) for row in table.df.fillna("").to_dict("records")}
    found += [f"dropped or changed: {dict(row)}" for row in sorted(written - read)[:3]]
    found += [f"made up: {dict(row)}" for row in sorted(read - written)[:3]]
    return found


def _filled(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in row.items() if value != ""))


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(faults(Path(line.rstrip("\n")))) + "\n")
        sys.stdout.flush()
