"""Archives: what is taken out of them, and that a broken or hostile one does no harm."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.read.archive import MAX_MEMBER_BYTES, extract, readable
from pfocr_rdf.figures.read.archive_kinds import is_archive

FILES = {
    "top/_figures/PMC1__a.md": b"---\nfigid: PMC1__a\n---\n",
    "top/_figures/PMC1__b.txt": b"---\nfigid: PMC1__b\n---\n" * 40,
    "top/_data/PMC1__a-genes.tsv": bytes(range(1, 200)) * 30,
    "top/README.rst": b"not taken",
}
TAKEN = {name: data for name, data in FILES.items() if not name.endswith(".rst")}


def tar_bytes(files: dict[str, bytes] = FILES, format_: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as tar:
        tar.addfile(folder("top"))
        for name, data in files.items():
            add(tar, name, data)
    return out.getvalue()


def add(tar: tarfile.TarFile, name: str, data: bytes = b"") -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


def folder(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    return member


def zip_bytes(files: dict[str, bytes] = FILES, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as zipped:
        zipped.mkdir("top")
        for name, data in files.items():
            zipped.writestr(name, data)
    return out.getvalue()


TAR = tar_bytes()


def unpacked(target: Path) -> dict[str, bytes]:
    return {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }


def written(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.tar", tar_bytes()),
        ("x.tar", tar_bytes(format_=tarfile.PAX_FORMAT)),
        ("X.TAR.GZ", gzip.compress(tar_bytes())),
        ("x.tgz", gzip.compress(tar_bytes())),
        ("misnamed.tar.gz", tar_bytes()),
        ("misnamed.tgz", bz2.compress(tar_bytes())),
        ("misnamed.tar", lzma.compress(tar_bytes())),
        ("x.zip", zip_bytes()),
        ("misnamed.zip", tar_bytes()),
        ("misnamed.zip", gzip.compress(tar_bytes())),
        ("a-zip.tar.gz", zip_bytes()),
        ("x.tar.xz", lzma.compress(tar_bytes())),
        ("x.txz", lzma.compress(tar_bytes())),
        ("x.tar.lzma", lzma.compress(tar_bytes(), lzma.FORMAT_ALONE)),
        ("x.tar.bz2", bz2.compress(tar_bytes())),
        ("x.tar.zst", zstandard.compress(tar_bytes())),
        ("two-frames.tzst", zstandard.compress(TAR[:999]) + zstandard.compress(TAR[999:])),
        ("no suffix", gzip.compress(tar_bytes())),
        ("download.md", lzma.compress(tar_bytes())),
        ("pfocr-database", zip_bytes()),
        ("bare", tar_bytes()),
        ("stored.zip", zip_bytes(method=zipfile.ZIP_STORED)),
    ],
)
def test_pages_and_tables_are_taken_and_nothing_else(
    tmp_path: Path, name: str, data: bytes
) -> None:
    archive = written(tmp_path, name, data)
    assert is_archive(archive)
    assert extract(archive, tmp_path / "out") == ()
    assert unpacked(tmp_path / "out") == TAKEN


@pytest.mark.parametrize("name", ["x.gz", "x.md", "tar.gz.txt", "x.7z"])
def test_other_names_are_not_those_of_archives(name: str) -> None:
    assert not is_archive(Path(name))


@pytest.mark.parametrize(
    "compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress, bytes]
)
def test_an_archive_cut_anywhere_is_an_error(
    tmp_path: Path, compress: Callable[[bytes], bytes]
) -> None:
    data = compress(tar_bytes())
    whole = len(data)
    if compress is bytes:
        whole = len(data.rstrip(b"\0")) // 512 * 512 + 512  # the end mark begins here
    cuts = {0, 1, 10, 100, 511, 512, 513, 1024, *range(0, whole, 512), whole - 1, whole}
    for cut in sorted(cut for cut in cuts if cut < len(data)):
        archive = written(tmp_path, "cut.tar.gz", data[:cut])
        with pytest.raises(InputError, match="found it broken"):
            extract(archive, tmp_path / "out")


def test_a_tar_needs_one_block_of_its_end_mark(tmp_path: Path) -> None:
    data = tar_bytes()
    short = data.rstrip(b"\0")
    end = -(-len(short) // 512) * 512
    archive = written(tmp_path, "x.tar", data[: end + 512])
    assert extract(archive, tmp_path / "out") == ()
    assert unpacked(tmp_path / "out") == TAKEN


def test_a_header_broken_in_the_middle_is_an_error_not_the_end(tmp_path: Path) -> None:
    data = bytearray(tar_bytes())
    second = data.index(b"top/_figures/PMC1__b.txt")
    data[second + 150] ^= 0xFF  # its checksum
    with pytest.raises(InputError, match="neither a member nor the end at byte"):
        extract(written(tmp_path, "x.tar", bytes(data)), tmp_path / "out")


def test_members_after_the_end_mark_are_an_error(tmp_path: Path) -> None:
    archive = written(tmp_path, "x.tar", tar_bytes() + tar_bytes())
    with pytest.raises(InputError, match="neither a member nor the end"):
        extract(archive, tmp_path / "out")


def test_a_wrong_checksum_is_an_error(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(tar_bytes()))
    data[-6] ^= 0xFF
    with pytest.raises(InputError, match="CRC check failed"):
        extract(written(tmp_path, "x.tar.gz", bytes(data)), tmp_path / "out")
    data = bytearray(zip_bytes(method=zipfile.ZIP_STORED))
    data[data.index(b"figid: PMC1__a")] ^= 0xFF
    with pytest.raises(InputError, match="Bad CRC"):
        extract(written(tmp_path, "x.zip", bytes(data)), tmp_path / "out2")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("no-directory.zip", zip_bytes()[:-80]),
        ("empty.zip", b""),
        ("text.tar.gz", b"no archive at all, but long enough to hold a header" * 40),
        ("empty.tar", b""),
        ("cut.zip", zip_bytes()[:300]),
    ],
)
def test_what_is_no_archive_is_a_clear_error(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(InputError, match=f"{name}: expected a whole archive") as caught:
        extract(written(tmp_path, name, data), tmp_path / "out")
    assert "\n" not in str(caught.value)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8), st.sampled_from(["tar", "zip"]))
def test_damage_ends_in_an_error_or_in_nothing_worse(
    tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    data = bytearray(tar_bytes() if kind == "tar" else zip_bytes())
    at %= len(data)
    data[at : at + len(junk)] = junk
    with contextlib.suppress(InputError):
        extract(written(folder, f"x.{kind}", bytes(data)), folder / "out" / "in")
    assert {path.name for path in folder.iterdir()} <= {f"x.{kind}", "out"}
    assert all(path == folder / "out" / "in" for path in folder.glob("out/*"))


def test_an_encrypted_zip_is_a_clear_error(tmp_path: Path) -> None:
    data = bytearray(zip_bytes({"a.md": b"x"}))
    data[data.index(b"a.md") - 30 + 6] |= 1  # the flag of the member,
    data[data.rindex(b"a.md") - 46 + 8] |= 1  # and that of its entry in the directory
    with pytest.raises(InputError, match="encrypted"):
        extract(written(tmp_path, "x.zip", bytes(data)), tmp_path / "out")


EVIL = [
    "../evil.md",
    "a/../../evil.md",
    "/tmp/evil-pfocr.md",
    "..\\evil.md",
    "C:\\evil.md",
    "C:evil.md",
    "a/" + "x" * 300 + ".md",
]


@pytest.mark.parametrize("name", EVIL)
@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_a_path_that_leads_outside_is_left_behind(tmp_path: Path, name: str, kind: str) -> None:
    files = {name: b"evil", "good.md": b"good"}
    data = tar_bytes(files) if kind == "tar" else zip_bytes(files)
    inside = tmp_path / "deep" / "inside"
    findings = extract(written(tmp_path, f"x.{kind}", data), inside)
    assert [(f.code, f.value) for f in findings] == [("archive-member-unsafe", name)]
    assert unpacked(inside) == {"good.md": b"good"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", f"x.{kind}"]
    assert not Path("/tmp/evil-pfocr.md").exists()


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE],
)
def test_links_and_devices_are_left_behind(tmp_path: Path, kind: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("a.md")
        member.type = kind
        member.linkname = "/etc/passwd"
        tar.addfile(member)
        add(tar, "b.md", b"good")
    findings = extract(written(tmp_path, "x.tar", out.getvalue()), tmp_path / "out")
    assert [(f.value, f.detail) for f in findings] == [("a.md", "not a plain file")]
    assert unpacked(tmp_path / "out") == {"b.md": b"good"}


def test_a_file_is_not_written_through_a_link_of_the_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        link = tarfile.TarInfo("d.md")
        link.type = tarfile.SYMTYPE
        link.linkname = str(tmp_path / "outside")
        tar.addfile(link)
        add(tar, "d.md/evil.md", b"evil")
    (tmp_path / "outside").mkdir()
    extract(written(tmp_path, "x.tar", out.getvalue()), tmp_path / "out")
    assert unpacked(tmp_path / "out") == {"d.md/evil.md": b"evil"}
    assert not list((tmp_path / "outside").iterdir())


def test_links_in_a_zip_are_left_behind(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        link = zipfile.ZipInfo("a.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(link, "/etc/passwd")
        plain = zipfile.ZipInfo("b.md")
        plain.external_attr = (stat.S_IFREG | 0o644) << 16
        zipped.writestr(plain, "good")
    findings = extract(written(tmp_path, "x.zip", out.getvalue()), tmp_path / "out")
    assert [finding.value for finding in findings] == ["a.md"]
    assert unpacked(tmp_path / "out") == {"b.md": b"good"}


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_a_huge_member_is_not_unpacked(tmp_path: Path, kind: str) -> None:
    huge = bytes(MAX_MEMBER_BYTES + 1)
    if kind == "tar":
        data, name = gzip.compress(tar_bytes({"a.md": huge, "b.md": b"good"}), 1), "x.tgz"
    else:
        data, name = zip_bytes({"a.md": huge, "b.md": b"good"}), "x.zip"
    findings = extract(written(tmp_path, name, data), tmp_path / "out")
    assert [finding.value for finding in findings] == ["a.md"]
    assert f"{len(huge)} bytes, more than" in findings[0].detail
    assert unpacked(tmp_path / "out") == {"b.md": b"good"}


def test_a_zip_that_lies_about_a_size_is_an_error(tmp_path: Path) -> None:
    data = bytearray(zip_bytes({"a.md": b"x" * 5000}))
    stated = (5000).to_bytes(4, "little")
    while stated in data:
        at = data.index(stated)
        data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(InputError, match="broken"):
        extract(written(tmp_path, "x.zip", bytes(data)), tmp_path / "out")


def test_a_long_name_that_is_a_bomb_is_an_error(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 2 * MAX_MEMBER_BYTES
    path = tmp_path / "bomb.tgz"
    with gzip.open(path, "wb", 1) as out:
        out.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(2):
            out.write(bytes(MAX_MEMBER_BYTES))
    with pytest.raises(InputError, match="a header of more than"):
        extract(path, tmp_path / "out")


def test_names_that_are_not_utf8_or_hold_odd_characters_survive(tmp_path: Path) -> None:
    names = [os.fsdecode(b"caf\xe9.md"), "line\nbreak.md", "quote\"and'.md", "λ <x>.md"]
    data = tar_bytes(dict.fromkeys(names, b"x"), tarfile.GNU_FORMAT)
    assert extract(written(tmp_path, "x.tar", data), tmp_path / "out") == ()
    assert sorted(unpacked(tmp_path / "out")) == sorted(names)
    assert readable(names[0]) == "caf\ufffd.md"
    assert readable(names[3]) == names[3]


def test_an_unreadable_or_unwritable_archive_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tar: cannot be unpacked: No such file"):
        extract(tmp_path / "none.tar", tmp_path / "out")
    (tmp_path / "file").touch()
    archive = written(tmp_path, "x.tar", tar_bytes())
    with pytest.raises(InputError, match=r"x\.tar: cannot be unpacked: Not a directory"):
        extract(archive, tmp_path / "file")
