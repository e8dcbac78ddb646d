"""What the typed requests send, and what they make of the answers."""

from __future__ import annotations

import pytest
from tests.domain.control.running_boron import RESET, accepted, answered, channel_to

from particle_cli.domain.control import (
    cloud_connection,
    firmware_update,
    identity,
    modes,
    module_info,
    protection,
)
from particle_cli.domain.control.cloud_connection import ConnectionStatus
from particle_cli.domain.control.errors import RequestFailed, RequestTimeout
from particle_cli.domain.control.firmware_update import UpdatePhase, UpdateProgress
from particle_cli.domain.control.modes import RunningMode
from particle_cli.domain.control.module_info import Asset, Check, InstalledModule, ModuleStore
from particle_cli.domain.control.protection import ProtectedState
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency
from particle_cli.ports.usb import UsbGone, UsbTimeout

AB, CD, ONES = "ab" * 32, "cd" * 32, "01" * 32
MODULES = (
    f"12460804100118b830200028808028351e0000003d1e0000004220{AB}4a070802100018b81758808827"
    f"127308051001180628808010351e0000003d1a0000004220{CD}4a070804100118b830522f0a20{ONES}"
    "120961737365742e62696e1810588040"
)


async def test_identity() -> None:
    channel, _ = channel_to(answered(20, reply="0a18" + b"E00FCE68AAAAAAAAAAAAAAAA".hex()))
    assert await identity.device_id(channel) == "e00fce68aaaaaaaaaaaaaaaa"
    channel, _ = channel_to(answered(21, reply="0a0f4234304b4142303030303030414243"))
    assert await identity.serial_number(channel) == "B40KAB000000ABC"
    channel, _ = channel_to(answered(30, reply="0a05362e322e30"))
    assert await identity.system_version(channel) == "6.2.0"


@pytest.mark.parametrize("reply", ["0a", "0aff61", "0aff", "0b", "0d00", "0980"])
async def test_a_reply_that_is_no_message(reply: str) -> None:
    channel, _ = channel_to(answered(30, reply=reply))
    with pytest.raises(ProtocolError, match="SYSTEM_VERSION"):
        await identity.system_version(channel)


@pytest.mark.parametrize(
    ("reply", "mode"),
    [("", RunningMode.NORMAL), ("0800", RunningMode.NORMAL), ("0801", RunningMode.LISTENING), ("0809", None)],
)
async def test_the_mode(reply: str, mode: RunningMode | None) -> None:
    channel, _ = channel_to(answered(72, reply=reply))
    assert await modes.running_mode(channel) is mode


async def test_requests_that_only_order_something() -> None:
    channel, handle = channel_to(
        answered(40), answered(41), answered(50), answered(60), answered(71), answered(252)
    )
    await modes.reset(channel)
    await modes.factory_reset(channel)
    await modes.enter_dfu(channel)
    await modes.enter_safe_mode(channel)
    await modes.stop_listening(channel)
    await firmware_update.cancel_firmware_update(channel)
    handle.assert_finished()


async def test_listening_mode_is_waited_for() -> None:
    channel, handle = channel_to(answered(70), answered(72), answered(72, reply="0801"))
    await modes.start_listening(channel)
    handle.assert_finished()


async def test_listening_mode_of_firmware_that_cannot_tell() -> None:
    channel, handle = channel_to(answered(70), answered(72, result=-120))
    await modes.start_listening(channel)
    handle.assert_finished()


async def test_listening_mode_that_never_comes() -> None:
    channel, _ = channel_to(answered(70), answered(72) * 2)
    with pytest.raises(RequestTimeout, match="listening"):
        await modes.start_listening(channel, timeout_s=0.3)


async def test_module_info() -> None:
    channel, _ = channel_to(answered(90, reply=MODULES))
    system, user = await module_info.module_info(channel)
    assert system == InstalledModule(
        function=ModuleFunction.SYSTEM_PART,
        index=1,
        version=6200,
        store=ModuleStore.MAIN,
        size=640000,
        max_size=655360,
        sha256=AB,
        dependencies=(Dependency(ModuleFunction.BOOTLOADER, 0, 3000),),
    )
    assert system.valid
    assert user.failed is Check.DEPENDENCIES
    assert not user.valid
    assert user.assets == (Asset("asset.bin", ONES, 16),)
    assert user.dependencies == (Dependency(ModuleFunction.SYSTEM_PART, 1, 6200),)


