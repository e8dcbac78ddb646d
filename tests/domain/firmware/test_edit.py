"""Records are added, replaced and removed in the place that the platform has for them."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.modules import modules, records

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.combined import combine
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.edit import add_extensions, remove_extensions
from particle_cli.domain.firmware.errors import FirmwareError, LimitExceeded, ModuleUnsuited
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.module import Module, parse_module, write_module
from particle_cli.domain.firmware.protected import is_protected, protected_module, require_protectable
from particle_cli.domain.firmware.records import location_record, name_record, product_record, security_record
from particle_cli.domain.platforms.errors import UnknownPlatform

ONE, TWO = Extension(0x77, b"one"), Extension(0x78, b"two!")
NAME = name_record("n")


def boron(**changes: object) -> Module:
    fields: dict[str, object] = {
        "platform_id": 13,
        "function": 5,
        "index": 2,
        "version": 1,
        "start_address": 0xB4000,
        "payload": b"code",
        "product": (13, 1),
    }
    return build_module(**(fields | changes))  # type: ignore[arg-type]


def p2() -> Module:
    return boron(
        platform_id=32,
        index=1,
        start_address=None,
        end_address=0x085FFFFC,
        product=None,
        suffix_extensions=[location_record(0, 1, 2), product_record(32, 1)],
    )


def kinds(extensions: tuple[Extension, ...]) -> list[int]:
    return [extension.type for extension in extensions]


def test_records_go_to_the_front_of_the_suffix_and_end_with_end() -> None:
    module = add_extensions(add_extensions(boron(), [ONE]), [TWO, NAME])
    assert kinds(module.suffix.extensions) == [0x78, ExtensionType.NAME, 0x77, ExtensionType.END]
    assert module.suffix.product == (13, 1)
    assert module.prefix.start_address == 0xB4000
    assert module.crc_ok


def test_records_of_a_module_that_grows_left_go_behind_the_prefix() -> None:
    module = add_extensions(add_extensions(p2(), [ONE]), [TWO])
    assert kinds(module.prefix.extensions) == [0x77, 0x78, ExtensionType.END]
    assert module.prefix.end_address == 0x085FFFFC
    assert module.prefix.start_address % 8 == 0
    location = module.suffix.extensions[0]
    assert location.data[:4] == module.prefix.start_address.to_bytes(4, "little")
    assert module.size == module.length


def test_replacing_drops_records_of_the_same_type_only() -> None:
    module = add_extensions(boron(), [ONE, TWO])
    other = evolve(ONE, data=b"other")
    assert add_extensions(module, [other], replace=True).suffix.extensions[:2] == (other, TWO)
    assert kinds(add_extensions(module, [other]).suffix.extensions)[:3] == [0x77, 0x77, 0x78]


def test_missing_product_data_are_written_as_none() -> None:
    assert add_extensions(boron(product=None), [ONE]).suffix.product == (0xFFFF, 0xFFFF)


def test_removing_what_is_not_there_changes_nothing() -> None:
    for module in (boron(), p2(), add_extensions(boron(), [ONE])):
        assert remove_extensions(module, {ExtensionType.ASSET_DEPENDENCY}) is module


def test_removing_leaves_the_end_record() -> None:
    assert kinds(remove_extensions(add_extensions(boron(), [ONE]), {0x77}).suffix.extensions) == [0]
    emptied = remove_extensions(add_extensions(p2(), [ONE]), {0x77})
    assert kinds(emptied.prefix.extensions) == [0]
    assert emptied.prefix.size in range(28, 37)


def test_records_in_the_other_place_are_removed_too() -> None:
    module = boron(
        platform_id=32,
        index=1,
        start_address=0x085F0000,
        suffix_extensions=[ONE],
        prefix_extensions=[ONE, TWO],
    )
    cleaned = remove_extensions(module, {0x77})
    assert kinds(cleaned.extensions) == [0x78, 0, 0]


@given(modules(max_payload=60), st.lists(records(), min_size=1, max_size=3))
def test_what_is_added_is_there_in_a_sound_module(module: Module, new: list[Extension]) -> None:
    try:
        changed = add_extensions(module, new)
    except FirmwareError:
        return
    again = parse_module(write_module(changed), name="changed.bin")
    assert again == changed
    assert again.crc_ok
    assert again.size == again.length
    for record in new:
        assert record in again.extensions
    assert again.payload == module.payload
    assert again.suffix.product == module.suffix.product or module.suffix.product is None


@pytest.mark.parametrize(
    ("module", "new", "error", "says"),
    [
        (boron(), [], ModuleUnsuited, "no extensions"),
        (compressed(boron()), [ONE], ModuleUnsuited, "compressed"),
        (combine([boron(), boron()]), [ONE], ModuleUnsuited, "combined"),
        (evolve(boron(), trailing=b"\xff"), [ONE], ModuleUnsuited, "declares 72 bytes and has 73"),
        (boron(platform_id=99), [ONE], UnknownPlatform, "99"),
        (boron(payload=bytes(262144 - 72)), [ONE], LimitExceeded, "platform size limits"),
        (boron(index=1, payload=bytes(131072 - 72)), [ONE], LimitExceeded, "131072 at most"),
        (boron(preamble=bytes(512), prefix_extensions=[TWO]), [ONE], ModuleUnsuited, "vector table"),
    ],
)
def test_what_cannot_take_records_is_refused(
    module: Module, new: list[Extension], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        add_extensions(module, new)


def test_a_system_part_is_not_held_to_the_size_of_applications() -> None:
    large = boron(function=4, index=1, start_address=0x30000, payload=bytes(640_000))
    assert add_extensions(large, [ONE]).crc_ok


def test_a_bootloader_is_protected_by_a_record_in_its_suffix() -> None:
    plain = boron(function=2, index=0, version=3000, start_address=0xF4000, preamble=bytes(512))
    guarded = protected_module(plain, b"certificate")
    assert is_protected(guarded)
    assert not is_protected(plain)
    assert guarded.suffix.extensions[0] == security_record(1, b"certificate")
    assert protected_module(guarded, b"certificate") == guarded
    require_protectable(plain)


@pytest.mark.parametrize("changes", [{"function": 5}, {"index": 1}, {"version": 2999}])
def test_other_modules_protect_nothing(changes: dict[str, int]) -> None:
    with pytest.raises(ModuleUnsuited, match="not supported for this binary"):
        require_protectable(boron(**{"function": 2, "index": 0, "version": 3000, **changes}))


def test_a_record_without_a_mode_protects_nothing() -> None:
    empty = boron(function=2, index=0, suffix_extensions=[Extension(ExtensionType.SECURITY_MODE, b"")])
    assert not is_protected(empty)
