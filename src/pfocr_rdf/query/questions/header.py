"""The header of a question: comment lines that say what it asks and which parameters it takes.

What stands behind `#+` is YAML, as in the queries of grlc; a value is text, whatever it looks like.

    #+ title: Figures that show a gene
    #+ description: One or several sentences; what is indented continues the line above.
    #+ keywords: gene, figure
    #+ topic: genes
    #+ param gene (gene): the gene; default TNFSF11
    #+ param tiers (tier, several): how it is named; default symbol, synonym
    #+ endpoint: https://sparql.wikipathways.org/sparql
    #+ slow: why it takes longer than two seconds on a full release
    #+ empty: why it has no rows on the figures that the tests have

`title`, `description`, `keywords` and `topic`, one of `Topic`, are due; `endpoint` is a list where there are several. A
parameter is a variable of its name, bound by a `VALUES ?gene { "TNFSF11" }` of its own that
holds the default; `bind` changes what stands between those braces and nothing else.

Source: https://github.com/CLARIAH/grlc#decorator-syntax
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import yaml

from pfocr_rdf.errors import InputError
from pfocr_rdf.query.questions.parameters import Parameter, ParameterType

_MARK = "#+"
_PARAM = re.compile(r"(?P<name>[a-z][a-z0-9_]*) \((?P<type>[a-z]+)(?P<several>, several)?\)")
_DEFAULT = re.compile(r"(?P<description>.+?)(?:; default (?P<default>.+))?")
_FORM = re.compile(r"^(SELECT|ASK|CONSTRUCT)\b", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX ([A-Za-z][A-Za-z0-9-]*): <([^>]+)>$", re.MULTILINE)
_DUE = ("title", "description", "keywords", "topic")
_KEYS = frozenset((*_DUE, "endpoint", "slow", "empty"))


class QueryForm(StrEnum):
    """What a query answers with."""

    SELECT = "select"
    ASK = "ask"
    CONSTRUCT = "construct"


class Topic(StrEnum):
    """What a question is about, in the order of lists."""

    GENES = "genes"
    CHEMICALS_AND_DISEASES = "chemicals and diseases"
    FIGURES_AND_PAPERS = "figures and papers"
    ORGANISMS = "organisms"
    WORDS = "words and how they were read"
    RELEASE = "the whole release"
    OTHER_DATABASES = "other databases"


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
    topic: Topic
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
    said: dict[str, Sequence[str]] = {}
    for key, values in _entries(name, head):
        known = key in _KEYS or key.startswith("param ")
        if key in said or not known or not all(values) or (len(values) != 1 and key != "endpoint"):
            found = f"{key}: {', '.join(values)}"
            raise InputError(f"{name}.rq: expected a line of a header, once, found {found!r}")
        said[key] = values
    if missing := [key for key in _DUE if key not in said]:
        raise InputError(f"{name}.rq: expected `{_MARK} {missing[0]}:`, found none")
    text_of = {key: values[0] for key, values in said.items()}
    if text_of["topic"] not in list(Topic):
        raise InputError(
            f"{name}.rq: topic: expected one of {', '.join(Topic)}, found {text_of['topic']!r}"
        )
    return Question(
        name=name,
        title=text_of["title"],
        description=text_of["description"],
        keywords=tuple(word.strip() for word in text_of["keywords"].split(",")),
        topic=Topic(text_of["topic"]),
        parameters=tuple(
            _parameter(name, key.removeprefix("param "), text)
            for key, text in text_of.items()
            if key not in _KEYS
        ),
        federated=tuple(said.get("endpoint", ())),
        text=text,
        slow=text_of.get("slow", ""),
        empty=text_of.get("empty", ""),
    )


def _entries(question: str, head: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the keys of a header with their texts; one text where it is no list."""
    lines = [line.removeprefix(_MARK) for line in head]
    try:
        root = yaml.compose("".join(lines), yaml.CBaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        found = repr(lines[min(mark.line, len(lines) - 1)].strip()) if mark else "other characters"
        raise InputError(f"{question}.rq: expected a header in YAML, found {found}") from error
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise InputError(
            f"{question}.rq: expected a line of a header, once, found {lines[0].strip()!r}"
        )
    for key, value in root.value if root else ():
        values = value.value if isinstance(value, yaml.SequenceNode) else [value]
        yield str(key.value), [str(each.value) for each in values]


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
