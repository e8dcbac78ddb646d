"""Every typed request against simulated devices, of every family and of several ages."""

from __future__ import annotations

import pytest
from tests.domain.control.catalogue import CASES
from tests.domain.control.test_with_devices import FAMILIES, Desk

from particle_cli.domain.control import (
    application,
    cellular,
    claiming,
    diagnostics,
    environment,
    features,
    modes,
    module_info,
    network,
    security_keys,
    server_config,
    setup,
    signal,
    storage,
    wifi,
    wifi_legacy,
    wifi_setup,
)
from particle_cli.domain.control.cellular import CellularAccessPoint, Sim
from particle_cli.domain.control.errors import RequestFailed
from particle_cli.domain.control.features import Feature
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.network import InterfaceKind
from particle_cli.domain.control.result_codes import ResultCode
from particle_cli.domain.control.security_keys import SecurityKey
from particle_cli.domain.control.server_config import ServerAddress, ServerProtocol
from particle_cli.domain.control.storage import SectionKind
from particle_cli.domain.control.wifi import KnownNetwork, Security
from particle_cli.domain.control.wifi_legacy import Antenna, Cipher, LegacyNetwork, LegacySecurity

R = RequestType
RESETTING = {R.RESET_DEVICE, R.FACTORY_RESET, R.DFU_MODE, R.SAFE_MODE}
AGES = [
    *((number, None) for number in FAMILIES.values()),
    (6, "0.8.0-rc.14"),
    (6, "1.4.4"),
    (10, "1.5.0"),
    (12, "1.5.2"),
    (13, "2.3.1"),
    (13, "6.4.0"),
]


@pytest.mark.parametrize(("platform_id", "release"), AGES)
async def test_every_request_is_answered_or_refused_in_words(platform_id: int, release: str | None) -> None:
    desk = Desk(platform_id, release=release)
    refused: dict[str, RequestFailed] = {}
    asked = [case for case in CASES if case.kind not in RESETTING]
    async with desk.channel() as channel:
        for case in asked:
            try:
                await case.call(channel)
            except RequestFailed as failed:
                refused[case.name] = failed
    assert len(asked) - len(refused) >= 12
    assert all(failed.next_step for failed in refused.values())
    assert {failed.result for failed in refused.values()} <= set(ResultCode)


async def test_wifi_from_the_factory_to_the_network_and_back() -> None:
    desk = Desk(32)
    async with desk.channel() as channel:
        nearby = await wifi_setup.nearby(channel)
        secured = next(one for one in nearby if one.security is Security.WPA2_PSK)
        assert secured.ssid
        point = next(one for one in desk.device.network.wifi.scan() if one.ssid == secured.ssid)  # type: ignore[union-attr]
        await wifi_setup.clear(channel)
        assert await wifi_setup.known(channel) == ()
        with pytest.raises(RequestFailed):
            await wifi.join_new(channel, secured.ssid, security=secured.security, password="wrong password")
        await wifi_setup.join(channel, secured.ssid, security=secured.security, password=point.password)
        assert KnownNetwork(secured.ssid, Security.WPA2_PSK, True) in await wifi_setup.known(channel)
        await wifi_setup.add(channel, "elsewhere", security=Security.WPA3_PSK, password="password")
        assert len(await wifi_setup.known(channel)) == 2
        with pytest.raises(RequestFailed):
            await wifi.join_known(channel, "never heard of")
        found = await wifi_setup.current(channel)
        assert found
        assert found.ssid == secured.ssid
        assert found.bssid == point.bssid
        await wifi_setup.remove(channel, "elsewhere")
        await wifi_setup.remove(channel, "elsewhere")
        assert len(await wifi_setup.known(channel)) == 1


@pytest.mark.parametrize("platform_id", [12, 13, 26, 32, 35])
async def test_interfaces_in_detail(platform_id: int) -> None:
    async with Desk(platform_id).channel() as channel:
        listed = await network.interfaces(channel)
        assert InterfaceKind.LOOPBACK in {one.kind for one in listed}
        for one in listed:
            told = await network.interface(channel, one.index)
            assert (told.index, told.name, told.kind) == (one.index, one.name, one.kind)
            assert told.kind not in (InterfaceKind.WIFI, InterfaceKind.ETHERNET) or len(told.mac) == 17


