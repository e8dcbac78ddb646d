"""Flows of several requests, odd answers, and what is refused before it is sent."""

from __future__ import annotations

from contextlib import suppress

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.control.running_boron import answered, channel_to

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control import (
    application,
    claiming,
    cloud_connection,
    diagnostics,
    log_handlers,
    log_json,
    module_info,
    protection,
)
from particle_cli.domain.control.cloud_connection import ConnectionStatus
from particle_cli.domain.control.errors import RequestFailed, RequestInvalid, RequestTimeout
from particle_cli.domain.control.log_values import LogHandler
from particle_cli.domain.control.messages import config_pb2, wifi_new_pb2
from particle_cli.domain.control.module_info import Check, InstalledModule, ModuleStore
from particle_cli.domain.control.text_repair import with_valid_text
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.domain.firmware.functions import ModuleFunction
from particle_cli.domain.firmware.module import Dependency
from particle_cli.ports.usb import UsbGone

PHOTON_1_0 = (
    '{"p":6,"m":[{"s":16384,"l":"m","vc":30,"vv":30,"f":"b","n":"0","v":100,"d":[]},'
    '{"s":262144,"l":"m","vc":30,"vv":26,"f":"s","n":"1","v":207,"d":[{"f":"b","n":"0","v":100}]},'
    '{"s":131072,"l":"f","vc":30,"vv":30,"u":"' + "CD" * 32 + '","f":"u","n":"1","v":4,"d":[]}]}'
)


async def test_waiting_for_the_cloud_outlives_what_fails() -> None:
    channel, handle = channel_to(
        answered(300, reply="0801"),
        answered(300, result=-110),
        "c001 0000 2c01 4000 ! stall",
        answered(300, reply="0802"),
    )
    await cloud_connection.wait_until(channel, ConnectionStatus.CONNECTED)
    handle.assert_finished()


@pytest.mark.parametrize(("result", "error"), [(-1801, DeviceProtected), (-120, RequestFailed)])
async def test_waiting_for_what_the_device_never_tells(result: int, error: type[Exception]) -> None:
    channel, handle = channel_to(answered(300, result=result))
    with pytest.raises(error):
        await cloud_connection.wait_until(channel, ConnectionStatus.CONNECTED)
    handle.assert_finished()


async def test_waiting_ends_in_time_also_where_all_fails() -> None:
    channel, _ = channel_to(answered(300, result=-110) * 100)
    clock = LoopClock()
    before = clock.monotonic()
    with pytest.raises(RequestTimeout, match="not connected after 5 s") as caught:
        await cloud_connection.wait_until(channel, ConnectionStatus.CONNECTED, timeout_s=5)
    assert clock.monotonic() - before == pytest.approx(5, abs=0.5)
    assert caught.value.next_step


async def test_waiting_ends_with_the_device() -> None:
    channel, _ = channel_to("c001 0000 2c01 4000 ! gone")
    with pytest.raises(UsbGone):
        await cloud_connection.wait_until(channel, ConnectionStatus.CONNECTED)


async def test_disconnecting_by_force() -> None:
    channel, handle = channel_to("4050 0000 2e01 0000", answered(300, reply="0803"), answered(300))
    await cloud_connection.disconnect(channel, force=True)
    handle.assert_finished()
    channel, handle = channel_to("4050 0000 2e01 0000")
    await cloud_connection.disconnect(channel, force=True, wait=False)
    handle.assert_finished()


async def test_modules_of_a_photon_with_device_os_1_0() -> None:
    channel, _ = channel_to(answered(90, reply=PHOTON_1_0.encode().hex()))
    bootloader, system, user = await module_info.module_info(channel)
    assert bootloader.valid
    assert bootloader.max_size == 16384
    assert system == InstalledModule(
        function=ModuleFunction.SYSTEM_PART,
        index=1,
        version=207,
        store=ModuleStore.MAIN,
        size=0,
        max_size=262144,
        failed=Check.DEPENDENCIES,
        dependencies=(Dependency(ModuleFunction.BOOTLOADER, 0, 100),),
    )
    assert (user.store, user.sha256) == (ModuleStore.FACTORY, "cd" * 32)


@pytest.mark.parametrize(
    "text", ["{", "{}", "{" * 3000, '{"m":3}', '{"m":[3]}', '{"m":[{"v":"x"}]}', '{"m":[]}x', "{\xff"]
)
async def test_text_that_tells_no_modules(text: str) -> None:
    channel, _ = channel_to(answered(90, reply=text.encode("latin-1").hex()))
    with pytest.raises(ProtocolError, match="GET_MODULE_INFO"):
        await module_info.module_info(channel)


async def test_a_module_without_a_hash() -> None:
    channel, _ = channel_to(answered(90, reply="1204 0805 1001"))
    (module,) = await module_info.module_info(channel)
    assert module.sha256 is None
    assert module.valid


