"""One pass over a finished dump for all forms: pieces made in workers, put together in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.exporting.forms import biothings, biothings_human, gmt, kgx, sssom
from pfocr_rdf.exporting.forms.facts import AlignedEntity, figure_facts
from pfocr_rdf.exporting.forms.lines import LinesWriter, Maker, Writer
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.figures.join import NOTHING_JOINED, Joined
from pfocr_rdf.processes import batched
from pfocr_rdf.rdf import IriStyle
from pfocr_rdf.release import Compression, Piece, Reader, WrittenFile

_FIGURES_AT_ONCE: Final = 64
_ENTITIES_AT_ONCE: Final = 1_000


class FormJob(NamedTuple):
    """A batch of figures, or of entities, as they stand in the dump.

    `aligned` is what stands in the alignment of the entities, which need not be of each; `joined`
    has the mappings that a user gave of them, and their prefixes.
    """

    style: IriStyle
    forms: tuple[Form, ...]
    pieces: Sequence[Piece]
    aligned: Sequence[Piece] = ()
    joined: Joined = NOTHING_JOINED


Pieces = Sequence[Sequence[bytes]]
"""What a batch adds to each file of each form."""
InOrder = Callable[
    [Callable[[FormJob], Pieces], Iterable[FormJob]], Iterator[tuple[FormJob, Pieces]]
]
"""Runs a function on jobs; yields each with its result, in order."""


def make_forms(
    pieces: Iterable[Piece],
    alignment: Iterable[Piece],
    folder: Path,
    forms: Iterable[Form],
    *,
    name: str,
    date: str,
    style: IriStyle,
    compression: Compression | None,
    in_order: InOrder,
    joined: Joined = NOTHING_JOINED,
) -> list[WrittenFile]:
    """Write forms of a release into a folder.

    Args:
        pieces: Of the finished dump: all figures, then all entities by IRI. They are not
            asked for when there is no form to make.
        alignment: Pieces of the finished alignment, by IRI; likewise.
        folder: Where to write.
        forms: Which; that of RO-Crate is no form of the figures and is passed over.
        name: Of the release, or "".
        date: Of the release, YYYY-MM-DD.
        style: Of its IRIs.
        compression: Of the files that are as long as the dump.
        in_order: Runs `make_batch`, here or elsewhere.
        joined: What files of others say of entities.

    Returns:
        The files for the manifest: the forms in the order of their names' enumeration.

    Raises:
        InputError: The dump cannot be read.
        OSError: A file cannot be written.
    """
    wanted = tuple(form for form in Form if form in set(forms) and form in _MAKERS)
    if not wanted:
        return []
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                _writer(form, folder, _Release(name, date, style), compression, joined)
            )
            for form in wanted
        ]
        for _, made in in_order(make_batch, _jobs(style, wanted, pieces, alignment, joined)):
            for writer, added in zip(writers, made, strict=True):
                writer.write(added)
        return [file for writer in writers for file in writer.close()]


def make_batch(job: FormJob) -> Pieces:
    """Return what a batch adds to each file of each form."""
    reader, makers = _tools(job.style, job.forms)
    if job.pieces[0].is_figure:
        figures = [figure_facts(reader.figure(piece)) for piece in job.pieces]
        return [maker.figures(figures) for maker in makers]
    aligned = {node.subject: node for node in map(reader.entity, job.aligned)}
    entities = [
        AlignedEntity(
            node,
            aligned.get(node.subject),
            tuple(job.joined.mappings.get(node.subject, ())),
            job.joined.prefixes,
        )
        for node in map(reader.entity, job.pieces)
    ]
    return [maker.entities(entities) for maker in makers]


def _jobs(
    style: IriStyle,
    forms: tuple[Form, ...],
    pieces: Iterable[Piece],
    alignment: Iterable[Piece],
    joined: Joined,
) -> Iterator[FormJob]:
    subject, ahead = Reader(style).subject, iter(alignment)
    waiting = next(ahead, None)
    for is_figure, of_kind in groupby(pieces, lambda piece: piece.is_figure):
        at_once = _FIGURES_AT_ONCE if is_figure else _ENTITIES_AT_ONCE
        for some in batched(of_kind, at_once):
            aligned, of_some = [], NOTHING_JOINED
            if not is_figure:  # entities and alignment are both in the order of IRIs
                last = subject(some[-1])
                while waiting is not None and subject(waiting) <= last:
                    aligned.append(waiting)
                    waiting = next(ahead, None)
            if joined.mappings:
                of_some = joined.of([subject(piece) for piece in some])
            yield FormJob(style, forms, some, aligned, of_some)


@lru_cache(maxsize=1)
def _tools(style: IriStyle, forms: tuple[Form, ...]) -> tuple[Reader, tuple[Maker, ...]]:
    return Reader(style), tuple(_MAKERS[form](style) for form in forms)


def _parquet_maker(style: IriStyle) -> Maker:
    from pfocr_rdf.exporting.forms.parquet import ParquetMaker  # noqa: PLC0415 - needs an extra

    return ParquetMaker(style)


_MAKERS: Final[dict[Form, Callable[[IriStyle], Maker]]] = {
    Form.KGX: kgx.KgxMaker,
    Form.GMT: gmt.GmtMaker,
    Form.GMT_SYMBOLS: gmt.GmtMaker,
    Form.BIOTHINGS: biothings.BioThingsMaker,
    Form.BIOTHINGS_HUMAN: biothings_human.HumanMaker,
    Form.SSSOM: sssom.SssomMaker,
    Form.PARQUET: _parquet_maker,
}


class _Release(NamedTuple):
    """What files of forms say of the release they are of."""

    name: str
    date: str
    style: IriStyle


def _writer(
    form: Form,
    folder: Path,
    release: _Release,
    compression: Compression | None,
    joined: Joined,
) -> Writer:
    match form:
        case Form.KGX:
            return kgx.KgxWriter(folder, *release, compression)
        case Form.GMT:
            return gmt.GmtWriter(folder, release.date)
        case Form.GMT_SYMBOLS:
            return gmt.GmtWriter(folder, release.date, symbols=True)
        case Form.BIOTHINGS:
            return LinesWriter(folder, biothings.FILES, compression)
        case Form.BIOTHINGS_HUMAN:
            return biothings_human.HumanWriter(folder, compression)
        case Form.SSSOM:
            return LinesWriter(folder, sssom.files(release.name, release.style, joined.prefixes))
        case _:
            from pfocr_rdf.exporting.forms.parquet import ParquetWriter  # noqa: PLC0415 - needs an extra

            return ParquetWriter(folder, release.name, release.date)
