"""Taking a device from mode to mode.

Theory of operation. A request to reset is answered half a second to a second before the device resets; a lost
answer says nothing. So an answer can only tell of a refusal; that the device has reset, the bus tells: the
device returns under a new arrival number. One that stays on the bus for longer than a reset takes is asked
again, until the time is up.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Final

from attrs import frozen

from particle_cli.domain.control import modes as control
from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.devices.errors import DeviceLost, WrongMode
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel, dfu_host
from particle_cli.domain.devices.returning import Absence, wait_until_back
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb, UsbGone, UsbStall, UsbTimeout

SWITCH_TIMEOUT_S: Final = 60.0
"""Bound on a whole switch."""
_RESET_TAKES_S: Final = 10.0
"""How long a device may stay on the bus after it was asked to reset, before it is asked again."""
_MODE_TIMEOUT_S: Final = 10.0
_REQUEST_TIMEOUT_S: Final = 10.0


class DeviceMode(Enum):
    """In which mode a device is, as it is shown to people."""

    NORMAL = "NORMAL"
    LISTENING = "LISTENING"
    DFU = "DFU"
    PROTECTED = "PROTECTED"
    """It does not tell: Device Protection forbids it."""
    UNKNOWN = "UNKNOWN"
    """It does not tell in time, or says what only newer firmware means something by."""


async def device_mode(usb: Usb, clock: Clock, device: FoundDevice) -> DeviceMode:
    """Ask a device for its mode.

    Raises: UsbAccessDenied, UsbBusy, UsbGone when it cannot be opened.
    """
    if device.dfu:
        return DeviceMode.DFU
    try:
        async with control_channel(usb, clock, device) as channel:
            mode = await control.running_mode(channel, timeout_s=_MODE_TIMEOUT_S)
    except DeviceProtected:
        return DeviceMode.PROTECTED
    except WrongMode:
        return DeviceMode.NORMAL  # a platform that is not to be asked
    except (RequestFailed, RequestDropped, RequestTimeout, ProtocolError, UsbStall, UsbTimeout):
        return DeviceMode.UNKNOWN
    return DeviceMode[mode.name] if mode else DeviceMode.UNKNOWN


async def to_dfu(
    usb: Usb, clock: Clock, device: FoundDevice, *, timeout_s: float = SWITCH_TIMEOUT_S
) -> FoundDevice:
    """Bring a device into DFU mode, and return it as it is then; one that is there is left as it is.

    Raises: RequestFailed, DeviceProtected (the device refuses), WrongMode, DeviceLost; UsbAccessDenied,
    UsbBusy.
    """

    async def ask(now: FoundDevice) -> None:
        async with control_channel(usb, clock, now) as channel:
            await control.enter_dfu(channel, timeout_s=_REQUEST_TIMEOUT_S)

    return await _Switch(usb, clock, "DFU mode", lambda now: now.dfu, ask).carry_out(device, timeout_s)


async def to_normal(
    usb: Usb, clock: Clock, device: FoundDevice, *, timeout_s: float = SWITCH_TIMEOUT_S
) -> FoundDevice:
    """Have a device in DFU mode run its firmware, and return it as it is then; a running one is left alone.

    Raises: WrongMode when it comes back in DFU mode, for want of valid firmware; DfuFailed, DeviceLost;
    UsbAccessDenied, UsbBusy.
    """

    async def ask(now: FoundDevice) -> None:
        async with dfu_host(usb, clock, now) as host:
            await host.leave()

    return await _Switch(usb, clock, "normal mode", lambda now: not now.dfu, ask).carry_out(device, timeout_s)


async def to_safe_mode(
    usb: Usb, clock: Clock, device: FoundDevice, *, timeout_s: float = SWITCH_TIMEOUT_S
) -> FoundDevice:
    """Have a device run its firmware without the application, and return it as it is then.

    Raises: CommandUnknown (a bootloader that cannot); as `to_dfu` and `to_normal`.
    """
    start = device.attached.arrival

    async def ask(now: FoundDevice) -> None:
        if now.dfu:
            async with dfu_host(usb, clock, now) as host:
                await host.enter_safe_mode()
        else:
            async with control_channel(usb, clock, now) as channel:
                await control.enter_safe_mode(channel, timeout_s=_REQUEST_TIMEOUT_S)

    def reached(now: FoundDevice) -> bool:
        return not now.dfu and now.attached.arrival != start

    return await _Switch(usb, clock, "safe mode", reached, ask).carry_out(device, timeout_s)


async def reset(
    usb: Usb, clock: Clock, device: FoundDevice, *, timeout_s: float = SWITCH_TIMEOUT_S
) -> FoundDevice:
    """Reset a device, from DFU mode too, and return it as it comes back.

    Raises: as `to_dfu` and `to_normal`.
    """
    start = device.attached.arrival

    async def ask(now: FoundDevice) -> None:
        if now.dfu:
            async with dfu_host(usb, clock, now) as host:
                await host.leave()
        else:
            async with control_channel(usb, clock, now) as channel:
                try:
                    await control.reset(channel, timeout_s=_REQUEST_TIMEOUT_S)
                except DeviceProtected:
                    await channel.force_reset()  # which protection does not forbid

    def reached(now: FoundDevice) -> bool:
        return now.attached.arrival != start

    return await _Switch(usb, clock, "a new start", reached, ask).carry_out(device, timeout_s)


@frozen
class _Switch:
    """A way to have a device reset into a mode.

    Attributes:
        usb, clock: the wires.
        goal: what is to be reached, for messages.
        reached: tells whether a device is there.
        ask: asks it once to go there.
    """

    usb: Usb
    clock: Clock
    goal: str
    reached: Callable[[FoundDevice], bool]
    ask: Callable[[FoundDevice], Awaitable[None]]

    async def carry_out(self, device: FoundDevice, timeout_s: float) -> FoundDevice:
        """Ask the device, as often as it takes, until it is there."""
        deadline = self.clock.monotonic() + timeout_s
        now, returns = device, 0
        while not self.reached(now):
            if returns > 1:
                raise self._stuck(now)
            doubt: ParticleError | None = None
            try:
                await self.ask(now)
            except (UsbGone, UsbTimeout, UsbStall, RequestDropped, RequestTimeout, ProtocolError) as fault:
                doubt = fault
            outcome = await self._wait(now, deadline)
            if isinstance(outcome, FoundDevice):
                now, returns = outcome, returns + 1
            elif not outcome.stayed or self.clock.monotonic() >= deadline:
                raise self._lost(now, outcome) from doubt
        return now

    async def _wait(self, now: FoundDevice, deadline: float) -> FoundDevice | Absence:
        """Return the device as it comes back; one that has not left for a while is not waited for further."""
        left_s = deadline - self.clock.monotonic()
        outcome = await wait_until_back(self.usb, self.clock, now, timeout_s=min(left_s, _RESET_TAKES_S))
        if isinstance(outcome, Absence) and not outcome.stayed:
            left_s = deadline - self.clock.monotonic()
            outcome = await wait_until_back(self.usb, self.clock, now, timeout_s=left_s)
        return outcome

    def _lost(self, device: FoundDevice, outcome: Absence) -> DeviceLost | WrongMode:
        if outcome.stayed:
            return WrongMode(
                f"Device {device.id} does not go into {self.goal}.",
                next_step="Press its RESET button, then try again.",
            )
        return DeviceLost(
            f"Device {device.id} left the USB bus on its way into {self.goal} and did not come back.",
            next_step="Unplug it, plug it in again, and see with particle usb list whether it is there.",
        )

    def _stuck(self, device: FoundDevice) -> WrongMode:
        if device.dfu:
            return WrongMode(
                f"Device {device.id} comes back in DFU mode: it finds no valid firmware to run.",
                next_step="Flash it again, or repair its Device OS with: "
                "particle flash --local tinker --target VERSION",
            )
        return WrongMode(
            f"Device {device.id} comes back running its firmware instead of going into {self.goal}.",
            next_step="Put it in DFU mode by its buttons: hold both, release RESET, and release MODE (or "
            "SETUP) when it blinks yellow.",
        )
