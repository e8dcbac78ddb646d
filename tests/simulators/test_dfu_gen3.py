"""The Gen 3 bootloaders' state machine: a recorded exchange, and each quirk by name."""

from __future__ import annotations

import hashlib

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import BORON, Host

from particle_cli.simulators.dfu.gen3 import ALLOWED, DfuGen3
from particle_cli.simulators.dfu.mode import DfuMode
from particle_cli.simulators.dfu.protocol import DfuRequest, DfuState
from particle_cli.simulators.firmware.boot import Mode

P2 = 32
DATA = bytes((7 * i + (i >> 8)) & 0xFF for i in range(3072))
IDLE, SYNC, BUSY, DONE, MANIFEST, ERROR = (
    "00 02 00",
    "00 03 00",
    "00 04 00",
    "00 05 00",
    "00 07 00",
    "0e 0a 00",
)

WORKED = [
    ("8006000200000400", "09022d00"),
    ("010b000000000000", ""),
    ("2101000000000500 4100400b00", ""),
    ("a103000000000600", "000000000400"),
    ("a103000000000600", "000000000500"),
    ("2101000000000500 2100400b00", ""),
    ("a103000000000600", "000000000400"),
    ("a103000000000600", "000000000500"),
    (f"210102000000000c {DATA.hex()}", ""),
    ("a103000000000600", "000000000400"),
    ("a103000000000600", "000000000500"),
    ("a103000000000600", "000000000500"),
    ("2106000000000000", ""),
    ("a103000000000600", "000000000200"),
    ("2101000000000500 2100400b00", ""),
    ("a103000000000600", "000000000400"),
    ("a103000000000600", "000000000500"),
    ("2106000000000000", ""),
    ("a103000000000600", "000000000200"),
    ("a10202000000000c", DATA.hex()),
    ("2106000000000000", ""),
    ("a103000000000600", "000000000200"),
    ("2101020000000000", ""),
    ("a103000000000600", "000000000700"),
]


def machine(host: Host) -> DfuGen3:
    assert host.device.usb is not None
    conversation = host.device.usb.conversation
    assert isinstance(conversation, DfuMode)
    assert isinstance(conversation.machine, DfuGen3)
    return conversation.machine


def test_the_worked_exchange_of_a_boron(dfu: Host) -> None:
    assert hashlib.sha256(DATA).hexdigest().startswith("4c8ce78fd1272ceb")
    for sent, expected in WORKED:
        setup, _, data = sent.partition(" ")
        answer = dfu.raw(setup, bytes.fromhex(data))
        assert not answer.stalled, sent
        assert answer.data.hex() == expected, sent
    assert [alarm.after_ms for alarm in dfu.device.agenda.pending] == [500]
    assert dfu.settle() is Mode.SAFE  # what was written is no application
    assert dfu.device.hardware.memory.read(0xB4000, 3072) == DATA


def test_more_exchanges(dfu: Host) -> None:
    assert dfu.raw("a102000000000004").data.hex() == "002141fafb"
    assert dfu.state() == DfuState.IDLE
    dfu.select(1)
    key = bytes(range(121))
    assert not dfu.raw("2101000000000500", bytes.fromhex("21220c0000")).stalled
    assert [dfu.status(), dfu.status()] == [BUSY, DONE]
    assert not dfu.raw("2101020000007900", key).stalled
    assert [dfu.status(), dfu.status()] == [BUSY, DONE]
    dfu.abort()
    assert dfu.raw("a102020000007900").data == key
    dfu.abort()
    dfu.select(0)
    dfu.command(0x21, 0x1000)
    dfu.abort()
    sizes = [
        len(dfu.raw(f"a102{block:02x}000000{size}").data)
        for block, size in ((2, "0010"), (3, "0010"), (4, "1007"))
    ]
    assert sizes == [4096, 4096, 1808]


def test_the_table_allows_what_the_specification_does() -> None:
    named = {request: {state.name for state in states} for request, states in ALLOWED.items()}
    assert named[DfuRequest.DNLOAD] == {"IDLE", "DNLOAD_IDLE"}
    assert named[DfuRequest.UPLOAD] == {"IDLE", "UPLOAD_IDLE"}
    assert named[DfuRequest.CLRSTATUS] == {"ERROR"}
    assert "MANIFEST_WAIT_RESET" not in named[DfuRequest.GETSTATUS] | named[DfuRequest.GETSTATE]
    assert named[DfuRequest.ABORT] == {"IDLE", "DNLOAD_SYNC", "DNLOAD_IDLE", "MANIFEST_SYNC", "UPLOAD_IDLE"}


def test_a_block_is_stored_by_the_download_and_executed_by_the_status(dfu: Host) -> None:
    dfu.write(0xB4000, b"\x00" * 8)
    dfu.download(0, b"\x41" + (0xB4000).to_bytes(4, "little"))
    assert dfu.state() == DfuState.DNLOAD_SYNC
    assert not dfu.device.hardware.memory.is_blank(0xB4000, 8)
    before = dfu.busy_ms
    assert dfu.status() == BUSY
    assert dfu.busy_ms - before == 85
    assert dfu.device.hardware.memory.is_blank(0xB4000, 4096)


