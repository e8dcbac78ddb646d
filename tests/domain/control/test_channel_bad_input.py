"""A device that is busy with others, speaks nonsense, or cannot do what newer ones can."""

from __future__ import annotations

import asyncio

import pytest
from tests.domain.control.running_boron import BORON, RESET, accepted, answered, channel_to, concluded
from tests.domain.control.test_with_devices import Desk
from tests.scripted_usb import ScriptedHandle

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control import identity, raw
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import (
    RequestDropped,
    RequestFailed,
    RequestTimeout,
    RequestTooLarge,
)
from particle_cli.domain.control.request import Request
from particle_cli.domain.errors import ProtocolError
from particle_cli.ports.usb import Setup, UsbGone

APP_CUSTOM = 10
VERSION = "c050 0000 1e00 4000 < {}\n"


async def test_another_host_that_opens_its_channel_takes_our_requests_back() -> None:
    desk = Desk(13)
    desk.device.request_handler = lambda payload: payload
    async with desk.channel() as first:
        running = asyncio.ensure_future(first.request(APP_CUSTOM, b"1"))
        await desk.clock.sleep(0.01)
        async with desk.channel() as second:
            with pytest.raises(RequestDropped):
                await running
            assert await second.request(APP_CUSTOM, b"2") == b"2"
        assert await first.request(APP_CUSTOM, b"3") == b"3"


async def test_a_request_that_another_host_took_back_is_told_and_leaves_the_channel_of_use() -> None:
    channel, handle = channel_to(
        accepted(APP_CUSTOM),
        "c002 0000 0100 4000 < 01000000 0200",
        "c002 0000 0100 4000 < 01000000 0500",  # NOT_FOUND
        answered(APP_CUSTOM, reply="aa", number=2),
    )
    with pytest.raises(RequestDropped, match="APP_CUSTOM: Request was cancelled") as caught:
        await channel.request(APP_CUSTOM)
    assert caught.value.next_step == "Try again."
    assert await channel.request(APP_CUSTOM) == b"\xaa"
    handle.assert_finished()


async def test_all_of_several_requests_are_taken_back_by_another_host() -> None:
    gone = "c002 0000 {:02x}00 4000 < 01000000 0500\n"
    channel, handle = channel_to(
        *(accepted(APP_CUSTOM, number=number) for number in (1, 2, 3)),
        *(gone.format(number) for number in (1, 2, 3)),
    )
    outcomes = await channel.request_all(*[Request(APP_CUSTOM)] * 3)
    assert [type(outcome) for outcome in outcomes] == [RequestDropped] * 3
    handle.assert_finished()


async def test_an_id_that_another_request_has_is_no_id_and_is_not_taken_back() -> None:
    channel, handle = channel_to(
        accepted(APP_CUSTOM, number=5), accepted(APP_CUSTOM, number=5), concluded("aa", number=5)
    )
    first, second = await channel.request_all(Request(APP_CUSTOM), Request(APP_CUSTOM))
    assert first == b"\xaa"
    assert isinstance(second, ProtocolError)
    handle.assert_finished()


async def test_an_answer_about_another_request() -> None:
    channel, handle = channel_to(
        accepted(APP_CUSTOM), "c002 0000 0100 4000 < 0b000000 0000 0200 00000000", RESET.format(1)
    )
    with pytest.raises(ProtocolError):
        await channel.request(APP_CUSTOM)
    handle.assert_finished()


async def test_a_short_recv_in_the_middle_of_a_long_reply() -> None:
    channel, handle = channel_to(
        accepted(APP_CUSTOM),
        "c002 0000 0100 4000 < 0d000000 0000 88130000 00000000",
        f"c004 0000 0100 0010 < {'aa' * 4096}",
        f"c004 0000 0100 8803 < {'aa' * 900}",
        RESET.format(1),
    )
    with pytest.raises(ProtocolError, match="900 bytes, not 904"):
        await channel.request(APP_CUSTOM)
    handle.assert_finished()


