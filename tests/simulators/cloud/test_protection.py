"""A protected simulated device and the simulated cloud: both sides of the way into service mode."""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import sha256

import pytest
from attrs import evolve, frozen
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd
from tests.simulators.control import conftest
from tests.simulators.talk import Host

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control.messages.config_pb2 import SetProtectedStateReply, SetProtectedStateRequest
from particle_cli.simulators.cloud.state import CloudState
from particle_cli.simulators.hardware.dct import UDP_DEVICE_KEY
from particle_cli.simulators.hardware.factory_keys import SERVER_PUBLIC_KEY, p256_key, public_der

CLOCK = LoopClock()
PROTECTED, SERVICE = b"\x08\x01", b"\x10\x01"
Request = SetProtectedStateRequest
NewProtected = Callable[..., Host]
NOT_FOUND = (404, {"ok": False, "error": "Device public key was not found"})
BAD_NONCE = (400, {"ok": False, "error": "Server nonce is invalid or has expired"})

new_protected = conftest.new_protected
protected = conftest.protected


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@frozen
class Bench:
    """A protected device in the hands of its owner, and the cloud that knows it."""

    asker: Asker
    host: Host

    @property
    def path(self) -> str:
        return f"/v1/devices/{self.host.device.id}/unprotect"

    def request(self, message: Request) -> tuple[int, bytes]:
        result, reply = self.host.request(77, message.SerializeToString())
        return result, reply

    async def prepared(self) -> dict[str, str]:
        """Let cloud and device choose their numbers; return what the cloud wants to see then."""
        answer = await self.asker.told("PUT", self.path, {"action": "prepare"})
        assert list(answer) == ["server_nonce"]
        nonce = base64.b64decode(answer["server_nonce"])
        result, reply = self.request(
            Request(action=Request.PREPARE, prepare=Request.Prepare(server_nonce=nonce))
        )
        assert result == 0
        told = SetProtectedStateReply.FromString(reply).prepare
        return {
            "action": "confirm",
            "server_nonce": answer["server_nonce"],
            "device_nonce": b64(told.device_nonce),
            "device_signature": b64(told.device_signature),
            "device_public_key_fingerprint": b64(told.device_public_key_fingerprint),
        }

    def confirm(self, answer: dict[str, str]) -> int:
        confirm = Request.Confirm(
            server_signature=base64.b64decode(answer["server_signature"]),
            server_public_key_fingerprint=base64.b64decode(answer["server_public_key_fingerprint"]),
        )
        return self.request(Request(action=Request.CONFIRM, confirm=confirm))[0]


@pytest.fixture
async def bench(asker: Asker, protected: Host) -> Bench:
    asker.cloud.adopt(protected.device, name="locked")
    return Bench(asker, protected)


def test_what_the_factory_writes_is_the_public_half_of_the_clouds_key() -> None:
    assert public_der(p256_key(CloudState().derived("server key"))) == SERVER_PUBLIC_KEY


async def test_a_protected_device_is_unlocked_through_the_cloud(bench: Bench) -> None:
    assert bench.host.request(76) == (0, PROTECTED)
    answer = await bench.asker.told("PUT", bench.path, await bench.prepared())
    assert list(answer) == ["server_signature", "server_public_key_fingerprint"]
    assert base64.b64decode(answer["server_public_key_fingerprint"]) == sha256(SERVER_PUBLIC_KEY).digest()
    assert bench.confirm(answer) == 0
    assert bench.host.request(76) == (0, SERVICE)
    shown = await bench.asker.told("GET", f"/v1/devices/{bench.host.device.id}")
    assert shown["device_protection"] == {"status": "active"}


async def test_a_p2_is_unlocked_too(asker: Asker, new_protected: NewProtected) -> None:
    host = new_protected(32)
    asker.cloud.adopt(host.device)
    bench = Bench(asker, host)
    assert bench.confirm(await asker.told("PUT", bench.path, await bench.prepared())) == 0


async def test_the_memory_of_the_cloud_may_change_hands_in_between(bench: Bench) -> None:
    asked = await bench.prepared()
    other = Asker()
    other.cloud.load_state(bench.asker.cloud.dump_state())
    other.cloud.attach(bench.host.device)
    assert bench.confirm(await other.told("PUT", bench.path, asked)) == 0


