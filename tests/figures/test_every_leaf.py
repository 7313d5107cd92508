"""Nothing is lost: every leaf and row of a page is in its graph or in the books, with a reason.

The leaves are found with PyYAML's BaseLoader and the rows by splitting at tabs; where a value
must stand is said here a second time, from the description of the graph and not from the code.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ftfy
import orjson
import pytest
import yaml
from hypothesis import given, note
from hypothesis import strategies as st

from pfocr_rdf.figures.decode.page import TableText
from pfocr_rdf.figures.pipeline import FigureOutcome
from pfocr_rdf.figures.read.sources import RawTable
from pfocr_rdf.figures.read.tables import parse_table
from pfocr_rdf.findings import Counted, Outcome
from pfocr_rdf.rdf.iris import our_iri
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import DCTERMS, OA, PFOCR, RDF, SCHEMA
from tests.support.pathway_pages import (
    FIGID,
    Fields,
    Real,
    Said,
    Tables,
    all_real,
    base_tree,
    fields,
    outcome_of,
    pipeline,
    walk,
    written,
)
from tests.support.readers import FORMATS, oxigraph_triples, rendered
from tests.support.samples import Sample

SITE = "https://pfocr.wikipathways.org/"
MISSING = frozenset(("", "NA", ".na.character"))
NO_NAMES = frozenset(("null", "none", "nan", "n/a"))

Where = tuple[tuple[IRI, ...], Callable[[str], list[str]]]


def _same(value: str) -> list[str]:
    return [value]


def _mended(value: str) -> list[str]:
    return [ftfy.fix_encoding(value).replace("‚Äê", "‐")]


def _decimal(value: str) -> list[str]:
    return [format(Decimal(value), "f")]


def _lexicon(value: str) -> list[str]:
    if re.fullmatch("(hgnc|ncbigene|bioentities|famplex)_[a-z_]+|MESH", value):
        return _camel(value.replace("MESH", "mesh"))
    return [our_iri("lexicon", value)]


def _camel(value: str) -> list[str]:
    first, *others = re.split("[ _]", value)
    return [PFOCR.base + first + "".join(word.capitalize() for word in others)]


def _names(value: str) -> list[str]:
    names = [" ".join(name.split()) for name in value.split(",")]
    return [name for name in names if name not in MISSING and name.lower() not in NO_NAMES]


_NAME = (SCHEMA.name, SCHEMA.alternateName)
WHERE: dict[str, Where] = {
    "figid": ((SCHEMA.identifier,), _same),
    "figid_alias": ((SCHEMA.alternateName,), _same),
    "figtitle": ((SCHEMA.name,), _mended),
    "caption": ((SCHEMA.description,), _mended),
    "number": ((PFOCR.figureNumber,), _same),
    "figtype": ((PFOCR.figureType,), lambda v: [PFOCR.base + v.title().replace(" ", "")]),
    "filename": ((PFOCR.fileName,), _same),
    "figlink": (
        (SCHEMA.sameAs,),
        lambda v: [f"https://pmc.ncbi.nlm.nih.gov/{v.strip('/').removeprefix('pmc/')}/"],
    ),
    **{
        key: ((PFOCR.redirectsFrom,), lambda v: [SITE + v.strip("/")])
        for key in ("redirect_from", "redirect_from[]")
    },
    "automl_pathway": ((PFOCR.pathwayScore,), _decimal),
    "pathway_score": ((PFOCR.pathwayScore,), _decimal),
    "pmc_ranked_result_index": ((PFOCR.pmcResultRank,), _same),
    "ndex": (
        (PFOCR.ndexNetwork,),
        lambda v: [f"https://www.ndexbio.org/viewer/networks/{v.lower()}"],
    ),
    **{
        key: (
            (PFOCR.wikiPathway,),
            lambda v: [f"https://identifiers.org/wikipathways/{v.partition('_')[0]}"],
        )
        for key in ("wpid", "wpid[]")
    },
    "organisms": (_NAME, _names),
    "organisms[]": (_NAME, lambda v: [" ".join(v.split())]),
    "organisms_ner": (_NAME, _names),
    "organisms_ner[]": (_NAME, lambda v: [" ".join(v.split())]),
    "annotations": (_NAME, _same),
    "annotations[]": (_NAME, _same),
    "annotations[].value": (_NAME, _same),
    "annotations[].type": (_NAME, _same),
    "pmcid": ((SCHEMA.isPartOf,), lambda v: [f"http://identifiers.org/pmc/{v}"]),
    "papertitle": (_NAME, _mended),
    "reftext": ((DCTERMS.bibliographicCitation,), _mended),
    "year": ((SCHEMA.datePublished,), _same),
    "doi": ((SCHEMA.identifier,), lambda v: [f"doi:{v.lower()}"]),
    "journal_title": (_NAME, _mended),
    "journal_nlm_ta": (_NAME, _mended),
    "publisher_name": (_NAME, _mended),
    "keywords": ((SCHEMA.keywords,), lambda v: _mended(v)[0].split(" | ")),
    "schema-jsonld.license": (
        (SCHEMA.license,),
        lambda v: [v.replace("CC0", "https://creativecommons.org/publicdomain/zero/1.0/")],
    ),
    # Only where the page has no caption; else it is merged with it.
    "schema-jsonld.description": ((SCHEMA.description,), _mended),
    "schema-jsonld.creator": ((SCHEMA.name,), _same),
    "schema-jsonld.creator.name": ((SCHEMA.name,), _same),
    "schema-jsonld.creator.@type": ((RDF.type,), lambda v: [SCHEMA.base + v]),
    "schema-jsonld.keywords": ((SCHEMA.keywords,), _same),
    "schema-jsonld.keywords[]": ((SCHEMA.keywords,), _same),
    "genes[].word": ((PFOCR.recognizedText,), _same),
    "genes[].symbol": ((PFOCR.matchedText,), _same),
    "genes[].source": ((PFOCR.lexicon,), _lexicon),
    "genes[].hgnc_symbol": ((PFOCR.statedSymbol,), lambda v: [v.strip()]),
    "genes[].entrez": ((OA.hasBody,), lambda v: [f"http://identifiers.org/ncbigene/{v}"]),
} | {
    f"{kind}[].{name}": where
    for kind in ("chemicals", "diseases")
    for name, where in {
        "word": ((PFOCR.recognizedText,), _same),
        "source": ((PFOCR.lexicon,), _lexicon),
        "identifier": ((OA.hasBody,), lambda v: [f"http://id.nlm.nih.gov/mesh/{v}"]),
    }.items()
}


def unaccounted(tree: object, outcome: FigureOutcome) -> Iterator[str]:
    """Yield each leaf that is neither in the graph, where it must be, nor in the books."""
    assert outcome.graph is not None
    booked = {entry.path for entry in outcome.entries if entry.kind is Counted.LEAF}
    said = Said(outcome.graph)
    for path, value in walk(tree):
        # NUL is the one character that is taken out.
        path, value = path.replace("\0", ""), value.replace("\0", "")
        if path in booked:
            continue
        predicates, expected = WHERE.get(re.sub(r"\[\d+\]", "[]", path), ((), _same))
        found = {text for predicate in predicates for text in said.by_predicate.get(predicate, ())}
        if not predicates or not found.issuperset(expected(value)):
            yield f"{path}: {value!r}"


def rows_of(table: RawTable) -> Iterator[dict[str, str]]:
    """Yield the rows of a table by column; missing cells are not in them."""
    header, *lines = table.text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    for line in lines:
        cells = dict(zip(header.split("\t"), line.split("\t"), strict=True))
        yield {name: cell for name, cell in cells.items() if cell not in ("", "NA")}


def mention_of(row: dict[str, str], kind: Kind, said: Said) -> str:
    """Return the IRI of the one mention that says what a row says."""
    body = reason = ""
    if kind is Kind.GENE:
        body = "http://identifiers.org/ncbigene/" + row["ncbigene_id"]
    elif "chebi" in row:
        body = "http://purl.obolibrary.org/obo/" + row["chebi"].replace("chebi:", "CHEBI_")
    elif "doid" in row:
        body = "http://purl.obolibrary.org/obo/" + row["doid"].replace("DOID:", "DOID_")
    elif "mesh" in row or row.get("source") == "MESH":
        number = row.get("mesh") or row["identifier"]
        body = "http://id.nlm.nih.gov/mesh/" + number.removeprefix("mesh:")
    else:
        reason = PFOCR.NoIdentifier
    wanted = {
        RDF.type: PFOCR.base + kind.value.capitalize() + "Mention",
        PFOCR.recognizedText: row.get("word", ""),
        PFOCR.matchedText: row.get("match", ""),
        PFOCR.statedSymbol: row.get("ncbigene_symbol", ""),
        PFOCR.lexicon: _lexicon(row["source"])[0] if "source" in row else "",
        OA.hasBody: body,
        PFOCR.unresolvedReason: reason,
    }
    found = [
        subject
        for subject, values in said.by_subject.items()
        if OA.hasTarget in values
        and all(said.one(subject, predicate) == value for predicate, value in wanted.items())
    ]
    assert len(found) == 1, (row, found)
    if "organism_id" in row:
        taxon = "http://purl.obolibrary.org/obo/NCBITaxon_" + row["organism_id"]
        assert said.of(body, SCHEMA.taxonomicRange) == [taxon]
        assert row["organism_name"] in (
            *said.of(taxon, SCHEMA.name), *said.of(taxon, SCHEMA.alternateName)
        )  # fmt: skip
        assert row["organism_group"] in said.of(taxon, PFOCR.taxonGroup)
    if "name" in row:
        assert row["name"] in (*said.of(body, SCHEMA.name), *said.of(body, SCHEMA.alternateName))
    if "chebi" in row and "mesh" in row:
        mesh = "http://id.nlm.nih.gov/mesh/" + row["mesh"].removeprefix("mesh:")
        assert mesh in said.by_predicate[IRI("http://www.w3.org/2004/02/skos/core#closeMatch")]
    return found[0]


@pytest.fixture(scope="module")
def real(
    sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Real]]:
    """All real pages, as they are today, as they were, and the seeds."""
    return all_real(sample, seeds, tmp_path_factory.getbasetemp())


def everything(real: dict[str, list[Real]]) -> list[Real]:
    return [one for group in real.values() for one in group]


def test_every_real_page_is_read(real: dict[str, list[Real]]) -> None:
    assert {name: len(group) for name, group in real.items()} == {
        "today": 14,
        "old": 5,
        "seeds": 5,
    }
    tables = sum(len(one.raw.tables) for one in everything(real))
    assert tables == 19
    assert all(one.outcome.graph is not None for one in everything(real))


def test_every_leaf_of_every_real_page_is_in_the_graph_or_in_the_books(
    real: dict[str, list[Real]],
) -> None:
    lost = []
    for one in everything(real):
        assert one.raw.page is not None
        tree = base_tree(one.raw.page)
        assert one.outcome.ledger.came_in[Counted.LEAF] == len(list(walk(tree))), one.raw.name
        lost += [f"{one.raw.name}: {leaf}" for leaf in unaccounted(tree, one.outcome)]
    assert lost == []


def test_every_row_of_every_real_table_is_a_mention_as_often_as_it_stands_there(
    real: dict[str, list[Real]],
) -> None:
    for one in everything(real):
        said = Said(one.graph)
        times: Counter[str] = Counter()
        for table in one.raw.tables:
            times.update(mention_of(row, table.kind, said) for row in rows_of(table))
        stated = {
            subject: int(said.one(subject, PFOCR.occurrences))
            for subject in times
        }  # fmt: skip
        assert stated == times, one.raw.name
        of_rows = {
            m.subject for m in one.graph.mentions if PFOCR.recognizedText in dict(m.properties)
        }
        if one.raw.tables:
            assert of_rows == set(times), "a mention that no row makes"


def test_every_row_that_stands_in_a_page_is_a_mention_as_often_as_it_stands_there(
    real: dict[str, list[Real]],
) -> None:
    for one in everything(real):
        assert one.raw.page is not None
        tree = base_tree(one.raw.page)
        for key in ("genes", "chemicals", "diseases"):
            rows = tree.get(key, [])
            occurrences = [
                mention.occurrences
                for mention, _ in one.graph.links
                if mention.field.startswith(f"{key}[")
            ]
            assert sum(occurrences) == len(rows), f"{one.raw.name}: {key}"
            assert len(occurrences) == len({tuple(sorted(row.items())) for row in rows})


def test_all_books_balance(real: dict[str, list[Real]]) -> None:
    for one in everything(real):
        ledger = one.outcome.ledger
        assert ledger.imbalances() == [], one.raw.name
        named = Counter((entry.kind, entry.reason) for entry in one.outcome.entries)
        for (kind, outcome, reason), count in ledger.outcomes.items():
            if outcome is not Outcome.EMITTED and kind is Counted.LEAF:
                assert named[kind, reason] == count, (one.raw.name, reason)


def test_real_pages_conform_to_the_shapes(real: dict[str, list[Real]]) -> None:
    found = [f for one in everything(real) for f in one.outcome.findings]
    assert [f for f in found if f.code == "shape-violation"] == []


# --- pages as nobody made them ---------------------------------------------------------------

NASTY = [
    "", "NA", ".na.character", "~", "null", " ", "NO", "08", "1e3", "1e-999999999", "-0", "9" * 5000,
    "2001-12-01", "x" * 300, "a\tb", "a\nb", 'q"uo\'te', "<a>", "a b", "a|b", "{x}", "\\", "^`",
    "http://x/%zz", "http://x/[y]", "10.1234/a b", "10.1234/é\ue000#?%", "../..", "PMC1__a/../b",
    "PMC999__x", "\x01\x7f", "\x85\u2028", "a\x00b", "Homo sapiens, prion , NA", "Cancer â€“ x",
    "D005947", "mesh:D1", "chebi:0", "DOID:162", "8600", "08600", "hgnc_symbol", "made_up", "TRAP",
    "NULL", "N/A", "None", "TNF ", " 8600", "1-Mar", "WP123_r4", "human", "‚Äê", "a\u00a0",
    "Ca2+", "WP123", "/figures/PMC1__F1", "6c5e1f14-0d10-11e8-b939-0ac135e8bacf", "\U000f0001",
]  # fmt: skip
OTHERS: list[Any] = [
    None,
    [],
    {},
    ["a"],
    [["a"], None],
    {"a": "b"},
    [{"a": ["b", {}]}],
    True,
    7,
    1.5,
]

GENE_HEADER = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\tsource"
    "\tcount_direct\tcount_synonym\tcount_match"
)
BASE_TABLES: dict[Kind, str] = {
    Kind.GENE: f"{GENE_HEADER}\n"
    "9606\tHomo sapiens\tPrimates\tRANKL\tRANKL\tTNFSF11\t8600\tncbigene_synonym\t1\t2\t3\n"
    "10090\tMus musculus\tRodents\tMast\tMAST\tSpg21\t27965\tncbigene_symbol\tNA\t5\t3\n",
    Kind.CHEMICAL: "word\tmesh\tmatch\tname\tchebi\n"
    "Ca2+\tmesh:D002118\tCalcium\tcalcium atom\tchebi:22984\nNO\tNA\tNA\tNA\tNA\n",
    Kind.DISEASE: "word\tmesh\tmatch\tname\tdoid\ncancer\tNA\tcancer\tcancer\tDOID:162\n",
}
FULL = fields(
    figid_alias="PMC1000001__F1",
    redirect_from="/figures/PMC1000001__F1",
    journal_title="Biomolecules",
    journal_nlm_ta="Biomolecules",
    publisher_name="MDPI",
    keywords="ER stress | UPR",
    pathway_score="0.9",
    pmc_ranked_result_index="17",
    annotations=[{"type": "Pathway Ontology", "value": "apoptosis"}, "plain"],
    seo="CreativeWork",
    ndex="",
    wpid="WP5283",
    genes=[
        {"word": "RANKL", "symbol": "RANKL", "source": "hgnc_alias_symbol",
         "hgnc_symbol": "TNFSF11", "entrez": "8600"},
        {"word": "PKA+", "symbol": "PKA", "source": "bioentities_symbol",
         "hgnc_symbol": "PRKACA", "entrez": "5566"},
    ],
    chemicals=[{"word": "Ca2+", "source": "MESH", "identifier": "D002118"}],
    diseases=[],
)  # fmt: skip


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a tree."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


@st.composite
def mutated_fields(draw: st.DrawFn) -> Fields:
    """A page with some of its values dropped, replaced, retyped, moved or said twice."""
    tree = copy.deepcopy(FULL)
    if draw(st.booleans()):
        for key in ("genes", "chemicals", "diseases"):
            del tree[key]
    anything = st.sampled_from([*NASTY, *OTHERS]) | st.text(max_size=20)
    for _ in range(draw(st.integers(0, 4))):
        ways = [way for way in places(tree) if way != ("figid",)]
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        inner: Any = tree
        for step in way:
            inner = inner[step]
        match draw(st.sampled_from(["drop", "replace", "wrap", "again", "rename"])):
            case "drop":
                del inner[last]
            case "replace":
                inner[last] = copy.deepcopy(draw(anything))
            case "wrap":
                inner[last] = [inner[last], copy.deepcopy(inner[last])]
            case "again" if isinstance(inner, list):
                inner.append(copy.deepcopy(inner[last]))
            case "rename" if isinstance(inner, dict):
                inner[draw(st.sampled_from(NASTY))] = inner.pop(last)
            case _:
                pass
    return tree


@st.composite
def mutated_tables(draw: st.DrawFn) -> Tables:
    """Tables with cells, lines and line ends changed."""
    tables = {}
    for kind, text in BASE_TABLES.items():
        if draw(st.booleans()):
            continue
        rows = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
        for _ in range(draw(st.integers(0, 3))):
            row = draw(st.sampled_from(rows))
            at = draw(st.integers(0, max(len(row) - 1, 0)))
            match draw(st.sampled_from(["cell", "short", "long", "again", "blank"])):
                case "cell" if row:
                    row[at] = draw(st.sampled_from(NASTY) | st.text(max_size=8))
                case "short" if row:
                    del row[at]
                case "long":
                    row.insert(at, draw(st.sampled_from(NASTY)))
                case "again":
                    rows.append(list(row))
                case _:
                    rows.insert(at, [])
        end = draw(st.sampled_from(["\n", "\r\n"]))
        tables[kind] = end.join("\t".join(row) for row in rows) + draw(st.sampled_from(["", end]))
    return tables


def check(outcome: FigureOutcome) -> None:
    """Hold an outcome to what must be true of every page in the world."""
    assert outcome.ledger.imbalances() == []
    assert all(orjson.loads(finding.line()) for finding in outcome.findings)
    if outcome.graph is None:
        assert any(f.severity == "error" for f in outcome.findings)
        return
    prefixes = pipeline().prefixes
    triples = {triple for node in outcome.graph.nodes() for triple in node.triples()}
    for triple in triples:
        for term in triple:
            if isinstance(term, str):
                assert re.fullmatch(r"[a-z]+:[^\x00-\x20<>\"{}|\\^`]+", term), term
    for name in FORMATS:
        assert oxigraph_triples(rendered(outcome.graph, name, prefixes), name) == triples, name


@pytest.mark.whole
@given(mutated_fields(), mutated_tables())
def test_no_page_breaks_a_run_the_books_or_the_graph(tree: Fields, tables: Tables) -> None:
    outcome = outcome_of(tree, tables)
    note(str(outcome.findings))
    check(outcome)
    lines = sum(
        len(parsed.rows) + parsed.malformed
        for kind, text in tables.items()
        for parsed in [TableText(kind, parse_table(text, ""), "").table]
    )
    kinds = (Counted.GENE_ROW, Counted.CHEMICAL_ROW, Counted.DISEASE_ROW)
    inline = sum(
        len(tree[key])
        for key in ("genes", "chemicals", "diseases")
        if isinstance(tree.get(key), list)
    )
    assert sum(outcome.ledger.came_in[kind] for kind in kinds) == lines + inline


@given(mutated_fields())
def test_no_leaf_of_any_page_is_lost(tree: Fields) -> None:
    # As escapes, because PyYAML itself takes U+0085 for the end of a line.
    text = written(tree, escaped=True)
    outcome = outcome_of(text)
    leaves = base_tree(text)
    assert outcome.ledger.came_in[Counted.LEAF] == len(list(walk(leaves)))
    if outcome.graph is not None:
        assert list(unaccounted(leaves, outcome)) == []


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.sampled_from(NASTY)), max_size=3)
)  # fmt: skip
def test_no_damaged_text_breaks_a_run(cuts: list[tuple[float, int, str]]) -> None:
    text = written(FULL)
    for where, length, new in cuts:
        at = int(where * len(text))
        text = text[:at] + new + text[at + length :]
    check(outcome_of(text))


def test_a_page_that_is_skipped_is_in_the_books_whole() -> None:
    tree = fields(figid="no figid")
    outcome = outcome_of(tree, BASE_TABLES)
    assert outcome.graph is None
    skipped = {
        (kind, reason): count
        for (kind, of, reason), count in outcome.ledger.outcomes.items()
        if of is Outcome.SKIPPED
    }
    assert skipped == {
        (Counted.PAGE, "bad-figid"): 1,
        (Counted.LEAF, "bad-figid"): len(list(walk(yaml.safe_load(yaml.safe_dump(tree))))),
        (Counted.GENE_ROW, "bad-figid"): 2,
        (Counted.CHEMICAL_ROW, "bad-figid"): 2,
        (Counted.DISEASE_ROW, "bad-figid"): 1,
    }
    assert FIGID not in str(outcome.graph)
