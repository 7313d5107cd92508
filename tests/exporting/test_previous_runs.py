"""What earlier runs left: which of it counts, and which is preferred."""

from __future__ import annotations

import sqlite3
from itertools import permutations
from pathlib import Path

import pytest

from pfocr_rdf.exporting.entities import EntityIds, stored
from pfocr_rdf.exporting.figure_batches import Before
from pfocr_rdf.exporting.page_cache import CachedPage, PageCache
from pfocr_rdf.exporting.previous_runs import EarlierRuns, before
from pfocr_rdf.exporting.reuse import PiecePlace, packed
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import SCHEMA
from pfocr_rdf.release.files import PAGE_CACHE

KEY = b"key"
FIRST = PiecePlace(1, 0, 1, 0)


def left(folder: Path, key: bytes, **digests: str) -> Path:
    """Write what a run leaves: a dump of ten bytes, and pages that have the first one of it."""
    folder.mkdir()
    (folder / "d").write_bytes(b"0123456789")
    cache = PageCache.create(folder / PAGE_CACHE, key)
    cache.add_file(1, "d")
    cache.add([row(name, digest) for name, digest in digests.items()], ())
    cache.seal()
    cache.close()
    return folder


def row(name: str, digest: str, place: PiecePlace = FIRST, findings: bytes = b"") -> CachedPage:
    return CachedPage(name, digest, 1, f"F{name}", packed([place]), b"", findings, b"", b"")


def digests(earlier: EarlierRuns, *names: str) -> dict[str, str]:
    return {name: found.row.digest for name, found in earlier.find(names).items()}


def test_a_killed_run_is_preferred_to_the_release(tmp_path: Path) -> None:
    release = left(tmp_path / "r", KEY, a="ra", b="rb", d="rd")
    killed = left(tmp_path / "k", KEY, b="kb", c="kc")
    with EarlierRuns(release, [killed], KEY) as earlier:
        assert digests(earlier, "a", "b", "c", "none") == {"a": "ra", "b": "kb", "c": "kc"}
        found = earlier.find(["a", "b"])
        assert {name: each.dumps.folder.name for name, each in found.items()} == {
            "a": "r",
            "b": "k",
        }
        assert [each.published for each in found.values()] == [True, False]
        # Changes are those since what was published.
        assert {n: r.digest for n, r in earlier.replaced(["a", "b", "c"]).items()} == {
            "a": "ra",
            "b": "rb",
        }
        assert (earlier.kept, earlier.continues) == (killed, True)
        assert before(found["b"]) == Before("kb", "Fb")
    assert before(None) is None


@pytest.mark.parametrize("key", [b"another", b""])
def test_what_was_made_with_another_key_is_only_compared_with(tmp_path: Path, key: bytes) -> None:
    release = left(tmp_path / "r", KEY, a="ra")
    with EarlierRuns(release, [left(tmp_path / "k", KEY, a="ka")], key) as earlier:
        assert digests(earlier, "a") == {}
        assert earlier.replaced(["a"])["a"].digest == "ra"
        assert (earlier.kept, earlier.continues) == (tmp_path / "k", False)


def test_a_ledger_without_a_key_is_never_used(tmp_path: Path) -> None:
    with EarlierRuns(left(tmp_path / "r", b"", a="ra"), [], b"") as earlier:
        assert digests(earlier, "a") == {}


def test_there_need_not_be_any(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / PAGE_CACHE).write_bytes(b"no database" * 500)
    with EarlierRuns(tmp_path / "none", [tmp_path / "empty", tmp_path / "broken"], KEY) as earlier:
        assert earlier.release is None
        assert (earlier.kept, earlier.continues) == (None, False)
        assert digests(earlier, "a") == {}
        assert earlier.replaced(["a"]) == {}


def test_pages_that_do_not_stand_alone_or_are_not_there(tmp_path: Path) -> None:
    release = left(tmp_path / "r", KEY, good="x")
    cache = PageCache.create(tmp_path / "r" / "new", KEY)
    cache.add_file(1, "d")
    rows = [
        row("good", "1"),
        row("last", "2", PiecePlace(1, 9, 1, 0)),
        row("beyond", "3", PiecePlace(1, 9, 2, 0)),
        row("other file", "4", PiecePlace(2, 0, 1, 0)),
        row("twin", "5", findings=b'{"code":"duplicate-figure"}\n'),
        row("odd \N{REPLACEMENT CHARACTER}", "6"),
        row("skipped", "7")._replace(figid="", places=b""),
    ]
    cache.add(rows, ())
    cache.seal()
    cache.close()
    (tmp_path / "r" / "new").rename(tmp_path / "r" / PAGE_CACHE)
    with EarlierRuns(release, [], KEY) as earlier:
        names = [each.name for each in rows]
        assert digests(earlier, *names) == {"good": "1", "last": "2", "skipped": "7"}


