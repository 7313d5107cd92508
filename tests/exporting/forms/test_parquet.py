"""The three tables, read back by pyarrow, DuckDB and Polars: what the dump says, typed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from pfocr_rdf.exporting.forms import parquet
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from tests.support.formed import entities_of, figures_of, formed, gene_links, said
from tests.support.pages import page
from tests.support.releases import SharedReleases
from tests.support.samples import Sample

NAMES = ("figures.parquet", "mentions.parquet", "entities.parquet")


@pytest.fixture(scope="module")
def sample_out(sample: Sample, releases: SharedReleases) -> Path:
    return releases.of_sample(sample)


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def test_the_tables_have_their_types(sample_out: Path) -> None:
    for name, schema in parquet.TABLES.items():
        assert pq.read_schema(sample_out / name).equals(schema), name
        for field in schema:
            if not field.nullable:
                assert pq.read_table(sample_out / name)[field.name].null_count == 0
    assert tuple(parquet.TABLES) == NAMES


def test_figures_and_mentions_are_those_of_the_dump(sample_out: Path) -> None:
    figures = {row["figid"]: row for row in rows(sample_out / NAMES[0])}
    mentions = {(row["figid"], row["mention"]): row for row in rows(sample_out / NAMES[1])}
    assert len(mentions) == len(rows(sample_out / NAMES[1]))
    seen = 0
    for dumped in figures_of(sample_out):
        facts = said(dumped.figure)
        (figid,) = facts[SCHEMA.identifier]
        row = figures.pop(figid)
        assert row["iri"] == dumped.figure.subject
        assert row["title"] == facts[SCHEMA.name][0]
        assert row["caption"] == facts[SCHEMA.description][0]
        assert row["pmcid"] == figid.partition("__")[0]
        assert row["pathway_score"] == pytest.approx(float(facts[PFOCR.pathwayScore][0]))
        assert row["keywords"] == facts.get(SCHEMA.keywords, [])
        assert len(row["organisms"]) == len(facts.get(PFOCR.organism, ()))
        assert row["figure_type"] == facts[PFOCR.figureType][0].removeprefix(PFOCR.base)
        assert len(row["organisms_in_text"]) == len(facts.get(PFOCR.organismInText, ()))
        for mention in dumped.mentions:
            says = said(mention)
            got = mentions.pop((figid, mention.subject.partition("#")[2]))
            assert f"{got['kind'].capitalize()}Mention" == says[RDF.type][0].partition("#")[2]
            assert (got["entity"] is not None) == (OA.hasBody in says)
            assert got["recognized_text"] == says.get(PFOCR.recognizedText, [None])[0]
            assert got["matched_text"] == says.get(PFOCR.matchedText, [None])[0]
            assert got["stated_symbol"] == says.get(PFOCR.statedSymbol, [None])[0]
            for column, predicate in (
                ("lexicon", PFOCR.lexicon),
                ("tier", PFOCR.matchTier),
                ("identified_by", PFOCR.identifiedBy),
                ("unresolved_reason", PFOCR.unresolvedReason),
            ):
                expected = says.get(predicate, [None])[0]
                assert got[column] == (expected and expected.removeprefix(PFOCR.base))
            assert len(got["candidates"]) == len(says.get(PFOCR.candidate, ()))
            assert got["occurrences"] == int(says[PFOCR.occurrences][0])
            assert got["readings"] == (int(says.get(PFOCR.readings, [0])[0]) or None)
            others = [iri.partition("#")[2] for iri in says.get(PFOCR.alsoReadAs, ())]
            assert got["also_read_as"] == others
            body = says.get(OA.hasBody, [""])[0]
            assert got["unambiguous"] == (body in facts.get(PFOCR.mentionsUnambiguously, ()))
            seen += 1
    assert figures == mentions == {}
    assert seen > 300


def test_entities_are_those_of_the_dump(sample_out: Path) -> None:
    found = {row["iri"]: row for row in rows(sample_out / NAMES[2])}
    kinds = Counter(row["kind"] for row in found.values())
    classes = Counter(said(entity)[RDF.type][0] for entity in entities_of(sample_out))
    assert kinds["gene"] == classes[SCHEMA.Gene]
    assert kinds["paper"] == classes[SCHEMA.ScholarlyArticle]
    assert kinds["organism"] == classes[SCHEMA.Taxon]
    assert len({row["id"] for row in found.values()}) == len(found)
    for entity in entities_of(sample_out):
        facts, row = said(entity), found.get(entity.subject)
        if row is not None:
            assert row["name"] == facts.get(SCHEMA.name, [None])[0]
    (paper,) = (row for row in found.values() if row["id"] == "PMC:PMC11967956")
    assert paper["year"] == 2025
    assert paper["doi"].startswith("10.1371/")


def test_duckdb_finds_the_same_genes(sample_out: Path) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT m.figid, replace(m.entity, 'NCBIGene:', '') FROM read_parquet(?) m "
            "JOIN read_parquet(?) e ON e.id = m.entity WHERE e.kind = 'gene' GROUP BY ALL",
            [str(sample_out / NAMES[1]), str(sample_out / NAMES[2])],
        ).fetchall()
    assert set(found) == gene_links(sample_out)
    assert len(found) == len(gene_links(sample_out))


def test_polars_reads_them(sample_out: Path) -> None:
    mentions = pl.read_parquet(sample_out / NAMES[1])
    genes = mentions.filter((pl.col("kind").cast(str) == "gene") & pl.col("entity").is_not_null())
    counts = dict(genes.group_by("figid").agg(pl.col("entity").n_unique()).iter_rows())
    assert counts == Counter(figid for figid, _ in gene_links(sample_out))
    figures = pl.read_parquet(sample_out / NAMES[0])
    assert figures.schema["pathway_score"] == pl.Float64
    assert figures.schema["organisms"] == pl.List(pl.String)


def test_row_groups_are_cut_by_rows(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_out: Path
) -> None:
    monkeypatch.setattr(parquet, "_ROWS_A_GROUP", dict.fromkeys(NAMES, 40))
    out = formed(seeds, tmp_path / "out", Form.PARQUET)
    described = pq.ParquetFile(out / NAMES[1]).metadata
    sizes = [described.row_group(i).num_rows for i in range(described.num_row_groups)]
    assert sizes[:-1] == [40] * (len(sizes) - 1)
    assert sum(sizes) == described.num_rows > 100
    assert 0 < sizes[-1] <= 40
    one = formed(seeds, tmp_path / "one", Form.PARQUET, shard_size=1)
    for name in NAMES:
        assert (one / name).read_bytes() == (out / name).read_bytes()
    monkeypatch.undo()
    whole = formed(seeds, tmp_path / "whole", Form.PARQUET)
    assert rows(whole / NAMES[1]) == rows(out / NAMES[1])


def test_a_release_without_mentions_has_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "PMC1__a.md").write_text(page("PMC1__a"), encoding="utf-8")
    out = formed(tmp_path, tmp_path / "out", Form.PARQUET)
    assert [pq.read_table(out / name).num_rows for name in NAMES[:2]] == [1, 0]


def test_tables_join_by_one_identifier(sample_out: Path) -> None:
    figures, entities, mentions = (
        f"'{sample_out / name}.parquet'" for name in ("figures", "entities", "mentions")
    )
    for column, table in (
        ("paper", figures),
        ("unnest(organisms)", figures),
        ("entity", mentions),
        ("part_of", entities),
        ("publisher", entities),
        ("unnest(organisms)", entities),
    ):
        lost = (
            duckdb.connect()
            .execute(
                f"SELECT count(*) FROM (SELECT {column} AS id FROM {table}) t "
                f"LEFT JOIN {entities} e ON e.id = t.id WHERE t.id IS NOT NULL AND e.id IS NULL"
            )
            .fetchall()
        )
        assert lost == [(0,)], column


def test_a_table_says_what_release_it_is_of(sample_out: Path) -> None:
    for name in NAMES:
        metadata = pq.read_schema(sample_out / name).metadata
        assert set(metadata) >= {b"release", b"date", b"license", b"source"}
        assert metadata[b"license"] == b"https://creativecommons.org/publicdomain/zero/1.0/"
