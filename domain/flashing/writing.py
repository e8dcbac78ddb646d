"""Writing one module, or blank bytes, to a device in DFU mode, and reading it back."""

from __future__ import annotations

from typing import Final

from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import dfu_host
from particle_cli.domain.dfu.host import DfuHost
from particle_cli.domain.dfu.verification import Differs
from particle_cli.domain.flashing.blocks import block_sequence
from particle_cli.domain.flashing.errors import VerifyFailed
from particle_cli.domain.flashing.meter import StepMeter
from particle_cli.domain.flashing.result import Check, Unread, difference_words
from particle_cli.domain.flashing.steps import WriteMemory
from particle_cli.domain.platforms.values import Platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.usb import Usb

_ATTEMPTS: Final = 2
"""Where flash holds something else than was written, it is worn out, or the wire is bad."""


async def write_memory(
    step: WriteMemory,
    device: FoundDevice,
    *,
    usb: Usb,
    clock: Clock,
    platform: Platform,
    verify: bool,
    meter: StepMeter,
) -> Check:
    """Erase and write, and compare unless told not to; what differs is written once more.

    Raises: VerifyFailed; DfuError, DeviceProtected, UsbError.
    """
    place = step.placement
    meter.expect(sum(run.end - run.start for run in place.erased) + place.size * (2 if verify else 1))
    async with dfu_host(usb, clock, device) as host:
        attempt = 1
        while True:
            order = _sequence(step, platform, host)
            await host.write(place.alternate, place.address, place.data, order=order, progress=meter.listen)
            if not verify:
                return Unread()
            meter.label(f"Verifying {step.name}")
            found = await host.verify(place.alternate, place.address, place.data, progress=meter.listen)
            if not isinstance(found, Differs):
                return found
            if attempt == _ATTEMPTS:
                raise _differs(found)
            attempt += 1


def _differs(found: Differs) -> VerifyFailed:
    return VerifyFailed(
        f"The device does not hold what was written: {difference_words(found)}.",
        next_step="Use another cable or port. If it happens again at the same place, the flash is worn out.",
    )


def _sequence(step: WriteMemory, platform: Platform, host: DfuHost) -> tuple[int, ...]:
    """Return the order of the blocks, counted in the size that this very bootloader takes."""
    if platform.dfu is not None and platform.dfu.transfer_size == host.transfer_size:
        return step.sequence
    return block_sequence(step.order, step.placement, platform, host.transfer_size)
