"""A full release in the embedded store, and every shipped question asked of it.

    python benchmarks/questions.py

The store is built as a user's first query builds it, in a process of its own. Questions are
asked in this process, once to warm the store and then three times; those about a gene also with
the gene that stands in most figures. Beside the corpus maker and a full HGNC table, as
`benchmarks/export.py` needs them, it takes `--release OUT` for an export that is there already.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pyoxigraph
from goals import RELEASE
from measured import Run, measure
from page import replace, table
from places import CACHE, ROOT, Places, machine, say, warm

from pfocr_rdf.query import run_query
from pfocr_rdf.query.index import Index
from pfocr_rdf.query.questions import Question, bind, load_questions
from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.query.store.location import possible_places
from pfocr_rdf.release import Release, open_release

_SHARED = ROOT.parent / "shared"
_TIMES = 3
_BUILD_SECONDS = 8 * 60
_ANSWER_SECONDS = 2.0


class Asked(NamedTuple):
    """A question with its rows (or triples) and median seconds; `hub` is for the hub gene."""

    question: Question
    rows: int
    seconds: float
    hub: float | None


def main() -> None:
    """Measure, and write the tables."""
    options = _options()
    about = machine()
    release = open_release(options.release or _exported(options))
    built = _build(release)
    asked = list(_ask(release))
    _write(options.out, release, built, asked, about)


def _build(release: Release) -> Run:
    for place in possible_places(release):
        shutil.rmtree(place.folder, ignore_errors=True)
    warm(release.folder)
    say(f"a store of {release.triples:,} triples")
    return measure([sys.executable, "-m", "pfocr_rdf", "query", release.folder, "ASK {}"])


def _ask(release: Release) -> Iterator[Asked]:
    place = ensure_store(release)
    store = open_triples(place)
    hub = Index(place.index_file).numbers.top_genes[0].ref.label
    say(f"questions; the gene of most figures is {hub}")
    for question in load_questions().values():
        if question.federated:
            continue
        rows, seconds = _time(store, question.text)
        hub_seconds = None
        if any(parameter.name == "gene" for parameter in question.parameters):
            _, hub_seconds = _time(store, bind(question, {"gene": [hub]}))
        yield Asked(question, rows, seconds, hub_seconds)


def _time(store: pyoxigraph.Store, query: str) -> tuple[int, float]:
    """Return rows and median seconds, once warm; what takes very long is asked only once."""
    spent, rows = [], 0
    for _ in range(_TIMES + 1):
        begin = time.perf_counter()
        result = run_query(store, query).result
        rows = 1 if isinstance(result, pyoxigraph.QueryBoolean) else sum(1 for _ in result)
        spent.append(time.perf_counter() - begin)
        if spent[0] > 10 * _ANSWER_SECONDS:
            return rows, spent[0]
    return rows, median(spent[1:])


def _write(page: Path, release: Release, built: Run, asked: list[Asked], about: str) -> None:
    said = f"{release.triples:,} triples. {about}."
    met = "yes" if built.seconds < _BUILD_SECONDS else "**no**"
    speed = f"{release.triples / built.seconds:,.0f}"
    size = sum(f.stat().st_size for f in ensure_store(release).folder.rglob("*") if f.is_file())
    replace(
        page,
        "store",
        table(
            ("triples", "seconds", "triples/s", "peak PSS, MiB", "store, MiB", "under 8 minutes"),
            [
                (
                    f"{release.triples:,}",
                    f"{built.seconds:.0f}",
                    speed,
                    f"{built.pss:.0f}",
                    f"{size / 2**20:,.0f}",
                    met,
                )
            ],
        ),
        f"As the first query builds it, words of the search included. {about}.",
    )
    asked.sort(key=lambda each: max(each.seconds, each.hub or 0), reverse=True)
    slow = sum(max(each.seconds, each.hub or 0) > _ANSWER_SECONDS for each in asked)
    rows = [
        (
            f"`{each.question.name}`",
            f"{each.rows:,}",
            f"{1000 * each.seconds:,.0f}",
            "" if each.hub is None else f"{1000 * each.hub:,.0f}",
        )
        for each in asked
    ]
    under = (
        f"{len(asked) - slow} of {len(asked)} under {_ANSWER_SECONDS:.0f} s. Medians, warm; {said}"
    )
    replace(page, "answers", table(("question", "rows", "ms", "ms, hub gene"), rows), under)
    say(f"done: {page}")


def _exported(options: argparse.Namespace) -> Path:
    places = Places(options.make_corpus.resolve(), options.hgnc.resolve())
    places.check()
    corpus, out = places.corpus(options.figures), CACHE / f"asked-{options.figures}"
    say(f"export of {options.figures:,} figures")
    command = [sys.executable, "-m", "pfocr_rdf", "export", corpus, "-o", out]
    more = ["--hgnc", places.hgnc, "--format", "ntriples", "--no-validate", "--quiet"]
    subprocess.run([str(part) for part in (*command, *more)], check=True)
    return out


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--figures", type=int, default=RELEASE, help=f"default: {RELEASE}")
    parser.add_argument("--release", type=Path, help="an export that is there already")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "query.md")
    parser.add_argument(
        "--make-corpus", type=Path, default=_SHARED / "tools" / "make_corpus.py",
        help="the script that makes corpora",
    )  # fmt: skip
    parser.add_argument(
        "--hgnc", type=Path, default=_SHARED / "data" / "hgnc_complete_set_2024-11.txt.gz",
        help="a full HGNC table",
    )  # fmt: skip
    return parser.parse_args()


if __name__ == "__main__":
    main()
