"""What `binary inspect` finds in a file."""

from __future__ import annotations

import pytest
from attrs import evolve

from particle_cli.domain.firmware.build import build_module
from particle_cli.domain.firmware.compressed import compressed
from particle_cli.domain.firmware.description import module_data
from particle_cli.domain.firmware.inspection import NothingToInspect, inspect_binary
from particle_cli.domain.firmware.module import Dependency, Module, write_module
from particle_cli.domain.firmware.records import AssetDependency, asset_dependency_record

ASSET = AssetDependency("cat.txt", bytes(range(32)))


def application() -> Module:
    return build_module(
        platform_id=12,
        function=5,
        index=2,
        version=6,
        start_address=0xB4000,
        payload=bytes(100),
        dependencies=[Dependency(4, 1, 5500)],
        product=(12, 3),
        suffix_extensions=[asset_dependency_record(ASSET)],
    )


def test_a_whole_module_has_no_faults() -> None:
    bare = build_module(platform_id=12, function=5, index=2, version=6, start_address=0xB4000, payload=b"")
    assert inspect_binary(write_module(bare), name="app.bin").faults == ()


def test_a_wrong_crc_and_a_missing_asset_are_faults() -> None:
    broken = evolve(application(), crc=1)
    found = inspect_binary(write_module(broken), name="app.bin")
    assert found.faults == ("The CRC of app.bin is wrong.", "The asset cat.txt is not in the bundle.")
    assert found.assets[0].dependency == ASSET


def test_padding_without_a_finished_module_holds_nothing_to_inspect() -> None:
    unfinished = evolve(application(), crc=0x78563412)
    with pytest.raises(NothingToInspect, match=r"^app\.bin does not contain inspection information$"):
        inspect_binary(write_module(unfinished) + b"\xff" * 100, name="app.bin")


def test_padding_after_a_finished_module_does_no_harm() -> None:
    found = inspect_binary(write_module(application()) + b"\xff" * 100, name="app.bin")
    assert found.module.crc_ok
    assert len(found.module.trailing) == 100


def test_every_field_is_told_under_the_names_of_the_peer() -> None:
    module = application()
    told = module_data(module)
    assert told["prefixInfo"] == {
        "moduleStartAddy": "b4000",
        "moduleEndAddy": f"{module.prefix.end_address:x}",
        "reserved": 0,
        "moduleFlags": 0,
        "moduleVersion": 6,
        "platformID": 12,
        "moduleFunction": 5,
        "moduleIndex": 2,
        "depModuleFunction": 4,
        "depModuleIndex": 1,
        "depModuleVersion": 5500,
        "dep2ModuleFunction": 0,
        "dep2ModuleIndex": 0,
        "dep2ModuleVersion": 0,
        "prefixSize": 24,
        "prefixOffset": 0,
    }
    assert told["assets"] == [{"hashType": 0, "hash": ASSET.hash.hex(), "name": "cat.txt"}]
    assert told["platform"] == "argon"
    assert told["function"] == "user_part"
    assert told["dependencies"] == [
        {"function": "system_part", "functionNumber": 4, "index": 1, "version": 5500}
    ]


def test_with_padding_the_checksum_of_the_whole_file_is_told_too() -> None:
    module = evolve(application(), trailing=b"\xff" * 100)
    crc = module_data(module)["crc"]
    assert isinstance(crc, dict)
    assert crc["ok"] is True
    assert crc["wholeFile"]["storedCrc"] == "ffffffff"


def test_what_stands_before_compressed_data_is_told() -> None:
    packed = compressed(application(), window_bits=10)
    told = module_data(packed)["compressedHeader"]
    assert told == {"size": 8, "method": 0, "windowBits": 10, "originalSize": application().length}
    assert module_data(evolve(packed, payload=b"cut"))["compressedHeader"] is None
    assert "compressedHeader" not in module_data(application())
