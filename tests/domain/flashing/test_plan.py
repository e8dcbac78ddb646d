"""Plans: which steps, in which order, for a device in either mode."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from tests.domain.flashing.making import file, target

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.firmware.module import Dependency
from particle_cli.domain.firmware.prefix import DROP_MODULE_INFO
from particle_cli.domain.flashing.blocks import BlockOrder
from particle_cli.domain.flashing.errors import (
    DependencyUnmet,
    DowngradeRefused,
    FactoryUnsupported,
    FlashingError,
    NothingToFlash,
    PlaceTaken,
    WrongPlatform,
)
from particle_cli.domain.flashing.plan import Plan, plan_factory, plan_flash
from particle_cli.domain.flashing.plan_report import plan_data, plan_lines
from particle_cli.domain.flashing.step_making import FORMER_SLOT_STEP
from particle_cli.domain.flashing.steps import Mode, SendUpdate, SwitchMode, WriteMemory
from particle_cli.domain.flashing.target import InstalledModule, StoredAsset, Target
from particle_cli.domain.platforms.catalogue import platform

P2, PHOTON, ELECTRON, ARGON, BORON, CORE, XENON = 32, 6, 10, 12, 13, 0, 14
SYSTEM_62 = ((F.BOOTLOADER, 0, 3100), (F.RADIO_STACK, 0, 202))


def course(plan: Plan) -> str:
    """The steps of a plan as one line: `>DFU` is a change of mode."""
    return " ".join(f">{step.to.value}" if isinstance(step, SwitchMode) else step.name for step in plan.steps)


def writes(plan: Plan) -> list[WriteMemory]:
    return [step for step in plan.steps if isinstance(step, WriteMemory)]


@pytest.mark.parametrize("names", list(permutations(("boot", "radio", "system", "user"))))
def test_a_whole_release_on_a_running_device(names: tuple[str, ...]) -> None:
    files = {
        "boot": file("boot", F.BOOTLOADER, 0, 3100),
        "radio": file("radio", F.RADIO_STACK, 0, 202, ((F.SYSTEM_PART, 1, 1300),), flags=DROP_MODULE_INFO),
        "system": file("system", F.SYSTEM_PART, 1, 6200, SYSTEM_62),
        "user": file("user", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 6200),)),
    }
    plan = plan_flash([files[name] for name in names], target([(F.SYSTEM_PART, 1, 5000)]))
    assert course(plan) == f"boot >DFU radio system {FORMER_SLOT_STEP} user >normal"
    assert plan.mode_switches == 2
    assert plan.warnings == ()
    in_dfu = plan_flash([files[name] for name in names], target(None, in_dfu=True))
    assert course(in_dfu) == f"radio system {FORMER_SLOT_STEP} user >normal boot"
    assert any("safe mode" in warning and "boot" in warning for warning in in_dfu.warnings)


@pytest.mark.parametrize("names", list(permutations(("km0", "boot", "system", "user"))))
@pytest.mark.parametrize("lag", [0, 1])
def test_the_boot_stages_of_a_p2(names: tuple[str, ...], lag: int) -> None:
    files = {
        "km0": file("km0", F.BOOTLOADER, 2, 8, platform_id=P2, flags=DROP_MODULE_INFO),
        "boot": file("boot", F.BOOTLOADER, 0, 3100, ((F.BOOTLOADER, 2, 8 - lag),), platform_id=P2),
        "system": file("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3100 - lag),), platform_id=P2),
        "user": file("user", F.USER_PART, 1, 6, ((F.SYSTEM_PART, 1, 6200),), platform_id=P2),
    }
    plan = plan_flash([files[name] for name in names], target([], platform_id=P2))
    assert course(plan) == "km0 boot >DFU system user >normal"


@pytest.mark.parametrize("names", list(permutations(("user", "part1", "part2", "part3"))))
def test_an_electron_takes_its_parts_by_their_addresses(names: tuple[str, ...]) -> None:
    needs = {"user": (2,), "part2": (1,), "part1": (3,), "part3": ()}
    place = {"part1": 0x08060000, "part2": 0x08020000, "part3": 0x08040000, "user": None}
    files = {
        name: file(
            name,
            F.USER_PART if name == "user" else F.SYSTEM_PART,
            1 if name == "user" else int(name[-1]),
            1512,
            [(F.SYSTEM_PART, index, 1500) for index in needs[name]],
            platform_id=ELECTRON,
            start=place[name],
        )
        for name in needs
    }
    plan = plan_flash([files[name] for name in names], target([], platform_id=ELECTRON))
    assert course(plan) == ">DFU part3 part1 part2 user >normal"
    assert {step.name: step.placement.address for step in writes(plan)} == {
        **{name: address for name, address in place.items() if address},
        "user": 0x08080000,
    }


def test_an_application_comes_after_all_else_that_is_written() -> None:
    user = file("user", F.USER_PART, 2, 6)
    system = file("system", F.SYSTEM_PART, 1, 6200)
    plan = plan_flash([user, system], target([]))
    assert course(plan) == f">DFU system {FORMER_SLOT_STEP} user >normal"


def test_a_module_that_needs_what_is_written_over_dfu_waits_for_it() -> None:
    ncp = file("ncp", F.NCP_FIRMWARE, 0, 7, ((F.SYSTEM_PART, 1, 6200),), platform_id=ARGON, start=0)
    boot = file("boot", F.BOOTLOADER, 0, 3100, platform_id=ARGON)
    system = file("system", F.SYSTEM_PART, 1, 6200, ((F.BOOTLOADER, 0, 3100),), platform_id=ARGON)
    plan = plan_flash([ncp, system, boot], target([], platform_id=ARGON))
    assert course(plan) == "boot >DFU system >normal ncp"


def test_modules_for_a_running_device_need_no_change_of_mode() -> None:
    boot = file("boot", F.BOOTLOADER, 0, 3100)
    assert course(plan_flash([boot], target([]))) == "boot"
    assert course(plan_flash([boot], target(None, in_dfu=True))) == ">normal boot"
    assert plan_flash([boot], target(None, in_dfu=True)).ends_in is Mode.NORMAL


def test_assets_come_last_and_those_on_the_device_are_left_out() -> None:
    from attrs import evolve

    from particle_cli.domain.firmware.build import build_module
    from particle_cli.domain.firmware.extensions import Extension, ExtensionType

    def asset(name: str, digest: bytes) -> object:
        records = [
            Extension(ExtensionType.HASH, b"\x00\x20" + digest),
            Extension(ExtensionType.NAME, name.encode()),
            Extension(ExtensionType.PRODUCT_DATA, b"\xff" * 6),
        ]
        module = build_module(
            platform_id=0,
            function=F.ASSET,
            index=0,
            version=0,
            payload=b"x" * 100,
            start_address=0,
            flags=DROP_MODULE_INFO,
            suffix_extensions=records,
        )
        return evolve(file("x", F.ASSET), name=name, module=module)

    files = [asset("cat.txt", b"c" * 32), asset("dog.txt", b"d" * 32), file("user", F.USER_PART, 2, 6)]
    device = evolve(
        target([]),
        assets=(StoredAsset("cat.txt", (b"c" * 32).hex()), StoredAsset("dog.txt", (b"c" * 32).hex())),
    )
    plan = plan_flash(files, device)  # type: ignore[arg-type]
    assert course(plan) == f">DFU {FORMER_SLOT_STEP} user >normal dog.txt"
    assert [(skipped.name, skipped.reason) for skipped in plan.skipped] == [
        ("cat.txt", "it already exists on the device")
    ]
    last = plan.steps[-1]
    assert isinstance(last, SendUpdate)
    assert last.asset == StoredAsset("dog.txt", (b"d" * 32).hex())


def test_what_the_device_has_counts_unless_a_file_replaces_it() -> None:
    user = file("app.bin", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 5301),))
    assert plan_flash([user], target([(F.SYSTEM_PART, 1, 5301)])).warnings == ()
    with pytest.raises(DependencyUnmet) as refused:
        plan_flash([user], target([(F.SYSTEM_PART, 1, 4100)]))
    assert "app.bin (application) needs system part 1 version 5301 (Device OS 5.3.1)" in refused.value.message
    assert "the device has version 4100" in refused.value.message
    assert refused.value.next_step is not None
    assert "--target 5.3.1" in refused.value.next_step
    old = file("old.bin", F.SYSTEM_PART, 1, 4100)
    with pytest.raises(DependencyUnmet, match=r"old\.bin is version 4100"):
        plan_flash([user, old], target([(F.SYSTEM_PART, 1, 6200)]))
    with pytest.raises(DependencyUnmet, match=r"old\.bin is version 4100"):
        plan_flash([user, old], target(None, in_dfu=True))


def test_everything_that_is_missing_is_named_at_once() -> None:
    system = file("system.bin", F.SYSTEM_PART, 1, 6200, SYSTEM_62)
    with pytest.raises(DependencyUnmet) as refused:
        plan_flash([system], target([(F.BOOTLOADER, 0, 501)]))
    assert "bootloader 0 version 3100 or newer, but the device has version 501" in refused.value.message
    assert "radio stack version 202 or newer, but the device has none" in refused.value.message


def test_a_device_in_dfu_mode_cannot_be_asked() -> None:
    user = file("app.bin", F.USER_PART, 2, 6, ((F.SYSTEM_PART, 1, 5301),))
    plan = plan_flash([user], target(None, in_dfu=True))
    assert ["app.bin" in warning and "5301" in warning for warning in plan.warnings] == [True]


def test_a_module_that_needs_its_own_predecessor() -> None:
    system = file("system.bin", F.SYSTEM_PART, 1, 5300, ((F.SYSTEM_PART, 1, 3001),))
    assert plan_flash([system], target([(F.SYSTEM_PART, 1, 3001)])).warnings == ()
    with pytest.raises(DependencyUnmet, match="the device has version 1500"):
        plan_flash([system], target([(F.SYSTEM_PART, 1, 1500)]))


def test_what_stays_behind_without_what_it_needs_is_told() -> None:
    from attrs import evolve

    running = InstalledModule(F.USER_PART, 2, 6, (Dependency(F.SYSTEM_PART, 1, 5301),))
    device = evolve(target([]), modules=(running,))
    old = file("old.bin", F.SYSTEM_PART, 1, 4100)
    assert "safe mode" in plan_flash([old], device).warnings[0]
    assert plan_flash([old, file("app.bin", F.USER_PART, 2, 6)], device).warnings == ()


def test_the_radio_stack_is_left_out_unless_it_is_named_or_needed() -> None:
    system = file("system", F.SYSTEM_PART, 1, 6200, ((F.RADIO_STACK, 0, 202),), named=False)
    named = file("radio", F.RADIO_STACK, 0, 202, flags=DROP_MODULE_INFO)
    came_along = file("radio", F.RADIO_STACK, 0, 202, flags=DROP_MODULE_INFO, named=False)
    has, lacks = target([(F.RADIO_STACK, 0, 202)]), target([(F.RADIO_STACK, 0, 169)])
    assert course(plan_flash([named, system], has)) == ">DFU radio system >normal"
    plan = plan_flash([came_along, system], has)
    assert course(plan) == ">DFU system >normal"
    assert plan.skipped[0].name == "radio"
    assert course(plan_flash([came_along, system], lacks)) == ">DFU radio system >normal"
    assert course(plan_flash([came_along, system], target(None, in_dfu=True))) == "system >normal"


def test_encrypted_modules_are_never_flashed() -> None:
    mbr = file("mbr.bin", F.BOOTLOADER, 1, 1, platform_id=P2)
    boot = file("boot", F.BOOTLOADER, 0, 3100, platform_id=P2)
    plan = plan_flash([mbr, boot], target([], platform_id=P2))
    assert course(plan) == "boot"
    assert "encrypted" in plan.skipped[0].reason
    with pytest.raises(NothingToFlash, match=r"mbr\.bin"):
        plan_flash([mbr], target([], platform_id=P2))
    with pytest.raises(NothingToFlash):
        plan_flash([], target([]))


def test_a_prefix_that_is_to_be_dropped_is_dropped_whatever_other_flags_say() -> None:
    for flags in (DROP_MODULE_INFO, DROP_MODULE_INFO | 0x20):
        radio = file("radio", F.RADIO_STACK, 0, 202, flags=flags)
        (write,) = writes(plan_flash([radio], target([])))
        assert write.placement.address == 0x1000
        assert write.placement.data == radio.image()[24:]


def test_files_for_other_devices_are_refused() -> None:
    photon = file("app.bin", F.USER_PART, 1, 6, platform_id=PHOTON)
    with pytest.raises(
        WrongPlatform, match=r"Module app\.bin is not compatible with platform boron"
    ) as refused:
        plan_flash([photon], target([]))
    assert "Photon" in refused.value.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((F.USER_PART, 2), (F.USER_PART, 2)),
        ((F.USER_PART, 2), (F.USER_PART, 1)),
        ((F.MONO_FIRMWARE, 0), (F.USER_PART, 2)),
        ((F.MONO_FIRMWARE, 0), (F.SYSTEM_PART, 1)),
        ((F.BOOTLOADER, 0), (F.BOOTLOADER, 0)),
    ],
)
def test_two_modules_for_one_place_are_refused(one: tuple[int, int], other: tuple[int, int]) -> None:
    files = [file("one.bin", *one, 4000), file("other.bin", *other, 4000)]
    for given_order in (files, files[::-1]):
        with pytest.raises(PlaceTaken) as refused:
            plan_flash(given_order, target([]))
        assert "one.bin" in refused.value.message
        assert "other.bin" in refused.value.message


def test_two_electron_parts_linked_for_one_slot_are_refused() -> None:
    files = [
        file(f"part{index}", F.SYSTEM_PART, index, 9, platform_id=ELECTRON, start=0x08040000)
        for index in (1, 2)
    ]
    with pytest.raises(PlaceTaken):
        plan_flash(files, target([], platform_id=ELECTRON))


def test_a_protected_device_is_not_taken_back_before_its_protection() -> None:
    for protection in (Protection.PROTECTED, Protection.SERVICE_MODE):
        device = target([], protection=protection)
        with pytest.raises(DowngradeRefused, match=r"below version 6\.1\.1"):
            plan_flash([file("system", F.SYSTEM_PART, 1, 6100)], device)
        with pytest.raises(DowngradeRefused):
            plan_flash([file("boot", F.BOOTLOADER, 0, 3000)], device)
    service = target([], protection=Protection.SERVICE_MODE)
    (write,) = writes(plan_flash([file("system", F.SYSTEM_PART, 1, 6101)], service))
    assert write.order is BlockOrder.HEADER_FIRST
    assert write.sequence == tuple(range(len(write.sequence)))


def test_a_device_that_starts_and_ends_in_dfu_mode() -> None:
    system = file("part1", F.SYSTEM_PART, 1, 5, platform_id=PHOTON)
    in_dfu, running = (target(None, platform_id=PHOTON, in_dfu=dfu) for dfu in (True, False))
    assert course(plan_flash([system], in_dfu, ends_in=Mode.DFU)) == "part1"
    assert plan_flash([system], in_dfu, ends_in=Mode.DFU).ends_in is Mode.DFU
    assert course(plan_flash([system], running, ends_in=Mode.DFU)) == ">DFU part1 >normal"


@pytest.mark.parametrize(
    ("platform_id", "index", "function", "alternate", "address"),
    [
        (BORON, 2, F.USER_PART, 2, 0x80200000),
        (15, 2, F.USER_PART, 2, 0x80600000),
        (PHOTON, 1, F.USER_PART, 0, 0x080E0000),
        (ELECTRON, 1, F.USER_PART, 0, 0x080A0000),
        (CORE, 0, F.MONO_FIRMWARE, 1, 0x00020000),
    ],
)
def test_the_factory_slot(
    platform_id: int,
    index: int,
    function: int,
    alternate: int,
    address: int,
) -> None:
    app = file("app.bin", function, index, 6, platform_id=platform_id)
    plan = plan_factory(app, target([], platform_id=platform_id))
    assert course(plan) == ">DFU app.bin >normal"
    (write,) = writes(plan)
    assert (write.placement.alternate, write.placement.address) == (alternate, address)
    assert write.placement.data == app.image()
    assert write.order is BlockOrder.HEADER_LAST
    stays = plan_factory(app, target(None, platform_id=platform_id, in_dfu=True))
    assert (course(stays), stays.ends_in) == ("app.bin", Mode.DFU)


def test_where_there_is_no_factory_slot() -> None:
    with pytest.raises(FactoryUnsupported, match="Factory reset is not supported for this platform"):
        plan_factory(file("app.bin", F.USER_PART, 1, 6, platform_id=P2), target([], platform_id=P2))
    with pytest.raises(FactoryUnsupported, match="Factory reset is only supported for user part"):
        plan_factory(file("system.bin", F.SYSTEM_PART, 1, 6), target([]))


def test_both_faces_of_a_plan() -> None:
    files = [file("boot", F.BOOTLOADER, 0, 3100), file("app.bin", F.USER_PART, 2, 6, size=200 * 1024)]
    plan = plan_flash(files, target([]))
    data = json.loads(json.dumps(plan_data(plan)))
    assert data["modeSwitches"] == 2
    assert [step["action"] for step in data["steps"]] == [
        "send_update",
        "switch_mode",
        "write_memory",
        "switch_mode",
    ]
    write = data["steps"][2]
    assert write["address"] == 0xB4000
    assert write["erase"] == [{"address": 0xB4000, "sectorSize": 4096, "count": 50}]
    assert data["estimateMs"] == sum(step["estimateMs"] for step in data["steps"]) == plan.estimate_ms
    text = "\n".join(plan_lines(plan))
    assert "Write app.bin (application, version 6): 204800 bytes at 0x000b4000" in text
    assert "erases 50 x 4 KiB" in text
    assert isinstance(target([]), Target)
    assert issubclass(DependencyUnmet, FlashingError)


def test_old_system_parts_may_reach_to_where_applications_began() -> None:
    wide = file("system", F.SYSTEM_PART, 1, 1521, size=0x98000, platform_id=XENON, start=0x30000)
    app = file("app", F.USER_PART, 1, 6, platform_id=XENON)
    plan = plan_flash([wide, app], target([], platform_id=XENON))
    assert [step.placement.address for step in writes(plan)] == [0x30000, 0xD4000]
    assert platform(XENON).segments.former_user_part is not None
