"""How a figure and a release are cited: BibTeX, RIS and CFF, for programs that keep references.

Authors of a paper are not in PFOCR's records as names but in one line of text, which is told as a note.

Source: https://www.ctan.org/pkg/bibtex; https://refdb.sourceforge.net/manual-0.9.6/sect1-ris-format.html;
https://citation-file-format.github.io/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.release import Release
from pfocr_rdf.release.description import CC0, DATASET, PAPER, PAPER_TITLE, TITLE, version_iri
from pfocr_rdf.web.pages.views import FigureView

_DOI_HOST: Final = "https://doi.org/"
_NOT_IN_KEY: Final = re.compile(r"[^A-Za-z0-9._:-]")
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)
_VERBATIM: Final = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


class _Work(Enum):
    """What is cited, as BibTeX and RIS call it."""

    ARTICLE = ("article", "JOUR")
    FIGURE = ("misc", "FIGURE")
    DATA = ("misc", "DATA")


class Cited(NamedTuple):
    """Something to cite; what is not known is "".

    Attributes:
        work: What it is.
        key: By which a text refers to it.
        title: Of it.
        authors: Of each the family name and the given ones, "" for an organisation.
        year: Of it.
        journal: Or what else it is in.
        volume: Of the journal.
        pages: In it.
        publisher: Of it.
        version: Of it.
        doi: Bare.
        url: Where it can be had for good.
        note: What else there is to say.
    """

    work: _Work
    key: str
    title: str
    authors: tuple[tuple[str, str], ...] = ()
    year: str = ""
    journal: str = ""
    volume: str = ""
    pages: str = ""
    publisher: str = ""
    version: str = ""
    doi: str = ""
    url: str = ""
    note: str = ""


PFOCR_PAPER: Final = Cited(
    _Work.ARTICLE,
    "Hanspers2020",
    PAPER_TITLE,
    (
        ("Hanspers", "Kristina"),
        ("Riutta", "Anders"),
        ("Summer-Kutmon", "Martina"),
        ("Pico", "Alexander R."),
    ),
    year="2020",
    journal="Genome Biology",
    volume="21",
    pages="273",
    doi=PAPER.removeprefix(_DOI_HOST),
    url=PAPER,
)
"""The paper that describes Pathway Figure OCR."""
CITATION_TYPES: Final = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "cff": "application/yaml",
}
"""Media types by suffix."""
RELEASE_CITATIONS: Final = {
    "CITATION.cff": "CITATION.cff",
    "citation.bib": "BibTeX",
    "citation.ris": "RIS",
}
"""Files that say how a release is cited, and what readers know each as."""
_WIKIPATHWAYS: Final = (("WikiPathways", ""),)


def rights(license_: str) -> str:
    """Return what may be done with a figure: its record and its image have not the same licence.

    Args:
        license_: IRI of the licence of the record, "" where unknown.
    """
    record = "The record is CC0 1.0; the" if license_ == CC0 else "The"
    return f"{record} image has the licence of its paper."


def cited_figure(view: FigureView) -> tuple[Cited, ...]:
    """Return what is cited for a figure: its record at PFOCR, and the paper that it is of."""
    paper = view.paper
    cited = (paper.citation or paper.title).rstrip(".") if paper else ""
    of = f"{view.number or 'Figure'} of {cited}. " if cited else ""
    figure = Cited(
        _Work.FIGURE,
        view.figid,
        view.title,
        year=paper.year if paper else "",
        publisher=view.creator,
        url=view.iri,
        note=f"{of}{rights(view.license)}",
    )
    if paper is None:
        return (figure,)
    of_paper = Cited(
        _Work.ARTICLE,
        paper.pmcid,
        paper.title,
        year=paper.year,
        journal=paper.journal,
        publisher=paper.publisher,
        doi=paper.doi,
        url=paper.doi_url or paper.url,
        note=paper.citation,
    )
    return figure, of_paper


def cited_release(release: Release) -> tuple[Cited, ...]:
    """Return what is cited for a release: itself, and the paper on Pathway Figure OCR."""
    data = Cited(
        _Work.DATA,
        f"pfocr-{release.name}" if release.name else "pfocr",
        TITLE,
        _WIKIPATHWAYS,
        year=release.issued[:4],
        version=release.name,
        url=version_iri(release.name) if release.name else DATASET,
        note="CC0 1.0",
    )
    return data, PFOCR_PAPER


def release_citation(release: Release) -> str:
    """Return one line that cites a release."""
    data, _ = cited_release(release)
    authors = ", ".join(family for family, _ in data.authors)
    year = f" ({data.year})" if data.year else ""
    return f"{authors}{year}. {data.title}, {data.version}. {data.url}"


def release_citations(release: Release) -> dict[str, bytes]:
    """Return the files that say how a release is cited, by the names of `RELEASE_CITATIONS`."""
    works = cited_release(release)
    made = (cff(release), bibtex(works), ris(works))
    return dict(zip(RELEASE_CITATIONS, made, strict=True))


def bibtex(works: Iterable[Cited]) -> bytes:
    """Return works as BibTeX, in UTF-8."""
    return "\n".join(map(_entry, works)).encode()


def ris(works: Iterable[Cited]) -> bytes:
    """Return works as RIS, in UTF-8, with the line ends that it asks for."""
    return "".join(f"{line}\r\n" for work in works for line in (*_ris(work), "")).encode()


def cff(release: Release) -> bytes:
    """Return the CITATION.cff of a release."""
    data, paper = cited_release(release)
    # A string of JSON is one of YAML.
    said = {
        "cff-version": "1.2.0",
        "message": "If you use this release, please cite it and the paper on Pathway Figure OCR.",
        "type": "dataset",
        "title": data.title,
        "version": data.version,
        "date-released": release.issued,
        "license": "CC0-1.0",
        "url": data.url,
    }
    lines = [f"{name}: {_quoted(value)}" for name, value in said.items() if value]
    lines += ["authors:", *(f"  - name: {_quoted(name)}" for name, _ in data.authors)]
    lines += ["references:", "  - type: article", f"    title: {_quoted(paper.title)}"]
    lines.append("    authors:")
    for family, given in paper.authors:
        lines += [
            f"      - family-names: {_quoted(family)}",
            f"        given-names: {_quoted(given)}",
        ]
    lines += [
        f"    journal: {_quoted(paper.journal)}",
        f"    year: {paper.year}",
        f"    volume: {paper.volume}",
        f"    start: {_quoted(paper.pages)}",
        f"    doi: {_quoted(paper.doi)}",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


def _entry(work: Cited) -> str:
    kind, _ = work.work.value
    names = (f"{family}, {given}" if given else f"{{{family}}}" for family, given in work.authors)
    fields = {
        # Braces keep the case: of genes it means something.
        "title": f"{{{_tex(work.title)}}}",
        "author": " and ".join(names),
        **{
            name: _tex(getattr(work, name))
            for name in ("year", "journal", "volume", "pages", "publisher", "version", "note")
        },
        "doi": work.doi.translate(_VERBATIM),
        "url": work.url.translate(_VERBATIM),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{_NOT_IN_KEY.sub('-', work.key)},\n{lines}}}\n"


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)


def _ris(work: Cited) -> Iterator[str]:
    tags: Sequence[tuple[str, str]] = (
        ("TY", work.work.value[1]),
        ("ID", work.key),
        ("TI", work.title),
        *(("AU", ", ".join(filter(None, name))) for name in work.authors),
        ("PY", work.year),
        ("T2", work.journal),
        ("VL", work.volume),
        ("SP", work.pages),
        ("PB", work.publisher),
        ("ET", work.version),
        ("DO", work.doi),
        ("UR", work.url),
        ("N1", work.note),
    )
    for tag, value in tags:
        if value:
            yield f"{tag}  - {' '.join(value.split())}"
    yield "ER  - "
