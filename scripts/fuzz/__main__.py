"""Try hostile inputs, and write the table of what was tried in docs/reliability.md.

    python -m scripts.fuzz [--inputs 10000] [--seed 12] [--only KIND] [--all] [--write]

With --all a run goes on after what is broken, and shows each way once; else it ends at the first,
with the smallest input that Hypothesis finds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from scripts.fuzz import table
from scripts.fuzz.kinds import KINDS, Place
from scripts.fuzz.requests import closing_servers
from scripts.fuzz.run import plain_environment
from scripts.fuzz.trial import Tried, share, try_kind


def main() -> int:
    """Try what was asked for; exit with 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--only", action="append", choices=KINDS, metavar="KIND")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    found: dict[str, Tried] = {}
    # Its parents take what leaves its folder, where it is looked for.
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-", dir=_memory()) as folder,
        plain_environment(f"{folder}/cache"),
        closing_servers(),
    ):
        place = Place(Path(folder) / "a" / "b")
        for name in asked.only or KINDS:
            began = time.monotonic()
            inputs = share(KINDS[name], asked.inputs)
            tried = try_kind(KINDS[name], inputs, asked.seed, place, go_on=asked.all)
            found[name] = tried
            seconds = time.monotonic() - began
            said = f"{name}: {tried.inputs:,} inputs, {tried.times_broken:,} broken"
            print(f"{said}, {seconds:.0f} s, the slowest {tried.slowest:.1f} s", flush=True)
            if asked.write:
                table.write(found)
    broken = sum(tried.times_broken for tried in found.values())
    print(f"inputs: {sum(tried.inputs for tried in found.values()):,}, broken: {broken:,}")
    return int(broken > 0)


def _memory() -> str | None:
    memory = Path("/dev/shm")  # noqa: S108 - where it is there
    return str(memory) if memory.is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