async def test_module_info_of_device_os_before_5_6() -> None:
    reply = "0a160802100118e80b20808010280232070801100018f503"
    channel, _ = channel_to(answered(90, reply=reply))
    assert await module_info.module_info(channel) == (
        InstalledModule(
            function=ModuleFunction.SYSTEM_PART,
            index=1,
            version=1512,
            store=ModuleStore.MAIN,
            size=262144,
            failed=Check.DEPENDENCIES,
            dependencies=(Dependency(ModuleFunction.BOOTLOADER, 0, 501),),
        ),
    )


async def test_modules_of_kinds_and_in_places_that_are_not_known_yet() -> None:
    channel, _ = channel_to(answered(90, reply="1206 0863 2007 5805"))
    (module,) = await module_info.module_info(channel)
    assert (module.function, module.store, module.sha256, module.size) == (99, None, None, 5)


async def test_asset_info() -> None:
    reply = f"0a320a20{ONES}120961737365742e62696e1810208020 122d0a20{ONES}120961737365742e62696e"
    channel, _ = channel_to(answered(91, reply=reply))
    info = await module_info.asset_info(channel)
    assert info.available == (Asset("asset.bin", ONES, 16, 4096),)
    assert info.required == (Asset("asset.bin", ONES),)
    assert info.missing == ()


async def test_an_asset_of_another_name_or_content_is_missing() -> None:
    reply = f"0a290a20{ONES}120561 2e62696e 122d0a20{ONES}120961737365742e62696e"
    channel, _ = channel_to(answered(91, reply=reply))
    info = await module_info.asset_info(channel)
    assert info.missing == info.required


@pytest.mark.parametrize(
    ("reply", "state"),
    [("", (False, False)), ("0801", (True, False)), ("1001", (False, True))],
)
async def test_protected_state(reply: str, state: tuple[bool, bool]) -> None:
    channel, _ = channel_to(answered(76, reply=reply))
    assert await protection.protected_state(channel) == ProtectedState(*state)


async def test_firmware_without_protection_is_open() -> None:
    channel, _ = channel_to(answered(76, result=-120))
    assert await protection.protected_state(channel) == ProtectedState(enforced=False, overridden=False)
    channel, _ = channel_to(answered(76, result=-100))
    with pytest.raises(RequestFailed):
        await protection.protected_state(channel)


async def test_the_end_of_service_mode() -> None:
    channel, handle = channel_to(answered(77, "0800"))
    await protection.end_service_mode(channel)
    handle.assert_finished()


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("", ConnectionStatus.DISCONNECTED),
        ("0801", ConnectionStatus.CONNECTING),
        ("0802", ConnectionStatus.CONNECTED),
        ("0803", ConnectionStatus.DISCONNECTING),
        ("0807", ConnectionStatus.UNKNOWN),
    ],
)
async def test_connection_status(reply: str, status: ConnectionStatus) -> None:
    channel, _ = channel_to(answered(300, reply=reply))
    assert await cloud_connection.connection_status(channel) is status


async def test_connecting_and_disconnecting_are_waited_for() -> None:
    channel, handle = channel_to(
        answered(301), answered(300, reply="0801"), answered(300, reply="0802"), answered(302), answered(300)
    )
    await cloud_connection.connect(channel)
    await cloud_connection.disconnect(channel)
    handle.assert_finished()


async def test_connecting_without_waiting() -> None:
    channel, handle = channel_to(answered(301))
    await cloud_connection.connect(channel, wait=False)
    handle.assert_finished()


async def test_a_connection_that_does_not_come_about() -> None:
    channel, _ = channel_to(answered(301), answered(300, reply="0801") * 2)
    with pytest.raises(RequestTimeout, match="not connected"):
        await cloud_connection.connect(channel, timeout_s=0.5)


IMAGE = bytes(i & 0xFF for i in range(2500))


def data_request(part: bytes, result: int = 0) -> str:
    """A DATA request of more than 64 bytes, for which the device gets a buffer first."""
    header = {1024: "0a8008", 452: "0ac403"}[len(part)]
    payload = header + part.hex()
    size = (len(part) + 3).to_bytes(2, "little").hex()
    return (
        f"c001 {size} fd00 4000 < 03000000 0200 0100\n"
        "c002 0000 0100 4000 < 01000000 0000\n"
        f"4003 0000 0100 {size} > {payload}\n"
    ) + answered(253, result=result).split("\n", 1)[1]


