"""A protected device goes into service mode when its server says so, and out of it again."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.domain.control.test_with_devices import Desk

from particle_cli.domain.control import identity, protection
from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.module_info import module_info
from particle_cli.domain.control.protection import Preparation, ProtectedState
from particle_cli.domain.errors import DeviceProtected
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import write_module
from particle_cli.domain.firmware.protected import protected_module
from particle_cli.simulators.factory import factory_image

SERVER_KEY_IN_DCT = 3298
NONCE = bytes(range(32))
LENGTH = (32).to_bytes(4, "little")
LOCKED, IN_SERVICE = ProtectedState(True, False), ProtectedState(False, True)


def server_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def fingerprint(key: EllipticCurvePrivateKey) -> bytes:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(der).digest()


def protected_desk(key: EllipticCurvePrivateKey) -> Desk:
    """A Boron whose bootloader protects it, and that trusts the server with a key."""
    desk = Desk(13)
    desk.bus.unplug(desk.device)
    hardware = desk.device.hardware
    bootloader = next(
        part.module
        for part in factory_image(desk.device.platform, small=True)
        if part.module.prefix.function == ModuleFunction.BOOTLOADER
    )
    locked = protected_module(bootloader)
    hardware.memory.replace(locked.prefix.start_address, write_module(locked))
    assert hardware.dct
    hardware.dct.write(
        SERVER_KEY_IN_DCT, key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    desk.bus.plug(desk.device)
    return desk


def signed(key: EllipticCurvePrivateKey, desk: Desk, told: Preparation) -> bytes:
    """What the server signs: its own number, the device's, and the device's key."""
    message = b"server" + bytes.fromhex(desk.device.id) + LENGTH + NONCE
    message += LENGTH + told.device_nonce + LENGTH + told.device_public_key_fingerprint
    return key.sign(message, ECDSA(SHA256()))


async def test_into_service_mode_and_out_of_it() -> None:
    key = server_key()
    desk = protected_desk(key)
    async with desk.channel() as channel:
        assert await protection.protected_state(channel) == LOCKED
        assert await identity.device_id(channel) == desk.device.id
        with pytest.raises(DeviceProtected):
            await module_info(channel)
        told = await protection.prepare(channel, NONCE)
        assert told
        assert len(told.device_nonce) == len(told.device_public_key_fingerprint) == 32
        await protection.confirm(channel, signed(key, desk, told), fingerprint(key))
        assert await protection.protected_state(channel) == IN_SERVICE
        assert await module_info(channel)
        await protection.end_service_mode(channel)
        assert await protection.protected_state(channel) == LOCKED


async def test_what_the_device_does_not_believe() -> None:
    key = server_key()
    desk = protected_desk(key)
    async with desk.channel() as channel:
        for spoil, result in (("nothing was begun", -210), ("another server", -1802), ("a forgery", -1803)):
            told = None if spoil == "nothing was begun" else await protection.prepare(channel, NONCE)
            signer = server_key() if spoil == "another server" else key
            signature = signed(signer, desk, told) if told and spoil != "a forgery" else bytes(70)
            with pytest.raises(RequestFailed) as caught:
                await protection.confirm(channel, signature, fingerprint(signer))
            assert caught.value.result == result, spoil
            assert caught.value.next_step
        assert await protection.protected_state(channel) == LOCKED


async def test_an_answer_that_comes_after_more_than_a_minute() -> None:
    key = server_key()
    desk = protected_desk(key)
    async with desk.channel() as channel:
        told = await protection.prepare(channel, NONCE)
        assert told
        await desk.clock.sleep(61)
        with pytest.raises(RequestFailed) as caught:
            await protection.confirm(channel, signed(key, desk, told), fingerprint(key))
    assert caught.value.result == -160


async def test_an_open_device_has_nothing_to_unlock() -> None:
    async with Desk(13).channel() as channel:
        assert await protection.prepare(channel, NONCE) is None
