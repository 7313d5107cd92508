"""Torture the commands that write, and write docs/reliability.md's table of what was tried.

    python -m scripts.torture [--only COMMAND] [--who parent|worker] [--call NAME] [--nth N]
        [--kind KIND] [--each K] [--seed S] [--write]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from scripts.torture.faults import all_faults, has_strace, sample
from scripts.torture.scenes import SCENES
from scripts.torture.trial import Torture, Verdict


def main() -> int:
    """Try what was asked for; exit with 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="torture")
    parser.add_argument("--only", action="append", choices=SCENES)
    parser.add_argument("--who", choices=("parent", "worker"))
    parser.add_argument("--call")
    parser.add_argument("--nth", type=int)
    parser.add_argument("--kind")
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--seed", type=int, default=12)
    asked = parser.parse_args()
    if not has_strace():
        sys.exit("torture: strace is not installed, or may not trace here")
    verdicts: list[Verdict] = []
    for name in asked.only or SCENES:
        scene = SCENES[name]
        with tempfile.TemporaryDirectory(prefix="torture-") as folder:
            began = time.monotonic()
            torture = Torture(scene, Path(folder) / "scene")
            for who in ("parent", "worker") if scene.workers else ("parent",):
                if asked.who not in (None, who):
                    continue
                faults = [
                    fault
                    for fault in all_faults(name, who, torture.count(who))
                    if asked.call in (None, fault.call)
                    and asked.nth in (None, fault.nth)
                    and asked.kind in (None, fault.kind)
                ]
                chosen = sample(faults, asked.each, asked.seed)
                print(f"{name}, {who}: {len(chosen)} of {len(faults):,}", flush=True)
                for fault in chosen:
                    verdict = torture.attempt(fault)
                    verdicts.append(verdict)
                    if verdict.broken or asked.nth:
                        print(f"  {fault}: {verdict.code} {'; '.join(verdict.broken) or 'held'}")
                        print(f"    hit: {verdict.hit[:300]}")
                        print("    said: " + verdict.said[-1500:].replace("\n", "\n      "), flush=True)
            print(f"  {time.monotonic() - began:.0f} s", flush=True)
    broken = sum(bool(verdict.broken) for verdict in verdicts)
    print(f"faults tried: {len(verdicts)}, hit: {sum(bool(v.hit) for v in verdicts)}, broken: {broken}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
