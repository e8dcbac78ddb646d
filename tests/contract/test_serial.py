"""The contract of the serial port, over pyserial, the ports of a simulated world, and both together."""

from __future__ import annotations

import asyncio
import os
import sys
import tty
from collections.abc import AsyncIterator

import pytest
from attrs import define, field
from tests.contract.serial_contract import SerialContract

from particle_cli.adapters.clock import LoopClock, PacedClock
from particle_cli.adapters.serial_port import SerialPorts
from particle_cli.ports.serial import Serial
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.world import World

BORON = 13
no_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty")


@define
class BarePty:
    """A pty in the hands of the test."""

    serial: Serial
    path: str
    master: int
    slave: int
    missing: str = "/dev/ttyNONE"

    async def sends(self, data: bytes) -> None:
        os.write(self.master, data)

    async def got(self, length: int) -> bytes:
        return await asyncio.get_running_loop().run_in_executor(None, self._read, length)

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += os.read(self.master, length - len(data))
        return data

    def leaves(self) -> None:
        if self.master >= 0:
            os.close(self.slave)
            os.close(self.master)
            self.master = -1


@define
class Device:
    """A simulated device whose application keeps what it is sent."""

    serial: Serial
    path: str
    world: World
    device: SimulatedDevice
    missing: str = "/dev/ttyNONE"
    received: bytearray = field(factory=bytearray)

    def __attrs_post_init__(self) -> None:
        self.device.serial_handler = self._receive

    def _receive(self, data: bytes) -> bytes:
        self.received += data
        return b""

    async def sends(self, data: bytes) -> None:
        while not self.device.serial.is_open:
            await LoopClock().sleep(0.01)
        self.device.serial.transmit(data)

    async def got(self, length: int) -> bytes:
        while len(self.received) < length:
            await LoopClock().sleep(0.01)
        data = bytes(self.received[:length])
        del self.received[:length]
        return data

    def leaves(self) -> None:
        if self.world.is_attached(self.device):
            self.world.unplug(self.device)


class TestSimulatedSerial(SerialContract):
    @pytest.fixture
    async def far_end(self) -> Device:
        world = World(LoopClock())
        device = world.add(BORON)
        await world.settle()
        return Device(world.serial, "ttySIM0", world, device)


@no_windows
@pytest.mark.real_time
class TestPyserialToPty(SerialContract):
    @pytest.fixture
    async def far_end(self) -> AsyncIterator[BarePty]:
        master, slave = os.openpty()
        tty.setraw(slave)
        end = BarePty(SerialPorts(), os.ttyname(slave), master, slave)
        yield end
        end.leaves()


@no_windows
@pytest.mark.real_time
class TestPyserialToSimulatedDevice(SerialContract):
    """pyserial, a pseudo terminal and a device in a world that runs 1000 times as fast."""

    @pytest.fixture
    async def far_end(self) -> AsyncIterator[Device]:
        from particle_cli.adapters.pseudo_terminal import PseudoTerminal

        world = World(PacedClock(1000))
        device = world.add(BORON)
        await world.settle()
        port = PseudoTerminal(device.serial)
        world.bus.watch(port.close)
        yield Device(SerialPorts(), port.path, world, device)
        port.close()
        await world.bus.close()
