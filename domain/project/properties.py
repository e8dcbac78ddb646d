r"""Properties files (`project.properties`, `library.properties`): read as Java does, edited line by line.

A line is `key=value`; `:` or blanks separate as well; `#` and `!` begin a comment line; `\` at a line's end
continues it, and escapes `\t`, `\n`, `\r`, `\f`, `\uXXXX` and any other character. Values lose their blanks
at the end, which nobody sees.

A change replaces the line that it is about and leaves every other byte of the file as it is. What it writes,
`key=value` without blanks, other tools' simpler readers understand, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Self

from attrs import evolve, frozen

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_BLANKS: Final = " \t\f"
_KEY: Final = re.compile(r"(?:\\.|[^\\=: \t\f])*", re.DOTALL)
_SEPARATOR: Final = re.compile(r"[ \t\f]*[=:]?[ \t\f]*")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))|\\$", re.DOTALL)
_LETTERS: Final[Mapping[str, str]] = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_MARK: Final = "\ufeff"


@frozen
class Entry:
    """One logical line: the text as it stands, line ends included, and what it sets (None: nothing)."""

    text: str
    key: str | None
    value: str


@frozen
class Properties:
    """The lines of a properties file."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a file; bytes that are no UTF-8 survive unharmed."""
        text = content.decode("utf-8", "surrogateescape")
        return cls(tuple(_entry(lines) for lines in _logical_lines(text)))

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        text = "".join(entry.text for entry in self.entries)
        return text.encode("utf-8", "surrogateescape")

    def get(self, key: str) -> str | None:
        """Return the value of a key, of several the last; None when the file doesn't set it."""
        return next((entry.value for entry in reversed(self.entries) if entry.key == key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys once, in the order in which they first appear."""
        return tuple(dict.fromkeys(entry.key for entry in self.entries if entry.key is not None))

    @property
    def values(self) -> Mapping[str, str]:
        """All keys with their values."""
        return {entry.key: entry.value for entry in self.entries if entry.key is not None}

    def with_value(self, key: str, value: str) -> Properties:
        """Return the properties with a key set: its last line replaced, or a line added at the end."""
        written = f"{_escaped_key(key)}={_escaped_value(value)}"
        entries = list(self.entries)
        for at in range(len(entries) - 1, -1, -1):
            if entries[at].key == key:
                mark = _MARK if at == 0 and entries[at].text.startswith(_MARK) else ""
                entries[at] = _entry(mark + written + _line_end(entries[at].text))
                return evolve(self, entries=tuple(entries))
        ends = [_line_end(entry.text) for entry in entries]
        usual = next((end for end in ends if end), "\n")
        if entries:
            entries[-1] = _entry(_ended(entries[-1].text, usual))
        return evolve(self, entries=(*entries, _entry(written + usual)))


def _logical_lines(text: str) -> Iterator[str]:
    """Yield the lines with those that they are continued on."""
    held = ""
    for found in _LINE.finditer(text):
        line = found.group()
        if not line:
            continue
        held += line
        if not _is_continued(line, first=held == line):
            yield held
            held = ""
    if held:
        yield held


def _is_continued(line: str, *, first: bool) -> bool:
    bare = line.rstrip("\r\n")
    if first and (_is_comment(bare) or not bare.strip(_BLANKS + _MARK)):
        return False
    return (len(bare) - len(bare.rstrip("\\"))) % 2 == 1


def _ended(text: str, line_end: str) -> str:
    """Return the file's last logical line so that another may follow: ended, and continued by nothing."""
    text = text if _line_end(text) else text + line_end
    lines = list(_logical_lines(text + "#"))
    return text if len(lines) > 1 else text + line_end


def _is_comment(line: str) -> bool:
    return line.lstrip(_BLANKS + _MARK).startswith(("#", "!"))


def _entry(text: str) -> Entry:
    """Read a logical line."""
    bare = text.rstrip("\r\n").removeprefix(_MARK).lstrip(_BLANKS)
    if not bare or _is_comment(bare):
        return Entry(text, None, "")
    lines = re.split(r"\r\n|\r|\n", bare)
    joined = "".join(
        [line[:-1].lstrip(_BLANKS) if at else line[:-1] for at, line in enumerate(lines[:-1])]
        + [lines[-1].lstrip(_BLANKS) if len(lines) > 1 else lines[-1]]
    )
    key = _KEY.match(joined)
    length = key.end() if key else 0
    separator = _SEPARATOR.match(joined, length)
    value = joined[separator.end() if separator else length :]
    return Entry(text, _unescaped(joined[:length]), _unescaped(value).rstrip(_BLANKS))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _LETTERS.get(found[2], found[2]) if found[2] else ""


def _line_end(text: str) -> str:
    bare = text.rstrip("\r\n")
    return text[len(bare) :]


def _escaped_key(key: str) -> str:
    escaped = re.sub(r"[\\=: \t\f\n\r]", _escaped_character, key)
    return f"\\{escaped}" if escaped[:1] in ("#", "!", _MARK) else escaped


def _escaped_value(value: str) -> str:
    escaped = re.sub(r"[\\\n\r\f]", _escaped_character, value.rstrip(_BLANKS))
    return f"\\{escaped}" if escaped[:1] in (" ", "\t") else escaped


def _escaped_character(found: re.Match[str]) -> str:
    named = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\f": "\\f"}
    return named.get(found.group(), f"\\{found.group()}")
