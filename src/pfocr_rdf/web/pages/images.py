"""Images of figures: whether pages show them, from which host, and what that lets a page load.

No page loads anything from another host unless whoever runs the place says so. The address of
an image is `schema:contentUrl` of its figure, made of its PMCID and file name; there is no other
address and no smaller image that could be told from what a release knows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pfocr_rdf.web.pages.links import web_address


class ImageHost(StrEnum):
    """Where the images come from that pages show."""

    NONE = "none"
    EUROPEPMC = "europepmc"


class _Host(NamedTuple):
    name: str
    origin: str


_HOSTS: Final = {ImageHost.EUROPEPMC: _Host("Europe PMC", "https://europepmc.org")}
_OWN_IMAGES: Final = "img-src 'self' data:"


class FigureImages:
    """Which images pages show.

    Args:
        host: Where they come from.

    Attributes:
        name: What the host is called, "" when none are shown.
        origin: Its scheme and name, "" likewise.
    """

    def __init__(self, host: ImageHost = ImageHost.NONE) -> None:
        self.name, self.origin = _HOSTS.get(host, _Host("", ""))

    def shown(self, address: str) -> str:
        """Return the address of an image if it is shown, else "".

        Example:
            >>> images = FigureImages(ImageHost.EUROPEPMC)
            >>> images.shown("https://europepmc.org/articles/PMC1/bin/f1.jpg")
            'https://europepmc.org/articles/PMC1/bin/f1.jpg'
            >>> images.shown("https://europepmc.org.example.org/f1.jpg")
            ''
            >>> FigureImages().shown("https://europepmc.org/articles/PMC1/bin/f1.jpg")
            ''
        """
        if not self.origin or web_address(address) is None:
            return ""
        parts = urlsplit(address)
        return address if f"{parts.scheme}://{parts.netloc}" == self.origin else ""

    def allowed_by(self, policy: str) -> str:
        """Return a Content-Security-Policy of ours that lets pages load these images, too.

        Example:
            >>> FigureImages(ImageHost.EUROPEPMC).allowed_by("img-src 'self' data:; font-src 'self'")
            "img-src 'self' data: https://europepmc.org; font-src 'self'"
        """
        if not self.origin:
            return policy
        return policy.replace(_OWN_IMAGES, f"{_OWN_IMAGES} {self.origin}")


NO_IMAGES: Final = FigureImages()
