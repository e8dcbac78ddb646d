"""Flashing simulated devices of every family from end to end."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from tests.domain.flashing.laboratory import (
    ANSWER,
    ARGON,
    BORON,
    CORE,
    ELECTRON,
    MSOM,
    P1,
    P2,
    PHOTON,
    TRACKER,
    XENON,
    Laboratory,
    application,
    release,
)

from particle_cli.domain.dfu.verification import Verified
from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.firmware.prefix import Dependency
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.firmware_file import FirmwareFile
from particle_cli.domain.flashing.plan import plan_factory
from particle_cli.domain.flashing.result import FlashResult, ModeAfter, Unread
from particle_cli.domain.flashing.result_report import result_data, result_lines
from particle_cli.domain.flashing.steps import Mode as StepMode
from particle_cli.domain.flashing.steps import SendUpdate, WriteMemory
from particle_cli.domain.flashing.survey import survey
from particle_cli.simulators.firmware.boot import Mode

FAMILIES = [PHOTON, P1, ELECTRON, ARGON, BORON, XENON, TRACKER, P2, MSOM]


@pytest.mark.parametrize("platform_id", FAMILIES)
@pytest.mark.parametrize("dfu", [False, True])
async def test_an_application_runs_after_its_flash(platform_id: int, dfu: bool) -> None:
    laboratory = await Laboratory.of(platform_id, dfu=dfu)
    arrivals = (await laboratory.found()).attached.arrival
    result = await laboratory.flash(application(platform_id, 9000))
    assert laboratory.device.mode is Mode.NORMAL
    assert laboratory.device.call("answer", "") == ANSWER
    assert result.mode is ModeAfter.NORMAL
    checks = [outcome.check for outcome in result.outcomes if isinstance(outcome.step, WriteMemory)]
    assert checks
    assert all(isinstance(check, Verified) for check in checks)
    assert (await laboratory.found()).attached.arrival == arrivals + (1 if dfu else 2)
    assert abs(laboratory.person.done - result.plan.estimate_ms) < 1


async def test_a_core_takes_its_firmware_in_dfu_mode() -> None:
    laboratory = await Laboratory.of(CORE, dfu=True)
    result = await laboratory.flash(application(CORE, 9000))
    assert laboratory.device.mode is Mode.NORMAL
    assert laboratory.device.call("answer", "") == ANSWER
    assert result.outcomes[0].check == Verified(result.plan.steps[0].placement.size)  # type: ignore[union-attr]


@pytest.mark.parametrize("platform_id", FAMILIES)
@pytest.mark.parametrize("dfu", [False, True])
async def test_a_whole_release_is_flashed(platform_id: int, dfu: bool) -> None:
    laboratory = await Laboratory.of(platform_id, dfu=dfu)
    result = await laboratory.flash(*release(platform_id))
    assert laboratory.device.mode is Mode.NORMAL
    done = [outcome for outcome in result.outcomes if isinstance(outcome.step, WriteMemory | SendUpdate)]
    assert all(isinstance(outcome.check, Verified) for outcome in done)
    assert result.mode is ModeAfter.NORMAL


@pytest.mark.parametrize("dfu", [False, True])
async def test_an_application_of_200_kib_boots(dfu: bool) -> None:
    laboratory = await Laboratory.of(BORON, dfu=dfu)
    app = application(BORON, 200 * 1024)
    await laboratory.flash(app)
    assert laboratory.device.call("answer", "") == ANSWER
    assert laboratory.memory(0xB4000, app.module.size) == app.image()


async def test_an_old_application_in_the_former_slot_gives_way() -> None:
    laboratory = await Laboratory.of(BORON)
    old = application(BORON, 3000)
    module = old.module
    former = build_module(
        platform_id=BORON,
        function=F.USER_PART,
        index=1,
        version=1,
        payload=bytes(3000),
        start_address=0xD4000,
        dependencies=[module.dependencies[0]],
    )
    await laboratory.flash(evolve(old, module=former))
    assert "answer" not in laboratory.device.functions
    await laboratory.flash(application(BORON, 9000))
    assert laboratory.device.call("answer", "") == ANSWER


async def test_what_is_not_to_be_verified_is_not_read() -> None:
    laboratory = await Laboratory.of(BORON, dfu=True)
    result = await laboratory.flash(application(BORON, 9000), verify=False)
    uploads = [
        one for one in laboratory.bus.transfers if one.setup.request_type == 0xA1 and one.setup.request == 2
    ]
    assert uploads == []
    assert {outcome.check for outcome in result.outcomes if outcome.check} == {Unread()}
    assert laboratory.device.call("answer", "") == ANSWER


async def test_the_factory_slot_of_a_device_in_dfu_mode() -> None:
    laboratory = await Laboratory.of(BORON, dfu=True)
    app = application(BORON, 9000)
    found = await laboratory.found()
    plan = plan_factory(app, await survey(found, usb=laboratory.bus, clock=laboratory.clock))
    result = await flash(plan, found, usb=laboratory.bus, clock=laboratory.clock)
    assert laboratory.memory(0x80200000, app.module.size) == app.image()
    assert result.mode is ModeAfter.DFU
    assert laboratory.device.mode is Mode.DFU
    assert result.warnings == ()


async def test_a_part_alone_leaves_a_device_in_dfu_mode_if_wanted() -> None:
    laboratory = await Laboratory.of(PHOTON, dfu=True)
    part = next(one for one in release(PHOTON) if one.function == F.SYSTEM_PART)
    result = await laboratory.flash(part, ends_in=StepMode.DFU)
    assert (result.mode, laboratory.device.mode) == (ModeAfter.DFU, Mode.DFU)


async def test_a_device_that_comes_up_in_safe_mode_is_told() -> None:
    laboratory = await Laboratory.of(BORON, dfu=True)
    newer = build_module(
        platform_id=BORON,
        function=F.USER_PART,
        index=2,
        version=1,
        payload=bytes(3000),
        start_address=0xB4000,
        dependencies=[Dependency(F.SYSTEM_PART, 1, 9000)],
    )
    result = await laboratory.flash(FirmwareFile("newer.bin", newer))
    assert laboratory.device.mode is Mode.SAFE
    assert result.mode is ModeAfter.SAFE
    assert any("safe mode" in warning for warning in result.warnings)


async def test_a_device_without_system_comes_up_in_dfu_mode_and_that_is_told() -> None:
    laboratory = await Laboratory.of(BORON, dfu=True)
    laboratory.device.hardware.memory.replace(0x28000, b"\xff" * 4096)
    result = await laboratory.flash(application(BORON, 9000))
    assert result.mode is ModeAfter.DFU
    assert any("DFU mode" in warning for warning in result.warnings)


async def test_both_faces_of_a_result() -> None:
    laboratory = await Laboratory.of(BORON)
    result = await laboratory.flash(*release(BORON))
    data = json.loads(json.dumps(result_data(result)))
    assert data["device"] == laboratory.device.id
    assert data["modeAfter"] == "normal"
    assert data["elapsedMs"] == result.elapsed_ms > 0
    assert sum(step["durationMs"] for step in data["steps"]) <= data["elapsedMs"]
    assert {step["verification"]["state"] for step in data["steps"] if "verification" in step} == {"verified"}
    lines = list(result_lines(result))
    assert "Flash success!" in lines
    assert any("Flashing boron" in label for label in laboratory.person.labels)
    assert "Switching device to DFU mode" in laboratory.person.labels


@pytest.mark.parametrize("platform_id", [BORON, P2, PHOTON])
async def test_an_estimate_is_near_to_what_it_takes(platform_id: int) -> None:
    laboratory = await Laboratory.of(platform_id)
    result: FlashResult = await laboratory.flash(application(platform_id, 90_000))
    assert 0.8 < result.elapsed_ms / result.plan.estimate_ms < 1.2


async def test_time_passes_the_same_in_every_run() -> None:
    runs = []
    for _ in range(2):
        laboratory = await Laboratory.of(ARGON)
        runs.append((await laboratory.flash(*release(ARGON))).elapsed_ms)
    assert runs[0] == runs[1]
