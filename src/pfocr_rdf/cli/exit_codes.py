"""What the command exits with, beside 0 for done; what is bad input or usage, `errors` says.

Source: https://tldp.org/LDP/abs/html/exitcodes.html (signals)
"""

from __future__ import annotations

from typing import Final

NOT_SO: Final = 1
"""It does not conform, it differs, it had to be left alone."""

INTERNAL: Final = 3
"""A fault of ours."""

INTERRUPTED: Final = 130
"""By Ctrl-C; as a shell has it, 128 and the number of the signal."""

TOLD: Final = "told"
"""Note of an interrupt that the reader has been told of."""

TERMINATED: Final = 143
"""By SIGTERM."""
