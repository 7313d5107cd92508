"""What assistants are told of each tool: when to use it, and the schema of its arguments.

Few tools, as each stands in every conversation and some assistants take forty at most: the
questions are one tool, `ask`, whose schema names them all and types all their parameters, and
`questions` gives the exact schema of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from pfocr_rdf.query.enrichment import ANY, EnrichmentOptions
from pfocr_rdf.query.index import SetOf
from pfocr_rdf.query.questions import Question, parameter_schema
from pfocr_rdf.rdf import PAGED, Tier
from pfocr_rdf.web.pages import MOST_NAMES, MOST_OF_BACKGROUND
from pfocr_rdf.web.server.mcp.answers import MOST_BYTES

FEW: Final = 5
"""Names that a fault proposes."""
MANY: Final = 500
"""Rows that one answer may have."""
MOST_LISTED: Final = {"genes": MOST_NAMES, "background": MOST_OF_BACKGROUND}
_LONGEST_NAME: Final = 500
_LONGEST_QUERY: Final = 20_000
_DEFAULTS: Final = EnrichmentOptions()

Schema = dict[str, Any]


class Definition:
    """One tool.

    Args:
        name: Of the tool.
        title: For people.
        description: When to use it, and what comes back.
        properties: Schemas of its arguments.
        required: Those that must be given.
    """

    def __init__(
        self,
        name: str,
        title: str,
        description: str,
        properties: Mapping[str, Schema],
        required: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.title = title
        self.description = description
        self.schema: Schema = {
            "type": "object",
            "properties": dict(properties),
            "required": list(required),
            "additionalProperties": False,
        }

    @property
    def defaults(self) -> dict[str, Any]:
        """The arguments that have a default."""
        properties: Mapping[str, Schema] = self.schema["properties"]
        return {name: each["default"] for name, each in properties.items() if "default" in each}

    def fault(self, arguments: Mapping[str, Any]) -> str:
        """Return what is wrong with arguments, in one line; "" for nothing."""
        from jsonschema.exceptions import best_match  # type: ignore[import-untyped]  # noqa: PLC0415 - of the extra

        error = best_match(self._validator.iter_errors(dict(arguments)))
        if error is None:
            return ""
        where = ".".join(map(str, error.absolute_path))
        return " ".join(f"{where}: {error.message}".removeprefix(": ").split())[:_LONGEST_NAME]

    @cached_property
    def _validator(self) -> Any:
        from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415 - likewise

        # Values of questions are checked where all values of questions are: by `bind`.
        own = {
            name: {"type": "object"} if name == "parameters" else each
            for name, each in self.schema["properties"].items()
        }
        return Draft202012Validator({**self.schema, "properties": own})


def definitions(questions: Mapping[str, Question]) -> tuple[Definition, ...]:
    """Return the tools of a release that has these questions."""
    return (
        Definition(
            "find",
            "Find figures, genes, chemicals, diseases, organisms and papers",
            "Start here with any name, id or words. `meant` has what a name may mean, the surest "
            "first, with why it matched; `having_the_words` has figures and papers with these "
            "words. Each has its IRI for describe.",
            {
                "text": _text("A name, id, or words of titles and captions; a phrase in quotes."),
                "kind": _kind("Only this kind."),
                "limit": _limit(10, 50),
                "offset": _offset("With kind: how many to leave out."),
            },
            ("text",),
        ),
        Definition(
            "describe",
            "Describe a figure, gene, chemical, disease, organism or paper",
            "All that is known of one thing. Of a figure: caption, paper, and each mention with "
            "its certainty or what is in doubt. Of a gene: names, ids, figures with tier and "
            "certainty, and what stands beside it.",
            {
                "id": _text("An IRI, a figid, a PMCID, an id such as ncbigene:8600, or a name."),
                "kind": _kind("What it is, where a name means several."),
                "limit": _limit(20, 200),
                "offset": _offset("Figures, or mentions of a figure, to leave out."),
            },
            ("id",),
        ),
        Definition(
            "questions",
            "List the questions of ask, or show one with its schema",
            "Without `about`: names and titles of all. With a name, or words of what you want "
            "to know: the best, with the JSON Schema of its parameters.",
            {"about": _text("A name of a question, or words.")},
        ),
        Definition(
            "ask",
            "Ask one of the prepared questions",
            "Exact answers to counts, lists, rankings, intersections and paths. Prefer it to "
            "sparql. Parameters left out have their defaults, which are examples: give your own. "
            "Names such as RANKL are taken for what they mean; `notes` says so.\n\n"
            + "\n".join(f"- {each.name}: {each.title}" for each in questions.values()),
            {
                "question": {"type": "string", "enum": list(questions)},
                "parameters": {
                    "type": "object",
                    "description": "Values by parameter; the tool questions says which one takes.",
                    "properties": _all_parameters(questions),
                    "default": {},
                },
                "limit": _limit(50, MANY),
                "offset": _offset("Rows to leave out."),
            },
            ("question",),
        ),
        Definition(
            "enrich",
            "Find the figures that show more of a list of genes than chance would",
            "Over-representation of your genes in figures or papers: overlap, odds ratio, p and "
            "q. `not_taken` says which names were not taken, and why.",
            {
                "genes": _texts("Symbols, names or ids."),
                "background": _texts("The genes there are to draw from; default: all of figures."),
                "tier": {
                    "type": "string",
                    "enum": list(map(str, Tier)),
                    "default": str(_DEFAULTS.tier),
                    "description": "How strictly a gene must be read in a figure.",
                },
                "organism": {
                    "type": "string",
                    "maxLength": _LONGEST_NAME,
                    "default": _DEFAULTS.organism,
                    "description": f"Whose genes: a taxon id, a name, or {ANY}.",
                },
                "certain": {
                    "type": "boolean",
                    "default": _DEFAULTS.certain,
                    "description": "Only what figures mention without doubt.",
                },
                "by": {
                    "type": "string",
                    "enum": list(map(str, SetOf)),
                    "default": str(_DEFAULTS.by),
                    "description": "What a set is.",
                },
                "choices": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                    "description": "Of ambiguous names the id that is meant.",
                },
                "limit": _limit(15, 200),
                "offset": _offset("Sets to leave out."),
            },
            ("genes",),
        ),
        Definition(
            "sparql",
            "Ask in SPARQL 1.1, read only",
            "For what no question asks. Prefixes pfocr, schema, oa, skos, dcterms and those of "
            "the release need no declaration. Read pfocr://model and pfocr://gotchas first. An "
            "answer is whole or there is none: count, or use LIMIT.",
            {
                "query": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": _LONGEST_QUERY,
                    "description": "SELECT, ASK, CONSTRUCT or DESCRIBE.",
                },
                "limit": _limit(50, MANY),
                "offset": _offset("Rows to leave out."),
            },
            ("query",),
        ),
        Definition(
            "release",
            "Say which release this is, and its numbers",
            "Name, day, licence, totals of figures, genes, papers and the like, figures per year, "
            "how mentions were identified and why others were not, and the files with their "
            f"hashes. No answer of any tool is larger than {MOST_BYTES:,} bytes.",
            {},
        ),
    )


def _all_parameters(questions: Mapping[str, Question]) -> dict[str, Schema]:
    """Return the schemas of the parameters of all questions: a name has one type in all."""
    found: dict[str, Schema] = {}
    for question in questions.values():
        for each in question.parameters:
            schema = parameter_schema(each)
            schema.pop("default", None)
            found.setdefault(each.name, schema)
    return found


def _text(description: str) -> Schema:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": _LONGEST_NAME,
        "description": description,
    }


def _texts(description: str) -> Schema:
    return {
        "type": "array",
        "items": {"type": "string", "maxLength": _LONGEST_NAME},
        "minItems": 1,
        "maxItems": MOST_OF_BACKGROUND,
        "description": description,
    }


def _kind(description: str) -> Schema:
    return {"type": "string", "enum": [each.value for each in PAGED], "description": description}


def _limit(default: int, most: int) -> Schema:
    return {
        "type": "integer",
        "minimum": 1,
        "maximum": most,
        "default": default,
        "description": "How many at most; next_offset says where to go on.",
    }


def _offset(description: str) -> Schema:
    return {
        "type": "integer",
        "minimum": 0,
        "maximum": 10_000_000,
        "default": 0,
        "description": description,
    }
