"""How the console reads and writes: keys, lines that are echoed, blocks of lines.

The firmware's console is one program that waits in the middle of its dialogues. Here it is a generator: it
yields what it waits for, and whoever runs it (`Console`) sends in the byte.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from typing import Final, TypeVar

T = TypeVar("T")

Program = Generator[float | None, int, T]
"""Yields None to be sent the next byte, or a number to let so many milliseconds pass."""

_LINE_ENDS: Final = b"\r\n"
_ERASERS: Final = b"\x08\x7f"


class Terminal:
    """The console's end of the serial port (Device OS system_setup.cpp, spark_wiring_stream.cpp).

    Attributes:
        received: bytes that nobody has read yet.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        """Begin with nothing received; `send` takes what the console writes."""
        self._send = send
        self.received: deque[int] = deque()

    def print(self, text: str) -> None:
        """Write a text."""
        self._send(text.encode())

    def line(self, prompt: str, most: int) -> Program[bytes]:
        """Ask for a line of up to `most` bytes; what was received behind it is thrown away.

        So a host has to wait for each prompt before it answers.
        """
        self.print(prompt)
        line = yield from self._echoed_line(most)
        self.received.clear()
        return line

    def text(self, prompt: str, most: int) -> Program[str]:
        """Ask for a line, and take it for UTF-8."""
        return (yield from self.line(prompt, most)).decode(errors="replace")

    def choice(self, prompt: str, allowed: str) -> Program[int]:
        """Ask for a digit until one of those that are allowed is given."""
        while True:
            answer = yield from self.text(prompt, 1)
            if answer and answer in allowed:
                return int(answer)

    def block(self, prompt: str, most: int) -> Program[bytes]:
        """Ask for lines up to an empty one, `most` bytes in all; nothing is thrown away between them.

        Returns: the lines, each with CR and LF behind it.
        """
        self.print(prompt)
        block = bytearray()
        while True:
            line = yield from self._echoed_line(most - len(block))
            block += line
            if not line or len(block) >= most:
                return bytes(block)
            if most - len(block) > len(_LINE_ENDS):
                block += _LINE_ENDS

    def _echoed_line(self, most: int) -> Program[bytes]:
        """Read a line. A byte beyond the longest line ends it, whichever it is."""
        line = bytearray()
        while True:
            key = yield None
            if len(line) == most or key in _LINE_ENDS:
                break
            if key in _ERASERS:
                if not line:
                    continue
                line.pop()
            else:
                line.append(key)
            self._send(bytes((key,)))
        self.print("\r\n")
        return bytes(line).partition(b"\0")[0]  # the firmware keeps it as a C string
