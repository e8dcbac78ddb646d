"""The messages as bytes that real hosts and devices exchange."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message

from particle_cli.domain.control.messages import (
    cellular_pb2,
    cloud_pb2,
    common_pb2,
    config_pb2,
    describe_pb2,
    logging_pb2,
    network_old_pb2,
    network_pb2,
    storage_pb2,
    wifi_new_pb2,
    wifi_pb2,
)

ONES, TWOS, THREES, FOURS = (bytes((digit * 0x11,)) * 32 for digit in (1, 2, 3, 4))
SIGNATURE = bytes.fromhex("300602010102010a")
BSSID = bytes.fromhex("0123456789ab")


def address(number: int) -> common_pb2.Ipv4Address:
    return common_pb2.Ipv4Address(address=number)


def interface_address(number: int, prefix_length: int) -> network_pb2.InterfaceAddress:
    return network_pb2.InterfaceAddress(
        address=common_pb2.IpAddress(v4=address(number)), prefix_length=prefix_length
    )


VECTORS: list[tuple[str, Message]] = [
    ("0a0f4234304b4142303030303030414243", config_pb2.GetSerialNumberReply(serial="B40KAB000000ABC")),
    ("0a05362e322e30", config_pb2.GetSystemVersionReply(version="6.2.0")),
    ("0801", config_pb2.GetDeviceModeReply(mode=config_pb2.LISTENING_MODE)),
    ("", config_pb2.GetDeviceModeReply(mode=config_pb2.NORMAL_MODE)),
    ("0801", config_pb2.SetDeviceSetupDoneRequest(done=True)),
    ("0a3f" + 63 * "61", config_pb2.SetClaimCodeRequest(code=63 * "a")),
    ("0801", config_pb2.IsClaimedReply(claimed=True)),
    ("0802", cloud_pb2.GetConnectionStatusReply(status=cloud_pb2.CONNECTED)),
    ("08c0c407", storage_pb2.StartFirmwareUpdateRequest(size=123456)),
    ("088008", storage_pb2.StartFirmwareUpdateReply(chunk_size=1024)),
    ("0a04deadbeef", storage_pb2.FirmwareUpdateDataRequest(data=bytes.fromhex("deadbeef"))),
    ("0a076d795f73736964", wifi_new_pb2.RemoveKnownNetworkRequest(ssid="my_ssid")),
    (
        "0a0d0a076d795f7373696410031801 0a0a0a086f70656e5f6e6574",
        wifi_new_pb2.GetKnownNetworksReply(
            networks=[
                wifi_new_pb2.GetKnownNetworksReply.Network(
                    ssid="my_ssid",
                    security=wifi_new_pb2.WPA2_PSK,
                    credentials_type=wifi_new_pb2.PASSWORD,
                ),
                wifi_new_pb2.GetKnownNetworksReply.Network(ssid="open_net"),
            ]
        ),
    ),
    (
        "0a200a076d795f7373696412060123456789ab1803200628d1ffffffffffffffff01",
        wifi_new_pb2.ScanNetworksReply(
            networks=[
                wifi_new_pb2.ScanNetworksReply.Network(
                    ssid="my_ssid", bssid=BSSID, security=wifi_new_pb2.WPA2_PSK, channel=6, rssi=-47
                )
            ]
        ),
    ),
    (
        "0a076d795f7373696412060123456789ab180620d1ffffffffffffffff01",
        wifi_new_pb2.GetCurrentNetworkReply(ssid="my_ssid", bssid=BSSID, channel=6, rssi=-47),
    ),
    (
        "0a143839303134313033323731323236343235323734120f333532373533303930303030303030",
        cellular_pb2.GetIccidReply(iccid="89014103271226425274", imei="352753090000000"),
    ),
    (
        "0a09080112036c6f301801 0a0908041203776c331808",
        network_pb2.GetInterfaceListReply(
            interfaces=[
                network_pb2.InterfaceEntry(index=1, name="lo0", type=network_pb2.LOOPBACK),
                network_pb2.InterfaceEntry(index=4, name="wl3", type=network_pb2.WIFI),
            ]
        ),
    ),
    ("0804", network_pb2.GetInterfaceRequest(index=4)),
    ("0801", config_pb2.GetProtectedStateReply(state=True)),
    ("1001", config_pb2.GetProtectedStateReply(overridden=True)),
    (
        "0801 1222 0a20" + ONES.hex(),
        config_pb2.SetProtectedStateRequest(
            action=config_pb2.SetProtectedStateRequest.PREPARE,
            prepare=config_pb2.SetProtectedStateRequest.Prepare(server_nonce=ONES),
        ),
    ),
    (
        "0a4e 0a20" + TWOS.hex() + "1208" + SIGNATURE.hex() + "1a20" + THREES.hex(),
        config_pb2.SetProtectedStateReply(
            prepare=config_pb2.SetProtectedStateReply.Prepare(
                device_nonce=TWOS, device_signature=SIGNATURE, device_public_key_fingerprint=THREES
            )
        ),
    ),
    (
        "0802 1a2c 0a08" + SIGNATURE.hex() + "1220" + FOURS.hex(),
        config_pb2.SetProtectedStateRequest(
            action=config_pb2.SetProtectedStateRequest.CONFIRM,
            confirm=config_pb2.SetProtectedStateRequest.Confirm(
                server_signature=SIGNATURE, server_public_key_fingerprint=FOURS
            ),
        ),
    ),
    (
        "12460804100118b830200028808028351e0000003d1e0000004220"
        + 32 * "ab"
        + "4a070802100018b81758808827"
        + "127308051001180628808010351e0000003d1a0000004220"
        + 32 * "cd"
        + "4a070804100118b830522f0a20"
        + 32 * "01"
        + "120961737365742e62696e1810588040",
        storage_pb2.GetModuleInfoReply(
            modules=[
                describe_pb2.FirmwareModule(
                    type=describe_pb2.SYSTEM_PART_MODULE,
                    index=1,
                    version=6200,
                    max_size=655360,
                    checked_flags=0x1E,
                    passed_flags=0x1E,
                    hash=32 * b"\xab",
                    dependencies=[
                        describe_pb2.FirmwareModuleDependency(
                            type=describe_pb2.BOOTLOADER_MODULE, version=3000
                        )
                    ],
                    size=640000,
                ),
                describe_pb2.FirmwareModule(
                    type=describe_pb2.USER_PART_MODULE,
                    index=1,
                    version=6,
                    max_size=262144,
                    checked_flags=0x1E,
                    passed_flags=0x1A,
                    hash=32 * b"\xcd",
                    dependencies=[
                        describe_pb2.FirmwareModuleDependency(
                            type=describe_pb2.SYSTEM_PART_MODULE, index=1, version=6200
                        )
                    ],
                    asset_dependencies=[
                        describe_pb2.FirmwareModuleAsset(hash=32 * b"\x01", name="asset.bin", size=16)
                    ],
                    size=8192,
                ),
            ]
        ),
    ),
    (
        "0a160802100118e80b20808010280232070801100018f503",
        storage_pb2.GetModuleInfoReply(
            modules_deprecated=[
                storage_pb2.GetModuleInfoReply.Module(
                    type=storage_pb2.SYSTEM_PART,
                    index=1,
                    version=1512,
                    size=262144,
                    validity=storage_pb2.DEPENDENCY_CHECK_FAILED,
                    dependencies=[
                        storage_pb2.GetModuleInfoReply.Dependency(type=storage_pb2.BOOTLOADER, version=501)
                    ],
                )
            ]
        ),
    ),
    (
        "0a320a20" + 32 * "01" + "120961737365742e62696e1810208020"
        "122d0a20" + 32 * "01" + "120961737365742e62696e",
        storage_pb2.GetAssetInfoReply(
            available=[
                describe_pb2.FirmwareModuleAsset(
                    hash=32 * b"\x01", name="asset.bin", size=16, storage_size=4096
                )
            ],
            required=[describe_pb2.FirmwareModuleAsset(hash=32 * b"\x01", name="asset.bin")],
        ),
    ),
    (
        "0a0c0a03464f4f12036261721801 0a060a0141120131 1204cdcdcdcd",
        config_pb2.GetEnvReply(
            vars=[
                config_pb2.GetEnvReply.Var(name="FOO", value="bar", is_app=True),
                config_pb2.GetEnvReply.Var(name="A", value="1"),
            ],
            snapshot_hash=4 * b"\xcd",
        ),
    ),
    ("0801", config_pb2.ClearEnvReply(need_reset=True)),
    (
        "0a0268311002182822070a03617070101e28023206080110808407",
        logging_pb2.AddLogHandlerRequest(
            id="h1",
            handler_type=logging_pb2.JSON_STREAM_HANDLER,
            level=logging_pb2.WARN,
            filters=[logging_pb2.LogFilter(category="app", level=logging_pb2.INFO)],
            stream_type=logging_pb2.HW_SERIAL_STREAM,
            serial=logging_pb2.SerialStreamParams(index=1, baud_rate=115200),
        ),
    ),
    (
        "0a1d080110001a0e080110808008181f2204080310011a07080510ff0f1807",
        storage_pb2.DescribeStorageReply(
            storage=[
                storage_pb2.DescribeStorageReply.Storage(
                    type=storage_pb2.INTERNAL,
                    sections=[
                        storage_pb2.DescribeStorageReply.Section(
                            type=storage_pb2.FIRMWARE,
                            size=131072,
                            flags=0x1F,
                            firmware_module=storage_pb2.DescribeStorageReply.Section.FirmwareModule(
                                type=storage_pb2.USER_PART, index=1
                            ),
                        ),
                        storage_pb2.DescribeStorageReply.Section(type=storage_pb2.EEPROM, size=2047, flags=7),
                    ],
                )
            ]
        ),
    ),
    (
        "08001001188020208020",
        storage_pb2.ReadSectionDataRequest(storage=0, section=1, offset=4096, size=4096),
    ),
    ("0802", config_pb2.SetServerProtocolRequest(protocol=config_pb2.UDP_PROTOCOL)),
    (
        "0a1a0a076d795f7373696418032001420b6d795f70617373776f7264",
        wifi_pb2.WiFiSetCredentialsRequest(
            ap=wifi_pb2.WiFiAccessPoint(
                ssid="my_ssid", security=wifi_pb2.WPA2, cipher=wifi_pb2.AES, password="my_password"
            )
        ),
    ),
    # every field spelt out, zeros too, as JavaScript hosts do
    ("0800", config_pb2.GetDeviceModeReply()),
    ("0800", config_pb2.SetDeviceSetupDoneRequest(done=False)),
    ("0800", storage_pb2.FinishFirmwareUpdateRequest(validate_only=False)),
    ("0800", config_pb2.SetProtectedStateRequest(action=config_pb2.SetProtectedStateRequest.RESET)),
    (
        "0a076d795f73736964 1803 220f0801120b6d795f70617373776f7264 3000",
        wifi_new_pb2.JoinNewNetworkRequest(
            ssid="my_ssid",
            security=wifi_new_pb2.WPA2_PSK,
            credentials=wifi_new_pb2.Credentials(type=wifi_new_pb2.PASSWORD, password="my_password"),
        ),
    ),
    ("0a086f70656e5f6e6574 1800", wifi_new_pb2.JoinNewNetworkRequest(ssid="open_net")),
    (
        "0a3d08041203776c33180820c3800228808004321d0a0b0a070a050d6401a8c010181a050d0101a8c0"
        "22050d0101a8c0280142060123456789ab48dc0b5000",
        network_pb2.GetInterfaceReply(
            interface=network_pb2.Interface(
                index=4,
                name="wl3",
                type=network_pb2.WIFI,
                flags=0x8043,
                ext_flags=network_pb2.IFXF_DHCP,
                ipv4_config=network_pb2.Ipv4Config(
                    addresses=[interface_address(0xC0A80164, 24)],
                    gateway=address(0xC0A80101),
                    dns=[address(0xC0A80101)],
                    source=network_pb2.DHCP,
                ),
                hw_address=BSSID,
                mtu=1500,
            )
        ),
    ),
]


NAMES = [message.DESCRIPTOR.name for _, message in VECTORS]


@pytest.mark.parametrize(("data", "message"), VECTORS, ids=NAMES)
def test_bytes_and_message_are_the_same(data: str, message: Message) -> None:
    read = type(message)()
    read.ParseFromString(bytes.fromhex(data))
    assert read == message


@pytest.mark.parametrize(("data", "message"), VECTORS, ids=NAMES)
def test_a_message_is_written_to_these_bytes_or_to_fewer_where_zeros_are_spelt_out(
    data: str, message: Message
) -> None:
    written, given = message.SerializeToString(deterministic=True), bytes.fromhex(data)
    assert written == given or (len(written) < len(given) and b"\0" in given)


def test_numbers_that_newer_firmware_may_know_are_kept() -> None:
    reply = config_pb2.GetDeviceModeReply()
    reply.ParseFromString(bytes.fromhex("0809"))
    assert reply.mode == 9


def test_network_configuration_of_gen_2() -> None:
    request = network_old_pb2.NetworkSetConfigurationRequest(
        config=network_old_pb2.NetworkConfiguration(
            interface=1,
            ipconfig=network_old_pb2.IPConfiguration(
                type=network_old_pb2.IPConfiguration.STATIC,
                address=common_pb2.IPAddress(protocol=common_pb2.IPAddress.IPv4, address=b"\xc0\xa8\1\2"),
            ),
        )
    )
    assert request.SerializeToString() == bytes.fromhex("0a10 0801 2a0c 0802 1208 0801 1204 c0a80102")
