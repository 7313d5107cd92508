"""The export composed: inputs -> figures -> entities -> other forms -> a published release.

The steps and their order stand here once, whoever does the work and wherever it is written
(see `engine`). What a figure becomes is decided in `pipeline`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pfocr_rdf.errors import IntegrityError, UsageError
from pfocr_rdf.exporting.changes import Changes
from pfocr_rdf.exporting.engine import Engine, Place
from pfocr_rdf.exporting.forms import CrateFacts, Form, make_forms, published, write_crate
from pfocr_rdf.exporting.local import LocalEngine, LocalFolder
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.publishable import refuse_empty, refuse_errors, refuse_shrunk
from pfocr_rdf.figures import Settings, orphan_map_rows, orphan_tables, read_side_tables
from pfocr_rdf.figures.join import JoinFiles, open_join_files
from pfocr_rdf.figures.link import GeneTable, load_gene_table
from pfocr_rdf.figures.map import CATALOG, FIGURE_CLASSES, organism_node
from pfocr_rdf.figures.read import InputDigest
from pfocr_rdf.findings import Finding, Severity
from pfocr_rdf.rdf import IRI, Iris, figid_of
from pfocr_rdf.release import (
    MANIFEST,
    REPORT_FILE,
    VOID_FILE,
    InputHashes,
    OnProgress,
    Progress,
    Report,
    WrittenFile,
    manifest_json,
    staged_release,
    unseen,
    write_whole,
)
from pfocr_rdf.release.counts import Classes, Tally
from pfocr_rdf.release.description import Input, dataset_nodes, void_file, void_nodes

_JSON = "application/json"


class ExportResult(NamedTuple):
    """What a finished export leaves: its folder, its report, and the files in it.

    `changes` is how its pages differ from those of the release that it replaced, None when
    there was none. `damaged` is how many entries of the ledgers of earlier runs were found
    damaged; what they spoke of was made anew. `left_out` are the rows of the HGNC table that could
    not be used.
    """

    folder: Path
    report: Report
    files: tuple[WrittenFile, ...]
    changes: Changes | None = None
    damaged: int = 0
    left_out: tuple[Finding, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error; under `strict` there is no such result."""
        return self.report.severities()[Severity.ERROR] > 0


def export(
    inputs: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    options: ExportOptions | None = None,
    on_progress: OnProgress = unseen,
) -> ExportResult:
    """Export figures as a validated release; publish it whole, or not at all.

    Args:
        inputs: Pages, folders of pages, checkouts, or archives of one.
        out: The folder that becomes the release; an earlier release there is replaced.
        options: See `ExportOptions`.
        on_progress: Called after every batch.

    Raises:
        InputError: An input cannot be read at all, holds no page, or none that is a figure.
        StrictError: There are errors, and `options.strict` is set.
        ShrinkError: It has far fewer figures than the release there.
        OutputError: The release cannot be written; an earlier one is untouched.
        WorkerError: A worker process was killed.
        IntegrityError: The totals do not balance; nothing is published.
        KeyboardInterrupt: As ever. What is done is left for the next run, like what a killed
            run or worker leaves; a note on the exception says so.
    """
    options = options or ExportOptions()
    options.check()
    if isinstance(inputs, (str, os.PathLike)):
        raise UsageError(f"export: expected a list of inputs, found one (write [{str(inputs)!r}])")
    if not inputs:
        raise UsageError("no input given (a page, a folder, a checkout or an archive)")
    paths, folder = [Path(each) for each in inputs], Path(out)
    table = load_gene_table(options.hgnc)
    joins = open_join_files(options.pmc_ids, options.mesh, options.mappings)
    with (
        staged_release(folder) as stage,
        LocalEngine(paths, stage, Path(os.path.realpath(folder)), options) as engine,
    ):
        place = LocalFolder(stage.folder)
        report, files = write_release(table, joins, options, engine, place, on_progress)
    return ExportResult(folder, report, files, engine.changes, engine.damaged, table.left_out)


