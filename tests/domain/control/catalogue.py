"""Every typed request once: what is called, the bytes that go out and come back, and what is made of them.

The bytes are those of Particle's own host and devices, as far as they were recorded; where their host spells
zeros out, ours leaves them out, which is the same message.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

from attrs import field, frozen

from particle_cli.domain.control import (
    application,
    cellular,
    claiming,
    cloud_connection,
    diagnostics,
    environment,
    features,
    firmware_update,
    identity,
    log_json,
    log_messages,
    modes,
    module_info,
    network,
    network_legacy,
    protection,
    security_keys,
    server_config,
    setup,
    signal,
    storage,
    wifi,
    wifi_legacy,
)
from particle_cli.domain.control.cellular import CellularAccessPoint, Sim, SimIdentity
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.cloud_connection import ConnectionStatus
from particle_cli.domain.control.diagnostics import Unavailable
from particle_cli.domain.control.environment import Environment, Variable
from particle_cli.domain.control.features import Feature, NcpFirmware, SystemCapability
from particle_cli.domain.control.log_values import LogFilter, LogHandler, LogLevel, LogStream
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.module_info import Asset, AssetInfo
from particle_cli.domain.control.network import (
    AddressSource,
    Interface,
    InterfaceDetails,
    InterfaceFlag,
    InterfaceKind,
    Ipv4Settings,
    Ipv6Settings,
)
from particle_cli.domain.control.network_legacy import AddressKind, NetworkSettings, NetworkState
from particle_cli.domain.control.protection import Preparation, ProtectedState
from particle_cli.domain.control.security_keys import SecurityKey
from particle_cli.domain.control.server_config import ServerAddress, ServerProtocol
from particle_cli.domain.control.storage import Section, SectionFlag, SectionKind
from particle_cli.domain.control.wifi import AccessPoint, CurrentNetwork, KnownNetwork, Security
from particle_cli.domain.control.wifi_legacy import Antenna, Cipher, LegacyNetwork, LegacySecurity
from particle_cli.domain.firmware.functions import ModuleFunction

ONES, TWOS, THREES, FOURS = (bytes((digit * 0x11,)) * 32 for digit in (1, 2, 3, 4))
SIGNATURE = bytes.fromhex("300602010102010a")
BSSID = bytes.fromhex("0123456789ab")
CLAIM_CODE = 63 * "a"
EEPROM = Section(0, 1, SectionKind.EEPROM, 2047, SectionFlag(7))
WIRED_LOG = LogHandler(
    "h1",
    LogStream.HARDWARE_1,
    LogLevel.WARN,
    filters=(LogFilter("app", LogLevel.INFO),),
    json=True,
)


@frozen
class Case:
    """One request.

    Attributes:
        kind: its type.
        call: makes it.
        payload, reply: the bytes that go out and come back, in hexadecimal digits.
        value: what `call` returns.
        secret: whether the transfers of its bytes have to be marked.
    """

    kind: int
    call: Callable[[ControlChannel], Awaitable[Any]]
    payload: str = ""
    reply: str = ""
    value: Any = field(default=None, repr=False)
    secret: bool = False

    @property
    def name(self) -> str:
        """The type in words."""
        return RequestType.Name(self.kind)


def text(words: str) -> str:
    """The hexadecimal digits of a text."""
    return words.encode().hex()


R = RequestType

CASES = (
    Case(R.ECHO, lambda c: application.echo(c, b"hello"), text("hello"), text("hello")),
    Case(R.APP_CUSTOM, lambda c: application.send(c, "Grüße"), text("Grüße"), text("oh"), b"oh"),
    Case(R.DEVICE_ID, identity.device_id, "", "0a18" + text("e00fce68" + 16 * "a"), "e00fce68" + 16 * "a"),
    Case(R.SERIAL_NUMBER, identity.serial_number, "", "0a0f" + text("B40KAB000000ABC"), "B40KAB000000ABC"),
    Case(R.SYSTEM_VERSION, identity.system_version, "", "0a05362e322e30", "6.2.0"),
    Case(R.NCP_FIRMWARE_VERSION, features.ncp_firmware, "", "0a05302e302e37 1007", NcpFirmware("0.0.7", 7)),
    Case(R.SYSTEM_CAPABILITIES, features.capabilities, "", "0d01000000", SystemCapability.COMPRESSED_OTA),
    Case(R.SET_FEATURE, lambda c: features.set_feature(c, Feature.ETHERNET_DETECTION, True), "0801 1001"),
    Case(
        R.GET_FEATURE,
        lambda c: features.feature_enabled(c, Feature.ETHERNET_DETECTION),
        "0801",
        "0801",
        True,
    ),
    Case(R.RESET_DEVICE, modes.reset),
    Case(R.FACTORY_RESET, modes.factory_reset),
    Case(R.DFU_MODE, modes.enter_dfu),
    Case(R.SAFE_MODE, modes.enter_safe_mode),
    Case(R.STOP_LISTENING, modes.stop_listening),
    Case(R.GET_DEVICE_MODE, modes.running_mode, "", "0801", RunningMode.LISTENING),
    Case(R.SET_DEVICE_SETUP_DONE, lambda c: setup.set_setup_done(c, True), "0801"),
    Case(R.SET_DEVICE_SETUP_DONE, lambda c: setup.set_setup_done(c, False), "0800"),
    Case(R.IS_DEVICE_SETUP_DONE, setup.is_setup_done, "", "0801", True),
    Case(R.SET_STARTUP_MODE, lambda c: setup.set_startup_mode(c, RunningMode.LISTENING), "0801"),
    Case(R.SET_STARTUP_MODE, lambda c: setup.set_startup_mode(c, RunningMode.NORMAL), ""),
    Case(R.SET_SOFTAP_SSID, lambda c: setup.set_soft_ap_name(c, "Photon", "AB"), "0a0650686f746f6e 12024142"),
    Case(R.GET_PROTECTED_STATE, protection.protected_state, "", "1001", ProtectedState(False, True)),
    Case(
        R.SET_PROTECTED_STATE,
        lambda c: protection.prepare(c, ONES),
        "0801 1222 0a20" + ONES.hex(),
        "0a4e 0a20" + TWOS.hex() + "1208" + SIGNATURE.hex() + "1a20" + THREES.hex(),
        Preparation(TWOS, SIGNATURE, THREES),
    ),
    Case(R.SET_PROTECTED_STATE, lambda c: protection.prepare(c, ONES), "0801 1222 0a20" + ONES.hex()),
    Case(
        R.SET_PROTECTED_STATE,
        lambda c: protection.confirm(c, SIGNATURE, FOURS),
        "0802 1a2c 0a08" + SIGNATURE.hex() + "1220" + FOURS.hex(),
    ),
    Case(R.SET_PROTECTED_STATE, protection.end_service_mode, "0800"),
    Case(
        R.LOG_CONFIG,
        lambda c: log_json.add(c, WIRED_LOG, timeout_s=60),
        text(
            '{"cmd":"addHandler","id":"h1","hnd":{"type":"JSONStreamLogHandler","param":{}},'
            '"strm":{"type":"Serial1","param":{"baud":115200}},"filt":[{"app":"info"}],"lvl":"warn"}'
        ),
    ),
    Case(
        R.LOG_CONFIG,
        lambda c: log_json.add(c, LogHandler("u"), timeout_s=60),
        text(
            '{"cmd":"addHandler","id":"u","hnd":{"type":"StreamLogHandler","param":{}},'
            '"strm":{"type":"Serial","param":{}},"filt":[],"lvl":"all"}'
        ),
    ),
    Case(
        R.LOG_CONFIG,
        lambda c: log_json.remove(c, "h1", timeout_s=60),
        text('{"cmd":"removeHandler","id":"h1"}'),
    ),
    Case(
        R.LOG_CONFIG,
        lambda c: log_json.handlers(c, timeout_s=60),
        text('{"cmd":"enumHandlers"}'),
        text('["h1","u"]'),
        ("h1", "u"),
    ),
    Case(
        R.GET_ASSET_INFO,
        module_info.asset_info,
        "",
        "0a320a20" + 32 * "01" + "120961737365742e62696e1810208020",
        AssetInfo((Asset("asset.bin", 32 * "01", 16, 4096),), ()),
    ),
    Case(
        R.DIAGNOSTIC_INFO,
        diagnostics.diagnostics,
        "",
        text('{"sys:reset":40,"net:rssi":{"err":-210},"net:sigstrv":-1.5}'),
        {"sys:reset": 40, "net:rssi": Unavailable(-210), "net:sigstrv": -1.5},
    ),
    Case(R.WIFI_SET_ANTENNA, lambda c: wifi_legacy.set_antenna(c, Antenna.EXTERNAL), "0802"),
    Case(R.WIFI_GET_ANTENNA, wifi_legacy.antenna, "", "0803", Antenna.AUTO),
    Case(
        R.WIFI_SCAN,
        wifi_legacy.scan,
        "",
        "0a1e 0a1c 0a03616263 1206 0123456789ab 1803 2801 38d1ffffffffffffffff01",
        (LegacyNetwork("abc", BSSID, LegacySecurity.WPA2, channel=1, rssi=-47),),
    ),
    Case(
        R.WIFI_SET_CREDENTIALS,
        lambda c: wifi_legacy.set_credentials(
            c,
            LegacyNetwork("my_ssid", security=LegacySecurity.WPA2, cipher=Cipher.AES, password="my_password"),
        ),
        "0a1a0a076d795f7373696418032001420b6d795f70617373776f7264",
        secret=True,
    ),
    Case(
        R.WIFI_GET_CREDENTIALS,
        wifi_legacy.credentials,
        "",
        "0a1c 0a1a 0a076d795f7373696418032001420b6d795f70617373776f7264",
        (LegacyNetwork("my_ssid", security=LegacySecurity.WPA2, cipher=Cipher.AES, password="my_password"),),
        secret=True,
    ),
    Case(R.WIFI_CLEAR_CREDENTIALS, wifi_legacy.clear_credentials),
    Case(
        R.NETWORK_SET_CONFIGURATION,
        lambda c: network_legacy.set_settings(
            c,
            NetworkSettings(
                1,
                kind=AddressKind.STATIC,
                address=IPv4Address("192.168.1.2"),
                dns=(IPv4Address("8.8.8.8"),),
            ),
        ),
        "0a1c 0801 2a0c 0802 1208 0801 1204 c0a80102 320a 0a08 0801 1204 08080808",
    ),
    Case(
        R.NETWORK_GET_CONFIGURATION,
        lambda c: network_legacy.settings(c, 1),
        "0801",
        "0a14 0801 1002 1a02776c 2206 0123456789ab 2a02 0801",
        NetworkSettings(1, NetworkState.UP, "wl", BSSID, AddressKind.DHCP),
    ),
    Case(
        R.NETWORK_GET_STATUS,
        lambda c: network_legacy.status(c, 1),
        "0801",
        "0a1e 0801 2a0c 0802 1208 0801 1204 c0a80102 320c 0a08 0801 1204 08080808 0a00",
        NetworkSettings(
            1, kind=AddressKind.STATIC, address=IPv4Address("192.168.1.2"), dns=(IPv4Address("8.8.8.8"),)
        ),
    ),
    Case(
        R.SET_CLAIM_CODE,
        lambda c: claiming.set_claim_code(c, CLAIM_CODE),
        "0a3f" + text(CLAIM_CODE),
        secret=True,
    ),
    Case(R.IS_CLAIMED, claiming.is_claimed, "", "0801", True),
    Case(R.IS_CLAIMED, claiming.is_claimed, "", "", False),
    Case(
        R.SET_SECURITY_KEY,
        lambda c: security_keys.set_security_key(c, SecurityKey.UDP_DEVICE_PRIVATE_KEY, b"\x30\x01"),
        "0804 12023001",
        secret=True,
    ),
    Case(
        R.GET_SECURITY_KEY,
        lambda c: security_keys.security_key(c, SecurityKey.TCP_DEVICE_PRIVATE_KEY),
        "0801",
        "0a023001",
        b"\x30\x01",
        secret=True,
    ),
    Case(
        R.SET_SERVER_ADDRESS,
        lambda c: server_config.set_server_address(c, ServerProtocol.UDP, ServerAddress("a.b", 5684)),
        "0802 1203612e62 18b42c",
    ),
    Case(
        R.GET_SERVER_ADDRESS,
        lambda c: server_config.server_address(c, ServerProtocol.TCP),
        "0801",
        "0a03612e62 10b42c",
        ServerAddress("a.b", 5684),
    ),
    Case(
        R.SET_SERVER_PROTOCOL,
        lambda c: server_config.set_server_protocol(c, ServerProtocol.UDP),
        "0802",
    ),
    Case(R.GET_SERVER_PROTOCOL, server_config.server_protocol, "", "0801", ServerProtocol.TCP),
    Case(R.START_NYAN_SIGNAL, signal.start_rainbow),
    Case(R.STOP_NYAN_SIGNAL, signal.stop_rainbow),
    Case(R.CANCEL_FIRMWARE_UPDATE, firmware_update.cancel_firmware_update),
    Case(
        R.DESCRIBE_STORAGE,
        storage.sections,
        "",
        "0a1d080110001a0e080110808008181f2204080310011a07080510ff0f1807",
        (
            Section(0, 0, SectionKind.FIRMWARE, 131072, SectionFlag(0x1F), int(ModuleFunction.USER_PART), 1),
            EEPROM,
        ),
    ),
    Case(
        R.READ_SECTION_DATA,
        lambda c: storage.read_section(c, EEPROM, offset=16, size=4),
        "1001 1810 2004",
        "0a04deadbeef",
        bytes.fromhex("deadbeef"),
        secret=True,
    ),
    Case(
        R.WRITE_SECTION_DATA,
        lambda c: storage.write_section(c, EEPROM, bytes.fromhex("deadbeef"), offset=16),
        "1001 1810 2204deadbeef",
        secret=True,
    ),
    Case(R.CLEAR_SECTION_DATA, lambda c: storage.clear_section(c, EEPROM), "1001"),
    Case(
        R.GET_SECTION_DATA_SIZE,
        lambda c: storage.used_size(c, Section(0, 0, SectionKind.FIRMWARE, 131072, SectionFlag(0x1F))),
        "",
        "08e80f",
        2024,
    ),
    Case(
        R.CLOUD_GET_CONNECTION_STATUS,
        cloud_connection.connection_status,
        "",
        "0802",
        ConnectionStatus.CONNECTED,
    ),
    Case(R.CLOUD_CONNECT, lambda c: cloud_connection.connect(c, wait=False)),
    Case(R.CLOUD_DISCONNECT, lambda c: cloud_connection.disconnect(c, wait=False)),
    Case(
        R.NETWORK_GET_INTERFACE_LIST,
        network.interfaces,
        "",
        "0a09080112036c6f301801 0a0908041203776c331808",
        (Interface(1, "lo0", InterfaceKind.LOOPBACK), Interface(4, "wl3", InterfaceKind.WIFI)),
    ),
    Case(
        R.NETWORK_GET_INTERFACE,
        lambda c: network.interface(c, 4),
        "0804",
        "0a3d08041203776c33180820c3800228808004321d0a0b0a070a050d6401a8c010181a050d0101a8c0"
        "22050d0101a8c0280142060123456789ab48dc0b5000",
        InterfaceDetails(
            index=4,
            name="wl3",
            kind=InterfaceKind.WIFI,
            flags=InterfaceFlag(0x8043),
            ext_flags=0x10000,
            hardware_address=BSSID,
            mtu=1500,
            metric=0,
            profile=b"",
            ipv4=Ipv4Settings(
                addresses=(IPv4Interface("192.168.1.100/24"),),
                gateway=IPv4Address("192.168.1.1"),
                dns=(IPv4Address("192.168.1.1"),),
                source=AddressSource.DHCP,
            ),
            ipv6=Ipv6Settings(),
        ),
    ),
    Case(
        R.WIFI_JOIN_NEW_NETWORK,
        lambda c: wifi.join_new(c, "my_ssid", security=Security.WPA2_PSK, password="my_password"),
        "0a076d795f73736964 1803 220f0801120b6d795f70617373776f7264",
        secret=True,
    ),
    Case(
        R.WIFI_JOIN_NEW_NETWORK,
        lambda c: wifi.join_new(c, "open_net", hidden=True),
        "0a086f70656e5f6e6574 3001",
        secret=True,
    ),
    Case(R.WIFI_JOIN_KNOWN_NETWORK, lambda c: wifi.join_known(c, "my_ssid"), "0a076d795f73736964"),
    Case(
        R.WIFI_GET_KNOWN_NETWORKS,
        wifi.known_networks,
        "",
        "0a0d0a076d795f7373696410031801 0a0a0a086f70656e5f6e6574",
        (
            KnownNetwork("my_ssid", Security.WPA2_PSK, True),
            KnownNetwork("open_net", Security.NO_SECURITY, False),
        ),
    ),
    Case(R.WIFI_REMOVE_KNOWN_NETWORK, lambda c: wifi.remove_known(c, "my_ssid"), "0a076d795f73736964"),
    Case(R.WIFI_CLEAR_KNOWN_NETWORKS, wifi.clear_known),
    Case(
        R.WIFI_GET_CURRENT_NETWORK,
        wifi.current_network,
        "",
        "0a076d795f7373696412060123456789ab180620d1ffffffffffffffff01",
        CurrentNetwork("my_ssid", BSSID, 6, -47),
    ),
    Case(
        R.WIFI_SCAN_NETWORKS,
        wifi.scan,
        "",
        "0a200a076d795f7373696412060123456789ab1803200628d1ffffffffffffffff01",
        (AccessPoint("my_ssid", BSSID, Security.WPA2_PSK, 6, -47),),
    ),
    Case(
        R.WIFI_SET_NETWORK_CREDENTIALS,
        lambda c: wifi.set_credentials(c, "my_ssid", security=Security.WPA3_PSK, password="my_password"),
        "0a076d795f73736964 1805 220f0801120b6d795f70617373776f7264",
        secret=True,
    ),
    Case(
        R.CELLULAR_SET_ACCESS_POINT,
        lambda c: cellular.set_access_point(c, Sim.EXTERNAL, CellularAccessPoint("apn", "me", "pw")),
        "0802 120d 0a0361706e 12026d65 1a027077",
        secret=True,
    ),
    Case(
        R.CELLULAR_GET_ACCESS_POINT,
        lambda c: cellular.access_point(c, Sim.INTERNAL),
        "0801",
        "0a0f 0a0361706e 12026d65 1a027077 2001",
        CellularAccessPoint("apn", "me", "pw", use_defaults=True),
        secret=True,
    ),
    Case(R.CELLULAR_SET_ACTIVE_SIM, lambda c: cellular.set_active_sim(c, Sim.EXTERNAL), "0802"),
    Case(R.CELLULAR_GET_ACTIVE_SIM, cellular.active_sim, "", "0801", Sim.INTERNAL),
    Case(
        R.CELLULAR_GET_ICCID,
        cellular.sim_identity,
        "",
        "0a143839303134313033323731323236343235323734120f333532373533303930303030303030",
        SimIdentity("89014103271226425274", "352753090000000"),
    ),
    Case(
        R.CELLULAR_GET_ICCID,
        cellular.sim_identity,
        "",
        "0a143839303134313033323731323236343235323734",
        SimIdentity("89014103271226425274", None),
    ),
    Case(
        R.GET_ENV,
        environment.environment,
        "",
        "0a0c0a03464f4f12036261721801 0a060a0141120131 1204cdcdcdcd",
        Environment((Variable("FOO", "bar", True), Variable("A", "1", False)), 4 * b"\xcd"),
        secret=True,
    ),
    Case(R.GET_ENV, environment.environment, "", "", Environment((), None), secret=True),
    Case(R.CLEAR_ENV, environment.clear, "", "0801", True),
    Case(
        R.ADD_LOG_HANDLER,
        lambda c: log_messages.add(c, WIRED_LOG, timeout_s=60),
        "0a0268311002182822070a03617070101e28023206080110808407",
    ),
    Case(
        R.ADD_LOG_HANDLER,
        lambda c: log_messages.add(c, LogHandler("u", LogStream.USB_1), timeout_s=60),
        "0a0175 1001 1801 2801 3202 0801",
    ),
    Case(R.REMOVE_LOG_HANDLER, lambda c: log_messages.remove(c, "h1", timeout_s=60), "0a026831"),
    Case(
        R.GET_LOG_HANDLERS,
        lambda c: log_messages.handlers(c, timeout_s=60),
        "",
        "0a04 0a026831 0a03 0a0175",
        ("h1", "u"),
    ),
)
IDS = [f"{case.name}-{number}" for number, case in enumerate(CASES)]
