"""What a program sees of a pseudo terminal in front of a device, and the device of the program."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from attrs import define, field

if sys.platform == "win32":
    pytest.skip("Windows has no pty", allow_module_level=True)

import serial

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.adapters.pseudo_terminal import PseudoTerminal
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.world import World

pytestmark = pytest.mark.real_time
BORON = 13


@define
class Device:
    """A device's end, played by the test: it notes what happens."""

    happened: list[str | int | bytes] = field(factory=list)
    outgoing: bytearray = field(factory=bytearray)
    watchers: list[Callable[[], None]] = field(factory=list)

    @property
    def waiting(self) -> int:
        return len(self.outgoing)

    def take(self, most: int) -> bytes:
        data = bytes(self.outgoing[:most])
        del self.outgoing[:most]
        return data

    def watch(self, watcher: Callable[[], None]) -> None:
        self.watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], None]) -> None:
        self.watchers.remove(watcher)

    def host_opens(self) -> None:
        self.happened.append("opened")

    def host_closes(self) -> None:
        self.happened.append("closed")
        self.outgoing.clear()

    def host_writes(self, data: bytes) -> None:
        self.happened.append(data)

    def set_baud_rate(self, baud_rate: int) -> None:
        self.happened.append(baud_rate)

    def sends(self, data: bytes) -> None:
        self.outgoing += data
        for watcher in self.watchers:
            watcher()

    async def until(self, *happened: str | int | bytes) -> None:
        """Wait until these things have happened, and nothing else; then forget them."""
        for _ in range(200):
            if self.happened == list(happened):
                break
            await LoopClock().sleep(0.01)
        assert self.happened == list(happened)
        self.happened.clear()


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
async def port(device: Device) -> AsyncIterator[PseudoTerminal]:
    port = PseudoTerminal(device)
    yield port
    port.close()


def opened(port: PseudoTerminal, baud_rate: int = 9600) -> serial.Serial:
    return serial.Serial(port.path, baud_rate, timeout=2, exclusive=True)


async def in_thread(function: Callable[[], bytes]) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(None, function)


async def test_the_device_learns_of_opening_speed_and_closing(port: PseudoTerminal, device: Device) -> None:
    program = opened(port, 115200)
    await device.until("opened", 115200)
    program.baudrate = 28800
    await device.until(28800)
    program.baudrate = 12345
    await device.until(12345)
    program.write(b"hello")
    await device.until(b"hello")
    program.close()
    await device.until("closed")


async def test_each_opening_tells_the_speed_anew(port: PseudoTerminal, device: Device) -> None:
    for _ in range(2):
        program = opened(port, 28800)
        await device.until("opened", 28800)
        program.close()
        await device.until("closed")


async def test_a_program_that_closes_at_once_is_noticed_by_its_speed(
    port: PseudoTerminal, device: Device
) -> None:
    opened(port, 14400).close()
    for _ in range(100):
        if "closed" in device.happened:
            break
        await LoopClock().sleep(0.01)
    assert device.happened == ["opened", 14400, "closed"]


async def test_what_a_program_leaves_behind_arrives(port: PseudoTerminal, device: Device) -> None:
    program = opened(port)
    program.write(b"i")
    program.close()
    await device.until("opened", 9600, b"i", "closed")


async def test_nothing_is_echoed_or_changed(port: PseudoTerminal, device: Device) -> None:
    program = opened(port)
    await device.until("opened", 9600)
    everything = bytes(range(256))
    program.write(everything)
    await device.until(everything)
    device.sends(everything)
    assert await in_thread(lambda: program.read(256)) == everything
    program.timeout = 0
    assert program.read(1) == b""
    program.close()


async def test_what_nobody_has_read_is_not_there_for_the_next(port: PseudoTerminal, device: Device) -> None:
    program = opened(port)
    await device.until("opened", 9600)
    device.sends(b"old")
    program.close()
    await device.until("closed")
    program = opened(port)
    await device.until("opened", 9600)
    device.sends(b"new")
    assert await in_thread(lambda: program.read(3)) == b"new"
    program.close()


async def test_what_a_program_has_set_is_not_there_for_the_next(port: PseudoTerminal, device: Device) -> None:
    import termios

    program = opened(port, 28800)
    settings = termios.tcgetattr(program.fileno())
    settings[3] |= termios.ECHO | termios.ICANON
    termios.tcsetattr(program.fileno(), termios.TCSANOW, settings)
    await device.until("opened", 28800)
    program.close()
    await device.until("closed")
    slave = os.open(port.path, os.O_RDWR | os.O_NOCTTY)
    try:
        settings = termios.tcgetattr(slave)
        assert settings[5] == termios.B9600
        assert not settings[3] & (termios.ECHO | termios.ICANON)
    finally:
        os.close(slave)


async def test_more_than_the_system_takes_at_once(port: PseudoTerminal, device: Device) -> None:
    program = opened(port)
    await device.until("opened", 9600)
    data = os.urandom(200_000)
    device.sends(data)
    assert device.waiting > 0
    assert await in_thread(lambda: program.read(len(data))) == data
    device.sends(b"more")
    assert await in_thread(lambda: program.read(4)) == b"more"
    program.close()


async def test_a_device_that_leaves_takes_its_port_with_it(device: Device) -> None:
    port = PseudoTerminal(device)
    program = opened(port)
    await device.until("opened", 9600)
    port.close()
    port.close()
    with pytest.raises(serial.SerialException):
        program.read(1)
    program.close()
    assert device.watchers == []
    assert device.happened == ["closed"]


async def test_a_link_leads_to_the_port_as_long_as_it_is_there(tmp_path: Path, device: Device) -> None:
    link = tmp_path / "red"
    link.symlink_to("/dev/null")
    first = PseudoTerminal(device, link=str(link))
    assert os.readlink(link) == first.path
    second = PseudoTerminal(device, link=str(link))
    first.close()
    assert os.readlink(link) == second.path
    second.close()
    assert not link.is_symlink()


async def test_a_link_that_cannot_be_made(tmp_path: Path, device: Device) -> None:
    folder = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
    before = len(os.listdir(folder))
    with pytest.raises(OSError, match="nowhere"):
        PseudoTerminal(device, link=str(tmp_path / "nowhere" / "red"))
    assert len(os.listdir(folder)) == before
    assert device.watchers == []


async def test_a_simulated_device_behind_it() -> None:
    world = World(PacedClock(1000))
    boron = world.add(BORON)
    await world.settle()
    boron.listen(True)
    port = PseudoTerminal(boron.serial)
    program = opened(port)
    program.write(b"v")
    assert await in_thread(lambda: program.read(33)) == b"system firmware version: 6.2.0\n\r\n"
    program.close()
    opened(port, 14400).close()
    for _ in range(100):
        if boron.mode is Mode.DFU:
            break
        await LoopClock().sleep(0.01)
    assert boron.mode is Mode.DFU
    port.close()
    await world.bus.close()
