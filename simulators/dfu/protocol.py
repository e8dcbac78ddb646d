"""Numbers of USB DFU 1.1 (appendix A) and of ST's DfuSe extension (AN3156), as a bootloader uses them."""

from __future__ import annotations

from enum import IntEnum


class DfuRequest(IntEnum):
    """Class requests to the DFU interface."""

    DETACH = 0
    DNLOAD = 1
    UPLOAD = 2
    GETSTATUS = 3
    CLRSTATUS = 4
    GETSTATE = 5
    ABORT = 6


READING = frozenset({DfuRequest.UPLOAD, DfuRequest.GETSTATUS, DfuRequest.GETSTATE})
"""The requests whose data stage goes to the host."""


class DfuState(IntEnum):
    """States of the bootloader; BOGUS is one that only Gen 2 falls into, by a mistake in its firmware."""

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
    BOGUS = 15


class DfuStatus(IntEnum):
    """Results that GETSTATUS reports."""

    OK = 0x00
    TARGET = 0x01
    FILE = 0x02
    WRITE = 0x03
    ERASE = 0x04
    CHECK_ERASED = 0x05
    PROG = 0x06
    VERIFY = 0x07
    ADDRESS = 0x08
    NOTDONE = 0x09
    FIRMWARE = 0x0A
    VENDOR = 0x0B
    USBR = 0x0C
    POR = 0x0D
    UNKNOWN = 0x0E
    STALLEDPKT = 0x0F


class DfuSeCommand(IntEnum):
    """First byte of a DNLOAD of block 0; the last two are Particle's."""

    GET_COMMANDS = 0x00
    SET_ADDRESS = 0x21
    ERASE = 0x41
    READ_UNPROTECT = 0x92
    SAFE_MODE = 0xFA
    CLEAR_OVERRIDE = 0xFB


FIRST_DATA_BLOCK = 2
"""Block 0 carries commands, block 1 is not used."""


def status_reply(status: int, state: int, *, poll_ms: int = 0, text_index: int = 0) -> bytes:
    """Return the six bytes of a GETSTATUS reply.

    Args:
        status: bStatus.
        state: bState.
        poll_ms: bwPollTimeout, the least time in ms before the host's next GETSTATUS.
        text_index: iString, the string descriptor that describes the error, or 0.
    """
    return bytes((status,)) + poll_ms.to_bytes(3, "little") + bytes((state, text_index))
