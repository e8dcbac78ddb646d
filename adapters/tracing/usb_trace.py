"""A trace of USB traffic: a pcapng file that Wireshark opens, whole after every record.

Each record is one write, without a buffer of ours, to a file under its final name: whatever ends the program,
the file holds all that had happened by then. It takes the place of an earlier trace in one step, before
anything goes over the wire, and never that of a file which is something else.
"""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Final

from particle_cli.adapters.tracing.pcapng import SECTION_MAGIC, file_head, packet_block
from particle_cli.adapters.tracing.usbmon import LINK_TYPE, TransferKind, Urb
from particle_cli.ports.files import AppendedFile, FileError, FileRefused, Files
from particle_cli.ports.usb import AttachedDevice, Setup

_FIRST_ADDRESS, _ADDRESSES = 2, 126  # 1 is the root hub's, and there are 127
_DIRECTION_IN: Final = 0x80
_WITHHELD: Final = "Secret data: zeros in its place."


def begin_trace(files: Files, path: str, *, program: str) -> UsbTrace:
    """Open a trace, in the place of an earlier one of that name.

    Args:
        files: the disk.
        path: name of the file.
        program: name and version of the program, noted in the file.

    Raises: FileError where the file cannot be written, or is there and no trace.
    """
    head = file_head(LINK_TYPE, interface="usb", program=program)
    there = files.is_file(path)
    if there:
        if files.read(path)[: len(SECTION_MAGIC)] not in (b"", SECTION_MAGIC):
            raise FileRefused(
                f"{path} is no trace, and is left as it is.", next_step="Choose another name for the trace."
            )
        files.appending(path).close()  # refuses while the earlier trace is still there
        files.write(path, head)
    file = files.appending(path)
    if not there:
        try:
            file.write(head)
        except BaseException:
            file.close()
            raise
    return UsbTrace(file)


class UsbTrace:
    """Takes the records of all transfers on all devices.

    Attributes:
        failure: why no more could be written, once that is so. The work that is traced goes on without it.
    """

    def __init__(self, file: AppendedFile) -> None:
        """Keep the file, which has its head."""
        self.failure: FileError | None = None
        self._file = file
        self._numbers = count(1)
        self._addresses: dict[int, int] = {}

    def knows(self, device: AttachedDevice) -> bool:
        """Tell whether there is a record of this enumeration already."""
        return device.arrival in self._addresses

    def control(self, device: AttachedDevice, setup: Setup) -> Urb:
        """Return a new control transfer."""
        answers = setup.request_type & _DIRECTION_IN if setup.length else 0
        return self._urb(device, TransferKind.CONTROL, answers, setup.pack())

    def bulk(self, device: AttachedDevice, endpoint: int) -> Urb:
        """Return a new bulk transfer."""
        return self._urb(device, TransferKind.BULK, endpoint, b"")

    def _urb(self, device: AttachedDevice, kind: TransferKind, endpoint: int, setup: bytes) -> Urb:
        address = self._addresses.setdefault(
            device.arrival, _FIRST_ADDRESS + len(self._addresses) % _ADDRESSES
        )
        bus = device.bus_path.partition("-")[0]
        number = int(bus) & 0xFFFF if bus.isdecimal() else 0
        return Urb(next(self._numbers), number, address, kind, endpoint, setup)

    def submitted(
        self, urb: Urb, at: datetime, length: int, data: bytes = b"", *, secret: bool = False
    ) -> None:
        """Note that a transfer begins; see `Urb.submitted`. Secret data is withheld."""
        self._add(at, urb.submitted(at, length, _zeros(data) if secret else data), data, secret)

    def completed(
        self,
        urb: Urb,
        at: datetime,
        status: int,
        length: int = 0,
        data: bytes = b"",
        *,
        secret: bool = False,
    ) -> None:
        """Note that a transfer is over; see `Urb.completed`. Secret data is withheld."""
        self._add(at, urb.completed(at, status, length, _zeros(data) if secret else data), data, secret)

    def _add(self, at: datetime, record: bytes, data: bytes, secret: bool) -> None:
        if self.failure is None:
            try:
                self._file.write(packet_block(at, record, comment=_WITHHELD if secret and data else ""))
            except FileError as failed:  # a device must not be left half flashed for the sake of a record
                self.failure = failed

    def close(self) -> None:
        """Close the file; never raises."""
        self._file.close()


def _zeros(data: bytes) -> bytes:
    return bytes(len(data))
