"""The format pinned by literals: bytes of real files, and of Particle's own encoder."""

from __future__ import annotations

import hashlib
import struct

import pytest

from particle_cli.domain.firmware.assets import asset_module, env_asset_module, unwrap_asset
from particle_cli.domain.firmware.bundling import with_asset_dependencies
from particle_cli.domain.firmware.env_vars import encode_env
from particle_cli.domain.firmware.errors import ModuleBroken
from particle_cli.domain.firmware.extensions import Extension, ExtensionType
from particle_cli.domain.firmware.module import Dependency, Module, parse_module, sealed, write_module
from particle_cli.domain.firmware.protected import is_protected, protected_module
from particle_cli.domain.firmware.records import AssetDependency

TEXT = b"Particle asset sample\n" * 40
BLOB = bytes((7 * number + (number >> 3)) & 255 for number in range(1000))


def blank(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal)


def file(prefix: str, suffix: str, size: int, *, preamble: bytes = b"", crc: str = "00000000") -> bytes:
    """Put a file together from what is known of it; the body is zeros."""
    head, tail = preamble + blank(prefix), blank(suffix) + blank(crc)
    return head + bytes(size - len(head) - len(tail)) + tail


SHA = "00" * 32
TRACKER_TINKER = file(
    "00400b00 d65a0b00 00 00 0600 1a00 05 02 04 01 b514 00 00 0000",
    f"1a00 0300 0000 {SHA} 2800",
    6874,
    crc="a2b1005e",
)
P2_TINKER = file(
    "00405f08 fcff5f08 0000 0600 2000 0501 0401 b514 00000000",
    f"02001000 00405f08 88405f08 f8513f02 01000a00 ffff 2000 0400 0000 {SHA} 3e00",
    49152,
    crc="d1209425",
)
ASSETS = [
    AssetDependency("a.txt", hashlib.sha256(TEXT).digest()),
    AssetDependency("b", hashlib.sha256(BLOB).digest()),
]


def test_tinker_of_a_tracker() -> None:
    module = parse_module(TRACKER_TINKER, name="tinker.bin")
    prefix = module.prefix
    assert (prefix.start_address, prefix.end_address, prefix.flags) == (0xB4000, 0xB5AD6, 0)
    assert (prefix.version, prefix.platform_id, prefix.function, prefix.index) == (6, 26, 5, 2)
    assert module.dependencies == (Dependency(4, 1, 5301),)
    assert module.suffix.product == (26, 3)
    assert (module.suffix.size, module.crc) == (40, 0xA2B1005E)
    assert module.size == len(TRACKER_TINKER)


def test_tinker_of_a_p2_keeps_its_product_in_a_record() -> None:
    module = parse_module(P2_TINKER, name="tinker.bin")
    assert (module.prefix.start_address, module.prefix.end_address) == (0x085F4000, 0x085FFFFC)
    location, product = module.suffix.extensions
    assert location == Extension(ExtensionType.DYNAMIC_LOCATION, blank("00405f08 88405f08 f8513f02"))
    assert product.type == ExtensionType.PRODUCT_DATA
    assert (module.suffix.product, module.suffix.product_fields) == ((32, 4), None)
    assert (module.suffix.size, module.crc) == (62, 0xD1209425)


def test_assets_of_a_p2_application_go_before_its_body_and_move_its_start() -> None:
    module = with_asset_dependencies(parse_module(P2_TINKER, name="tinker.bin"), ASSETS)
    data = write_module(module)
    assert len(data) == 49240
    assert data[:112] == blank(
        "a83f5f08 fcff5f08 00 10 0600 2000 0501 0401 b514 00000000"
        "1200 2b00 00 20 3f0a9c9493e62fe865b4baa4d599dc80cb307811714f8f4fed0740f8edcfc23b 612e747874"
        "1200 2700 00 20 8904ff7ad80f2f67e9d66239879a9b351be7b5c0142cc87447b6b2042ebdec45 62"
        "0000 0600 0000"
    )
    assert data[-4 - 62 :][:8] == blank("02001000 a83f5f08")


def test_assets_of_a_tracker_application_go_into_its_suffix() -> None:
    module = with_asset_dependencies(parse_module(TRACKER_TINKER, name="tinker.bin"), ASSETS)
    data = write_module(module)
    assert len(data) == 6960
    assert module.prefix.end_address == 0xB5B2C
    assert module.suffix.size == 126
    tail = data[-4 - 126 : -4]
    assert tail[:4] == blank("12002b00")
    assert tail[43:47] == blank("12002700")
    assert tail[82:92] == blank("00000400 1a000300 0000")
    assert tail[-2:] == blank("7e00")


def test_a_bootloader_of_a_p2_is_found_behind_its_boot_header_and_protected_in_its_suffix() -> None:
    header = blank("99999696 3fcc66fc c0cd0000 00002040") + bytes(16)
    suffix = f"02001000 00400008 00000000 00000000 01000a00 ffff ffff ffff 0000 {SHA} 3e00"
    prefix = "00400008 10110108 00 00 6009 2000 02 00 02 02 0700 00 00 0000"
    plain = file(prefix, suffix, 53524, preamble=header)
    module = parse_module(plain, name="bootloader.bin")
    assert (len(module.preamble), module.prefix.version) == (32, 2400)
    assert module.dependencies == (Dependency(2, 2, 7),)
    guarded = protected_module(module)
    data = write_module(guarded)
    assert len(data) == 53529
    assert data[32:56] == blank("00400008 15110108 00 00 6009 2000 02 00 02 02 0700 00 00 0000")
    assert data[-4 - 67 :][:25] == blank("1300 0500 01 0200 1000 00400008 00000000 00000000 0100 0a00")
    assert data[-6:-4] == blank("4300")
    assert is_protected(guarded)
    assert not is_protected(module)
    assert protected_module(guarded) == guarded


