"""The command as its users meet it: what it prints, where, and how it exits."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from pfocr_rdf.cli.commands import genes
from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.main import main
from pfocr_rdf.errors import IntegrityError
from pfocr_rdf.version import __version__
from tests.cli.conftest import Run
from tests.support.command import Ran, flat

SEED = "001_4c02219641b50d7b.txt"


def process(*arguments: object, command: tuple[str, ...] = ("-m", "pfocr_rdf")) -> Ran:
    """Run the command as a process of its own."""
    done = subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


# --- help and wrong usage --------------------------------------------------------------------


@pytest.mark.whole
def test_the_module_is_the_command() -> None:
    assert process("--version") == Ran(0, f"pfocr-rdf {__version__}\n", "")


@pytest.mark.whole
def test_the_installed_command_is_the_same() -> None:
    command = Path(sys.executable).with_name("pfocr-rdf")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"pfocr-rdf {__version__}\n"


def test_help_names_every_verb(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for verb in ("export", "validate", "show", "genes"):
        assert re.search(rf"^│ {verb} ", ran.out, re.MULTILINE)
    assert ran.err == ""
    genes = run("genes", "--help").out
    assert all(re.search(rf"^│ {verb} ", genes, re.MULTILINE) for verb in ("update", "status"))


@pytest.mark.parametrize("arguments", [(), ("genes",)])
def test_without_a_verb_help_is_shown_and_the_exit_code_is_2(
    run: Run, arguments: tuple[str, ...]
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Commands" in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exprot",), "No such command 'exprot'"),
        (("export", "seeds"), "Missing option '-o' / '--out'"),
        (("export", "-o", "out"), "Missing argument 'INPUT...'"),
        (("export", "seeds", "-o", "out", "--fromat", "turtle"), "No such option: --fromat"),
        (("export", "seeds", "-o", "out", "--iri-style", "bio2rdf"), "'uniprot'"),
        (("export", "seeds", "-o", "out", "--compress", "bzip2"), "'gzip', 'zstd'"),
        (("export", "seeds", "-o", "out", "--jobs", "many"), "--jobs"),
        (("validate", "x.ttl", "--engine", "jena"), "'pyshacl'"),
        (("validate", "x.ttl", "--format", "xml"), "'turtle'"),
        (("validate",), "Missing argument 'FILE...'"),
        (("show", "x.md", "--format", "csv"), "'jsonld'"),
        (("show",), "Missing argument"),
        (("genes", "lookup"), "Missing argument 'SYMBOL'"),
        (("genes", "lokup"), "No such command 'lokup'"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in flat(ran.err)
    assert "--help" in ran.err
    assert "Traceback" not in ran.err


# --- faults of ours --------------------------------------------------------------------------


def test_books_that_do_not_balance_exit_with_3(
    run: Run, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There is no input that makes them so: that is the point of the check.
    monkeypatch.setattr("pfocr_rdf.findings.Ledger.imbalances", lambda _: ["gene row: 3, 2"])
    out = tmp_path / "out"
    ran = run("export", seeds / SEED, "-o", out)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "error: the ledger does not balance: gene row: 3, 2\n"
    assert not out.exists()


def test_any_other_fault_exits_with_3_and_asks_for_a_report(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise AssertionError("a fault of ours")

    monkeypatch.setattr(genes, "table_status", lambda: fails(None))
    ran = run("genes", "status")
    assert (ran.code, ran.out) == (3, "")
    assert "AssertionError: a fault of ours" in ran.err
    assert ran.err.splitlines()[-1].startswith("error: this is a fault of pfocr-rdf")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (OSError(5, "Input/output error", "a.py"), "a.py: Input/output error (mend that, and run it again)"),
        (MemoryError(), "out of memory (give it more, or fewer --jobs)"),
        (ImportError("lib.so: failed to map"), "cannot be loaded: lib.so: failed to map (try again;"),
        (RuntimeError("can't start new thread"), "the system starts no more threads (end other"),
    ],
)  # fmt: skip
def test_what_the_system_refuses_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(sys.modules[main.__module__], "app", refuse)
    ran = run("genes", "status")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_the_line_is_said_even_where_nothing_more_can_be_loaded(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files", "x")

    monkeypatch.setattr(sys.modules[main.__module__], "app", refuse)
    monkeypatch.setattr("pfocr_rdf.cli.output.say", refuse)
    ran = run("genes", "status")
    assert ran.code == 2
    assert ran.err == "error: x: Too many open files (mend that, and run it again)\n"


def test_interrupted_before_anything_was_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[main.__module__], "app", interrupt)
    ran = run("genes", "status")
    assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")


def test_interrupted_outside_of_what_a_verb_tells(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typer makes an exit of it, and says nothing."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(genes, "table_status", interrupt)
    ran = run("genes", "status")
    assert (ran.code, ran.out, ran.err) == (130, "", "interrupted\n")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_sigterm_ends_a_command_as_ctrl_c_does(
    capsys: pytest.CaptureFixture[str], sent: signal.Signals, code: int
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(typer.Exit) as ended, interruptible("all is as it was"):
        signal.raise_signal(sent)
    assert ended.value.exit_code == code
    assert capsys.readouterr().err == "interrupted; all is as it was\n"
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_verbose_shows_where_a_fault_was_seen(run: Run, tmp_path: Path, option: str) -> None:
    arguments = ("export", tmp_path / "gone", "-o", tmp_path / "out")
    assert "Traceback" not in run(*arguments).err
    ran = run(*arguments, option)
    assert ran.code == 2
    assert "Traceback (most recent call last)" in ran.err
    assert ran.err.splitlines()[-1].startswith("error: ")


@pytest.mark.whole
def test_a_reader_that_leaves_is_no_fault(seeds: Path) -> None:
    page = seeds / "004_be595aa5e10b067e.txt"
    pipe = f"'{sys.executable}' -m pfocr_rdf show '{page}' --format turtle | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", pipe], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("@prefix")
    assert "Error" not in done.stderr


@pytest.mark.whole
@pytest.mark.parametrize("buffered", [True, False])
def test_every_verb_is_done_when_its_reader_has_gone(seeds: Path, *, buffered: bool) -> None:
    verbs: tuple[tuple[object, ...], ...] = (
        ("--help",),
        ("export", "-h"),
        ("queries",),
        ("queries", "figures-of-gene", "--format", "text"),
        ("show", seeds / SEED),
        ("genes", "lookup", "RANKL"),
    )
    environment = os.environ | ({} if buffered else {"PYTHONUNBUFFERED": "1"})
    running = []
    for arguments in verbs:
        reader, writer = os.pipe()
        os.close(reader)
        program = [sys.executable, "-m", "pfocr_rdf", *map(str, arguments)]
        running.append(
            subprocess.Popen(
                program, stdout=writer, stderr=subprocess.PIPE, text=True, env=environment
            )
        )
        os.close(writer)
    for process_, arguments in zip(running, verbs, strict=True):
        _, err = process_.communicate()
        assert process_.returncode == 0, (arguments, err)
        assert "Error" not in err


@pytest.mark.parametrize("arguments", [(), ("export",), ("genes",), ("genes", "lookup")])
def test_h_is_help(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, "-h") == run(*arguments, "--help")


def test_errors_know_their_exit_codes() -> None:
    assert IntegrityError("x").exit_code == 3
