"""Keys and server of Gen 2 devices, in the places where the bootloader finds them too."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

from particle_cli.domain.control.messages import config_pb2 as pb

PHOTON, ELECTRON = 6, 10
RELEASE = "2.3.1"


@pytest.fixture
def photon(new_host: NewHost) -> Host:
    return new_host(PHOTON, release=RELEASE)


@pytest.fixture
def electron(new_host: NewHost) -> Host:
    return new_host(ELECTRON, release=RELEASE)


def dct(host: Host, offset: int, size: int) -> bytes:
    assert host.device.hardware.dct
    return host.device.hardware.dct.read(offset, size)


@pytest.mark.parametrize(
    ("kind", "offset", "size"),
    [(1, 34, 1216), (2, 1250, 384), (3, 2082, 384), (4, 3106, 192), (5, 2978, 128), (6, 3298, 192)],
)
def test_keys(photon: Host, kind: int, offset: int, size: int) -> None:
    key = b"\x30\x03\x02\x01" + bytes((kind,))
    message = pb.SetSecurityKeyRequest(type=kind, data=key)  # type: ignore[arg-type]
    assert photon.request(210, message.SerializeToString()) == (0, b"")
    assert dct(photon, offset, 6) == key + b"\xff"
    result, reply = photon.request(211, bytes((8, kind)))
    assert result == 0
    data = pb.GetSecurityKeyReply.FromString(reply).data
    assert (data[:5], len(data)) == (key, size)
    large = pb.SetSecurityKeyRequest(type=kind, data=bytes(size + 1))  # type: ignore[arg-type]
    assert photon.request(210, large.SerializeToString()) == (-190, b"")


def test_a_kind_of_key_that_there_is_not(photon: Host) -> None:
    assert photon.request(211, b"") == (-270, b"")
    assert photon.request(210, b"\x08\x07") == (-270, b"")


@pytest.mark.parametrize(
    ("protocol", "offset", "address", "stored"),
    [
        (1, 2466, "192.168.1.7", "0004c0a80107"),
        (2, 3490, "$id.udp.particle.io", "0113" + b"$id.udp.particle.io".hex()),
        (1, 2466, "1.2.3", "0105" + b"1.2.3".hex()),
    ],
)
def test_addresses(photon: Host, protocol: int, offset: int, address: str, stored: str) -> None:
    assert photon.request(221, bytes((8, protocol))) == (-170, b"")
    message = pb.SetServerAddressRequest(protocol=protocol, address=address, port=5684)  # type: ignore[arg-type]
    assert photon.request(220, message.SerializeToString()) == (0, b"")
    expected = bytes.fromhex(stored).ljust(66, b"\xff") + b"\x16\x34" + b"\xff" * 60
    assert dct(photon, offset, 128) == expected
    _, reply = photon.request(221, bytes((8, protocol)))
    assert reply == pb.GetServerAddressReply(address=address, port=5684).SerializeToString()


@pytest.mark.parametrize(
    ("protocol", "address", "port", "result"),
    [
        (0, "a", 1, -270),
        (3, "a", 1, -270),
        (1, "", 1, -270),
        (1, "a", 0, -270),
        (1, "a", 65536, -270),
        (1, "a", -1, -270),
        (1, "a" * 65, 1, -280),
    ],
)
def test_addresses_that_are_none(photon: Host, protocol: int, address: str, port: int, result: int) -> None:
    message = pb.SetServerAddressRequest(protocol=protocol, address=address, port=port)  # type: ignore[arg-type]
    assert photon.request(220, message.SerializeToString()) == (result, b"")


def test_an_electron_has_a_choice_of_protocols(electron: Host) -> None:
    assert electron.request(223) == (0, b"\x08\x02")
    assert electron.request(222, b"\x08\x01")[0] == 0
    assert dct(electron, 2977, 1) == b"\x00"
    assert electron.request(223) == (0, b"\x08\x01")
    assert electron.request(222, b"\x08\x02")[0] == 0
    assert dct(electron, 2977, 1) == b"\xff"
    assert electron.request(222, b"") == (-270, b"")


def test_a_photon_has_none(photon: Host) -> None:
    assert photon.request(223) == (0, b"\x08\x01")
    assert photon.request(222, b"\x08\x01") == (0, b"")
    assert photon.request(222, b"\x08\x02") == (-120, b"")


def test_the_name_of_the_network_for_setting_it_up(photon: Host, electron: Host) -> None:
    message = pb.SetSoftApSsidRequest(prefix="Bench", suffix="ABC1")
    assert photon.request(240, message.SerializeToString()) == (0, b"")
    assert dct(photon, 1826, 32) == b"\x05Bench" + b"\xff" * 20 + b"ABC1\0\0"
    assert electron.request(240, message.SerializeToString()) == (-120, b"")
    for prefix, suffix, result in (("a" * 26, "", -270), ("", "b" * 7, -270), ("a" * 33, "", -280)):
        long = pb.SetSoftApSsidRequest(prefix=prefix, suffix=suffix)
        assert photon.request(240, long.SerializeToString()) == (result, b"")
