"""Devices as they leave the factory: firmware in every place, and a Tinker that offers four functions."""

from __future__ import annotations

from hashlib import sha256

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.prefix import DROP_MODULE_INFO, PREFIX_SIZE
from particle_cli.domain.firmware.versions import Release, find_release, releases, releases_for
from particle_cli.domain.platforms.catalogue import platform as platform_of
from particle_cli.domain.platforms.values import Platform
from particle_cli.simulators.device import SimulatedDevice
from particle_cli.simulators.firmware.dropped_prefix import note_prefix
from particle_cli.simulators.firmware.material import filler
from particle_cli.simulators.firmware.parts import Part, release_parts
from particle_cli.simulators.hardware.dct import SETUP_DONE, UDP_SERVER_KEY
from particle_cli.simulators.hardware.factory_keys import SERVER_PUBLIC_KEY, speaks_udp
from particle_cli.simulators.hardware.features import detect_ethernet
from particle_cli.simulators.hardware.flash_driver import EXTERNAL_MCU
from particle_cli.simulators.hardware.hardware import Hardware

NEWEST = "6.2.0"


def default_release(platform: Platform) -> Release:
    """Return the release that a platform's devices leave the factory with: the last one for it.

    Raises: LookupError for a platform that Device OS was never made for.
    """
    names = [platform.device_os.last or "", NEWEST if platform.device_os.in_6_2 else ""]
    names += [release.name for release in reversed(releases_for(platform.name)) if release.stage == "final"]
    for name in (*names, NEWEST):
        release = find_release(name)
        if release:
            return release
    raise LookupError(f"no release of Device OS is known for {platform.name}")


def _release(platform: Platform, name: str | None) -> Release:
    if name is None:
        return default_release(platform)
    found = find_release(name)
    if found is None:
        raise LookupError(f"there is no Device OS {name}")
    return found


def release_to_come(name: str | None) -> Release | None:
    """Return a release of this name after the last one that is known, with a number as those have; or None.

    Only one with the same first number: what the next great change brings nobody knows.
    """
    parts = (name or "").strip().removeprefix("v").split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) == 1 for part in parts):
        return None
    last = releases()[-1]
    version = int(f"{parts[0]}{parts[1]}0{parts[2]}")
    comes = version > last.version and version // 1000 == last.version // 1000
    return Release(version, ".".join(parts), last.bootloader, ()) if comes else None


def factory_image(platform: Platform, release: str | None = None, *, small: bool = False) -> tuple[Part, ...]:
    """Return all modules of a factory-fresh device, in the order in which they depend on one another.

    Args:
        platform: the kind of device.
        release: of Device OS; default the newest for the platform.
        small: modules of a few KiB in place of real sizes.

    Raises: LookupError for an unknown release.
    """
    return release_parts(platform.id, _release(platform, release), small=small)


def device_os_modules(
    platform: Platform, release: str, *, small: bool = False
) -> tuple[tuple[str, bytes], ...]:
    """Return what can be downloaded of a release: file names and files. Raises: LookupError."""
    return tuple(
        (part.filename, part.data)
        for part in factory_image(platform, release, small=small)
        if part.module.prefix.function != ModuleFunction.NCP_FIRMWARE
    )


def install_factory_image(hardware: Hardware, release: str | None = None, *, small: bool = False) -> None:
    """Write the factory image into a blank device, as a programmer in the factory does.

    The release may also be one that nobody has heard of yet, like 6.4.0, for what only later firmware can do.

    Raises: LookupError for an unknown release.
    """
    platform = hardware.platform
    mbr = hardware.region("mbr")
    if mbr:
        hardware.memory.replace(mbr.start, filler("master boot record", mbr.size))
    made = release_to_come(release) or _release(platform, release)
    for part in release_parts(platform.id, made, small=small):
        prefix, data = part.module.prefix, part.data
        slot = platform.module(prefix.function, prefix.index)
        start = prefix.start_address
        if slot and slot.storage == "external_mcu":
            start = EXTERNAL_MCU
        elif prefix.flags & DROP_MODULE_INFO:
            if slot:
                note_prefix(hardware, slot, data[:PREFIX_SIZE])
            data = data[PREFIX_SIZE:]
        hardware.memory.replace(start, data)
        backup = platform.segments.factory_reset
        if backup and prefix.function in (ModuleFunction.USER_PART, ModuleFunction.MONO_FIRMWARE):
            hardware.memory.replace(backup.address, data)
    if hardware.dct and speaks_udp(platform):
        hardware.dct.write(UDP_SERVER_KEY.offset, SERVER_PUBLIC_KEY)
    if hardware.dct and platform.family == "nrf52840":
        hardware.dct.write(SETUP_DONE, b"\x01")  # a person would do this with the device in hand
        if not (platform.interfaces.wifi or platform.interfaces.cellular):
            detect_ethernet(hardware.dct, True)  # and this: their mesh is not modelled


def make_device_id(platform: Platform, number: int) -> str:
    """Return the id of the `number`-th made-up device of a platform, in the form of real ones."""
    form = platform.device_id
    length, prefix = (form.hex_chars, form.prefix or "") if form else (24, "")
    return prefix + sha256(f"{platform.name} {number}".encode()).hexdigest()[: length - len(prefix)]


def new_device(
    platform_id: int,
    device_id: str | None = None,
    *,
    release: str | None = None,
    small: bool = False,
) -> SimulatedDevice:
    """Return a factory-fresh device without power.

    Args:
        platform_id: its platform.
        device_id: 24 hexadecimal digits; default that of the platform's first made-up device.
        release: of Device OS; default the newest for the platform.
        small: small modules, for quick tests.

    Raises: UnknownPlatform; ValueError for a platform without DFU; LookupError for an unknown release.
    """
    device = SimulatedDevice(platform_id, device_id or make_device_id(platform_of(platform_id), 1))
    install_factory_image(device.hardware, release, small=small)
    return device
