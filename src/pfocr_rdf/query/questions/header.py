"""The header of a question: comment lines that say what it asks and which parameters it takes.

    #+ title: Figures that show a gene
    #+ description: One or several sentences; a line that begins with three blanks
    #+   continues the one above.
    #+ keywords: gene, figure
    #+ param gene (gene): the gene; default TNFSF11
    #+ param tiers (tier, several): how it is named; default symbol, synonym
    #+ endpoint: https://sparql.wikipathways.org/sparql
    #+ slow: why it takes longer than two seconds on a full release
    #+ empty: why it has no rows on the figures that the tests have

`title`, `description` and `keywords` are due; `endpoint` stands once for each `SERVICE`. A
parameter is a variable of its name, bound by a `VALUES ?gene { "TNFSF11" }` of its own that
holds the default; `bind` changes what stands between those braces and nothing else.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from pfocr_rdf.errors import InputError
from pfocr_rdf.query.questions.parameters import Parameter, ParameterType

_MARK = "#+"
_KEY = re.compile(r"(?P<key>[a-z]+)(?: (?P<rest>[^:]+))?: (?P<value>.+)")
_PARAM = re.compile(r"(?P<name>[a-z][a-z0-9_]*) \((?P<type>[a-z]+)(?P<several>, several)?\)")
_DEFAULT = re.compile(r"(?P<description>.+?)(?:; default (?P<default>.+))?")
_FORM = re.compile(r"^(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX ([A-Za-z][A-Za-z0-9-]*): <([^>]+)>$", re.MULTILINE)
_ONCE = ("title", "description", "keywords", "slow", "empty")
_DUE = ("title", "description", "keywords")


class QueryForm(StrEnum):
    """What a query answers with."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"


class Question(NamedTuple):
    """One question.

    Attributes:
        name: Of its file, without `.rq`.
        federated: The endpoints of other databases that it asks.
        text: The SPARQL, with the default values.
        slow: Why it may take longer than two seconds on a full release; "" when it does not.
        empty: Why it has no rows on small inputs; "" when it has.
    """

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    federated: tuple[str, ...]
    text: str
    slow: str = ""
    empty: str = ""

    @property
    def form(self) -> QueryForm:
        """What it answers with."""
        match = _FORM.search(self.text)
        assert match is not None, "parse_question has seen it"
        return QueryForm(match[1].lower())

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that its text declares."""
        return dict(_PREFIX.findall(self.text))


def parse_question(name: str, source: str) -> Question:
    """Return a question from the text of its file.

    Raises:
        InputError: The header lacks something or says what no header has, or there is no
            query below it.
    """
    lines = source.splitlines(keepends=True)
    head = [line for line in lines if line.startswith(_MARK)]
    if lines[: len(head)] != head:
        raise InputError(f"{name}.rq: expected all {_MARK} lines at the top, found one below")
    text = "".join(lines[len(head) :]).strip() + "\n"
    if _FORM.search(text) is None:
        raise InputError(
            f"{name}.rq: expected a line that begins with SELECT, ASK or CONSTRUCT, found none"
        )
    once: dict[str, str] = {}
    parameters: list[Parameter] = []
    federated: list[str] = []
    for entry in _entries(head):
        match = _KEY.fullmatch(entry)
        key = match["key"] if match else ""
        if match and key == "param":
            parameters.append(_parameter(name, match["rest"] or "", match["value"]))
        elif match and key == "endpoint" and not match["rest"]:
            federated.append(match["value"])
        elif match and key in _ONCE and key not in once and not match["rest"]:
            once[key] = match["value"]
        else:
            raise InputError(f"{name}.rq: expected a line of a header, once, found {entry!r}")
    if missing := [key for key in _DUE if key not in once]:
        raise InputError(f"{name}.rq: expected `{_MARK} {missing[0]}:`, found none")
    return Question(
        name=name,
        title=once["title"],
        description=once["description"],
        keywords=tuple(word.strip() for word in once["keywords"].split(",")),
        parameters=tuple(parameters),
        federated=tuple(federated),
        text=text,
        slow=once.get("slow", ""),
        empty=once.get("empty", ""),
    )


def _entries(head: list[str]) -> list[str]:
    entries: list[str] = []
    for line in head:
        said = line.removeprefix(_MARK).rstrip()
        if said.startswith("   ") and entries:
            entries[-1] += " " + said.strip()
        else:
            entries.append(said.strip())
    return entries


def _parameter(question: str, declared: str, value: str) -> Parameter:
    match, said = _PARAM.fullmatch(declared), _DEFAULT.fullmatch(value)
    if match is None or said is None or match["type"] not in list(ParameterType):
        raise InputError(
            f"{question}.rq: param: expected `name (type): description; default value` with a "
            f"type of {', '.join(ParameterType)}, found {declared!r}"
        )
    return Parameter(
        match["name"],
        ParameterType(match["type"]),
        said["description"],
        said["default"],
        several=match["several"] is not None,
    )