STARTED = answered(250, "08c413", "088008")
SENT = data_request(IMAGE[:1024]) + data_request(IMAGE[1024:2048]) + data_request(IMAGE[2048:])
CANCELLED = answered(252)


async def test_a_firmware_update() -> None:
    channel, handle = channel_to(STARTED, SENT, answered(251, "0800"))
    told: list[UpdateProgress] = []
    assert await firmware_update.firmware_update(channel, IMAGE, progress=told.append)
    handle.assert_finished()
    assert [(p.phase, p.done) for p in told] == [
        (UpdatePhase.ERASE, 0),
        (UpdatePhase.ERASE, 2500),
        (UpdatePhase.SEND, 0),
        (UpdatePhase.SEND, 1024),
        (UpdatePhase.SEND, 2048),
        (UpdatePhase.SEND, 2500),
        (UpdatePhase.FINISH, 0),
        (UpdatePhase.FINISH, 2500),
    ]
    assert {p.total for p in told} == {2500}


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (answered(250, "08c413", result=-1351), "too large"),
        (STARTED + data_request(IMAGE[:1024], result=-219), "Flash memory error"),
        (STARTED + SENT + answered(251, "0800", result=-1330), "damaged"),
    ],
)
async def test_an_update_that_the_device_refuses_is_cancelled(script: str, text: str) -> None:
    channel, handle = channel_to(script, CANCELLED)
    with pytest.raises(RequestFailed, match=text):
        await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


async def test_a_failure_to_cancel_does_not_hide_the_reason() -> None:
    channel, handle = channel_to(
        answered(250, "08c413", result=-1380), "c001 0000 fc00 4000 ! timeout", RESET.format(0)
    )
    with pytest.raises(RequestFailed, match="disabled"):
        await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


@pytest.mark.parametrize("chunk_size", ["", "0880808001"])
async def test_chunks_of_an_impossible_size(chunk_size: str) -> None:
    channel, _ = channel_to(answered(250, "08c413", chunk_size), CANCELLED)
    with pytest.raises(ProtocolError, match="chunks"):
        await firmware_update.firmware_update(channel, IMAGE)


async def test_a_protected_device_takes_no_update() -> None:
    channel, handle = channel_to(answered(250, "08c413", result=-1801))
    with pytest.raises(DeviceProtected):
        await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


DROPPED = "c002 0000 0100 4000 < 01000000 0500\n"
LOST = "c002 0000 0100 4000 ! timeout\n" * 3 + RESET.format(1) + "\n"


@pytest.mark.parametrize(
    "end",
    [
        "c002 0000 0100 4000 ! gone",
        DROPPED + "c001 0200 fb00 4000 ! gone",
        DROPPED + answered(251, "0800", result=-210),
        LOST + answered(251, "0800", result=-210),
        (LOST + accepted(251, "0800")) + LOST,
    ],
)
async def test_an_update_whose_confirmation_is_lost(end: str) -> None:
    channel, handle = channel_to(STARTED, SENT, accepted(251, "0800"), end)
    assert not await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


@pytest.mark.parametrize("end", ["c001 0200 fb00 4000 ! stall\n", accepted(251, "0800") + DROPPED])
async def test_an_update_that_is_finished_at_the_second_try(end: str) -> None:
    channel, handle = channel_to(STARTED, SENT, end, answered(251, "0800"))
    assert await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


async def test_a_device_that_goes_in_the_middle_of_an_update() -> None:
    channel, handle = channel_to(STARTED, "c001 0304 fd00 4000 ! gone")
    with pytest.raises(UsbGone):
        await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


async def test_a_lost_chunk_ends_the_update() -> None:
    channel, handle = channel_to(
        STARTED,
        "c001 0304 fd00 4000 < 03000000 0200 0100\nc002 0000 0100 4000 < 01000000 0000\n"
        f"4003 0000 0100 0304 > 0a8008 {IMAGE[:1024].hex()} ! timeout\n",
        RESET.format(1),
        CANCELLED,
    )
    with pytest.raises(UsbTimeout):
        await firmware_update.firmware_update(channel, IMAGE)
    handle.assert_finished()


async def test_an_update_that_takes_too_long() -> None:
    channel, handle = channel_to(
        STARTED,
        data_request(IMAGE[:1024]),
        "@150 c001 0304 fd00 4000 < 03000000 0200 0100\n@180 " + RESET.format(1),
        CANCELLED,
    )
    with pytest.raises(RequestTimeout):
        await firmware_update.firmware_update(channel, IMAGE, timeout_s=0.18)
    handle.assert_finished()
