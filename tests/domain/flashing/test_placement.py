"""Where modules go, and the refusals for those that cannot go there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.flashing.making import file, target

from particle_cli.domain.dfu.protection import Protection
from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.firmware.prefix import COMPRESSED
from particle_cli.domain.flashing.blocks import BlockOrder, block_order, block_sequence
from particle_cli.domain.flashing.errors import FlashingError, Misplaced, NotFlashable
from particle_cli.domain.flashing.placement import place_factory_image, place_module
from particle_cli.domain.flashing.plan import plan_flash
from particle_cli.domain.flashing.step_making import FORMER_SLOT_STEP
from particle_cli.domain.flashing.steps import WriteMemory
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_ids

BORON, P2, PHOTON, CORE = 13, 32, 6, 0
KIB = 1024


def modules_over_dfu() -> list[tuple[int, int, int]]:
    return [
        (number, module.function, module.index)
        for number in platform_ids(public=True)
        if platform(number).dfu
        for module in platform(number).modules
        if module.flash_via == "dfu" and (module.start is not None or module.grows_left)
    ]


@pytest.mark.parametrize(("platform_id", "function", "index"), modules_over_dfu())
def test_every_module_of_every_platform_has_its_place(platform_id: int, function: int, index: int) -> None:
    slot = platform(platform_id).module(function, index)
    assert slot is not None
    assert slot.max_size is not None
    full = file("full", function, index, 4000, platform_id=platform_id, size=slot.max_size)
    placement = place_module(full, platform(platform_id))
    assert placement.end == slot.end
    assert placement.media == "internal_flash"
    assert placement.erased[0].start <= placement.address
    assert sum(run.sector_size * run.count for run in placement.erased) >= placement.size
    with pytest.raises(Misplaced) as refused:
        place_module(
            file("larger", function, index, 4000, platform_id=platform_id, size=slot.max_size + 1),
            platform(platform_id),
        )
    assert "larger has" in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize(
    ("platform_id", "function", "index", "start"),
    [
        (BORON, F.USER_PART, 2, 0xB5000),
        (BORON, F.USER_PART, 2, 0xD4000),
        (BORON, F.USER_PART, 2, 0x28000),
        (BORON, F.USER_PART, 2, 0),
        (BORON, F.USER_PART, 2, 0x80000000),
        (BORON, F.USER_PART, 1, 0xB4000),
        (BORON, F.SYSTEM_PART, 1, 0xB4000),
        (BORON, F.SYSTEM_PART, 1, 0x29000),
        (BORON, F.RADIO_STACK, 0, 0x0),
        (PHOTON, F.SYSTEM_PART, 1, 0x08060000),
        (PHOTON, F.USER_PART, 1, 0x08000000),
        (PHOTON, F.USER_PART, 1, 0x20000000),
        (P2, F.USER_PART, 1, 0x08480000),
        (P2, F.SYSTEM_PART, 1, 0x08600000),
        (CORE, F.MONO_FIRMWARE, 0, 0x08000000),
    ],
)
def test_a_module_where_the_device_does_not_look_is_refused(
    platform_id: int, function: int, index: int, start: int
) -> None:
    lost = file("lost.bin", function, index, 4000, platform_id=platform_id, start=start)
    with pytest.raises(Misplaced) as refused:
        place_module(lost, platform(platform_id))
    assert "lost.bin" in refused.value.message
    assert refused.value.next_step


def test_kinds_that_a_platform_has_not() -> None:
    for function, index in ((F.SYSTEM_PART, 2), (F.SETTINGS, 0), (F.RESOURCE, 0), (77, 3)):
        with pytest.raises(NotFlashable, match=r"odd\.bin"):
            plan_flash([file("odd.bin", function, index)], target([]))
    with pytest.raises(NotFlashable, match="compressed"):
        place_module(file("packed.bin", F.USER_PART, 2, flags=COMPRESSED), platform(BORON))
    with pytest.raises(NotFlashable, match="does not support assets"):
        plan_flash([file("cat.txt", F.ASSET)], target([], platform_id=PHOTON))
    with pytest.raises(Misplaced, match="maximum single asset size"):
        plan_flash([file("cat.txt", F.ASSET, size=606_209)], target([]))
    with pytest.raises(Misplaced, match=r"boot\.bin"):
        plan_flash([file("boot.bin", F.BOOTLOADER, 0, 3100, start=0xF5000)], target([]))


def test_an_application_too_large_for_the_factory_slot() -> None:
    with pytest.raises(FlashingError, match="factory reset slot"):
        place_factory_image(
            file("app.bin", F.USER_PART, 1, platform_id=PHOTON, size=128 * KIB + 2), platform(PHOTON)
        )


@pytest.mark.parametrize(
    ("size", "covers"),
    [(3 * KIB, False), (128 * KIB, False), (128 * KIB + 1, True), (200 * KIB, True), (256 * KIB, True)],
)
def test_the_former_application_slot(size: int, covers: bool) -> None:
    plan = plan_flash([file("app.bin", F.USER_PART, 2, 6, size=size)], target([]))
    writes = [step for step in plan.steps if isinstance(step, WriteMemory)]
    assert [step.name for step in writes] == ([] if covers else [FORMER_SLOT_STEP]) + ["app.bin"]
    app = writes[-1]
    page = (0xD4000 - 0xB4000) // 4096
    if covers:
        assert app.order is BlockOrder.HEADER_BEFORE_FORMER_SLOT
        assert app.sequence[-2:] == (0, page)
    else:
        assert app.sequence[-1] == 0
        assert writes[0].placement.data == b"\xff" * 4096
        assert writes[0].placement.address == 0xD4000
    assert sorted(app.sequence) == list(range(-(-size // 4096)))


def test_an_application_of_the_former_slot_is_not_blanked_first() -> None:
    plan = plan_flash([file("app.bin", F.USER_PART, 1, 6)], target([]))
    assert [step.name for step in plan.steps if isinstance(step, WriteMemory)] == ["app.bin"]


@given(size=st.integers(64, 128 * KIB), protection=st.sampled_from(Protection))
def test_every_block_is_written_once_and_the_header_last(size: int, protection: Protection) -> None:
    core = platform(CORE)
    placement = place_module(
        file("app", F.MONO_FIRMWARE, 0, platform_id=CORE, size=min(size, 108 * KIB)), core
    )
    order = block_order(placement, F.MONO_FIRMWARE, core, protection)
    sequence = block_sequence(order, placement, core, 1024)
    assert sorted(sequence) == list(range(-(-placement.size // 1024)))
    assert sequence[-1] == 0


def test_an_unaligned_module_erases_the_sector_it_starts_in() -> None:
    app = file("app", F.USER_PART, 1, platform_id=P2, size=9000)
    placement = place_module(app, platform(P2))
    assert placement.address == 0x08600000 - 9000
    assert [(run.start, run.count) for run in placement.erased] == [(0x085FD000, 3)]
