"""The organisms of a figure: curated, text-mined, and those of its gene rows.

Source: design/input.md, `organisms`; design/model.md, "Taxon" and linking rules 2 and 3
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pfocr_rdf.figures.decode.fields import Fields, is_no_name
from pfocr_rdf.figures.decode.rows import RowDecoder
from pfocr_rdf.figures.decode.taxa import TaxonTable, name_key
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
    own = {name_key(o.name): o for o in of_rows if o.taxon_id}
    joined = isinstance(fields.left.get(key), str)
    found: dict[str, Organism] = {}
    for path, stated in fields.texts(key):
        names = [n.strip() for n in (stated.split(",") if joined else [stated])]
        names = [name for name in names if not is_no_name(name)]
        if not names:
            fields.log.skipped(path, "missing-value")
            continue
        before = len(found)
        for name in names:
            organism = taxa.find(name)
            of_table = own.get(name_key(name)) or own.get(name_key(organism.name))
            if _key(of_table or organism) in found:
                continue
            if of_table is not None and of_table.taxon_id != organism.taxon_id:
                if organism.taxon_id:
                    detail = f"{organism.taxon_id} elsewhere, {of_table.taxon_id} in its table"
                    fields.log.find("organism-conflict", path, name, detail)
                organism = of_table
            if not organism.taxon_id:
                fields.log.find("organism-unlinked", path, name)
            found[_key(organism)] = organism
        if len(found) > before:
            fields.log.emitted()
        else:
            fields.log.merged(path, "repeated")
    return tuple(found.values())


def may_be_human(organisms: Iterable[Organism]) -> bool:
    """Say whether symbols of a figure may be human: it names human, or no species we know.

    What has no taxon id is no known species: "clinical samples" says nothing against human.

    Args:
        organisms: The curated and the recognised ones.
    """
    known = {organism.taxon_id for organism in organisms if organism.taxon_id}
    return not known or HUMAN in known


def _key(organism: Organism) -> str:
    return organism.taxon_id or name_key(organism.name)
