"""What a device comes up as, from nothing but its flash."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from attrs import evolve
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency, Module, sealed, write_module
from particle_cli.domain.firmware.records import AssetDependency, asset_dependency_record
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.domain.platforms.names import platform_ids
from particle_cli.simulators.factory import factory_image, new_device
from particle_cli.simulators.firmware.application import ApplicationManifest, Function, encode_manifest
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.system.led import Led

CORE, PHOTON, ELECTRON, ARGON, TRACKER, P2 = 0, 6, 10, 12, 26, 32
WITH_DFU = [number for number in platform_ids() if platform(number).dfu]
USER, SYSTEM, BOOTLOADER = ModuleFunction.USER_PART, ModuleFunction.SYSTEM_PART, ModuleFunction.BOOTLOADER


def application(
    name: str = "led",
    *,
    start: int = 0xB4000,
    index: int = 2,
    needs: int = 6200,
    size: int = 0,
    assets: tuple[AssetDependency, ...] = (),
    platform_id: int = BORON,
    manifest: ApplicationManifest | None = None,
) -> Module:
    """Make an application that offers one function, or what the manifest says."""
    content = encode_manifest(manifest or ApplicationManifest(functions=(Function(name),)))
    return build_module(
        platform_id=platform_id,
        function=USER,
        index=index,
        version=6,
        start_address=start,
        payload=content.ljust(size, b"\x5a"),
        dependencies=(Dependency(SYSTEM, 1, needs),),
        product=(0xFFFF, 0xFFFF),
        suffix_extensions=tuple(map(asset_dependency_record, assets)),
    )


def renumbered(module: Module, **fields: int) -> Module:
    """Return the module with other numbers in its prefix, checksums made right."""
    return sealed(evolve(module, prefix=evolve(module.prefix, **cast("dict[str, Any]", fields))))


def put(host: Host, module: Module, address: int | None = None) -> None:
    start = module.prefix.start_address if address is None else address
    host.device.hardware.memory.replace(start, write_module(module))


def rebooted(host: Host) -> Mode:
    host.device.reset()
    return host.settle()


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("number", WITH_DFU)
def test_every_platform_runs_what_the_factory_put_in(number: int, small: bool) -> None:
    device = new_device(number, small=small)
    host = Host(device)
    device.power_on()
    assert host.settle() is Mode.NORMAL, device.verdict.reason
    assert all(module.valid for module in device.modules)
    assert device.functions == ("digitalRead", "digitalWrite", "analogRead", "analogWrite")
    assert device.online
    assert device.led == Led("breathing", "cyan")
    assert device.usb is not None


@pytest.mark.parametrize(
    ("number", "release"),
    [
        (BORON, "6.1.0"),
        (BORON, "3.0.0"),
        (BORON, "1.5.2"),
        (ARGON, "4.1.0"),
        (TRACKER, "3.0.0"),
        (P2, "5.6.0"),
        (PHOTON, "1.5.2"),
        (ELECTRON, "2.3.1"),
    ],
)
def test_old_releases_run_too(new_host: NewHost, number: int, release: str) -> None:
    host = new_host(number, release=release)
    assert all(module.valid for module in host.device.modules)
    assert host.raw("c05000001e004000").data.decode() == release


def test_modules_lie_where_the_release_puts_them(new_host: NewHost) -> None:
    def places(release: str) -> dict[tuple[int, int], int]:
        modules = new_host(BORON, release=release).device.modules
        return {(one.prefix.function, one.prefix.index): one.address for one in modules}

    assert places("6.2.0") == {(2, 0): 0xF4000, (4, 1): 0x28000, (5, 2): 0xB4000, (8, 0): 0x1000}
    assert places("6.1.0")[4, 1] == 0x30000
    assert places("3.0.0")[5, 1] == 0xD4000


def test_a_damaged_application_means_safe_mode(boron: Host) -> None:
    boron.device.hardware.memory.flip(0xB4020)
    assert rebooted(boron) is Mode.SAFE
    assert boron.device.verdict.reason == "there is no valid application"
    assert boron.device.functions == ()
    assert boron.device.online
    assert boron.device.led == Led("breathing", "magenta")


def test_an_application_for_another_platform_is_none(boron: Host) -> None:
    put(boron, application(platform_id=12))
    assert rebooted(boron) is Mode.SAFE


def test_an_application_for_a_newer_system_means_safe_mode(boron: Host) -> None:
    put(boron, application(needs=6201))
    assert rebooted(boron) is Mode.SAFE
    assert boron.device.verdict.reason == "the application lacks what it depends on"


@pytest.mark.parametrize("damage", ["flip", "erase"])
def test_a_damaged_system_part_means_dfu_mode(boron: Host, damage: str) -> None:
    memory = boron.device.hardware.memory
    memory.flip(0x28400) if damage == "flip" else memory.erase(0x28000, 4096)
    assert rebooted(boron) is Mode.DFU
    assert boron.device.verdict.reason == "there is no valid system part 1"
    assert boron.device.led == Led("blinking", "yellow")


def test_a_damaged_bootloader_is_a_brick(boron: Host) -> None:
    boron.device.hardware.memory.flip(0xF4400)
    assert rebooted(boron) is Mode.DEAD
    assert boron.device.usb is None
    assert boron.device.led == Led("off")
    assert not boron.device.agenda.pending


def test_a_lost_master_boot_record_is_a_brick(boron: Host) -> None:
    boron.device.hardware.memory.erase(0, 4096)
    assert rebooted(boron) is Mode.DEAD


@pytest.mark.parametrize("address", [0x0800_0100, 0x0800_4100, 0x0801_4100])
def test_any_damaged_boot_stage_of_rtl872x_is_a_brick(new_host: NewHost, address: int) -> None:
    host = new_host(P2)
    host.device.hardware.memory.flip(address)
    assert rebooted(host) is Mode.DEAD


@pytest.mark.parametrize("damage", ["erase the structure", "erase a page", "flip a bit"])
def test_a_lost_radio_stack_means_safe_mode(boron: Host, damage: str) -> None:
    memory = boron.device.hardware.memory
    if damage == "flip a bit":
        memory.flip(0x2345)
    else:
        memory.erase(0x3000 if damage == "erase the structure" else 0x2000, 4096)
    assert rebooted(boron) is Mode.SAFE
    assert boron.device.verdict.reason == "system_part 1 lacks what it depends on"


def test_an_old_bootloader_means_safe_mode(boron: Host, new_host: NewHost) -> None:
    old = new_host(BORON, release="6.1.0").device.hardware.memory.read(0xF4000, 0xC000)
    boron.device.hardware.memory.replace(0xF4000, old)
    assert rebooted(boron) is Mode.SAFE


@pytest.mark.parametrize(
    ("address", "mode"), [(0x0802_0400, Mode.DFU), (0x0806_0400, Mode.DFU), (0x080A_0020, Mode.SAFE)]
)
def test_a_photon_needs_all_its_system_parts(new_host: NewHost, address: int, mode: Mode) -> None:
    host = new_host(PHOTON)
    host.device.hardware.memory.flip(address)
    assert rebooted(host) is mode


def test_system_parts_that_do_not_match_mean_safe_mode(new_host: NewHost) -> None:
    host, old = new_host(PHOTON), new_host(PHOTON, release="2.3.1")
    host.device.hardware.memory.replace(0x0802_0000, old.device.hardware.memory.read(0x0802_0000, 0x4000))
    assert rebooted(host) is Mode.SAFE


def test_a_valid_application_in_the_old_slot_comes_first(boron: Host) -> None:
    put(boron, application("old", start=0xD4000, index=1))
    assert rebooted(boron) is Mode.NORMAL
    assert boron.device.functions == ("old",)
    boron.device.hardware.memory.erase(0xD4000, 4096)
    assert rebooted(boron) is Mode.NORMAL
    assert "digitalRead" in boron.device.functions


def test_a_200_kib_application_covers_the_old_slot_and_runs(boron: Host) -> None:
    put(boron, application("large", size=200 * 1024))
    assert rebooted(boron) is Mode.NORMAL
    assert boron.device.functions == ("large",)


@pytest.mark.parametrize(
    "broken",
    [
        {"start_address": 0xB5000, "end_address": 0xB5000 + 300},
        {"end_address": 0xF4000},
        {"index": 1},
        {"function": 4},
    ],
)
def test_a_header_that_says_something_else_is_no_application(boron: Host, broken: dict[str, int]) -> None:
    module = application()
    put(boron, renumbered(module, **broken), 0xB4000)
    assert rebooted(boron) is Mode.SAFE


def test_a_missing_asset_means_safe_mode(boron: Host) -> None:
    put(boron, application(assets=(AssetDependency("cat.txt", bytes(32)),)))
    assert rebooted(boron) is Mode.SAFE
    assert boron.device.verdict.reason == "asset cat.txt of the application is missing"


def test_a_monolithic_firmware_runs_alone(new_host: NewHost) -> None:
    host = new_host(PHOTON)
    parts = {part.module.prefix.index: part.module for part in factory_image(platform(PHOTON), small=True)}
    content = encode_manifest(ApplicationManifest(functions=(Function("mono"),)))
    mono = build_module(
        platform_id=PHOTON,
        function=ModuleFunction.MONO_FIRMWARE,
        index=0,
        version=3302,
        start_address=0x0802_0000,
        payload=content.ljust(9000, b"\x11"),
        preamble=parts[2].preamble,
    )
    put(host, mono)
    assert rebooted(host) is Mode.NORMAL
    assert host.device.functions == ("mono",)


def test_a_blank_device_is_dead() -> None:
    from particle_cli.simulators.device import SimulatedDevice

    host = Host(SimulatedDevice(BORON, "e00fce68" + "0" * 16))
    host.device.power_on()
    assert host.settle() is Mode.DEAD


@pytest.mark.parametrize(
    ("name", "system"),
    [("tinker_argon_541.bin", "6.2.0"), ("argon_stroby.bin", "4.1.0")],
)
def test_real_argon_firmware_is_found_and_checked(
    new_host: NewHost, corpus: Path, name: str, system: str
) -> None:
    host = new_host(ARGON, release=system)
    data = (corpus / "modules" / name).read_bytes()
    host.device.hardware.memory.replace(int.from_bytes(data[:4], "little"), data)
    if system == "4.1.0":
        part = (corpus / "modules" / "argon-system-part1@4.1.0.bin").read_bytes()
        host.device.hardware.memory.replace(0x30000, part)
    assert rebooted(host) is Mode.NORMAL
    assert host.device.modules[1].size in (3652, 469386)


def test_real_p2_firmware_is_found_and_checked(new_host: NewHost, corpus: Path) -> None:
    host = new_host(P2, release="5.6.0")
    for name in ("p2-bootloader@5.6.0.bin", "p2-tinker@5.3.1.bin", "p2-user-part-prefix-extensions.bin"):
        data = (corpus / "modules" / name).read_bytes()
        offset = 32 if "bootloader" in name else 0
        start = int.from_bytes(data[offset : offset + 4], "little")
        host.device.hardware.memory.replace(start, data)
        if "extensions" not in name:
            assert rebooted(host) is Mode.NORMAL
    assert rebooted(host) is Mode.SAFE  # two assets are asked for
