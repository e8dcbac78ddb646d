"""The control channel: recorded exchanges, and the rules of its states."""

from __future__ import annotations

import pytest
from attrs import evolve
from tests.simulators.conftest import NewHost
from tests.simulators.control.conftest import NewProtected, channel_of
from tests.simulators.talk import BORON, Host

from particle_cli.ports.usb import Setup
from particle_cli.simulators.control.channel import ControlChannel, Handler, Outcome
from particle_cli.simulators.firmware.boot import Mode
from particle_cli.simulators.system.led import Led
from particle_cli.simulators.usb.answer import Agenda

P2, CORE = 32, 0
ID = "e00fce68aaaaaaaaaaaaaaaa"


@pytest.fixture
def host(new_host: NewHost) -> Host:
    made = new_host()
    made.device.hardware.device_id = ID
    return made


def test_raw_requests(host: Host) -> None:
    assert host.raw("c050 0000 1e00 4000".replace(" ", "")).data.hex() == "362e322e30"
    assert host.raw("c050000014004000").data == ID.upper().encode()
    assert host.raw("c050000014001700").stalled  # 23 bytes are too few for the id
    assert host.raw("c05000001e000400").stalled
    assert host.raw("c05000001e004100").stalled
    assert host.raw("c050000063004000").stalled
    assert host.raw("4050000063000000").stalled


def test_a_raw_reset_happens_at_once(host: Host) -> None:
    host.raw("4050000028000000")
    assert host.mode() is Mode.RESETTING
    assert host.settle() is Mode.NORMAL


def test_a_raw_disconnect(host: Host) -> None:
    assert host.device.led == Led("breathing", "cyan")
    host.raw("405000002e010000")
    assert host.device.led == Led("breathing", "green")
    assert host.settle() is Mode.NORMAL
    assert not host.device.online


def test_out_requests_without_data_are_lost_on_rtl872x(new_host: NewHost) -> None:
    host = new_host(P2)
    assert host.raw("4050000028000000").silent
    assert host.mode() is Mode.NORMAL
    assert not host.raw("4050000028000100", b"\x00").silent
    assert host.mode() is Mode.RESETTING


def test_a_core_knows_no_control_requests(new_host: NewHost) -> None:
    host = new_host(CORE)
    assert host.raw("c05000001e004000").stalled
    assert host.raw("c005000000004000").stalled


def test_there_is_no_room_for_a_payload_before_there_is_a_buffer(host: Host) -> None:
    data = bytes(range(100))
    assert host.raw("c001640001004000").data.hex() == "0300000002000100"
    assert host.raw("4003000001006400", data).stalled
    assert host.raw("c002000001004000").data.hex() == "010000000000"
    assert not host.raw("4003000001006400", data).stalled


def test_a_reply_is_read_forward_once(host: Host) -> None:
    assert host.request(1, b"warm up") == (0, b"warm up")
    host.raw("c001050001004000")
    host.raw("4003000002000500", b"12345")
    host.raw("c002000002004000")
    assert host.raw("c004000002000300").data == b"123"
    assert host.raw("c004000002000300").stalled  # more than is left
    assert host.raw("c004000002000200").data == b"45"
    assert host.raw("c004000002000100").stalled


def test_reset_of_one_and_of_all(host: Host) -> None:
    for _ in range(3):
        host.raw("c001000014004000")
    assert host.raw("c005000002004000").data.hex() == "010000000000"
    assert host.raw("c005000002004000").data.hex() == "010000000500"
    assert channel_of(host).active == 2
    assert host.raw("c005000000004000").data.hex() == "010000000000"
    assert channel_of(host).active == 0


@pytest.mark.parametrize(
    "setup",
    [
        "c001000014003f00",
        "c001000014004100",
        "c002000001000600",
        "c005000000000000",
        "c006000000004000",
        "c00f000000004000",
        "4001000014004000",
        "4003000063000100",
        "c004000063000100",
        "c003000001000100",
    ],
)
def test_what_stalls(host: Host, setup: str) -> None:
    data = b"\0" * int.from_bytes(bytes.fromhex(setup)[6:], "little") if setup.startswith("40") else b""
    assert host.raw(setup, data).stalled


def test_sending_and_receiving_at_the_wrong_time_stalls(host: Host) -> None:
    host.raw("c001040001004000")
    assert host.raw("4003000001000500", b"12345").stalled
    assert host.raw("c004000001000400").stalled
    assert not host.raw("4003000001000100", b"1").stalled
    assert host.raw("c002000001004000").data.hex() == "010000000000"
    assert not host.raw("4003000001000300", b"234").stalled
    assert host.raw("4003000001000100", b"5").stalled
    assert host.raw("c004000001000400").data == b"1234"


