"""The channel's transfers, byte for byte and at their times."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.control.running_boron import BORON, RESET, accepted, answered, channel_to, concluded
from tests.scripted_usb import ScriptedHandle

from particle_cli.adapters.clock import LoopClock
from particle_cli.domain.control import identity
from particle_cli.domain.control.channel import ControlChannel
from particle_cli.domain.control.errors import (
    RequestDropped,
    RequestFailed,
    RequestTimeout,
    RequestTooLarge,
)
from particle_cli.domain.control.request import Request
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.ports.errors import ParticleError
from particle_cli.ports.usb import Setup, UsbGone, UsbStall, UsbTimeout
from particle_cli.simulators.virtual_time import VirtualTimeLoop

ECHO = 1
APP_CUSTOM = 10
PENDING = "01000000 0200"
ID_REPLY = "0a18 653030666365363861616161616161616161616161616161"


async def test_open_and_get_the_device_id() -> None:
    channel, handle = channel_to(
        """
        c050 0000 1e00 4000 < 362e322e30             # 6.2.0
        c005 0000 0000 4000 < 01000000 0000
        """
    )
    await channel.open()
    assert channel.system_version == "6.2.0"
    handle.assert_finished()
    channel, handle = channel_to(
        f"""
        @0   c001 0000 1400 4000 < 03000000 0000 0100
        @50  c002 0000 0100 4000 < 01000000 0200
        @100 c002 0000 0100 4000 < 0d000000 0000 1a000000 00000000
        @100 c004 0000 0100 1a00 < {ID_REPLY}
        """
    )
    assert await identity.device_id(channel) == "e00fce68aaaaaaaaaaaaaaaa"
    handle.assert_finished()


@pytest.mark.parametrize("fault", ["stall", "timeout"])
async def test_a_device_that_does_not_tell_its_version_and_loses_the_reset(fault: str) -> None:
    channel, handle = channel_to(
        f"c050 0000 1e00 4000 ! {fault}\nc005 0000 0000 4000 ! timeout\n", RESET.format(0)
    )
    await channel.open()
    assert channel.system_version is None
    handle.assert_finished()


async def test_a_small_payload_and_a_refusal() -> None:
    channel, handle = channel_to(
        """
        @0  c001 0f00 0a00 4000 < 03000000 0000 0800
        @0  4003 0000 0800 0f00 > 7b226f70223a22737461747573227d
        @50 c002 0000 0800 4000 < 09000000 0000 88ffffff
        """
    )
    with pytest.raises(RequestFailed, match="Not supported") as caught:
        await channel.request(APP_CUSTOM, b'{"op":"status"}')
    assert caught.value.result == -120
    assert "e00fce68aaaaaaaaaaaaaaaa: APP_CUSTOM" in caught.value.message
    handle.assert_finished()


async def test_a_payload_that_needs_a_buffer() -> None:
    echo = bytes(range(100))
    channel, handle = channel_to(
        f"""
        @0   c001 6400 0100 4000 < 03000000 0200 0900
        @50  c002 0000 0900 4000 < 01000000 0000
        @50  4003 0000 0900 6400 > {echo.hex()}
        @100 c002 0000 0900 4000 < 0d000000 0000 64000000 00000000
        @100 c004 0000 0900 6400 < {echo.hex()}
        """
    )
    assert await channel.request(ECHO, echo) == echo
    handle.assert_finished()


async def test_5000_bytes_go_both_ways_in_chunks() -> None:
    echo = bytes(i & 0xFF for i in range(5000))
    channel, handle = channel_to(
        f"""
        c001 8813 0100 4000 < 03000000 0200 0a00
        c002 0000 0a00 4000 < 01000000 0000
        4003 0000 0a00 0010 > {echo[:4096].hex()}
        4003 0000 0a00 8803 > {echo[4096:].hex()}
        c002 0000 0a00 4000 < 0d000000 0000 88130000 00000000
        c004 0000 0a00 0010 < {echo[:4096].hex()}
        c004 0000 0a00 8803 < {echo[4096:].hex()}
        """
    )
    assert await channel.request(ECHO, echo) == echo
    handle.assert_finished()


async def test_a_protected_device() -> None:
    channel, handle = channel_to(
        "c001 0000 5a00 4000 < 03000000 0000 0700", "c002 0000 0700 4000 < 09000000 0000 f7f8ffff"
    )
    with pytest.raises(DeviceProtected, match="Device is protected"):
        await channel.request(90)
    handle.assert_finished()


async def test_time_out_and_taking_back() -> None:
    channel, handle = channel_to(
        f"""
        @0   c001 0000 0a00 4000 < 03000000 0000 0c00
        @50  c002 0000 0c00 4000 < {PENDING}
        @100 c002 0000 0c00 4000 < {PENDING}
        @200 c002 0000 0c00 4000 < {PENDING}
        @300 c002 0000 0c00 4000 < {PENDING}
        @400 c005 0000 0c00 4000 < 01000000 0000
        """
    )
    with pytest.raises(RequestTimeout, match="Request timeout"):
        await channel.request(APP_CUSTOM, timeout_s=0.4)
    handle.assert_finished()


async def test_the_intervals_between_checks() -> None:
    at = [50, 100, 200, 300, 550, 800, 1300, 1800, 2800, 3800]
    channel, handle = channel_to(
        "c001 0000 0a00 4000 < 03000000 0000 0100",
        *(f"@{ms} c002 0000 0100 4000 < {PENDING}" for ms in at),
        "@4800 c002 0000 0100 4000 < 09000000 0000 00000000",
    )
    assert await channel.request(APP_CUSTOM) == b""
    handle.assert_finished()


async def test_six_requests_at_once() -> None:
    init = "c001 0000 0a00 4000 < 03000000 0000 {:02x}00\n"
    channel, handle = channel_to(
        *("@0 " + init.format(number) for number in (13, 14, 15, 16)),
        "@0 c001 0000 0a00 4000 < 01000000 0300",  # BUSY
        "@50 c002 0000 0d00 4000 < 01000000 0200",
        "@50 c002 0000 0e00 4000 < 0d000000 0000 01000000 00000000",
        "@50 c004 0000 0e00 0100 < 62",
        "@50 c002 0000 0f00 4000 < 01000000 0200",
        "@50 c002 0000 1000 4000 < 01000000 0200",
        "@50 " + init.format(17),  # one has ended: the next goes out
        "@50 c001 0000 0a00 4000 < 01000000 0300",
        "@100 c002 0000 0d00 4000 < 09000000 0000 00000000",
        "@100 c002 0000 0f00 4000 < 09000000 0000 00000000",
        "@100 c002 0000 1000 4000 < 09000000 0000 88ffffff",
        "@100 c002 0000 1100 4000 < 09000000 0000 00000000",
        "@100 " + init.format(18),
        "@150 c002 0000 1200 4000 < 0d000000 0000 01000000 00000000",
        "@150 c004 0000 1200 0100 < 66",
    )
    outcomes = await channel.request_all(*[Request(APP_CUSTOM)] * 6)
    assert [outcome for outcome in outcomes if isinstance(outcome, bytes)] == [b"", b"b", b"", b"", b"f"]
    assert isinstance(outcomes[3], RequestFailed)
    handle.assert_finished()


async def test_a_device_that_is_busy_with_somebody_elses_requests() -> None:
    busy = "c001 0000 0a00 4000 < 01000000 0300\n"
    channel, handle = channel_to(
        *(f"@{ms} {busy}" for ms in (0, 50, 100, 200, 300)),
        "@550 c001 0000 0a00 4000 < 03000000 0000 0100",
        "@600 c002 0000 0100 4000 < 09000000 0000 00000000",
    )
    assert await channel.request(APP_CUSTOM) == b""
    handle.assert_finished()


async def test_a_device_that_stays_busy() -> None:
    channel, handle = channel_to("c001 0000 0a00 4000 < 01000000 0300\n" * 3)
    with pytest.raises(RequestTimeout):
        await channel.request(APP_CUSTOM, timeout_s=0.15)
    handle.assert_finished()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("c001 0000 0a00 4000 < 01000000 0400", RequestFailed),  # no memory for the request
        ("c001 0000 0a00 4000 ! stall", UsbStall),
        (accepted(10) + "c002 0000 0100 4000 < 01000000 0500", RequestDropped),
        (accepted(10) + "c002 0000 0100 4000 < 01000000 0400", RequestFailed),
        (accepted(10) + "c002 0000 0100 4000 ! timeout\n" * 3 + RESET.format(1), UsbTimeout),
        (accepted(10) + "c002 0000 0100 4000 ! gone", UsbGone),
        (accepted(10) + "c002 0000 0100 4000 < 01000000 0300\n" + RESET.format(1), ProtocolError),
        (
            accepted(10) + "c002 0000 0100 4000 < 01000000 0000\n" + RESET.format(1),
            ProtocolError,
        ),  # no result
        (
            accepted(10)
            + "c002 0000 0100 4000 < 0d000000 0000 04000000 00000000\n"
            + "c004 0000 0100 0400 < 010203\n"
            + RESET.format(1),
            ProtocolError,
        ),
        (
            accepted(10) + "c002 0000 0100 4000 < 0d000000 0000 ffffffff 00000000\n" + RESET.format(1),
            ProtocolError,
        ),
        (
            accepted(10)
            + "c002 0000 0100 4000 < 0d000000 0000 04000000 00000000\n"
            + "c004 0000 0100 0400 ! timeout\n"
            + RESET.format(1),
            UsbTimeout,
        ),
        # without an id nobody can take back the one request: all are
        ("c001 0000 0a00 4000 ! timeout\n" + RESET.format(0), UsbTimeout),
        ("c001 0000 0a00 4000 <\n" + RESET.format(0), ProtocolError),
        ("c001 0000 0a00 4000 < 01000000 0000", ProtocolError),  # no id
        ("c001 0000 0a00 4000 < 03000000 0000 0000", ProtocolError),  # id 0 means all requests
        (
            "c001 0000 0a00 4000 < 03000000 0200 0100\n" + RESET.format(1),
            ProtocolError,
        ),  # wait for no payload
        ("c001 0000 0a00 4000 < 01000000 0100", ProtocolError),  # status ERROR
    ],
)
async def test_what_can_go_wrong(script: str, error: type[ParticleError]) -> None:
    channel, handle = channel_to(script)
    with pytest.raises(error) as caught:
        await channel.request(APP_CUSTOM)
    assert type(caught.value) is error
    handle.assert_finished()


async def test_checks_that_are_lost_are_repeated() -> None:
    lost = "c002 0000 0100 4000 ! timeout\nc002 0000 0100 4000 ! stall\n"
    channel, handle = channel_to(
        accepted(10), lost, f"c002 0000 0100 4000 < {PENDING}", lost, concluded("aa")
    )
    assert await channel.request(APP_CUSTOM) == b"\xaa"
    handle.assert_finished()


async def test_a_payload_that_is_lost_is_taken_back_and_not_sent_again() -> None:
    channel, handle = channel_to(
        "c001 0100 0a00 4000 < 03000000 0000 0100\n4003 0000 0100 0100 > aa ! timeout\n" + RESET.format(1)
    )
    with pytest.raises(UsbTimeout):
        await channel.request(APP_CUSTOM, b"\xaa")
    handle.assert_finished()


async def test_no_room_for_the_payload() -> None:
    payload = bytes(100)
    channel, handle = channel_to(
        "c001 6400 0a00 4000 < 03000000 0200 0100", "c002 0000 0100 4000 < 01000000 0400"
    )
    with pytest.raises(RequestFailed, match="Memory"):
        await channel.request(APP_CUSTOM, payload)
    handle.assert_finished()


async def test_a_payload_that_is_too_large_is_not_sent() -> None:
    channel, _ = channel_to()
    with pytest.raises(RequestTooLarge):
        await channel.request(APP_CUSTOM, bytes(65536))


async def test_a_fault_of_one_request_leaves_the_others() -> None:
    channel, handle = channel_to(
        accepted(10, number=1),
        accepted(20, number=2),
        "c002 0000 0100 4000 < 00",
        RESET.format(1),
        concluded("bb", number=2),
    )
    first, second = await channel.request_all(Request(10), Request(20))
    assert isinstance(first, ProtocolError)
    assert second == b"\xbb"
    handle.assert_finished()


async def test_a_device_that_goes_ends_all_requests() -> None:
    channel, _ = channel_to(accepted(10, number=1), accepted(10, number=2), "c002 0000 0100 4000 ! gone")
    outcomes = await channel.request_all(Request(10), Request(10))
    assert [type(outcome) for outcome in outcomes] == [UsbGone, UsbGone]


async def test_cancelled_requests_are_taken_back() -> None:
    channel, handle = channel_to(
        accepted(10, number=1), accepted(10, number=2), "@20 " + RESET.format(1), "@20 " + RESET.format(2)
    )
    running = asyncio.ensure_future(channel.request_all(Request(10), Request(10)))
    await LoopClock().sleep(0.02)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    handle.assert_finished()


async def test_two_at_once_are_told_how_to() -> None:
    channel, _ = channel_to(accepted(10), concluded("aa"))
    running = asyncio.ensure_future(channel.request(APP_CUSTOM))
    await LoopClock().sleep(0.02)
    with pytest.raises(RuntimeError, match="request_all"):
        await channel.request(APP_CUSTOM)
    assert await running == b"\xaa"


async def test_a_reset_by_force() -> None:
    channel, handle = channel_to("4050 0000 2800 0000 ! gone")
    await channel.force_reset()
    handle.assert_finished()
    channel, handle = channel_to("4050 0000 2800 0100 > 00", data_stage=True)
    await channel.force_reset()
    handle.assert_finished()
    channel, _ = channel_to("4050 0000 2800 0000 ! stall")
    with pytest.raises(UsbStall):
        await channel.force_reset()


async def test_breaking_the_cloud_connection_by_force() -> None:
    channel, handle = channel_to("4050 0000 2e01 0000")
    await channel.force_cloud_disconnect()
    handle.assert_finished()


async def test_a_reply_comes_with_an_error_too() -> None:
    channel, handle = channel_to(answered(10, reply="aabb", result=-100))
    with pytest.raises(RequestFailed, match="Unknown error"):
        await channel.request(APP_CUSTOM)
    handle.assert_finished()


class Babbler(ScriptedHandle):
    """A device that answers anything."""

    def __init__(self, answers: list[bytes]) -> None:
        super().__init__(LoopClock(), device=BORON)
        self._answers = iter(answers)

    def _play(self, setup: Setup, data: bytes) -> bytes:
        return next(self._answers, b"")[: setup.length]


SERVICE_LIKE = st.builds(
    lambda flags, status, rest: bytes((flags, 0, 0, 0, status, 0)) + rest,
    st.integers(0, 31),
    st.integers(0, 6),
    st.sampled_from([b"", b"\1\0", b"\1\0\0\0\0\0", b"\2\0\0\0\0\0\0\0", b"\0\0"]),
)


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=64) | SERVICE_LIKE, max_size=12),
    st.lists(st.binary(max_size=70), min_size=1, max_size=3),
)
def test_garbage_ends_in_an_error_and_never_hangs(answers: list[bytes], payloads: list[bytes]) -> None:
    async def talk() -> None:
        channel = ControlChannel(Babbler(answers), LoopClock(), data_stage=False)
        with suppress(ParticleError):
            await channel.open()
        for outcome in await channel.request_all(*(Request(10, payload, 30) for payload in payloads)):
            assert isinstance(outcome, bytes | ParticleError)

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(talk())
