"""Reading traces, written from the format's description and not from our writer."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from attrs import frozen

USB_LINUX_MMAPPED: Final = 220
_WORD: Final = struct.Struct("<I")


@frozen
class Record:
    """One record of usbmon, with what pcapng says of it."""

    id: int
    event: str
    kind: int
    endpoint: int
    address: int
    bus: int
    has_setup: bool
    data_flag: str
    time_us: int
    status: int
    length: int
    setup: bytes
    data: bytes
    comment: str

    @property
    def request(self) -> tuple[int, int, int, int, int]:
        """The setup packet's fields."""
        return struct.unpack("<BBHHH", self.setup)


def blocks_of(data: bytes) -> list[tuple[int, bytes]]:
    """Return type and body of each block; fails where one is not whole."""
    blocks, at = [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length % 4 == 0
        assert length >= 12
        assert at + length <= len(data), "the last block is cut"
        assert _WORD.unpack_from(data, at + length - 4) == (length,)
        blocks.append((kind, data[at + 8 : at + length - 4]))
        at += length
    return blocks


def records_of(data: bytes) -> list[Record]:
    """Return the records of a whole trace."""
    (section, head), (interface, described), *packets = blocks_of(data)
    assert (section, interface) == (0x0A0D0D0A, 1)
    assert struct.unpack_from("<IHHq", head) == (0x1A2B3C4D, 1, 0, -1)
    assert struct.unpack_from("<HHI", described) == (USB_LINUX_MMAPPED, 0, 0)
    assert _options(described[8:])[9] == b"\x06"
    assert all(kind == 6 for kind, _ in packets)
    return [_record(body) for _, body in packets]


def trace_in(path: Path) -> list[Record]:
    """Return the records in a file."""
    return records_of(path.read_bytes())


def _record(body: bytes) -> Record:
    interface, high, low, captured, original = struct.unpack_from("<IIIII", body)
    assert (interface, captured) == (0, original)
    packet, rest = body[20 : 20 + captured], body[20 + captured + -captured % 4 :]
    fields = struct.unpack_from("<QcBBBHBBqiiII8s", packet)
    number, event, kind, endpoint, address, bus, setup_flag, data_flag = fields[:8]
    seconds, microseconds, status, length, captured_data, setup = fields[8:]
    data = packet[64:]
    assert len(data) == captured_data
    assert seconds * 1_000_000 + microseconds == high << 32 | low
    return Record(
        number,
        event.decode(),
        kind,
        endpoint,
        address,
        bus,
        setup_flag == 0,
        chr(data_flag) if data_flag else "",
        high << 32 | low,
        status,
        length,
        setup,
        data,
        _options(rest).get(1, b"").decode(),
    )


def _options(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        code, length = struct.unpack_from("<HH", data, at)
        if code == 0:
            break
        found[code] = data[at + 4 : at + 4 + length]
        at += 4 + length + -length % 4
    return found
