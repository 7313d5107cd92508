"""Forty system calls that fail, of all commands that write: the first part of `make torture`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from scripts.torture import table
from scripts.torture.faults import Fault, counting, has_strace, sample
from scripts.torture.scenes import SCENES
from scripts.torture.trial import Torture
from tests.support.places import ROOT

_EACH = 4
_SEED = 12


def test_a_call_that_fails_breaks_no_promise(tmp_path: Path) -> None:
    if "PFOCR_RDF_TORTURE" not in os.environ:
        pytest.skip("part of `make torture`: what a call meets depends on the machine and its load")
    if not has_strace():
        pytest.skip("strace is not installed, or may not trace here")
    verdicts = []
    for number, (name, scene) in enumerate(SCENES.items()):
        torture = Torture(scene, tmp_path / f"scene-{number}")
        some = sample(torture.faults(), 1, _SEED, _EACH)
        verdicts += [torture.attempt(fault) for fault in some]
    assert [(str(each.fault), each.broken, each.said) for each in verdicts if each.broken] == []


def test_a_fault_is_what_strace_takes(tmp_path: Path) -> None:
    said = [
        Fault("export", "parent", call, 7, kind).injection()
        for call, kind in (("write", "ENOSPC"), ("write", "short"), ("rename", "SIGKILL"))
    ]
    assert said == [
        "inject=write:error=ENOSPC:when=7",
        "inject=write:retval=0:when=7",
        "inject=rename:signal=SIGKILL:when=7",
    ]
    assert "-ff" in counting(tmp_path / "log")


def test_the_page_says_what_was_tried_and_that_nothing_is_broken() -> None:
    page = table.PAGE.read_text()
    rows = table.rows_of(page)
    assert rows.keys() == SCENES.keys()
    assert table.drawn(rows) in page
    assert {cells.split(" | ")[-1] for cells in rows.values()} == {"0"}


def test_each_promise_names_a_test_that_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", table.PAGE.read_text())
    assert len(named) > 10
    for path, test in named:
        assert f"def {test}(" in (ROOT / path).read_text(), f"{path}::{test}"
