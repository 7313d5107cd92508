"""What each store's bulk loader is told: the commands, with what people can set at their top.

Bulk loaders need the files beside the store and are several times as fast as any upload. They
report trouble in their own ways (Virtuoso only in a table, with success as exit status), so each
script ends by counting.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.load.plan import PlannedGraph
from pfocr_rdf.rdf import IRI

_PLAIN: Final = re.compile(r"[^\"$`\\!\n]*")
"""What means itself between double quotes."""

_QUADS: Final = """
# The loader cannot be told a graph, so the files name it: N-Triples become N-Quads, Turtle TriG.
WORK=$(mktemp -d "${TMPDIR:-/tmp}/pfocr-load.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
read_file() { case $1 in *.gz) gzip -dc "$1" ;; *) cat "$1" ;; esac; }
in_graph() { # FILE GRAPH NAME
    case $3 in
    *.nq)
        name=$(echo "$2" | sed 's/&/\\\\&/g') # in a replacement, & is what was found
        read_file "$1" | sed "s|\\.\\$|<$name> .|" >"$WORK/$3"
        ;;
    *.trig)
        {
            read_file "$1" | sed '/^$/,$d'
            echo "<$2> {"
            read_file "$1" | sed '1,/^$/d'
            echo "}"
        } >"$WORK/$3"
        ;;
    esac
}
"""


class BulkFile(NamedTuple):
    """A file, and the graph that it is loaded into."""

    path: Path
    graph: IRI


class Script(NamedTuple):
    """What people should know of it, in lines, and its commands, in the language of the shell."""

    about: tuple[str, ...]
    body: str


def _expectations(parts: Sequence[PlannedGraph]) -> str:
    """Return the script's end; the script has a function `ask QUERY` by then."""
    return "".join(
        f"expect_triples {_quoted(part.graph)} {part.triples}\n"
        + "".join(
            f"expect_entities {_quoted(part.graph)} {_quoted(name)} {number}\n"
            for name, number in part.classes.items()
        )
        for part in parts
    )


def _quoted(text: str) -> str:
    """Return a word of the shell, in the quotes that read best."""
    return f'"{text}"' if _PLAIN.fullmatch(text) else shlex.quote(text)


def virtuoso_script(files: Sequence[BulkFile], parts: Sequence[PlannedGraph]) -> Script:
    """Return the commands of Virtuoso's `ld_dir` and `rdf_loader_run`."""
    about = (
        "The folder of the release must be in DirsAllowed of virtuoso.ini. What is in the graphs",
        "is removed first, also an alignment that a release in another graph uses: then give this",
        "one its own with --alignment-graph. rdf_loader_run() reports success whatever happens:",
        "its errors are in the table DB.DBA.load_list.",
    )
    graphs = ", ".join(f"'{part.graph}'" for part in parts)
    # Values are names of graphs, checked when they were given, and of files, escaped.
    forget = f"DELETE FROM DB.DBA.load_list WHERE ll_graph IN ({graphs});"  # noqa: S608
    clear = "log_enable(3, 1);" + "".join(f" SPARQL CLEAR GRAPH <{part.graph}>;" for part in parts)
    load = "".join(
        f"ld_dir({_sql(str(path.parent))}, {_sql(path.name)}, '{graph}'); " for path, graph in files
    )
    failed = (
        "SELECT 'FAILED', ll_file, ll_state, ll_error FROM DB.DBA.load_list "  # noqa: S608
        f"WHERE ll_graph IN ({graphs}) AND (ll_state <> 2 OR ll_error IS NOT NULL);"
    )
    body = f"""
SERVER=${{SERVER:-127.0.0.1:1111}}
LOGIN=${{LOGIN:-dba}}
PASSWORD=${{PASSWORD:-dba}}
ISQL=${{ISQL:-isql-vt}} # OpenLink's own packages call it isql
sql() {{
    "$ISQL" "$SERVER" "$LOGIN" "$PASSWORD" VERBOSE=OFF BANNER=OFF PROMPT=OFF ERRORS=STDOUT exec="$1"
}}
ask() {{ sql "SPARQL $1;"; }}

# A file that is in the list is not loaded again.
sql {_quoted(forget)}
sql {_quoted(clear)}
sql {_quoted(f"{load}rdf_loader_run(); checkpoint;")}
errors=$(sql {_quoted(failed)} | grep FAILED || true)
[ -z "$errors" ] || {{ echo "$errors" >&2; exit 3; }}
{_expectations(parts)}"""
    return Script(about, body)


def _sql(text: str) -> str:
    """Return a string of SQL; isql would put the value of a macro for a dollar and a name."""
    quoted = "'" + text.replace("'", "''") + "'"
    return "concat(" + quoted.replace("$", "', chr(36), '") + ")" if "$" in text else quoted


