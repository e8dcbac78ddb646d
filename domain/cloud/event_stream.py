"""Decoding of an event stream: bytes in pieces of any size go in, events come out (WHATWG HTML, 9.2.6).

Theory of operation. Text is decoded across the borders of pieces, line ends are made equal, and what stands
behind the last line end is kept for the next piece; nothing is looked at twice, however the pieces are cut.
Nearly every event of a device cloud is the two lines `event:` and `data:`; such a block is taken as a whole,
everything else goes line by line.
"""

from __future__ import annotations

import codecs
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.errors import CloudAnswerUnreadable

MOST_PENDING: Final = 4 << 20
"""Characters that a line, or the data of one event, may have; the cloud's events have at most 100 KiB."""

_BYTE_ORDER_MARK: Final = "\ufeff"


@frozen
class StreamEvent:
    """One event.

    Attributes:
        kind: its type, `message` where the stream names none.
        data: its data lines, joined by line feeds.
    """

    kind: str
    data: str


class EventStreamDecoder:
    """The state of one stream between two pieces of it.

    Attributes:
        last_id: the last event id that the stream has named, or "".
        retry_ms: how long the stream asks to wait before a new connection, or None.
    """

    def __init__(self) -> None:
        """Expect the beginning of a stream."""
        self.last_id = ""
        self.retry_ms: int | None = None
        self._characters = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._at_start = True
        self._after_return = False
        self._rest: list[str] = []  # pieces of the line that has no end yet
        self._rest_length = 0
        self._kind = ""
        self._data: list[str] = []
        self._data_length = 0

    def feed(self, piece: bytes) -> list[StreamEvent]:
        """Take the next bytes; return the events that they complete.

        Raises: CloudAnswerUnreadable for a line or an event that is far longer than any cloud sends.
        """
        text = self._equal_line_ends(self._characters.decode(piece))
        if "\n" not in text:
            self._keep(text)
            return []
        if self._rest:
            text = "".join((*self._rest, text))
            self._rest, self._rest_length = [], 0
        end = text.rindex("\n") + 1
        if end < len(text):
            self._keep(text[end:])
        *blocks, last = text[:end].split("\n\n")
        events: list[StreamEvent] = []
        for block in blocks:
            self._take_block(block, events)
        for line in last.split("\n")[:-1]:
            self._take_line(line, events)
        return events

    def _equal_line_ends(self, text: str) -> str:
        """Return the text with LF for CR and CRLF, also where a CRLF was cut; a leading mark is dropped."""
        if self._at_start and text:
            self._at_start = False
            text = text.removeprefix(_BYTE_ORDER_MARK)
        if self._after_return and text:
            text = text.removeprefix("\n")
            self._after_return = False
        if "\r" in text:
            self._after_return = text.endswith("\r")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text

    def _keep(self, text: str) -> None:
        self._rest.append(text)
        self._rest_length = self._limited(self._rest_length + len(text))

    def _take_block(self, block: str, events: list[StreamEvent]) -> None:
        """Take lines that an empty one follows."""
        if block.startswith("event: ") and not self._data:
            kind, found, data = block[7:].partition("\ndata: ")
            if found and kind and "\n" not in data and "\n" not in kind:
                self._kind = ""
                events.append(StreamEvent(kind, data))
                return
        for line in block.split("\n"):
            self._take_line(line, events)
        self._dispatch(events)

    def _take_line(self, line: str, events: list[StreamEvent]) -> None:
        if not line:
            self._dispatch(events)
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "event":
                self._kind = value
            case "data":
                self._data.append(value)
                self._data_length = self._limited(self._data_length + len(value))
            case "id" if "\0" not in value:
                self.last_id = value
            case "retry" if value.isascii() and value.isdigit():
                self.retry_ms = int(value)

    def _dispatch(self, events: list[StreamEvent]) -> None:
        if self._data:
            events.append(StreamEvent(self._kind or "message", "\n".join(self._data)))
            self._data, self._data_length = [], 0
        self._kind = ""

    def _limited(self, length: int) -> int:
        if length > MOST_PENDING:
            raise CloudAnswerUnreadable(
                f"The event stream holds an event of more than {MOST_PENDING >> 20} MiB.",
                next_step="See whether `apiUrl` is the address of a Particle cloud.",
            )
        return length
