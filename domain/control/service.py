"""The packets of the control-request channel (Device OS, usb_control_request_channel).

A request is opened by INIT with its type and size, filled by SEND, asked after by CHECK, and its reply
fetched by RECV; RESET takes it back. INIT, CHECK and RESET are answered with a service reply: flags (4
bytes), status (2), and as far as the flags say so an id (2), a size (4) and a result (4, signed), all
little-endian.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

from attrs import frozen

from particle_cli.domain.errors import ProtocolError
from particle_cli.ports.usb import Setup

MOST_PAYLOAD: Final = 0xFFFF
"""Bytes that a request can carry: its size travels in 16 bits."""
EVERY_REQUEST: Final = 0
"""The id that RESET takes to mean all requests."""

_OUT: Final = 0x40
_IN: Final = 0xC0
_SERVICE_REPLY_ROOM: Final = 64  # exactly: devices refuse to answer into less, and into more


class ServiceRequest(IntEnum):
    """bRequest of a transfer."""

    INIT = 1
    CHECK = 2
    SEND = 3
    RECV = 4
    RESET = 5


class ServiceStatus(IntEnum):
    """What a device says to INIT, CHECK or RESET."""

    OK = 0
    ERROR = 1
    PENDING = 2
    BUSY = 3
    NO_MEMORY = 4
    NOT_FOUND = 5


class _Field(IntFlag):
    STATUS = 1
    ID = 2
    SIZE = 4
    RESULT = 8


_SIZES: Final = {_Field.STATUS: 2, _Field.ID: 2, _Field.SIZE: 4, _Field.RESULT: 4}
_FLAGS_SIZE: Final = 4


@frozen
class ServiceReply:
    """A service reply; None for what it does not hold.

    Attributes:
        status: how it stands with the request.
        id: the number that the device gave to the request.
        size: bytes of the reply that wait to be fetched.
        result: 0, or the system error code of the request.
    """

    status: ServiceStatus
    id: int | None = None
    size: int | None = None
    result: int | None = None


def parse_service_reply(data: bytes) -> ServiceReply:
    """Return what a service reply says. Raises: ProtocolError for anything else."""
    flags = int.from_bytes(data[:_FLAGS_SIZE], "little")
    values: dict[_Field, int] = {}
    at = _FLAGS_SIZE
    for field, size in _SIZES.items():
        if flags & field:
            part = data[at : at + size]
            values[field] = int.from_bytes(part, "little", signed=field is _Field.RESULT)
            at += size
    if at != len(data) or flags >= 2 * _Field.RESULT or _Field.STATUS not in values:
        raise ProtocolError(f"The device sent no service reply but {data.hex(' ')}.")
    if values[_Field.STATUS] not in set(ServiceStatus):
        raise ProtocolError(f"The device sent the unknown status {values[_Field.STATUS]}.")
    return ServiceReply(
        ServiceStatus(values[_Field.STATUS]),
        values.get(_Field.ID),
        values.get(_Field.SIZE),
        values.get(_Field.RESULT),
    )


def init(kind: int, size: int) -> Setup:
    """Return the setup packet that opens a request of a type (0 to 65535) with `size` bytes to come."""
    return Setup(_IN, ServiceRequest.INIT, size, kind, _SERVICE_REPLY_ROOM)


def check(number: int) -> Setup:
    """Return the setup packet that asks how it stands with a request."""
    return Setup(_IN, ServiceRequest.CHECK, 0, number, _SERVICE_REPLY_ROOM)


def send(number: int, size: int, *, secret: bool = False) -> Setup:
    """Return the setup packet that carries the next `size` bytes of a request, which may be secret."""
    return Setup(_OUT, ServiceRequest.SEND, 0, number, size, secret=secret)


def receive(number: int, size: int, *, secret: bool = False) -> Setup:
    """Return the setup packet that fetches the next `size` bytes of a reply, which may be secret."""
    return Setup(_IN, ServiceRequest.RECV, 0, number, size, secret=secret)


def reset(number: int) -> Setup:
    """Return the setup packet that takes a request back, or all of them."""
    return Setup(_IN, ServiceRequest.RESET, 0, number, _SERVICE_REPLY_ROOM)
