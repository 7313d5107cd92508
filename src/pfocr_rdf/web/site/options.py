"""What a site is told: where it will lie on the web, and what lies elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pfocr_rdf.errors import UsageError, check_least
from pfocr_rdf.rdf import SITE, IriStyle
from pfocr_rdf.web.pages import FigureImages, ImageHost, Links, web_address

HTML: Final = ".html"
ABOUT_SITE: Final = "site.json"


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """How a site is made.

    Attributes:
        base_url: Address of its first page, with or without the last slash. Figures have the
            addresses that are their IRIs under https://pfocr.wikipathways.org/.
        endpoint: Address of a SPARQL endpoint to point to, "" for none.
        files_url: Address of the folder that holds the release's files; "": the site has them.
        jobs: How many processes; 0: one a core.
        images: Where the images of figures come from that pages show.
    """

    base_url: str = SITE
    endpoint: str = ""
    files_url: str = ""
    jobs: int = 0
    images: ImageHost = ImageHost.NONE

    def check(self) -> None:
        """Raise UsageError when an option cannot be."""
        for name, value in (
            ("--base-url", self.base_url),
            ("--endpoint", self.endpoint),
            ("--files-url", self.files_url),
        ):
            if value and web_address(value) is None:
                raise UsageError(f"{name}: expected an http or https address, found {value!r}")
        parts = urlsplit(self.base_url)
        if not parts.netloc or parts.query or parts.fragment:
            raise UsageError(
                f"--base-url: expected the address of a folder, found {self.base_url!r}"
            )
        check_least("--jobs", self.jobs)

    @property
    def figure_images(self) -> FigureImages:
        """Which images pages show."""
        return FigureImages(self.images)

    @property
    def base(self) -> str:
        """The address of the first page; ends in "/"."""
        return self.base_url.rstrip("/") + "/"

    @property
    def path(self) -> str:
        """The base without its host: "/", or the folder on the host."""
        return urlsplit(self.base).path


class SiteLinks:
    """The addresses in one site.

    Pages lead to each other by relative addresses, so that the site works under any address:
    in a preview, from a folder of a host, after a move. What leaves the site (sitemaps,
    canonical addresses, JSON-LD) has absolute ones.

    Attributes:
        top: For pages of the first folder.
        inner: For pages in a folder of a kind.
        rooted: For pages that a host shows at any address, such as the one for 404.
        absolute: Of the site on the web.
        paths: Of files in the site's folder.
    """

    def __init__(self, style: IriStyle, options: SiteOptions) -> None:
        def links(base: str) -> Links:
            files = options.files_url and options.files_url.rstrip("/") + "/"
            return Links(base, style, HTML, live=False, files=files, endpoint=options.endpoint)

        self.top = links("./")
        self.inner = links("../")
        self.rooted = links(options.path)
        self.absolute = links(options.base)
        self.paths = links("")
