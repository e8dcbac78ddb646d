"""What the simulated cloud knows devices by: public keys and serial numbers."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.simulators.cloud.asking import Asker
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.simulators.network.numbers import Numbers

DEVICE = f"{1:024x}"
PATH = f"/v1/provisioning/{DEVICE}"


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


P256 = pem(ec.derive_private_key(7, ec.SECP256R1()))
P384 = pem(ec.derive_private_key(7, ec.SECP384R1()))
RSA_KEY = pem(rsa.generate_private_key(65537, 1024))


async def test_a_public_key_is_stored_from_a_form_or_json(asker: Asker) -> None:
    form = {
        "deviceID": DEVICE,
        "publicKey": RSA_KEY,
        "filename": "cli",
        "order": "manual_1700000000000",
        "algorithm": "rsa",
        "product_id": "12",
    }
    assert await asker.form(PATH, **form) == (200, "Success!")
    assert asker.read().device_keys.get(DEVICE) is not None
    document = {"deviceID": DEVICE.upper(), "publicKey": P256, "algorithm": "ecc"}
    assert await asker.ask("POST", PATH.upper().replace("V1/PROVISIONING", "v1/provisioning"), document) == (
        200,
        "Success!",
    )
    kept = asker.read().device_keys.get(DEVICE)
    assert kept is not None
    assert (kept.algorithm, kept.public_key) == ("ecc", P256)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"deviceID": f"{2:024x}"}, "deviceID must be 24 hexadecimal digits"),
        ({"algorithm": "dsa"}, "algorithm must be rsa or ecc"),
        ({"publicKey": ""}, "publicKey must be an ECC public key in PEM format"),
        ({"publicKey": RSA_KEY}, "publicKey must be an ECC public key in PEM format"),
        ({"publicKey": P384}, "publicKey must be an ECC public key in PEM format"),
        ({"publicKey": P256.replace("M", "!")}, "publicKey must be an ECC public key in PEM format"),
        ({"publicKey": P256, "algorithm": "rsa"}, "publicKey must be an RSA public key in PEM format"),
        ({"publicKey": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}, "ECC"),
    ],
)
async def test_what_is_no_key_is_refused(asker: Asker, fields: dict[str, str], text: str) -> None:
    document = {"deviceID": DEVICE, "publicKey": P256, "algorithm": "ecc", **fields}
    status, answer = await asker.ask("POST", PATH, document)
    assert isinstance(answer, dict)
    assert (status, answer["ok"], text in answer["error"]) == (400, False, True)
    assert (await asker.ask("POST", "/v1/provisioning/bench", document))[0] == 400


async def test_the_keys_of_others_are_theirs(asker: Asker) -> None:
    asker.cloud.open_account("other@example.com", "password")
    asker.cloud.adopt(FarEnd(1), owner="other@example.com")
    document = {"deviceID": DEVICE, "publicKey": P256, "algorithm": "ecc"}
    status, answer = await asker.ask("POST", PATH, document)
    assert isinstance(answer, dict)
    assert (status, answer["error"]) == (403, "Permission Denied")
    asker.token = None
    assert (await asker.ask("POST", PATH, document))[0] == 400


async def test_a_serial_number_leads_to_a_device(asker: Asker) -> None:
    mine, nobodys = FarEnd(1), FarEnd(2, online=False)
    mine.numbers = Numbers("P046AF450P4P2Z7", iccid="89314404000000000000")
    nobodys.numbers = Numbers("P046AF450P4P2Z8")
    asker.cloud.adopt(mine)
    asker.cloud.attach(nobodys)
    found = {
        "ok": True,
        "deviceID": mine.id,
        "iccid": "89314404000000000000",
        "serial_number": "P046AF450P4P2Z7",
        "device_id": mine.id,
        "platform_id": 13,
    }
    assert await asker.ask("GET", "/v1/serial_numbers/p046af450p4p2z7") == (200, found)
    asker.cloud.detach(mine.id)
    assert await asker.ask("GET", "/v1/serial_numbers/P046AF450P4P2Z7") == (200, found)
    assert (await asker.told("GET", "/v1/serial_numbers/P046AF450P4P2Z8"))["deviceID"] == nobodys.id
    missing = (404, {"ok": False, "error": "Serial number not found"})
    assert await asker.ask("GET", "/v1/serial_numbers/P046") == missing


async def test_serial_numbers_can_be_tried_fifty_times_an_hour(asker: Asker) -> None:
    limited = Asker(limits=True)
    for number in range(50):
        limited.peer = f"10.0.0.{number}"
        assert (await limited.send("GET", "/v1/serial_numbers/P046")).status == 404
    refused = await limited.send("GET", "/v1/serial_numbers/P046")
    assert (refused.status, refused.header("retry-after")) == (429, "3600")
