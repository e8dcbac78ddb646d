"""What every serial port keeps: pyserial over a pty."""

from __future__ import annotations

import asyncio
import os
import sys
import tty
from collections.abc import AsyncIterator

import pytest
from attrs import define

from particle_cli.adapters.serial_port import SerialPorts
from particle_cli.ports.serial import Serial, SerialGone, SerialTimeout

pytestmark = [
    pytest.mark.real_time,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty"),
]


@define
class FarEnd:
    """The other end of a serial line, played by the test."""

    serial: Serial
    path: str
    master: int
    slave: int

    def sends(self, data: bytes) -> None:
        os.write(self.master, data)

    def got(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += os.read(self.master, length - len(data))
        return data

    def leaves(self) -> None:
        if self.master >= 0:
            os.close(self.slave)
            os.close(self.master)
            self.master = -1


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    master, slave = os.openpty()
    tty.setraw(slave)
    end = FarEnd(SerialPorts(), os.ttyname(slave), master, slave)
    yield end
    end.leaves()


async def test_bytes_go_both_ways(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    await line.write(b"v\x00\xff\r\n")
    assert far_end.got(5) == b"v\x00\xff\r\n"
    far_end.sends(b"system firmware version: 6.1.0\r\n\x00")
    data = b""
    while len(data) < 33:
        data += await line.read(64, timeout_ms=5000)
    assert data == b"system firmware version: 6.1.0\r\n\x00"
    await line.close()


async def test_at_most_so_many_bytes_are_read(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    far_end.sends(b"abcdef")
    assert await line.read(1, timeout_ms=5000) == b"a"
    assert await line.read(3, timeout_ms=5000) == b"bcd"
    await line.close()


async def test_silence_is_a_timeout_and_loses_nothing(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    with pytest.raises(SerialTimeout, match=r"nothing came within 0\.03 s") as caught:
        await line.read(64, timeout_ms=30)
    assert far_end.path in caught.value.message
    far_end.sends(b"late")
    assert await line.read(64, timeout_ms=5000) == b"late"
    await line.close()


async def test_more_than_the_system_buffers_is_sent_when_it_is_taken(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    data = os.urandom(200_000)
    writing = asyncio.create_task(line.write(data))
    assert await asyncio.get_running_loop().run_in_executor(None, far_end.got, len(data)) == data
    await writing
    await line.close()


async def test_a_device_that_leaves_is_gone(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    reading = asyncio.create_task(line.read(64, timeout_ms=5000))
    asyncio.get_running_loop().call_later(0.02, far_end.leaves)
    with pytest.raises(SerialGone, match="has left"):
        await reading
    with pytest.raises(SerialGone):
        await line.read(64, timeout_ms=5000)
    with pytest.raises(SerialGone):
        await line.write(b"anyone?")
    await line.close()


async def test_a_device_that_leaves_before_it_is_written_to_is_gone(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    far_end.leaves()
    with pytest.raises(SerialGone):
        await line.write(b"anyone?")
    await line.close()


async def test_a_port_that_is_not_there_is_gone(far_end: FarEnd) -> None:
    with pytest.raises(SerialGone, match="/dev/ttyNONE: there is no such port") as caught:
        await far_end.serial.open("/dev/ttyNONE", baud_rate=9600)
    assert caught.value.next_step


async def test_a_closed_line_is_of_no_further_use(far_end: FarEnd) -> None:
    line = await far_end.serial.open(far_end.path, baud_rate=9600)
    await line.close()
    await line.close()
    with pytest.raises(SerialGone):
        await line.read(1, timeout_ms=10)
    with pytest.raises(SerialGone):
        await line.write(b"a")


async def test_a_closed_port_can_be_opened_again_at_another_speed(far_end: FarEnd) -> None:
    for baud_rate in (9600, 14400, 28800):
        line = await far_end.serial.open(far_end.path, baud_rate=baud_rate)
        await line.write(b"a")
        assert far_end.got(1) == b"a"
        await line.close()


async def test_ports_are_listed_by_path(far_end: FarEnd) -> None:
    ports = await far_end.serial.ports()
    assert list(ports) == sorted(ports, key=lambda port: port.path)
