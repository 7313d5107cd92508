"""Forty system calls that fail, of all commands that write: the first part of `make torture`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
import requests

from scripts.torture import scenes, table
from scripts.torture.faults import REQUESTS, Fault, all_faults, counting, has_strace, sample
from scripts.torture.proxy import faulty
from scripts.torture.scenes import SCENES
from scripts.torture.sites import site_of
from scripts.torture.trial import Torture, Verdict
from tests.support.places import ROOT

_EACH = 4
_SEED = 12


def test_a_call_that_fails_breaks_no_promise(tmp_path: Path) -> None:
    if "PFOCR_RDF_TORTURE" not in os.environ:
        pytest.skip("part of `make torture`: what a call meets depends on the machine and its load")
    if not has_strace():
        pytest.skip("strace is not installed, or may not trace here")
    verdicts = []
    for number, scene in enumerate(SCENES.values()):
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


def test_a_site_is_a_call_and_what_it_is_made_on() -> None:
    lines = {
        '12 17.5 write(9</x/run/.out.staging-ff_9/pfocr-00001.ttl>, "@", 1) = 1': "write .out.staging-*/pfocr-0.ttl",
        '17.5 unlinkat(4</x/run/.out.staging-ab>, "void.ttl", 0) = 0': "unlinkat .out.staging-*/void.ttl",
        '17.5 rename("/x/run/.a.part", "/x/run/a") = 0': "rename a",
        "17.5 mmap(NULL, 8192, PROT_READ, MAP_ANONYMOUS, -1, 0) = 0x7": "mmap memory",
        '17.5 openat(AT_FDCWD</x/run>, "/y/site-packages/rich/text.py", O_RDONLY) = 3': "openat a module of a library",
        '17.5 read(3</y/src/pfocr_rdf/cli/__pycache__/main.pyc>, "", 1) = 0': "read a module of ours",
    }
    assert {line: site_of(line, Path("/x/run")) for line in lines} == lines


def test_one_of_each_site_is_tried_before_a_second_of_any() -> None:
    sites = {nth: frozenset({f"read {nth % 3 if nth > 2 else 0}"}) for nth in range(1, 30)}
    faults = list(all_faults("export", "parent", {"read": sites}))
    chosen = sample(faults, 2, 1)
    assert [len({fault.sites for fault in some}) for some in (chosen[:3], chosen[3:])] == [3, 3]
    assert len(set(chosen)) == 6
    assert chosen == sample(faults, 2, 1)
    verdicts = [Verdict(fault, "hit", fault.sites, 2, "", ()) for fault in chosen[:2]]
    assert table.row(faults, verdicts).split(" | ")[-4:] == ["2 of 3", "2", "2", "0"]


def test_the_nth_request_is_the_one_that_goes_wrong(tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "a.txt").write_text("0123456789")
    asked = {}
    with scenes.served_files(tmp_path) as url, faulty(url) as proxy:
        for kind in REQUESTS:
            proxy.fault = Fault("load", "parent", "request", len(proxy.requests) + 2, kind)
            answers: list[object] = []
            for _ in range(3):
                try:
                    answer = requests.get(f"{proxy.url}/a.txt", timeout=5)
                    answers.append((answer.status_code, answer.content.decode()))
                except requests.RequestException:
                    answers.append("none")
            assert answers[0] == answers[2] == (200, "0123456789")
            asked[kind] = answers[1]
        proxy.rest()
    assert asked == {
        "dropped": "none",
        "lost": "none",
        "late": "none",
        "cut": "none",
        "500": (500, ""),
        "502": (502, ""),
        "502 after": (502, ""),
        "429": (429, ""),
        "nothing": (200, ""),
    }


_FAULTY = """
import resource, subprocess, sys
open("made", "w").write("new")
if resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 32:
    open("tmp/left", "w").close()
    open(".out.staging-x", "w").close()
    subprocess.Popen(["sleep", "30"])
    open("made", "w").write("half")
    sys.exit("Traceback (most recent call last):")
"""


def test_what_breaks_a_promise_is_seen(tmp_path: Path) -> None:
    """Whatever a run leaves, processes too, is listed after it."""

    def prepare(folder: Path) -> None:
        for name in ("tmp", "home", "cache"):
            (folder / name).mkdir()
        (folder / "made").write_text("old")

    scene = SCENES["diff"]._replace(
        arguments=(),
        program=(sys.executable, "-c", _FAULTY),
        prepare=prepare,
        state=lambda folder, _: {"made": (folder / "made").read_text()},
    )
    torture = Torture(scene, tmp_path / "scene")
    (good, bad) = (
        torture.attempt(Fault("diff", "parent", "ulimit -n", size, "limit")) for size in (64, 32)
    )
    assert good.broken == ()
    assert [said.partition(":")[0] for said in bad.broken] == [
        "a traceback is said",
        "exit code 1",
        "more is said",
        "outlives its parent",
        "neither the old nor the new",
        "left behind",
    ]
    assert "'.out.staging-x', 'tmp/left'" in bad.broken[-1]


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
