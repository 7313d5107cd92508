"""What a page may load: the Content-Security-Policy a server sends with it."""

from __future__ import annotations

from typing import Final

_STRICT: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)

PAGE_POLICY: Final = "; ".join(_STRICT)
"""For every page: no inline script or style, nothing from another host."""

_COLUMN_RESIZER: Final = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"

QUERY_PAGE_POLICY: Final = PAGE_POLICY.replace(
    "style-src 'self'", f"style-src 'self' {_COLUMN_RESIZER}"
)
"""For the query page alone. The table of YASGUI 4.6.2 puts one style element into the page, of
the library that resizes its columns; the hash allows just these bytes. All else that YASGUI
styles it styles by script, which a policy does not forbid."""
