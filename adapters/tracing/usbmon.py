"""Records of USB transfers as the Linux kernel's usbmon writes them (Documentation/usb/usbmon.rst).

A transfer makes two: one when it is submitted, one when it is complete. A record is a head of 64 bytes
("struct usbmon_packet" with the fields of its binary interface) and the data that went along, in pcapng
under the link type LINKTYPE_USB_LINUX_MMAPPED.
"""

from __future__ import annotations

import struct
from datetime import datetime
from enum import IntEnum
from typing import Final

from attrs import frozen

from particle_cli.adapters.tracing.pcapng import microseconds
from particle_cli.ports.usb import UsbAccessDenied, UsbBusy, UsbGone, UsbStall, UsbTimeout

LINK_TYPE: Final = 220

_HEAD: Final = struct.Struct("<QcBBBHBBqiiII8siiII")
_SUBMIT, _COMPLETE = b"S", b"C"
_PRESENT: Final = 0
_NO_SETUP: Final = ord("-")
_TO_COME: Final = ord("<")  # IN data, at the submission
_GONE_BEFORE: Final = ord(">")  # OUT data, at the completion
_DIRECTION_IN: Final = 0x80
_FLAG_IN: Final = 0x200
_IN_PROGRESS: Final = -115

# errno of Linux, whatever the system that the program runs on, as that is what Wireshark has names for
_ENOENT, _EACCES, _EBUSY, _EPIPE, _EPROTO, _ESHUTDOWN, _ETIMEDOUT = 2, 13, 16, 32, 71, 108, 110
_STATUSES: Final = (
    (UsbStall, -_EPIPE),
    (UsbTimeout, -_ETIMEDOUT),
    (UsbGone, -_ESHUTDOWN),
    (UsbBusy, -_EBUSY),
    (UsbAccessDenied, -_EACCES),
    (Exception, -_EPROTO),
)


class TransferKind(IntEnum):
    """The kinds of transfers that the usb port has."""

    CONTROL = 2
    BULK = 3


@frozen
class Urb:
    """What both records of a transfer say of it.

    Attributes:
        number: its own in this trace.
        bus: number of the bus, 16 bits.
        address: of the device on the bus, 1 to 127.
        kind: the kind of transfer.
        endpoint: number of the endpoint; bit 7 tells that data goes to the host.
        setup: the setup packet of a control transfer, 8 bytes; else empty.
    """

    number: int
    bus: int
    address: int
    kind: TransferKind
    endpoint: int
    setup: bytes = b""

    def submitted(self, at: datetime, length: int, data: bytes = b"") -> bytes:
        """Return the record of the submission.

        Args:
            at: when, aware.
            length: bytes of data that are asked for, or sent.
            data: the bytes that are sent.
        """
        flag = _TO_COME if self._in else _PRESENT
        return self._record(_SUBMIT, at, _IN_PROGRESS, length, data, flag, self.setup)

    def completed(self, at: datetime, status: int, length: int, data: bytes = b"") -> bytes:
        """Return the record of the completion.

        Args:
            at: when, aware.
            status: 0, or a negative errno.
            length: bytes of data that went over the wire.
            data: those that came.
        """
        return self._record(_COMPLETE, at, status, length, data, _PRESENT if self._in else _GONE_BEFORE, b"")

    @property
    def _in(self) -> bool:
        return bool(self.endpoint & _DIRECTION_IN)

    def _record(
        self, event: bytes, at: datetime, status: int, length: int, data: bytes, flag: int, setup: bytes
    ) -> bytes:
        seconds, rest = divmod(microseconds(at), 1_000_000)
        head = _HEAD.pack(
            self.number,
            event,
            self.kind,
            self.endpoint,
            self.address,
            self.bus,
            _PRESENT if setup else _NO_SETUP,
            flag,
            seconds,
            rest,
            status,
            length,
            len(data),
            setup,
            0,  # interval
            0,  # start frame
            _FLAG_IN if self._in else 0,
            0,  # descriptors of isochronous packets
        )
        return head + data


def status_of(error: BaseException) -> int:
    """Return the status of a transfer that ended in an error: -ENOENT for one that the host took back."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), -_ENOENT)