PACKED_ASSET = blank(
    "00000000 a3000000 00 03 0000 0000 09 00 00000000 00000000"
    "0800 00 00 70030000"
    "0b482c2ac94cce4955482c2e4e2d51284ecc2dc849e50a18151d151d15a5812800"
    "1000 2600 00 20 3f0a9c9493e62fe865b4baa4d599dc80cb307811714f8f4fed0740f8edcfc23b"
    "1100 0e00 73616d706c652e747874"
    "0100 0a00 ffff ffff ffff"
    "0000 9371893bd1c5658dcebea3cd8ad9be5f638418f6c08b3b0056b6657ea825786e 6200 b5caf02e"
)


def test_a_compressed_asset() -> None:
    module = parse_module(PACKED_ASSET, name="sample.bin")
    assert len(PACKED_ASSET) == 167
    assert module.crc_ok
    assert sealed(module) == module
    assert unwrap_asset(module) == ("sample.txt", TEXT)


def test_a_plain_asset() -> None:
    module = asset_module(TEXT, "sample.txt", compress=False)
    assert module.length == 1006
    assert (module.prefix.flags, module.prefix.end_address) == (1, 0x3EA)
    assert module.uuid.startswith("f97e0d6a")
    assert module.uuid.endswith("309d")
    assert module.crc == 0x99DF8F5E
    assert unwrap_asset(module) == ("sample.txt", TEXT)


def test_environment_variables_as_an_asset() -> None:
    data = encode_env({"FOO": "bar", "BAZ": "qux", "QUUX": "corge", "GRAULT": "garply"})
    assert data == blank(
        "0a0a 0a03464f4f 1203626172 0a0a 0a0342415a 1203717578 0a0d 0a0451555558 1205636f726765"
        "0a10 0a06475241554c54 1206676172706c79"
    )
    module = env_asset_module(data)
    written = write_module(module)
    assert len(written) == 182
    assert written[:16] == blank("00000000 b2000000 00 01 0000 0000 09 00")
    assert blank("1100 0700 656e76 1400 0600 01 00 0100 0a00") in written
    assert (module.suffix.size, module.crc) == (0x61, 0xA5269710)


def test_no_variables_are_an_asset_without_content() -> None:
    module = env_asset_module(encode_env({}))
    assert module.length == 125
    assert module.suffix.extensions[0].data[2:] == hashlib.sha256(b"").digest()


def test_a_system_part_of_the_second_generation() -> None:
    stack = struct.pack("<I", 0x20020000)
    prefix = "00000208 a4cb0508 0000 0100 0600 04 01 00000000 00000000"
    suffix = f"0000 {SHA} 2400"
    data = file(prefix, suffix, 248744, preamble=stack + bytes(0x184 - 4), crc="5d7db471")
    module = parse_module(data, name="system.bin")
    assert len(module.preamble) == 0x184
    assert (module.prefix.start_address, module.prefix.end_address) == (0x08020000, 0x0805CBA4)
    assert (module.suffix.size, module.suffix.product, module.crc) == (36, None, 0x5D7DB471)


def test_a_monolithic_firmware_of_a_core() -> None:
    prefix = "00500008 e0a80108 0000 0000 0000 03 00 00000000 00000000"
    data = file(prefix, f"0500 0a00 0000 {SHA} 2800", 0x158E4, preamble=bytes(0x10C))
    module = parse_module(data, name="core.bin")
    assert len(module.preamble) == 0x10C
    assert (module.suffix.product_id, module.suffix.product_version) == (5, 10)


def test_a_padded_bootloader_is_read_up_to_its_declared_end() -> None:
    placeholder = bytes(range(1, 33)).hex()
    prefix = "00000008 983f0008 0000 0200 0600 02 00 00000000 00000000"
    module_bytes = file(prefix, f"0000 {placeholder} 2400", 16284, preamble=bytes(0x184), crc="78563412")
    module: Module = parse_module(module_bytes + b"\xff" * 100, name="bootloader.bin")
    assert (module.size, len(module.trailing), module.suffix.size) == (16284, 100, 36)
    assert not module.crc_ok


@pytest.mark.parametrize("length", [0, 3])
def test_a_record_shorter_than_its_header_is_named_with_its_place(length: int) -> None:
    suffix = f"1200{length:02x}00 00000000 000000 1a00 0300 0000 {SHA} 3300"
    data = file("00400b00 d65a0b00 0000 0600 1a00 0502 0401b514 00000000", suffix, 6874)
    with pytest.raises(ModuleBroken, match=f"invalid extension length {length} at offset 0x1aa5"):
        parse_module(data, name="x.bin")


@pytest.mark.parametrize("product", ["1a000300", "1a000400", "1a002800"])
def test_product_data_need_no_end_before_them(product: str) -> None:
    suffix = f"12000b00 00000000 000000 {product} 0000 {SHA} 3300"
    data = file("00400b00 d65a0b00 0000 0600 1a00 0502 0401b514 00000000", suffix, 6874)
    module = parse_module(data, name="x.bin")
    assert module.suffix.product == struct.unpack("<HH", blank(product))
    assert [record.type for record in module.extensions] == [0x12]
    assert write_module(module) == data
