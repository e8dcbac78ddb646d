"""What there is to say about a device's log: levels, streams, and handlers that write to them."""

from __future__ import annotations

from enum import Enum
from typing import Final

from attrs import frozen

DEFAULT_BAUD_RATE: Final = 115200


class LogLevel(Enum):
    """From which weight on messages are written; the values are the words that people use."""

    ALL = "all"
    TRACE = "trace"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"
    PANIC = "panic"
    NONE = "none"


class LogStream(Enum):
    """A serial port of the device; the values are the words that people use."""

    USB = "serial"
    USB_1 = "usbserial1"
    HARDWARE_1 = "serial1"


@frozen
class LogFilter:
    """The level of messages of one category and those below it, e.g. of `app.network`."""

    category: str
    level: LogLevel


@frozen
class LogHandler:
    """What writes the log to a stream.

    Attributes:
        id: a name of one's own choosing, by which it is removed again.
        stream: where it writes to.
        level: from which level on, as far as no filter says otherwise.
        filters: the levels of single categories.
        json: whether it writes each message as JSON, not as a line for people.
        baud_rate: of the hardware port; USB has none.
    """

    id: str
    stream: LogStream = LogStream.USB
    level: LogLevel = LogLevel.ALL
    filters: tuple[LogFilter, ...] = ()
    json: bool = False
    baud_rate: int = DEFAULT_BAUD_RATE
