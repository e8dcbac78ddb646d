"""The files of the host."""

from __future__ import annotations

from typing import Protocol

from particle_cli.ports.errors import WireError


class FileError(WireError):
    """A file or folder could not be read or written."""

    code = "file"


class FileMissing(FileError):
    """There is no such file or folder."""

    code = "file_missing"


class FileRefused(FileError):
    """The system does not allow it: permissions, a read-only or full disk."""

    code = "file_refused"


class AppendedFile(Protocol):
    """A file that is open to be added to."""

    def write(self, data: bytes) -> None:
        """Add the bytes at the end as a whole, or leave the file as it was. FileError.

        The system has them when this returns: they stay even if the program dies in the next moment.
        """
        ...

    def close(self) -> None:
        """Close the file; never raises, may be called twice."""
        ...


class Files(Protocol):
    """Files and folders by path, in the host's own syntax. Plain calls.

    Every method may raise FileRefused; those that need something that is not there, FileMissing.
    """

    def read(self, path: str) -> bytes:
        """Return all bytes of a file; FileMissing."""
        ...

    def write(self, path: str, data: bytes, *, mode: int | None = None) -> None:
        """Replace a file's content as a whole, or leave it as it was.

        A new file gets the mode (default 0o666 less the umask); an existing one keeps its own unless a
        mode is given. The folder must exist (FileMissing).
        """
        ...

    def appending(self, path: str) -> AppendedFile:
        """Open a file to add to its end; one that is not there is made, but not its folder (FileMissing)."""
        ...

    def is_file(self, path: str) -> bool:
        """Tell whether there is a plain file (or a link to one)."""
        ...

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder (or a link to one)."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names directly in a folder, sorted by code point; FileMissing."""
        ...

    def tree(self, folder: str, *, follow_links: bool = False) -> tuple[str, ...]:
        """Return the paths of all files below a folder, relative to it, with `/`, sorted; FileMissing.

        Linked files are listed. Of a linked folder the files directly in it are listed; with
        `follow_links` all below it. A folder is never entered twice (loops end).
        """
        ...

    def make_folder(self, path: str) -> None:
        """Make a folder and those above it; nothing happens when it is there."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all in it; nothing happens when it is not there."""
        ...

    def rename(self, path: str, new_path: str) -> None:
        """Give a file or folder a new name, replacing a file of that name; FileMissing."""
        ...

    def absolute(self, path: str) -> str:
        """Return the path from the root, `.` and `..` resolved by text."""
        ...