@pytest.mark.parametrize("order", list(permutations("xyz")))
def test_of_several_runs_the_longest_with_the_key_counts(
    tmp_path: Path, order: tuple[str, ...]
) -> None:
    left(tmp_path / "x", KEY, a="xa")
    left(tmp_path / "y", KEY, a="ya", b="yb")
    left(tmp_path / "z", b"another", a="za", b="zb", c="zc")
    folders = [tmp_path / name for name in order]
    with EarlierRuns(tmp_path / "none", folders, KEY) as earlier:
        assert (earlier.kept, earlier.continues) == (tmp_path / "y", True)
        assert digests(earlier, "a", "b", "c") == {"a": "ya", "b": "yb"}
    with EarlierRuns(tmp_path / "none", folders, b"a third") as earlier:
        assert (earlier.kept, earlier.continues) == (tmp_path / "z", False)
        assert digests(earlier, "a", "b", "c") == {}


def test_a_run_none_of_whose_dumps_was_finished_has_got_nowhere(tmp_path: Path) -> None:
    longer = left(tmp_path / "longer", KEY, a="a", b="b")
    shorter = left(tmp_path / "shorter", KEY, a="a")
    change(longer, "DELETE FROM files")
    with EarlierRuns(tmp_path / "none", [longer, shorter], KEY) as earlier:
        assert earlier.kept == shorter


def change(folder: Path, statement: str) -> None:
    db = sqlite3.connect(folder / PAGE_CACHE)
    assert db.execute(statement).rowcount == 1
    db.commit()
    db.close()


@pytest.mark.parametrize("column", ["digest", "findings", "tally", "places", "entities", "figid"])
def test_a_page_whose_row_is_damaged_is_not_found(tmp_path: Path, column: str) -> None:
    release = left(tmp_path / "r", KEY, a="ra", b="rb")
    killed = left(tmp_path / "k", KEY, b="kb", c="kc")
    for folder, name in ((release, "a"), (killed, "b"), (killed, "c")):
        value = f"CAST({column} || '1' AS {'TEXT' if column in ('digest', 'figid') else 'BLOB'})"
        change(folder, f"UPDATE figures SET {column} = {value} WHERE name = '{name}'")
    with EarlierRuns(release, [killed], KEY) as earlier:
        assert digests(earlier, "a", "b", "c") == {"b": "rb"}
        assert earlier.damaged == 3


def test_a_page_that_states_a_damaged_node_is_not_found(tmp_path: Path) -> None:
    nodes = [node(IRI(f"x:{n}"), (SCHEMA.name, plain("n"))) for n in range(3)]
    release = left(tmp_path / "r", KEY, other="o")
    cache = PageCache.create(tmp_path / "r" / "new", KEY)
    cache.add_file(1, "d")
    ids = EntityIds()
    for name, said in (("ab", nodes[:2]), ("bc", nodes[1:]), ("c", nodes[2:]), ("none", [])):
        packed_ids, new = ids.name(said)
        cache.add([row(name, name)._replace(entities=packed_ids)], new)
    cache.seal()
    cache.close()
    (tmp_path / "r" / "new").rename(tmp_path / "r" / PAGE_CACHE)
    change(release, "UPDATE nodes SET said = '[]' WHERE subject = 'x:0'")
    mine = PageCache.create(tmp_path / "mine", KEY)
    with EarlierRuns(release, [], KEY) as earlier:
        earlier.give_nodes(mine)
        assert set(digests(earlier, "ab", "bc", "c", "none")) == {"bc", "c", "none"}
        assert earlier.damaged == 1
    assert mine.said_of("x:0") is None
    assert mine.said_of("x:1") == stored(nodes[1]).said
    mine.close()


def test_a_damaged_key_is_none(tmp_path: Path) -> None:
    release = left(tmp_path / "r", KEY, a="ra")
    change(release, "UPDATE meta SET value = x'00' WHERE name = 'key'")
    with EarlierRuns(release, [], b"\0") as earlier:
        assert digests(earlier, "a") == {}
        assert earlier.damaged == 1