def test_abort_drops_what_was_stored_and_keeps_the_pointer(dfu: Host) -> None:
    dfu.command(0x21, 0xB4000)
    dfu.download(2, b"\x00" * 8)
    dfu.abort()
    assert dfu.status() == IDLE
    before = dfu.device.hardware.memory.read(0xB4000, 8)
    assert dfu.upload(2, 8).data == before != bytes(8)
    assert machine(dfu).pointer == 0xB4000


def test_blocks_count_in_transfer_sizes_and_the_download_does_not_move_the_pointer(dfu: Host) -> None:
    for page in (0xB4000, 0xB5000, 0xB6000):
        dfu.command(0x41, page)
    dfu.command(0x21, 0xB4000)
    for block in (4, 2):
        dfu.download(block, bytes((block,)) * 16)
        assert [dfu.status(), dfu.status()] == [BUSY, DONE]
    memory = dfu.device.hardware.memory
    assert memory.read(0xB4000, 16) == b"\x02" * 16
    assert memory.read(0xB6000, 16) == b"\x04" * 16
    assert memory.is_blank(0xB5000, 4096)


def test_one_status_too_many_after_the_leave_cancels_the_reset(dfu: Host) -> None:
    dfu.download(2, b"")
    assert dfu.status() == MANIFEST
    assert dfu.device.agenda.pending
    assert dfu.status() == "stall"
    assert not dfu.device.agenda.pending
    assert dfu.status() == ERROR
    assert dfu.settle() is Mode.DFU
    dfu.clear()
    assert dfu.status() == IDLE


@pytest.mark.parametrize("request_code", [2, 4, 5, 6, 0])
def test_any_request_after_the_leave_cancels_the_reset(dfu: Host, request_code: int) -> None:
    dfu.download(2, b"")
    dfu.status()
    kind = 0xA1 if request_code in (2, 5) else 0x21
    assert dfu.transfer(kind, request_code, 0, data=1 if kind == 0xA1 else 0).stalled
    assert dfu.settle() is Mode.DFU


def test_clearing_the_status_when_there_is_no_error_is_an_error(dfu: Host) -> None:
    assert dfu.clear().stalled
    assert dfu.status() == ERROR
    assert not dfu.clear().stalled
    assert dfu.status() == IDLE


@pytest.mark.parametrize("length", [1, 6])
def test_mass_erase_is_not_for_this_target(dfu: Host, length: int) -> None:
    dfu.download(0, b"\x41" + bytes(length - 1))
    assert [dfu.status(), dfu.status()] == [BUSY, "stall"]
    assert dfu.status() == ("01 0a 00" if length == 1 else ERROR)


@pytest.mark.parametrize(
    ("command", "outcome"),
    [(b"\x21\x00", ERROR), (b"\x92", ERROR), (b"\x77", "0f 0a 00"), (b"\x21\x00\x00\x00\x00\x00", ERROR)],
)
def test_commands_that_make_no_sense(dfu: Host, command: bytes, outcome: str) -> None:
    dfu.download(0, command)
    assert [dfu.status(), dfu.status(), dfu.status()] == [BUSY, "stall", outcome]


def test_the_stall_may_come_at_once_instead(dfu: Host) -> None:
    machine(dfu).late_stall = False
    dfu.download(0, b"\x92")
    assert [dfu.status(), dfu.status()] == ["stall", ERROR]


def test_the_get_commands_command_hangs_in_busy(dfu: Host) -> None:
    dfu.download(0, b"\x00")
    assert [dfu.status(), dfu.status(), dfu.status()] == [BUSY, "stall", ERROR]


def test_block_1_is_not_used(dfu: Host) -> None:
    dfu.download(1, b"\x00")
    assert [dfu.status(), dfu.status(), dfu.status()] == [BUSY, "stall", "01 0a 00"]
    dfu.clear()
    assert dfu.upload(1, 16).stalled
    assert dfu.status() == ERROR


def test_the_pointer_is_not_checked_but_what_is_done_with_it_is(dfu: Host) -> None:
    assert dfu.command(0x21, 0x5000_0000) == [BUSY, DONE]
    dfu.download(2, b"\x00")
    assert [dfu.status(), dfu.status(), dfu.status()] == [BUSY, "stall", ERROR]
    dfu.clear()
    assert dfu.upload(2, 4).stalled
    assert dfu.status() == ERROR
    dfu.clear()
    assert dfu.command(0x41, 0x10_0000) == [BUSY, "stall"]


def test_the_master_boot_record_is_refused_and_the_bootloader_is_not(dfu: Host) -> None:
    assert dfu.command(0x41, 0x0000) == [BUSY, "stall"]
    dfu.clear()
    assert dfu.write(0x0FFC, b"\x00" * 8) == [BUSY, "stall"]
    dfu.clear()
    assert dfu.command(0x41, 0xF8000) == [BUSY, DONE]


