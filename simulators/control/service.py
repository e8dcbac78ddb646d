"""The packets of the control channel, as a device reads and writes them.

A service reply is its flags (4 bytes), a status (2), and as far as the flags say so an id (2), a size (4) and
a result (4, signed), all little-endian.
"""

from __future__ import annotations

import struct
from enum import IntEnum

SERVICE_REPLY_SIZE = 64
"""wLength of INIT, CHECK and RESET, exactly."""


class ServiceRequest(IntEnum):
    """bRequest of the transfers."""

    INIT = 1
    CHECK = 2
    SEND = 3
    RECV = 4
    RESET = 5


class Status(IntEnum):
    """First number of a service reply."""

    OK = 0
    ERROR = 1
    PENDING = 2
    BUSY = 3
    NO_MEMORY = 4
    NOT_FOUND = 5


def service_reply(
    status: Status, *, id: int | None = None, size: int | None = None, result: int | None = None
) -> bytes:
    """Return a service reply: flags, status, and the fields that are given."""
    flags, fields = 1, struct.pack("<H", status)
    if id is not None:
        flags, fields = flags | 2, fields + struct.pack("<H", id)
    if size is not None:
        flags, fields = flags | 4, fields + struct.pack("<I", size)
    if result is not None:
        flags, fields = flags | 8, fields + struct.pack("<i", result)
    return struct.pack("<I", flags) + fields
