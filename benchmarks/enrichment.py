"""How long a list of genes takes against the sets of a large release.

    python benchmarks/enrichment.py OUT [--figures 103000] [--genes 200] [--index FILE]

OUT is a release of some thousand figures. Its figures are taken again and again, each time with
half of what one mentions and half of what another does, until there are as many as asked; so
genes are as common as in the release, and few sets are alike. Then lists are resolved and
compared: genes in proportion to how often they are shown, and the most shown ones, the worst there is.
Nothing is remembered of one when the next is measured: each is asked of an index that was just opened.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pfocr_rdf.query.enrichment import Enricher, EnrichmentOptions
from pfocr_rdf.query.index import Gathered, SetOf, gathered, write_index
from pfocr_rdf.rdf import IRI, Kind, Tier
from pfocr_rdf.release import Release, open_release

ROUNDS = 5


def grown(release: Release, figures: int) -> Iterator[Gathered]:
    """Yield what is gathered of a release, with more figures, made of the halves of others."""
    chance = random.Random(1)
    whole = list(gathered(release, 2))
    known = [each for found in whole for each in found.figures]
    yield from (found._replace(entities=[]) for found in whole)
    made = []
    for number in range(len(known), figures):
        one, other = chance.choice(known), chance.choice(known)
        half, rest = len(one.mentioned) // 2, len(other.mentioned) // 2
        both = {
            entity: (tier, certain)
            for part, cut in ((one, slice(None, half)), (other, slice(rest, None)))
            for entity, tier, certain in zip(
                part.mentioned[cut], part.tiers[cut], part.certain[cut], strict=True
            )
        }
        made.append(
            one._replace(
                iri=IRI(one.iri.replace("/figures/", f"/figures/PMC{number}x", 1)),
                mentioned=tuple(both),
                tiers=bytes(tier for tier, _ in both.values()),
                certain=bytes(certain for _, certain in both.values()),
                words=(),
            )
        )
    yield whole[0]._replace(figures=made, entities=[])
    yield from (found._replace(figures=[]) for found in whole)


def measured(path: Path, names: list[str], options: EnrichmentOptions) -> tuple[float, str]:
    """Return the least seconds of processor time of some rounds, and what was found."""
    least, said = float("inf"), ""
    for _ in range(ROUNDS):
        with Enricher.of_file(path) as enricher:
            start = time.process_time()
            found = enricher.enrich(names, options)
            list(enricher.told(found, 100))
            least = min(least, time.process_time() - start)
            said = f"{len(found.taken)} of {found.universe:,}, {found.overlapping:,} of {found.tested:,} sets"
    return least, said


def lists(path: Path, count: int) -> dict[str, Callable[[], list[str]]]:
    """Return the lists that are measured, by what they are."""
    with Enricher.of_file(path) as enricher:
        index = enricher.index
        human = index.entity_number(index.iris.taxon("9606"), Kind.ORGANISM) or 0
        genes = sorted(index.genes_of(human), key=lambda gene: -index.figures_of[gene])
        symbols = [index.ref(gene, Kind.GENE).label for gene in genes if index.figures_of[gene]]
        weights = [index.figures_of[gene] for gene in genes if index.figures_of[gene]]
    chance = random.Random(2)
    drawn = list(dict.fromkeys(chance.choices(symbols, weights, k=4 * count)))[:count]
    return {"drawn by how often shown": lambda: drawn, "the most shown": lambda: symbols[:count]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--figures", type=int, default=103_000)
    parser.add_argument("--genes", type=int, default=200)
    parser.add_argument("--index", type=Path, help="keep the index there, or take it from there")
    given = parser.parse_args()
    release = open_release(given.out)
    with tempfile.TemporaryDirectory() as folder:
        path = given.index or Path(folder) / "index.sqlite"
        if not path.exists():
            write_index(release, path, grown(release, given.figures), lambda *_: None, words=True)
        for what, names in lists(path, given.genes).items():
            for options in (
                EnrichmentOptions(),
                EnrichmentOptions(tier=Tier.ALL, organism="any"),
                EnrichmentOptions(certain=True),
                EnrichmentOptions(by=SetOf.PAPER),
            ):
                seconds, said = measured(path, names(), options)
                print(
                    f"{seconds * 1000:6.0f} ms  {what:26} {options.tier} {options.organism:>4} "
                    f"{'certain ' if options.certain else ''}by {options.by}: {said}"
                )


if __name__ == "__main__":
    main()
