"""From words to plans: files, projects, Tinker, and the Device OS that goes along."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.domain.flashing.laboratory import BORON, CORE, PHOTON, Laboratory, Listener, application
from tests.domain.flashing.making import file, target

from particle_cli.adapters.disk import Disk
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.devices.modes import to_dfu
from particle_cli.domain.firmware.bundle import NamedFile
from particle_cli.domain.firmware.bundling import create_bundle
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.functions import ModuleFunction as F
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.flashing.device_os import DeviceOsStore, DeviceOsWish, wanted_device_os
from particle_cli.domain.flashing.errors import CrcFailed, DeviceOsNotFound, NoSuchFile, SwitchUnsupported
from particle_cli.domain.flashing.execute import flash
from particle_cli.domain.flashing.firmware_file import read_firmware
from particle_cli.domain.flashing.gathering import binaries
from particle_cli.domain.flashing.local import FlashWish, Workbench, plan_local, plan_usb
from particle_cli.domain.flashing.steps import Mode, SendUpdate, WriteMemory
from particle_cli.domain.flashing.words import FlashWords, read_words
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.ports.errors import UsageError
from particle_cli.ports.http import HttpRequest, HttpResponse
from particle_cli.simulators.cloud.cloud import SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN

SOURCE = "void setup() {}\nvoid loop() {}\n"


class CountingCloud(SimulatedCloud):
    """A cloud that remembers what was asked for."""

    def __init__(self, laboratory: Laboratory) -> None:
        super().__init__(laboratory.clock)
        self.asked: list[str] = []

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request.url)
        return await super().exchange(request)


def workbench(laboratory: Laboratory, folder: Path, cloud: SimulatedCloud | None = None) -> Workbench:
    """The wires to a laboratory, a folder, and a cloud."""
    there = cloud or SimulatedCloud(laboratory.clock)

    @asynccontextmanager
    async def opened() -> AsyncIterator[CloudClient]:
        yield client(laboratory, there)

    return Workbench(
        usb=laboratory.bus,
        clock=laboratory.clock,
        files=Disk(),
        person=laboratory.person,
        cloud=opened,
        downloads=str(folder / "downloads"),
    )


def client(laboratory: Laboratory, cloud: SimulatedCloud) -> CloudClient:
    return CloudClient(cloud, laboratory.clock, api_url=cloud.origin, token=FIRST_TOKEN)


def test_who_is_the_device_among_the_words(tmp_path: Path) -> None:
    (tmp_path / "app.bin").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    binary, folder = str(tmp_path / "app.bin"), str(tmp_path / "folder")
    disk = Disk()
    assert read_words([], disk) == FlashWords(None, (".",))
    assert read_words([binary, "x.bin"], disk) == FlashWords(None, (binary, "x.bin"))
    assert read_words([folder], disk) == FlashWords(None, (folder,))
    assert read_words(["red"], disk) == FlashWords("red", (".",))
    assert read_words(["red", binary], disk) == FlashWords("red", (binary,))
    assert read_words(["tinker"], disk) == FlashWords(None, known_app="tinker")
    assert read_words(["red", "tinker"], disk) == FlashWords("red", known_app="tinker")
    assert read_words(["red"], disk, device="blue") == FlashWords("blue", ("red",))
    assert read_words(["lost.bin"], disk) == FlashWords(None, ("lost.bin",))


def test_what_is_a_binary_and_what_is_compiled(tmp_path: Path) -> None:
    disk = Disk()
    for name in ("a.bin", "b.zip", "c.txt"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "x.ino").write_text(SOURCE)
    (tmp_path / "project" / "old.bin").write_bytes(b"")
    here = str(tmp_path)
    assert binaries([here + "/a.bin"], disk) == (here + "/a.bin",)
    assert binaries([here, here + "/empty"], disk) is None  # the project below has sources
    assert binaries([here + "/project"], disk) is None
    assert binaries([here + "/c.txt"], disk) is None
    with pytest.raises(NoSuchFile, match="No files found to flash"):
        binaries([here + "/empty"], disk)
    with pytest.raises(NoSuchFile, match="I couldn't find that: nowhere"):
        binaries(["nowhere"], disk)


def test_files_that_hold_more_than_one_module() -> None:
    app = application(BORON, 9000)
    boot = file("boot", F.BOOTLOADER, 0, 3100)
    both = read_firmware(write_module(combine([boot.module, app.module])), "both.bin")
    assert [one.function for one in both] == [F.BOOTLOADER, F.USER_PART]
    assert both[1].image() == app.image()
    (inflated,) = read_firmware(write_module(compressed(app.module)), "packed.bin")
    assert inflated.image() == app.image()
    bundle = create_bundle(NamedFile("app.bin", app.image()), [NamedFile("cat.txt", b"miau")], None)
    application_file, asset = read_firmware(bundle, "bundle.zip")
    assert application_file.function == F.USER_PART
    assert (asset.name, asset.function) == ("cat.txt", F.ASSET)
    with pytest.raises(CrcFailed, match=r"CRC check failed for module bad\.bin"):
        read_firmware(app.image()[:-1] + b"\0", "bad.bin")
    damaged = combine([boot.module, app.module, app.module])
    for place, part in ((len(boot.image()) - 1, 1), (len(boot.image() + app.image()) - 1, 2)):
        content = bytearray(write_module(damaged))
        content[place] ^= 1
        with pytest.raises(CrcFailed, match=rf"bad\.bin, part {part}"):
            read_firmware(bytes(content), "bad.bin")


APP = (F.USER_PART, 2)
NEEDY = ((F.SYSTEM_PART, 1, 6200),)


@pytest.mark.parametrize(
    ("kinds", "runs", "wish", "expected"),
    [
        ([APP], 5600, DeviceOsWish(), "6200"),
        ([APP], 6200, DeviceOsWish(), None),
        ([APP], 6300, DeviceOsWish(), None),
        ([APP], None, DeviceOsWish(), None),
        ([APP], 5600, DeviceOsWish(application_only=True), None),
        ([APP], 6200, DeviceOsWish("5.6.0"), "5.6.0"),
        ([APP], 6200, DeviceOsWish("5.6.0", application_only=True), None),
        ([APP], 5600, DeviceOsWish(known_app=True), None),
        ([APP], 5600, DeviceOsWish("6.2.0", known_app=True), "6.2.0"),
        ([APP, (F.SYSTEM_PART, 1)], 5600, DeviceOsWish("6.2.0"), None),
        ([APP, (F.BOOTLOADER, 0)], 5600, DeviceOsWish(), None),
        ([(F.RADIO_STACK, 0)], 5600, DeviceOsWish("6.2.0"), None),
    ],
)
def test_when_device_os_goes_along(
    kinds: list[tuple[int, int]], runs: int | None, wish: DeviceOsWish, expected: str | None
) -> None:
    files = [file("f", *kind, 9, NEEDY if kind == APP else ()) for kind in kinds]
    device = target(None if runs is None else [(F.SYSTEM_PART, 1, runs)], in_dfu=runs is None)
    assert wanted_device_os(files, device, wish) == expected


async def test_device_os_is_downloaded_once(tmp_path: Path) -> None:
    laboratory = await Laboratory.of(BORON)
    cloud = CountingCloud(laboratory)
    person = Listener()
    store = DeviceOsStore(client(laboratory, cloud), Disk(), str(tmp_path / "cache"), person)
    first = await store.modules("6.2.0", platform(BORON))
    assert {one.function for one in first} == {F.BOOTLOADER, F.SYSTEM_PART, F.RADIO_STACK}
    assert not any(one.named for one in first)
    downloads = len(cloud.asked)
    assert downloads > 1
    assert any("Downloading Device OS 6.2.0" in line for line in person.said)
    again = await store.modules("6200", platform(BORON))
    assert [one.image() for one in again] == [one.image() for one in first]
    assert len(cloud.asked) == downloads + 1
    (damaged,) = list((tmp_path / "cache").rglob("*system-part1*"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert [one.image() for one in await store.modules("6.2.0", platform(BORON))] == [
        one.image() for one in first
    ]
    assert len(cloud.asked) == downloads + 3
    with pytest.raises(DeviceOsNotFound) as missing:
        await store.modules("1.1.1", platform(BORON))
    assert missing.value.message == "Device OS version not found for platform: 13 version: 1.1.1"


async def test_a_bundle_brings_its_assets_after_its_application(tmp_path: Path) -> None:
    laboratory = await Laboratory.of(BORON)
    app = application(BORON, 9000)
    bundle = create_bundle(
        NamedFile("app.bin", app.image()),
        [NamedFile("cat.txt", b"miau" * 99), NamedFile("dog.txt", b"wau")],
        None,
    )
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle)
    bench = workbench(laboratory, tmp_path)
    found = await laboratory.found()
    plan = await plan_local(FlashWords(None, (str(path),)), found, bench, FlashWish())
    assert [step.name for step in plan.steps if isinstance(step, SendUpdate)] == ["cat.txt", "dog.txt"]
    await flash(plan, found, usb=laboratory.bus, clock=laboratory.clock)
    assert laboratory.device.mode.value == "normal"
    assert laboratory.device.call("answer", "") == 42
    again = await plan_local(FlashWords(None, (str(path),)), await laboratory.found(), bench, FlashWish())
    assert [skipped.name for skipped in again.skipped] == ["cat.txt", "dog.txt"]


async def test_assets_that_are_there_are_skipped_when_that_is_seen_late(tmp_path: Path) -> None:
    laboratory = await Laboratory.of(BORON)
    app = application(BORON, 9000)
    (tmp_path / "b.zip").write_bytes(
        create_bundle(NamedFile("app.bin", app.image()), [NamedFile("cat.txt", b"miau")], None)
    )
    words, bench = FlashWords(None, (str(tmp_path / "b.zip"),)), workbench(laboratory, tmp_path)
    found = await laboratory.found()
    await flash(
        await plan_local(words, found, bench, FlashWish()), found, usb=laboratory.bus, clock=laboratory.clock
    )
    found = await to_dfu(laboratory.bus, laboratory.clock, await laboratory.found())
    plan = await plan_local(words, found, bench, FlashWish())
    assert plan.skipped == ()
    result = await flash(plan, found, usb=laboratory.bus, clock=laboratory.clock)
    assert [outcome.skipped for outcome in result.outcomes if isinstance(outcome.step, SendUpdate)] == [
        "it already exists on the device"
    ]


async def test_one_binary_leaves_a_device_in_dfu_mode_unless_it_is_an_application(tmp_path: Path) -> None:
    laboratory = await Laboratory.of(PHOTON, dfu=True)
    bench, found = workbench(laboratory, tmp_path), await laboratory.found()
    part = file("part1.bin", F.SYSTEM_PART, 1, 3302, platform_id=PHOTON)
    for name, content in (("part1.bin", part.image()), ("app.bin", application(PHOTON, 9000).image())):
        (tmp_path / name).write_bytes(content)
    plan = await plan_usb(str(tmp_path / "part1.bin"), found, bench, FlashWish())
    assert [type(step) for step in plan.steps] == [WriteMemory]
    assert plan.ends_in is Mode.DFU
    assert (await plan_usb(str(tmp_path / "app.bin"), found, bench, FlashWish())).ends_in is Mode.NORMAL
    with pytest.raises(UsageError, match="particle flash --local"):
        await plan_usb("bundle.zip", found, bench, FlashWish())


@pytest.mark.parametrize(("platform_id", "release"), [(CORE, None), (PHOTON, "1.5.2")])
async def test_an_old_device_has_to_be_put_in_dfu_mode_by_hand(
    platform_id: int, release: str | None, tmp_path: Path
) -> None:
    laboratory = await Laboratory.of(platform_id, release=release)
    (tmp_path / "app.bin").write_bytes(application(platform_id, 9000).image())
    with pytest.raises(SwitchUnsupported, match="Put the device in DFU mode and try again") as refused:
        await plan_local(
            FlashWords(None, (str(tmp_path / "app.bin"),)),
            await laboratory.found(),
            workbench(laboratory, tmp_path),
            FlashWish(),
        )
    assert refused.value.next_step
