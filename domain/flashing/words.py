"""What the words after `flash --local` mean: a device, files, or one of Particle's own applications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from particle_cli.ports.files import Files

TINKER: Final = "tinker"
_LIKE_FILES: Final = (".bin", ".zip", ".ino", ".cpp", ".c")
KNOWN_APPS: Final = (TINKER, "tinker-usb-debugging")


@frozen
class FlashWords:
    """What is to be flashed to what.

    Attributes:
        device: id or name, or None for the only one there is.
        paths: files and folders; empty when `known_app` is given.
        known_app: name of an application of Particle's own, or None.
    """

    device: str | None
    paths: tuple[str, ...] = ()
    known_app: str | None = None


def read_words(words: Sequence[str], files: Files, *, device: str | None = None) -> FlashWords:
    """Tell the device from the files.

    The first word is a device unless it names an application of Particle's own, or something that exists, or
    is written like a file. Without files the project in the current folder is meant.

    Args:
        words: as typed.
        files: the disk, to see what exists.
        device: the device, if it was named apart; all words are files then.
    """
    rest = tuple(words)
    if device is None and rest and not (rest[0] in KNOWN_APPS or _is_path(rest[0], files)):
        device, rest = rest[0], rest[1:]
    if rest and rest[0] in KNOWN_APPS:
        return FlashWords(device, known_app=rest[0])
    return FlashWords(device, paths=rest or (".",))


def _is_path(word: str, files: Files) -> bool:
    return exists(word, files) or word.endswith(_LIKE_FILES) or "/" in word or "\\" in word


def exists(path: str, files: Files) -> bool:
    """Tell whether there is a file or folder."""
    return files.is_file(path) or files.is_folder(path)