def oxigraph_script(files: Sequence[BulkFile], parts: Sequence[PlannedGraph]) -> Script:
    """Return the commands of `oxigraph load`."""
    about = (
        "No server may run on LOCATION meanwhile. It should be new: what is there stays there.",
        "Then: oxigraph serve --location LOCATION",
    )
    loads = ""
    for part in parts:
        paths = " ".join(_quoted(str(path)) for path, graph in files if graph == part.graph)
        if paths:
            graph = "" if part.graph == DEFAULT_GRAPH else f" --graph {_quoted(part.graph)}"
            loads += f'"$OXIGRAPH" load --location "$LOCATION"{graph} --file {paths}\n'
    body = f"""
LOCATION=${{LOCATION:-pfocr-oxigraph}}
OXIGRAPH=${{OXIGRAPH:-oxigraph}}
ask() {{ "$OXIGRAPH" query --location "$LOCATION" --results-format csv --query "$1"; }}

{loads}"$OXIGRAPH" optimize --location "$LOCATION"
{_expectations(parts)}"""
    return Script(about, body)


def tdb2_script(files: Sequence[BulkFile], parts: Sequence[PlannedGraph]) -> Script:
    """Return the commands of Jena's TDB2, the store below Fuseki."""
    about = (
        "tdb2.xloader wants a LOCATION that is not there yet; LOADER=tdb2.tdbloader adds to one.",
        "Then: fuseki-server --tdb2 --loc LOCATION /pfocr",
    )
    steps, loaded = _as_quads(files)
    body = f"""{_QUADS}
LOCATION=${{LOCATION:-pfocr-tdb2}}
LOADER=${{LOADER:-tdb2.xloader}}
TDBQUERY=${{TDBQUERY:-tdb2.tdbquery}}
ask() {{ "$TDBQUERY" --loc "$LOCATION" --results=csv "$1"; }}

{steps}"$LOADER" --loc "$LOCATION" {loaded}
{_expectations(parts)}"""
    return Script(about, body)


def graphdb_script(files: Sequence[BulkFile], parts: Sequence[PlannedGraph]) -> Script:
    """Return the commands of GraphDB's `importrdf`."""
    about = (
        "Not tested with GraphDB. The server must not run; REPOSITORY must exist, and what is in",
        "it is overwritten. Start the server, then run this script with the word `check`.",
    )
    steps, loaded = _as_quads(files)
    body = f"""
REPOSITORY=${{REPOSITORY:-pfocr}}
SERVER=${{SERVER:-http://localhost:7200}}
IMPORTRDF=${{IMPORTRDF:-importrdf}}
ask() {{
    curl -fsS -H 'Accept: text/csv' --data-urlencode "query=$1" "$SERVER/repositories/$REPOSITORY"
}}
if [ "${{1:-}}" = check ]; then
{_indented(_expectations(parts))}    exit 0
fi
{_QUADS}
{steps}"$IMPORTRDF" load -f -i "$REPOSITORY" -m parallel {loaded}
"""
    return Script(about, body)


def qlever_script(files: Sequence[BulkFile], parts: Sequence[PlannedGraph]) -> Script:
    """Return a Qleverfile and the commands of `qlever`."""
    about = (
        "Not tested with QLever itself. Writes a Qleverfile into this folder, builds the index and",
        "starts the server; with SYSTEM = native, qlever-index and qlever-server must be on PATH.",
    )
    inputs = [
        {
            "cmd": f"{'gzip -dc' if path.suffix == '.gz' else 'cat'} {shlex.quote(str(path))}",
            "format": Path(path.name.removesuffix(".gz")).suffix.removeprefix("."),
            "graph": graph,
        }
        for path, graph in files
    ]
    names = " ".join(str(path) for path, _ in files)
    body = f"""
PORT=${{PORT:-7001}}
QLEVER=${{QLEVER:-qlever}}
cat >Qleverfile <<'END'
[data]
NAME = pfocr
DESCRIPTION = Pathway figures of PFOCR as linked data

[index]
INPUT_FILES = {names}
MULTI_INPUT_JSON = {json.dumps(inputs)}
SETTINGS_JSON = {{ "num-triples-per-batch": 1000000 }}

[server]
PORT = 7001
ACCESS_TOKEN = change-me
MEMORY_FOR_QUERIES = 4G
TIMEOUT = 120s

[runtime]
SYSTEM = native
END
ask() {{ curl -fsS -H 'Accept: text/csv' --data-urlencode "query=$1" "http://localhost:$PORT"; }}

"$QLEVER" index
"$QLEVER" start --port "$PORT"
{_expectations(parts)}"""
    return Script(about, body)


def _as_quads(files: Sequence[BulkFile]) -> tuple[str, str]:
    """Return the commands that put files into graphs, and the names of what they write."""
    steps, names = "", []
    for number, (path, graph) in enumerate(files):
        plain = Path(path.name.removesuffix(".gz"))
        name = f"{number:05}{'.nq' if plain.suffix == '.nt' else '.trig'}"
        steps += f"in_graph {_quoted(str(path))} {_quoted(graph)} {name}\n"
        names.append(f'"$WORK/{name}"')
    return steps, " ".join(names)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
