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

QUERY_PAGE_POLICY: Final = PAGE_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)
"""For the query page alone: the editor in YASGUI (CodeMirror 5) sets `style` attributes as text,
without which its lines and cursor are misplaced. Scripts stay as strict as elsewhere."""
