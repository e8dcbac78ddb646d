"""What a device says of itself, and the features that a host switches."""

from __future__ import annotations

from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

ARGON, PHOTON, P2 = 12, 6, 32
ETHERNET, ETHERNET_ON = b"\x08\x01", b"\x08\x01\x10\x01"


def test_the_network_co_processor(new_host: NewHost) -> None:
    assert new_host(ARGON).request(31) == (0, b"\x0a\x050.0.5\x10\x05")
    assert new_host(P2).request(31) == (-120, b"")


def test_the_detection_of_ethernet_stays_over_resets(boron: Host) -> None:
    assert boron.request(34, ETHERNET) == (0, b"")
    assert boron.request(33, ETHERNET_ON) == (0, b"")
    assert boron.request(34, ETHERNET) == (0, b"\x08\x01")
    boron.device.reset()
    boron.settle()
    assert boron.request(34, ETHERNET) == (0, b"\x08\x01")
    assert boron.request(33, ETHERNET) == (0, b"")
    assert boron.request(34, ETHERNET) == (0, b"")


def test_there_are_no_other_features(boron: Host, new_host: NewHost) -> None:
    assert boron.request(34, b"\x08\x02") == (-120, b"")
    assert boron.request(33, b"") == (-120, b"")
    assert boron.request(34, b"\xff") == (-280, b"")
    assert new_host(PHOTON).request(33, ETHERNET_ON) == (-120, b"")


def test_the_first_firmware_told_its_modules_as_text(new_host: NewHost) -> None:
    for release, is_text in (("0.8.0-rc.27", True), ("1.0.1", True), ("1.1.0", False)):
        result, reply = new_host(PHOTON, release=release).request(90)
        assert result == 0
        assert reply.startswith(b'{"p":6,"m":[{"s":16384,"l":"m","vc":30,') is is_text
        assert reply.endswith(b"}") is is_text
