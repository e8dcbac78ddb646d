"""Every typed request: its bytes, what it makes of the answer, and what it makes of bad ones."""

from __future__ import annotations

from contextlib import suppress

import pytest
from tests.domain.control.catalogue import CASES, IDS, Case
from tests.domain.control.running_boron import RESET, accepted, channel_to, concluded
from tests.scripted_usb import ScriptedHandle

from particle_cli.domain.control.errors import RequestDropped, RequestFailed, RequestTimeout
from particle_cli.domain.control.messages.request_type_pb2 import RequestType
from particle_cli.domain.control.network import NoSuchInterface
from particle_cli.domain.errors import DeviceProtected, ProtocolError
from particle_cli.ports.usb import UsbGone

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=IDS)
PENDING = "01000000 0200"
SENT_AND_RECEIVED = (3, 4)
"""bRequest of SEND and RECV, which carry what a request and its reply hold."""


def opening(case: Case) -> str:
    """INIT and SEND; a payload of more than 64 bytes has to wait for its buffer."""
    lines = accepted(case.kind, case.payload)
    if len(bytes.fromhex(case.payload)) > 64:
        lines = lines.replace("< 03000000 0000 0100", "< 03000000 0200 0100")
        lines = lines.replace("4003", "c002 0000 0100 4000 < 01000000 0000\n4003", 1)
    return lines


async def played(case: Case, script: str) -> tuple[object, ScriptedHandle]:
    """Make a request of a device that plays a script; return what came of it."""
    channel, handle = channel_to(script)
    outcome = await case.call(channel)
    handle.assert_finished()
    return outcome, handle


@EVERY_CASE
async def test_bytes_and_value(case: Case) -> None:
    outcome, _ = await played(case, opening(case) + concluded(case.reply))
    assert outcome == case.value


@EVERY_CASE
async def test_secrets_are_marked_and_nothing_else_is(case: Case) -> None:
    _, handle = await played(case, opening(case) + concluded(case.reply))
    for setup in handle.setups:
        assert setup.secret == (case.secret and setup.request in SENT_AND_RECEIVED), setup


@EVERY_CASE
def test_values_do_not_show_secrets(case: Case) -> None:
    for word in ("my_password", "'me'", "'pw'", "'bar'"):
        assert word not in repr(case.value)


@EVERY_CASE
async def test_a_device_that_vanishes_at_any_transfer(case: Case) -> None:
    whole = (opening(case) + f"c002 0000 0100 4000 < {PENDING}\n" + concluded(case.reply)).splitlines()
    for at, line in enumerate(whole):
        channel, handle = channel_to("\n".join([*whole[:at], line.split("<")[0] + " ! gone"]))
        with pytest.raises(UsbGone):
            await case.call(channel)
        handle.assert_finished()


@EVERY_CASE
async def test_endless_pending_ends_after_a_minute_and_is_taken_back(case: Case) -> None:
    channel, handle = channel_to(opening(case), f"c002 0000 0100 4000 < {PENDING}\n" * 66)
    handle.append("@60000 " + RESET.format(1))
    with pytest.raises(RequestTimeout) as caught:
        await case.call(channel)
    assert case.name in caught.value.message
    assert caught.value.next_step
    handle.assert_finished()


@EVERY_CASE
async def test_a_request_that_another_host_has_taken_back(case: Case) -> None:
    channel, handle = channel_to(opening(case), "c002 0000 0100 4000 < 01000000 0500")
    with pytest.raises(RequestDropped):
        await case.call(channel)
    handle.assert_finished()


@EVERY_CASE
@pytest.mark.parametrize("result", [-120, -130, -1801, -99999])
async def test_refusals(case: Case, result: int) -> None:
    if case.kind == RequestType.GET_PROTECTED_STATE and result == -120:
        return  # this firmware knows no protection, which is an answer too
    with pytest.raises(DeviceProtected if result == -1801 else RequestFailed) as caught:
        await played(case, opening(case) + concluded(result=result))
    assert case.name in caught.value.message
    assert bool(caught.value.next_step) == (result != -99999)
    if isinstance(caught.value, RequestFailed):
        assert caught.value.result == result


ANSWERED = [case for case in CASES if case.reply]


@pytest.mark.parametrize("case", ANSWERED, ids=[case.name for case in ANSWERED])
async def test_garbage_for_an_answer(case: Case) -> None:
    for garbage in ("ff", "0a", "0c", "07" * 20):
        if case.kind == RequestType.APP_CUSTOM:
            continue  # where anything is an answer
        with pytest.raises(ProtocolError) as caught:
            await played(case, opening(case) + concluded(garbage))
        assert "Device e00fce68aaaaaaaaaaaaaaaa" in caught.value.message


@pytest.mark.parametrize("case", ANSWERED, ids=[case.name for case in ANSWERED])
async def test_an_answer_that_is_cut_short_is_an_error_or_less_of_an_answer(case: Case) -> None:
    reply = bytes.fromhex(case.reply)
    for size in range(len(reply)):
        with suppress(ProtocolError, NoSuchInterface):
            outcome, _ = await played(case, opening(case) + concluded(reply[:size].hex()))
            assert outcome != case.value or case.value in (None, b"oh")


@pytest.mark.parametrize("case", ANSWERED, ids=[case.name for case in ANSWERED])
@pytest.mark.parametrize("size", ["00000000", "05000080", "ffffff7f"])
async def test_sizes_of_answers_that_cannot_be(case: Case, size: str) -> None:
    ended = f"c002 0000 0100 4000 < 0d000000 0000 {size} 00000000\n"
    channel, handle = channel_to(opening(case) + ended)
    if size == "00000000":
        with suppress(ProtocolError, NoSuchInterface):
            assert await case.call(channel) != case.value
    else:
        handle.append(RESET.format(1))
        with pytest.raises(ProtocolError, match="announces"):
            await case.call(channel)
    handle.assert_finished()


def test_the_catalogue_is_whole() -> None:
    elsewhere = {
        # a flow of several requests, with tests of their own
        *("START_LISTENING", "GET_MODULE_INFO"),
        *("START_FIRMWARE_UPDATE", "FINISH_FIRMWARE_UPDATE", "FIRMWARE_UPDATE_DATA"),
    }
    names = {RequestType.Name(kind) for kind in RequestType.values() if kind}
    assert names - {case.name for case in CASES} == elsewhere
