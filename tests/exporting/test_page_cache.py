"""The cache of a release: what is noted comes back, after a kill as well, or it is none."""

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
from pfocr_rdf.exporting.page_cache import CachedPage, PageCache
from pfocr_rdf.rdf.terms import IRI

_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
_BYTES = st.binary(max_size=20)
_ROWS = st.lists(
    st.builds(
        CachedPage, _TEXT, _TEXT, st.integers(0, 2**40), _TEXT, _BYTES, _BYTES, _BYTES, _BYTES
    ),
    unique_by=lambda row: row.name,
    max_size=8,
)


def row(name: str, **changes: Any) -> CachedPage:
    return CachedPage(name, "d", 1, f"PMC1__{name}", b"p", b"t", b"f", b"e", b"o")._replace(
        **changes
    )


def stored(subject: str, said: bytes) -> StoredNode:
    return StoredNode(id_of(subject.encode(), said), subject, said)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[PageCache]:
    made = PageCache.create(tmp_path / "l.sqlite", b"key")
    yield made
    made.close()


def reopened(path: Path) -> PageCache:
    found = PageCache.open(path)
    assert found is not None
    return found


@given(_ROWS)
def test_rows_come_back(rows: list[CachedPage]) -> None:
    cache = PageCache.create(Path(":memory:"), b"key")
    try:
        cache.add(rows, ())
        names = [one.name for one in rows]
        assert cache.rows([*names, "no such page of any kind"]) == {r.name: r for r in rows}
        assert sorted(cache.names()) == sorted(names)
        assert cache.rows([]) == {}
        assert cache.damaged == set()
    finally:
        cache.close()


def test_it_remembers_key_values_and_files(cache: PageCache) -> None:
    assert cache.key() == b"key"
    assert cache.meta("none") == b""
    cache.set_meta("a", b"1")
    cache.set_meta("a", b"2\0")
    assert cache.meta("a") == b"2\0"
    cache.add_file(2, "b")
    cache.add_file(1, "a")
    assert cache.files() == {1: "a", 2: "b"}


def test_a_sealed_ledger_is_one_file_and_is_read_again(cache: PageCache) -> None:
    cache.add([row("a")], [StoredNode(1, "x:s", b"[]")])
    cache.seal()
    assert [path.name for path in cache.path.parent.iterdir()] == [cache.path.name]
    again = reopened(cache.path)
    assert again.rows(["a"]) == {"a": row("a")}
    assert again.key() == b"key"
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        again.set_meta("a", b"1")
    again.close()


def test_what_was_committed_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "l.sqlite"
    pid = os.fork()
    if pid == 0:
        cache = PageCache.create(path, b"key")
        cache.add([row("a")], ())
        cache.commit()
        cache.add([row("b")], ())
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    again = reopened(path)
    assert list(again.names()) == ["a"]
    assert again.rows(["a", "b"]) == {"a": row("a")}
    assert again.key() == b"key"
    again.close()


def test_of_two_names_that_read_the_same_one_is_kept(cache: PageCache) -> None:
    cache.add([row("\N{REPLACEMENT CHARACTER}"), row("\N{REPLACEMENT CHARACTER}")], ())
    assert len(list(cache.names())) == 1


def test_nodes_of_another_ledger_are_taken_over(cache: PageCache, tmp_path: Path) -> None:
    one, two, three = stored("x:a", b"1"), stored("x:a", b"2"), stored("x:b", b"3")
    other = PageCache.create(tmp_path / "other.sqlite", b"x")
    other.add((), [one, two])
    cache.add((), [two, three])
    assert cache.take_nodes(other) == {one.id, two.id}
    assert other.damaged == set()
    other.close()
    (facts,) = cache.entities(Counter({one.id: 4, two.id: 1, three.id: 0}))
    assert facts.subject == "x:a"
    assert set(facts.variants) == {Variant(b"1", 4), Variant(b"2", 1)}
    assert cache.said_of("x:b") == b"3"
    assert cache.said_of("x:none") is None


def test_nodes_that_no_page_states_any_more_are_dropped(cache: PageCache) -> None:
    cache.add((), [StoredNode(number, f"x:{number % 2}", b"%d" % number) for number in range(6)])
    cache.drop_unstated(Counter({0: 1, 1: 0, 2: 3, 3: -1}))
    every = Counter(dict.fromkeys(range(6), 1))
    assert list(cache.entities(every)) == [
        EntityVariants(IRI("x:0"), (Variant(b"0", 1), Variant(b"2", 1)))
    ]
    assert cache.said_of("x:1") is None


def test_names_may_be_left_before_the_end(cache: PageCache) -> None:
    cache.add([row("a"), row("b")], ())
    names = cache.names()
    assert next(names) in "ab"
    cache.close()
    del names


def test_no_file_is_no_ledger(tmp_path: Path) -> None:
    assert PageCache.open(tmp_path / "none") is None
    assert PageCache.open(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_goes_while_it_is_opened_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    assert PageCache.open(tmp_path / "gone" / "ledger.sqlite") is None


def big(path: Path) -> Path:
    cache = PageCache.create(path, b"key")
    cache.add([row(f"{number:05}", findings=os.urandom(300)) for number in range(2000)], ())
    cache.seal()
    cache.close()
    return path


@pytest.mark.parametrize("part", [0.02, 0.1, 0.3, 0.6, 0.95, 0.999])
def test_a_ledger_that_is_cut_is_none(tmp_path: Path, part: float) -> None:
    path = big(tmp_path / "l.sqlite")
    os.truncate(path, int(path.stat().st_size * part))
    assert PageCache.open(path) is None


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7])
def test_a_ledger_with_a_hole_is_none(tmp_path: Path, part: float) -> None:
    path = big(tmp_path / "l.sqlite")
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * part) // 4096 * 4096)
        file.write(bytes(8192))
    assert PageCache.open(path) is None


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE figures DROP COLUMN tally",
        "ALTER TABLE nodes RENAME COLUMN said TO says",
        "DROP TABLE meta",
        "DROP TABLE files",
    ],
)
def test_a_ledger_of_another_version_is_none(cache: PageCache, change: str) -> None:
    cache.seal()
    cache.close()
    db = sqlite3.connect(cache.path)
    db.execute(change)
    db.commit()
    db.close()
    assert PageCache.open(cache.path) is None


