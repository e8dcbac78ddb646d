"""The one device whose Wi-Fi a command is about, and what to say when it refuses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.control.result_texts import result_text
from particle_cli.domain.devices.finding import NeededMode, find_device
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.support import request_channel
from particle_cli.domain.devices.wifi_network import check_wifi
from particle_cli.entrypoints.cli.commands.despite_protection import despite_protection
from particle_cli.entrypoints.cli.commands.device_choice import device_word, one_device
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from particle_cli.domain.control.channel import ControlChannel
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

T = TypeVar("T")

_NOT_ABOUT_NETWORKS = frozenset({ResultCode.NOT_SUPPORTED, ResultCode.NOT_ALLOWED, ResultCode.BUSY})
"""Answers that say by themselves what can be done."""


class WifiFailed(ParticleError):
    """The device could not do what was wanted of its Wi-Fi."""

    code = "wifi_failed"


@frozen
class WifiDevice:
    """A device that runs its firmware, and has Wi-Fi that can be set up."""

    wires: Wires
    device: FoundDevice

    async def ask(
        self, doing: str, action: Callable[[ControlChannel], Awaitable[T]], *, hint: str | None = None
    ) -> T:
        """Do something with the device's Wi-Fi.

        The device is looked for anew each time: between two questions to it a person may have thought long.

        Args:
            doing: what is being done, for `Unable to …`.
            action: does it.
            hint: what to check when the device cannot do it: a device that gets into no network does not say
                why.

        Raises: WifiFailed; DeviceNotAttached, NotControllable, DeviceProtected, UsbError.
        """
        wires = self.wires
        device = await find_device(wires.usb, self.device.id, mode=NeededMode.RUNNING)

        async def carry_out(there: FoundDevice) -> T:
            async with request_channel(wires.usb, wires.clock, there) as channel:
                return await action(channel)

        with _told(doing, hint):
            return await despite_protection(wires, device, carry_out)


async def wifi_device(given: Given, wires: Wires) -> WifiDevice:
    """Return the device that is meant. Raises: WifiUnsupported; as `one_device`."""
    device = await one_device(wires, device_word(given), mode=NeededMode.RUNNING)
    check_wifi(device)
    return WifiDevice(wires, device)


@contextmanager
def _told(doing: str, hint: str | None) -> Iterator[None]:
    """Say of what the device refuses, or does not get done, what it was and what may help."""
    try:
        yield
    except RequestFailed as failed:
        said = failed.next_step if failed.result in _NOT_ABOUT_NETWORKS else hint or failed.next_step
        raise WifiFailed(f"Unable to {doing}: {result_text(failed.result)}", next_step=said) from failed
    except (RequestDropped, RequestTimeout) as failed:
        said = hint or failed.next_step
        raise WifiFailed(f"Unable to {doing}: {failed.message}", next_step=said) from failed
