"""What rocrate-validator says of a crate: its folder as argument, a JSON list of messages on stdout.

`tests/support/referees.py` runs it with `.venv/rocrate` on the path: the validator needs a folder of
its own. The context of RO-Crate, which it asks the network for, is the one of npm's `ro-crate`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

CONTEXT = "https://w3id.org/ro/crate/1.2/context"


def faults(crate: Path, context: Path) -> list[str]:
    """Return what it finds at the level `recommended`, which has all of `required`."""
    import requests
    from requests.adapters import HTTPAdapter
    from rocrate_validator.models import Severity  # type: ignore[import-not-found]
    from rocrate_validator.services import (  # type: ignore[import-not-found]
        ValidationSettings,
        validate,
    )

    def answered(_: Any, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        answer = requests.Response()
        answer.request, answer.url = request, str(request.url)
        answer.status_code = 200 if answer.url == CONTEXT else 504
        answer.headers["content-type"] = "application/ld+json"
        answer._content = context.read_bytes()
        return answer

    setattr(HTTPAdapter, "send", answered)  # noqa: B010 - it takes less than it is declared to
    settings = ValidationSettings(
        rocrate_uri=str(crate),
        profile_identifier="ro-crate-1.2",
        requirement_severity=Severity.RECOMMENDED,
        no_cache=True,
    )
    return [
        f"{issue.check.identifier} {issue.severity.name}: {issue.message} {issue.violatingEntity}"
        for issue in validate(settings).get_issues()
    ]


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write("\n" + json.dumps(found) + "\n")
