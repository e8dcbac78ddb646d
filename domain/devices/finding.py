"""Choosing the device, or the devices, that a command is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

from attrs import frozen

from particle_cli.domain.devices.errors import (
    DeviceNotAttached,
    DeviceUnknown,
    NoDevices,
    SeveralDevices,
    WrongMode,
)
from particle_cli.domain.devices.found import FoundDevice, label
from particle_cli.domain.devices.roll_call import attached_devices
from particle_cli.domain.platforms.device_ids import is_device_id
from particle_cli.ports.usb import Usb


class NeededMode(Enum):
    """The mode that a device has to be in to be taken."""

    ANY = "any"
    DFU = "DFU"
    RUNNING = "normal"
    """Normal, listening or safe mode: anything but DFU."""


_INTO_DFU: Final = (
    "Put the device in DFU mode: hold both buttons, RESET and MODE (or SETUP); release only RESET; release "
    "MODE (or SETUP) when the device blinks yellow."
)
_INTO_NORMAL: Final = "Press and release the RESET button of the device."
_CONNECT: Final = "Connect a device to USB. particle usb list shows those that are attached."
_NEXT_STEPS: Final = {NeededMode.DFU: _INTO_DFU, NeededMode.RUNNING: _INTO_NORMAL, NeededMode.ANY: _CONNECT}


def how_to_reach(mode: NeededMode) -> str:
    """Return what a person has to do to bring a device into a mode by hand."""
    return _NEXT_STEPS[mode]


def fits(device: FoundDevice, mode: NeededMode) -> bool:
    """Tell whether a device is in a mode that is needed."""
    return mode is NeededMode.ANY or device.dfu == (mode is NeededMode.DFU)


def device_id(word: str, names: Mapping[str, str]) -> str:
    """Return the id that a word means: an id itself, or the name of a device.

    Args:
        word: what the person wrote.
        names: the names of the person's devices, by id.

    Raises: DeviceUnknown.
    """
    if is_device_id(word):
        return word.lower()
    for number, name in names.items():
        if name.casefold() == word.casefold():
            return number
    raise DeviceUnknown(
        f"Device not found: {word}", next_step="See the names of your devices with: particle list"
    )


async def find_device(
    usb: Usb,
    word: str,
    *,
    names: Mapping[str, str] | None = None,
    mode: NeededMode = NeededMode.ANY,
) -> FoundDevice:
    """Return the attached device that is named.

    Args:
        usb: where to look.
        word: its id, or its name.
        names: the names of the person's devices, by id.
        mode: the mode that it has to be in.

    Raises: DeviceUnknown, DeviceNotAttached, WrongMode; UsbAccessDenied, UsbBusy, UsbUnavailable.
    """
    found = _named(word, await attached_devices(usb), names or {})
    if not fits(found, mode):
        raise WrongMode(
            f"Device {found.id} is in DFU mode." if found.dfu else f"Device {found.id} is not in DFU mode.",
            next_step=how_to_reach(mode),
        )
    return found


def _named(word: str, attached: Sequence[FoundDevice], names: Mapping[str, str]) -> FoundDevice:
    """Return the device that a word means. Raises: DeviceUnknown, DeviceNotAttached."""
    number = device_id(word, names)
    found = next((device for device in attached if device.id == number), None)
    if found is None:
        called = number if word.lower() == number else f"{word} ({number})"
        raise DeviceNotAttached(f"Device {called} is not attached by USB.", next_step=_CONNECT)
    return found


async def candidates(
    usb: Usb,
    *,
    mode: NeededMode = NeededMode.ANY,
    platform_id: int | None = None,
) -> tuple[FoundDevice, ...]:
    """Return the attached devices that would do, by id; never none. Those that run Linux never would.

    Args:
        usb: where to look.
        mode: the mode that they have to be in.
        platform_id: the platform that they have to be of, or None.

    Raises: NoDevices; UsbAccessDenied, UsbBusy, UsbUnavailable.
    """
    from particle_cli.domain.platforms.catalogue import platform  # not needed to list devices

    there = [
        device
        for device in await attached_devices(usb)
        if "linux" not in platform(device.platform_id).features
    ]
    of_platform = [device for device in there if platform_id in (None, device.platform_id)]
    fitting = [device for device in of_platform if fits(device, mode)]
    if not fitting:
        raise NoDevices("No devices found", next_step=how_to_reach(mode) if of_platform else _CONNECT)
    return tuple(sorted(fitting, key=lambda device: device.id))


async def only_device(
    usb: Usb, *, mode: NeededMode = NeededMode.ANY, platform_id: int | None = None
) -> FoundDevice:
    """Return the one attached device that would do.

    Raises: NoDevices, SeveralDevices; UsbAccessDenied, UsbBusy, UsbUnavailable.
    """
    there = await candidates(usb, mode=mode, platform_id=platform_id)
    if len(there) > 1:
        raise SeveralDevices(
            "Found multiple devices. Please specify the ID or name of one of them",
            next_step="Attached are: " + ", ".join(label(device) for device in there),
        )
    return there[0]


@frozen
class Missing:
    """One of several devices named that cannot be had: the word for it, and the reason."""

    word: str
    error: DeviceUnknown | DeviceNotAttached


async def several_devices(
    usb: Usb,
    words: Sequence[str],
    *,
    every: bool = False,
    names: Mapping[str, str] | None = None,
) -> tuple[FoundDevice | Missing, ...]:
    """Return the devices named, each once, or every one attached, or the only one.

    Args:
        usb: where to look.
        words: ids and names; none for the only device.
        every: whether all that are attached are meant.
        names: the names of the person's devices, by id.

    Raises: DeviceUnknown, DeviceNotAttached when it is the only one named; as `only_device`.
    """
    if every:
        return await candidates(usb)
    if not words:
        return (await only_device(usb),)
    if len(words) == 1:
        return (await find_device(usb, words[0], names=names),)
    attached = await attached_devices(usb)
    return tuple(dict.fromkeys(_named_or_missing(word, attached, names or {}) for word in words))


def _named_or_missing(
    word: str, attached: Sequence[FoundDevice], names: Mapping[str, str]
) -> FoundDevice | Missing:
    try:
        return _named(word, attached, names)
    except (DeviceUnknown, DeviceNotAttached) as error:
        return Missing(word, error)
