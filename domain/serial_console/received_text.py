"""What an application prints, as text: over the borders of the pieces in which it arrives."""

from __future__ import annotations

import codecs
import re
from typing import Final

from attrs import frozen

from particle_cli.ports.errors import UsageError

_LONGEST_LINE: Final = 64 * 1024
_LOOK_BACK: Final = 16 * 1024
_PIECE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_WHAT_MAY_FOLLOW: Final = ("x", "0", " ")


class TextDecoder:
    """Turns bytes into text; bytes that are not UTF-8 become lone surrogates (`surrogateescape`)."""

    def __init__(self) -> None:
        """Begin at a border between characters."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def feed(self, data: bytes) -> str:
        """Return the text of the bytes, as far as its characters are complete."""
        return self._decoder.decode(data)

    def end(self) -> str:
        """Return what is left of a character that will not be completed; begin anew."""
        text = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return text


@frozen
class Line:
    """A line of text.

    Attributes:
        text: without its end.
        ended: whether its end has come; False for one that was cut off.
    """

    text: str
    ended: bool = True


class Lines:
    """Puts lines together. They end in a line feed, or in a carriage return before it."""

    def __init__(self) -> None:
        """Begin at the start of a line."""
        self._begun = ""

    @property
    def midway(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._begun)

    def feed(self, text: str) -> list[Line]:
        """Return the lines that end in this piece; one that will not end is cut after 64 KiB."""
        *whole, self._begun = (self._begun + text).split("\n")
        lines = [Line(line.removesuffix("\r")) for line in whole]
        if len(self._begun) > _LONGEST_LINE:
            lines += self.end()
        return lines

    def end(self) -> list[Line]:
        """Return the line that has begun, if any, cut off here."""
        begun, self._begun = self._begun, ""
        return [Line(begun, ended=False)] if begun else []


class Stamped:
    """Puts something in front of each line of a stream, when the line begins."""

    def __init__(self) -> None:
        """Begin at the start of a line."""
        self._midway = False

    def feed(self, text: str, stamp: str) -> str:
        """Return the piece with the stamp where lines begin in it."""
        pieces = []
        for piece in _PIECE.findall(text):
            pieces.append(piece if self._midway else stamp + piece)
            self._midway = not piece.endswith("\n")
        return "".join(pieces)


class Until:
    """Looks out for a regular expression in text that comes in pieces.

    It is looked for in the last 16 Ki characters, `^` and `$` being the ends of lines. What is found at the
    very end of what has come so far counts only if it stands whatever comes next: `ready$` waits for the end
    of the line.
    """

    def __init__(self, pattern: str) -> None:
        """Compile the pattern. Raises: UsageError."""
        try:
            self._pattern = re.compile(pattern, re.MULTILINE)
        except (re.error, OverflowError, RecursionError) as fault:
            raise UsageError(
                f"'{pattern}' is no regular expression: {fault}.",
                next_step="Put a backslash before each of . * + ? ( ) [ \\ that is to be taken as it is.",
            ) from fault
        self._seen = ""

    def feed(self, text: str) -> bool:
        """Return whether the pattern was found, now that this piece has come."""
        seen = self._seen + text
        half_end = "\r" if seen.endswith("\r") else ""
        plain = seen.removesuffix(half_end).replace("\r\n", "\n")
        found = self._stands(plain)
        if len(plain) > _LOOK_BACK:
            cut = len(plain) - _LOOK_BACK
            plain = plain[plain.rfind("\n", 0, cut) + 1 or cut :]
        self._seen = plain + half_end
        return found

    def _stands(self, plain: str) -> bool:
        if not self._pattern.search(plain):
            return False
        return all(self._pattern.search(plain + following) for following in _WHAT_MAY_FOLLOW)
