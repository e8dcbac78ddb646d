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
from particle_cli.entrypoints.cli.commands.device_choice import device_word, one_device
from particle_cli.ports.errors import ParticleError

if TYPE_CHECKING:
    from particle_cli.domain.control.channel import ControlChannel
    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires

T = TypeVar("T")

CHECK_CREDENTIALS = "Check the name and the password of the network, and that it is in reach of the device."
ADD_FIRST = "Add the network first, with: particle wifi add"
_HINTS = {
    ResultCode.NOT_FOUND: ADD_FIRST,
    ResultCode.INVALID_ARGUMENT: CHECK_CREDENTIALS,
    ResultCode.INVALID_STATE: CHECK_CREDENTIALS,
    ResultCode.NETWORK: CHECK_CREDENTIALS,
    ResultCode.TIMEOUT: CHECK_CREDENTIALS,
}


class WifiFailed(ParticleError):
    """The device could not do what was wanted of its Wi-Fi."""

    code = "wifi_failed"


@frozen
class WifiDevice:
    """A device that runs its firmware, and has Wi-Fi that can be set up."""

    wires: Wires
    device: FoundDevice

    async def ask(self, doing: str, action: Callable[[ControlChannel], Awaitable[T]]) -> T:
        """Do something with the device's Wi-Fi.

        The device is looked for anew each time: between two questions to it a person may have thought long.

        Args:
            doing: what is being done, for `Unable to …`.
            action: does it.

        Raises: WifiFailed; DeviceNotAttached, NotControllable, DeviceProtected, UsbError.
        """
        wires = self.wires
        device = await find_device(wires.usb, self.device.id, mode=NeededMode.RUNNING)
        with _told(doing):
            async with request_channel(wires.usb, wires.clock, device) as channel:
                return await action(channel)


async def wifi_device(given: Given, wires: Wires) -> WifiDevice:
    """Return the device that is meant. Raises: WifiUnsupported; as `one_device`."""
    device = await one_device(wires, device_word(given), mode=NeededMode.RUNNING)
    check_wifi(device)
    return WifiDevice(wires, device)


@contextmanager
def _told(doing: str) -> Iterator[None]:
    """Say of what the device refuses, or does not get done, what it was and what may help."""
    try:
        yield
    except RequestFailed as failed:
        hint = _hint(failed)
        raise WifiFailed(f"Unable to {doing}: {result_text(failed.result)}", next_step=hint) from failed
    except (RequestDropped, RequestTimeout) as failed:
        raise WifiFailed(f"Unable to {doing}: {failed.message}", next_step=CHECK_CREDENTIALS) from failed


def _hint(failed: RequestFailed) -> str | None:
    if failed.result in set(ResultCode):
        return _HINTS.get(ResultCode(failed.result), failed.next_step)
    return failed.next_step
