r"""Texts that would do something where they are not escaped.

Each has `pfz` in it, so that it is found again in what was written. What a shell would run makes a
file of that name, by a builtin alone.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

MARK: Final = "pfz"
"""In every text of ours; in no page of PFOCR."""

TEXTS: Final = (
    # a page
    "<script>pfz(1)</script>",
    '"><img src=x onerror=pfz(1)>',
    "' onmouseover='pfz(1)",
    "</script><script>pfz(2)</script>",
    "</title><svg/onload=pfz(1)>",
    "<!--pfz",
    "]]>pfz",
    "javascript:pfz(1)",
    "&lt;pfz&gt;",
    "{{ pfz }}{% pfz %}",
    # a terminal
    "\x1b]0;pfz\x07",
    "\x1b[31mpfz\x1b[0m",
    "\x9b31mpfz",
    "\u202epfz\u202c",
    "\u2066pfz",
    "pfz\rpfz",
    "pfz\x00",
    "pfz\x7f\x08\x08",
    "[red]pfz[/red]",
    "[/]pfz",
    "[link=http://pfz]pfz[/link]",
    # a table
    "=pfz(1)",
    '=HYPERLINK("http://pfz","pfz")',
    "+pfz",
    "-pfz",
    "@pfz",
    "\t=pfz",
    "pfz\tpfz",
    "pfz\npfz",
    "pfz\r\npfz",
    "pfz\u2028pfz\x85pfz",
    'pfz","pfz',
    # Markdown
    "[pfz](javascript:pfz)",
    "![pfz](http://pfz/pfz.png)",
    "<http://pfz>",
    "<b>pfz</b>",
    "`pfz",
    "``pfz`` <b>pfz",
    "pfz | pfz |",
    "\n# pfz\n",
    "\n\n```\npfz",
    "[pfz]: http://pfz",
    "*pfz* _pfz_ ~~pfz~~",
    # a shell
    "$(: >pfz)",
    "`: >pfz`",
    "'; : >pfz; '",
    "\n: >pfz\n",
    '"; : >pfz; "',
    "pfz\\",
    # RDF, SPARQL, SQL
    '"""pfz',
    "pfz\\u0022",
    "\\\\\"pfz",
    "<http://pfz/>",
    "http://pfz/a b",
    "http://pfz/%zz",
    "https://pfz.example/?q=1&r=<2>#3",
    "} UNION { ?pfz ?p ?o",
    "'; DROP TABLE pfz; --",
    "mesh:pfz",
    "_:pfz",
    # a path
    "../../pfz",
    "/pfz",
    "pfz/../pfz",
    "CON",
    # numbers and words that other programs make something of
    "NA",
    "NO",
    "null",
    "nan",
    "0",
    "-1",
    "08",
    "1e999",
    "9" * 400,
    "12:30",
    "2001-12-01",
    "0x1F",
    "²",
    "١٢٣",
    "True",
    # characters
    "",
    " ",
    "pfz\ud800",
    "pfz\ufffe",
    "\ufeffpfz",
    "pfz\u0301\u0301",
    "pfz\u200b\u00ad",
    "pfz\U0001f600",
    "pfz\U000e0001",
    "ẞpfzİ",
    "pfz" * 3000,
    "((((((((((pfz",
    "pfz â€“ Ã©",
)  # fmt: skip

texts = st.sampled_from(TEXTS) | st.text(max_size=30)
"""Such a text, or any."""
