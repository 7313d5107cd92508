"""Disks of a torture: full ones, ones that may only be read, and a second one.

Each is a file system in memory, mounted as long as a trial takes. Only root may mount.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scripts.torture.faults import DISK, DISKS, Fault
from scripts.torture.scenes import Scene

ELSEWHERE: Final = "elsewhere"
"""The folder in which another disk is mounted for what a command makes."""
_ROOM: Final = 1 << 20


def disks_of(scene: Scene) -> list[str]:
    """Return which of `DISKS` are tried on a command, none where nothing can be mounted."""
    if os.geteuid() or not scene.disk:
        return []
    return [kind for kind in DISKS if kind != "OUT elsewhere" or scene.made]


@contextmanager
def on_disk(scene: Scene, place: Path, fault: Fault | None) -> Iterator[None]:
    """Have the folder of a scene lie on the disk that a fault is about."""
    if fault is None or fault.call != DISK:
        yield
        return
    name = {"OUT elsewhere": ELSEWHERE, "TMPDIR elsewhere": "tmp"}.get(fault.kind, scene.disk)
    folder = place / name
    folder.mkdir(exist_ok=True)
    aside = place.with_name("aside")
    shutil.copytree(folder, aside, symlinks=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={_ROOM}k", "tmpfs", str(folder))
    try:
        shutil.copytree(aside, folder, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(aside)
        if name == ELSEWHERE:
            shutil.move(place / scene.made, folder / scene.made)
            (place / scene.made).symlink_to(Path(ELSEWHERE) / scene.made)
        yield
    finally:
        _run("umount", "-l", str(folder))


@contextmanager
def failing(scene: Scene, place: Path, fault: Fault) -> Iterator[None]:
    """Have that disk be full, or only to be read, meanwhile."""
    folder = str(place / scene.disk)
    if fault.call == DISK and fault.kind == "full":
        state = os.statvfs(folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize // 1024
        _run("mount", "-o", f"remount,size={max(used + fault.nth, 4)}k", folder)
    elif fault.call == DISK and fault.kind == "read-only":
        _run("mount", "-o", "remount,ro", folder)
    try:
        yield
    finally:
        if fault.call == DISK and fault.kind in ("full", "read-only"):
            _run("mount", "-o", f"remount,rw,size={_ROOM}k", folder)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)
