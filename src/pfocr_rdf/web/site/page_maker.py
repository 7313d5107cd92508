"""What one process of a site has at hand: reader, index, templates, the folder to write to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.query.index import Gathered, Index, gather
from pfocr_rdf.rdf import Iris, IriStyle, Kind, Memo, Prefixes
from pfocr_rdf.release import Piece, Reader
from pfocr_rdf.web.pages import FoundList, ListRequest, Renderer, find_list
from pfocr_rdf.web.site.documents import Documents
from pfocr_rdf.web.site.inventory import open_inventory
from pfocr_rdf.web.site.options import SiteLinks, SiteOptions
from pfocr_rdf.web.site.output import Output
from pfocr_rdf.web.site.signposts import linkset, linkset_path

_LISTS_KEPT: Final = 4  # a process makes the pages of one list after another


class Assignment(NamedTuple):
    """What all processes of a run share.

    Attributes:
        style: The IRI style of the release.
        form: Suffix of its dump that is read.
        options: Of the site.
        stamp: Hash of the program and of the options that pages show.
        folder: Of the new site; kinds have their folders in it.
        earlier: Folder of the site before, None without one that can be used.
        index_file: Where the index of the release is, or will be.
        day: What new pages have as their day.
    """

    style: IriStyle
    form: str
    options: SiteOptions
    stamp: bytes
    folder: Path
    earlier: Path | None
    index_file: Path
    day: str


class PageMaker:
    """What one process makes pages with; what costs time is made when it is first asked for.

    Args:
        assignment: Of the run.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self.stamp = assignment.stamp
        self.links = SiteLinks(assignment.style, assignment.options)
        self.reader = Reader(assignment.style)
        self.lists = Memo(self._list, _LISTS_KEPT)

    @cached_property
    def index(self) -> Index:
        """The index, once it is there."""
        return Index(self._assignment.index_file)

    @cached_property
    def documents(self) -> Documents:
        """The writers of RDF."""
        return Documents(self.prefixes, self._assignment.form)

    @cached_property
    def prefixes(self) -> Prefixes:
        """Those of the release's IRI style."""
        return Prefixes(Iris(self._assignment.style))

    @cached_property
    def pages(self) -> Renderer:
        """The writer of pages in the folders of kinds.

        They do not name the release: each would change with every release.
        """
        return Renderer(self.links.inner, images=self._assignment.options.figure_images)

    @cached_property
    def top_pages(self) -> Renderer:
        """The writer of pages in the first folder that do not name the release."""
        return Renderer(self.links.top)

    @cached_property
    def output(self) -> Output:
        """The folder of the new site."""
        earlier = self._assignment.earlier
        inventory = open_inventory(earlier) if earlier else None
        return Output(self._assignment.folder, earlier, inventory, self._assignment.day)

    def gather(self, pieces: Sequence[Piece]) -> Gathered:
        """Return what the index needs of pieces of the dump."""
        return gather(self.reader, pieces)

    def _list(self, asked: tuple[Kind, ListRequest]) -> FoundList:
        return find_list(self.index, *asked)

    def put_linksets(self, shards: Sequence[int]) -> list[tuple[str, int]]:
        """Put linksets into the site; returns the path and size of each that is not empty."""
        links, put = self.links.absolute, []
        for shard in shards:
            if figures := self.index.signs(shard):
                path = linkset_path(figures[0][0])
                put.append((path, self.output.file(path, linkset(links, figures))))
        return put
