"""Corpora of any size, made of the pages of a sample."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.pages import FIGURES_AT, unmeasured, write
from tests.support.pathway_pages import Fields, written
from tests.support.samples import MADE, REAL, Sample
from tests.support.yaml_text import loaded


def make_corpus(sample: Sample, folder: Path, figures: int) -> None:
    """Make a corpus; of real figures as the real database has them, by a script that forks."""
    if sample == MADE:
        write(folder, dict(_files(figures)))
        return
    script = REAL.pages.parent.parent / "tools" / "make_corpus.py"
    made = subprocess.run(
        [sys.executable, script, "--figures", str(figures), "--out", folder],
        capture_output=True, text=True, check=False, timeout=600, env=unmeasured(),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


class _Table(NamedTuple):
    """The rows of all made tables of a kind, as lines."""

    kind: str
    header: str
    rows: list[str]


def _tables() -> Iterator[_Table]:
    for kind in ("genes", "chemicals", "diseases"):
        texts = [path.read_text() for path in sorted(MADE.pages.glob(f"_data/*-{kind}.tsv"))]
        header = texts[0].splitlines()[0]
        of_header = [text for text in texts if text.startswith(header)]
        yield _Table(kind, header, [row for text in of_header for row in text.splitlines()[1:]])


def _files(figures: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file of a made corpus; the same ones each time.

    Every page has ids of its own, three of them are of one paper, and its rows are a random choice
    of all rows. Keys, organisms and prose stay those of the page that it was made from.
    """
    paths = [*sorted(MADE.pages.glob("_figures/*")), *sorted(MADE.pages.glob("old/*"))]
    pages: list[Fields] = [loaded(path.read_text().split("---\n")[1]) for path in paths]
    of_pages = [row for page in pages for row in page.get("genes", ())]
    tables = list(_tables())
    for number in range(figures):
        chosen = random.Random(number)
        pmcid, figure = f"PMC{9_000_000 + number // 3}", f"F{number % 3 + 1}"
        figid = f"{pmcid}__f{number:05}"
        page = dict(chosen.choice(pages))
        changes = {
            "figid": figid, "pmcid": pmcid, "number": figure, "filename": f"f{number:05}.jpg",
            "figlink": f"/pmc/articles/{pmcid}/figure/{figure}/", "figid_alias": f"{pmcid}__{figure}",
            "redirect_from": f"/figures/{pmcid}__{figure}", "year": str(1995 + number % 30),
            "genes": chosen.sample(of_pages, chosen.randrange(1, 30)),
            "schema-jsonld": page["schema-jsonld"] | {"@id": f"{FIGURES_AT}{figid}.html"},
        }  # fmt: skip
        if page.get("doi", "").startswith("10."):
            changes["doi"] = f"10.1234/{pmcid.lower()}"
        page |= {key: value for key, value in changes.items() if key in page}
        yield f"_figures/{figid}.md", written(page)
        for kind, header, rows in () if "genes" in page else tables:
            count = chosen.randrange(30) if kind == "genes" else chosen.choice([0, 0, 1, 3, 5])
            if count:
                lines = [header, *chosen.sample(rows, count)]
                yield f"_data/{figid}-{kind}.tsv", "".join(f"{line}\n" for line in lines)
