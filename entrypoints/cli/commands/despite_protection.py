"""Working with devices of which some may be protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from particle_cli.domain.errors import DeviceProtected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from particle_cli.domain.devices.found import FoundDevice
    from particle_cli.entrypoints.wires import Wires

T = TypeVar("T")


async def despite_protection(
    wires: Wires, device: FoundDevice, work: Callable[[FoundDevice], Awaitable[T]]
) -> T:
    """Do something with a device; one that refuses it, as it is protected, is put into service mode for it.

    An open device is asked nothing for that, so nothing takes longer with it.

    Args:
        wires: where device and cloud are.
        device: the device.
        work: may be begun twice: what a protected device refuses has changed nothing.

    Raises: ServiceModeRefused; what the work raises.
    """
    try:
        return await work(device)
    except DeviceProtected:
        pass
    from particle_cli.domain.devices.service_mode import in_service_mode  # seldom needed, and slow to import
    from particle_cli.entrypoints.cli.commands.cloud_session import cloud_session

    wires.person.note(f"Device {device.id} is a Protected Device: it is in service mode for this.")
    return await in_service_mode(wires.usb, wires.clock, device, lambda: cloud_session(wires), work)
