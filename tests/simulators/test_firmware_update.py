"""Firmware over control requests: received, checked, applied at the reset, whatever the power does."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from random import Random

import pytest
from attrs import evolve
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host
from tests.simulators.test_boot import application, renumbered

from particle_cli.domain.control.messages import storage_pb2
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Module, parse_module, sealed, write_module
from particle_cli.domain.firmware.protected import protected_module
from particle_cli.domain.firmware.records import AssetDependency
from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.factory import factory_image
from particle_cli.simulators.firmware.boot import Mode

ARGON, P2, PHOTON = 12, 32, 6


def part(number: int, function: int, index: int, release: str | None = None) -> Module:
    for one in factory_image(platform(number), release, small=True):
        if (one.module.prefix.function, one.module.prefix.index) == (function, index):
            return one.module
    raise LookupError(function)


def start(host: Host, size: int) -> int:
    message = storage_pb2.StartFirmwareUpdateRequest(size=size)
    result, reply = host.request(250, message.SerializeToString())
    if result == 0:
        assert reply.hex() == "088008"
    return result


def send(host: Host, data: bytes) -> int:
    message = storage_pb2.FirmwareUpdateDataRequest(data=data)
    return host.request(253, message.SerializeToString())[0]


def finish(host: Host, *, validate_only: bool = False) -> int:
    message = storage_pb2.FinishFirmwareUpdateRequest(validate_only=validate_only)
    return host.request(251, message.SerializeToString())[0]


def receive(host: Host, data: bytes) -> None:
    assert start(host, len(data)) == 0
    for at in range(0, len(data), 1024):
        assert send(host, data[at : at + 1024]) == 0


def update(host: Host, data: bytes) -> int:
    receive(host, data)
    return finish(host)


def asset(name: str, content: bytes) -> tuple[bytes, AssetDependency]:
    from particle_cli.domain.firmware.assets import asset_module

    made = asset_module(content, name)
    return write_module(made), AssetDependency(name, sha256(content).digest())


def test_an_application_is_taken_and_runs_after_the_reset(boron: Host) -> None:
    data = write_module(application("fresh", size=3000))
    receive(boron, data)
    assert str(boron.device.led) == "blinking magenta"
    assert finish(boron) == 0
    assert boron.mode() is Mode.NORMAL
    assert boron.settle() is Mode.NORMAL
    assert boron.device.functions == ("fresh",)
    assert boron.device.hardware.memory.read(0xB4000, len(data)) == data


def test_erasing_the_room_takes_its_time(boron: Host) -> None:
    boron.waited_ms = 0
    assert start(boron, 40_000) == 0
    assert boron.waited_ms == 10 * 50


@pytest.mark.parametrize(
    ("number", "function", "index"),
    [
        (BORON, ModuleFunction.BOOTLOADER, 0),
        (BORON, ModuleFunction.SYSTEM_PART, 1),
        (BORON, ModuleFunction.RADIO_STACK, 0),
        (ARGON, ModuleFunction.NCP_FIRMWARE, 0),
        (P2, ModuleFunction.BOOTLOADER, 0),
        (P2, ModuleFunction.BOOTLOADER, 2),
        (P2, ModuleFunction.SYSTEM_PART, 1),
        (P2, ModuleFunction.USER_PART, 1),
        (PHOTON, ModuleFunction.BOOTLOADER, 0),
        (PHOTON, ModuleFunction.SYSTEM_PART, 2),
    ],
)
def test_every_kind_of_module_is_put_in_its_place(
    new_host: NewHost, number: int, function: int, index: int
) -> None:
    host = new_host(number)
    module = part(number, function, index)
    newer = sealed(evolve(module, prefix=evolve(module.prefix, version=module.prefix.version + 1)))
    if function == ModuleFunction.RADIO_STACK:
        content = bytearray(module.payload)
        content[0x200C] += 1
        newer = sealed(evolve(newer, payload=bytes(content)))
    assert update(host, write_module(newer)) == 0
    assert host.settle() in (Mode.NORMAL, Mode.SAFE), host.device.verdict.reason
    versions = {(one.prefix.function, one.prefix.index): one.prefix.version for one in host.device.modules}
    assert versions[function, index] == module.prefix.version + 1
    found = {(one.prefix.function, one.prefix.index): one for one in host.device.modules}
    assert found[function, index].usable


def test_the_master_boot_record_of_rtl872x_is_never_taken(new_host: NewHost) -> None:
    assert update(new_host(P2), write_module(part(P2, ModuleFunction.BOOTLOADER, 1))) == -1300


@pytest.mark.parametrize("size", [0, 1500 * 1024 + 1])
def test_sizes_that_cannot_be(boron: Host, size: int) -> None:
    assert start(boron, size) == -1351


def test_updates_may_be_disabled(boron: Host) -> None:
    boron.device.updates_enabled = False
    assert start(boron, 1000) == -1380


def test_an_update_from_the_cloud_comes_first(boron: Host) -> None:
    boron.device.updating = True
    assert boron.request(250, b"\x08\x01") == (-210, b"")
    assert boron.request(252) == (0, b"")
    assert boron.device.updating


def test_a_compressed_transfer_is_not_supported(boron: Host) -> None:
    message = storage_pb2.StartFirmwareUpdateRequest(size=1000, format=storage_pb2.MINIZ)
    assert boron.request(250, message.SerializeToString())[0] == -120


def test_data_without_an_update(boron: Host) -> None:
    assert send(boron, b"x") == -210
    assert finish(boron) == -210
    assert boron.request(252) == (0, b"")


@pytest.mark.parametrize("piece", [b"", b"x" * 101])
def test_data_that_does_not_fit_ends_the_update(boron: Host, piece: bytes) -> None:
    assert start(boron, 100) == 0
    assert send(boron, piece) == -290
    assert send(boron, b"x") == -210


def test_finishing_too_early_ends_the_update(boron: Host) -> None:
    assert start(boron, 100) == 0
    assert send(boron, b"x" * 99) == 0
    assert finish(boron) == -210
    assert send(boron, b"x") == -210


def test_data_that_cannot_be_decoded_ends_the_update(boron: Host) -> None:
    assert start(boron, 100) == 0
    assert boron.request(253, b"\xff\xff")[0] == -280
    assert send(boron, b"x") == -210


def test_cancelling(boron: Host) -> None:
    assert start(boron, 100) == 0
    assert boron.request(252)[0] == 0
    assert send(boron, b"x") == -210


def test_a_new_start_replaces_the_update(boron: Host) -> None:
    data = write_module(application("fresh"))
    assert start(boron, 5000) == 0
    assert send(boron, b"old") == 0
    assert update(boron, data) == 0


def test_validating_only(boron: Host) -> None:
    receive(boron, write_module(application("fresh")))
    assert finish(boron, validate_only=True) == 0
    assert send(boron, b"x") == -210
    assert boron.settle() is Mode.NORMAL
    assert "fresh" not in boron.device.functions


def _with(module: Module, **fields: int) -> bytes:
    """Write the module with other numbers in its prefix."""
    return write_module(renumbered(module, **fields))


def _flipped() -> bytes:
    data = bytearray(write_module(application()))
    data[60] ^= 1
    return bytes(data)


BAD: dict[str, tuple[Callable[[], bytes], int]] = {
    "no module": (lambda: b"\x5a" * 200, -1300),
    "cut": (lambda: write_module(application())[:-10], -1300),
    "no such slot": (lambda: _with(application(), index=7), -1300),
    "damaged": (_flipped, -1330),
    "another platform": (lambda: _with(application(), platform_id=ARGON), -1360),
    "outside its slot": (lambda: write_module(application(start=0xF3F80)), -1300),
    "elsewhere in its slot": (lambda: write_module(application(start=0xB5000)), -1350),
    "dropped behind a vector table": (lambda: _with(part(BORON, 2, 0), flags=1), -1370),
    "a compressed radio stack": (lambda: _with(part(BORON, 8, 0), flags=3), -1310),
    "a co-processor it has not": (lambda: _with(part(ARGON, 7, 0), platform_id=BORON), -1310),
    "an unmet need": (
        lambda: write_module(
            sealed(
                evolve(
                    part(BORON, 4, 1),
                    prefix=evolve(
                        part(BORON, 4, 1).prefix,
                        dependency2=evolve(part(BORON, 4, 1).prefix.dependency2, version=203),
                    ),
                )
            )
        ),
        -1340,
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_and_leaves_everything_as_it_was(boron: Host, what: str) -> None:
    make, result = BAD[what]
    assert update(boron, make()) == result
    assert not boron.device.agenda.pending
    assert boron.request(252)[0] == 0
    boron.device.reset()
    assert boron.settle() is Mode.NORMAL
    assert "digitalRead" in boron.device.functions


def test_an_application_before_its_system_waits_in_safe_mode(boron: Host) -> None:
    assert update(boron, write_module(application("ahead", needs=6300))) == 0
    assert boron.settle() is Mode.SAFE


def test_an_older_system_part_that_another_needs_newer_is_refused(new_host: NewHost) -> None:
    host = new_host(PHOTON)
    assert update(host, write_module(part(PHOTON, 4, 1, "2.3.1"))) == -1340


def test_a_new_application_silences_the_old_slot(boron: Host) -> None:
    old = write_module(application("old", start=0xD4000, index=1))
    boron.device.hardware.memory.replace(0xD4000, old)
    boron.device.reset()
    boron.settle()
    assert boron.device.functions == ("old",)
    assert update(boron, write_module(application("new"))) == 0
    boron.settle()
    assert boron.device.functions == ("new",)


def test_assets_bring_an_application_out_of_safe_mode(boron: Host) -> None:
    first, needs_first = asset("a.txt", b"Particle " * 100)
    second, needs_second = asset("b", bytes(range(256)) * 30)
    app = write_module(application("pictures", assets=(needs_first, needs_second)))
    assert update(boron, app) == 0
    assert boron.settle() is Mode.SAFE
    assert update(boron, first) == 0
    assert boron.settle() is Mode.SAFE
    reply = storage_pb2.GetAssetInfoReply.FromString(boron.request(91)[1])
    assert [(one.name, one.hash, one.size, one.storage_size) for one in reply.available] == [
        ("a.txt", needs_first.hash, len(first), 4096)
    ]
    assert [one.name for one in reply.required] == ["a.txt", "b"]
    assert update(boron, second) == 0
    assert boron.settle() is Mode.NORMAL
    assert boron.device.functions == ("pictures",)
    assert boron.device.hardware.memory.read(0x802E_0000, len(first)) == first


def test_assets_that_nobody_asks_for_make_room(boron: Host) -> None:
    old, needs_old = asset("old", b"old" * 2000)
    new, needs_new = asset("new", b"new" * 2000)
    update(boron, write_module(application(assets=(needs_old,))))
    boron.settle()
    update(boron, old)
    assert boron.settle() is Mode.NORMAL
    update(boron, write_module(application(assets=(needs_new,))))
    boron.settle()
    assert update(boron, new) == 0
    assert boron.settle() is Mode.NORMAL
    reply = storage_pb2.GetAssetInfoReply.FromString(boron.request(91)[1])
    assert [one.name for one in reply.available] == ["new"]


def test_a_broken_asset(boron: Host) -> None:
    data, _ = asset("a", b"x" * 500)
    damaged = bytearray(data)
    damaged[33] ^= 1
    assert update(boron, bytes(damaged)) == -1330
    module = parse_module(data, name="a")
    nameless = sealed(evolve(module, suffix=evolve(module.suffix, extensions=module.suffix.extensions[-1:])))
    assert update(boron, _with(nameless, end_address=len(write_module(nameless)) - 4)) == -1370


def test_a_large_update_lies_over_the_assets_of_a_small_chip(boron: Host) -> None:
    data, needs = asset("a", b"x" * 500)
    update(boron, write_module(application(assets=(needs,))))
    boron.settle()
    update(boron, data)
    assert boron.settle() is Mode.NORMAL
    assert start(boron, 606208) == 0
    assert storage_pb2.GetAssetInfoReply.FromString(boron.request(91)[1]).available
    assert start(boron, 606209) == 0
    assert not storage_pb2.GetAssetInfoReply.FromString(boron.request(91)[1]).available


def test_compressed_firmware(boron: Host) -> None:
    app = application("packed", size=20_000)
    data = write_module(compressed(app))
    assert len(data) < 5000
    assert update(boron, data) == 0
    assert boron.settle() is Mode.NORMAL
    assert boron.device.functions == ("packed",)
    assert boron.device.hardware.memory.read(0xB4000, app.size) == write_module(app)
    assert update(boron, write_module(compressed(part(BORON, 4, 1)))) == 0
    assert boron.settle() is Mode.NORMAL


def test_a_deflate_stream_that_is_none(boron: Host) -> None:
    module = compressed(application("packed", size=20_000))
    payload = bytearray(module.payload)
    payload[8:] = b"\xff" * len(payload[8:])
    assert update(boron, write_module(sealed(evolve(module, payload=bytes(payload))))) == -1330
    payload[2] = 1  # no such method
    assert update(boron, write_module(sealed(evolve(module, payload=bytes(payload))))) == -1330


def test_two_modules_in_one(boron: Host) -> None:
    both = combine([part(BORON, 4, 1), application("second")])
    assert update(boron, write_module(both)) == 0
    assert boron.settle() is Mode.NORMAL
    assert boron.device.functions == ("second",)


def test_a_second_update_before_the_reset_takes_the_place_of_the_first(boron: Host) -> None:
    for name in "abcdefgh":
        assert update(boron, write_module(application(name))) == 0
    assert boron.settle() is Mode.NORMAL
    assert boron.device.functions == ("h",)


def test_a_protected_device_takes_nothing_that_ends_its_protection(boron: Host) -> None:
    open_bootloader = part(BORON, 2, 0)
    locked = protected_module(open_bootloader)
    assert update(boron, write_module(locked)) == 0
    assert boron.settle() is Mode.NORMAL
    assert boron.request(76) == (0, b"\x08\x01")
    assert boron.request(90)[0] == -1801
    assert boron.request(20)[0] == 0
    boron.device.override_resets = 10
    assert boron.request(76) == (0, b"\x10\x01")
    info = storage_pb2.GetModuleInfoReply.FromString(boron.request(90)[1])
    assert [one.security.mode for one in info.modules] == [1, 0, 0, 0]
    assert update(boron, write_module(open_bootloader)) == -1801
    assert update(boron, _with(part(BORON, 4, 1), version=5900)) == -1801
    assert update(boron, write_module(locked)) == 0
    assert boron.settle() is Mode.NORMAL
    assert update(boron, write_module(application("mine"))) == 0
    assert boron.settle() is Mode.NORMAL
    assert boron.device.functions == ("mine",)


def test_assets_have_limits(boron: Host) -> None:
    for size in (610_000, 1_150_000):
        too_large, _ = asset("large", Random(1).randbytes(size))
        assert update(boron, too_large) == -190
    names = ("a", "b", "c")
    made = [asset(name, Random(name).randbytes(370_000)) for name in names]
    assert update(boron, write_module(application(assets=tuple(needs for _, needs in made)))) == 0
    boron.settle()
    results = []
    for data, _ in made:
        results.append(update(boron, data))
        boron.settle()
    assert results == [0, 0, 0]
    assert boron.mode() is Mode.NORMAL
    extra, needs = asset("d", Random("d").randbytes(200_000))
    wanted = (*(needs for _, needs in made), needs)
    assert update(boron, write_module(application(assets=wanted))) == 0
    boron.settle()
    assert update(boron, extra) == -190
    assert update(boron, made[1][0]) == 0  # the same again takes its own place
    boron.settle()
    reply = storage_pb2.GetAssetInfoReply.FromString(boron.request(91)[1])
    assert sorted(one.name for one in reply.available) == ["a", "b", "c"]


def test_a_valid_application_reports_the_assets_it_asks_for(boron: Host) -> None:
    data, needs = asset("a", b"x")
    update(boron, write_module(application(assets=(needs,))))
    boron.settle()
    info = storage_pb2.GetModuleInfoReply.FromString(boron.request(90)[1])
    assert [(one.name, one.hash) for one in info.modules[2].asset_dependencies] == [("a", needs.hash)]
    assert update(boron, data) == 0


def test_power_that_fails_while_an_asset_is_stored(boron: Host) -> None:
    data, needs = asset("a", Random(1).randbytes(9000))
    update(boron, write_module(application(assets=(needs,))))
    assert boron.settle() is Mode.SAFE
    receive(boron, data)
    boron.device.cut_power_during(4)
    with pytest.raises((AssertionError, IndexError)):
        finish(boron)
    assert boron.settle() is Mode.SAFE
    assert boron.request(91)[1] == b"\x12" + bytes((37,)) + b"\x0a\x20" + needs.hash + b"\x12\x01a"
    assert update(boron, data) == 0
    assert boron.settle() is Mode.NORMAL


def test_a_factory_reset_brings_the_first_application_back(boron: Host) -> None:
    update(boron, write_module(application("fresh")))
    boron.settle()
    assert boron.device.functions == ("fresh",)
    boron.request(41)
    assert boron.settle() is Mode.NORMAL
    assert "digitalRead" in boron.device.functions


@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.99])
@pytest.mark.parametrize(
    ("number", "function", "index"),
    [
        (BORON, ModuleFunction.BOOTLOADER, 0),
        (P2, ModuleFunction.BOOTLOADER, 2),
        (BORON, ModuleFunction.USER_PART, 2),
    ],
)
def test_power_may_fail_at_any_flash_operation_of_an_update(
    new_host: NewHost, number: int, function: int, index: int, fraction: float
) -> None:
    module = part(number, function, index)
    data = write_module(module)
    host = new_host(number)
    before = host.device.hardware.flash.operations
    assert update(host, data) == 0
    assert host.settle() is Mode.NORMAL
    operations = host.device.hardware.flash.operations - before
    assert operations > 5
    for at in range(1, operations + 1):
        host = new_host(number)
        host.device.cut_power_during(at, fraction)
        try:
            update(host, data)
        except (AssertionError, IndexError):
            assert host.mode() in (Mode.OFF, Mode.RESETTING)
        assert host.settle() is Mode.NORMAL, (at, host.device.verdict.reason)
        assert update(host, data) == 0
        assert host.settle() is Mode.NORMAL
