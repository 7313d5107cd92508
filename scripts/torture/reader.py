"""A reader of `pfocr-rdf serve`: starts it, asks until all is answered, ends it, keeps the answers.

    python -m scripts.torture.reader RELEASE ANSWERS

A server has no end of its own and writes nothing; with this around it, it is a command as the others
are. Statuses that docs/serve.md has for a failing system are asked again; any other is an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import requests

_DOCUMENTED: Final = (500, 503, 504)
_ASKED: Final = (
    "sparql?format=tsv&query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "sparql?format=nt&query=DESCRIBE <http://identifiers.org/ncbigene/8600>",
    "genes/8600",
    "figures/PMC1__a.ttl",
    "search?q=TNFSF11",
)
_PATIENCE: Final = 40.0
"""Seconds in which a server has what a fault broke again: its worker, most of all."""
_END: Final = 30.0
_BROKEN: Final = 9


def main(release: str, answers: str) -> int:
    """Return the exit code of the server, or another than any of its own for a broken promise."""
    options = ("--port", "0", "--workers", "2", "--timeout", "10")
    process = subprocess.Popen(
        [sys.executable, "-m", "pfocr_rdf", "serve", release, *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().rstrip().rpartition(" ")[2]
    found = [_asked(process, url + each) for each in _ASKED] if url else []
    if process.poll() is None and "" not in found and url:
        part = Path(answers).with_suffix(".part")
        part.write_text("\n".join(found))
        part.replace(answers)
    elif process.poll() is None and url:
        _say(f"error: no right answer in {_PATIENCE:.0f} s to {_ASKED[found.index('')]}")
        process.kill()
        return _BROKEN
    return _ended(process, is_done="" not in found and bool(url))


def _ended(process: subprocess.Popen[str], *, is_done: bool) -> int:
    if is_done:
        process.terminate()
    try:
        code = process.wait(_END if is_done else _PATIENCE)
    except subprocess.TimeoutExpired:
        _say(f"error: the server runs {_END:.0f} s after it was asked to end")
        process.kill()
        return _BROKEN
    if code < 0:
        os.kill(os.getpid(), -code)
    if code == 0 and not is_done:  # a signal has ended it, in peace
        _say("interrupted")
        return 143
    return code


def _asked(process: subprocess.Popen[str], url: str) -> str:
    """Return the answer to a request, "" when there is none in time."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            answer = requests.get(url, timeout=_PATIENCE)
        except requests.RequestException:
            time.sleep(0.2)  # it is ending, or has no handle left for a connection
            continue
        if answer.ok and answer.content:
            return answer.text
        if answer.status_code not in _DOCUMENTED:
            _say(f"error: {answer.status_code}: {answer.text[:200]}")
            return ""
        time.sleep(0.2)
    return ""


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
