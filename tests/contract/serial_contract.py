"""The contract of the serial port: what a program may rely on, whatever is behind it."""

from __future__ import annotations

import asyncio
import os
from typing import Protocol

import pytest

from particle_cli.ports.serial import Serial, SerialBusy, SerialGone, SerialTimeout


class FarEnd(Protocol):
    """The other end of a serial line, played by the test."""

    serial: Serial
    path: str
    missing: str

    async def sends(self, data: bytes) -> None: ...

    async def got(self, length: int) -> bytes:
        """Return so many bytes that the host has sent."""
        ...

    def leaves(self) -> None: ...


class SerialContract:
    """Tests of one implementation, which gives them the fixture `far_end`."""

    async def test_bytes_go_both_ways(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        await line.write(b"v\x00\xff\r\n")
        assert await far_end.got(5) == b"v\x00\xff\r\n"
        await far_end.sends(b"system firmware version: 6.1.0\r\n\x00")
        data = b""
        while len(data) < 33:
            data += await line.read(64, timeout_ms=5000)
        assert data == b"system firmware version: 6.1.0\r\n\x00"
        await line.close()

    async def test_at_most_so_many_bytes_are_read(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        await far_end.sends(b"abcdef")
        assert await line.read(1, timeout_ms=5000) == b"a"
        assert await line.read(3, timeout_ms=5000) == b"bcd"
        await line.close()

    async def test_silence_is_a_timeout_and_loses_nothing(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        with pytest.raises(SerialTimeout, match=r"nothing came within 0\.03 s") as caught:
            await line.read(64, timeout_ms=30)
        assert far_end.path in caught.value.message
        await far_end.sends(b"late")
        assert await line.read(64, timeout_ms=5000) == b"late"
        await line.close()

    async def test_what_is_sent_while_it_is_waited_for_comes_at_once(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        reading = asyncio.create_task(line.read(64, timeout_ms=5000))
        await far_end.sends(b"now")
        assert await reading == b"now"
        await line.close()

    async def test_more_than_the_system_buffers_is_sent_when_it_is_taken(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        data = os.urandom(200_000)
        writing = asyncio.create_task(line.write(data))
        assert await far_end.got(len(data)) == data
        await writing
        await line.close()

    async def test_a_device_that_leaves_is_gone(self, far_end: FarEnd) -> None:
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

    async def test_a_device_that_leaves_before_it_is_written_to_is_gone(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        far_end.leaves()
        with pytest.raises(SerialGone):
            await line.write(b"anyone?")
        await line.close()

    async def test_a_port_that_is_not_there_is_gone(self, far_end: FarEnd) -> None:
        with pytest.raises(SerialGone, match="/dev/ttyNONE: there is no such port") as caught:
            await far_end.serial.open(far_end.missing, baud_rate=9600)
        assert caught.value.next_step

    async def test_a_port_has_one_owner(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        with pytest.raises(SerialBusy, match="another program is using it") as caught:
            await far_end.serial.open(far_end.path, baud_rate=9600)
        assert caught.value.next_step
        await line.close()

    async def test_a_closed_line_is_of_no_further_use(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        await line.close()
        await line.close()
        with pytest.raises(SerialGone):
            await line.read(1, timeout_ms=10)
        with pytest.raises(SerialGone):
            await line.write(b"a")

    async def test_closing_ends_a_read_that_waits(self, far_end: FarEnd) -> None:
        line = await far_end.serial.open(far_end.path, baud_rate=9600)
        reading = asyncio.create_task(line.read(1, timeout_ms=5000))
        await asyncio.sleep(0)  # noqa: TID251 - the task begins to wait
        await line.close()
        with pytest.raises(SerialGone):
            await reading

    async def test_a_closed_port_can_be_opened_again_at_another_speed(self, far_end: FarEnd) -> None:
        for baud_rate in (9600, 19200, 115200):
            line = await far_end.serial.open(far_end.path, baud_rate=baud_rate)
            await line.write(b"a")
            assert await far_end.got(1) == b"a"
            await line.close()

    async def test_ports_are_listed_by_path(self, far_end: FarEnd) -> None:
        ports = await far_end.serial.ports()
        assert list(ports) == sorted(ports, key=lambda port: port.path)
