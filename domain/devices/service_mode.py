"""Device Protection: whether a device is protected, and working with one that is.

A protected device refuses nearly everything that is asked of it over USB, until its server has put it into
service mode: for 20 resets or 24 hours, or until it is told that the work is done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, TypeAlias, TypeVar

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.protection import confirm_unlock, prepare_unlock
from particle_cli.domain.control import protection as control
from particle_cli.domain.devices.errors import DeviceError
from particle_cli.domain.devices.finding import find_device
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.devices.modes import to_dfu, to_safe_mode
from particle_cli.domain.devices.opening import control_channel, dfu_host
from particle_cli.domain.devices.support import release_numbers
from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.errors import DeviceProtected
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Usb

T = TypeVar("T")

Cloud: TypeAlias = Callable[[], AbstractAsyncContextManager[CloudClient]]
"""Opens the cloud."""

_FIRST_GENERATION: Final = 3
_FIRST_DEVICE_OS: Final = (6, 1, 1)
_ANSWER_S: Final = 10.0
_BACK_WITHIN_S: Final = 10.0
_BETWEEN_LOOKS_S: Final = 0.5


class ProtectionUnsupported(DeviceError):
    """The device, or its Device OS, knows nothing of Device Protection."""

    code = "protection_unsupported"


class ServiceModeRefused(DeviceProtected):
    """A protected device could not be put into service mode."""

    code = "service_mode_refused"


async def protection_of(usb: Usb, clock: Clock, device: FoundDevice) -> Protection:
    """Ask a device, in whatever mode it is, how it stands with its protection.

    Raises: ProtectionUnsupported; as `ControlChannel.request` and `DfuHost.protection`.
    """
    if (platform(device.platform_id).generation or 0) < _FIRST_GENERATION:
        raise _unsupported(device, f"a {device.display_name} never has it")
    if device.dfu:
        async with dfu_host(usb, clock, device) as host:
            return await host.protection()
    async with control_channel(usb, clock, device) as channel:
        version = channel.system_version
        if (release_numbers(version) or _FIRST_DEVICE_OS) < _FIRST_DEVICE_OS:
            raise _unsupported(device, f"it runs Device OS {version}, and it takes 6.1.1")
        state = await control.protected_state(channel, timeout_s=_ANSWER_S)
    if state.overridden:
        return Protection.SERVICE_MODE
    return Protection.PROTECTED if state.enforced else Protection.OPEN


def _unsupported(device: FoundDevice, why: str) -> ProtectionUnsupported:
    return ProtectionUnsupported(
        f"Device Protection feature is not supported on this device. Device {device.id}: {why}.",
        next_step="Update it to a newer Device OS, if there is one: "
        "particle flash --local tinker --target VERSION",
    )


async def enter_service_mode(
    usb: Usb, clock: Clock, device: FoundDevice, cloud: Cloud, *, product: str | None = None
) -> FoundDevice | None:
    """Put a protected device into service mode, and return it as it is then; None where it is not protected.

    A device in DFU mode is taken out of it for that, and put back.

    Args:
        usb: where it is attached.
        clock: the time that passes.
        device: the device.
        cloud: opens the cloud, whose word the device wants.
        product: id or slug, for a device that is the product's rather than the account's.

    Raises: ServiceModeRefused.
    """
    try:
        running = await to_safe_mode(usb, clock, device) if device.dfu else device
        if not await _unlocked(usb, clock, running, cloud, product):
            return None
        return await to_dfu(usb, clock, running) if device.dfu else running
    except ParticleError as cause:
        raise ServiceModeRefused(
            f"Device {device.id} is a Protected Device, and could not be put into service mode: "
            f"{cause.message}",
            next_step=cause.next_step,
        ) from cause


async def _unlocked(usb: Usb, clock: Clock, device: FoundDevice, cloud: Cloud, product: str | None) -> bool:
    """Carry what cloud and device prove to each other between them; False where nothing is to be unlocked."""
    async with control_channel(usb, clock, device) as channel, cloud() as client:
        nonce = await prepare_unlock(client, device.id, product=product)
        told = await control.prepare(channel, nonce, timeout_s=_ANSWER_S)
        if told is None:
            return False
        proof = await confirm_unlock(
            client,
            device.id,
            server_nonce=nonce,
            device_nonce=told.device_nonce,
            device_signature=told.device_signature,
            device_public_key_fingerprint=told.device_public_key_fingerprint,
            product=product,
        )
        await control.confirm(channel, proof.signature, proof.public_key_fingerprint, timeout_s=_ANSWER_S)
    return True


async def end_service_mode(usb: Usb, clock: Clock, device: FoundDevice) -> None:
    """Put a protected device out of service mode.

    Raises: CommandUnknown (a bootloader that cannot); as `ControlChannel.request` and `DfuHost.open`.
    """
    if device.dfu:
        async with dfu_host(usb, clock, device) as host:
            await host.end_service_mode()
    else:
        async with control_channel(usb, clock, device) as channel:
            await control.end_service_mode(channel, timeout_s=_ANSWER_S)


async def in_service_mode(
    usb: Usb,
    clock: Clock,
    device: FoundDevice,
    cloud: Cloud,
    work: Callable[[FoundDevice], Awaitable[T]],
) -> T:
    """Do something with a protected device, which is in service mode meanwhile and in force afterwards.

    Args:
        usb: where it is attached.
        clock: the time that passes.
        device: the device.
        cloud: opens the cloud.
        work: is handed the device as it is in service mode; for one that is not protected, as it was.

    Raises: ServiceModeRefused; what the work raises.
    """
    unlocked = await enter_service_mode(usb, clock, device, cloud)
    if unlocked is None:
        return await work(device)
    patience_s = 0.0  # for whoever interrupts it
    try:
        done = await work(unlocked)
        patience_s = _BACK_WITHIN_S
        return done
    except Exception:
        patience_s = _BACK_WITHIN_S
        raise
    finally:
        await _end_when_back(usb, clock, device.id, patience_s)


async def _end_when_back(usb: Usb, clock: Clock, number: str, patience_s: float) -> None:
    """End service mode as soon as the device is there; if it cannot be, it ends by itself."""
    deadline = clock.monotonic() + patience_s
    while True:
        try:
            return await end_service_mode(usb, clock, await find_device(usb, number))
        except ParticleError:
            if clock.monotonic() + _BETWEEN_LOOKS_S > deadline:
                return
            await clock.sleep(_BETWEEN_LOOKS_S)
