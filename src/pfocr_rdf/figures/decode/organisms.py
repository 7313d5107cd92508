"""The organisms of a figure: curated, text-mined, and those of its gene rows.

Source: design/input.md, `organisms`; design/model.md, "Taxon" and linking rules 2 and 3
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pfocr_rdf.figures.decode.fields import MISSING, Fields
from pfocr_rdf.figures.decode.rows import RowDecoder
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.model import HUMAN, Organism


def organisms_of_rows(rows: RowDecoder, taxa: TaxonTable) -> Iterator[Organism]:
    """Yield the organisms of gene rows; one without an id is looked up by its name."""
    for organism in rows.organisms.values():
        if organism is None:
            continue
        known = organism if organism.taxon_id else taxa.find(organism.name)
        if not known.taxon_id:
            rows.log.find("organism-unlinked", "organism_name of a gene row", organism.name)
        yield known


def organisms_named(
    fields: Fields, key: str, of_rows: Iterable[Organism], taxa: TaxonTable
) -> tuple[Organism, ...]:
    """Return the organisms that a field names: a list, or names joined by commas.

    Args:
        fields: The page.
        key: `organisms` or `organisms_ner`.
        of_rows: The organisms of the figure's own gene rows, whose ids go first.
        taxa: All other names that are known.
    """
    own = {" ".join(o.name.split()): o for o in of_rows if o.taxon_id}
    joined = isinstance(fields.left.get(key), str)
    found: dict[str, Organism] = {}
    for path, stated in fields.texts(key):
        names = [n.strip() for n in (stated.split(",") if joined else [stated])]
        names = [name for name in names if name not in MISSING]
        if not names:
            fields.log.skipped(path, "missing-value")
            continue
        new = [name for name in names if name not in found]
        if new:
            fields.log.emitted()
        else:
            fields.log.merged(path, "repeated")
        for name in new:
            organism = taxa.find(name)
            of_table = own.get(" ".join(name.split()))
            if of_table is not None and of_table.taxon_id != organism.taxon_id:
                if organism.taxon_id:
                    detail = f"{organism.taxon_id} elsewhere, {of_table.taxon_id} in its table"
                    fields.log.find("organism-conflict", path, name, detail)
                organism = of_table
            if not organism.taxon_id:
                fields.log.find("organism-unlinked", path, name)
            found[name] = organism
    return tuple(found.values())


def may_be_human(organisms: Iterable[Organism]) -> bool:
    """Say whether symbols of a figure may be human: it names human, or nothing."""
    known = list(organisms)
    return not known or any(organism.taxon_id == HUMAN for organism in known)