@pytest.mark.parametrize("fault", ["stall", "timeout"])
async def test_a_fault_in_the_middle_of_a_long_payload_is_taken_back(fault: str) -> None:
    channel, handle = channel_to(
        "c001 8813 0a00 4000 < 03000000 0200 0100",
        "c002 0000 0100 4000 < 01000000 0000",
        f"4003 0000 0100 0010 > {'00' * 4096}",
        f"4003 0000 0100 8803 > {'00' * 904} ! {fault}",
        RESET.format(1),
    )
    with pytest.raises(Exception, match=fault):
        await channel.request(APP_CUSTOM, bytes(5000))
    handle.assert_finished()


@pytest.mark.parametrize(
    ("version", "chunks"),
    [("312e342e34", False), ("302e382e302d72632e31", False), ("312e352e30", True), ("3f3f", True)],
)
async def test_device_os_before_1_5_takes_a_request_in_one_piece(version: str, chunks: bool) -> None:
    channel, handle = channel_to(VERSION.format(version), RESET.format(0))
    await channel.open()
    assert channel.chunks is chunks
    if not chunks:
        with pytest.raises(RequestTooLarge, match="4096") as caught:
            await channel.request(APP_CUSTOM, bytes(4097))
        assert caught.value.next_step
    handle.assert_finished()


async def test_a_payload_of_more_than_a_request_can_carry_names_the_limit() -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestTooLarge, match="65535"):
        await channel.request(APP_CUSTOM, bytes(65536))


@pytest.mark.parametrize("at", range(4))
async def test_a_device_that_goes_while_the_channel_is_opened_or_first_used(at: int) -> None:
    lines = [
        "c050 0000 1e00 4000 < 362e322e30",
        "c005 0000 0000 4000 < 01000000 0000",
        *accepted(20).splitlines(),
        "c002 0000 0100 4000 < 09000000 0000 00000000",
    ]
    lines[at] = lines[at].split("<")[0] + "! gone"
    channel, handle = channel_to("\n".join(lines[: at + 1]))

    async def use() -> None:
        await channel.open()
        await identity.device_id(channel)

    with pytest.raises(UsbGone):
        await use()
    handle.assert_finished()


class SlowHandle(ScriptedHandle):
    """A device for which each transfer of a payload takes three seconds."""

    async def control_out(self, setup: Setup, data: bytes | memoryview = b"", *, timeout_ms: int) -> None:
        await super().control_out(setup, data, timeout_ms=timeout_ms)
        await LoopClock().sleep(3)


async def test_time_that_runs_out_between_two_pieces_of_a_payload() -> None:
    handle = SlowHandle(
        LoopClock(),
        "c001 1027 0a00 4000 < 03000000 0200 0100",
        "c002 0000 0100 4000 < 01000000 0000",
        f"4003 0000 0100 0010 > {'00' * 4096}\n" * 2,
        RESET.format(1),
        device=BORON,
    )
    with pytest.raises(RequestTimeout):
        await ControlChannel(handle, LoopClock(), data_stage=False).request(
            APP_CUSTOM, bytes(10000), timeout_s=5
        )
    handle.assert_finished()


async def test_a_request_that_has_no_name() -> None:
    channel, _ = channel_to(answered(999, result=-120))
    with pytest.raises(RequestFailed, match="request 999: Not supported"):
        await channel.request(999)


async def test_the_device_id_by_a_request_of_one_transfer() -> None:
    told = b"E00FCE68AAAAAAAAAAAAAAAA".hex()
    handle = ScriptedHandle(LoopClock(), f"c050 0000 1400 4000 < {told}\nc050 0000 1400 4000 ! stall")
    assert await raw.device_id(handle) == "e00fce68aaaaaaaaaaaaaaaa"
    assert await raw.device_id(handle) is None
