"""A program that holds simulated devices out to whatever runs in the environment it names.

    umockdev-wrapper python -m tests.strangers.mock_host boron p2

Its first line of output is a JSON object: `environment` for programs that are to see the devices, `devices`
with the id of each. Then it answers lines on its standard input, one JSON object each, with one:

    {"do": "wait", "device": ID, "mode": M}               -> {"mode": M}, once it is on the bus in that mode
    {"do": "memory", "device": ID, "start": S, "size": N} -> {"data": hexadecimal digits}
    {"do": "dfu", "device": ID}                           -> {}; the device resets into DFU mode
    {"do": "close", "device": ID}                         -> {}; programs that used it were killed
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any, Final

from tests.strangers.mock_kernel import MockKernel

from particle_cli.adapters.clock import PacedClock
from particle_cli.domain.platforms.names import platform_id
from particle_cli.simulators.bus.bus import SimulatedBus
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.factory import new_device
from particle_cli.simulators.firmware.boot import BootRequest

_SPEED: Final = 20.0  # times as fast as a real device: quick, and still slow enough for hosts to see it leave
_NOTICE_S: Final = 0.02  # real seconds until programs, too, have seen what has happened on the bus


class Host:
    """A bus of devices, fresh from the factory, and the kernel that shows them."""

    def __init__(self, platforms: list[str]) -> None:
        """Plug in a device of each platform."""
        self.bus = SimulatedBus(PacedClock(_SPEED), records=False)
        self.kernel = MockKernel(self.bus)
        self.devices: dict[str, SimulatedDevice] = {}
        for name in platforms:
            number = platform_id(name)
            assert number is not None, name
            device = new_device(number)
            self.devices[device.id] = device
            self.bus.plug(device)

    async def ready(self) -> None:
        """Return when all devices can be seen."""
        for device in self.devices.values():
            await self._wait(device, "normal")

    async def answer(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do what a line of input asks for."""
        device = self.devices[order["device"]]
        match order["do"]:
            case "wait":
                return {"mode": await self._wait(device, order["mode"])}
            case "memory":
                return {"data": device.hardware.memory.read(order["start"], order["size"]).hex()}
            case "dfu":
                device.reset(BootRequest.DFU)
            case "close":
                self.kernel.close_all()
            case unknown:
                return {"error": f"there is no {unknown}"}
        return {}

    async def _wait(self, device: SimulatedDevice, mode: str) -> str:
        """Return the device's mode once it is the one that is wanted, or after a minute of the bus's time."""
        listed = await self.bus.attached()
        for _ in range(60):
            if device.mode.name.lower() == mode and any(one.serial == device.id for one in listed):
                break
            listed = await self.bus.changed(listed, timeout_ms=1000)
        await PacedClock(1).sleep(_NOTICE_S)
        return device.mode.name.lower()


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main(platforms: list[str]) -> None:
    """Serve until the input ends."""
    host = Host(platforms)
    following = asyncio.create_task(host.kernel.follow())
    await host.ready()
    environment = {"LD_PRELOAD": os.environ["LD_PRELOAD"], "UMOCKDEV_DIR": host.kernel.root}
    _tell({"environment": environment, "devices": list(host.devices)})
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        _tell(await host.answer(json.loads(line)))
    following.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
