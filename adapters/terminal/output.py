"""Writing to a standard stream, whatever has become of its far end."""

from __future__ import annotations

import os
import re
from typing import Final, TextIO

from particle_cli.ports.errors import WireError

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\udc80-\udcff]")
_DIRECTION: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")  # show text in another order than it has
_NO_TEXT: Final = re.compile(r"([\udc80-\udcff]+)")


class OutputError(WireError):
    """What was to be told could not be written."""

    code = "output"


def escaped(text: str) -> str:
    """Return the text with its control characters made visible, all but tab and newline.

    What comes from a device, a file or the cloud could otherwise move the cursor, rename the window or
    hide what stands before it, or show it in another order. Bytes that are no text (lone surrogates) are
    shown by their value, too.
    """
    plain = _CONTROL.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", text)
    return _DIRECTION.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


class Output:
    """One stream that is written to.

    Once its reader has gone (`particle list | head -1`), all that is written is dropped without a word: the
    work goes on, and a device is not left half flashed because somebody stopped reading.
    """

    def __init__(self, stream: TextIO | None, *, terminal: bool) -> None:
        """Keep the stream; None for one that was closed before the program started."""
        self._stream = stream
        self.terminal = terminal
        self.reader_gone = False
        self._half_end = ""

    def line(self, text: str) -> None:
        """Write a line of foreign text and make sure that it is seen now."""
        self.write((escaped(text) if self.terminal else text) + "\n")

    def pour(self, text: str, *, raw: bool) -> None:
        r"""Write a piece of foreign text, whose lines may end in `\r\n`.

        Args:
            text: the piece; lone surrogates stand for bytes that are no text.
            raw: whether a terminal gets it as it stands, too.
        """
        if self.terminal and not raw:
            text = self._half_end + text
            self._half_end = "\r" if text.endswith("\r") else ""
            text = escaped(text.removesuffix(self._half_end).replace("\r\n", "\n"))
        self._give(text, bytes_kept=True)

    def write(self, text: str) -> None:
        """Write the text as it stands and make sure that it is seen now.

        Raises: OutputError where the system refuses, e.g. on a full disk.
        """
        self._give(text, bytes_kept=False)

    def _give(self, text: str, *, bytes_kept: bool) -> None:
        stream = self._stream
        if stream is None or self.reader_gone:
            return
        try:
            try:
                stream.write(text)
            except UnicodeEncodeError:
                encoding = stream.encoding or "ascii"
                if bytes_kept:
                    stream.buffer.write(_with_bytes(text, encoding))
                else:
                    stream.write(_encodable(text, encoding))
            stream.flush()
        except BrokenPipeError:
            self.reader_gone = True
            _point_nowhere(stream)
        except OSError as error:
            self.reader_gone = True
            _point_nowhere(stream)
            raise OutputError(f"Cannot write to {stream.name}: {error.strerror}.") from error


def _encodable(text: str, encoding: str) -> str:
    """Spell out the characters that the stream has no bytes for."""
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _with_bytes(text: str, encoding: str) -> bytes:
    """Do so, but take lone surrogates for the bytes that they stand for."""
    return b"".join(
        part.encode(encoding, "surrogateescape" if _NO_TEXT.match(part) else "backslashreplace")
        for part in _NO_TEXT.split(text)
    )


def _point_nowhere(stream: TextIO) -> None:
    """Let what is still buffered vanish, or the interpreter complains about it when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # a stream without a file below it has no buffer to lose
        return