@pytest.mark.parametrize("platform_id", [13, 26, 35])
async def test_sim_cards(platform_id: int) -> None:
    async with Desk(platform_id).channel() as channel:
        told = await cellular.sim_identity(channel)
        assert told.iccid.isdigit()
        assert told.imei
        assert await cellular.active_sim(channel) is Sim.INTERNAL
        wanted = CellularAccessPoint("internet", "me", "secret")
        await cellular.set_access_point(channel, Sim.EXTERNAL, wanted)
        assert await cellular.access_point(channel, Sim.EXTERNAL) == wanted


async def test_before_device_os_5_8_the_modem_has_no_number() -> None:
    async with Desk(13, release="5.6.0").channel() as channel:
        assert (await cellular.sim_identity(channel)).imei is None


async def test_memory_sections_of_a_photon() -> None:
    async with Desk(6, release="1.4.4").channel() as channel:
        sections = await storage.sections(channel)
        eeprom = next(one for one in sections if one.kind is SectionKind.EEPROM)
        content = bytes(i * 7 & 0xFF for i in range(eeprom.size))
        await storage.write_section(channel, eeprom, content)
        assert await storage.read_section(channel, eeprom) == content
        await storage.clear_section(channel, eeprom)
        assert await storage.read_section(channel, eeprom, size=4) == b"\xff" * 4
        module = next(one for one in sections if one.kind is SectionKind.FIRMWARE)
        assert len(await storage.read_section(channel, module)) == await storage.used_size(channel, module)


async def test_keys_and_server_of_a_photon() -> None:
    async with Desk(6, release="1.4.4").channel() as channel:
        await server_config.set_server_address(
            channel, ServerProtocol.TCP, ServerAddress("example.com", 5683)
        )
        assert await server_config.server_address(channel, ServerProtocol.TCP) == ServerAddress(
            "example.com", 5683
        )
        assert await server_config.server_protocol(channel) is ServerProtocol.TCP
        key = bytes.fromhex("3003020101")
        await security_keys.set_security_key(channel, SecurityKey.TCP_DEVICE_PRIVATE_KEY, key)
        assert (await security_keys.security_key(channel, SecurityKey.TCP_DEVICE_PRIVATE_KEY)).startswith(key)


async def test_wifi_of_a_photon() -> None:
    async with Desk(6, release="1.4.4").channel() as channel:
        assert await wifi_legacy.scan(channel)
        await wifi_legacy.set_antenna(channel, Antenna.EXTERNAL)
        assert await wifi_legacy.antenna(channel) is Antenna.EXTERNAL
        await wifi_legacy.clear_credentials(channel)
        stored = LegacyNetwork("home", security=LegacySecurity.WPA2, cipher=Cipher.AES, password="password")
        await wifi_legacy.set_credentials(channel, stored)
        assert [one.ssid for one in await wifi_legacy.credentials(channel)] == ["home"]


@pytest.mark.parametrize("release", ["0.8.0-rc.14", "1.0.1"])
async def test_modules_of_a_photon_that_tells_them_as_text(release: str) -> None:
    async with Desk(6, release=release).channel() as channel:
        told = await module_info.module_info(channel)
    assert len(told) >= 3
    assert all(module.valid for module in told)


async def test_environment_variables() -> None:
    async with Desk(13, release="6.4.0").channel() as channel:
        assert isinstance(await environment.environment(channel), environment.Environment)
        assert await environment.clear(channel) in (True, False)
    async with Desk(13).channel() as channel:
        with pytest.raises(RequestFailed, match="Not supported") as caught:
            await environment.environment(channel)
        assert "6.4.0" in (caught.value.next_step or "")


@pytest.mark.parametrize("platform_id", FAMILIES.values(), ids=FAMILIES)
async def test_what_every_device_can(platform_id: int) -> None:
    desk = Desk(platform_id)
    async with desk.channel() as channel:
        told = await diagnostics.diagnostics(channel)
        assert "sys:uptime" in told
        await application.echo(channel, bytes(range(256)) * 20)
        await claiming.set_claim_code(channel, 63 * "a")
        assert await claiming.is_claimed(channel) in (True, False)
        await signal.start_rainbow(channel)
        await signal.stop_rainbow(channel)
        await setup.set_startup_mode(channel, RunningMode.LISTENING)
        await modes.reset(channel)
    await desk.bus.settle()
    async with desk.channel() as channel:
        assert await modes.running_mode(channel) is RunningMode.LISTENING


async def test_detecting_ethernet() -> None:
    async with Desk(13).channel() as channel:
        for on in (True, False):
            await features.set_feature(channel, Feature.ETHERNET_DETECTION, on)
            assert await features.feature_enabled(channel, Feature.ETHERNET_DETECTION) is on
