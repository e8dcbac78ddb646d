"""The older bootloaders: Gen 2 and Core, each quirk by name."""

from __future__ import annotations

import pytest
from tests.simulators.conftest import NewHost
from tests.simulators.talk import Host

from particle_cli.simulators.firmware.boot import Mode

CORE, PHOTON, P1, ELECTRON = 0, 6, 8, 10
APPLICATION = 0x080A_0000
IDLE, SYNC, BUSY, DONE, ERROR = "00 02 00", "00 03 00", "00 04 00", "00 05 00", "0e 0a 00"


@pytest.fixture
def photon(new_host: NewHost) -> Host:
    return new_host(PHOTON, Mode.DFU)


@pytest.fixture
def core(new_host: NewHost) -> Host:
    return new_host(CORE, Mode.DFU)


def poll_ms(host: Host) -> int:
    return int.from_bytes(host.transfer(0xA1, 3, data=6).data[1:4], "little")


def test_write_read_back_and_leave(photon: Host) -> None:
    before = photon.busy_ms
    assert photon.command(0x41, APPLICATION) == [BUSY, DONE]
    assert photon.busy_ms - before == 1500
    assert photon.write(APPLICATION, b"\x12" * 4096) == [BUSY, DONE]
    photon.abort()
    assert photon.upload(2, 4096).data == b"\x12" * 4096
    photon.abort()
    photon.download(2, b"")
    assert photon.status() == DONE
    assert photon.state() == 7
    assert photon.settle() is Mode.SAFE


def test_after_the_work_the_state_is_sync_until_the_next_status(photon: Host) -> None:
    photon.download(0, b"\x21" + APPLICATION.to_bytes(4, "little"))
    assert photon.state() == 3
    assert photon.status() == BUSY
    assert photon.state() == 3
    assert photon.status() == DONE
    assert photon.state() == 5


def test_a_failed_write_shows_only_as_a_stall(photon: Host) -> None:
    photon.command(0x21, 0x0800_4000)
    photon.download(2, b"\x00" * 16)
    assert [photon.status(), photon.status(), photon.status()] == [BUSY, "stall", DONE]
    assert photon.device.hardware.memory.is_blank(0x0800_4000, 16)


def test_a_failed_erase_shows_only_as_a_stall(photon: Host) -> None:
    photon.download(0, b"\x41" + (0x0800_C000).to_bytes(4, "little"))
    assert [photon.status(), photon.status(), photon.status()] == [BUSY, "stall", DONE]


def test_the_bootloader_is_locked_though_the_map_says_otherwise(photon: Host) -> None:
    for address in (0x0800_0000, 0x0801_0000, 0x0801_FFFC):
        photon.command(0x21, address)
        photon.download(2, b"\x00\x00\x00\x00")
        assert [photon.status(), photon.status()] == [BUSY, "stall"]
        photon.abort()


def test_a_write_over_flash_that_is_not_erased_is_verified_and_fails(photon: Host) -> None:
    photon.command(0x41, APPLICATION)
    assert photon.write(APPLICATION, b"\x0f" * 16) == [BUSY, DONE]
    photon.download(2, b"\xf0" * 16)
    assert [photon.status(), photon.status()] == [BUSY, "stall"]


def test_an_unacceptable_request_stalls_and_changes_nothing(photon: Host) -> None:
    photon.command(0x21, APPLICATION)
    assert photon.upload(2, 16).stalled
    assert photon.status() == DONE
    assert photon.transfer(0x21, 9).stalled
    assert photon.transfer(0xA1, 1, 2, data=16).stalled  # a download that reads
    assert photon.status() == DONE


def test_clearing_the_status_without_an_error_is_taken_and_makes_one(photon: Host) -> None:
    assert not photon.clear().stalled
    assert photon.status() == ERROR
    assert not photon.abort().stalled
    assert photon.status() == ERROR
    photon.clear()
    assert photon.status() == IDLE


def test_block_1_leads_to_a_state_that_does_not_exist(photon: Host) -> None:
    assert photon.upload(1, 16).stalled
    assert photon.state() == 15
    photon.clear()
    photon.clear()
    assert photon.status() == IDLE


def test_erase_sets_the_pointer(photon: Host) -> None:
    photon.command(0x41, APPLICATION)
    photon.download(2, b"\x55" * 8)
    assert [photon.status(), photon.status()] == [BUSY, DONE]
    assert photon.device.hardware.memory.read(APPLICATION, 8) == b"\x55" * 8


def test_reads_outside_the_map_are_zeros(photon: Host) -> None:
    photon.command(0x21, 0x0810_0000 - 2)
    photon.abort()
    assert photon.upload(2, 6).data == b"\xff\xff" + bytes(4)
    photon.abort()
    photon.command(0x21, 0x0700_0000)
    photon.abort()
    assert photon.upload(2, 6).data == bytes(6)


