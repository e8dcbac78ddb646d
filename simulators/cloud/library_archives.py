"""Archives of libraries: tar.gz, packed always alike, and unpacked with suspicion."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Mapping
from typing import Final

MOST_UNPACKED: Final = 10 << 20
"""Bytes of all files together."""
_MOST_FILES: Final = 5000
_MOST_STREAM: Final = MOST_UNPACKED + 2 * 512 * _MOST_FILES + 10240  # with the heads and ends of tar
_GZIP: Final = 31  # zlib's word for its largest window, with a gzip header
_DRIVE: Final = re.compile(r"[A-Za-z]:")


class ArchiveRefused(Exception):
    """An archive is none, or nobody's files should be unpacked from it; the text says why."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return files by their paths as tar.gz; the same files give the same bytes."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size = len(files[path])
            archive.addfile(entry, io.BytesIO(files[path]))
    return gzip.compress(packed.getvalue(), mtime=0)


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files in a tar.gz by their paths, which are relative, with `/`.

    Raises: ArchiveRefused.
    """
    files: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with tarfile.open(fileobj=io.BytesIO(_unzipped(content)), mode="r:") as archive:
            for number, entry in enumerate(archive):
                if number >= _MOST_FILES:
                    raise ArchiveRefused(f"The archive has more than {_MOST_FILES} entries")
                path = _path(entry)
                left -= entry.size
                if left < 0:
                    raise _too_large()
                if entry.isfile():
                    opened = archive.extractfile(entry)
                    files[path] = opened.read() if opened else b""
    except (tarfile.TarError, ValueError, OverflowError) as damage:
        raise ArchiveRefused("The archive is not valid") from damage
    return files


def _unzipped(content: bytes) -> bytes:
    unzip = zlib.decompressobj(_GZIP)
    try:
        stream = unzip.decompress(content, _MOST_STREAM)
    except zlib.error as damage:
        raise ArchiveRefused("The archive is not valid") from damage
    if unzip.unconsumed_tail:
        raise _too_large()
    if not unzip.eof:
        raise ArchiveRefused("The archive is not valid")
    return stream


def _path(entry: tarfile.TarInfo) -> str:
    """Return the path of an entry, once it is harmless. Raises: ArchiveRefused."""
    name = entry.name.replace("\\", "/")
    steps = [step for step in name.split("/") if step not in ("", ".")]
    if name.startswith("/") or _DRIVE.match(name) or ".." in steps or not name.isprintable():
        raise ArchiveRefused(f"The archive has an entry that leads out of it: {entry.name!r}")
    if not (entry.isfile() or entry.isdir()):
        raise ArchiveRefused(f"The archive has an entry that is no file: {entry.name!r}")
    return "/".join(steps)


def _too_large() -> ArchiveRefused:
    return ArchiveRefused(f"The archive holds more than {MOST_UNPACKED >> 20} MB")
