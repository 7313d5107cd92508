"""Sites of small releases, and a look at all that is in one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.site import SiteOptions, SiteResult, build_site
from pfocr_rdf.web.site.inventory import INVENTORY
from tests.support.web_pages import Page

BASE = "https://example.org/pfocr/"


def make_site(release: Path, out: Path, base: str = BASE, **options: object) -> SiteResult:
    """Make a site in this process, over one job unless told otherwise."""
    return build_site(
        open_release(release),
        out,
        SiteOptions(**({"base_url": base, "jobs": 1} | options)),  # type: ignore[arg-type]
    )


def files_of(site: Path) -> dict[str, bytes]:
    """Return the content of every file of a site, save its inventory, by path."""
    return {
        path: (site / path).read_bytes() for path in sorted(names_of(site)) if path != INVENTORY
    }


def names_of(site: Path) -> set[str]:
    """Return the paths of all files of a site."""
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


def pages_of(site: Path) -> dict[str, Page]:
    """Return all pages of a site by path, parsed."""
    return {
        path: Page((site / path).read_text(encoding="utf-8"))
        for path in sorted(names_of(site))
        if path.endswith(".html")
    }


def broken_links(site: Path, pages: dict[str, Page], base: str = BASE) -> Iterator[str]:
    """Yield each link into the site that leads to no file, or to no place in its page.

    Args:
        site: Its folder.
        pages: All of its pages.
        base: Its address.
    """
    names = names_of(site)
    ids = {path: set(page.ids()) for path, page in pages.items()}
    for path, page in pages.items():
        for target in set(page.addresses()):
            inside = _path(path, target, base)
            if inside is None:
                continue
            name, fragment = inside
            if name not in names:
                yield f"{path}: {target}: no such file"
            elif fragment and fragment not in ids.get(name, ()):
                yield f"{path}: {target}: no such place"


def _path(page: str, target: str, base: str) -> tuple[str, str] | None:
    """Return the file and fragment that a link of a page leads to; None if out of the site."""
    parts = urlsplit(target)
    if parts.scheme:
        if not target.startswith(base):
            return None
        path = target.partition("#")[0].removeprefix(base)
    elif parts.path.startswith("/"):
        path = parts.path.removeprefix(urlsplit(base).path)
    elif parts.path:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path))
        path += "/" if parts.path.endswith("/") else ""
    else:
        path = page
    if path in {"", "./", "."} or path.endswith("/"):
        path = posixpath.normpath(path + "/index.html") if path.strip("./") else "index.html"
    return unquote(path), unquote(parts.fragment)
