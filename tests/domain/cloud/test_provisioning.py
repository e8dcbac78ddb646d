"""Making a device's key known, to the simulated cloud that looks at it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.domain.cloud.scripted import NOON
from tests.simulators.cloud.far_end import FarEnd

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.cloud.client import CloudClient
from particle_cli.domain.cloud.errors import CloudRefused
from particle_cli.domain.cloud.provisioning import send_public_key
from particle_cli.simulators.cloud.cloud import ORIGIN, SimulatedCloud
from particle_cli.simulators.cloud.state import FIRST_TOKEN


async def test_the_cloud_takes_a_key_and_nothing_else() -> None:
    clock = LoopClock(epoch=NOON)
    cloud = SimulatedCloud(clock)
    device = FarEnd(1)
    cloud.adopt(device, name="red")
    client = CloudClient(cloud, clock, api_url=ORIGIN, token=FIRST_TOKEN)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    await send_public_key(client, device.id, pem, at=NOON, algorithm="ecc")
    with pytest.raises(CloudRefused):
        await send_public_key(client, device.id, "no key", at=NOON, algorithm="ecc")
