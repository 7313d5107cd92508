"""`pfocr-rdf load`: from options to a store, a plan and one line of what was proved."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Final

import typer

from pfocr_rdf.cli.interrupts import interruptible
from pfocr_rdf.cli.options import Quiet, ReleaseFolder, Verbose
from pfocr_rdf.cli.output import stderr, write_data
from pfocr_rdf.cli.progress import line, shown_progress
from pfocr_rdf.errors import UsageError
from pfocr_rdf.load import (
    DEFAULT_GRAPH,
    DIALECTS,
    AuthScheme,
    Credentials,
    LoadOptions,
    LoadResult,
    StoreClient,
    StoreName,
    endpoints,
    how_to_ask,
    load_release,
    parse_address,
    server_of,
    shown_graph,
    store_of,
)
from pfocr_rdf.load import recipe as recipe_of
from pfocr_rdf.rdf import ALIGNMENT_GRAPH, FIGURES_GRAPH, IRI
from pfocr_rdf.release import open_release
from pfocr_rdf.text import printable

AUTH_VARIABLE: Final = "PFOCR_RDF_AUTH"
# Stricter than RFC 3987, as the name goes into SPARQL, SQL and shell.
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\'$]+")


def load(
    release: ReleaseFolder,
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="URL", help="The store: server, dataset (fuseki), repository (graphdb)."
        ),
    ] = "",
    store: Annotated[
        StoreName | None, typer.Option(help="Which store it is; default: as it calls itself.")
    ] = None,
    graph: Annotated[
        str,
        typer.Option(
            metavar="IRI",
            help="Named graph of the figures, or `default`; default: as suits the store.",
        ),
    ] = "",
    alignment: Annotated[
        bool, typer.Option("--alignment/--no-alignment", help="Load alignment.ttl too.")
    ] = True,
    alignment_graph: Annotated[
        str, typer.Option(metavar="IRI", help="Named graph of the alignment.")
    ] = ALIGNMENT_GRAPH,
    void: Annotated[
        bool, typer.Option("--void/--no-void", help="Load void.ttl too, beside the figures.")
    ] = True,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Swap what is in the graphs, so that no half is seen."),
    ] = False,
    auth: Annotated[
        str,
        typer.Option(
            metavar="USER:PASSWORD",
            help=f"Who loads; others can see it, so rather --auth-file or {AUTH_VARIABLE}.",
        ),
    ] = "",
    auth_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File whose first line is USER:PASSWORD.")
    ] = None,
    auth_scheme: Annotated[
        AuthScheme | None, typer.Option(help="Default: digest for virtuoso, else basic.")
    ] = None,
    sparql: Annotated[
        str, typer.Option(metavar="URL", help="SPARQL endpoint, where --to does not tell it.")
    ] = "",
    slice_size: Annotated[
        int, typer.Option(metavar="BYTES", help="Most that one request carries.")
    ] = LoadOptions().slice_size,
    gzip: Annotated[
        bool, typer.Option("--gzip/--no-gzip", help="Compress where the store takes it.")
    ] = True,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long the store may be silent.")
    ] = 600.0,
    retries: Annotated[int, typer.Option(help="Tries after a first that failed.")] = 8,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Go on where a load was interrupted.")
    ] = True,
    remove_temporary: Annotated[
        bool,
        typer.Option(
            "--remove-temporary",
            help="Remove what other loads have left beside the graphs; none may be running.",
        ),
    ] = False,
    recipe: Annotated[
        bool,
        typer.Option("--recipe", help="Only print the commands of the store's bulk loader."),
    ] = False,
    quiet: Quiet = False,
    _verbose: Verbose = False,
) -> None:
    """Load a release into a triple store, and prove that it is there.

    pfocr-rdf load out --to http://localhost:7878

    pfocr-rdf load out --to http://localhost:8890 --store virtuoso --replace
    """
    options = LoadOptions(
        graph=_graph("--graph", graph) if graph else FIGURES_GRAPH,
        alignment_graph=_graph("--alignment-graph", alignment_graph),
        alignment=alignment,
        void=void,
        replace=replace,
        resume=resume,
        remove_temporary=remove_temporary,
        slice_size=slice_size,
    )
    for name, number in (("--timeout", timeout - 1), ("--retries", retries)):
        if number < 0:
            raise UsageError(f"{name}: expected more, found {number}")
    if recipe:
        if store is None:
            raise UsageError("--recipe: expected --store NAME, found none (whose bulk loader?)")
        chosen = options if graph else options._replace(graph=DIALECTS[store].graph)
        write_data(recipe_of(open_release(release), store, chosen))
        return
    if not to:
        raise UsageError("--to: expected the address of a store, found none (or give --recipe)")
    opened = open_release(release)
    url, in_url = parse_address("--to", to)
    secret = _secret(auth, auth_file) or in_url
    store = store or _ask_which(url)
    dialect = DIALECTS[store]
    if not graph:
        options = options._replace(graph=dialect.graph)
    places = endpoints(store, url, sparql, with_auth=bool(secret))
    who = _credentials(secret, auth_scheme or dialect.scheme) if secret else None
    console = stderr()

    def say(text: str) -> None:
        if not quiet:
            line(console, text)

    with (
        interruptible("the same command goes on where it was"),
        shown_progress(console, quiet=quiet) as on_progress,
        StoreClient(
            places,
            dialect,
            who,
            retries=retries,
            timeout=timeout,
            compress=gzip,
            say=say,
        ) as client,
    ):
        result = load_release(opened, client, options, on_progress, say)
    if not quiet:
        asked = endpoints(store, url, sparql, with_auth=False).query
        _print_result(result, url, asked)


def _print_result(result: LoadResult, url: str, asked: str) -> None:
    for part in result.parts:
        classes = f" and the entities of {len(part.classes)} classes" if part.classes else ""
        said = (
            f"{shown_graph(part.graph)} at {url}: {part.triples:,} triples{classes}, as the release"
        )
        write_data(f"{printable(said)}\n")
    line = how_to_ask(asked, [part.graph for part in result.parts])
    write_data(f"Ask it: {printable(line)}\n")


def _graph(option: str, name: str) -> IRI:
    if option == "--graph" and name == DEFAULT_GRAPH:
        return DEFAULT_GRAPH
    if _IRI.fullmatch(name) is None:
        raise UsageError(f"{option}: expected an IRI, found {name!r}")
    return IRI(name)


def _ask_which(url: str) -> StoreName:
    server = server_of(url)
    store = store_of(server)
    if store is None:
        known = ", ".join(StoreName)
        raise UsageError(
            f"--store: expected a store that says what it is, found {server or 'no name'!r} "
            f"(give one of {known})"
        )
    return store


def _secret(auth: str, file: Path | None) -> str:
    """Return USER:PASSWORD from where it was given, or ""."""
    if auth and file:
        raise UsageError("--auth: expected it, or --auth-file, found both")
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--auth-file: {file}: cannot be read: {error}") from error
        if not lines or not lines[0]:
            raise UsageError(f"--auth-file: {file}: expected USER:PASSWORD, found nothing")
        return lines[0]
    return auth or os.environ.get(AUTH_VARIABLE, "")


def _credentials(secret: str, scheme: AuthScheme) -> Credentials:
    if scheme is AuthScheme.BEARER:
        return Credentials("", secret, scheme)
    user, colon, password = secret.partition(":")
    if not colon or not user:
        raise UsageError("--auth: expected USER:PASSWORD, found something without a colon")
    return Credentials(user, password, scheme)
