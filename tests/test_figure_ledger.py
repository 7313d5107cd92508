"""The ledger of a release: what is noted comes back, after a kill as well, or it is none."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.entities import EntityFacts, Statement, StoredNode
from pfocr_rdf.figure_ledger import FigureLedger, LedgerRow
from pfocr_rdf.terms import IRI

_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
_BYTES = st.binary(max_size=20)
_ROWS = st.lists(
    st.builds(
        LedgerRow, _TEXT, _TEXT, st.integers(0, 2**40), _TEXT, _BYTES, _BYTES, _BYTES, _BYTES
    ),
    unique_by=lambda row: row.name,
    max_size=8,
)


def row(name: str, **changes: Any) -> LedgerRow:
    return LedgerRow(name, "d", 1, f"PMC1__{name}", b"p", b"t", b"f", b"e")._replace(**changes)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[FigureLedger]:
    made = FigureLedger.create(tmp_path / "l.sqlite", b"key")
    yield made
    made.close()


def reopened(path: Path) -> FigureLedger:
    found = FigureLedger.open(path)
    assert found is not None
    return found


@given(_ROWS)
def test_rows_come_back(rows: list[LedgerRow]) -> None:
    ledger = FigureLedger.create(Path(":memory:"), b"key")
    try:
        ledger.add(rows, ())
        names = [one.name for one in rows]
        assert ledger.rows([*names, "no such page of any kind"]) == {r.name: r for r in rows}
        assert sorted(ledger.names()) == sorted((r.name, r.figid) for r in rows)
        assert ledger.rows([]) == {}
    finally:
        ledger.close()


def test_it_remembers_key_values_and_files(ledger: FigureLedger) -> None:
    assert ledger.key() == b"key"
    assert ledger.meta("none") == b""
    ledger.set_meta("a", b"1")
    ledger.set_meta("a", b"2\0")
    assert ledger.meta("a") == b"2\0"
    ledger.add_file(2, "b")
    ledger.add_file(1, "a")
    assert ledger.files() == {1: "a", 2: "b"}


def test_a_sealed_ledger_is_one_file_and_is_read_again(ledger: FigureLedger) -> None:
    ledger.add([row("a")], [StoredNode(1, "x:s", b"[]")])
    ledger.seal()
    assert [path.name for path in ledger.path.parent.iterdir()] == [ledger.path.name]
    again = reopened(ledger.path)
    assert again.rows(["a"]) == {"a": row("a")}
    assert again.key() == b"key"
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        again.set_meta("a", b"1")
    again.close()


def test_what_was_committed_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    pid = os.fork()
    if pid == 0:
        ledger = FigureLedger.create(path, b"key")
        ledger.add([row("a")], ())
        ledger.commit()
        ledger.add([row("b")], ())
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    again = reopened(path)
    assert list(again.names()) == [("a", "PMC1__a")]
    assert again.key() == b"key"
    again.close()


def test_of_two_names_that_read_the_same_one_is_kept(ledger: FigureLedger) -> None:
    ledger.add([row("\N{REPLACEMENT CHARACTER}"), row("\N{REPLACEMENT CHARACTER}")], ())
    assert len(list(ledger.names())) == 1


def test_nodes_of_another_ledger_are_taken_over(ledger: FigureLedger, tmp_path: Path) -> None:
    other = FigureLedger.create(tmp_path / "other.sqlite", b"x")
    other.add((), [StoredNode(1, "x:a", b"1"), StoredNode(2, "x:a", b"2")])
    ledger.add((), [StoredNode(2, "x:a", b"2"), StoredNode(3, "x:b", b"3")])
    ledger.take_nodes(other)
    other.close()
    assert list(ledger.entities(Counter({1: 4, 2: 1, 3: 0}))) == [
        EntityFacts(IRI("x:a"), (Statement(b"1", 4), Statement(b"2", 1)))
    ]
    assert ledger.said_of("x:b") == b"3"
    assert ledger.said_of("x:none") is None


def test_nodes_that_no_page_states_any_more_are_dropped(ledger: FigureLedger) -> None:
    ledger.add((), [StoredNode(number, f"x:{number % 2}", b"%d" % number) for number in range(6)])
    ledger.drop_unstated(Counter({0: 1, 1: 0, 2: 3, 3: -1}))
    every = Counter(dict.fromkeys(range(6), 1))
    assert list(ledger.entities(every)) == [
        EntityFacts(IRI("x:0"), (Statement(b"0", 1), Statement(b"2", 1)))
    ]
    assert ledger.said_of("x:1") is None


def test_names_may_be_left_before_the_end(ledger: FigureLedger) -> None:
    ledger.add([row("a"), row("b")], ())
    names = ledger.names()
    assert next(names)[0] in "ab"
    ledger.close()
    del names


def test_no_file_is_no_ledger(tmp_path: Path) -> None:
    assert FigureLedger.open(tmp_path / "none") is None
    assert FigureLedger.open(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def big(path: Path) -> Path:
    ledger = FigureLedger.create(path, b"key")
    ledger.add([row(f"{number:05}", findings=os.urandom(300)) for number in range(2000)], ())
    ledger.seal()
    ledger.close()
    return path


@pytest.mark.parametrize("part", [0.02, 0.1, 0.3, 0.6, 0.95, 0.999])
def test_a_ledger_that_is_cut_is_none(tmp_path: Path, part: float) -> None:
    path = big(tmp_path / "l.sqlite")
    os.truncate(path, int(path.stat().st_size * part))
    assert FigureLedger.open(path) is None


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7])
def test_a_ledger_with_a_hole_is_none(tmp_path: Path, part: float) -> None:
    path = big(tmp_path / "l.sqlite")
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * part) // 4096 * 4096)
        file.write(bytes(8192))
    assert FigureLedger.open(path) is None


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE figures DROP COLUMN tally",
        "ALTER TABLE nodes RENAME COLUMN said TO says",
        "DROP TABLE meta",
        "DROP TABLE files",
    ],
)
def test_a_ledger_of_another_version_is_none(ledger: FigureLedger, change: str) -> None:
    ledger.seal()
    ledger.close()
    db = sqlite3.connect(ledger.path)
    db.execute(change)
    db.commit()
    db.close()
    assert FigureLedger.open(ledger.path) is None


def test_a_ledger_with_a_column_more_is_read(ledger: FigureLedger) -> None:
    ledger.add([row("a")], ())
    ledger.seal()
    ledger.close()
    db = sqlite3.connect(ledger.path)
    db.execute("ALTER TABLE figures ADD COLUMN colour TEXT")
    db.commit()
    db.close()
    again = reopened(ledger.path)
    assert again.rows(["a"]) == {"a": row("a")}
    again.close()
