"""The ledger of a release: what is noted comes back, after a kill as well, or it is none."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.exporting.entities import EntityVariants, StoredNode, Variant, id_of
from pfocr_rdf.exporting.page_cache import FigureLedger, LedgerRow
from pfocr_rdf.rdf.terms import IRI

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
    return LedgerRow(name, "d", 1, f"PMC1__{name}", b"p", b"t", b"f", b"e", b"o")._replace(
        **changes
    )


def stored(subject: str, said: bytes) -> StoredNode:
    return StoredNode(id_of(subject.encode(), said), subject, said)


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
        assert sorted(ledger.names()) == sorted(names)
        assert ledger.rows([]) == {}
        assert ledger.damaged == set()
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
    assert list(again.names()) == ["a"]
    assert again.rows(["a", "b"]) == {"a": row("a")}
    assert again.key() == b"key"
    again.close()


def test_of_two_names_that_read_the_same_one_is_kept(ledger: FigureLedger) -> None:
    ledger.add([row("\N{REPLACEMENT CHARACTER}"), row("\N{REPLACEMENT CHARACTER}")], ())
    assert len(list(ledger.names())) == 1


def test_nodes_of_another_ledger_are_taken_over(ledger: FigureLedger, tmp_path: Path) -> None:
    one, two, three = stored("x:a", b"1"), stored("x:a", b"2"), stored("x:b", b"3")
    other = FigureLedger.create(tmp_path / "other.sqlite", b"x")
    other.add((), [one, two])
    ledger.add((), [two, three])
    assert ledger.take_nodes(other) == {one.id, two.id}
    assert other.damaged == set()
    other.close()
    (facts,) = ledger.entities(Counter({one.id: 4, two.id: 1, three.id: 0}))
    assert facts.subject == "x:a"
    assert set(facts.statements) == {Variant(b"1", 4), Variant(b"2", 1)}
    assert ledger.said_of("x:b") == b"3"
    assert ledger.said_of("x:none") is None


def test_nodes_that_no_page_states_any_more_are_dropped(ledger: FigureLedger) -> None:
    ledger.add((), [StoredNode(number, f"x:{number % 2}", b"%d" % number) for number in range(6)])
    ledger.drop_unstated(Counter({0: 1, 1: 0, 2: 3, 3: -1}))
    every = Counter(dict.fromkeys(range(6), 1))
    assert list(ledger.entities(every)) == [
        EntityVariants(IRI("x:0"), (Variant(b"0", 1), Variant(b"2", 1)))
    ]
    assert ledger.said_of("x:1") is None


def test_names_may_be_left_before_the_end(ledger: FigureLedger) -> None:
    ledger.add([row("a"), row("b")], ())
    names = ledger.names()
    assert next(names) in "ab"
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


# damaged values in a file that is a sound database


def tampered(ledger: FigureLedger, change: str, *values: Any) -> FigureLedger:
    """Return a ledger, closed and opened again, in which a statement has changed something."""
    ledger.seal()
    ledger.close()
    db = sqlite3.connect(ledger.path)
    assert db.execute(change, values).rowcount == 1
    db.commit()
    db.close()
    return reopened(ledger.path)


def flipped(path: Path, text: bytes, change: Callable[[bytes], bytes]) -> None:
    """Change bytes of a file wherever they are: a text of a table is in its index as well."""
    data = path.read_bytes()
    changed = change(text)
    assert len(changed) == len(text)
    assert text in data
    path.write_bytes(data.replace(text, changed))


_OTHERS: dict[str, list[object]] = {
    "digest": ["e", "", None, b"d", 1, b"\xff"],
    "size": [2, None, "x", 1.5, b"1"],
    "figid": ["", "PMC1__b", None, b"PMC1__a"],
    "places": [b"q", b"", None, "p"],
    "tally": [b"u", b"", None, "t"],
    "findings": [b"g", b"", None, "f"],
    "entities": [b"f", b"", None, "e"],
    "crc": [0, -1, None, "x"],
}


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column, values in _OTHERS.items() for value in values]
)
def test_a_row_with_another_value_is_none(ledger: FigureLedger, column: str, value: object) -> None:
    ledger.add([row("a"), row("b")], ())
    again = tampered(ledger, f"UPDATE figures SET {column} = ? WHERE name = 'a'", value)
    assert again.rows(["b", "a"]) == {"b": row("b")}
    assert again.damaged == {"a"}
    assert again.rows(["a"]) == {}
    again.close()


@pytest.mark.parametrize("value", ["c", "", None, b"a", b"\xff"])
def test_a_row_under_another_name_is_none(ledger: FigureLedger, value: object) -> None:
    ledger.add([row("a"), row("b")], ())
    again = tampered(ledger, "UPDATE figures SET name = ? WHERE name = 'a'", value)
    assert again.rows(["a", "b"]) == {"b": row("b")}
    assert again.rows(list(again.names())) == {"b": row("b")}
    assert len(again.damaged) == 1
    again.close()


@pytest.mark.parametrize("text", [b"PMC1__aaa", b"digest aaa", b"findings of aaa", b"tally of aaa"])
@pytest.mark.parametrize("last", [b"b", b"\0", b"\xff"])
def test_a_byte_that_has_changed_in_the_file(
    ledger: FigureLedger, text: bytes, last: bytes
) -> None:
    rows = [
        row(
            each,
            digest=f"digest {each}",
            findings=f"findings of {each}".encode(),
            tally=f"tally of {each}".encode(),
        )
        for each in ("aaa", "ccc")
    ]
    ledger.add(rows, ())
    ledger.seal()
    ledger.close()
    flipped(ledger.path, text, lambda data: data[:-1] + last)
    again = reopened(ledger.path)
    assert again.rows(["aaa", "ccc"]) == {"ccc": rows[1]}
    assert again.damaged == {"aaa"}
    again.close()


@pytest.mark.parametrize("both", [True, False], ids=["table and index", "one of them"])
def test_a_name_that_has_changed_in_the_file(ledger: FigureLedger, both: bool) -> None:
    ledger.add([row("page aaa", figid=""), row("page ccc", figid="")], ())
    ledger.seal()
    ledger.close()
    data = ledger.path.read_bytes()
    assert data.count(b"page aaa") == 2
    ledger.path.write_bytes(data.replace(b"page aaa", b"page aab", 2 if both else 1))
    again = reopened(ledger.path)
    rows = again.rows(sorted({"page aaa", "page aab", "page ccc", *again.names()}))
    assert rows["page ccc"] == row("page ccc", figid="")
    assert rows.get("page aaa") in (None, row("page aaa", figid=""))
    assert "page aab" not in rows
    again.close()


def test_rows_of_a_closed_ledger_are_asked_for_in_vain(ledger: FigureLedger) -> None:
    ledger.close()
    with pytest.raises(sqlite3.ProgrammingError):
        ledger.rows(["a"])
    assert ledger.damaged == set()


@pytest.mark.parametrize("column", ["subject", "id", "said"])
@pytest.mark.parametrize("value", ["x:a", b"\xff", 7, None, ""])
def test_a_node_that_is_not_what_its_id_says_is_left_behind(
    ledger: FigureLedger, tmp_path: Path, column: str, value: object
) -> None:
    one, two = stored("x:one", b"[1]"), stored("x:two", b"[2]")
    ledger.add((), [one, two])
    again = tampered(ledger, f"UPDATE nodes SET {column} = ? WHERE id = ?", value, one.id)
    new = FigureLedger.create(tmp_path / "new.sqlite", b"key")
    assert new.take_nodes(again) == {two.id}
    assert len(again.damaged) == 1
    assert new.said_of("x:one") is None
    assert new.said_of("x:two") == b"[2]"
    new.close()
    again.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *((column, value) for column in ("value", "crc") for value in ("x", b"\xff", 7, None)),
        ("name", "x"),
        ("name", b"\xff"),
    ],
)
def test_a_value_that_has_changed_is_none(ledger: FigureLedger, column: str, value: object) -> None:
    ledger.set_meta("a", b"1")
    again = tampered(ledger, f"UPDATE meta SET {column} = ? WHERE name = 'a'", value)
    assert again.meta("a") == b""
    assert again.meta("x") == b""
    assert again.key() == b"key"
    assert again.damaged <= {"value a", "value x"}
    assert column == "name" or again.damaged
    again.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "x"), ("name", b"\xff"), ("name", None), ("number", 2), ("crc", 7), ("crc", None)],
)
def test_a_dump_under_another_name_or_number_is_none(
    ledger: FigureLedger, column: str, value: object
) -> None:
    ledger.add_file(1, "a")
    ledger.add_file(3, "b")
    again = tampered(ledger, f"UPDATE files SET {column} = ? WHERE number = 1", value)
    assert again.files() == {3: "b"}
    assert len(again.damaged) == 1
    again.close()


def test_pages_count_when_a_dump_has_them(ledger: FigureLedger) -> None:
    ledger.add([row("a"), row("b")], ())
    assert ledger.pages() == 0
    ledger.add_file(1, "a")
    assert ledger.pages() == 2