def test_the_pool_is_shared(host: Host) -> None:
    assert host.raw("c001280001004000").data[4] == 0
    assert host.raw("c001280001004000").data[4] == 2
    assert host.raw("c001180001004000").data[4] == 0


def test_no_memory(host: Host) -> None:
    channel_of(host).free_memory = 1000
    host.raw("c001e90301004000")
    assert host.raw("c002000001004000").data.hex() == "010000000400"
    assert host.raw("c002000001004000").data.hex() == "010000000500"


def test_ids_leave_0_out(host: Host) -> None:
    channel_of(host).next_id = 0xFFFF
    assert host.raw("c001000048004000").data[6:].hex() == "ffff"
    assert host.raw("c001000048004000").data[6:].hex() == "0100"


def test_a_bus_reset_drops_the_requests_but_not_on_rtl872x(host: Host, new_host: NewHost) -> None:
    for other, left in ((host, 0), (new_host(P2), 1)):
        other.raw("c001000014004000")
        other.device.bus_reset()
        assert channel_of(other).active == left


def test_the_reset_comes_a_second_after_the_last_reply(host: Host) -> None:
    host.raw("c001000032004000")
    assert not host.device.online  # it leaves the cloud at once
    assert not host.device.agenda.pending
    host.raw("c002000001004000")
    assert [alarm.after_ms for alarm in host.device.agenda.pending] == [1000]
    assert host.mode() is Mode.NORMAL
    assert host.settle() is Mode.DFU


def test_a_request_to_reset_that_is_cancelled_still_resets(host: Host) -> None:
    host.raw("c001000028004000")
    host.raw("c005000001004000")
    assert [alarm.name for alarm in host.device.agenda.pending] == ["reset"]


def test_slow_work_is_pending_until_it_is_done() -> None:
    agenda = Agenda()
    ran: list[int] = []

    def run(kind: int, payload: bytes) -> Outcome:
        ran.append(kind)
        return Outcome(reply=b"done", takes_ms=700)

    channel = ControlChannel(agenda, Handler(run, lambda kind: None))

    def check(number: int) -> int:
        return channel.handle(Setup(0xC0, 2, 0, number, 64), b"").data[4]

    channel.handle(Setup(0xC0, 1, 0, 7, 64), b"")
    channel.handle(Setup(0xC0, 1, 0, 8, 64), b"")
    assert (check(1), check(1), ran) == (2, 2, [7])  # one after another
    (alarm,) = agenda.pending
    assert alarm.after_ms == 700
    agenda.ring(alarm)
    assert (check(1), check(2), ran) == (0, 2, [7, 8])
    agenda.ring(agenda.pending[0])
    assert check(2) == 0


def test_what_follows_waits_for_the_last_byte_of_the_reply() -> None:
    happened: list[str] = []
    outcome = Outcome(reply=b"1234", then=lambda: happened.append("then"))
    channel = ControlChannel(Agenda(), Handler(lambda k, p: outcome, lambda k: None))
    channel.handle(Setup(0xC0, 1, 0, 7, 64), b"")
    channel.handle(Setup(0xC0, 2, 0, 1, 64), b"")
    channel.handle(Setup(0xC0, 4, 0, 1, 3), b"")
    assert happened == []
    channel.handle(Setup(0xC0, 4, 0, 1, 1), b"")
    assert happened == ["then"]
    assert evolve(outcome, reply=b"").reply == b""


def test_the_serial_port_knows_a_magic_baud_rate(host: Host) -> None:
    def set_baud_rate(rate: int) -> None:
        assert not host.transfer(0x21, 0x20, data=rate.to_bytes(4, "little") + b"\x00\x00\x08").stalled

    set_baud_rate(115200)
    assert host.transfer(0xA1, 0x21, data=7).data.hex() == "00c20100000008"
    assert host.mode() is Mode.NORMAL
    set_baud_rate(14400)
    assert host.settle() is Mode.DFU


