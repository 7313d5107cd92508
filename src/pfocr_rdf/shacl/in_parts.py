"""Validates files part by part, on all cores, with the results of the whole graph.

Each part is looked at once, by whichever worker is free, before anybody knows the others. Then
it is seen what was not right about that: a node of which two parts have triples, a class tree
that another part states, a class that was supposed wrongly, a target that names a node of
another part. Those parts are looked at again with what was missing; of a release of ours hardly
one is. What only the whole graph can tell is asked of the whole, in this process.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from mmap import mmap
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.processes import Pool
from pfocr_rdf.rdf import IRI, Literal, Subject, Term, Triple
from pfocr_rdf.shacl.around import AroundFile, write_around
from pfocr_rdf.shacl.cut import PART, NotCut, Part, PartReader, cut_files, text_size
from pfocr_rdf.shacl.engine import Shapes
from pfocr_rdf.shacl.graph import Properties
from pfocr_rdf.shacl.look import Classes, Known, Look, Looker, Types, key_of, look_at
from pfocr_rdf.shacl.put_in_order import put_in_order
from pfocr_rdf.shacl.results import Result

_APART: Final = 20_000
"""Of so many nodes several parts may have triples; where it is more, the files have no order."""
_SEEN: Final = 1 << 27
_WAVES: Final = (2, 4, 8, 16)
_NOTED: Final = 200_000
_JOINED: Final = -1

Parts = Callable[[], Iterator[Part]]
"""Cuts the files; again, when parts of compressed files are looked at again."""


class Scattered(Exception):  # noqa: N818 - a signal, not an error
    """What the files say of one node stands in many places: they are to be put in order first."""


class FoundInParts(NamedTuple):
    """What a validation in parts found.

    Attributes:
        results: Part by part for targets that are classes, then those of each other target.
        triples: How many the graph has.
        focus_nodes: How many nodes the targets name.
        parts: How many parts there were.
        whole: The shapes that were run on the whole graph, each with the reason.
    """

    results: tuple[Result, ...]
    triples: int
    focus_nodes: int
    parts: int
    whole: Mapping[Subject, str]


def validate_in_parts(
    paths: Sequence[Path],
    labels: Sequence[str],
    shapes: Shapes,
    triples: Sequence[Triple],
    *,
    jobs: int,
    size: int = PART,
) -> FoundInParts:
    """Validate files, taken together as one graph.

    Args:
        paths: The files.
        labels: What goes before the labels of blank nodes of each.
        shapes: Compiled.
        triples: The same shapes, for workers.
        jobs: How many processes at most; the results are the same.
        size: Bytes of a part, about.

    Raises:
        InputError: A file cannot be read.
        WorkerError: A worker process is gone.
    """
    jobs = max(min(jobs, text_size(paths) // size), 1)
    ordered: set[Path] = set()
    with tempfile.TemporaryDirectory(prefix="pfocr-rdf-") as folder:
        while True:
            written: list[Part] = []
            if ordered:
                some = [each for each in zip(paths, labels, strict=True) if each[0] in ordered]
                place = Path(tempfile.mkdtemp(dir=folder))
                written = put_in_order(
                    [path for path, _ in some], [label for _, label in some], place, size
                )
            others = [each for each in zip(paths, labels, strict=True) if each[0] not in ordered]
            cut = partial(_parts, others, written, size)
            try:
                return validate_parts(cut, shapes, triples, jobs)
            except NotCut as error:
                ordered.add(error.args[0])
            except Scattered:
                ordered.update(paths)


def _parts(files: Sequence[tuple[Path, str]], written: Sequence[Part], size: int) -> Iterator[Part]:
    paths, labels = [path for path, _ in files], [label for _, label in files]
    for number, part in enumerate(chain(cut_files(paths, labels, size), written)):
        yield part._replace(number=number)


def validate_parts(
    parts: Parts, shapes: Shapes, triples: Sequence[Triple], jobs: int
) -> FoundInParts:
    """Validate a graph whose files are cut.

    Args:
        parts: Cuts them.
        shapes: Compiled.
        triples: The same shapes, for workers.
        jobs: How many processes.

    Raises:
        NotCut: A file cannot be read in parts after all; its path is the argument.
        Scattered: Too many nodes have triples in several parts.
        InputError: A file cannot be read.
        WorkerError: A worker process is gone.
    """
    whole = shapes.whole_only(referred_from_elsewhere=False)
    while True:
        with Pool(partial(Looker, tuple(triples), frozenset(whole)), jobs) as pool:
            run = _Run(parts, shapes.parted(whole)[0], pool)
            found = run.run()
        if found is not None:
            break
        # Shapes that look back do so across parts: all of them are for the whole graph.
        whole = shapes.whole_only(referred_from_elsewhere=True)
    if whole:
        results = _on_the_whole(parts, shapes.parted(whole)[1])
        found = found._replace(results=found.results + results, whole=whole)
    return found


def _on_the_whole(parts: Parts, shapes: Shapes) -> tuple[Result, ...]:
    reader = PartReader()
    index: dict[Subject, dict[IRI, tuple[Term, ...]]] = {}
    for part in parts():
        for node, said in reader.read(part).items():
            if node not in index:
                index[node] = dict(said)
                continue
            merged = index[node]
            for predicate, values in said.items():
                merged[predicate] = tuple(dict.fromkeys((*merged.get(predicate, ()), *values)))
    return tuple(shapes.validate(index))


class _Run:
    """One validation: what has been found, and what is still in doubt."""

    def __init__(self, parts: Parts, shapes: Shapes, pool: Pool[Looker]) -> None:
        self._parts = parts
        self._shapes = shapes
        self._pool = pool
        self._looks: dict[int, Look] = {}
        self._classes = Classes()
        # What was supposed, by part: the numbers of questions, doubled, and one if the answer was
        # yes. Most parts ask the same.
        self._questions: dict[tuple[Subject, IRI], int] = {}
        self._supposed: dict[int, array[int]] = {}
        # Pages of memory that nothing is noted in are never filled.
        self._seen = mmap(-1, _SEEN // 8)
        self._twice: set[int] = set()

    def run(self) -> FoundInParts | None:
        """Look until nothing is in doubt; None where shapes would look back across parts."""
        self._look_at_all()
        stated = {pair for look in self._looks.values() for pair in look.pairs}
        pairs = tuple(sorted(stated.difference(self._shapes.axioms), key=repr))
        apart = self._subjects_apart()
        with tempfile.TemporaryDirectory(prefix="pfocr-rdf-") as folder:
            around, joined = Path(folder) / "around.sqlite", dict[Subject, Properties]()
            if apart or self._shapes.look_outside:
                joined = self._fetch(around, apart)
            known = Known(
                pairs, self._classes, around=around if self._shapes.look_outside else None
            )
            again = {
                number: known._replace(apart=here)
                for number, look in self._looks.items()
                if (here := apart.intersection(look.subjects)) or pairs or known.around
            }
            return self._settle(known, again, joined)

    def _settle(
        self, known: Known, again: dict[int, Known], joined: Mapping[Subject, Properties]
    ) -> FoundInParts | None:
        """Look again at the parts that are in doubt, with what is known now.

        Args:
            known: Of the whole.
            again: What is known for each of those parts.
            joined: A part of its own: the nodes of which several parts have triples.
        """
        given = dict(again)
        around = AroundFile(known.around) if known.around else None
        try:
            if joined:
                given[_JOINED] = again[_JOINED] = known
            while True:
                if joined and _JOINED in again:
                    own = again[_JOINED]
                    self._take(_JOINED, look_at(self._shapes, joined, own, {}, around))
                self._look_again(again)
                if self._leads_back():
                    return None
                foci, nowhere = self._foci()
                again = {}
                for number, types in self._wrong(known).items():
                    before = given.get(number, known)
                    again[number] = before._replace(types={**before.types, **types})
                for number, nodes in foci.items():
                    before = again.get(number, given.get(number, known))
                    if before.foci != nodes:
                        again[number] = before._replace(foci=nodes)
                if not again:
                    return self._found(known, nowhere)
                given |= again
        finally:
            if around is not None:
                around.close()

    def _look_at_all(self) -> None:
        # A dump ends with what the rest refers to: with its classes known, less is supposed.
        last = deque(self._parts(), maxlen=sum(_WAVES))
        for wave in _WAVES:
            some = [last.pop() for _ in range(min(wave, len(last)))]
            self._look_at(some)
            self._note_classes([self._looks[part.number] for part in some])
        self._look_at(part for part in self._parts() if part.number not in self._looks)

    def _look_at(self, parts: Iterable[Part]) -> None:
        jobs = ((part, Known(classes=self._classes)) for part in parts)
        for (part, _), look in self._pool.in_order(Looker.look, jobs):
            self._take(part.number, _read(part, look))

    def _note_classes(self, looks: Iterable[Look]) -> None:
        number, keys, types, sets = self._classes
        numbers = {each: place for place, each in enumerate(sets)}
        keys, types = keys[:], types[:]
        for look in looks:
            for place in look.documents:
                said = look.type_sets[look.types[place]]
                keys.append(look.subjects[place])
                types.append(numbers.setdefault(said, len(numbers)))
        if len(keys) <= _NOTED:
            self._classes = Classes(number + 1, keys, types, tuple(numbers))

    def _look_again(self, again: Mapping[int, Known]) -> None:
        numbers = again.keys() - {_JOINED}
        if numbers:
            jobs = ((part, again[part.number]) for part in self._parts() if part.number in numbers)
            for (part, _), look in self._pool.in_order(Looker.look, jobs):
                self._take(part.number, _read(part, look))

    def _take(self, number: int, look: Look) -> None:
        questions = self._questions
        self._supposed[number] = array(
            "I",
            [
                2 * questions.setdefault(asked, len(questions)) + answer
                for asked, answer in look.supposed.items()
            ],
        )
        if number not in self._looks:
            self._notice(look.subjects)
        self._looks[number] = look._replace(supposed={})

    def _notice(self, subjects: array[int]) -> None:
        """Note which subjects may have been seen before: all that were, and a few others."""
        seen, twice = self._seen, self._twice
        for key in subjects:
            place, bit = (key & (_SEEN - 1)) >> 3, 1 << (key & 7)
            if seen[place] & bit:
                twice.add(key)
            else:
                seen[place] |= bit

    def _subjects_apart(self) -> frozenset[int]:
        """Return the keys of nodes of which several parts have triples.

        Raises:
            Scattered: They are too many.
        """
        times = Counter(
            key for look in self._looks.values() for key in self._twice.intersection(look.subjects)
        )
        apart = frozenset(key for key, parts in times.items() if parts > 1)
        if len(apart) > _APART:
            raise Scattered
        return apart

    def _fetch(self, around: Path, apart: frozenset[int]) -> dict[Subject, Properties]:
        """Store what nodes say that other parts refer to or have triples of.

        Returns:
            The nodes `apart`, in the order of the parts.
        """
        wanted = set(apart)
        for look in self._looks.values():
            wanted.update(look.outside)
        here = {
            number: found
            for number, look in self._looks.items()
            if (found := frozenset(wanted.intersection(look.subjects)))
        }
        further = self._shapes.look_outside
        jobs = ((part, here[part.number], further) for part in self._parts() if part.number in here)
        order: dict[int, None] = {}

        def said() -> Iterator[tuple[int, bytes]]:
            for _, found in self._pool.in_order(Looker.fetch, jobs):
                order.update(dict.fromkeys(key for key, _ in found if key in apart))
                yield from found

        write_around(around, said())
        store = AroundFile(around)
        try:
            nodes = [store.node(key) for key in order]
        finally:
            store.close()
        return dict(node for node in nodes if node is not None)

    def _wrong(self, known: Known) -> dict[int, dict[Subject, Types]]:
        """Return the parts that have supposed something wrong, with what is right."""
        below = self._shapes.classes_below(known.pairs)
        types = self._types_of({node for node, _ in self._questions})
        asked = list(self._questions)
        right = array(
            "I",
            [
                2 * number + (not below(cls).isdisjoint(types.get(node, ())))
                for number, (node, cls) in enumerate(asked)
            ],
        )
        truth = frozenset(right)
        return {
            number: {
                node: types.get(node, ()) for node in {asked[each // 2][0] for each in supposed}
            }
            for number, supposed in self._supposed.items()
            if not truth.issuperset(supposed)
        }

    def _types_of(self, nodes: Collection[Subject]) -> dict[Subject, Types]:
        found: dict[Subject, Types] = {}
        for look, places in self._places(nodes):
            for node, place in places.items():
                found[node] = look.type_sets[look.types[place]]
        return found

    def _places(self, nodes: Collection[Subject]) -> Iterator[tuple[Look, dict[Subject, int]]]:
        """Yield each look with those of the nodes that are subjects there, and their places."""
        keys = {key_of(node): node for node in nodes}
        wanted = keys.keys()
        for look in self._looks.values():
            if not wanted.isdisjoint(look.subjects):
                yield (
                    look,
                    {keys[key]: place for place, key in enumerate(look.subjects) if key in keys},
                )

    def _foci(self) -> tuple[dict[int, tuple[tuple[Term, ...], ...]], tuple[tuple[Term, ...], ...]]:
        """Return, of each target of `elsewhere`, what it names of other parts, and of none."""
        named: list[dict[Term, None]] = []
        for place, (nodes, _) in enumerate(self._shapes.elsewhere):
            of_target = dict.fromkeys(nodes)
            for _, look in sorted(self._looks.items()):
                of_target |= dict.fromkeys(look.objects[place])
            named.append(of_target)
        nodes_named = {each for terms in named for each in terms if not isinstance(each, Literal)}
        if not any(named):
            return {}, tuple(() for _ in named)
        where: dict[Subject, int] = {}
        numbers = {id(look): number for number, look in self._looks.items()}
        for look, places in self._places(nodes_named):
            where |= dict.fromkeys(places, numbers[id(look)])
        parts = {
            number: tuple(
                tuple(
                    each
                    for each in terms
                    if not isinstance(each, Literal)
                    and where.get(each) == number
                    and each not in target[0]
                )
                for terms, target in zip(named, self._shapes.elsewhere, strict=True)
            )
            for number in set(where.values())
        }
        nowhere = tuple(
            tuple(each for each in terms if isinstance(each, Literal) or each not in where)
            for terms in named
        )
        return {number: terms for number, terms in parts.items() if any(terms)}, nowhere

    def _leads_back(self) -> bool:
        """Return whether what is followed back leads from one part into another."""
        if not self._shapes.predicates_back:
            return False
        back = {key for look in self._looks.values() for key in look.back}
        return any(not back.isdisjoint(look.subjects) for look in self._looks.values())

    def _found(self, known: Known, nowhere: Sequence[Collection[Term]]) -> FoundInParts:
        order = sorted(self._looks, key=lambda number: (number == _JOINED, number))
        looks = [self._looks[number] for number in order]
        examined = [look.examined for look in looks if look.examined is not None]
        examined.append(
            self._shapes.examine({}, known.pairs, nowhere, supposed=lambda _node, _class: False)
        )
        results = tuple(
            result
            for of_target in zip(*[each.results for each in examined], strict=True)
            for some in of_target
            for result in some
        )
        return FoundInParts(
            results,
            sum(look.triples for look in looks),
            sum(each.focus_nodes for each in examined),
            len(looks) - (_JOINED in self._looks),
            {},
        )


def _read(part: Part, look: Look | None) -> Look:
    if look is None:
        raise NotCut(part.path)
    return look
