"""Which attached device, or devices, a command is for: as named, the only one, or as the person chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from particle_cli.domain.devices.finding import (
    Missing,
    NeededMode,
    candidates,
    find_device,
    several_devices,
)
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.entrypoints.cli.commands.device_names import known_records, names_for
from particle_cli.ports.errors import UsageError
from particle_cli.ports.person import NobodyThere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from particle_cli.entrypoints.cli.given import Given
    from particle_cli.entrypoints.wires import Wires


async def one_device(
    wires: Wires, word: str | None, *, mode: NeededMode = NeededMode.ANY, flag: str = "--device"
) -> FoundDevice:
    """Return the device for a command that works with one.

    Args:
        wires: where to look, and whom to ask.
        word: its id or name; None for the only one that would do, or else the one that the person chooses.
        mode: the mode that it has to be in.
        flag: what names a device on the command line where nobody can be asked.

    Raises: NobodyThere where there are several and nobody to choose; DeviceUnknown, DeviceNotAttached,
    NoDevices, WrongMode; NotLoggedIn, CloudError for a name that cannot be looked up; UsbError.
    """
    usb, person = wires.usb, wires.person
    if word is not None:
        return await find_device(usb, word, names=await names_for(wires, (word,)), mode=mode)
    there = await candidates(usb, mode=mode)
    if len(there) == 1:
        return there[0]
    if not person.present:
        raise NobodyThere(
            "Multiple devices found. Connect only one device when running in non-interactive mode.",
            next_step=f"Or name one with {flag}: " + ", ".join(device.id for device in there),
        )
    from particle_cli.entrypoints.cli.commands.attached_rows import rows_of  # not needed for the only one

    rows = await rows_of(wires, there, await known_records(wires))
    lines = [row.line(doubt=True) for row in rows]
    chosen = await person.choose("Which device would you like to select?", lines, flag=flag)
    return await find_device(usb, there[chosen].id, mode=mode)  # anew: people take their time


@frozen
class Meant:
    """The devices that a command is for, and the names that are known of them, by id."""

    devices: tuple[FoundDevice | Missing, ...]
    names: Mapping[str, str]


async def devices_meant(given: Given, wires: Wires) -> Meant:
    """Return the devices for a command that works with several: those named, `--all`, or the only one.

    Args:
        given: holds the parameter `devices` and the flags `device` and `all`.
        wires: where to look.

    Raises: SeveralDevices; as `one_device`.
    """
    every = given.flag("all")
    words = () if every else (*given.rest("devices"), *given.texts("device"))
    names = await names_for(wires, words)
    found = await several_devices(wires.usb, words, every=every, names=names)
    if len(found) > 1 and not names:
        records = await known_records(wires)
        names = {record.id: record.shown_name for record in records.values() if record.shown_name}
    return Meant(found, names)


def device_word(given: Given, *, by_flag_only: bool = False) -> str | None:
    """Return the one word that names the device, be it the parameter `device` or the flag; None for neither.

    Args:
        given: holds them.
        by_flag_only: whether the command has no such parameter.

    Raises: UsageError for more than one.
    """
    words = (*(() if by_flag_only else given.rest("device")), *given.texts("device"))
    if len(words) > 1:
        raise UsageError(f"Only one device can be given here, not {len(words)}: {' '.join(words)}")
    return words[0] if words else None
