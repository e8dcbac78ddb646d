"""Exchanges as they were recorded between particle-usb and a device: the bytes of both."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.control.conftest import channel_of
from tests.simulators.talk import Host

from particle_cli.domain.control.messages import config_pb2
from particle_cli.simulators.hardware.hardware import Hardware

ARGON, PHOTON, ELECTRON = 12, 6, 10
ID = "e00fce68aaaaaaaaaaaaaaaa"


def replay(host: Host, exchange: str) -> None:
    """Make the transfers of a record, one a line: setup packet, then > what is sent or < what comes back."""
    for line in exchange.strip().splitlines():
        setup, direction, data = (part.strip() for part in (*line.partition("<" if "<" in line else ">"),))
        content = bytes.fromhex(data)
        if direction == ">":
            answer = host.raw(setup.replace(" ", ""), content)
            assert (answer.stalled, answer.silent) == (False, False), line
        else:
            assert host.raw(setup.replace(" ", "")).data.hex(" ") == content.hex(" "), line


@pytest.fixture
def host(new_host: NewHost) -> Host:
    made = new_host()
    made.device.hardware.device_id = ID
    return made


def test_opening_and_asking_for_the_id(host: Host) -> None:
    replay(
        host,
        """
        c0 50 0000 1e00 4000 < 362e322e30
        c0 05 0000 0000 4000 < 01000000 0000
        c0 01 0000 1400 4000 < 03000000 0000 0100
        c0 02 0000 0100 4000 < 01000000 0200
        c0 02 0000 0100 4000 < 0d000000 0000 1a000000 00000000
        c0 04 0000 0100 1a00 < 0a18 653030666365363861616161616161616161616161616161
        """,
    )
    assert channel_of(host).active == 0


def test_a_small_payload_that_is_refused(host: Host) -> None:
    channel_of(host).next_id = 8
    replay(
        host,
        """
        c0 01 0f00 0a00 4000 < 03000000 0000 0800
        40 03 0000 0800 0f00 > 7b226f70223a22737461747573227d
        c0 02 0000 0800 4000 < 09000000 0000 88ffffff
        """,
    )
    assert channel_of(host).active == 0


def test_a_payload_that_needs_a_buffer(host: Host) -> None:
    channel_of(host).next_id = 9
    payload = bytes(range(100)).hex()
    replay(
        host,
        f"""
        c0 01 6400 0100 4000 < 03000000 0200 0900
        c0 02 0000 0900 4000 < 01000000 0000
        40 03 0000 0900 6400 > {payload}
        c0 02 0000 0900 4000 < 0d000000 0000 64000000 00000000
        c0 04 0000 0900 6400 < {payload}
        """,
    )
    assert channel_of(host).active == 0


def test_a_payload_in_pieces(host: Host) -> None:
    channel_of(host).next_id = 10
    payload = bytes(range(250)) * 20
    first, second = payload[:4096].hex(), payload[4096:].hex()
    replay(
        host,
        f"""
        c0 01 8813 0100 4000 < 03000000 0200 0a00
        c0 02 0000 0a00 4000 < 01000000 0000
        40 03 0000 0a00 0010 > {first}
        40 03 0000 0a00 8803 > {second}
        c0 02 0000 0a00 4000 < 0d000000 0000 88130000 00000000
        c0 04 0000 0a00 0010 < {first}
        c0 04 0000 0a00 8803 < {second}
        """,
    )
    assert channel_of(host).active == 0


def test_a_protected_device(protected: Host) -> None:
    channel_of(protected).next_id = 7
    replay(
        protected,
        """
        c0 01 0000 5a00 4000 < 03000000 0000 0700
        c0 02 0000 0700 4000 < 09000000 0000 f7f8ffff
        """,
    )


def test_a_request_that_is_given_up(host: Host) -> None:
    modem = host.device.network.modem
    assert modem
    modem.powered = False  # it takes ten seconds to answer
    channel_of(host).next_id = 12
    replay(
        host,
        """
        c0 01 0000 2a02 4000 < 03000000 0000 0c00
        c0 02 0000 0c00 4000 < 01000000 0200
        c0 02 0000 0c00 4000 < 01000000 0200
        c0 02 0000 0c00 4000 < 01000000 0200
        c0 02 0000 0c00 4000 < 01000000 0200
        c0 05 0000 0c00 4000 < 01000000 0000
        c0 02 0000 0c00 4000 < 01000000 0500
        """,
    )
    assert channel_of(host).active == 0


def test_six_requests_at_once(host: Host) -> None:
    channel_of(host).next_id = 13
    replay(
        host,
        """
        c0 01 0000 4800 4000 < 03000000 0000 0d00
        c0 01 0000 4800 4000 < 03000000 0000 0e00
        c0 01 0000 4800 4000 < 03000000 0000 0f00
        c0 01 0000 4800 4000 < 03000000 0000 1000
        c0 01 0000 4800 4000 < 01000000 0300
        c0 02 0000 0d00 4000 < 09000000 0000 00000000
        c0 01 0000 4800 4000 < 03000000 0000 1100
        c0 01 0000 4800 4000 < 01000000 0300
        c0 02 0000 0e00 4000 < 09000000 0000 00000000
        c0 01 0000 4800 4000 < 03000000 0000 1200
        """,
    )


@pytest.mark.parametrize(
    ("kind", "payload", "reply"),
    [
        (30, "", "0a05362e322e30"),
        (72, "", ""),
        (73, "0801", ""),
        (200, "0a3f" + 63 * "61", ""),
        (201, "", ""),
        (250, "08c0c407", "088008"),
        (300, "", "0802"),
        (300, "0800", "0802"),
        (77, "0800", ""),
        (77, "08011222 0a20" + 32 * "11", ""),  # nothing to prepare on an open device
        (402, "0804", None),
        (1100, "0a0268311002182822070a03617070101e28023206080110808407", None),
        (1001, "", None),
    ],
)
def test_messages_to_a_boron(host: Host, kind: int, payload: str, reply: str | None) -> None:
    expected = (-120, b"") if reply is None else (0, bytes.fromhex(reply))
    assert host.request(kind, bytes.fromhex(payload)) == expected


def test_the_messages_of_an_update(host: Host) -> None:
    assert host.request(250, bytes.fromhex("08c413")) == (0, bytes.fromhex("088008"))
    assert host.request(253, bytes.fromhex("0a8008") + bytes(1024)) == (0, b"")
    assert host.request(253, bytes.fromhex("0a8008") + bytes(1024)) == (0, b"")
    assert host.request(253, bytes.fromhex("0ac403") + bytes(452)) == (0, b"")
    assert host.request(251, bytes.fromhex("0800"))[0] == -1300  # zeros are no module
    assert host.request(253, bytes.fromhex("0a04deadbeef")) == (-210, b"")


def test_a_listening_device_and_a_claimed_one(host: Host) -> None:
    host.request(70)
    assert host.request(72) == (0, bytes.fromhex("0801"))
    assert host.device.hardware.dct
    host.device.hardware.dct.write(1825, b"\x01")
    assert host.request(201) == (0, bytes.fromhex("0801"))


def test_the_serial_number(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hardware, "serial_number", "B40KAB000000ABC")
    assert host.request(21) == (0, bytes.fromhex("0a0f4234304b4142303030303030414243"))


def test_the_protected_state(protected: Host) -> None:
    assert protected.request(76) == (0, bytes.fromhex("0801"))
    protected.device.override_resets = 20
    assert protected.request(76) == (0, bytes.fromhex("1001"))


def test_the_messages_of_an_override(protected: Host) -> None:
    result, reply = protected.request(77, bytes.fromhex("0801 1222 0a20") + 32 * b"\x11")
    assert result == 0
    prepared = config_pb2.SetProtectedStateReply.FromString(reply).prepare
    assert (len(prepared.device_nonce), len(prepared.device_public_key_fingerprint)) == (32, 32)
    assert prepared.device_signature[0] == 0x30
    assert reply[3:5] + reply[37:38] == bytes.fromhex("0a20 12")
    confirmation = bytes.fromhex("0802 1a2c 0a08 300602010102010a 1220") + 32 * b"\x44"
    assert protected.request(77, confirmation) == (-1802, b"")


def test_the_memory_of_a_photon(new_host: NewHost) -> None:
    host = new_host(PHOTON, release="1.5.2")
    result, reply = host.request(261, bytes.fromhex("08001001188020208020"))
    assert result == 0
    assert reply == bytes.fromhex("0a8020") + host.device.hardware.memory.read(0x0802_1000, 4096)


def test_the_protocol_of_an_electron(new_host: NewHost) -> None:
    host = new_host(ELECTRON, release="2.3.1")
    assert host.request(222, bytes.fromhex("0802")) == (0, b"")
    assert host.request(223) == (0, bytes.fromhex("0802"))


def test_joining_a_network(new_host: NewHost) -> None:
    host = new_host(ARGON)
    known = "0a076d795f73736964 1803 220f0801120b6d795f70617373776f7264 3000"
    assert host.request(507, bytes.fromhex(known)) == (0, b"")
    assert host.request(507, bytes.fromhex("0a086f70656e5f6e6574 1800")) == (0, b"")
    result, reply = host.request(502)
    assert result == 0
    assert bytes.fromhex("0a0d0a076d795f7373696410031801 0a0a0a086f70656e5f6e6574") in reply
    assert host.request(503, bytes.fromhex("0a076d795f73736964")) == (0, b"")
