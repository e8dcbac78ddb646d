"""Numbers and packets of USB DFU 1.1 (appendix A) and of DfuSe (ST AN3156)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from attrs import frozen

from particle_cli.domain.errors import ProtocolError
from particle_cli.ports.usb import Setup


class Request(IntEnum):
    """Class requests to a DFU interface."""

    DETACH = 0
    DNLOAD = 1
    UPLOAD = 2
    GETSTATUS = 3
    CLRSTATUS = 4
    GETSTATE = 5
    ABORT = 6


class State(IntEnum):
    """States of a device (bState)."""

    APP_IDLE = 0
    APP_DETACH = 1
    IDLE = 2
    DNLOAD_SYNC = 3
    DNBUSY = 4
    DNLOAD_IDLE = 5
    MANIFEST_SYNC = 6
    MANIFEST = 7
    MANIFEST_WAIT_RESET = 8
    UPLOAD_IDLE = 9
    ERROR = 10


class Status(IntEnum):
    """Results of requests (bStatus)."""

    OK = 0x00
    ERR_TARGET = 0x01
    ERR_FILE = 0x02
    ERR_WRITE = 0x03
    ERR_ERASE = 0x04
    ERR_CHECK_ERASED = 0x05
    ERR_PROG = 0x06
    ERR_VERIFY = 0x07
    ERR_ADDRESS = 0x08
    ERR_NOTDONE = 0x09
    ERR_FIRMWARE = 0x0A
    ERR_VENDOR = 0x0B
    ERR_USBR = 0x0C
    ERR_POR = 0x0D
    ERR_UNKNOWN = 0x0E
    ERR_STALLEDPKT = 0x0F


STATUS_TEXT: Final = {
    Status.OK: "no error",
    Status.ERR_TARGET: "not meant for this device",
    Status.ERR_FILE: "the data does not pass the device's test",
    Status.ERR_WRITE: "memory cannot be written",
    Status.ERR_ERASE: "memory cannot be erased",
    Status.ERR_CHECK_ERASED: "memory is not blank after it was erased",
    Status.ERR_PROG: "memory could not be programmed",
    Status.ERR_VERIFY: "memory does not hold what was programmed",
    Status.ERR_ADDRESS: "address out of range",
    Status.ERR_NOTDONE: "the download ended too early",
    Status.ERR_FIRMWARE: "the firmware is damaged",
    Status.ERR_VENDOR: "refused by the device's own rules",
    Status.ERR_USBR: "unexpected USB reset",
    Status.ERR_POR: "unexpected power-on reset",
    Status.ERR_UNKNOWN: "unknown error",
    Status.ERR_STALLEDPKT: "unexpected request",
}
"""What each status means, in words."""


class Command(IntEnum):
    """First byte of a download of block 0 (DfuSe); the last two are Particle's own."""

    SET_ADDRESS = 0x21
    ERASE = 0x41
    SAFE_MODE = 0xFA
    CLEAR_OVERRIDE = 0xFB


COMMAND_BLOCK: Final = 0
FIRST_DATA_BLOCK: Final = 2
"""Data at pointer + n x transfer size travels as block 2 + n; block 1 is not used."""
MOST_BLOCKS: Final = 0x10000 - FIRST_DATA_BLOCK
"""Data blocks that the 16 bits of wValue can count from one address."""

REPORT_SIZE: Final = 6
_TO_DEVICE: Final = 0x21
_FROM_DEVICE: Final = 0xA1


@frozen
class Report:
    """A reply to GETSTATUS.

    Attributes:
        status: what became of the last request; a number that DFU does not know stays one.
        poll_ms: the least time until the next GETSTATUS.
        state: the state that the device enters with this reply; a number that DFU does not know stays one.
        text_index: the string descriptor that describes the error, or 0.
    """

    status: int
    poll_ms: int
    state: int
    text_index: int

    @property
    def summary(self) -> str:
        """Status and state in words."""
        return f"{status_name(self.status)} in state {state_name(self.state)}"


def parse_report(data: bytes) -> Report:
    """Return what a GETSTATUS reply says. Raises: ProtocolError when it is cut short."""
    if len(data) != REPORT_SIZE:
        raise ProtocolError(f"The device answered GETSTATUS with {len(data)} bytes instead of {REPORT_SIZE}.")
    return Report(data[0], int.from_bytes(data[1:4], "little"), data[4], data[5])


def state_name(state: int) -> str:
    """Return a state as DFU 1.1 writes it, e.g. `dfuDNLOAD-IDLE`."""
    if state not in set(State):
        return str(state)
    name = State(state).name
    if name.startswith("APP_"):
        return "app" + name.removeprefix("APP_")
    return "dfu" + name.replace("_", "-")


def status_name(status: int) -> str:
    """Return a status with its meaning, e.g. `errADDRESS (address out of range)`."""
    if status not in set(Status):
        return f"status 0x{status:02X}"
    known = Status(status)
    name = "err" + known.name.removeprefix("ERR_") if known else "OK"
    return f"{name} ({STATUS_TEXT[known]})"


def to_device(
    request: Request, *, value: int = 0, interface: int = 0, length: int = 0, secret: bool = False
) -> Setup:
    """Return the setup packet of a request without data or with data for the device, which may be secret."""
    return Setup(_TO_DEVICE, request, value, interface, length, secret=secret)


def from_device(
    request: Request, *, value: int = 0, interface: int = 0, length: int, secret: bool = False
) -> Setup:
    """Return the setup packet of a request answered with up to `length` bytes, which may be secret."""
    return Setup(_FROM_DEVICE, request, value, interface, length, secret=secret)


def set_address(address: int) -> bytes:
    """Return the command that sets the address pointer."""
    return bytes((Command.SET_ADDRESS,)) + address.to_bytes(4, "little")


def erase(address: int) -> bytes:
    """Return the command that erases the sector which holds the address."""
    return bytes((Command.ERASE,)) + address.to_bytes(4, "little")
