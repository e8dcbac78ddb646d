"""The override of Device Protection: two numbers, two signatures, and a time for everything."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.simulators.control.conftest import NewProtected
from tests.simulators.talk import Host

from particle_cli.domain.control.messages.config_pb2 import SetProtectedStateReply, SetProtectedStateRequest
from particle_cli.simulators.hardware.dct import UDP_DEVICE_KEY, UDP_DEVICE_PUBLIC_KEY, UDP_SERVER_KEY
from particle_cli.simulators.keeping import restored, state_of
from particle_cli.simulators.system.protection import device_message, server_message

P2 = 32
NONCE = bytes(range(32))
SERVER = ec.derive_private_key(0xC10D, ec.SECP256R1())
SERVER_DER = SERVER.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
STATE_PROTECTED, STATE_OVERRIDDEN = b"\x08\x01", b"\x10\x01"
Request = SetProtectedStateRequest


@pytest.fixture
def host(protected: Host) -> Host:
    """A protected device that has our server's key."""
    assert protected.device.hardware.dct
    protected.device.hardware.dct.write(UDP_SERVER_KEY.offset, SERVER_DER)
    return protected


def prepare(host: Host, nonce: bytes = NONCE) -> SetProtectedStateReply.Prepare:
    message = Request(action=Request.PREPARE, prepare=Request.Prepare(server_nonce=nonce))
    result, reply = host.request(77, message.SerializeToString())
    assert result == 0
    return SetProtectedStateReply.FromString(reply).prepare


def signature(host: Host, prepared: SetProtectedStateReply.Prepare, nonce: bytes = NONCE) -> bytes:
    message = server_message(
        bytes.fromhex(host.device.id),
        nonce,
        prepared.device_nonce,
        prepared.device_public_key_fingerprint,
    )
    return SERVER.sign(message, ec.ECDSA(SHA256()))


def confirm(host: Host, signed: bytes, fingerprint: bytes = sha256(SERVER_DER).digest()) -> int:
    message = Request(
        action=Request.CONFIRM,
        confirm=Request.Confirm(server_signature=signed, server_public_key_fingerprint=fingerprint),
    )
    result, reply = host.request(77, message.SerializeToString())
    assert reply == b""
    return result


def test_what_is_signed() -> None:
    device_id = bytes.fromhex("e00fce68aaaaaaaaaaaaaaaa")
    device_nonce, server_nonce, fingerprint = 32 * b"\x22", 32 * b"\x11", 32 * b"\x33"
    assert sha256(device_message(device_id, device_nonce, server_nonce)).hexdigest() == (
        "887bc80d88905ebe7bf442166eb8d1acc63e1662746c31870581ff4fc54d802b"
    )
    assert sha256(server_message(device_id, server_nonce, device_nonce, fingerprint)).hexdigest() == (
        "13a1ac5d3312fcd00d3be24f1f9912eb748bdd5a0d30abd516f285f2d466c331"
    )


def test_an_override(host: Host) -> None:
    assert host.request(90)[0] == -1801
    assert confirm(host, signature(host, prepare(host))) == 0
    assert host.request(76) == (0, STATE_OVERRIDDEN)
    assert host.request(90)[0] == 0
    assert host.request(77, b"") == (0, b"")
    assert host.request(76) == (0, STATE_PROTECTED)


def test_the_device_signs_with_its_own_key(host: Host) -> None:
    prepared = prepare(host)
    dct = host.device.hardware.dct
    assert dct
    private = dct.read(UDP_DEVICE_KEY.offset, 121)
    assert private[:7].hex() == "30770201010420"
    public = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + private[-65:]
    assert sha256(public).digest() == prepared.device_public_key_fingerprint
    assert dct.read(UDP_DEVICE_PUBLIC_KEY.offset, 1) == b"\xff"
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), private[-65:])
    message = device_message(bytes.fromhex(host.device.id), prepared.device_nonce, NONCE)
    key.verify(prepared.device_signature, message, ec.ECDSA(SHA256()))
    assert prepare(host).device_public_key_fingerprint == prepared.device_public_key_fingerprint


def test_each_override_has_numbers_of_its_own(host: Host) -> None:
    first = prepare(host)
    host.settle()
    second = prepare(host, 32 * b"\x01")
    assert first.device_nonce != second.device_nonce
    assert confirm(host, signature(host, first)) == -1803  # the second one counts


