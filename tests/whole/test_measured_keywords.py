"""The table of docs/genes.md of what the rule for previous symbols asserts on PFOCR's rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.places import ROOT
from tests.support.samples import REAL


def test_genes_md_has_what_the_rule_does_on_the_rows_of_2021(
    shared: Path, *, update_golden: bool
) -> None:
    rows = shared / "data" / "pfocr_2021_genes.jsonl.gz"
    script = [sys.executable, str(ROOT / "scripts" / "measure-keywords"), str(rows), str(REAL.hgnc)]
    if update_golden:
        subprocess.run(script, check=True)
    done = subprocess.run([*script, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
