"""Real firmware on simulated devices, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.domain.flashing.laboratory import ARGON, Laboratory

from particle_cli.domain.dfu.verification import NotVerified, Verified
from particle_cli.domain.firmware.errors import FirmwareError
from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.firmware.protected import is_protected
from particle_cli.domain.flashing.errors import CrcFailed, DependencyUnmet
from particle_cli.domain.flashing.firmware_file import FirmwareFile, read_firmware, read_firmware_file
from particle_cli.domain.flashing.steps import SendUpdate, WriteMemory
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_ids
from particle_cli.simulators.firmware.boot import Mode

WRITTEN = (F.SYSTEM_PART, F.USER_PART, F.MONO_FIRMWARE)


def real_files(corpus: Path) -> list[FirmwareFile]:
    """The modules of the corpus that are whole and for a platform that has DFU."""
    files = []
    for path in sorted((corpus / "modules").rglob("*.bin")):
        try:
            file, *others = read_firmware(path.read_bytes(), path.name)
        except (FirmwareError, CrcFailed):
            continue
        if others:
            continue
        number = file.module.prefix.platform_id
        if number in platform_ids() and platform(number).dfu and file.function != F.ASSET:
            files.append(file)
    return files


def memory(laboratory: Laboratory, file: FirmwareFile) -> bytes:
    return laboratory.memory(file.module.prefix.start_address, file.module.size)


async def test_a_real_system_part_and_a_real_application_on_an_argon(corpus: Path) -> None:
    names = ("argon-system-part1@4.1.0.bin", "app-valid-no-proj-prop.bin")
    files = [read_firmware_file((corpus / "modules" / name).read_bytes(), name) for name in names]
    laboratory = await Laboratory.of(ARGON, release="4.1.0", small=False)
    result = await laboratory.flash(*files)
    for file in files:
        assert memory(laboratory, file) == (corpus / "modules" / file.name).read_bytes()
    assert laboratory.device.mode is Mode.NORMAL, laboratory.device.verdict.reason
    assert laboratory.device.verdict.application is not None
    assert laboratory.device.verdict.application.module == files[1].module
    written = [one for one in result.outcomes if isinstance(one.step, WriteMemory)]
    assert all(isinstance(outcome.check, Verified) for outcome in written)


async def test_every_real_application_and_system_part(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flashed = 0
    for file in real_files(corpus):
        if file.function not in WRITTEN:
            continue
        laboratory = await Laboratory.of(file.module.prefix.platform_id, dfu=True)
        await laboratory.flash(file)
        assert memory(laboratory, file) == file.image(), file.name
        assert laboratory.device.mode in (Mode.NORMAL, Mode.SAFE, Mode.DFU), file.name
        await laboratory.bus.close()
        flashed += 1
    assert flashed >= 25
    with capsys.disabled():
        print(f"\n  {flashed} real applications and system parts flashed", end=" ")  # noqa: T201


async def test_every_real_bootloader_that_a_device_takes(corpus: Path) -> None:
    sent = 0
    for file in real_files(corpus):
        slot = platform(file.module.prefix.platform_id).module(file.function, file.index)
        if file.function != F.BOOTLOADER or slot is None or slot.flash_via != "control_request":
            continue
        laboratory = await Laboratory.of(file.module.prefix.platform_id)
        try:
            result = await laboratory.flash(file)
        except DependencyUnmet:  # one was made to need what does not exist
            continue
        (check,) = [one.check for one in result.outcomes if isinstance(one.step, SendUpdate)]
        assert memory(laboratory, file) == file.image(), file.name
        if is_protected(file.module):  # a device that has it tells nobody what it runs
            assert isinstance(check, NotVerified), file.name
        else:
            assert isinstance(check, Verified), file.name
        await laboratory.bus.close()
        sent += 1
    assert sent >= 3
