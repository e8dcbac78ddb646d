"""The bytes of a trace file, and of the records in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.tracing.reading import blocks_of, records_of

from particle_cli.adapters.tracing.pcapng import file_head, packet_block
from particle_cli.adapters.tracing.usbmon import LINK_TYPE, TransferKind, Urb, status_of
from particle_cli.ports.usb import (
    UsbAccessDenied,
    UsbBusy,
    UsbError,
    UsbGone,
    UsbStall,
    UsbTimeout,
)

NOON = datetime(2026, 11, 23, 12, 0, 0, 250_001, UTC)  # 1795435200 s and 250001 us
HEAD = file_head(LINK_TYPE, interface="usb", program="p 1")


def test_a_file_begins_with_a_section_and_its_interface() -> None:
    assert (
        bytes.fromhex(
            "0a0d0d0a 28000000 4d3c2b1a 0100 0000 ffffffffffffffff  0400 0300 70203100 00000000 28000000"
            "01000000 28000000 dc00 0000 00000000  0200 0300 75736200  0900 0100 06000000 00000000 28000000"
        )
        == HEAD
    )


def test_a_packet_has_its_time_and_lengths() -> None:
    time = 1_795_435_200_250_001
    assert packet_block(NOON, b"abcde") == bytes.fromhex(
        "06000000 28000000 00000000"
        + (time >> 32).to_bytes(4, "little").hex()
        + (time & 0xFFFFFFFF).to_bytes(4, "little").hex()
        + "05000000 05000000 6162636465000000 28000000"
    )
    commented = packet_block(NOON, b"abcd", comment="hush")
    assert commented.endswith(bytes.fromhex("61626364 0100 0400 68757368 00000000 30000000"))


def test_the_records_of_a_transfer_that_reads() -> None:
    urb = Urb(0x1122334455667788, 1, 2, TransferKind.CONTROL, 0x80, bytes.fromhex("8006000100001200"))
    assert urb.submitted(NOON, 18) == bytes.fromhex(
        "8877665544332211 53 02 80 02 0100 00 3c c02a046b00000000 91d00300 8dffffff 12000000 00000000"
        "8006000100001200 00000000 00000000 00020000 00000000"
    )
    assert urb.completed(NOON, 0, 2, b"\x12\x01") == bytes.fromhex(
        "8877665544332211 43 02 80 02 0100 2d 00 c02a046b00000000 91d00300 00000000 02000000 02000000"
        "0000000000000000 00000000 00000000 00020000 00000000 1201"
    )


def test_the_records_of_a_transfer_that_writes() -> None:
    urb = Urb(1, 3, 127, TransferKind.BULK, 0x02)
    assert urb.submitted(NOON, 2, b"hi") == bytes.fromhex(
        "0100000000000000 53 03 02 7f 0300 2d 00 c02a046b00000000 91d00300 8dffffff 02000000 02000000"
        "0000000000000000 00000000 00000000 00000000 00000000 6869"
    )
    assert urb.completed(NOON, -32, 0) == bytes.fromhex(
        "0100000000000000 43 03 02 7f 0300 2d 3e c02a046b00000000 91d00300 e0ffffff 00000000 00000000"
        "0000000000000000 00000000 00000000 00000000 00000000"
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsbStall("no"), -32),
        (UsbTimeout("late"), -110),
        (UsbGone("gone"), -108),
        (UsbBusy("taken"), -16),
        (UsbAccessDenied("no"), -13),
        (UsbError("odd"), -71),
        (KeyboardInterrupt(), -2),
    ],
)
def test_errors_have_the_numbers_that_linux_gives_them(error: BaseException, status: int) -> None:
    assert status_of(error) == status


moments = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))


@given(
    at=moments,
    data=st.binary(max_size=300),
    number=st.integers(0, (1 << 64) - 1),
    bus=st.integers(0, 0xFFFF),
    status=st.integers(-200, 0),
    comment=st.text(max_size=20),
)
def test_records_read_back(
    at: datetime, data: bytes, number: int, bus: int, status: int, comment: str
) -> None:
    urb = Urb(number, bus, 5, TransferKind.BULK, 0x81)
    record = urb.completed(at, status, len(data), data)
    (read,) = records_of(HEAD + packet_block(at, record, comment=comment))
    assert (read.id, read.bus, read.address, read.endpoint) == (number, bus, 5, 0x81)
    assert (read.event, read.status, read.length, read.data) == ("C", status, len(data), data)
    assert read.comment == comment


@given(lengths=st.lists(st.integers(0, 9), max_size=6))
def test_a_file_is_whole_after_each_packet(lengths: list[int]) -> None:
    whole = HEAD
    for count, length in enumerate(lengths, 1):
        whole += packet_block(NOON, bytes(length))
        assert len(blocks_of(whole)) == 2 + count