def write_release(
    table: GeneTable,
    joins: JoinFiles,
    options: ExportOptions,
    engine: Engine,
    place: Place,
    on_progress: OnProgress,
) -> tuple[Report, tuple[WrittenFile, ...]]:
    """Read everything, write everything, balance the ledger, and declare the release.

    Returns:
        The report, and the files of the release, the manifest last.

    Raises:
        PfocrError: See `export`; also when files are not what was written.
    """
    report = Report(release=options.release, table=table.release, validated=options.validate)
    hashes = InputHashes()
    iris = Iris(options.style)
    edition = options.edition(table.release)

    corpus = engine.corpus()
    side = read_side_tables(corpus, captions=options.captions, read=engine.read_text)
    hashes.add(side.digests)
    report.ledger.add(side.ledger)
    sources = corpus.figures[: options.limit or None]
    settings = Settings(
        table,
        side.side_tables,
        options.style,
        options.formats,
        options.graph(),
        options.validate,
    )
    engine.begin(settings, side.sha256(), len(sources), joins.asked(iris))
    engine.found(report.found((*table.problems, *joins.findings, *corpus.findings, *side.findings)))
    found = report.findings.total()

    def noted(done: int, digests: Iterable[InputDigest], so_far: Tally) -> None:
        hashes.add(digests)
        counts = {
            "triples": so_far.counts.triples,
            "findings": found + so_far.findings.total(),
        }
        on_progress(Progress("", done, len(sources), "figures", counts))

    figures = engine.figures(sources, noted)
    report.add(figures.tally)
    refuse_empty(report, sources)
    refuse_shrunk(
        report.things()["figures"],
        engine.replaced(),
        allowed=options.allow_shrink,
        limited=bool(options.limit),
    )

    tables = orphan_tables(corpus, engine.read_text)
    limited = bool(options.limit)
    rows = orphan_map_rows(corpus, side.side_tables, figures.figids, limited=limited)
    for orphans in (tables, rows):
        hashes.add(orphans.digests)
        report.ledger.add(orphans.ledger)
        engine.found(report.found(orphans.findings))
    inputs = [hashes.record(each) for each in corpus.inputs]

    def manifest(files: Sequence[WrittenFile]) -> bytes:
        return manifest_json(
            options.release, table.release, options.record(), inputs, files, joins.files
        )

    if (kept := engine.unchanged(report, manifest)) is not None:
        refuse_errors(report, strict=options.strict)
        return report, kept

    organisms = [organism_node(organism, iris) for organism in side.organisms]
    joined = joins.gather(engine.subjects() if joins.files else (), iris, report.ledger)
    entities = engine.entities([*organisms, CATALOG, *dataset_nodes(edition)], joined)
    report.add(entities.tally)

    def classes_of(term: IRI) -> Classes:
        figure = FIGURE_CLASSES if figid_of(term) in figures.figids else ()
        return entities.classes.get(term, figure)

    report.counts.settle(classes_of)
    report.genes_with_hgnc = entities.genes_with_hgnc
    refuse_errors(report, strict=options.strict)
    files = entities.files

    with place.writing() as folder:
        files += make_forms(
            place.pieces(files),
            place.alignment(),
            folder,
            options.also,
            name=options.release,
            date=published(edition),
            style=options.style,
            compression=options.compression,
            in_order=engine.in_order,
            joined=joined,
        )
    with place.writing() as folder:
        nodes = void_nodes(
            edition,
            report.counts,
            engine.objects(),
            files,
            map(Input.of, inputs),
            iris,
            entities.aligned,
        )
        content, triples = void_file(nodes, iris)
        files.append(write_whole(folder, VOID_FILE, content, "text/turtle", triples))

    if problems := report.ledger.imbalances():
        raise IntegrityError(f"the ledger does not balance: {'; '.join(problems)}")
    files.append(engine.findings())
    with place.writing() as folder:
        files.append(write_whole(folder, REPORT_FILE, report.json(), _JSON))
        files.append(write_whole(folder, "report.md", report.markdown(), "text/markdown"))
        if Form.ROCRATE in options.also:
            facts = CrateFacts(edition, inputs, options.record())
            files.append(write_crate(folder, files, facts, manifest))
    place.check(files)
    with place.writing() as folder:
        files.append(write_whole(folder, MANIFEST, manifest(files), _JSON))
    engine.finish(report, files)
    return report, tuple(files)