async def test_log_handlers_by_the_way_that_the_device_understands() -> None:
    channel, handle = channel_to(answered(1102, reply="0a03 0a0175"))
    assert await log_handlers.handlers(channel) == ("u",)
    handle.assert_finished()
    channel, handle = channel_to(
        answered(1102, result=-120), answered(80, b'{"cmd":"enumHandlers"}'.hex(), b"[]".hex())
    )
    assert await log_handlers.handlers(channel) == ()
    handle.assert_finished()


async def test_log_handlers_where_neither_way_is_understood() -> None:
    removal = b'{"cmd":"removeHandler","id":"u"}'.hex()
    channel, handle = channel_to(answered(1101, "0a0175", result=-120), answered(80, removal, result=-120))
    with pytest.raises(RequestFailed) as caught:
        await log_handlers.remove(channel, "u")
    assert "log-config" in (caught.value.next_step or "")
    handle.assert_finished()


async def test_a_log_handler_that_is_refused_is_not_asked_for_the_other_way() -> None:
    channel, handle = channel_to(answered(1100, "0a0175 1001 1801 2801 3200", result=-180))
    with pytest.raises(RequestFailed, match="Already exists"):
        await log_handlers.add(channel, LogHandler("u"))
    handle.assert_finished()


@pytest.mark.parametrize("answer", ["", "{}", "[1]", "[", "[" * 5000])
async def test_answers_that_are_no_list_of_handlers(answer: str) -> None:
    asked = b'{"cmd":"enumHandlers"}'.hex()
    script = answered(80, asked, answer.encode().hex())
    if len(answer) > 4096:
        return
    channel, _ = channel_to(script)
    with pytest.raises(ProtocolError, match="LOG_CONFIG"):
        await log_json.handlers(channel, timeout_s=1)


@pytest.mark.parametrize("code", ["", "a" * 62, "a" * 64, "ü" * 63])
async def test_what_is_no_claim_code_is_not_sent_and_not_shown(code: str) -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestInvalid) as caught:
        await claiming.set_claim_code(channel, code)
    assert not code or code not in caught.value.message


@pytest.mark.parametrize("size", [0, 31, 33])
async def test_a_nonce_of_another_size_is_not_sent(size: int) -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestInvalid, match="nonce"):
        await protection.prepare(channel, bytes(size))


async def test_an_echo_of_something_else() -> None:
    channel, _ = channel_to(answered(1, "616263", "616264"))
    with pytest.raises(ProtocolError, match="3 bytes"):
        await application.echo(channel, b"abc")


async def test_an_application_without_a_handler() -> None:
    channel, _ = channel_to(answered(10, "78", result=-120))
    with pytest.raises(RequestFailed) as caught:
        await application.send(channel, "x")
    assert "ctrl_request_custom_handler" in (caught.value.next_step or "")


async def test_an_application_request_can_be_secret() -> None:
    channel, handle = channel_to(answered(10, "78", "79"))
    await application.send(channel, "x", secret=True)
    assert [setup.secret for setup in handle.setups] == [False, True, False, True]


@pytest.mark.parametrize(
    "text",
    [b"[]", b'"x"', b"{", b'{"a":null}', b'{"a":true}', b'{"a":[]}', b'{"a":{}}', b"\xff", b"[" * 100000],
)
def test_diagnostics_that_make_no_sense(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader of text knows no other
        diagnostics.read_diagnostics(text)


def test_no_diagnostics_are_none() -> None:
    assert diagnostics.read_diagnostics(b"") == {}


@given(st.binary(max_size=40))
def test_any_bytes_are_repaired_or_an_error(data: bytes) -> None:
    descriptor = wifi_new_pb2.ScanNetworksReply.DESCRIPTOR
    with suppress(DecodeError):
        repaired = with_valid_text(data, descriptor)  # type: ignore[arg-type]
        assert with_valid_text(repaired, descriptor) == repaired  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200), st.booleans()), max_size=5))
def test_what_is_well_is_left_as_it_is(told: list[tuple[str, str, bool]]) -> None:
    message = config_pb2.GetEnvReply(
        vars=[config_pb2.GetEnvReply.Var(name=name, value=value, is_app=app) for name, value, app in told],
        snapshot_hash=b"\xff\xfe",
    )
    data = message.SerializeToString()
    assert with_valid_text(data, config_pb2.GetEnvReply.DESCRIPTOR) == data  # type: ignore[arg-type]


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_text_of_any_bytes_becomes_text(names: list[bytes]) -> None:
    data = b"".join(bytes((0x0A, len(name) + 2, 0x0A, len(name))) + name for name in names)
    message = wifi_new_pb2.ScanNetworksReply()
    message.ParseFromString(
        with_valid_text(data, wifi_new_pb2.ScanNetworksReply.DESCRIPTOR)  # type: ignore[arg-type]
    )
    assert [one.ssid for one in message.networks] == [name.decode("utf-8", "replace") for name in names]
