"""Reading RDF: every syntax and compression, lexical forms, and messages for broken files."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from pfocr_rdf.errors import InputError
from pfocr_rdf.rdf.files import SYNTAXES, read_triples
from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD_INTEGER, BlankNode, Literal

S, P = IRI("http://example.org/s"), IRI("http://example.org/p")
EXPECTED = [
    (S, P, Literal("0.90450", IRI("http://www.w3.org/2001/XMLSchema#decimal"))),
    (S, P, Literal("01", XSD_INTEGER)),
    (S, P, Literal("caf\u00e9", RDF_LANG_STRING, "fr")),
    (S, P, Literal("plain")),
    (S, P, IRI("http://example.org/o")),
]
NT = (
    '<http://example.org/s> <http://example.org/p> "0.90450"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    '<http://example.org/s> <http://example.org/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    '<http://example.org/s> <http://example.org/p> "caf\u00e9"@fr .\n'
    '<http://example.org/s> <http://example.org/p> "plain" .\n'
    "<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n"
)
TTL = '@prefix : <http://example.org/> .\n:s :p 0.90450 , 01 , "caf\u00e9"@fr , "plain" , :o .\n'
TEXTS = {
    ".nt": NT,
    ".nq": NT.replace(" .\n", " <http://example.org/graph> .\n"),
    ".ttl": TTL,
    ".turtle": TTL,
    ".trig": TTL.replace(":s", "GRAPH :g { :s") + "}",
    ".jsonld": """{"@context": {"p": "http://example.org/p"}, "@id": "http://example.org/s", "p": [
        {"@value": "0.90450", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
        {"@value": "01", "@type": "http://www.w3.org/2001/XMLSchema#integer"},
        {"@value": "caf\u00e9", "@language": "fr"}, "plain", {"@id": "http://example.org/o"}]}""",
    ".rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">
        <rdf:Description rdf:about="http://example.org/s">
        <e:p rdf:datatype="http://www.w3.org/2001/XMLSchema#decimal">0.90450</e:p>
        <e:p rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">01</e:p>
        <e:p xml:lang="fr">caf\u00e9</e:p><e:p>plain</e:p>
        <e:p rdf:resource="http://example.org/o"/></rdf:Description></rdf:RDF>""",
}
TEXTS |= {".json": TEXTS[".jsonld"], ".owl": TEXTS[".rdf"], ".xml": TEXTS[".rdf"]}


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd}


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_each_suffix_has_a_case() -> None:
    """A new suffix needs a test."""
    assert set(TEXTS) == set(SYNTAXES)


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("suffix", TEXTS)
def test_all_syntaxes_say_the_same(tmp_path: Path, suffix: str, compression: str) -> None:
    """The same triples with the same lexical forms, graph names dropped."""
    data = COMPRESS[compression](TEXTS[suffix].encode())
    path = written(tmp_path, f"Data{suffix.upper()}{compression}", data)
    assert list(read_triples(path)) == EXPECTED


def test_joined_zstandard_frames(tmp_path: Path) -> None:
    """As `cat a.zst b.zst` makes them."""
    frames = [zstandard.ZstdCompressor().compress(line.encode()) for line in NT.splitlines(True)]
    assert list(read_triples(written(tmp_path, "a.nt.zst", b"".join(frames)))) == EXPECTED


def test_an_empty_file_is_an_empty_graph(tmp_path: Path) -> None:
    """Of each compression."""
    for compression, compress in COMPRESS.items():
        assert list(read_triples(written(tmp_path, f"a.ttl{compression}", compress(b"")))) == []


@pytest.mark.parametrize("compression", [".gz", ".zst"])
@pytest.mark.parametrize("cut", [1, 9, 200])
def test_a_cut_archive_is_no_graph(tmp_path: Path, compression: str, cut: int) -> None:
    """Half a file is never taken for a whole one."""
    noise = os.urandom(4000).hex()
    data = COMPRESS[compression](f'{NT}<{S}> <{P}> "{noise}" .\n'.encode())
    path = written(tmp_path, f"a.nt{compression}", data[:-cut])
    with pytest.raises(InputError, match=r"a\.nt\.\w+: expected a complete archive"):
        list(read_triples(path))


@pytest.mark.parametrize("compression", [".gz", ".zst"])
def test_no_archive_at_all(tmp_path: Path, compression: str) -> None:
    """Plain text with an archive's name."""
    with pytest.raises(InputError, match=r"a\.nt"):
        list(read_triples(written(tmp_path, f"a.nt{compression}", NT)))


def test_blank_nodes(tmp_path: Path) -> None:
    """Labels are kept, nodes without one are numbered, and two readings agree."""
    text = f'_:x <{P}> [ <{P}> "y" ] , _:anon0 .'
    path = written(tmp_path, "a.ttl", text)
    first = list(read_triples(path))
    assert first == list(read_triples(path))
    subjects = {subject for subject, _, _ in first}
    assert BlankNode("x") in subjects
    labels = {term.label for triple in first for term in triple if isinstance(term, BlankNode)}
    assert len(labels) == 3


def test_relative_iris_are_of_the_file(tmp_path: Path) -> None:
    """`<>` is the file itself."""
    path = written(tmp_path, "a.ttl", f'<> <{P}> "x" .')
    assert next(read_triples(path))[0] == path.as_uri()


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "a.ttl": (f'<{S}> <{P}> "x" .\n<{S}> <{P}> .', r"a\.ttl: line 2: "),
    "b.nt": (f'<{S}> <{P}> "x" .\n\nnonsense', r"b\.nt: line 3: "),
    "c.ttl": (b'<a:a> <a:b> "\xff" .', r"c\.ttl: line 1: Invalid UTF-8"),
    "d.jsonld": ('{"@id": \n\n [}', r"d\.jsonld: line 3: "),
    "e.jsonld": (
        '{"@context": "http://schema.org/", "name": "x"}',
        r"e\.jsonld: @context: expected an inline context.*put the context into the file",
    ),
    "f.rdf": ("<rdf:RDF", r"f\.rdf: "),
    "g.ttl": (f"<{S}> <{P}> <<( <{S}> <{P}> <{S}> )>> .", r"g\.ttl: expected RDF 1\.1"),
    "h.csv": ("a,b", r"h\.csv: expected one of \.ttl, .*found \.csv \(rename the file\)"),
    "noname": ("x", r"noname: expected one of .*found no suffix"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(tmp_path: Path, name: str) -> None:
    """One line: the file, the line where there is one, and what is wrong."""
    text, message = BROKEN[name]
    with pytest.raises(InputError, match=message) as caught:
        list(read_triples(written(tmp_path, name, text)))
    assert "\n" not in str(caught.value)
    assert "Parser error" not in str(caught.value)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """A missing file and a folder."""
    with pytest.raises(InputError, match=r"no\.ttl: cannot be read: No such file"):
        list(read_triples(tmp_path / "no.ttl"))
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(InputError, match=r"folder\.ttl: cannot be read: Is a directory"):
        list(read_triples(tmp_path / "folder.ttl"))


@pytest.mark.whole
def test_reading_does_not_hold_the_file(tmp_path: Path) -> None:
    """The first triple comes before a fault far behind it is met."""
    text = NT * 20_000 + "nonsense"
    triples = read_triples(written(tmp_path, "a.nt", text))
    assert next(triples) == EXPECTED[0]
    with pytest.raises(InputError, match="line 100001"):
        list(triples)
