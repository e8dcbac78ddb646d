"""Asking a device what a plan has to know of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.control.module_info import AssetInfo, Check, ModuleStore, asset_info, module_info
from particle_cli.domain.control.module_info import InstalledModule as ToldModule
from particle_cli.domain.control.protection import protected_state
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.opening import control_channel, dfu_host
from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.errors import DeviceProtected
from particle_cli.domain.flashing.errors import NotSurveyed
from particle_cli.domain.flashing.target import InstalledModule, StoredAsset, Target
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb, UsbAccessDenied, UsbBusy, UsbStall, UsbTimeout, UsbUnavailable

T = TypeVar("T")

_ATTEMPTS: Final = 3
_TIMEOUT_S: Final = 10.0
_UNUSABLE: Final = Check.INTEGRITY | Check.RANGE | Check.PLATFORM


async def survey(device: FoundDevice, *, usb: Usb, clock: Clock) -> Target:
    """Ask a device for its modules, its assets and its protection.

    A device in DFU mode only tells of its protection. What older Device OS, or a protected device, does not
    answer remains unknown.

    Raises: NotSurveyed; UsbAccessDenied, UsbBusy when it cannot be opened.
    """
    try:
        return await _surveyed(device, usb=usb, clock=clock)
    except (UsbAccessDenied, UsbBusy, UsbUnavailable):
        raise
    except ParticleError as cause:
        raise NotSurveyed(
            f"Device {device.id} cannot be asked what it runs: {cause.message}",
            next_step=cause.next_step or "Unplug the device, plug it in again, and try once more.",
        ) from cause


async def _surveyed(device: FoundDevice, *, usb: Usb, clock: Clock) -> Target:
    platform = platform_of(device.platform_id)
    if device.dfu:
        async with dfu_host(usb, clock, device) as host:
            return Target(device.id, platform, in_dfu=True, protection=await host.protection())
    async with control_channel(usb, clock, device) as channel:
        protection = await _protection(channel)
        modules = await answered(lambda: module_info(channel, timeout_s=_TIMEOUT_S))
        assets = (
            await answered(lambda: asset_info(channel, timeout_s=_TIMEOUT_S)) if platform.assets else None
        )
        return Target(
            device.id,
            platform,
            in_dfu=False,
            modules=None if modules is None else installed(modules),
            assets=None if assets is None else stored(assets),
            device_os=channel.system_version,
            protection=protection,
        )


async def answered(ask: Callable[[], Awaitable[T]]) -> T | None:
    """Ask a question that changes nothing, again where a transfer is lost; None where it is refused.

    Raises: UsbTimeout, RequestTimeout, RequestDropped, UsbGone, ProtocolError.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return await _asked(ask)
        except (UsbStall, UsbTimeout, RequestDropped, RequestTimeout):
            continue
    try:
        return await _asked(ask)
    except UsbStall:  # firmware that knows nothing of control requests
        return None


async def _asked(ask: Callable[[], Awaitable[T]]) -> T | None:
    try:
        return await ask()
    except (RequestFailed, DeviceProtected):
        return None


async def _protection(channel: ControlChannel) -> Protection:
    state = await answered(lambda: protected_state(channel, timeout_s=_TIMEOUT_S))
    if state is not None and state.overridden:
        return Protection.SERVICE_MODE
    return Protection.PROTECTED if state is not None and state.enforced else Protection.OPEN


def installed(modules: tuple[ToldModule, ...]) -> tuple[InstalledModule, ...]:
    """Return the modules that others can rely on: whole and in their main place."""
    return tuple(
        InstalledModule(one.function, one.index, one.version, one.dependencies)
        for one in modules
        if one.store is ModuleStore.MAIN and not one.failed & _UNUSABLE
    )


def stored(assets: AssetInfo) -> tuple[StoredAsset, ...]:
    """Return the assets that the device holds."""
    return tuple(StoredAsset(asset.name, asset.sha256) for asset in assets.available)