@pytest.mark.parametrize(("length", "state"), [(0, 2), (3, 9), (1024, 2)])
def test_the_state_after_the_commands_depends_on_the_length(photon: Host, length: int, state: int) -> None:
    assert photon.upload(0, length).data == bytes((0x00, 0x21, 0x41))[:length]
    assert photon.state() == state


def test_nothing_stops_the_reset_after_the_leave(photon: Host) -> None:
    photon.download(2, b"")
    assert [photon.status(), photon.status(), photon.status()] == [DONE, DONE, DONE]
    photon.clear()
    assert photon.settle() is Mode.NORMAL


def test_poll_timeouts_of_the_table_are_swapped(photon: Host) -> None:
    photon.select(1)
    photon.download(0, b"\x41" + bytes(4))
    assert poll_ms(photon) == 500
    assert poll_ms(photon) == 0
    photon.download(0, b"\x21" + (34).to_bytes(4, "little"))
    assert poll_ms(photon) == 1
    photon.status()
    photon.download(2, b"key")
    assert poll_ms(photon) == 1
    photon.select(0)
    photon.status()
    photon.download(0, b"\x21" + APPLICATION.to_bytes(4, "little"))
    assert poll_ms(photon) == 0


def test_the_table_of_a_photon_needs_its_system_parts(photon: Host) -> None:
    photon.select(1)
    photon.command(0x21, 34)
    photon.abort()
    assert not photon.upload(2, 16).stalled
    photon.abort()
    photon.device.hardware.memory.flip(0x0802_0400)
    assert photon.upload(2, 16).stalled


def test_the_table_of_an_electron_does_not(new_host: NewHost) -> None:
    host = new_host(ELECTRON, Mode.DFU)
    host.device.hardware.memory.flip(0x0802_0400)
    host.select(1)
    assert host.write(3106, b"key") == [BUSY, DONE]
    host.abort()
    assert host.upload(2, 3).data == b"key"


def test_a_p1_has_serial_flash(new_host: NewHost) -> None:
    host = new_host(P1, Mode.DFU)
    host.select(2)
    assert host.command(0x41, 0x1000) == [BUSY, DONE]
    assert host.write(0x1000, b"sound") == [BUSY, DONE]
    host.abort()
    assert host.upload(2, 5).data == b"sound"


def test_detach_reconnects_in_dfu_mode(photon: Host) -> None:
    assert not photon.transfer(0x21, 0, 1000).stalled
    assert photon.settle() is Mode.DFU


def test_the_stall_may_come_at_once_instead(new_host: NewHost) -> None:
    host = new_host(PHOTON)
    host.device.late_stall = False
    host.device.press("both", 3)
    assert host.settle() is Mode.DFU
    host.download(0, b"\x41" + bytes(4))
    assert [host.status(), host.status()] == ["stall", DONE]


def test_a_core_counts_in_kilobytes_and_announces_its_work(core: Host) -> None:
    core.download(0, b"\x41" + (0x0800_6000).to_bytes(4, "little"))
    before = core.busy_ms
    assert poll_ms(core) == 50
    assert core.busy_ms - before == 30
    core.status()
    core.command(0x21, 0x0800_5C00)
    core.download(3, bytes(1024))
    assert [core.status(), core.status()] == [BUSY, DONE]
    assert core.device.hardware.memory.read(0x0800_6000, 1024) == bytes(1024)
    assert core.download(2, bytes(1025)).stalled


def test_on_a_core_the_address_selects_the_memory(core: Host) -> None:
    core.download(0, b"\x41" + (0x2000).to_bytes(4, "little"))
    assert poll_ms(core) == 20
    core.status()
    assert core.write(0x2000, b"key") == [BUSY, DONE]
    core.abort()
    assert core.upload(2, 3).data == b"key"
    core.abort()
    core.command(0x21, 0x0800_5000)
    core.abort()
    assert core.upload(2, 4).data == core.device.hardware.memory.read(0x0800_5000, 4)


def test_a_core_reports_no_failure_at_all(core: Host) -> None:
    assert core.command(0x41, 0x0800_0000) == [BUSY, DONE]
    assert core.write(0x0800_0000, bytes(4)) == [BUSY, DONE]
    assert core.device.hardware.memory.is_blank(0x0800_0000, 4)


def test_a_core_stalls_detach(core: Host) -> None:
    assert core.transfer(0x21, 0, 1000).stalled


def test_a_core_starts_what_was_written(core: Host) -> None:
    core.download(2, b"")
    assert core.status() == DONE
    assert core.settle() is Mode.NORMAL
    assert "digitalRead" in core.device.functions
