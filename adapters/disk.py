"""The files port over the disk of this machine."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from typing import Final

from particle_cli.ports.files import AppendedFile, FileError, FileMissing, FileRefused

_REFUSALS: Final = {
    errno.EACCES: ("permission denied", "Check who owns it and what its permissions allow."),
    errno.EPERM: ("the system does not allow it", "Check who owns it and what its permissions allow."),
    errno.EROFS: ("the disk is read-only", "Choose a place on another disk."),
    errno.ENOSPC: ("the disk is full", "Free some space and try again."),
    errno.EDQUOT: ("your share of the disk is used up", "Free some space and try again."),
}
_REASONS: Final = {
    errno.EISDIR: "it is a folder, not a file",
    errno.EEXIST: "something else of that name is there",
    errno.ENOTEMPTY: "a folder with something in it is there",
    errno.ELOOP: "its links lead round in a circle",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EXDEV: "the new place is on another disk",
}


class Disk:
    """Files and folders by path, in the host's own syntax."""

    def read(self, path: str) -> bytes:
        """Return all bytes of a file; FileMissing."""
        with _errors_told("read", path), open(path, "rb") as file:
            return file.read()

    def write(self, path: str, data: bytes, *, mode: int | None = None) -> None:
        """Replace a file's content as a whole, or leave it as it was.

        The content is complete and on the disk before it takes the file's name. A link is followed and
        stays; what is no plain file (a terminal, a pipe, `/dev/null`) is written to as it is.
        """
        with _errors_told("write", path):
            target = os.path.realpath(path)
            try:
                old = os.stat(target)
            except FileNotFoundError:
                old = None
            if old is None or stat.S_ISREG(old.st_mode):
                _replace(target, data, old, mode)
            elif stat.S_ISDIR(old.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), target)
            else:
                with open(target, "wb", buffering=0) as device:
                    _write_all(device.fileno(), data)

    def appending(self, path: str) -> AppendedFile:
        """Open a file to add to its end; one that is not there is made, but not its folder (FileMissing)."""
        with _errors_told("write", path):
            return _Appended(path, open(path, "ab", buffering=0))

    def is_file(self, path: str) -> bool:
        """Tell whether there is a plain file (or a link to one)."""
        return os.path.isfile(path)

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder (or a link to one)."""
        return os.path.isdir(path)

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names directly in a folder, sorted by code point; FileMissing."""
        with _errors_told("list", folder):
            return tuple(sorted(os.listdir(folder)))

    def tree(self, folder: str, *, follow_links: bool = False) -> tuple[str, ...]:
        """Return the paths of all files below a folder, relative to it, with `/`, sorted; FileMissing.

        The folders that really lie below it come first, then those that links lead to, each folder once:
        a link into the tree itself, or a second one to the same place, adds nothing.
        """
        entered: set[tuple[int, int]] = set()
        files: list[str] = []
        links: deque[str] = deque()
        inside: deque[str] = deque([""])
        while inside or links:
            linked = not inside
            below = links.popleft() if linked else inside.popleft()
            place = os.path.join(folder, *below.split("/")) if below else folder
            with _errors_told("list", place):
                identity = _identity(place)
                if identity in entered:
                    continue
                entered.add(identity)
                with os.scandir(place) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
                for entry in found:
                    path = f"{below}/{entry.name}" if below else entry.name
                    if entry.is_file():
                        files.append(path)
                    elif entry.is_dir() and (follow_links or not linked):
                        (links if entry.is_symlink() else inside).append(path)
        return tuple(sorted(files))

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; nothing happens when it is there."""
        with _errors_told("make the folder", path):
            os.makedirs(path, exist_ok=True)

    def remove(self, path: str) -> None:
        """Remove a file, a link, or a folder with all in it; nothing happens when it is not there."""
        with _errors_told("remove", path):
            try:
                if os.path.isdir(path) and not os.path.islink(path):
                    import shutil  # it brings bz2 and lzma along

                    shutil.rmtree(path)
                else:
                    os.remove(path)
            except FileNotFoundError:
                if os.path.lexists(path):  # it was something inside that went away meanwhile
                    raise

    def rename(self, path: str, new_path: str) -> None:
        """Give a file or folder a new name, replacing a file of that name; FileMissing."""
        with _errors_told("rename", path):
            os.replace(path, new_path)

    def absolute(self, path: str) -> str:
        """Return the path from the root, `.` and `..` resolved by text."""
        return os.path.abspath(path)


class _Appended:
    """A file that is open to be added to, without a buffer of ours."""

    def __init__(self, path: str, file: FileIO) -> None:
        self._path = path
        self._file = file

    def write(self, data: bytes) -> None:
        with _errors_told("write", self._path):
            descriptor = self._file.fileno()
            before = os.fstat(descriptor).st_size
            try:
                _write_all(descriptor, data)
            except BaseException:  # an interrupt as well as a full disk
                with suppress(OSError):  # a pipe or a terminal keeps what it has
                    os.ftruncate(descriptor, before)
                raise

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


def _replace(target: str, data: bytes, old: os.stat_result | None, mode: int | None) -> None:
    """Write a new file beside the target, and give it the target's name when it is safe on the disk."""
    folder = os.path.dirname(target)
    temporary = os.path.join(folder, f".particle-{os.urandom(8).hex()}.tmp")
    wanted = stat.S_IMODE(old.st_mode) if mode is None and old is not None else mode
    try:
        # Nobody may read a secret before the mode is right, hence 0600 unless the umask is to decide.
        created = os.open(temporary, _CREATE, 0o666 if wanted is None else 0o600)
        try:
            _write_all(created, data)
            if old is not None and hasattr(os, "fchown"):  # run as root, the file still belongs to its owner
                with suppress(OSError):
                    os.fchown(created, old.st_uid, old.st_gid)
            if wanted is not None:
                os.chmod(temporary, wanted)
            os.fsync(created)
        finally:
            os.close(created)
        os.replace(temporary, target)
    except BaseException:  # an interrupt as well as a full disk
        with suppress(OSError):
            os.remove(temporary)
        raise
    _sync_folder(folder)


_CREATE: Final = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: str) -> None:
    """Make a new name in a folder outlive a power cut, where the system has a way to ask for it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with suppress(OSError):  # the file itself is safe; some network disks refuse this
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _identity(folder: str) -> tuple[int, int]:
    facts = os.stat(folder)
    return facts.st_dev, facts.st_ino


@contextmanager
def _errors_told(doing: str, path: str) -> Iterator[None]:
    """Turn what the system says into the errors of the files port."""
    try:
        yield
    except FileNotFoundError as error:
        missing = "its folder does not exist" if doing == "write" else "no such file or folder"
        raise FileMissing(f"Cannot {doing} {path}: {missing}.", next_step="Check the path.") from error
    except NotADirectoryError as error:
        raise FileMissing(
            f"Cannot {doing} {path}: part of it is not a folder.", next_step="Check the path."
        ) from error
    except OSError as error:
        number = error.errno or 0
        if number == errno.EACCES and doing == "read" and os.path.isdir(path):
            number = errno.EISDIR  # Windows does not tell the two apart
        if number in _REFUSALS:
            reason, next_step = _REFUSALS[number]
            raise FileRefused(f"Cannot {doing} {path}: {reason}.", next_step=next_step) from error
        reason = _REASONS.get(number) or error.strerror or str(error)
        raise FileError(f"Cannot {doing} {path}: {reason}.") from error
    except ValueError as error:  # a NUL in the path
        raise FileError(f"Cannot {doing} {path!r}: the path cannot be used ({error}).") from error
