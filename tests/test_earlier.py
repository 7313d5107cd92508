"""What earlier runs left: which of it counts, and which is preferred."""

from __future__ import annotations

from pathlib import Path

import pytest

from pfocr_rdf.earlier import EarlierRuns, before
from pfocr_rdf.figure_batches import Before
from pfocr_rdf.figure_ledger import FigureLedger, LedgerRow
from pfocr_rdf.write.files import LEDGER
from pfocr_rdf.write.reuse import Place, packed

KEY = b"key"
FIRST = Place(1, 0, 1, 0)


def left(folder: Path, key: bytes, **digests: str) -> Path:
    """Write what a run leaves: a dump of ten bytes, and pages that have the first one of it."""
    folder.mkdir()
    (folder / "d").write_bytes(b"0123456789")
    ledger = FigureLedger.create(folder / LEDGER, key)
    ledger.add_file(1, "d")
    ledger.add([row(name, digest) for name, digest in digests.items()], ())
    ledger.seal()
    ledger.close()
    return folder


def row(name: str, digest: str, place: Place = FIRST, findings: bytes = b"") -> LedgerRow:
    return LedgerRow(name, digest, 1, f"F{name}", packed([place]), b"", findings, b"")


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
        # Changes are those since what was published.
        assert {n: r.digest for n, r in earlier.replaced(["a", "b", "c"]).items()} == {
            "a": "ra",
            "b": "rb",
        }
        assert len(list(earlier.ledgers())) == 2
        assert before(found["b"]) == Before("kb", "Fb")
    assert before(None) is None


@pytest.mark.parametrize("key", [b"another", b""])
def test_what_was_made_with_another_key_is_only_compared_with(tmp_path: Path, key: bytes) -> None:
    release = left(tmp_path / "r", KEY, a="ra")
    with EarlierRuns(release, [left(tmp_path / "k", KEY, a="ka")], key) as earlier:
        assert digests(earlier, "a") == {}
        assert list(earlier.ledgers()) == []
        assert earlier.replaced(["a"])["a"].digest == "ra"


def test_a_ledger_without_a_key_is_never_used(tmp_path: Path) -> None:
    with EarlierRuns(left(tmp_path / "r", b"", a="ra"), [], b"") as earlier:
        assert digests(earlier, "a") == {}


def test_there_need_not_be_any(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / LEDGER).write_bytes(b"no database" * 500)
    with EarlierRuns(tmp_path / "none", [tmp_path / "empty", tmp_path / "broken"], KEY) as earlier:
        assert earlier.release is None
        assert digests(earlier, "a") == {}
        assert earlier.replaced(["a"]) == {}


def test_pages_that_do_not_stand_alone_or_are_not_there(tmp_path: Path) -> None:
    release = left(tmp_path / "r", KEY, good="x")
    ledger = FigureLedger.create(tmp_path / "r" / "new", KEY)
    ledger.add_file(1, "d")
    rows = [
        row("good", "1"),
        row("last", "2", Place(1, 9, 1, 0)),
        row("beyond", "3", Place(1, 9, 2, 0)),
        row("other file", "4", Place(2, 0, 1, 0)),
        row("twin", "5", findings=b'{"code":"duplicate-figure"}\n'),
        row("odd \N{REPLACEMENT CHARACTER}", "6"),
        row("skipped", "7")._replace(figid="", places=b""),
    ]
    ledger.add(rows, ())
    ledger.seal()
    ledger.close()
    (tmp_path / "r" / "new").rename(tmp_path / "r" / LEDGER)
    with EarlierRuns(release, [], KEY) as earlier:
        names = [each.name for each in rows]
        assert digests(earlier, *names) == {"good": "1", "last": "2", "skipped": "7"}
