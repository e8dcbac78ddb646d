"""Making an open device a protected one: by a bootloader that says so."""

from __future__ import annotations

from attrs import evolve

from particle_cli.domain.devices.found import FoundDevice
from particle_cli.domain.firmware.protected import protected_module, require_protectable
from particle_cli.domain.flashing.device_os import DeviceOsStore
from particle_cli.domain.flashing.errors import NotFlashable
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.gathering import read_binaries
from particle_cli.domain.flashing.local import Workbench
from particle_cli.domain.flashing.plan import Plan, plan_flash
from particle_cli.domain.flashing.survey import survey
from particle_cli.domain.flashing.target import Target


async def plan_protection(device: FoundDevice, bench: Workbench, path: str | None) -> Plan:
    """Return the plan for the bootloader that protects a device.

    Args:
        device: the device, which runs its firmware.
        bench: the wires.
        path: file of the bootloader; None for that of the Device OS that the device runs, from the cloud.

    Raises: NotFlashable, ModuleUnsuited, FirmwareError, FlashingError, CloudError, FileError, UsbError.
    """
    target = await survey(device, usb=bench.usb, clock=bench.clock)
    file = await _own_bootloader(target, bench) if path is None else _bootloader_in(path, bench)
    require_protectable(file.module)
    return plan_flash((evolve(file, module=protected_module(file.module)),), target)


async def _own_bootloader(target: Target, bench: Workbench) -> FirmwareFile:
    async with bench.cloud() as client:
        store = DeviceOsStore(client, bench.files, bench.downloads, bench.person)
        file = await store.bootloader(target.device_os or "latest", target.platform)
    if file is None:
        raise NotFlashable(
            f"Device OS {target.device_os} comes without a bootloader for {target.platform.display_name}.",
            next_step="Name the file of a bootloader with --file.",
        )
    return file


def _bootloader_in(path: str, bench: Workbench) -> FirmwareFile:
    files = read_binaries((path,), bench.files)
    if len(files) != 1:
        raise NotFlashable(f"{path} holds {len(files)} modules.", next_step="Name the file of a bootloader.")
    return files[0]