def test_a_key_that_is_none(host: Host) -> None:
    assert host.device.hardware.dct
    host.device.hardware.dct.write(UDP_DEVICE_KEY.offset, b"\x30\x03\x01\x02\x03")
    message = Request(action=Request.PREPARE, prepare=Request.Prepare(server_nonce=NONCE))
    assert host.request(77, message.SerializeToString()) == (-1400, b"")


@pytest.mark.parametrize(("size", "result"), [(0, -270), (31, -270), (33, -280)])
def test_a_number_has_32_bytes(host: Host, size: int, result: int) -> None:
    message = Request(action=Request.PREPARE, prepare=Request.Prepare(server_nonce=bytes(size)))
    assert host.request(77, message.SerializeToString()) == (result, b"")


def test_an_open_device_has_nothing_to_override(boron: Host) -> None:
    message = Request(action=Request.PREPARE, prepare=Request.Prepare(server_nonce=NONCE))
    assert boron.request(77, message.SerializeToString()) == (0, b"")


def test_an_action_that_is_none(host: Host) -> None:
    assert host.request(77, b"\x08\x03") == (-270, b"")
    assert host.request(77, b"\xff") == (-280, b"")


def test_what_is_not_confirmed(host: Host) -> None:
    assert confirm(host, b"") == -210
    prepared = prepare(host)
    assert confirm(host, signature(host, prepared), 32 * b"\x44") == -1802
    assert confirm(host, signature(host, prepared)) == -210  # it counted once
    assert confirm(host, signature(host, prepare(host), 32 * b"\x55")) == -1803
    prepare(host)
    assert confirm(host, b"\x30\x06\x02\x01\x01\x02\x01\x0a") == -1803
    assert host.request(76) == (0, STATE_PROTECTED)


def test_a_fingerprint_has_32_bytes(host: Host) -> None:
    prepared = prepare(host)
    assert confirm(host, signature(host, prepared), bytes(33)) == -280
    assert confirm(host, signature(host, prepared)) == 0


def test_without_a_server_key_nobody_can_confirm(protected: Host) -> None:
    assert confirm(protected, signature(protected, prepare(protected))) == -1802


@pytest.mark.parametrize(("passed_s", "result"), [(59.9, 0), (60.1, -160)])
def test_a_minute_to_confirm(host: Host, passed_s: float, result: int) -> None:
    time = [0.0]
    host.device.agenda.follow(lambda: time[0])
    signed = signature(host, prepare(host))
    time[0] += passed_s
    assert confirm(host, signed) == result


def test_a_reset_forgets_what_was_prepared(host: Host) -> None:
    signed = signature(host, prepare(host))
    host.device.reset()
    host.settle()
    assert confirm(host, signed) == -210


def test_twenty_resets_end_it(host: Host) -> None:
    confirm(host, signature(host, prepare(host)))
    for _ in range(19):
        host.device.reset()
        host.settle()
    assert host.request(76) == (0, STATE_OVERRIDDEN)
    host.device.reset()
    host.settle()
    assert host.request(76) == (0, STATE_PROTECTED)


def test_a_day_ends_it_resets_and_new_processes_included(host: Host) -> None:
    confirm(host, signature(host, prepare(host)))
    time = [0.0]
    host.device.agenda.follow(lambda: time[0])
    time[0] += 40_000
    host.device.reset()
    host.settle()
    again = Host(restored(state_of(host.device), dict(host.device.hardware.memory.changed()).get))
    again.device.agenda.follow(lambda: time[0])
    time[0] += 46_300
    assert again.request(76) == (0, STATE_OVERRIDDEN)
    time[0] += 200
    assert again.request(76) == (0, STATE_PROTECTED)
    again.device.reset()
    again.settle()
    assert again.request(76) == (0, STATE_PROTECTED)


def test_a_new_override_lasts_as_long_as_the_first(host: Host) -> None:
    time = [0.0]
    host.device.agenda.follow(lambda: time[0])
    for _ in range(2):
        assert confirm(host, signature(host, prepare(host))) == 0
        time[0] += 86_000
        assert host.request(76) == (0, STATE_OVERRIDDEN)
        time[0] += 500
        assert host.request(76) == (0, STATE_PROTECTED)


def test_a_protected_p2(new_protected: NewProtected) -> None:
    host = new_protected(P2)
    assert host.device.hardware.dct
    host.device.hardware.dct.write(UDP_SERVER_KEY.offset, SERVER_DER)
    assert confirm(host, signature(host, prepare(host))) == 0
    assert host.request(76) == (0, STATE_OVERRIDDEN)
