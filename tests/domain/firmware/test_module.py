"""A module is read into fields and written back from them."""

from __future__ import annotations

import contextlib
import struct

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.modules import modules

from particle_cli.domain.firmware.build import build_module, fitted
from particle_cli.domain.firmware.errors import FirmwareError, ModuleBroken, ModuleCut, NotAModule
from particle_cli.domain.firmware.extensions import END, Extension
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency, Module, parse_module, sealed, write_module
from particle_cli.domain.firmware.prefix import PREFIX_EXTENSIONS


def tinker(payload: bytes = b"code " * 40) -> Module:
    return build_module(
        platform_id=13,
        function=ModuleFunction.USER_PART,
        index=2,
        version=6,
        start_address=0xB4000,
        payload=payload,
        dependencies=[Dependency(ModuleFunction.SYSTEM_PART, 1, 4006)],
        product=(13, 3),
    )


def test_the_bytes_of_a_built_module_are_those_of_the_format() -> None:
    data = write_module(tinker(b"code"))
    end = 0xB4000 + 24 + 4 + 40
    assert data[:24] == bytes.fromhex("00400b00") + struct.pack("<I", end) + bytes.fromhex(
        "0000 0600 0d00 05 02 04 01 a60f 00 00 0000"
    )
    assert data[24:28] == b"code"
    assert data[28:34] == bytes.fromhex("0d00 0300 0000")
    assert data[66:68] == bytes.fromhex("2800")
    assert len(data) == 24 + 4 + 40 + 4


@given(modules())
def test_what_is_written_reads_back_equal(module: Module) -> None:
    data = write_module(module)
    again = parse_module(data, name="made.bin")
    assert again == module
    assert write_module(again) == data
    assert again.size == len(data)
    assert again.crc_ok
    assert again.suffix.sha256 == again.computed_sha256()


@given(modules(), st.binary(max_size=40))
def test_what_follows_the_declared_end_is_kept_apart(module: Module, padding: bytes) -> None:
    again = parse_module(write_module(module) + padding, name="padded.bin")
    assert again.trailing == padding
    assert evolve(again, trailing=b"") == module
    assert again.crc_ok


@given(modules(), st.data())
def test_changed_and_cut_files_end_in_a_value_or_in_our_own_error(
    module: Module, data: st.DataObject
) -> None:
    damaged = bytearray(write_module(module))
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    kept = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    with contextlib.suppress(FirmwareError):
        assert write_module(parse_module(kept, name="damaged.bin")) == kept


@given(st.binary(max_size=600))
def test_arbitrary_bytes_end_in_a_value_or_in_our_own_error(data: bytes) -> None:
    with contextlib.suppress(FirmwareError):
        assert write_module(parse_module(data, name="any")) == data


def test_the_payload_is_a_view_of_what_was_read() -> None:
    data = write_module(tinker())
    payload = parse_module(data, name="tinker.bin").payload
    assert isinstance(payload, memoryview)
    assert payload.obj is data


def test_firmware_does_not_show_in_a_representation() -> None:
    text = repr(tinker(b"a secret in the code"))
    assert "secret" not in text
    assert "version=6" in text


def test_one_changed_field_changes_its_own_bytes_only() -> None:
    module = tinker()
    before, after = (
        write_module(module),
        write_module(evolve(module, prefix=evolve(module.prefix, version=7))),
    )
    assert [at for at in range(len(before)) if before[at] != after[at]] == [10]


def test_sealing_makes_hash_and_crc_right_again_and_nothing_else() -> None:
    module = tinker()
    changed = sealed(evolve(module, prefix=evolve(module.prefix, version=7)))
    assert changed.crc_ok
    assert changed.uuid == changed.computed_sha256().hex() != module.uuid
    assert evolve(changed.prefix, version=6) == module.prefix
    assert changed.payload == module.payload


def test_a_flipped_bit_in_the_payload_shows_in_the_crc() -> None:
    data = bytearray(write_module(tinker()))
    data[40] ^= 1
    module = parse_module(bytes(data), name="flipped.bin")
    assert not module.crc_ok
    assert module.crc != module.computed_crc()


def test_further_dependencies_become_records() -> None:
    wanted = [Dependency(4, 1, 3000), Dependency(2, 0, 400), Dependency(7, 0, 5)]
    module = build_module(
        platform_id=12,
        function=5,
        index=1,
        version=1,
        start_address=0,
        payload=b"",
        dependencies=wanted,
        product=(12, 1),
    )
    assert parse_module(write_module(module), name="x").dependencies == tuple(wanted)


def test_a_module_that_grows_left_keeps_its_end() -> None:
    module = build_module(
        platform_id=32,
        function=5,
        index=1,
        version=6,
        end_address=0x085FFFFC,
        payload=bytes(1000),
        product=(32, 1),
    )
    assert module.prefix.end_address == 0x085FFFFC
    assert module.prefix.start_address == 0x085FFFFC - (24 + 1000 + 40)


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", NotAModule, "is empty"),
        (bytes(20), NotAModule, "has 20 bytes; a module has at least 64"),
        (b"#include <stdio.h>\n" * 20, NotAModule, "no Particle firmware"),
        (write_module(tinker())[:-10], ModuleCut, "declares 268 bytes, the file has 258"),
    ],
)
def test_what_is_no_module_is_refused(data: bytes, error: type[FirmwareError], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        parse_module(data, name="x.bin")
    assert caught.value.message.startswith("Could not parse x.bin: ")


def test_a_suffix_that_cannot_be_is_refused_with_its_place() -> None:
    data = bytearray(write_module(tinker()))
    data[-6:-4] = b"\xff\x7f"
    with pytest.raises(ModuleBroken, match="invalid suffix size 32767 at offset 0x106"):
        parse_module(bytes(data), name="x.bin")


def test_a_number_too_large_for_its_field_is_our_own_error() -> None:
    module = tinker()
    with pytest.raises(ModuleBroken, match="does not fit"):
        write_module(evolve(module, prefix=evolve(module.prefix, version=70000)))


def test_the_writer_wants_one_end_of_the_module() -> None:
    with pytest.raises(ValueError, match="either"):
        build_module(platform_id=6, function=5, index=1, version=1, payload=b"")


def test_a_file_of_nothing_but_records_is_given_up() -> None:
    module = evolve(tinker(), prefix=evolve(tinker().prefix, flags=PREFIX_EXTENSIONS))
    record = Extension(0x20, b"")
    many = evolve(module, prefix=evolve(module.prefix, extensions=(record,) * 5000 + (END,)))
    with pytest.raises(ModuleBroken, match="more than 2048 extension records"):
        parse_module(write_module(fitted(many)), name="x.bin")
