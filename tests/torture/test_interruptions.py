"""Something goes wrong at every transfer, and inside every flash operation, of a flash.

Afterwards the device boots or is in DFU mode, and the next flash succeeds. `make test` does it with images of
a few blocks; `make torture` with 128 KiB, and with a whole release of Device OS on every family.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.domain.flashing.laboratory import ARGON, BORON, CORE, P2, PHOTON, Laboratory, application, release
from tests.torture.conftest import Tell
from tests.torture.interruptions import Ordeal

from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.flashing.firmware_file import FirmwareFile, read_firmware
from particle_cli.simulators.faults import Fault

FRACTIONS = (0.0, 0.5, 0.99)
FEW_BLOCKS = 9000
FAULTS = tuple(Fault)


async def ordeal(platform_id: int, *files: FirmwareFile, dfu: bool) -> Ordeal:
    """Prepare a device; without files, a small application."""
    laboratory = await Laboratory.of(platform_id, dfu=dfu)
    await laboratory.bus.close()
    return Ordeal(laboratory.device, files or (application(platform_id, FEW_BLOCKS),))


def with_bootloader_and_asset() -> tuple[FirmwareFile, ...]:
    """Return an application with an asset, and a bootloader."""
    app = NamedFile("app.bin", application(BORON, FEW_BLOCKS).image())
    bundle = create_bundle(app, [NamedFile("bell.wav", bytes(range(256)) * 8)], None)
    boot = next(file for file in release(BORON) if file.function == ModuleFunction.BOOTLOADER)
    return (*read_firmware(bundle, "bundle.zip"), boot)


async def every_transfer(one: Ordeal, faults: Iterable[Fault]) -> None:
    """Spoil each transfer, once with each of the faults."""
    transfers, _ = await one.measure()
    for fault in faults:
        for number in range(1, transfers + 1):
            await one.spoil_transfer(number, fault)


async def every_operation(one: Ordeal) -> None:
    """Cut the power at and inside of each erase and each program."""
    _, operations = await one.measure()
    for operation in range(1, operations + 1):
        for fraction in FRACTIONS:
            await one.cut_power(operation, fraction)


async def test_every_fault_at_every_transfer(tell: Tell) -> None:
    one = await ordeal(BORON, dfu=False)
    await every_transfer(one, FAULTS)
    tell(f"Boron, every fault at every transfer: {one.tally}")


@pytest.mark.parametrize(("platform_id", "name"), [(PHOTON, "Photon"), (P2, "P2"), (CORE, "Core")])
async def test_one_fault_after_another_along_the_transfers(platform_id: int, name: str, tell: Tell) -> None:
    one = await ordeal(platform_id, dfu=True)
    transfers, _ = await one.measure()
    for number in range(1, transfers + 1):
        await one.spoil_transfer(number, FAULTS[number % len(FAULTS)])
    tell(f"{name}, a fault at every transfer: {one.tally}")


async def test_one_fault_after_another_along_updates(tell: Tell) -> None:
    """A bootloader before the application, and an asset after it, go by control requests."""
    one = await ordeal(BORON, *with_bootloader_and_asset(), dfu=False)
    transfers, operations = await one.measure()
    for number in range(1, transfers + 1, 3):
        await one.spoil_transfer(number, FAULTS[number % len(FAULTS)])
    for operation in range(1, operations + 1):
        await one.cut_power(operation, 0.5)
    tell(f"Boron with bootloader and asset, faults at transfers and operations: {one.tally}")


@pytest.mark.parametrize(
    ("platform_id", "name"), [(BORON, "Boron"), (PHOTON, "Photon"), (P2, "P2"), (CORE, "Core")]
)
async def test_a_power_cut_at_and_inside_every_flash_operation(
    platform_id: int, name: str, tell: Tell
) -> None:
    one = await ordeal(platform_id, dfu=True)
    await every_operation(one)
    tell(f"{name}, a power cut inside every flash operation: {one.tally}")


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.REQUEST_LOST])
async def test_a_device_that_refuses_or_stays_silent_for_ever(fault: Fault, tell: Tell) -> None:
    one = await ordeal(BORON, dfu=False)
    transfers, _ = await one.measure()
    for number in range(1, transfers + 1, 3):
        await one.spoil_transfer(number, fault, times=None)
    tell(f"Boron, {fault.name} for ever: {one.tally}")


@pytest.mark.torture
@pytest.mark.parametrize(
    ("platform_id", "name"), [(BORON, "Boron"), (PHOTON, "Photon"), (P2, "P2"), (CORE, "Core")]
)
async def test_128_kib(platform_id: int, name: str, tell: Tell) -> None:
    size = 108 * 1024 if platform_id == CORE else 128 * 1024
    app = application(platform_id, size)
    one = await ordeal(platform_id, app, dfu=platform_id == CORE)
    await every_operation(one)
    tell(f"{name}, {size // 1024} KiB, a power cut inside every flash operation: {one.tally}")
    one = await ordeal(platform_id, app, dfu=platform_id == CORE)
    await every_transfer(one, FAULTS)
    tell(f"{name}, {size // 1024} KiB, every fault at every transfer: {one.tally}")


@pytest.mark.torture
async def test_updates(tell: Tell) -> None:
    one = await ordeal(BORON, *with_bootloader_and_asset(), dfu=False)
    await every_operation(one)
    await every_transfer(one, FAULTS)
    tell(f"Boron with bootloader and asset, everything everywhere: {one.tally}")


@pytest.mark.torture
@pytest.mark.parametrize(("platform_id", "name"), [(ARGON, "Argon"), (PHOTON, "Photon"), (P2, "P2")])
@pytest.mark.parametrize("dfu", [False, True])
async def test_a_whole_release(platform_id: int, name: str, dfu: bool, tell: Tell) -> None:
    system = [file for file in release(platform_id) if file.function != ModuleFunction.USER_PART]
    files = (*system, application(platform_id, FEW_BLOCKS))
    one = await ordeal(platform_id, *files, dfu=dfu)
    await every_operation(one)
    tell(f"{name}, a release, a power cut inside every flash operation: {one.tally}")
    one = await ordeal(platform_id, *files, dfu=dfu)
    await every_transfer(one, FAULTS)
    tell(f"{name}, a release, every fault at every transfer: {one.tally}")