def test_old_firmware_takes_and_gives_everything_in_one_piece(new_host: NewHost) -> None:
    for release, in_pieces in (("1.4.4", False), ("1.5.0", True)):
        host = new_host(BORON, release=release)
        host.device.request_handler = lambda payload: payload * 2
        host.raw("c00104000a004000")
        assert host.raw("4003000001000200", b"ab").stalled is not in_pieces
        if in_pieces:
            host.raw("4003000001000200", b"cd")
        else:
            assert not host.raw("4003000001000400", b"abcd").stalled
        host.raw("c002000001004000")
        assert host.raw("c004000001000400").stalled is not in_pieces
        if not in_pieces:
            assert host.raw("c004000001000800").data == b"abcdabcd"


@pytest.mark.parametrize(
    ("number", "release", "raw", "service"),
    [(6, "0.5.5", False, False), (6, "0.7.0", True, False), (6, "0.8.0-rc.1", True, True)],
)
def test_the_first_firmware_with_a_channel(
    new_host: NewHost, number: int, release: str, raw: bool, service: bool
) -> None:
    host = new_host(number, release=release)
    assert host.raw("c05000001e004000").stalled is not raw
    assert host.raw("c005000000004000").stalled is not service


def test_a_raw_request_out_is_refused_by_old_firmware(new_host: NewHost) -> None:
    for release, stalls in (("1.5.2", True), ("2.0.0", False)):
        assert new_host(BORON, release=release).raw("405000002e010000").stalled is stalls


def test_raw_requests_are_not_subject_to_protection(new_protected: NewProtected) -> None:
    host = new_protected()
    assert host.raw("c05000001e004000").data == b"6.2.0"
    assert host.raw("c050000014004000").data == host.device.id.upper().encode()
    assert not host.raw("405000002e010000").stalled
    host.raw("4050000028000000")
    assert host.mode() is Mode.RESETTING


def test_work_that_was_cancelled_still_holds_up_the_next(host: Host) -> None:
    modem = host.device.network.modem
    assert modem
    modem.powered = False
    host.raw("c00100002a024000")  # ten seconds
    host.raw("c001000048004000")
    host.raw("c005000001004000")
    assert host.raw("c002000002004000").data.hex() == "010000000200"
    assert channel_of(host).active == 1
    host.settle()
    assert host.raw("c002000002004000").data.hex() == "09000000000000000000"


def test_what_was_to_follow_cancelled_work_follows_when_it_is_done() -> None:
    happened: list[str] = []
    outcome = Outcome(takes_ms=100, then=lambda: happened.append("then"))
    agenda = Agenda()
    channel = ControlChannel(agenda, Handler(lambda k, p: outcome, lambda k: None))
    channel.handle(Setup(0xC0, 1, 0, 7, 64), b"")
    channel.handle(Setup(0xC0, 5, 0, 0, 64), b"")
    assert (channel.active, happened) == (0, [])
    agenda.ring(agenda.pending[0])
    assert happened == ["then"]


@pytest.mark.parametrize(
    ("kind", "online", "automatic"),
    [(40, False, False), (41, False, False), (50, False, False), (60, False, False), (70, False, True)],
)
def test_some_requests_leave_the_cloud_as_soon_as_they_are_opened(
    host: Host, kind: int, online: bool, automatic: bool
) -> None:
    host.transfer(0xC0, 1, 4, kind, 64)  # with a payload that is still to come
    assert host.device.online is online
    assert host.device.connection.automatic is automatic


def test_a_request_to_listen_that_is_taken_back_leaves_the_device_on_its_way(host: Host) -> None:
    host.transfer(0xC0, 1, 4, 70, 64)
    assert not host.device.online
    host.transfer(0xC0, 5, 0, 0, 64)
    host.settle()
    assert host.device.online


def test_not_so_on_a_protected_device(new_protected: NewProtected) -> None:
    host = new_protected()
    host.transfer(0xC0, 1, 4, 50, 64)
    assert host.device.online


@pytest.mark.parametrize("kind", [0, 1, 30, 40, 72, 90, 100, 300, 500, 65535])
def test_what_a_protected_device_refuses(new_protected: NewProtected, kind: int) -> None:
    assert new_protected().request(kind) == (-1801, b"")


@pytest.mark.parametrize(("kind", "result"), [(76, 0), (77, 0), (20, 0), (10, -120)])
def test_what_a_protected_device_allows(new_protected: NewProtected, kind: int, result: int) -> None:
    assert new_protected().request(kind)[0] == result


@pytest.mark.parametrize("kind", [20, 90, 91, 250, 251, 554])
def test_slow_requests_are_pending_at_least_once(host: Host, kind: int) -> None:
    host.raw(f"c0010000{kind & 0xFF:02x}{kind >> 8:02x}4000")
    assert host.raw("c002000001004000").data.hex() == "010000000200"
