"""What is remembered is bounded, asked for once, and kept as long as it is asked for."""

from __future__ import annotations

from typing import TypeVar

from pfocr_rdf.rdf.memo import Bounded, Memo, Seen

_Key = TypeVar("_Key")


class Asked(list[_Key]):
    """A function that returns what it is given, and lists it."""

    def __call__(self, key: _Key) -> _Key:
        self.append(key)
        return key


def test_what_is_asked_again_is_made_once() -> None:
    made = Asked[int]()
    memo = Memo(made, 10)
    assert [memo[n] for n in (1, 2, 1, 2)] == [1, 2, 1, 2]
    assert made == [1, 2]


def test_a_value_may_be_none() -> None:
    made: list[int] = []
    memo = Memo(made.append, 4)
    for n in (1, 1, 2, 3, 1):
        assert memo[n] is None
    assert made == [1, 2, 3]


def test_a_full_memory_keeps_what_is_asked_again() -> None:
    made = Asked[int]()
    memo = Memo(made, 10)
    for n in range(100):
        assert (memo[n], memo[-1]) == (n, -1)
        assert len(memo) <= 5
        assert len(memo) + len(memo._older) <= 10
    assert made.count(-1) == 1
    assert memo[0] == 0
    assert made.count(0) == 2


def test_what_is_not_worth_it_is_made_again() -> None:
    made = Asked[str]()
    memo = Memo(made, 10, str.islower)
    assert [memo[letter] for letter in "aAaA"] == list("aAaA")
    assert made == ["a", "A", "A"]


def test_a_full_set_forgets() -> None:
    seen = Seen[int](3)
    for n in range(20):
        seen.add(n)
        assert n in seen
        assert len(seen) <= 3
    seen.add(19)
    assert 19 in seen


def test_a_full_dictionary_forgets() -> None:
    kept = Bounded[int, int](3)
    for n in range(20):
        kept[n] = -n
        assert kept[n] == -n
        assert len(kept) <= 3