def test_unaligned_addresses_erase_the_page_they_are_in(dfu: Host) -> None:
    assert dfu.command(0x41, 0xB4FFF) == [BUSY, DONE]
    assert dfu.device.hardware.memory.is_blank(0xB4000, 4096)


def test_a_new_application_header_erases_the_old_application(dfu: Host) -> None:
    memory = dfu.device.hardware.memory
    memory.replace(0xD4000, b"\x12" * 4096)
    header = memory.read(0xB4000, 128)
    dfu.command(0x41, 0xB4000)
    assert dfu.write(0xB4000, b"\x00" * 24) == [BUSY, DONE]
    assert not memory.is_blank(0xD4000, 4096)
    dfu.command(0x41, 0xB4000)
    assert dfu.write(0xB4000, header) == [BUSY, DONE]
    assert memory.is_blank(0xD4000, 4096)


def test_external_flash_starts_at_0x80000000(dfu: Host) -> None:
    dfu.select(2)
    assert dfu.command(0x41, 0x8020_0000) == [BUSY, DONE]
    assert dfu.write(0x8020_0000, b"factory") == [BUSY, DONE]
    dfu.abort()
    assert dfu.upload(2, 7).data == b"factory"
    dfu.abort()
    assert dfu.command(0x41, 0x20_0000) == [BUSY, "stall"]


def test_the_table_is_written_without_an_erase_and_read_beyond_its_end(dfu: Host) -> None:
    dfu.select(1)
    assert dfu.write(3106, b"first") == [BUSY, DONE]
    assert dfu.write(3106, b"again") == [BUSY, DONE]
    assert dfu.command(0x41, 0) == [BUSY, DONE]
    dfu.command(0x21, 3106)
    dfu.abort()
    assert dfu.upload(2, 5).data == b"again"
    dfu.abort()
    dfu.command(0x21, 8391 - 4)
    dfu.abort()
    assert len(dfu.upload(2, 100).data) == 100
    dfu.abort()
    dfu.command(0x21, 0x3FFF)
    dfu.abort()
    assert dfu.upload(2, 2).stalled


def test_detach_comes_back_in_dfu_mode(dfu: Host) -> None:
    assert not dfu.transfer(0x21, 0, 1000).stalled
    before = dfu.device.enumerations
    assert dfu.settle() is Mode.DFU
    assert dfu.device.enumerations == before + 1
    dfu.download(0, b"\x21\x00\x00\x00\x00")
    dfu.status()
    dfu.status()
    dfu.upload(2, 4)
    assert not dfu.device.agenda.pending


def test_safe_mode_is_asked_for_by_a_command(dfu: Host) -> None:
    dfu.download(0, b"\xfa")
    assert [dfu.status(), dfu.status()] == [BUSY, MANIFEST]
    assert dfu.settle() is Mode.SAFE
    assert dfu.device.verdict.reason == "safe mode was asked for"


@pytest.mark.parametrize(
    ("release", "commands"),
    [("6.2.0", "002141fafb"), ("6.1.1", "002141fa"), ("6.1.0", "002141"), ("4.1.0", "002141")],
)
def test_commands_by_bootloader_version(new_host: NewHost, release: str, commands: str) -> None:
    host = new_host(BORON, Mode.DFU, release=release)
    assert host.upload(0, 1024).data.hex() == commands
    host.download(0, b"\xfb\x00\x00\x00\x00")
    expected = DONE if "fb" in commands else "stall"
    assert [host.status(), host.status()] == [BUSY, expected]


def test_vendor_requests_stall_and_leave_the_state_alone(dfu: Host) -> None:
    dfu.command(0x21, 0xB4000)
    assert dfu.raw("c050000 01e004000".replace(" ", "")).stalled
    assert dfu.raw("c005000000004000").stalled
    assert dfu.status() == DONE


def test_a_request_that_is_none_is_an_error(dfu: Host) -> None:
    assert dfu.transfer(0x21, 9).stalled
    assert dfu.status() == ERROR
    assert dfu.transfer(0x21, 3, index=1).stalled  # another interface: not the bootloader's
    assert dfu.status() == ERROR


def test_more_than_a_transfer_size_is_refused(dfu: Host) -> None:
    assert dfu.download(2, bytes(4097)).stalled
    assert dfu.status() == ERROR


def test_rtl872x_has_the_same_logic_over_other_memories(new_host: NewHost) -> None:
    host = new_host(P2, Mode.DFU)
    assert host.command(0x41, 0x0860_0000 - 4096) == [BUSY, DONE]
    before = host.busy_ms
    assert host.write(0x085F_F000, bytes(4096)) == [BUSY, DONE]
    assert host.busy_ms - before == 8
    assert host.command(0x41, 0x0800_4000) == [BUSY, DONE]  # bootloaders included
    assert host.command(0x41, 0x0880_0000) == [BUSY, "stall"]
    host.clear()
    assert host.transfer(0x01, 11, 2).stalled  # no third memory
    host.download(2, b"")
    assert host.status() == MANIFEST
    assert host.settle() is Mode.DEAD