async def test_a_number_counts_once_and_for_five_minutes(bench: Bench) -> None:
    asked = await bench.prepared()
    assert (await bench.asker.ask("PUT", bench.path, asked))[0] == 200
    assert await bench.asker.ask("PUT", bench.path, asked) == BAD_NONCE
    asked = await bench.prepared()
    await CLOCK.sleep(300)
    assert await bench.asker.ask("PUT", bench.path, asked) == BAD_NONCE


async def test_a_number_that_the_cloud_did_not_choose_is_refused(bench: Bench) -> None:
    asked = await bench.prepared()
    assert await bench.asker.ask("PUT", bench.path, {**asked, "server_nonce": b64(bytes(32))}) == BAD_NONCE
    assert (await bench.asker.ask("PUT", bench.path, asked))[0] == 200


@pytest.mark.parametrize(
    ("field", "value", "status", "text"),
    [
        ("device_nonce", b64(bytes(32)), 403, "Device signature is invalid"),
        ("device_nonce", b64(bytes(31)), 400, "Device nonce is invalid"),
        ("device_signature", b64(bytes(70)), 403, "Device signature is invalid"),
        ("device_public_key_fingerprint", b64(bytes(32)), 404, "Device public key was not found"),
        ("device_signature", "?", 400, "device_signature must be given in base64"),
        ("server_nonce", "", 400, "server_nonce must be given in base64"),
        ("action", "undo", 400, "action must be prepare or confirm"),
    ],
)
async def test_what_the_cloud_does_not_sign(
    bench: Bench, field: str, value: str, status: int, text: str
) -> None:
    asked = {**await bench.prepared(), field: value}
    assert await bench.asker.ask("PUT", bench.path, asked) == (status, {"ok": False, "error": text})


async def test_a_device_with_another_key_is_unknown_until_the_cloud_is_told(
    bench: Bench,
) -> None:
    key = ec.derive_private_key(0xBEEF, ec.SECP256R1())
    der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert bench.host.device.hardware.dct
    bench.host.device.hardware.dct.write(UDP_DEVICE_KEY.offset, der)
    assert await bench.asker.ask("PUT", bench.path, await bench.prepared()) == NOT_FOUND
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    sent = {"deviceID": bench.host.device.id, "publicKey": pem, "algorithm": "ecc"}
    path = f"/v1/provisioning/{bench.host.device.id}"
    assert await bench.asker.ask("POST", path, sent) == (200, "Success!")
    assert bench.confirm(await bench.asker.told("PUT", bench.path, await bench.prepared())) == 0


async def test_a_device_without_such_a_key_is_not_known(asker: Asker) -> None:
    device = FarEnd(1)
    asker.cloud.adopt(device)
    path = f"/v1/devices/{device.id}/unprotect"
    nonce = (await asker.told("PUT", path, {"action": "prepare"}))["server_nonce"]
    fields = ("device_nonce", "device_signature", "device_public_key_fingerprint")
    asked = {"action": "confirm", "server_nonce": nonce, **dict.fromkeys(fields, b64(bytes(32)))}
    assert await asker.ask("PUT", path, asked) == NOT_FOUND


@pytest.mark.parametrize("scope", ["products/12345", "products/example-product", "orgs/{organization}"])
async def test_a_device_of_a_product_is_unlocked_by_those_who_work_on_it(bench: Bench, scope: str) -> None:
    state, device = bench.asker.read(), bench.host.device
    record, product = state.devices.get(device.id), state.products.get("12345")
    (organization,) = state.organizations
    assert record
    assert product
    state.devices.put(evolve(record, product_id=product.id))
    if scope.startswith("orgs"):
        state.products.put(evolve(product, organization_id=organization.id))
    bench.asker.write(state)
    asked = await bench.prepared()
    path = f"/v1/{scope.format(organization=organization.slug)}/devices/{device.id}/unprotect"
    assert bench.confirm(await bench.asker.told("PUT", path, asked)) == 0
    missing = await bench.asker.ask("PUT", path.replace(device.id, "0" * 24), asked)
    assert missing[0] == 404


async def test_only_the_owner_gets_anything(bench: Bench) -> None:
    asked = await bench.prepared()
    bench.asker.cloud.open_account("other@example.com", "password")
    _, answer = await bench.asker.log_in(username="other@example.com")
    bench.asker.token = str(answer["access_token"])
    for fields in ({"action": "prepare"}, asked):
        assert (await bench.asker.ask("PUT", bench.path, fields))[0] == 403
