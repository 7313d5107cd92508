"""The tests of F-UJI v0.8, each decided by what was read, or not where only the web can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pfocr_rdf.assess.fair.evidence import GENERAL, REGISTERED, Evidence, Field
from pfocr_rdf.assess.fair.gather import Assessed

_UUID: Final = re.compile(
    r"(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
_HOSTED: Final = re.compile(r"(?:https?|ftps?|sftp)://[^/\s]+\S*")
_PERSISTENT: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)10\.[0-9]{4,9}/\S+"
    r"|https?://hdl\.handle\.net/\S+"
    r"|(?:https?://n2t\.net/)?ark:/?\S+"
    r"|https?://(?:www\.)?w3id\.org/\S+"
    r"|https?://purl\.(?:org|obolibrary\.org)/\S+"
    r"|https?://identifiers\.org/\S+"
    r"|urn:nbn:\S+"
)
_STANDARD_SCHEMES: Final = frozenset(("http", "https", "ftp", "ftps", "sftp"))
_WITH_AUTHENTICATION: Final = frozenset(("http", "https", "ftps", "sftp"))
_COMMUNITY: Final = re.compile(
    r"https?://(?:bioschemas\.org/profiles/|(?:www\.)?w3\.org/TR/hcls-dataset)\S*"
)
_OPEN_FORMATS: Final = re.compile(
    r"(?:https?://www\.iana\.org/assignments/media-types/)?"
    r"(?:text/[a-z0-9.+-]+|application/(?:ld\+json|json|n-triples|n-quads|trig|rdf\+xml|xml)"
    r"|image/(?:jpeg|png|svg\+xml|tiff))(?:;.*)?"
)
_CITATION: Final = (
    Field.CREATOR,
    Field.TITLE,
    Field.IDENTIFIER,
    Field.DATE,
    Field.PUBLISHER,
    Field.TYPE,
)


class FairOutcome(StrEnum):
    """What came of a test, or of a metric."""

    PASS = "pass"  # noqa: S105  (no password)
    FAIL = "fail"
    UNDECIDED = "not decidable offline"


class Verdict(NamedTuple):
    """What came of one test.

    Attributes:
        outcome: Of the test.
        evidence: What proves it; of a failure, what speaks against it.
        reason: Why it fails or cannot be decided, "" when it passes.
    """

    outcome: FairOutcome
    evidence: tuple[str, ...] = ()
    reason: str = ""


Check = Callable[[Assessed], Verdict]


def _passed(evidence: Iterable[object]) -> Verdict:
    return Verdict(FairOutcome.PASS, tuple(map(str, evidence)))


def _failed(reason: str, evidence: Iterable[object] = ()) -> Verdict:
    return Verdict(FairOutcome.FAIL, tuple(map(str, evidence)), reason)


def _undecided(reason: str, evidence: Iterable[object] = ()) -> Verdict:
    return Verdict(FairOutcome.UNDECIDED, tuple(map(str, evidence)), reason)


def _lacking(assessed: Assessed, reason: str, evidence: Iterable[object] = ()) -> Verdict:
    """Decide against what no source says, unless a source lies where it cannot be read."""
    unread = [each.problem for each in assessed.descriptions if each.elsewhere]
    if unread:
        return _undecided(f"{reason} here, and {'; '.join(unread)}", evidence)
    return _failed(reason, evidence)


def _any(fits: Callable[[Evidence], object], what: str, *fields: Field) -> Check:
    """Return a check that passes when something said of the fields fits."""

    def check(assessed: Assessed) -> Verdict:
        said = assessed.metadata.of(*fields)
        found = [evidence for evidence in said if fits(evidence)]
        return _passed(found) if found else _lacking(assessed, f"no {what}", said)

    return check


def _all(*fields: Field) -> Check:
    """Return a check that passes when each field is stated."""

    def check(assessed: Assessed) -> Verdict:
        missing = assessed.metadata.missing(fields)
        if missing:
            return _lacking(assessed, f"no {', '.join(missing)}")
        return _passed(assessed.metadata.of(field)[0] for field in fields)

    return check


def _not_here(reason: str) -> Check:
    return lambda _: _undecided(reason)


def _is_unique(evidence: Evidence) -> bool:
    value = evidence.value
    return any(form.fullmatch(value) for form in (_HOSTED, _UUID, _PERSISTENT))


def _is_persistent(evidence: Evidence) -> bool:
    return _PERSISTENT.fullmatch(evidence.value) is not None


def _is_hosted(evidence: Evidence) -> bool:
    return _HOSTED.fullmatch(evidence.value) is not None


def _has_scheme(schemes: frozenset[str]) -> Callable[[Evidence], bool]:
    return lambda evidence: urlsplit(evidence.value).scheme in schemes


def _said(evidence: Evidence) -> bool:
    return bool(evidence.value)


def _indexed(assessed: Assessed) -> Verdict:
    page, name = assessed.page, assessed.page_name
    if page is None:
        return _undecided("an export has no page (check the site)")
    if page.forbids:
        return _failed(f"{name}: line {page.forbids} keeps search engines out")
    if not assessed.robots_allow:
        return _failed(f"robots.txt forbids {name}")
    embedded = _embedded(assessed)
    if embedded.outcome is FairOutcome.PASS and "sitemap.xml" in _names_of_sitemaps(assessed):
        return embedded._replace(
            evidence=(*embedded.evidence, "robots.txt: allows the page and names sitemap.xml")
        )
    return embedded


def _names_of_sitemaps(assessed: Assessed) -> str:
    path = assessed.folder / "robots.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return " ".join(line for line in lines if line.lower().startswith("sitemap:"))


def _embedded(assessed: Assessed) -> Verdict:
    page, name = assessed.page, assessed.page_name
    if page is None:
        return _undecided("an export has no page (check the site)")
    if page.broken:
        return _failed(f"{name}: JSON-LD does not parse: {page.broken}")
    if not page.triples:
        return _failed(f"{name}: no JSON-LD in a script element")
    return _passed([f"{name}: line {page.line}: JSON-LD of {len(page.triples)} triples"])


def _described(assessed: Assessed) -> Verdict:
    good = [each.evidence for each in assessed.descriptions if not each.problem]
    bad = [each.problem for each in assessed.descriptions if each.problem and not each.elsewhere]
    if bad:
        return _failed("; ".join(bad), good)
    if not good:
        return _lacking(assessed, f"{assessed.page_name}: no link describedby")
    return _passed(good)


def _metadata_there(assessed: Assessed) -> Verdict:
    described = _described(assessed)
    if described.outcome is not FairOutcome.PASS:
        return described
    return _undecided("only a request tells whether a host serves them", described.evidence)


def _data_there(assessed: Assessed) -> Verdict:
    """Decide only what speaks against it: a file that the site itself should have is missing."""
    there: list[str] = []
    for evidence in assessed.metadata.of(Field.CONTENT):
        path = assessed.local(evidence.value)
        if path is None:
            continue
        if not path.is_file():
            return _failed(f"{evidence.value} has no file in the site", [evidence])
        there.append(f"{path.relative_to(assessed.folder).as_posix()}: {path.stat().st_size} bytes")
    return _undecided("only a request tells whether a host serves them", dict.fromkeys(there))


def _manner(assessed: Assessed) -> Verdict:
    """Decide whether one file has both its media type and its size, or a service its address."""
    service = assessed.metadata.of(Field.SERVICE)
    sizes = {(each.file, each.subject): each for each in assessed.metadata.of(Field.SIZE)}
    formats = assessed.metadata.of(Field.FORMAT)
    for each in formats:
        if size := sizes.get((each.file, each.subject)):
            return _passed([each, size, *service])
    if service:
        return _passed(service)
    return _lacking(
        assessed, "no file with both its media type and its size, and no service", formats
    )


CHECKS: Final[Mapping[str, Check]] = {
    "FsF-F1-01MD-1": _any(_is_unique, "IRI, UUID or PID of the data set", Field.IDENTIFIER),
    "FsF-F1-01MD-2": _any(_is_unique, "URL or PID of the data", Field.CONTENT),
    "FsF-F1-02MD-1": _any(_is_persistent, "identifier with the syntax of a PID", Field.IDENTIFIER),
    "FsF-F1-02MD-2": _not_here("only the resolver of the PID knows"),
    "FsF-F1-02MD-4": _any(
        _is_persistent, "link to the data with the syntax of a PID", Field.CONTENT
    ),
    "FsF-F1-02MD-5": _not_here("only the resolver of the PID knows"),
    "FsF-F2-01M-2": _all(*_CITATION),
    "FsF-F2-01M-3": _all(*_CITATION, Field.SUMMARY, Field.KEYWORDS),
    "FsF-F3-01M-2": _any(_is_hosted, "URL to download from", Field.CONTENT),
    "FsF-F4-01M-1": _indexed,
    "FsF-A1-01M-1": _any(_said, "access rights", Field.ACCESS),
    "FsF-A1-02MD-1": _metadata_there,
    "FsF-A1-02MD-2": _data_there,
    "FsF-A1.1-01MD-1": _any(
        _has_scheme(_STANDARD_SCHEMES), "identifier with a web scheme", Field.IDENTIFIER
    ),
    "FsF-A1.1-01MD-2": _any(
        _has_scheme(_STANDARD_SCHEMES), "link to the data with a web scheme", Field.CONTENT
    ),
    "FsF-A1.2-01MD-1": _any(
        _has_scheme(_WITH_AUTHENTICATION), "identifier with http, https or ftps", Field.IDENTIFIER
    ),
    "FsF-A1.2-01MD-2": _any(
        _has_scheme(_WITH_AUTHENTICATION),
        "link to the data with http, https or ftps",
        Field.CONTENT,
    ),
    "FsF-I1-01M-1": _embedded,
    "FsF-I1-01M-2": _described,
    "FsF-I2-01M-2": _any(
        lambda each: each.value in REGISTERED,
        "vocabulary beyond schema.org, Dublin Core and RDF",
        Field.VOCABULARY,
    ),
    "FsF-I3-01M-1": _any(_said, "property that names a related thing", Field.RELATED),
    "FsF-I3-01M-2": _any(lambda each: each.is_link, "link to a related thing", Field.RELATED),
    "FsF-R1-01M-1": _any(_said, "type", Field.TYPE),
    "FsF-R1-01M-2": _manner,
    "FsF-R1-01M-3": _any(_said, "variable measured", Field.VARIABLE),
    "FsF-R1.1-01M-1": _any(_said, "licence", Field.LICENSE),
    "FsF-R1.2-01M-1": _any(_said, "property that PROV-DC maps", Field.HISTORY),
    "FsF-R1.2-01M-2": _any(_said, "term of PROV or PAV", Field.PROVENANCE),
    "FsF-R1.3-01M-1": _any(
        lambda each: _COMMUNITY.fullmatch(each.value),
        "profile of Bioschemas or HCLS",
        Field.STANDARD,
    ),
    "FsF-R1.3-01M-3": _any(
        lambda each: each.value in GENERAL, "DCAT, Dublin Core or schema.org", Field.VOCABULARY
    ),
    "FsF-R1.3-02D-1": _any(
        lambda each: _OPEN_FORMATS.fullmatch(each.value), "file in an open format", Field.FORMAT
    ),
}
"""How each test is decided, by its number."""
