"""Torture the commands that write, and write the table of what was tried in docs/reliability.md.

    python -m scripts.torture [--only COMMAND] [--who parent|worker] [--call NAME] [--nth N]
        [--kind KIND] [--each K] [--most M] [--seed S] [--write]

K faults of each site are tried, drawn by the seed (0: all faults, which takes days), and of these M
of a command at most; one of each site comes before a second of any. With --write the rows of the
commands that ran are written anew.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from scripts.torture import table
from scripts.torture.faults import Fault, has_strace, sample
from scripts.torture.scenes import SCENES
from scripts.torture.trial import Torture, Verdict


def main() -> int:
    """Try what was asked for; exit with 1 when a promise is broken."""
    asked = _asked()
    if not has_strace():
        sys.exit("torture: strace is not installed, or may not trace here (apt-get install strace)")
    rows: dict[str, str] = {}
    tried = broken = 0
    for name in asked.only or SCENES:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="torture-") as folder:
            torture = Torture(SCENES[name], Path(folder) / "scene")
            faults = [each for each in torture.faults() if _is_meant(each, asked)]
            verdicts = []
            for fault in sample(faults, asked.each, asked.seed, asked.most):
                verdicts.append(torture.attempt(fault))
                if verdicts[-1].broken or asked.nth:
                    _show(verdicts[-1])
        rows[name] = table.row(faults, verdicts)
        tried += len(verdicts)
        broken += sum(bool(each.broken) for each in verdicts)
        seconds = time.monotonic() - began
        print(f"{name}: {len(verdicts):,} of {len(faults):,} faults, {seconds:.0f} s")
        print(f"| `{name}` | {rows[name]} |", flush=True)
        if asked.write:
            table.write(rows)
    print(f"faults tried: {tried:,}, broken: {broken:,}")
    return int(broken > 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--only", action="append", choices=SCENES, metavar="COMMAND")
    parser.add_argument("--who", choices=("parent", "worker"))
    parser.add_argument("--call", metavar="NAME")
    parser.add_argument("--nth", type=int, metavar="N")
    parser.add_argument("--kind")
    parser.add_argument("--each", type=int, default=1, metavar="K")
    parser.add_argument("--most", type=int, metavar="M")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def _is_meant(fault: Fault, asked: argparse.Namespace) -> bool:
    return all(
        getattr(asked, part) in (None, getattr(fault, part))
        for part in ("who", "call", "nth", "kind")
    )


def _show(verdict: Verdict) -> None:
    print(f"{verdict.fault}: exit code {verdict.code}: {'; '.join(verdict.broken) or 'held'}")
    print(f"    hit: {verdict.hit[:300]}")
    print("    said: " + verdict.said[-1500:].replace("\n", "\n          "), flush=True)


if __name__ == "__main__":
    sys.exit(main())
