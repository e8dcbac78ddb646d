"""The factory image and what can be downloaded of a release."""

from __future__ import annotations

import pytest

from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import parse_module
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_id, platform_ids
from particle_cli.simulators.factory import (
    default_release,
    device_os_modules,
    factory_image,
    make_device_id,
    new_device,
)

BORON, P2 = 13, 32
WITH_DFU = [number for number in platform_ids() if platform(number).dfu]


@pytest.mark.parametrize("number", WITH_DFU)
def test_every_module_is_sound_and_its_needs_come_before_it(number: int) -> None:
    seen: dict[tuple[int, int], int] = {}
    for part in factory_image(platform(number)):
        module = parse_module(part.data, name=part.filename)
        assert module.crc_ok
        assert module.suffix.sha256 == module.computed_sha256()
        assert module.prefix.platform_id == number
        is_radio = module.prefix.function == ModuleFunction.RADIO_STACK  # its needs go round in a circle
        for need in module.dependencies:
            itself = (need.function, need.index) == (module.prefix.function, module.prefix.index)
            assert is_radio or itself or seen[need.function, need.index] >= need.version
        seen[module.prefix.function, module.prefix.index] = module.prefix.version


@pytest.mark.parametrize("number", WITH_DFU)
def test_every_module_fits_its_place(number: int) -> None:
    kind = platform(number)
    for part in factory_image(kind):
        prefix = part.module.prefix
        slot = kind.module(prefix.function, prefix.index)
        assert slot is not None
        if slot.max_size is not None:
            assert part.module.size <= slot.max_size
        if slot.end is not None and not slot.grows_left:
            assert prefix.end_address + 4 <= slot.end + (24 if prefix.flags & 1 else 0)


@pytest.mark.parametrize(
    ("name", "release"),
    [("boron", "6.2.0"), ("photon", "3.3.1"), ("xenon", "1.5.2"), ("core", "1.4.4"), ("asom", "6.2.0")],
)
def test_the_default_release(name: str, release: str) -> None:
    number = platform_id(name, public=False)
    assert number is not None
    assert default_release(platform(number)).name == release


def test_what_can_be_downloaded() -> None:
    names = [name for name, _ in device_os_modules(platform(BORON), "6.1.1")]
    assert names == [
        "boron-bootloader@6.1.1.bin",
        "boron-softdevice@6.1.1.bin",
        "boron-system-part1@6.1.1.bin",
        "boron-tinker@6.1.1.bin",
    ]
    names = [name for name, _ in device_os_modules(platform(P2), "5.6.0", small=True)]
    assert names == [
        "p2-prebootloader-mbr@5.6.0.bin",
        "p2-prebootloader-part1@5.6.0.bin",
        "p2-bootloader@5.6.0.bin",
        "p2-system-part1@5.6.0.bin",
        "p2-tinker@5.6.0.bin",
    ]
    with pytest.raises(LookupError, match=r"no Device OS 9\.9\.9"):
        device_os_modules(platform(BORON), "9.9.9")


def test_the_same_release_gives_the_same_bytes() -> None:
    assert device_os_modules(platform(BORON), "6.2.0") == device_os_modules(platform(BORON), "6.2.0")


def test_device_ids_have_the_form_of_real_ones() -> None:
    assert make_device_id(platform(BORON), 1).startswith("e00fce68")
    assert make_device_id(platform(P2), 1).startswith("0a10aced2021")
    ids = {make_device_id(platform(number), at) for number in WITH_DFU for at in range(3)}
    assert len(ids) == 3 * len(WITH_DFU)
    assert all(len(one) == 24 and one == one.lower() and int(one, 16) for one in ids)


def test_a_platform_without_dfu_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="tachyon has no DFU mode"):
        new_device(42)


def test_a_release_that_is_still_to_come() -> None:
    device = new_device(BORON, release="6.4.0", small=True)
    assert {
        one.prefix.version for one in device.modules if one.prefix.function == ModuleFunction.SYSTEM_PART
    } == {6400}
    for name in ("6.4", "6.40.0", "7.0.0", "6.1.9", "newest"):
        with pytest.raises(LookupError, match="there is no Device OS"):
            new_device(BORON, release=name, small=True)
