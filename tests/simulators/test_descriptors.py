"""Descriptors, byte for byte."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

from particle_cli.domain.platforms.catalogue import platform
from particle_cli.simulators.firmware.boot import Mode

CORE, PHOTON, P1, ELECTRON, ARGON, BORON, P2, MSOM = 0, 6, 8, 10, 12, 13, 32, 35

GEN2 = "09022400010102c0320904000000fe0102060904000100fe01020709210bff0000101a01"
P1_THIRD = "09022d00010102c0320904000000fe0102060904000100fe0102070904000200fe01020809210bff0000101a01"
NRF = "09022d00010104c0320904000000fe0102060904000100fe0102070904000200fe01020809210bff0000101a01"
RTL = "09022400010104c0320904000000fe0102050904000100fe01020609210bff0000101a01"
DFU_CONFIGURATIONS = {
    CORE: "09022400010100c0320904000000fe0102040904000100fe01020509210bff0000041a01",
    PHOTON: GEN2,
    P1: P1_THIRD,
    ELECTRON: GEN2,
    ARGON: NRF,
    BORON: NRF,
    P2: RTL,
    MSOM: RTL,
}
DFU_DEVICES = {
    CORE: "12010001000000405 01d7f6000020102030 1",
    PHOTON: "1201000200000040 042b06d0 5002 010203 01",
    BORON: "1201000200000040 042b0dd0 5102 010203 01",
    P2: "1201000200000040 042b20d0 5202 010203 01",
}
NORMAL_DEVICES = {
    PHOTON: "12010002ef020140 042b06c0 5002 010203 01",
    BORON: "12010002ef020140 042b0dc0 0201 010203 01",
    P2: "12010002ef020140 042b20c0 5102 010203 01",
}


def descriptor(host: Host, kind: int, index: int = 0, *, language: int = 0, length: int = 255) -> bytes:
    answer = host.transfer(0x80, 6, kind << 8 | index, language, length)
    assert not answer.stalled
    return answer.data


def text(host: Host, index: int) -> str:
    return descriptor(host, 3, index, language=0x0409)[2:].decode("utf-16-le")


@pytest.mark.parametrize("number", DFU_CONFIGURATIONS)
def test_the_configuration_in_dfu_mode(new_host: NewHost, number: int) -> None:
    host = new_host(number, Mode.DFU)
    whole = descriptor(host, 2)
    assert whole.hex() == DFU_CONFIGURATIONS[number]
    assert descriptor(host, 2, length=4) == whole[:4]
    assert descriptor(host, 0x21) == whole[-9:]


@pytest.mark.parametrize("number", DFU_DEVICES)
def test_the_device_in_dfu_mode(new_host: NewHost, number: int) -> None:
    host = new_host(number, Mode.DFU)
    assert descriptor(host, 1) == bytes.fromhex(DFU_DEVICES[number].replace(" ", ""))


@pytest.mark.parametrize("number", NORMAL_DEVICES)
def test_the_device_in_normal_mode(new_host: NewHost, number: int) -> None:
    host = new_host(number)
    assert descriptor(host, 1) == bytes.fromhex(NORMAL_DEVICES[number].replace(" ", ""))


@pytest.mark.parametrize(
    ("number", "product"),
    [
        (CORE, "CORE DFU "),
        (PHOTON, "Photon DFU Mode"),
        (BORON, "Boron DFU Mode"),
        (MSOM, "M-SoM DFU Mode"),
    ],
)
def test_names_in_dfu_mode(new_host: NewHost, number: int, product: str) -> None:
    host = new_host(number, Mode.DFU)
    assert text(host, 1) == ("Spark Devices     " if number == CORE else "Particle")
    assert text(host, 2) == product
    assert text(host, 3) == host.device.id
    first = {CORE: 4, MSOM: 5}.get(number, 6)
    dfu = platform(number).dfu
    assert dfu is not None
    for setting in dfu.alt_settings:
        assert text(host, first + setting.alt) == setting.descriptor


@pytest.mark.parametrize(
    ("number", "product", "control"),
    [
        (PHOTON, "Photon", "Photon Control Interface"),
        (BORON, "Boron CDC Mode", "Boron CDC Mode Control Interface"),
        (P2, "P2", "P2 Control Interface"),
    ],
)
def test_names_and_the_control_interface_in_normal_mode(
    new_host: NewHost, number: int, product: str, control: str
) -> None:
    host = new_host(number)
    assert (text(host, 1), text(host, 2), text(host, 3)) == ("Particle", product, host.device.id)
    configuration = descriptor(host, 2)
    interface = 0 if number == P2 else 2
    at = configuration.index(bytes((9, 4, interface, 0, 0, 0xFF, 0xFF, 0xFF)))
    assert text(host, configuration[at + 8]) == control
    assert int.from_bytes(configuration[2:4], "little") == len(configuration)
    assert configuration[4] == 3


def test_the_languages(boron: Host) -> None:
    assert descriptor(boron, 3).hex() == "04030904"


@pytest.mark.parametrize("index", [11, 0x80])
def test_a_string_that_is_not_there_stalls(dfu: Host, index: int) -> None:
    assert dfu.transfer(0x80, 6, 3 << 8 | index, 0x0409, 255).stalled


@pytest.mark.parametrize(
    ("number", "release", "mode", "shown"),
    [
        (BORON, "6.2.0", Mode.DFU, "sm=o\0\0\0\0"),
        (BORON, "6.1.0", Mode.DFU, None),
        (BORON, "6.2.0", Mode.NORMAL, None),
        (P2, "6.2.0", Mode.NORMAL, "sm=o\0\0\0\0"),
        (P2, "6.1.0", Mode.NORMAL, None),
        (PHOTON, None, Mode.DFU, None),
    ],
)
def test_the_protection_string(
    new_host: NewHost, number: int, release: str | None, mode: Mode, shown: str | None
) -> None:
    host = new_host(number, mode, release=release)
    answer = host.transfer(0x80, 6, 0x03FA, 0x0409, 255)
    if shown is None:
        assert answer.stalled
    else:
        assert answer.data[0] == 18
        assert answer.data[2:].decode("utf-16-le") == shown


@pytest.mark.parametrize(("release", "name"), [("4.0.2", "@DCD"), ("4.1.0", "@DCT"), ("5.0.0", "@DCD")])
def test_the_table_had_another_name_in_old_bootloaders(new_host: NewHost, release: str, name: str) -> None:
    host = new_host(BORON, Mode.DFU, release=release)
    assert text(host, 7).startswith(f"{name} Flash   /")


def test_windows_finds_its_driver(dfu: Host, boron: Host) -> None:
    assert descriptor(boron, 3, 0xEE).hex() == "1203" + "MSFT100".encode("utf-16-le").hex() + "ee00"
    compatible = dfu.raw("c0ee000004002800").data
    assert compatible.hex() == (
        "280000000001040001" + "00" * 7 + "0001" + b"WINUSB\0\0".hex() + "00" * 8 + "00" * 6
    )
    assert boron.raw("c0ee000004002800").data[16] == 2
    properties = dfu.raw("c1ee000005009200").data
    assert len(properties) == 0x92
    assert properties[:10].hex() == "92000000000105000100"
    assert "{37fb5f90-1a34-4929-933b-8a27e1850033}\0\0".encode("utf-16-le") in properties
    assert (
        "{20b6cfa4-6dc7-468a-a8db-faa7c23ddea5}\0\0".encode("utf-16-le") in boron.raw("c1ee020005009200").data
    )
    assert not any(boron.raw("c1ee000005009200").data)


def test_standard_requests(dfu: Host) -> None:
    assert dfu.raw("8000000000000200").data == b"\x01\x00"
    assert dfu.raw("8008000000000100").data == b"\x01"
    assert not dfu.raw("0009010000000000").stalled
    assert dfu.raw("0009020000000000").stalled
    assert dfu.raw("810a000000000100").data == b"\x00"
    assert not dfu.raw("010b020000000000").stalled
    assert dfu.raw("810a000000000100").data == b"\x02"
    assert dfu.raw("010b030000000000").stalled
    assert dfu.raw("010b000001000000").stalled
    assert dfu.raw("8007000000000000").stalled
    assert dfu.raw("e055000000000000").stalled
