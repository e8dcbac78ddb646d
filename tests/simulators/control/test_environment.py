"""Environment variables: the application's from its asset, the cloud's from its snapshot."""

from __future__ import annotations

from hashlib import sha256

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.domain.control.messages.config_pb2 import GetEnvReply
from particle_cli.domain.firmware.assets import env_asset_module
from particle_cli.domain.firmware.env_vars import encode_env
from particle_cli.domain.firmware.module import write_module
from particle_cli.simulators.keeping import restored, state_of

CLOUD_HASH = sha256(bytes.fromhex("0a060a01411201 31")).digest()


@pytest.fixture
def host(new_host: NewHost) -> Host:
    return new_host(BORON, release="6.4.0")


def with_variables_of_application(host: Host, **variables: str) -> None:
    """Put the asset into the place where the device keeps assets."""
    region = host.device.hardware.region("asset_storage")
    assert region
    asset = env_asset_module(encode_env(variables))
    host.device.hardware.memory.replace(region.start, write_module(asset))


def shown(host: Host) -> list[tuple[str, str, bool]]:
    result, reply = host.request(600)
    assert result == 0
    return [(one.name, one.value, one.is_app) for one in GetEnvReply.FromString(reply).vars]


def test_no_variables(host: Host) -> None:
    assert host.request(600) == (0, b"")
    assert host.request(601) == (0, b"")


def test_variables_of_the_application(host: Host) -> None:
    with_variables_of_application(host, FOO="bar")
    assert host.request(600) == (0, bytes.fromhex("0a0c0a03464f4f12036261721801"))
    assert host.request(601) == (0, b"")
    assert shown(host) == [("FOO", "bar", True)]


def test_variables_from_the_cloud(host: Host) -> None:
    with_variables_of_application(host, A="0", FOO="bar")
    host.device.environment.from_cloud = {"A": "1"}
    expected = bytes.fromhex("0a060a0141120131 0a0c0a03464f4f12036261721801 1220") + CLOUD_HASH
    assert host.request(600) == (0, expected)
    assert host.request(601) == (0, b"\x08\x01")
    assert host.request(601) == (0, b"")
    assert shown(host) == [("A", "0", True), ("FOO", "bar", True)]


def test_an_asset_that_cannot_be_read(host: Host) -> None:
    with_variables_of_application(host, FOO="bar")
    region = host.device.hardware.region("asset_storage")
    assert region
    host.device.hardware.memory.replace(
        region.start, write_module(env_asset_module(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
    )
    assert shown(host) == []


def test_the_snapshot_is_kept(host: Host) -> None:
    host.device.environment.from_cloud = {"NAME": "värde"}
    again = restored(state_of(host.device), dict(host.device.hardware.memory.changed()).get)
    assert shown(Host(again)) == [("NAME", "värde", False)]