def test_a_ledger_with_a_column_more_is_read(cache: PageCache) -> None:
    cache.add([row("a")], ())
    cache.seal()
    cache.close()
    db = sqlite3.connect(cache.path)
    db.execute("ALTER TABLE figures ADD COLUMN colour TEXT")
    db.commit()
    db.close()
    again = reopened(cache.path)
    assert again.rows(["a"]) == {"a": row("a")}
    again.close()


# damaged values in a file that is a sound database


def tampered(cache: PageCache, change: str, *values: Any) -> PageCache:
    """Return a cache, closed and opened again, in which a statement has changed something."""
    cache.seal()
    cache.close()
    db = sqlite3.connect(cache.path)
    assert db.execute(change, values).rowcount == 1
    db.commit()
    db.close()
    return reopened(cache.path)


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
def test_a_row_with_another_value_is_none(cache: PageCache, column: str, value: object) -> None:
    cache.add([row("a"), row("b")], ())
    again = tampered(cache, f"UPDATE figures SET {column} = ? WHERE name = 'a'", value)
    assert again.rows(["b", "a"]) == {"b": row("b")}
    assert again.damaged == {"a"}
    assert again.rows(["a"]) == {}
    again.close()


@pytest.mark.parametrize("value", ["c", "", None, b"a", b"\xff"])
def test_a_row_under_another_name_is_none(cache: PageCache, value: object) -> None:
    cache.add([row("a"), row("b")], ())
    again = tampered(cache, "UPDATE figures SET name = ? WHERE name = 'a'", value)
    assert again.rows(["a", "b"]) == {"b": row("b")}
    assert again.rows(list(again.names())) == {"b": row("b")}
    assert len(again.damaged) == 1
    again.close()


@pytest.mark.parametrize("text", [b"PMC1__aaa", b"digest aaa", b"findings of aaa", b"tally of aaa"])
@pytest.mark.parametrize("last", [b"b", b"\0", b"\xff"])
def test_a_byte_that_has_changed_in_the_file(cache: PageCache, text: bytes, last: bytes) -> None:
    rows = [
        row(
            each,
            digest=f"digest {each}",
            findings=f"findings of {each}".encode(),
            tally=f"tally of {each}".encode(),
        )
        for each in ("aaa", "ccc")
    ]
    cache.add(rows, ())
    cache.seal()
    cache.close()
    flipped(cache.path, text, lambda data: data[:-1] + last)
    again = reopened(cache.path)
    assert again.rows(["aaa", "ccc"]) == {"ccc": rows[1]}
    assert again.damaged == {"aaa"}
    again.close()


@pytest.mark.parametrize("both", [True, False], ids=["table and index", "one of them"])
def test_a_name_that_has_changed_in_the_file(cache: PageCache, both: bool) -> None:
    cache.add([row("page aaa", figid=""), row("page ccc", figid="")], ())
    cache.seal()
    cache.close()
    data = cache.path.read_bytes()
    assert data.count(b"page aaa") == 2
    cache.path.write_bytes(data.replace(b"page aaa", b"page aab", 2 if both else 1))
    again = reopened(cache.path)
    rows = again.rows(sorted({"page aaa", "page aab", "page ccc", *again.names()}))
    assert rows["page ccc"] == row("page ccc", figid="")
    assert rows.get("page aaa") in (None, row("page aaa", figid=""))
    assert "page aab" not in rows
    again.close()


def test_rows_of_a_closed_ledger_are_asked_for_in_vain(cache: PageCache) -> None:
    cache.close()
    with pytest.raises(sqlite3.ProgrammingError):
        cache.rows(["a"])
    assert cache.damaged == set()


@pytest.mark.parametrize("column", ["subject", "id", "said"])
@pytest.mark.parametrize("value", ["x:a", b"\xff", 7, None, ""])
def test_a_node_that_is_not_what_its_id_says_is_left_behind(
    cache: PageCache, tmp_path: Path, column: str, value: object
) -> None:
    one, two = stored("x:one", b"[1]"), stored("x:two", b"[2]")
    cache.add((), [one, two])
    again = tampered(cache, f"UPDATE nodes SET {column} = ? WHERE id = ?", value, one.id)
    new = PageCache.create(tmp_path / "new.sqlite", b"key")
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
def test_a_value_that_has_changed_is_none(cache: PageCache, column: str, value: object) -> None:
    cache.set_meta("a", b"1")
    again = tampered(cache, f"UPDATE meta SET {column} = ? WHERE name = 'a'", value)
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
    cache: PageCache, column: str, value: object
) -> None:
    cache.add_file(1, "a")
    cache.add_file(3, "b")
    again = tampered(cache, f"UPDATE files SET {column} = ? WHERE number = 1", value)
    assert again.files() == {3: "b"}
    assert len(again.damaged) == 1
    again.close()


def test_pages_count_when_a_dump_has_them(cache: PageCache) -> None:
    cache.add([row("a"), row("b")], ())
    assert cache.pages() == 0
    cache.add_file(1, "a")
    assert cache.pages() == 2
