"""Parquet: the figures, their mentions and the entities as three typed tables.

For people who ask with DuckDB, Polars or Arrow. Identifiers are text, and an entity has one in all
tables, so that they join; lists are lists, and what is not said is null. Row groups are cut by rows alone, so that equal tables are equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Container, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pfocr_rdf.exporting.forms.curies import Curies
from pfocr_rdf.exporting.forms.facts import (
    AlignedEntity,
    FigureFacts,
    MentionFacts,
    local_name,
)
from pfocr_rdf.rdf import (
    DCTERMS,
    PFOCR,
    SCHEMA,
    SITE,
    SKOS,
    IriStyle,
    Kind,
    NodeView,
    classes_of,
    doi_of,
    kind_of,
)
from pfocr_rdf.release import DumpFile, WrittenFile
from pfocr_rdf.release.description import CC0

_MEDIA_TYPE: Final = "application/vnd.apache.parquet"
_TEXT, _TEXTS, _WHOLE = pa.string(), pa.list_(pa.string()), pa.int64()
_CODE = pa.dictionary(pa.int16(), pa.string())

FIGURES: Final = pa.schema(
    [
        pa.field("figid", _TEXT, nullable=False),
        ("alias", _TEXT),
        pa.field("iri", _TEXT, nullable=False),
        pa.field("title", _TEXT, nullable=False),
        ("caption", _TEXT),
        pa.field("pmcid", _TEXT, nullable=False),
        pa.field("paper", _TEXT, nullable=False),
        ("figure_number", _TEXT),
        ("figure_type", _CODE),
        ("file_name", _TEXT),
        ("image_url", _TEXT),
        ("pmc_url", _TEXT),
        ("pathway_score", pa.float64()),
        ("pmc_result_rank", _WHOLE),
        ("organisms", _TEXTS),
        ("organisms_recognized", _TEXTS),
        ("organisms_in_text", _TEXTS),
        ("keywords", _TEXTS),
        ("wikipathways", _TEXTS),
        ("ndex", _TEXT),
        ("redirects_from", _TEXTS),
        ("about", _TEXTS),
        ("license", _TEXT),
        ("creator", _TEXT),
    ]
)
MENTIONS: Final = pa.schema(
    [
        pa.field("figid", _TEXT, nullable=False),
        pa.field("mention", _TEXT, nullable=False),
        pa.field("kind", _CODE, nullable=False),
        ("entity", _TEXT),
        ("recognized_text", _TEXT),
        ("matched_text", _TEXT),
        ("stated_symbol", _TEXT),
        ("lexicon", _CODE),
        ("tier", _CODE),
        ("identified_by", _CODE),
        ("unresolved_reason", _CODE),
        ("candidates", _TEXTS),
        pa.field("occurrences", _WHOLE, nullable=False),
        ("readings", _WHOLE),
        ("also_read_as", _TEXTS),
        pa.field("unambiguous", pa.bool_(), nullable=False),
    ]
)
ENTITIES: Final = pa.schema(
    [
        pa.field("id", _TEXT, nullable=False),
        pa.field("iri", _TEXT, nullable=False),
        pa.field("kind", _CODE, nullable=False),
        ("name", _TEXT),
        ("label_from_figures", _TEXT),
        ("other_names", _TEXTS),
        ("description", _TEXT),
        ("organisms", _TEXTS),
        ("exact_matches", _TEXTS),
        ("close_matches", _TEXTS),
        ("url", _TEXT),
        ("doi", _TEXT),
        ("pmid", _TEXT),
        ("year", pa.int16()),
        ("citation", _TEXT),
        ("keywords", _TEXTS),
        ("part_of", _TEXT),
        ("publisher", _TEXT),
        ("groups", _TEXTS),
    ]
)
TABLES: Final = {
    "figures.parquet": FIGURES,
    "mentions.parquet": MENTIONS,
    "entities.parquet": ENTITIES,
}
_ROWS_A_GROUP: Final = {
    "figures.parquet": 16_384,
    "mentions.parquet": 131_072,
    "entities.parquet": 65_536,
}
"""Rows wait in memory until they are so many; captions make figures the largest."""


class ParquetMaker:
    """Makes batches of rows, as Arrow streams.

    Args:
        style: Of the release's IRIs.
    """

    def __init__(self, style: IriStyle) -> None:
        self._curie = Curies(style).of

    def figures(self, figures: Sequence[FigureFacts]) -> tuple[bytes, ...]:
        """Return the rows of figures and of their mentions."""
        mentions = [
            self._mention(figure.figid, mention, unambiguous)
            for figure in figures
            for unambiguous in [set(figure.said.all(PFOCR.mentionsUnambiguously))]
            for mention in figure.mentions
        ]
        return (
            _stream(FIGURES, [self._figure(figure) for figure in figures]),
            _stream(MENTIONS, mentions),
            b"",
        )

    def entities(self, entities: Sequence[AlignedEntity]) -> tuple[bytes, ...]:
        """Return the rows of entities."""
        rows = [
            self._entity(entity.subject, kind, NodeView(entity))
            for entity, *_ in entities
            if (kind := kind_of(classes_of(entity))) is not None
        ]
        return b"", b"", _stream(ENTITIES, rows)

    def _figure(self, figure: FigureFacts) -> tuple[object, ...]:
        said = figure.said
        score, rank = said.first(PFOCR.pathwayScore), said.first(PFOCR.pmcResultRank)
        return (
            figure.figid,
            figure.alias or None,
            figure.iri,
            figure.title,
            said.first(SCHEMA.description) or None,
            figure.paper.rpartition("/")[2],
            self._id(figure.paper),
            said.first(PFOCR.figureNumber) or None,
            _concept(said.first(PFOCR.figureType)),
            said.first(PFOCR.fileName) or None,
            said.first(SCHEMA.contentUrl) or None,
            said.first(SCHEMA.sameAs) or None,
            float(score) if score else None,
            int(rank) if rank else None,
            self._named(said.all(PFOCR.organism)),
            self._named(said.all(PFOCR.organismRecognized)),
            self._named(said.all(PFOCR.organismInText)),
            said.all(SCHEMA.keywords),
            [self._id(each) for each in said.all(PFOCR.wikiPathway)],
            said.first(PFOCR.ndexNetwork) or None,
            said.all(PFOCR.redirectsFrom),
            said.all(SCHEMA.about),
            said.first(SCHEMA.license) or None,
            said.first(SCHEMA.creator) or None,
        )

    def _mention(
        self, figid: str, mention: MentionFacts, unambiguous: Container[str]
    ) -> tuple[object, ...]:
        return (
            figid,
            mention.id,
            mention.kind,
            self._id(mention.entity),
            mention.word or None,
            mention.match or None,
            mention.symbol or None,
            _concept(mention.lexicon),
            _concept(mention.tier),
            _concept(mention.method),
            _concept(mention.reason),
            self._named(mention.candidates),
            mention.occurrences,
            mention.readings or None,
            list(mention.also_read_as),
            mention.entity in unambiguous,
        )

    def _entity(self, iri: str, kind: Kind, said: NodeView) -> tuple[object, ...]:
        year = said.first(SCHEMA.datePublished)
        doi = next(
            (doi_of(stated) for stated in said.all(SCHEMA.identifier) if stated.startswith("doi:")),
            None,
        )
        pmids = [i for i in said.all(SCHEMA.identifier) if i.startswith("pmid:")]
        pmid = pmids[0].removeprefix("pmid:") if pmids else None
        return (
            self._curie(iri) or iri,
            iri,
            str(kind),
            said.first(SCHEMA.name) or None,
            said.first(PFOCR.labelFromFigures) or None,
            said.all(SCHEMA.alternateName),
            said.first(SCHEMA.description) or None,
            self._named(said.all(SCHEMA.taxonomicRange)),
            self._named(said.all(SKOS.exactMatch)),
            self._named(said.all(SKOS.closeMatch)),
            said.first(SCHEMA.url) or None,
            doi,
            pmid,
            int(year) if year else None,
            said.first(DCTERMS.bibliographicCitation) or None,
            said.all(SCHEMA.keywords),
            self._id(said.first(SCHEMA.isPartOf)),
            self._id(said.first(SCHEMA.publisher)),
            said.all(PFOCR.taxonGroup),
        )

    def _id(self, iri: str) -> str | None:
        """Return the CURIE of an entity, its IRI when it has none, None for ""."""
        return self._curie(iri) or iri or None

    def _named(self, iris: Iterable[str]) -> list[str]:
        return [self._curie(iri) or iri for iri in iris]


def _concept(iri: str) -> str | None:
    return local_name(iri) if iri else None


def _stream(schema: Any, rows: Sequence[tuple[object, ...]]) -> bytes:
    if not rows:
        return b""
    columns = [
        pa.array(column, field.type)
        for column, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    batch = pa.record_batch(columns, schema=schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


class ParquetWriter:
    """Writes the tables.

    Args:
        folder: Where they go.
        name: Of the release, or "".
        date: Of the release, YYYY-MM-DD.
    """

    def __init__(self, folder: Path, name: str, date: str) -> None:
        self._stack = ExitStack()
        said = {"release": name, "date": date, "license": str(CC0), "source": SITE}
        self._tables = [
            _Table(folder, table, schema.with_metadata(said), self._stack)
            for table, schema in TABLES.items()
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, pieces: Sequence[bytes]) -> None:
        """Append a batch of rows to each table."""
        for table, piece in zip(self._tables, pieces, strict=True):
            if piece:
                table.append(piece)

    def close(self) -> list[WrittenFile]:
        """Finish the tables."""
        return [table.close() for table in self._tables]


class _Table:
    """One table: rows wait until they fill a row group."""

    def __init__(self, folder: Path, name: str, schema: Any, stack: ExitStack) -> None:
        self._file = stack.enter_context(DumpFile(folder, name, _MEDIA_TYPE, None))
        self._schema = schema
        self._waiting: list[Any] = []
        self._rows = 0
        self._group = _ROWS_A_GROUP[name]
        self._writer = pq.ParquetWriter(_Sink(self._file.write), schema, compression="zstd")
        stack.callback(self._writer.close)

    def append(self, stream: bytes) -> None:
        with pa.ipc.open_stream(stream) as reader:
            table = reader.read_all()
        self._waiting.append(table)
        self._rows += len(table)
        while self._rows >= self._group:
            self._write_group(self._group)

    def close(self) -> WrittenFile:
        if self._rows:
            self._write_group(self._rows)
        self._writer.close()
        return self._file.close()

    def _write_group(self, rows: int) -> None:
        whole = pa.concat_tables(self._waiting).unify_dictionaries().cast(self._schema)
        self._writer.write_table(whole.slice(0, rows), row_group_size=rows)
        rest = whole.slice(rows)
        self._waiting, self._rows = ([rest] if len(rest) else []), len(rest)


class _Sink(io.RawIOBase):
    """A function that takes bytes, as the file that pyarrow writes to."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        super().__init__()
        self._write = write
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: Any, /) -> int:
        content = bytes(data)
        self._write(content)
        self._position += len(content)
        return len(content)
