"""Organism names -> NCBI taxon ids: a small built-in table, and the `_organisms` pages.

A name is looked up whole, but neither case nor the number of blanks matters. Latin names go
before common ones, and a common name of two organisms names none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from pfocr_rdf.figures.decode.organism_names import OrganismNames, shipped_names
from pfocr_rdf.figures.model import Organism


def name_key(name: str) -> str:
    """Return what names of one organism have in common, however they are spaced and cased."""
    return " ".join(name.split()).casefold()


_BUILT_IN = """
9606 Homo sapiens
10090 Mus musculus
10116 Rattus norvegicus
7227 Drosophila melanogaster
7955 Danio rerio
6239 Caenorhabditis elegans
4932 Saccharomyces cerevisiae
4896 Schizosaccharomyces pombe
3702 Arabidopsis thaliana
562 Escherichia coli
83333 Escherichia coli K-12
511145 Escherichia coli str. K-12 substr. MG1655
9913 Bos taurus
9823 Sus scrofa
9031 Gallus gallus
9103 Meleagris gallopavo
9615 Canis lupus familiaris
9685 Felis catus
9986 Oryctolagus cuniculus
9940 Ovis aries
9796 Equus caballus
9544 Macaca mulatta
9598 Pan troglodytes
10141 Cavia porcellus
10029 Cricetulus griseus
10036 Mesocricetus auratus
8355 Xenopus laevis
8364 Xenopus tropicalis
8090 Oryzias latipes
8022 Oncorhynchus mykiss
8030 Salmo salar
4530 Oryza sativa
4577 Zea mays
4565 Triticum aestivum
4513 Hordeum vulgare
4081 Solanum lycopersicum
4097 Nicotiana tabacum
3847 Glycine max
3880 Medicago truncatula
29760 Vitis vinifera
3694 Populus trichocarpa
3055 Chlamydomonas reinhardtii
5476 Candida albicans
162425 Aspergillus nidulans
746128 Aspergillus fumigatus
5141 Neurospora crassa
44689 Dictyostelium discoideum
5833 Plasmodium falciparum
5811 Toxoplasma gondii
5691 Trypanosoma brucei
5693 Trypanosoma cruzi
7091 Bombyx mori
7165 Anopheles gambiae
7460 Apis mellifera
7070 Tribolium castaneum
1423 Bacillus subtilis
1280 Staphylococcus aureus
1282 Staphylococcus epidermidis
287 Pseudomonas aeruginosa
1773 Mycobacterium tuberculosis
210 Helicobacter pylori
28901 Salmonella enterica
1639 Listeria monocytogenes
666 Vibrio cholerae
1313 Streptococcus pneumoniae
573 Klebsiella pneumoniae
470 Acinetobacter baumannii
485 Neisseria gonorrhoeae
1358 Lactococcus lactis
446 Legionella pneumophila
632 Yersinia pestis
2697049 Severe acute respiratory syndrome coronavirus 2
11676 Human immunodeficiency virus 1
"""


BUILT_IN: Final = {
    name_key(name): taxon_id
    for taxon_id, _, name in (line.partition(" ") for line in _BUILT_IN.strip().splitlines())
}
"""Taxon ids of Latin names, which decide where pages state several."""


class TaxonTable:
    """Organisms by name. Built once per run; a page adds to what the built-in table says.

    Args:
        pages: Of the checkout, whose ids agree with the built-in ones (see `disagreements`).

    Example:
        >>> TaxonTable().find("Homo  sapiens").taxon_id
        '9606'
        >>> TaxonTable().find("homo sapiens").name
        'Homo sapiens'
        >>> TaxonTable().find("Human").name
        'Homo sapiens'
        >>> TaxonTable().find("prion").taxon_id
        ''
    """

    def __init__(self, pages: Iterable[Organism] = ()) -> None:
        self._by_latin: dict[str, Organism] = {}
        self._by_other: dict[str, Organism | None] = {}
        for line in _BUILT_IN.strip().splitlines():
            taxon_id, _, name = line.partition(" ")
            self._by_latin[name_key(name)] = Organism(name, taxon_id)
        known = list(pages)
        for organism in known:
            key = name_key(organism.name)
            # A page without an id says nothing that could replace an id we know.
            if organism.taxon_id or key not in self._by_latin:
                self._by_latin[key] = organism
        self._pages = known
        self._names: OrganismNames | None = None
        for organism in known:
            latin = self._by_latin[name_key(organism.name)]
            for name in (organism.common_name, *organism.synonyms):
                before = self._by_other.setdefault(name_key(name), latin)
                if before is not None and name_key(before.name) != name_key(latin.name):
                    self._by_other[name_key(name)] = None

    def find(self, name: str) -> Organism:
        """Return the organism of this name; with an empty taxon id when it is not known."""
        key = name_key(name)
        known = self._by_latin.get(key) or self._by_other.get(key)
        if known is None and key not in self._by_other and key in (common := _common_names()):
            known = self._by_latin[common[key]]
        return known or Organism(" ".join(name.split()), "")

    def named_in(self, *texts: str) -> tuple[Organism, ...]:
        """Return the organisms with a taxon id that texts name, Latin or common, as whole words."""
        if self._names is None:
            # Made when it is first asked: who only looks names up shall not read a table.
            self._names = OrganismNames(self._by_latin.values(), self._pages)
        return self._names.named_in(*texts)


@cache
def _common_names() -> dict[str, str]:
    """Return the keys of Latin names by those of common ones, where no page says otherwise."""
    latin = {taxon_id: key for key, taxon_id in BUILT_IN.items()}
    return {
        name_key(name): latin[each.taxon_id]
        for each in shipped_names()
        if each.taxon_id
        for name in each.in_any_case
    }
