"""From a person's words to a plan: what `flash --local`, `--usb` and `--factory` flash to a device."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from attrs import frozen

from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.device_os import (
    DeviceOsStore,
    DeviceOsWish,
    newer_than_installed,
    wanted_device_os,
)
from particle_cli.domain.flashing.errors import KnownAppUnavailable, NotFlashable, SwitchUnsupported
from particle_cli.domain.flashing.firmware_file import FirmwareFile, read_firmware
from particle_cli.domain.flashing.gathering import binaries, compile_paths, read_binaries
from particle_cli.domain.flashing.plan import Plan, check_unlocked, plan_factory, plan_flash
from particle_cli.domain.flashing.steps import Mode
from particle_cli.domain.flashing.survey import survey
from particle_cli.domain.flashing.target import Target
from particle_cli.domain.flashing.words import KNOWN_APPS, TINKER, FlashWords
from particle_cli.ports.clock import Clock
from particle_cli.ports.errors import UsageError
from particle_cli.ports.files import Files
from particle_cli.ports.person import Person
from particle_cli.ports.usb import Usb

_FIRST_TO_SWITCH: Final = 2
"""Major release of Device OS from which a Gen 2 device goes into DFU mode when it is asked to."""


@frozen
class Workbench:
    """The wires that flashing needs.

    Attributes:
        usb: where the device is.
        clock: the time that passes.
        files: the disk.
        person: told what goes on.
        cloud: opens the cloud, once something has to be compiled or downloaded.
        downloads: folder for the files of Device OS releases.
    """

    usb: Usb
    clock: Clock
    files: Files
    person: Person
    cloud: Callable[[], AbstractAsyncContextManager[CloudClient]]
    downloads: str


@frozen
class FlashWish:
    """What was asked for, besides files.

    Attributes:
        device_os: release of Device OS to flash along, and to compile for; None for none in particular.
        application_only: leave Device OS as it is.
        follow_links: compile also what lies in folders within linked folders.
        verify: read back what was written over DFU.
    """

    device_os: str | None = None
    application_only: bool = False
    follow_links: bool = False
    verify: bool = True


async def plan_local(words: FlashWords, device: FoundDevice, bench: Workbench, wish: FlashWish) -> Plan:
    """Return the plan for files, a project or a known application, with the Device OS that it needs.

    Raises: NoSuchFile, FirmwareError, FlashingError, ProjectError, CloudError, FileError, UsbError.
    """
    target = await survey(device, usb=bench.usb, clock=bench.clock)
    _check_ready(target)
    files = await _gathered(words, target, bench, wish)
    os_wish = DeviceOsWish(wish.device_os, wish.application_only, words.known_app is not None)
    version = wanted_device_os(files, target, os_wish)
    if version:
        async with bench.cloud() as client:
            modules = await _store(client, bench).modules(version, target.platform)
        files += modules if wish.device_os else newer_than_installed(modules, target)
    return plan_flash(files, target, verify=wish.verify)


async def plan_usb(path: str, device: FoundDevice, bench: Workbench, wish: FlashWish) -> Plan:
    """Return the plan for one binary as it is; Device OS is left alone.

    A device that is in DFU mode is left in it, unless the binary is an application.

    Raises: as `plan_local`.
    """
    if path.endswith(".zip"):
        raise UsageError("Use 'particle flash --local' to flash a zipped bundle.")
    target = await survey(device, usb=bench.usb, clock=bench.clock)
    _check_ready(target)
    files = await _single(path, target, bench, wish)
    application = any(file.function == ModuleFunction.USER_PART for file in files)
    return plan_flash(files, target, verify=wish.verify, ends_in=Mode.NORMAL if application else Mode.DFU)


async def plan_factory_reset(path: str, device: FoundDevice, bench: Workbench, wish: FlashWish) -> Plan:
    """Return the plan for an application that a factory reset is to restore. Raises: as `plan_local`."""
    target = await survey(device, usb=bench.usb, clock=bench.clock)
    _check_ready(target)
    files = await _single(path, target, bench, wish)
    if len(files) != 1:
        raise NotFlashable(
            f"{path} holds {len(files)} modules; the factory reset slot takes one application."
        )
    return plan_factory(files[0], target, verify=wish.verify)


async def _single(path: str, target: Target, bench: Workbench, wish: FlashWish) -> tuple[FirmwareFile, ...]:
    if path in KNOWN_APPS:
        return (await _known_app(path, target, bench, wish),)
    found = binaries([path], bench.files)
    if found is None:
        raise UsageError(
            f"{path} is no binary.", next_step="Use 'particle flash --local' to compile and flash a project."
        )
    return read_binaries(found, bench.files)


async def _gathered(
    words: FlashWords, target: Target, bench: Workbench, wish: FlashWish
) -> tuple[FirmwareFile, ...]:
    if words.known_app is not None:
        return (await _known_app(words.known_app, target, bench, wish),)
    found = binaries(words.paths, bench.files)
    if found is not None:
        return read_binaries(found, bench.files)
    async with bench.cloud() as client:
        bench.person.say(f"Compiling code for {target.platform.name}")
        name, content = await compile_paths(
            words.paths,
            bench.files,
            client,
            target.platform,
            bench.person,
            target=wish.device_os,
            follow_links=wish.follow_links,
        )
    return read_firmware(content, name)


async def _known_app(name: str, target: Target, bench: Workbench, wish: FlashWish) -> FirmwareFile:
    """Return Tinker as it belongs to the Device OS that is wanted, or that the device runs."""
    app = None
    if name == TINKER:
        version = wish.device_os or target.device_os or "latest"
        async with bench.cloud() as client:
            app = await _store(client, bench).application(version, target.platform)
    if app is None:
        raise KnownAppUnavailable(
            f"Known app {name} is not available for {target.platform.display_name}",
            next_step="Name a file, or a project to compile.",
        )
    return app


def _store(client: CloudClient, bench: Workbench) -> DeviceOsStore:
    return DeviceOsStore(client, bench.files, bench.downloads, bench.person)


def _check_ready(target: Target) -> None:
    """Refuse what is protected, or runs too old a Device OS to go into DFU mode when it is asked to."""
    check_unlocked(target)
    generation = target.platform.generation or 0
    if target.in_dfu or generation > _FIRST_TO_SWITCH:
        return
    major = (target.device_os or "0").partition(".")[0]
    if not major.isdigit() or int(major) < _FIRST_TO_SWITCH:
        running = f"Device OS {target.device_os}" if target.device_os else "an unknown Device OS"
        raise SwitchUnsupported(
            f"Put the device in DFU mode and try again: {target.platform.display_name} {target.id} runs "
            f"{running}, which cannot go there by itself.",
            next_step="Hold RESET and MODE/SETUP; release RESET; release MODE/SETUP when it blinks yellow.",
        )
