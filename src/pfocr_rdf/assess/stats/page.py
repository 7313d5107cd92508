"""The coverage of a release as one HTML page that needs nothing beside it."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from pfocr_rdf.assess.stats.coverage import Coverage
from pfocr_rdf.assess.stats.reports import parts, totals
from pfocr_rdf.version import __version__
from pfocr_rdf.web.pages import Count, charts, number_text, web_address

_FONT: Final = re.compile(r"@font-face \{[^}]*\}\n*")


def coverage_html(coverage: Coverage) -> bytes:
    """Return the page, with the style sheet of the web pages and plots as SVG inside."""
    templates = Environment(
        loader=ChoiceLoader(
            [PackageLoader("pfocr_rdf.assess.stats"), PackageLoader("pfocr_rdf.web.pages")]
        ),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Those that the parts of the web pages name, used here or not.
    templates.filters.update(
        number=number_text.number,
        share=number_text.share,
        plural=number_text.plural,
        size=number_text.size,
        web=web_address,
    )
    templates.globals.update(charts=charts)
    style = files("pfocr_rdf.web.pages").joinpath("static", "style.css").read_text(encoding="utf-8")
    style = _FONT.sub("", style)  # fonts are files of their own; those of the reader serve
    tables = [
        (part, [Count(label, count) for label, count, _ in part.rows]) for part in parts(coverage)
    ]
    years = [Count(year, count) for year, count in sorted(coverage.years.items())]
    page = templates.get_template("stats.html").render(
        coverage=coverage,
        totals=totals(coverage),
        tables=tables,
        years=years,
        # Our own file, which closes no element.
        style=Markup(style),  # noqa: S704
        version=__version__,
    )
    return page.encode()
