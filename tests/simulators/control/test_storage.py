"""The memory of a Gen 2 device, section by section."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

from particle_cli.domain.control.messages import storage_pb2 as pb
from particle_cli.domain.firmware.module import write_module
from particle_cli.simulators.factory import factory_image

PHOTON, ELECTRON = 6, 10
DESCRIBE, READ, WRITE, CLEAR, SIZE = range(260, 265)
USER_PART, UPDATE, FACTORY, CONFIGURATION, EEPROM = 3, 4, 5, 6, 7


@pytest.fixture
def photon(new_host: NewHost) -> Host:
    return new_host(PHOTON, release="1.5.2")


def described(host: Host) -> list[tuple[int, int, int, int, int]]:
    result, reply = host.request(DESCRIBE)
    assert result == 0
    (storage,) = pb.DescribeStorageReply.FromString(reply).storage
    assert storage.type == pb.INTERNAL
    return [
        (one.type, one.size, one.flags, one.firmware_module.type, one.firmware_module.index)
        for one in storage.sections
    ]


def read(host: Host, section: int, offset: int, size: int) -> tuple[int, bytes]:
    message = pb.ReadSectionDataRequest(section=section, offset=offset, size=size)
    result, reply = host.request(READ, message.SerializeToString())
    return result, pb.ReadSectionDataReply.FromString(reply).data


def write(host: Host, section: int, offset: int, data: bytes) -> int:
    message = pb.WriteSectionDataRequest(section=section, offset=offset, data=data)
    return host.request(WRITE, message.SerializeToString())[0]


def of(section: int, storage: int = 0) -> bytes:
    return pb.GetSectionDataSizeRequest(storage=storage, section=section).SerializeToString()


def size(host: Host, section: int) -> int:
    result, reply = host.request(SIZE, of(section))
    assert result == 0
    return pb.GetSectionDataSizeReply.FromString(reply).size


def test_the_sections_of_a_photon(photon: Host) -> None:
    assert described(photon) == [
        (1, 16384, 0x09, 1, 0),
        (1, 262144, 0x09, 2, 1),
        (1, 262144, 0x09, 2, 2),
        (1, 131072, 0x09, 3, 0),
        (2, 262144, 0x09, 0, 0),
        (3, 131072, 0x1F, 0, 0),
        (4, 8391, 0x03, 0, 0),
        (5, 2047, 0x07, 0, 0),
    ]


def test_the_sections_of_an_electron(new_host: NewHost) -> None:
    host = new_host(ELECTRON, release="1.5.2")
    assert [kind for kind, *_ in described(host)] == [1, 1, 1, 1, 1, 2, 3, 4, 5]
    assert [index for *_, kind, index in described(host) if kind == pb.SYSTEM_PART] == [1, 2, 3]
    third = next(
        part.module
        for part in factory_image(host.device.platform, "1.5.2", small=True)
        if (part.module.prefix.function, part.module.prefix.index) == (4, 3)
    )
    assert size(host, 3) == third.size
    assert read(host, 3, 0, third.size) == (0, write_module(third))


def test_reading_firmware(photon: Host) -> None:
    installed = photon.device.verdict.application
    assert installed
    assert installed.module
    assert size(photon, USER_PART) == installed.size
    assert read(photon, USER_PART, 0, installed.size) == (0, write_module(installed.module))
    assert size(photon, UPDATE) == 0
    assert size(photon, FACTORY) == installed.size


def test_a_module_that_is_not_there(photon: Host) -> None:
    photon.device.hardware.memory.erase(0x080A_0000, 4096)
    photon.device.reset()
    photon.settle()
    assert size(photon, USER_PART) == 0
    assert read(photon, USER_PART, 131070, 2) == (0, b"\xff\xff")


def test_writing_factory_firmware(photon: Host) -> None:
    start = 0x080E_0000
    assert photon.request(CLEAR, of(FACTORY)) == (0, b"")
    assert photon.waited_ms > 500  # a sector of 128 KiB
    assert size(photon, FACTORY) == 0
    assert write(photon, FACTORY, 4096, b"abc") == 0
    assert write(photon, FACTORY, 4096, b"\xff\x00b") == 0  # without a clear, bits only fall
    assert photon.device.hardware.memory.read(start + 4096, 3) == b"a\x00b"
    assert write(photon, FACTORY, 131071, b"ab") == -290


def test_configuration_and_eeprom(photon: Host) -> None:
    assert write(photon, CONFIGURATION, 1762, b"code") == 0
    assert read(photon, CONFIGURATION, 1762, 4) == (0, b"code")
    assert read(photon, EEPROM, 0, 2047) == (0, b"\xff" * 2047)
    assert write(photon, EEPROM, 10, b"first") == 0
    assert write(photon, EEPROM, 10, b"again") == 0
    photon.device.reset()
    photon.settle()
    assert read(photon, EEPROM, 9, 7) == (0, b"\xffagain\xff")
    assert photon.request(CLEAR, of(EEPROM)) == (0, b"")
    assert read(photon, EEPROM, 9, 7) == (0, b"\xff" * 7)


@pytest.mark.parametrize("section", [0, USER_PART, UPDATE, CONFIGURATION, EEPROM])
def test_what_a_section_cannot_do(photon: Host, section: int) -> None:
    flags = described(photon)[section][2]
    if not flags & pb.CAN_WRITE:
        assert write(photon, section, 0, b"x") == -120
    if not flags & pb.CAN_CLEAR:
        assert photon.request(CLEAR, of(section)) == (-120, b"")
    if not flags & pb.CAN_GET_SIZE:
        assert photon.request(SIZE, of(section)) == (-120, b"")


@pytest.mark.parametrize(
    ("section", "offset", "length"), [(EEPROM, 0, 0), (EEPROM, 0, 2048), (EEPROM, 2047, 1), (0, 16384, 1)]
)
def test_what_lies_outside(photon: Host, section: int, offset: int, length: int) -> None:
    assert read(photon, section, offset, length) == (-290, b"")
    if section == EEPROM:
        assert write(photon, section, offset, bytes(length)) == -290


@pytest.mark.parametrize("kind", [READ, WRITE, CLEAR, SIZE])
def test_sections_that_there_are_not(photon: Host, kind: int) -> None:
    assert photon.request(kind, of(8)) == (-170, b"")
    assert photon.request(kind, of(0, storage=1)) == (-170, b"")
    assert photon.request(kind, b"\xff") == (-280, b"")
