"""A program that flashes the one device in sight, with all of our own layers over the real libusb.

    python flash_over_libusb.py ADDRESS FILE

It says what it did in JSON: from the device's mode at the start through DFU mode, writing and verifying, to
the mode in which the device came back.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from particle_cli.adapters.clock import LoopClock
from particle_cli.adapters.libusb.bus import LibUsb
from particle_cli.domain.control.identity import device_id
from particle_cli.domain.devices.modes import device_mode, to_dfu, to_normal
from particle_cli.domain.devices.opening import control_channel, dfu_host
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.dfu.verification import Verified


async def main(address: int, data: bytes) -> dict[str, object]:
    usb, clock = LibUsb(), LoopClock()
    (found,) = await attached_devices(usb)
    mode = (await device_mode(usb, clock, found)).value
    async with control_channel(usb, clock, found) as channel:
        told_id = await device_id(channel)
    in_dfu = await to_dfu(usb, clock, found)
    async with dfu_host(usb, clock, in_dfu) as host:
        await host.write(0, address, data)
        verified = await host.verify(0, address, data) == Verified(len(data))
        read = await host.read(0, address, len(data)) == data
    back = await to_normal(usb, clock, in_dfu)
    return {
        "mode": mode,
        "serial": found.attached.serial,
        "id": told_id,
        "arrivals": [found.attached.arrival, in_dfu.attached.arrival, back.attached.arrival],
        "verified": verified,
        "read": read,
        "mode after": (await device_mode(usb, clock, back)).value,
    }


if __name__ == "__main__":
    told = asyncio.run(main(int(sys.argv[1], 0), Path(sys.argv[2]).read_bytes()))
    sys.stdout.write(json.dumps(told))
